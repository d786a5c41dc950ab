"""Step 1, assets: edit, undo, bring a file, save scenarios, compare two of them."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from dashboard import say, uploaded
from dashboard.language import _, ngettext, percent, word
from dashboard.rescue import assets, settings, tables, uploads
from dashboard.rescue.plan import Plan
from geo_data.errors import WaypostError
from geo_data.view import View
from geo_data.vocabulary import Medium, Sensor
from layers.sar import edits

MOST_SAVED = 50
TOLD = "sar-fleet-told"


def controls(made: Plan) -> None:
    """What if an asset were lost, and which plan this one is compared to."""
    view, fleet = made.view, made.assets
    ready = fleet[fleet["ready"].fillna(False).astype(bool)]
    names = dict(zip(ready["place_id"], ready["name"].fillna(ready["place_id"]), strict=True))
    lost = st.selectbox(
        _("What if we lose"), list(names), index=None, format_func=names.__getitem__,
        key=f"sar-lose-{st.session_state.get(assets.EDITION, 0)}", placeholder=_("choose an asset"),
    )  # fmt: skip
    if lost:
        assets.without(view, lost)
        st.rerun()
    saved = assets.saved()
    titles = {"": _("no comparison"), assets.RELEASE: _("the fleet as in the release")}
    for name, text in saved.items():
        key = assets.as_linked(text) or assets.RELEASE
        titles[key] = f"{titles[key]} / {name}" if key in titles else name
    asked = st.query_params.get(assets.AGAINST, "")
    titles.setdefault(asked, _("the plan in the link"))
    st.session_state["sar-against"] = asked
    st.selectbox(
        _("Compare with"), list(titles), format_func=titles.__getitem__, key="sar-against",
        on_change=lambda: settings.put(
            assets.AGAINST, st.session_state["sar-against"],
            default=not st.session_state["sar-against"],
        ),
    )  # fmt: skip


def below(made: Plan) -> None:
    """The table, its buttons, scenarios, and remarks on assets that cannot be used as entered."""
    view = made.view
    _comparison(made)
    stored, current = assets.stored(view), assets.current()
    table = assets.typed(edits.applied(stored, current))
    if table.empty:
        say.note(
            _("No asset is in this release, or this audience may not see them. Add one below.")
        )
    edited = _editor(view, table)
    changed = edits.between(stored, edited)
    if edits.to_text(changed) != edits.to_text(edits.between(stored, table)):
        assets.change(changed)
        st.rerun()
    left, middle, right = st.columns(3)
    left.button(
        _("Undo"), on_click=assets.undo, disabled=not st.session_state.get(assets.UNDO),
        width="stretch",
    )  # fmt: skip
    middle.button(
        _("Back to the register"), on_click=lambda: assets.change(edits.Edits()),
        disabled=not current, width="stretch",
    )  # fmt: skip
    with right.popover(_("Bring a file"), width="stretch"):
        _upload(view, table)
    if (told := st.session_state.get(TOLD)) is not None and current:
        uploaded.remarks(told)
    _scenarios(made)
    remarks(made)
    if len(made.assets):
        out = made.assets.drop(columns=["cell"])
        stamped = tables.stamp(made, out)
        tables.buttons(made, "assets", csv=lambda: tables.exports.csv(stamped))


def remarks(made: Plan) -> None:
    """Assets that could not be used as entered, and what to mend."""
    notes = made.reach.notes
    if len(notes):
        say.strong(_("Remarks on assets"))
        tables.show(made, notes)


def _comparison(made: Plan) -> None:
    change = made.change
    if change is None:
        return
    if made.compared == made.fleet:
        say.note(_("This plan and the one compared are the same."))
        return
    lost, won = int(change.cells["lost"].sum()), int(change.cells["won"].sum())
    said = _(
        "Demand met in time: {before} before, {after} now. Hexagons lost: {lost}, won: {won}.",
        before=percent(change.met_before, 1), after=percent(change.met_after, 1), lost=lost,
        won=won,
    )  # fmt: skip
    say.note(said)


def _editor(view: View, table: pd.DataFrame) -> pd.DataFrame:
    edition = st.session_state.get(assets.EDITION, 0)
    number = st.column_config.NumberColumn
    return st.data_editor(
        table, num_rows="dynamic", hide_index=True, key=f"assets-{view.name}-{edition}",
        column_config={
            "place_id": None,
            "name": _("Name"),
            "medium": st.column_config.SelectboxColumn(
                _("Moves by"), options=[medium.value for medium in Medium], format_func=word,
                required=True,
            ),
            "asset_type": _("Type"),
            "lat_deg": number(_("Latitude"), min_value=-90, max_value=90),
            "lon_deg": number(_("Longitude"), min_value=-180, max_value=180),
            "speed_km_h": number(_("Speed, km/h"), min_value=0),
            "endurance_h": number(_("Endurance, h"), min_value=0),
            "mobilise_h": number(_("Mobilises in, h"), min_value=0),
            "ready": st.column_config.CheckboxColumn(_("Ready")),
            "on_call": st.column_config.TextColumn(
                _("On call, UTC"), help="Mo-Fr 06:00-18:00; Sa,Su 20:00-06:00"
            ),
            "sensor": st.column_config.SelectboxColumn(
                _("Searcher"), options=[sensor.value for sensor in Sensor], format_func=word
            ),
            "organisation": _("Run by"),
        },
    )  # fmt: skip


def _upload(view: View, table: pd.DataFrame) -> None:
    say.caption(
        _(
            "A table, or points as GeoPackage, GeoJSON, KML or zipped Shapefile, with the columns "
            "{columns}; optional {optional}. It replaces the fleet of this plan, and undo brings "
            "it back.",
            columns=", ".join(uploads.NEEDED),
            optional=", ".join(uploads.OPTIONAL),
        )  # fmt: skip
    )
    sent = st.file_uploader(
        _("Assets"), type=list(uploads.ASSET_FILES), max_upload_size=5,
        key=f"sar-file-{st.session_state.get(assets.EDITION, 0)}",
    )  # fmt: skip
    if sent is None:
        return
    try:
        found, told = uploads.assets(sent.name, sent.getvalue())
    except WaypostError as problem:
        uploaded.complain(problem)
        return
    st.session_state[TOLD] = told
    brought = assets.typed(found.reindex(columns=list(assets.COLUMNS)))
    assets.change(edits.between(assets.stored(view), brought))
    st.rerun()


def _scenarios(made: Plan) -> None:
    saved = assets.saved()
    head = ngettext("Scenarios ({n} saved)", "Scenarios ({n} saved)", len(saved))
    with st.expander(head):
        say.caption(
            _(
                "A scenario is what you changed. The link holds the one on screen, with the "
                "positions of added assets; saved ones stay in this session until they are "
                "downloaded."
            )
        )
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.text_input(_("Name"), key="sar-name", max_chars=60)
        if right.button(_("Save"), disabled=not name.strip(), width="stretch"):
            assets.save(name.strip())
            st.rerun()
        for title, text in saved.items():
            if st.button(_("Load {scenario}", scenario=title), key=f"sar-load-{title}"):
                assets.change(edits.from_text(text))
                st.rerun()
        if saved:
            plain = json.dumps(saved, ensure_ascii=False, indent=1)
            tables.buttons(made, "scenarios", json=lambda: plain.encode())
        sent = st.file_uploader(_("Scenarios as JSON"), type=["json"], max_upload_size=1)
        if sent is not None:
            _take(sent.getvalue())


def _take(content: bytes) -> None:
    try:
        found = json.loads(content.decode("utf-8"))
        texts = {str(name)[:60]: str(text) for name, text in list(found.items())[:MOST_SAVED]}
        for text in texts.values():
            edits.from_text(text)
    except (ValueError, AttributeError, WaypostError):
        say.problem(_("This is no file of scenarios that was downloaded here."))
        return
    if texts.items() <= assets.saved().items():
        return
    st.session_state.setdefault(assets.SAVED, {}).update(texts)
    st.rerun()
