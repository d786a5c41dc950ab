"""Where would nobody arrive in time, who looked where, and where should the next asset stand?"""

import streamlit as st

from dashboard import controls, figures, frame, map_page
from dashboard.language import _
from dashboard.rescue import flow, settings
from dashboard.text import strong

view, selection = map_page.open_view()
with st.container():
    frame.banner(view)
    st.caption(strong(_("For planning, not for tasking.")))
    step = flow.choose_step()
    with st.spinner(_("Computing"), show_time=False):
        made = flow.plan_of(view)
        strip = flow.figures_of(made)
    figures.strip(strip)
with st.sidebar:
    shown = flow.controls_of(made, step)
    legend_box = st.container()
    kinds = flow.shown_places(view)
    settings.show(settings.UNITS, made.values)
layer, token = flow.drawn(made, step, shown)
map_column, side_column = st.columns([3, 1], gap="small")
with map_column:
    drawn = flow.on_map(selection, kinds, flow.lines_shown(made, step))
    clicked = map_page.draw(view, drawn, layer, key="sar", token=token, height=560)
    frame.disclaimer()
selection = map_page.after(selection, clicked)
with legend_box:
    flow.legend_of(made, layer)
with side_column, st.container(border=True):
    flow.side(made, selection)
flow.STEPS[step].below(made)
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if clicked is not None:
    st.rerun()
