"""Alerts of the Common Alerting Protocol 1.1 and 1.2: one record per area of each information."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element  # noqa: S405 - types only

import pandas as pd
import shapely

from etl.readers import cells
from etl.readers.marked import children, circle, local, polygon, text_of, together
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

ALERT = ("identifier", "sender", "sent", "status", "msgType", "scope", "references")
# Not among them: contact, which names people.
INFO = (
    "language", "category", "event", "responseType", "urgency", "severity", "certainty",
    "effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web",
)  # fmt: skip
AREA = ("areaDesc", "altitude", "ceiling")
NAMED = {"eventCode": "eventCode", "parameter": "parameter", "geocode": "geocode"}
KM = 1000.0


def read(root: Element, declared: Read, file: str) -> pd.DataFrame:
    """Records with the alert's, the information's and the area's values.

    Named values get columns of their own, such as ``geocode EMMA_ID``. Polygons and circles are
    latitude first in the file; an area of several is their union, one of codes only has none.
    """
    alerts = [root] if local(root.tag) == "alert" else []
    alerts += [one for one in root.iter() if one is not root and local(one.tag) == "alert"]
    if not alerts:
        raise SourceUnreadable(
            file, f"XML with root {local(root.tag)!r} and no alert", "a CAP alert",
            "Use the alert itself, or declare format = 'georss' for the feed that lists alerts.",
        )  # fmt: skip
    records, shapes, problems = [], [], []
    left: list[str] = []
    for alert in alerts:
        about = {name: text_of(alert, name) for name in ALERT}
        wanted, others = _spoken(children(alert, "info"), declared.language)
        left += others
        for info in wanted or [alert]:
            told = about | _values(info, INFO) if wanted else about
            areas: Sequence[Element | None] = children(info, "area") or [None]
            for area in areas:
                shape, problem = _shape(area)
                records.append(told | (_values(area, AREA) if area is not None else {}))
                shapes.append(shape)
                problems.append(problem)
    table = cells.shaped(records, shapes, problems, file)
    table.attrs["warnings"] = _warnings(table, left)
    return table


def _spoken(infos: list[Element], language: str | None) -> tuple[list[Element], list[str]]:
    """Information in the wanted language, all if it is not there; languages left out."""
    if language is None:
        return infos, []
    said = [(text_of(info, "language") or "en-US").casefold() for info in infos]
    fits = [one.startswith(language.casefold()) for one in said]
    if not any(fits):
        return infos, []
    wanted = [info for info, fit in zip(infos, fits, strict=True) if fit]
    return wanted, [one for one, fit in zip(said, fits, strict=True) if not fit]


def _values(element: Element, names: tuple[str, ...]) -> dict[str, str | None]:
    found = {name: text_of(element, name) for name in names}
    for kind, shown in NAMED.items():
        for value in children(element, kind):
            name = f"{shown} {text_of(value, 'valueName') or ''}".strip()
            texts = [found.get(name), text_of(value, "value")]
            found[name] = ", ".join(text for text in texts if text) or None
    return found


def _shape(area: Element | None) -> tuple[shapely.Geometry | None, str | None]:
    if area is None:
        return None, None
    try:
        shapes = [polygon(one.text or "") for one in children(area, "polygon")]
        shapes += [circle(one.text or "", KM) for one in children(area, "circle")]
        return together(shapes), None
    except (ValueError, shapely.errors.ShapelyError) as problem:
        return None, f"area that cannot be read ({problem})"


def _warnings(table: pd.DataFrame, left: list[str]) -> list[str]:
    if left:
        return [f"{len(left)} information blocks in other languages left out: "
                f"{', '.join(sorted(set(left)))}"]  # fmt: skip
    if "language" not in table or table.groupby("identifier")["language"].nunique().max() <= 1:
        return []
    said = sorted(table["language"].dropna().unique())
    return [f"alerts in several languages ({', '.join(said)}), one record each; choose with "
            f"language = {said[0]!r} under read"]  # fmt: skip
