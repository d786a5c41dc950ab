"""Which assets of the register can be counted on, and what stands in the way of the others."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.vocabulary import Medium
from geo_data.words import N_, Number, Phrase
from layers.sar import distance, roster
from layers.sar.network import Network

SNAP_KM = 15.0
FLEET = (
    "asset_id", "medium", "lat_deg", "lon_deg", "cell", "speed_km_h", "start_h", "reach_km",
    "way_h",
)  # fmt: skip
NUMBERS = ("lat_deg", "lon_deg", "speed_km_h", "endurance_h", "mobilise_h")
NOTES = ("asset_id", "problem", "advice", "used")
CORRECT = N_("Correct its position or its medium.")
OFF_DUTY = N_("nobody on call")


def radius_of_action_km(
    *,
    endurance_h: float,
    speed_km_h: float,
    reserve_h: float,
    on_scene_h: float,
) -> float:
    """How far an asset gets in still air or water if it has to come home.

    Half of the endurance not otherwise spent, times speed; 0 if nothing is left for the way.
    :func:`layers.sar.wind.radius_km` tells what a wind takes of it.

    >>> radius_of_action_km(endurance_h=4, speed_km_h=140, reserve_h=0.5, on_scene_h=0.5)
    210.0
    """
    way_h = max(0.0, endurance_h - reserve_h - on_scene_h)
    return way_h / 2 * speed_km_h


def usable(
    assets: pd.DataFrame,
    cells: grid.Cells,
    networks: dict[Medium, Network],
    *,
    reserve_h: float,
    on_scene_h: float,
    at: datetime | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assets that can be sent, and remarks on those that cannot or stand in an odd place.

    Parameters
    ----------
    at : datetime, optional
        UTC. Assets whose roster (``on_call``) does not cover it cannot be sent; None: any time.

    Returns
    -------
    fleet : DataFrame, sorted by ``asset_id``
        ``asset_id``, ``medium``, ``lat_deg``, ``lon_deg``, ``cell`` it starts from, ``speed_km_h``,
        ``start_h`` until it leaves that cell, ``reach_km`` from there and back, ``way_h`` for both.
    notes : DataFrame
        ``asset_id``, ``problem``, ``advice``, ``used``.
    """
    numbers = assets[list(NUMBERS)].apply(pd.to_numeric, errors="coerce")
    register = assets.assign(**numbers).rename(columns={"place_id": "asset_id"})
    register = register.sort_values("asset_id")
    fleet, notes = [], []
    for asset in register.to_dict("records"):
        problem, advice = _problem(asset, reserve_h + on_scene_h)
        if not problem and at is not None:
            problem, advice = _off_duty(asset, at)
        start, leg_km = None, 0.0
        if not problem:
            start, leg_km, problem, advice = _start(asset, cells, networks)
            reach_km = _radius_km(asset, reserve_h, on_scene_h) - leg_km
            if start is not None and reach_km < 0:
                start = None
                problem = Phrase("{problem}, beyond its radius of action", problem=problem)
        if problem:
            notes.append((asset["asset_id"], problem, advice, start is not None))
        if start is not None:
            start_h = asset["mobilise_h"] + leg_km / asset["speed_km_h"]
            way_h = 2 * reach_km / asset["speed_km_h"]
            fleet.append(
                {**asset, "cell": start, "start_h": start_h, "reach_km": reach_km, "way_h": way_h}
            )
    return pd.DataFrame(fleet, columns=list(FLEET)), _table(notes)


def _table(notes: list[tuple[str, str, str, bool]]) -> pd.DataFrame:
    """Remarks whose texts stay phrases, which an Arrow column would flatten."""
    made = pd.DataFrame(notes, columns=list(NOTES))
    said = {
        name: pd.Series([note[i] for note in notes], dtype=object)
        for i, name in ((1, "problem"), (2, "advice"))
    }
    return made.assign(**said)


def _radius_km(asset: dict, reserve_h: float, on_scene_h: float) -> float:
    return radius_of_action_km(
        endurance_h=asset["endurance_h"], speed_km_h=asset["speed_km_h"],
        reserve_h=reserve_h, on_scene_h=on_scene_h,
    )  # fmt: skip


def _problem(asset: dict, spent_h: float) -> tuple[str, str]:
    """What makes an asset useless and what to do, both empty if nothing does."""
    if asset["medium"] not in set(Medium):
        return (
            Phrase("medium {medium} is not known", medium=repr(asset["medium"])),
            Phrase("Use one of: {media}.", media=", ".join(Medium)),
        )
    if not (np.isfinite(asset["lat_deg"]) and np.isfinite(asset["lon_deg"])):
        return N_("position not known"), N_("Enter latitude and longitude in degrees.")
    if not asset["speed_km_h"] > 0:
        return (
            N_("speed not known or zero"),
            N_("Enter the speed it keeps on the way, in km/h."),
        )
    if not asset["mobilise_h"] >= 0:
        return (
            N_("mobilisation time not known"),
            N_("Enter the hours from the alarm until it leaves."),
        )
    if not asset["endurance_h"] > spent_h:
        return (
            Phrase(
                "endurance not above the {spent} h for reserve and scene", spent=Number(spent_h)
            ),
            N_("Correct the endurance, or plan with less reserve or time on scene."),
        )
    if pd.isna(asset["ready"]):
        return N_("readiness not known"), N_("Ask the owner; only ready assets are counted.")
    if not asset["ready"]:
        return N_("not ready"), N_("Mark it ready once it is.")
    return "", ""


def _off_duty(asset: dict, at: datetime) -> tuple[str, str]:
    """Whether nobody is on call, and when somebody is."""
    text = asset.get("on_call")
    watch = "" if text is None or pd.isna(text) else str(text)
    try:
        wait = roster.wait_h(watch, at)
    except WaypostError as problem:
        return str(problem), N_("Correct the roster; until then the asset is not counted.")
    if wait:
        said = Phrase(
            "nobody on call, the next watch begins in {hours} h", hours=Number(wait, ".1f")
        )
        return said, N_("Choose another time of day.")
    return "", ""


def _start(
    asset: dict, cells: grid.Cells, networks: dict[Medium, Network]
) -> tuple[int | None, float, str, str]:
    """Cell an asset starts from (None: it cannot), km to it, problem and advice."""
    lat_deg, lon_deg, medium = asset["lat_deg"], asset["lon_deg"], Medium(asset["medium"])
    resolution = grid.resolution_of(cells[:1])
    own = int(grid.cells_of(lat_deg=[lat_deg], lon_deg=[lon_deg], resolution=resolution)[0])
    if medium is Medium.AIR:
        return own, 0.0, "", ""
    if own not in cells:
        return None, 0.0, N_("outside the area"), N_("Correct its position or leave it out.")
    network = networks[medium]
    if network.find([own])[0] >= 0:
        return own, 0.0, "", ""
    problem = Phrase("stands on a hexagon closed to assets of the {medium}", medium=str(medium))
    if len(network.cells) == 0:
        return None, 0.0, Phrase("{problem}, and there is no other", problem=problem), CORRECT
    here_km = distance.on_earth(distance.normals(lat_deg=lat_deg, lon_deg=lon_deg))
    away_km = distance.between_km(here_km, network.centre_km)
    nearest = int(np.argmin(away_km))
    leg_km = float(away_km[nearest])
    if leg_km > SNAP_KM:
        said = Phrase(
            "{problem}, the nearest open one is {away} km away",
            problem=problem, away=Number(leg_km, ".0f"),
        )  # fmt: skip
        return None, leg_km, said, CORRECT
    starts = Phrase(
        "{problem}, starts from an open one {away} km away",
        problem=problem, away=Number(leg_km, ".1f"),
    )  # fmt: skip
    return (
        int(network.cells[nearest]),
        leg_km,
        starts,
        N_("Correct its position or accept the way."),
    )
