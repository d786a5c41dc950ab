"""Names of places that their register left without one, as a handheld shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard import language
from dashboard.language import _, listed, ngettext


def titled(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Places with a name each, in the language of this run, if their kind tells one.

    Parameters
    ----------
    table : DataFrame
        Of one kind; names that are there stay.
    """
    if kind != "incidents" or "name" not in table:
        return table
    bare = table["name"].isna() | (table["name"].astype(str).str.strip() == "")
    names = [incident(row) for row in table[bare].to_dict("records")]
    own = table["name"].astype(object)
    own[bare] = names
    return table.assign(name=own)


def incident(row: Mapping[str, Any]) -> str:
    """Day and people, as far as they are known and told; no marks of direction.

    >>> incident({"date": date(2024, 11, 22), "dead_people": 3.0, "missing_people": None})
    'Incident 2024-11-22, 3 dead'
    >>> incident({"date": None, "dead_missing_people": 2.0}), incident({})
    ('Incident, 2 dead or missing', 'Incident')
    """
    day = row.get("date")
    known = isinstance(day, date) and not pd.isna(day)
    said = [_("Incident {date}", date=f"{day:%Y-%m-%d}") if known else _("Incident")]
    dead, missing, either = (
        _people(row.get(name)) for name in ("dead_people", "missing_people", "dead_missing_people")
    )
    if dead or missing:
        said += [ngettext("{n} dead", "{n} dead", dead)] if dead else []
        said += [ngettext("{n} missing", "{n} missing", missing)] if missing else []
    elif either:
        said.append(ngettext("{n} dead or missing", "{n} dead or missing", either))
    return _bare(listed(said))


def _people(value: object) -> int:
    return 0 if not isinstance(value, int | float) or pd.isna(value) else int(value)


def _bare(text: str) -> str:
    """Without the marks that isolate directions: handhelds draw them as boxes."""
    marks = (language.ISOLATE, language.LTR_ISOLATE, language.POP)
    return text.translate({ord(mark): None for mark in marks})
