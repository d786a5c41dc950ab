"""Imports point one way."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "geo_data": set(),
    "etl": {"geo_data"},
    "layers": {"geo_data"},
    "dashboard": {"geo_data", "layers"},
    "pages": {"geo_data", "layers", "dashboard"},
}
KERNELS = "layers.sar.kernels"
HEAVY = {"rasterio", "pandera", "dask", "numba", "scipy.stats", "exactextract", "etl"}
BESIDE_THE_STORE = {
    f"geo_data/{name}.py"
    for name in ("listing", "sweep", "retention", "parcel", "unpacking", "doctor", "repair")
}
ONE_HOME = {
    "folium": {"dashboard/leaflet.py"},
    "streamlit_folium": {"dashboard/leaflet.py"},
    "deltalake": {"geo_data/delta.py"},
    "geo_data.store": {"dashboard/data.py", *BESIDE_THE_STORE},
    "geo_data.release": BESIDE_THE_STORE,
    "geo_data.parcel": BESIDE_THE_STORE,
    "geo_data.assessments.journal": {"dashboard/area/observed.py", "geo_data/doctor.py"},
}


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_point_one_way(folder):
    "geo_data <- etl, geo_data <- layers <- dashboard <- pages, and never back"
    ours = {*MAY_IMPORT, "tests", "streamlit_app"}
    for file in files(folder):
        foreign = {name.split(".")[0] for name in imports(file)} & ours
        forbidden = foreign - MAY_IMPORT[folder] - {folder}
        assert not forbidden, f"{file.relative_to(ROOT)} imports {forbidden}"


def test_streamlit_stays_in_the_app():
    "Data, jobs and layers work in a notebook and on a server without a screen"
    for file in files("geo_data", "etl", "layers"):
        assert not any(name.split(".")[0] == "streamlit" for name in imports(file)), file


def test_pages_stay_light():
    "What a page imports at module level never pulls in an engine of the jobs"
    for file in files("dashboard", "pages", "layers"):
        if file.parent.name == "kernels":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
        assert not any(name.startswith(KERNELS) for name in names), file
        assert not names & HEAVY, f"{file.relative_to(ROOT)} imports {names & HEAVY}"


@pytest.mark.parametrize("module", ONE_HOME)
def test_one_home(module):
    "The map library and the raw store are each reached through one door of the app"
    users = {
        str(file.relative_to(ROOT))
        for file in files("geo_data", "layers", "dashboard", "pages")
        if any(name == module or name.startswith(module + ".") for name in imports(file))
    }
    allowed = ONE_HOME[module] | {"geo_data/store.py", "geo_data/view.py"}
    assert users <= allowed, f"{module} is also imported by {users - allowed}"


def test_environment_is_read_in_one_place():
    "os.environ appears in the settings only"
    users = [
        file.name
        for file in files("geo_data", "etl", "layers", "dashboard", "pages")
        if "os.environ" in file.read_text(encoding="utf-8")
    ]
    assert users == ["settings.py"]


def test_sentences_are_said_in_one_place():
    "Nothing but dashboard/say.py hands a sentence to Streamlit, which would read it as Markdown"
    told = re.compile(r"\bst\.(caption|info|warning|error|success|subheader|markdown|write)\(")
    for file in files("dashboard", "pages"):
        if file.name != "say.py":
            assert not told.findall(file.read_text(encoding="utf-8")), file.relative_to(ROOT)
