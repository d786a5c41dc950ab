"""Columns that hold people rather than places: found by header, tag or content, and left out.

They are dropped before anything else reads the table and named in the account, never quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd


def _listed(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


# A header is personal if it is one of these as a whole ...
WHOLE = _listed("""
    user, username, user name, uid, mobile, tel, fax, owner name, full name, nom complet,
    nombre completo, nome completo, first name, last name, prenom, prenoms, surname, apellido,
    apellidos, cognome, dob, cin, nni, author, editor, enumerator, enqueteur, interviewer,
    responsable, respondent, referente, submitted by, creator, الاسم الكامل, اسم الشخص, الاسم واللقب
    """)
# ... or if these words stand in it side by side.
PHRASES = _listed("""
    contact, contacts, contacto, contactos, contatto, contatti, phone, phones, telephone, telefono,
    telefoni, cellulare, whatsapp, skype, email, emails, e mail, mail, courriel, correo,
    posta elettronica, mobile number, mobile phone, tel number, phone number, focal point,
    point focal, punto focal, punto focale, personne de contact, passport, passeport, pasaporte,
    passaporto, national id, id card, document number, numero de document, carte d identite,
    biometric, biometrique, fingerprint, empreinte, huella, impronte, iris scan, date of birth,
    birth date, date de naissance, fecha de nacimiento, data di nascita, osm user, user name,
    createby, created by, create by, cree par, modifyby, modified by, modifie par, updated by,
    edited by, last edited user, submitted by, entered by, saisi par, respondent name,
    enumerator name, comment, comments, commentaire, commentaires, comentario, comentarios,
    commento, commenti, remark, remarks, remarque, remarques, observation, observations,
    observaciones, osservazioni, هاتف, الهاتف, رقم الهاتف, جوال, الجوال, موبايل, البريد, ايميل,
    جهة الاتصال, مسؤول الاتصال, اسم المسؤول, رقم الهوية, جواز, جواز السفر, بصمة, تاريخ الميلاد,
    ملاحظات, تعليق, تعليقات
    """)
# "No. of phone consultations" counts; it does not name.
COUNTING = frozenset({"number of", "no of", "nombre de", "count", "total"})
TAGS = ("#contact", "#meta+enumerator", "#meta+contact")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?:\+|00)\d[\d\s().\-/]{6,18}\d|0\d(?:[\s.\-/]\d{2,4}){3,5}")
EMAIL_SHARE, PHONE_SHARE = 0.02, 0.2
# Whole articles may cite a public help line; a cell this long is not a contact column.
PROSE_LETTERS = 200


def columns(table: pd.DataFrame, names: Iterable[str], hxl: Mapping[str, str]) -> dict[str, str]:
    """Personal columns and why each is taken for one.

    Parameters
    ----------
    table : DataFrame of text
    names : iterable of str
        Columns to look at.
    hxl : mapping
        Normalised tag to column.

    Returns
    -------
    dict
        Column to reason: "its name", "its tag", "e-mail addresses in it" or "phone numbers in it".
    """
    tagged = {name for tag, name in hxl.items() if tag.startswith(TAGS)}
    reasons = {name: _reason(name, table[name], name in tagged) for name in names}
    return {name: reason for name, reason in reasons.items() if reason}


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


def _reason(name: str, texts: pd.Series, tagged: bool) -> str | None:
    if named_personal(name):
        return "its name"
    if tagged:
        return "its tag"
    filled = texts.dropna()
    short = filled[filled.str.len() <= PROSE_LETTERS]
    if not len(short):
        return None
    mailed = short[short.str.contains("@", regex=False)]
    if mailed.str.contains(EMAIL).sum() >= max(1, EMAIL_SHARE * len(filled)):
        return "e-mail addresses in it"
    called = short[short.str.startswith(("+", "0"))]
    if called.str.fullmatch(PHONE).sum() >= max(2, PHONE_SHARE * len(filled)):
        return "phone numbers in it"
    return None


def _words(header: str) -> str:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    plain = unicodedata.normalize("NFKD", split).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", letters))
