"""Registrations become counts at the door; no way round it leaves a trace of a person.

The people are generated here, from a seed; nobody in these tests exists.
"""

import random
from datetime import date, timedelta

import pandas as pd
import pytest

from etl import jobs, registration
from etl.readers import read_table
from geo_data import disclosure, tables
from geo_data.errors import OperationInvalid, SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read
from geo_data.store import Store
from geo_data.view import View
from tests.declared import TODAY, operation, raw, source

NAMES = ["Amal Testwoman", "Omar Testman", "Ines Sample", "Karim Beispiel"]
COLUMNS = {
    "place_code": "Border Point", "date": "Crossing Date", "direction": "Direction", "sex": "Gender",
    "birth": "Date of Birth", "nationality": "Nationality", "vulnerability": "Vulnerability",
    "record_id": "Transaction",
}  # fmt: skip


def people(count, seed=1):
    """Rows as a border registration system exports them (generated)."""
    dice = random.Random(seed)
    return [
        {
            "Transaction": f"T{number}", "Full Name": dice.choice(NAMES) + f" {number}",
            "Passport No": f"P{dice.randrange(10**7, 10**8)}", "Phone": f"+218 91 {number:07}",
            "Date of Birth": f"{dice.randrange(1940, 2024)}-0{dice.randrange(1, 10)}-15",
            "Gender": dice.choice(["F", "M"]), "Nationality": dice.choice(["SDN", "TCD", "Syria"]),
            "Border Point": dice.choice(["LY-RJ", "LY-WZ"]),
            "Crossing Date": str(date(2024, 5, 1) + timedelta(days=dice.randrange(3))),
            "Direction": dice.choice(["IN", "OUT"]), "Vulnerability": dice.choice(["None", "UAC"]),
            "Remarks": f"travels with {dice.choice(NAMES)} to a cousin",
        }
        for number in range(count)
    ]  # fmt: skip


def counted(rows, **more):
    declared = source("registrations", **{"columns": COLUMNS} | more)
    return registration.registrations(raw(rows), declared, operation(), today=TODAY)


def everything(gave):
    """All that leaves the job, as one text."""
    parts = [frame.to_csv() for frame in gave.tables.values()]
    return "\n".join([*parts, gave.quarantine.to_csv(), *gave.warnings, str(gave.repairs)])


def test_every_person_is_in_exactly_one_count():
    """The counts add up to the rows, whatever the traits; the table fits its release shape."""
    gave = counted(people(500))
    table = gave.tables["series"]
    assert (gave.rows_in, gave.accepted, table["value"].sum()) == (500, 500, 500)
    assert not table.duplicated(["place_code", "partner_code", "start", "group"]).any()
    assert tables.as_arrow("series", table).num_rows == len(table) < 500
    assert set(table["row"]) == {0}


def test_traits_in_our_words():
    """Born 15 January 2010, crossing 1 May 2024: fourteen, so 5-17."""
    row = people(1)[0] | {"Date of Birth": "2010-01-15", "Gender": "F", "Direction": "IN",
                          "Nationality": "Syria", "Vulnerability": "uac; pregnant"}  # fmt: skip
    one = counted([row]).tables["series"].iloc[0]
    assert one["group"] == "direction: entry; sex: female; age: 5-17; vulnerability: several"
    assert (one["partner_code"], one["quantity"], one["value"]) == ("SYR", "crossed_people", 1)


@pytest.mark.parametrize(
    ("born", "on", "group"),
    [
        ("2006-05-02", "2024-05-01", "5-17"), ("2006-05-01", "2024-05-01", "18-59"),
        ("2006", "2024-05-01", "18-59"), ("1964-05-01", "2024-05-01", "60+"),
        ("2024-04-01", "2024-05-01", "0-4"), ("soon", "2024-05-01", "unknown"),
        (None, "2024-05-01", "unknown"), ("2030", "2024-05-01", "unknown"),
    ],
)  # fmt: skip
def test_age_groups(born, on, group):
    """Of age on the birthday, not the day before; a year alone counts whole years."""
    row = people(1)[0] | {"Date of Birth": born, "Crossing Date": on}
    assert f"age: {group};" in counted([row]).tables["series"]["group"].iloc[0]


def test_declared_age_groups():
    """Other lower ends make other groups."""
    row = people(1)[0] | {"Date of Birth": "2000-01-15"}
    gave = counted([row], age_groups=(0, 18, 25))
    assert "age: 18-24;" in gave.tables["series"]["group"].iloc[0]


def test_nothing_of_a_person_leaves():
    """Not in the counts, the quarantine, the warnings or the repairs."""
    rows = people(200)
    broken = [
        rows[0] | {"Crossing Date": "Amal Testwoman", "Transaction": "b1"},
        rows[1] | {"Border Point": None, "Transaction": "b2"},
        rows[2] | {"Gender": "Omar Testman", "Nationality": "Ines Sample", "Transaction": "b3"},
        rows[3] | {"Vulnerability": "cousin of Karim Beispiel", "Transaction": "b4"},
        rows[4] | {"Date of Birth": "P1234567", "Transaction": "b5"},
    ]
    gave = counted([*rows, *broken])
    said = everything(gave)
    for row in (*rows, *broken):
        for secret in (row["Full Name"], row["Passport No"], row["Phone"], row["Remarks"]):
            assert secret not in said
    for secret in ("Testwoman", "Testman", "Sample", "Beispiel", "cousin", "P1234567", "T17,"):
        assert secret not in said
    assert gave.quarantine["found"].isna().all()
    assert gave.reasons() == {"not_a_date": 1, "missing_required": 1}
    assert "'Full Name' left out" in said
    assert "'Date of Birth' counted and then left out" in said


@pytest.mark.parametrize("field", ["place_code", "place_name", "nationality", "vulnerability"])
def test_a_personal_column_declared_as_a_trait_is_refused(field):
    """The declaration cannot smuggle names out as places."""
    with pytest.raises(SourceUnreadable, match="personal data") as refused:
        counted(people(30), columns=COLUMNS | {field: "Full Name"})
    assert "Test" not in str(refused.value)


def test_a_place_of_its_own_on_every_row_is_refused():
    """Names under a header that says nothing: more places than people share are people."""
    rows = [row | {"Column7": row["Full Name"]} for row in people(40)]
    with pytest.raises(SourceUnreadable, match="of its own on nearly every row") as refused:
        counted(rows, columns=COLUMNS | {"place_name": "Column7"})
    assert "Testman" not in str(refused.value)


def test_names_as_constants_or_unknown_fields_are_refused():
    """Only fields that are counted exist."""
    with pytest.raises(OperationInvalid, match="unknown field 'name'"):
        counted(people(3), columns=COLUMNS | {"name": "Full Name"})


def test_people_alike_are_several_people():
    """Three rows without a transaction number are three people; one number twice is one."""
    row = people(1)[0]
    anonymous = {k: v for k, v in COLUMNS.items() if k != "record_id"}
    assert counted([row] * 3, columns=anonymous).tables["series"]["value"].tolist() == [3]
    assert counted([row] * 3).reasons() == {"repeated_row": 2}


def test_headers_nobody_declared(tmp_path):
    """A Kobo export: its fields are taken by their headers and said, its metadata left out."""
    text = "_id,deviceid,username,poe_code,today,sexe,age\n" + "\n".join(
        f"{n},imei{n},agent{n % 3},RJ,2024-05-0{1 + n % 3},{'FM'[n % 2]},{20 + n}"
        for n in range(30)
    )
    file = tmp_path / "kobo.csv"
    file.write_text(text)
    declared = source(
        "registrations", columns={"date": "today", "sex": "sexe", "age": "age"}, path=file.name,
        read=Read(format="delimited"),
    )  # fmt: skip
    gave = jobs.run(declared, [file], operation(), Settings(), TODAY)
    assert gave.accepted == 30
    assert "column 'poe_code' taken for place_code: declare it" in gave.warnings
    assert "imei7" not in everything(gave)
    assert "agent1" not in everything(gave)
    assert len(read_table(declared, [file], Settings())) == 30


def view(tmp_path, audience, rows):
    """A release of nothing but counted people, as an audience sees it."""
    gave = counted(rows)
    account = {
        "source": "s", "title": "S", "job": "registrations", "sensitivity": "low", "error": None,
        "reference_end": "2024-05-03", "reference_period": "2024", "accepted": gave.accepted,
        "quarantined": 0, "rows_in": gave.rows_in, "reasons": {}, "cadence_days": None,
        "fetched": None,
    }  # fmt: skip
    manifest = {"operation": {"key": "o", "resolution": 6}, "sources": [account], "methods": {}}
    store = Store(tmp_path)
    with store.writing():
        made = store.publish({"series": tables.as_arrow("series", gave.tables["series"])}, manifest)
    return View(made, audience, today=TODAY)


def test_small_groups_are_absent_for_partners(tmp_path):
    """Not a blank that says somebody was there: no row; declared low, they are severe all the same."""
    shown = view(tmp_path, "partner", people(3000)).series()
    least = disclosure.RULES["partner"]["severe"].min_count
    assert len(shown) > 0
    assert (shown["value"] >= least).all()
    assert shown["value"].notna().all()


def test_the_public_sees_nothing_and_the_cell_all(tmp_path):
    """Traits of people at a crossing leave the house for nobody."""
    assert view(tmp_path / "a", "public", people(3000)).series().empty
    assert view(tmp_path / "b", "cell", people(300)).series()["value"].sum() == 300


def test_subtraction_finds_nobody(tmp_path):
    """No two counts that a partner sees overlap, so no difference of theirs is a smaller group."""
    shown = view(tmp_path, "partner", people(3000)).series()
    keys = ["place_code", "partner_code", "start", "group"]
    assert not shown.duplicated(keys).any()
    assert shown["group"].str.count(": ").eq(4).all()
    assert isinstance(shown, pd.DataFrame)
