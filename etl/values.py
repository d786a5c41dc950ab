"""Text to typed values. Each function gives the values and which texts could not be read.

Null text stays null and is never bad; a bad text becomes null and is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Parsed = tuple[pd.Series, Mask]
Placed = tuple[float, float] | None
Positions = tuple[pd.Series, pd.Series, Mask]

# Decimal digits of all scripts, and the marks beside Arabic ones.
DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, 0x10000) if chr(code).isdecimal()
} | str.maketrans("٫٬−–", ".,--")  # fmt: skip
BLANKS = r"[\s\u00a0\u202f\u2009'’]"
NUMBER = {
    ".": re.compile(rf"[+-]?(\d+|\d{{1,3}}((,|{BLANKS})\d{{3}})+)?(\.\d*)?([eE][+-]?\d+)?"),
    ",": re.compile(rf"[+-]?(\d+|\d{{1,3}}((\.|{BLANKS})\d{{3}})+)?(,\d*)?([eE][+-]?\d+)?"),
}
# What most numbers look like; only the others are looked at closely.
PLAIN = {".": r"^-?[0-9]+(\.[0-9]+)?$", ",": r"^-?[0-9]+(,[0-9]+)?$"}
YES = frozenset("true yes y 1 oui o vrai si sí s verdadero vero نعم".split())  # noqa: SIM905
NO = frozenset("false no n 0 non faux falso لا".split())  # noqa: SIM905
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
ISO_MONTH, ISO_YEAR = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}")
# Day numbers of spreadsheets between the years 1954 and 2118; dates are counted from 1899-12-30.
SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")
SERIAL_ORIGIN = np.datetime64("1899-12-30")
PAIR = re.compile(r"[(\[\s]*([+-]?\d+(?:[.,]\d+)?)\s*[,;\s]\s*([+-]?\d+(?:[.,]\d+)?)(?:[,;\s].*)?")
UNLOCODE = re.compile(r"(\d{2})(\d{2})([NS])\s+(\d{3})(\d{2})([EW])")
LARGEST_WHOLE = 2.0**53


def number(texts: pd.Series, decimal: Literal[".", ","] = ".") -> Parsed:
    """Numbers as written by people: thousands apart, Arabic or Persian digits, decimal comma.

    >>> number(pd.Series(["1,234.5", "١٢", "12 000", "<5", None]))[0].tolist()[:3]
    [1234.5, 12.0, 12000.0]
    """
    arrow = pa.chunked_array(pa.array(texts, type=pa.large_string(), from_pandas=True))
    plain = pc.fill_null(pc.match_substring_regex(arrow, PLAIN[decimal]), False)
    digits = pc.replace_substring(arrow.filter(plain), ",", ".")
    mask = plain.to_numpy()
    found = np.full(len(texts), np.nan)
    found[mask] = pc.cast(digits, pa.float64()).to_numpy()
    others = ~mask & texts.notna().to_numpy(dtype=bool)
    found[others] = _number(texts[others], decimal)
    values = pd.Series(found, index=texts.index)
    return values, (texts.notna() & values.isna()).to_numpy(dtype=bool)


def _number(texts: pd.Series, decimal: Literal[".", ","]) -> pd.Series:
    plain = texts.str.translate(DIGITS)
    if decimal == "," and (arabic := texts.str.contains("٫", na=False)).any():
        plain = plain.mask(arabic, plain.str.replace(".", ",", regex=False))
    fits = plain.str.fullmatch(NUMBER[decimal]).fillna(False) & plain.str.contains(r"\d", na=False)
    groups = rf"{BLANKS}|{re.escape(',' if decimal == '.' else '.')}"
    digits = plain.where(fits).str.replace(groups, "", regex=True)
    if decimal == ",":
        digits = digits.str.replace(",", ".", regex=False)
    return pd.to_numeric(digits, errors="coerce").astype("float64")


def integer(texts: pd.Series, decimal: Literal[".", ","] = ".") -> Parsed:
    """Whole numbers; "16.0" is one, "16.5" is bad, and so is one too large to be told exactly."""
    values, bad = number(texts, decimal)
    whole = (values % 1 == 0) & (values.abs() <= LARGEST_WHOLE)
    broken = (values.notna() & ~whole).to_numpy(dtype=bool)
    return values.mask(broken).astype("Int64"), bad | broken


def day(texts: pd.Series, pattern: str | None = None, today: date | None = None) -> Parsed:
    """Days as ``datetime64[s]``: the declared pattern first, then ISO 8601, then sheet day numbers.

    A month or year alone means its first day (see :func:`last_day`). A year of two digits that
    would lie in the future means the century before. Clock times are cut off.
    """
    values = by_word(texts, lambda words: _days(words, pattern, today))
    return values, (texts.notna() & values.isna()).to_numpy(dtype=bool)


def by_word(texts: pd.Series, parse: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What a function makes of each text, asked once for each different one; null stays null."""
    codes, words = pd.factorize(texts)
    parsed = parse(pd.Series(words, dtype="str"))
    return pd.Series(parsed.array.take(codes, allow_fill=True), index=texts.index)


def positions(texts: pd.Series, read: Callable[[str], Placed]) -> Positions:
    """Latitude and longitude that a function makes of each text, asked once for each word."""
    codes, words = pd.factorize(texts)
    nowhere = (np.nan, np.nan)
    found = np.array([*(read(word) or nowhere for word in words), nowhere], dtype=np.float64)
    lat, lon = (pd.Series(found[codes, part], index=texts.index) for part in (0, 1))
    return lat, lon, (texts.notna() & lat.isna()).to_numpy(dtype=bool)


def _days(texts: pd.Series, pattern: str | None, today: date | None) -> pd.Series:
    values = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]")
    plain = texts.str.translate(DIGITS)
    if pattern:
        values = _seconds(pd.to_datetime(plain, format=pattern, errors="coerce"))
        if "%y" in pattern:
            ahead = values > np.datetime64(today or date.today())
            values = values.mask(ahead, _seconds(values - pd.DateOffset(years=100)))
    full = plain.where(plain.str.fullmatch(ISO_DAY).fillna(False)).str[:10]
    full = full.fillna(plain.where(plain.str.fullmatch(ISO_MONTH).fillna(False)) + "-01")
    full = full.fillna(plain.where(plain.str.fullmatch(ISO_YEAR).fillna(False)) + "-01-01")
    values = values.fillna(_seconds(pd.to_datetime(full, format="%Y-%m-%d", errors="coerce")))
    serial = pd.to_numeric(plain.where(plain.str.fullmatch(SERIAL).fillna(False)), errors="coerce")
    counted = SERIAL_ORIGIN + serial.fillna(0).astype("int64").to_numpy().astype("timedelta64[D]")
    counted = pd.Series(counted.astype("datetime64[s]"), index=texts.index).mask(serial.isna())
    return values.fillna(counted).dt.normalize()


def last_day(texts: pd.Series, days: pd.Series) -> pd.Series:
    """Last day of what a text names: of a year or month its end, of a day itself."""
    plain = texts.str.translate(DIGITS)
    year = plain.str.fullmatch(ISO_YEAR).fillna(False).to_numpy(dtype=bool)
    month = plain.str.fullmatch(ISO_MONTH).fillna(False).to_numpy(dtype=bool)
    ends = days.mask(month, _seconds(days + pd.offsets.MonthEnd(0)))
    return ends.mask(year, _seconds(days + pd.offsets.YearEnd(0)))


def flag(texts: pd.Series) -> Parsed:
    """Yes or no in the five languages; anything else is bad."""
    words = texts.str.casefold()
    values = pd.Series(pd.NA, index=texts.index, dtype="boolean")
    values = values.mask(words.isin(YES), True).mask(words.isin(NO), False)
    return values, (texts.notna() & values.isna()).to_numpy(dtype=bool)


def pair(texts: pd.Series) -> Positions:
    """Latitude and longitude out of "lat, lon" (also with brackets, height and accuracy)."""
    parts = texts.str.translate(DIGITS).str.extract(PAIR)
    lat, lon = (
        pd.to_numeric(parts[part].str.replace(",", ".", regex=False), errors="coerce")
        for part in (0, 1)
    )
    return _position(texts, lat, lon)


def unlocode(texts: pd.Series) -> Positions:
    """Latitude and longitude out of degrees and minutes such as "2336S 05832E".

    >>> lat, lon, bad = unlocode(pd.Series(["2336S 05832E", "3354N", "3370N 01000E"]))
    >>> lat.round(4).tolist()[0], lon.round(4).tolist()[0], bad.tolist()
    (-23.6, 58.5333, [False, True, True])
    """
    parts = texts.str.extract(UNLOCODE)
    degrees = parts[[0, 1, 3, 4]].apply(pd.to_numeric, errors="coerce")
    minutes_fit = (degrees[1] < 60) & (degrees[4] < 60)
    lat = (degrees[0] + degrees[1] / 60) * np.where(parts[2] == "S", -1.0, 1.0)
    lon = (degrees[3] + degrees[4] / 60) * np.where(parts[5] == "W", -1.0, 1.0)
    return _position(texts, lat.where(minutes_fit), lon.where(minutes_fit))


def _position(texts: pd.Series, lat: pd.Series, lon: pd.Series) -> Positions:
    bad = (texts.notna() & (lat.isna() | lon.isna())).to_numpy(dtype=bool)
    return lat.astype("float64").mask(bad), lon.astype("float64").mask(bad), bad


def _seconds(days: pd.Series) -> pd.Series:
    return days.astype("datetime64[s]")
