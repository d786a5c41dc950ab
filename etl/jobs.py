"""What each job does with the files of a source: one line a job."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from etl import (
    areas,
    basemap,
    gazetteer,
    lines,
    places,
    polygons,
    presence,
    rasters,
    registration,
    screening,
    series,
    statements,
)
from etl.accounts import Contribution
from etl.readers import read_table
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.tables import PLACE_KINDS

TABLE_JOBS: dict[str, Callable[..., Contribution]] = {
    **dict.fromkeys(PLACE_KINDS, places.places),
    "presence": presence.presence,
    "series": series.series,
    "counts": series.series,
    "statements": statements.statements,
    "gazetteer": gazetteer.gazetteer,
    "registrations": registration.registrations,
}
SHAPE_JOBS: dict[str, Callable[[pd.DataFrame, Source, Operation], Contribution]] = {
    "areas": areas.areas,
    "polygons": polygons.polygons,
    "lines": lines.lines,
    "basemap": basemap.basemap,
}


def run(
    source: Source, files: Sequence[Path], operation: Operation, settings: Settings, today: date
) -> Contribution:
    """What the files of one source give.

    Raises
    ------
    WaypostError
        If the source cannot be used as a whole.
    """
    if source.job == "raster":
        return rasters.rasters(files, source, operation, settings)
    raw = read_table(source, files, settings)
    if source.job in SHAPE_JOBS:
        kept, said = screening.screened(raw, source)
        gave = SHAPE_JOBS[source.job](kept, source, operation)
        return dataclasses.replace(gave, warnings=(*said, *gave.warnings))
    return TABLE_JOBS[source.job](raw, source, operation, today=today)
