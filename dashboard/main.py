"""The app: page list and frame. Started through ``streamlit_app.py``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboard import access, frame, language, say  # noqa: E402
from dashboard.language import _  # noqa: E402
from geo_data.errors import WaypostError  # noqa: E402

PAGES = ROOT / "pages"

st.set_page_config(page_title="Waypost", page_icon=str(frame.ICON), layout="wide")
language.choose()
frame.style()
frame.mark()
pages = [
    st.Page(PAGES / "live_map.py", title=_("Live map"), icon=":material/map:", default=True),
    st.Page(PAGES / "context.py", title=_("Context"), icon=":material/analytics:"),
    st.Page(PAGES / "sar_coverage.py", title=_("SAR coverage"), icon=":material/sos:"),
    st.Page(PAGES / "data.py", title=_("Data"), icon=":material/receipt_long:"),
]
try:
    access.audience()
    page = st.navigation(pages, position="top")
    if frame.release_ready():
        page.run()
except WaypostError as problem:
    say.problem(str(problem))
