"""Which band of a raster is meant, where a file holds one for each time or element."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import rasterio

from geo_data.errors import SourceUnreadable
from geo_data.sources import Band

SINCE = re.compile(r"(second|minute|hour|day)s? since (\d{4}-\d{1,2}-\d{1,2})(?:[T ]([\d:]+))?.*")
CALENDARS = ("standard", "gregorian", "proleptic_gregorian")
MOST_SHOWN = 12


def chosen(dataset: rasterio.DatasetReader, band: Band, file: str) -> Band:
    """The declared band with the number that its element and time stand for.

    Raises
    ------
    SourceUnreadable
        If none or several bands fit; those that the file has are named.
    """
    numbers = list(range(1, dataset.count + 1))
    elements = {n: dataset.tags(n).get("GRIB_ELEMENT") for n in numbers}
    by_element = band.variable is not None and any(elements.values())
    if not by_element and band.time is None:
        return band
    times = {n: _time(dataset, n) for n in numbers}
    fitting = [
        n for n in numbers
        if (not by_element or elements[n] == band.variable)
        and (band.time is None or (times[n] or "").startswith(band.time))
    ]  # fmt: skip
    if band.band in fitting and (len(fitting) == 1 or band.band > 1):
        return band
    if len(fitting) == 1:
        return msgspec.structs.replace(band, band=fitting[0])
    shown = [
        f"{n} ({' '.join(filter(None, (elements[n], times[n]))) or 'no time'})"
        for n in fitting or numbers
    ]  # fmt: skip
    more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    wanted = " ".join(filter(None, (band.variable if by_element else None, band.time)))
    raise SourceUnreadable(
        file, f"bands {', '.join(shown[:MOST_SHOWN])}{more}", f"one band of {wanted}",
        "Correct variable and time under [[source.bands]], or set band to its number.",
    )  # fmt: skip


def _time(dataset: rasterio.DatasetReader, number: int) -> str | None:
    """Valid time of a band, as ISO 8601 in UTC to the minute; None if the file does not say."""
    own, about = dataset.tags(number), dataset.tags()
    told = own.get("GRIB_VALID_TIME", "").split()
    if told and told[0].lstrip("-").isdigit():
        return f"{datetime.fromtimestamp(int(told[0]), UTC):%Y-%m-%dT%H:%M}"
    since = SINCE.fullmatch(about.get("time#units", "").strip())
    value = own.get("NETCDF_DIM_time")
    if not since or value is None or about.get("time#calendar", CALENDARS[0]) not in CALENDARS:
        return None
    try:
        start = datetime.strptime(since[2], "%Y-%m-%d")  # noqa: DTZ007 - UTC by convention
        clock = [float(part) for part in (since[3] or "0").split(":") if part]
        seconds = sum(part * 60 ** (2 - place) for place, part in enumerate(clock[:3]))
        passed = timedelta(**{f"{since[1]}s": float(value)})
        return f"{start + timedelta(seconds=seconds) + passed:%Y-%m-%dT%H:%M}"
    except (ValueError, OverflowError):
        return None
