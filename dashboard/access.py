"""For whom this process shows data: decided once, from its settings and its server address."""

from __future__ import annotations

from functools import cache

import streamlit as st

from geo_data.settings import Settings
from geo_data.vocabulary import Audience


@cache
def settings() -> Settings:
    """Settings of this process."""
    return Settings.from_env()


def audience() -> Audience:
    """The audience of this deployment.

    Raises
    ------
    SettingInvalid
        If others can reach the server and nobody said who they are.
    """
    return Audience(settings().audience_at(st.get_option("server.address")))
