"""Shapes of the tables that a release holds: columns, types, what must be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
import pyarrow as pa

from geo_data import vocabulary
from geo_data.errors import TableInvalid
from geo_data.quantities import HEX_QUANTITIES, POPULATION
from geo_data.rollup import cover_column, source_column

TEXT, NUMBER, INTEGER, DATE, FLAG = pa.string(), pa.float64(), pa.int64(), pa.date32(), pa.bool_()


@dataclass(frozen=True)
class Field:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : pyarrow.DataType
    required : bool
        A row without it is quarantined.
    words : type of StrEnum or None
        The only values allowed.
    low, high : float or None
        Legal range, ends included.
    """

    name: str
    type: pa.DataType
    required: bool = False
    words: type[StrEnum] | None = None
    low: float | None = None
    high: float | None = None


def _people(name: str) -> Field:
    return Field(name, NUMBER, low=POPULATION.low, high=POPULATION.high)


PROVENANCE = (Field("source", TEXT, required=True), Field("row", INTEGER, required=True))
PLACE = (
    Field("place_id", TEXT, required=True),
    Field("name", TEXT),
    Field("lat_deg", NUMBER, required=True, low=-90, high=90),
    Field("lon_deg", NUMBER, required=True, low=-180, high=180),
    Field("cell", INTEGER, required=True),
    Field("country", TEXT),
    Field("date", DATE),
)

PLACE_KINDS: dict[str, tuple[Field, ...]] = {
    "crossings": (
        Field("crossing_type", TEXT, words=vocabulary.CrossingType),
        Field("status", TEXT, words=vocabulary.CrossingStatus),
        Field("other_country", TEXT),
        Field("control", TEXT),
        Field("duplicate_of", TEXT),
    ),
    "services": (
        Field("sector", TEXT, words=vocabulary.Sector),
        Field("service_type", TEXT),
        Field("organisation", TEXT),
        Field("duplicate_of", TEXT),
    ),
    "sites": (
        Field("site_type", TEXT),
        Field("status", TEXT, words=vocabulary.SiteStatus),
        _people("displaced_people"),
    ),
    "incidents": (
        _people("dead_people"),
        _people("missing_people"),
        _people("dead_missing_people"),
        _people("survivors_people"),
        Field("cause", TEXT),
        Field("route", TEXT),
        Field("position_quality", TEXT),
        Field("duplicate_of", TEXT),
    ),
    "assets": (
        Field("medium", TEXT, required=True, words=vocabulary.Medium),
        Field("asset_type", TEXT),
        Field("organisation", TEXT),
        Field("speed_km_h", NUMBER, required=True, low=1, high=1_500),
        Field("endurance_h", NUMBER, required=True, low=0.1, high=2_000),
        Field("mobilise_h", NUMBER, required=True, low=0, high=240),
        Field("ready", FLAG),
        Field("on_call", TEXT),
        Field("sensor", TEXT, words=vocabulary.Sensor),
    ),
    "landmarks": (
        Field("landmark_type", TEXT, required=True),
        Field("population_people", NUMBER, low=0, high=50_000_000),
    ),
}

AREA = (
    Field("area_code", TEXT, required=True),
    Field("name", TEXT),
    Field("level", INTEGER, required=True, low=0, high=4),
    Field("parent_code", TEXT),
    Field("country", TEXT),
    Field("kind", TEXT, required=True),
)

SHAPES: dict[str, tuple[Field, ...]] = {
    "hexagons": (
        Field("cell", INTEGER, required=True),
        *(Field(q.column, pa.float32(), low=q.low, high=q.high) for q in HEX_QUANTITIES),
        *(Field(cover_column(q), pa.float32(), low=0, high=1) for q in HEX_QUANTITIES),
        *(Field(source_column(q), pa.int16()) for q in HEX_QUANTITIES),
    ),
    **{kind: (*PLACE, *own, *PROVENANCE) for kind, own in PLACE_KINDS.items()},
    "presence": (
        Field("organisation", TEXT, required=True),
        Field("organisation_type", TEXT),
        Field("sector", TEXT, words=vocabulary.Sector),
        Field("activity", TEXT),
        Field("area_code", TEXT),
        Field("area_name", TEXT),
        Field("country", TEXT),
        Field("status", TEXT),
        Field("start", DATE),
        Field("end", DATE),
        _people("beneficiaries_people"),
        *PROVENANCE,
    ),
    "series": (
        Field("place_code", TEXT, required=True),
        Field("place_name", TEXT),
        Field("place_level", TEXT),
        Field("partner_code", TEXT),
        Field("start", DATE, required=True),
        Field("end", DATE),
        Field("quantity", TEXT, required=True),
        Field("group", TEXT),
        Field("value", NUMBER),
        *PROVENANCE,
    ),
    "statements": (
        Field("place_code", TEXT, required=True),
        Field("topic", TEXT, required=True),
        Field("date", DATE),
        Field("text", TEXT, required=True),
        *PROVENANCE,
    ),
    "areas": (*AREA, Field("geometry", pa.binary(), required=True), *PROVENANCE),
    "area_cells": (
        Field("kind", TEXT, required=True),
        Field("area_code", TEXT, required=True),
        Field("cell", INTEGER, required=True),
        Field("fraction", NUMBER, required=True, low=0, high=1),
    ),
    "gazetteer": (*AREA[:-1], Field("valid_from", DATE), *PROVENANCE),
    "lines": (
        Field("line_id", TEXT, required=True),
        Field("name", TEXT),
        Field("line_type", TEXT, required=True),
        Field("geometry", pa.binary(), required=True),
        *PROVENANCE,
    ),
    "basemap": (
        Field("part", TEXT, required=True, words=vocabulary.BasemapPart),
        Field("name", TEXT),
        *(Field(f"name_{language}", TEXT) for language in ("ar", "fr", "es")),
        Field("kind", TEXT, words=vocabulary.BorderKind),
        Field("rank", INTEGER, low=2, high=16),
        Field("geometry", pa.binary(), required=True),
        *PROVENANCE,
    ),
    "quarantine": (
        Field("source", TEXT, required=True),
        Field("file", TEXT, required=True),
        Field("row", INTEGER),
        Field("rule", TEXT, required=True),
        Field("column", TEXT),
        Field("found", TEXT),
        Field("expected", TEXT),
        Field("advice", TEXT),
        Field("count", INTEGER, required=True),
    ),
}


def schema(table: str) -> pa.Schema:
    """Arrow schema of a table of the release."""
    return pa.schema(
        [pa.field(field.name, field.type, nullable=not field.required) for field in SHAPES[table]]
    )


def empty(table: str) -> pd.DataFrame:
    """The table without rows."""
    return schema(table).empty_table().to_pandas()


def as_arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """A frame in the exact shape of a release table: declared columns, order and types.

    Columns that the frame lacks become null; columns that are not declared are a fault of ours.

    Raises
    ------
    TableInvalid
        If a column is unknown, a required one has nulls, or a type does not fit.
    """
    declared = schema(table)
    unknown = [name for name in frame.columns if name not in declared.names]
    if unknown:
        raise TableInvalid(f"table {table}: undeclared columns {unknown}")
    arrow = pa.Table.from_arrays(
        [_column(table, frame, field) for field in declared], names=declared.names
    )
    for field in declared:
        if not field.nullable and arrow[field.name].null_count:
            raise TableInvalid(f"table {table}: {field.name} is missing in some rows")
    return arrow.cast(declared)


def _column(table: str, frame: pd.DataFrame, field: pa.Field) -> pa.Array:
    if field.name not in frame or frame[field.name].isna().all():
        return pa.nulls(len(frame), field.type)
    try:
        return pa.array(frame[field.name], type=field.type, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as problem:
        raise TableInvalid(f"table {table}, column {field.name}: {problem}") from problem
