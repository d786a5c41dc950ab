"""What got worse since an earlier release, and where the two cannot be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import clock, data, exports, links, say, small_tables
from dashboard.area import blocks, difference_blocks
from dashboard.area.choose import Area
from dashboard.language import _, moment, percent
from geo_data import breaks
from geo_data.errors import WaypostError
from geo_data.quantities import BY_COLUMN
from geo_data.view import View
from geo_data.words import N_, Number, Phrase
from layers.context import profile

NONE = "none"
KNOWN_APART = 0.05
OTHER_KNOWLEDGE = N_("known for {then} of the area then, {now} now")


def block(view: View, area: Area) -> None:
    """Choose an earlier release and show what changed in the profile since."""
    say.heading(_("What changed since an earlier release"))
    names = [name for name in clock.releases() if name < view.name]
    if not names:
        say.caption(_("There is no earlier release to compare with."))
        return
    titles = {NONE: _("choose a release")}
    titles |= {name: moment(data.view(name).at) for name in names[::-1]}
    asked = links.choice("since", titles, st.selectbox, _("Earlier release"))
    if asked == NONE:
        return
    try:
        before = data.view(asked)
        table = changed(before, view, area)
    except WaypostError as problem:
        say.warning(_(problem.args[0]))
        return
    _shown(before, view, table)
    stamped = exports.stamped(view, table.assign(area=area.name, since=asked), [])
    st.download_button(
        _("Changes as CSV"), lambda: exports.csv(stamped), mime="text/csv",
        file_name=exports.file_name(view, "context-changes", "csv"),
    )  # fmt: skip


def changed(before: View, after: View, area: Area) -> pd.DataFrame:
    """Lines of the profile at two dates: what got worse first, then by the size of the change.

    Returns
    -------
    DataFrame
        As :func:`layers.context.profile.differences`, with ``relative`` (change over the earlier
        value, null where that is 0), ``breaks`` (why the two are not comparable; empty if they
        are) and ``same_files``.
    """
    old, new = (blocks.profile_of(view, area) for view in (before, after))
    table = profile.differences(old, new)
    for one, name in ((old, "known_then"), (new, "known_now")):
        share = one.drop_duplicates(profile.KEYS)[[*profile.KEYS, "known_share"]]
        table = table.merge(
            share.rename(columns={"known_share": name}), on=profile.KEYS, how="left"
        )
    said, same = {}, {}
    for name in table["quantity"].unique():
        if name not in BY_COLUMN:
            continue
        at = [breaks.origin(view, BY_COLUMN[name]) for view in (before, after)]
        said[name], same[name] = breaks.breaks(*at), breaks.same_files(*at)
    told = [
        [*said.get(row["quantity"], ()), *_known(row["known_then"], row["known_now"])]
        for row in table.to_dict("records")
    ]
    base = table["before"].abs()
    relative = table["difference"] / base.where(base > 0)
    table = table.assign(
        relative=relative, breaks=pd.Series(told, index=table.index, dtype=object),
        same_files=table["quantity"].map(same).fillna(False).astype(bool),
    ).drop(columns=["known_then", "known_now"])  # fmt: skip
    size = relative.abs().fillna(np.inf).where(table["difference"] != 0, 0.0)
    order = pd.DataFrame({"verdict": table["verdict"].fillna(0.5), "size": size})
    order = order.assign(verdict=order["verdict"].mask(table["difference"].isna(), -2.0))
    return table.loc[order.sort_values(["verdict", "size"], ascending=False, kind="stable").index]


def _known(then: float, now: float) -> list[str]:
    if np.isnan(then) or np.isnan(now) or abs(then - now) <= KNOWN_APART:
        return []
    return [Phrase(OTHER_KNOWLEDGE, then=Number(then, ".0%"), now=Number(now, ".0%"))]


def _shown(before: View, after: View, table: pd.DataFrame) -> None:
    broken = table["breaks"].map(len) > 0
    differs = table["difference"].ne(0.0) & table["difference"].notna()
    shown = table[differs | (broken & table[["before", "after"]].notna().any(axis=1))]
    if shown.empty:
        say.note(_("Nothing in the profile changed between the two releases."))
    worse = int((shown["verdict"] == 1).sum())
    say.caption(
        _("Lines that got worse: {worse}; better: {better}. Where a break stands, the source, its "
          "method or its coverage changed too, so that the difference may be of the data only.",
          worse=worse, better=int((shown["verdict"] == -1).sum()))
    )  # fmt: skip
    if after.what_if:
        say.warning(_("The later side is the what-if, not the release."))
    if shown.empty:
        return
    readable = difference_blocks.readable(shown, moment(before.at), moment(after.at))
    change = ["–" if np.isnan(part) else percent(part) for part in shown["relative"]]
    told = [
        "; ".join(_(said) for said in row["breaks"])
        or (_(breaks.SAME_FILES) if row["same_files"] else "")
        for row in shown.to_dict("records")
    ]
    readable.insert(1, _("Verdict"), readable.pop(_("Verdict")))
    readable.insert(2, _("Break in the series"), told)
    readable.insert(6, _("Change, %"), change)
    small_tables.grid(readable, height=360)
