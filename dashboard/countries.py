"""Names of countries by their code, in the language of the page."""

from __future__ import annotations

from functools import cache

from babel import Locale

from dashboard import language
from geo_data import geography


def name_of(code: object) -> str:
    """Name of an ISO 3166-1 alpha-3 code; anything else stays what it is.

    Areas that are no states keep the name of our own reference in every language.
    """
    known = _known().get(str(code))
    if known is None:
        return str(code)
    iso2, name, status = known
    if language.current() == language.SOURCE or status != "state":
        return name
    return str(Locale(language.current()).territories.get(iso2, name))


@cache
def _known() -> dict[str, tuple[str, str, str]]:
    table = geography.countries().dropna(subset=["iso3", "iso2"])
    columns = zip(table["iso2"], table["name"], table["status"], strict=True)
    return dict(zip(table["iso3"], columns, strict=True))
