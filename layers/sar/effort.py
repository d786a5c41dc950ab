"""What has been searched: tracks to the area swept in each cell, and how well that covers it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.words import N_, Number, Phrase
from layers.sar import distance
from layers.sar.detection import Curve, detection

LONGEST_GAP_H = 0.5
FASTEST_KM_H = 1_000.0
STEPS_PER_EDGE = 10
GAPS = N_("gaps longer than {hours} h: {n}")
JUMPS = N_("jumps faster than {speed} km/h: {n}")
UNPLACED = N_("fixes without a position: {n}")
BACKWARDS = N_("times that run backwards: {n}")
NOTES = ("track_id", "problem", "done", "advice")


@dataclass(frozen=True, eq=False)
class Effort:
    """Search effort on cells.

    Attributes
    ----------
    cells : DataFrame
        ``cell``, ``track_km`` within it, ``swept_km2`` (track times sweep width), ``sorties_count``
        and ``last`` (end of the last search there; null where tracks carry no time).
    notes : DataFrame
        ``track_id``, ``problem``, ``done``, ``advice`` of tracks that are not whole.
    """

    cells: pd.DataFrame
    notes: pd.DataFrame


def effort(fixes: pd.DataFrame, resolution: int, *, longest_gap_h: float = LONGEST_GAP_H) -> Effort:
    """Area swept in each cell by tracks.

    Legs are cut into pieces of a tenth of a cell's edge, each counted where its middle lies, so
    that the pieces add up to the track.

    Parameters
    ----------
    fixes : DataFrame, one row per position
        ``track_id``, ``lat_deg``, ``lon_deg``, ``sweep_width_m`` and, if known, ``time``. Within a
        track fixes follow their time, or without time their order.
    longest_gap_h : float
        A longer silence is a gap: nobody knows where the searcher was, so it counts as nothing.
    """
    tracks, notes = _ordered(fixes)
    legs = _legs(tracks)
    silent = legs["hours"] > longest_gap_h
    fast = legs["km"] > FASTEST_KM_H * legs["hours"].where(legs["hours"] > 0)
    notes += _said(
        legs, silent, GAPS, N_("gaps left out"),
        N_("Fill them from the logbook if the search went on."), hours=Number(longest_gap_h),
    )  # fmt: skip
    notes += _said(legs, fast & ~silent, JUMPS, N_("jumps left out"),
                   N_("Remove wrong positions."), speed=Number(FASTEST_KM_H))  # fmt: skip
    cells = _on_cells(legs[~(silent | fast)], resolution)
    return Effort(cells, _table(notes))


def coverage(
    swept: pd.DataFrame, searchable_km2: pd.Series, curve: Curve = Curve.RANDOM
) -> pd.DataFrame:
    """Coverage factor and probability of detection of each cell.

    Parameters
    ----------
    swept : DataFrame
        ``cells`` of :class:`Effort`.
    searchable_km2 : Series, indexed by cell
        Area of each cell that belongs to the search, such as its water; where none, nothing is
        detected.

    Returns
    -------
    DataFrame, one row per cell of ``searchable_km2``
        ``cell``, ``coverage_factor``, ``detection_share``; 0 where nobody looked, null where there
        is nothing to search.
    """
    area = searchable_km2.astype(np.float64)
    found = swept.set_index("cell")["swept_km2"].reindex(area.index).fillna(0.0)
    factor = (found / area).where(area > 0)
    return pd.DataFrame(
        {
            "cell": area.index.to_numpy(np.int64),
            "coverage_factor": factor.to_numpy(),
            "detection_share": detection(factor, curve),
        }
    )


def _ordered(fixes: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Fixes with a position, each track in the order of time; what had to be put right."""
    notes: list[dict[str, str]] = []
    table = fixes.copy()
    if "time" not in table:
        table["time"] = pd.NaT
    table["time"] = pd.to_datetime(table["time"], utc=True)
    placed = table["lat_deg"].abs().le(90) & table["lon_deg"].abs().le(180)
    notes += _said(table, ~placed, UNPLACED, N_("fixes left out"), N_("Complete them."))
    table = table[placed]
    undated, dated = (one.groupby(table["track_id"]).transform("any") for one in (
        table["time"].isna(), table["time"].notna()))  # fmt: skip
    notes += _said(table, undated & dated & table["time"].isna(), "fixes without a time",
                   "times of the track not used, its order kept", "Complete them.")  # fmt: skip
    table["time"] = table["time"].where(~undated)
    back = table.groupby("track_id")["time"].diff() < pd.Timedelta(0)
    notes += _said(table, back, BACKWARDS, N_("fixes sorted by time"),
                   N_("Check the clock of the device."))  # fmt: skip
    table = table.sort_values(["track_id", "time"], kind="stable")
    single = table.groupby("track_id")["track_id"].transform("size") < 2
    notes += _said(table, single, N_("a single fix"), N_("track left out"),
                   N_("Send the whole track."))  # fmt: skip
    return table[~single], notes


def _said(
    table: pd.DataFrame, bad: pd.Series, problem: str, done: str, advice: str, **values: Number
) -> list[dict[str, str]]:
    counts = table.loc[bad.fillna(False), "track_id"].value_counts()
    return [
        {"track_id": str(name), "problem": Phrase(problem, n=Number(n), **values), "done": done,
         "advice": advice}
        for name, n in counts.items()
    ]  # fmt: skip


def _table(notes: list[dict[str, str]]) -> pd.DataFrame:
    """Remarks whose texts stay phrases, which an Arrow column would flatten."""
    made = {name: pd.Series([note[name] for note in notes], dtype=object) for name in NOTES}
    return pd.DataFrame(made)


def _legs(tracks: pd.DataFrame) -> pd.DataFrame:
    """From each fix to the next one of its track."""
    after = tracks.groupby("track_id").shift(-1)
    legs = tracks.assign(
        to_lat_deg=after["lat_deg"], to_lon_deg=after["lon_deg"], until=after["time"]
    )[after["lat_deg"].notna()]
    legs["km"] = distance.distance_km(
        lat_deg=legs["lat_deg"], lon_deg=legs["lon_deg"], to_lat_deg=legs["to_lat_deg"],
        to_lon_deg=legs["to_lon_deg"],
    )  # fmt: skip
    legs["hours"] = (legs["until"] - legs["time"]).dt.total_seconds() / 3600
    return legs


def _on_cells(legs: pd.DataFrame, resolution: int) -> pd.DataFrame:
    pieces = np.maximum(
        1, np.ceil(legs["km"] / grid.AVERAGE_EDGE_KM[resolution] * STEPS_PER_EDGE)
    ).astype(int)
    leg = np.repeat(np.arange(len(legs)), pieces)
    first = np.cumsum(pieces.to_numpy()) - pieces.to_numpy()
    along = (np.arange(len(leg)) - first[leg] + 0.5) / pieces.to_numpy()[leg]
    start = distance.normals(lat_deg=legs["lat_deg"], lon_deg=legs["lon_deg"])[leg]
    end = distance.normals(lat_deg=legs["to_lat_deg"], lon_deg=legs["to_lon_deg"])[leg]
    lat, lon = distance.degrees(start + along[:, None] * (end - start))
    rows = legs.iloc[leg]
    km = rows["km"].to_numpy() / pieces.to_numpy()[leg]
    table = pd.DataFrame(
        {
            "cell": grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution),
            "track_km": km,
            "swept_km2": km * rows["sweep_width_m"].to_numpy(np.float64) / 1000,
            "track_id": rows["track_id"].to_numpy(),
            "last": rows["until"].to_numpy(),
        }
    )
    return table.groupby("cell", as_index=False).agg(
        track_km=("track_km", "sum"), swept_km2=("swept_km2", "sum"),
        sorties_count=("track_id", "nunique"), last=("last", "max"),
    )  # fmt: skip
