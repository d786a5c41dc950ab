"""The context index of one release: indicators once, weights as often as somebody turns them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np
import pandas as pd

from dashboard import data
from dashboard.area import ways
from geo_data import quantities as q
from geo_data.rollup import cover_column
from geo_data.view import View
from layers import BY_KEY
from layers.context import index, indicators, robustness, scheme
from layers.context.scheme import Scheme
from layers.sar.ground import Pace

SECTOR = "all"
NO_WAY_H = 1_000.0
"""Beyond every limit: people whom no way leads to a service score worst, not unknown."""
DRAWS = 1_000


@dataclass(frozen=True, eq=False)
class Indicators:
    """What an index is made of, for the hexagons that it is about.

    Attributes
    ----------
    cells : int64 array, shape (n,)
    values, scores : DataFrame, shape (n, indicators)
    problems : dict of str to str
        By indicator.
    remarks : tuple of str
    """

    cells: np.ndarray
    values: pd.DataFrame
    scores: pd.DataFrame
    problems: dict[str, str]
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ranking:
    """An index with one set of weights; ``table`` has a row for each cell of ``basis``."""

    scheme: Scheme
    basis: Indicators
    table: pd.DataFrame
    token: str

    @property
    def result(self) -> pd.Series:
        """The index itself, 0 to 10, null where nothing is known."""
        return self.table[self.scheme.result]


@lru_cache(maxsize=1)
def declared() -> Scheme:
    """The index as it ships."""
    return scheme.load(scheme.BORDER_PRESSURE)


@lru_cache(maxsize=3)
def basis(release: str) -> Indicators:
    """Indicators of a release, as its audience may see them."""
    plan, view = declared(), data.view(release)
    names = {n for one in plan.indicators for n in (one.quantity, one.per)}
    names |= {name for rule in plan.only for name in rule.of}
    wanted = [one for one in q.HEX_QUANTITIES if one.column in names]
    table = view.wide(wanted)
    for pace, quantity in ways.PACES.items():
        away = ways.hours(release, SECTOR, pace)
        table[quantity.column] = np.where(np.isinf(away), NO_WAY_H, away)
    inside, remarks = indicators.within(table, plan)
    values = indicators.values(table, plan)[inside].reset_index(drop=True)
    cells = table["cell"].to_numpy(np.int64)[inside]
    return Indicators(
        cells, values, index.scored(values, plan), indicators.problems(values, plan), remarks
    )


def ranking(view: View, plan: Scheme) -> Ranking:
    """The index under a scheme, drawable on the map."""
    token = hashlib.sha256(msgspec.json.encode(plan)).hexdigest()[:16]
    made = _ranking(view.name, token, msgspec.json.encode(plan))
    _register(view, made)  # again on a hit: its tiles may have been let go since
    return made


@lru_cache(maxsize=8)
def _ranking(release: str, token: str, plan: bytes) -> Ranking:
    found, read = basis(release), msgspec.json.decode(plan, type=Scheme)
    return Ranking(read, found, index.evaluated(found.scores, read), token)


def _register(view: View, made: Ranking) -> None:
    everywhere = ways.cells(view.name)
    place = np.searchsorted(everywhere, made.basis.cells)
    columns = {q.CONTEXT_INDEX: made.result, q.INDEX_MISSING: made.table["missing_count"]}
    for quantity, values in columns.items():
        value, cover = np.full(len(everywhere), np.nan), np.zeros(len(everywhere))
        value[place], cover[place] = values.to_numpy(np.float64), 1.0
        table = pd.DataFrame(
            {"cell": everywhere, quantity.column: value, cover_column(quantity): cover}
        )
        data.register(view.name, BY_KEY[quantity.column], made.token, table)


def sureness(made: Ranking, release: str) -> pd.DataFrame:
    """Rank interval and priority of every hexagon over 1,000 versions of the index."""
    return _sureness(release, made.token, msgspec.json.encode(made.scheme))


@lru_cache(maxsize=4)
def _sureness(release: str, token: str, plan: bytes) -> pd.DataFrame:
    made = _ranking(release, token, plan)
    return robustness.robustness(
        made.basis.scores, made.scheme, robustness.draws(made.scheme, DRAWS)
    )


def dropped(made: Ranking) -> pd.DataFrame:
    """What each indicator does to the ranking.

    Returns
    -------
    DataFrame, one row per indicator
        ``key``, ``weight`` (share if all means were arithmetic), ``known_share`` of the hexagons,
        ``correlation`` with the index, ``left_share``: how much of the worst tenth is another
        when it is dropped (null if it is not known anywhere).
    """
    scores, plan = made.basis.scores, made.scheme
    tenth = _worst(made.result)
    weight, linked = index.weights_of(plan), robustness.correlations(scores, made.result)
    rows = []
    for one in plan.indicators:
        known = float(scores[one.key].notna().mean()) if len(scores) else 0.0
        rest = index.evaluated(scores.assign(**{one.key: np.nan}), plan)[plan.result]
        left = np.nan if not known or not tenth else 1 - len(tenth & _worst(rest)) / len(tenth)
        rows.append((one.key, weight[one.key], known, linked[one.key], left))
    return pd.DataFrame(rows, columns=["key", "weight", "known_share", "correlation", "left_share"])


def _worst(result: pd.Series) -> set[int]:
    ranked = index.ranked(result.dropna())
    return set(ranked[ranked <= max(1, int(np.ceil(0.1 * len(ranked))))].index)


def paces() -> tuple[Pace, ...]:
    """Walking and driving."""
    return tuple(ways.PACES)


for _cached in (basis, _ranking, _sureness):
    data.forget_daily(_cached.cache_clear)
