"""Floating catchments against numbers that another package gives too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo_data.errors import WaypostError
from layers.services import access

PEOPLE = np.array([1000.0, 2000, 1500, 500])
SUPPLY = np.array([10.0, 6.0])
MINUTES = np.array([[10.0, 40], [25, 20], [55, 15], [90, 65]])


@pytest.mark.parametrize(
    ("weight", "services", "people"),
    [
        (access.within(30), [0.00333333, 0.00171429], [0.00333333, 0.00504762, 0.00171429, 0]),
        (access.steps([10, 20, 30], [1, 0.68, 0.22]), [0.00694444, 0.00252101],
         [0.00694444, 0.00324206, 0.00171429, 0]),
        (access.gaussian(20, 60), [0.00545746, 0.00241872],
         [0.00514353, 0.00396563, 0.00195014, 0]),
    ],
)  # fmt: skip
def test_catchments(weight, services, people):
    """Four places and two services, with three ways to weigh the minutes"""
    found = access.access(PEOPLE, SUPPLY, MINUTES, weight)
    assert found.per_service == pytest.approx(services, abs=5e-9)
    assert found.per_person == pytest.approx(people, abs=5e-9)
    assert PEOPLE @ found.per_person == pytest.approx(16)


@given(
    arrays(float, 6, elements=st.integers(0, 9_999)), arrays(float, 3, elements=st.integers(0, 50)),
    arrays(float, (6, 3), elements=st.floats(0, 200)),
)  # fmt: skip
def test_supply_is_shared_out_and_nothing_else(people, supply, minutes):
    """People times access is the supply of the services that anybody reaches"""
    reach = access.within(60)
    found = access.access(people, supply, minutes, reach)
    reached = (reach(minutes).T @ people) > 0
    assert people @ found.per_person == pytest.approx(supply[reached].sum(), rel=1e-9, abs=1e-9)


def test_beyond_reach_is_zero_and_counted():
    """The last place reaches nobody: access 0, and 500 people, 10 %, beyond half an hour"""
    found = access.access(PEOPLE, SUPPLY, MINUTES, access.within(30))
    assert found.per_person[3] == 0
    beyond = access.unserved(PEOPLE, found.nearest_min, [10, 30, 60])
    assert list(beyond["people"]) == [4000, 500, 500]
    assert beyond["share"][1] == pytest.approx(0.1)


def test_no_service_at_all():
    """Everybody is unserved, at any distance"""
    found = access.access(PEOPLE, [], np.empty((4, 0)), access.within(30))
    assert list(found.per_person) == [0, 0, 0, 0]
    assert list(access.unserved(PEOPLE, found.nearest_min, [120])["people"]) == [5000]


def test_no_way_is_not_a_short_way():
    """Unknown minutes reach nothing"""
    found = access.access(PEOPLE, [1.0], np.full((4, 1), np.nan), access.within(30))
    assert (found.per_person == 0).all()
    assert np.isinf(found.nearest_min).all()


def test_where_one_more_helps_most():
    """A site that brings 2,000 near comes before one that brings 1,500, and nobody counts twice"""
    nearest = np.full(4, 100.0)
    to = np.array([[99.0, 99, 5], [5, 99, 99], [99, 5, 5], [99, 99, 99]])
    found = access.best_new_sites(PEOPLE, nearest, to, 30, sites=3)
    assert list(found["candidate"]) == [2, 0]
    assert list(found["people_won"]) == [2500, 2000]


def test_negative_numbers_are_refused():
    """A register with minus three beds is wrong"""
    with pytest.raises(WaypostError, match="negative"):
        access.access(PEOPLE, [-3.0], np.ones((4, 1)), access.within(30))
