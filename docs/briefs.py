"""Makes the three briefs shown in the documentation, from a store of the real operation.

    python -m etl run geo_data/operations/central_mediterranean.toml --data DIR --store STORE
    WAYPOST_STORE=STORE WAYPOST_AUDIENCE=cell python -m docs.briefs

Their pages go to docs/images. The areas are ours: a district, 50 km around a crossing, a ring.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely

from dashboard import data
from dashboard.area import choose
from dashboard.area.choose import Area
from dashboard.brief import contents, paper
from geo_data.view import View

IMAGES = Path(__file__).parent / "images"
DISTRICT = ("LY0322", "Murzuq")
CROSSING = "dhehiba"
RADIUS_KM = 50
RING = ((11.5, 23.2), (14.6, 23.2), (15.2, 25.6), (12.2, 26.0), (11.5, 23.2))


def areas(view: View) -> Iterator[tuple[str, Area]]:
    """A Libyan district, a Tunisian crossing, and a drawn stretch of desert."""
    yield "district", choose._unit(view, *DISTRICT)
    table = view.places("crossings")
    row = table[table["name"] == CROSSING].iloc[0]
    yield "crossing", choose._near(view, row["name"], row, "radius", RADIUS_KM)
    ring = shapely.Polygon(RING)
    yield "desert", choose._outlined(view, "Drawn stretch of desert", ring, RING)


def main() -> None:
    """Write every page as one picture."""
    view = data.view(data.newest())
    for name, area in areas(view):
        for number, page in enumerate(paper.pages(contents.brief(view, area)), start=1):
            (IMAGES / f"brief-{name}-{number}.png").write_bytes(page)


if __name__ == "__main__":
    main()
