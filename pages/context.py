"""What is this area exposed to, who is there, what can they reach, how sure are we?"""

import streamlit as st

from dashboard import area_blocks, clock, controls, figures, frame, map_page
from dashboard.language import _

view, selection = map_page.open_view()
with st.sidebar:
    how = area_blocks.way()
    area = area_blocks.chosen(view, how, area_blocks.drawn_ring())
    st.divider()
    selection, layer = controls.layers_and_legend(view, selection)
    selection = area_blocks.looked_at(selection, area)

# The map keeps its place on the page, whatever stands above it, or it would lose its view.
head = st.container()
map_column, chart_column = st.columns([3, 2], gap="small")
with map_column:
    clicked = map_page.draw(
        view,
        selection,
        layer,
        key="context",
        height=520,
        drawing=how != "admin",
        outlines=area.outlines if area else (),
        drawn=area.ring if area else (),
    )
    clock.bar(view, selection)
    frame.disclaimer()
selection = map_page.after(selection, clicked)
with head:
    frame.banner(view)
    st.subheader(area.name if area else _("Choose an area"))
if area:
    table = area_blocks.profile_of(view, area)
    with head:
        figures.strip(area_blocks.key_figures(view, table))
    with chart_column:
        area_blocks.charts(view, area, table)
    for remark in area.remarks:
        st.warning(remark)
    area_blocks.profile_table(table)
    area_blocks.downloads(view, area, table)
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if map_page.ring_of(clicked):
    area_blocks.remember(map_page.ring_of(clicked))
if clicked is not None:
    st.rerun()
