"""Closed lists of words: what a column may say, and no other spelling of it."""

from __future__ import annotations

from enum import StrEnum


class CrossingStatus(StrEnum):
    """Whether people may pass; most registers do not say, which is UNKNOWN."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class CrossingType(StrEnum):
    """Point-of-entry classes after the IOM DTM flow-monitoring method."""

    LAND = "land"
    SEA = "sea"
    AIR = "air"
    UNKNOWN = "unknown"


class BasemapPart(StrEnum):
    """What a source of an operation's own basemap holds."""

    LAND = "land"
    LAKES = "lakes"
    RIVERS = "rivers"
    BORDERS = "borders"
    PLACES = "places"


class BorderKind(StrEnum):
    """How a border is drawn: solid, or dashed because it is in dispute."""

    SETTLED = "settled"
    DISPUTED = "disputed"


class Sector(StrEnum):
    """Humanitarian sectors of the 3W (who does what, where)."""

    HEALTH = "health"
    SHELTER = "shelter"
    FOOD = "food security"
    WASH = "water and sanitation"
    NUTRITION = "nutrition"
    PROTECTION = "protection"
    EDUCATION = "education"
    LOGISTICS = "logistics"
    COORDINATION = "coordination"
    RECOVERY = "early recovery"
    CASH = "cash assistance"
    OTHER = "other"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Which way a person crossed, seen from the country that registers."""

    ENTRY = "entry"
    EXIT = "exit"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """As registered."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Vulnerability(StrEnum):
    """Needs that registrations record; closed, because words of one's own can name a person."""

    NONE = "none"
    UNACCOMPANIED_CHILD = "unaccompanied child"
    SEPARATED_CHILD = "separated child"
    PREGNANT = "pregnant or nursing"
    DISABILITY = "disability"
    ELDERLY = "older person at risk"
    SINGLE_PARENT = "single parent"
    MEDICAL = "medical condition"
    PROTECTION = "protection case"
    SEVERAL = "several"
    OTHER = "other"
    UNKNOWN = "unknown"


class Medium(StrEnum):
    """What an asset moves through."""

    SEA = "sea"
    LAND = "land"
    AIR = "air"


class Sensor(StrEnum):
    """What an asset searches with, as the tables of sweep widths name it; on land, people."""

    VESSEL = "vessel"
    BOAT = "boat"
    HELICOPTER = "helicopter"
    FIXED_WING = "fixed wing"
    MERCHANT = "merchant"
    GROUND = "ground"


class SiteStatus(StrEnum):
    """Whether a displacement site is in use."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Sensitivity(StrEnum):
    """OCHA data responsibility classes, by the harm that disclosure could do."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    SEVERE = "severe"


class Audience(StrEnum):
    """For whom a deployment runs."""

    PUBLIC = "public"
    PARTNER = "partner"
    CELL = "cell"


class Component(StrEnum):
    """What an observation is about: parts of a context analysis and a vulnerability assessment."""

    POLITICS = "political stability"
    ECONOMY = "economy and development"
    HAZARDS = "natural hazards"
    MOVEMENTS = "population movements"
    VULNERABILITY = "vulnerable groups"
    SERVICES = "services"
    CAPACITY = "capacity of authorities"
    PROTECTION = "protection of people on the move"
    INFRASTRUCTURE = "infrastructure"


class Rating(StrEnum):
    """How much concern a component gives, in steps of one; or looked at, and not known."""

    VERY_LOW = "very low concern"
    LOW = "low concern"
    MEDIUM = "medium concern"
    HIGH = "high concern"
    VERY_HIGH = "very high concern"
    NOT_KNOWN = "not known"


RATING_LEVELS = {rating: level for level, rating in enumerate(Rating, start=1) if level <= 5}
"""The same as numbers, 1 to 5; what is not known has none."""


class Confidence(StrEnum):
    """How far an observation is to be relied on, in the eyes of who made it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Role(StrEnum):
    """Who observed, as a role; never a name."""

    ASSESSOR = "assessment team"
    LEADER = "team leader"
    INFORMATION = "information officer"
    PROTECTION = "protection officer"
    COORDINATION = "coordination cell"
    BORDER = "border authority"
    LOCAL = "local authority"
    PARTNER = "partner organisation"


COMMON_WORDS: tuple[str, ...] = (
    "border post", "no permanent post", "planned site", "collective centre", "spontaneous site",
    "transit centre", "reception centre", "informal site", "host community", "media estimate",
    "authority", "vessel report", "survivor account", "patrol boat", "rescue vessel",
    "offshore patrol vessel", "helicopter", "patrol aircraft", "desert ground team", "lifeboat",
    "airfield", "town", "port", "city", "village", "corridor", "search track", "Distribution point",
    "Hospital", "Clinic", "Cash desk", "Nutrition centre", "Warehouse", "Water point",
    "Learning space", "Mobile health team", "Coordination office", "Help desk",
    "Relief items store", "Lack of water", "Drowning", "Boat adrift", "Vehicle accident",
    "Fire or fuel burns", "Cause not known", "Left behind", "Violence", "Sickness",
    "Sahara crossing", "Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean",
)  # fmt: skip
"""Words that registers use often without a closed list; the app has translations of them."""
