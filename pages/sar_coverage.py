"""Where would nobody arrive in time, and where do people die?"""

import streamlit as st

from dashboard import controls, figures, frame, map_page, panel, rescue, rescue_blocks
from dashboard.language import _
from layers import BY_KEY

view, selection = map_page.open_view()
with st.sidebar:
    st.caption(_("For planning, not for tasking."))
    parameters = rescue_blocks.parameters()
    shown = rescue_blocks.shown_layer()
    legend_box = st.container()
    kinds = rescue_blocks.shown_places(view)

with st.container():
    frame.banner(view)
    assets, edited = rescue_blocks.asset_table(view)
    coverage = rescue.coverage(view, assets, parameters)
    figures.strip(rescue_blocks.key_figures(view, assets, coverage, parameters))
layer = BY_KEY[shown.column]
map_column, side_column = st.columns([3, 1], gap="small")
with map_column:
    drawn = rescue_blocks.on_map(selection, kinds)
    clicked = map_page.draw(view, drawn, layer, key="sar", token=coverage.token)
    frame.disclaimer()
selection = map_page.after(selection, clicked)
with legend_box:
    rescue_blocks.derived_legend(view, layer, edited)
with side_column, st.container(border=True):
    panel.show(view, selection, rescue_blocks.cell_values(coverage, selection))
rescue_blocks.gap_tables(view, coverage)
rescue_blocks.notes(coverage)
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if clicked is not None:
    st.rerun()
