"""The data behind a brief as one ZIP: map layers, tables, hexagons for analysis, and a README.

It holds what the audience of the view may see, as every other file does. Columns are English, as
other programs read them; the README speaks the language of the page.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard import exports
from dashboard.area import blocks, index_blocks, observed, ranking, service_blocks
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.brief import maps
from dashboard.frame import DISCLAIMER
from dashboard.handout import provenance, tables, vectors, workbook
from dashboard.language import _, moment, word
from dashboard.text import one_line
from geo_data import grid
from geo_data import quantities as q
from geo_data.rollup import cover_column
from geo_data.view import View
from geo_data.vocabulary import RATING_LEVELS, Audience

POINTS = ("crossings", "services", "sites", "incidents", "landmarks")
WHOLE_WORLD = (-180.0, -90.0, 180.0, 90.0)
UNITS = {
    "fraction": ("share, 0 to 1", "share of the hexagon that lies in the area"),
    "context_index": ("0 to 10", "Context index, high is worse"),
    "rank": ("position", "1 is the worst hexagon of the operation"),
    "rank_low": ("position", "rank in 5% of 1,000 versions of the index"),
    "rank_high": ("position", "rank in 95% of 1,000 versions of the index"),
    "top_share": ("share, 0 to 1", "versions in which the hexagon is among the worst tenth"),
    "priority": ("true or false", "top_share is 0.9 or more"),
    "missing_count": ("indicators", "indicators that are not known here"),
    "known_share": ("share, 0 to 1", "share of the area for which the value is known"),
    "withheld": ("true or false", "the audience of this file may not know the value"),
    "limit_h": ("hours", "people farther than this from a service count as out of reach"),
    "mean_h": ("hours", "mean time of those who reach a service"),
    "share": ("share, 0 to 1", "share of the residents of the area"),
    "level": ("1 to 5", "concern, 5 is the highest; blank: looked at, and not known"),
}


def pack(view: View, area: Area, made: Ranking | None = None) -> bytes:
    """The ZIP, in the language of this run.

    Parameters
    ----------
    made : Ranking, optional
        The index with the weights on the page; as declared by default.
    """
    made = made or ranking.ranking(view, ranking.declared())
    hexagons, sheets = _hexagons(view, area, made), _sheets(view, area, made)
    layers = {"hexagons": vectors.hexagon_layer(hexagons), **_points(view, area)}
    layers["area"] = _outline(view, area)
    columns = [name for layer in layers.values() for name in layer.columns]
    columns += [name for sheet in sheets.values() for name in sheet]
    sheets["sources"], sheets["units"] = exports.about(view), units(columns)
    told = _told(view, area, sheets)
    files = {
        "README.txt": _readme(view, area, sheets).encode("utf-8"),
        "area.gpkg": vectors.geopackage(layers, sheets["sources"], sheets["units"]),
        "tables.xlsx": workbook.workbook(
            sheets, {name: exports.tags_of(sheet) for name, sheet in sheets.items()}, view.at
        ),
        "hexagons.parquet": vectors.geoparquet(layers["hexagons"], told),
    }
    return _zipped(view, files)


def _zipped(view: View, files: Mapping[str, bytes]) -> bytes:
    out, at = io.BytesIO(), view.at.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, at), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _hexagons(view: View, area: Area, made: Ranking) -> pd.DataFrame:
    """Hexagons of the area with every quantity that a source speaks about, its cover, the index."""
    inside = area.cells.merge(blocks.hexagons(view.name), on="cell", how="left")
    spoken = [one for one in blocks.QUANTITIES if view.sources_of(one)]
    names = [name for one in spoken for name in (one.column, cover_column(one))]
    index = pd.DataFrame(
        {"cell": made.basis.cells, "context_index": made.result.to_numpy(),
         "missing_count": made.table["missing_count"].to_numpy()}
    )  # fmt: skip
    table = inside[["cell", "fraction", *names]].merge(index, on="cell", how="left")
    return exports.stamped(view, table, spoken)


def _points(view: View, area: Area) -> dict[str, gpd.GeoDataFrame]:
    """Places in the hexagons of the area, as the audience may see them."""
    found, level = {}, grid.resolution_of(area.cells["cell"])
    for kind in POINTS:
        table = tables.places(view, kind, WHOLE_WORLD)
        cell = grid.cells_of(lat_deg=table["lat_deg"], lon_deg=table["lon_deg"], resolution=level)
        own = table[np.isin(cell, area.cells["cell"])].reset_index(drop=True)
        if len(own):
            found[kind] = vectors.point_layer(own)
    return found


def _outline(view: View, area: Area) -> gpd.GeoDataFrame:
    shapes = maps.outline_of(view, area)
    named = pd.DataFrame({"area": [area.name] * len(shapes), "release": view.name})
    return gpd.GeoDataFrame(named, geometry=shapes, crs=vectors.CRS)


def _sheets(view: View, area: Area, made: Ranking) -> dict[str, pd.DataFrame]:
    profile = blocks.profile_of(view, area)
    whole = blocks.whole_profile(view.name)[[*blocks.KEYS, "value"]].drop_duplicates(blocks.KEYS)
    whole = whole.rename(columns={"value": "whole_operation_value"})
    profile = profile.merge(whole, on=blocks.KEYS, how="left").assign(area=area.name)
    texts = {name: profile[name].map(str) for name in (*blocks.KEYS, "note")}
    sure = ranking.sureness(made, view.name)
    ranks = index_blocks.rank_table(view, made, sure, [area])
    ranks = ranks.assign(h3=grid.text(ranks["cell"]) if len(ranks) else []).drop(columns="cell")
    sheets = {
        "profile": exports.stamped(view, profile.assign(**texts), list(blocks.QUANTITIES)),
        "index": exports.stamped(view, ranks, [q.POPULATION, q.DISPLACED]),
        "services": exports.stamped(view, _gaps(view, area), [q.SERVICES, q.POPULATION]),
    }  # fmt: skip
    seen = _observations(view, area)
    return sheets | ({"observations": seen} if len(seen) else {})


def _gaps(view: View, area: Area) -> pd.DataFrame:
    found = [
        service_blocks.gap_table(view, area, pace).assign(pace=str(pace))
        for pace in ranking.paces()
    ]
    return pd.concat(found, ignore_index=True).assign(area=area.name)


def _observations(view: View, area: Area) -> pd.DataFrame:
    """What the team saw here: a row a version that stands; no row for anybody but the cell."""
    if view.audience is not Audience.CELL:
        return pd.DataFrame()
    titles = observed.names(view)
    return pd.DataFrame(
        [
            {"date": str(head.date), "place": titles.get(head.place, head.place_code),
             "place_code": head.place_code, "component": str(head.component),
             "rating": str(head.rating), "level": RATING_LEVELS.get(head.rating),
             "evidence": head.evidence, "confidence": str(head.confidence), "role": str(head.role),
             "conflict": thread.conflict, "withdrawn": head.withdrawn, "id": head.id,
             "audience": provenance.AUDIENCES[Audience.CELL]}
            for thread in observed.threads(view, [area]) if thread.conflict or not thread.withdrawn
            for head in thread.shown
        ]
    )  # fmt: skip


def units(columns: list[str]) -> pd.DataFrame:
    """Unit and meaning of every column that has one."""
    own = [
        {"column": name, "unit": UNITS[name][0], "label": UNITS[name][1], "method": ""}
        for name in dict.fromkeys(columns) if name in UNITS
    ]  # fmt: skip
    covers = [
        {"column": name, "unit": "share, 0 to 1", "method": "",
         "label": "share of the hexagon that a source speaks about; 0: outside coverage"}
        for name in dict.fromkeys(columns) if name.endswith("__cover")
    ]  # fmt: skip
    known = provenance.units([name for name in columns if name not in UNITS])
    return pd.concat([known, pd.DataFrame([*own, *covers])], ignore_index=True)


def _told(view: View, area: Area, sheets: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    sources, known = (
        json.loads(sheets[name].to_json(orient="records")) for name in ("sources", "units")
    )
    return {
        "title": exports.neutral(area.name), "release": view.name,
        "audience": provenance.AUDIENCES[view.audience],
        "simulated": bool(view.manifest["simulated"]), "sources": sources, "units": known,
    }  # fmt: skip


def _readme(view: View, area: Area, sheets: Mapping[str, pd.DataFrame]) -> str:
    """What is inside and how to read it; one line a fact, in the language of this run."""
    banner = [provenance.simulated(view), ""] if view.manifest["simulated"] else []
    sources = [
        f"- {row['source']}; {row['owner']}; {row['licence']}; {row['reference_period']}"
        for row in sheets["sources"].to_dict("records") if row["accepted"]
    ]  # fmt: skip
    lines = [
        *banner, _("Data pack: {area}", area=one_line(area.name)),
        word(view.operation["title"]),
        _("Release of {moment}: {release}", moment=moment(view.at), release=view.name),
        provenance.audience_said(view), "",
        "area.gpkg: " + _("hexagons, places and outline of the area, with sources and units"),
        "tables.xlsx: " + _("sheets {names}; the second row holds HXL tags",
                            names=", ".join(sheets)),
        "hexagons.parquet: " + _("hexagons for analysis (GeoParquet), units in the metadata"), "",
        _("A blank value with cover above 0 is unknown or withheld; with cover 0 no source speaks "
          "about the place; 0 is an observed zero."),
        _("A hexagon counts by its fraction inside the area."),
        _("Text that a spreadsheet would run begins with an apostrophe."), "",
        _("Sources"), *map(one_line, sources), "", _(DISCLAIMER), "",
    ]  # fmt: skip
    return "\n".join(lines)
