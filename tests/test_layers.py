"""Every layer of the catalogue can be drawn and read, in colour, in grey and colour-blind."""

import numpy as np
import pytest

from geo_data.classes import CLASSES, OUTSIDE, UNKNOWN
from layers import CATALOGUE, DERIVED
from layers.change import ChangeLayer
from layers.palettes import PALETTES, rgb

ALL = [*CATALOGUE, *DERIVED]
CHANGES = [ChangeLayer.of(layer) for layer in CATALOGUE]
DIVERGING = ("dry_wet", "relief", "change")
# Full dichromacy after Machado, Oliveira and Fernandes (2009), table 1, severity 1.0, linear RGB.
BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
    "normal": np.eye(3).tolist(),
}  # fmt: skip


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


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", [n for n in PALETTES if n not in DIVERGING])
def test_ramps_read_in_greyscale(name, dark):
    "Luminance falls (or rises) from class to class, so a photocopy keeps the order"
    colours = PALETTES[name].colours(5, none=False, dark=dark)
    steps = np.diff([luminance(colour) for colour in colours])
    assert (steps < -0.01).all() or (steps > 0.01).all()


@pytest.mark.parametrize("dark", [False, True])
def test_a_change_grows_away_from_the_middle(dark):
    "Towards both ends the luminance moves one way only, darker by day and brighter by night"
    grey = [luminance(c) for c in PALETTES["change"].colours(7, none=False, dark=dark)]
    steps = np.diff([-value if dark else value for value in grey])
    assert (steps[:3] > 0.01).all() and (steps[3:] < -0.01).all()


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.key)
def test_in_the_dark_the_first_class_is_not_the_brightest(layer):
    "A class 'none' that fills the map stays near the land, the heaviest class shines"
    grey = [luminance(colour) for colour in layer.shades(dark=True)]
    if layer.palette not in DIVERGING and layer.palette != "water_down":
        assert grey[0] == min(grey) and grey[-1] == max(grey)
    if layer.classes.none:
        assert grey[0] < 0.03


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", BLIND)
@pytest.mark.parametrize(
    "layer", [*ALL, CHANGES[0]], ids=lambda layer: f"{layer.key}-{layer.palette}"
)
def test_neighbouring_classes_differ_for_every_eye(layer, kind, dark):
    "CIELAB distance of at least 7 between neighbours, also without one kind of cones"
    seen = [lab(np.array(BLIND[kind]) @ linear(colour)) for colour in layer.shades(dark=dark)]
    gaps = [float(np.linalg.norm(a - b)) for a, b in zip(seen, seen[1:], strict=False)]
    assert min(gaps) >= 7, gaps


@pytest.mark.parametrize("kind", BLIND)
@pytest.mark.parametrize("dark", [False, True])
def test_up_and_down_are_told_apart_by_every_eye(kind, dark):
    "The same step up and down: a CIELAB distance of at least 20"
    seen = [lab(np.array(BLIND[kind]) @ linear(c)) for c in CHANGES[0].shades(dark=dark)]
    for step in (1, 2, 3):
        assert np.linalg.norm(seen[3 - step] - seen[3 + step]) >= 20


@pytest.mark.parametrize("classes", CLASSES.values(), ids=lambda c: c.quantity.column)
def test_breaks_lie_in_the_legal_range(classes):
    "Ascending, and inside what the quantity may be"
    assert list(classes.breaks) == sorted(set(classes.breaks))
    assert classes.quantity.low <= classes.breaks[0] <= classes.breaks[-1] <= classes.quantity.high


def test_a_value_on_a_break_belongs_above_it():
    "0.5 m of water is in '0.5 to below 1'"
    classes = CLASSES["flood_depth_m"]
    assert classes.labels[int(classes.of([0.5], [1])[0])] == "0.5 to below 1"
