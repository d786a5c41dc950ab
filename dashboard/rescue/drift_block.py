"""Drift: from the last known position to a probability of area."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import say
from dashboard.language import _, moment, percent, word
from dashboard.rescue import bring, last_known, searched, settings, tables, uploads
from dashboard.rescue.plan import Plan
from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.words import N_

LIMITS = N_(
    "A decision aid, no forecast: wind and current stay as they are in the data. No "
    "leeway class is an overloaded rubber boat; the mixture for it is not validated."
)


def controls(made: Plan) -> None:
    """Position, object, wind and current; or a file of particles that stands for them all."""
    _file()
    if made.particles is not None:
        return
    last_known.controls(made)
    knobs = settings.DRIFT
    settings.show(knobs[2:7], made.values)
    if made.values["field"] == "entered":
        settings.show(knobs[7:11], made.values)
    settings.show(knobs[11:], made.values)


def _file() -> None:
    with st.expander(_("Particles of another model"), expanded=bring.brought() is not None):
        sent = st.file_uploader(
            _("NetCDF in the layout of OpenDrift; this session only"),
            type=list(uploads.PARTICLE_FILES), max_upload_size=25, key="sar-particles-file",
        )  # fmt: skip
        if sent is not None:
            bring.particles(sent.name, sent.getvalue())
        elif bring.brought() is not None:
            st.button(_("Forget these particles"), on_click=bring.forget, width="stretch")


def problem(made: Plan) -> str:
    """Why there is no drift; empty if there is one."""
    try:
        searched.drifted(made)
    except WaypostError as said:
        return word(str(said))
    return ""


def below(made: Plan) -> None:
    """Where the particles are; together they are all of them."""
    if problem(made):
        return
    table, rest, ended = searched.drifted(made)
    inside = float(table["area_probability"].sum())
    if made.particles is not None:
        say.caption(
            _(
                "{n} particles of a file, at {moment}. Afloat on the map {inside}, stranded "
                "{stranded}, no longer computed {lost}, outside the area {outside}; together "
                "100 %.",
                n=len(ended.lat_deg), moment=moment(ended.ends), inside=percent(inside, 1),
                stranded=percent(rest["stranded"], 1), lost=percent(rest["lost"], 1),
                outside=percent(rest["outside"], 1),
            )
        )  # fmt: skip
    else:
        _computed(inside, rest)
    if table.empty:
        say.note(_("No particle is afloat inside this operation."))
        return
    lat_deg, lon_deg = grid.centres_of(table["cell"].to_numpy())
    placed = table.assign(lat_deg=lat_deg, lon_deg=lon_deg)
    shown = placed.head(200).assign(h3=grid.text(placed["cell"].head(200))).drop(columns="cell")
    tables.show(made, pd.DataFrame(shown))
    tables.hexagon_files(made, placed, "drift")
    st.button(
        _("Search with it: use it in the step before"), on_click=_use_it,
    )  # fmt: skip


def _computed(inside: float, rest: dict[str, float]) -> None:
    say.caption(
        _(
            "{n} particles. Afloat on the map {inside}, stranded {stranded}, beyond the fields "
            "{lost}, outside the area {outside}; together 100 %.",
            n=searched.PARTICLES, inside=percent(inside, 1), stranded=percent(rest["stranded"], 1),
            lost=percent(rest["lost"], 1), outside=percent(rest["outside"], 1),
        )
    )  # fmt: skip
    say.caption(_(LIMITS))


def _use_it() -> None:
    settings.put("prior", "drift")
    st.session_state["step"] = "looked"
