"""Search theory: sweep width, detection, allocation, drift, against published and derived numbers."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from geo_data import grid
from geo_data.errors import WaypostError
from layers.sar import allocation, detection, drift, leeway, sweep
from layers.sar.detection import Curve
from layers.sar.sweep import Conditions

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sensor", "sought", "conditions", "width_nm"),
    [
        ("vessel", "raft_10", Conditions(visibility_nm=10, wind_kn=20, fatigued=True), 2.295),
        ("helicopter", "person", Conditions(visibility_nm=10, speed_kn=60), 0.15),
        ("vessel", "raft_10", Conditions(visibility_nm=7.5), 4.35),
        ("helicopter", "person", Conditions(visibility_nm=5, speed_kn=90), 0.1),
        ("merchant", "boat_7m", Conditions(visibility_nm=10), 4.3),
        ("vessel", "boat_16m", Conditions(visibility_nm=40, sea_m=2), 14.4 * 0.9),
        ("boat", "raft_4", Conditions(visibility_nm=3, wind_kn=30), 1.7 * 0.25),
        ("fixed_wing", "raft_25", Conditions(visibility_nm=5, speed_kn=150), 2.3 * 1.1),
    ],
)
def test_sweep_width(sensor, sought, conditions, width_nm):
    """Worked by hand from the tables of the USCG Addendum"""
    assert sweep.sweep_width_nm(sensor, sought, conditions) == pytest.approx(width_nm)


def test_a_wider_view_never_narrows_the_sweep():
    """Widths grow with visibility and with the size of rafts, for every searcher"""
    table = sweep.widths_nm()
    assert (table.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all().all()
    for sensor in ("vessel", "boat", "helicopter", "fixed_wing"):
        rafts = table.loc[sensor].loc[["person", "raft_1", "raft_4", "raft_10", "raft_25"]]
        assert (rafts.diff().iloc[1:] >= 0).all().all()


def test_unknown_objects_and_searchers_are_named():
    """The error lists what the table holds"""
    with pytest.raises(WaypostError, match="raft_25"):
        sweep.sweep_width_nm("vessel", "raft_99", Conditions())
    with pytest.raises(WaypostError, match="visibility is 1 nm"):
        sweep.sweep_width_nm("merchant", "person", Conditions(visibility_nm=1))


def test_land_sweep_and_detection():
    """Six people, 2 km/h, 4 h, 30 m range: coverage 0.4608 of 5 km2, detection 0.369221"""
    width_km = sweep.land_sweep_width_m(30, sweep.Contrast.MEDIUM) / 1000
    coverage = 6 * 2 * 4 * width_km / 5
    assert coverage == pytest.approx(0.4608)
    assert detection.detection(coverage) == pytest.approx(0.369221, abs=5e-7)


@pytest.mark.parametrize(
    ("coverage", "random", "ideal"),
    [
        (0.1, 0.095163, 0.099739), (0.25, 0.221199, 0.245969), (0.5, 0.393469, 0.469116),
        (0.75, 0.527633, 0.652775), (1, 0.632121, 0.789909), (1.25, 0.713495, 0.882802),
        (1.5, 0.776870, 0.939888), (2, 0.864665, 0.987811), (2.5, 0.917915, 0.998271),
        (3, 0.950213, 0.999830), (0.3825, 0.317846, 0.368341),
    ],
)  # fmt: skip
def test_detection_curves(coverage, random, ideal):
    """Koopman's random search and the inverse cube law, to six digits"""
    assert detection.detection(coverage) == pytest.approx(random, abs=5e-7)
    assert detection.detection(coverage, Curve.IDEAL) == pytest.approx(ideal, abs=5e-7)


@pytest.mark.parametrize(
    ("target", "random", "ideal"),
    [(0.5, 0.693147, 0.538165), (0.8, 1.609438, 1.022530), (0.9, 2.302585, 1.312403)],
)
def test_coverage_for_a_target(target, random, ideal):
    """The curves turned round"""
    assert detection.coverage_for(target) == pytest.approx(random, abs=5e-7)
    assert detection.coverage_for(target, Curve.IDEAL) == pytest.approx(ideal, abs=5e-7)


@given(arrays(float, st.integers(1, 6), elements=st.floats(0, 3)))
def test_random_searches_add_their_coverage(coverages):
    """Several random searches detect as one with the coverage of all"""
    together = detection.cumulative(detection.detection(coverages))
    assert together == pytest.approx(float(detection.detection(coverages.sum())), abs=1e-12)


@given(
    arrays(float, 5, elements=st.floats(0.01, 1)), arrays(float, 5, elements=st.floats(0, 0.99)),
    st.floats(0, 1),
)  # fmt: skip
def test_a_failed_search_keeps_the_total(weights, found, outside):
    """Probabilities stay 1 in all; what nobody searched, and the outside, grow by the same factor"""
    total = weights.sum() + outside
    before, beyond = weights / total, outside / total
    after, still_beyond = detection.after_failure(before, found, beyond)
    assert after.sum() + still_beyond == pytest.approx(1)
    growth = 1 / (1 - detection.success(before, found))
    assert still_beyond == pytest.approx(beyond * growth)


def test_probabilities_that_do_not_add_up_are_refused():
    """A forgotten outside state is an error, not a silent scaling"""
    with pytest.raises(ValueError, match="0.800000"):
        detection.after_failure([0.5, 0.3], [0.1, 0.1])


@pytest.mark.parametrize(
    ("effort", "split", "level", "found"),
    [
        (20, [9.653627, 6.288904, 4.057469, 0, 0], 0.01332958, 0.40011270),
        (5, [4.182361, 0.817639, 0, 0, 0], 0.02303724, 0.13925524),
    ],
)
def test_optimal_allocation(effort, split, level, found):
    """Two plans solved by another program"""
    plan = allocation.allocate([0.35, 0.25, 0.20, 0.12, 0.08], [0.1] * 5, effort)
    assert plan.effort == pytest.approx(split, abs=5e-7)
    assert plan.level == pytest.approx(level, abs=5e-9)
    assert plan.success == pytest.approx(found, abs=5e-9)


def test_what_an_optimal_search_leaves():
    """After it failed, the searched areas are equally likely, the others as their share was"""
    area = np.array([0.35, 0.25, 0.20, 0.12, 0.08])
    plan = allocation.allocate(area, [0.1] * 5, 20)
    left, outside = detection.after_failure(area, 1 - np.exp(-np.asarray(plan.effort) / 10))
    assert left == pytest.approx([0.222201, 0.222201, 0.222201, 0.200038, 0.133358], abs=5e-7)
    assert outside == 0


@settings(max_examples=25, deadline=None)
@given(
    arrays(float, 4, elements=st.floats(0.05, 1)), arrays(float, 4, elements=st.floats(0.05, 2)),
    st.floats(0.1, 20),
)  # fmt: skip
def test_no_other_split_finds_more(weights, rate, effort):
    """A general optimiser does not beat the closed form, which uses all of the effort"""
    chance = weights / weights.sum()
    plan = allocation.allocate(chance, rate, effort)
    assert plan.effort.sum() == pytest.approx(effort)
    other = minimize(
        lambda x: -np.sum(chance * -np.expm1(-rate * x)), np.full(4, effort / 4), method="SLSQP",
        bounds=[(0, effort)] * 4, constraints={"type": "eq", "fun": lambda x: x.sum() - effort},
    )  # fmt: skip
    assert plan.success >= -other.fun - 1e-7


def moved_km(drifted):
    """Kilometres north and east of 0, 0 of each particle"""
    return drifted.lat_deg * 111.19493, drifted.lon_deg * 111.19493


def blown(object_class, hours=6.0, **more):
    """A drift from 0, 0 in a wind of 10 m/s to the north without current"""
    start = drift.Start(lat_deg=0, lon_deg=0, sd_km=0, at=AT)
    return drift.drift(
        start, drift.constant(0, 10), drift.constant(0, 0), hours=hours, object_class=object_class,
        jibes_per_h=0, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("object_class", "down_km", "cross_km"),
    [
        ("PIW-1", 2.0736, 1.1664), ("LIFE-RAFT-NB-1", 7.9920, 4.2768),
        ("REFUGEE-RAFT-1", 5.1624, 0.75168), ("FISHING-VESSEL-1", 5.3352, 5.9616),
    ],
)  # fmt: skip
def test_mean_leeway(object_class, down_km, cross_km):
    """Six hours at 10 m/s; half of the particles go right of downwind, here east"""
    north, east = moved_km(blown(object_class, particles=10, spread=False))
    assert north == pytest.approx(down_km, rel=1e-4)
    assert sorted(east.round(9)) == pytest.approx([-cross_km] * 5 + [cross_km] * 5, rel=1e-4)


def test_right_of_downwind_is_right():
    """SKIFF-2 goes (0.32 % of 10 m/s - 2.93 cm/s) to its right, so 58 m per hour to the east"""
    north, east = moved_km(blown("SKIFF-2", hours=1.0, particles=2, spread=False))
    assert east[0] * 1000 == pytest.approx((0.032 - 0.0293) * 3600, rel=1e-3)
    assert east[1] * 1000 == pytest.approx((-0.062 + 0.0103) * 3600, rel=1e-3)
    assert north * 1000 == pytest.approx((0.287 + 0.0398) * 3600, rel=1e-3)


@pytest.mark.parametrize(
    ("object_class", "mean", "deviation", "across"),
    [
        ("PIW-1", 9.5111, 9.2645, 9.3663),
        ("REFUGEE-RAFT-1", 20.6496, 1.3219, 3.2810),
        ("LIFE-RAFT-NB-1", 31.9680, 10.3680, 18.9372),
    ],
)  # fmt: skip
def test_leeway_spread(object_class, mean, deviation, across):
    """Moments after 24 h at 10 m/s, from the truncated normal"""
    north, east = moved_km(blown(object_class, hours=24.0, particles=200_000))
    assert north.mean() == pytest.approx(mean, rel=0.01)
    assert north.std() == pytest.approx(deviation, rel=0.01)
    assert east.std() == pytest.approx(across, rel=0.01)


def test_containment_adds_up_to_one():
    """Afloat in the cells, stranded, out of the fields and outside the cells are all of it"""
    start = drift.Start(lat_deg=35, lon_deg=12, sd_km=5, at=AT, window_h=3)
    known = lambda lat, lon, h: (np.where(lon < 12.25, 8.0, np.nan), np.full(lat.shape, 2.0))  # noqa: E731
    drifted = drift.drift(
        start, known, drift.constant(0.2, 0.1), hours=24, object_class=leeway.RUBBER_BOAT,
        on_land=lambda lat, lon: lat > 35.1, particles=2_000, current_sd_m_s=0.1,
    )  # fmt: skip
    cells = np.sort(grid.disks(grid.cells_of(lat_deg=[35], lon_deg=[12], resolution=6), 2)[1])
    inside, rest = drift.containment(drifted, cells)
    assert inside["area_probability"].sum() + sum(rest.values()) == pytest.approx(1)
    assert rest["stranded"] > 0.05
    assert rest["lost"] > 0.05


def test_current_alone_carries_a_particle():
    """1 m/s to the east for 10 h on the 60th parallel is 36 km, 0.6475 degrees of longitude"""
    start = drift.Start(lat_deg=60, lon_deg=179.9, sd_km=0, at=AT)
    drifted = drift.drift(
        start, drift.constant(0, 0), drift.constant(1, 0), hours=10, object_class="SKIFF-3",
        particles=4, spread=False,
    )  # fmt: skip
    assert drifted.lon_deg == pytest.approx(179.9 + 0.64752 - 360, abs=1e-4)
    assert drifted.ends == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_the_same_seed_gives_the_same_drift():
    """A drift can be repeated, and another seed is another draw"""
    one, again, other = (blown("PIW-1", particles=50, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.lat_deg, again.lat_deg)
    assert not np.array_equal(one.lat_deg, other.lat_deg)


def test_a_start_without_wind_is_refused():
    """Unknown wind is not calm"""
    start = drift.Start(lat_deg=0, lon_deg=0, sd_km=0, at=AT)
    unknown = lambda lat, lon, h: (np.full(lat.shape, np.nan),) * 2  # noqa: E731
    with pytest.raises(WaypostError, match="no wind or current is known"):
        drift.drift(start, unknown, drift.constant(0, 0), hours=6, object_class="PIW-1")


def test_an_unknown_object_is_refused():
    """The known classes are listed"""
    with pytest.raises(WaypostError, match="SKIFF-2"):
        blown("SKIFF-9")
