"""Administrative areas and regions: their shapes, and how much of each cell they hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from etl.accounts import Contribution, Quarantine, Repair
from etl.hexing import cell_fractions
from etl.shapes import NOT_NEEDED, POLYGONS, features, repairs
from geo_data import geography, grid
from geo_data.operations import Operation
from geo_data.sources import Source

FIELDS = ("area_code", "name", "parent_code", "country", "kind")
DEFAULT_KIND = "admin"


def areas(raw: pd.DataFrame, source: Source, operation: Operation) -> Contribution:
    """Tables ``areas`` and ``area_cells`` of a polygon source.

    Parameters
    ----------
    raw : DataFrame
        Features as read: the provider's columns, ``geometry``, ``_file``, ``_row`` and a CRS.
    source : Source
        Declares ``area_code`` and, if there are, ``name``, ``parent_code``, ``country`` and
        ``kind`` (constant; default "admin"), and ``level``.

    Returns
    -------
    Contribution
        One area per code: features that share a code are joined. Areas are stored whole; those
        that hold no part of the operation's cells are not taken.
    """
    quarantine = Quarantine(source.key)
    table = features(raw, source, FIELDS, POLYGONS, quarantine)
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    shares = cell_fractions(list(table["geometry"]), cells)
    table = table.assign(_index=np.arange(len(table)))
    table = quarantine.reject(
        table, ~np.isin(table["_index"], shares["area_index"]), rule="outside_operation",
        column="area_code", expected="an area inside the operation",
        advice=NOT_NEEDED,
    )  # fmt: skip
    table = quarantine.reject(
        table, table["area_code"].isna(), rule="missing_area_code", column="area_code",
        expected="a code", advice="Ask the provider; areas without a code cannot be joined.",
    )  # fmt: skip
    described = _described(table, source)
    joined, joins = _one_per_code(described)
    named = described[["kind", "area_code"]].assign(area_index=table["_index"])
    return Contribution(
        rows_in=len(raw), accepted=len(table), quarantine=quarantine.table(),
        tables={"areas": joined, "area_cells": _area_cells(shares, named)},
        repairs=repairs(table) + joins,
    )  # fmt: skip


def _described(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    described = table[list(FIELDS)].assign(source=source.key)
    described["country"] = described["country"].map(_iso3, na_action="ignore")
    described["kind"] = described["kind"].fillna(DEFAULT_KIND)
    described["level"] = np.int64(source.level or 0)
    described["row"] = table["_row"].astype(np.int64)
    described["geometry"] = table["geometry"]
    return described


def _iso3(country: str) -> str:
    return geography.iso3_of(country) or country


def _one_per_code(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Repair]]:
    """Features with one code as one area, which keeps the first one's name."""
    keys = ["kind", "area_code"]
    repeated = table.duplicated(keys, keep=False)
    first = table.drop_duplicates(keys).copy()
    first["geometry"] = first["geometry"].astype(object)
    for index in first.index[repeated[first.index]]:
        same = (table[keys] == first.loc[index, keys]).all(axis=1)
        first.loc[index, "geometry"] = shapely.union_all(table.loc[same, "geometry"].to_numpy())
    first["geometry"] = shapely.to_wkb(first["geometry"].to_numpy(object))
    said = "features with the same area code were joined into one area"
    count = int(repeated.sum())
    return first.reset_index(drop=True), [Repair("joined_features", count, said)] if count else []


def _area_cells(shares: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Fractions by kind and code; features with one code add up, at most to the whole cell."""
    keys = ["kind", "area_code", "cell"]
    cells = shares.merge(named, on="area_index").groupby(keys)["fraction"].sum().clip(upper=1.0)
    return cells.reset_index()
