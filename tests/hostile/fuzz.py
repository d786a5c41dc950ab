"""Valid small files of every kind, and copies of them with some bytes changed."""

from __future__ import annotations

import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from etl import files
from etl.sandbox import Sandbox
from geo_data.errors import WaypostError
from geo_data.sources import Band, Read, Source
from tests.declared import TODAY, operation, source
from tests.hostile import bombs

ROWS = "name,lat,lon\n" + "".join(f"P{n},{30 + n / 10},{12 + n / 10}\n" for n in range(20))
COLUMNS = {"name": "name", "landmark_type": "name"}
PLACED = {**COLUMNS, "lat_deg": "lat", "lon_deg": "lon"}


def samples(folder: Path) -> dict[str, tuple[Path, Source]]:
    "One valid file of each kind that can be written here, with its declaration."
    import geopandas as gpd
    import numpy as np
    import rasterio
    from rasterio.shutil import copy
    from shapely import Point

    folder.mkdir(parents=True, exist_ok=True)
    points = [(n, Point(12 + n / 10, 30 + n / 10)) for n in range(20)]
    layer = gpd.GeoDataFrame({"name": [f"P{n}" for n, _ in points]},
                             geometry=[p for _, p in points], crs=4326)  # fmt: skip
    (folder / "a.csv").write_text(ROWS)
    records = [dict(zip(("name", "lat", "lon"), row.split(","), strict=True))
               for row in ROWS.splitlines()[1:]]  # fmt: skip
    (folder / "a.json").write_text(json.dumps(records))
    cells = "".join(
        f'<row r="{r}">' + "".join(
            f'<c r="{"ABC"[c]}{r}" t="inlineStr"><is><t>{text}</t></is></c>'
            for c, text in enumerate(row.split(","))) + "</row>"
        for r, row in enumerate(ROWS.splitlines(), start=1)
    )  # fmt: skip
    bombs.workbook(folder / "a.xlsx", cells)
    for name, driver in (("a.geojson", "GeoJSON"), ("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf"),
                         ("a.kml", "KML"), ("a.shp", "ESRI Shapefile")):  # fmt: skip
        layer.to_file(folder / name, driver=driver)
    layer[["name", "geometry"]].to_file(folder / "a.gpx", driver="GPX", layer="waypoints")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(folder.glob("a.sh?")) + [folder / "a.dbf", folder / "a.prj"]:
            packed.write(part, part.name)
    (folder / "a.xml").write_text(
        '<shakemap_grid xmlns="http://earthquake.usgs.gov/eqcenter/shakemap"><grid_field index="1" '
        'name="LON"/><grid_field index="2" name="LAT"/><grid_data>\n12 30\n13 31\n</grid_data>'
        "</shakemap_grid>"
    )
    values = np.arange(1600, dtype="float32").reshape(1, 40, 40)
    with rasterio.open(
        folder / "a.tif", "w", driver="GTiff", width=40, height=40, count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(0.1, 0, 12, 0, -0.1, 34), compress="deflate",
        nodata=-1,
    ) as written:  # fmt: skip
        written.write(values)
    copy(folder / "a.tif", folder / "a.nc", driver="netCDF")
    tables = {"csv": "delimited", "json": "json", "xlsx": "excel"}
    found = {
        kind: source(read=Read(format=how), path=f"a.{kind}", columns=PLACED)
        for kind, how in tables.items()
    }
    found |= {
        kind: source(read=Read(format="vector"), path=f"a.{kind}", columns=COLUMNS)
        for kind in ("geojson", "gpkg", "fgb", "kml", "gpx", "zip")
    }
    found["xml"] = source(
        read=Read(format="shakemap"), path="a.xml",
        columns={"landmark_type": "LON", "lat_deg": "LAT", "lon_deg": "LON"},
    )  # fmt: skip
    for kind in ("tif", "nc"):
        found[kind] = source(job="raster", read=Read(format="raster", crs="EPSG:4326"),
                             path=f"a.{kind}", bands=[Band(quantity="elevation_m")])  # fmt: skip
    return {kind: (folder / f"a.{kind}", one) for kind, one in found.items()}


def mutated(raw: bytes, dice: random.Random) -> bytes:
    "A copy with some bytes flipped, or cut short, or with a piece doubled."
    changed = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        # The head decides how the rest is taken, so it is hit more often.
        end = len(changed) if dice.random() < 0.6 else min(len(changed), 512)
        changed[dice.randrange(end)] = dice.choice((0, 255, 127, dice.randrange(256)))
    how = dice.random()
    if how < 0.08:
        return bytes(changed[: dice.randrange(1, len(changed))])
    if how < 0.12:
        at = dice.randrange(len(changed))
        return bytes(changed[:at] + changed[at : at + 64] * 3 + changed[at:])
    return bytes(changed)


def outcomes(
    sandbox: Sandbox, folder: Path, count: int, seed: int
) -> Iterator[tuple[str, str, Path]]:
    "Kind of file, what became of it, and the file, case by case."
    originals = samples(folder / "samples")
    dice, kinds = random.Random(seed), [*originals]
    place = folder / "changed"
    place.mkdir(exist_ok=True)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        original, one = originals[kind]
        file = place / original.name
        file.write_bytes(mutated(original.read_bytes(), dice))
        yield kind, outcome(sandbox, file, one), file


def outcome(sandbox: Sandbox, file: Path, one: Source) -> str:
    "``accepted``, or the sentence of the refusal."
    try:
        sandbox.run(one, files.find(one, [file.parent], sandbox.settings), operation(), TODAY)
    except WaypostError as problem:
        return str(problem)
    return "accepted"


def sort_of(said: str) -> str:
    "An outcome in one word."
    if said == "accepted":
        return said
    words = {"the job failed": "unexplained", "WAYPOST_PARSE": "limit", "ends its reader": "crash"}
    return next((word for part, word in words.items() if part in said), "refused")


def counted(found: Iterator[tuple[str, str, Path]]) -> Counter[tuple[str, str]]:
    "How many of each kind ended in which way."
    return Counter((kind, sort_of(said)) for kind, said, _ in found)
