"""Columns about people are found by name, tag and content; others are left alone."""

import pandas as pd
import pytest

from etl import personal


@pytest.mark.parametrize(
    "header",
    ["Contact Name", "contact_person", "Personne de contact", "Téléphone", "phone", "Tel", "e-mail",
     "E_MAIL_ADDRESS", "createby", "created_by", "Modified By", "osm_user", "user", "Observation",
     "Commentaires", "passport no", "Numéro de passeport", "date of birth", "Nombre completo",
     "Correo electrónico", "Cognome", "رقم الهاتف", "البريد الإلكتروني", "ملاحظات", "Focal point",
     "biometricId", "focalPoint", "_submitted_by"],
)  # fmt: skip
def test_personal_headers(header):
    """In five languages, in any spelling."""
    assert personal.named_personal(header)


@pytest.mark.parametrize(
    "header",
    ["Partner", "name", "Facility name", "Organisation", "Path", "Mobile clinics",
     "Cliniques mobiles",
     "Number of phone consultations", "created", "createdate", "Users reached", "Mailing area",
     "URL", "Personnes", "People", "Country", "commune", "Telemetry", "No. Male", "adjusted_vars",
     "NAME_EN", "iris2"],
)  # fmt: skip
def test_other_headers(header):
    """Places, organisations, counts and links are not personal."""
    assert not personal.named_personal(header)


def found(values, name="x", hxl=None):
    table = pd.DataFrame({name: pd.Series(values, dtype="str")})
    return personal.columns(table, [name], hxl or {})


def test_addresses_in_values():
    """One address among forty short cells is enough."""
    assert found(["Sirt"] * 39 + ["write to a.b@example.org"]) == {"x": "e-mail addresses in it"}


def test_phone_numbers_in_values():
    """International and grouped national numbers."""
    assert found(["+218 91 123 4567", "00216 71 123 456", "Sirt", None])


@pytest.mark.parametrize(
    "values",
    [["5630696722", "2452934135"], ["2023-01-31", "2022-12-01"], ["01-02-2020", "02-02-2020"],
     ["13.0590", "-0.2500"], ["0021", "0022"], ["https://perma.cc/C936-8SNV"] * 3,
     ["long text " * 30 + "help@example.org"] * 3],
)  # fmt: skip
def test_numbers_dates_and_prose_are_no_contacts(values):
    """Long ids, dates, positions, links and articles with a public address stay."""
    assert found(values) == {}


def test_contact_tags():
    """The tag decides whatever the header says."""
    assert found(["a"], name="Nom", hxl={"#contact+name": "Nom"}) == {"Nom": "its tag"}
    assert found(["a"], name="Nom", hxl={"#org+name": "Nom"}) == {}
