"""What the page hands over beside its map: the parameters in words, and its tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import shapely

from dashboard import language
from dashboard.handout.attached import Attached, frozen
from dashboard.language import _, number, word
from dashboard.rescue import (
    assets,
    drawings,
    drift_block,
    gap_areas,
    looked_block,
    next_block,
    reach_block,
    searched,
    settings,
    sites,
    tables,
    units,
)  # fmt: skip
from dashboard.rescue.plan import Plan
from dashboard.rescue.settings import Knob, Setting, Value
from geo_data.words import N_

FOR_PLANNING = N_("For planning, not for tasking.")
NOBODY_REPORTS = N_("Where nobody reports, nothing is known.")
KNOBS: dict[str, tuple[Knob, ...]] = {
    "assets": (*settings.REACH, *settings.GAP), "reach": settings.REACH,
    "looked": (*settings.LOOKED, *settings.SEARCH, *settings.PATTERN), "drift": settings.DRIFT,
    "demand": settings.DEMAND, "gap": (*settings.GAP, *settings.REACH, *settings.DEMAND),
    "next": (*settings.NEXT, *settings.GAP, *settings.REACH),
}  # fmt: skip
ONLY_IF = {
    "wind_kn": ("wind", "entered"), "wind_from": ("wind", "entered"),
    "d_wind_kn": ("field", "entered"), "d_wind_from": ("field", "entered"),
    "d_current_kn": ("field", "entered"), "d_current_to": ("field", "entered"),
    "outside": ("prior", "demand"),
}  # fmt: skip
"""Settings that count only while another one has a value."""
SILENT = ("drawn", "seconds", "lkp_lat", "lkp_lon")


def notes(made: Plan, step: str, advice: str) -> tuple[str, ...]:
    """That it is for planning, whether it is a what-if, every parameter with unit, the limits."""
    said = [_(FOR_PLANNING)]
    if assets.current():
        said.append(_("With edited assets: a what-if, not the situation."))
    said.append("; ".join(parameters(made, step)) + ".")
    limits = {"drift": drift_block.LIMITS, "demand": NOBODY_REPORTS}.get(step, advice)
    return (*said, _(limits))


def parameters(made: Plan, step: str) -> list[str]:
    """Each parameter that counts in a step, in words with its unit."""
    values = made.values
    told = [
        _("{label}: {value}", label=_(knob.label), value=in_words(knob, values[knob.key]))
        for knob in KNOBS[step]
        if knob.key not in SILENT and _counts(knob, made)
    ]
    if step != "drift":
        return told
    here = units.of(values).position(float(values["lkp_lat"]), float(values["lkp_lon"]))
    return [_("{label}: {value}", label=_("Last known position"), value=here), *told]


def in_words(knob: Knob, value: Value) -> str:
    """The value of a setting with its unit."""
    if not isinstance(knob, Setting):
        return _(knob.titles[str(value)])
    plain = number(float(value), 0 if float(value) == int(float(value)) else 2)
    unit = _(knob.unit) if knob.unit else ""
    return f"{plain} {unit}".strip()


def _counts(knob: Knob, made: Plan) -> bool:
    other, wanted = ONLY_IF.get(knob.key, ("", ""))
    return not other or made.values[other] == wanted


def attached(made: Plan, step: str) -> tuple[Attached, ...]:
    """Tables of a step, its own first; nothing that this audience may not see is in the plan."""
    own: dict[str, tuple[Callable[[Plan], Attached | None], ...]] = {
        "assets": (fleet, areas), "reach": (arrivals, fleet), "looked": (effort, pattern, fleet),
        "drift": (position,), "demand": (witnesses,), "gap": (areas, fleet),
        "next": (bases, areas, fleet),
    }  # fmt: skip
    found = (make(made) for make in own[step])
    return tuple(table for table in found if table is not None)


def areas(made: Plan) -> Attached | None:
    """Gap areas with the nearest asset, its time and the reason; outlines in files."""
    if made.blind or made.ranked.empty:
        return None
    found = gap_areas.areas(made)
    named = found["gap_area"].astype(str) + ". " + found["place"]
    people = found[["population_people", "displaced_people"]].sum(axis=1, min_count=1)
    shown = found.assign(people=people).rename(columns={"gap_area": "rank"})
    return _attached(
        made, "gap_areas", _("Gap areas"), found.assign(name=named),
        shown[["rank", "place", "lat_deg", "lon_deg", "area_km2", "people", "gap_share",
               "asset_id", "response_h", "reason"]], tuple(drawings.outlines_of(made)),
    )  # fmt: skip


def fleet(made: Plan) -> Attached | None:
    """Assets of the plan with their readiness and what stands in their way."""
    table = made.assets
    if table.empty:
        return None
    notes = made.reach.notes.drop_duplicates("asset_id").set_index("asset_id")["problem"]
    problem = [notes.get(one, "") for one in table["place_id"]]
    state = [_said_ready(ready, note) for ready, note in zip(table["ready"], problem, strict=True)]
    said = units.of(made.values)
    speed = [said.speed(value)[0] for value in table["speed_km_h"]]
    shown = table.assign(state=state, speed=speed, medium=[word(m) for m in table["medium"]])
    shown["name"] = shown["name"].fillna(shown["place_id"])
    return _attached(
        made, "assets_of_the_plan", _("Assets and their readiness"),
        table.drop(columns="cell").assign(remark=[str(one) for one in problem]),
        shown[["name", "medium", "lat_deg", "lon_deg", "speed", "endurance_h", "mobilise_h",
               "on_call", "state"]],
    )  # fmt: skip


def _said_ready(ready: object, note: str) -> str:
    known = ready is not None and not pd.isna(ready)
    state = (_("ready") if ready else _("not ready")) if known else _("unknown")
    said = word(note) if note else ""
    return state if not said or said == state else f"{state}: {said}"


def arrivals(made: Plan) -> Attached | None:
    """Hexagons and people by the time of the first arrival."""
    if made.blind:
        return None
    table = reach_block.arrivals(made)
    return _attached(made, "first_arrivals", _("First arrival"), table, table)


def effort(made: Plan) -> Attached | None:
    """Best use of the next hours by asset; in files with the outline of its hexagons."""
    found = searched.looked(made)
    cells = looked_block.next_cells(made, found)
    if cells.empty:
        return None
    table = looked_block.by_asset(cells)
    outline = {
        asset: shape.geometry
        for asset, shape in zip(
            _known(cells["asset_id"]).drop_duplicates(),
            drawings.effort(made, found),
            strict=True,
        )
    }
    shapes = tuple(outline[asset] for asset in _known(table["asset_id"]))
    return _attached(made, "next_search_hours", _("Next search hours"),
                     tables.named(made, table).assign(name=tables.named(made, table)["asset"]),
                     table, shapes)  # fmt: skip


def _known(assets: pd.Series) -> pd.Series:
    """Ids, empty where nobody arrives."""
    return assets.astype(object).where(assets.notna(), "")


def pattern(made: Plan) -> Attached | None:
    """Waypoints of the search pattern with course and time of each leg."""
    steers, _problem = looked_block.steered(made, searched.looked(made))
    if steers is None:
        return None
    numbered = steers.assign(name=[f"{n:03d}" for n in steers["waypoint"]])
    return _attached(made, "search_pattern", _("Search pattern"), numbered,
                     looked_block.legs(steers))  # fmt: skip


def position(made: Plan) -> Attached:
    """Last known position with the circle that holds it."""
    lat, lon, error = (float(made.values[name]) for name in ("lkp_lat", "lkp_lon", "lkp_sd"))
    table = pd.DataFrame({"name": ["last known position"], "lat_deg": lat, "lon_deg": lon,
                          "error_km": error})  # fmt: skip
    return _attached(made, "last_known_position", "", table, None, (shapely.Point(lon, lat),))


def witnesses(made: Plan) -> Attached | None:
    """What each witness of demand says."""
    if not made.need.weights:
        return None
    table = reach_block.witnesses(made)
    return _attached(made, "witnesses_of_demand", _("Who says where help is needed"), table, table)


def bases(made: Plan) -> Attached | None:
    """Chosen bases by what they add."""
    if made.blind or made.ranked.empty:
        return None
    asked = sites.question(made)
    answer = next_block.chosen(made, asked)
    if answer is None or not answer.sites:
        return None
    table = next_block.ranked(made, asked, answer)
    return _attached(made, "where_next", _("Where next"), table.assign(name=table["base"]), table)


def _attached(
    made: Plan, name: str, title: str, table: pd.DataFrame, shown: pd.DataFrame | None,
    shapes: tuple[shapely.Geometry, ...] = (),
) -> Attached:  # fmt: skip
    """A table for programs and, if it is shown, for people."""
    columns, rows = frozen(tables.named(made, table).assign(use="for planning, not for tasking"))
    printed_columns: tuple[str, ...] = ()
    printed_rows: tuple[tuple[str, ...], ...] = ()
    if shown is not None:
        printed_columns, plain = frozen(tables.readable(made, shown))
        printed_rows = tuple(tuple(map(printed, row)) for row in plain)
    return Attached(
        name=name, columns=columns, rows=rows, shapes=shapes, title=title,
        printed_columns=printed_columns, printed_rows=printed_rows,
    )  # fmt: skip


def printed(value: object) -> str:
    """A cell of a printed table.

    >>> printed(None), printed(1200.0), printed(0.25), printed(True)
    ('–', '1,200', '0.25', 'yes')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 1 else 2
        return number(value, digits)
    # Between letters of another direction, figures at the start of a name would change sides.
    return f"{language.ISOLATE}{value}{language.POP}" if language.right_to_left() else str(value)
