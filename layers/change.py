"""A layer of what changed between two dates."""

from __future__ import annotations

from dataclasses import dataclass

from geo_data.changes import Changes
from geo_data.words import N_, Phrase
from layers.base import HexLayer
from layers.palettes import PALETTES

UNKNOWN = N_("not known at one of the dates")


@dataclass(frozen=True, kw_only=True)
class ChangeLayer(HexLayer):
    """The difference of a layer between two dates, later minus earlier."""

    palette: str = "change"

    @classmethod
    def of(cls, layer: HexLayer) -> ChangeLayer:
        """The change of a layer."""
        return cls(quantity=layer.quantity, question=layer.question)

    @property
    def title(self) -> str:
        """As people read it."""
        return Phrase("Change of: {what}", what=super().title)

    @property
    def classes(self) -> Changes:  # type: ignore[override]
        """Fixed steps, the same up and down."""
        return Changes(super().classes)

    @property
    def unknown(self) -> str:
        """What a hatched hexagon says."""
        return UNKNOWN

    @property
    def zoomed_out(self) -> str:
        """How the colour of a larger hexagon comes about, for the legend."""
        return Phrase("{rule} of its cells at each date, then the difference", rule=self._rule)

    @property
    def _rule(self) -> str:
        return self.quantity.combine.value

    def shades(self, *, dark: bool) -> tuple[str, ...]:
        """One colour a class, for a light or a dark map."""
        return PALETTES[self.palette].colours(len(self.classes.labels), none=False, dark=dark)
