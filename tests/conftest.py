"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


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
