"""Codes of countries and administrative areas: mended where told, and told inside from outside."""

from __future__ import annotations

import re

import pandas as pd

from etl import values
from etl.intake import Intake
from geo_data import geography
from geo_data.operations import Operation

COUNTRY_LEVEL = "country"
# OCHA p-codes and ISO 3166-2 codes begin with the two letters of the country.
AREA_CODE = re.compile(r"([A-Z]{2})-?[A-Z]*\d[0-9A-Z]*|([A-Z]{2})-[0-9A-Z]{1,3}")
DIGITS = re.compile(r"\d+")


def mend_codes(intake: Intake, name: str) -> None:
    """Give numeric codes back the leading zeros that a spreadsheet took, if the source allows it.

    Codes of nothing but digits are filled up to the longest of them.
    """
    texts = intake.table[name]
    numeric = texts.str.fullmatch(DIGITS).fillna(False)
    if "pcode_zeros" not in intake.source.repair or not numeric.any():
        return
    longest = int(texts[numeric].str.len().max())
    short = numeric & (texts.str.len() < longest)
    intake.table = intake.table.assign(**{name: texts.mask(short, texts.str.zfill(longest))})
    intake.repair(short.sum(), "pcode_zeros", f"codes were filled up to {longest} digits")


def reject_unknown_countries(intake: Intake, code: str, level: str) -> None:
    """Turn the codes of country rows into ISO 3166-1 alpha-3; reject those that are none."""
    table = intake.table
    of_countries = (table[level] == COUNTRY_LEVEL) & table[code].notna()
    found = countries(table[code])
    unknown = of_countries & found.isna()
    intake.reject(unknown, "unknown_word", code, words="ISO 3166-1 countries", field=code)
    fine = of_countries[~unknown]
    kept = intake.table[code]
    intake.table = intake.table.assign(**{code: kept.mask(fine, found[~unknown])})


def reject_foreign(intake: Intake, operation: Operation, *names: str) -> None:
    """Reject rows whose places are all known to lie outside the operation's countries."""
    known = [intake.table[name].map(country_of_code, na_action="ignore") for name in names]
    inside = [codes.isin(operation.countries) for codes in known]
    unclear = pd.concat(known, axis=1).isna().all(axis=1)
    intake.reject(~(pd.concat(inside, axis=1).any(axis=1) | unclear), "outside_operation", names[0])


def countries(texts: pd.Series) -> pd.Series:
    """ISO 3166-1 alpha-3 codes of codes and names of countries; null where none is known."""
    return values.by_word(texts, lambda words: words.map(geography.iso3_of).astype("str"))


def country_of_code(code: str) -> str | None:
    """Country of a country code or of an area code that begins with one; None if unclear.

    >>> [country_of_code(c) for c in ("LBY", "TD0903", "IT-62", "LY-BA", "13", "Sirt")]
    ['LBY', 'TCD', 'ITA', 'LBY', None, None]
    """
    area = AREA_CODE.fullmatch(code)
    if area:
        return geography.iso3_of(area[1] or area[2])
    return geography.iso3_of(code) if len(code) == 3 and code.isalpha() else None
