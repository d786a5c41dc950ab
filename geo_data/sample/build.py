"""Write the simulated files of the demo operation: same day, same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo_data.sample import (
    assets,
    displacement,
    districts,
    flows,
    ground,
    incidents,
    lattice,
    people,
    places,
    relief,
    services,
    status,
    tracks,
    weather,
)  # fmt: skip
from geo_data.sample.districts import District
from geo_data.sample.flaws import spoilt
from geo_data.sample.lattice import Floats, Lattice

Progress = Callable[[str, float], None]
Shapes = dict[str, BaseGeometry]
NO_VALUE = -32_768
NO_PEOPLE = -1.0
KELVIN = 273.15


def write(folder: Path, today: date, progress: Progress | None = None) -> None:
    """All files that the sources of ``demo.toml`` name and that are not shipped beside it.

    Parameters
    ----------
    folder : Path
        Made if missing; files of the same name are replaced.
    today : date
        The newest record is of the day before; the weather is of this day.
    progress : callable, optional
        Told what is being done and a share from 0 to 1.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda doing, share: None)
    tell("land and sea", 0.0)
    pixels = lattice.build()
    towns, crossings = places.towns(), places.crossings()
    tell("ground", 0.3)
    height = relief.elevation_m(pixels)
    wet = ground.wet_share(pixels)
    _write_ground(folder, pixels, height, wet)
    tell("weather and sea", 0.5)
    _write_weather(folder, pixels, height, today)
    tell("people", 0.7)
    residents = people.population_people(pixels, towns, wet)
    lattice.save(folder / "population.tif", residents, dtype="float32", nodata=NO_PEOPLE)
    shapes = lattice.countries()
    areas = districts.districts(shapes, towns)
    _write_displaced(folder, shapes, towns, areas, today)
    tell("crossings, services and assets", 0.8)
    _write_response(folder, shapes, towns, crossings, areas, today)
    tell("incidents and daily counts", 0.9)
    _write_events(folder, pixels, today)
    tell("done", 1.0)


def _write_ground(folder: Path, pixels: Lattice, height: Floats, wet: Floats) -> None:
    flood, cover = ground.flood_depth_m(pixels, height), ground.land_cover(pixels, wet)
    lattice.save(folder / "elevation.tif", height, dtype="int16", nodata=NO_VALUE)
    lattice.save(folder / "flood_depth.tif", flood, dtype="int16", nodata=NO_VALUE, scale=0.01)
    lattice.save(folder / "land_cover.tif", cover, dtype="uint8", nodata=255)
    _json(folder / "drought_areas.geojson", ground.drought_geojson())


def _write_weather(folder: Path, pixels: Lattice, height: Floats, today: date) -> None:
    air, sea = weather.wind(pixels, today), weather.currents(pixels)
    waves = weather.wave_height_m(pixels, air.speed)
    water = weather.sea_temperature_c(pixels, today) + KELVIN
    heat = weather.heat_max_c(pixels, height)
    for name, bands, scale in (
        ("heat_max.tif", (heat,), 0.1),
        ("wave_height.tif", (waves,), 0.01),
        ("wind.tif", (air.speed, air.east, air.north), 0.01),
        ("currents.tif", (sea.east, sea.north), 0.001),
        ("sea_temperature.tif", (water,), 0.01),
    ):
        lattice.save(folder / name, *bands, dtype="int16", nodata=NO_VALUE, scale=scale)


def _write_displaced(
    folder: Path, shapes: Shapes, towns: pd.DataFrame, areas: list[District], today: date
) -> None:
    _json(folder / "districts.geojson", districts.as_geojson(areas))
    camps = displacement.sites(shapes, towns, today)
    _csv(folder / "displacement_sites.csv", camps, today)
    _csv(
        folder / "displaced_by_area.csv", displacement.by_area(areas, camps, today), today,
        sep=";", encoding="cp1252",
    )  # fmt: skip


def _write_response(
    folder: Path, shapes: Shapes, towns: pd.DataFrame, crossings: pd.DataFrame,
    areas: list[District], today: date,
) -> None:  # fmt: skip
    points = status.with_status(crossings, today)
    _csv(folder / "crossings_status_simulated.csv", points, today)
    _json(folder / "crossing_notices.json", status.notices(points))
    _csv(folder / "services.csv", services.services(shapes, towns, crossings, today), today)
    _csv(folder / "presence.csv", services.presence(areas, today), today)
    _csv(folder / "assets.csv", assets.assets(crossings), today)


def _write_events(folder: Path, pixels: Lattice, today: date) -> None:
    _csv(folder / "incidents.csv", incidents.incidents(pixels, today), today)
    _json(folder / "corridors.geojson", incidents.corridors_geojson())
    _json(folder / "search_tracks.geojson", tracks.as_geojson(today))
    _csv(folder / "crossing_flows.csv", flows.crossing_flows(today), today)
    _csv(folder / "arrivals.csv", flows.arrivals(today), today, sep=";")


def _csv(
    file: Path, table: pd.DataFrame, today: date, sep: str = ",", encoding: str = "utf-8"
) -> None:
    spoilt(table, file.name, today).to_csv(
        file, index=False, sep=sep, encoding=encoding, lineterminator="\n"
    )


def _json(file: Path, document: dict) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
