"""Observations of a store in a bucket: the same records, the same audience, no lease needed."""

import uuid

import pytest

from geo_data.assessments import history
from geo_data.errors import NotForAudience
from geo_data.location import Remote
from geo_data.vocabulary import Audience
from tests import objects
from tests.observed import edited, journal, observation

pytest.importorskip("moto", reason="moto is not installed")
pytest.importorskip("obstore", reason="obstore is not installed")


@pytest.fixture(scope="module")
def store():
    "A prefix of a bucket on this machine."
    with objects.served():
        yield Remote(objects.BUCKET, uuid.uuid4().hex)


def test_records_in_a_bucket(store):
    """Written once whatever is repeated, merged, disputed; empty for others; damage is told"""
    first = observation()
    laptop = journal(store)
    assert laptop.append(first) == laptop.append(first) == first.id
    both = [edited(first, evidence=text) for text in ("Three wells are dry", "All wells work")]
    assert (laptop.merge([first, *both]), laptop.merge(both)) == (2, 0)
    (thread,) = history.threads(journal(store).records())
    assert thread.conflict and len(laptop.device()) == 8
    other = journal(store, Audience.PUBLIC)
    assert other.records() == ()
    with pytest.raises(NotForAudience):
        other.append(first)
    (store / "assessments" / f"{first.id}.json").write_bytes(b"{}")
    assert laptop.damaged() == [f"{first.id}.json"]
