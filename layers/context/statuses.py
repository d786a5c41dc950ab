"""People at sites by their status, as far as the kind of site tells it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.quantities import DISPLACED, SITES
from geo_data.vocabulary import SiteStatus
from geo_data.words import N_, Phrase
from layers.context import places
from layers.context.measures import Row, known_share_of

STATUSES = {
    "internally displaced": N_("internally displaced people"), "refugees": N_("refugees"),
    "asylum seekers": N_("asylum seekers"), "returnees": N_("returnees"),
    "migrants": N_("migrants"), "": N_("status not told"),
}  # fmt: skip
WORDS = (
    ("asylum", "asylum seekers"), ("refugee", "refugees"), ("returnee", "returnees"),
    ("idp", "internally displaced"), ("displaced", "internally displaced"),
    ("migrant", "migrants"),
)  # fmt: skip
"""What a kind of site says of the people there; the first word found decides."""


def status_of(kind: object) -> str:
    """Status of the people at a kind of site; empty if it does not tell.

    >>> status_of("Refugee Camp"), status_of("transit centre")
    ('refugees', '')
    """
    said = str(kind).casefold() if isinstance(kind, str) else ""
    return next((status for word, status in WORDS if word in said), "")


def by_status(part: pd.DataFrame, sites: pd.DataFrame) -> list[Row]:
    """People counted at sites in use, a line per status that occurs anywhere in the register.

    They add up to the people at sites in use.
    """
    used = sites[(sites["status"] != SiteStatus.CLOSED).to_numpy(bool)]
    kinds = used["site_type"] if "site_type" in used else [None] * len(used)
    told = np.array([status_of(kind) for kind in kinds], dtype=object)
    own = places.within(part, used.assign(told=told))
    known, rows = known_share_of(part, SITES), []
    for status in (one for one in STATUSES if one in set(told)):
        chosen = own[own["told"] == status]
        counted = chosen[DISPLACED.column].to_numpy(np.float64)
        missing = int(np.isnan(counted).sum())
        note = Phrase("at least; sites without a count: {n}", n=missing) if missing else ""
        label = Phrase("{what}: {which}", what=N_("People at sites in use"),
                       which=STATUSES[status])  # fmt: skip
        people = places.weighed(counted, chosen, known)
        rows.append(
            Row("sites", DISPLACED.column, label, N_("people"), people, known, note, "high")
        )
    return rows
