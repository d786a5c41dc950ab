"""Search tracks as fixes with the sweep width that holds at each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo_data import grid
from layers.sar import sweep
from layers.sar.sweep import Conditions, Contrast

GROUND = "ground"
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
