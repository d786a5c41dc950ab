"""Sorties that overlap: how it was counted, and what to mend if one was recorded twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from geo_data.words import N_, Number, Phrase

SHARED_SHARE = 0.25
MOST, MOST_TRACKS = 50, 100
ADDS_UP = N_("both counted, their effort adds up")
TWICE = N_("Remove one if the same sortie was recorded twice.")
TWO_PLACES = N_("One searcher cannot be in two places: correct names or times, or remove one.")
COLUMNS = ("track_id", "problem", "done", "advice")


def overlaps(fixes: pd.DataFrame, passed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Remarks on pairs of sorties.

    Parameters
    ----------
    fixes : DataFrame, one row per position
        ``track_id``, ``name``, and ``time`` if it is known.
    passed : mapping of track_id to DataFrame
        ``cell`` of all that a track passes.

    Returns
    -------
    DataFrame
        ``track_id``, ``problem``, ``done``, ``advice`` for pairs of one searcher at one time, and
        for pairs that share a quarter of the hexagons of the shorter one in the same period or
        without times. Effort of both is counted as it is.
    """
    some = list(passed.items())[:MOST_TRACKS]
    cells = {track: frozenset(table["cell"]) for track, table in some}
    spans = _spans(fixes)
    names = fixes.drop_duplicates("track_id").set_index("track_id")["name"].astype(str)
    rows: list[tuple[str, str, str, str]] = []
    for one, other in combinations(cells, 2):
        met = _meet(spans.get(one), spans.get(other))
        if met is False:
            continue
        if met and names[one] == names[other]:
            said = Phrase("the same searcher at the same time as track {other}", other=other)
            rows.append((one, said, ADDS_UP, TWO_PLACES))
            continue
        shared, shorter = len(cells[one] & cells[other]), min(len(cells[one]), len(cells[other]))
        if shared and shared >= SHARED_SHARE * shorter:
            counts = {"n": Number(shared), "all": Number(shorter), "other": names[other]}
            said = (
                Phrase("{n} of {all} hexagons also searched in the same period by {other}",
                       **counts)
                if met
                else Phrase("{n} of {all} hexagons also searched by {other}, times not known",
                            **counts)
            )  # fmt: skip
            rows.append((one, said, ADDS_UP, TWICE))
    return _table(rows[:MOST])


def _spans(fixes: pd.DataFrame) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last moment of each track that has any."""
    if "time" not in fixes:
        return {}
    dated = fixes.assign(time=pd.to_datetime(fixes["time"], utc=True)).dropna(subset=["time"])
    ends = dated.groupby("track_id")["time"].agg(["min", "max"])
    return {str(name): (row["min"], row["max"]) for name, row in ends.iterrows()}


def _meet(
    one: tuple[pd.Timestamp, pd.Timestamp] | None, other: tuple[pd.Timestamp, pd.Timestamp] | None
) -> bool | None:
    """Whether two periods meet; None if either is not known."""
    if one is None or other is None:
        return None
    return bool(one[0] < other[1] and other[0] < one[1])


def _table(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Texts stay phrases, which an Arrow column would flatten."""
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    return made.assign(
        **{
            name: pd.Series([row[place] for row in rows], dtype=object)
            for place, name in enumerate(COLUMNS)
            if place
        }
    )
