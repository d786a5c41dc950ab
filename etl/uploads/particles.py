"""The last state of each particle of a drift model, in the CF layout that OpenDrift writes.

``lon``, ``lat`` and ``status`` over (trajectory, time); what is filled was not yet or no longer
computed. Source: CF conventions, multidimensional array representation of trajectories; the meaning
of each status stands in ``flag_meanings``.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from etl import files
from etl.uploads.records import refuse_crowd
from geo_data import uploads
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.uploads import Asked, Told

NAMES = {"lon": ("lon", "longitude"), "lat": ("lat", "latitude")}
EPOCH = re.compile(r"(second|minute|hour|day)s? since (\S+)(?:[ T](\S+))?.*")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
MOST_VALUES = 100_000_000


def read(file: Path, asked: Asked, settings: Settings) -> tuple[pd.DataFrame, Told]:
    """One row per particle that was ever placed.

    Returns
    -------
    DataFrame
        ``row``, ``lat_deg``, ``lon_deg``, ``status`` as the file calls it, ``time``, UTC, ISO 8601.

    Raises
    ------
    SourceUnreadable
        If it is no such file.
    """
    files.refuse_oversized(file, settings)
    lon, lat = _values(file, "lon"), _values(file, "lat")
    status, meanings = _status(file, lon.shape)
    moments = _moments(file, lon.shape)
    if lon.shape != lat.shape:
        raise _other(file, f"lon of shape {lon.shape} and lat of shape {lat.shape}")
    if moments is not None and lon.shape[1] != len(moments):
        lon, lat, status = lon.T, lat.T, status.T
    known = np.isfinite(lon) & np.isfinite(lat) & (status >= 0)
    placed = known.any(axis=1)
    refuse_crowd(file.name, int(placed.sum()), asked.most_rows, "particles")
    last = lon.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    which = np.flatnonzero(placed)
    at = which, last[which]
    words = [meanings.get(int(code), str(int(code))) for code in status[at]]
    times = [moments[step] for step in last[which]] if moments is not None else None
    table = pd.DataFrame(
        {uploads.ROW: which + 1, "lat_deg": lat[at].astype(float), "lon_deg": _turned(lon[at]),
         "status": pd.array(words, dtype="str"),
         "time": pd.array(times if times is not None else [None] * len(which), dtype="str")}
    )  # fmt: skip
    figures = {"steps": float(lon.shape[1]), "never_placed": float((~placed).sum())}
    return table, Told(columns=["lon", "lat", "status", "time"], figures=figures)


def _values(file: Path, axis: str) -> np.ndarray:
    for name in NAMES.get(axis, (axis,)):
        found = _variable(file, name)
        if found is not None:
            return found[0]
    raise _other(file, f"no variable {axis!r}")


def _status(file: Path, shape: tuple[int, ...]) -> tuple[np.ndarray, dict[int, str]]:
    """State of each particle at each step, -1 where there is none; what the numbers mean."""
    found = _variable(file, "status")
    if found is None:
        return np.zeros(shape), {0: "active"}
    codes, told = found
    if codes.shape != shape:
        raise _other(file, f"status of shape {codes.shape} and lon of shape {shape}")
    words = told.get("flag_meanings", "active").split()
    given = [int(one) for one in re.findall(r"-?\d+", told.get("flag_values", ""))]
    return np.nan_to_num(codes, nan=-1.0), dict(
        zip(given or range(len(words)), words, strict=False)
    )


def _moments(file: Path, shape: tuple[int, ...]) -> list[str] | None:
    """Time of each step; None if the file does not say it in a way that is known."""
    found = _variable(file, "time")
    if found is None or found[0].size not in shape:
        return None
    unit = EPOCH.fullmatch(found[1].get("units", ""))
    try:
        assert unit is not None
        clock = (unit[3] or "00:00:00").rstrip("Z")
        begin = datetime.fromisoformat(f"{unit[2].replace('T', ' ')} {clock}".strip())
        steps = found[0].ravel() * SECONDS[unit[1]]
        moments = [begin.replace(tzinfo=UTC) + timedelta(seconds=float(step)) for step in steps]
    except (AssertionError, ValueError, OverflowError):
        return None
    return [moment.isoformat(timespec="seconds") for moment in moments]


def _variable(file: Path, name: str) -> tuple[np.ndarray, dict[str, str]] | None:
    """Values of a variable as floats, NaN where filled, and what is said of it."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    from etl.engine import formats

    with warnings.catch_warnings(action="ignore", category=NotGeoreferencedWarning):
        formats.opened(str(file), file.name).close()
        try:
            with (
                rasterio.Env(GDAL_NETCDF_BOTTOMUP="NO"),
                formats.opened(f'netcdf:"{file}":{name}', file.name) as part,
            ):
                if part.width * part.height > MOST_VALUES or part.count > 1:
                    raise _other(file, f"{name} of {part.count} x {part.height:,} x {part.width:,}")
                values = part.read(1, masked=True).astype(np.float64).filled(np.nan)
                return values, part.tags(1)
        except SourceUnreadable as problem:
            if "cannot be opened" in str(problem):
                return None
            raise


def _turned(lon: np.ndarray) -> np.ndarray:
    """Longitudes from 0 to 360 as -180 to 180."""
    turned: np.ndarray = (lon.astype(float) + 180) % 360 - 180
    return turned


def _other(file: Path, found: str) -> SourceUnreadable:
    return SourceUnreadable(
        file.name, found, "particles with lon, lat and status over (trajectory, time)",
        "Export them with OpenDrift, or as NetCDF in its layout.",
    )  # fmt: skip
