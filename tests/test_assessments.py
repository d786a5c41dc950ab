"""Observations: nothing lost, merged as sets, conflicts seen by all, personal data kept out."""

import multiprocessing
import os
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import disk
from geo_data.assessments import history
from geo_data.assessments.record import PlaceKind, broken_rule, checked, shown
from geo_data.errors import NotForAudience, ObservationRefused, StoreFull
from geo_data.vocabulary import Audience, Component, Rating
from tests.observed import AT, edited, journal, killed, observation

FIRST = observation()


@st.composite
def sets_of_records(draw):
    "Observations of two places with edits, withdrawals and resolutions, in an order of their own."
    made = []
    for number in range(draw(st.integers(1, 12))):
        code = draw(st.sampled_from(["XLY01", "XLY02"]))
        older = draw(st.lists(st.sampled_from(made), max_size=2)) if made else []
        taken = {"place_code": code, "withdrawn": bool(older) and draw(st.booleans())}
        text = f"seen {draw(st.integers(0, 3))}"
        made.append(
            edited(*older, evidence=text, later_s=number, **taken)
            if older else observation(text, recorded_at=AT + timedelta(seconds=number), **taken)
        )  # fmt: skip
    return made


@settings(max_examples=60)
@given(sets_of_records(), st.randoms())
def test_what_is_seen_depends_on_the_set_alone(records, random):
    """Any order, any repeats, any halves merged either way: the same threads"""
    expected = history.threads(records)
    mixed = [*records, *random.sample(records, len(records) // 2)]
    random.shuffle(mixed)
    assert history.threads(mixed) == expected
    shown_ids = [r.id for t in expected for r in (*t.heads, *t.past)]
    assert sorted(shown_ids) == sorted({r.id for r in records})
    assert all(thread.heads for thread in expected)


@settings(max_examples=12)
@given(sets_of_records(), st.integers(1, 2**30))
def test_merging_is_a_union(tmp_path_factory, records, seed):
    """Idempotent, commutative, associative: three laptops end with the same files"""
    parts = [[r for n, r in enumerate(records) if seed >> (n + 5 * k) & 1] for k in range(3)]
    orders = [(0, 1, 2), (2, 0, 1), (1, 2, 0, 0, 1)]
    ends = []
    for order in orders:
        laptop = journal(tmp_path_factory.mktemp("laptop"))
        for part in order:
            laptop.merge(parts[part])
        ends.append({record.id for record in laptop.records()})
    assert ends == [{record.id for part in parts for record in part}] * 3


def test_two_different_edits_are_a_conflict_until_both_are_superseded():
    """Both are shown; a record in place of both ends it; nothing leaves the history"""
    here = edited(FIRST, evidence="Three of five wells are dry")
    there = edited(FIRST, evidence="All wells work again", later_s=90)
    (thread,) = history.threads([FIRST, here, there])
    assert thread.conflict and thread.shown == (there, here)
    last = edited(here, there, evidence="Three wells are dry, two work")
    (thread,) = history.threads([FIRST, here, there, last])
    assert not thread.conflict and thread.heads == (last,)
    assert thread.past == (there, here, FIRST)


def test_the_same_edit_at_two_places_is_no_conflict():
    """Two roles, one statement: shown once"""
    here, there = edited(FIRST, rating=Rating.LOW), edited(FIRST, rating=Rating.LOW, later_s=90)
    (thread,) = history.threads([FIRST, here, there])
    assert len(thread.heads) == 2 and not thread.conflict and thread.shown == (there,)


def test_a_withdrawal_against_an_edit_is_a_conflict():
    """Neither wins in silence; a withdrawal alone leaves its history"""
    gone = edited(FIRST, evidence="was another village", withdrawn=True)
    assert history.threads([FIRST, gone])[0].withdrawn
    assert history.threads([FIRST, gone])[0].past == (FIRST,)
    assert history.threads([FIRST, gone, edited(FIRST, rating=Rating.LOW)])[0].conflict


def test_two_edits_of_a_record_that_is_not_here_are_one_thread():
    """The laptop that has the first version did not come yet"""
    (thread,) = history.threads(
        [edited(FIRST, evidence="now one"), edited(FIRST, evidence="no, 2")]
    )
    assert thread.conflict


def test_a_record_of_another_place_supersedes_nothing():
    """A stranger cannot take back what is said elsewhere"""
    foreign = edited(FIRST, place_code="XLY02", withdrawn=True)
    assert {t.newest.place_code: t.withdrawn for t in history.threads([FIRST, foreign])} == {
        "XLY01": False, "XLY02": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("no_evidence", {"evidence": ""}),
        ("too_long", {"evidence": "a" * 601}),
        ("hidden_letters", {"evidence": "safe \u202e text"}),
        ("hidden_letters", {"evidence": "two\nlines"}),
        ("personal_data", {"evidence": "told by a.b@example.org"}),
        ("personal_data", {"evidence": "call +218 91 123 45 67 for more"}),
        ("personal_data", {"evidence": "tel 0912345678"}),
        ("personal_data", {"evidence": "اتصل ٠٩١٢٣٤٥٦٧٨"}),
        ("personal_data", {"evidence": "Mme Benali says the well is dry"}),
        ("personal_data", {"evidence": "قال السيد محمد ان البئر جافة"}),
        ("personal_data", {"evidence": "passport K1234567 was lost"}),
        ("personal_data", {"evidence": "woman born 12/03/1990, no papers"}),
        ("personal_data", {"evidence": "paid to GB82 WEST 1234 5698 7654 32"}),
        ("place_code", {"place_code": "../XLY01"}),
        ("day", {"date": date(2026, 3, 3)}),
        ("day", {"date": date(1999, 12, 31)}),
        ("device", {"device": "Amal's laptop"}),
        ("recorded_at", {"recorded_at": AT.replace(tzinfo=None)}),
        ("recorded_at", {"recorded_at": AT.replace(microsecond=1)}),
        ("recorded_at", {"recorded_at": AT.replace(year=9999, month=12, day=31)}),
        ("supersedes", {"supersedes": ("x",)}),
        ("supersedes", {"withdrawn": True}),
        ("newer_format", {"format": 2}),
    ],
)
def test_each_rule_by_name(rule, wrong):
    """One good record, one field broken"""
    assert broken_rule(FIRST) == ""
    text = wrong.pop("evidence", FIRST.evidence)
    record = observation(text, **wrong)
    assert broken_rule(record) == rule
    with pytest.raises(ObservationRefused) as said:
        checked(record)
    assert text in ("", FIRST.evidence) or text not in str(said.value)


@pytest.mark.parametrize(
    "text",
    ["12 000 people wait, 3 of 4 wells dry", "Gate closed 05/11/2026 14:00 to 2026-11-06",
     "About +20,000 expected; 40 km of road, EUR 1 500 000 needed", "LY0215 and TN110101 flooded",
     "نحو 1200 شخص ينتظرون", "Le centre de santé n'a plus de médecin", "=1+1 and {{7*7}}"],
)  # fmt: skip
def test_counts_dates_and_codes_are_not_personal(text):
    """What teams write about places goes through"""
    assert broken_rule(observation(shown(text))) == ""


def test_a_record_is_named_by_its_content(tmp_path):
    """The same twice is one; a damaged file is told, not shown, and heals when it comes again"""
    laptop = journal(tmp_path)
    assert laptop.append(FIRST) == laptop.append(FIRST) == FIRST.id
    other = laptop.append(observation(component=Component.CAPACITY))
    file = tmp_path / "assessments" / f"{other}.json"
    file.write_bytes(file.read_bytes().replace(b"wells", b"tanks"))
    assert laptop.damaged() == [file.name]
    laptop.append(observation(component=Component.CAPACITY))
    assert laptop.damaged() == [] and len(laptop.records()) == 2


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.PUBLIC])
def test_others_find_nothing_and_write_nothing(tmp_path, audience):
    """Not the text, not the number, not the device"""
    journal(tmp_path).append(FIRST)
    other = journal(tmp_path, audience)
    assert other.records() == () and other.damaged() == []
    for attempt in (lambda: other.append(FIRST), other.device, lambda: other.merge([FIRST])):
        with pytest.raises(NotForAudience):
            attempt()


def test_a_killed_writer_loses_nothing_acknowledged(tmp_path):
    """Thirty writers killed in the middle: every acknowledged record is whole, none is torn"""
    notes = tmp_path / "notes"
    notes.touch()
    halves = killed(tmp_path, notes, kills=30)
    acknowledged = set(notes.read_text().split("\n")[:-1])
    laptop = journal(tmp_path)
    assert laptop.damaged() == []
    assert acknowledged <= {record.id for record in laptop.records()}
    assert len(acknowledged) > 30 and halves > 0


def test_what_killed_writers_left_goes_after_an_hour(tmp_path):
    """A part of a file is never a record; an old one is swept by the next writer"""
    journal(tmp_path).append(FIRST)
    old, young = (tmp_path / "assessments" / f".{name}.json.x.part" for name in ("old", "young"))
    old.write_bytes(b'{"oper')
    young.write_bytes(b'{"oper')
    os.utime(old, (time.time() - 4000,) * 2)
    journal(tmp_path).append(edited(FIRST, evidence="now one"))
    assert young.exists() and not old.exists()
    assert len(journal(tmp_path).records()) == 2


def writes(folder, start):
    for number in range(start, start + 40):
        journal(folder).append(observation(f"count of round {number % 60}"))


def test_three_writers_at_once(tmp_path):
    """Forty records each, half of them the same: their union, sixty, all whole"""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=writes, args=(tmp_path, start)) for start in (0, 20, 40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(journal(tmp_path).records()) == 60 and journal(tmp_path).damaged() == []


def test_a_full_disk_is_said_and_harms_nothing(tmp_path, monkeypatch):
    """The sentence names the disk; what was there is there"""
    laptop = journal(tmp_path)
    laptop.append(FIRST)

    def full(file, data, settled=True):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "created", full)
    with pytest.raises(StoreFull):
        laptop.append(edited(FIRST, evidence="now one"))
    assert laptop.records() == (FIRST,)


def test_the_device_is_a_number_of_the_store(tmp_path):
    """The same every time, another elsewhere, and nothing about a person"""
    one, other = journal(tmp_path / "a"), journal(tmp_path / "b")
    assert one.device() == one.device() != other.device()
    assert broken_rule(observation(device=one.device(), place_kind=PlaceKind.CROSSING)) == ""
