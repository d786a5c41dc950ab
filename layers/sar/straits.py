"""Straits narrower than a hexagon, joined by hand: shares of water cannot show them open."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse

from geo_data import grid
from layers.sar import distance

TABLE = Path(__file__).with_name("reference") / "straits.csv"
LINE_TYPE = "strait"
ENDS = ("lat_deg", "lon_deg", "to_lat_deg", "to_lon_deg")
NEAR_KM = 10.0
"""An end belongs to the nearest open cell if that is no further away."""


@lru_cache(maxsize=1)
def listed() -> pd.DataFrame:
    """Straits and canals that we know, those that stay closed among them.

    Columns ``name``, ``lat_deg``, ``lon_deg``, ``to_lat_deg``, ``to_lon_deg``, ``way_km`` along
    the fairway, ``open`` (bool) and ``limits``. Positions and lengths are round figures of common
    knowledge, good to a kilometre or two.
    """
    return pd.read_csv(TABLE, true_values=["yes"], false_values=["no"])


def known(lines: pd.DataFrame | None = None) -> pd.DataFrame:
    """Straits to open: those of the list that are open, and those an operation adds.

    Parameters
    ----------
    lines : DataFrame, optional
        As the table ``lines`` of a release. Each of type ``strait`` opens the way between its two
        ends, as long as the line; so an operation that wants the Corinth Canal draws it.

    Returns
    -------
    DataFrame
        ``name``, ``lat_deg``, ``lon_deg``, ``to_lat_deg``, ``to_lon_deg``, ``way_km``.
    """
    table = listed()
    kept = table.loc[table["open"], ["name", *ENDS, "way_km"]]
    own = [] if lines is None else lines[lines["line_type"] == LINE_TYPE].to_dict("records")
    drawn = [strait for line in own for strait in _drawn(line)]
    return pd.DataFrame([*kept.to_dict("records"), *drawn], columns=kept.columns)


def _drawn(line: dict) -> list[dict]:
    """Each part of a line as a strait."""
    found = []
    for part in shapely.get_parts(shapely.from_wkb(line["geometry"])):
        corners = shapely.get_coordinates(part)
        lon_deg, lat_deg = corners.T
        legs_km = distance.distance_km(
            lat_deg=lat_deg[:-1], lon_deg=lon_deg[:-1], to_lat_deg=lat_deg[1:],
            to_lon_deg=lon_deg[1:],
        )  # fmt: skip
        ends = dict(zip(ENDS, (*corners[0, ::-1], *corners[-1, ::-1]), strict=True))
        found.append({"name": str(line["name"]), **ends, "way_km": float(legs_km.sum())})
    return found


def legs(
    cells: grid.Cells, hexagons: grid.Cells, narrows: pd.DataFrame
) -> list[tuple[int, int, float]]:
    """Nodes at both ends and kilometres of each strait that lies in the area.

    Parameters
    ----------
    cells : cells, ascending
        Those of the sea that boats can pass.
    hexagons : cells
        All of the area; a strait with an end outside is left out, like one without open water
        within 10 km of both ends.
    narrows : DataFrame
        As :func:`known` gives them.
    """
    if not len(cells):
        return []
    centres = dict(zip(("to_lat_deg", "to_lon_deg"), grid.centres_of(cells), strict=True))
    resolution, found = grid.resolution_of(cells), []
    for strait in narrows.to_dict("records"):
        lat_deg, lon_deg = ([strait[name] for name in ENDS[first::2]] for first in (0, 1))
        own = grid.cells_of(lat_deg=lat_deg, lon_deg=lon_deg, resolution=resolution)
        if not np.isin(own, hexagons).all():
            continue
        away_km = [
            distance.distance_km(lat_deg=lat, lon_deg=lon, **centres)
            for lat, lon in zip(lat_deg, lon_deg, strict=True)
        ]
        start, end = (int(np.argmin(away)) for away in away_km)
        off_km = away_km[0][start], away_km[1][end]
        if start != end and max(off_km) <= NEAR_KM:
            found.append((start, end, float(strait["way_km"] + sum(off_km))))
    return found


def joined(
    length_km: sparse.csr_array, part: NDArray[np.int32], more: list[tuple[int, int, float]]
) -> tuple[sparse.csr_array, NDArray[np.int32]]:
    """Legs and connected parts with some more legs; one that is there already stays as it is."""
    new = [leg for leg in more if length_km[leg[0], leg[1]] == 0]
    if not new:
        return length_km, part
    start, end, km = (np.array(column) for column in zip(*new, strict=True))
    both = np.concatenate([start, end]), np.concatenate([end, start])
    extra = sparse.coo_array((np.concatenate([km, km]), both), shape=length_km.shape).tocsr()
    part = part.copy()
    for here, there in zip(start, end, strict=True):
        part[part == part[there]] = part[here]
    return (length_km + extra).tocsr(), part
