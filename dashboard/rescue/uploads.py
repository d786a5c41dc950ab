"""Files that a planner brings along: assets as CSV or Excel, tracks as CSV or GPX."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import PurePath
from xml.etree.ElementTree import Element  # noqa: S405 -- the type alone

import pandas as pd
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from geo_data.errors import SourceUnreadable
from geo_data.tables import PLACE_KINDS, Field
from geo_data.vocabulary import Medium

MOST_BYTES = 5_000_000
MOST_ASSETS = 500
MOST_FIXES = 200_000
OTHER_NAMES = {
    "id": "place_id", "call_sign": "place_id", "latitude": "lat_deg", "lat": "lat_deg",
    "longitude": "lon_deg", "lon": "lon_deg", "lng": "lon_deg", "type": "asset_type",
    "owner": "organisation", "speed_kmh": "speed_km_h", "mobilisation_h": "mobilise_h",
    "track": "track_id", "timestamp": "time",
}  # fmt: skip
NUMBERS = ("lat_deg", "lon_deg", "speed_km_h", "endurance_h", "mobilise_h")
NEEDED = ("medium", *NUMBERS)
YES, NO = {"yes", "true", "1", "y", "oui", "sí", "نعم"}, {"no", "false", "0", "n", "non", "لا"}
LIMITS = {field.name: field for field in PLACE_KINDS["assets"]} | {
    "lat_deg": Field("lat_deg", PLACE_KINDS["assets"][0].type, low=-90, high=90),
    "lon_deg": Field("lon_deg", PLACE_KINDS["assets"][0].type, low=-180, high=180),
}
KM_H_PER_KN = 1.852


def assets(name: str, content: bytes) -> pd.DataFrame:
    """Assets of a CSV or Excel file, every value checked.

    Returns
    -------
    DataFrame
        Columns of the table ``assets`` that the file has; ``ready`` is yes where it does not say.

    Raises
    ------
    SourceUnreadable
        With the row and the column of the first value that cannot be used.
    """
    table = _table(name, content)
    if "speed_kn" in table and "speed_km_h" not in table:
        table["speed_km_h"] = _numbers(name, table, "speed_kn") * KM_H_PER_KN
    missing = [column for column in NEEDED if column not in table]
    if missing:
        raise SourceUnreadable(
            file=name, found=f"columns {', '.join(table)}", expected=f"also {', '.join(missing)}",
            advice="Name the columns so, one asset a row.",
        )  # fmt: skip
    if len(table) > MOST_ASSETS:
        raise _too_many(name, len(table), MOST_ASSETS)
    for column in NUMBERS:
        table[column] = _numbers(name, table, column)
    medium = table["medium"].astype(str).str.strip().str.lower()
    _check(name, table, "medium", medium.isin([word.value for word in Medium]), ", ".join(Medium))
    table["medium"] = medium
    said = table.get("ready", pd.Series("yes", index=table.index)).astype(str).str.strip()
    said = said.str.lower().replace({"": "yes", "nan": "yes"})
    _check(name, table.assign(ready=said), "ready", said.isin(YES | NO), "yes or no")
    table["ready"] = said.isin(YES)
    return table


def tracks(name: str, content: bytes) -> pd.DataFrame:
    """Fixes of a CSV, Excel or GPX file: ``track_id``, ``name``, degrees and ``time``.

    Raises
    ------
    SourceUnreadable
    """
    if PurePath(name).suffix.lower() == ".gpx":
        return _gpx(name, content)
    table = _table(name, content)
    missing = [column for column in ("lat_deg", "lon_deg") if column not in table]
    if missing:
        raise SourceUnreadable(
            file=name, found=f"columns {', '.join(table)}", expected=f"also {', '.join(missing)}",
            advice="One position a row; track_id and time if they are known.",
        )  # fmt: skip
    if len(table) > MOST_FIXES:
        raise _too_many(name, len(table), MOST_FIXES)
    for column in ("lat_deg", "lon_deg"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    ids = table.get("track_id", pd.Series("1", index=table.index)).astype(str)
    stem = PurePath(name).stem
    time = table.get("time", pd.Series(pd.NaT, index=table.index))
    return pd.DataFrame(
        {
            "track_id": stem + "-" + ids, "name": table.get("name", stem + " " + ids),
            "lat_deg": table["lat_deg"], "lon_deg": table["lon_deg"],
            "time": pd.to_datetime(time, utc=True, errors="coerce", format="ISO8601"),
        }
    )  # fmt: skip


def _table(name: str, content: bytes) -> pd.DataFrame:
    if len(content) > MOST_BYTES:
        raise SourceUnreadable(
            file=name, found=f"{len(content):,} bytes", expected=f"at most {MOST_BYTES:,}",
            advice="Bring only the rows and columns that are needed.",
        )  # fmt: skip
    ending = PurePath(name).suffix.lower()
    try:
        if ending in (".xlsx", ".xls", ".ods"):
            table = pd.read_excel(io.BytesIO(content), engine="calamine", dtype=object)
        elif ending in (".csv", ".txt"):
            table = pd.read_csv(
                io.StringIO(content.decode("utf-8-sig")), sep=None, engine="python", dtype=str
            )
        else:
            raise SourceUnreadable(
                file=name, found=f"a file {ending or 'without an ending'}",
                expected="CSV or Excel (tracks also GPX)",
                advice="Save it as CSV; GeoPackages come in through a source of the operation.",
            )  # fmt: skip
    except SourceUnreadable:
        raise
    except Exception as problem:  # any parser's own; the file is a stranger's
        raise SourceUnreadable(
            file=name, found=str(problem)[:200], expected="a table with one row of column names",
            advice="Save it again as CSV in UTF-8.",
        ) from problem  # fmt: skip
    plain = [str(column).strip().lower().replace(" ", "_") for column in table]
    table.columns = pd.Index([OTHER_NAMES.get(column, column) for column in plain])
    table = table.loc[:, ~table.columns.duplicated()].dropna(how="all").reset_index(drop=True)
    if table.empty:
        raise SourceUnreadable(
            file=name, found="no row", expected="one row a record", advice="Check the file."
        )
    return table


def _numbers(name: str, table: pd.DataFrame, column: str) -> pd.Series:
    found = pd.to_numeric(table[column].astype(str).str.strip(), errors="coerce")
    field = LIMITS.get(column, LIMITS["speed_km_h"])
    low, high = field.low or 0, field.high or 0
    low = field.low if field.low is not None else low
    _check(name, table, column, found.between(low, high), f"a number from {low:g} to {high:g}")
    return found.astype(float)


def _check(name: str, table: pd.DataFrame, column: str, fine: pd.Series, expected: str) -> None:
    if not fine.all():
        row = int((~fine.to_numpy(bool)).argmax())
        raise SourceUnreadable(
            file=name, found=f"row {row + 2}, column {column}: {table[column].iloc[row]!r}",
            expected=expected, advice="Correct it and bring the file again; nothing was taken.",
        )  # fmt: skip


def _gpx(name: str, content: bytes) -> pd.DataFrame:
    if len(content) > MOST_BYTES:
        raise _too_many(name, len(content), MOST_BYTES)
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as problem:
        raise SourceUnreadable(
            file=name, found=str(problem)[:200], expected="a GPX file with tracks or routes",
            advice="Export it from the device again.",
        ) from problem  # fmt: skip
    rows = []
    for number, track in enumerate(_all(root, "trkseg") + _all(root, "rte"), start=1):
        for point in _all(track, "trkpt") + _all(track, "rtept"):
            time = next((child.text for child in point if _local(child) == "time"), None)
            rows.append(
                (f"{PurePath(name).stem}-{number}", point.get("lat"), point.get("lon"), time)
            )
    if not rows:
        raise SourceUnreadable(
            file=name, found="no track point", expected="tracks or routes",
            advice="Waypoints alone do not say what was searched.",
        )  # fmt: skip
    if len(rows) > MOST_FIXES:
        raise _too_many(name, len(rows), MOST_FIXES)
    made = pd.DataFrame(rows, columns=["track_id", "lat_deg", "lon_deg", "time"])
    return made.assign(
        name=made["track_id"], lat_deg=pd.to_numeric(made["lat_deg"], errors="coerce"),
        lon_deg=pd.to_numeric(made["lon_deg"], errors="coerce"),
        time=pd.to_datetime(made["time"].map(_moment), utc=True),
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None


def _all(node: Element, name: str) -> list[Element]:
    return [child for child in node.iter() if _local(child) == name]


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _too_many(name: str, found: int, most: int) -> SourceUnreadable:
    return SourceUnreadable(
        file=name, found=f"{found:,}", expected=f"at most {most:,}", advice="Split the file."
    )
