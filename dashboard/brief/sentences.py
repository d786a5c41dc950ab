"""Short sentences from figures, each checkable by itself; what is not known is said apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.area import blocks, naming
from dashboard.area.choose import Area
from dashboard.brief import behind
from dashboard.language import _, listed, number, percent, word
from geo_data import grid
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.vocabulary import CrossingStatus
from layers.context import measures

WELL_KNOWN = 0.95
"""Share of the area below which a figure is said to be known for a part only."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What sentences are made of: the profile, the ranking of the area, and who reaches nothing."""

    view: View
    area: Area
    profile: pd.DataFrame
    ranks: pd.DataFrame
    out_of_reach: pd.DataFrame
    ranked_count: int

    def value(self, topic: str, quantity: Quantity, contains: str = "") -> float:
        """Value of the first line of a topic and quantity; NaN if there is none."""
        rows = self._rows(topic, quantity)
        if contains:
            rows = rows[rows["label"].map(lambda said: contains in str(said))]
        return float(rows["value"].iloc[0]) if len(rows) else np.nan

    def known(self, topic: str, quantity: Quantity) -> float:
        """Share of the area for which it is known."""
        rows = self._rows(topic, quantity)
        return float(rows["known_share"].iloc[0]) if len(rows) else 0.0

    def _rows(self, topic: str, quantity: Quantity) -> pd.DataFrame:
        table = self.profile
        return table[(table["topic"] == topic) & (table["quantity"] == quantity.column)]


def findings(facts: Facts) -> list[str]:
    """Sentences, in the order in which a reader asks; one whose figure is unknown is left out."""
    made = [
        _people(facts), _displaced(facts), _exposed(facts, q.FLOOD_DEPTH, 0.5, "m"),
        _exposed(facts, q.HEAT, 40.0, "°C"), _drought(facts), _crossings(facts),
        _incidents(facts), _reach(facts), _index(facts),
    ]  # fmt: skip
    return [sentence for sentence in made if sentence]


def unknown(facts: Facts) -> list[str]:
    """What nobody knows about the area, or only for a part of it, or is withheld."""
    said = []
    asked = [("people", q.POPULATION), ("people", q.DISPLACED), *(
        ("ground and weather", one) for one in (q.FLOOD_DEPTH, q.HEAT, q.DROUGHT, q.ORGANISATIONS)),
        ("services", q.SERVICES), ("crossings", q.CROSSINGS), ("incidents", q.INCIDENTS),
    ]  # fmt: skip
    for topic, quantity in asked:
        rule, share = facts.view.rule(quantity), facts.known(topic, quantity)
        label = _(quantity.label)
        if not rule.shown:
            said.append(_("{what}: withheld from this audience.", what=label))
        elif share <= 0:
            said.append(_("{what}: no source speaks about this area.", what=label))
        elif share < WELL_KNOWN:
            said.append(_("{what}: known for {share} of the area only.", what=label,
                          share=percent(share)))  # fmt: skip
        if rule.shown and quantity.people and rule.min_count:
            said.append(_("{what}: counts below {n} are withheld, not zero.", what=label,
                          n=rule.min_count))  # fmt: skip
    rough = behind.coarser(facts.view, facts.area)
    if rough:
        said.append(_("Estimates here, as their sources know larger areas or a coarser grid only: "
                      "{names}.", names=listed([_(one.label) for one in rough])))  # fmt: skip
    gone = int(facts.ranks["missing_count"].gt(0).sum()) if len(facts.ranks) else 0
    if gone:
        said.append(_("Hexagons here that lack at least one indicator of the index: {n} of {all}.",
                      n=gone, all=len(facts.ranks)))  # fmt: skip
    return said


def _people(facts: Facts) -> str:
    km2 = float((facts.area.cells["fraction"] * grid.area_km2(facts.area.cells["cell"])).sum())
    people = facts.value("people", q.POPULATION)
    if np.isnan(people):
        return _("The area measures {km2} km²; how many live there is not known.",
                 km2=number(km2))  # fmt: skip
    return _("The area measures {km2} km²; {people} people live there.", km2=number(km2),
             people=number(people))  # fmt: skip


def _displaced(facts: Facts) -> str:
    guests = facts.value("people", q.DISPLACED)
    rate = facts.value("people", q.DISPLACED, "per resident")
    if np.isnan(guests):
        return ""
    if np.isnan(rate):
        return _("Displaced people present: {n}.", n=number(guests))
    return _("Displaced people present: {n}, or {rate} for every 100 residents.", n=number(guests),
             rate=number(rate * 100, 1))  # fmt: skip


def _exposed(facts: Facts, hazard: Quantity, limit: float, unit: str) -> str:
    """People where a hazard reaches a limit: by hexagon, as the profile has them by class."""
    part = measures.cut(facts.area.cells, blocks.hexagons(facts.view.name))
    people = part[q.POPULATION.column].to_numpy(np.float64) * part["fraction"].to_numpy(np.float64)
    level = part[hazard.column].to_numpy(np.float64)
    known = ~np.isnan(people) & ~np.isnan(level)
    total = float(people[known].sum())
    if not total:
        return ""
    met = float(people[known & (level >= limit)].sum())
    return _("{label}: {n} residents ({share}) live where it reaches {limit} {unit}.",
             label=_(hazard.label), n=number(met), share=percent(met / total), limit=limit,
             unit=_(unit))  # fmt: skip


def _drought(facts: Facts) -> str:
    share = facts.value("ground and weather", q.DROUGHT)
    return "" if np.isnan(share) else _("{share} of the land is in drought.", share=percent(share))


def _crossings(facts: Facts) -> str:
    counts = {
        status: facts.value("crossings", q.CROSSINGS, f": {status}") for status in CrossingStatus
    }
    known = {status: value for status, value in counts.items() if not np.isnan(value)}
    if not known:
        return ""
    if not sum(known.values()):
        return _("No crossing point is recorded here.")
    parts = [_("{n} {status}", status=word(status), n=blocks.said(value, "crossings"))
             for status, value in known.items() if value]  # fmt: skip
    return _("Crossing points: {n}, by state: {parts}.",
             n=blocks.said(sum(known.values()), "crossings"), parts=listed(parts))  # fmt: skip


def _incidents(facts: Facts) -> str:
    count, dead = (facts.value("incidents", one) for one in (q.INCIDENTS, q.DEAD_MISSING))
    if np.isnan(count):
        return ""
    if count == 0 and facts.view.rule(q.INCIDENTS).open:
        return _("No incident is recorded here.")
    if np.isnan(dead):
        return _("Incidents recorded: {n}.", n=blocks.said(count, "incidents"))
    return _("Incidents recorded: {n}, with {dead} people dead or missing.",
             n=blocks.said(count, "incidents"), dead=number(dead))  # fmt: skip


def _reach(facts: Facts) -> str:
    far = facts.out_of_reach
    if far.empty or far["share"].isna().all():
        return ""
    parts = [_("{share} more than {n} h", share=percent(row.share), n=row.limit_h)
             for row in far.itertuples()]  # fmt: skip
    return _("Walk to the nearest service point of any kind, share of the residents: {parts}.",
             parts=listed(parts))  # fmt: skip


def _index(facts: Facts) -> str:
    ranks = facts.ranks
    if ranks.empty:
        return _("No hexagon here is in the index: nobody is known to live here.")
    sure = int(ranks["priority"].sum())
    worst = ranks.iloc[0]
    where = naming.spots(facts.view.name, [int(worst["cell"])])[0]
    said = _("Priority in nearly every version of the index: {n} of {all} hexagons here.",
             n=sure, all=len(ranks))  # fmt: skip
    return said + " " + _(
        "The first one: {where}, index {value}, rank {low} to {high} of {whole}.", where=where,
        value=number(worst["context_index"], 1), low=number(worst["rank_low"]),
        high=number(worst["rank_high"]), whole=number(facts.ranked_count),
    )  # fmt: skip
