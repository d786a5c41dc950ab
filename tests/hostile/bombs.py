"""Small files that ask for gigabytes or hours, and damaged ones."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from pathlib import Path

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
MAIN = "http://schemas.openxmlformats.org"


def tiff(
    file: Path, *, width: int, height: int, bands: int = 1, rows: int = 0,
) -> Path:  # fmt: skip
    "A header that claims any size; one strip of a few bytes stands behind it."
    place = struct.pack("<12d", 1e-3, 1e-3, 0, 0, 0, 0, 10, 40, 0, 0, 0, 0)
    keys = struct.pack("<12H", 1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326)
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, bands), (278, 4, 1, rows or height), (279, 4, 1, 16),
        (33550, 12, 3, 400), (33922, 12, 6, 424), (34735, 3, 12, 500),
    ]  # fmt: skip
    ifd = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
    content = struct.pack("<2sHI", b"II", 42, 32) + bytes(24) + ifd + bytes(4)
    content = content.ljust(400, b"\0") + place[:24] + place[24:72]
    file.write_bytes(content.ljust(500, b"\0") + keys + bytes(100))
    return file


def sparse_tiff(file: Path, side: int, **more: object) -> Path:
    "A raster without a single pixel on the disk."
    tiles = {"count": 1, "tiled": True, "blockxsize": 4096, "blockysize": 4096}
    import rasterio

    with rasterio.open(
        file, "w", driver="GTiff", width=side, height=side, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(1e-4, 0, 10, 0, -1e-4, 40), sparse_ok=True,
        compress="deflate", **(tiles | more),
    ):  # fmt: skip
        pass
    return file


def workbook(file: Path, cells: str, shared: str | None = None, *, says: int = 0) -> Path:
    "A workbook of one sheet; ``says`` is the size that it claims for the sheet."
    kinds = [("/xl/workbook.xml", "sheet.main"), ("/xl/worksheets/sheet1.xml", "worksheet")]
    types = "".join(
        f'<Override PartName="{name}" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.{kind}+xml"/>'
        for name, kind in kinds
    )
    relation = f"{MAIN}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{MAIN}/package/2006/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{MAIN}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}/spreadsheetml/2006/main" xmlns:r="{relation}">'
        '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{MAIN}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
    }  # fmt: skip
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"{SHEET}{cells}".encode())
            for _ in range(says):
                sheet.write(b"x" * 1_000_000)
            sheet.write(b"</t></is></c></row></sheetData></worksheet>" if says
                        else b"</sheetData></worksheet>")  # fmt: skip
    return file


def text_cell(where: str, text: str) -> str:
    "One cell of a sheet."
    row = where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{where}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def archive(file: Path, *members: tuple[str, bytes], link: str = "", locked: bool = False) -> Path:
    "A zip archive with any names."
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            packed.writestr(entry, "/etc/passwd")
    if locked:
        raw = bytearray(file.read_bytes())
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = raw.find(mark)
            raw[place + at] |= 1
        file.write_bytes(raw)
    return file


def lying_archive(file: Path, name: str, size: int, says: int) -> Path:
    "A member that unpacks to far more than both of its headers say."
    archive(file, (name, b"\0" * size))
    file.write_bytes(file.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", says)))
    return file


def geopackage(file: Path, *statements: str) -> Path:
    "A GeoPackage with one point, then whatever is executed on it."
    import geopandas as gpd
    from shapely import Point

    gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(13, 33)], crs=4326).to_file(
        file, layer="good", driver="GPKG"
    )
    with sqlite3.connect(file) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return file


ENDLESS_VIEW = (
    "CREATE VIEW bad AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) "
    "SELECT fid, NULL AS geom FROM n"
)
REGISTERED = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
    "VALUES ('bad', 'attributes', 'bad', 4326)"
)


def entity_bomb(file: Path, root: str) -> Path:
    "Ten lines that expand to a billion words."
    lines = ['<!ENTITY a0 "lol">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    file.write_text(f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}]><{root}>&a9;</{root}>")
    return file
