"""Who maps rasters to hexagons is a setting; what comes out is the same to the bit."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engine import executors
from etl.engine.files import RasterFile
from etl.rasters import rasters
from geo_data.errors import SettingInvalid, SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Band
from tests import spatial

AREA = (10.1, 31.2, 11.2, 33.8)
BANDS = [Band(quantity="elevation_m"), Band(quantity="population_people", stat="sum")]
CHOICE = "alone, threads, processes or the address of a Dask scheduler, tcp://host:port"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    "A raster of a few strips; some pixels lack a value, one in 500 is out of every range."
    values = np.random.default_rng(3).gamma(0.5, 10, (1500, 700))
    values[200:260, 300:350] = -1
    values.ravel()[::500] = 1e12
    folder = tmp_path_factory.mktemp("raster")
    return spatial.raster(folder / "a.tif", values, west=10, north=34, step=0.002, nodata=-1)


def _gave(file, **chosen):
    source = spatial.source(bands=BANDS)
    return rasters([file], source, spatial.operation(AREA, 7), Settings(**chosen))


@pytest.fixture(scope="module")
def alone(file):
    "What one thread gives."
    return _gave(file, executor="alone")


def _same(found, alone):
    for one, other in zip(found.hexes, alone.hexes, strict=True):
        for name in ("cell", "value", "cover"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (found.rows_in, found.accepted) == (alone.rows_in, alone.accepted)
    assert found.quarantine.equals(alone.quarantine)


def test_account_of_one_thread(file, alone):
    "Pixels inside the area, band by band: with a value in range, and out of range."
    rows, columns = np.divmod(np.arange(1500 * 700), 700)
    lat, lon = 34 - (rows + 0.5) * 0.002, 10 + (columns + 0.5) * 0.002
    inside = (lat > AREA[1]) & (lat < AREA[3]) & (lon > AREA[0]) & (lon < AREA[2])
    wrong = inside & (np.arange(rows.size) % 500 == 0)
    empty = inside & (rows >= 200) & (rows < 260) & (columns >= 300) & (columns < 350) & ~wrong
    assert alone.reasons() == {"out_of_range": 2 * wrong.sum()}
    assert alone.accepted == 2 * (inside & ~wrong & ~empty).sum()


@pytest.mark.parametrize("how", ["threads", "processes"])
def test_workers_of_this_machine(file, alone, how):
    "Through the job, with two quantities: the same bits and the same account."
    _same(_gave(file, executor=how, workers=2), alone)


def test_cluster(file, alone):
    "A scheduler is named by its address."
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None,
        silence_logs=50,
    ) as cluster:  # fmt: skip
        _same(_gave(file, executor=cluster.scheduler_address), alone)


def test_scheduler_that_does_not_answer(file, monkeypatch):
    "An address without a scheduler is named with what was expected."
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setattr(executors, "CONNECT_S", 0.2)
    with pytest.raises(SettingInvalid) as problem:
        _gave(file, executor="tcp://127.0.0.1:9")
    assert str(problem.value) == (
        "WAYPOST_EXECUTOR is 'tcp://127.0.0.1:9'. Expected a Dask scheduler that answers within "
        "0.2 s."
    )


def test_without_dask(file, monkeypatch):
    "A scheduler without Dask here: the choices that are there are named."
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingInvalid) as problem:
        _gave(file, executor="tcp://127.0.0.1:8786")
    assert str(problem.value) == (
        "WAYPOST_EXECUTOR is 'tcp://127.0.0.1:8786'. Expected alone, threads, processes, as "
        "distributed is not installed."
    )


@pytest.mark.parametrize("text", ["dask", "tcp://", "tcp://host", "Threads", "http://host:8786"])
def test_wrong_executor(text):
    "What cannot be an executor is refused with the choices."
    with pytest.raises(SettingInvalid) as problem:
        Settings.from_env({"WAYPOST_EXECUTOR": text})
    assert str(problem.value) == f"WAYPOST_EXECUTOR is {text!r}. Expected {CHOICE}."


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([*executors.EXECUTORS, "tcp://127.0.0.1:8786"]), st.integers(1, 99))
def test_right_executor(how, workers):
    "Each choice arrives as it was set."
    found = Settings.from_env({"WAYPOST_EXECUTOR": how, "WAYPOST_WORKERS": str(workers)})
    assert (found.executor, found.workers) == (how, workers)


def test_no_more_workers_than_processors(monkeypatch):
    "Ninety threads on three processors are three."
    monkeypatch.setattr(executors.os, "cpu_count", lambda: 3)
    with executors.executor(Settings(workers=90)) as chosen:
        assert chosen == executors.Executor("threads", 3)


@pytest.mark.parametrize("how", executors.EXECUTORS)
def test_broken_block_is_named_by_every_worker(file, tmp_path, how):
    "The sentence of a process is that of a thread: file, rows, columns, what to do."
    # Rows of 700 x 8 bytes after a table of 1500 x 8: 6,000,000 bytes hold rows 0 to 1068.
    cut = tmp_path / "cut.tif"
    cut.write_bytes(file.read_bytes()[:6_000_000])
    with pytest.raises(SourceUnreadable) as problem:
        _gave(cut, executor=how)
    assert str(problem.value) == (
        "cut.tif: found pixels that cannot be decoded, in rows 1069 to 1069 and columns 0 to 699 "
        "of band 1 (counted from 0), expected a complete raster. Fetch the file again."
    )


def test_a_file_written_again_is_read_again(tmp_path):
    "Workers hold files open; one that changed under its name is opened anew."
    place = {"west": 10, "north": 34, "step": 0.1}
    seen = []
    for value in (1.0, 2.0):
        file = RasterFile(str(spatial.raster(tmp_path / "a.tif", [[value] * int(value)], **place)))
        seen.append(file.read(1, (0, 1), (0, 1))[0, 0])
    assert seen == [1.0, 2.0]
