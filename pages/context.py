"""What is this place exposed to, who is there, what can they reach, and how sure are we?"""

import streamlit as st

from dashboard import clock, comparison, controls, frame, light, map_page, say
from dashboard.area import choose, handing, modes, what_if_block
from dashboard.language import _

release, selection = map_page.open_view()
with st.sidebar:
    mode = modes.choice()
    how = choose.way()
    found = choose.chosen(release, how)
    view = what_if_block.controls(release, found)
    st.divider()
    look = modes.shown(view, mode, selection)
    selection = light.switch(choose.looked_at(look.selection, found))

# The map keeps its place on the page, whatever stands above it, or it would lose its view.
head = st.container()
map_column, side_column = st.columns([3, 2], gap="small")
rings = [area.ring for area in found if area.ring and how == "drawn"]
clicked = None
with map_column:
    if light.map_asked(selection):
        clicked = map_page.draw(
            view,
            look.drawn(selection),
            look.layer,
            key="context",
            token=look.token,
            height=520,
            drawing=how == "drawn",
            outlines=() if rings else choose.lines(found),
            drawn=rings[0] if rings else (),
        )
    clock.bar(release, selection)
    shown = comparison.drawn(view, look.drawn(selection), look.layer, look.token)
    handing.phone_legend(shown)
    frame.disclaimer()
    handing.table(shown, selection, found)
selection = map_page.after(selection, clicked)
with head:
    frame.banner(view)
    say.heading(choose.said_of(found) if found else _("Choose an area"))
with side_column:
    modes.beside(view, look, found)
modes.below(view, look, found, head)
handing.panel(shown, selection, found, modes.notes(look))
frame.watch(release.name, pinned=bool(selection.release))
controls.to_url(selection)
if map_page.ring_of(clicked):
    choose.remember(map_page.ring_of(clicked))
if clicked is not None:
    st.rerun()
