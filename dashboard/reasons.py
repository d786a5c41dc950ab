"""Why a row was left behind, in words: one short title for each rule of the data checks.

Files that are handed back to their owner keep the names of the rules, which never change.
"""

from __future__ import annotations

from dashboard.language import _
from geo_data.words import N_

TITLES: dict[str, str] = {
    "ambiguous_date": N_("date with two meanings"),
    "ancient_date": N_("date before 1900"),
    "broken_row": N_("record that cannot be read"),
    "country_centroid": N_("middle of a country instead of a place"),
    "duplicate_site": N_("site listed twice"),
    "empty_geometry": N_("outline without a shape"),
    "end_before_start": N_("end before start"),
    "future_date": N_("date in the future"),
    "lat_equals_lon": N_("latitude equal to longitude"),
    "longitude_sign": N_("longitude with the wrong sign"),
    "missing_area_code": N_("no area code"),
    "missing_required": N_("required value missing"),
    "not_a_date": N_("not a date"),
    "not_a_flag": N_("neither yes nor no"),
    "not_a_number": N_("not a number"),
    "not_a_position": N_("not a position"),
    "not_an_integer": N_("not a whole number"),
    "not_selected": N_("not asked for"),
    "out_of_range": N_("outside the legal range"),
    "outside_operation": N_("outside the operation"),
    "placeholder_position": N_("one position for several countries"),
    "position_swapped": N_("latitude and longitude exchanged"),
    "position_zero": N_("position 0, 0"),
    "projected_position": N_("metres instead of degrees"),
    "ragged_row": N_("wrong number of cells"),
    "repeated_row": N_("record repeated"),
    "route_mismatch": N_("far from its route"),
    "shifted_row": N_("cells under the wrong headers"),
    "source_failed": N_("source failed as a whole"),
    "superseded": N_("replaced by a newer record"),
    "total_row": N_("sum of other rows"),
    "unknown_word": N_("unknown word"),
    "wrong_country": N_("not in the country declared"),
}


def title(rule: str) -> str:
    """What a rule says, in the language of the page; a rule of a newer release by its name."""
    return _(TITLES[rule]) if rule in TITLES else rule
