"""Draws docs/lattice.svg and docs/edges.svg: python docs/drawings.py."""

from __future__ import annotations

import math
from pathlib import Path

HERE = Path(__file__).parent
INK, SOFT, ACCENT, FILL = "#243b4a", "#9db2bf", "#c2552d", "#f3e3d7"
ROW = math.sqrt(3) / 2


def _page(width: int, height: int, parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">'
    )
    return "\n".join(
        [head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *parts, "</svg>\n"]
    )


def _polygon(points: list[tuple[float, float]], fill: str, line: str, wide: float = 1) -> str:
    place = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{place}" fill="{fill}" stroke="{line}" stroke-width="{wide}"/>'


def _line(x0: float, y0: float, x1: float, y1: float, line: str, wide: float = 1) -> str:
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{line}" '
        f'stroke-width="{wide}"/>'
    )


def _text(x: float, y: float, words: str, colour: str = INK) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}">{words}</text>'


def _hexagon(x: float, y: float, size: float) -> list[tuple[float, float]]:
    turns = [math.radians(30 + 60 * n) for n in range(6)]
    reach = size / math.sqrt(3)
    return [(x + reach * math.cos(a), y - reach * math.sin(a)) for a in turns]


def lattice() -> str:
    """A face of the icosahedron, its lattice, and the cells that reach over its edge."""
    size, middle, side = 40.0, (300.0, 235.0), 400.0
    high = side * ROW
    base = middle[1] + high / 3
    face = [(middle[0] - side / 2, base), (middle[0] + side / 2, base), (middle[0], base - high)]
    parts = []
    for r in range(-6, 8):
        for q in range(-12, 13):
            x, y = middle[0] + (q + r / 2) * size, middle[1] - r * ROW * size
            depth = min(
                middle[1] + high / 3 - y,
                *(high / 3 + ((x - middle[0]) * s * ROW + (y - middle[1]) * 0.5) for s in (-1, 1)),
            )
            if depth > -0.5:
                leaves = depth < size / math.sqrt(3)
                parts.append(_polygon(_hexagon(x, y, size), FILL if leaves else "#fff", SOFT))
    parts.append(_polygon(face, "none", INK, 2))
    x, y = middle
    parts += [
        _line(x, y, x + size, y, ACCENT, 3),
        _line(x, y, x + size / 2, y - size * ROW, ACCENT, 3),
    ]
    parts += [
        _text(x + size + 4, y + 4, "q", ACCENT),
        _text(x + size / 2 + 2, y - size * ROW - 4, "r", ACCENT),
    ]
    parts.append(_text(20, 30, "the plane of one face"))
    parts.append(_text(20, 382, "shaded: cells that leave the face; H3 gives their corners"))
    return _page(600, 395, parts)


def edges() -> str:
    """An edge across pixels: what it gives to one cell, it takes from the other."""
    step, left, top = 60, 40, 40
    parts = [_line(left + n * step, top, left + n * step, top + 4 * step, SOFT) for n in range(9)]
    parts += [_line(left, top + n * step, left + 8 * step, top + n * step, SOFT) for n in range(5)]
    x0, y0, x1, y1 = left + 5.5 * step, top + 0.4 * step, left + 3.6 * step, top + 3.5 * step

    def at(y: float) -> float:
        return x0 + (x1 - x0) * (y - y0) / (y1 - y0)

    cuts = sorted({y0, y1, *(top + n * step for n in (1, 2, 3))})
    cuts += [y0 + (left + n * step - x0) * (y1 - y0) / (x1 - x0) for n in (4, 5)]
    cuts.sort()
    for upper, lower in zip(cuts, cuts[1:], strict=False):
        shape = [(left, upper), (at(upper), upper), (at(lower), lower), (left, lower)]
        parts.insert(0, _polygon(shape, FILL, "#fff", 1.5))
        middle = (upper + lower) / 2
        parts.append(f'<circle cx="{at(middle):.1f}" cy="{middle:.1f}" r="4" fill="{ACCENT}"/>')
    parts.append(_line(x0, y0, x1, y1, ACCENT, 3))
    parts += [_text(left + 8, top + 1.55 * step, "F(x, y): the row's sum left of x"),
              _text(left + 5.9 * step, top + 2.3 * step, "cell B: minus", ACCENT),
              _text(left + 2.2 * step, top + 3.25 * step, "cell A: plus", ACCENT),
              _text(left, top + 4 * step + 26, "dots: the middle of the part in one pixel, "
                    "where F is taken; times its height, exact")]  # fmt: skip
    return _page(560, 320, parts)


if __name__ == "__main__":
    (HERE / "lattice.svg").write_text(lattice(), encoding="utf-8")
    (HERE / "edges.svg").write_text(edges(), encoding="utf-8")
