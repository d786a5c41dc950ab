"""Traces of people in a text: addresses, numbers, documents, titles before a name.

What cannot be told are bare names; forms say so where somebody writes.
"""

from __future__ import annotations

import re

from geo_data.words import N_

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?")
PASSPORT_LINE = re.compile(r"[PIAC][A-Z<][A-Z]{3}[A-Z<]{20,40}")
LOOSE_PHONE = re.compile(r"(?<![\w.,])(?:\+|00)\d[\d\s().\-/]{6,18}\d(?![\w.,])")
HIDDEN = "(hidden: looks personal)"

# In prose a number of this form is a telephone or a document: counts have no leading zero, stand in
# groups of three, and are shorter.
_LOCAL_PHONE = re.compile(r"(?<![\w.,])0\d(?:[\s.\-/]?\d){7,9}(?!\w)")
_ANY_PHONE = re.compile(r"(?:\+|(?<!\d)00)\s?\d(?:[\s().\-/]{0,2}\d){6,14}")
_DOCUMENT = re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d{7,9}|\d{8,16})(?!\w)")
_TITLED = re.compile(
    r"(?<!\w)(?:(?:Mr|Mrs|Ms|Miss|Dr|Mme|Mlle|Sr|Sra|Don|Doña|Sheikh|Cheikh|Capt|Col|Lt|Sgt)\.?"
    r"|M\.)\s+[^\W\d_a-z][\w'-]+"
    r"|(?<!\w)(?:السيد|السيدة|الدكتور|الدكتورة|الشيخ|العقيد|النقيب)\s+\w{2,}"
)
_BIRTH = re.compile(
    r"(?<!\w)(?:born(?: on)?|n[ée]e? le|nacid[oa] el|dob|مواليد)\s*:?\s*\d", re.IGNORECASE
)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")  # noqa: RUF001
SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (N_("an e-mail address"), EMAIL), (N_("a phone number"), _ANY_PHONE),
    (N_("a phone number"), _LOCAL_PHONE), (N_("a line of a passport"), PASSPORT_LINE),
    (N_("a number like that of a document"), _DOCUMENT),
    (N_("a title before a name"), _TITLED), (N_("a date of birth"), _BIRTH),
)  # fmt: skip


def masked(text: str) -> str:
    """A text without what in it is certainly personal.

    >>> masked("row of a.b@example.org, +218 91 123 4567")
    'row of (hidden: looks personal), (hidden: looks personal)'
    """
    for pattern in (EMAIL, LOOSE_PHONE, PASSPORT_LINE):
        text = pattern.sub(HIDDEN, text)
    return HIDDEN if is_iban(text) else text


def signs(text: str) -> list[str]:
    """What in a free text looks personal; empty if nothing does.

    >>> signs("Ask Mr Salem, 091 234 5678"), signs("05/11/2026 14:00, 12 000 people, +20,000 soon")
    (['a phone number', 'a title before a name'], [])
    """
    plain = text.translate(_DIGITS)
    undated = plain if _BIRTH.search(plain) else _DATE.sub(";", plain)
    found = [name for name, pattern in SIGNS if pattern.search(undated)]
    if any(is_iban(part[0]) for part in IBAN.finditer(plain)):
        found.append(N_("a bank account"))
    return list(dict.fromkeys(found))


def is_iban(text: str) -> bool:
    """Whether the check digits of a bank account hold (ISO 13616)."""
    plain = text.replace(" ", "")
    if not IBAN.fullmatch(text) or len(plain) < 15:
        return False
    digits = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    return int(digits) % 97 == 1
