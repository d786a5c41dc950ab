"""Accounts of sources as one audience may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from geo_data import disclosure, freshness
from geo_data.disclosure import Rule
from geo_data.vocabulary import Audience, Sensitivity

Accounts = Sequence[Mapping[str, Any]]


def account(
    source: Mapping[str, Any], declared_now: str, audience: Audience, today: date
) -> dict[str, Any]:
    """Account of one source.

    Parameters
    ----------
    source : mapping
        As the manifest has it.
    declared_now : str
        Sensitivity that the source is declared with today: an old release may not say less.
    """
    told = dict(source)
    told["sensitivity"] = max(told["sensitivity"], declared_now, key=list(Sensitivity).index)
    rule = rule_of([told], audience)
    if audience is not Audience.CELL and told["error"]:
        told["error"] = "could not be read"
    if rule.delay_days and told["reference_end"]:
        told |= _delayed(told, rule, today)
    return told


def rule_of(accounts: Iterable[Mapping[str, Any]], audience: Audience) -> Rule:
    """What an audience may see of that which some sources gave together."""
    return disclosure.rule_for(map(disclosure.sensitivity_of, accounts), audience)


def levels(accounts: Accounts) -> dict[str, str]:
    """Sensitivity of each source, by key."""
    return {one["source"]: disclosure.sensitivity_of(one).value for one in accounts}


def _delayed(told: Mapping[str, Any], rule: Rule, today: date) -> dict[str, Any]:
    """What is said instead of when the newest record was and how many there are exactly."""
    newest = disclosure.newest_shown(rule, today).isoformat()
    end = min(str(told["reference_end"]), newest)
    accepted, quarantined = round(told["accepted"], -2), round(told["quarantined"], -2)
    return {
        "late": freshness.late(told, datetime.now(UTC)),
        "reference_end": end, "reference_period": f"up to {end}",
        "accepted": accepted, "quarantined": quarantined, "rows_in": accepted + quarantined,
        "reasons": {},
    }  # fmt: skip
