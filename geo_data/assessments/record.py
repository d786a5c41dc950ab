"""One observation: what a role saw of one component at one place, on what evidence, how surely.

A record is named by its content and never changes. An edit is a new record that supersedes others,
and so is a withdrawal.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from geo_data import personal
from geo_data.errors import ObservationRefused
from geo_data.vocabulary import Component, Confidence, Rating, Role
from geo_data.words import N_, Phrase

FORMAT = 1
MOST_LETTERS = 600
MOST_SUPERSEDED = 50
FIRST_DAY = date(2000, 1, 1)
NAMED = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[A-Za-z0-9._:~-]{1,60}")
DEVICE = re.compile(r"[0-9a-f]{8}")


class PlaceKind(StrEnum):
    """What an observation is about."""

    AREA = "area"
    CROSSING = "crossing"


class Observation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One record.

    Attributes
    ----------
    operation : str
        Key of the operation.
    place_kind, place_code : PlaceKind, str
        An area by its P-code, a crossing by its ``place_id``.
    component, rating, confidence, role
        Words of closed lists.
    evidence : str
        One line, at most 600 letters; of a withdrawal, why.
    date : date
        When it was observed.
    device : str
        Random number of the store it was recorded in; says nothing about a person.
    recorded_at : datetime
        UTC, whole seconds.
    supersedes : tuple of str
        Ids of the records in whose place this one stands, ascending.
    withdrawn : bool
        Whether it takes back what it supersedes and puts nothing in its place.
    format : int
    """

    operation: str
    place_kind: PlaceKind
    place_code: str
    component: Component
    rating: Rating
    evidence: str
    date: date
    confidence: Confidence
    role: Role
    device: str
    recorded_at: datetime
    supersedes: tuple[str, ...] = ()
    withdrawn: bool = False
    format: int = FORMAT

    @property
    def id(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.encoded()).hexdigest()

    @property
    def place(self) -> tuple[str, str]:
        """Kind and code of the place."""
        return str(self.place_kind), self.place_code

    def encoded(self) -> bytes:
        """The record as it lies in its file."""
        return msgspec.json.encode(self)


# name: expected, advice
RULES: dict[str, tuple[str, str]] = {
    "newer_format": (N_("a record of this Waypost"), N_("Install the newer version.")),
    "place_code": (
        N_("the code of an area or a crossing"),
        N_("Choose the place from the list."),
    ),
    "no_evidence": (
        N_("a sentence of evidence"),
        N_("Say what was seen, counted or told, so that others can check it."),
    ),
    "too_long": (
        Phrase("at most {n} letters of evidence", n=MOST_LETTERS),
        N_("Say it shorter; long reports belong elsewhere."),
    ),
    "hidden_letters": (
        N_("one line without letters that cannot be seen"),
        N_("Type the evidence anew."),
    ),
    "personal_data": (
        N_("nothing about a person"),
        N_("Leave out names, telephone numbers, addresses and numbers of documents."),
    ),
    "day": (
        N_("a day that is not in the future, and not before 2000"),
        N_("Correct the date, or the clock of the laptop."),
    ),
    "device": (N_("eight letters or digits"), N_("Export again from the laptop it comes from.")),
    "recorded_at": (
        N_("a moment in UTC, to the second"),
        N_("Export again from the laptop it comes from."),
    ),
    "supersedes": (
        N_("ids of records, each once"),
        N_("Export again from the laptop it comes from."),
    ),
}
COLUMN_OF = {"no_evidence": "evidence", "too_long": "evidence", "hidden_letters": "evidence",
             "personal_data": "evidence", "day": "date", "newer_format": "format"}  # fmt: skip


def broken_rule(record: Observation) -> str:
    """The first rule that a record breaks; empty if none. Looks at the record alone."""
    text, ids = record.evidence, record.supersedes
    ahead = record.date - record.recorded_at.date()
    held = {
        "newer_format": record.format == FORMAT,
        "place_code": bool(CODE.fullmatch(record.place_code) and CODE.fullmatch(record.operation)),
        "no_evidence": record.withdrawn or len(text) >= 3,
        "too_long": len(text) <= MOST_LETTERS,
        "hidden_letters": text == shown(text),
        "personal_data": not personal.signs(text),
        "recorded_at": record.recorded_at.utcoffset() == timedelta(0)
        and record.recorded_at.microsecond == 0
        and 2020 <= record.recorded_at.year <= 2100,
        "day": record.date >= FIRST_DAY and ahead <= timedelta(days=1),
        "device": bool(DEVICE.fullmatch(record.device)),
        "supersedes": len(ids) <= MOST_SUPERSEDED
        and list(ids) == sorted(set(ids))
        and all(NAMED.fullmatch(one) for one in ids)
        and bool(ids or not record.withdrawn),
    }
    return next((rule for rule, fine in held.items() if not fine), "")


def checked(record: Observation) -> Observation:
    """The record, if it breaks no rule.

    Raises
    ------
    ObservationRefused
        With what was expected and what to do; never with the evidence.
    """
    if rule := broken_rule(record):
        expected, advice = RULES[rule]
        said = Phrase("Not recorded: expected {expected}. {advice}", expected=expected,
                      advice=advice)  # fmt: skip
        if rule == "personal_data":
            found = personal.signs(record.evidence)[0]
            said = Phrase("{said} Found: {found}.", said=said, found=found)
        raise ObservationRefused(said)
    return record


def now() -> datetime:
    """The moment of a new record."""
    return datetime.now(UTC).replace(microsecond=0)


def shown(text: str) -> str:
    r"""A text as one line of letters that can be seen.

    >>> shown(" two\n lines\u202e ")
    'two lines'
    """
    seen = "".join(" " if letter.isspace() else letter for letter in text)
    bare = "".join(letter for letter in seen if unicodedata.category(letter)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", bare).split())
