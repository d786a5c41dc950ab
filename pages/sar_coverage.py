"""Where would nobody arrive in time, who looked where, and where should the next asset stand?"""

import streamlit as st

from dashboard import clock, controls, figures, frame, light, map_page, map_table, say
from dashboard.language import _
from dashboard.rescue import flow, reasons, settings

view, selection = map_page.open_view()
with st.container():
    frame.banner(view)
    say.strong(_("For planning, not for tasking."))
    step = flow.choose_step()
    with st.spinner(_("Computing"), show_time=False):
        made = flow.plan_of(view)
        strip = flow.figures_of(made)
    figures.strip(strip)
    for reason in reasons.reasons(made, step):
        say.warning(reason)
with st.sidebar:
    shown = flow.controls_of(made, step)
    legend_box = st.container()
    kinds = flow.shown_places(view)
    settings.show(settings.UNITS, made.values)
    selection = light.switch(selection)
layer, token = flow.drawn(made, step, shown)
drawn = flow.on_map(selection, kinds, flow.lines_shown(made, step))
map_column, side_column = st.columns([3, 1], gap="small")
clicked = None
with map_column:
    if light.map_asked(selection):
        clicked = map_page.draw(view, drawn, layer, key="sar", token=token, height=560)
    clock.bar(view, selection, comparing=False)
    frame.disclaimer()
    with st.expander(_("The map as a table"), expanded=bool(selection.light)):
        map_table.show(view, drawn, layer, token=token)
selection = flow.after(view, step, selection, clicked)
with legend_box:
    flow.legend_of(made, layer)
with side_column, st.container(border=True):
    flow.side(made, selection)
flow.STEPS[step].below(made)
flow.hand_over(made, step, drawn, layer, token, strip)
frame.watch(view.name, pinned=bool(selection.release))
controls.to_url(selection)
if clicked is not None:
    st.rerun()
