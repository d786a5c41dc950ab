"""The same store in a bucket: what holds for a folder, and what only a bucket can get wrong."""

import json
import multiprocessing
import threading
import time
import uuid

import pytest

from etl.__main__ import main
from geo_data import delta, doctor, lease, location, parcel, retention, sweep, unpacking
from geo_data.errors import SettingInvalid, StoreBusy, StoreUnreachable, StoreUnsafe
from geo_data.location import Found, Remote
from geo_data.settings import Settings
from geo_data.store import Store
from tests import crashes, objects
from tests.published import data_file, last_entry, published, shown
from tests.test_store import *  # noqa: F403 -- once more, in a bucket
from tests.test_store_damage import test_readers_fall_back_and_can_say_so  # noqa: F401
from tests.test_store_retention import NOW, test_pinned_releases_stay  # noqa: F401
from tests.test_store_states import test_a_rollback_is_a_new_release  # noqa: F401

pytest.importorskip("moto", reason="moto is not installed")
pytest.importorskip("obstore", reason="obstore is not installed")


@pytest.fixture(scope="module")
def server():
    "A bucket on this machine."
    with objects.served() as given:
        yield given


@pytest.fixture
def tmp_path(server):
    "A new prefix, where the tests of the folder expect a new folder."
    return Remote(objects.BUCKET, uuid.uuid4().hex)
