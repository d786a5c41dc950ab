"""A composite index as it is declared: indicators with fixed limits, and how they are joined."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from geo_data.errors import OperationInvalid, nearest
from geo_data.quantities import BY_COLUMN
from geo_data.sources import Strict

How = Literal["arithmetic", "geometric", "scaled geometric", "first above zero"]
REFERENCE = Path(__file__).with_name("reference")
INFORM_RISK = REFERENCE / "inform_risk.toml"
BORDER_PRESSURE = REFERENCE / "border_pressure.toml"


class Indicator(Strict, frozen=True):
    """One input of an index.

    Without limits its values are scores from 0 to 10 already. With them they are brought there,
    clipped; limits are fixed, because those of the data would move whenever the data does.
    """

    key: str
    title: str = ""
    low: float | None = None
    high: float | None = None
    better: Literal["low", "high"] = "low"
    """``high``: a high value is good, so it scores low."""
    log: bool = False
    """Scores follow the logarithm; for counts that differ by orders of magnitude."""
    quantity: str = ""
    """Column of the hexagons that the values come from; none: the caller has them."""
    per: str = ""
    """Column that values are divided by, such as residents; unknown where that is 0."""
    rings: int = 0
    """Values of so many rings of neighbours are added: what happens near counts too."""
    unit: str = ""
    why: str = ""
    """Why these limits, and where they come from."""


class Node(Strict, frozen=True):
    """One component: what it is made of, and how."""

    key: str
    how: How
    of: list[str]
    title: str = ""
    weights: list[float] = []
    lowest: float = 0.0
    """Parts below it count as it: a plain geometric mean of a 0 is 0 whatever else there is."""


class Only(Strict, frozen=True):
    """Which hexagons an index is about: those where some columns add up to enough."""

    of: list[str]
    least: float
    title: str = ""


class Scheme(Strict, frozen=True):
    """A whole index; nodes stand after what they are made of."""

    key: str
    title: str
    result: str
    indicators: list[Indicator]
    node: list[Node]
    decimals: int | None = None
    """Every component is rounded, half up, to so many; none: not at all."""
    classes: list[float] = []
    class_labels: list[str] = []
    only: list[Only] = []

    def titles(self) -> dict[str, str]:
        """Title of every indicator and node."""
        indicators = {one.key: one.title or one.key for one in self.indicators}
        return indicators | {node.key: node.title or node.key for node in self.node}


def load(file: Path) -> Scheme:
    """A scheme from its TOML file.

    Raises
    ------
    OperationInvalid
        If a key is unknown or missing, or a node names something that does not stand before it.
    """
    try:
        scheme = msgspec.toml.decode(file.read_bytes(), type=Scheme)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise OperationInvalid(file.name, None, str(problem)) from None
    return checked(scheme, file.name)


def checked(scheme: Scheme, file: str = "index") -> Scheme:
    """The scheme, if it can be computed."""
    known = [indicator.key for indicator in scheme.indicators]
    for indicator in scheme.indicators:
        if (indicator.low is None) != (indicator.high is None) or (
            indicator.low is not None and not indicator.low < (indicator.high or 0)
        ):
            raise OperationInvalid(
                file, None, f"indicator {indicator.key!r} needs low below high, or neither"
            )
        for name in (indicator.quantity, indicator.per):
            if name and name not in BY_COLUMN:
                raise OperationInvalid(
                    file, None, f"indicator {indicator.key!r}: unknown quantity {name!r}. "
                    f"Nearest: {nearest(name, BY_COLUMN)!r}",
                )  # fmt: skip
        if indicator.log and (indicator.low is None or indicator.low <= 0):
            raise OperationInvalid(
                file, None, f"indicator {indicator.key!r} is logarithmic and needs low above 0"
            )
    for node in scheme.node:
        for part in node.of:
            if part not in known:
                raise OperationInvalid(
                    file, None, f"node {node.key!r} is made of {part!r}, which does not stand "
                    f"before it. Nearest: {nearest(part, known)!r}. Known: {', '.join(known)}",
                )  # fmt: skip
        if node.weights and (len(node.weights) != len(node.of) or min(node.weights) < 0
                             or sum(node.weights) <= 0):  # fmt: skip
            raise OperationInvalid(
                file, None, f"node {node.key!r} needs {len(node.of)} weights, none below 0 and not "
                f"all 0; found {node.weights}",
            )  # fmt: skip
        known.append(node.key)
    if scheme.result not in known:
        raise OperationInvalid(file, None, f"result {scheme.result!r} is not a node")
    return scheme
