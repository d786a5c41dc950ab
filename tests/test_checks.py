"""One good row, break one field, expect the rule by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.places import places
from etl.rules import RULES
from geo_data.sources import Read
from tests.declared import TODAY, operation, raw, source

COLUMNS = {
    "place_id": "id", "name": "name", "lat_deg": "lat", "lon_deg": "lon", "country": "country",
    "date": "date", "crossing_type": "type", "status": "status",
}  # fmt: skip
GOOD = {
    "id": "1", "name": "Ras Jedir", "lat": "33.1494", "lon": "11.5679", "country": "Libya",
    "date": "2024-05-01", "type": "land", "status": "open",
}  # fmt: skip


def crossings(*rows, **more):
    """The contribution of these rows as border crossings."""
    declared = source("crossings", **{"columns": COLUMNS, "unique": ["place_id"]} | more)
    return places(raw(list(rows)), declared, operation(), today=TODAY)


def test_the_good_row_is_good():
    """Nothing is found wrong with it."""
    assert (crossings(GOOD).accepted, crossings(GOOD).reasons()) == (1, {})


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"lat": None}, "missing_required"), ({"lon": "east"}, "not_a_position"),
        ({"lat": "33°08'N"}, "not_a_position"), ({"lat": "91"}, "out_of_range"),
        ({"lon": "-180.1"}, "out_of_range"), ({"lat": "3314940"}, "out_of_range"),
        ({"lat": "0", "lon": "0.0"}, "position_zero"), ({"lat": "11.5679"}, "lat_equals_lon"),
        ({"lat": "11.5679", "lon": "33.1494", "country": "TUN"}, "position_swapped"),
        ({"lat": "11.1", "lon": "29.8"}, "position_swapped"),
        ({"lon": "-11.5679"}, "longitude_sign"),
        ({"country": "Malta"}, "wrong_country"), ({"lat": "41.9", "lon": "12.5"}, "wrong_country"),
        ({"lat": "25.0", "lon": "25.5", "country": "EGY"}, None),
        ({"lat": "31.2", "lon": "29.9", "country": "EGY"}, "outside_operation"),
        ({"date": "01/05/2024"}, "ambiguous_date"), ({"date": "2023-02-30"}, "not_a_date"), ({"date": "2024-07-01"}, "future_date"),
        ({"type": "tunnel"}, "unknown_word"), ({"status": "ajar"}, "unknown_word"),
    ],
)  # fmt: skip
def test_one_broken_field_breaks_one_rule(broken, rule):
    """Lat 11.1, lon 29.8 is South Sudan, swapped it is Libya; Rome is no place in Libya."""
    account = crossings(GOOD | broken)
    assert account.reasons() == ({rule: 1} if rule else {})
    assert rule is None or rule in RULES


def test_unknown_country_is_a_warning():
    """The rest of the row may be right: it stays, with the country of its position."""
    account = crossings(GOOD | {"country": "Numidia"})
    assert account.tables["crossings"]["country"].tolist() == ["LBY"]
    assert "'Numidia'" in account.warnings[0]


def test_quarantine_speaks_the_language_of_the_file():
    """File, line, the provider's column, what stood there and what to do."""
    row = crossings(GOOD, GOOD | {"id": "2", "type": "tunnel"}).quarantine.iloc[0]
    assert (row["file"], row["row"], row["column"], row["found"]) == ("a.csv", 3, "type", "tunnel")
    assert "land" in row["expected"]
    assert "values.crossing_type" in row["advice"]


def test_swapped_positions_are_mended_only_when_allowed():
    """The mend is reported; the position is then that of the good row."""
    swapped = GOOD | {"lat": GOOD["lon"], "lon": GOOD["lat"]}
    account = crossings(swapped | {"country": "TUN"}, repair=["swapped"])
    assert [(r.rule, r.rows) for r in account.repairs] == [("swapped", 1)]
    assert account.tables["crossings"]["lat_deg"].tolist() == [33.1494]


def test_a_whole_file_swapped_is_noticed_without_countries():
    """One such row may lie elsewhere; a file of them is exchanged."""
    columns = {k: v for k, v in COLUMNS.items() if k != "country"}
    swapped = [GOOD | {"id": str(n), "lat": f"{12 + n / 10}", "lon": "33.1"} for n in range(3)]
    assert crossings(*swapped, columns=columns).reasons() == {"position_swapped": 3}
    good = [GOOD | {"id": str(n)} for n in range(7, 14)]
    assert crossings(swapped[0], *good, columns=columns).reasons() == {"outside_operation": 1}


def test_one_position_for_three_countries_is_a_placeholder():
    """The two rows that really are in Libya stay; they cannot know about the others."""
    countries = ["Libya", "Libya", "Morocco", "Spain", "Türkiye"]
    rows = [GOOD | {"id": str(n), "country": c} for n, c in enumerate(countries)]
    account = crossings(*rows)
    assert account.reasons() == {"placeholder_position": 3}
    assert account.tables["crossings"]["country"].tolist() == ["LBY", "LBY"]


def incidents(*rows):
    columns = {k: COLUMNS[k] for k in ("place_id", "lat_deg", "lon_deg", "country")}
    declared = source("incidents", columns=columns | {"route": "route"})
    wide = operation(area=(-20, 0, 45, 50))
    return places(raw(list(rows)), declared, wide, today=TODAY)


def route(name, lat, lon, country, count=25, start=0):
    """Incidents of a route close together."""
    return [
        {"id": f"{name}{n}", "lat": f"{lat + n / 50}", "lon": f"{lon}", "country": country,
         "route": name}
        for n in range(start, start + count)
    ]  # fmt: skip


def test_a_position_among_other_routes_only():
    """Declared off Libya on the central route, placed in the Aegean where the eastern one runs."""
    central, eastern = route("central", 33.2, 13.0, "LBY"), route("eastern", 37.0, 26.5, "GRC")
    lost = [central[0] | {"id": "lost", "lat": "37.2", "lon": "26.4"}]
    adrift = [central[0] | {"id": "adrift", "lat": "36.6", "lon": "15.0"}]
    account = incidents(*central, *eastern, *lost, *adrift)
    assert account.reasons() == {"route_mismatch": 1}
    assert account.quarantine["found"].tolist() == ["central"]


def test_two_witnesses_outweigh_a_route():
    """In its country, though far from its route: the word for the route may be wrong."""
    central, eastern = route("central", 33.2, 13.0, "LBY"), route("eastern", 37.0, 26.5, "GRC")
    odd = [central[0] | {"id": "odd", "lat": "37.2", "lon": "26.6", "country": "GRC"}]
    assert incidents(*central, *eastern, *odd).reasons() == {}


def test_columns_not_declared_are_said():
    """A missing column is an error of the source, with the nearest name."""
    from geo_data.errors import ColumnMissing

    with pytest.raises(ColumnMissing, match="Nearest column: 'lat'"):
        crossings(GOOD, columns=COLUMNS | {"lat_deg": "latt"})


def test_a_declared_field_we_do_not_know():
    """The operation file is wrong, and the message has the nearest field."""
    from geo_data.errors import OperationInvalid

    with pytest.raises(OperationInvalid, match="'status'"):
        crossings(GOOD, columns=COLUMNS | {"statsu": "status"})


def test_personal_columns_are_never_used():
    """Declaring one is refused; otherwise it is left out and named, its values are not."""
    from geo_data.errors import SourceUnreadable

    row = GOOD | {"contact": "A. Person"}
    account = crossings(row)
    assert "'contact'" in account.warnings[0]
    assert "A. Person" not in str(account)
    with pytest.raises(SourceUnreadable, match="personal data"):
        crossings(row, columns=COLUMNS | {"name": "contact"})


def test_a_tag_stands_for_its_column():
    """Attributes in another order and blanks make no difference."""
    table = raw([GOOD], hxl={"#geo+lat+y": "lat"})
    declared = source("crossings", columns=COLUMNS | {"lat_deg": "#geo +y +lat"})
    assert places(table, declared, operation(), today=TODAY).accepted == 1


def test_pairs_and_minutes():
    """Both forms of one column give the same cell as the decimal one."""
    columns = {"position": "at", "name": "name"}
    for form, text in (("pair", "33.5, 10.5"), ("unlocode", "3330N 01030E")):
        read = Read(format="delimited", coordinates=form)
        rows = [{"name": "x", "at": text}, {"name": "y", "at": "?"}]
        account = places(raw(rows), source("crossings", read=read, columns=columns), operation())
        assert account.tables["crossings"][["lat_deg", "lon_deg"]].to_numpy().tolist() == [
            [33.5, 10.5]
        ]
        assert account.reasons() == {"not_a_position": 1}


WORD = st.sampled_from(
    [
        None,
        "",
        "33.1",
        "11.5",
        "0",
        "-11.5",
        "LBY",
        "Malta",
        "land",
        "2024-01-01",
        "<5",
        "{{7*7}}",
        "９",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: WORD for name in GOOD}), max_size=6))
def test_every_row_is_accounted_for(rows):
    """Whatever stands in the cells: rows in are rows accepted plus rows quarantined."""
    if rows:
        account = crossings(*rows)
        assert account.rows_in == len(rows)
        assert len(account.tables["crossings"]) == account.accepted
        assert account.quarantined == account.rows_in - account.accepted
