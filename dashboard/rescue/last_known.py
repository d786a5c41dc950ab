"""The last known position of a drift: typed, clicked on the map, or the picked hexagon."""

from __future__ import annotations

import streamlit as st

from dashboard import say
from dashboard.clicks import Click, HexClick, PlaceClick
from dashboard.language import _
from dashboard.rescue import plan, positions, settings, units
from dashboard.rescue.plan import Plan
from geo_data import grid
from geo_data.view import View
from layers import PLACES_BY_KIND

WAITING, TYPED, WRONG = "sar-waiting", "sar-lkp", "sar-lkp-wrong"
EXAMPLES = ("34.5, 12.75", "34°30.0'N 012°45.0'E")
FARTHEST_DEG = 80.0


def controls(made: Plan) -> None:
    """The position as text, and the two ways to take it from the map."""
    _position(made)
    picked = st.query_params.get("picked", "")
    cell = plan.cell_of(picked.removeprefix("hex:"), made.view.resolution) if picked.startswith(
        "hex:") else None  # fmt: skip
    waiting = bool(st.session_state.get(WAITING))
    st.button(
        _("Stop waiting for a click") if waiting else _("Set by a click on the map"),
        icon=":material/my_location:", on_click=_wait, args=(not waiting,), width="stretch",
    )  # fmt: skip
    if waiting:
        say.note(_("Click the position on the map; with the keyboard, move it to the middle of "
                  "the map and press Enter."))  # fmt: skip
    st.button(
        _("Start at the picked hexagon"), disabled=cell is None, on_click=_start, args=(cell,),
        width="stretch",
    )  # fmt: skip


def _position(made: Plan) -> None:
    """The position as text, in the notation that the planner has chosen."""
    lat, lon = float(made.values["lkp_lat"]), float(made.values["lkp_lon"])
    wrong = st.session_state.get(WRONG)
    if not wrong:
        st.session_state[TYPED] = units.of(made.values).position(lat, lon)
    st.text_input(
        _("Last known position"), key=TYPED, on_change=_read, max_chars=60,
        help=_("Latitude, then longitude, such as {decimal} or {minutes}.", decimal=EXAMPLES[0],
               minutes=EXAMPLES[1]),
    )  # fmt: skip
    if wrong:
        say.problem(
            _("{text} is no position between 80° S and 80° N, so the one before stays. Write it "
              "like {decimal} or {minutes}.",
              text=wrong, decimal=EXAMPLES[0], minutes=EXAMPLES[1])
        )  # fmt: skip


def _read() -> None:
    typed = str(st.session_state[TYPED])
    found = positions.read(typed)
    if found is None or abs(found[0]) > FARTHEST_DEG:
        st.session_state[WRONG] = typed or "?"
        return
    place(*found)


def place(lat_deg: float, lon_deg: float) -> None:
    """Put the last known position into the link."""
    st.session_state.pop(WRONG, None)
    settings.put("lkp_lat", f"{lat_deg:.5f}")
    settings.put("lkp_lon", f"{lon_deg:.5f}")


def clicked(view: View, click: Click | None) -> bool:
    """Whether a click was waited for as the last known position, and taken as it."""
    spot = _spot(view, click)
    if spot is None or not st.session_state.get(WAITING):
        return False
    st.session_state[WAITING] = False
    place(*spot)
    return True


def _spot(view: View, click: Click | None) -> tuple[float, float] | None:
    """Where a click fell: inside its hexagon, or on the place that it hit."""
    if isinstance(click, HexClick):
        return click.spot or (click.lat_deg, click.lon_deg)
    if isinstance(click, PlaceClick) and click.kind in PLACES_BY_KIND:
        table = view.places(click.kind)
        found = table[table["place_id"] == click.place_id][["lat_deg", "lon_deg"]].dropna()
        return None if found.empty else (float(found.iloc[0, 0]), float(found.iloc[0, 1]))
    return None


def forget_waiting() -> None:
    """In other steps a click is a click."""
    st.session_state.pop(WAITING, None)


def _wait(on: bool) -> None:
    st.session_state[WAITING] = on


def _start(cell: int) -> None:
    lat_deg, lon_deg = grid.centres_of([cell])
    place(float(lat_deg[0]), float(lon_deg[0]))
