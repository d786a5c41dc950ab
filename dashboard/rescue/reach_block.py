"""Steps 2, 4 and 5: who arrives when, where help is needed, and where the two do not meet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import say
from dashboard.language import _, listed, number, percent, word
from dashboard.rescue import fleet_block, gap_areas, ground, plan, settings, tables
from dashboard.rescue.plan import Plan
from geo_data import grid
from geo_data import quantities as q
from layers.sar import places

SHOWN = 200


def reach_controls(made: Plan) -> None:
    """Time of day, alert, reserve, wind."""
    settings.show(settings.REACH[:5], made.values)
    if made.values["wind"] == "entered":
        settings.show(settings.REACH[5:], made.values)
    elif plan.wind_of(made.values, made.hexes) is None:
        say.warning(
            _("The data holds no wind, so aircraft fly in calm air. Enter a wind if you know it.")
        )


def reach_below(made: Plan) -> None:
    """How much is reached within what time, and why the rest is not."""
    if made.blind:
        return
    told = arrivals(made).rename(columns={"what": _("First arrival")})
    tables.show(made, told, height=420)
    cells = made.reach.cells
    tables.hexagon_files(made, cells[cells["reached"]].drop(columns="obstacle"), "response")
    fleet_block.remarks(made)


def arrivals(made: Plan) -> pd.DataFrame:
    """Hexagons, area, people and demand by the hours until somebody arrives, or why nobody does."""
    cells = made.reach.cells
    km2 = np.asarray(grid.area_km2(cells["cell"]), np.float64)
    people = ground.people(made.hexes)
    hours = cells[q.RESPONSE.column].to_numpy(np.float64)
    rows = []
    for low, high in ((0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, np.inf)):
        rows.append((_span(low, high), (hours >= low) & (hours < high)))
    reasons = cells.loc[~cells["reached"], "obstacle"].value_counts().index
    rows += [(reason, (cells["obstacle"] == reason).to_numpy()) for reason in reasons]
    return pd.DataFrame(
        [
            {"what": word(what), "cells_count": int(hit.sum()), "area_km2": km2[hit].sum(),
             "population_people": people[hit].sum(),
             "demand_share": float(made.gaps[q.DEMAND.column].to_numpy()[hit].sum())}
            for what, hit in rows
        ]
    )  # fmt: skip


def demand_controls(made: Plan) -> None:
    """How much each witness counts."""
    settings.show(settings.DEMAND, made.values)


def demand_below(made: Plan) -> None:
    """What each witness says, and who is silent."""
    need = made.need
    if need.silent:
        said = listed([word(name) for name in need.silent])
        say.warning(
            _("Asked and silent, so the others share the weight: {witnesses}.", witnesses=said)
        )
    if not need.weights:
        say.note(_("Nobody knows where help is needed, so demand and gaps are unknown."))
        return
    say.caption(_("Distress reports: no source of this release carries them."))
    tables.show(made, witnesses(made))
    top = need.cells[need.cells[q.DEMAND.column] > 0]
    tables.hexagon_files(made, top, "demand")


def witnesses(made: Plan) -> pd.DataFrame:
    """What each witness weighs, how many hexagons it speaks of, and where it says most."""
    need = made.need
    rows = []
    for name, weight in need.weights.items():
        part = need.cells[name].to_numpy()
        best = int(part.argmax())
        lat, lon = grid.centres_of(need.cells["cell"].to_numpy()[[best]])
        rows.append(
            {"witness": name, "weight": round(weight * 100, 1),
             "cells_count": int((part > 0).sum()), "lat_deg": lat[0], "lon_deg": lon[0]}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.assign(place=places.described(table, ground.known_places(made.view)))


def gap_controls(made: Plan) -> None:
    """When help has to be there."""
    settings.show(settings.GAP, made.values)
    if made.values["search_km2"]:
        with st.expander(_("How it is searched")):
            settings.show(settings.SEARCH, made.values)


def gap_below(made: Plan) -> None:
    """Gap areas and cells by rank, and both as files."""
    if made.blind or made.ranked.empty:
        say.note(
            _("Every recorded demand is met in time with these assets.")
            if made.met_share is not None
            else _("Demand or assets are not known here, so neither are gaps.")
        )
        return
    found = gap_areas.areas(made)
    area_tab, cell_tab = st.tabs([_("Areas"), _("Hexagons")])
    with area_tab:
        tables.show(made, found)
    with cell_tab:
        cells = made.ranked.assign(h3=grid.text(made.ranked["cell"])).drop(columns="cell")
        tables.show(made, cells.head(SHOWN))
    tables.hexagon_files(made, made.ranked, "gap")
    named = tables.stamp(made, tables.named(made, found))
    say.caption(_("Gap areas"))
    tables.buttons(
        made, "gap-areas", csv=lambda: tables.exports.csv(named),
        kml=lambda: tables.exports.kml("Gap areas", named.assign(name=named["place"])),
    )  # fmt: skip
    chance = made.chances["chance"].value_counts()
    parts = [f"{word(name)}: {number(count)}" for name, count in chance.items()]
    say.caption(_("Survivable coverage, hexagons: {counts}.", counts=listed(parts)))


def met(made: Plan) -> str:
    """Share of the demand met, in words."""
    return _("unknown") if made.met_share is None else percent(made.met_share)


def _span(low: float, high: float) -> str:
    if np.isinf(high):
        return _("{low} h or more", low=number(low))
    return _("{low} to {high} h", low=number(low), high=number(high))
