"""Composite indices: INFORM to the digit, and the rules of the OECD handbook."""

import io

import numpy as np
import pandas as pd
import pytest

from geo_data.errors import OperationInvalid
from layers.context import index, scheme
from layers.context.scheme import Indicator, Node, Scheme

# INFORM Risk 2020 v0.4.0, OCHA's copy: components, published aggregates and rank.
COUNTRIES = """
iso,EQ,FL,TS,TC,DR,EP,NAT,PCR,CHV,HUM,HE,DD,IN,AID,SEV,UP,HC,U5,RS,FS,OVG,VG,VU,DRR,GOV,INS,COM,PHY,AHC,INF,LCC,RISK,rank
AFG,9.7,7.2,0,0,7.9,6.9,6.5,10,10,10,8.8,8.5,8.7,4.8,7.6,9.6,2.1,5.2,10,7.8,7.4,8.7,8.2,6.3,8.1,7.2,6.3,7.3,7.6,7.1,7.2,8,5
SOM,1.6,7.5,8.1,1,10,6.3,6.9,10,10,10,8.9,8.7,10,8.4,9,10,2,7.5,10,6.4,7.5,9.1,9.1,,9.2,9.2,8.1,7.8,9.2,8.4,8.8,8.9,1
SSD,2.8,7.1,0,0,3.7,7,4,10,8,8,6.4,10,5.3,10,8.8,10,5.4,6.8,0.6,8.1,5.8,8.7,8.8,,9.4,9.4,9,9.8,9.6,9.5,9.5,8.1,3
COD,4.5,7.5,0,0,1.9,8.3,4.6,9.9,7,7,5.9,9.2,6.5,2,6.7,9,5.5,6.1,0,9.2,6.2,7.9,7.3,7.5,8.2,7.9,7.6,9.4,7.7,8.2,8.1,7,8
YEM,2.1,4.8,5.5,0,2.6,6.9,4,10,10,10,8.3,8.8,6.5,6.2,7.6,10,1.2,6.6,1.9,9,5.7,8.7,8.2,8.5,8.7,8.6,5.7,7.2,7.4,6.8,7.8,8.1,3
LBY,1.9,2.6,7.3,0,5,3.1,3.7,9.9,10,10,8.2,3.3,2.3,1.6,2.6,8.4,0.4,1.1,0.3,1.7,0.9,5.8,4.4,,8.4,8.4,4.6,3.3,3.4,3.8,6.7,6.2,19
NER,0.1,7.4,0,0,6.7,6.8,4.3,9.7,0,6.8,5.7,10,5.5,4.1,7.4,7.3,4.5,6.8,1.7,3.7,4.4,6.1,6.8,5.3,6.5,5.9,9,9.7,7.9,8.9,7.7,6.7,13
SDN,0.1,8,0,0,6.9,6.1,4.4,10,9,9,7.3,8.6,5.1,0.6,5.7,9.6,1.4,6.1,0.2,5.1,3.6,7.7,6.8,4.9,8.1,6.5,6.4,8.3,5.9,6.9,6.7,6.9,10
TUN,5.7,3.8,7.5,0,5.3,2.8,4.6,3.9,0,2.7,3.7,3.1,3,1.4,2.7,1.2,0.3,0.8,0.1,0.4,0.4,0.8,1.8,6.4,5.4,5.9,3.2,2.7,3.8,3.2,4.7,3.2,110
DZA,8.8,5.2,4.6,0,4.1,3.4,5,7.6,0,5.3,5.2,2.9,3.3,0.2,2.3,5.4,0.4,1.3,0.4,0.3,0.6,3.4,2.9,3.5,6.4,5,3.6,4.1,3.8,3.8,4.4,4,82
EGY,4.9,8.1,7.2,0,3.1,3.2,5,9.4,9,9,7.5,4.3,3.9,1.3,3.5,6.6,0.2,1.7,0,0,0.5,4.2,3.9,4.2,6.4,5.3,3.6,3.4,4.4,3.8,4.6,5.1,47
ITA,8.6,5.4,7.4,0,3,2.1,5.2,0.8,0,0.6,3.2,0.4,1.9,0.1,0.7,6.5,0.2,0.3,0,0.4,0.2,4,2.5,2.4,4.4,3.4,1.8,0.1,0.4,0.8,2.2,2.6,131
MLT,0.1,0.1,7.7,0,0,2.9,2.5,0,0,0,1.3,0.4,2,0.3,0.8,5.2,0.1,0.5,0,1,0.4,3.2,2.1,,3.8,3.8,1.7,0,0.5,0.7,2.4,1.9,156
COL,9.6,6.8,7.9,4.1,1.9,5.4,6.7,8.1,7,7,6.9,4.1,5.7,0.5,3.6,10,0.6,1,0.1,1.2,0.7,7.7,6,3,5.8,4.4,2.3,3.6,3.6,3.2,3.8,5.4,31
BGD,9.2,10,8.2,6.9,5,7.6,8.2,9.8,0,6.9,7.6,7.3,4.6,1.2,5.1,7.7,2,4.9,4.8,4.3,4.1,6.2,5.7,3,7,5,5.1,4.9,5.2,5.1,5.1,6,22
"""
PUBLISHED = pd.read_csv(
    io.StringIO(COUNTRIES), index_col="iso", na_values=[""], keep_default_na=False
)
RISK = scheme.load(scheme.INFORM_RISK)


@pytest.mark.parametrize("component", [node.key for node in RISK.node])
def test_inform_to_the_digit(component):
    """Every aggregate of fifteen countries, from one-decimal inputs, as published"""
    found = index.evaluated(index.scored(PUBLISHED, RISK), RISK)
    assert list(found[component]) == list(PUBLISHED[component])


def test_a_missing_input_is_counted_and_not_filled():
    """Somalia has no score of disaster risk reduction; its institutions are those that are known"""
    found = index.evaluated(index.scored(PUBLISHED, RISK), RISK)
    assert found.loc["SOM", "missing_count"] == 1
    assert found.loc["SOM", "INS"] == 9.2
    assert found["missing_count"].sum() == 4


def test_classes_and_ranks():
    """Fixed classes; South Sudan and Yemen share the better rank"""
    found = index.evaluated(index.scored(PUBLISHED, RISK), RISK)["RISK"]
    classes = index.classed(found, RISK)
    assert list(classes[["SOM", "DZA", "TUN", "MLT"]]) == ["very high", "medium", "low", "very low"]
    ranks = index.ranked(found)
    assert (ranks["SSD"], ranks["YEM"], ranks["AFG"]) == (2, 2, 4)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("arithmetic", 4.4), ("geometric", 3.641128), ("scaled geometric", 5.017365)],
)
def test_three_means_of_the_same_values(how, expected):
    """2, 8 and 5 with weights .5, .3 and .2"""
    node = Node(key="x", how=how, of=["a", "b", "c"], weights=[0.5, 0.3, 0.2])
    assert index.combined(np.array([[2.0, 8.0, 5.0]]), node) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(
    ("values", "mean"),
    [((2, 8), 5.787045), ((0, 10), 7.597469), ((6.5, 10), 8.847606), ((5, 5), 5)],
)
def test_the_scaled_geometric_mean(values, mean):
    """Lies above the arithmetic one: bad is not made good"""
    node = Node(key="x", how="scaled geometric", of=["a", "b"])
    assert index.combined(np.array([values], float), node) == pytest.approx(mean, abs=5e-7)


def made(**more):
    return Scheme(
        key="own", title="Own", result="all", indicators=[Indicator(key="a", low=0, high=15, **more)],
        node=[Node(key="all", how="arithmetic", of=["a"])],
    )  # fmt: skip


def test_fixed_limits():
    """3, 7, 12 and 20 within 0 to 15, clipped, and turned round where high is good"""
    values = pd.DataFrame({"a": [3.0, 7.0, 12.0, 20.0, np.nan]})
    found = index.scored(values, made())["a"].to_numpy()
    assert found == pytest.approx([2, 4.666667, 8, 10, np.nan], abs=5e-7, nan_ok=True)
    turned = index.scored(values, made(better="high"))["a"].to_numpy()
    assert turned == pytest.approx(10 - found, nan_ok=True)


def test_logarithmic_limits():
    """From 1 to 10,000, a hundred is half way"""
    own = Scheme(key="own", title="", result="all", node=[Node(key="all", how="arithmetic", of=["a"])],
                 indicators=[Indicator(key="a", low=1, high=10_000, log=True)])  # fmt: skip
    assert list(index.scored(pd.DataFrame({"a": [100.0, 0.0]}), own)["a"].round(9)) == [5, 0]


def test_an_indicator_without_any_data_is_said():
    """Nothing known: the index is unknown, and the count says why"""
    found = index.evaluated(index.scored(pd.DataFrame(index=range(3)), made()), made())
    assert found["all"].isna().all()
    assert (found["missing_count"] == 1).all()


def test_what_each_indicator_adds():
    """Dropping the worst of two equals takes half of their distance"""
    own = Scheme(key="own", title="", result="all", indicators=[Indicator(key="a"), Indicator(key="b")],
                 node=[Node(key="all", how="arithmetic", of=["a", "b"])])  # fmt: skip
    added = index.without(pd.DataFrame({"a": [8.0], "b": [2.0]}), own)
    assert list(added.iloc[0]) == [3.0, -3.0]
    assert index.weights_of(own) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"result": "none"}, "not a node"),
        ({"node": [Node(key="all", how="arithmetic", of=["b"])]}, "Nearest"),
        ({"node": [Node(key="all", how="arithmetic", of=["a"], weights=[0.0])]}, "not all 0"),
        ({"indicators": [Indicator(key="a", low=3, high=3)]}, "low below high"),
    ],
)
def test_a_scheme_that_cannot_be_computed_is_refused(change, said):
    """The sentence names the part"""
    fields = {name: getattr(made(), name) for name in made().__struct_fields__} | change
    with pytest.raises(OperationInvalid, match=said):
        scheme.checked(Scheme(**fields))
