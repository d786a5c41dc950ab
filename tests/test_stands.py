"""A map tells where it stands, under a secret of its session."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import api, stands
from dashboard.handout.picture import Picture, standing
from dashboard.stands import Place


@pytest.fixture
def name(monkeypatch):
    "The secret of a session."
    monkeypatch.setattr(stands.st, "session_state", {})
    return stands.secret()


def test_what_a_browser_tells_is_kept(name):
    "View and size come back; nothing was known before"
    asked = TestClient(Starlette(routes=api.routes()))
    assert stands.told(name) is None
    answer = asked.post(f"/waypost/stands/{name}", params={"at": "35.500,12.600,8,390,500"})
    assert answer.status_code == 204
    assert stands.told(name) == Place("35.500,12.600,8", (390, 500))


@pytest.mark.parametrize(
    ("secret", "at"),
    [("", "35.500,12.600,8,390,500"), ("own", "35,12,8"), ("own", "<b>"), ("own", ""),
     ("own", "35.500,12.600,8,390,5000000"), ("else", "35.500,12.600,8,390,500")],
)  # fmt: skip
def test_nonsense_and_strangers_are_refused(name, secret, at):
    "Not a view, or not the secret of a session: 404, and nothing is kept"
    asked = TestClient(Starlette(routes=api.routes()))
    where = {"own": name}.get(secret, secret)
    assert asked.post(f"/waypost/stands/{where}", params={"at": at}).status_code == 404
    assert stands.told(name) is None and stands.told(where) is None


def test_a_click_is_newer_than_what_was_told(name):
    "The view of the click, the size of before; a changed link forgets both"
    stands.tell(name, "35.500,12.600,8,390,500")
    stands.stood(name, "10.000,5.000,6")
    assert stands.told(name) == Place("10.000,5.000,6", (390, 500))
    stands.forget(name)
    assert stands.told(name) is None


def test_a_sheet_takes_the_real_screen():
    "At zoom 5 a world is 8192 pixels: 390 of them are 17.1 degrees; before, what the link knew"
    shown = Picture(layer=None, box=(0, 0, 1, 1))
    west, south, east, north = standing(shown, Place("0.000,10.000,5", (390, 640))).box
    assert east - west == pytest.approx(390 / 8192 * 360) and south == pytest.approx(-north)
    assert standing(shown, None) is shown
