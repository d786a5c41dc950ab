"""Every rule by which a row is left behind has words of its own on the page."""

import ast
from pathlib import Path

from dashboard import language, reasons
from etl.rules import RULES

ETL = Path(__file__).parent.parent / "etl"


def _named_in_code():
    """Rules that the code names beside the table of rules."""
    for file in ETL.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="rule", value=ast.Constant(value=name)):
                    yield name


def test_every_rule_has_a_title():
    """None is missing, none is left over; 'reference' is a rule of merging, not of rows"""
    assert set(reasons.TITLES) == {*RULES, *_named_in_code()} - {"reference"}
    assert len(set(reasons.TITLES.values())) == len(reasons.TITLES)


def test_titles_speak_the_language():
    """French words for a known rule, the name itself for one that this version does not know"""
    with language.spoken("fr"):
        assert reasons.title("total_row") == "somme d'autres lignes"
        assert reasons.title("made_up") == "made_up"
