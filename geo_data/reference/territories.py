"""Which code an area of the source carries; the source knows numbers for whole states only.

Codes follow ISO 3166-1, which follows the United Nations; who holds a place does not change them.
"""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)

# Parts of a source area with a code of their own: source name, box of their middle, ISO 3166-1.
CODED_PARTS: tuple[tuple[str, Box, str], ...] = (
    ("France", (-55.0, 2.0, -51.0, 6.0), "GUF"),
    ("France", (-62.0, 15.7, -60.9, 16.6), "GLP"),
    ("France", (-61.3, 14.3, -60.7, 15.0), "MTQ"),
    ("France", (55.0, -21.5, 56.0, -20.5), "REU"),
    ("France", (44.9, -13.1, 45.4, -12.5), "MYT"),
    ("Netherlands", (-69.0, 11.9, -62.9, 17.7), "BES"),
    ("Norway", (8.0, 74.0, 36.0, 81.5), "SJM"),
    ("Norway", (-10.0, 70.0, -7.0, 72.0), "SJM"),
    ("Norway", (3.0, -55.0, 4.0, -54.0), "BVT"),
    ("New Zealand", (-173.0, -10.0, -171.0, -8.0), "TKL"),
    ("Indian Ocean Ter.", (105.0, -11.0, 106.0, -10.0), "CXR"),
    ("Indian Ocean Ter.", (96.0, -13.0, 97.5, -11.0), "CCK"),
    ("Ashmore and Cartier Is.", EVERYWHERE, "AUS"),
    ("Coral Sea Is.", EVERYWHERE, "AUS"),
    ("Clipperton I.", EVERYWHERE, "FRA"),
    ("Baikonur", EVERYWHERE, "KAZ"),
    ("USNB Guantanamo Bay", EVERYWHERE, "CUB"),
    ("Akrotiri", EVERYWHERE, "GBR"),
    ("Dhekelia", EVERYWHERE, "GBR"),
    ("Kosovo", EVERYWHERE, "XKX"),
)


@dataclass(frozen=True)
class Contested:
    """An area without an ISO 3166-1 code: where the source has it, and whose list names it."""

    name: str
    source_name: str
    filed_under: str | None
    box: Box = EVERYWHERE


CONTESTED = (
    Contested("Northern Cyprus", "N. Cyprus", "CYP"),
    Contested("United Nations Buffer Zone in Cyprus", "Cyprus U.N. Buffer Zone", "CYP"),
    Contested("Somaliland", "Somaliland", "SOM"),
    Contested("Crimea", "Russia", "UKR", (32.0, 44.0, 37.0, 46.3)),
    Contested("Siachen Glacier", "Siachen Glacier", None),
    Contested("Spratly Islands", "Spratly Is.", None),
    Contested("Scarborough Shoal", "Scarborough Reef", None),
    Contested("Bajo Nuevo Bank", "Bajo Nuevo Bank", None),
    Contested("Serranilla Bank", "Serranilla Bank", None),
)

# Coded, and neither a state of the United Nations nor administered by one with its consent.
CODED_BUT_DISPUTED = frozenset({"ESH", "XKX"})

# Codes of areas that are neither members nor observer states of the United Nations.
NOT_STATES = frozenset(
    """
    ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM FLK FRO GGY GIB GLP GRL GUF GUM
    HKG HMD IMN IOT JEY MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA
    TKL TWN UMI VGB VIR WLF
    """.split()  # noqa: SIM905
)

# The source draws the berm of 2018; the two codes meet at 27 degrees 40 minutes north.
NORTH_OF_PARALLEL, SOUTH_OF_PARALLEL, PARALLEL_LAT_DEG = "MAR", "ESH", 27 + 40 / 60
SOUTH_OF_THE_PARALLEL: Box = (-18.0, 20.0, -8.0, PARALLEL_LAT_DEG)

# Where the list of codes writes a name without its accents, or not as the state itself does.
NAMES = {
    "ALA": "Åland Islands",
    "BES": "Bonaire, Sint Eustatius and Saba",
    "BLM": "Saint Barthélemy",
    "CCK": "Cocos (Keeling) Islands",
    "CIV": "Côte d'Ivoire",
    "COG": "Congo",
    "CUW": "Curaçao",
    "NLD": "Netherlands",
    "PSE": "State of Palestine",
    "REU": "Réunion",
    "STP": "São Tomé and Príncipe",
    "TLS": "Timor-Leste",
    "TUR": "Türkiye",
    "VAT": "Holy See",
}


def key_of(source_name: str, own_code: str | None, *, lat_deg: float, lon_deg: float) -> str:
    """ISO 3166-1 code, or the name of a contested area, of a part whose middle is given."""
    for contested in CONTESTED:
        if contested.source_name == source_name and _inside(contested.box, lon_deg, lat_deg):
            return contested.name
    for name, box, iso3 in CODED_PARTS:
        if name == source_name and _inside(box, lon_deg, lat_deg):
            return iso3
    if own_code is None:
        raise ValueError(f"{source_name} has no code here: add it to CODED_PARTS or CONTESTED")
    return own_code


def status_of(key: str) -> str:
    """``state``, ``area`` (coded, no member or observer state) or ``disputed``."""
    if key in CODED_BUT_DISPUTED or any(key == contested.name for contested in CONTESTED):
        return "disputed"
    return "area" if key in NOT_STATES else "state"


def _inside(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
