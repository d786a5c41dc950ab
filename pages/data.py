"""Where does this number come from, how old is it, what was left out?"""

import streamlit as st

from dashboard import accounts, controls, data, exports, frame, say
from dashboard.language import _, word

view = data.view(data.newest())
controls.language_from_url()
frame.banner(view)
st.title(_("Data"))
said = _(
    "Release {release}. Every row that came in was accepted or quarantined; nothing is dropped "
    "without a reason.",
    release=view.name,
)
title = word(view.operation["title"])
say.caption(f"{title}. {said}")
accounts.totals(view)
accounts.source_table(view)
left, right = st.columns(2)
with left:
    accounts.source_detail(view)
with right:
    accounts.quarantine(view)
say.heading(_("Methods"))
accounts.methods(view)
st.download_button(
    _("Sources and accounts as CSV"),
    lambda: exports.csv(exports.about(view)),
    file_name=exports.file_name(view, "sources", "csv"),
    mime="text/csv",
)
frame.watch(view.name, pinned=False)
