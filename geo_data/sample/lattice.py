"""The pixels of the demo rasters: where they are, which are land, how far the coast is, saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo_data import geography

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Position = tuple[float, float]
"""Latitude, longitude in degrees."""

AREA = (0.0, 15.0, 26.0, 40.0)
PIXEL_DEG = 0.05
COARSE_DEG = 0.25
KM_PER_DEG = 111.195
SEED = 20_240_229
# The coast is searched a little beyond the area, so that its edge is not taken for a coast.
AROUND = (-6.0, 9.0, 32.0, 46.0)


@dataclass(frozen=True)
class Lattice:
    """Pixels of the demo, north up, shape (rows, columns) = (500, 520).

    Attributes
    ----------
    lat_deg : float array, shape (rows, 1)
    lon_deg : float array, shape (1, columns)
        Pixel centres.
    names : tuple of str
        ISO 3166-1 alpha-3 codes that ``country`` points into.
    country : int array
        Country that a pixel touches, -1 where it touches none: a pixel of a small island or of a
        coast counts.
    land : bool array
        Whether the pixel's centre is on land.
    coast_km : float array
        Distance to the nearest coast, on land and at sea.
    """

    lat_deg: Floats
    lon_deg: Floats
    names: tuple[str, ...]
    country: NDArray[np.int16]
    land: Flags
    coast_km: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.land.shape[0], self.land.shape[1]

    def of(self, iso3: str) -> Flags:
        """The pixels that a country touches."""
        return self.country == self.names.index(iso3)

    def pixel(self, *, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Whole, Whole]:
        """Row and column of positions, moved to the edge if outside the area."""
        west, _, _, north = AREA
        row = np.floor((north - np.asarray(lat_deg)) / PIXEL_DEG).astype(int)
        column = np.floor((np.asarray(lon_deg) - west) / PIXEL_DEG).astype(int)
        return np.clip(row, 0, self.shape[0] - 1), np.clip(column, 0, self.shape[1] - 1)

    def distance_km(self, at: Position) -> Floats:
        """Distance of every pixel from a position; flat at the pixel's latitude."""
        x = (self.lon_deg - at[1]) * np.cos(np.radians(self.lat_deg))
        return KM_PER_DEG * np.hypot(x, self.lat_deg - at[0])

    def line_km(self, line: Sequence[Position], reach_km: float) -> Floats:
        """Distance of every pixel from a line, infinite beyond ``reach_km``."""
        found = np.full(self.shape, np.inf)
        reach_deg = reach_km / KM_PER_DEG * 1.35
        for (lat1, lon1), (lat2, lon2) in zip(line, line[1:], strict=False):
            window = self._window(
                (min(lat1, lat2) - reach_deg, max(lat1, lat2) + reach_deg),
                (min(lon1, lon2) - reach_deg, max(lon1, lon2) + reach_deg),
            )
            lat, lon = self.lat_deg[window[0]], self.lon_deg[:, window[1]]
            squeeze = np.cos(np.radians((lat1 + lat2) / 2))
            x, y = (lon - lon1) * squeeze, lat - lat1
            along_x, along_y = (lon2 - lon1) * squeeze, lat2 - lat1
            share = (x * along_x + y * along_y) / max(along_x**2 + along_y**2, 1e-12)
            share = np.clip(share, 0, 1)
            away = KM_PER_DEG * np.hypot(x - share * along_x, y - share * along_y)
            found[window] = np.minimum(found[window], away)
        return np.where(found <= reach_km, found, np.inf)

    def _window(self, lat: Position, lon: Position) -> tuple[slice, slice]:
        west, _, _, north = AREA
        rows = [int((north - value) / PIXEL_DEG) for value in (lat[1], lat[0])]
        columns = [int((value - west) / PIXEL_DEG) for value in lon]
        return slice(max(rows[0], 0), max(rows[1] + 1, 0)), slice(
            max(columns[0], 0), max(columns[1] + 1, 0)
        )


def build() -> Lattice:
    """The lattice over the countries and coasts of :mod:`geo_data.geography`."""
    from rasterio.features import rasterize

    west, south, east, north = AREA
    size = round((north - south) / PIXEL_DEG), round((east - west) / PIXEL_DEG)
    shapes = countries()
    burnt = [(shape, number) for number, shape in enumerate(shapes.values())]
    how = {"out_shape": size, "transform": _transform()}
    centre = rasterize(burnt, fill=-1, dtype="int16", **how)
    touched = rasterize(burnt, fill=-1, dtype="int16", all_touched=True, **how)
    lat = north - PIXEL_DEG * (np.arange(size[0], dtype=np.float64)[:, None] + 0.5)
    lon = west + PIXEL_DEG * (np.arange(size[1], dtype=np.float64)[None, :] + 0.5)
    land = centre >= 0
    country = np.where(land, centre, touched)
    return Lattice(lat, lon, tuple(shapes), country, land, _coast_km(lat, lon))


def countries() -> dict[str, BaseGeometry]:
    """The part of every country inside the area, by ISO 3166-1 alpha-3 code."""
    world = geography.countries().dropna(subset="iso3").sort_values("iso3")
    area = shapely.box(*AREA)
    world = world[world.intersects(area)]
    inside = shapely.intersection(world.geometry.to_numpy(), area)
    return dict(zip(world["iso3"], inside, strict=True))


def noise(lattice: Lattice, node_deg: float, seed: int) -> Floats:
    """Smooth random field with mean 0 and standard deviation near 1."""
    west, south, east, north = AREA
    lat_nodes = np.arange(south, north + 2 * node_deg, node_deg)
    lon_nodes = np.arange(west, east + 2 * node_deg, node_deg)
    random = np.random.default_rng([SEED, seed])
    nodes = random.normal(size=(len(lat_nodes), len(lon_nodes)))
    rows, columns = (
        _hats(lat_nodes, lattice.lat_deg.ravel()),
        _hats(lon_nodes, lattice.lon_deg.ravel()),
    )
    return 1.35 * _rounded(rows) @ nodes @ _rounded(columns).T


def save(
    file: Path, *bands: Floats, dtype: str, nodata: float, scale: float = 1.0, offset: float = 0.0
) -> None:
    """Bands as one GeoTIFF; ``stored = (value - offset) / scale``, NaN becomes ``nodata``."""
    import rasterio

    whole = not dtype.startswith("float")
    with rasterio.open(
        file, "w", driver="GTiff", height=bands[0].shape[0], width=bands[0].shape[1],
        count=len(bands), dtype=dtype, crs="EPSG:4326", nodata=nodata, compress="DEFLATE",
        predictor=2 if whole else 3, zlevel=6,
        transform=_transform(),
    ) as raster:  # fmt: skip
        for number, values in enumerate(bands, start=1):
            stored = (values - offset) / scale
            stored = np.round(stored) if whole else stored
            raster.write(np.where(np.isnan(values), nodata, stored).astype(dtype), number)


def _transform() -> Affine:
    west, _, _, north = AREA
    return Affine(PIXEL_DEG, 0.0, west, 0.0, -PIXEL_DEG, north)


def _coast_km(lat: Floats, lon: Floats) -> Floats:
    west, south, east, north = AREA
    around = shapely.box(*AROUND)
    land = geography.land().geometry.to_numpy()
    coast = shapely.intersection(shapely.boundary(land[shapely.intersects(land, around)]), around)
    pieces = np.concatenate([_pieces(part) for part in shapely.get_parts(coast)])
    lat_nodes = np.arange(south, north + COARSE_DEG, COARSE_DEG)
    lon_nodes = np.arange(west, east + COARSE_DEG, COARSE_DEG)
    nodes = _flat(*np.meshgrid(lon_nodes, lat_nodes))
    tree = shapely.STRtree(shapely.linestrings(_flat(pieces[..., 0], pieces[..., 1])))
    found, away = tree.query_nearest(
        shapely.points(nodes).ravel(), return_distance=True, all_matches=False
    )
    coarse = np.empty(nodes.shape[:2])
    coarse.ravel()[found[0]] = away
    return _enlarged(coarse, lat_nodes, lon_nodes, lat, lon)


def _pieces(line: BaseGeometry) -> Floats:
    points = shapely.get_coordinates(line)
    return np.stack([points[:-1], points[1:]], axis=1)


def _flat(lon: Floats, lat: Floats) -> Floats:
    """Kilometres in the sinusoidal projection about the middle of the area, shape (..., 2)."""
    middle = (AREA[0] + AREA[2]) / 2
    return KM_PER_DEG * np.stack([(lon - middle) * np.cos(np.radians(lat)), lat], axis=-1)


def _enlarged(
    nodes: Floats, lat_nodes: Floats, lon_nodes: Floats, lat: Floats, lon: Floats
) -> Floats:
    """Values between nodes, linear along each axis."""
    return _hats(lat_nodes, lat.ravel()) @ nodes @ _hats(lon_nodes, lon.ravel()).T


def _hats(nodes: Floats, at: Floats) -> Floats:
    step = nodes[1] - nodes[0]
    return np.clip(1 - np.abs((at[:, None] - nodes[None, :]) / step), 0, 1)


def _rounded(weights: Floats) -> Floats:
    """Weights between 0 and 1 without corners, so that slopes have no steps; sums stay 1."""
    return weights**2 * (3 - 2 * weights)
