"""What a planner may turn: each with unit, default, source and limits, all of it in the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.language import _, listed, number
from geo_data.words import N_

Value = float | str
KEY = "sar-{}"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A number."""

    key: str
    label: str
    unit: str
    default: float
    low: float
    high: float
    step: float
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several words; the first is the default."""

    key: str
    label: str
    titles: Mapping[str, str]
    source: str = ""

    @property
    def default(self) -> str:
        """The first word."""
        return next(iter(self.titles))


Knob = Setting | Choice
PLANNER = N_("The planner's choice.")
IAMSAR = N_("USCG Addendum to the IAMSAR Manual, COMDTINST M16130.2F.")
HOURS = {"": N_("any time")} | {str(hour): f"{hour:02d}:00" for hour in range(24)}

REACH: tuple[Knob, ...] = (
    Choice(key="hour", label=N_("Time of day, UTC"), titles=HOURS,
           source=N_("Assets that nobody is on call for at this hour of today stay at base.")),
    Setting(key="alert", label=N_("Alert time"), unit="h", default=0.0, low=0, high=12, step=0.25,
            source=PLANNER),
    Setting(key="reserve", label=N_("Endurance kept in reserve"), unit="h", default=0.5, low=0,
            high=4, step=0.25, source=PLANNER),
    Setting(key="on_scene", label=N_("Time on scene kept in hand"), unit="h", default=0.5, low=0,
            high=4, step=0.25, source=PLANNER),
    Choice(key="wind", label=N_("Wind for aircraft"),
           titles={"calm": N_("calm"), "mean": N_("mean of the data"), "entered": N_("entered")},
           source=N_("Boats and vehicles: as their speed is entered.")),
    Setting(key="wind_kn", label=N_("Wind speed entered"), unit="kn", default=15, low=0, high=60,
            step=1, source=PLANNER),
    Setting(key="wind_from", label=N_("Wind from"), unit="°", default=0, low=0, high=350, step=10,
            source=PLANNER),
)  # fmt: skip
SEARCH: tuple[Knob, ...] = (
    Choice(key="sought", label=N_("Sought"), titles={
        "raft_10": N_("raft, 10 people"), "person": N_("person in the water"),
        "raft_4": N_("raft, 4 people"), "raft_25": N_("raft, 25 people"),
        "boat_5m": N_("boat, 5 m"), "boat_6m": N_("boat, 6 m"), "boat_10m": N_("boat, 10 m"),
        "boat_16m": N_("boat, 16 m"),
    }, source=IAMSAR),
    Choice(key="sensor", label=N_("Searcher"), titles={
        "vessel": N_("vessel"), "boat": N_("boat"), "helicopter": N_("helicopter"),
        "fixed_wing": N_("fixed wing"), "ground": N_("team on the ground"),
    }, source=IAMSAR),
    Setting(key="search_kn", label=N_("Search speed"), unit="kn", default=14, low=1, high=210,
            step=1, source=N_("Faster aircraft see less, after the same table.")),
    Setting(key="visibility", label=N_("Visibility"), unit="nm", default=10, low=1, high=20,
            step=1, source=IAMSAR),
    Setting(key="search_wind", label=N_("Wind at the scene"), unit="kn", default=10, low=0, high=60,
            step=1, source=IAMSAR),
    Setting(key="sea", label=N_("Waves"), unit="m", default=0.5, low=0, high=5, step=0.1,
            source=IAMSAR),
    Choice(key="tired", label=N_("Crews"),
           titles={"no": N_("rested"), "yes": N_("very tired (0.9)")}, source=IAMSAR),
    Setting(key="range_m", label=N_("On land: range of detection"), unit="m", default=100, low=5,
            high=2000, step=5, source=N_("Measure it on site; no value for desert is validated "
                                         "(Koester and others 2014).")),
)  # fmt: skip
LOOKED: tuple[Knob, ...] = (
    Choice(key="curve", label=N_("Detection curve"),
           titles={"random": N_("random (Koopman)"), "ideal": N_("ideal (inverse cube)")},
           source=N_("Random is the planning default; ideal needs perfectly parallel tracks.")),
    Choice(key="prior", label=N_("Where the object may be"),
           titles={"demand": N_("as demand is spread"), "drift": N_("as the drift ends")}),
    Setting(key="outside", label=N_("Chance that it is nowhere here"), unit="%", default=10, low=0,
            high=90, step=5, source=N_("Used with demand; the drift brings its own.")),
    Setting(key="effort", label=N_("Next search hours to place"), unit="h", default=24, low=1,
            high=500, step=1, source=PLANNER),
    Choice(key="drawn", label=N_("Drawn on top"), titles={
        "both": N_("search pattern and next hours"), "pattern": N_("search pattern"),
        "effort": N_("next hours by asset"), "none": N_("nothing"),
    }),
)  # fmt: skip
PATTERN: tuple[Knob, ...] = (
    Choice(key="pattern", label=N_("Search pattern"), titles={
        "parallel track": N_("parallel track"), "creeping line": N_("creeping line"),
        "expanding square": N_("expanding square"), "sector": N_("sector"),
    }, source=N_("IAMSAR Manual, volume II.")),
    Setting(key="pattern_nm", label=N_("Side of the area"), unit="nm", default=6, low=1, high=60,
            step=1, source=PLANNER),
    Setting(key="heading", label=N_("Heading"), unit="°", default=0, low=0, high=350, step=10,
            source=PLANNER),
)  # fmt: skip
DEMAND: tuple[Knob, ...] = (
    Setting(key="w_incidents", label=N_("Weight of recorded incidents"), unit="", default=1, low=0,
            high=1, step=0.1, source=PLANNER),
    Setting(key="w_flows", label=N_("Weight of people crossing"), unit="", default=0, low=0, high=1,
            step=0.1, source=N_("Mean per day of the last 30 days, spread 50 km around the post.")),
    Setting(key="w_exposed", label=N_("Weight of people exposed"), unit="", default=0, low=0,
            high=1, step=0.1,
            source=N_("Residents and displaced where floods reach 0.5 m or heat 40 °C.")),
    Setting(key="half_life", label=N_("An incident weighs half after"), unit=N_("years"), default=3,
            low=0.5, high=10, step=0.5, source=PLANNER),
)  # fmt: skip
GAP: tuple[Knob, ...] = (
    Setting(key="limit_h", label=N_("Help has to arrive within"), unit="h", default=6, low=1,
            high=48, step=0.5, source=N_("Anywhere, also where cold or heat set no limit.")),
    Choice(key="rule", label=N_("Sooner where survival is shorter"), titles={
        "hayward": N_("cold water (Hayward 1975)"), "short": N_("shortest expected survival"),
        "long": N_("longest expected survival"), "fixed": N_("no, the same everywhere"),
    }, source=N_("Water: bands of the US Search and Rescue Task Force; land: Adolph 1947. Without "
                 "a lifejacket drowning comes sooner.")),
    Setting(key="target", label=N_("Find with a probability of"), unit="%", default=50, low=0,
            high=95, step=5, source=N_("Search time for it counts against survival.")),
    Setting(key="search_km2", label=N_("Area that has to be searched"), unit="km²", default=0,
            low=0, high=1000, step=5, source=N_("0: the position is known.")),
    Setting(key="water", label=N_("Water at hand on land"), unit=N_("litres"), default=0, low=0,
            high=19, step=1, source=N_("Adolph 1947.")),
)  # fmt: skip
NEXT: tuple[Knob, ...] = (
    Choice(key="kind", label=N_("Asset to place"), titles={
        "helicopter": N_("helicopter"), "patrol boat": N_("patrol boat"),
        "rescue vessel": N_("rescue vessel"), "patrol aircraft": N_("patrol aircraft"),
        "desert ground team": N_("desert ground team"),
    }, source=N_("Speeds: 28 and 14 kn, 240 and 330 km/h, 45 km/h.")),
    Setting(key="p", label=N_("How many"), unit="", default=3, low=1, high=20, step=1),
    Choice(key="aim", label=N_("Aim"), titles={
        "most": N_("most demand in time (MCLP)"), "all": N_("all demand, fewest bases (LSCP)"),
        "near": N_("shortest way on average (p-median)"),
        "worst": N_("shortest longest way (p-center)"),
    }, source=N_("Church and ReVelle 1974; solved exactly.")),
    Setting(key="seconds", label=N_("Time for the exact answer"), unit="s", default=20, low=5,
            high=60, step=5),
)  # fmt: skip
DRIFT: tuple[Knob, ...] = (
    Setting(key="lkp_lat", label=N_("Last known position, latitude"), unit="°", default=34.0,
            low=-80, high=80, step=0.01),
    Setting(key="lkp_lon", label=N_("Last known position, longitude"), unit="°", default=13.0,
            low=-180, high=180, step=0.01),
    Setting(key="lkp_sd", label=N_("Error of the position"), unit="km", default=2, low=0, high=50,
            step=0.5, source=PLANNER),
    Setting(key="window", label=N_("Time of it uncertain by"), unit="h", default=0, low=0, high=24,
            step=1, source=PLANNER),
    Setting(key="hours", label=N_("Adrift for"), unit="h", default=24, low=1, high=120, step=1),
    Choice(key="object", label=N_("Object"), titles={
        "rubber boat, overloaded (mixture, not validated)":
            N_("rubber boat, overloaded (mixture, not validated)"),
        "PIW-1": N_("person in the water"), "PIW-6": N_("body"),
        "LIFE-RAFT-NB-1": N_("life raft without ballast"),
        "LIFE-RAFT-DB-18": N_("life raft, deep ballast, 15 to 50 people"),
        "SKIFF-2": N_("skiff, V-hull"), "SKIFF-3": N_("skiff, swamped or capsized"),
        "SPORT-BOAT": N_("sport boat"), "FISHING-VESSEL-1": N_("fishing vessel"),
        "REFUGEE-RAFT-1": N_("refugee raft without sail"),
        "REFUGEE-RAFT-2": N_("refugee raft with sail"),
    }, source=N_("Leeway: Allen and Plourde 1999.")),
    Choice(key="field", label=N_("Wind and current"),
           titles={"data": N_("of the data"), "entered": N_("entered")}),
    Setting(key="d_wind_kn", label=N_("Wind speed entered"), unit="kn", default=15, low=0, high=60,
            step=1),
    Setting(key="d_wind_from", label=N_("Wind from"), unit="°", default=0, low=0, high=350,
            step=10),
    Setting(key="d_current_kn", label=N_("Current entered"), unit="kn", default=0.3, low=0, high=6,
            step=0.1),
    Setting(key="d_current_to", label=N_("Current towards"), unit="°", default=90, low=0, high=350,
            step=10),
    Setting(key="wind_sd", label=N_("Error of the wind"), unit="m/s", default=1.5, low=0, high=10,
            step=0.5, source=PLANNER),
    Setting(key="current_sd", label=N_("Error of the current"), unit="m/s", default=0.1, low=0,
            high=1, step=0.05, source=PLANNER),
)  # fmt: skip
UNITS: tuple[Knob, ...] = (
    Choice(key="units", label=N_("Distances"),
           titles={"km": N_("kilometres"), "nm": N_("nautical miles")}),
    Choice(key="degrees", label=N_("Positions"),
           titles={"decimal": N_("decimal degrees"), "minutes": N_("degrees and minutes")}),
)  # fmt: skip
ALL: tuple[Knob, ...] = (
    *REACH, *SEARCH, *LOOKED, *PATTERN, *DEMAND, *GAP, *NEXT, *DRIFT, *UNITS,
)  # fmt: skip


def read(query: Mapping[str, str]) -> dict[str, Value]:
    """All values as a link has them; nonsense and what lies beyond the limits is the default.

    >>> read({"limit_h": "12", "alert": "-5", "rule": "x"})["limit_h"]
    12.0
    """
    return {knob.key: _value(knob, query.get(knob.key, "")) for knob in ALL}


def show(knobs: tuple[Knob, ...], values: Mapping[str, Value]) -> None:
    """Controls for some of them; a change goes into the link."""
    for knob in knobs:
        key = KEY.format(knob.key)
        st.session_state[key] = _shown(knob, values[knob.key])
        if isinstance(knob, Choice):
            titles = {word: _(title) if title else "" for word, title in knob.titles.items()}
            st.selectbox(
                _(knob.label), list(titles), format_func=titles.__getitem__, key=key,
                on_change=_to_link, args=(knob,), help=_(knob.source) if knob.source else None,
            )  # fmt: skip
        else:
            _number(knob, key)


def _number(knob: Setting, key: str) -> None:
    unit = _(knob.unit) if knob.unit else ""
    label = _(knob.label)
    limits = _(
        "Default {default}, from {low} to {high}.", default=_short(knob.default),
        low=_short(knob.low), high=_short(knob.high),
    )  # fmt: skip
    said = " ".join([_(knob.source), limits]) if knob.source else limits
    whole = knob.step % 1 == 0 and knob.default % 1 == 0 and knob.low % 1 == 0
    kind = int if whole else float
    ends = (kind(knob.low), kind(knob.high))
    draw = st.number_input if (knob.high - knob.low) / knob.step > 300 else st.slider
    draw(
        listed([label, unit]) if unit else label, *ends, step=kind(knob.step), key=key,
        on_change=_to_link, args=(knob,), help=said,
    )  # fmt: skip


def _to_link(knob: Knob) -> None:
    value = st.session_state[KEY.format(knob.key)]
    put(knob.key, str(value), default=value == knob.default)


def put(key: str, value: str, *, default: bool = False) -> None:
    """Write one parameter into the link, or take it out."""
    if not default:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def _value(knob: Knob, text: str) -> Value:
    if isinstance(knob, Choice):
        return text if text in knob.titles else knob.default
    try:
        found = float(text)
    except ValueError:
        return float(knob.default)
    return found if knob.low <= found <= knob.high else float(knob.default)


def _shown(knob: Knob, value: Value) -> Value:
    if isinstance(knob, Choice):
        return value
    whole = knob.step % 1 == 0 and knob.default % 1 == 0 and knob.low % 1 == 0
    return int(value) if whole else float(value)


def _short(value: float) -> str:
    return number(value, 0 if value == int(value) else 2)
