"""The launcher: ``streamlit run streamlit_app.py`` serves the pages and the map's own routes."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from dashboard import api, routes, ticks
from dashboard.entrance import Entrance

app = st.App(
    "dashboard/main.py",
    lifespan=ticks.lifespan,
    routes=[*routes.static_routes(), *api.routes()],
    middleware=[
        Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
        Middleware(Entrance),
    ],
)
