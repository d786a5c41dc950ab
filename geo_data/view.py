"""A release as one audience may see it. Nothing else of the project hands tables out.

The raw release stays inside; what a caller gets was protected first, so no page, tile, export or
log line can forget to do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from geo_data import counts, grid, rollup, tables
from geo_data import quantities as q
from geo_data.columns import Columns
from geo_data.disclosure import Rule
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.shown import accounts, hexagons, places, records
from geo_data.store import Release
from geo_data.vocabulary import Audience


class View:
    """One release for one audience on one day."""

    def __init__(
        self,
        release: Release,
        audience: Audience,
        today: date | None = None,
        declared_now: Mapping[str, str] | None = None,
    ):
        self._release = release
        self._declared_now = declared_now or {}
        self.audience = Audience(audience)
        self.today = today or datetime.now(UTC).date()
        self.name, self.what_if = release.name, ""
        self.at = release.at
        self.shows_again = release.of
        self.manifest: Mapping[str, Any] = release.manifest
        self._raw: dict[str, pd.DataFrame] = {}
        self._hexagons = Columns(lambda names: release.table("hexagons", names))

    # ------------------------------------------------------------------ what it is
    @property
    def operation(self) -> Mapping[str, Any]:
        """Key, title, area, resolution and countries of the operation."""
        return self.manifest["operation"]

    @property
    def resolution(self) -> int:
        """Resolution of the hexagons."""
        return int(self.operation["resolution"])

    @cached_property
    def sources(self) -> list[Mapping[str, Any]]:
        """Accounts and description of every source, in declared order.

        A source that is declared more sensitive today is so in old releases too. Of a source with
        a delay others learn neither when its newest record was nor how many there are exactly.
        """
        return [
            accounts.account(
                one, self._declared_now.get(one["source"], "low"), self.audience, self.today
            )
            for one in self.manifest["sources"]
        ]

    def source(self, key: str) -> Mapping[str, Any]:
        """One source by key."""
        return next(source for source in self.sources if source["source"] == key)

    def sources_of(self, quantity: Quantity) -> list[Mapping[str, Any]]:
        """Sources that went into a quantity."""
        keys = self.manifest["methods"].get(quantity.column, {}).get("sources", [])
        return [source for source in self.sources if source["source"] in keys]

    def rule(self, quantity: Quantity) -> Rule:
        """What this audience may see of a quantity."""
        return accounts.rule_of(self.sources_of(quantity), self.audience)

    def resolution_of(self, quantity: Quantity, zoom: int) -> int:
        """Resolution drawn at a zoom. A protected count has one only: two could be subtracted."""
        rule = self.rule(quantity)
        finest = min(self.resolution, rule.finest_resolution)
        if hexagons.at_one_resolution(quantity, rule):
            return finest
        return grid.resolution_at_zoom(zoom, finest)

    # ------------------------------------------------------------------ hexagons
    def hexagons(self, quantity: Quantity, resolution: int | None = None) -> pd.DataFrame:
        """Cells, values, cover and source of one quantity, as this audience may see them.

        Parameters
        ----------
        quantity : Quantity
        resolution : int, optional
            Not finer than allowed; the finest allowed by default.

        Returns
        -------
        DataFrame
            ``cell``, the quantity's column (null: unknown or withheld), its cover and source.
        """
        rule = self.rule(quantity)
        finest = min(self.resolution, rule.finest_resolution)
        if hexagons.at_one_resolution(quantity, rule):
            resolution = finest
        wanted = min(finest, resolution or finest)
        table = self._base(quantity, rule)
        if wanted < self.resolution:
            table = rollup.roll_up(table, [quantity], wanted)
        return hexagons.withheld(table, quantity, rule)

    def in_cell(self, quantity: Quantity, cell: int) -> dict[str, Any] | None:
        """Value, cover and source of one quantity in one cell, as the map draws it.

        Parameters
        ----------
        cell : int
            Of any resolution. A protected quantity answers for the cell of its own fixed
            resolution that contains it.

        Returns
        -------
        dict or None
            None outside the operation, and for a protected quantity in a larger cell.
        """
        rule, asked = self.rule(quantity), grid.resolution_of([cell])
        finest = min(self.resolution, rule.finest_resolution)
        fixed = hexagons.at_one_resolution(quantity, rule)
        if fixed and asked < finest:
            return None
        target = finest if fixed else min(asked, finest)
        parent = grid.parents([cell], target)[0]
        table = self._base(quantity, rule)
        inside = table[grid.parents(table["cell"], target) == parent]
        if inside.empty:
            return None
        whole = rollup.roll_up(inside, [quantity], target)
        return hexagons.withheld(whole, quantity, rule).to_dict("records")[0]

    def wide(self, quantities: list[Quantity]) -> pd.DataFrame:
        """Several quantities on the operation's own cells, for analysis.

        A quantity that this audience may only see at a coarser resolution is spread evenly (counts)
        or repeated (others) over the cells inside, so analysis can never see finer than the map.
        """
        cells = self._frame("hexagons", ["cell"])["cell"].to_numpy()
        columns = {"cell": cells}
        for quantity in quantities:
            table = self.hexagons(quantity)
            value, cover = hexagons.spread(table, quantity, cells, self.resolution)
            columns[quantity.column], columns[cover_column(quantity)] = value, cover
        return pd.DataFrame(columns)

    def _base(self, quantity: Quantity, rule: Rule) -> pd.DataFrame:
        names = ["cell", quantity.column, cover_column(quantity), source_column(quantity)]
        table = self._frame("hexagons", names)
        count = counts.BY_COLUMN.get(quantity.column)
        if count is not None and hexagons.recounts(count, rule, self.audience):
            found = self._frame(count.table)
            table = hexagons.recounted(table, count, found, rule, self.audience, self.today)
        if quantity == q.DISPLACED and not rule.open:
            # Others learn of people at sites from the list of sites only, delayed.
            table = hexagons.without_sites(table, [source["job"] for source in self.sources])
        return table

    # ------------------------------------------------------------------ records
    def places(self, kind: str) -> pd.DataFrame:
        """One kind of places, coarsened, delayed and thinned as this audience requires."""
        return places.shown(self._frame(kind), kind, self.sources, self.audience, self.today)

    def series(self) -> pd.DataFrame:
        """Values over time, with young and small ones withheld by their source's rule."""
        return records.series(self._frame("series"), self.sources, self.audience, self.today)

    def presence(self) -> pd.DataFrame:
        """Who does what where; counts of people reached are protected like all others."""
        return records.presence(self._frame("presence"), self.sources, self.audience)

    def reference(self, table: str) -> pd.DataFrame:
        """Areas, area_cells, gazetteer; of lines, statements and basemap what is open to all.

        A track tells where a rescuer was: lines have no coarser form, so they are whole or away.
        """
        if table not in ("areas", "area_cells", "lines", "gazetteer", "statements", "basemap"):
            raise KeyError(f"{table} is not a reference table")
        frame = self._frame(table)
        if table not in ("lines", "statements", "basemap"):
            return frame
        return records.whole(frame, self.sources, self.audience)

    def quarantine(self) -> pd.DataFrame:
        """Rejected rows; outside the cell only of open sources, without what was found in them."""
        return records.quarantine(self._frame("quarantine"), self.sources, self.audience)

    def _frame(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        if name == "hexagons" and columns and name in self._release.tables:
            return self._hexagons.frame(columns)
        if name not in self._raw:
            here = name in self._release.tables
            self._raw[name] = self._release.table(name).to_pandas() if here else tables.empty(name)
        frame = self._raw[name]
        return frame if columns is None else frame[columns]
