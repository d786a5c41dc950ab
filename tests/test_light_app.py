"""The app serves pages and tiles without the engine of the jobs, which takes half a second."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# A process of its own: in this one other tests have loaded the engine.
PROGRAM = """
import importlib, json, pkgutil, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from starlette.applications import Starlette
from starlette.testclient import TestClient
import streamlit_app
from dashboard import api, data, routes
import dashboard, layers, geo_data

for package in (dashboard, layers, geo_data):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        # main is a script; the sample is written by the job that builds the demo.
        if module.name != "dashboard.main" and not module.name.startswith("geo_data.sample"):
            importlib.import_module(module.name)
ROOT = Path(streamlit_app.__file__).parent
opened = []
for page in ("live_map", "context", "sar_coverage", "data"):
    at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=120)
    at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    opened.append(not at.exception and bool(at.get("html") or at.markdown))
client = TestClient(Starlette(routes=[*routes.static_routes(), *api.routes()]))
release = data.store().latest().name
tile = client.get(f"/waypost/tiles/{release}/population_people/stored/4/8/6")
heavy = [name for name in sys.modules
         if name.split(".")[0] in ("etl", "rasterio", "distributed")]
print(json.dumps({"opened": opened, "status": tile.status_code, "bytes": len(tile.content),
                  "heavy": sorted(heavy)}))
"""


def test_the_app_never_loads_the_engine(demo_store):
    "Every module, every page and a full tile: nothing of the jobs; travel over land needs numba."
    env = os.environ | {
        "WAYPOST_STORE": str(demo_store), "WAYPOST_AUDIENCE": "cell", "PYTHONPATH": str(ROOT)
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["opened"] == [True] * 4
    assert said["status"] == 200 and said["bytes"] > 1_000
    assert said["heavy"] == []
