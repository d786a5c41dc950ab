"""Counts on the map: what the script of the browser merges stays whole."""

import json
import math
import shutil
import subprocess

import pytest

from dashboard.assets import STATIC

RUN = """
const L = { WaypostCanvas: { extend: () => ({}) } }, waypost = {}, window = { waypost };
SCRIPT
const made = JSON.parse(process.argv[1]).map(([x, y, count]) => ({
  x, y, world: 0, crowd: true, places: Array.from({ length: count }, () => ({ x, y })),
}));
console.log(JSON.stringify(waypost.merged(made, 1).map((m) => [m.x, m.y, m.places.length])));
"""


def merged(bubbles):
    "What the script makes of (x, y, count) in pixels."
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = RUN.replace("SCRIPT", (STATIC / "map" / "places.js").read_text("utf-8"))
    told = subprocess.run(
        [node, "-e", script, json.dumps(bubbles)], capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def test_counts_whose_circles_touch_become_one_at_their_mean():
    "30 and 10 places 20 pixels apart: 40 places, a quarter of the way from the larger one."
    assert merged([[0, 0, 30], [20, 0, 10]]) == [[pytest.approx(5), 0, 40]]


def test_counts_apart_stay_apart():
    "Circles of 5 places have a radius of 12.3 pixels."
    assert sorted(merged([[0, 0, 5], [40, 0, 5]])) == [[0, 0, 5], [40, 0, 5]]


def test_no_place_is_lost_and_no_circles_touch():
    "A crowded field of 200 counts: the total is conserved."
    field = [[37 * i % 601, 53 * i % 397, 5 + i % 90] for i in range(200)]
    found = merged(field)
    assert sum(count for *_spot, count in found) == sum(count for *_spot, count in field)
    near = min(math.dist(a[:2], b[:2]) for a in found for b in found if a is not b)
    assert near > 2 * 12.2
