"""Positions along tracks, one a row; or, if a file holds areas, these with their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl import values
from etl.uploads import layers, records, routes
from geo_data import uploads
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.uploads import Asked, Told

COLUMNS = (uploads.ROW, "track_id", "name", "lat_deg", "lon_deg", "time", records.POSITION)
TIMES = ("coordTimes", "times", "coordinateProperties")
"""Properties of GeoJSON lines in which tools list the time of each corner."""
POINT, LINES, SURFACES = (0, 4), (1, 2, 5), (3, 6)


def read(file: Path, asked: Asked, settings: Settings) -> tuple[pd.DataFrame, Told]:
    """Positions of a file in the order of each track.

    Returns
    -------
    DataFrame
        ``row``, ``track_id``, ``name``, ``lat_deg``, ``lon_deg``; ``time``, ``position`` as text;
        of a file of surfaces its rows with ``geometry``, as :func:`etl.uploads.records.read`.
    Told

    Raises
    ------
    SourceUnreadable
    """
    layers.kind_of(file, settings)
    if file.suffix.lower() in routes.KINDS:
        found = routes.fixes(file)
        if found or file.suffix.lower() == ".gpx":
            records.refuse_crowd(file.name, len(found), asked.most_rows, "positions of tracks")
            return _of_device(found), Told()
    wanted = Asked(asked.shape, [*asked.fields, *TIMES], asked.layer, asked.most_rows)
    table, told = records.read(file, wanted, settings)
    if uploads.GEOMETRY not in table:
        return table.drop(columns=[n for n in TIMES if n in table]), told
    shapes = shapely.from_wkb(table[uploads.GEOMETRY].to_numpy(dtype=object))
    kinds = shapely.get_type_id(shapes)
    if np.isin(kinds, SURFACES).any():
        return table.drop(columns=[n for n in TIMES if n in table]), told
    if np.isin(kinds, LINES).any():
        records.refuse_crowd(
            file.name, int(shapely.get_num_coordinates(shapes).sum()), asked.most_rows, "positions"
        )
        table = _corners(table, shapes, file)
    return table.drop(columns=[n for n in (*TIMES, uploads.GEOMETRY) if n in table]), told


def _of_device(found: list[routes.Fix]) -> pd.DataFrame:
    made = pd.DataFrame(found).astype("str")
    written = made["lat_deg"] + ", " + made["lon_deg"]
    numbers = {name: values.number(made[name])[0] for name in ("lat_deg", "lon_deg")}
    made = made.assign(**numbers, **{uploads.ROW: range(1, len(made) + 1)}, position=written)
    return made[list(COLUMNS)]


def _corners(table: pd.DataFrame, shapes: np.ndarray, file: Path) -> pd.DataFrame:
    """Corners of lines as positions, each part a track of its own."""
    rows = []
    for place, shape in enumerate(shapes):
        record = table.iloc[place]
        parts = shapely.get_parts(shape) if shape is not None else []
        times = _times(record, [len(shapely.get_coordinates(part)) for part in parts], file)
        for number, (part, when) in enumerate(zip(parts, times, strict=True), start=1):
            own = str(record.get("track_id") or f"{file.stem}-{record[uploads.ROW]}")
            track = own if len(parts) == 1 else f"{own}-{number}"
            for (lon, lat), time in zip(shapely.get_coordinates(part), when, strict=True):
                rows.append((record[uploads.ROW], track, record.get("name") or track, lat, lon,
                             time, None))  # fmt: skip
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    return made.astype({name: "str" for name in ("track_id", "name", "time", "position")})


def _times(record: Mapping[str, Any], sizes: list[int], file: Path) -> list[list[str | None]]:
    """Times of the corners of each part; none where the file lists none."""
    listed = next((record[name] for name in TIMES if isinstance(record.get(name), str)), None)
    if listed is None:
        return [[None] * size for size in sizes]
    found = _listed(listed)
    if sizes and [len(part) for part in found] != sizes:
        raise SourceUnreadable(
            file.name, f"row {record[uploads.ROW]}: {sum(map(len, found))} times for {sum(sizes)} "
            "positions", "a time for each position", "Export the track again, or without times.",
        )  # fmt: skip
    return found


def _listed(text: str) -> list[list[str | None]]:
    """Lists of times as the reader of features writes them: joined by commas, or as JSON."""
    if text[:1] not in "[{":
        return [[part.strip() or None for part in text.split(",")]]
    try:
        found = json.loads(text)
    except ValueError:
        return []
    found = found.get("times", []) if isinstance(found, dict) else found
    nested = bool(found) and all(isinstance(part, list) for part in found)
    parts = found if nested else [found]
    return [[None if one is None else str(one) for one in part] for part in parts]
