"""What the hexagons say about an area: totals, means, highest values, people by hazard class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.classes import Classes
from geo_data.quantities import DISPLACED, POPULATION, Quantity
from geo_data.rollup import cover_column
from geo_data.words import N_, Number, Phrase

PEOPLE, EXPOSURE, GROUND = N_("people"), N_("people exposed"), N_("ground and weather")
JOINT = N_("hazards at once")
JOINT_NOTE = N_(
    "flood of 0.5 m or more, 45 °C or more, half of the land in drought; where all are known"
)


class Row(NamedTuple):
    """One line of a profile.

    Attributes
    ----------
    topic, quantity, label, unit : str
        ``quantity`` is the column it comes from.
    value : float
        NaN where nothing is known.
    known_share : float
        Share of the area for which the value is known, 0 to 1.
    note : str
        What a reader has to bear in mind; empty if nothing.
    worse : {"high", "low", ""}
        Which way is worse for people; empty if neither is, or nobody can say.
    """

    topic: str
    quantity: str
    label: str
    unit: str
    value: float
    known_share: float
    note: str = ""
    worse: str = ""


def table(rows: list[Row]) -> pd.DataFrame:
    """Lines as a table; its texts stay phrases, which an Arrow column would flatten."""
    made = pd.DataFrame(rows, columns=list(Row._fields))
    texts = {
        name: [getattr(row, name) for row in rows] for name in ("topic", "label", "unit", "note")
    }
    return made.assign(**{name: pd.Series(said, dtype=object) for name, said in texts.items()})


def cut(area: pd.DataFrame, hexagons: pd.DataFrame) -> pd.DataFrame:
    """Hexagons of an area with ``fraction`` and ``inside_km2``, the part of each that lies inside.

    Cells that the hexagons lack stay in, with every value unknown.

    Raises
    ------
    ValueError
        If a cell occurs twice in either table.
    """
    inside_km2 = area["fraction"].to_numpy(np.float64) * grid.area_km2(area["cell"])
    own = area[["cell", "fraction"]].assign(inside_km2=inside_km2)
    return own.merge(hexagons, on="cell", how="left", validate="one_to_one")


def known_km2(part: pd.DataFrame, quantity: Quantity) -> np.ndarray:
    """Area of each cell for which the value of a quantity is known."""
    known = ~np.isnan(_values(part, quantity))
    return np.where(known, covered_km2(part, quantity), 0.0)


def covered_km2(part: pd.DataFrame, quantity: Quantity) -> np.ndarray:
    """Area of each cell that the source of a quantity speaks about; 0 where there is none."""
    if cover_column(quantity) not in part:
        return np.zeros(len(part))
    cover = np.nan_to_num(part[cover_column(quantity)].to_numpy(np.float64))
    return part["inside_km2"].to_numpy() * cover


def known_share_of(part: pd.DataFrame, quantity: Quantity) -> float:
    """Share of an area that the source of a quantity speaks about."""
    return _share(part, covered_km2(part, quantity))


def total(part: pd.DataFrame, quantity: Quantity, topic: str) -> Row:
    """Sum of the values times the fraction of each cell inside, a lower bound if partly unknown."""
    value = _values(part, quantity) * part["fraction"].to_numpy()
    known = _share(part, known_km2(part, quantity))
    note = Phrase("at least: known for {share} of the area", share=Number(known, ".0%"))
    return _row(topic, quantity, _sum(value), known, "" if _whole(known) else note)


def mean(part: pd.DataFrame, quantity: Quantity, topic: str) -> Row:
    """Mean over the known part of the area, each cell by its known area."""
    weight = known_km2(part, quantity)
    known = weight > 0
    value, weight_known = _values(part, quantity)[known], weight[known]
    found = float(np.average(value, weights=weight_known)) if known.any() else np.nan
    share = _share(part, weight)
    note = Phrase("mean of the {share} of the area that is known", share=Number(share, ".0%"))
    return _row(topic, quantity, found, share, "" if _whole(share) else note)


def highest(part: pd.DataFrame, quantity: Quantity, topic: str) -> Row:
    """Highest value of any hexagon that touches the area."""
    value = _values(part, quantity)[part["fraction"].to_numpy() > 0]
    found = float(np.nanmax(value)) if (~np.isnan(value)).any() else np.nan
    row = _row(topic, quantity, found, _share(part, known_km2(part, quantity)), "")
    return row._replace(
        label=Phrase("{what}, highest", what=quantity.label),
        note=N_("highest of the hexagons that touch the area"),
    )


def exposed(part: pd.DataFrame, classes: Classes) -> list[Row]:
    """Residents by class of a hazard, with those in hexagons of unknown hazard last.

    Together the rows give the residents of the area. The hazard of a hexagon is taken to hold for
    all who live in it.
    """
    people = _values(part, POPULATION) * part["fraction"].to_numpy()
    hazard = _values(part, classes.quantity)
    code = classes.of(hazard, np.ones(len(part)))
    both = np.minimum(known_km2(part, POPULATION), known_km2(part, classes.quantity))
    known = _share(part, both)
    names = [_with_unit(label, classes.quantity.unit) for label in classes.labels]
    nobody_known = not (~np.isnan(people) & ~np.isnan(hazard)).any()
    rows = [
        Row(
            EXPOSURE, classes.quantity.column, named(classes.quantity.label, name), "people",
            np.nan if nobody_known else float(np.nansum(people[code == number])), known,
            worse="high" if number else "",
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    unknown = float(np.nansum(people[np.isnan(hazard)])) if (~np.isnan(people)).any() else np.nan
    label = named(classes.quantity.label, N_("not known"))
    return [*rows, Row(EXPOSURE, classes.quantity.column, label, "people", unknown, known)]


def jointly(part: pd.DataFrame, limits: Sequence[tuple[Quantity, float]]) -> list[Row]:
    """Residents by how many hazards at once reach a limit, over the hexagons where all are known.

    Parameters
    ----------
    limits : sequence of (Quantity, float)
        A hazard counts in a hexagon from its limit on.
    """
    people = _values(part, POPULATION) * part["fraction"].to_numpy()
    levels = np.stack([_values(part, quantity) for quantity, _ in limits], axis=1)
    all_known = ~np.isnan(levels).any(axis=1) & ~np.isnan(people)
    reached = (levels >= np.array([limit for _, limit in limits])).sum(axis=1)
    km2 = [known_km2(part, quantity) for quantity in (POPULATION, *(q for q, _ in limits))]
    share = _share(part, np.where(all_known, np.min(km2, axis=0), 0.0))
    rows = []
    for many in range(len(limits), 0, -1):
        value = float(people[all_known & (reached == many)].sum()) if all_known.any() else np.nan
        label = Phrase("People exposed to hazards at once: {n} of {all}", n=many, all=len(limits))
        rows.append(
            Row(JOINT, POPULATION.column, label, "people", value, share, JOINT_NOTE, "high")
        )
    return rows


def host_pressure(part: pd.DataFrame) -> Row:
    """Displaced people per resident, over the hexagons where both are known."""
    fraction = part["fraction"].to_numpy()
    displaced, residents = _values(part, DISPLACED), _values(part, POPULATION)
    both = ~np.isnan(displaced) & ~np.isnan(residents)
    hosts = float((residents * fraction)[both].sum())
    guests = float((displaced * fraction)[both].sum())
    known_area = np.minimum(known_km2(part, DISPLACED), known_km2(part, POPULATION))
    known = _share(part, known_area)
    return Row(
        PEOPLE, DISPLACED.column, N_("Displaced people per resident"), N_("per resident"),
        guests / hosts if hosts > 0 else np.nan, known, N_("where both are known"), "high",
    )  # fmt: skip


def _row(topic: str, quantity: Quantity, value: float, known: float, note: str) -> Row:
    return Row(
        topic, quantity.column, quantity.label, quantity.unit, value, known, note, quantity.worse
    )


def _values(part: pd.DataFrame, quantity: Quantity) -> np.ndarray:
    if quantity.column not in part:
        return np.full(len(part), np.nan)
    return part[quantity.column].to_numpy(np.float64, na_value=np.nan)


def _with_unit(label: str, unit: str) -> str:
    if label == "none" or "%" in label:
        return label
    return Phrase("{number} {unit}", number=label, unit=unit)


def named(what: str, which: str) -> Phrase:
    """What, and which of it."""
    return Phrase("{what}: {which}", what=what, which=which)


def _sum(value: np.ndarray) -> float:
    return float(np.nansum(value)) if (~np.isnan(value)).any() else np.nan


def _share(part: pd.DataFrame, km2: np.ndarray) -> float:
    whole = part["inside_km2"].sum()
    return float(km2.sum() / whole) if whole > 0 else 0.0


def _whole(share: float) -> bool:
    return share > 1 - 1e-6
