"""Every rule that a row can break: its name, what a right row looks like, what to do about it.

No sentence holds a position or a person's name; braces are filled by the check.
"""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "ragged_row": (
        "one cell for each column of the header",
        "Mend the separators or quotes of this line.",
    ),
    "shifted_row": (
        "the kinds of values that other rows have in these columns",
        "Move the cells of this row back under their headers; a separator may be missing.",
    ),
    "not_selected": (
        "one of the words wanted: {words}",
        "Nothing: the operation does not use such rows.",
    ),
    "repeated_row": ("each record once", "Nothing, or remove the repeat from the file."),
    "superseded": ("the newest record about the same thing", "Nothing: a newer one is used."),
    "total_row": ("one place", "Nothing: totals are computed, not read."),
    "missing_required": ("a value", "Fill it in, or declare another column for it."),
    "not_a_number": (
        "a number with decimal {decimal!r}, written in full: 1200, not 1.2k",
        "Correct the cell, or declare decimal or missing words.",
    ),
    "not_an_integer": ("a whole number", "Correct the cell."),
    "not_a_date": (
        "a date as {pattern}",
        "Correct the cell, or declare dates with its pattern.",
    ),
    "ambiguous_date": (
        "a date of one meaning; day and month could be exchanged here, or the century",
        "Declare read.dates with the order of day, month and year, such as '%d/%m/%Y'.",
    ),
    "not_a_flag": ("yes or no", "Correct the cell, or translate its word under values."),
    "not_a_position": (
        "coordinates as {form}",
        "Correct the cell{hint}.",
    ),
    "out_of_range": ("{low:g} to {high:g}", "Correct the value at its source."),
    "unknown_word": (
        "one of: {words}",
        "Translate the word in the declaration, under values.{field}.",
    ),
    "ancient_date": (
        "a day from 1900 on",
        "Correct the date; a year of another calendar has to be converted.",
    ),
    "future_date": ("a day up to {today}", "Correct the date, or check the clock."),
    "end_before_start": ("an end on or after the start", "Correct one of the two dates."),
    "projected_position": (
        "degrees; numbers this large are metres of a projection, such as UTM or Web Mercator",
        "Convert them to degrees of WGS84, or declare the form of coordinates or the crs.",
    ),
    "country_centroid": (
        "a position of its own; this one is the middle of a country, which stands for 'somewhere'",
        "Ask the owner for the position, or declare the record by area code.",
    ),
    "duplicate_site": (
        "each site once; one of the same name and kind, within {metres} m, stands above",
        "Nothing if it is the same site; else tell the two apart by name.",
    ),
    "position_zero": (
        "a real position; zero north, zero east stands for a missing one",
        "Leave the cells blank or find the position.",
    ),
    "lat_equals_lon": (
        "a latitude and a longitude; here one number stands for both",
        "Ask the owner for the position.",
    ),
    "position_swapped": (
        "latitude before longitude; exchanged, the position fits the country declared",
        "Exchange the two cells, or declare repair = ['swapped'].",
    ),
    "longitude_sign": (
        "a longitude of the right sign; with the other sign it fits the country declared",
        "Correct the sign of the longitude.",
    ),
    "placeholder_position": (
        "a position of its own; this one repeats for several countries far apart",
        "Ask the owner for the position.",
    ),
    "route_mismatch": (
        "a position near others of the same route; around this one are only other routes",
        "Correct position or route.",
    ),
    "wrong_country": (
        "a position within {land_km} km of the country declared ({sea_km} km at sea)",
        "Correct position or country.",
    ),
    "outside_operation": (
        "a place inside the operation",
        "Nothing: the record is about another place.",
    ),
}
