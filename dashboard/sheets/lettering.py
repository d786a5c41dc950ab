"""Words on a printed map: names of places and towns, meridians and parallels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard import language
from dashboard.basemap.shapes import Basemap
from dashboard.sheets.marks import Mark
from dashboard.sheets.paper import Paper
from dashboard.text import safe

GRATICULE, INK, HALO = "#465c6a", "#111820", "#ffffff"
FAMILIES = "Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"
NAMES, PLACE_NAMES = 42, 24
NAME_MM = 2.4
EDGE_MM = 9.0
"""Nothing is written so near to a corner that two labels meet there."""
SYMBOL_MM = 3.2


def graticule(paper: Paper) -> str:
    """Meridians and parallels with their names, which keep out of the corner."""
    lons, lats = paper.graticule()
    x, _ = paper.place(lat_deg=np.zeros(len(lons)), lon_deg=lons)
    _, y = paper.place(lat_deg=lats, lon_deg=np.zeros(len(lats)))
    lines = [f"M{at:.2f},0V{paper.height_mm}" for at in x]
    lines += [f"M0,{at:.2f}H{paper.width_mm}" for at in y]
    words = [
        word(at + 0.6, 2.6, degrees(lon, language._("E"), language._("W")))
        for at, lon in zip(x, lons, strict=True)
        if EDGE_MM < at < paper.width_mm - EDGE_MM
    ]
    words += [
        word(0.7, at - 0.6, degrees(lat, language._("N"), language._("S")))
        for at, lat in zip(y, lats, strict=True)
        if EDGE_MM < at < paper.height_mm - 1
    ]
    return (
        f'<path d="{"".join(lines)}" stroke="{GRATICULE}" stroke-width="0.1" opacity="0.5"/>'
        + "".join(words)
    )


def degrees(value: float, positive: str, negative: str) -> str:
    """A meridian or parallel by name, within half a turn.

    >>> degrees(200, "E", "W"), degrees(0, "E", "W"), degrees(-7.5, "N", "S")
    ('160° W', '0°', '7.5° S')
    """
    turned = (value + 180) % 360 - 180
    if round(turned, 6) in (0, -180):
        return f"{abs(turned):g}°"
    return f"{abs(turned):g}° {positive if turned > 0 else negative}"


def names(paper: Paper, marks: Sequence[Mark], basemap: Basemap) -> list[str]:
    """Names of places, then of towns of the basemap, that keep clear of all marks and names."""
    taken = [(m.x - 2, m.y - 2, m.x + 2, m.y + 2) for m in marks]
    named = [m for m in marks if m.name and m.count == 1 and not m.ringed]
    wanted = [(m.x, m.y, m.name, False) for m in named]
    for town in basemap.towns():
        (x,), (y,) = paper.place(lat_deg=[town.lat_deg], lon_deg=[town.lon_deg])
        wanted.append((float(x), float(y), town.called(language.current()), True))
    drawn: list[str] = []
    written = 0
    for x, y, name, is_town in wanted:
        wide = len(name) * NAME_MM * 0.56
        start = x + (1.2 if is_town else SYMBOL_MM / 2 + 0.5)
        box = (start, y - 2.6, start + wide, y + 1.2)
        inside = x > EDGE_MM and box[2] < paper.width_mm - 1 and 4 < y < paper.height_mm - 2
        if (
            not inside
            or written >= (NAMES if is_town else PLACE_NAMES)
            or any(_meet(box, other) for other in taken)
        ):
            continue
        taken.append(box)
        written += 1
        if is_town:
            drawn.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.5" fill="{INK}"/>')
        drawn.append(word(start, y + (-0.4 if is_town else 0.8), name, size=NAME_MM, ink=INK))
    return drawn


def _meet(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def word(x: float, y: float, text: str, *, size: float = 2.15, ink: str = GRATICULE) -> str:
    """A word with a halo, so that it reads on every colour; text of data is escaped."""
    style = f'font-size="{size}" font-family="{FAMILIES}"'
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" {style} fill="{ink}" stroke="{HALO}" stroke-width="0.5" '
        f'paint-order="stroke">{safe(text)}</text>'
    )
