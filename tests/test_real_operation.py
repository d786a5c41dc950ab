"""The whole real operation in one run, if its files are at hand."""

import numpy as np
import pytest

from etl import runner
from geo_data import operations
from geo_data import quantities as q
from geo_data.operations import OPERATIONS
from geo_data.settings import Settings
from geo_data.store import Store
from geo_data.view import View


@pytest.fixture(scope="module")
def release(real_data, tmp_path_factory):
    "One release of the central Mediterranean."
    operation = operations.load(OPERATIONS / "central_mediterranean.toml")
    store = Store(tmp_path_factory.mktemp("real"))
    made, outcomes = runner.run(operation, store, [real_data], Settings())
    assert [o.source.key for o in outcomes if o.error] == []
    return made


def test_every_source_accounts_for_every_row(release):
    "At least 40 sources, none failed, rows in = accepted + quarantined with a reason for each"
    sources = release.manifest["sources"]
    assert len(sources) >= 40
    for source in sources:
        assert source["rows_in"] == source["accepted"] + source["quarantined"], source["source"]
        assert sum(source["reasons"].values()) == source["quarantined"], source["source"]


def test_the_quarantine_table_holds_every_rejected_row(release):
    "Its counts add up to those of the accounts, and every entry says what to do"
    table = release.table("quarantine").to_pandas()
    told = sum(source["quarantined"] for source in release.manifest["sources"])
    assert table["count"].sum() == told
    assert table["advice"].str.len().gt(10).all()


def test_national_totals_are_kept(release):
    "Displaced people of Libya, Tunisia and Malta in the hexagons equal the sums of the file"
    series = release.table("series").to_pandas()
    given = series[series["source"] == "displaced_unhcr"]
    newest = given[given["start"] == given.groupby("place_code")["start"].transform("max")]
    hexagons = release.table("hexagons").to_pandas()
    assert hexagons["displaced_people"].sum() == pytest.approx(newest["value"].sum(), rel=1e-6)


def test_incidents_are_counted_once(release):
    "Hexagon counts equal the register without its duplicates, less what lies on the very edge"
    incidents = release.table("incidents").to_pandas()
    once = incidents[incidents["duplicate_of"].isna()]
    cells = release.table("hexagons")["cell"].to_numpy()
    hexagons = release.table("hexagons").to_pandas()
    assert hexagons["incidents_count"].sum() == np.isin(once["cell"], cells).sum()


def test_landings_keep_unknown_days_unknown(release):
    "One value a day; days after their report are not zero"
    series = release.table("series").to_pandas()
    landings = series[series["source"] == "landings_italy"]
    assert not landings["start"].duplicated().any()
    assert landings["value"].isna().sum() > 0


def test_partners_get_no_small_count_of_the_dead(release):
    "On the real register: nothing from 1 to 4 at the one resolution they see"
    value = View(release, "partner").hexagons(q.DEAD_MISSING)["dead_missing_people"].dropna()
    assert len(value) > 1_000
    assert not ((value > 0) & (value < 5)).any()
