"""Whether a position can be: exchanged, made up by a machine, among other routes."""

import pytest

from etl.places import places
from geo_data.sources import Read
from tests.declared import TODAY, operation, raw, source
from tests.test_checks import COLUMNS, GOOD, crossings


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


CENTRE = {"lat": "27.0304", "lon": "18.0099"}  # middle of Libya in degrees, worked out by hand


@pytest.mark.parametrize(
    ("rows", "rule", "count"),
    [
        ([{"lat": "3663000", "lon": "345000"}], "projected_position", 1),
        ([{"lat": "3913575", "lon": "1287738"}], "projected_position", 1),
        ([CENTRE], "country_centroid", 1),
        ([{"lat": "27.1", "lon": "18.0", "name": n} for n in "ABC"], "country_centroid", 3),
        ([{"lat": "27.1", "lon": "18.0"}], None, 0),
        ([{"name": "TOTAL GENERAL", "lat": None, "lon": None}], "total_row", 1),
        ([{"name": "المجموع", "lat": None, "lon": None}], "total_row", 1),
        ([{"name": "Total"}], None, 0),
    ],
)  # fmt: skip
def test_what_machines_make_of_positions(rows, rule, count):
    """Metres of a grid, middles of a country (one on the spot, three at one place near it); a
    petrol station called Total has a position, a total has none.
    """
    account = crossings(*(GOOD | {"id": str(n)} | row for n, row in enumerate(rows)))
    assert account.reasons() == ({rule: count} if rule else {})
    if rule:
        assert account.quarantine["advice"].str.len().min() > 10
