"""What the Context page looks at: profile, index or services, each with its layer and blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import controls, data, figures, links, say
from dashboard.area import (
    blocks,
    choose,
    difference_blocks,
    handing,
    index_blocks,
    national_blocks,
    observation_blocks,
    observed,
    ranking,
    service_blocks,
    since_blocks,
    ways,
    what_if_block,
)
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.brief import blocks as brief_blocks
from dashboard.language import _
from dashboard.selection import CHANGE, Selection
from dashboard.what_if import Supposed, plain_name
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
    compare: str = ""
    against: str = ""
    timed: bool = False

    def drawn(self, selection: Selection) -> Selection:
        """The selection as the map draws it: a what-if beside or less its release."""
        if not self.compare:
            return selection
        return replace(selection, compare=self.compare, against=self.against)


def choice() -> str:
    """Which of them; it lives in the link. Observations are offered to the cell alone."""
    offered = [key for key in MODES if key != "observations" or observed.may_see()]
    titles = {key: _(MODES[key]) for key in offered}
    return links.choice("look", titles, st.radio, _("What to look at"))


def shown(view: View, mode: str, selection: Selection) -> Shown:
    """Controls and legend of a mode; returns what the map is to draw."""
    if mode == "observations":
        selection, layer = controls.layers_and_legend(view, selection)
        return Shown(mode, selection, layer)
    way = what_if_block.on_map(view, stored=mode == "profile")
    against = plain_name(view.name) if way else ""
    if mode == "profile":
        wanted = replace(selection, compare=way, against=against) if way else selection
        seen, layer = controls.layers_and_legend(view, wanted)
        seen = replace(seen, compare=selection.compare, against=selection.against)
        return Shown(mode, seen, layer, compare=way, against=against, timed=_timed(view))
    with st.spinner(_("Measuring the ways over land; once per release.")):
        ways.passable(view.name)
    if mode == "index":
        plan, drawn = index_blocks.plan(), index_blocks.layer()
        made = ranking.ranking(view, plan)
        token = made.token
        if isinstance(view, Supposed) and way == CHANGE:
            old = ranking.ranking(view.base, plan)
            drawn, token = data.register_difference(
                drawn, (view.name, token), (view.base.name, old.token)
            )
        index_blocks.legend_of(view, drawn, made)
        return Shown(mode, selection, drawn, token, made)
    sector, pace = service_blocks.sector(view), service_blocks.pace()
    drawn, token = service_blocks.layer(view, sector, pace)
    if isinstance(view, Supposed) and way == CHANGE:
        service_blocks.layer(view.base, sector, pace)
        drawn, token = data.register_difference(drawn, (view.name, token), (view.base.name, token))
    service_blocks.legend_of(view, drawn)
    return Shown(mode, selection, drawn, token, sector=sector, pace=pace)


def notes(look: Shown) -> tuple[str, ...]:
    """What a sheet of the map says about how it was made."""
    if look.made is not None:
        return handing.index_notes(look.made)
    return handing.service_notes(look.sector, look.pace) if look.mode == "services" else ()


def _timed(view: View) -> bool:
    if wanted := blocks.times_wanted():
        with st.spinner(_("Measuring the ways over land; once per release.")):
            ways.passable(view.name)
    return wanted


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
        say.warning(_(remark))
    if isinstance(view, Supposed):
        difference_blocks.remarks(view)
    if look.made is not None:
        sure = ranking.sureness(look.made, view.name)
        with head:
            figures.strip(index_blocks.key_figures(view, look.made, sure, found))
        if isinstance(view, Supposed):
            difference_blocks.ranks(view, look.made, look.made.scheme, found)
        index_blocks.ranked(view, look.made, sure, found)
        index_blocks.anatomy(look.made)
    elif look.mode == "services":
        if isinstance(view, Supposed):
            difference_blocks.gaps(view, found, look.pace)
        service_blocks.gaps(view, found, look.pace)
        service_blocks.sharing(view, found, look.sector, look.pace)
    elif look.mode == "observations":
        with head:
            figures.strip(observation_blocks.key_figures(view, found))
        observation_blocks.below(view, found)
    elif look.mode == "profile" and found:
        profiles = {area.name: blocks.profile_of(view, area, look.timed) for area in found}
        first = profiles[found[0].name]
        shown = blocks.key_figures(view, first)
        if isinstance(view, Supposed):
            shown = difference_blocks.figures_of(view, found[0], shown)
        with head:
            figures.strip(shown)
        if isinstance(view, Supposed):
            for area in found:
                difference_blocks.profiles(view, area, profiles[area.name], look.timed)
        blocks.profile_table(view, profiles, look.timed)
        blocks.downloads(view, found[0], first)
        since_blocks.block(view, found[0])
        national_blocks.block(view, found[0])
    if found:
        say.caption(_("The brief is on the first area: {area}.", area=found[0].name))
        brief_blocks.downloads(view, found[0], look.made)
