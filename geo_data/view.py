"""A release as one audience may see it. Nothing else of the project hands tables out.

The raw release stays inside; what a caller gets was protected first, so no page, tile, export or
log line can forget to do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from geo_data import counts, disclosure, freshness, grid, rollup, tables
from geo_data import quantities as q
from geo_data.columns import Columns
from geo_data.counts import Count
from geo_data.disclosure import Rule
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.store import Release
from geo_data.vocabulary import Audience, Sensitivity

PEOPLE_COLUMNS = frozenset(
    {"dead_people", "missing_people", "dead_missing_people", "survivors_people", "displaced_people",
     "beneficiaries_people"}
)  # fmt: skip


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
        return [self._account(dict(source)) for source in self.manifest["sources"]]

    def _account(self, source: dict[str, Any]) -> dict[str, Any]:
        levels = [source["sensitivity"], self._declared_now.get(source["source"], "low")]
        source["sensitivity"] = max(levels, key=list(Sensitivity).index)
        rule = self._rule_of(source)
        if self.audience is not Audience.CELL and source["error"]:
            source["error"] = "could not be read"
        if rule.delay_days and source["reference_end"]:
            source["late"] = freshness.late(source, datetime.now(UTC))
            newest = disclosure.newest_shown(rule, self.today).isoformat()
            source["reference_end"] = min(str(source["reference_end"]), newest)
            source["reference_period"] = f"up to {source['reference_end']}"
            for name in ("accepted", "quarantined"):
                source[name] = round(source[name], -2)
            source["rows_in"] = source["accepted"] + source["quarantined"]
            source["reasons"] = {}
        return source

    def _rule_of(self, source: Mapping[str, Any]) -> Rule:
        return disclosure.rule_for([disclosure.sensitivity_of(source)], self.audience)

    def source(self, key: str) -> Mapping[str, Any]:
        """One source by key."""
        return next(source for source in self.sources if source["source"] == key)

    def sources_of(self, quantity: Quantity) -> list[Mapping[str, Any]]:
        """Sources that went into a quantity."""
        keys = self.manifest["methods"].get(quantity.column, {}).get("sources", [])
        return [source for source in self.sources if source["source"] in keys]

    def rule(self, quantity: Quantity) -> Rule:
        """What this audience may see of a quantity."""
        levels = [disclosure.sensitivity_of(source) for source in self.sources_of(quantity)]
        return disclosure.rule_for(levels, self.audience)

    def resolution_of(self, quantity: Quantity, zoom: int) -> int:
        """Resolution drawn at a zoom. A protected count has one only: two could be subtracted."""
        rule = self.rule(quantity)
        finest = min(self.resolution, rule.finest_resolution)
        if quantity.people and rule.min_count:
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
        if quantity.people and rule.min_count:
            resolution = finest
        wanted = min(finest, resolution or finest)
        table = self._base(quantity, rule)
        if wanted < self.resolution:
            table = rollup.roll_up(table, [quantity], wanted)
        if not rule.shown:
            return table.assign(**_nothing(quantity))
        if quantity.people and rule.min_count:
            value = disclosure.withhold_small(table[quantity.column].to_numpy(), rule.min_count)
            table = table.assign(**{quantity.column: value})
        return table

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
        fixed = bool(quantity.people and rule.min_count)
        if fixed and asked < finest:
            return None
        target = finest if fixed else min(asked, finest)
        parent = grid.parents([cell], target)[0]
        table = self._base(quantity, rule)
        inside = table[grid.parents(table["cell"], target) == parent]
        if inside.empty:
            return None
        row = rollup.roll_up(inside, [quantity], target).to_dict("records")[0]
        if not rule.shown:
            return row | _nothing(quantity)
        if fixed:
            small = disclosure.withhold_small(np.array([row[quantity.column]]), rule.min_count)
            row[quantity.column] = float(small[0])
        return row

    def wide(self, quantities: list[Quantity]) -> pd.DataFrame:
        """Several quantities on the operation's own cells, for analysis.

        A quantity that this audience may only see at a coarser resolution is spread evenly (counts)
        or repeated (others) over the cells inside, so analysis can never see finer than the map.
        """
        base = self._frame("hexagons", ["cell"])
        columns = {"cell": base["cell"].to_numpy()}
        for quantity in quantities:
            table = self.hexagons(quantity)
            level = grid.resolution_of(table["cell"])
            value, cover = (
                table[name].to_numpy() for name in (quantity.column, cover_column(quantity))
            )
            if level < self.resolution:
                position = np.searchsorted(table["cell"], grid.parents(base["cell"], level))
                value, cover = value[position], cover[position]
                if quantity.combine is q.Combine.SUM:
                    value = value / np.bincount(position)[position]
            columns[quantity.column], columns[cover_column(quantity)] = value, cover
        return pd.DataFrame(columns)

    def _base(self, quantity: Quantity, rule: Rule) -> pd.DataFrame:
        names = ["cell", quantity.column, cover_column(quantity), source_column(quantity)]
        table = self._frame("hexagons", names)
        count = counts.BY_COLUMN.get(quantity.column)
        guarded = count is not None and count.table == "services" and not self._guarded.open
        if count is not None and (rule.delay_days or guarded):
            # Which register covers a cell would tell what was taken out of it.
            recounted = {quantity.column: self._recounted(count, rule, table)}
            table = table.assign(**recounted, **{source_column(quantity): -1})
        if quantity == q.DISPLACED and not rule.open:
            table = self._without_sites(table)
        return table

    def _without_sites(self, table: pd.DataFrame) -> pd.DataFrame:
        """People counted at sites reach others through the list of sites only, delayed."""
        declared = [source["job"] for source in self.sources]
        number = table[source_column(q.DISPLACED)].to_numpy(np.int64)
        at_sites = np.isin(number, [n for n, job in enumerate(declared) if job == "sites"] + [-1])
        return table.assign(
            **{
                q.DISPLACED.column: table[q.DISPLACED.column].mask(at_sites),
                cover_column(q.DISPLACED): table[cover_column(q.DISPLACED)].mask(at_sites, 0.0),
                source_column(q.DISPLACED): -1,
            }
        )

    @property
    def _guarded(self) -> Rule:
        """What this audience may see of shelters and protection services."""
        return disclosure.rule_for([Sensitivity.HIGH], self.audience)

    def _recounted(self, count: Count, rule: Rule, table: pd.DataFrame) -> np.ndarray:
        """Counts without the records that this audience may not see at all or not so finely."""
        places = count.places(self._frame(count.table))
        if "sector" in places and not self._guarded.open:
            places = places[~places["sector"].isin(disclosure.PROTECTED_SECTORS)]
        places = places[disclosure.old_enough(places["date"], rule, self.today)]
        value = counts.per_cell(count, places, table["cell"].to_numpy(np.int64))
        return np.where(table[cover_column(count.quantity)] > 0, value, np.nan)

    # ------------------------------------------------------------------ places
    def places(self, kind: str) -> pd.DataFrame:
        """One kind of places, coarsened, delayed and thinned as this audience requires."""
        table = self._frame(kind)
        parts = [
            self._protected(part, disclosure.rule_for([level], self.audience), kind)
            for level, part in table.groupby(self._levels_of(table), sort=False)
        ]
        return pd.concat(parts) if parts else table

    def _levels_of(self, places: pd.DataFrame) -> pd.Series:
        known = {s["source"]: disclosure.sensitivity_of(s).value for s in self.sources}
        level = places["source"].map(known)
        if "sector" not in places:
            return level
        guarded = places["sector"].isin(disclosure.PROTECTED_SECTORS)
        raised = level.where(level == Sensitivity.SEVERE, Sensitivity.HIGH.value)
        return level.where(~guarded, raised)

    def _protected(self, places: pd.DataFrame, rule: Rule, kind: str) -> pd.DataFrame:
        if rule.open:
            return places
        if not rule.shown:
            return places.iloc[:0]
        if "duplicate_of" in places:
            places = places[places["duplicate_of"].isna()]
        places = places[disclosure.old_enough(places["date"], rule, self.today)]
        if places.empty:
            return places
        places = disclosure.coarse_places(places, rule)
        people = PEOPLE_COLUMNS.intersection(places.columns)
        if kind == "incidents":
            # The hexagon says how many; a list beside it would say who is missing from the sum.
            places = places[disclosure.crowded_enough(places, rule)]
            return places.assign(**dict.fromkeys(people, np.nan))
        small = {
            name: disclosure.withhold_small(places[name].to_numpy(), rule.min_count)
            for name in people
        }
        return places.assign(**small)

    # ------------------------------------------------------------------ other tables
    def series(self) -> pd.DataFrame:
        """Values over time, with young and small ones withheld by their source's rule."""
        table = self._frame("series")
        parts = []
        for key, part in table.groupby("source", sort=False):
            level = disclosure.sensitivity_of(self.source(str(key)), part["quantity"].unique())
            rule = disclosure.rule_for([level], self.audience)
            if not rule.shown:
                continue
            part = part[disclosure.old_enough(part["end"].fillna(part["start"]), rule, self.today)]
            people = part["quantity"].map(lambda name: q.BY_COLUMN[name].people).to_numpy(bool)
            value = part["value"].to_numpy(np.float64)
            kept = np.where(people, disclosure.withhold_small(value, rule.min_count), value)
            part = part.assign(value=kept)
            absent = self.source(str(key))["job"] in disclosure.ABSENT_WHEN_SMALL and rule.min_count
            parts.append(part[part["value"].notna()] if absent else part)
        return pd.concat(parts) if parts else table.iloc[:0]

    def presence(self) -> pd.DataFrame:
        """Who does what where; counts of people reached are protected like all others."""
        table = self._frame("presence")
        rule = disclosure.rule_for(
            [disclosure.sensitivity_of(self.source(str(k))) for k in table["source"].unique()],
            self.audience,
        )
        if not rule.shown:
            return table.iloc[:0]
        reached = disclosure.withhold_small(
            table["beneficiaries_people"].to_numpy(np.float64), rule.min_count
        )
        return table.assign(beneficiaries_people=reached)

    def reference(self, table: str) -> pd.DataFrame:
        """Areas, area_cells, gazetteer; of lines, statements and basemap what is open to all.

        A track tells where a rescuer was: lines have no coarser form, so they are whole or away.
        """
        if table not in ("areas", "area_cells", "lines", "gazetteer", "statements", "basemap"):
            raise KeyError(f"{table} is not a reference table")
        frame = self._frame(table)
        if table not in ("lines", "statements", "basemap"):
            return frame
        level = frame["source"].map(
            {s["source"]: disclosure.sensitivity_of(s).value for s in self.sources}
        )
        is_open = {x: disclosure.rule_for([x], self.audience).open for x in Sensitivity}
        return frame[level.map(lambda name: is_open[Sensitivity(name)]).to_numpy(bool)]

    def quarantine(self) -> pd.DataFrame:
        """Rejected rows; outside the cell only of open sources, without what was found in them."""
        table = self._frame("quarantine")
        if self.audience is Audience.CELL:
            return table
        shown = [s["source"] for s in self.sources if self._rule_of(s).delay_days == 0]
        return table[table["source"].isin(shown)].assign(found=None)

    def _frame(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        if name == "hexagons" and columns and name in self._release.tables:
            return self._hexagons.frame(columns)
        if name not in self._raw:
            here = name in self._release.tables
            self._raw[name] = self._release.table(name).to_pandas() if here else tables.empty(name)
        frame = self._raw[name]
        return frame if columns is None else frame[columns]


def _nothing(quantity: Quantity) -> dict[str, Any]:
    return {quantity.column: np.nan, cover_column(quantity): 0.0, source_column(quantity): -1}
