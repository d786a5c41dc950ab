"""Collect every text of the app into the catalogues: ``python -m dashboard.catalogue``.

The template ``waypost.pot`` and the catalogues are written anew, sorted by text, so that two
people who add texts seldom touch the same lines. A text that is gone goes, a changed one has to be
translated again: nothing is guessed.
"""

from __future__ import annotations

import string
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import layers
from dashboard.language import FOLDER, NAMES, SOURCE
from geo_data import operations, quantities, vocabulary
from layers.context import scheme
from layers.sar.survivable import Chance

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = FOLDER / "waypost.pot"
CODE = ("geo_data", "layers", "dashboard", "pages")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "Phrase": None, "ngettext": (1, 2)}
START = datetime(2026, 1, 1, tzinfo=UTC)  # a date of today would change every file every time
CLOSED_LISTS: tuple[type[StrEnum], ...] = (
    vocabulary.CrossingStatus, vocabulary.CrossingType, vocabulary.Sector, vocabulary.Medium,
    vocabulary.SiteStatus, vocabulary.Sensor, vocabulary.Sensitivity, quantities.Combine, Chance,
    vocabulary.Component, vocabulary.Rating, vocabulary.Confidence, vocabulary.Role,
)  # fmt: skip


def declared() -> set[str]:
    """Texts of declarations: quantities, layers, closed lists, operations that come with us."""
    measured = (*quantities.BY_COLUMN.values(), *quantities.HEX_QUANTITIES)
    found = {text for quantity in measured for text in (quantity.label, quantity.unit)}
    found |= {quantity.method for quantity in measured}
    found |= {layer.question for layer in (*layers.CATALOGUE, *layers.DERIVED)}
    found |= {text for place in layers.PLACES for text in (place.question, place.title)}
    found |= {word.value for words in CLOSED_LISTS for word in words}
    plan = scheme.load(scheme.BORDER_PRESSURE)
    found |= {*plan.titles().values(), *plan.class_labels, *(rule.title for rule in plan.only)}
    found |= {text for one in plan.indicators for text in (one.unit, one.why)}
    files = [operations.DEMO, *sorted(operations.OPERATIONS.glob("*.toml"))]
    found |= {operations.load(file).title for file in files}
    return found | set(vocabulary.COMMON_WORDS)


def template() -> Catalog:
    """Every text that the app may show."""
    made = _empty(None)
    for folder in CODE:
        for _file, _line, text, *_rest in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS
        ):
            made.add(text)
    for text in sorted(declared()):
        made.add(text)
    for message in made:
        message.flags.discard("python-format")  # a percent sign is one
    return made


def read(code: str) -> Catalog:
    """Catalogue of a language as it is on disk; an empty one if there is none."""
    file = path(code)
    if not file.exists():
        return _empty(code)
    with file.open("rb") as opened:
        return read_po(opened, locale=code)


def _empty(code: str | None) -> Catalog:
    about = f"# {NAMES[code]}: texts of Waypost." if code else "# Texts of Waypost."
    return Catalog(
        locale=code, project="Waypost", version="1", header_comment=about, fuzzy=False,
        last_translator="Waypost", language_team="Waypost", msgid_bugs_address="none",
        creation_date=START, revision_date=START,
    )  # fmt: skip


def path(code: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / code / "LC_MESSAGES" / "waypost.po"


def texts(catalogue: Catalog) -> dict[str, Message]:
    """Messages by their English text, the singular where there are two."""
    named = ((m.id if isinstance(m.id, str) else m.id[0], m) for m in catalogue)
    return {name: message for name, message in named if name}


def forms(message: Message) -> tuple[str, ...]:
    """Translations of a message: one, or one a plural form."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def fields(text: str) -> set[str]:
    """Names of the placeholders of a text.

    >>> sorted(fields("{n} of {all}"))
    ['all', 'n']
    """
    return {name for _text, name, _form, _way in string.Formatter().parse(text) if name}


def write(catalogue: Catalog, file: Path) -> None:
    """Write a catalogue or the template, sorted, without the places that a text comes from."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(
            opened, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True
        )


def renew() -> dict[str, int]:
    """Write template and catalogues; how many texts each language still lacks."""
    wanted = template()
    write(wanted, TEMPLATE)
    missing = {}
    for code in (code for code in NAMES if code != SOURCE):
        catalogue = read(code)
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.revision_date = START
        write(catalogue, path(code))
        missing[code] = sum(not all(forms(m)) for m in texts(catalogue).values())
    return missing


if __name__ == "__main__":
    for language, count in renew().items():
        sys.stdout.write(f"{language}: {count} texts to translate\n")
