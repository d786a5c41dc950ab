"""A text that lives in the link, with undo; one too long for a link stays in the session."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

LONGEST_LINK = 6_000
IN_SESSION = "session"


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
        """What the link holds; empty if nothing."""
        return self.whole(st.query_params.get(self.name, ""))

    def whole(self, held: str) -> str:
        """What a value of the parameter stands for."""
        long = st.session_state.get(f"{self.prefix}-long", "")
        return str(long) if held == IN_SESSION else held

    def change(self, text: str, *, remember: bool = True) -> None:
        """Put a text into the link, and what was there before on the pile for undoing."""
        before = self.text()
        if text == before:
            return
        if remember:
            st.session_state.setdefault(f"{self.prefix}-undo", []).append(before)
        if len(text) > LONGEST_LINK:
            st.session_state[f"{self.prefix}-long"] = text
            text = IN_SESSION
        if text:
            st.query_params[self.name] = text
        elif self.name in st.query_params:
            del st.query_params[self.name]
        st.session_state[f"{self.prefix}-edition"] = self.edition + 1

    def undo(self) -> None:
        """Back to the text before the last change."""
        pile = st.session_state.get(f"{self.prefix}-undo", [])
        if pile:
            self.change(pile.pop(), remember=False)

    @property
    def changed(self) -> bool:
        """Whether there is anything to take back."""
        return bool(st.session_state.get(f"{self.prefix}-undo"))

    @property
    def edition(self) -> int:
        """Grows with every change; in keys of widgets it makes them forget."""
        return int(st.session_state.get(f"{self.prefix}-edition", 0))
