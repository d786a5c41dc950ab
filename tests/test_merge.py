"""Many sources to one table: three kinds of nothing, who speaks first, nothing counted twice."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from etl import duplicates, merge, organisations, precedence
from etl.accounts import Contribution, HexValues, Quarantine
from etl.areas import areas
from geo_data import geography, grid, tables
from geo_data import quantities as q
from geo_data.operations import Operation
from tests import spatial

AREA = (9.0, 33.0, 10.0, 34.0)  # inland, all of it in Tunisia
CELLS = grid.cells_in_box(*AREA, 6)
LAT, LON = grid.centres_of(CELLS)
WEST, EAST = LON < 9.5, LON >= 9.5


def _operation(*given):
    return Operation(
        key="test", title="Test", area=AREA, resolution=6, countries=["TUN"],
        source=[source for source, _ in given],
    )  # fmt: skip


def _merged(*given):
    return merge.merge(given, _operation(*given))


def _measured(key, value, where=WEST, cover=1.0, quantity=q.HEAT, **more):
    "A raster source that covers some cells with one value."
    size = int(where.sum())
    hexes = HexValues(quantity.column, CELLS[where], np.full(size, value), np.full(size, cover))
    source = spatial.source("raster", key=key, **more)
    return source, Contribution(1, 1, tables.empty("quarantine"), hexes=[hexes])


def _table(key, table, rows, **more):
    "A source that gave rows of one table."
    frame = pd.DataFrame(rows)
    if table in tables.PLACE_KINDS:
        frame["cell"] = grid.cells_of(
            lat_deg=frame["lat_deg"], lon_deg=frame["lon_deg"], resolution=6
        )
        frame["place_id"] = [f"{key}-{number}" for number in range(len(frame))]
    frame = frame.assign(source=key, row=1).reindex(columns=tables.schema(table).names)
    job = more.pop("job", table)
    gave = Contribution(len(frame), len(frame), Quarantine(key).table(), tables={table: frame})
    return spatial.source(job, key=key, **more), gave


def _at(lat, lon, **more):
    return {"lat_deg": lat, "lon_deg": lon} | more


def _column(merged, quantity):
    table = merged.tables["hexagons"]
    return (table[name].to_numpy() for name in (quantity.column, f"{quantity.column}__cover",
                                                f"{quantity.column}__source"))  # fmt: skip


def test_first_declared_source_speaks_first():
    "Where two rasters overlap the first wins; they are never added."
    merged = _merged(_measured("a", 20.0), _measured("b", 30.0, WEST | EAST))
    value, cover, source = _column(merged, q.HEAT)
    assert (value[WEST] == 20).all() and (value[EAST] == 30).all()
    assert (source[WEST] == 0).all() and (source[EAST] == 1).all()
    assert (cover == 1).all()
    assert merged.methods["heat_max_c"]["sources"] == ["a", "b"]


def test_sliver_and_unknown_give_way():
    "A source with a tenth of the cell, or without a value, leaves the cell to the next."
    sliver, unknown = _measured("a", 20.0, cover=0.1), _measured("b", np.nan, EAST)
    value, _, source = _column(_merged(sliver, unknown, _measured("c", 30.0, CELLS > 0)), q.HEAT)
    assert (value == 30).all() and (source == 2).all()


def test_unknown_is_not_outside():
    "A covered cell without a value is unknown, a cell nobody covers is outside."
    value, cover, source = _column(_merged(_measured("a", np.nan)), q.HEAT)
    assert np.isnan(value).all()
    assert (cover[WEST] == 1).all() and (cover[EAST] == 0).all()
    assert (source[WEST] == 0).all() and (source[EAST] == -1).all()


def test_source_of_a_country_is_silent_elsewhere():
    "Libyan values on Tunisian cells are not used."
    libyan = _measured("a", 20.0, coverage=["LBY"])
    value, cover, _ = _column(_merged(libyan, _measured("b", 30.0, coverage=["TUN"])), q.HEAT)
    assert (value[WEST] == 30).all() and (cover[EAST] == 0).all()


def test_counts_are_none_where_a_register_looked():
    "One crossing: its cell 1, other covered cells 0; nothing is said about services."
    crossing = _table("a", "crossings", [_at(33.5, 9.3)], coverage=["TUN"])
    merged = _merged(crossing)
    value, cover, source = _column(merged, q.CROSSINGS)
    assert (value.sum(), (value == 0).sum()) == (1, len(CELLS) - 1)
    assert (cover == 1).all() and (source == 0).all()
    services, cover, _ = _column(merged, q.SERVICES)
    assert np.isnan(services).all() and (cover == 0).all()


def test_counts_beyond_coverage_are_unknown():
    "A Libyan register says nothing about Tunisia, except that its stray place is there."
    value, cover, _ = _column(
        _merged(_table("a", "crossings", [_at(33.5, 9.3)], coverage=["LBY"])), q.CROSSINGS
    )
    assert (np.nansum(value), np.isnan(value).sum()) == (1, len(CELLS) - 1)
    assert cover.sum() == 1


def test_place_in_two_registers_counts_once():
    "A clinic 100 m from the same clinic of an earlier register is a duplicate; one of 1 km is not."
    first = _table("a", "services", [_at(33.5, 9.3, sector="health")])
    rows = [
        _at(33.5009, 9.3, sector="health"), _at(33.509, 9.3, sector="health"),
        _at(33.5, 9.3, sector="education"),
    ]  # fmt: skip
    merged = _merged(first, _table("b", "services", rows))
    assert merged.tables["services"]["duplicate_of"].fillna("").tolist() == ["", "a-0", "", ""]
    for quantity, count in ((q.SERVICES, 3), (q.HEALTH, 2)):
        value, _, source = _column(merged, quantity)
        assert value.sum() == count
        assert (source == -1).any()


def test_rows_of_one_register_are_not_duplicates():
    "Two posts of one register at one place are two posts; each takes only one copy."
    rows = [_at(33.5, 9.3, crossing_type="land")] * 2
    merged = _merged(_table("a", "crossings", rows), _table("b", "crossings", rows))
    said = merged.tables["crossings"]["duplicate_of"]
    assert said.isna().tolist() == [True, True, False, False]


def test_record_in_two_files_of_its_owner():
    "The same id in a later source is the same record, wherever it was placed."
    rows = pd.DataFrame(
        [_at(lat, 9.3, crossing_type="land", place_id="x1", source=key)
         for lat, key in ((33.5, "a"), (33.9, "b"))]
    )  # fmt: skip
    said = duplicates.marked(rows, duplicates.LIKENESS["crossings"], ["a", "b"])["duplicate_of"]
    assert said.fillna("").tolist() == ["", "x1"]


def test_unknown_type_matches_any_type():
    "A crossing of unknown type near a land crossing is that crossing; a sea port is another."
    likeness = duplicates.LIKENESS["crossings"]
    rows = pd.DataFrame(
        [_at(33.5, 9.3, crossing_type=kind, place_id=kind, source=kind)
         for kind in ("land", "unknown", "sea")]
    )  # fmt: skip
    said = duplicates.marked(rows, likeness, ["land", "unknown", "sea"])["duplicate_of"]
    assert said.fillna("").tolist() == ["", "land", ""]


def test_incident_in_two_downloads_counts_once():
    "The same day, place and number of dead in two files is one incident."
    row = _at(33.5, 9.3, date=date(2026, 1, 2), dead_missing_people=5.0)
    later = row | {"date": date(2026, 1, 3)}
    merged = _merged(_table("a", "incidents", [row]), _table("b", "incidents", [row, later]))
    value, _, _ = _column(merged, q.DEAD_MISSING)
    assert value.sum() == 10


def test_unknown_dead_are_not_zero():
    "An incident without a number is counted, its dead are unknown; elsewhere there are none."
    rows = [_at(33.5, 9.3, dead_missing_people=np.nan), _at(33.2, 9.7, dead_missing_people=4.0)]
    merged = _merged(_table("a", "incidents", rows))
    dead, cover, _ = _column(merged, q.DEAD_MISSING)
    incidents, _, _ = _column(merged, q.INCIDENTS)
    assert incidents.sum() == 2
    assert (np.isnan(dead).sum(), np.nansum(dead), cover.min()) == (1, 4, 1)


def test_closed_sites_hold_nobody():
    "Closed sites are not counted; a register without any number of people is silent on people."
    rows = [
        _at(33.5, 9.3, status="open", displaced_people=70.0),
        _at(33.5, 9.3, status="closed", displaced_people=900.0),
    ]
    merged = _merged(_table("a", "sites", rows))
    sites, _, _ = _column(merged, q.SITES)
    people, cover, _ = _column(merged, q.DISPLACED)
    assert (sites.sum(), np.nansum(people)) == (1, 70)
    assert (cover > 0).sum() == 1, "people live outside of sites too: elsewhere it is not known"
    silent = _merged(_table("b", "sites", [rows[0] | {"displaced_people": np.nan}]))
    people, cover, _ = _column(silent, q.DISPLACED)
    assert np.isnan(people).all() and (cover == 0).all()


def _halves():
    "Two areas that divide the operation at 9.5 degrees east."
    raw = spatial.layer(
        [shapely.box(9.1, 33.1, 9.5, 33.9), shapely.box(9.5, 33.1, 9.9, 33.9)],
        code=["TN01", "TN02"], label=["Kébili", "Gabès"],
    )  # fmt: skip
    source = spatial.source(
        "areas", key="halves", level=1, columns={"area_code": "code", "name": "label"},
        constants={"country": "TUN"},
    )  # fmt: skip
    return source, areas(raw, source, _operation())


def _reported(values):
    rows = [
        {"place_code": code, "start": day, "quantity": "displaced_people", "value": value}
        for code, day, value in values
    ]
    return _table("counts", "series", rows, job="counts")


def test_counts_of_areas_are_spread_by_residents():
    "600 people of the west go where people live, the older count is replaced, the sum stays."
    living = _measured("people", 10.0, WEST & (LAT > 33.5), quantity=q.POPULATION)
    counts = _reported([("TN01", date(2025, 1, 1), 50.0), ("TN01", date(2026, 1, 1), 600.0)])
    merged = _merged(_halves(), living, counts)
    value, cover, source = _column(merged, q.DISPLACED)
    assert np.nansum(value) == 600
    assert (value[cover > 0] == np.floor(value[cover > 0])).all()
    covered = cover > 0
    assert (value[covered & (LAT < 33.4)] == 0).all()
    assert not covered[LON > 9.6].any()
    assert set(source[cover > 0]) == {2}
    assert merged.methods["displaced_people"]["coarse"] == ["counts"]


def test_part_of_an_area_gets_part_of_its_people():
    "Of an area that lies half outside the operation half of the people are placed, and it is said."
    raw = spatial.layer([shapely.box(8.5, 33.1, 9.5, 33.9)], code=["TN01"], label=["Wide"])
    source, _ = _halves()
    merged = _merged(
        (source, areas(raw, source, _operation())), _reported([("TN01", date(2026, 1, 1), 600.0)])
    )
    value, _, _ = _column(merged, q.DISPLACED)
    assert np.nansum(value) == pytest.approx(300, abs=6)
    assert float(np.nansum(value)).is_integer()
    assert merged.methods["displaced_people"]["only_part_inside"] == ["TN01"]
    assert merged.methods["displaced_people"]["by_area"] == ["TN01"]


def test_organisations_by_code_and_by_name():
    "One agency by district code, one by a name without accents: two; the silent east has none."
    rows = [
        {"organisation": "Agency A", "area_code": "TN0101", "area_name": "District"},
        {"organisation": "agency a", "area_name": "KEBILI", "country": "TUN"},
        {"organisation": "Agency B", "area_name": "kebili"},
        {"organisation": "Agency C", "area_name": "Nowhere"},
    ]
    merged = _merged(_halves(), _table("who", "presence", rows, coverage=["TUN"]))
    value, cover, _ = _column(merged, q.ORGANISATIONS)
    inner = (LAT > 33.2) & (LAT < 33.8) & (LON > 9.2) & (LON < 9.8)
    assert (value[inner & (LON < 9.4)] == 2).all() and (value[inner & (LON > 9.6)] == 0).all()
    assert (cover[inner] == 1).all() and (cover[LON < 9.0] == 0).all()
    assert merged.methods["organisations_count"]["unmatched_rows"] == 1


def test_area_in_a_gazetteer():
    "A district known only to the gazetteer is found by its name, and gives its region."
    gazetteer = pd.DataFrame(
        [("TN0201", "Mareth", "TN02", "TUN")],
        columns=["area_code", "name", "parent_code", "country"],
    )
    table = _halves()[1].tables["areas"]
    found = organisations.Matcher.of(table, gazetteer)
    assert found.place("", "Maréth", "TUN") == 1
    assert found.place("", "Maréth", "LBY") == organisations.UNKNOWN


def test_area_beyond_the_operation():
    "A region that only the gazetteer knows is elsewhere, not unknown."
    gazetteer = pd.DataFrame(
        [("TD14", "Ouaddaï", "TCD", "TCD")], columns=["area_code", "name", "parent_code", "country"]
    )
    found = organisations.Matcher.of(_halves()[1].tables["areas"], gazetteer)
    assert found.place("TD1402", "Abougoudam", "TCD") == organisations.ELSEWHERE
    assert found.place("", "ouaddai", "TCD") == organisations.ELSEWHERE
    assert found.place("", "Atlantis", "TCD") == organisations.UNKNOWN


def test_land_share_at_a_coast():
    "Land, coast and open sea around Djerba: 1, between, 0, and about as much land as is known."
    cells = grid.cells_in_box(10.5, 33.5, 11.5, 34.2, 6)
    layer = merge._land(cells)
    lat, lon = grid.centres_of(cells)
    at = lambda y, x: layer.value[np.argmin((lat - y) ** 2 + (lon - x) ** 2)]  # noqa: E731
    assert at(33.8, 10.88) == 1
    assert at(34.1, 11.4) == 0
    centre = geography.country_of(lat_deg=lat, lon_deg=lon) == "TUN"
    assert layer.value.mean() == pytest.approx(centre.mean(), abs=0.03)


def test_every_table_has_its_declared_shape():
    "What merge hands over can be published as it is."
    merged = _merged(_measured("a", 20.0), _table("b", "crossings", [_at(33.5, 9.3)]), _halves())
    for name in tables.SHAPES:
        assert tables.as_arrow(name, merged.tables[name]).schema == tables.schema(name)


def test_first_area_of_a_code_stays():
    "The same code in a later source of the same kind is not taken twice."
    source, gave = _halves()
    again = spatial.source("areas", key="again", level=1)
    merged = _merged((source, gave), (again, gave))
    assert len(merged.tables["areas"]) == 2
    assert not merged.tables["area_cells"].duplicated(["kind", "area_code", "cell"]).any()


def test_choice_of_the_larger_sliver():
    "Where nobody covers half of a cell the larger part speaks."
    layers = [
        precedence.Layer("x", number, (key,), np.array([1.0]), np.array([cover]))
        for number, (key, cover) in enumerate([("a", 0.2), ("b", 0.4)])
    ]
    assert precedence.choose(layers, 1).tolist() == [1]
