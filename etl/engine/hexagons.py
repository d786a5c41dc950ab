"""The engine's door: a raster and a list of statistics in, tables of cells out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from etl.engine.executors import parts_of
from etl.engine.files import RasterFile
from etl.engine.prefix import Reading
from etl.engine.statistics import LEAST_KNOWN, Statistic, answers, intakes
from etl.engine.stream import Bands, Plan, merged, strips
from geo_data.errors import SettingInvalid

RESOLUTIONS = range(3, 11)


def hexagons(
    raster: Bands, resolution: int, statistics: Sequence[Statistic], *,
    readings: dict[int, Reading] | None = None, least_known: float = LEAST_KNOWN,
    how: Any = "threads", workers: int = 2,
) -> Iterator[pd.DataFrame]:  # fmt: skip
    """Statistics of every cell that a raster touches, in tables of finished cells.

    Parameters
    ----------
    raster : RasterFile or other bands
    readings : reading of each band
        By default, as the file says.
    least_known : float
        Share of the covered part of a cell below which a statistic is unknown.
    how, workers
        See :func:`etl.engine.executors.parts_of`.

    Yields
    ------
    DataFrame
        As of :func:`etl.engine.statistics.answers`; each cell is in one table only.
    """
    if resolution not in RESOLUTIONS:
        raise SettingInvalid("resolution", resolution, "a resolution from 3 to 10")
    frame = raster.frame
    if readings is None:
        assert isinstance(raster, RasterFile), "bands that are no file need readings"
        readings = raster.readings()
    _check(statistics, readings)
    taken = intakes(statistics, readings)
    wide = frame.width
    if frame.to_lonlat is None:  # a column may come twice where a raster goes more than round
        wide = min(wide, int(np.floor(360 / abs(frame.dx) + 1e-6)))
    plan = Plan(resolution, taken, (0, frame.height), (0, wide))
    work = strips(frame, raster.block, plan)
    for sums in merged(parts_of(raster, plan, work, how, workers)):
        if len(sums):
            yield answers(sums, statistics, taken, least_known)


def table(
    raster: Bands, resolution: int, statistics: Sequence[Statistic], **more: Any
) -> pd.DataFrame:  # noqa: E501
    """The same as one table, sorted by cell."""
    parts = list(hexagons(raster, resolution, statistics, **more))
    return pd.concat(parts, ignore_index=True).sort_values("cell", ignore_index=True)


def _check(statistics: Sequence[Statistic], readings: dict[int, Reading]) -> None:
    present = f"one of the bands {', '.join(map(str, sorted(readings)))}"
    for statistic in statistics:
        for band in (statistic.band, statistic.weight):
            if isinstance(band, int) and band not in readings:
                raise SettingInvalid(f"band of {statistic.name!r}", band, present)
        limits = statistic.between
        if statistic.kind == "share" and not (limits or statistic.classes):
            raise SettingInvalid(f"between of {statistic.name!r}", None, "limits or classes")
        if limits and not limits[0] <= limits[1]:
            raise SettingInvalid(f"between of {statistic.name!r}", limits, "low, then high")
