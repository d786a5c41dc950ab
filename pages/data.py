"""Where does this number come from, how old is it, what was left out?"""

import streamlit as st

from dashboard import accounts, data, exports, frame

view = data.view(data.newest())
frame.banner(view)
st.title("Data")
st.caption(
    f"{view.operation['title']}. Release {view.name}. Every row that came in was accepted or "
    "quarantined; nothing is dropped without a reason."
)
accounts.totals(view)
accounts.source_table(view)
left, right = st.columns(2)
with left:
    accounts.source_detail(view)
with right:
    accounts.quarantine(view)
st.subheader("Methods")
accounts.methods(view)
st.download_button(
    "Sources and accounts as CSV",
    lambda: exports.csv(exports.about(view)),
    file_name=exports.file_name(view, "sources", "csv"),
    mime="text/csv",
)
frame.watch(view.name, pinned=False)
