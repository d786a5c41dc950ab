"""How quantities and places are drawn, and the layers that are derived from them.

``CATALOGUE`` and ``PLACES`` are the menu, in menu order: one line a layer.
"""

from __future__ import annotations

from geo_data import quantities as q
from layers.base import HexLayer, PlaceLayer

OPEN = "What is open, and who is there?"
PEOPLE = "Where are people?"
HAZARDS = "What threatens them?"
SERVICES = "What can they reach?"
RESCUE = "Where do people die, and who could come?"
GROUND = "What is the ground like?"

CATALOGUE: tuple[HexLayer, ...] = (
    HexLayer(quantity=q.DISPLACED, question=PEOPLE, palette="people"),
    HexLayer(quantity=q.POPULATION, question=PEOPLE, palette="people"),
    HexLayer(quantity=q.FLOOD_DEPTH, question=HAZARDS, palette="water"),
    HexLayer(quantity=q.HEAT, question=HAZARDS, palette="heat"),
    HexLayer(quantity=q.DROUGHT, question=HAZARDS, palette="heat"),
    HexLayer(quantity=q.RAIN_ANOMALY, question=HAZARDS, palette="dry_wet"),
    HexLayer(quantity=q.RAIN, question=HAZARDS, palette="water"),
    HexLayer(quantity=q.WAVE_HEIGHT, question=HAZARDS, palette="water"),
    HexLayer(quantity=q.WIND_SPEED, question=HAZARDS, palette="water"),
    HexLayer(quantity=q.SEA_TEMPERATURE, question=HAZARDS, palette="water_down"),
    HexLayer(quantity=q.CURRENT_EAST, question=HAZARDS, palette="dry_wet"),
    HexLayer(quantity=q.CURRENT_NORTH, question=HAZARDS, palette="dry_wet"),
    HexLayer(quantity=q.SERVICES, question=SERVICES, palette="services"),
    HexLayer(quantity=q.HEALTH, question=SERVICES, palette="services"),
    HexLayer(quantity=q.ORGANISATIONS, question=SERVICES, palette="services"),
    HexLayer(quantity=q.INCIDENTS, question=RESCUE, palette="harm"),
    HexLayer(quantity=q.DEAD_MISSING, question=RESCUE, palette="harm"),
    HexLayer(quantity=q.CROSSINGS, question=OPEN, palette="services"),
    HexLayer(quantity=q.SITES, question=OPEN, palette="people"),
    HexLayer(quantity=q.ELEVATION, question=GROUND, palette="relief"),
    HexLayer(quantity=q.LAND, question=GROUND, palette="ground"),
    HexLayer(quantity=q.DESERT, question=GROUND, palette="ground"),
    HexLayer(quantity=q.CROPLAND, question=GROUND, palette="services"),
)

DERIVED: tuple[HexLayer, ...] = (
    HexLayer(quantity=q.RESPONSE, question=RESCUE, palette="time"),
    HexLayer(quantity=q.DEMAND, question=RESCUE, palette="harm"),
    HexLayer(quantity=q.GAP, question=RESCUE, palette="harm"),
    HexLayer(quantity=q.DETECTION, question=RESCUE, palette="services"),
    HexLayer(quantity=q.AREA_PROBABILITY, question=RESCUE, palette="people"),
    HexLayer(quantity=q.PLANNED, question=RESCUE, palette="water"),
    HexLayer(quantity=q.SURVIVABLE, question=RESCUE, palette="dry_wet"),
    HexLayer(quantity=q.GAP_CHANGE, question=RESCUE, palette="change"),
    HexLayer(quantity=q.CONTEXT_INDEX, question=HAZARDS, palette="heat"),
    HexLayer(quantity=q.INDEX_MISSING, question=HAZARDS, palette="people"),
    HexLayer(quantity=q.WALK, question=SERVICES, palette="time"),
    HexLayer(quantity=q.DRIVE, question=SERVICES, palette="time"),
)

PLACES: tuple[PlaceLayer, ...] = (
    PlaceLayer(kind="crossings", title="Crossing points", question=OPEN, symbol="crossing"),
    PlaceLayer(kind="sites", title="Displacement sites", question=PEOPLE, symbol="site"),
    PlaceLayer(kind="services", title="Service points", question=SERVICES, symbol="service"),
    PlaceLayer(kind="incidents", title="Incidents", question=RESCUE, symbol="incident"),
    PlaceLayer(kind="assets", title="Search-and-rescue assets", question=RESCUE, symbol="asset"),
    PlaceLayer(kind="landmarks", title="Landmarks", question=GROUND, symbol="landmark"),
)

BY_KEY: dict[str, HexLayer] = {layer.key: layer for layer in (*CATALOGUE, *DERIVED)}
PLACES_BY_KIND: dict[str, PlaceLayer] = {layer.kind: layer for layer in PLACES}
