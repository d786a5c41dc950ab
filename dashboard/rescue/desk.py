"""The solver of a session: one at most, ended with the session or when the question changes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.rescue import exact
from dashboard.rescue.exact import Job


class Desk:
    """Holds the one solver that a session may have at work."""

    def __init__(self) -> None:
        self.key = ""
        self.job: Job | None = None

    def begin(
        self, key: str, aim: str, covers: np.ndarray, hours: np.ndarray, demand: np.ndarray,
        sites: int, seconds: float,
    ) -> None:  # fmt: skip
        """Ask for an answer; the one asked for before is given up.

        Raises
        ------
        WaypostError
            If as many solvers are at work as the server bears.
        """
        self.close()
        self.key, self.job = key, exact.begin(aim, covers, hours, demand, sites, seconds)

    def keep(self, key: str) -> None:
        """Go on only if this is still the question."""
        if self.key != key:
            self.close()

    def close(self) -> None:
        """End the solver, if there is one."""
        job, self.job, self.key = self.job, None, ""
        if job is not None:
            job.stop()


@st.cache_resource(scope="session", show_spinner=False, on_release=Desk.close)
def desk() -> Desk:
    """The desk of this session; Streamlit releases it when the browser is gone."""
    return Desk()
