"""The fleet of a plan: the register of the release, and what the planner changed in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import linked, say
from dashboard.rescue import settings
from dashboard.rescue.plan import Hashed
from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.view import View
from layers.sar import edits
from layers.sar.edits import Edits

NUMBERS = ("lat_deg", "lon_deg", "speed_km_h", "endurance_h", "mobilise_h")
TEXTS = ("place_id", "name", "medium", "asset_type", "organisation", "on_call", "sensor")
COLUMNS = (
    "place_id", "name", "medium", "asset_type", "lat_deg", "lon_deg", "speed_km_h", "endurance_h",
    "mobilise_h", "ready", "on_call", "sensor", "organisation",
)  # fmt: skip
LINK, AGAINST, RELEASE = "edits", "plan_against", "release"
UNDO, SAVED, LONG, EDITION = "sar-undo", "sar-saved", "sar-long", "sar-edition"


def stored(view: View) -> pd.DataFrame:
    """The register of the release, as a planner edits it; empty for those who may not see it."""
    return typed(view.places("assets").reindex(columns=list(COLUMNS)).reset_index(drop=True))


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers, and None where nothing is known."""
    made = table.assign(**{name: pd.to_numeric(table[name], errors="coerce") for name in NUMBERS})
    plain = {name: made[name].astype(object).where(made[name].notna(), None) for name in TEXTS}
    ready = [None if value is None or value != value else bool(value) for value in made["ready"]]
    return made.assign(**plain, ready=pd.Series(ready, index=made.index, dtype="boolean"))


def located(table: pd.DataFrame, resolution: int) -> tuple[Hashed, int]:
    """Assets with their cell; rows without medium or position are left out and counted."""
    placed = typed(table).dropna(subset=["lat_deg", "lon_deg", "medium"])
    placed = placed[placed["lat_deg"].abs().le(90) & placed["lon_deg"].abs().le(180)]
    cells = grid.cells_of(
        lat_deg=placed["lat_deg"], lon_deg=placed["lon_deg"], resolution=resolution
    )
    made = placed.assign(cell=np.asarray(cells, np.int64)).drop_duplicates("place_id")
    return Hashed(made.reset_index(drop=True)), len(table) - len(made)


def current() -> Edits:
    """The changes that the link holds; says so if they cannot be read."""
    return _read(st.query_params.get(LINK, ""))


def compared(view: View) -> Hashed | None:
    """The fleet that this plan is compared to; None: no comparison."""
    asked = st.query_params.get(AGAINST, "")
    if not asked:
        return None
    other = Edits() if asked == RELEASE else _read(asked)
    return located(edits.applied(stored(view), other), view.resolution)[0]


def change(made: Edits, *, against: str | None = None) -> None:
    """Put changes into the link, and what was there before on the pile for undoing.

    Parameters
    ----------
    against : str, optional
        What the plan is compared to from now on; None: as before. The register against itself
        is no comparison.
    """
    before, compared_to = _link(LINK), _link(AGAINST)
    text = linked.short(edits.to_text(made), LONG)
    wanted = compared_to if against is None else against
    wanted = "" if not text and wanted == RELEASE else wanted
    if (text, wanted) == (before, compared_to):
        return
    st.session_state.setdefault(UNDO, []).append(Step(before, compared_to, wanted))
    _put(text, wanted)


def undo() -> None:
    """Back to before the last change; a comparison chosen since then stays."""
    pile: list[Step] = st.session_state.get(UNDO, [])
    if pile:
        last, now = pile.pop(), _link(AGAINST)
        _put(last.edits, last.against if now == last.set_to else now)


def without(view: View, place_id: str) -> None:
    """What if this asset were lost: it is not ready, and the plan is compared to the release."""
    change(edits.without(stored(view), current(), place_id), against=RELEASE)


def save(name: str) -> None:
    """Keep the changes under a name, in this session."""
    st.session_state.setdefault(SAVED, {})[name] = edits.to_text(current())


def saved() -> dict[str, str]:
    """Saved scenarios: changes as whole text, by name."""
    return dict(st.session_state.get(SAVED, {}))


def as_linked(text: str) -> str:
    """Changes as they stand in the link: long ones by a name that only this session knows."""
    return linked.short(text, LONG)


@dataclass(frozen=True)
class Step:
    """What stood in the link before a change, and what the change compared to."""

    edits: str
    against: str
    set_to: str


def _link(name: str) -> str:
    return str(st.query_params.get(name, ""))


def _put(text: str, against: str) -> None:
    settings.put(LINK, text, default=not text)
    settings.put(AGAINST, against, default=not against)
    st.session_state[EDITION] = st.session_state.get(EDITION, 0) + 1


def _read(text: str) -> Edits:
    try:
        return edits.from_text(linked.whole(text, LONG))
    except WaypostError as problem:
        say.warning(str(problem))
        return Edits()
