"""Two dates of one map: which is the earlier, what is drawn, and how every page names it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard import clock, data, say, what_if
from dashboard.language import _, listed, moment
from dashboard.selection import CHANGE, SIDE, Selection
from geo_data.view import View
from layers.base import HexLayer
from layers.change import ChangeLayer


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the map draws; legend, table and files are of the same.

    Attributes
    ----------
    view : View
        Release of the hexagons; of a difference the later one, side by side the one in the link.
    token : str
        Under which the layer is drawn.
    dates : tuple of View
        Earlier and later date of a comparison; empty without one.
    way : str
        ``side``, ``change`` or empty.
    """

    view: View
    layer: HexLayer | None
    token: str = data.STORED
    dates: tuple[View, ...] = ()
    way: str = ""

    @property
    def note(self) -> str:
        """Which date the legend, its ages and a sheet are of; empty without a comparison."""
        if self.way == CHANGE:
            return _("Difference: {after} less {before}. Sources and their ages: of {after}.",
                     after=date_of(self.dates[1]), before=date_of(self.dates[0]))  # fmt: skip
        if self.way == SIDE:
            return _("Two dates side by side; legend, tables and files are of {moment}.",
                     moment=date_of(self.view))  # fmt: skip
        return ""

    @property
    def title(self) -> str:
        """Heading of a sheet; empty without a difference, for the layer has its own."""
        if self.way != CHANGE or self.layer is None:
            return ""
        return _("{layer}, {after} against {before}", layer=_(self.layer.title),
                 after=date_of(self.dates[1]), before=date_of(self.dates[0]))  # fmt: skip

    @property
    def name(self) -> str:
        """What file names say; empty without a difference."""
        if self.way != CHANGE or self.layer is None:
            return ""
        return f"change-of-{self.layer.key}-since-{self.dates[0].at:%Y-%m-%d}"


def drawn(
    view: View, selection: Selection, layer: HexLayer | None, token: str = data.STORED
) -> Drawn:
    """What the map draws of a selection; only stored layers are compared."""
    other = clock.earlier(view, selection) if selection.compare and token == data.STORED else None
    if other is None:
        return Drawn(view, layer, token)
    dates = tuple(sorted((view, data.view(other)), key=lambda one: one.name))
    if selection.compare == SIDE or layer is None:
        return Drawn(view, layer, token, dates, SIDE)
    since = data.change_token(dates[0].name)
    return Drawn(dates[1], ChangeLayer.of(layer), since, dates, CHANGE)


def possible(view: View, selection: Selection) -> Selection:
    """The selection without a comparison for which there is no other date; says so."""
    if not selection.compare or clock.earlier(view, selection) is not None:
        return selection
    say.note(_("There is no other date to compare with yet."))
    return replace(selection, compare="", against="")


def date_of(view: View) -> str:
    """The date of a release in words, and that it is supposed."""
    return listed([moment(view.at), what_if.name_of(view)]) if view.what_if else moment(view.at)
