"""Whether values of two dates can be compared: what changed in the sources behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.words import N_, Number, Phrase

Account = Mapping[str, Any]
MOST_ROWS = 2.0
"""Times as many accepted rows, or as few, from which on a source covers something else."""
SAME_FILES = N_("the same files at both dates: no news")
DESCRIBED = {
    "owner": N_("'{title}' has another owner"),
    "coverage": N_("'{title}' speaks about other countries"),
    "job": N_("'{title}' is of another kind"),
    "note": N_("'{title}' is described differently"),
    "simulated": N_("'{title}' is simulated at one of the dates only"),
}


@dataclass(frozen=True)
class Origin:
    """What stands behind one quantity at one date.

    Attributes
    ----------
    sources : tuple of mapping
        Accounts of the sources that went into it.
    method : mapping
        ``rule`` and ``coarse`` of the manifest; empty if there is none.
    resolution : int
        Of the hexagons.
    """

    sources: tuple[Account, ...]
    method: Mapping[str, Any]
    resolution: int


def origin(view: View, quantity: Quantity) -> Origin:
    """What stands behind a quantity of the hexagons in a release."""
    method = view.manifest["methods"].get(quantity.column, {})
    return Origin(tuple(view.sources_of(quantity)), method, view.resolution)


def breaks(before: Origin, after: Origin) -> tuple[str, ...]:
    """Sentences on what makes the two dates not comparable; empty if nothing does."""
    if not before.sources or not after.sources:
        if not before.sources and not after.sources:
            return ()
        return (N_("no source then") if not before.sources else N_("no source now"),)
    found = [*_resolutions(before, after), *_others(before, after)]
    old = {account["source"]: account for account in before.sources}
    for account in after.sources:
        if account["source"] in old:
            found += _differences(old[account["source"]], account)
    if before.method.get("rule") != after.method.get("rule"):
        found.append(N_("values are chosen by another rule"))
    if set(before.method.get("coarse", ())) != set(after.method.get("coarse", ())):
        found.append(N_("a source is finer or coarser than before"))
    return tuple(found)


def same_files(before: Origin, after: Origin) -> bool:
    """Whether both dates were made from the very same bytes, so that nothing new was told."""
    return bool(before.sources) and _digests(before.sources) == _digests(after.sources) != set()


def _resolutions(before: Origin, after: Origin) -> list[str]:
    return [N_("hexagons of another size")] if before.resolution != after.resolution else []


def _others(before: Origin, after: Origin) -> list[str]:
    old, new = ({one["source"]: one["title"] for one in at.sources} for at in (before, after))
    gone, came = _titles(old, old.keys() - new), _titles(new, new.keys() - old)
    found: list[str] = []
    if gone:
        found.append(Phrase("source that is gone: {titles}", titles=gone))
    if came:
        found.append(Phrase("source that is new: {titles}", titles=came))
    return found


def _differences(old: Account, new: Account) -> list[str]:
    title = new["title"]
    found: list[str] = [
        Phrase(said, title=title) for name, said in DESCRIBED.items()
        if _plain(old.get(name)) != _plain(new.get(name))
    ]  # fmt: skip
    then, now = int(old.get("accepted") or 0), int(new.get("accepted") or 0)
    if min(then, now) * MOST_ROWS < max(then, now):
        found.append(Phrase("'{title}' had {then} rows and has {now}", title=title,
                            then=Number(then, ","), now=Number(now, ",")))  # fmt: skip
    return found


def _titles(titles: Mapping[str, str], keys: Iterable[str]) -> str:
    return "; ".join(titles[key] for key in titles if key in set(keys))


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value or None


def _digests(accounts: Iterable[Account]) -> set[str]:
    return {file["sha256"] for one in accounts for file in one.get("files") or ()}
