"""Tracks, patterns and friction: lengths from geodesics, areas from closed forms."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo_data import grid
from geo_data.errors import WaypostError
from layers.sar import effort, patterns
from layers.sar.patterns import Area, Pattern

EARTH = Geod(ellps="WGS84")
BOX = Area(lat_deg=35.0, lon_deg=13.0, length_nm=40, width_nm=40)


def fixes(lat, lon, hours=None, width_m=500.0, name="one"):
    table = pd.DataFrame(
        {"track_id": name, "lat_deg": lat, "lon_deg": lon, "sweep_width_m": width_m}
    )
    if hours is not None:
        table["time"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(hours, unit="h")
    return table


def test_pieces_add_up_to_the_track():
    """Kilometres over all cells are those of the geodesic, across the antimeridian too"""
    made = effort.effort(fixes([10.0, 12.0], [179.0, -178.5]), 6)
    _, _, metres = EARTH.inv(179.0, 10.0, -178.5, 12.0)
    assert made.cells["track_km"].sum() == pytest.approx(metres / 1000, rel=1e-4)
    assert made.cells["swept_km2"].sum() == pytest.approx(metres / 1e6 * 500, rel=1e-4)
    assert made.notes.empty


def test_parallel_tracks_give_width_over_spacing():
    """Inside a field of parallel tracks the coverage factor is sweep width over spacing, 0.5"""
    track = patterns.track(Pattern.PARALLEL, BOX, spacing_nm=0.5, speed_kn=15)
    made = effort.effort(fixes(track["lat_deg"], track["lon_deg"], width_m=463.0), 6)
    middle = grid.disks(grid.cells_of(lat_deg=[35.0], lon_deg=[13.0], resolution=6), 2)[1]
    area = pd.Series(grid.area_km2(middle), index=middle)
    found = effort.coverage(made.cells, area)
    assert found["coverage_factor"].mean() == pytest.approx(0.5, rel=0.01)
    assert found["detection_share"].mean() == pytest.approx(0.393469, rel=0.01)


def test_nobody_looked_is_zero_and_nothing_to_search_is_null():
    """Two kinds of nothing"""
    made = effort.effort(fixes([35.0, 35.01], [13.0, 13.0]), 6)
    cells = grid.cells_of(lat_deg=[35.0, 36.0, 37.0], lon_deg=[13.0, 13.0, 13.0], resolution=6)
    found = effort.coverage(made.cells, pd.Series([40.0, 40.0, 0.0], index=cells))
    assert found["detection_share"][0] > 0
    assert found["detection_share"][1] == 0
    assert np.isnan(found["detection_share"][2])


def test_gaps_jumps_and_clocks_are_said():
    """A silence counts as nothing, a jump is left out, reversed times are sorted, all are noted"""
    hours = [0.0, 0.1, 3.0, 3.1, 3.05]
    made = effort.effort(fixes([35.0, 35.02, 35.5, 35.52, 35.51], [13.0] * 5, hours), 6)
    assert set(made.notes["done"]) == {"gaps left out", "fixes sorted by time"}
    assert made.cells["track_km"].sum() == pytest.approx(2 * 2.219, rel=1e-3)
    jump = effort.effort(fixes([35.0, 35.02, 60.0], [13.0] * 3, [0.0, 0.1, 0.2]), 6)
    assert list(jump.notes["done"]) == ["jumps left out"]


def test_overlapping_sorties_add_their_coverage():
    """Two aircraft over one cell sweep twice and are counted as two"""
    one, two = fixes([35.0, 35.02], [13.0, 13.0]), fixes([35.0, 35.02], [13.0, 13.0], name="two")
    made = effort.effort(pd.concat([one, two]), 5)
    alone = effort.effort(one, 5)
    assert made.cells["swept_km2"].sum() == pytest.approx(2 * alone.cells["swept_km2"].sum())
    assert made.cells["sorties_count"].max() == 2


@pytest.mark.parametrize(
    ("pattern", "length_nm"),
    [
        (Pattern.PARALLEL, 10 * 36 + 9 * 4), (Pattern.CREEPING_LINE, 10 * 36 + 9 * 4),
        (Pattern.EXPANDING_SQUARE, 2 * 4 * sum(range(1, 11))), (Pattern.SECTOR, 9 * 20),
    ],
)  # fmt: skip
def test_pattern_lengths(pattern, length_nm):
    """40 nm square, spacing 4 nm: ten tracks of 36 nm and nine turns, and so on by hand"""
    track = patterns.track(pattern, BOX, spacing_nm=4, speed_kn=12)
    assert track["leg_nm"].sum() == pytest.approx(length_nm, rel=1e-3)
    assert track["elapsed_h"].iloc[-1] == pytest.approx(length_nm / 12, rel=1e-3)


def test_creeping_line_advances_along_the_heading():
    """Heading east, its tracks run north and south and go on to the east"""
    area = Area(lat_deg=0, lon_deg=0, length_nm=20, width_nm=10, heading_deg=90)
    track = patterns.track(Pattern.CREEPING_LINE, area, spacing_nm=2, speed_kn=10)
    assert (track["lon_deg"].diff().dropna().round(6) >= 0).all()
    assert sorted({round(c) % 360 for c in track["course_deg"].dropna()}) == [0, 90, 180]


def test_sector_search_turns_by_120_degrees():
    """Each turn of a sector search is 120 degrees to the right"""
    track = patterns.track(Pattern.SECTOR, BOX, spacing_nm=1, speed_kn=10)
    turns = track["course_deg"].diff().dropna() % 360
    through = turns[(turns.round() % 360) != 0]
    assert through.round().eq(120).all()


def test_patterns_that_nobody_can_steer_are_refused():
    """Zero speed and thousands of legs"""
    with pytest.raises(WaypostError, match="speed is 0"):
        patterns.track(Pattern.PARALLEL, BOX, spacing_nm=1, speed_kn=0)
    with pytest.raises(WaypostError, match="wider spacing"):
        patterns.track(Pattern.PARALLEL, BOX, spacing_nm=0.01, speed_kn=10)
