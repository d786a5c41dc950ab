"""What the Context page looks at: profile, index or services, each with its layer and blocks."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import controls, data, figures, links
from dashboard.area import (
    blocks,
    choose,
    handing,
    index_blocks,
    observation_blocks,
    observed,
    ranking,
    service_blocks,
    ways,
)
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.brief import blocks as brief_blocks
from dashboard.language import _
from dashboard.selection import Selection
from geo_data.view import View
from geo_data.words import N_
from layers.base import HexLayer
from layers.sar.ground import Pace

MODES = {
    "profile": N_("Profile"), "index": N_("Index"), "services": N_("Services in reach"),
    "observations": N_("Observations"),
}  # fmt: skip
OF_STORED = ("profile", "observations")


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on the map and what it was made of."""

    mode: str
    selection: Selection
    layer: HexLayer | None
    token: str = data.STORED
    made: Ranking | None = None
    sector: str = ""
    pace: Pace = Pace.WALKING


def choice() -> str:
    """Which of them; it lives in the link. Observations are offered to the cell alone."""
    offered = [key for key in MODES if key != "observations" or observed.may_see()]
    titles = {key: _(MODES[key]) for key in offered}
    return links.choice("look", titles, st.radio, _("What to look at"))


def shown(view: View, mode: str, selection: Selection) -> Shown:
    """Controls and legend of a mode; returns what the map is to draw."""
    if mode in OF_STORED:
        selection, layer = controls.layers_and_legend(view, selection)
        return Shown(mode, selection, layer)
    with st.spinner(_("Measuring the ways over land; once per release.")):
        ways.land(view.name)
    if mode == "index":
        plan, drawn = index_blocks.plan(), index_blocks.layer()
        made = ranking.ranking(view, plan)
        index_blocks.legend_of(view, drawn, made)
        return Shown(mode, selection, drawn, made.token, made)
    sector, pace = service_blocks.sector(view), service_blocks.pace()
    drawn, token = service_blocks.layer(view, sector, pace)
    service_blocks.legend_of(view, drawn)
    return Shown(mode, selection, drawn, token, sector=sector, pace=pace)


def notes(look: Shown) -> tuple[str, ...]:
    """What a sheet of the map says about how it was made."""
    if look.made is not None:
        return handing.index_notes(look.made)
    return handing.service_notes(look.sector, look.pace) if look.mode == "services" else ()


def beside(view: View, look: Shown, found: list[Area]) -> None:
    """The column beside the map."""
    if look.made is not None:
        index_blocks.explained(view, look.made, look.selection)
    elif look.mode == "services":
        one = found[0] if found else choose.whole(view)
        service_blocks.helping(view, one, look.sector, look.pace)
    elif look.mode == "observations":
        observation_blocks.beside(view, found)
    elif found:
        blocks.charts(view, found[0], blocks.profile_of(view, found[0]))


def below(view: View, look: Shown, found: list[Area], head: st.delta_generator.DeltaGenerator
          ) -> None:  # fmt: skip
    """Figures above the map and tables below it."""
    for remark in dict.fromkeys(remark for area in found for remark in area.remarks):
        st.warning(_(remark))
    if look.made is not None:
        sure = ranking.sureness(look.made, view.name)
        with head:
            figures.strip(index_blocks.key_figures(view, look.made, sure, found))
        index_blocks.ranked(view, look.made, sure, found)
        index_blocks.anatomy(look.made)
    elif look.mode == "services":
        service_blocks.gaps(view, found, look.pace)
    elif look.mode == "observations":
        with head:
            figures.strip(observation_blocks.key_figures(view, found))
        observation_blocks.below(view, found)
    elif look.mode == "profile" and found:
        profiles = {area.name: blocks.profile_of(view, area) for area in found}
        first = profiles[found[0].name]
        with head:
            figures.strip(blocks.key_figures(view, first))
        blocks.profile_table(view, profiles)
        blocks.downloads(view, found[0], first)
    if found:
        st.caption(_("The brief is on the first area: {area}.", area=found[0].name))
        brief_blocks.downloads(view, found[0], look.made)
