"""Real tables against facts known from elsewhere: counts of lines, an independent audit."""

from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest

from etl import files, gazetteer, places, presence, series, statements
from etl.accounts import SCOPE_RULES
from etl.readers import read_table
from geo_data import operations, tables
from geo_data.settings import Settings

pytestmark = pytest.mark.real

OPERATION = operations.load(operations.OPERATIONS / "central_mediterranean.toml")
JOBS = {
    **dict.fromkeys(tables.PLACE_KINDS, places.places), "presence": presence.presence,
    "series": series.series, "statements": statements.statements, "gazetteer": gazetteer.gazetteer,
}  # fmt: skip
SOURCES = {source.key: source for source in OPERATION.source if source.job in JOBS}
# Records as listed beside the files, tag rows not counted; 14 rows of one sheet are blank.
ROWS = {
    "missing_migrants": 6802, "missing_migrants_2026": 238, "entry_points_tunisia": 110,
    "entry_points_tunisia_cleaned": 110, "border_localities": 17, "airports": 342, "ports": 176,
    "unlocode": 638, "osm_crossings": 10568, "osm_landmarks": 10568, "osm_services": 10568,
    "healthsites": 12189, "health_facilities_who": 4441, "displacement_sites": 1235,
    "presence_libya": 495, "presence_chad": 1556, "offices_chad": 774 - 14,
    "presence_chad_2021": 705,
    "presence_niger": 2574, "presence_sudan": 2773, "pcodes": 2412, "landings_italy": 4352,
    "reception_italy": 2800, "nationalities_italy": 1619, "refugees": 10553, "refugee_flows": 7730,
    "idps_conflict": 71, "displacement_disasters": 451, "displacement_idmc": 1965,
    "hazard_classes": 187, "crisis_severity": 150, "entry_rules": 9, "river_gauges_chad": 25,
    "route_hubs": 12, "route_arrivals": 4, "conflict_deaths": 1848, "shaking": 161 * 123,
    "red_crescent_algeria": 26, "red_crescent_egypt": 17, "red_crescent_sudan": 36,
}  # fmt: skip
POSITION_RULES = {
    "position_zero", "lat_equals_lon", "position_swapped", "longitude_sign", "placeholder_position",
    "route_mismatch", "wrong_country",
}  # fmt: skip


@lru_cache(maxsize=2)
def table(folder: Path, key: str) -> pd.DataFrame:
    source = SOURCES[key]
    return read_table(source, files.find(source, [folder], Settings()), Settings())


def account(folder: Path, key: str, **changed):
    source = SOURCES[key]
    given = {name: getattr(source, name) for name in source.__struct_fields__} | changed
    return JOBS[source.job](table(folder, key), type(source)(**given), OPERATION)


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_is_read_and_fits_its_table(real_data, key):
    """Line counts agree, accounts add up, less than half is wrong, no column is refused."""
    gave = account(real_data, key)
    assert gave.rows_in == ROWS.get(key, gave.rows_in)
    wrong = sum(n for rule, n in gave.reasons().items() if rule not in SCOPE_RULES)
    assert wrong <= gave.accepted or gave.accepted == wrong == 0
    for name, frame in gave.tables.items():
        tables.as_arrow(name, frame)


def test_the_audit_of_incident_positions(real_data):
    """All 55 positions that an audit by others found wrong are found, and three more.

    Those three say Turkish or Greek coast in their place text and lie off Italy or in Egypt.
    """
    gave = account(real_data, "missing_migrants", repair=[])
    folder = real_data / "central_med_sahara" / "missing_migrants"
    known = set(pd.read_csv(folder / "coord_audit.csv", dtype=str)["main_id"])
    lines = table(real_data, "missing_migrants").set_index("_row")["Main ID"]
    accused = gave.quarantine[gave.quarantine["rule"].isin(POSITION_RULES)]
    found = set(lines.loc[accused["row"]])
    assert known <= found
    assert found - known == {"2015.MMP00646", "2015.MMP00689", "2015.MMP00770"}


def test_audited_swaps_are_mended_as_the_audit_did(real_data):
    """Eight rows; their positions are then those of the audit."""
    gave = account(real_data, "missing_migrants")
    folder = real_data / "central_med_sahara" / "missing_migrants"
    audit = pd.read_csv(folder / "coord_audit.csv")
    swaps = audit[audit["fix_type"] == "lat-lon-swap"].set_index("main_id")
    lines = table(real_data, "missing_migrants").set_index("_row")["Main ID"]
    kept = (
        gave.tables["incidents"].assign(main_id=lambda t: t["row"].map(lines)).set_index("main_id")
    )
    inside = swaps[swaps["map_lon"].between(0, 26) & swaps["map_lat"].between(15, 40)]
    assert [repair.rows for repair in gave.repairs if repair.rule == "swapped"] == [8]
    mended = kept.loc[inside.index, ["lat_deg", "lon_deg"]]
    assert (mended.to_numpy() == inside[["map_lat", "map_lon"]].to_numpy()).all()


def test_incidents_outlive_impossible_counts(real_data):
    """Rows 330, 367, 4368 and 6772 have fewer than no missing, 597 and 3594 no survivors.

    Those in the area stay; row 330 has 15 dead, and a total of 13 that was made with its -2.
    """
    gave = account(real_data, "missing_migrants")
    repairs = [repair for repair in gave.repairs if repair.rule == "impossible_count"]
    assert [repair.rows for repair in repairs] == [4, 2]
    assert "out_of_range" not in gave.reasons()
    incidents = gave.tables["incidents"]
    assert (incidents["dead_missing_people"] >= incidents["dead_people"].fillna(0)).all()


def test_incidents_that_share_a_main_id_stay_apart(real_data):
    """Nine rows repeat a main id, but every incident has an id of its own."""
    incidents = table(real_data, "missing_migrants")
    assert incidents["Main ID"].duplicated().sum() == 9
    assert "repeated_row" not in account(real_data, "missing_migrants").reasons()


def test_landings_repeat_fill_and_err(real_data):
    """2,123 of 4,352 rows repeat a day and 1,095 are dated after their report.

    Eight rows break otherwise: seven days that no calendar has, one number with a stray word, and
    that one is also a repeat.
    """
    raw = table(real_data, "landings_italy")
    assert raw["Data"].duplicated().sum() == 2123
    assert (raw["Data"] > raw["Data_Report"]).sum() == 1095
    gave = account(real_data, "landings_italy")
    assert gave.reasons() == {"superseded": 2122, "not_a_date": 7, "not_a_number": 1}
    assert gave.tables["series"]["start"].is_unique
    last = gave.tables["series"].sort_values("start").tail(15)
    assert last["value"].isna().all()


def test_places_known_to_repeat_or_to_lack_positions(real_data):
    """141 nodes stand in two extracts; 110 health facilities have no position."""
    repeats = sum(
        account(real_data, key).reasons().get("repeated_row", 0)
        for key in ("osm_crossings", "osm_landmarks", "osm_services")
    )
    nodes = table(real_data, "osm_services")
    assert nodes["ID"].duplicated().sum() == 141
    assert 0 < repeats <= 141
    assert account(real_data, "health_facilities_who").reasons()["missing_required"] == 110


def test_two_files_of_the_same_points_give_the_same_ids(real_data):
    """71 entry points by name, kind and position, in the table as in the layer."""
    ids = [
        set(account(real_data, key).tables["crossings"]["place_id"])
        for key in ("entry_points_tunisia", "entry_points_tunisia_cleaned")
    ]
    assert len(ids[0]) == 71
    assert ids[0] == ids[1]


def test_both_layouts_of_incidents_give_the_same_ids(real_data):
    """153 incidents are in both files; those in the area carry one id."""
    long = account(real_data, "missing_migrants").tables["incidents"]
    short = account(real_data, "missing_migrants_2026").tables["incidents"]
    both = short["place_id"].isin(long["place_id"])
    assert 0 < both.sum() <= 153


def test_nothing_of_the_account_holds_a_position(real_data):
    """Rows outside or in the wrong country are named by line, never by where they lie."""
    quarantine = account(real_data, "displacement_sites").quarantine
    assert quarantine.loc[quarantine["rule"] == "outside_operation", "found"].isna().all()
