"""What all sources gave, as the tables of one release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from etl import counted, duplicates, organisations, precedence
from etl.accounts import Contribution
from etl.hexing import cell_fractions
from etl.precedence import Layer, Texts
from etl.spread import spread
from geo_data import counts, geography, grid, tables
from geo_data import quantities as q
from geo_data.grid import Cells
from geo_data.operations import Operation
from geo_data.quantities import Combine
from geo_data.sources import Source

Given = Sequence[tuple[Source, Contribution]]

WHOLE_AREA = 0.99
"""An area with so large a share inside the operation is taken as wholly inside."""


TERRITORIAL_SEA_KM = 22.224
"""Twelve nautical miles: a source of a country speaks about its coastal waters too."""


@dataclass(frozen=True)
class Merged:
    """Tables of a release, and how each quantity got into its hexagons."""

    tables: dict[str, pd.DataFrame]
    methods: dict[str, Any]


def merge(given: Given, operation: Operation) -> Merged:
    """One release out of what its sources gave.

    Parameters
    ----------
    given : (source, contribution) pairs
        Of the sources that could be used, in declared order.

    Notes
    -----
    Rasters and polygons never add up: see :func:`etl.precedence.choose`. Places of several
    registers do, each place once. In every cell "none" (0), "unknown" (null, cover above 0) and
    "outside coverage" (null, cover 0) stay apart.
    """
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    lat, lon = grid.centres_of(cells)
    country = geography.country_of(lat_deg=lat, lon_deg=lon, within_km=TERRITORIAL_SEA_KM)
    release = _tables(given, [source.key for source in operation.source])
    number = {source.key: place for place, source in enumerate(operation.source)}
    layers = _measured(given, number, cells, country)
    layers += _counted(given, number, release, cells, country)
    spreads, notes = _spread(given, number, release, layers, cells)
    present, unmatched = organisations.layers(release, _giving(given, number, "presence"), cells)
    layers = sorted(layers + spreads + present, key=lambda one: number[one.keys[0]])
    layers.append(_land(cells))
    hexagons, methods = precedence.hexagons(cells, layers, q.HEX_QUANTITIES)
    for quantity, note in {**notes, q.ORGANISATIONS.column: {"unmatched_rows": unmatched}}.items():
        if quantity in methods:
            methods[quantity] |= note
    return Merged({"hexagons": hexagons, **release}, methods)


def _tables(given: Given, order: Sequence[str]) -> dict[str, pd.DataFrame]:
    release = {
        name: _joined(name, [gave.tables[name] for _, gave in given if name in gave.tables])
        for name in tables.SHAPES
        if name not in ("hexagons", "quarantine", "areas", "area_cells")
    }
    release["quarantine"] = _joined("quarantine", [gave.quarantine for _, gave in given])
    release["areas"], release["area_cells"] = _first_areas(given)
    for name, likeness in duplicates.LIKENESS.items():
        release[name] = duplicates.marked(release[name], likeness, order)
    return release


def _joined(name: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    parts = [part for part in parts if len(part)]
    if not parts:
        return tables.empty(name)
    return pd.concat(parts, ignore_index=True).reindex(columns=tables.schema(name).names)


def _first_areas(given: Given) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Areas and their cells; of two areas with one kind and code the first declared stays."""
    taken: set[tuple[str, str]] = set()
    parts: dict[str, list[pd.DataFrame]] = {"areas": [], "area_cells": []}
    for _, gave in given:
        for name, kept in parts.items():
            if name in gave.tables:
                table = gave.tables[name]
                keys = pd.MultiIndex.from_frame(table[["kind", "area_code"]])
                kept.append(table[~keys.isin(list(taken))] if taken else table)
        if "areas" in gave.tables:
            own = gave.tables["areas"][["kind", "area_code"]]
            taken.update(own.itertuples(index=False, name=None))
    return _joined("areas", parts["areas"]), _joined("area_cells", parts["area_cells"])


def _measured(given: Given, number: dict[str, int], cells: Cells, country: Texts) -> list[Layer]:
    return [
        precedence.layer(values, number[source.key], source.key, cells, source.coverage, country)
        for source, gave in given
        for values in gave.hexes
    ]


def _counted(
    given: Given, number: dict[str, int], release: dict[str, pd.DataFrame], cells: Cells,
    country: Texts,
) -> list[Layer]:  # fmt: skip
    made = [
        counted.layer(
            count, release[count.table], _giving(given, number, count.table), cells, country
        )
        for count in counts.COUNTS
    ]
    return [one for one in made if one is not None]


def _giving(given: Given, number: dict[str, int], table: str) -> list[tuple[int, Source]]:
    return [(number[source.key], source) for source, gave in given if table in gave.tables]


def _spread(
    given: Given, number: dict[str, int], release: dict[str, pd.DataFrame],
    layers: Sequence[Layer], cells: Cells,
) -> tuple[list[Layer], dict[str, dict[str, Any]]]:  # fmt: skip
    """Counts of areas on cells, and what had to be assumed."""
    wanted = [(source, gave) for source, gave in given if source.job == "counts"]
    if not wanted:
        return [], {}
    living = [one for one in layers if one.quantity == q.POPULATION.column]
    people, _, _ = precedence.composed(living, precedence.choose(living, len(cells)))
    residents = pd.DataFrame({"cell": cells, "people": people, "km2": grid.area_km2(cells)})
    shares = _one_kind(release["areas"], release["area_cells"])
    inside = _inside_share(release["areas"], shares, residents)
    made: list[Layer] = []
    notes: dict[str, dict[str, Any]] = {}
    for source, gave in wanted:
        for quantity, totals in _latest(gave.tables["series"]).items():
            part = totals["area_code"].map(inside).fillna(1.0)
            totals["people"] = _placed(totals["people"], part)
            result = spread(totals, shares, residents)
            made.append(_spread_layer(quantity, source, number, result.people, cells))
            said = notes.setdefault(
                quantity, {"by_area": [], "unplaced": [], "only_part_inside": []}
            )
            said["by_area"] += result.by_area
            said["unplaced"] += result.unplaced
            said["only_part_inside"] += sorted(totals.loc[part < 1, "area_code"])
    return made, notes


def _placed(people: pd.Series, part: pd.Series) -> pd.Series:
    """People of the part of an area that is inside; of a whole number, a whole number."""
    inside = people * part.to_numpy()
    return inside.where(people != np.floor(people), inside.round())


def _latest(series: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Newest total of each area by quantity; groups of one date are added."""
    summed = [quantity.column for quantity in q.HEX_QUANTITIES if quantity.combine is Combine.SUM]
    series = series[series["quantity"].isin(summed)]
    keys = ["quantity", "place_code"]
    newest = series[series["start"] == series.groupby(keys)["start"].transform("max")]
    totals = newest.groupby(keys)["value"].sum(min_count=1).rename("people").reset_index()
    totals = totals.rename(columns={"place_code": "area_code"})
    return {
        str(name): part[["area_code", "people"]].reset_index(drop=True)
        for name, part in totals.groupby("quantity")
    }


def _one_kind(areas: pd.DataFrame, area_cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of each code, of the first kind that has it."""
    kind = areas.drop_duplicates("area_code").set_index("area_code")["kind"]
    return area_cells[area_cells["kind"] == area_cells["area_code"].map(kind)]


def _inside_share(
    areas: pd.DataFrame, shares: pd.DataFrame, residents: pd.DataFrame
) -> dict[str, float]:
    """Share of each area's surface that lies on the operation's cells."""
    km2 = residents.set_index("cell")["km2"]
    held = (shares["fraction"] * shares["cell"].map(km2)).groupby(shares["area_code"]).sum()
    globe = pyproj.Geod(ellps="WGS84")
    share: dict[str, float] = {}
    for code, wkb in zip(areas["area_code"], areas["geometry"], strict=True):
        whole = abs(globe.geometry_area_perimeter(shapely.from_wkb(wkb))[0]) / 1e6
        part = held.get(code, 0.0) / whole if whole > 0 else 1.0
        share.setdefault(code, 1.0 if part >= WHOLE_AREA else float(part))
    return share


def _spread_layer(
    quantity: str, source: Source, number: dict[str, int], people: pd.DataFrame, cells: Cells
) -> Layer:
    value, cover = np.full(len(cells), np.nan), np.zeros(len(cells))
    place = np.searchsorted(cells, people["cell"].to_numpy(np.int64))
    value[place], cover[place] = people["people"], people["cover"]
    return Layer(quantity, number[source.key], (source.key,), value, cover, coarse=True)


def _land(cells: Cells) -> Layer:
    shapes = geography.land().geometry.to_numpy(dtype=object)
    found = cell_fractions(list(shapes), cells).groupby("cell")["fraction"].sum()
    value = np.zeros(len(cells))
    value[np.searchsorted(cells, found.index.to_numpy(np.int64))] = np.minimum(found, 1.0)
    return Layer(
        q.LAND.column, precedence.SEVERAL, (), value, np.ones(len(cells)), rule="reference"
    )
