"""Colours only. Every ramp is readable in greyscale and by colour-blind viewers (see the tests).

Each palette has a colour for the class *none* and a ramp for the rest; diverging ramps have their
neutral colour in the middle. The ramps were chosen in the CIELAB space: lightness falls evenly.
On a dark map the same hues run the other way, so that what weighs most is brightest there too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Palette:
    """Colours from the first class to the last.

    Attributes
    ----------
    none : str
        An observed zero.
    anchors : tuple of str
        Ramp of the other classes, on a light map.
    night : tuple of str
        The same on a dark map; empty: the ramp turned round.
    none_at_night : str
    """

    none: str
    anchors: tuple[str, ...]
    night: tuple[str, ...] = ()
    none_at_night: str = "#26313b"

    def colours(self, classes: int, *, none: bool, dark: bool = False) -> tuple[str, ...]:
        """One colour a class, the first for *none* where there is such a class."""
        ramp = classes - 1 if none else classes
        anchors = (self.night or self.anchors[::-1]) if dark else self.anchors
        zero = self.none_at_night if dark else self.none
        return ((zero,) if none else ()) + _between(anchors, ramp)


PALETTES: dict[str, Palette] = {
    "people": Palette(
        "#fcfbf9", ("#e3cfe6", "#b07fc0", "#74449a", "#371460"),
        night=("#4b2a72", "#7f52a5", "#b48ac4", "#f0e0f2"),
    ),
    "harm": Palette(
        "#fcfbf9", ("#fbd0a2", "#ef8251", "#c2402c", "#67001f"),
        night=("#6b1620", "#b8402c", "#ee8753", "#fde0bd"),
    ),
    "heat": Palette(
        "#fcfbf9", ("#fdeaae", "#f9b458", "#e0702c", "#9e2f16", "#4d0f0c"),
        night=("#642415", "#98351a", "#d0672a", "#f4ab52", "#fdeaae"),
    ),
    "water": Palette(
        "#fcfbf9", ("#d3e5f0", "#8fbfdc", "#4a8fc2", "#1c5a98", "#0b2a5b"),
        night=("#12386b", "#1f609e", "#4a92c4", "#90c0dd", "#e0eef6"),
    ),
    "water_down": Palette(
        "#fcfbf9", ("#0b2a5b", "#1c5a98", "#4a8fc2", "#8fbfdc", "#d3e5f0"),
        night=("#e0eef6", "#90c0dd", "#4a92c4", "#1f609e", "#12386b"),
    ),
    "services": Palette(
        "#fcfbf9", ("#d6ead0", "#8fc6a0", "#45966f", "#155f4b", "#06302b"),
        night=("#0e4438", "#1c6c55", "#4a9c74", "#92c8a2", "#e0f0da"),
    ),
    "time": Palette(
        "#fcfbf9", ("#f1f2d8", "#c6dcae", "#7db89b", "#43868b", "#2f4f78", "#1c1c4a"),
        night=("#2c2c66", "#35588a", "#468a90", "#7db89b", "#c6dcae", "#f4f5de"),
    ),
    "ground": Palette(
        "#dbe7ec", ("#efe6d2", "#d9bf93", "#a98756", "#6b4d2a"),
        night=("#4f3a20", "#86683e", "#c0a170", "#efe3c8"), none_at_night="#1a2a36",
    ),
    "relief": Palette(
        "#fcfbf9", ("#123a63", "#3f7fae", "#a9cfe0", "#e7ecc9", "#d8c48c", "#a97f4d", "#5f3c25"),
        night=("#a6cbe2", "#5590b8", "#1f4d6e", "#2b3a30", "#62532f", "#a2804e", "#e6cfa8"),
    ),
    "dry_wet": Palette(
        "#fcfbf9", ("#7a4a12", "#d3a75a", "#f3efe6", "#7fb6cf", "#1f5c8c"),
        night=("#f0cf95", "#a8742a", "#2a3138", "#2f7197", "#a9d6ea"),
    ),
    "change": Palette(
        "#fcfbf9", ("#123f6e", "#5b9bc8", "#f0eeea", "#e79a5c", "#842c06"),
        night=("#b5dbf2", "#3f7fb0", "#2a3138", "#b2612a", "#fdcfa0"),
    ),
}  # fmt: skip


def rgb(colour: str) -> np.ndarray:
    """Red, green, blue of ``#rrggbb``, 0 to 1."""
    return np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255


def _between(anchors: tuple[str, ...], count: int) -> tuple[str, ...]:
    stops = np.linspace(0, 1, len(anchors))
    table = np.array([rgb(anchor) for anchor in anchors])
    at = np.linspace(0, 1, count) if count > 1 else np.array([1.0])
    mixed = np.stack([np.interp(at, stops, table[:, band]) for band in range(3)], axis=1)
    return tuple("#" + "".join(f"{round(float(part) * 255):02x}" for part in row) for row in mixed)
