"""The fleet of a plan: the register of the release, and what the planner changed in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.linked import Linked
from dashboard.rescue import settings
from dashboard.rescue.plan import Hashed
from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.view import View
from layers.sar import edits
from layers.sar.edits import Edits

NUMBERS = ("lat_deg", "lon_deg", "speed_km_h", "endurance_h", "mobilise_h")
TEXTS = ("place_id", "name", "medium", "asset_type", "organisation", "on_call", "sensor")
COLUMNS = (
    "place_id", "name", "medium", "asset_type", "lat_deg", "lon_deg", "speed_km_h", "endurance_h",
    "mobilise_h", "ready", "on_call", "sensor", "organisation",
)  # fmt: skip
LINK, AGAINST, RELEASE = "edits", "plan_against", "release"
UNDO, SAVED, EDITION = "sar-undo", "sar-saved", "sar-edition"
FLEET = Linked(LINK, "sar")


def stored(view: View) -> pd.DataFrame:
    """The register of the release, as a planner edits it; empty for those who may not see it."""
    return typed(view.places("assets").reindex(columns=list(COLUMNS)).reset_index(drop=True))


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers, and None where nothing is known."""
    made = table.assign(**{name: pd.to_numeric(table[name], errors="coerce") for name in NUMBERS})
    plain = {name: made[name].astype(object).where(made[name].notna(), None) for name in TEXTS}
    ready = [None if value is None or value != value else bool(value) for value in made["ready"]]
    return made.assign(**plain, ready=pd.Series(ready, index=made.index, dtype="boolean"))


def located(table: pd.DataFrame, resolution: int) -> tuple[Hashed, int]:
    """Assets with their cell; rows without medium or position are left out and counted."""
    placed = typed(table).dropna(subset=["lat_deg", "lon_deg", "medium"])
    placed = placed[placed["lat_deg"].abs().le(90) & placed["lon_deg"].abs().le(180)]
    cells = grid.cells_of(
        lat_deg=placed["lat_deg"], lon_deg=placed["lon_deg"], resolution=resolution
    )
    made = placed.assign(cell=np.asarray(cells, np.int64)).drop_duplicates("place_id")
    return Hashed(made.reset_index(drop=True)), len(table) - len(made)


def current() -> Edits:
    """The changes that the link holds; says so if they cannot be read."""
    return _read(st.query_params.get(LINK, ""))


def compared(view: View) -> Hashed | None:
    """The fleet that this plan is compared to; None: no comparison."""
    asked = st.query_params.get(AGAINST, "")
    if not asked:
        return None
    other = Edits() if asked == RELEASE else _read(asked)
    return located(edits.applied(stored(view), other), view.resolution)[0]


def change(made: Edits) -> None:
    """Put changes into the link, and what was there before on the pile for undoing."""
    FLEET.change(edits.to_text(made))


def undo() -> None:
    """Back to the fleet before the last change."""
    FLEET.undo()


def without(view: View, place_id: str) -> None:
    """What if this asset were lost: it is not ready, and the plan is compared to the release."""
    change(edits.without(stored(view), current(), place_id))
    settings.put(AGAINST, RELEASE)


def save(name: str) -> None:
    """Keep the changes under a name, in this session."""
    st.session_state.setdefault(SAVED, {})[name] = st.query_params.get(LINK, "")


def saved() -> dict[str, str]:
    """Saved scenarios: changes as text, by name."""
    return dict(st.session_state.get(SAVED, {}))


def _read(text: str) -> Edits:
    try:
        return edits.from_text(FLEET.whole(text))
    except WaypostError as problem:
        st.warning(str(problem))
        return Edits()
