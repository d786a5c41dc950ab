"""A team's observations of areas: which places they are about, what stands, what is disputed.

This is the only door of the app to them, and it opens for views of the coordination cell alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard import access, markers
from dashboard.area import choose
from dashboard.area.choose import Area
from dashboard.language import _, word
from geo_data.assessments import history
from geo_data.assessments.history import Thread
from geo_data.assessments.journal import Journal
from geo_data.assessments.record import Observation, PlaceKind
from geo_data.view import View
from geo_data.vocabulary import RATING_LEVELS, Audience

Place = tuple[str, str]
INSIDE = 0.5
"""Share of an area that has to lie in a chosen one for its observations to be shown there."""
NEAR = 5


def may_see() -> bool:
    """Whether this deployment is the cell's."""
    return access.audience() is Audience.CELL


def journal(view: View) -> Journal:
    """Where observations are kept, as far as the audience of a view may know of them."""
    return Journal(access.settings().store, view.audience)


def records(view: View) -> list[Observation]:
    """All records of the operation of a view; none for anybody but the cell."""
    key = view.operation["key"]
    return [record for record in journal(view).records() if record.operation == key]


def threads(view: View, found: Sequence[Area] = ()) -> list[Thread]:
    """Observations inside some areas, the newest first; of the whole operation without any."""
    made = history.threads(records(view))
    if not found or not made:
        return made
    codes = {thread.newest.place for thread in made}
    wanted = {place for area in found for place in inside(view, area, codes)}
    return [thread for thread in made if thread.newest.place in wanted]


def inside(view: View, area: Area, codes: set[Place]) -> set[Place]:
    """Which of some places belong to an area: itself, areas mostly inside, crossings inside."""
    own = {(str(PlaceKind.AREA), name.removeprefix("code-")) for name in area.outlines}
    share = _shares(view, area, [code for kind, code in codes if kind == PlaceKind.AREA])
    units = {(str(PlaceKind.AREA), str(code)) for code in share[share >= INSIDE].index}
    return codes & (own | units | set(_crossings(view, area)))


def places(view: View, found: Sequence[Area]) -> dict[Place, str]:
    """Places that can be observed in some areas, by name: the areas themselves come first."""
    titles = names(view)
    wanted: list[Place] = []
    for area in found:
        wanted += [(str(PlaceKind.AREA), name.removeprefix("code-")) for name in area.outlines]
    for area in found:
        wanted += _crossings(view, area)
        share = _shares(view, area).sort_values(ascending=False, kind="stable")
        kept = share[(share >= INSIDE) | (np.arange(len(share)) < NEAR)]
        wanted += [(str(PlaceKind.AREA), str(code)) for code in kept.index]
    return {place: titles.get(place, place[1]) for place in dict.fromkeys(wanted)}


def names(view: View) -> dict[Place, str]:
    """Names of areas and crossings of a release."""
    units = choose.units(view)[["area_code", "name", "country"]]
    found = {
        (str(PlaceKind.AREA), str(row["area_code"])):
            f"{row['country'] or ''} {row['name'] or row['area_code']}".strip()
        for row in units.to_dict("records")
    }  # fmt: skip
    for row in view.places("crossings").to_dict("records"):
        name = markers.name_of(row) or str(row["place_id"])
        found[(str(PlaceKind.CROSSING), str(row["place_id"]))] = name
    return found


def _crossings(view: View, area: Area) -> list[Place]:
    table = view.places("crossings")
    here = table[table["cell"].isin(area.cells["cell"])].sort_values("name", kind="stable")
    return [(str(PlaceKind.CROSSING), str(code)) for code in here["place_id"]]


def _shares(view: View, area: Area, codes: list[str] | None = None) -> pd.Series:
    """Share of administrative areas that lies in a chosen one, by code, above 0."""
    parts = view.reference("area_cells")[["area_code", "cell", "fraction"]]
    known = choose.units(view)["area_code"] if codes is None else codes
    parts = parts[parts["area_code"].isin(known)]
    met = parts.merge(area.cells, on="cell", suffixes=("", "_here"))
    met = met.assign(both=np.minimum(met["fraction"], met["fraction_here"]))
    whole = parts.groupby("area_code")["fraction"].sum()
    share = met.groupby("area_code")["both"].sum() / whole.reindex(met["area_code"].unique())
    return share[share > 0]


# ---------------------------------------------------------------------- in words
def rated(record: Observation) -> str:
    """The rating with its step, or that it is not known."""
    level = RATING_LEVELS.get(record.rating)
    if record.withdrawn:
        return _("withdrawn")
    said = word(str(record.rating))
    return said if level is None else _("{level} of 5, {said}", level=level, said=said)


def confidence(record: Observation) -> str:
    """The confidence with its name."""
    return _("confidence: {level}", level=word(str(record.confidence)))


def state(thread: Thread) -> str:
    """Whether an observation stands."""
    if thread.conflict:
        return _("conflict")
    return _("withdrawn") if thread.withdrawn else _("stands")
