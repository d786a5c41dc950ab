"""Lines of a profile beyond totals: status, seasons, countries, times, and breaks in a series."""

import numpy as np
import pandas as pd
import pytest

from geo_data import breaks, grid
from geo_data import quantities as q
from geo_data.breaks import Origin
from layers.context import nation, profile, seasons, spans, statuses
from layers.context.measures import Row, table
from layers.sar.ground import Pace
from layers.services import times

CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[32.0], lon_deg=[13.0], resolution=6), 1)[1])[:4]
LAT, LON = grid.centres_of(CELLS)
PART = pd.DataFrame({
    "cell": CELLS, "fraction": 1.0, "inside_km2": 1.0, "population_people": [10.0, 20.0, 30.0, 40.0],
    "sites_count": 1.0, "sites_count__cover": 1.0,
})  # fmt: skip


def test_people_at_sites_by_status_add_up():
    """Refugees 5, displaced 7, not told 11; the closed camp counts nowhere"""
    kinds = ["Refugee Camp", "IDP Location", "transit centre", "Refugee Camp"]
    sites = pd.DataFrame({
        "lat_deg": LAT, "lon_deg": LON, "site_type": kinds, "displaced_people": [5.0, 7, 11, 99],
        "status": ["open", "unknown", "open", "closed"],
    })  # fmt: skip
    found = {str(row.label): row.value for row in statuses.by_status(PART, sites)}
    assert found == {
        "People at sites in use: internally displaced people": 7,
        "People at sites in use: refugees": 5, "People at sites in use: status not told": 11,
    }  # fmt: skip


def months(values, start="2020-01"):
    """A series by month."""
    return pd.Series(pd.period_range(start, periods=len(values), freq="M").to_timestamp()), \
        pd.Series(values, dtype=float)  # fmt: skip


def test_the_three_worst_months_in_a_row():
    """Two years, all in December to February: a wrap over the turn of the year"""
    year = [3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4]
    row = seasons.peak(q.INCIDENTS, "x", *months(year * 2))
    assert row.value == pytest.approx(9 / 10)
    assert str(row.note).startswith("December to February")


def test_an_even_year_has_a_quarter_in_any_three_months():
    """The closed form that the note names"""
    assert seasons.peak(q.INCIDENTS, "x", *months([7] * 24)).value == pytest.approx(0.25)


def test_less_than_a_year_has_no_season():
    """Eleven months, or a year with a month unknown, are not filled in"""
    for values in ([1] * 11, [1] * 11 + [np.nan]):
        row = seasons.peak(q.INCIDENTS, "x", *months(values))
        assert np.isnan(row.value)
        assert "11 of the 12" in row.note


def reports(*rows):
    """Rows of the table of series."""
    names = ["place_code", "quantity", "group", "end", "value", "source", "place_level", "start"]
    return pd.DataFrame([(*row, "country", row[3])[: len(names)] for row in rows], columns=names)


def test_the_newest_source_speaks_and_sources_are_never_added():
    """Refugees by origin 3 + 4 in 2025; 100 of another source in 2024 stay out"""
    table = reports(
        ("LBY", "refugees_people", None, "2025-12-31", 3.0, "a"),
        ("LBY", "refugees_people", None, "2025-12-31", 4.0, "a"),
        ("LBY", "refugees_people", None, "2024-12-31", 100.0, "b"),
        ("TUN", "refugees_people", None, "2025-12-31", 9.0, "a"),
        ("FRA", "refugees_people", None, "2025-12-31", 999.0, "a"),
        ("LBY", "severity_score", "crisis", "2022-05-31", 3.5, "s"),
    ).assign(start="2020-01-01")
    found = nation.told(table, ["LBY", "TUN"]).set_index(["country", "quantity"])
    assert found.loc[("LBY", "refugees_people"), ["value", "low", "high"]].tolist() == [7, 7, 9]
    assert found.loc[("LBY", "severity_score"), "value"] == 3.5
    assert "FRA" not in found.index


def test_daily_reports_are_summed_over_thirty_days():
    """One a day for forty days are thirty, and an unknown newest value stays unknown"""
    days = pd.date_range("2026-01-01", periods=40).strftime("%Y-%m-%d")
    daily = reports(*(("ITA", "arrivals_people", None, day, 1.0, "a") for day in days))
    assert nation.told(daily, ["ITA"])["value"].tolist() == [30]
    silent = reports(("ITA", "idps_people", None, "2025-12-31", np.nan, "a"))
    assert nation.told(silent, ["ITA"])["value"].isna().all()


def test_half_of_the_people_within_a_time():
    """Of 100 people 10, 20, 30, 40 have 1 h, 2 h, 3 h and no way: half within 3 h, mean 2.33 h"""
    away = {("health", Pace.WALKING): np.array([1.0, 2.0, 3.0, np.inf])}
    median, mean = times.rows(PART, away)
    assert median.value == 3.0
    assert mean.value == pytest.approx((10 + 40 + 90) / 60)
    assert "40 people" in mean.note


def test_most_without_a_way_have_an_infinite_median():
    """No way is not unknown; sea is"""
    away = {("health", Pace.DRIVING): np.array([1.0, np.nan, np.inf, np.inf])}
    median, mean = times.rows(PART, away)
    assert np.isinf(median.value)
    assert mean.value == 1.0
    assert median.known_share == 0.75


def test_where_a_register_changes_its_sources():
    """The second source begins in March, the first ends in February; the ends of all are none"""
    dates = ["2025-01-05", "2025-02-10", "2025-03-01", "2025-04-02", None]
    table = pd.DataFrame({"date": dates, "source": ["a", "a", "b", "b", "c"]})
    found = spans.source_changes(table)
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2025-02", "2025-03"]
    assert found["begins"].tolist() == [False, True]


def account(**other):
    """An account of a source as a manifest holds it."""
    return {"source": "a", "title": "A", "owner": "O", "coverage": ["LBY"], "job": "raster",
            "note": "", "simulated": False, "accepted": 100, "files": [{"sha256": "1"}]} | other  # fmt: skip


def origin(*accounts, resolution=6, **method):
    """What stands behind a quantity."""
    return Origin(accounts, method, resolution)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (origin(account(source="b", title="B")), "source that is gone: A"),
        (origin(account(), account(source="b", title="B")), "source that is new: B"),
        (origin(account(coverage=["LBY", "TUN"])), "'A' speaks about other countries"),
        (origin(account(note="counted anew")), "'A' is described differently"),
        (origin(account(accepted=201)), "'A' had 100 rows and has 201"),
        (origin(account(), resolution=7), "hexagons of another size"),
        (origin(account(), rule="sum"), "values are chosen by another rule"),
        (origin(account(), coarse=["a"]), "a source is finer or coarser than before"),
        (origin(), "no source now"),
    ],
)
def test_what_breaks_a_series_is_said(after, said):
    """Another source, method, coverage or resolution between the two dates"""
    assert said in breaks.breaks(origin(account()), after)


def test_newer_files_alone_break_nothing():
    """A new period of the same source is what a comparison is for; the same bytes are no news"""
    then = origin(account())
    now = origin(account(files=[{"sha256": "2"}], accepted=150, reference_period="2026"))
    assert breaks.breaks(then, now) == ()
    assert not breaks.same_files(then, now)
    assert breaks.same_files(then, origin(account()))


def test_better_and_worse_follow_the_declared_direction():
    """More displaced people are worse, more services better, more residents neither"""
    old = table([
        Row("people", "d", "Displaced", "people", 10, 1, worse="high"),
        Row("services", "s", "Services", "points", 2, 1, worse="low"),
        Row("people", "p", "Residents", "people", 5, 1), Row("x", "u", "U", "u", np.nan, 0, "", "high"),
    ])  # fmt: skip
    new = old.assign(value=[12, 3, 9, 4])
    found = profile.differences(old, new)
    assert found["difference"].tolist()[:3] == [2, 1, 4]
    assert found["verdict"].tolist()[:2] == [1, -1]
    assert found["verdict"].isna().tolist() == [False, False, True, True]
