"""The receipt of a value: where it comes from, how old it is, how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from geo_data import freshness
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.view import View
from geo_data.words import N_, Number, Phrase


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """All that a person needs to trust, doubt or check one value."""

    quantity: str
    value: str
    sources: str
    owner: str
    licence: str
    period: str
    fetched: str
    method: str
    covered: str
    coarse: bool
    simulated: bool
    late: bool


def said(quantity: Quantity, value: float | None, cover: float) -> str:
    """A value in words: the three kinds of nothing are never the same word.

    >>> from geo_data.quantities import HEALTH
    >>> [said(HEALTH, *case) for case in ((0, 1.0), (None, 1.0), (None, 0.0), (3, 1.0))]
    ['none', 'unknown', 'outside coverage', '3']
    """
    if not cover > 0:
        return N_("outside coverage")
    if value is None or np.isnan(value):
        return N_("unknown")
    if quantity.unit.startswith("share"):
        return Number(value, ".0%" if value >= 0.01 or value == 0 else ".2%")
    if value == 0 and quantity.low == 0 and quantity.combine.value == "sum":
        return N_("none")
    whole = abs(value) >= 100 or float(value).is_integer()
    number = Number(value, ",.0f" if whole else ",.2f")
    # A count is named by its label; "1 facilities" reads badly in every language.
    if quantity.column.endswith("_count"):
        return number
    return Phrase("{number} {unit}", number=number, unit=quantity.unit)


def receipt(view: View, quantity: Quantity, row: Mapping[str, Any]) -> Receipt:
    """Receipt of one quantity in one cell.

    Parameters
    ----------
    row : mapping
        Of :meth:`View.hexagons`: value, cover and source of the cell.
    """
    cover = float(row[cover_column(quantity)] or 0)
    number = int(row.get(source_column(quantity), -1))
    sources = [view.sources[number]] if number >= 0 else view.sources_of(quantity)
    coarse = view.manifest["methods"].get(quantity.column, {}).get("coarse", [])
    registers = "; ".join(dict.fromkeys(str(source["title"]) for source in sources))
    return Receipt(
        quantity=quantity.label,
        value=said(quantity, row[quantity.column], cover),
        sources=registers or N_("no source of this operation"),
        owner=_joined(sources, "owner"),
        licence=_joined(sources, "licence"),
        period=_joined(sources, "reference_period"),
        fetched=_joined(sources, "fetched"),
        method=_method(quantity) if cover else quantity.method,
        covered=Number(cover, ".0%"),
        coarse=any(source["source"] in coarse for source in sources),
        simulated=any(source["simulated"] for source in sources),
        late=any(freshness.late(source, datetime.now(UTC)) for source in sources),
    )


def _method(quantity: Quantity) -> Phrase:
    rule = quantity.combine.value
    return Phrase("{method}; rolled up: {rule}", method=quantity.method, rule=rule)


def _joined(sources: list[Mapping[str, Any]], key: str) -> str:
    words = dict.fromkeys(str(source.get(key) or "") for source in sources)
    return "; ".join(word for word in words if word) or N_("not stated")
