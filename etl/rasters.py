"""Rasters to hexagons: one quantity per declared band."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from etl import pixels
from etl.accounts import Contribution, HexValues, Quarantine
from etl.engine.executors import Executor, executor
from etl.hexing import ADDED_UP, Hexed, hex_raster
from geo_data import grid, quantities
from geo_data.errors import OperationInvalid
from geo_data.grid import Cells
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Band, Source

NAMED = 3


def rasters(
    files: Sequence[Path], source: Source, operation: Operation, settings: Settings
) -> Contribution:
    """Values of a raster source on the operation's cells.

    Several files are tiles of one raster: where they meet, counts are added and other values
    averaged by cover. A pixel out of the legal range of its quantity is quarantined and unknown.

    Raises
    ------
    SourceUnreadable
        If a file is not the raster that the declaration says.
    SettingInvalid
        If the executor that was set is not there.
    OperationInvalid
        If the source declares no band.
    """
    if not source.bands:
        raise OperationInvalid(
            operation.key, None, f"source {source.key!r}: a raster needs [[source.bands]]"
        )
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    quarantine = Quarantine(source.key)
    hexes, accepted = [], 0
    doubts: dict[str, None] = {}
    with executor(settings) as workers:
        for band in source.bands:
            tiles = [
                _tile(file, band, source, operation, settings, cells, quarantine, doubts, workers)
                for file in files
            ]
            accepted += sum(tile.pixels for tile in tiles)
            hexes.append(_values(band, cells, joined(tiles, band.stat)))
    rejected = quarantine.table()
    if not any(len(one.cell) for one in hexes):
        doubts[_elsewhere(files, operation)] = None
    return Contribution(
        rows_in=accepted + int(rejected["count"].sum()), accepted=accepted, quarantine=rejected,
        hexes=hexes, warnings=list(doubts),
    )  # fmt: skip


def joined(tiles: Sequence[Hexed], stat: str) -> Hexed:
    """One raster out of tiles that do not overlap."""
    if len(tiles) == 1:
        return tiles[0]
    value = np.stack([tile.value for tile in tiles])
    cover = np.stack([tile.cover for tile in tiles])
    known = ~np.isnan(value)
    if stat in ADDED_UP:
        together = np.where(known, value, 0).sum(axis=0)
    elif stat == "max":
        together = np.where(known, value, -np.inf).max(axis=0)
    else:
        weight = np.where(known, cover, 0)
        with np.errstate(invalid="ignore"):
            together = (np.where(known, value, 0) * weight).sum(axis=0) / weight.sum(axis=0)
    return Hexed(
        np.where(known.any(axis=0), together, np.nan), np.minimum(cover.sum(axis=0), 1.0),
        any(tile.coarse for tile in tiles), sum(tile.pixels for tile in tiles),
        sum(tile.rejected for tile in tiles),
    )  # fmt: skip


def _tile(
    file: Path, band: Band, source: Source, operation: Operation, settings: Settings,
    cells: Cells, quarantine: Quarantine, doubts: dict[str, None], workers: Executor,
) -> Hexed:  # fmt: skip
    legal = legal_range(band)
    with pixels.opened(file, band, source, settings) as raster:
        if not raster.says_nodata:
            doubts[
                f"{file.name} declares no nodata value, so every pixel but NaN counts; set nodata "
                "under [[source.bands]] if one of its values means no data"
            ] = None
        tile = hex_raster(
            raster, cells, raster.band, area=operation.area, legal=legal, executor=workers
        )
    quarantine.reject_many(
        file.name, tile.rejected, rule="out_of_range", column=band.quantity,
        found=f"{tile.rejected:,} pixels", expected=f"{legal[0]:,} to {legal[1]:,}",
        advice="Check unit, scale, offset and nodata of the band.",
    )  # fmt: skip
    return tile


def _elsewhere(files: Sequence[Path], operation: Operation) -> str:
    west, south, east, north = operation.area
    names = ", ".join(file.name for file in files[:NAMED])
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return (
        f"{names}{more}: no pixel lies in the operation's area (west {west:g}, south {south:g}, "
        f"east {east:g}, north {north:g}), so the source says nothing about it"
    )


def legal_range(band: Band) -> tuple[float, float]:
    """Lowest and highest value a pixel may have; class codes may be anything finite."""
    if band.stat == "share":
        return -np.finfo(np.float64).max, np.finfo(np.float64).max
    quantity = quantities.BY_COLUMN[band.quantity]
    return quantity.low, quantity.high


def _values(band: Band, cells: Cells, tile: Hexed) -> HexValues:
    spoken = tile.cover > 0
    return HexValues(
        band.quantity, cells[spoken], tile.value[spoken], tile.cover[spoken], tile.coarse
    )
