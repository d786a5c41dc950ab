"""What no line of the program may do, found by reading the code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("geo_data", "etl", "layers", "dashboard", "pages")
NEVER = {
    "pickle", "cPickle", "joblib", "dill", "cloudpickle", "shelve", "marshal", "tarfile", "lxml",
    "yaml", "telnetlib", "xmlrpc",
}  # fmt: skip
ONE_HOME = {
    "folium": {"dashboard/leaflet.py"}, "streamlit_folium": {"dashboard/leaflet.py"},
    "ctypes": {"etl/confine.py"}, "sqlite3": {"etl/ledger.py", "etl/readers/geopackage.py"},
    "subprocess": {"dashboard/frame.py", "dashboard/rescue/exact.py", "dashboard/ticks.py",
                   "dashboard/uploaded.py", "etl/sandbox.py"},
}  # fmt: skip
PARSERS = {"fromstring", "parse", "iterparse", "XML", "XMLParser", "parseString"}
CALLS = {"eval", "exec", "compile", "__import__", "read_pickle", "to_pickle", "extractall",
         "unpack_archive", "query"}  # fmt: skip
TEXT_QUERIES = {"execute", "executemany", "executescript", "sql"}


def found(tree: ast.AST):
    "Every offence in a syntax tree, as (line, what)."
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            module = getattr(node, "module", None)
            modules = [module] if module else names
            yield from ((node.lineno, m) for m in modules if m.split(".")[0] in NEVER)
            risky = [m for m in modules if m.startswith(("xml.etree", "xml.dom", "xml.sax"))]
            if risky and (not module or set(names) & PARSERS):
                yield node.lineno, "xml without defusedxml"
        elif isinstance(node, ast.Call):
            yield from _call(node)


def _call(node: ast.Call):
    plain = node.func.id if isinstance(node.func, ast.Name) else ""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else plain
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in CALLS and not (name == "compile" and (_is(inner, "re") or _is(inner, "typst"))):
        given = node.args[0] if node.args else None
        spatial = name == "query" and not isinstance(given, ast.Constant | ast.JoinedStr)
        if not spatial:
            yield node.lineno, name
    if name in TEXT_QUERIES and node.args and not _fixed(node.args[0]):
        yield node.lineno, f"{name} of a text that is put together"
    if name == "system" and _is(inner, "os"):
        yield node.lineno, "os.system"
    for keyword in node.keywords:
        on = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        if keyword.arg in {"shell", "resolve_entities", "huge_tree", "allow_pickle"} and on:
            yield node.lineno, f"{keyword.arg}=True"


def _fixed(node):
    "A literal, a constant, which the linter keeps one, or what the driver itself puts together"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        made = node.func.value
        return node.func.attr == "format" and isinstance(made, ast.Call) and (
            isinstance(made.func, ast.Attribute) and made.func.attr == "SQL"
        )  # fmt: skip
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def _is(node, name):
    return isinstance(node, ast.Name) and node.id == name


def sources():
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return [*files, ROOT / "streamlit_app.py"]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_line_runs_what_it_reads(file):
    "No pickle, eval, shell, query of composed text, unsafe XML or YAML, unpacking of archives"
    assert not list(found(ast.parse(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("module", ONE_HOME)
def test_sharp_tools_have_one_home(module):
    "Who starts programs, calls the kernel or draws maps can be read in one place"
    users = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == module for name in names):
                users.add(str(file.relative_to(ROOT)))
    assert users <= ONE_HOME[module]


@pytest.mark.parametrize(
    "line",
    [
        "import pickle", "from joblib import load", "eval(x)", "pd.read_pickle(f)", "t.query('a>1')",
        "t.query(f'a>{x}')", "db.execute(f'SELECT {x}')", "db.sql('SELECT ' + x)", "os.system('ls')",
        "subprocess.run(x, shell=True)", "yaml.load(f); import yaml", "import tarfile",
        "from xml.etree.ElementTree import parse", "import xml.etree.ElementTree as ET",
        "XMLParser(resolve_entities=True)", "z.extractall(d)", "np.load(f, allow_pickle=True)",
    ],
)  # fmt: skip
def test_each_offence_is_seen(line):
    "The control: a line of each kind is found"
    assert list(found(ast.parse(line)))
