"""What changed between two dates: the same steps up and down, three kinds of nothing kept."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import quantities as q
from geo_data.changes import Changes, change
from geo_data.classes import CLASSES
from layers import CATALOGUE


def table(**of_cell):
    "Population of some cells; None is unknown, a missing cell is in no table."
    return pd.DataFrame(
        {
            "cell": [int(name[1:]) for name in of_cell],
            "population_people": [np.nan if v is None else v for v in of_cell.values()],
            "population_people__cover": 1.0,
            "population_people__source": 0,
        }
    )


def test_later_minus_earlier():
    "120 after 100 is 20; unknown or not spoken about at one date is unknown, not a loss"
    found = change(table(c1=120, c2=None, c3=7), table(c1=100, c2=5, c4=9), q.POPULATION)
    assert found["cell"].tolist() == [1, 2, 3, 4]
    assert found["population_people"].tolist()[0] == 20
    assert np.isnan(found["population_people"].to_numpy()[1:]).all()
    codes = Changes(CLASSES["population_people"]).of(
        found["population_people"], found["population_people__cover"]
    )
    assert codes.tolist() == [4, 254, 254, 254]


def test_outside_at_both_dates_stays_outside():
    "Cover 0 twice: neither coloured nor hatched"
    nowhere = table(c1=None).assign(population_people__cover=0.0)
    found = change(nowhere, nowhere, q.POPULATION)
    classes = Changes(CLASSES["population_people"])
    assert classes.of(found["population_people"], found["population_people__cover"])[0] == 255


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.key)
@given(value=st.floats(-1e6, 1e6))
def test_up_and_down_mirror_each_other(layer, value):
    "The class of -d lies as far below the middle as that of d above it"
    classes = Changes(layer.classes)
    up, down = classes.of([value, -value], [1, 1]).astype(int)
    assert up + down == 6
    assert len(classes.labels) == 7
    assert list(classes.steps) == sorted(set(classes.steps))


def test_an_exchange_of_dates_turns_the_change_round():
    "after - before = -(before - after)"
    one, two = table(c1=3, c2=50), table(c1=10, c2=5)
    there = change(one, two, q.POPULATION)["population_people"]
    back = change(two, one, q.POPULATION)["population_people"]
    assert (there == -back).all()
