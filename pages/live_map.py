"""What is open, surging, late and uncovered right now?"""

import streamlit as st

from dashboard import (
    clock,
    comparison,
    controls,
    figures,
    frame,
    hand_over,
    kiosk,
    legend,
    light,
    map_page,
    map_table,
    panel,
    sign_key,
)  # fmt: skip
from dashboard.language import _

view, selection = map_page.open_view()
if kiosk.wanted():
    kiosk.show(view, selection)
    st.stop()
with st.sidebar:
    selection, layer = controls.layers_and_legend(view, selection)
    selection = light.switch(selection)

drawn = comparison.drawn(view, selection, layer)
with st.container():
    frame.banner(view)
    figures.strip(figures.live(view))
map_column, detail_column = st.columns([3, 1], gap="small")
clicked = None
with map_column:
    if selection.light:
        map_table.show(drawn.view, selection, drawn.layer, token=drawn.token)
    if light.map_asked(selection):
        clicked = map_page.draw(view, selection, layer, key="live")
    clock.bar(view, selection)
    signs = sign_key.key(selection.places, selection.lines)
    if drawn.layer is not None or signs:
        st.html(legend.for_phones(drawn.view, drawn.layer, drawn.note, signs))
    frame.disclaimer()
    if not selection.light:
        with st.expander(_("The map as a table")):
            map_table.show(drawn.view, selection, drawn.layer, token=drawn.token)
selection = map_page.after(selection, clicked)
if selection.picked or not selection.light:
    with detail_column:
        panel.framed(view, selection)
hand_over.panel(
    drawn.view, selection, drawn.layer, token=drawn.token, name=drawn.name, title=drawn.title,
    notes=(drawn.note,) if drawn.note else (),
)  # fmt: skip
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if clicked is not None:
    st.rerun()
