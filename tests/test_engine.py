"""The hexing engine: golden rasters, invariants, and two second opinions."""

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engine import centres, edges, extremes, indices, lattice, points, prefix
from etl.engine.statistics import Statistic
from geo_data import grid
from geo_data.errors import SettingInvalid
from tests import windows

PENTAGONS = [h3.cell_to_latlng(cell) for cell in sorted(h3.get_pentagons(7))]
SIXTEEN = np.arange(1.0, 17).reshape(4, 4)
BOX = np.array([(0.5, 0.5), (2.5, 0.5), (2.5, 2.5), (0.5, 2.5)])


def _in_ring(values, ring, nodata=None):
    "Count and sum in a polygon of columns and rows, downwards from the top left."
    reading = prefix.Reading(() if nodata is None else (nodata,))
    whole = np.broadcast_to(1.0, values.shape)
    pack = prefix.fill(values, reading, whole, None, prefix.Room()).packs[0]
    total, begin = np.zeros((1, edges.WIDTH)), np.array([0, len(ring)])
    shape = pack.rows, pack.columns, pack.size
    edges.walk_rings(pack.sums, 0, *shape, np.array(ring, dtype=float), begin, total)
    return tuple(total[0, :2])


@pytest.mark.parametrize(
    ("ring", "nodata", "count", "total"),
    [
        ([(0.5, 0.5), (2.5, 0.5), (2.5, 2.5), (0.5, 2.5)], None, 4, 24),
        ([(0, 4), (0, 0), (4, 4)], None, 8, 83),
        ([(0.5, 0.5), (2.5, 0.5), (2.5, 2.5), (0.5, 2.5)], 6, 3, 18),
        ([(0, 4), (0, 0), (4, 4)], 6, 7.5, 80),
        ([(-1, 2), (1, 2), (1, 4), (-1, 4)], None, 2, 22),
        ([(9, 9), (9, 12), (12, 9)], None, 0, 0),
    ],
)
def test_sixteen_pixels(ring, nodata, count, total):
    "Golden 1 of exactextract: boxes and a triangle over pixels 1 to 16, with and without nodata."
    found = _in_ring(SIXTEEN, ring, nodata)
    assert np.abs(found) == pytest.approx((count, total), abs=1e-12)


def test_weighted_box():
    "Golden 2: weights 2, 3, 0 and 1 on pixels 1, 6, 11 and 3 give 19.25 of 3.75, mean 5.133333."
    weight = np.zeros((4, 4))
    weight[[0, 1, 0], [0, 1, 2]] = 2, 3, 1
    reading = prefix.Reading(weighted=True)
    pack = prefix.fill(SIXTEEN, reading, weight, None, prefix.Room()).packs[0]
    total, begin = np.zeros((1, edges.WIDTH)), np.array([0, 4])
    shape = pack.rows, pack.columns, pack.size
    edges.walk_rings(pack.sums, 0, *shape, BOX, begin, total)
    assert np.abs(total[0, :3]) == pytest.approx((4, 19.25, 3.75), abs=1e-12)
    assert total[0, 1] / total[0, 2] == pytest.approx(5.133333, abs=1e-6)


@pytest.mark.parametrize(("nodata", "low", "high"), [(None, 1, 11), (11, 1, 10), (1, 2, 11)])
def test_extremes_of_a_box(nodata, low, high):
    "Golden 1 of exactextract: a quarter of pixel 1 and of pixel 11 is enough to be touched."
    values = np.where(nodata == SIXTEEN, np.nan, SIXTEEN)
    found = np.array([np.inf]), np.array([-np.inf])
    extremes.in_rings(values, 0, BOX, np.array([0, 4]), *found)
    assert (found[0][0], found[1][0]) == (low, high)


def test_weighted_by_a_second_band():
    "Where weights are 3 in the west and 1 in the east, a cell of both is a weighted mean."
    values = np.tile(np.arange(60.0), (60, 1))
    weight = np.where(values < 30, 3.0, 1.0)
    raster = windows.bands(np.stack([values, weight]), west=10, north=34, step=0.002)
    mean = Statistic("mean", "mean", weight=2)
    total = [Statistic("top", "sum", weight=2), Statistic("bottom", "sum", band=2)]
    found = windows.hexed(raster, 7, [mean, *total])
    np.testing.assert_allclose(found["mean"], found["top"] / found["bottom"], rtol=1e-12)
    assert found["top"].sum() == pytest.approx((values * weight).sum(), rel=1e-12)


def test_column_of_latitudes():
    "Golden 3: values 60 to 1 over latitudes 60 to 0 have a true mean of 27.421106."
    raster = windows.bands(np.arange(60, 0, -1.0)[:, None], west=0, north=60, step=1)
    asked = [Statistic("mean", "mean", weight="area"), Statistic("sum", "sum", weight="area")]
    found = windows.hexed(raster, 5, asked)
    km2 = (found["sum"] / found["mean"]).sum()
    # exactextract's sphere has the radius of the equator, ours that of H3.
    assert km2 == pytest.approx(614887.529 * (6371.007180918475 / 6378.137) ** 2, rel=1e-8)
    assert found["sum"].sum() / km2 == pytest.approx(27.421106, rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(-75, 75), st.floats(-180, 180), st.integers(4, 9), st.integers(0, 10**6),
    st.booleans(),
)  # fmt: skip
def test_nothing_is_lost(lat, lon, resolution, seed, south_up):
    "The cells' sums are the raster's, anywhere on Earth."
    values = np.random.default_rng(seed).gamma(0.5, 10, (70, 90))
    step = 6 / np.sqrt(7) ** resolution
    raster = windows.bands(values, west=lon, north=lat, step=step, south_up=south_up)
    found = windows.hexed(raster, resolution)
    assert found.index.is_unique
    # A sliver below a billionth of its cell is left out; at most some dozens lie along a border.
    assert found["sum"].sum() == pytest.approx(values.sum(), rel=1e-10)
    assert found["count"].sum() == pytest.approx(values.size, rel=1e-10)
    above = (found["above"] * found["count"]).sum()
    assert above == pytest.approx((values >= 0.5).sum(), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(-1e6, 1e6), st.integers(4, 10))
def test_constant(lat, lon, value, resolution):
    "A raster of one number has that mean, lowest and highest, and the share known is the cover."
    step = 6 / np.sqrt(7) ** resolution
    raster = windows.bands(np.full((40, 50), value), west=lon, north=lat, step=step)
    found = windows.hexed(raster, resolution)
    # The thinnest slivers are no more than rounding; against the whole cell they are nothing.
    error = np.abs(found["mean"] - value) * np.minimum(found["cover"] * 100, 1)
    assert error.max() <= 1e-9 * (1 + abs(value))
    assert (found["low"] == value).all() and (found["high"] == value).all()
    np.testing.assert_allclose(found["mean__known"], found["cover"], atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 79), st.integers(1, 99), st.integers(0, 10**6))
def test_split_raster(row, column, seed):
    "Four quarters of a raster, added up, are the raster."
    values = np.random.default_rng(seed).gamma(0.5, 10, (80, 100))
    whole = windows.hexed(windows.bands(values, west=10, north=34, step=0.004))["sum"]
    parts = []
    for rows in (slice(0, row), slice(row, 80)):
        for columns in (slice(0, column), slice(column, 100)):
            place = {"west": 10 + columns.start * 0.004, "north": 34 - rows.start * 0.004}
            raster = windows.bands(values[rows, columns], **place, step=0.004)
            parts.append(windows.hexed(raster)["sum"])
    together = sum(part.reindex(whole.index, fill_value=0) for part in parts)
    np.testing.assert_allclose(together, whole, rtol=1e-8, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([-720, -360, 360, 720]), st.floats(-180, 180), st.integers(0, 10**6))
def test_turns_of_longitude(turn, lon, seed):
    "360 degrees more or less are the same place."
    values = np.random.default_rng(seed).uniform(0, 1, (50, 60))
    one, other = (
        windows.hexed(windows.bands(values, west=west, north=20, step=0.01))
        for west in (lon, lon + turn)
    )
    assert one.index.equals(other.index)
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.permutations([0, 1, 2]), st.permutations(range(6)), st.integers(0, 10**6))
def test_order_of_bands(order, asked, seed):
    "Bands and statistics in any other order give the same columns, to the bit."
    values = np.random.default_rng(seed).uniform(0, 1, (3, 40, 40))
    place = {"west": 10, "north": 34, "step": 0.004}
    first = [Statistic(f"{kind}{n}", kind, band=n + 1) for n in range(3) for kind in ("sum", "max")]
    moved = [Statistic(s.name, s.kind, band=order.index(s.band - 1) + 1) for s in first]
    one = windows.hexed(windows.bands(values, **place), 7, first)
    other = windows.hexed(windows.bands(values[order], **place), 7, [moved[n] for n in asked])
    for statistic in first:
        np.testing.assert_array_equal(one[statistic.name], other[statistic.name])


def test_many_ranges():
    "More than four quantities of a band: shares of ten classes of deciles add up to 1."
    values = np.random.default_rng(5).uniform(0, 1, (60, 60))
    cuts = np.linspace(0, 1, 11)
    shares = [
        Statistic(f"s{n}", "share", between=(low, np.nextafter(high, 0)))
        for n, (low, high) in enumerate(zip(cuts, cuts[1:], strict=False))
    ]
    found = windows.hexed(windows.bands(values, west=10, north=34, step=0.004), 7, shares)
    np.testing.assert_allclose(found[[s.name for s in shares]].sum(axis=1), 1, rtol=1e-9)


@pytest.mark.parametrize("kind", ["float32", "float64", "int16", "uint8", "int32", "int64"])
def test_number_types(kind):
    "The type of the pixels does not matter."
    values = np.random.default_rng(5).integers(0, 200, (60, 60)).astype(kind)
    found = windows.hexed(windows.bands(values, west=10, north=34, step=0.004))
    assert found["sum"].sum() == pytest.approx(values.sum(dtype=float), rel=1e-12)


@pytest.mark.parametrize("least", [0.25, 0.75])
def test_no_data_is_unknown(least):
    "Below the set share of known pixels a value is unknown; no data never becomes 0."
    values = np.full((80, 80), 5.0)
    values[:, 40:] = np.nan
    raster = windows.bands(values, west=10, north=34, step=0.004)
    found = windows.hexed(raster, least_known=least)
    some = found["sum__known"] / found["cover"]
    np.testing.assert_array_equal(found["sum"].isna(), some < least)
    assert not (found["sum"] == 0).any()


def _agree(raster, resolution, longitude):
    pytest.importorskip("exactextract")
    found = windows.hexed(raster, resolution)
    shapes = windows.hexagons_near(found.index, longitude)
    other = windows.exact(raster, shapes, ["count", "sum", "min", "max"])
    # exactextract keeps the share of a pixel in 24 bits.
    slack = {"rtol": 1e-7, "atol": 1e-7 * raster.arrays[0].max()}
    np.testing.assert_allclose(found["count"].fillna(0), other["count"], **slack)
    np.testing.assert_allclose(found["sum"].fillna(0), other["sum"].fillna(0), **slack)
    assert found["sum"].sum() == pytest.approx(other["sum"].sum(), rel=1e-8)
    known = found["count"].fillna(0).to_numpy() > 1e-6
    np.testing.assert_array_equal(found["high"][known], other["max"].to_numpy()[known])
    np.testing.assert_array_equal(found["low"][known], other["min"].to_numpy()[known])
    # Nothing is missing: neighbours that were not found are not in the raster.
    _, around = grid.disks(found.index, 1)
    fresh = np.setdiff1d(around, found.index)
    outside = windows.exact(raster, windows.hexagons_near(fresh, longitude), ["count"])
    assert outside["count"].max() < 1e-6


def _noise(seed, shape=(110, 130)):
    values = np.random.default_rng(seed).uniform(0, 40, shape)
    values[np.random.default_rng(seed + 1).uniform(size=shape) < 0.1] = windows.NODATA
    return values


@pytest.mark.parametrize("place", PENTAGONS)
@pytest.mark.parametrize("resolution", [5, 6, 7, 8])
def test_against_exactextract_at_pentagons(place, resolution):
    "Five-sided cells and all their neighbours, where five faces meet."
    step = 3.5 / np.sqrt(7) ** resolution
    west, north = place[1] - 65 * step, place[0] + 55 * step
    raster = windows.bands(_noise(1), west=west, north=north, step=step)
    _agree(raster, resolution, place[1])


@settings(max_examples=25, deadline=None)
@given(st.floats(-80, 80), st.floats(-180, 180), st.integers(4, 9), st.floats(0.2, 60))
def test_against_exactextract_anywhere(lat, lon, resolution, size):
    "Pixels from a fifteenth of a cell to five cells wide, on all faces and over their edges."
    step = min(size / np.sqrt(7) ** resolution, 0.5)
    raster = windows.bands(
        _noise(2, (30, 40)), west=lon - 20 * step, north=lat + 15 * step, step=step
    )
    _agree(raster, resolution, lon)


@pytest.mark.parametrize("resolution", range(3, 11))
def test_names_of_lattice_points(resolution):
    "h3 gives the same index for every lattice point, on all faces."
    rng = np.random.default_rng(resolution)
    for face in range(20):
        plane = lattice.lattice(resolution, face)
        reach = int(np.linalg.norm(plane.corners[0]) * 1.2) + 1
        q, r = rng.integers(-reach, reach + 1, (2, 4000))
        inside = plane.depth(q + r / 2, r * lattice.ROW) > -1e-9
        found = indices.cells_at(plane, q[inside], r[inside])
        lat, lon = indices.centres(plane, q[inside], r[inside])
        asked = [
            h3.str_to_int(h3.latlng_to_cell(*at, resolution)) for at in zip(lat, lon, strict=True)
        ]
        assert found.tolist() == asked


def test_around_the_pole():
    "A cap of one value from 80 degrees north: all of its area is in cells."
    raster = windows.bands(np.ones((40, 1440)), west=-180, north=90, step=0.25)
    found = windows.hexed(raster, 4)
    assert found["count"].sum() == pytest.approx(40 * 1440, rel=1e-8)
    assert found.index.is_unique


@pytest.mark.parametrize(
    ("statistic", "said"),
    [
        (Statistic("a", "sum", band=4), "one of the bands 1"),
        (Statistic("a", "mean", weight=2), "one of the bands 1"),
        (Statistic("a", "share"), "limits or classes"),
        (Statistic("a", "share", between=(3, 2)), "low, then high"),
    ],
)
def test_refused_statistics(statistic, said):
    "A band, weight or threshold that cannot be is named before a pixel is read."
    raster = windows.bands(SIXTEEN, west=0, north=4, step=1)
    with pytest.raises(SettingInvalid, match=said):
        windows.hexed(raster, 6, [statistic])


def test_centre_rule():
    "Against h3, pixel by pixel: shares of two classes, the majority, and nothing for nodata."
    values = np.random.default_rng(1).choice([1.0, 2.0, 9.0, windows.NODATA], (50, 60))
    raster = windows.bands(values, west=10, north=34, step=0.004)
    found = centres.classes(raster, 7, [1, 2], prefix.Reading((windows.NODATA,))).set_index("cell")
    lat, lon = np.meshgrid(34 - (np.arange(50) + 0.5) * 0.004, 10 + (np.arange(60) + 0.5) * 0.004,
                           indexing="ij")  # fmt: skip
    cell = [h3.str_to_int(h3.latlng_to_cell(*at, 7)) for at in zip(lat.flat, lon.flat, strict=True)]
    pixel = pd.DataFrame({"cell": cell, "value": values.ravel()})
    known = pixel[pixel["value"] != windows.NODATA].groupby("cell")["value"]
    pd.testing.assert_series_equal(
        found["share_2"].dropna(), known.agg(lambda v: (v == 2).mean()), check_names=False
    )
    assert (found["pixels"].sum(), found["unknown"].sum()) == (
        (values != windows.NODATA).sum(), (values == windows.NODATA).sum(),
    )  # fmt: skip
    ones, twos = (known.agg(lambda v, n=n: (v == n).sum()) for n in (1, 2))
    clear = found.loc[ones.index[ones > twos], "majority"]
    assert (clear == 1).all() and len(clear)


def test_points():
    "Against a plain group-by: counts, sums that know what is unknown, and distinct names."
    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(30, 30.3, 500), rng.uniform(10, 10.3, 500)
    weight, label = rng.choice([1.0, 2.5, np.nan], 500), rng.choice(list("abc"), 500)
    found = points.points(lat_deg=lat, lon_deg=lon, resolution=7, weight=weight, label=label)
    cell = grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=7)
    plain = pd.DataFrame({"cell": cell, "w": weight, "l": label}).groupby("cell")
    assert found["cell"].tolist() == list(plain.groups)
    assert found["count"].tolist() == plain.size().tolist()
    assert found["distinct"].tolist() == plain["l"].nunique().tolist()
    np.testing.assert_allclose(found["sum"], plain["w"].sum(min_count=1))


def test_points_without_position():
    "A point that is nowhere is in no cell."
    found = points.points(lat_deg=[1.0, np.nan], lon_deg=[1.0, 2.0], resolution=7)
    assert found["count"].tolist() == [1]
