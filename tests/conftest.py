"""Fixtures for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.replay import Replay

# A busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def own_program():
    "AppTest puts the page it runs in the program's place, where a new process would look for it."
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def real_data() -> Path:
    "Folder of real files that lies beside the repository on some machines."
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real data is not beside the repository")
    return REAL_DATA


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    "Store with the demo release, built once by the command that a newcomer runs."
    from etl.__main__ import main

    folder = tmp_path_factory.mktemp("demo") / "store"
    assert main(["run", "--plain", "--store", str(folder)]) == 0
    return folder


@pytest.fixture
def server() -> Iterator[Replay]:
    "A server of feeds on loopback that answers as it is told."
    from tests import replay

    with replay.serving() as running:
        yield running
