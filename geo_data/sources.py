"""What a source is: one dataset of one provider, declared, never coded.

The provider's own column names, sheet names and code words live in the operation's TOML file;
nothing after the reader ever sees them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from geo_data.vocabulary import Sensitivity

Job = Literal[
    "crossings", "services", "sites", "incidents", "assets", "landmarks", "presence", "series",
    "counts", "statements", "areas", "gazetteer", "raster", "polygons", "lines", "registrations",
    "basemap",
]  # fmt: skip
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Format = Literal[
    "delimited", "excel", "vector", "topojson", "parquet", "raster", "json", "kobo", "xml",
    "shakemap", "cap", "georss",
]  # fmt: skip

FeedKind = Literal[
    "url", "dtm", "hapi", "ckan", "unhcr", "gdacs", "cap", "shakemap", "missing_migrants", "kobo",
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


class Feed(Strict, frozen=True):
    """Where a source's files are fetched from; docs/feeds.md has an example of each kind."""

    kind: FeedKind
    url: str
    """Address without secrets; its host stands in the operation's ``hosts``."""
    every_h: float | None = None
    """Hours between two requests; without it the source's ``cadence_days``."""
    params: dict[str, str] = {}
    """Added to the address as a query."""
    secret: str | None = None
    """NAME of a secret that stands in the environment as WAYPOST_SECRET_NAME."""
    header: str | None = None
    """Request header that carries the secret; some kinds know theirs."""
    file: str | None = None
    """Name under which the answer is kept; without it, that of the address."""
    resource: str | None = None
    """Of ckan: pattern of the resource's name."""
    format: str | None = None
    """Of ckan: format of the resource, such as CSV."""
    fields: list[str] = []
    """Of kobo: the questions that are kept; everything else is dropped before it is written."""
    days: int = 30
    """Of gdacs: how many days back events are asked for."""
    guard: Literal["warn", "keep"] = "warn"
    """What to do with files that differ absurdly from the last release: take them with a warning,
    or keep the last good ones."""


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
    warn_share: Share = 0.0
    """A larger share of wrong rows makes the source accepted with a warning; default: any."""
    fail_share: Share | None = None
    """A larger share of wrong rows makes it fail as a whole; default: half."""
    cumulative: Literal["year", "ever"] | None = None
    """Values only grow, within a year or for ever: a falling one is warned of."""
    age_groups: tuple[int, ...] = (0, 5, 18, 60)
    """Lower ends, in years, of the age groups that registrations are counted by."""
    drop: list[str] = []
    """Provider columns that must not enter, beyond those recognised as personal."""
    bands: list[Band] = []
    measures: list[Measure] = []
    quantity: str | None = None
    """Quantity of a polygon source: the share of each hexagon that its polygons cover."""
    level: int | None = None
    """Administrative level of an area source."""
    feed: Feed | None = None
    """Where its files come from, if the machine may ask; they land in feeds/OPERATION/SOURCE/."""
    note: str = ""

    @property
    def every_h(self) -> float | None:
        """Hours between two requests of its feed; None: no feed."""
        if self.feed is None:
            return None
        return self.feed.every_h or 24 * (self.cadence_days or 0)

    def paths(self) -> list[str]:
        """The declared patterns as a list."""
        return [self.path] if isinstance(self.path, str) else list(self.path)
