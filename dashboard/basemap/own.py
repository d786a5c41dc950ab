"""The basemap of an operation: its own parts, and ours where it has none."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import shapely

from dashboard import data
from dashboard.basemap.shapes import PARTS, Basemap, Shapes, Town, world
from geo_data.view import View
from geo_data.vocabulary import BasemapPart, BorderKind

OTHER_NAMES = ("ar", "fr", "es")


def basemap_of(view: View) -> Basemap:
    """What the maps of a release are drawn on."""
    return _basemap(view.name)


@lru_cache(maxsize=data.KEPT_VIEWS)
def _basemap(release: str) -> Basemap:
    view = data.view(release)
    table, ours = view.reference("basemap"), world()
    if table.empty:
        return ours
    own = {part: rows for part, rows in table.groupby("part") if len(rows)}
    shapes = _shapes(own)
    places = _towns(own[BasemapPart.PLACES]) if BasemapPart.PLACES in own else None

    def read(part: str, fine: bool) -> Shapes:
        return shapes[part] if part in shapes else ours.read(part, fine)

    def towns() -> tuple[Town, ...]:
        return ours.towns() if places is None else places

    owners = dict.fromkeys(view.source(str(key))["owner"] for key in table["source"].unique())
    whole = places is not None and "land" in shapes and "settled" in shapes
    credit = ", ".join([*owners, *([] if whole else [ours.credit])])
    return Basemap(view.name, read, towns, credit)


def _shapes(own: dict[str, pd.DataFrame]) -> dict[str, Shapes]:
    """Parts to draw; borders by their kind."""
    found = {part: rows for part, rows in own.items() if part in PARTS}
    if BasemapPart.BORDERS in own:
        borders = own[BasemapPart.BORDERS]
        found |= {kind.value: borders[borders["kind"] == kind] for kind in BorderKind}
    return {
        part: shapely.get_parts(shapely.from_wkb(rows["geometry"].to_numpy(object)))
        for part, rows in found.items()
    }


def _towns(rows: pd.DataFrame) -> tuple[Town, ...]:
    at = shapely.get_coordinates(shapely.from_wkb(rows["geometry"].to_numpy(object)))
    found = [
        Town(
            float(lat), float(lon), int(row["rank"]), row["name"],
            {code: name for code in OTHER_NAMES if isinstance(name := row[f"name_{code}"], str)},
        )
        for (lon, lat), row in zip(at, rows.to_dict("records"), strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda town: town.rank))


data.forget_daily(_basemap.cache_clear)
