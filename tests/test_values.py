"""Text to numbers, days, words and positions."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import values

BAD = "bad"


def texts(*given_):
    return pd.Series(given_, dtype="str")


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("12", ".", 12), ("1,234", ".", 1234), ("1 234 567", ".", 1_234_567),
        ("1'234.5", ".", 1234.5),
        ("12,5", ".", BAD), ("12,5", ",", 12.5), ("1.234,5", ",", 1234.5), ("1.5", ",", BAD),
        ("١٢٣", ".", 123), ("۱۲٫۵", ".", 12.5), ("١٬٢٣٤", ".", 1234), ("١٫٥", ",", 1.5),
        ("−3", ".", -3), ("1e3", ".", 1000), ("<5", ".", BAD), ("5%", ".", BAD), ("nan", ".", BAD),
        ("inf", ".", BAD), ("", ".", BAD), (".", ".", BAD), ("1,23,456", ".", BAD),
        ("0x10", ".", BAD),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, decimal, expected):
    """Thousands apart, decimal commas when declared, digits of three scripts; no guessing."""
    found, bad = values.number(texts(text), decimal)
    assert bad[0] == (expected == BAD)
    assert expected == BAD or found[0] == expected


@given(st.integers(-(10**12), 10**12), st.sampled_from([",", " ", "\u00a0", "\u202f", "'"]))
def test_grouped_numbers_come_back(whole, blank):
    """Whatever separates the thousands, the number is the same."""
    found, bad = values.number(texts(f"{whole:,}".replace(",", blank)))
    assert not bad[0]
    assert found[0] == whole


def test_null_is_neither_bad_nor_zero():
    """A missing text stays missing everywhere."""
    for parse in (values.number, values.integer, values.day, values.flag):
        found, bad = parse(texts(None, None))
        assert found.isna().all()
        assert not bad.any()


def test_whole_numbers_only():
    """Sixteen point zero is whole, sixteen and a half is not."""
    found, bad = values.integer(texts("16.0", "16.5"))
    assert (found[0], bad.tolist()) == (16, [False, True])


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2024-02-29", None, date(2024, 2, 29)), ("2023-02-29", None, BAD),
        ("2004-08-05T23:59:00Z", None, date(2004, 8, 5)),
        ("2021-03-01 00:00:00", None, date(2021, 3, 1)),
        ("2019", None, date(2019, 1, 1)), ("2019-05", None, date(2019, 5, 1)),
        ("45292", None, date(2024, 1, 1)), ("31/12/2023", None, BAD), ("20231231", None, BAD),
        ("31/12/2023", "%d/%m/%Y", date(2023, 12, 31)), ("12/31/2023", "%d/%m/%Y", BAD),
        ("Thu, 01/01/2026 - 12:00", "%a, %m/%d/%Y - %H:%M", date(2026, 1, 1)),
        ("2003-10-15T00:00:00Z", "%m/%d/%y", date(2003, 10, 15)),
        ("1/1/66", "%m/%d/%y", date(1966, 1, 1)),
        ("٢٠٢٤-٠١-٠٢", None, date(2024, 1, 2)), ("۳۱/۱۲/۲۰۲۳", "%d/%m/%Y", date(2023, 12, 31)),
        ("soon", None, BAD),
    ],
)  # fmt: skip
def test_days_as_declared(text, pattern, expected):
    """ISO 8601 or the declared pattern, nothing guessed; 45292 is 1 January 2024 in a sheet."""
    found, bad = values.day(texts(text), pattern, date(2026, 6, 1))
    assert bad[0] == (expected == BAD)
    assert expected == BAD or found[0].date() == expected


def test_years_and_months_last_to_their_end():
    """A year ends on 31 December, February 2024 on the 29th, a day on itself."""
    written = texts("2023", "2024-02", "2024-05-06")
    ends = values.last_day(written, values.day(written)[0])
    assert ends.dt.date.tolist() == [date(2023, 12, 31), date(2024, 2, 29), date(2024, 5, 6)]


def test_yes_and_no_in_five_languages():
    """Anything else is bad."""
    found, bad = values.flag(texts("Oui", "نعم", "no", "NON", "perhaps"))
    assert found[:4].tolist() == [True, True, False, False]
    assert bad.tolist() == [False] * 4 + [True]


def test_pairs_with_and_without_brackets():
    """Latitude first; height and accuracy behind them are left out."""
    lat, lon, bad = values.pair(texts("37.3, 42.9", "[35.5, -12.6]", "32.9 13.2 0 5", "here", "5"))
    assert lat[:3].tolist() == [37.3, 35.5, 32.9]
    assert lon[:3].tolist() == [42.9, -12.6, 13.2]
    assert bad.tolist() == [False] * 3 + [True] * 2


def test_degrees_and_minutes():
    """30 minutes are half a degree; south and west are negative; 70 minutes do not exist."""
    lat, lon, bad = values.unlocode(texts("3330N 01030E", "0030S 00015W", "3370N 01000E", "3330N"))
    assert (lat[0], lon[0], lat[1], lon[1]) == (33.5, 10.5, -0.5, -0.25)
    assert bad.tolist() == [False, False, True, True]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_text_is_parsed_or_bad(words):
    """No text breaks a parser, and none is lost: it has a value or it is bad."""
    column = pd.Series(words, dtype="str")
    for parse in (values.number, values.integer, values.day, values.flag):
        found, bad = parse(column)
        assert np.array_equal(found.isna().to_numpy(), bad)
