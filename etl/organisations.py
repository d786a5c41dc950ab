"""Who is present where: reports per administrative area to organisations per hexagon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.precedence import Layer
from geo_data.belonging import largest_overlap
from geo_data.grid import Cells
from geo_data.quantities import ORGANISATIONS
from geo_data.sources import Source

T = TypeVar("T")

KIND = "admin"
UNKNOWN, ELSEWHERE = -1, -2
RULE = "organisations reported in the area that holds most of the cell; first declared source wins"


def layers(
    release: dict[str, pd.DataFrame], sources: Sequence[tuple[int, Source]], cells: Cells
) -> tuple[list[Layer], int]:
    """Organisations per cell of each presence source, and how many reports name no known area.

    Parameters
    ----------
    release : dict
        Tables ``presence``, ``areas``, ``area_cells`` and ``gazetteer``.
    sources : (number, source) of those that gave presence

    Notes
    -----
    A cell belongs to the area that holds the largest part of it. An area without a report in a
    country that the source speaks about has none; a cell in no area is outside coverage.
    """
    areas = _areas(release["areas"])
    home = _home(areas, release["area_cells"], cells)
    presence = release["presence"]
    found = Matcher.of(areas, release["gazetteer"]).places(presence)
    organisation = presence["organisation"].map(folded)
    counts = (
        pd.DataFrame({"source": presence["source"], "area": found, "organisation": organisation})
        .loc[lambda table: table["area"] >= 0]
        .groupby(["source", "area"])["organisation"].nunique()
    )  # fmt: skip
    country = areas["country"].to_numpy(object)
    made = [_layer(number, source, counts, home, country) for number, source in sources]
    return made, int((found == UNKNOWN).sum())


def _layer(
    number: int, source: Source, counts: pd.Series, home: NDArray[np.int64], country: NDArray
) -> Layer:
    present = np.zeros(len(country) + 1)
    if source.key in counts.index.get_level_values(0):
        mine = counts.loc[source.key]
        present[mine.index.to_numpy(np.int64)] = mine.to_numpy(np.float64)
    spoken = np.ones(len(country) + 1, dtype=bool)
    if source.coverage:
        spoken[:-1] = np.isin(country.astype(str), source.coverage)
    spoken[-1] = False
    cover = spoken[home].astype(np.float64)
    value = np.where(cover > 0, present[home], np.nan)
    return Layer(ORGANISATIONS.column, number, (source.key,), value, cover, coarse=True, rule=RULE)


def _areas(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas of one administrative level, the one that most of them have."""
    areas = areas[areas["kind"] == KIND]
    if len(areas):
        areas = areas[areas["level"] == areas["level"].mode().iloc[0]]
    return areas.reset_index(drop=True)


def _home(areas: pd.DataFrame, area_cells: pd.DataFrame, cells: Cells) -> NDArray[np.int64]:
    """Row of the area that holds most of each cell, -1 (the last) where none does."""
    row = {code: number for number, code in enumerate(areas["area_code"])}
    shares = area_cells[(area_cells["kind"] == KIND) & area_cells["area_code"].isin(row)]
    largest = largest_overlap(shares)
    home = np.full(len(cells), -1, dtype=np.int64)
    place = np.searchsorted(cells, largest["cell"].to_numpy(np.int64))
    home[place] = largest["area_code"].map(row).to_numpy(np.int64)
    return home


@dataclass(frozen=True)
class Matcher:
    """Finds the area that a report means, by code, by the codes above it, or by name.

    Attributes
    ----------
    codes : dict
        Area code to row of the areas.
    names : dict
        (country, folded name) to row; country "" holds names that only one country has.
    known : dict
        Gazetteer: code to (folded name, code above).
    listed : dict
        Gazetteer: (country, folded name) to code.
    """

    codes: dict[str, int]
    names: dict[tuple[str, str], int]
    known: dict[str, tuple[str, str | None]]
    listed: dict[tuple[str, str], str]

    @classmethod
    def of(cls, areas: pd.DataFrame, gazetteer: pd.DataFrame) -> Matcher:
        """Index of areas and gazetteer."""
        codes = {code: row for row, code in enumerate(areas["area_code"])}
        names = _named(areas, range(len(areas)))
        fields = gazetteer[["area_code", "name", "parent_code"]].astype(object)
        fields = fields.where(fields.notna(), None)
        known = {
            code: (folded(name), above) for code, name, above in fields.itertuples(index=False)
        }
        return cls(codes, names, known, _named(gazetteer, gazetteer["area_code"]))

    def places(self, presence: pd.DataFrame) -> NDArray[np.int64]:
        """Row of the area of each report, below 0 where none fits."""
        asked = presence[["area_code", "area_name", "country"]].astype(object)
        asked = asked.where(asked.notna(), "")
        rows = list(asked.itertuples(index=False, name=None))
        answers = {row: self.place(*row) for row in set(rows)}
        return np.array([answers[row] for row in rows], dtype=np.int64)

    def place(self, code: str, name: str, country: str) -> int:
        """Row of the area that a code, a name and a country mean.

        ELSEWHERE if only the gazetteer knows it, so that it lies beyond the areas; else UNKNOWN.
        """
        name = folded(name)
        above = list(self._above(code.strip()) if code else ())
        if not any(one in self.codes for one in above):
            above += self._above(self.listed.get((country, name), ""))
        for one in above:
            if one in self.codes:
                return self.codes[one]
        for word in (name, *(self.known[one][0] for one in above if one in self.known)):
            row = self.names.get((country, word), -1)
            if row >= 0:
                return row
        return ELSEWHERE if any(one in self.known for one in above) else UNKNOWN

    def _above(self, code: str) -> Iterator[str]:
        """A code and those of the areas above it; OCHA codes grow by two digits per level."""
        while code:
            yield code
            listed = self.known.get(code)
            code = (listed[1] if listed and listed[1] else code[:-2]) if len(code) > 4 else ""


def folded(name: str | float | None) -> str:
    """A name without case, accents, blanks and punctuation.

    >>> folded("N'Djaména "), folded("Al-Jabal al Gharbi")
    ('ndjamena', 'aljabalalgharbi')
    """
    if name is None or pd.isna(name):
        return ""
    plain = unicodedata.normalize("NFKD", str(name).casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def _named(table: pd.DataFrame, values: Iterable[T]) -> dict[tuple[str, str], T]:
    """(country, folded name) to a value; under country "" where the name is the only such one."""
    country = table["country"].astype(object).where(table["country"].notna(), "")
    keys = list(zip(country, table["name"].map(folded), strict=True))
    alone = pd.Series([name for _, name in keys]).value_counts()
    named: dict[tuple[str, str], T] = {}
    for (land, name), value in zip(keys, values, strict=True):
        if name:
            named.setdefault((land, name), value)
            if alone[name] == 1:
                named.setdefault(("", name), value)
    return named
