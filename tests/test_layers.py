"""Every layer of the catalogue can be drawn and read, in colour, in grey and colour-blind."""

import numpy as np
import pytest

from geo_data.classes import CLASSES, OUTSIDE, UNKNOWN
from layers import CATALOGUE, DERIVED
from layers.palettes import PALETTES, rgb

ALL = [*CATALOGUE, *DERIVED]
# Simulation of dichromacy after Vienot, Brettel and Mollon (1999), linear RGB.
BLIND = {
    "protan": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deutan": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    "normal": np.eye(3).tolist(),
}


def linear(colour):
    part = rgb(colour)
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(linear_rgb):
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(matrix) @ np.clip(linear_rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.key)
def test_one_colour_and_one_label_a_class(layer):
    "Colours, labels and codes have the same number"
    assert len(layer.colours) == len(layer.classes.labels) == len(set(layer.classes.labels))
    low, high = layer.quantity.low, layer.quantity.high
    codes = layer.classes.of(np.linspace(low, high, 1001), np.ones(1001))
    assert codes.max() == len(layer.colours) - 1


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.key)
def test_none_unknown_and_outside_are_three_codes(layer):
    "0, not observed, and not spoken about never share a code"
    none, unknown, outside = layer.classes.of([0.0, np.nan, np.nan], [1, 1, 0])
    assert unknown == UNKNOWN
    assert outside == OUTSIDE
    assert none not in (UNKNOWN, OUTSIDE)


@pytest.mark.parametrize(
    "name", [n for n in PALETTES if n not in ("dry_wet", "won_lost", "relief")]
)
def test_ramps_read_in_greyscale(name):
    "Luminance falls (or rises) from class to class, so a photocopy keeps the order"
    steps = np.diff([luminance(colour) for colour in PALETTES[name].colours(5, none=False)])
    assert (steps < -0.01).all() or (steps > 0.01).all()


@pytest.mark.parametrize("kind", BLIND)
@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.key)
def test_neighbouring_classes_differ_for_every_eye(layer, kind):
    "CIELAB distance of at least 7 between neighbours, also without red or green cones"
    seen = [lab(np.array(BLIND[kind]) @ linear(colour)) for colour in layer.colours]
    gaps = [float(np.linalg.norm(a - b)) for a, b in zip(seen, seen[1:], strict=False)]
    assert min(gaps) >= 7, gaps


@pytest.mark.parametrize("classes", CLASSES.values(), ids=lambda c: c.quantity.column)
def test_breaks_lie_in_the_legal_range(classes):
    "Ascending, and inside what the quantity may be"
    assert list(classes.breaks) == sorted(set(classes.breaks))
    assert classes.quantity.low <= classes.breaks[0] <= classes.breaks[-1] <= classes.quantity.high


def test_a_value_on_a_break_belongs_above_it():
    "0.5 m of water is in '0.5 to below 1'"
    classes = CLASSES["flood_depth_m"]
    assert classes.labels[int(classes.of([0.5], [1])[0])] == "0.5 to below 1"
