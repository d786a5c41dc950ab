"""Survival in heat and water: published tables, and what they do not say."""

import numpy as np
import pytest

from layers.sar import survival


@pytest.mark.parametrize(
    ("fahrenheit", "quarts", "days"),
    [(120, 0, 2), (110, 0, 3), (110, 1, 3), (110, 2, 3.5), (110, 4, 4), (110, 20, 7), (100, 10, 9.5),
     (90, 4, 10.5), (70, 20, 32), (60, 0, 10)],
)  # fmt: skip
def test_resting_in_the_heat(fahrenheit, quarts, days):
    """Adolph 1947, in Fahrenheit and US quarts as printed"""
    hours = survival.heat_survival_h((fahrenheit - 32) / 1.8, quarts * 0.946353)
    assert hours / 24 == pytest.approx(days, abs=0.02)


def test_walking_costs_days():
    """At 120 °F without water one day instead of two; at 90 °F five instead of seven"""
    hot = survival.heat_survival_h(np.array([48.889, 32.23]), walking_at_night=True)
    assert hot / 24 == pytest.approx([1, 5], abs=0.02)


def test_heat_and_thirst_only_get_worse():
    """Hotter is shorter, and more water is longer"""
    heat = np.linspace(16, 60, 45)
    for water in (0, 1, 2, 4, 10, 20):
        assert (np.diff(survival.heat_survival_h(heat, water)) <= 1e-9).all()
        assert (
            survival.heat_survival_h(heat, water + 1) >= survival.heat_survival_h(heat, water)
        ).all()


def test_no_limit_and_not_known_are_two_things():
    """Mild days and warm water set no limit; unknown ones are unknown"""
    assert np.isinf(survival.heat_survival_h(10.0))
    assert np.isnan(survival.heat_survival_h(np.nan))
    low, high = survival.water_band_h([28.0, np.nan, 24.0])
    assert np.isinf(low[0])
    assert np.isnan(low[1])
    assert (low[2], high[2]) == (3.0, np.inf)


@pytest.mark.parametrize(
    ("celsius", "low", "high"),
    [(-1, 0.25, 0.75), (3, 0.5, 1.5), (8, 1, 3), (12, 1, 6), (18, 2, 40)],
)
def test_bands_in_the_water(celsius, low, high):
    """The bands as published"""
    assert survival.water_band_h(celsius) == (low, high)
