"""Every bad input of the corpus has its expected outcome: nothing silent, nothing lost."""

import math
import re

import pandas as pd
import pytest
import shapely

from etl import files, outcomes
from etl.sandbox import Sandbox
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from tests.corpus import families
from tests.declared import TODAY, operation

CASES = [
    pytest.param(case, id=f"{family}: {case.name}", marks=families.marks(case.name))
    for family, cases in families.ALL.items() for case in cases
]  # fmt: skip
SETTINGS = Settings(parse_s=60, parse_bytes=2_000_000_000)
AREA = operation(resolution=5)
PROGRAM = re.compile(
    r"Traceback|File \"|, in <|0x[0-9a-f]{6,}|the job failed|/tmp/|\w(Error|Exception)\b"
)


@pytest.fixture(scope="module")
def sandbox():
    "One process for all cases, as a run has."
    with Sandbox(SETTINGS) as sandbox:
        yield sandbox


@pytest.fixture
def outcome(sandbox, tmp_path, monkeypatch):
    "What a case gives, as in a run: contribution or None, the reason of its failure, its status."

    def of(case):
        for name, content in case.files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(file)
            else:
                file.write_bytes(content if isinstance(content, bytes) else content.encode())
        found, gave, error = [], None, None
        try:
            found = files.find(case.source, [tmp_path], SETTINGS)
            whole = sandbox.run(case.source, found, AREA, TODAY)
            gave, error = outcomes.judged(case.source, whole)
            status = outcomes.Outcome(case.source, [], gave, error, 0.0).status
            return whole, error, status
        except WaypostError as problem:
            return None, str(problem).replace(f"below {tmp_path}", "below DATA"), "failed"

    return of


@pytest.mark.parametrize("case", CASES)
def test_outcome(case, outcome):
    "Refused with its sentence; or rows kept with their values, rejected by rule, mends said"
    gave, error, status = outcome(case)
    said = _said(gave, error)
    assert not PROGRAM.search(said), said
    assert not [value for value in case.never if value in said + _held(gave)]
    if case.refused:
        assert gave is None and case.refused in error, said
        assert "\n" not in error and error.count(". ") + 1 >= 2, error
        return
    assert gave is not None, error
    assert gave.rows_in == gave.accepted + gave.quarantined
    assert bool(error) == case.fails, said
    wrong = gave.quarantine.dropna(subset="rule")
    rows = {None if row is pd.NA or row != row else int(row): rule
            for row, rule in zip(wrong["row"], wrong["rule"], strict=True)}  # fmt: skip
    assert rows == case.out, said
    assert len(wrong) == len(case.out)
    assert wrong[["file", "expected", "advice"]].notna().all(axis=None)
    _assert_kept(gave, case)
    for words in case.said:
        assert words in said
    assert case.kept or case.pixels or case.out or status != "ok", "accepted without a word"


def _assert_kept(gave, case):
    if case.hexes or case.pixels:
        assert gave.accepted == case.pixels
        for one in gave.hexes:
            known = {round(float(v), 6) for v in one.value if not math.isnan(v)}
            wanted = case.hexes[one.quantity]
            assert known == (set() if wanted is None else {wanted})
        return
    table = gave.tables.get(case.table or case.source.job)
    assert table is not None
    found = [tuple(map(_plain, row)) for row in table[list(case.shown)].itertuples(index=False)]
    assert found == [tuple(map(_plain, row)) for row in case.kept]
    assert gave.accepted == (case.records or len(case.kept))


def _plain(value):
    if isinstance(value, bytes):
        return shapely.from_wkb(value).normalize().wkt
    if isinstance(value, shapely.Geometry):
        return value.normalize().wkt
    if value is None or value != value or str(value) in ("<NA>", "NaT"):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value if isinstance(value, str) else round(float(value), 6)


def _said(gave, error):
    if gave is None:
        return error
    mends = [f"{one.rule}: {one.rows} {one.said}" for one in gave.repairs]
    return "\n".join([*gave.warnings, *mends, *gave.quarantine["found"].dropna().astype(str),
                      error or ""])  # fmt: skip


def _held(gave):
    frames = [] if gave is None else [gave.quarantine, *gave.tables.values()]
    return "\n".join(frame.to_csv() for frame in frames)


def test_the_corpus_is_large_and_has_no_case_twice():
    "At least 150, each under a name and with a content of its own"
    names = [case.name for cases in families.ALL.values() for case in cases]
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    contents = [repr((sorted(case.files.items(), key=str), case.source)) for cases in
                families.ALL.values() for case in cases]  # fmt: skip
    assert len(set(contents)) == len(contents)
