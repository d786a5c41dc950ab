"""Headers in five languages and in any spelling, tags before headers, nothing silently."""

import pytest

from etl import synonyms, words
from etl.places import places
from geo_data.errors import SourceUnreadable
from tests.declared import TODAY, operation, raw, source


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Latitude", "lat_deg"), ("LATITUD", "lat_deg"), ("latitudine", "lat_deg"),
        ("خط العرض", "lat_deg"), ("خَطُّ العَرض", "lat_deg"), ("خـــط العرض", "lat_deg"),
        ("Départ_Longitude", "lon_deg"), ("Coordonnées GPS", "position"),
        ("إحداثيات", "position"), ("احداثيات", "position"), ("Pays", "country"),
        ("Fecha del incidente", "date"), ("تاريخ الحادث", "date"), ("Secteur", "sector"),
        ("اسم المنظمه", "organisation"), ("Nº de muertos", None), ("Muertos", "dead_people"),
        ("عدد المفقودين", "missing_people"), ("incidentDate", "date"), ("Nazionalità", "nationality"),
        ("Sexe", "sex"), ("الجنسية", "nationality"),
    ],
)  # fmt: skip
def test_headers(header, field):
    """Case, accents, punctuation, capitals inside, vowel marks and letter variants make no difference."""
    found = [name for name in synonyms.HEADERS if synonyms.headed(name, [header])]
    assert (field in found) if field else not found


def test_a_tag_beats_a_header():
    """Of two columns the tagged one is meant; more attributes than asked make it less so."""
    hxl = {"#geo+lat": "Y2", "#org+impl+name": "Partner"}
    assert synonyms.tagged("lat_deg", hxl) == "Y2"
    assert synonyms.tagged("organisation", hxl) == "Partner"
    assert synonyms.tagged("sector", hxl) is None


def test_known_words():
    """A code word has one meaning or none."""
    assert words.meaning("sector", "Securité Alimentaire") == "food security"
    assert words.meaning("crossing_type", "Aéroport") == "air"
    assert words.meaning("sex", "أنثى") == "female"
    assert words.meaning("status", "perhaps") is None


ROW = {"Site": "A", "Latitud": "32.9", "Longitud": "13.2"}


def test_a_column_nobody_declared_is_taken_and_said():
    """Latitude and longitude are needed: their known headers stand in, with a warning each."""
    gave = places(raw([ROW]), source("sites", columns={"name": "Site"}), operation(), today=TODAY)
    assert gave.tables["sites"][["lat_deg", "lon_deg"]].to_numpy().tolist() == [[32.9, 13.2]]
    assert gave.warnings == (
        "column 'Latitud' taken for lat_deg: declare it",
        "column 'Longitud' taken for lon_deg: declare it",
    )


def test_nothing_optional_is_taken():
    """A column called Status may be anything as long as nobody declared it."""
    row = ROW | {"Status": "open"}
    gave = places(raw([row]), source("sites", columns={}), operation(), today=TODAY)
    assert gave.tables["sites"]["status"].tolist() == ["unknown"]


def test_two_likely_columns_are_none():
    """Which of two latitudes is meant only the declaration can say."""
    row = ROW | {"lat": "33.0"}
    gave = places(raw([row]), source("sites", columns={}), operation(), today=TODAY)
    assert gave.reasons() == {"missing_required": 1}


def test_a_personal_column_is_never_taken():
    """However well its name fits a field that is needed."""
    declared = source("presence", columns={"organisation": "Personne de contact"})
    from etl.presence import presence

    with pytest.raises(SourceUnreadable, match="personal data"):
        presence(raw([{"Personne de contact": "x"}]), declared, operation(), today=TODAY)
