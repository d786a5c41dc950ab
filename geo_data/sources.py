"""What a source is: one dataset of one provider, declared, never coded.

The provider's own column names, sheet names and code words live in the operation's TOML file;
nothing after the reader ever sees them.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from geo_data.vocabulary import Sensitivity

Job = Literal[
    "crossings", "services", "sites", "incidents", "assets", "landmarks", "presence", "series",
    "counts", "statements", "areas", "gazetteer", "raster", "polygons", "lines",
]  # fmt: skip
Format = Literal[
    "delimited", "excel", "vector", "topojson", "parquet", "raster", "json", "kobo", "xml",
    "shakemap", "cap", "georss",
]  # fmt: skip


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything declared in TOML: unknown keys are refused."""


class Read(Strict, frozen=True):
    """How to read the files of a source. Every key is an answer to dirt met in the field."""

    format: Format
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    names: list[str] = []
    """Column names of a file without a header row."""
    header_row: int = 1
    header_rows: int = 1
    """Rows of the header; several are joined as "Refugees / Women"."""
    sheet: str | list[str] | None = None
    """Sheet of a workbook, the first by default. A list or a pattern such as "2024*" reads several,
    with the name of each in a column ``_sheet``."""
    layer: str | None = None
    """Layer of a file that holds several; of a feed "bbox" for the boxes of its items."""
    member: str | None = None
    """Pattern of the files wanted inside a zip archive."""
    language: str | None = None
    """Language wanted of alerts that speak several, such as "fr"; None: each is a record."""
    records: str | None = None
    """Dotted path to the list of records in a JSON document; empty: the document is the list."""
    missing: list[str] = []
    """Words that mean: not known. Blank always does."""
    coordinates: Literal["decimal", "pair", "unlocode", "dms", "mgrs", "utm", "wkt"] = "decimal"
    """How positions are written, in ``position`` or in ``lat_deg`` and ``lon_deg``. ``utm`` in
    columns: northing, easting, and the zone such as "33N" as ``position``."""
    dates: str | None = None
    """strptime pattern; without it ISO 8601 is expected."""
    crs: str | None = None
    """CRS of a file that carries none."""
    html: bool = False
    """Strip markup from text."""


class Band(Strict, frozen=True):
    """One quantity out of a raster."""

    quantity: str
    band: int = 1
    variable: str | None = None
    """Variable of a NetCDF, element of a GRIB such as "TMP"."""
    time: str | None = None
    """Valid time of the band wanted, ISO 8601 in UTC or the beginning of it: "2024-01-01T12"."""
    stat: Literal["mean", "max", "sum", "density", "share"] = "mean"
    """``sum``: pixels are counts. ``density``: per km2, to counts by true area. ``share``: of
    pixels whose value is in ``classes``."""
    classes: list[float] = []
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None
    nodata_means: Literal["unknown", "outside", "none"] = "unknown"


class Measure(Strict, frozen=True):
    """One value column of a table of counts."""

    column: str
    quantity: str
    group: str | None = None


class Source(Strict, frozen=True):
    """One dataset of one provider."""

    key: str
    title: str
    owner: str
    licence: str
    job: Job
    path: str | list[str]
    """Files, or patterns of files, below the data folder."""
    read: Read
    url: str = ""
    cadence_days: float | None = None
    """How often the provider renews it; None: never, so it cannot be late."""
    period: str = ""
    """Reference period: what time the values speak about, ISO 8601 date or start/end."""
    fetched: date | None = None
    sensitivity: Sensitivity = Sensitivity.MODERATE
    simulated: bool = False
    coverage: list[str] = []
    """ISO 3166 alpha-3 codes of the countries it speaks about; empty: the whole operation."""
    columns: dict[str, str | list[str]] = {}
    """Our field -> the provider's column, HXL tag or list of columns tried in turn."""
    constants: dict[str, str | int | float | bool] = {}
    """Our field -> a value for every row."""
    values: dict[str, dict[str, str]] = {}
    """Our field -> the provider's word -> ours; the word ``*`` stands for all others."""
    where: dict[str, list[str]] = {}
    """The provider's column -> words of the rows wanted; other rows count as not selected."""
    unique: list[str] = []
    """Our fields that name a row: of several rows the one with the greatest ``latest`` stays."""
    latest: str | None = None
    unknown_after: str | None = None
    """Our date field after which a value of 0 is a filler, not an observation."""
    repair: list[Literal["swapped", "pcode_zeros"]] = []
    """Mends that may be made; each is reported. Anything else goes to quarantine."""
    drop: list[str] = []
    """Provider columns that must not enter, beyond those recognised as personal."""
    bands: list[Band] = []
    measures: list[Measure] = []
    quantity: str | None = None
    """Quantity of a polygon source: the share of each hexagon that its polygons cover."""
    level: int | None = None
    """Administrative level of an area source."""
    note: str = ""

    def paths(self) -> list[str]:
        """The declared patterns as a list."""
        return [self.path] if isinstance(self.path, str) else list(self.path)
