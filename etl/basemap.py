"""An operation's own basemap: land, lakes, rivers, borders and places in place of ours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from etl.accounts import Contribution, Quarantine
from etl.shapes import LINES, POLYGONS, features, repairs
from geo_data.operations import Operation
from geo_data.sources import Source
from geo_data.vocabulary import BasemapPart, BorderKind

POINTS = ("Point",)
KINDS = {
    BasemapPart.LAND: POLYGONS, BasemapPart.LAKES: POLYGONS, BasemapPart.RIVERS: LINES,
    BasemapPart.BORDERS: LINES, BasemapPart.PLACES: POINTS,
}  # fmt: skip
FIELDS = ("name", "name_ar", "name_fr", "name_es", "rank", "kind")
RANKS = (2, 16)
DEFAULT_RANK = 6


def basemap(raw: pd.DataFrame, source: Source, operation: Operation) -> Contribution:
    """Table ``basemap`` of a vector source that is one part of the basemap.

    Borders are settled unless ``kind`` says "disputed"; places appear from the zoom ``rank`` on,
    6 without one.
    """
    quarantine = Quarantine(source.key)
    part = BasemapPart(str(source.constants["part"]))
    table = features(raw, source, FIELDS, KINDS[part], quarantine)
    if part is BasemapPart.BORDERS:
        table["kind"] = table["kind"].fillna(BorderKind.SETTLED)
        table = quarantine.reject(
            table, ~table["kind"].isin([*BorderKind]), rule="unknown_word", column="kind",
            expected=" or ".join(BorderKind),
            advice="Say what the word means under [source.values.kind].",
        )  # fmt: skip
    if part is BasemapPart.PLACES:
        table = _ranked(table, quarantine)
    accepted = pd.DataFrame(
        {
            "part": part.value,
            **{name: table[name] for name in FIELDS if name != "rank"},
            "rank": table["rank"].astype("Int64"),
            "geometry": shapely.to_wkb(table["geometry"].to_numpy(object)),
            "source": source.key,
            "row": table["_row"].astype(np.int64),
        }
    ).reset_index(drop=True)
    return Contribution(
        rows_in=len(raw), accepted=len(accepted), quarantine=quarantine.table(),
        tables={"basemap": accepted}, repairs=repairs(table),
    )  # fmt: skip


def _ranked(table: pd.DataFrame, quarantine: Quarantine) -> pd.DataFrame:
    """Places with a name and the first zoom that shows them."""
    table = quarantine.reject(
        table, table["name"].isna(), rule="missing_required", column="name",
        expected="the name of a place",
        advice="Declare the column of names, or leave the row out with where.",
    )  # fmt: skip
    rank = pd.to_numeric(table["rank"].fillna(str(DEFAULT_RANK)), errors="coerce")
    whole = rank.between(*RANKS) & (rank % 1 == 0)
    table = table.assign(rank=rank.where(whole))
    return quarantine.reject(
        table, ~whole, rule="out_of_range", column="rank",
        expected=f"a zoom of the map, {RANKS[0]} to {RANKS[1]}",
        advice="Correct it, or leave it out.",
    )  # fmt: skip
