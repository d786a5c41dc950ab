"""Which drivers of GDAL may open anything: the few whose formats are read, and no other.

GDAL picks a driver by content, and some of its drivers follow paths and addresses that a file
holds. The list takes effect only if it stands in the environment before GDAL is loaded.
"""

from __future__ import annotations

ACCEPTED = (
    "GTiff", "COG", "netCDF", "GRIB", "MEM", "Memory",
    "GPKG", "KML", "LIBKML", "GPX", "ESRI Shapefile", "FlatGeobuf",
)  # fmt: skip
"""Formats read, written in the tests, and those of nothing but memory. GeoJSON is read without
GDAL."""

REFUSED = """
    AAIGrid, ACE2, ADBC, ADRG, AIG, AirSAR, AIVector, AmigoCloud, AVCBin, AVCE00, BAG, BIGGIF,
    BLX, BMP, BSB, BT, BYN, CALS, Carto, CEOS, COASP, COSAR, CPG, CSV, CSW, CTable2, CTG, DAAS,
    DERIVED, DGN, DIMAP, DIPEx, DOQ1, DOQ2, DTED, DXF, ECRGTOC, EDIGEO, EEDA, EEDAI, EHdr, EIR,
    ELAS, Elasticsearch, ENVI, ERS, ESAT, ESRIC, ESRIJSON, FAST, FIT, GDALG, GenBin, GeoJSON,
    GeoJSONSeq, GeoRSS, GFF, GIF, GML, GNMDatabase, GNMFile, GPSBabel, GRASSASCIIGrid, GS7BG,
    GSAG, GSBG, GSC, GTFS, GTI, GTX, GXF, HDF5, HDF5Image, HF2, HFA, HTTP, Idrisi, ILWIS, IRIS,
    ISCE, ISG, ISIS2, ISIS3, JAXAPALSAR, JDEM, JML, JP2OpenJPEG, JPEG, JSONFG, KMLSUPEROVERLAY,
    KRO, L1B, LAN, LCP, Leveller, LOSLAS, LVBAG, MAP, MapInfo File, MapML, MBTiles, MFF, MFF2,
    MiraMonVector, MRF, MSGN, MVT, NDF, NGSGEOID, NGW, NITF, NOAA_B, NSIDCbin, NTv2, NWT_GRC,
    NWT_GRD, OAPIF, ODS, OGCAPI, OGR_GMT, OGR_PDS, OGR_VRT, OpenFileGDB, OSM, OZI, PAux, PCIDSK,
    PCRaster, PDF, PDS, PDS4, PGDUMP, PLMOSAIC, PLSCENES, PMTiles, PNG, PNM, PRF, R, Rasterlite,
    RIK, RMF, ROI_PAC, RPFTOC, RRASTER, RS2, RST, S102, S104, S111, S57, SAFE, SAGA, SAR_CEOS,
    SDTS, Selafin, SENTINEL2, SGI, SIGDEM, SNAP_TIFF, SNODAS, SQLite, SRP, SRTMHGT, STACIT,
    STACTA, SXF, Terragen, TGA, TIL, TopoJSON, TSX, USGSDEM, VDV, VFK, VICAR, VRT, WAsP, WCS,
    WEBP, WFS, WMS, WMTS, XLSX, XPM, XYZ, Zarr, ZMap
"""
"""All others of both libraries that carry a GDAL; a test finds what an upgrade adds."""


def environment() -> dict[str, str]:
    """What the environment must say before Python starts."""
    nowhere = "http://127.0.0.1:9"
    return {
        "GDAL_SKIP": ",".join(name.strip() for name in REFUSED.split(",")),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_HTTP_PROXY": nowhere,
        "GDAL_HTTP_MAX_RETRY": "0",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
        "PROJ_NETWORK": "OFF",
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"), nowhere),
    }
