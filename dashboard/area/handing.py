"""The map of the Context page as sheets, files and tables, with what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from dashboard import data, hand_over, legend, map_table, say
from dashboard.area import index_blocks, ranking, service_blocks
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.comparison import Drawn
from dashboard.language import _, listed, number, word
from dashboard.selection import Selection
from layers.sar.ground import Pace


def phone_legend(shown: Drawn) -> None:
    """The legend below the map, where the side bar is folded away."""
    if shown.layer is not None:
        st.html(legend.for_phones(shown.view, shown.layer, shown.note))


def table(shown: Drawn, selection: Selection, found: Sequence[Area]) -> None:
    """The map of the chosen areas as a table; at once where it was not drawn."""
    cells = np.concatenate([area.cells["cell"] for area in found]) if found else None
    with st.expander(_("The map as a table"), expanded=bool(selection.light)):
        if found and shown.layer is not None:
            say.caption(_("Hexagons of: {areas}", areas=listed([area.name for area in found])))
        map_table.show(shown.view, selection, shown.layer, token=shown.token, within=cells)


def panel(
    drawn: Drawn, selection: Selection, found: Sequence[Area], notes: tuple[str, ...]
) -> None:
    """Sheets and files of what the map shows, with the outlines of the chosen areas."""
    outlines = tuple(name for area in found for name in area.outlines)
    shown = replace(selection, lines=tuple(dict.fromkeys((*selection.lines, *outlines))))
    layer, token = drawn.layer, drawn.token
    title = drawn.title or (_(layer.title) if layer else "")
    if layer and found:
        title = f"{title} · {found[0].name}" if len(found) == 1 else title
    bare = layer.key.removeprefix("context_") if layer else ""
    name = drawn.name or (f"context-{bare}" if token != data.STORED else "")
    hand_over.panel(
        drawn.view, shown, layer, token=token, title=title, name=name, key="context-hand",
        notes=(drawn.note, *notes) if drawn.note else notes,
    )  # fmt: skip


def index_notes(made: Ranking) -> tuple[str, ...]:
    """How the index on the map was made: its method, what it is about, weights and means."""
    rules = _("Only hexagons with {rules}; the others are outside the index.",
              rules=listed([_(rule.title) for rule in made.scheme.only]))  # fmt: skip
    return (_(index_blocks.METHOD), rules, _weights(made))


def _weights(made: Ranking) -> str:
    declared, titles = ranking.declared(), made.scheme.titles()
    changed = []
    for old, new in zip(declared.node, made.scheme.node, strict=True):
        before = old.weights or [1.0] * len(old.of)
        after = new.weights or [1.0] * len(new.of)
        changed += [
            " ".join([_(titles[part]), number(weight, 0 if float(weight).is_integer() else 1)])
            for part, own, weight in zip(new.of, before, after, strict=True) if own != weight
        ]  # fmt: skip
    means = {new.how for old, new in zip(declared.node, made.scheme.node, strict=True)
             if old.how != new.how}  # fmt: skip
    said = [_("Weights changed: {parts}.", parts=listed(changed))] if changed else []
    said += [_("Parts joined by the {mean}.", mean=_(index_blocks.HOW[how]))
             for how in sorted(means) if how in index_blocks.HOW]  # fmt: skip
    return " ".join(said) or _("Weights and means as declared.")


def service_notes(sector: str, pace: Pace) -> tuple[str, ...]:
    """What was measured, and what is not in it."""
    service = _("any service") if sector == "all" else word(sector)
    moving = _("On foot") if pace is Pace.WALKING else _("By car")
    return (_("Service: {service}. {moving}.", service=service, moving=moving),
            _(service_blocks.ADVICE))  # fmt: skip
