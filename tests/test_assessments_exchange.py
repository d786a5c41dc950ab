"""Observations as a file: the same bytes for the same set, a stranger's lines checked one by one."""

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from etl.__main__ import main
from geo_data import doctor, parcel, retention
from geo_data.assessments import exchange, history
from geo_data.errors import SourceUnreadable
from geo_data.store import Store
from tests.observed import edited, journal, observation
from tests.published import published

FIRST = observation()
SECOND = edited(FIRST, evidence="Three of five wells are dry")
OTHER = observation("The gate opens at 8", place_code="34081093ea11cf4e", place_kind="crossing")


def lines(*records):
    return exchange.write(records, "test_sea").decode().splitlines()


def with_line(line, *records):
    "A file of some records and one line more, with a head that counts it."
    head, *rows = lines(*records)
    head = json.dumps(json.loads(head) | {"records": len(rows) + 1})
    return "\n".join([head, *rows, line]).encode() + b"\n"


def changed(**more):
    "The line of the first record with some values changed; its id stays."
    return json.dumps(json.loads(lines(FIRST)[1]) | more)


def test_there_and_back_again():
    """The same set gives the same bytes; reading gives it back; known rows are counted"""
    made = exchange.write([SECOND, FIRST, OTHER], "test_sea")
    assert made == exchange.write([OTHER, FIRST, SECOND, FIRST], "test_sea")
    found = exchange.read("x", made, "test_sea", {FIRST.id})
    assert {record.id for record in found.accepted} == {SECOND.id, OTHER.id}
    assert (found.known, len(found.quarantine), found.rows_in) == (1, 0, 3)


def test_records_of_another_operation_stay_here():
    """An export is of one operation"""
    assert len(lines(FIRST, observation(operation="elsewhere"))) == 2


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("not json", "not_a_record", ""),
        ("[" * 5000, "not_a_record", ""),
        ("{}", "not_a_record", ""),
        ("", "not_a_record", ""),
        ("a" * 20_000, "too_long", "evidence"),
        (changed(rating="9"), "not_a_record", "rating"),
        (changed(role="Amal Ben Ali"), "not_a_record", "role"),
        (changed(component="weather"), "not_a_record", "component"),
        (changed(photo="x.jpg"), "not_a_record", ""),
        (changed(evidence="All wells work"), "altered", "id"),
        (changed(id=None), "altered", "id"),
        (changed(operation="elsewhere"), "other_operation", "operation"),
        (changed(evidence="Call SECRET +218 91 123 4567"), "personal_data", "evidence"),
        (changed(evidence="a \u202e b"), "hidden_letters", "evidence"),
        (changed(place_code="<script>"), "place_code", "place_code"),
        (lines(FIRST)[1], "repeated_row", "id"),
    ],
)
def test_a_strangers_line_is_quarantined(line, rule, column):
    """By the first rule it breaks; the good row beside it is accepted; the account adds up"""
    found = exchange.read("x", with_line(line, FIRST), "test_sea", set())
    assert [record.id for record in found.accepted] == [FIRST.id]
    (row,) = found.quarantine.to_dict("records")
    assert (row["row"], row["rule"], row["column"]) == (3, rule, column)
    assert found.rows_in == 2 == len(found.accepted) + found.known + len(found.quarantine)
    assert "SECRET" not in str(row) and "218" not in row["found"]
    assert row["expected"] and row["advice"]


def test_personal_data_in_a_closed_list_is_not_quoted():
    """Somebody wrote an address where a role belongs"""
    found = exchange.read("x", with_line(changed(role="a.b@example.org"), FIRST), "test_sea", set())
    assert "example.org" not in found.quarantine.to_csv()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "another kind of file"),
        (b"PK\x03\x04 zip", "another kind of file"),
        (b"\xff\xfe\x00", "another kind of file"),
        (b"[" * 9000, "another kind of file"),
        (b" " * (exchange.MOST_BYTES + 1), "bytes"),
        (exchange.write([FIRST], "elsewhere").replace(b"waypost ob", b"other ob"), "another kind"),
        (exchange.write([FIRST], "test_sea").replace(b'"cell"', b'"public"'), "another kind"),
        (exchange.write([], "a.b@example.org"), "hidden"),
        (exchange.write([FIRST], "test_sea").replace(b'"format":1,"a', b'"format":2,"a'), "newer"),
        (exchange.write([FIRST, SECOND], "test_sea").rsplit(b"\n", 2)[0] + b"\n", "1 rows"),
        (exchange.write([FIRST], "test_sea") + b"x\n", "2 rows"),
        (b"x\n" * (exchange.MOST_ROWS + 2), "rows"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(content, said):
    """One sentence; nothing is taken"""
    with pytest.raises(SourceUnreadable, match=said):
        exchange.read("x", content, "test_sea", set())


@pytest.fixture
def two_laptops(tmp_path):
    "Two stores of one operation that both edited the same observation."
    for name, text in (("a", "Three of five wells are dry"), ("b", "All wells work again")):
        published(tmp_path / name, 1)
        journal(tmp_path / name).append(FIRST)
        journal(tmp_path / name).append(edited(FIRST, evidence=text))
    return tmp_path


def run(*arguments):
    return main(["observations", *map(str, arguments)])


def test_from_laptop_to_laptop_and_back(two_laptops, capsys):
    """Exchanged both ways, twice: the same three records and one conflict on both"""
    for _ in range(2):
        for one, other in (("a", "b"), ("b", "a")):
            file = two_laptops / f"{one}{exchange.SUFFIX}"
            assert run("--to", file, "--store", two_laptops / one) == 0
            assert run("--merge", file, "--store", two_laptops / other) == 0
    assert "3 rows in: 0 accepted, 3 known already, 0 quarantined. Conflicts now: 1" in (
        capsys.readouterr().out
    )
    ends = [{r.id for r in journal(two_laptops / name).records()} for name in "ab"]
    assert ends[0] == ends[1] and len(ends[0]) == 3
    (thread,) = history.threads(journal(two_laptops / "a").records())
    assert thread.conflict


def test_the_command_says_what_it_left_out(two_laptops, capsys):
    """Exit code 1 and the line; a file that is not there is a sentence"""
    file = two_laptops / "x"
    file.write_bytes(with_line(changed(rating="9"), OTHER))
    assert run("--merge", file, "--store", two_laptops / "a") == 1
    assert "line 3: not_a_record rating" in capsys.readouterr().out
    assert run("--merge", two_laptops / "none", "--store", two_laptops / "a") == 2


def test_a_parcel_holds_no_observation(two_laptops):
    """A release as one file is the release alone; observations have a file of their own"""
    file = two_laptops / "cell.waypost"
    parcel.write(Store(two_laptops / "a").latest(), file)
    with zipfile.ZipFile(file) as packed:
        assert all(b"wells" not in packed.read(name) for name in packed.namelist())


def test_retention_and_sweeping_leave_observations_alone(two_laptops):
    """Releases go and files of killed runs too; the same records stay"""
    store = two_laptops / "a"
    before = journal(store).records()
    published(store, *range(2, 6))
    later = datetime.now(UTC) + timedelta(days=90)
    done = retention.retain(Store(store), retention.Rules(1, 1, timedelta(0)), later)
    assert done.retired
    retention.retain(Store(store), retention.Rules(1, 1, timedelta(0)), later + timedelta(days=2))
    assert journal(store).records() == before


def test_the_doctor_names_a_damaged_observation(two_laptops):
    """Damage, the file, and where to get it back: another laptop's merge mends it"""
    store = Store(two_laptops / "a")
    assert doctor.examine(store, datetime.now(UTC)).exit_code == 0
    file = two_laptops / "a" / "assessments" / f"{FIRST.id}.json"
    file.write_bytes(file.read_bytes()[:40])
    report = doctor.examine(store, datetime.now(UTC))
    assert report.exit_code == 2
    assert [f.where for f in report.findings] == [f"assessments/{FIRST.id}.json"]
    assert journal(two_laptops / "a").merge(journal(two_laptops / "b").records()) == 2
    assert doctor.examine(store, datetime.now(UTC)).exit_code == 0
