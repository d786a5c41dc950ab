"""What is open, surging, late and uncovered right now?"""

from dataclasses import replace

import streamlit as st

from dashboard import controls, figures, frame, hand_over, map_page, panel
from dashboard.language import _

view, selection = map_page.open_view()
with st.sidebar:
    selection, layer = controls.layers_and_legend(view, selection)
    map_page.other_release(selection)

with st.container():
    frame.banner(view)
    figures.strip(figures.live(view))
map_column, detail_column = st.columns([3, 1], gap="small")
with map_column:
    clicked = map_page.draw(view, selection, layer, key="live")
    frame.disclaimer()
selection = map_page.after(selection, clicked)
with detail_column, st.container(border=True):
    panel.show(view, selection)
    if selection.picked and st.button(_("Clear selection")):
        selection = replace(selection, picked="")
        controls.to_url(selection)
        st.rerun()
hand_over.panel(view, selection, layer)
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if clicked is not None:
    st.rerun()
