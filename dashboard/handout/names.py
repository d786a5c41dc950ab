"""File names that a person understands: ``central-med_sar-gap_2026-11-20_a3-upright_fr.pdf``.

One rule for every page: operation, what, date, the time if the store holds another release of that
day, that it is a what-if, the whole operation, paper, language and audience. What is usual (the map
on the screen, A4 across, English, the coordination cell) is not said.
"""

from __future__ import annotations

import re

from dashboard import data, language
from geo_data.view import View
from geo_data.vocabulary import Audience

_UNIT = re.compile(r"_(people|count|share|m|km2|h|c|mm|m_s)$")
USUAL_PAPER = "a4"
_DAY, _MINUTE, _SECOND = "%Y-%m-%d", "_%H%M", "_%H%M%S"


def file_name(
    view: View, what: str, ending: str, *, change: bool = False, whole: bool = False,
    paper: str = USUAL_PAPER, upright: bool = False,
) -> str:  # fmt: skip
    """Name of a file that the page of this run hands over.

    Parameters
    ----------
    what : str
        Content, such as the key of a layer; its unit is left out.
    change : bool
        Whether it holds a later date minus an earlier one.
    whole : bool
        Whether it holds the operation and not what the map shows.
    paper : str
        Of a sheet.
    upright : bool
        Of a sheet.
    """
    operation = view.operation.get("short") or view.operation["key"]
    parts = [operation, _UNIT.sub("", what) + ("-change" if change else ""), *_moment(view)]
    parts += ["what-if"] if view.what_if else []
    parts += ["whole"] if whole else []
    sheet = [paper] if paper != USUAL_PAPER else []
    sheet += ["upright"] if upright else []
    parts += ["-".join(sheet)] if sheet else []
    parts += [language.current()] if language.current() != language.SOURCE else []
    parts += [view.audience.value] if view.audience is not Audience.CELL else []
    return "_".join(_plain(part) for part in parts) + "." + ending


def _moment(view: View) -> list[str]:
    """Date of a release; hours and minutes (in one minute: seconds) where the day has another."""
    day, minute, second = (f"{view.at:{form}}" for form in (_DAY, _DAY + _MINUTE, _DAY + _SECOND))
    others = [one.at for one in data.store().releases() if one.at != view.at]
    if not any(f"{at:{_DAY}}" == day for at in others):
        return [day]
    twice = any(f"{at:{_DAY}{_MINUTE}}" == minute for at in others)
    return (second if twice else minute).split("_")


def _plain(part: str) -> str:
    """Letters, digits and hyphens: names that every disk and mail program takes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(part)).strip("-") or "x"
