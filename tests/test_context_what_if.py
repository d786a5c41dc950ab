"""What-ifs as edits of tables: closed forms, identities, and what is unknown stays unknown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import changes, grid
from geo_data import quantities as q
from geo_data.errors import WaypostError
from layers.context import consequences, impact, profile, scenario
from layers.context.scenario import Arrivals, Crossing, Flood, Scenario, ServiceLost, Site

CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[32.0], lon_deg=[13.0], resolution=6), 3)[1])
LAT, LON = grid.centres_of(CELLS)
MANY = len(CELLS)
AREA = pd.DataFrame({"area_code": "A1", "cell": CELLS[:10], "fraction": [1.0] * 8 + [0.5, 0.25]})
WHOLE = pd.DataFrame({"cell": CELLS, "fraction": 1.0})


def places(where, **columns):
    """Places at the centres of cells, none of them another's duplicate."""
    named = {"place_id": [f"p{n}" for n in where], "name": None, "duplicate_of": None}
    table = pd.DataFrame({**named, "lat_deg": LAT[where], "lon_deg": LON[where],
                          "cell": CELLS[where], **columns})  # fmt: skip
    return table.assign(duplicate_of=table["duplicate_of"].astype("str"))


def before(**columns):
    """37 hexagons of ten residents and two displaced each, dry, with three services in two."""
    services = places([0, 0, 5], sector=["health", "water and sanitation", "health"])
    services["place_id"] = ["s0", "s1", "s2"]
    counted = np.zeros(MANY)
    counted[[0, 5]] = [2, 1]
    hexagons = pd.DataFrame({
        "cell": CELLS, "population_people": 10.0, "displaced_people": 2.0, "flood_depth_m": 0.0,
        "land_share": 1.0, "services_count": counted, "health_count": np.minimum(counted, 1),
        "sites_count": 0.0,
    }).assign(**columns)  # fmt: skip
    tables = {
        "services": services,
        "crossings": places([1, 2], status=["open", "unknown"], crossing_type="land"),
        "sites": places([3], status=["open"], displaced_people=[50.0]).drop(columns="duplicate_of"),
    }
    return consequences.tables(hexagons, tables, AREA)


def profiled(tables):
    """Profile of all hexagons."""
    covers = {f"{one.column}__cover": 1.0 for one in consequences.READ}
    return profile.profile(WHOLE, tables.hexagons.assign(**covers), tables.places)


EDITS = st.one_of(
    st.builds(Flood, depth_m=st.floats(0.1, 3)),
    st.builds(Crossing, place=st.sampled_from(["p1", "p2"])),
    st.builds(ServiceLost, place=st.sampled_from(["s0", "s1", "s2"])),
    st.builds(Arrivals, people=st.integers(1, 10**6), area=st.just("A1"),
              spread=st.sampled_from(["displaced", "residents", "even"])),
)  # fmt: skip


@pytest.mark.parametrize("spread", ["displaced", "residents", "even"])
@pytest.mark.parametrize("at", [{"area": "A1"}, {"crossing": "p1", "rings": 1}])
def test_arrivals_raise_the_total_by_exactly_so_many_and_no_other(spread, at):
    """20,000 more displaced people; of all other lines only displaced per resident follows"""
    old = before()
    new = consequences.applied(old, [Arrivals(people=20_000, spread=spread, **at)])
    table = profile.differences(profiled(old), profiled(new))
    differs = table[table["difference"] != 0].dropna(subset=["difference"])
    assert list(differs["label"]) == ["Displaced people present", "Displaced people per resident"]
    assert differs["difference"].iloc[0] == 20_000
    assert list(differs["verdict"]) == [1.0, 1.0]


def test_arrivals_in_an_area_stay_inside_it():
    """Only hexagons that lie wholly in it, in whole people: 7 over 8 hexagons"""
    new = consequences.applied(before(), [Arrivals(people=7, area="A1")])
    more = new.hexagons["arrivals_people"].to_numpy()
    assert more[:8].sum() == 7
    assert more[8:].sum() == 0
    assert set(more) == {0.0, 1.0}


def test_arrivals_go_only_where_the_present_is_known():
    """Half of the area is unknown and stays so; the known half takes all"""
    displaced = np.full(MANY, 2.0)
    displaced[:4] = np.nan
    new = consequences.applied(before(displaced_people=displaced), [Arrivals(people=99, area="A1")])
    found = new.hexagons["displaced_people"].to_numpy()
    assert np.isnan(found[:4]).all()
    assert found[4:8].sum() == 4 * 2 + 99


def test_arrivals_where_nothing_is_known_are_left_out_with_a_sentence():
    """No total would be known after them either"""
    old = before(displaced_people=np.nan)
    new = consequences.applied(old, [Arrivals(people=99, area="A1")])
    assert new.hexagons.equals(old.hexagons)
    assert "99 people are left out" in new.remarks[0]


def test_closing_and_reopening_is_the_identity():
    """Also for a site, whose hexagon counts one less meanwhile"""
    old = before(sites_count=np.arange(MANY) == 3)
    edits = [Crossing(place="p1"), Site(place="p3")]
    shut = consequences.applied(old, edits)
    assert shut.hexagons["sites_count"].sum() == 0
    back = [Crossing(place="p1", status="open"), Site(place="p3", status="open")]
    new = consequences.applied(old, [*edits, *back])
    pd.testing.assert_frame_equal(profiled(new), profiled(old))
    assert consequences.added(old, new) == {}


def test_a_lost_service_is_gone_from_its_hexagon_and_its_register():
    """One of two in the hexagon, the health one"""
    old = before()
    new = consequences.applied(old, [ServiceLost(place="s0")])
    assert list(new.places["services"]["place_id"]) == ["s1", "s2"]
    assert new.hexagons["services_count"].sum() == 2
    assert new.hexagons["health_count"].sum() == 1


def test_a_lost_service_goes_with_what_other_registers_say_of_it():
    """Its twin in a second register counted nowhere and goes too"""
    old = before()
    twin = old.places["services"].iloc[[0]].assign(place_id="t0", duplicate_of="s0")
    both = pd.concat([old.places["services"], twin])
    old = consequences.tables(old.hexagons, {**old.places, "services": both}, AREA)
    for lost in ("s0", "t0"):
        new = consequences.applied(old, [ServiceLost(place=lost)])
        assert list(new.places["services"]["place_id"]) == ["s1", "s2"]
        assert new.hexagons["services_count"].sum() == 2


def test_a_flood_takes_what_stands_deep_enough():
    """0.5 m reaches the limit, 0.49 m does not, and unknown depth is said and left alone"""
    depth = np.zeros(MANY)
    depth[[0, 1, 5]] = [0.5, 0.49, np.nan]
    new = consequences.applied(before(flood_depth_m=depth), [Flood(depth_m=0.5, ways=True)])
    assert list(new.places["services"]["place_id"]) == ["s2"]
    assert list(new.places["crossings"]["status"]) == ["open", "unknown"]
    assert list(new.flooded) == list(new.blocked) == [CELLS[0]]
    assert "not known: 1." in new.remarks[0]


def test_a_flood_without_depths_is_left_out_with_a_sentence():
    """A release that has no depths cannot be flooded"""
    old = before(flood_depth_m=np.nan)
    new = consequences.applied(old, [Flood()])
    assert len(new.places["services"]) == 3
    assert "no depth of floods" in new.remarks[0]


@pytest.mark.parametrize(
    "edit", [Crossing(place="x"), Site(place="x"), ServiceLost(place="x"),
             Arrivals(people=5, area="x"), Arrivals(people=5, crossing="x")],
)  # fmt: skip
def test_an_edit_of_something_that_is_not_there_is_said(edit):
    """The release of another day may not have it; the rest goes on"""
    old = before()
    new = consequences.applied(old, [edit, ServiceLost(place="s0")])
    assert "does not have 'x'" in new.remarks[0]
    assert len(new.places["services"]) == 2


def test_without_edits_the_profile_is_the_same_to_the_bit():
    """The very same tables"""
    old = before()
    assert consequences.applied(old, []) is old
    table = profile.differences(profiled(old), profiled(consequences.applied(old, [])))
    known = table.dropna(subset=["before"])
    assert (known["difference"] == 0).all()


@settings(max_examples=30)
@given(st.lists(EDITS, max_size=6))
def test_the_difference_layer_sums_to_the_difference_of_totals(edits):
    """Hexagon by hexagon and in sum, and a link brings back the same edits"""
    plan = Scenario(name="x", edits=tuple(edits))
    assert scenario.from_text(scenario.to_text(plan)) == plan
    old = before(flood_depth_m=np.linspace(0, 2, MANY))
    new = consequences.applied(old, plan.edits)
    more = consequences.added(old, new)
    for quantity in consequences.EDITED:
        cover = {f"{quantity.column}__cover": 1.0}
        apart = changes.change(
            new.hexagons.assign(**cover), old.hexagons.assign(**cover), quantity
        )[quantity.column]
        total = new.hexagons[quantity.column].sum() - old.hexagons[quantity.column].sum()
        assert apart.sum() == pytest.approx(total, abs=1e-9)
        assert np.sum(more.get(quantity.column, 0.0)) == pytest.approx(total, abs=1e-9)
    asked = sum(edit.people for edit in edits if isinstance(edit, Arrivals))
    assert more.get(q.DISPLACED.column, np.zeros(1)).sum() == asked


def test_the_lines_of_a_what_if():
    """Ten residents and two displaced under water, a service lost, a crossing closed, 9 arrive"""
    depth = np.zeros(MANY)
    depth[0] = 1.0
    old = before(flood_depth_m=depth)
    edits = [Flood(), Crossing(place="p1"), Arrivals(people=9, crossing="p2", rings=0)]
    new = consequences.applied(old, edits)
    series = pd.DataFrame(columns=["quantity", "place_code", "end", "group", "value"])
    found = {row.label: row.value for row in impact.rows(WHOLE, old, new, series)}
    assert found == {
        "Residents of hexagons under water": 10, "Displaced people in hexagons under water": 2,
        "Service points lost": 2, "Crossing points closed": 1,
        "People arriving in the what-if": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"edits":[{"edit":"flood","depth":1}]}', b'{"edits":[{"edit":"war"}]}',
     b'{"edits":[{"edit":"arrivals","people":-1,"area":"A1"}]}',
     b'{"edits":[{"edit":"arrivals","people":5}]}',
     b'{"edits":[{"edit":"arrivals","people":5,"area":"A","crossing":"B"}]}', b"\xff\xfe",
     b'{"name":"' + b"x" * 200_000 + b'"}'],
)  # fmt: skip
def test_a_file_that_is_no_what_if_is_refused_with_its_name(content):
    """Strict: unknown keys, words and impossible numbers"""
    with pytest.raises(WaypostError, match=r"w\.json"):
        scenario.from_file("w.json", content)


@pytest.mark.parametrize("text", ["x", "eJw", "%%%", "A" * 500])
def test_a_broken_link_is_refused_with_a_sentence(text):
    """Never an exception of a library"""
    with pytest.raises(WaypostError, match="cannot be read"):
        scenario.from_text(text)


def test_a_link_that_unpacks_to_too_much_is_refused():
    """A bomb of zeros"""
    from layers.packing import packed

    with pytest.raises(WaypostError, match="cannot be read"):
        scenario.from_text(packed(b" " * 10_000_000))
