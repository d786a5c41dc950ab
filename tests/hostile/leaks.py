"""Files that make a reader open another file or an address, and how a careless program reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SECRET = "swordfish-4711"
PIXEL = 77


@dataclass(frozen=True)
class Targets:
    "What must stay unread: a table, a raster, an address."

    table: Path
    raster: Path
    url: str


def targets(folder: Path, url: str) -> Targets:
    "Two files outside the data folder, and an address of this machine."
    import numpy as np
    import rasterio

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.csv").write_text(f"word\n{SECRET}\n")
    with rasterio.open(
        folder / "secret.tif", "w", driver="GTiff", width=8, height=8, count=1, dtype="uint8",
        crs="EPSG:4326", transform=rasterio.Affine(1, 0, 10, 0, -1, 40),
    ) as written:  # fmt: skip
        written.write(np.full((1, 8, 8), PIXEL, dtype="uint8"))
    return Targets(folder / "secret.csv", folder / "secret.tif", url)


def vrt_of_raw_bytes(file: Path, to: Targets) -> None:
    "A virtual raster whose pixels are the bytes of any file."
    file.write_text(
        f"""<VRTDataset rasterXSize="19" rasterYSize="1"><GeoTransform>10,1,0,40,0,-1</GeoTransform>
        <VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">
        <SourceFilename relativetoVRT="0">{to.table}</SourceFilename>
        </VRTRasterBand></VRTDataset>"""
    )


def vrt_of_an_address(file: Path, to: Targets) -> None:
    "A virtual raster that is fetched from the network."
    file.write_text(
        f"""<VRTDataset rasterXSize="8" rasterYSize="8"><VRTRasterBand dataType="Byte" band="1">
        <SimpleSource><SourceFilename>/vsicurl/{to.url}/vrt_of_an_address.tif</SourceFilename>
        <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"""
    )


def tiff_with_foreign_overview(file: Path, to: Targets) -> None:
    "A real GeoTIFF that keeps its overviews in any other file."
    import numpy as np
    import rasterio

    with rasterio.open(
        file, "w", driver="GTiff", width=64, height=64, count=1, dtype="uint8", crs="EPSG:4326",
        transform=rasterio.Affine(1 / 8, 0, 10, 0, -1 / 8, 40),
    ) as written:  # fmt: skip
        written.write(np.ones((1, 64, 64), dtype="uint8"))
        written.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=str(to.raster))


def tiff_with_sidecar(file: Path, to: Targets) -> None:
    "A plain GeoTIFF; the file beside it names the overviews."
    tiff_with_foreign_overview(file, to)
    tags = f"""<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{to.raster}</MDI>
    </Metadata></PAMDataset>"""
    import rasterio

    with rasterio.open(file, "r+") as written:
        written.update_tags(ns="OVERVIEWS", OVERVIEW_FILE="")
    Path(f"{file}.aux.xml").write_text(tags)


def wms_named_tiff(file: Path, to: Targets) -> None:
    "A map service that is asked for its pixels."
    file.write_text(
        f"""<GDAL_WMS><Service name="TMS"><ServerUrl>{to.url}/wms_named_tiff/${{z}}/${{x}}/${{y}}.png
        </ServerUrl></Service><DataWindow><UpperLeftX>-180</UpperLeftX><UpperLeftY>90</UpperLeftY>
        <LowerRightX>180</LowerRightX><LowerRightY>-90</LowerRightY><SizeX>256</SizeX>
        <SizeY>256</SizeY></DataWindow><BandsCount>1</BandsCount></GDAL_WMS>"""
    )


def ogr_vrt(file: Path, to: Targets) -> None:
    "A virtual layer of any table."
    file.write_text(
        f"""<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{to.table}</SrcDataSource>
        </OGRVRTLayer></OGRVRTDataSource>"""
    )


def ogr_vrt_in_a_comment(file: Path, to: Targets) -> None:
    "The same behind what looks like KML at first sight."
    ogr_vrt(file, to)
    file.write_text("<!-- <kml> -->" + file.read_text())


def gdal_pipeline(file: Path, to: Targets) -> None:
    "JSON that is a command."
    command = f"gdal vector pipeline ! read {to.table} ! write --format stream streamed_dataset"
    file.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command}))


def geojson_with_linked_crs(file: Path, to: Targets) -> None:
    "Valid GeoJSON whose CRS is an address."
    link = {"type": "link", "properties": {"href": f"{to.url}/geojson_with_linked_crs"}}
    point = {"type": "Point", "coordinates": [13, 33]}
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": point}
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": link, "features": [feature]}))


def wfs(file: Path, to: Targets) -> None:
    "A feature service that is asked for its features."
    file.write_text(
        f"<OGRWFSDataSource><URL>{to.url}/wfs?SERVICE=WFS</URL></OGRWFSDataSource>"
    )  # fmt: skip


RASTERS = {
    "vrt_of_raw_bytes.tif": vrt_of_raw_bytes, "vrt_of_an_address.tif": vrt_of_an_address,
    "tiff_with_foreign_overview.tif": tiff_with_foreign_overview,
    "tiff_with_sidecar.tif": tiff_with_sidecar, "wms_named_tiff.tif": wms_named_tiff,
}  # fmt: skip
VECTORS = {
    "ogr_vrt.geojson": ogr_vrt, "ogr_vrt_in_a_comment.kml": ogr_vrt_in_a_comment,
    "gdal_pipeline.json": gdal_pipeline, "geojson_with_linked_crs.geojson": geojson_with_linked_crs,
    "wfs.geojson": wfs,
}  # fmt: skip


def make(folder: Path, to: Targets) -> list[Path]:
    "All of them in one folder."
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in {**RASTERS, **VECTORS}.items():
        write(folder / name, to)
    return [folder / name for name in (*RASTERS, *VECTORS)]
