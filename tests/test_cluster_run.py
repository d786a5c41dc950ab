"""A whole run on a cluster that is named by its address: the same release, also if a worker dies."""

import os
import signal
import time

import numpy as np
import pytest

from etl import runner
from etl.engine import executors
from etl.rasters import rasters
from geo_data import operations
from geo_data.settings import Settings
from geo_data.sources import Band
from geo_data.store import Store
from tests import spatial

distributed = pytest.importorskip("distributed", reason="Dask is not installed")


@pytest.fixture(scope="module")
def cluster():
    "A scheduler and two workers, processes of their own, on loopback."
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None,
        silence_logs=50,
    ) as cluster:  # fmt: skip
        yield cluster


def test_the_demo_on_a_cluster(cluster, demo_store, tmp_path, monkeypatch):
    "Every table has the digest that threads of one machine gave, and the cluster did work"
    asked, on_cluster = [], executors._on_cluster

    def counted(client, bands, plan, work):
        asked.append(len(work))
        return on_cluster(client, bands, plan, work)

    monkeypatch.setattr(executors, "_on_cluster", counted)
    before = Store(demo_store).latest()
    release, outcomes = runner.run(
        operations.load(operations.DEMO), Store(tmp_path),
        [demo_store / "demo-data", operations.DEMO.parent],
        Settings(executor=cluster.scheduler_address), today=before.at.date(),
    )  # fmt: skip
    assert {outcome.status for outcome in outcomes} <= {"ok", "warning"}
    assert sum(asked) > 5
    assert _digests(release) == _digests(before)


def _digests(release):
    return {name: entry["digest"] for name, entry in release.tables.items()}


def test_a_killed_worker_costs_time_not_data(cluster, tmp_path, monkeypatch):
    "Killed while its strips are under way: the same bits as from one thread, and two workers again"
    values = np.random.default_rng(4).gamma(0.5, 10, (4000, 700))
    file = spatial.raster(tmp_path / "a.tif", values, west=10, north=34, step=0.002)
    operation = spatial.operation((10.1, 26.2, 11.2, 33.8), 7)
    source = spatial.source(bands=[Band(quantity="population_people", stat="sum")])
    killed, strips, submit = [], [], distributed.Client.submit

    def slow(bands, plan, strip):
        time.sleep(0.1)
        return executors.strip_sums(bands, plan, strip, executors.Room())

    def submitted(client, work, *arguments, **options):
        future = submit(client, slow, *arguments, **options)
        strips.append(future.key)
        if not killed and len(client.scheduler_info()["workers"]) == 2:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)
        return future

    alone = rasters([file], source, operation, Settings(executor="alone"))
    monkeypatch.setattr(distributed.Client, "submit", submitted)
    found = rasters([file], source, operation, Settings(executor=cluster.scheduler_address))
    assert killed and len(strips) >= 4
    for one, other in zip(found.hexes, alone.hexes, strict=True):
        for name in ("cell", "value", "cover"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert found.accepted == alone.accepted
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        assert killed[0] not in client.run(os.getpid).values()
