"""The app: page list and frame. Started through ``streamlit_app.py``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboard import access, frame  # noqa: E402
from geo_data.errors import WaypostError  # noqa: E402

PAGES = [
    st.Page(ROOT / "pages" / "live_map.py", title="Live map", icon=":material/map:", default=True),
    st.Page(ROOT / "pages" / "context.py", title="Context", icon=":material/analytics:"),
    st.Page(ROOT / "pages" / "sar_coverage.py", title="SAR coverage", icon=":material/sos:"),
    st.Page(ROOT / "pages" / "data.py", title="Data", icon=":material/receipt_long:"),
]

st.set_page_config(page_title="Waypost", page_icon=str(frame.ICON), layout="wide")
frame.style()
frame.mark()
try:
    access.audience()
    page = st.navigation(PAGES, position="top")
    if frame.release_ready():
        page.run()
except WaypostError as problem:
    st.error(str(problem))
