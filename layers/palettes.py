"""Colours only. Every ramp is readable in greyscale and by colour-blind viewers (see the tests).

Each palette has a colour for the class *none* and a ramp for the rest; diverging ramps have their
neutral colour in the middle. The ramps were chosen in the CIELAB space: lightness falls evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Palette:
    """A colour for an observed zero, and anchors of a ramp from the first class to the last."""

    none: str
    anchors: tuple[str, ...]

    def colours(self, classes: int, *, none: bool) -> tuple[str, ...]:
        """One colour a class, the first for *none* where there is such a class."""
        ramp = classes - 1 if none else classes
        return ((self.none,) if none else ()) + _between(self.anchors, ramp)


PALETTES: dict[str, Palette] = {
    "people": Palette("#f4f1ea", ("#e3cfe6", "#b07fc0", "#74449a", "#371460")),
    "harm": Palette("#f4f1ea", ("#fbd0a2", "#ef8251", "#c2402c", "#67001f")),
    "heat": Palette("#f4f1ea", ("#fdeaae", "#f9b458", "#e0702c", "#9e2f16", "#4d0f0c")),
    "water": Palette("#f4f1ea", ("#d3e5f0", "#8fbfdc", "#4a8fc2", "#1c5a98", "#0b2a5b")),
    "water_down": Palette("#f4f1ea", ("#0b2a5b", "#1c5a98", "#4a8fc2", "#8fbfdc", "#d3e5f0")),
    "services": Palette("#f4f1ea", ("#d6ead0", "#8fc6a0", "#45966f", "#155f4b", "#06302b")),
    "time": Palette("#f4f1ea", ("#f1f2d8", "#c6dcae", "#7db89b", "#43868b", "#2f4f78", "#1c1c4a")),
    "ground": Palette("#dbe7ec", ("#efe6d2", "#d9bf93", "#a98756", "#6b4d2a")),
    "relief": Palette(
        "#f4f1ea", ("#123a63", "#3f7fae", "#a9cfe0", "#e7ecc9", "#d8c48c", "#a97f4d", "#5f3c25")
    ),
    "won_lost": Palette("#f4f1ea", ("#14507f", "#86b6d4", "#f3efe6", "#e9a06c", "#8f3a0e")),
    "dry_wet": Palette("#f4f1ea", ("#7a4a12", "#d3a75a", "#f3efe6", "#7fb6cf", "#1f5c8c")),
}


def rgb(colour: str) -> np.ndarray:
    """Red, green, blue of ``#rrggbb``, 0 to 1."""
    return np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255


def _between(anchors: tuple[str, ...], count: int) -> tuple[str, ...]:
    stops = np.linspace(0, 1, len(anchors))
    table = np.array([rgb(anchor) for anchor in anchors])
    at = np.linspace(0, 1, count) if count > 1 else np.array([1.0])
    mixed = np.stack([np.interp(at, stops, table[:, band]) for band in range(3)], axis=1)
    return tuple("#" + "".join(f"{round(float(part) * 255):02x}" for part in row) for row in mixed)
