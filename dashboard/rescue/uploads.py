"""Files that a planner brings along: assets, tracks or searched areas, particles of a drift model.

What is expected of them stands here; how files are read, in :mod:`dashboard.uploaded`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import shapely

from dashboard import uploaded
from geo_data.errors import SourceUnreadable
from geo_data.tables import PLACE_KINDS, Field
from geo_data.uploads import GEOMETRY, ROW, Asked, Told
from geo_data.vocabulary import Medium, Sensor
from layers.sar import searched_areas
from layers.sar.patterns import KM_PER_NM, Pattern

TABLES = ("csv", "tsv", "txt", "xlsx", "xls", "ods")
MAPS = ("gpkg", "geojson", "json", "kml", "kmz", "zip", "fgb")
ASSET_FILES, TRACK_FILES, PARTICLE_FILES = (*TABLES, *MAPS), ("gpx", *TABLES, *MAPS), ("nc",)
MOST_BYTES, MOST_PARTICLE_BYTES = 5_000_000, 25_000_000
MOST_ASSETS, MOST_FIXES, MOST_PARTICLES, MOST_AREAS = 500, 200_000, 200_000, 50
NUMBERS = ("lat_deg", "lon_deg", "speed_km_h", "endurance_h", "mobilise_h")
NEEDED = ("medium", *NUMBERS)
OPTIONAL = ("place_id", "name", "asset_type", "organisation", "ready", "on_call", "sensor")
ASSET_FIELDS = [*NEEDED, "position", "speed_kn", *OPTIONAL]
TRACK_FIELDS = ["track_id", "name", "lat_deg", "lon_deg", "position", "time", "pattern",
                "spacing_nm", "spacing_m"]  # fmt: skip
YES, NO = {"yes", "true", "1", "y", "oui", "sí", "نعم"}, {"no", "false", "0", "n", "non", "لا"}
WIDEST_NM, ZERO_DEG, WIDEST_DEG = 100.0, 1e-3, 5.0
LIMITS = {field.name: field for field in PLACE_KINDS["assets"]} | {
    "lat_deg": Field("lat_deg", PLACE_KINDS["assets"][0].type, low=-90, high=90),
    "lon_deg": Field("lon_deg", PLACE_KINDS["assets"][0].type, low=-180, high=180),
    "spacing_nm": Field("spacing_nm", PLACE_KINDS["assets"][0].type, low=0.01, high=WIDEST_NM),
    "speed_kn": Field("speed_kn", PLACE_KINDS["assets"][0].type, low=0.5, high=800),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Searched:
    """What a planner says was searched.

    Attributes
    ----------
    fixes : DataFrame
        ``track_id``, ``name``, ``lat_deg``, ``lon_deg``, ``time`` (UTC, null where unknown).
    tracks, areas, undated : int
        How many tracks there are, how many of them are areas in a pattern, how many tell no time.
    """

    fixes: pd.DataFrame
    tracks: int
    areas: int
    undated: int


def assets(name: str, content: bytes) -> tuple[pd.DataFrame, Told]:
    """Assets of a table or of a layer of points, every value checked.

    Returns
    -------
    DataFrame
        Columns of the table ``assets`` that the file has; ``ready`` is yes where it does not say.
    Told

    Raises
    ------
    SourceUnreadable
        With the row and the column of the first value that cannot be used.
    """
    asked = Asked("records", ASSET_FIELDS, most_rows=MOST_ASSETS)
    table, told = uploaded.read(name, content, asked, most_bytes=MOST_BYTES)
    if "speed_kn" in table and "speed_km_h" not in table:
        table["speed_km_h"] = _numbers(name, table, told, "speed_kn") * KM_PER_NM
    _refuse_missing(name, table, told, NEEDED, "Name the columns so, one asset a row.")
    _refuse_nowhere(name, table, told)
    for column in NUMBERS[2:]:
        table[column] = _numbers(name, table, told, column)
    for column, words in (("medium", Medium), ("sensor", Sensor)):
        if column in table:
            said = table[column].str.strip().str.lower()
            fine = said.isin([word.value for word in words])
            fine |= said.isna() & (column == "sensor")
            _check(name, table, told, column, fine, ", ".join(words))
            table[column] = said
    said = table["ready"].fillna("yes") if "ready" in table else pd.Series("yes", table.index)
    said = said.str.strip().str.lower()
    _check(name, table.assign(ready=said), told, "ready", said.isin(YES | NO), "yes or no")
    table["ready"] = said.isin(YES)
    return table.drop(columns=[n for n in (ROW, GEOMETRY, "position") if n in table]), told


def searched(name: str, content: bytes) -> tuple[Searched, Told]:
    """Tracks, or areas with their pattern, of a file.

    Raises
    ------
    SourceUnreadable
        With the row and the column of the first value that cannot be used.
    WaypostError
        If a pattern cannot be steered.
    """
    asked = Asked("positions", TRACK_FIELDS, most_rows=MOST_FIXES)
    table, told = uploaded.read(name, content, asked, most_bytes=MOST_BYTES)
    if GEOMETRY in table:
        fixes = searched_areas.fixes_of(_areas(name, table, told))
        many = fixes["track_id"].nunique()
        fixes["time"] = pd.Series(pd.NaT, fixes.index, dtype="datetime64[ns, UTC]")
        return Searched(fixes, many, many, many), told
    made = _fixes(name, table, told)
    dated = made.groupby("track_id")["time"].agg(lambda times: times.notna().any())
    return Searched(made, len(dated), 0, int((~dated).sum())), told


def particles(name: str, content: bytes) -> tuple[pd.DataFrame, Told]:
    """Particles of a drift model at the end, as :func:`layers.sar.drift.of_particles` takes them.

    Raises
    ------
    SourceUnreadable
        If the file is not in the NetCDF layout of OpenDrift, or holds no particle.
    """
    asked = Asked("particles", most_rows=MOST_PARTICLES)
    table, told = uploaded.read(name, content, asked, most_bytes=MOST_PARTICLE_BYTES)
    beyond = ~(table["lat_deg"].between(-90, 90) & table["lon_deg"].between(-180, 180))
    _check(name, table.assign(position=table["lat_deg"].astype(str)), told, "position", ~beyond,
           "degrees of latitude and longitude")  # fmt: skip
    return table[["lat_deg", "lon_deg", "status", "time"]], told


def _fixes(name: str, table: pd.DataFrame, told: Told) -> pd.DataFrame:
    _refuse_missing(name, table, told, ("lat_deg", "lon_deg"),
                    "One position a row; track_id and time if they are known.")  # fmt: skip
    _refuse_nowhere(name, table, told)
    stem = name.rpartition(".")[0] or name
    nothing = pd.Series(None, table.index, dtype="str")
    ids = table.get("track_id", nothing).fillna("1")
    own = ids.where(ids.str.startswith(stem), stem + "-" + ids)
    written = table.get("time", nothing)
    time = pd.to_datetime(written, utc=True, errors="coerce", format="ISO8601")
    _check(name, table, told, "time", time.notna() | written.isna(),
           "a time such as 2026-11-20T06:30:00Z")  # fmt: skip
    return pd.DataFrame(
        {"track_id": own, "name": table.get("name", nothing).fillna(own),
         "lat_deg": table["lat_deg"], "lon_deg": table["lon_deg"], "time": time}
    )  # fmt: skip


def _areas(name: str, table: pd.DataFrame, told: Told) -> pd.DataFrame:
    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy(dtype=object))
    spans = shapely.bounds(shapes)[:, 2:] - shapely.bounds(shapes)[:, :2]
    kinds = [None if shape is None else shape.geom_type for shape in shapes]
    table = table.assign(**{GEOMETRY: shapes, "kind": kinds})
    if len(table) > MOST_AREAS:
        raise SourceUnreadable(
            name, f"{len(table):,} areas", f"at most {MOST_AREAS:,}", "Split the file."
        )
    surfaces = (shapely.get_dimensions(shapes) == 2) & (spans < WIDEST_DEG).all(axis=1)
    _check(name, table, told, "kind", pd.Series(surfaces, table.index),
           f"an area less than {WIDEST_DEG:g} degrees wide")  # fmt: skip
    if "spacing_m" in table and "spacing_nm" not in table:
        table["spacing_nm"] = _read(table["spacing_m"]).div(KM_PER_NM * 1000).astype("str")
    _refuse_missing(name, table, told, ("spacing_nm",),
                    "A searched area needs the distance between its tracks.")  # fmt: skip
    spacing = _numbers(name, table, told, "spacing_nm")
    nothing = pd.Series(None, table.index, dtype="str")
    pattern = table.get("pattern", nothing).fillna(Pattern.PARALLEL.value).str.strip().str.lower()
    pattern = pattern.str.replace("_", " ").replace("parallel", Pattern.PARALLEL.value)
    _check(
        name,
        table,
        told,
        "pattern",
        pattern.isin([one.value for one in Pattern]),
        ", ".join(Pattern),
    )
    stem = name.rpartition(".")[0] or name
    ids = stem + "-" + table[ROW].astype(str)
    return pd.DataFrame(
        {"track_id": ids, "name": table.get("name", nothing).fillna(ids), "pattern": pattern,
         "spacing_nm": spacing, GEOMETRY: shapes}
    )  # fmt: skip


def _refuse_missing(
    name: str, table: pd.DataFrame, told: Told, wanted: tuple[str, ...], advice: str
) -> None:
    placed = table[["lat_deg", "lon_deg"]].notna().all(axis=1).any() or (
        "position" in table and table["position"].notna().any()
    )
    here = {*table.columns} - (set() if placed else {"lat_deg", "lon_deg"})
    missing = [column for column in wanted if column not in here]
    if missing:
        raise SourceUnreadable(
            name, f"columns {', '.join(told.columns[:30]) or 'without a name'}",
            f"also {', '.join(missing)}", advice,
        )  # fmt: skip


def _refuse_nowhere(name: str, table: pd.DataFrame, told: Told) -> None:
    for column in ("lat_deg", "lon_deg"):
        field = LIMITS[column]
        shown = table.assign(**{column: table["position"]})
        _check(name, shown, told, column, table[column].between(field.low, field.high),
               f"{field.low:g} to {field.high:g} degrees, or degrees and minutes")  # fmt: skip
    zero = (table["lat_deg"].abs() < ZERO_DEG) & (table["lon_deg"].abs() < ZERO_DEG)
    shown = table.assign(position=table["position"].fillna("0, 0"))
    _check(name, shown, told, "position", ~zero, "a place; 0, 0 is what devices write without one")


def _read(texts: pd.Series) -> pd.Series:
    """Numbers as people write them; what is none is missing."""
    plain = texts.str.strip().str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True)
    return pd.to_numeric(plain, errors="coerce").astype(float)


def _numbers(name: str, table: pd.DataFrame, told: Told, column: str) -> pd.Series:
    """A column as numbers; those that were made of another one are numbers already."""
    known = table[column]
    found = known if pd.api.types.is_float_dtype(known.dtype) else _read(known)
    field = LIMITS[column]
    low, high = field.low or 0.0, field.high or 0.0
    _check(name, table, told, column, found.between(low, high),
           f"a number from {low:g} to {high:g}")  # fmt: skip
    return found


def _check(
    name: str, table: pd.DataFrame, told: Told, column: str, fine: pd.Series, expected: str
) -> None:
    """Refuse the whole file for the first value that cannot be used."""
    if fine.all():
        return
    first = int((~fine.to_numpy(bool)).argmax())
    value = table[column].iloc[first]
    value = "nothing" if value is None or value != value else repr(value)
    theirs = told.names.get(column, column)
    raise SourceUnreadable(
        name, f"row {table[ROW].iloc[first]}, column {theirs}: {value}", expected,
        "Correct it and bring the file again; nothing was taken.",
    )  # fmt: skip
