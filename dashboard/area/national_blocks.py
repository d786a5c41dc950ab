"""What is told of the countries that an area lies in, and what was said about its places."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data, say, small_tables
from dashboard.area import naming
from dashboard.area.choose import Area
from dashboard.language import _, day, listed, number, word
from geo_data.quantities import BY_COLUMN, SEVERITY
from geo_data.view import View
from layers.context import flows, nation, places

LEAST_SHARE = 0.01
SHOWN, LONGEST = 30, 400


def countries(view: View, area: Area) -> list[str]:
    """ISO codes of the countries that hold at least a hundredth of the hexagons of an area."""
    held = naming.countries(view.name, area.cells["cell"].to_numpy(np.int64))
    share = held[held != ""].value_counts() / max(len(held), 1)
    return [str(code) for code in share[share >= LEAST_SHARE].index]


@lru_cache(maxsize=2)
def _told(release: str) -> pd.DataFrame:
    view = data.view(release)
    return nation.told(view.series(), view.operation["countries"])


def national(view: View, area: Area) -> pd.DataFrame:
    """Lines of the countries of an area, as :func:`layers.context.nation.told` makes them."""
    table = _told(view.name)
    return table[table["country"].isin(countries(view, area))].reset_index(drop=True)


def readable(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Lines of countries as people read them."""
    titles = {account["source"]: account["title"] for account in view.sources}
    rows = []
    for row in table.to_dict("records"):
        quantity = BY_COLUMN[row["quantity"]]
        digits = 1 if quantity is SEVERITY else 0
        what = [_(quantity.label), *([word(row["group"])] if row["group"] else [])]
        span = [_value(row[name], digits) for name in ("low", "high")]
        rows.append({
            _("Country"): row["country"], _("What"): ": ".join(what),
            _("Value"): _value(row["value"], digits), _("Unit"): _(quantity.unit),
            _("Period"): _period(row["start"], row["end"]),
            _("Countries of the operation, lowest to highest"):
                f"{span[0]} – {span[1]} ({number(row['countries_count'])})",
            _("Source"): titles.get(row["source"], row["source"]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def block(view: View, area: Area) -> None:
    """Displaced people by status, arrivals and severity as countries report them; statements."""
    say.heading(_("Told of the whole country"))
    table = national(view, area)
    if table.empty:
        say.caption(
            _("Of displaced people by status, arrivals and INFORM Severity this release tells "
              "nothing for the countries here: unknown, not none.")
        )  # fmt: skip
    else:
        say.caption(_("Not of this area alone. Different sources are never added."))
        small_tables.grid(readable(view, table), height=260)
    said = statements(view, area)
    say.heading(_("What was said"))
    if said.empty:
        say.caption(_("No statement on this area or its crossings is in this release."))
        return
    small_tables.grid(readable_statements(view, said.head(SHOWN)))


def statements(view: View, area: Area) -> pd.DataFrame:
    """Statements on an area, its crossings and its countries, the newest first."""
    table = view.reference("statements")
    crossings = places.within(area.cells, view.places("crossings"))
    codes = {flows.code_of(name) for name in crossings["name"].dropna()}
    codes |= {name.removeprefix("code-") for name in area.outlines} | set(countries(view, area))
    own = table[table["place_code"].isin(codes)]
    return own.sort_values("date", ascending=False, na_position="last", kind="stable")


def readable_statements(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Statements as people read them; the words are those of the source."""
    titles = {account["source"]: account["title"] for account in view.sources}
    return pd.DataFrame([
        {
            _("Place"): row["place_code"], _("Topic"): word(row["topic"]),
            _("Date"): day(row["date"]) if pd.notna(row["date"]) else _("undated"),
            _("Text"): _short(str(row["text"])),
            _("Source"): titles.get(row["source"], row["source"]),
        }
        for row in table.to_dict("records")
    ])  # fmt: skip


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"


def _value(value: float, digits: int) -> str:
    return _("unknown") if value is None or np.isnan(value) else number(value, digits)


def _period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    if pd.isna(end):
        return _("not stated")
    ends = [day(start)] if start == end or pd.isna(start) else [day(start), day(end)]
    return " – ".join(ends) if len(ends) > 1 else listed(ends)


data.forget_daily(_told.cache_clear)
