"""What a table that nobody declared is probably about: its job, and why that is thought."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from etl import personal, profile, synonyms, values
from etl.readers import GEOMETRY
from geo_data import quantities as q
from geo_data.sources import Job

NUMBERS_SHARE = 0.8
# Words in a header, or in the name of a file with one nameless column of numbers, in this order.
MEASURES: tuple[tuple[str, str], ...] = (
    (r"refugee like|\boip\b|\booc\b|\bhst\b", q.OTHERS_OF_CONCERN.column),
    (r"return", q.RETURNEES.column),
    (r"refugee|refugies|refugiados|rifugiati|لاجئ", q.REFUGEES.column),
    (r"asylum|asile|asilo|لجوء", q.ASYLUM_SEEKERS.column),
    (r"stateless|apatrid|apolid", q.STATELESS.column),
    (r"new displacement|internal displacements|nouveaux deplac", q.NEW_DISPLACEMENTS.column),
    (r"\bidps?\b|idmc|stock displacement|internally displaced|\bpdi\b|desplazad|sfollat|نازح",
     q.IDPS.column),
    (r"severity", q.SEVERITY.column),
    (r"flood ?class|ls ?class|class ?nat|hazard (class|risk)", q.HAZARD_CLASS.column),
    (r"accoglienza|reception|hot ?spot|centri s|accueil", q.IN_RECEPTION.column),
    (r"crossed|crossings?\b|entries|exits|entrees|sorties|عبور", q.CROSSED.column),
    (r"arrival|arrivee|llegada|sbarch|sbarcat|landing|nazionalita|وصول", q.ARRIVALS.column),
    (r"deaths|fatalit|^best$|killed", q.DEATHS.column),
    (r"beneficiar|reached", q.BENEFICIARIES.column),
    (r"population|poblacion|popolazione|سكان", q.POPULATION.column),
)  # fmt: skip
NAMELESS = re.compile(r"value|valore|valor|valeur|total|totale|count|number|n|people|القيمة|العدد")
ROUNDED = re.compile(r"\b(raw|rounded|code|id|year|accuracy)\b")
HAZARDS = re.compile(r"drought|secheresse|sequia|siccita|جفاف")
HAZARD_SHARES = (q.DROUGHT.column,)
FILLED_SHARE = 0.05
CROSSING_WORDS = re.compile(
    r"border|crossing|airport|aeroport|\bicao\b|\bports?\b|\bpoe\b|frontier|valic|منفذ|معبر"
    r"|points? of entry"
)
SITE_WORDS = re.compile(
    r"camp\b|\bsites?\b|\bidps?\b|displacement|loc type|refugee"
    r"|settlement type"
)
SERVICE_WORDS = re.compile(
    r"health|facilit|hospital|amenity|clinic|school|branch|service|sante|salud|صحي"
    r"|red (cross|cresc)"
)


@dataclass(frozen=True)
class Looks:
    """What a table shows at first sight.

    Attributes
    ----------
    table : DataFrame
    has : callable
        Whether a tag or header for a field of ours is among the columns.
    words : str
        All headers and the file's name as bare words.
    """

    table: pd.DataFrame
    names: Sequence[str]
    has: Callable[[str], bool]
    words: str

    @property
    def shapes(self) -> set[str]:
        """Kinds of geometry."""
        if GEOMETRY not in self.table:
            return set()
        return {shape.geom_type for shape in self.table[GEOMETRY] if shape is not None}

    @property
    def placed(self) -> bool:
        """Whether rows carry positions."""
        return (self.has("lat_deg") and self.has("lon_deg")) or self.has("position") or (
            bool(self.shapes) and self.shapes <= {"Point", "MultiPoint"}
        )  # fmt: skip


def looks(table: pd.DataFrame, names: Sequence[str], file: str) -> Looks:
    """First sight of a table."""
    hxl = table.attrs.get("hxl", {})

    names = [name for name in names if _is_filled(table[name])]

    def has(field: str) -> bool:
        return synonyms.tagged(field, hxl) is not None or bool(synonyms.headed(field, names))

    words = " ".join(map(synonyms.plain, [*names, file.rsplit(".", 1)[0]]))
    return Looks(table, names, has, words)


def guessed(seen: Looks) -> tuple[Job, str]:
    """The job that a table probably has, and the reason in words."""
    if "Polygon" in str(seen.shapes) or "GeometryCollection" in seen.shapes:
        if HAZARDS.search(seen.words):
            return "polygons", "polygons, and words about drought"
        return "areas", "polygons"
    if "Line" in str(seen.shapes):
        return "lines", "lines"
    has = seen.has
    traits = [name for name in ("sex", "age", "birth", "nationality", "vulnerability") if has(name)]
    if len(traits) >= 3 and not measures(seen, ""):
        return "registrations", f"one row per person, with {', '.join(traits)}"
    if has("text") and _is_prose(seen) and has("place_code"):
        return "statements", "a column of sentences and codes of places"
    if has("organisation") and (has("sector") or has("activity")) and not _is_service(seen):
        return "presence", "organisations with sectors or activities"
    if seen.placed:
        return _kind_of_place(seen)
    if has("area_code") and (has("parent_code") or has("valid_from")) and has("name"):
        return "gazetteer", "codes and names of areas with their parents"
    if measures(seen, seen.words):
        return "series", "no positions, and numbers of people"
    if has("area_code") and has("name"):
        return "gazetteer", "codes and names of areas"
    return "landmarks", "nothing else fits; this is a guess"


def measures(seen: Looks, file: str) -> dict[str, tuple[str, str]]:
    """Columns that count something known: column to quantity and how it was recognised."""
    numeric = [n for n in seen.names if n != GEOMETRY and _is_numeric(seen.table[n])]
    plain = {name: synonyms.plain(name) for name in numeric}
    found = {
        name: (quantity, "by its header")
        for name, words in plain.items()
        if (quantity := _quantity(words)) and not ROUNDED.search(words)
    }
    nameless = [name for name, words in plain.items() if NAMELESS.fullmatch(words)]
    if not found and len(nameless) == 1 and (quantity := _quantity(file)):
        found = {nameless[0]: (quantity, "guessed from the name of the file")}
    return found


def _quantity(words: str) -> str | None:
    return next((column for pattern, column in MEASURES if re.search(pattern, words)), None)


def _kind_of_place(seen: Looks) -> tuple[Job, str]:
    has, words = seen.has, seen.words
    if any(map(has, ("dead_people", "missing_people", "dead_missing_people"))):
        return "incidents", "positions with dead or missing people"
    if has("speed_km_h") and has("endurance_h"):
        return "assets", "positions with speed and endurance"
    choices: Iterable[tuple[Job, re.Pattern[str], str]] = (
        ("crossings", CROSSING_WORDS, "border crossings, ports or airports"),
        ("services", SERVICE_WORDS, "services"), ("sites", SITE_WORDS, "displacement sites"),
    )  # fmt: skip
    for job, pattern, what in choices:
        if found := pattern.search(words):
            return job, f"positions, and the word {found[0]!r} of {what}"
    return "landmarks", "positions, and no word of another job"


def _is_service(seen: Looks) -> bool:
    return seen.has("service_type") and seen.placed


def _is_prose(seen: Looks) -> bool:
    headed = synonyms.headed("text", seen.names)
    return any(personal.prose(seen.table[name]) for name in headed)


def _is_filled(texts: pd.Series) -> bool:
    return len(texts) == 0 or texts.notna().mean() >= FILLED_SHARE


def _is_numeric(texts: pd.Series) -> bool:
    filled = texts.dropna().head(2_000)
    return len(filled) > 0 and profile.numbers(filled).mean() >= NUMBERS_SHARE


def is_position(texts: pd.Series) -> str:
    """Which form of coordinates a column holds: "pair", "unlocode" or none.

    >>> is_position(pd.Series(["33.1, 11.5"])), is_position(pd.Series(["3354N 01000E"]))
    ('pair', 'unlocode')
    """
    filled = texts.dropna().head(500)
    for form, read in (("unlocode", values.unlocode), ("pair", values.pair)):
        lat, _, bad = read(filled)
        if len(filled) and bad.mean() < 1 - NUMBERS_SHARE and lat.abs().max() <= 90:
            return form
    return ""
