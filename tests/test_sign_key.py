"""The key of symbols, and names of countries."""

import base64

from dashboard import countries, language, sign_key


def test_only_what_is_shown_is_explained():
    "Four states and three ways of crossing, and the count; no sector of services."
    (title, signs), (_none, several) = sign_key.groups(["crossings"])
    assert title == "Crossing points"
    words = [said for _sign, said in signs]
    assert words == ["open", "restricted", "closed", "unknown", "land", "sea", "air"]
    assert len(several) == 1
    assert sign_key.groups([]) == [] and sign_key.key([]) == ""


def test_signs_are_the_drawings_of_the_map():
    "Open is the green of the table of symbols; a kind of one sign stands without a title."
    sign = sign_key.groups(["crossings"])[0][1][0][0]
    assert b"#0b6b57" in base64.b64decode(sign.partition(",")[2])
    assert "wp-key-title" not in sign_key.key(["incidents"])


def test_lines_have_a_row_each_style():
    "Two outlines of areas are one row."
    said = sign_key.key([], ["area-admin", "area-country", "line-road"])
    assert said.count("<img") == 2 and "Outline of an area" in said and "corridor" in said


def test_countries_are_named_in_the_language_of_the_page():
    "CLDR's names of states; an unknown code stays what it is."
    assert countries.name_of("LBY") == "Libya"
    with language.spoken("fr"):
        assert countries.name_of("TCD") == "Tchad"
    with language.spoken("ar"):
        assert countries.name_of("LBY") == "ليبيا"
    assert countries.name_of("XXX") == "XXX"
