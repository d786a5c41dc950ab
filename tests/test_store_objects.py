"""The same store in a bucket."""

import uuid

import pytest

from geo_data.location import Remote
from tests import objects
from tests.test_store import *  # noqa: F403
from tests.test_store_retention import *  # noqa: F403
from tests.test_store_damage import *  # noqa: F403
from tests.test_store_states import *  # noqa: F403
from tests.test_store_parcel import *  # noqa: F403

pytest.importorskip("moto", reason="moto is not installed")
pytest.importorskip("obstore", reason="obstore is not installed")


@pytest.fixture(scope="module")
def bucket():
    with objects.served() as given:
        yield given


@pytest.fixture
def tmp_path(bucket):
    return Remote(objects.BUCKET, uuid.uuid4().hex)
