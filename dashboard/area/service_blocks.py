"""Blocks of services: how far they are, who is out of reach, where one more would help most."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import data, legend, links, say, small_tables
from dashboard.area import blocks, choose, ways
from dashboard.language import _, number, percent, word
from dashboard.what_if import Supposed
from geo_data.quantities import POPULATION
from geo_data.view import View
from geo_data.words import N_
from layers import BY_KEY
from layers.base import HexLayer
from layers.context import areas, measures
from layers.sar.ground import Pace
from layers.services import catchments, reach, times

ADVICE = N_(
    "Times over land: on foot 5 km/h on the level (Tobler), slower uphill and in sand; by car 60 "
    "km/h in hexagons with a road, a third of that beside, half of it again in sand. No border, "
    "queue, season or danger is counted. People beyond every service count as unserved, not as "
    "unknown; hexagons without land have no time."
)
SHARED = N_(
    "Service points within {n} h for 10,000 people, each point shared evenly among all residents "
    "within {n} h of it (two-step floating catchment). A point counts 1, whatever its size."
)
MOST_CANDIDATES = 600
SITES = 3


def sector(view: View) -> str:
    """Which services."""
    titles = {"all": _("any service")} | {name: word(name) for name in ways.sectors(view.name)}
    return links.choice("sector", titles, st.selectbox, _("Service"))


def pace() -> Pace:
    """On foot or by car."""
    titles = {Pace.WALKING.value: _("On foot"), Pace.DRIVING.value: _("By car")}
    return Pace(links.choice("pace", titles, st.radio, _("How people move")))


def layer(view: View, chosen: str, moving: Pace) -> tuple[HexLayer, str]:
    """The travel times as a layer, and its token."""
    drawn, token = BY_KEY[ways.PACES[moving].column], f"{moving}-{chosen}".replace(" ", "-")
    data.register(view.name, drawn, token, ways.drawn(view.name, chosen, moving))
    return drawn, token


def legend_of(view: View, drawn: HexLayer) -> None:
    """Legend of the travel times with their limits."""
    st.html(legend.legend(view, drawn))
    say.caption(_(ADVICE))


def gap_table(view: View, area: choose.Area, moving: Pace) -> pd.DataFrame:
    """People out of reach by sector, the largest gap first."""
    part, place = _part(view, area)
    away = {name: ways.hours(view.name, name, moving)[place] for name in ways.sectors(view.name)}
    return reach.gaps(part, away)


def out_of_reach(view: View, area: choose.Area, moving: Pace) -> pd.DataFrame:
    """People out of reach of every service point, by limit; empty if there is no service."""
    if not ways.sectors(view.name):
        return pd.DataFrame(columns=list(reach.GAP_COLUMNS))
    part, place = _part(view, area)
    return reach.gaps(part, {"all": ways.hours(view.name, "all", moving)[place]})


def residents(view: View, area: choose.Area) -> float:
    """Known residents of an area."""
    part, _place = _part(view, area)
    return float((part[POPULATION.column] * part["fraction"]).sum())


def shared(view: View, area: choose.Area, chosen: str, moving: Pace, limit_h: float) -> pd.Series:
    """Service points per 10,000 people in reach, as the residents of an area have them.

    Returns
    -------
    Series
        ``median``, ``mean`` (per 10,000 residents, weighted by them) and ``none_share`` of them
        without any; null where nobody is known to live.
    """
    part, place = _part(view, area)
    people = (part[POPULATION.column] * part["fraction"]).to_numpy(np.float64)
    have = _shared(view.name, chosen, moving, limit_h)[place] * 10_000
    known = ~np.isnan(people) & ~np.isnan(have)
    total = people[known].sum()
    if not total > 0:
        return pd.Series({"median": np.nan, "mean": np.nan, "none_share": np.nan})
    return pd.Series({
        "median": times.weighted_median(have[known], people[known]),
        "mean": float((have * people)[known].sum() / total),
        "none_share": float(people[known & (have == 0)].sum() / total),
    })  # fmt: skip


@lru_cache(maxsize=8)
def _shared(release: str, chosen: str, moving: Pace, limit_h: float) -> np.ndarray:
    people = blocks.hexagons(release)[POPULATION.column].to_numpy(np.float64)
    return catchments.per_person(
        ways.passable(release), ways.own(release, chosen), ways.cells(release), people,
        limit_h=limit_h, pace=moving,
    )  # fmt: skip


def sharing(view: View, found: list[choose.Area], chosen: str, moving: Pace) -> None:
    """Services shared among all who reach them (2SFCA), if asked for; before a what-if too."""
    if not st.toggle(_("Share services among all who reach them (2SFCA)"), key="shared",
                     bind="query-params"):  # fmt: skip
        return
    limit = float(st.session_state.get("within_h", 2.0))
    looks = {_("Now"): view}
    if isinstance(view, Supposed):
        looks = {_("Before"): view.base, _("What if"): view}
    rows = []
    for area in found or [choose.whole(view)]:
        for title, look in looks.items():
            one = shared(look, area, chosen, moving, limit)
            rows.append({
                _("Area"): area.name, "": title,
                _("Half of the residents have at most"): _known(one["median"]),
                _("Mean, per 10,000 in reach"): _known(one["mean"]),
                _("Residents without any"):
                    _("unknown") if np.isnan(one["none_share"]) else percent(one["none_share"], 1),
            })  # fmt: skip
    small_tables.grid(pd.DataFrame(rows))
    say.caption(_(SHARED, n=limit))


def _known(value: float) -> str:
    return _("unknown") if np.isnan(value) else number(value, 2)


def readable_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Gaps as people read them."""
    return pd.DataFrame(
        {
            _("Service"): table["sector"].map(word),
            _("Farther than"): [_("{n} h", n=limit) for limit in table["limit_h"]],
            _("People out of reach"): table["people"].map(number),
            _("Share of the residents"): [
                _("unknown") if np.isnan(share) else percent(share) for share in table["share"]
            ],
            _("Mean time of the others, h"): [
                _("unknown") if np.isnan(hours) else number(hours, 1) for hours in table["mean_h"]
            ],
        }
    )


def gaps(view: View, found: list[choose.Area], moving: Pace) -> None:
    """Gaps of each chosen area, or of the whole operation."""
    for area in found or [choose.whole(view)]:
        say.strong(_("Out of reach: {area}", area=area.name))
        table = gap_table(view, area, moving)
        if table.empty:
            say.note(_("No service point is in this release, or this audience may not see them."))
            return
        small_tables.grid(readable_gaps(table), height=260)


def helping(view: View, area: choose.Area, chosen: str, moving: Pace) -> None:
    """Where one more service point would bring most people within two hours."""
    say.strong(_("Where would one more help most?"))
    limit = st.slider(_("Within, hours"), 0.5, 6.0, 2.0, 0.5, key="within_h", bind="query-params")
    best = best_sites(view, area, chosen, moving, limit)
    if best.empty:
        say.note(_("No known place would bring anybody within {n} h.", n=limit))
        return
    rows = [(str(row.name_), _("{n} people", n=round(row.people_won)), _(KINDS[str(row.kind)]))
            for row in best.rename(columns={"name": "name_"}).itertuples()]  # fmt: skip
    small_tables.pairs(rows)
    say.caption(
        _("Chosen one after the other among named towns and crossings of the area: each wins the "
          "people whom the ones before leave out.")
    )  # fmt: skip


KINDS = {"landmarks": N_("landmark"), "crossings": N_("crossing point")}


def best_sites(
    view: View, area: choose.Area, chosen: str, moving: Pace, limit_h: float
) -> pd.DataFrame:
    """Best candidates of an area in their order, with the people whom each would win."""
    return _best(view.name, tuple(area.cells["cell"]), tuple(area.cells["fraction"]), chosen,
                 moving, limit_h)  # fmt: skip


@lru_cache(maxsize=16)
def _best(
    release: str, cells: tuple[int, ...], fraction: tuple[float, ...], chosen: str, moving: Pace,
    limit_h: float,
) -> pd.DataFrame:  # fmt: skip
    view = data.view(release)
    area = choose.Area("", areas.from_cells(np.array(cells), np.array(fraction)))
    part, place = _part(view, area)
    away = ways.hours(release, chosen, moving)[place]
    return reach.best_sites(
        ways.passable(release), _candidates(view, area), part, away, limit_h=limit_h, pace=moving,
        sites=SITES,
    )  # fmt: skip


def _candidates(view: View, area: choose.Area) -> pd.DataFrame:
    found = []
    for kind in KINDS:
        table = view.places(kind).dropna(subset=["lat_deg", "name"])
        inside = table[table["cell"].isin(area.cells["cell"])]
        if "population_people" in inside:
            inside = inside.sort_values("population_people", ascending=False)
        found.append(inside[["name", "lat_deg", "lon_deg"]].head(MOST_CANDIDATES).assign(kind=kind))
    return pd.concat(found, ignore_index=True).drop_duplicates("name", ignore_index=True)


def _part(view: View, area: choose.Area) -> tuple[pd.DataFrame, np.ndarray]:
    """Cells of an area that the release has, with people, and their position in it."""
    everywhere = ways.cells(view.name)
    cut = measures.cut(area.cells, blocks.hexagons(view.name)[["cell", POPULATION.column]])
    own = cut[cut["cell"].isin(everywhere)].reset_index(drop=True)
    return own, np.searchsorted(everywhere, own["cell"].to_numpy(np.int64))


for _cached in (_best, _shared):
    data.forget_daily(_cached.cache_clear)
