"""The language of a page: texts by gettext, numbers and dates by locale, right to left isolated.

The catalogues ``locale/*/LC_MESSAGES/waypost.po`` are read once, as they are. A text stands in the
code in English inside ``_("...")``; a plural inside ``ngettext("...", "...", n)``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

import streamlit as st
from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo_data.words import Number, Phrase

SOURCE = "en"
NAMES = {"en": "English", "fr": "Français", "ar": "العربية", "es": "Español"}
# The day stands before the month. Arabic has Western digits: see docs/translating.md.
LOCALES = {"en": "en_001", "fr": "fr", "ar": "ar", "es": "es"}
RIGHT_TO_LEFT = frozenset({"ar"})
FOLDER = Path(__file__).parent / "locale"
KEY = "lang"
ISOLATE, LTR_ISOLATE, POP = "\u2068", "\u2066", "\u2069"
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def current() -> str:
    """Language of this run: of the session, or of the route that answers; English elsewhere."""
    if _spoken.get():
        return _spoken.get()
    running = get_script_run_ctx(suppress_warning=True) is not None
    return str(st.session_state.get(KEY, SOURCE)) if running else SOURCE


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak a language where no session does, for instance in a route; KeyError if unknown."""
    token = _spoken.set(code if code in NAMES else NAMES[code])
    try:
        yield
    finally:
        _spoken.reset(token)


def right_to_left() -> bool:
    """Whether the page is read from the right."""
    return current() in RIGHT_TO_LEFT


def _(text: str, /, **values: object) -> str:
    """A text in the language of this run; ``{name}`` stands for a value.

    Numbers are written as the language writes them, phrases are translated, other values are
    taken as they are: names, and texts that went through ``_`` themselves.

    >>> _("{n} of {all} sources late", n=2, all=1200)
    '2 of 1,200 sources late'
    """
    if isinstance(text, Number):
        return _number(text)
    if isinstance(text, Phrase):
        said = {name: _isolated(_word(value)) for name, value in text.values.items()}
        return _catalogue(current()).gettext(text.template).format(**said)
    found = _catalogue(current()).gettext(text) if text else ""
    return found.format(**_filled(values)) if values else found


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The form of a text that goes with a number, which is ``{n}`` in it.

    >>> ngettext("{n} failed", "{n} failed", 3)
    '3 failed'
    """
    found = _catalogue(current()).ngettext(one, many, n)
    return found.format(**_filled({"n": n, **values}))


def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it, never turned round by the text that it stands in.

    >>> number(-1234.5, 1), number(-0.04, 1)
    ('-1,234.5', '0.0')
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    said = numbers.format_decimal(_whole(value, decimals), format=pattern, locale=_locale())
    return _left_to_right(said)


def percent(share: float, decimals: int = 0) -> str:
    """A share, 1 being all, as percent.

    >>> percent(0.125, 1), percent(-0.0001)
    ('12.5%', '0%')
    """
    pattern = numbers.Locale.parse(_locale()).percent_formats[None].pattern
    pattern = pattern.replace("#,##0", "#,##0" + ("." + "0" * decimals if decimals else ""))
    said = numbers.format_percent(_whole(share, decimals + 2), format=pattern, locale=_locale())
    return _left_to_right(said)


def _whole(value: float, decimals: int) -> float:
    """The value itself, or 0 if that is what it would be written as: nothing has no sign."""
    return value if abs(value) >= 0.5 * 10.0**-decimals or value != value else 0.0


def day(value: date) -> str:
    """A date with the month in letters, so that nobody swaps it with the day.

    >>> day(date(2026, 11, 20))
    '20 Nov 2026'
    """
    return _isolated(dates.format_skeleton("yMMMd", value, locale=_locale()))


def moment(value: datetime) -> str:
    """A date and a time of day, UTC.

    >>> moment(datetime(2026, 11, 20, 8, 5))
    '20 Nov 2026, 08:05 UTC'
    """
    return f"{day(value)}{_comma()} {_left_to_right(f'{value:%H:%M}')} UTC"


def span(length: timedelta, ago: bool = False) -> str:
    """A length of time in the largest unit of which there are two, in words.

    >>> span(timedelta(hours=30)), span(timedelta(minutes=5), ago=True)
    ('30 hours', '5 minutes ago')
    """
    length = -length if ago else length
    return dates.format_timedelta(length, threshold=2, add_direction=ago, locale=_locale())


def listed(parts: list[str]) -> str:
    """Several texts in a row, with the comma of the language."""
    return f"{_comma()} ".join(parts)


def word(value: object) -> str:
    """A word of a closed list or a common one of registers; anything else stays what it is."""
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _filled({"n": value})["n"]
    return _(value if isinstance(value, str) else str(value))


def _number(value: Number) -> str:
    bare = value.removesuffix("%")
    decimals = len(bare.partition(".")[2])
    return (percent if value.endswith("%") else number)(value.value, decimals)


def _filled(values: dict[str, object]) -> dict[str, str]:
    return {name: _isolated(_value(value)) for name, value in values.items()}


def _value(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(Number(value))
    return _(value) if isinstance(value, Phrase | Number) else str(value)


def _isolated(text: str) -> str:
    """A value whose own direction must not stir the sentence around it."""
    if not right_to_left() or not text or text[0] in (ISOLATE, LTR_ISOLATE):
        return text
    return f"{ISOLATE}{text}{POP}"


def _left_to_right(text: str) -> str:
    return f"{LTR_ISOLATE}{text}{POP}" if right_to_left() else text


def _comma() -> str:
    return "،" if right_to_left() else ","


def _locale() -> str:
    return LOCALES[current()]


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    with (FOLDER / code / "LC_MESSAGES" / "waypost.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def choose() -> None:
    """Ask for the language in the head of the page; the link holds it, else the browser says it."""
    if KEY not in st.session_state:
        asked = st.query_params.get(KEY, "")
        st.session_state[KEY] = asked if asked in NAMES else _of_browser()
    with st.container(key="language"):
        st.selectbox(
            _("Language"), list(NAMES), key=KEY, format_func=NAMES.__getitem__,
            label_visibility="collapsed", on_change=_to_link,
        )  # fmt: skip
    # Nonsense in the link stays until the page has said that it ignores it.
    if st.query_params.get(KEY, "") in ("", *NAMES):
        _to_link()


def _to_link() -> None:
    if st.query_params.get(KEY) != current():
        st.query_params[KEY] = current()


def _of_browser() -> str:
    code = (st.context.locale or "").partition("-")[0].lower()
    return code if code in NAMES else SOURCE
