"""What stands in a brief, in the language of this run; how it looks is for others to say.

Every sentence is made of one or two figures of the profile, so that a reader can check it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from dashboard import figures, language, what_if
from dashboard.area import (
    blocks,
    index_blocks,
    observation_blocks,
    observed,
    ranking,
    service_blocks,
)
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.brief import behind, maps, sentences
from dashboard.brief.maps import Map
from dashboard.language import _, day, listed, moment, number, percent, word
from geo_data import freshness
from geo_data.view import View
from geo_data.words import N_
from layers.context import profile
from layers.sar.ground import Pace

SHOWN_RANKS = 12
SHOWN_GAPS = 10
SHOWN_OBSERVATIONS = 12
Rows = list[list[str]]


@dataclass(frozen=True)
class Table:
    """A table in words; the first row of ``rows`` follows the head."""

    title: str
    head: list[str]
    rows: Rows
    note: str = ""


@dataclass(frozen=True)
class Brief:
    """A whole brief as plain text, tables and maps."""

    title: str
    subtitle: str
    made: str
    simulated: str
    figures: list[tuple[str, str, str]]
    findings: list[str]
    unknown: list[str]
    limits: list[str]
    maps: list[Map]
    tables: list[Table]
    sources: Table
    words: dict[str, str]
    language: str
    rtl: bool
    disclaimer: str = field(default="")


HEADINGS = {
    "figures": N_("Key figures"), "findings": N_("What the data says"),
    "unknown": N_("What is not known"), "limits": N_("Limits"), "page": N_("Page"),
}  # fmt: skip
LIMITS = (
    N_("Figures are as of the release named above; what has changed since is not in them."),
    N_("Residents of a hexagon are taken to be spread evenly and to meet its hazard as a whole."),
    N_("Counts of incidents, sites and services are what registers hold; what nobody recorded is "
       "missing from them."),
    service_blocks.ADVICE,
)  # fmt: skip


def brief(view: View, area: Area, made: Ranking | None = None) -> Brief:
    """The brief on an area.

    Parameters
    ----------
    made : Ranking, optional
        The index with the weights on the page; as declared by default.
    """
    made = made or ranking.ranking(view, ranking.declared())
    table = blocks.profile_of(view, area, timed=True)
    sure = ranking.sureness(made, view.name)
    ranks = index_blocks.rank_table(view, made, sure, [area])
    gaps = service_blocks.gap_table(view, area, Pace.WALKING)
    anywhere = service_blocks.out_of_reach(view, area, Pace.WALKING)
    facts = sentences.Facts(view, area, table, ranks, anywhere, len(made.basis.cells))
    simulated = [source for source in view.sources if source["simulated"]]
    banner = _("SIMULATED DATA. Sources simulated for demonstration: {n} of {all}. Do not act on "
               "them.", n=len(simulated), all=len(view.sources))  # fmt: skip
    return Brief(
        title=area.name, subtitle=_("Context brief") + " · " + word(view.operation["title"]),
        made=_("Release of {moment}; printed {day}.", moment=moment(view.at),
               day=day(datetime.now(UTC).date())),
        simulated=" ".join(filter(None, (what_if.banner(view),
                                         banner if view.manifest["simulated"] else ""))),
        figures=[(f.label, f.value, f.note) for f in blocks.key_figures(view, table)],
        findings=[*what_if.sentences(view), *sentences.findings(facts)],
        unknown=[*sentences.unknown(facts), *(_(remark) for remark in area.remarks)],
        limits=[_(text) for text in LIMITS], maps=maps.maps(view, area, made),
        tables=[
            _profile(view, area, table), _ranks(view, made, ranks), _indicators(made),
            _gaps(gaps), *_observations(view, area),
        ],
        sources=_sources(view, area), words={key: _(text) for key, text in HEADINGS.items()},
        language=language.current(), rtl=language.right_to_left(), disclaimer=maps.disclaimer(),
    )  # fmt: skip


def _profile(view: View, area: Area, table: pd.DataFrame) -> Table:
    """Lines that say something: an observed none among classes of a hazard is left out."""
    everything = _("Whole operation")
    whole = blocks.whole_profile(view.name, timed=True)
    keys = ["topic", "label", "unit"]
    both = profile.compared({area.name: table, everything: whole}).merge(
        table.drop_duplicates(keys)[[*keys, "known_share"]], on=keys, how="left"
    )
    both = both.assign(
        away=blocks.withheld_in(both, table), away_whole=blocks.withheld_in(both, whole)
    )
    said = both[~((both["topic"] == "people exposed") & (both[area.name] == 0))]
    silent = said[area.name].isna() & said[everything].isna()
    said = said[~silent | said["away"] | said["away_whole"]]
    rows = [
        [word(row["topic"]), word(row["label"]),
         blocks.said(row[area.name], row["unit"], row["away"]),
         blocks.said(row[everything], row["unit"], row["away_whole"]), word(row["unit"]),
         percent(row["known_share"]) if row["known_share"] == row["known_share"] else ""]
        for row in said.to_dict("records")
    ]  # fmt: skip
    head = [_("Topic"), _("What"), _("Here"), everything, _("Unit"), _("Known for")]
    return Table(_("Profile"), head, rows, _("Known for: share of the area that is known."))


def _ranks(view: View, made: Ranking, ranks: pd.DataFrame) -> Table:
    shown = index_blocks.readable(view, ranks.head(SHOWN_RANKS)).drop(columns=_("Hexagon"))
    note = _(index_blocks.PRIORITY, draws=ranking.DRAWS)
    return _table(_("Ranking, and how sure it is"), shown, note)


def _indicators(made: Ranking) -> Table:
    table = index_blocks.anatomy_table(made).drop(columns=[_("Better"), _("Why these limits")])
    title = _("Indicators: limits, weight, and what dropping one changes")
    return _table(title, table, _(index_blocks.METHOD))


def _gaps(gaps: pd.DataFrame) -> Table:
    title = _("Services out of reach on foot, the largest gap first")
    far = gaps[gaps["limit_h"] == gaps["limit_h"].max()] if len(gaps) else gaps
    return _table(title, service_blocks.readable_gaps(far.head(SHOWN_GAPS)))


def _observations(view: View, area: Area) -> list[Table]:
    """What the team saw here, the newest first; nothing for anybody but the cell."""
    made = [t for t in observed.threads(view, [area]) if t.conflict or not t.withdrawn]
    if not made:
        return []
    shown = _compact(observation_blocks.readable(made[:SHOWN_OBSERVATIONS], observed.names(view)))
    note = _("For the coordination cell only. Seen by the team, not part of the release; {n} of "
             "{all} are shown. Of a conflict every version stands here.",
             n=min(len(made), SHOWN_OBSERVATIONS), all=len(made))  # fmt: skip
    return [_table(_("Observations of the team"), shown, note)]


def _compact(table: pd.DataFrame) -> pd.DataFrame:
    """Observations in five columns, so that the evidence has room."""
    disputed = table[_("State")] == _("conflict")
    rating = table[_("Rating")].where(~disputed, _("conflict") + ": " + table[_("Rating")])
    return pd.DataFrame(
        {
            _("Observed on"): table[_("Observed on")],
            _("Place"): table[_("Place")] + " · " + table[_("Component")],
            _("Rating"): rating, _("Evidence"): table[_("Evidence")],
            _("Confidence"): table[_("Confidence")] + " · " + table[_("Role")],
        }
    )  # fmt: skip


def _table(title: str, table: pd.DataFrame, note: str = "") -> Table:
    rows = [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    return Table(title, [str(name) for name in table], rows, note)


def _cell(value: object) -> str:
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return _("unknown")
        return number(float(value), 0 if float(value).is_integer() else 1)
    return number(int(value)) if isinstance(value, int | np.integer) else str(value)


def _sources(view: View, area: Area) -> Table:
    """Sources that speak about the area: owner, licence, period, age, whether simulated."""
    now = datetime.now(UTC)
    rows = [
        [source["title"], source["owner"], source["licence"],
         source["reference_period"] or _("not stated"),
         figures.age(freshness.age_h(source, now))
         + (" · " + _("late") if freshness.late(source, now) else ""),
         _("yes") if source["simulated"] else _("no")]
        for source in behind.sources(view, area)
    ]  # fmt: skip
    head = [_("Source"), _("Owner"), _("Licence"), _("Period"), _("Age"), _("Simulated")]
    failed: Sequence[str] = [s["title"] for s in view.sources if s["status"] == "failed"]
    note = _("Those that say nothing about this area are left out.")
    if failed:
        note += " " + _("Could not be read: {names}.", names=listed(list(failed)))
    return Table(_("Sources"), head, rows, note)
