"""Search tracks as fixes with the sweep width that holds at each of them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import shapely

from geo_data import grid
from geo_data.words import N_
from layers.sar import sweep
from layers.sar.sweep import Conditions, Contrast

GROUND = "ground"
FROM_REGISTER, FROM_NAME = N_("the register"), N_("a guess from the name")
AS_CHOSEN = N_("chosen above")
# What a searcher is called to the table of widths that it searches by, the first that fits.
CALLED = (
    ("ground", GROUND), ("team", GROUND), ("helicopter", "helicopter"), ("aircraft", "fixed_wing"),
    ("plane", "fixed_wing"), ("merchant", "merchant"), ("boat", "boat"), ("vessel", "vessel"),
    ("ship", "vessel"),
)  # fmt: skip


def fixes_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Corners of lines as fixes without a time.

    Parameters
    ----------
    lines : DataFrame
        ``line_id``, ``name``, ``geometry`` as WKB.

    Returns
    -------
    DataFrame
        ``track_id``, ``name``, ``lat_deg``, ``lon_deg``.
    """
    corners, owner = shapely.get_coordinates(
        shapely.from_wkb(lines["geometry"].to_numpy()), return_index=True
    )
    whose = lines.iloc[owner]
    return pd.DataFrame(
        {
            "track_id": whose["line_id"].astype(str).to_numpy(),
            "name": whose["name"].astype(str).to_numpy(),
            "lat_deg": corners[:, 1],
            "lon_deg": corners[:, 0],
        }
    )


def searcher_of(name: str, otherwise: str) -> str:
    """Sensor of a track by what its searcher is called.

    >>> searcher_of("Search by patrol aircraft 21", "vessel"), searcher_of("Alpha 1", "vessel")
    ('fixed_wing', 'vessel')
    """
    words = name.lower()
    return next((sensor for word, sensor in CALLED if word in words), otherwise)


def searchers(names: pd.Series, assets: pd.DataFrame, otherwise: str) -> pd.DataFrame:
    """Sensor of each track, and how we know it.

    Parameters
    ----------
    names : Series of str, indexed by track_id
    assets : DataFrame
        ``place_id``, ``name``, ``sensor``, as the table ``assets`` of a release. A track belongs to
        an asset if its name holds the asset's id, its name, or its name up to the first comma, in
        whole words; of several the longest, of as long ones with different sensors none.
    otherwise : str
        Sensor where nothing tells.

    Returns
    -------
    DataFrame, indexed like names
        ``sensor`` and ``sensor_from``.
    """
    called = _called(assets)
    rows = []
    for name in names.astype(str):
        if sensor := _of_register(name.casefold(), called):
            rows.append((sensor, FROM_REGISTER))
        elif guessed := searcher_of(name, ""):
            rows.append((guessed, FROM_NAME))
        else:
            rows.append((otherwise, AS_CHOSEN))
    return pd.DataFrame(rows, index=names.index, columns=["sensor", "sensor_from"])


def _called(assets: pd.DataFrame) -> list[tuple[str, str]]:
    """What assets with a known sensor may be called, the longest first, and that sensor."""
    told = assets.dropna(subset=["sensor"])
    pairs = set()
    for place_id, name, sensor in zip(
        told["place_id"], told["name"].fillna(""), told["sensor"], strict=True
    ):
        for form in (str(place_id), str(name), str(name).split(",")[0]):
            if form.strip():
                pairs.add((form.strip().casefold(), str(sensor).replace(" ", "_")))
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


def _of_register(name: str, called: list[tuple[str, str]]) -> str | None:
    held = [pair for pair in called if re.search(rf"(?<!\w){re.escape(pair[0])}(?!\w)", name)]
    best = {sensor for form, sensor in held if len(form) == len(held[0][0])}
    return best.pop() if len(best) == 1 else None


def with_widths(
    fixes: pd.DataFrame,
    sensors: pd.Series,
    land: pd.Series,
    *,
    sought: str,
    conditions: Conditions,
    detection_range_m: float,
    contrast: Contrast,
) -> pd.DataFrame:
    """Fixes with ``sweep_width_m``; people on the ground see nothing at sea.

    Parameters
    ----------
    sensors : Series, indexed by track_id
    land : Series of bool, indexed by cell
        Whether the cell is land; outside it the sea is taken.
    """
    names = sensors.unique()
    at_sea = {
        name: 0.0 if name == GROUND
        else sweep.sweep_width_nm(name, sought, conditions) * 1852.0
        for name in names
    }  # fmt: skip
    on_land = sweep.land_sweep_width_m(detection_range_m, contrast)
    cells = grid.cells_of(
        lat_deg=fixes["lat_deg"].fillna(0), lon_deg=fixes["lon_deg"].fillna(0),
        resolution=grid.resolution_of(land.index[:1].to_numpy()),
    )  # fmt: skip
    ashore = land.reindex(cells).fillna(False).to_numpy(bool)
    sensor = fixes["track_id"].map(sensors)
    width = np.where(ashore, on_land, sensor.map(at_sea).to_numpy(np.float64))
    return fixes.assign(sweep_width_m=width, sensor=sensor)
