"""What a layer is: a declaration. Legend, tooltip, receipt and tiles follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from geo_data.classes import CLASSES, Classes
from geo_data.quantities import Combine, Quantity
from geo_data.words import N_, Phrase
from layers.palettes import PALETTES

UNKNOWN = N_("unknown")


@dataclass(frozen=True, kw_only=True)
class HexLayer:
    """A quantity drawn on hexagons.

    Attributes
    ----------
    quantity : Quantity
    question : str
        Group of the menu: the question that the layer helps to answer.
    palette : str
        Name in ``PALETTES``.
    """

    quantity: Quantity
    question: str
    palette: str

    def __post_init__(self) -> None:
        if self.palette not in PALETTES or self.quantity.column not in CLASSES:
            raise ValueError(f"layer {self.key}: no such palette or no class breaks")

    @property
    def key(self) -> str:
        """Name in URLs."""
        return self.quantity.column

    @property
    def title(self) -> str:
        """As people read it; a count says what it is counted in, unlike the places themselves."""
        quantity = self.quantity
        counted = quantity.column.endswith("_count") and quantity.combine is Combine.SUM
        return Phrase("{what} per hexagon", what=quantity.label) if counted else quantity.label

    @property
    def classes(self) -> Classes:
        """Its fixed breaks."""
        return CLASSES[self.quantity.column]

    @property
    def colours(self) -> tuple[str, ...]:
        """One colour a class, on paper and on a light map."""
        return self.shades(dark=False)

    def shades(self, *, dark: bool) -> tuple[str, ...]:
        """One colour a class, for a light or a dark map."""
        classes = self.classes
        return PALETTES[self.palette].colours(len(classes.labels), none=classes.none, dark=dark)

    @property
    def unknown(self) -> str:
        """What a hatched hexagon says."""
        return UNKNOWN

    @property
    def zoomed_out(self) -> str:
        """How the colour of a larger hexagon comes about, for the legend."""
        rule = self.quantity.combine
        return Phrase("{rule} of its cells", rule=rule.value)


@dataclass(frozen=True, kw_only=True)
class PlaceLayer:
    """A kind of places drawn as symbols."""

    kind: str
    title: str
    question: str
    symbol: str
