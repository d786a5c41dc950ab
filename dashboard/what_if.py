"""A release as it would be after some edits. Nothing is stored; every page reads it like a release.

Edits are made to what the audience may see, after small counts and positions were protected, so
no edit can bring out what is withheld.
"""

from __future__ import annotations

import hashlib
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from dashboard import data, markers
from dashboard.language import _, listed, ngettext, number, word
from geo_data import disclosure, grid
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.vocabulary import Audience, Sensitivity
from layers.context import consequences, scenario
from layers.context.consequences import Tables
from layers.context.scenario import Arrivals, Edit, Flood, Scenario, ServiceLost, Site

KINDS = ("crossings", "services", "sites")
MOST_TOLD = 3
NAMELESS = "1"
"""Stands for the name of a what-if that has none."""


class Supposed(View):
    """A view with the edits of a scenario in its hexagons and places."""

    def __init__(self, base: View, plan: Scenario, name: str):
        super().__init__(base._release, base.audience, base.today, base._declared_now)
        self._raw, self._hexagons = base._raw, base._hexagons
        self.base, self.plan, self.name = base, plan, name
        self.what_if = plan.name or NAMELESS

    @cached_property
    def before(self) -> Tables:
        """What the edits find; the same for every what-if of a release."""
        return _found(self.base.name, self.base.audience)

    @cached_property
    def after(self) -> Tables:
        """What they leave."""
        return consequences.applied(self.before, self.plan.edits)

    @cached_property
    def _added(self) -> dict[str, np.ndarray]:
        return consequences.added(self.before, self.after)

    def laid_over(self, table: pd.DataFrame) -> pd.DataFrame:
        """A wide table of the release with the columns that the edits change."""
        moved = [one for one in consequences.EDITED
                 if one.column in self._added and one.column in table]  # fmt: skip
        if not moved:
            return table
        fresh = self.wide(moved)
        return table.assign(**{one.column: fresh[one.column].to_numpy() for one in moved})

    def hexagons(self, quantity: Quantity, resolution: int | None = None) -> pd.DataFrame:
        """As of the release, with what the edits add or take."""
        table = self.base.hexagons(quantity, resolution)
        more = self._added.get(quantity.column)
        if more is None:
            return table
        changed = np.flatnonzero(more)
        cells = table["cell"].to_numpy(np.int64)
        own = self.before.hexagons["cell"].to_numpy(np.int64)[changed]
        place = np.searchsorted(cells, grid.parents(own, grid.resolution_of(cells)))
        value = table[quantity.column].to_numpy(np.float64)
        value = value + np.bincount(place, more[changed], len(cells))
        return table.assign(**{quantity.column: value})

    def in_cell(self, quantity: Quantity, cell: int) -> dict[str, Any] | None:
        """As of the release, with what the edits add or take inside."""
        row, more = self.base.in_cell(quantity, cell), self._added.get(quantity.column)
        if row is None or more is None:
            return row
        own = self.before.hexagons["cell"].to_numpy(np.int64)
        inside = grid.parents(own, grid.resolution_of([row["cell"]])) == row["cell"]
        return row | {quantity.column: row[quantity.column] + float(more[inside].sum())}

    def places(self, kind: str) -> pd.DataFrame:
        """As of the release, without those that are lost and with their new status."""
        if kind not in KINDS:
            return self.base.places(kind)
        table = self.after.places[kind]
        return table.drop(columns="counted") if "counted" in table else table


def view_of(base: View, plan: Scenario) -> View:
    """The release under a scenario; without edits, the release itself."""
    if not plan:
        return base
    digest = hashlib.sha256(scenario.to_text(plan).encode()).hexdigest()[:16]
    name = f"{base.name}{data.SUPPOSED}{digest}"
    return data.suppose(name, lambda: Supposed(base, plan, name))


def plain_name(release: str) -> str:
    """Name of the release that a what-if is of; any other name as it is."""
    return release.partition(data.SUPPOSED)[0]


@lru_cache(maxsize=2)
def _found(release: str, audience: Audience) -> Tables:
    return tables(data.view(release))


def tables(view: View) -> Tables:
    """What edits work on, as the audience may see it."""
    guarded = disclosure.rule_for([Sensitivity.HIGH], view.audience)
    places = {kind: view.places(kind) for kind in KINDS}
    if not guarded.open:
        hidden = places["services"]["sector"].isin(disclosure.PROTECTED_SECTORS)
        places["services"] = places["services"].assign(counted=~hidden)
    return consequences.tables(
        view.wide(list(consequences.READ)), places, view.reference("area_cells")
    )


def name_of(view: View) -> str:
    """Name of a what-if, or that it is one."""
    return _("what-if") if view.what_if == NAMELESS else view.what_if


def banner(view: View) -> str:
    """What stands above everything that is made of a what-if; empty for a release."""
    if not isinstance(view, Supposed):
        return ""
    told = sentences(view)
    edits = "; ".join(told[:MOST_TOLD])
    if len(told) > MOST_TOLD:
        more = len(told) - MOST_TOLD
        edits += "; " + ngettext("and {n} more edit", "and {n} more edits", more)
    said = "" if view.what_if == NAMELESS else f"{view.what_if}. "
    return _("WHAT-IF, not what is: nothing of this is observed or stored.") + f" {said}{edits}."


def sentences(view: View) -> list[str]:
    """Each edit of a what-if in words; none of a release."""
    if not isinstance(view, Supposed):
        return []
    return [said(view.base, edit) for edit in view.plan.edits]


def said(view: View, edit: Edit) -> str:
    """An edit in words."""
    if isinstance(edit, Flood):
        text = _(
            "Flood of 1 in {years} years: where it is {depth} m deep or more, services are lost "
            "and crossings closed", years=edit.return_years, depth=edit.depth_m,
        )  # fmt: skip
        return listed([text, _("and nobody passes")]) if edit.ways else text
    if isinstance(edit, Arrivals):
        at = place_name(view, "crossings", edit.crossing) if edit.crossing else _area(view, edit)
        return _("{n} more displaced people at {place}", n=number(edit.people), place=at)
    if isinstance(edit, ServiceLost):
        return _("{place}: service lost", place=place_name(view, "services", edit.place))
    kind = "sites" if isinstance(edit, Site) else "crossings"
    return _("{what}: {which}", what=place_name(view, kind, edit.place), which=word(edit.status))


def place_name(view: View, kind: str, place_id: str) -> str:
    """Name of a place of a release; its code where it has none."""
    table = view.places(kind)
    found = table[table["place_id"] == place_id]
    return (markers.name_of(found.iloc[0].to_dict()) if len(found) else "") or place_id


def _area(view: View, edit: Arrivals) -> str:
    table = view.reference("areas")
    names = table.loc[table["area_code"] == edit.area, "name"].dropna()
    return str(names.iloc[0]) if len(names) else edit.area


data.forget_daily(_found.cache_clear)
