"""Days: orders, centuries, calendars and days that never were."""

from __future__ import annotations

from collections.abc import Sequence

from tests.corpus.case import Case, counts, csv, incidents

HEADER = "code,day,people"


def days(name: str, texts: Sequence[str], kept: Sequence[str | None], *, rule: str = "",
         **more: object) -> Case:  # fmt: skip
    """Counts on some days; None in ``kept`` is a day rejected by the rule."""
    rows = [f'LBY,"{text}",{n}' for n, text in enumerate(texts, start=1)]
    found = [("LBY", day, n) for n, day in enumerate(kept, start=1) if day]
    out = {n + 1: rule for n, day in enumerate(kept, start=1) if day is None}
    return counts(name, csv(*rows, header=HEADER), kept=found, out=out,
                  fails=len(out) * 2 > len(texts), **more)  # fmt: skip


GOOD = ("2024-03-01", "2024-03-02")
CASES = (
    days("day and month in an order that one cell proves", ["03/04/2024", "23/04/2024"],
         ["2024-04-03", "2024-04-23"], said=["day/month/year, which 1 prove"]),
    days("month and day in an order that one cell proves", ["03/04/2024", "03/24/2024"],
         ["2024-03-04", "2024-03-24"], said=["month/day/year"]),
    days("both orders in one column", ["23/04/2024", "04/24/2024", "05/05/2024", "03/04/2024"],
         ["2024-04-23", "2024-04-24", "2024-05-05", None], rule="ambiguous_date",
         said=["each by itself"]),
    days("an order that nothing proves", ["03/04/2024", *GOOD], [None, *GOOD],
         rule="ambiguous_date"),
    days("two digits for the year", ["23/04/24", *GOOD], [None, *GOOD], rule="ambiguous_date"),
    days("two digits for the year, declared", ["23/04/24", "01/02/98"],
         ["2024-04-23", "1998-02-01"], read={"dates": "%d/%m/%y"}),
    days("day numbers of a sheet", ["45352", "45353.75"], ["2024-03-01", "2024-03-02"],
         said=["day numbers of a sheet"]),
    days("a day that never was", ["2023-02-29", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a thirteenth month", ["2024-13-01", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("the thirty-first of April with its pattern", ["31/04/2024", "01/03/2024", "02/03/2024"],
         [None, *GOOD], rule="not_a_date", read={"dates": "%d/%m/%Y"}),
    days("a day in the future", ["2031-01-01", *GOOD], [None, *GOOD], rule="future_date"),
    days("tomorrow by one day", ["2024-07-01", *GOOD], [None, *GOOD], rule="future_date"),
    days("the year nought", ["0000-01-01", *GOOD], [None, *GOOD], rule="ancient_date"),
    days("the year one", ["0001-01-01", *GOOD], [None, *GOOD], rule="ancient_date"),
    days("the first day of a sheet", ["1899-12-31", *GOOD], [None, *GOOD], rule="ancient_date"),
    days("a year of the islamic calendar", ["1445-09-01", *GOOD], [None, *GOOD],
         rule="ancient_date"),
    days("a year of the persian calendar", ["1403-02-15", *GOOD], [None, *GOOD],
         rule="ancient_date"),
    days("a year of the buddhist calendar", ["2567-03-01", *GOOD], [None, *GOOD],
         rule="future_date"),
    days("names of months", ["1 mai 2024", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a week of a year", ["2024-W09", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a quarter", ["2024Q1", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("seconds since 1970", ["1709251200", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a span in one cell", ["2024-03-01/2024-03-05", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a day in arabic digits", ["٢٠٢٤-٠٣-٠١", "2024-03-02"], GOOD),
    days("persian digits with slashes, declared", ["۲۰۲۴/۰۳/۰۱"], ["2024-03-01"],
         read={"dates": "%Y/%m/%d"}),
    days("clock and zone behind the day", ["2024-03-01T23:30:00+02:00", "2024-03-02 00:00:01Z"],
         GOOD),
    days("a blank day", ["", *GOOD], [None, *GOOD], rule="missing_required"),
    days("a word for missing as a day", ["TBC", *GOOD], [None, *GOOD], rule="not_a_date"),
    days("a pattern that does not fit the file", ["03.01.2024", "03.02.2024"], [None, None],
         rule="not_a_date", read={"dates": "%d/%m/%Y"}),
    days("a pattern that is no pattern", ["2024-03-01"], ["2024-03-01"], read={"dates": "dd/mm"}),
    days("a pattern with a letter that nobody knows", ["2024-03-01"], [], refused="dates = '%Q'",
         read={"dates": "%Q"}),
    counts("a month and a year alone last to their ends", csv("LBY,2024-02,1", "LBY,2023,2",
           header=HEADER), shown=("start", "end", "value"),
           kept=[("2024-02-01", "2024-02-29", 1), ("2023-01-01", "2023-12-31", 2)]),
    counts("an end before its start",
           "code,day,till,people\nLBY,2024-03-05,2024-03-01,1\nLBY,2024-03-05,2024-03-06,2\n",
           columns={"place_code": "code", "start": "day", "end": "till"},
           out={2: "end_before_start"}, kept=[("LBY", "2024-03-05", 2)]),
    incidents("an incident in the future", csv("2026-01-01,33,12,3,1", "2024-01-02,33.5,12.5,2,1",
              header="day,lat,lon,dead,missing"), out={2: "future_date"},
              kept=[("2024-01-02", 2, 1)]),
)  # fmt: skip
