"""Every measured thing: its column with unit, label, legal range and how its values combine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Combine(StrEnum):
    """How the values of small cells give the value of the cell that contains them."""

    SUM = "sum"
    MEAN = "area-weighted mean"
    MAX = "highest"
    MIN = "lowest"
    MAJORITY = "largest share of the area"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One measured thing.

    Attributes
    ----------
    column : str
        Name in every table, ending in its unit.
    label, unit : str
        As people read them.
    low, high : float
        Legal range, ends included; anything else is quarantined.
    combine : Combine
        Rule when cells are rolled up.
    worse : {"high", "low", ""}
        Which end is worse for people; empty if neither.
    people : bool
        The value counts people or events that happened to people: small-count rules apply.
    method : str
        How a hexagon gets its value, for the receipt.
    """

    column: str
    label: str
    unit: str
    low: float
    high: float
    combine: Combine
    worse: str = ""
    people: bool = False
    method: str = "area-weighted from the source's pixels or polygons"

    def __str__(self) -> str:
        return self.column


def _people(column: str, label: str, worse: str = "", *, method: str) -> Quantity:
    return Quantity(
        column=column, label=label, unit="people", low=0, high=100_000_000,
        combine=Combine.SUM, worse=worse, people=True, method=method,
    )  # fmt: skip


def _count(column: str, label: str, unit: str, worse: str = "", people: bool = False) -> Quantity:
    return Quantity(
        column=column, label=label, unit=unit, low=0, high=1_000_000, combine=Combine.SUM,
        worse=worse, people=people, method="places of the register counted in the hexagon",
    )  # fmt: skip


def _share(column: str, label: str, worse: str = "") -> Quantity:
    return Quantity(
        column=column, label=label, unit="share of area", low=0, high=1,
        combine=Combine.MEAN, worse=worse,
    )  # fmt: skip


POPULATION = _people(
    "population_people", "Resident population", method="pixel counts, or density times true area"
)
DISPLACED = _people(
    "displaced_people", "Displaced people present", "high",
    method="area totals spread by population in whole people, totals kept; site counts in place",
)  # fmt: skip
DEAD_MISSING = _people(
    "dead_missing_people", "People dead or missing", "high",
    method="minimum estimates of the incidents recorded in the hexagon, summed",
)  # fmt: skip
INCIDENTS = _count("incidents_count", "Incidents recorded", "incidents", "high", people=True)
CROSSINGS = _count("crossings_count", "Crossing points", "crossings")
SERVICES = _count("services_count", "Service points", "service points", "low")
HEALTH = _count("health_count", "Health facilities", "facilities", "low")
SITES = _count("sites_count", "Displacement sites", "sites")
ORGANISATIONS = Quantity(
    column="organisations_count", label="Organisations present", unit="organisations",
    low=0, high=10_000, combine=Combine.MAX, worse="low",
    method="organisations reported in the administrative area the hexagon belongs to",
)  # fmt: skip
LAND = _share("land_share", "Land")
DESERT = _share("desert_share", "Bare desert ground")
CROPLAND = _share("cropland_share", "Cropland")
DROUGHT = _share("drought_share", "In meteorological drought", "high")
ELEVATION = Quantity(
    column="elevation_m", label="Elevation or depth", unit="m", low=-11_000, high=9_000,
    combine=Combine.MEAN,
)  # fmt: skip
FLOOD_DEPTH = Quantity(
    column="flood_depth_m", label="Flood depth, 1 in 100 years", unit="m", low=0, high=50,
    combine=Combine.MAX, worse="high", method="highest value of the pixels that touch the hexagon",
)  # fmt: skip
HEAT = Quantity(
    column="heat_max_c", label="Maximum temperature", unit="°C", low=-60, high=60,
    combine=Combine.MEAN, worse="high",
)  # fmt: skip
WAVE_HEIGHT = Quantity(
    column="wave_height_m", label="Significant wave height", unit="m", low=0, high=25,
    combine=Combine.MEAN, worse="high",
)  # fmt: skip
WIND_SPEED = Quantity(
    column="wind_speed_m_s", label="Wind speed at 10 m", unit="m/s", low=0, high=100,
    combine=Combine.MEAN, worse="high",
)  # fmt: skip
SEA_TEMPERATURE = Quantity(
    column="sea_temperature_c", label="Sea surface temperature", unit="°C", low=-3, high=40,
    combine=Combine.MEAN, worse="low",
)  # fmt: skip
RAIN_ANOMALY = Quantity(
    column="rain_anomaly_mm", label="Rainfall against the long-term mean", unit="mm",
    low=-5_000, high=5_000, combine=Combine.MEAN,
)  # fmt: skip
RAIN = Quantity(
    column="rain_mm", label="Rainfall", unit="mm", low=0, high=2_000, combine=Combine.MEAN,
)  # fmt: skip
CURRENT_EAST = Quantity(
    column="current_east_m_s", label="Surface current, eastward", unit="m/s", low=-5, high=5,
    combine=Combine.MEAN,
)  # fmt: skip
CURRENT_NORTH = Quantity(
    column="current_north_m_s", label="Surface current, northward", unit="m/s", low=-5, high=5,
    combine=Combine.MEAN,
)  # fmt: skip
WIND_EAST = Quantity(
    column="wind_east_m_s", label="Wind at 10 m, eastward", unit="m/s", low=-100, high=100,
    combine=Combine.MEAN,
)  # fmt: skip
WIND_NORTH = Quantity(
    column="wind_north_m_s", label="Wind at 10 m, northward", unit="m/s", low=-100, high=100,
    combine=Combine.MEAN,
)  # fmt: skip
RESPONSE = Quantity(
    column="response_h", label="Time until the nearest ready asset arrives", unit="h",
    low=0, high=1_000, combine=Combine.MAX, worse="high",
    method="mobilisation plus fastest route over passable hexagons, nearest ready asset",
)  # fmt: skip
DEMAND = Quantity(
    column="demand_share", label="Search-and-rescue demand", unit="share of the operation's demand",
    low=0, high=1, combine=Combine.SUM, worse="high", people=True,
    method="people dead or missing in recorded incidents, recent ones weigh more",
)  # fmt: skip
GAP = Quantity(
    column="gap_share", label="Coverage gap", unit="share of the operation's demand", low=0, high=1,
    combine=Combine.SUM, worse="high", people=True,
    method="demand that no ready asset reaches within the chosen time",
)  # fmt: skip
DETECTION = Quantity(
    column="detection_share", label="Searched: probability of detection", unit="share", low=0,
    high=1, combine=Combine.MEAN, method="effort of search tracks over the area of the hexagon",
)  # fmt: skip
AREA_PROBABILITY = Quantity(
    column="area_probability", label="Probability of area", unit="probability", low=0, high=1,
    combine=Combine.SUM, worse="high", people=True,
    method="where the object may be: demand or drift, less what was searched without success",
)  # fmt: skip
PLANNED = Quantity(
    column="planned_h", label="Best use of the next search hours", unit="h", low=0, high=1_000,
    combine=Combine.SUM, people=True, method="optimal allocation of effort (Charnes and Cooper)",
)  # fmt: skip
SURVIVABLE = Quantity(
    column="survivable_share", label="Survivable coverage", unit="chance", low=0, high=1,
    combine=Combine.MIN, worse="low",
    method="alert, mobilisation, way and search against the band of expected survival",
)  # fmt: skip
GAP_CHANGE = Quantity(
    column="gap_change_share", label="Change of the gap", unit="share of the operation's demand",
    low=-1, high=1, combine=Combine.SUM, worse="high", people=True,
    method="gap of this plan less that of the plan compared",
)  # fmt: skip
CONTEXT_INDEX = Quantity(
    column="context_index", label="Context index", unit="0 to 10", low=0, high=10,
    combine=Combine.MAX, worse="high",
    method="hazard and exposure, vulnerability, lack of coping capacity, as INFORM joins them",
)  # fmt: skip
INDEX_MISSING = Quantity(
    column="index_missing_count", label="Indicators missing", unit="indicators", low=0, high=100,
    combine=Combine.MAX, worse="high", method="indicators of the index that are not known",
)  # fmt: skip
WALK = Quantity(
    column="walk_h", label="Walk to the nearest service", unit="h", low=0, high=1_000,
    combine=Combine.MIN, worse="high", method="Tobler 1993 over land, sand twice as slow",
)  # fmt: skip
DRIVE = Quantity(
    column="drive_h", label="Drive to the nearest service", unit="h", low=0, high=1_000,
    combine=Combine.MIN, worse="high", method="60 km/h on roads, a third of it beside them",
)  # fmt: skip

HEX_QUANTITIES: tuple[Quantity, ...] = (
    POPULATION, DISPLACED, DEAD_MISSING, INCIDENTS, CROSSINGS, SERVICES, HEALTH, SITES,
    ORGANISATIONS, LAND, DESERT, CROPLAND, DROUGHT, ELEVATION, FLOOD_DEPTH, HEAT, WAVE_HEIGHT,
    WIND_SPEED, SEA_TEMPERATURE, RAIN_ANOMALY, RAIN, CURRENT_EAST, CURRENT_NORTH, WIND_EAST,
    WIND_NORTH,
)  # fmt: skip
DERIVED_QUANTITIES: tuple[Quantity, ...] = (
    RESPONSE, DEMAND, GAP, DETECTION, AREA_PROBABILITY, PLANNED, SURVIVABLE, GAP_CHANGE,
    CONTEXT_INDEX, INDEX_MISSING, WALK, DRIVE,
)  # fmt: skip

ARRIVALS = _people("arrivals_people", "Arrivals", "high", method="as reported for the day")
CROSSED = _people("crossed_people", "People crossing", method="as reported for the day")
IN_RECEPTION = _people("reception_people", "People in reception", method="as reported")
REFUGEES = _people("refugees_people", "Refugees", method="as reported for the year")
ASYLUM_SEEKERS = _people("asylum_seekers_people", "Asylum seekers", method="as reported")
IDPS = _people("idps_people", "Internally displaced people", "high", method="as reported")
RETURNEES = _people("returned_people", "Returned people", method="as reported")
STATELESS = _people("stateless_people", "Stateless people", method="as reported")
OTHERS_OF_CONCERN = _people("others_people", "Others of concern", method="as reported")
NEW_DISPLACEMENTS = _people(
    "new_displacements_people", "New displacements", "high", method="as reported for the event"
)
SEVERITY = Quantity(
    column="severity_score", label="INFORM Severity", unit="1 to 5", low=0, high=5,
    combine=Combine.MAX, worse="high", method="as published",
)  # fmt: skip
HAZARD_CLASS = Quantity(
    column="hazard_class", label="Natural hazard class", unit="class 1 to 3", low=0, high=9,
    combine=Combine.MAX, worse="high", method="as published for the district",
)  # fmt: skip
BENEFICIARIES = _people("beneficiaries_people", "People reached or targeted", method="as reported")
DEATHS = _people("deaths_people", "Deaths in conflict events", "high", method="best estimate")

SERIES_QUANTITIES: tuple[Quantity, ...] = (
    ARRIVALS, CROSSED, IN_RECEPTION, REFUGEES, ASYLUM_SEEKERS, IDPS, RETURNEES, STATELESS,
    OTHERS_OF_CONCERN, NEW_DISPLACEMENTS, SEVERITY, HAZARD_CLASS, BENEFICIARIES, DEATHS,
    POPULATION, DISPLACED,
)  # fmt: skip

BY_COLUMN: dict[str, Quantity] = {
    q.column: q for q in (*HEX_QUANTITIES, *DERIVED_QUANTITIES, *SERIES_QUANTITIES)
}
