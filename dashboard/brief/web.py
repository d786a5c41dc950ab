"""A brief as one HTML file: style and maps inside, no script, nothing asked from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dashboard.brief.contents import Brief, Table
from dashboard.brief.maps import Map
from dashboard.text import safe

STYLE = Path(__file__).with_name("brief.css")
HATCH = "repeating-linear-gradient(45deg,#8b949b 0 1.5px,#e6e8ea 1.5px 5px)"


def html(brief: Brief) -> str:
    """The brief as a page."""
    way = "rtl" if brief.rtl else "ltr"
    banner = f"<div class='b' role='note'>{safe(brief.simulated)}</div>" if brief.simulated else ""
    cards = "".join(
        f"<div><span class='m'>{safe(label)}</span><b>{safe(value)}</b>"
        f"<span class='m'>{safe(note)}</span></div>"
        for label, value, note in brief.figures
    )
    drawn = "".join(_map(number, one) for number, one in enumerate(brief.maps))
    body = [
        banner, f"<h1>{safe(brief.title)}</h1><p class='m'>{safe(brief.subtitle)}<br>"
        f"{safe(brief.made)}</p><div class='k'>{cards}</div>",
        _points(brief.words["findings"], brief.findings),
        f"<div class='g'>{drawn}</div><p class='m'>{safe(brief.disclaimer)}</p>",
        _points(brief.words["unknown"], brief.unknown) if brief.unknown else "",
        *(_table(one) for one in (*brief.tables, brief.sources)),
        _points(brief.words["limits"], brief.limits),
    ]  # fmt: skip
    return (
        f"<!doctype html><html lang='{brief.language}' dir='{way}'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\"><meta name='viewport' content='width=device-width'>"
        f"<title>{safe(brief.title)}</title><style>{STYLE.read_text('utf-8')}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )


def _map(number: int, one: Map) -> str:
    svg = one.svg.replace('id="hatch"', f'id="hatch{number}"')
    svg = svg.replace("url(#hatch)", f"url(#hatch{number})")
    legend = "".join(
        f"<span><span class='s' style='background:{HATCH if colour == 'hatch' else colour}'></span>"
        f"{safe(label)}</span>"
        for colour, label in one.legend
    )
    caption = f"<figcaption>{legend}<br><span class='m'>{safe(one.scale)}</span></figcaption>"
    return f"<figure><b>{safe(one.title)}</b><div dir='ltr'>{svg}</div>{caption}</figure>"


def _points(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{safe(line)}</li>" for line in lines)
    return f"<h2>{safe(title)}</h2><ul>{items}</ul>"


def _table(content: Table) -> str:
    head = "".join(f"<th scope='col'>{safe(name)}</th>" for name in content.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{safe(value)}</td>" for value in row) + "</tr>"
        for row in content.rows
    )
    return (
        f"<h2>{safe(content.title)}</h2><div class='t'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div><p class='m'>{safe(content.note)}</p>"
    )
