"""A first declaration of any file loads, runs, and says what it is not sure of."""

import json
import tomllib

import pytest

from etl import check, files, jobs
from etl.__main__ import main
from geo_data import operations
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from tests.declared import TODAY

AROUND = (
    'key = "d"\ntitle = "D"\narea = [0.0, 15.0, 26.0, 40.0]\nresolution = 6\n'
    'countries = ["LBY", "TUN", "DZA", "NER", "TCD", "EGY", "SDN", "ITA", "MLT"]\n'
)


def loaded(folder, toml):
    """The draft as an operation of one source."""
    file = folder / "draft.toml"
    file.write_text(AROUND + toml, encoding="utf-8")
    return operations.load(file)


def drafted(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check.drafted(file, Settings())


def source_of(tmp_path, name, content):
    return loaded(tmp_path, drafted(tmp_path, name, content)).source[0]


INCIDENTS = "التاريخ;خط العرض;خط الطول;القتلى;المفقودين\n23/04/2024;33,1;12,5;3;-\n04/05/2024;32,9;13,2;1;2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1256"])
def test_an_arabic_file(tmp_path, encoding):
    """Encoding, separator, decimal comma, missing word, job and columns; its order of days is said."""
    toml = drafted(tmp_path, "a.csv", INCIDENTS.encode(encoding))
    one = loaded(tmp_path, toml).source[0]
    assert (one.job, one.sensitivity, one.read.encoding) == ("incidents", "high", encoding)
    assert (one.read.delimiter, one.read.decimal, one.read.missing) == (";", ",", ["-"])
    assert one.columns["missing_people"] == "المفقودين"
    assert "day/month/year, as 1 prove" in toml
    gave = jobs.run(one, [tmp_path / "a.csv"], loaded(tmp_path, toml), Settings(), TODAY)
    assert gave.accepted == 2


@pytest.mark.parametrize(
    ("name", "header", "row", "job"),
    [
        ("poe.csv", "Crossing name,Lat,Lon,Status", "Ras Jedir,33.1,11.6,Ouvert", "crossings"),
        ("x.csv", "Facility,Type of facility,Latitude,Longitude", "A,clinic,33,12", "services"),
        ("camps.csv", "Nom du site,Latitude,Longitude,PDI", "A,33,12,40", "sites"),
        ("a.csv", "name,lat,lon,medium,speed_km_h,endurance_h,mobilise_h", "A,33,12,boat,40,6,1", "assets"),
        ("b.csv", "name,lat,lon", "A,33,12", "landmarks"),
        ("c.csv", "Organisation,Secteur,Pcode", "A,Santé,LY0101", "presence"),
        ("d.csv", "iso3,year,refugees", "LBY,2020,12", "series"),
        ("e.csv", "poe_code,date,sex,age,nationality", "RJ,2024-01-01,F,30,SDN", "registrations"),
        ("f.csv", "P-Code,Name,Parent P-Code,Admin level", "LY01,East,LBY,1", "gazetteer"),
    ],
)  # fmt: skip
def test_jobs(tmp_path, name, header, row, job):
    """Told by what the columns are called; the reason stands behind it."""
    toml = drafted(tmp_path, name, f"{header}\n{row}\n")
    assert loaded(tmp_path, toml).source[0].job == job
    assert f'job = "{job}"  # guessed: ' in toml


def test_words_that_are_known_and_others(tmp_path):
    """Known words are translated; the rest is unknown until a person says what it means."""
    text = "Crossing name,Lat,Lon,Status\nA,33,11,Ouvert\nB,33,12,Fermé\nC,33,13,Peut-être\n"
    toml = drafted(tmp_path, "poe.csv", text)
    one = loaded(tmp_path, toml).source[0]
    assert one.values["status"] == {"Ouvert": "open", "Fermé": "closed", "*": ""}
    assert 'not known, so unknown until translated: "Peut-être"' in toml


def test_tags_win_and_are_said(tmp_path):
    """The header says nothing, the tag all."""
    text = "A,B,C\n#loc+name,#geo+lat,#geo+lon\nx,33.0,12.0\n"
    toml = drafted(tmp_path, "t.csv", text)
    assert 'lat_deg = "#geo+lat"  # by its tag' in toml


def test_titles_above_the_header_and_missing_headers(tmp_path):
    """The header is the first full row of words; a file without one gets numbered names."""
    titled = source_of(tmp_path, "a.csv", "Report of May,,\n,,\nname,lat,lon\nx,33,12\ny,33,13\n")
    assert titled.read.header_row == 3
    bare = source_of(tmp_path, "b.csv", "x,33.1,12.5\ny,33.2,12.6\n")
    assert bare.read.names == ["column 1", "column 2", "column 3"]


def test_the_longest_list_of_a_document(tmp_path):
    """Other lists are named as a doubt."""
    document = {"meta": [{"a": 1}], "data": {"rows": [{"lat": 33, "lon": 12}] * 3}}
    toml = drafted(tmp_path, "a.json", json.dumps(document))
    assert loaded(tmp_path, toml).source[0].read.records == "data.rows"
    assert "'meta'" in toml


def test_people_are_dropped_and_never_quoted(tmp_path):
    """By header, tag and content, in a name of the file, and where a row of data is the header."""
    text = (
        "name,lat,lon,Téléphone,Column7,Note\n"
        "x,33,12,+218 91 123 4567,a.person@example.org,Amal said so\n" * 3
    )
    toml = drafted(tmp_path, "list of b.person@example.org.csv", text)
    block = tomllib.loads(toml)["source"][0]
    assert set(block["drop"]) >= {"Téléphone", "Column7"}
    for secret in ("example.org", "123 4567", "Amal"):
        assert secret not in toml
    headerless = "Amal Testwoman,33,12,+218 91 123 4567\n" * 2
    assert "Amal" not in drafted(tmp_path, "h.csv", headerless)
    lines = check.check(tmp_path / "h.csv", Settings()).lines()
    assert "Amal" not in "".join(lines)


@pytest.mark.parametrize(
    "name", ['x"\nkey = "y', "#]]\n[[source]]", "\u2028licence", "{{7*7}}", "a\\", "\x7f\x85"]
)
def test_no_header_breaks_out_of_its_line(tmp_path, name):
    """The block is one source with the keys of a draft, whatever columns are called."""
    record = {name: "z", "lat": 33.0, "lon": 12.0}
    toml = drafted(tmp_path, "a.json", json.dumps([record] * 3))
    blocks = tomllib.loads(toml)["source"]
    assert len(blocks) == 1
    assert loaded(tmp_path, toml).source[0].licence == "unknown"


def test_the_command(tmp_path, capsys):
    """On the screen, or in a file; a broken file is refused in a sentence."""
    file = tmp_path / "a.csv"
    file.write_text("name,lat,lon\nx,33,12\n")
    assert main(["check", str(file), "--draft"]) == 0
    assert "[[source]]" in capsys.readouterr().out
    assert main(["check", str(file), "--draft", "--to", str(tmp_path / "d.toml")]) == 0
    assert loaded(tmp_path, (tmp_path / "d.toml").read_text()).source[0].path == "a.csv"
    assert main(["check", str(tmp_path / "none.csv"), "--draft"]) == 2


HAND_MADE = operations.load(operations.OPERATIONS / "central_mediterranean.toml")
# What only a person can know: the year of numbers without one, the code of a shape without one,
# and what a list of faults of another file is for.
NEED_A_PERSON = (
    "ibf_population", "inform_severity", "wfp_ica", "coord_audit", "world-atlas_land",
)  # fmt: skip


@pytest.mark.real
def test_every_real_table_is_drafted_loaded_and_run(real_data, tmp_path):
    """No crash and every row accounted for; at least 40 files give what the hand-made blocks give.

    Compared is the share of accepted rows of the best hand-made source of the same file, within a
    tenth; files of which the operation accepts nothing are compared by that nothing.
    """
    usable, poor = [], []
    paths = [p for p in sorted(real_data.rglob("*")) if p.suffix.lower() in check.FORMATS]
    for file in paths:
        if check.FORMATS[file.suffix.lower()] == "raster":
            continue
        toml = check.drafted(file, Settings())
        operation = loaded(tmp_path, toml)
        gave = jobs.run(operation.source[0], [file], operation, Settings(), TODAY)
        assert gave.rows_in == gave.accepted + gave.quarantined
        (usable if share(gave) >= best_share(real_data, file) - 0.1 else poor).append(file.name)
    assert len(usable) >= 40, poor
    assert [name for name in poor if not name.startswith(NEED_A_PERSON)] == []


@pytest.mark.real
def test_every_real_raster_is_drafted_and_loaded(real_data, tmp_path):
    """The block loads; bands nobody can tell are left out and said."""
    for file in real_data.rglob("*"):
        if check.FORMATS.get(file.suffix.lower()) == "raster":
            assert loaded(tmp_path, check.drafted(file, Settings())).source[0].job == "raster"


def share(gave):
    """Accepted among the rows meant for the operation."""
    scope = ("outside_operation", "not_selected", "superseded", "repeated_row")
    meant = gave.rows_in - sum(gave.reasons().get(rule, 0) for rule in scope)
    return gave.accepted / meant if meant else 1.0


def best_share(folder, file):
    """The same of the hand-made declarations, each told to read this file only."""
    made = []
    for source in HAND_MADE.source:
        if source.job == "raster" or file not in files.find(source, [folder], Settings()):
            continue
        try:
            made.append(share(jobs.run(source, [file], HAND_MADE, Settings(), TODAY)))
        except WaypostError:
            continue
    return max(made, default=1.0)
