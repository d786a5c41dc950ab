"""Columns about people are found by name, tag and content; others are left alone."""

import pandas as pd
import pytest

from etl import personal
from etl.__main__ import main
from etl.places import places
from geo_data.store import Store
from tests.declared import TODAY, operation, raw, source


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


@pytest.mark.parametrize(
    "values",
    [["GB82 WEST 1234 5698 7654 32", "Sirt"], ["P<LBYTESTWOMAN<<AMAL<<<<<<<<<<<<<<<<<<<<<<<<"],
     ["Téléphone", "1", "2"], ["رقم الهاتف", "x"], ['{"full_name": "A", "age": 3}'],
     ['{"person": {"phone_number": "1"}}']],
)  # fmt: skip
def test_signs_in_cells(values):
    """A bank account whose check digits hold, a passport line, a second header row, nested names."""
    assert found(values)


@pytest.mark.parametrize(
    "values",
    [["GB82 WEST 1234 5698 7654 33"], ["LY0101", "LY0102"], ["TCDs002588", "TCDs010066"],
     ['{"name": "Camp", "beds": 3}'], ["2010-01-15", "1990-03-02", "1950-01-01"],
     ["A1234567", "B2345678", "C3456789"]],
)  # fmt: skip
def test_codes_and_days_alone_are_not_people(values):
    """Wrong check digits, area codes, opening days; they tell nothing without company."""
    assert found(values) == {}


def test_weak_signs_count_in_company():
    """Beside a column of names a column of documents or days of birth goes too, unless declared."""
    table = pd.DataFrame(
        {"Full name": ["a", "b", "c"], "N": ["A1234567", "B2345678", "C3456789"],
         "D": ["2010-01-15", "1990-03-02", "1950-01-01"]}, dtype="str",
    )  # fmt: skip
    assert set(personal.columns(table, table.columns, {})) == {"Full name", "N", "D"}
    assert set(personal.columns(table, table.columns, {}, ["D"])) == {"Full name", "N"}
    assert set(personal.doubtful(table, ["N", "D"])) == {"N"}


SECRETS = ("Amal Testwoman", "a.person@example.org", "+218 91 123 4567", "cousin")


@pytest.mark.parametrize(
    "row",
    [
        {"الاسم الكامل": "Amal Testwoman"}, {"Column7": "a.person@example.org"},
        {"lat": "a.person@example.org"}, {"date": "+218 91 123 4567"},
        {"country": "+218 91 123 4567"}, {"Anything": '{"full_name": "Amal Testwoman"}'},
        {"Info": "Amal Testwoman came here with a cousin and " + "then went on and on " * 10},
    ],
)  # fmt: skip
def test_no_way_round_the_door(row):
    """Not in tables, accounts, warnings or quarantine: by Arabic header, content, nested record,
    free text, and what stands by mistake in a column of something else.
    """
    good = {"lat": "32.9", "lon": "13.2", "date": "2024-01-01", "country": "Libya", "n": "x"}
    fine = [good | dict.fromkeys(row.keys() - good) | {"n": f"camp {n}"} for n in range(60)]
    declared = source(
        "sites",
        columns={
            "lat_deg": "lat",
            "lon_deg": "lon",
            "date": "date",
            "country": "country",
            "name": "n",
        },
    )
    gave = places(
        raw([*fine, good | {"n": "y"} | row]),
        declared,
        operation(),
        today=TODAY,
    )
    said = [
        *(t.to_csv() for t in gave.tables.values()),
        gave.quarantine.to_csv(),
        str(gave.warnings),
    ]
    for secret in SECRETS:
        assert secret not in "".join(said)


def test_rows_apart_by_personal_columns_only_are_kept():
    """Two people may have all else in common."""
    rows = [{"n": "x", "lat": "32.9", "lon": "13.2", "Full name": name} for name in ("a", "b", "b")]
    declared = source("crossings", columns={"lat_deg": "lat", "lon_deg": "lon", "name": "n"})
    gave = places(raw(rows), declared, operation(), today=TODAY)
    assert (gave.accepted, gave.reasons()) == (2, {"repeated_row": 1})


def test_a_whole_run_leaves_no_trace(tmp_path, caplog, capsys):
    """Names of files, logs, messages and the manifest; a header that is a row of people."""
    data = tmp_path / "data"
    data.mkdir()
    head = "name,lat,lon,Phone\n"
    (data / "b.person@example.org.csv").write_text(head + "x,33,12,+218 91 123 4567\n")
    (data / "bare.csv").write_text("Amal Testwoman,1990-01-15,+218 91 123 4567\n" * 2)
    operation = tmp_path / "o.toml"
    operation.write_text(
        'key = "o"\ntitle = "O"\narea = [10.0, 30.0, 15.0, 35.0]\nresolution = 5\ncountries = ["LBY"]\n'
        + "".join(
            f'[[source]]\nkey = "{key}"\ntitle = "T"\nowner = "o"\nlicence = "l"\njob = "landmarks"\n'
            f'path = "{path}"\nread = {{ format = "delimited" }}\nconstants = {{ landmark_type = "x" }}\n'
            'columns = { name = "name", lat_deg = "lat", lon_deg = "lon" }\n'
            for key, path in (("a", "b*.org.csv"), ("b", "bare.csv"))
        )
    )
    with caplog.at_level("DEBUG"):
        code = main(
            ["run", str(operation), "--data", str(data), "--store", str(tmp_path / "s"), "--plain"]
        )
    shown = capsys.readouterr()
    assert code == 1
    release = Store(tmp_path / "s").latest()
    said = caplog.text + shown.out + shown.err + str(release.manifest)
    said += "".join(release.table(name).to_pandas().to_csv() for name in release.tables)
    for secret in ("Testwoman", "example.org", "123 4567"):
        assert secret not in said
