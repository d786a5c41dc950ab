"""Area codes of one source against the gazetteers and boundaries of the same run."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

import pandas as pd

from etl.accounts import Contribution, Repair
from etl.territory import AREA_CODE, country_of_code
from geo_data.sources import Source

# Where each table keeps codes of areas.
CODE_COLUMNS = {"series": "place_code", "presence": "area_code"}
REFERENCES = ("gazetteer", "areas")
CODE = re.compile(r"([A-Z]{2})(\d+)")
MOST_SAID = 5

Known = Mapping[str, str | None]
"""Codes without the zeros that can be lost -> the one code meant; None: several."""


def known(given: Iterable[Contribution]) -> Known:
    """Codes that gazetteers and boundaries of a run hold, by their squeezed form."""
    codes: set[str] = set()
    for gave in given:
        for name in REFERENCES:
            if name in gave.tables:
                codes.update(gave.tables[name]["area_code"].dropna())
    found: dict[str, str | None] = {}
    for code in sorted(codes):
        key = squeezed(code)
        found[key] = None if key in found else code
    return found


def squeezed(code: str) -> str:
    """A code without the zeros behind its country, which spreadsheets and typists lose.

    >>> squeezed("LY0101"), squeezed("LY101"), squeezed("0101"), squeezed("LY-BA")
    ('LY101', 'LY101', '101', 'LY-BA')
    """
    parts = CODE.fullmatch(code)
    return parts[1] + parts[2].lstrip("0") if parts else code.lstrip("0")


def compared(gave: Contribution, source: Source, codes: Known) -> Contribution:
    """The contribution with lost zeros given back where allowed, and unknown codes said.

    Only codes of countries that the references cover are judged. A code is mended if exactly one
    known code differs from it by nothing but zeros; codes of digits alone need a source that
    covers one country.
    """
    covered = {country_of_code(code) for code in codes.values() if code} - {None}
    for name, column in CODE_COLUMNS.items():
        if name in gave.tables and len(gave.tables[name]) and covered:
            gave = _compared(gave, source, codes, name, column, covered)
    return gave


def _compared(
    gave: Contribution, source: Source, codes: Known, name: str, column: str,
    covered: set[str | None],
) -> Contribution:  # fmt: skip
    table = gave.tables[name]
    written = pd.Series(table[column].dropna().unique(), dtype="str")
    exact = {code for code in codes.values() if code}
    meant = {code: _meant(code, source, codes) for code in written if code not in exact}
    judged = {
        code: right for code, right in meant.items()
        if right or (AREA_CODE.fullmatch(code) and country_of_code(code) in covered)
    }  # fmt: skip
    rows = table.drop_duplicates("row") if "row" in table else table
    warnings, repairs = list(gave.warnings), list(gave.repairs)
    mended = {code: right for code, right in judged.items() if right}
    count = int(rows[column].isin(list(mended)).sum())
    if count and "pcode_zeros" in source.repair:
        table = table.assign(
            **{column: table[column].map(lambda c: mended.get(c, c)).astype("str")}
        )
        repairs.append(Repair("pcode_zeros", count, "codes got back zeros that the gazetteer has"))
    elif count:
        first = next(iter(mended.items()))
        warnings.append(
            f"{count} rows have area codes that lack zeros, such as {first[0]!r} for {first[1]!r}; "
            "declare repair = ['pcode_zeros'] to give them back"
        )
    strange = [code for code, right in judged.items() if not right]
    if strange:
        count = int(rows[column].isin(strange).sum())
        words = ", ".join(map(repr, strange[:MOST_SAID]))
        warnings.append(f"{count} rows have area codes that no gazetteer of this run has: {words}")
    return dataclasses.replace(
        gave, tables={**gave.tables, name: table}, repairs=tuple(repairs), warnings=tuple(warnings)
    )


def _meant(code: str, source: Source, codes: Known) -> str | None:
    if CODE.fullmatch(code):
        return codes.get(squeezed(code))
    if not code.isdigit() or len(source.coverage) != 1:
        return None
    ours = [
        right for right in codes.values()
        if right and country_of_code(right) == source.coverage[0]
        and right.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("0") == code.lstrip("0")
    ]  # fmt: skip
    return ours[0] if len(ours) == 1 else codes.get(squeezed(code))
