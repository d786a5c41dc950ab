"""Solvers in the background: real processes that end with their session, their question or the app."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from dashboard.rescue import exact
from dashboard.rescue.desk import Desk
from geo_data.errors import WaypostError

ROOT = Path(__file__).parent.parent


def hard(sites=12, seconds=60):
    "A question that takes longer than any of these tests."
    draw = np.random.default_rng(1)
    covers = draw.random((3_000, 120)) < 0.05
    return (
        "near",
        covers,
        np.where(covers, draw.random(covers.shape), 9.0),
        draw.random(3_000),
        sites,
        seconds,
    )


def gone(process, within_s=10):
    "Whether a process ends soon."
    until = time.monotonic() + within_s
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    return process.poll() is not None


def state(pid):
    "Letter of a process: X if there is none, Z if it has ended and nobody asked how."
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "X"


@pytest.fixture
def desks():
    "Makes desks and clears them."
    made = []

    def new():
        made.append(Desk())
        return made[-1]

    yield new
    for desk in made:
        desk.close()


def test_another_question_ends_the_solver(desks):
    "The same question goes on; one at most per session"
    desk = desks()
    desk.begin("a", *hard())
    first = desk.job.process
    desk.keep("a")
    assert first.poll() is None
    desk.keep("b")
    assert gone(first) and desk.job is None
    desk.begin("b", *hard())
    second = desk.job.process
    desk.begin("c", *hard())
    assert gone(second) and desk.job.process.poll() is None


def test_a_server_bears_so_many(desks):
    "The third is told to wait; when one is cancelled there is room"
    one, two, three = desks(), desks(), desks()
    one.begin("a", *hard())
    two.begin("a", *hard())
    with pytest.raises(WaypostError, match="Try again in a minute"):
        three.begin("a", *hard())
    one.job.stop()
    assert not one.job.running
    three.begin("a", *hard())
    assert three.job.running and three.job.elapsed_s < 60


def page():
    "A page that has a solver at work."
    import streamlit as st

    from dashboard.rescue.desk import desk
    from tests.test_solvers import hard

    if desk().job is None:
        desk().begin("a", *hard())
    st.text(desk().job.process.pid)


def test_a_closed_session_ends_its_solver():
    "What Streamlit does when the browser is gone, done to a session with a solver"
    at = AppTest.from_function(page, default_timeout=60).run()
    pid = int(at.text[0].value)
    assert int(at.run().text[0].value) == pid, "one solver for both runs"
    os.kill(pid, 0)
    clear_session_resource_cache("test session id")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_app_that_is_killed_takes_its_solver_along():
    "Nobody is left to stop it, so it sees its input end"
    words = (
        "import time; from tests.test_solvers import hard; from dashboard.rescue import exact;"
        "print(exact.begin(*hard()).process.pid, flush=True); time.sleep(60)"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pid = int(app.stdout.readline())
    time.sleep(3)
    assert state(pid) in "RSD", "the control: it works as long as the app does"
    app.send_signal(signal.SIGKILL)
    app.communicate()
    until = time.monotonic() + 20
    while state(pid) not in "XZ" and time.monotonic() < until:
        time.sleep(0.1)
    assert state(pid) in "XZ"


def test_one_that_overstays_is_ended(monkeypatch, desks):
    "Even if nobody looks, the child itself ends; and whoever looks ends it"
    desk = desks()
    desk.begin("a", *hard(seconds=60))
    monkeypatch.setattr(exact, "START_UP_S", -60.0)
    assert not desk.job.running and gone(desk.job.process)
