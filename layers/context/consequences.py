"""What edits do to tables: pure functions from tables to tables; what is unknown stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import grid
from geo_data.quantities import (
    ARRIVALS,
    DISPLACED,
    FLOOD_DEPTH,
    HEALTH,
    LAND,
    POPULATION,
    SERVICES,
    SITES,
    Quantity,
)
from geo_data.vocabulary import Sector, SiteStatus
from geo_data.words import Number, Phrase
from layers.context.scenario import Arrivals, Crossing, Edit, Flood, ServiceLost, Site

EDITED: tuple[Quantity, ...] = (DISPLACED, SERVICES, HEALTH, SITES)
"""Columns of the hexagons that edits change; all are sums, and change by whole numbers."""
WHOLE = 1 - 1e-9
READ: tuple[Quantity, ...] = (*EDITED, POPULATION, FLOOD_DEPTH, LAND)


@dataclass(frozen=True, eq=False)
class Tables:
    """What edits work on.

    Attributes
    ----------
    hexagons : DataFrame
        ``cell`` (ascending) and the columns of ``READ``, null where not known;
        ``arrivals_people``, 0 before any edit.
    places : mapping of str to DataFrame
        ``crossings``, ``services``, ``sites`` with ``place_id`` and ``cell``. Of services that the
        hexagons do not count, ``counted`` is false.
    area_cells : DataFrame
        ``area_code``, ``cell``, ``fraction``.
    flooded, blocked : int64 arrays
        Cells under water, and those that nobody passes.
    remarks : tuple of str
        What could not be done as asked, and what was taken to be.
    """

    hexagons: pd.DataFrame
    places: Mapping[str, pd.DataFrame]
    area_cells: pd.DataFrame
    flooded: NDArray[np.int64]
    blocked: NDArray[np.int64]
    remarks: tuple[str, ...] = ()

    def saying(self, said: str) -> Tables:
        """The same with one more remark."""
        return replace(self, remarks=(*self.remarks, said))


def tables(
    hexagons: pd.DataFrame, places: Mapping[str, pd.DataFrame], area_cells: pd.DataFrame
) -> Tables:
    """Tables as they are before any edit."""
    values = {one.column: _floats(hexagons, one.column) for one in READ}
    plain = pd.DataFrame({"cell": hexagons["cell"].to_numpy(np.int64), **values})
    nothing = np.empty(0, np.int64)
    return Tables(plain.assign(**{ARRIVALS.column: 0.0}), dict(places), area_cells, nothing,
                  nothing)  # fmt: skip


def applied(before: Tables, edits: Sequence[Edit]) -> Tables:
    """Tables after all edits, one after the other; without edits, the same tables."""
    after = before
    for edit in edits:
        after = _APPLY[type(edit)](after, edit)
    return after


def added(before: Tables, after: Tables) -> dict[str, NDArray[np.float64]]:
    """Whole numbers by which edits change the hexagons, by column; those that stay are left out."""
    found = {}
    for column in (one.column for one in EDITED):
        apart = np.rint(np.nan_to_num(_floats(after.hexagons, column)
                                      - _floats(before.hexagons, column)))  # fmt: skip
        if apart.any():
            found[column] = apart
    return found


def whole_people(people: int, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """People dealt out by weight as whole persons, none lost (largest remainder).

    >>> whole_people(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4.0, 3.0, 3.0]
    """
    exact = people * (weight / weight.sum())
    dealt = np.floor(exact)
    left = int(round(people - dealt.sum()))
    order = np.argsort(dealt - exact, kind="stable")
    dealt[order[:left]] += 1
    return dealt


def _flood(before: Tables, edit: Flood) -> Tables:
    depth = _floats(before.hexagons, FLOOD_DEPTH.column)
    cells = before.hexagons["cell"].to_numpy(np.int64)
    if np.isnan(depth).all():
        return before.saying(
            Phrase("This release has no depth of floods: the flood is left out of the what-if.")
        )
    wet, dim = cells[depth >= edit.depth_m], cells[np.isnan(depth)]
    after = replace(before, flooded=np.union1d(before.flooded, wet))
    if edit.ways:
        after = replace(after, blocked=np.union1d(after.blocked, wet))
    services, crossings = (before.places[kind] for kind in ("services", "crossings"))
    unclear = sum(int((one["cell"].isin(dim) | ~one["cell"].isin(cells)).sum())
                  for one in (services, crossings))  # fmt: skip
    after = _without(after, services["cell"].isin(wet).to_numpy(bool))
    after = _with_status(after, "crossings", crossings["cell"].isin(wet), "closed")
    if not unclear:
        return after
    return after.saying(Phrase(
        "Services and crossings where the depth of the flood is not known: {n}. They stay as they "
        "are.", n=Number(unclear),
    ))  # fmt: skip


def _crossing(before: Tables, edit: Crossing) -> Tables:
    return _one(before, "crossings", edit.place, edit.status)


def _site(before: Tables, edit: Site) -> Tables:
    after = _one(before, "sites", edit.place, edit.status)
    cells = before.hexagons["cell"].to_numpy(np.int64)
    now, then = (_counted(cells, _in_use(one.places["sites"])) for one in (after, before))
    counted = _floats(before.hexagons, SITES.column) + now - then
    return replace(after, hexagons=before.hexagons.assign(**{SITES.column: counted}))


def _one(before: Tables, kind: str, place: str, status: str) -> Tables:
    chosen = before.places[kind]["place_id"] == place
    return _with_status(before, kind, chosen, status) if chosen.any() else _missing(before, place)


def _service_lost(before: Tables, edit: ServiceLost) -> Tables:
    services = before.places["services"]
    chosen = services["place_id"] == edit.place
    if not chosen.any():
        return _missing(before, edit.place)
    return _without(before, chosen.to_numpy(bool))


def _arrivals(before: Tables, edit: Arrivals) -> Tables:
    place, inside = _around(before, edit)
    if not len(place):
        return _missing(before, edit.crossing or edit.area)
    known = ~np.isnan(_floats(before.hexagons, DISPLACED.column)[place])
    if not known.any():
        return before.saying(Phrase(
            "Arrivals of {n} people are left out: how many displaced people are there is not "
            "known, so no total would be.", n=Number(edit.people),
        ))  # fmt: skip
    weight = np.where(known, np.nan_to_num(_weight(before, edit, place)) * inside, 0.0)
    after = before
    if not weight.sum() > 0:
        weight = np.where(known, inside, 0.0)
        after = before.saying(Phrase(
            "Nobody is known where {n} people arrive: they are spread evenly.",
            n=Number(edit.people),
        ))  # fmt: skip
    more = np.zeros(len(before.hexagons))
    more[place] = whole_people(edit.people, weight)
    columns = {name: before.hexagons[name] + more for name in (DISPLACED.column, ARRIVALS.column)}
    return replace(after, hexagons=before.hexagons.assign(**columns))


def _around(before: Tables, edit: Arrivals) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of the hexagons where people arrive, and the share of each that counts."""
    cells = before.hexagons["cell"].to_numpy(np.int64)
    if edit.area:
        own = before.area_cells[before.area_cells["area_code"] == edit.area]
        if (own["fraction"] > WHOLE).any():
            # Of those dealt to the edge a part would count as outside the area they arrive in.
            own = own[own["fraction"] > WHOLE]
        wanted, inside = own["cell"].to_numpy(np.int64), own["fraction"].to_numpy(np.float64)
    else:
        crossings = before.places["crossings"]
        at = crossings.loc[crossings["place_id"] == edit.crossing, ["lat_deg", "lon_deg"]].head(1)
        start = grid.cells_of(lat_deg=at["lat_deg"], lon_deg=at["lon_deg"],
                              resolution=grid.resolution_of(cells))  # fmt: skip
        wanted = grid.disks(start, edit.rings)[1] if len(at) else np.empty(0, np.int64)
        inside = np.ones(len(wanted))
    place = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    held = (cells[place] == wanted) & (inside > 0)
    return place[held], inside[held]


def _weight(before: Tables, edit: Arrivals, place: NDArray[np.int64]) -> NDArray[np.float64]:
    if edit.spread == "even":
        land = _floats(before.hexagons, LAND.column)[place]
        return np.where(np.isnan(land), 1.0, land)
    column = DISPLACED.column if edit.spread == "displaced" else POPULATION.column
    return _floats(before.hexagons, column)[place]


def _with_status(before: Tables, kind: str, chosen: pd.Series, status: str) -> Tables:
    table = before.places[kind]
    kept = table["status"].where(~chosen.to_numpy(bool), status)
    return replace(before, places={**before.places, kind: table.assign(status=kept)})


def _without(before: Tables, chosen: NDArray[np.bool_]) -> Tables:
    """Service points taken away, with what other registers say of the same points."""
    table = before.places["services"]
    root = table["duplicate_of"].where(table["duplicate_of"].notna(), table["place_id"])
    gone = root.isin(set(root[chosen])).to_numpy(bool)
    lost = table[gone & table["duplicate_of"].isna().to_numpy(bool)]
    if "counted" in lost:
        lost = lost[lost["counted"].to_numpy(bool)]
    health = lost[(lost["sector"] == Sector.HEALTH).to_numpy(bool)]
    cells = before.hexagons["cell"].to_numpy(np.int64)
    columns = {
        one.column: np.maximum(_floats(before.hexagons, one.column) - _counted(cells, rows), 0.0)
        for one, rows in ((SERVICES, lost), (HEALTH, health))
    }
    return replace(before, hexagons=before.hexagons.assign(**columns),
                   places={**before.places, "services": table[~gone]})  # fmt: skip


def _counted(cells: NDArray[np.int64], places: pd.DataFrame) -> NDArray[np.int64]:
    at = places["cell"].to_numpy(np.int64)
    place = np.minimum(np.searchsorted(cells, at), len(cells) - 1)
    return np.bincount(place[cells[place] == at], minlength=len(cells))


def _in_use(sites: pd.DataFrame) -> pd.DataFrame:
    return sites[(sites["status"] != SiteStatus.CLOSED).to_numpy(bool)]


def _missing(before: Tables, code: str) -> Tables:
    return before.saying(Phrase(
        "This release does not have '{code}', or this audience may not see it: the edit is left "
        "out.", code=code,
    ))  # fmt: skip


def _floats(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in table:
        return np.full(len(table), np.nan)
    return table[column].to_numpy(np.float64, na_value=np.nan)


_APPLY: dict[type, Callable[[Tables, Any], Tables]] = {
    Flood: _flood, Crossing: _crossing, Site: _site, ServiceLost: _service_lost,
    Arrivals: _arrivals,
}  # fmt: skip
