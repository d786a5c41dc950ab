"""The documents say what the code says."""

import re
from pathlib import Path

import pytest

from geo_data import operations, tables
from geo_data.settings import MEANING
from geo_data.sources import Job

ROOT = Path(__file__).parent.parent


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", MEANING)
def test_every_setting_is_documented(setting):
    "Name in docs/settings.md"
    assert f"`{setting}`" in text("docs/settings.md")


@pytest.mark.parametrize("table", tables.SHAPES)
def test_every_table_shape_is_in_the_changelog(table):
    "Whoever reads a release from outside learns of a new shape there"
    assert f"`{table}`" in text("CHANGELOG.md")


@pytest.mark.parametrize("job", Job.__args__)
def test_every_job_is_documented(job):
    "Name in docs/adding.md"
    assert f"`{job}`" in text("docs/adding.md")


def test_every_real_source_is_listed():
    "docs/sources.md names each source of the real operation"
    listed = text("docs/sources.md")
    for source in operations.load(operations.OPERATIONS / "central_mediterranean.toml").source:
        assert f"`{source.key}`" in listed, source.key


@pytest.mark.parametrize(
    "document", ["README.md", "docs/conventions.md", "docs/adding.md", "docs/operating.md"]
)
def test_links_and_files_exist(document):
    "Every relative link and every named file of ours is there"
    said = text(document)
    for target in re.findall(r"\]\((?!http)([^)#]+)", said):
        assert (ROOT / document).parent.joinpath(target).exists(), target
    for path in re.findall(r"`((?:geo_data|etl|layers|dashboard|pages|tests)/[\w./]+)`", said):
        assert (ROOT / path).exists(), path


def test_the_readme_commands_use_files_that_exist():
    "requirements and launcher"
    for name in ("requirements.txt", "requirements-dev.txt", "streamlit_app.py"):
        assert name in text("README.md")
        assert (ROOT / name).exists()


def test_nothing_names_an_address_outside():
    "No script, style, font or tile from elsewhere in code"
    foreign = re.compile(
        r"https?://(cdn|unpkg|code\.jquery|maxcdn|fonts\.g|[a-z.]*jsdelivr|[a-z]\.tile)"
    )
    for folder in ("geo_data", "etl", "layers", "dashboard", "pages"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".js", ".css", ".html"):
                assert not foreign.search(file.read_text(encoding="utf-8")), file
