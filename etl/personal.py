"""Columns that hold people rather than places: found by header, tag or content, and left out.

They are dropped before anything else reads the table and named in the account, never quoted.

What is reliable: headers in five languages, also in a second header row; tags; e-mail addresses,
phone numbers, bank accounts and the machine-readable lines of passports in the cells. Numbers of
documents and dates of birth look like codes and dates of anything else, so they count only beside
another sign of people. What cannot be told: names of people, and positions of their homes, under a
header that says nothing. They stay out because columns that nobody declared never enter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from etl import synonyms
from geo_data.personal import EMAIL, IBAN, PASSPORT_LINE, is_iban, masked


def _listed(text: str) -> frozenset[str]:
    return frozenset(synonyms.plain(phrase) for phrase in text.split(","))


# A header is personal if it is one of these as a whole ...
WHOLE = _listed("""
    user, username, user name, uid, mobile, tel, fax, owner name, full name, nom complet,
    nombre completo, nome completo, first name, last name, prenom, prenoms, surname, apellido,
    apellidos, cognome, dob, cin, nni, author, editor, enumerator, enqueteur, interviewer,
    responsable, respondent, referente, submitted by, creator, الاسم الكامل, اسم الشخص, الاسم
    واللقب, deviceid, device id, subscriberid, simserial, simid, imei, phonenumber, signature,
    photo, selfie, iban, bank account, given name, family name, middle name, father name,
    mother name, nom de famille, nom du pere, nom de la mere, nom et prenom, nom prenom,
    nombre del padre, nome e cognome, patronyme, head of household, chef de menage, household
    gps, home address, domicile, case number, alias, الاسم الاول, اسم الاب, اسم الام, اسم
    العائله, اللقب, توقيع, صوره, رقم القضيه, عنوان السكن
    """)
# ... or if these words stand in it side by side.
PHRASES = _listed("""
    contact, contacts, contacto, contactos, contatto, contatti, phone, phones, telephone,
    telefono, telefoni, cellulare, whatsapp, skype, email, emails, e mail, mail, courriel,
    correo, posta elettronica, mobile number, mobile phone, tel number, phone number, focal
    point, point focal, punto focal, punto focale, personne de contact, passport, passeport,
    pasaporte, passaporto, national id, id card, document number, numero de document, carte d
    identite, biometric, biometrique, fingerprint, empreinte, huella, impronte, iris scan,
    date of birth, birth date, date de naissance, fecha de nacimiento, data di nascita, osm
    user, user name, passport no, passport number, unhcr id, proges id, registration card,
    travel document, visa number, رقم جواز السفر, رقم الوثيقه, رقم البطاقه, بطاقه الهويه,
    الهويه, free text, notes, narrative, createby, created by, create by, cree par, modifyby,
    modified by, modifie par, updated by, edited by, last edited user, submitted by, entered
    by, saisi par, respondent name, enumerator name, comment, comments, commentaire,
    commentaires, comentario, comentarios, commento, commenti, remark, remarks, remarque,
    remarques, observation, observations, observaciones, osservazioni, هاتف, الهاتف, رقم
    الهاتف, جوال, الجوال, موبايل, البريد, ايميل, جهة الاتصال, مسؤول الاتصال, اسم المسؤول, رقم
    الهوية, جواز, جواز السفر, بصمة, تاريخ الميلاد, ملاحظات, تعليق, تعليقات
    """)
# "No. of phone consultations" counts; it does not name.
COUNTING = frozenset({"number of", "no of", "nombre de", "count", "total"})
TAGS = ("#contact", "#meta+enumerator", "#meta+contact", "#respondee", "#person", "#indicator+name")
TAG_WORDS = frozenset(
    "email phone tel passport fingerprint biometric birthdate dob person household_head".split()  # noqa: SIM905
)
PHONE = re.compile(r"(?:\+|00)\d[\d\s().\-/]{6,18}\d|0\d(?:[\s.\-/]\d{2,4}){3,5}")
DOCUMENT = re.compile(r"[A-Z]{1,2}\d{7,8}|\d{11,14}")
DAY = re.compile(
    r"(19[2-9]\d|20[0-2]\d)-\d{2}-\d{2}.*|\d{1,2}[/.-]\d{1,2}[/.-](19[2-9]\d|20[0-2]\d)"
)
EMAIL_SHARE, PHONE_SHARE = 0.02, 0.2
WEAK_SHARE, BIRTH_YEARS_SPAN = 0.6, 20
# Whole articles may cite a public help line; a cell this long is not a contact column.
PROSE_LETTERS = 200
PROSE_WORDS, PROSE_SHARE = 20, 0.2
# Of longer columns evenly spread cells are looked at: what counts is a share of them.
MOST_CELLS = 50_000
# Where a second header row, or one of tags, may stand among the first rows of a table.
HEADER_ROWS = 3
NESTED_CELLS = 100
NESTED_KEY = re.compile(r'"([^"]{1,60})"\s*:')
DOCUMENTS = "numbers like those of documents in it"


def columns(
    table: pd.DataFrame, names: Iterable[str], hxl: Mapping[str, str],
    trusted: Collection[str] = (),
) -> dict[str, str]:  # fmt: skip
    """Personal columns and why each is taken for one.

    Parameters
    ----------
    table : DataFrame of text
    names : iterable of str
        Columns to look at.
    hxl : mapping
        Normalised tag to column.
    trusted : collection of str
        Columns that somebody declared as codes or days of something else: only sure signs count.

    Returns
    -------
    dict
        Column to reason, such as "its name", "its tag" or "phone numbers in it".
    """
    names = list(names)
    tagged = {name for tag, name in hxl.items() if _personal_tag(tag)}
    reasons = {name: _reason(name, table[name], name in tagged) for name in names}
    found = {name: reason for name, reason in reasons.items() if reason}
    if found:
        weak = {name: _weak_reason(table[name]) for name in names if name not in {*found, *trusted}}
        found |= {name: reason for name, reason in weak.items() if reason}
    return {name: found[name] for name in names if name in found}


def doubtful(table: pd.DataFrame, names: Iterable[str]) -> dict[str, str]:
    """Columns that may be personal and are kept, because nothing else in the table is."""
    reasons = {name: _weak_reason(table[name]) for name in names}
    return {name: reason for name, reason in reasons.items() if reason == DOCUMENTS}


def prose(texts: pd.Series) -> bool:
    """Whether a column holds free text: a good part of its cells are sentences."""
    filled = _sample(texts)
    long = filled[filled.str.len() > PROSE_WORDS * 3]
    words = long.str.count(r"[^\W\d_]{2,}")
    return len(filled) > 0 and (words >= PROSE_WORDS).sum() >= max(1, PROSE_SHARE * len(filled))


def shown_names(names: Iterable[str]) -> list[str]:
    """Headers that can be quoted: where the first row of data was taken for them, none can.

    >>> shown_names(["Amal S.", "+218 91 123 4567"]), shown_names(["Site", "Phone"])
    (['column 1', 'column 2'], ['Site', 'Phone'])
    """
    names = list(names)
    if any(masked(name) != name or DAY.fullmatch(name) for name in names):
        return [f"column {number}" for number in range(1, len(names) + 1)]
    return names


def named_personal(header: str) -> bool:
    """Whether a header in one of five languages announces personal data.

    >>> [named_personal(h) for h in ("Personne de contact", "createBy", "Partner")]
    [True, True, False]
    """
    words = _words(header)
    if any(words.startswith(start) for start in COUNTING):
        return False
    padded = f" {words} "
    return words in WHOLE or any(f" {phrase} " in padded for phrase in PHRASES)


def _personal_tag(tag: str) -> bool:
    return tag.startswith(TAGS) or bool(TAG_WORDS.intersection(tag.lstrip("#").split("+")))


def _reason(name: str, texts: pd.Series, tagged: bool) -> str | None:
    if named_personal(name):
        return "its name"
    if tagged:
        return "its tag"
    if any(_words(cell) in WHOLE | PHRASES for cell in texts.head(HEADER_ROWS).dropna()):
        return "its name in a second header row"
    if any(named_personal(key) for key in _nested_keys(texts)):
        return "a name inside its records"
    filled = _sample(texts)
    short = filled[filled.str.len() <= PROSE_LETTERS]
    if not len(short):
        return None
    if _with(short, "@").str.contains(EMAIL).sum() >= max(1, EMAIL_SHARE * len(filled)):
        return "e-mail addresses in it"
    called = short[short.str.startswith(("+", "0"))]
    if called.str.fullmatch(PHONE).sum() >= max(2, PHONE_SHARE * len(filled)):
        return "phone numbers in it"
    if _with(short, "<<").str.contains(PASSPORT_LINE).any():
        return "lines of passports in it"
    if any(is_iban(text) for text in short[short.str.fullmatch(IBAN).fillna(False)]):
        return "bank accounts in it"
    return None


def _sample(texts: pd.Series) -> pd.Series:
    filled = texts.dropna()
    return filled.iloc[:: 1 + len(filled) // MOST_CELLS]


def _nested_keys(texts: pd.Series) -> set[str]:
    """Names of values inside cells that hold JSON records."""
    nested = _with(texts.dropna(), '":').head(NESTED_CELLS)
    return {key for cell in nested for key in NESTED_KEY.findall(cell)}


def _with(texts: pd.Series, letters: str) -> pd.Series:
    return texts[texts.str.contains(letters, regex=False)]


def _weak_reason(texts: pd.Series) -> str | None:
    filled = _sample(texts)
    enough = max(2, WEAK_SHARE * len(filled))
    if filled.str.fullmatch(DOCUMENT).sum() >= enough and filled.is_unique:
        return DOCUMENTS
    if filled.str.fullmatch(DAY).sum() >= enough:
        years = filled.str.extract(r"(\d{4})")[0].dropna().astype("int64")
        if years.quantile(0.95) - years.quantile(0.05) >= BIRTH_YEARS_SPAN:
            return "days over many years, like those of birth, in it"
    return None


def _words(header: str) -> str:
    return synonyms.plain(header)
