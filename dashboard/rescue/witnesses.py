"""Who says where help is needed: incidents, people crossing, people exposed."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pandas as pd

from dashboard.rescue import ground
from dashboard.rescue.settings import Value
from geo_data import quantities as q
from geo_data.view import View
from geo_data.words import N_
from layers.sar import demand
from layers.sar.blend import Blend, around, blend

INCIDENTS, FLOWS, EXPOSED = N_("recorded incidents"), N_("people crossing"), N_("people exposed")
WEIGHTS = {INCIDENTS: "w_incidents", FLOWS: "w_flows", EXPOSED: "w_exposed"}
FLOW_DAYS, FLOW_KM = 30, 50.0
DEEP_M, HOT_C = 0.5, 40.0


def need(view: View, hexes: pd.DataFrame, values: dict[str, Value]) -> Blend:
    """Demand of each cell, as the planner weighs the witnesses."""
    weights = {name: float(values[key]) for name, key in WEIGHTS.items()}
    if not sum(weights.values()):
        weights[INCIDENTS] = 1.0
    cells = hexes["cell"].to_numpy(np.int64)
    asked = {
        name: found
        for name, found in (
            (INCIDENTS, lambda: _incidents(view, hexes, float(values["half_life"]))),
            (FLOWS, lambda: _flows(view, hexes)),
            (EXPOSED, lambda: exposed(hexes)),
        )
        if weights[name] > 0
    }
    return blend(cells, {name: found() for name, found in asked.items()}, weights)


def exposed(hexes: pd.DataFrame) -> np.ndarray:
    """People where floods or heat reach what harms them; NaN where neither is known."""
    depth, heat = (
        hexes[quantity.column].to_numpy(np.float64) for quantity in (q.FLOOD_DEPTH, q.HEAT)
    )
    harmed = (depth >= DEEP_M) | (heat >= HOT_C)
    unknown = np.isnan(depth) & np.isnan(heat)
    return np.where(unknown, np.nan, ground.people(hexes) * harmed)


def _incidents(view: View, hexes: pd.DataFrame, half_life_years: float) -> np.ndarray:
    made = demand.demand(
        view.places("incidents"), hexes, as_of=view.today, half_life_years=half_life_years
    )
    return made[q.DEMAND.column].to_numpy(np.float64)


def _flows(view: View, hexes: pd.DataFrame) -> np.ndarray:
    """People crossing per day near each post; series name posts by code or by name."""
    cells = hexes["cell"].to_numpy(np.int64)
    series = view.series()
    series = series[series["quantity"] == q.CROSSED.column].dropna(subset=["value"])
    dates = pd.to_datetime(series["start"])
    recent = series[dates > dates.max() - timedelta(days=FLOW_DAYS)]
    days = pd.to_datetime(recent["start"]).nunique() or 1
    daily = recent.groupby("place_code")["value"].sum() / days
    posts = view.places("crossings").dropna(subset=["lat_deg", "lon_deg"])
    by_code = {_plain(code): value for code, value in daily.items()}
    amount = [
        by_code.get(_plain(name), by_code.get(_plain(code), 0.0))
        for name, code in zip(posts["name"], posts["place_id"], strict=True)
    ]
    if not sum(amount) > 0:
        return np.full(len(cells), np.nan)
    return around(
        cells, lat_deg=posts["lat_deg"].to_numpy(np.float64),
        lon_deg=posts["lon_deg"].to_numpy(np.float64), amount=np.array(amount), reach_km=FLOW_KM,
    )  # fmt: skip


def _plain(text: object) -> str:
    return re.sub(r"\W|_", "", str(text)).lower()
