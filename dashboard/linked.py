"""A text that lives in the link, with undo; one too long for a link stays in the session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from dashboard.language import _
from geo_data.errors import WaypostError

LONGEST_LINK = 6_000
HELD = "session."
"""No packed text holds a full stop."""


def short(text: str, held: str) -> str:
    """A text as it stands in the link; a long one by a name that the session knows under a key."""
    if len(text) <= LONGEST_LINK:
        return text
    name = HELD + hashlib.sha256(text.encode()).hexdigest()[:12]
    st.session_state.setdefault(held, {})[name] = text
    return name


def whole(text: str, held: str) -> str:
    """The text behind what stands in the link.

    Raises
    ------
    WaypostError
        If it was too long for a link and another session holds it.
    """
    if not text.startswith(HELD):
        return text
    known: dict[str, str] = st.session_state.get(held, {})
    if text not in known:
        raise WaypostError(
            _(
                "This link stands for more changes than it can hold, and the session that made "
                "them is over: none of them is shown. Load them from the file that was downloaded."
            )
        )
    return known[text]


@dataclass(frozen=True)
class Linked:
    """One URL parameter whose changes can be taken back.

    Attributes
    ----------
    name : str
        Of the URL parameter.
    prefix : str
        Of the keys in the session: ``prefix-undo``, ``prefix-long``, ``prefix-edition``.
    """

    name: str
    prefix: str

    def text(self) -> str:
        """What the link stands for; empty if nothing. Raises as :func:`whole` does."""
        return whole(self._held(), f"{self.prefix}-long")

    def change(self, text: str) -> None:
        """Put a text into the link, and what was there before on the pile for undoing."""
        before, after = self._held(), short(text, f"{self.prefix}-long")
        if after != before:
            st.session_state.setdefault(f"{self.prefix}-undo", []).append(before)
            self._put(after)

    def undo(self) -> None:
        """Back to the text before the last change."""
        pile = st.session_state.get(f"{self.prefix}-undo", [])
        if pile:
            self._put(pile.pop())

    @property
    def changed(self) -> bool:
        """Whether there is anything to take back."""
        return bool(st.session_state.get(f"{self.prefix}-undo"))

    @property
    def edition(self) -> int:
        """Grows with every change; in keys of widgets it makes them forget."""
        return int(st.session_state.get(f"{self.prefix}-edition", 0))

    def _held(self) -> str:
        return str(st.query_params.get(self.name, ""))

    def _put(self, text: str) -> None:
        if text:
            st.query_params[self.name] = text
        elif self.name in st.query_params:
            del st.query_params[self.name]
        st.session_state[f"{self.prefix}-edition"] = self.edition + 1
