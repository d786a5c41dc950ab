"""The few words of the map itself in the language of the page."""

from __future__ import annotations

from dashboard import language
from dashboard.language import _
from dashboard.leaflet import MapTexts


def texts() -> MapTexts:
    """Words, language and direction of the map."""
    return MapTexts(
        language=language.current(),
        direction="rtl" if language.right_to_left() else "ltr",
        map=_("Map. Arrow keys move it, plus and minus zoom, Enter picks what lies at the centre."),
        places=_("Places: {count}"),
        draw=_("Draw an area"),
        draw_hint=_("Click to add corners. Double click or Enter to close, Esc to stop."),
        zoom_in=_("Zoom in"),
        zoom_out=_("Zoom out"),
        kilometres=_("km"),
        metres=_("m"),
        nautical_miles=_("nm"),
        compass=" ".join([_("N"), _("S"), _("E"), _("W")]),
        two_fingers=_("Use two fingers to move the map"),
        nothing=_("No hexagon here"),
        lost=_("No answer from the server since {time}. The map shows what it has."),
    )
