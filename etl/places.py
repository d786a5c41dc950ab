"""Sources of points to the place tables: crossings, services, sites, incidents and others."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pandas as pd

from etl import amounts, artefacts, checks, columns, intake, positions, typed, witnesses
from etl.accounts import Contribution
from etl.intake import Intake
from etl.readers.cells import GEOMETRY
from geo_data import geography
from geo_data.operations import Operation
from geo_data.sources import Source

# A jetty or an islet drawn coarsely still belongs to its country.
COUNTRY_WITHIN_KM = 12.0
KEY_DECIMALS = 5


def places(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Accepted places of a source, one row each, and the account of all its records.

    Parameters
    ----------
    raw : DataFrame
        As :func:`etl.readers.read_table` gives it.
    source : Source
        Its ``job`` names the table: a key of :data:`geo_data.tables.PLACE_KINDS`.
    today : date, optional
        Day against which dates are judged; today in UTC by default.
    """
    today = today or datetime.now(UTC).date()
    kind = source.job
    fields = columns.fields_of(source, kind)
    taken = intake.taken_in(raw, source, [f for f in fields if f.name not in ("source", "row")])
    optional = [field for field in fields if field.name != "place_id"]
    _reject_totals(taken)
    if kind == "incidents":
        amounts.forgive_counts(taken, optional)
    typed.make_typed(taken, optional, today)
    positions.make_positions(taken)
    checks.keep_latest(taken)
    reach = witnesses.ON_ROUTES if kind == "incidents" else witnesses.FIXED
    witnesses.reject_implausible(taken, operation, reach)
    if kind == "sites":
        artefacts.reject_duplicate_sites(taken)
    return taken.contribution(kind, _finished(taken, kind))


def _finished(taken: Intake, kind: str) -> pd.DataFrame:
    table = taken.table
    table = table.assign(
        place_id=_ids(table, taken.source, kind),
        country=_countries(table),
    )
    if kind == "incidents":
        table = table.assign(dead_missing_people=_dead_or_missing(table))
    return intake.shown(intake.placed(table, taken.source), kind)


def _countries(table: pd.DataFrame) -> pd.Series:
    """Country declared, else the one that the position is in."""
    blank = table[table["country"].isna()]
    around = geography.country_of(
        lat_deg=blank["lat_deg"].to_numpy(dtype=float),
        lon_deg=blank["lon_deg"].to_numpy(dtype=float), within_km=COUNTRY_WITHIN_KM,
    )  # fmt: skip
    return table["country"].fillna(pd.Series(around, index=blank.index, dtype="str"))


def _dead_or_missing(table: pd.DataFrame) -> pd.Series:
    """Declared total, else the sum of the two; a lower bound where one of them is unknown.

    A total below the dead alone was made with a count that cannot be, such as -1 missing.
    """
    total = table[["dead_people", "missing_people"]].sum(axis=1, min_count=1)
    declared = table["dead_missing_people"].astype("float64")
    return declared.mask(declared < table["dead_people"]).fillna(total)


def _reject_totals(taken: Intake) -> None:
    """Reject sums, which have no position; a petrol station called Total has one."""
    table = taken.table
    placed = table[["lat_deg", "lon_deg", "position"]].notna().any(axis=1)
    placed |= GEOMETRY in table
    totals = checks.totals(table["name"].where(~placed))
    taken.reject(totals, "total_row", "name")


def _ids(table: pd.DataFrame, source: Source, kind: str) -> pd.Series:
    """Ids that stay the same from run to run and for the same record in two files of one owner.

    From the declared id, else from name, position and day; equal records are numbered.
    """
    own = table["place_id"]
    key = own if own.notna().all() else own.fillna(_seen(table))
    start = f"{source.owner}|{kind}|"
    return pd.Series([_hash(start + text) for text in key.tolist()], index=table.index, dtype="str")


def _seen(table: pd.DataFrame) -> pd.Series:
    lat, lon = (table[name].round(KEY_DECIMALS).astype(str) for name in ("lat_deg", "lon_deg"))
    day = table["date"].astype(str).fillna("")
    seen = table["name"].fillna("").str.casefold() + "|" + lat + "|" + lon + "|" + day
    number = seen.groupby(seen).cumcount().astype(str)
    return seen + "|" + number


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
