"""Rows that are wrong on purpose, so that the Data page has something to show for quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Flaw:
    """A copy of a good row with wrong values, added at the end of a file.

    Attributes
    ----------
    copied : int
        Position of the good row.
    """

    file: str
    wrong: str
    copied: int
    values: dict[str, str]


def flaws(today: date) -> tuple[Flaw, ...]:
    """All deliberate mistakes; the day only decides the years of the wrong dates."""
    last_year = today.year - 1
    return (
        Flaw(
            "displacement_sites.csv", "a negative count", 4,
            {"Site code": "SIM-S98", "Site": "Site 98 (bad row)", "Individuals": "-120"},
        ),
        Flaw(
            "services.csv", "latitude and longitude swapped: Tripoli would be in Sudan", 0,
            {
                "service_id": "SIM-V998", "service_name": "Clinic 998 (bad row)",
                "lat": "13.1901", "lon": "32.8012",
            },
        ),
        Flaw(
            "incidents.csv", "a day that does not exist", 200,
            {"Incident": "SIM-I0998", "Reported": f"{last_year}-02-30"},
        ),
        Flaw("crossing_flows.csv", "a letter O typed for a zero", 100, {"entries": "38O0"}),
        Flaw(
            "displaced_by_area.csv", "a day in the future", 0,
            {"Date de collecte": f"01/06/{today.year + 1}", "Personnes déplacées": "310"},
        ),
    )  # fmt: skip


def spoilt(table: pd.DataFrame, file: str, today: date) -> pd.DataFrame:
    """A table of the generator with the deliberate mistakes of its file at the end."""
    for flaw in (flaw for flaw in flaws(today) if flaw.file == file):
        bad = table.iloc[[flaw.copied]].astype(object).assign(**flaw.values)
        table = pd.concat([table.astype(object), bad], ignore_index=True)
    return table
