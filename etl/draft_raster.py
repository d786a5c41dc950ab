"""A first declaration of a raster: which band or variable may be which quantity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from etl import block, synonyms
from etl.block import Draft
from geo_data import quantities as q

# Names of variables and files of known products, and how their pixels become values.
KNOWN: tuple[tuple[str, str, dict[str, object]], ...] = (
    (r"\buo\b|eastward sea water", q.CURRENT_EAST.column, {"nodata_means": "outside"}),
    (r"\bvo\b|northward sea water", q.CURRENT_NORTH.column, {"nodata_means": "outside"}),
    (r"\bu10\b|\b10u\b|ugrd|u component of wind", q.WIND_EAST.column, {}),
    (r"\bv10\b|\b10v\b|vgrd|v component of wind", q.WIND_NORTH.column, {}),
    (r"\btmax\b|maximum temperature|\bmx2t\b", q.HEAT.column, {}),
    (r"rain(fall)? anomaly|anomalie de pluie", q.RAIN_ANOMALY.column, {}),
    (r"\bapcp\d*\b|precipitation|rainfall|\btp\b", q.RAIN.column, {}),
    (r"flood|inondation|inun", q.FLOOD_DEPTH.column, {"stat": "max"}),
    (r"\bswh\b|\bvhm0\b|wave height", q.WAVE_HEIGHT.column, {}),
    (r"\bsst\b|sea surface temperature|analysed sst", q.SEA_TEMPERATURE.column, {}),
    (r"afripop|density", q.POPULATION.column, {"stat": "density", "nodata_means": "outside"}),
    (r"\bpop\b|population|worldpop|ghs pop", q.POPULATION.column,
     {"stat": "sum", "nodata_means": "none"}),
    (r"\bdem\b|relief|etopo|srtm|elevation|bathy", q.ELEVATION.column, {}),
    (r"crop|\bagr\b", q.CROPLAND.column, {"nodata_means": "outside"}),
)  # fmt: skip


def drafted(file: Path, doubts: Sequence[str]) -> str:
    """TOML of one ``[[source]]`` block for a raster; bands nobody can tell are said, not filled."""
    made = Draft(read={"format": "raster"}, doubts=list(doubts))
    bands = list(_bands(file))
    known = [(band, words, _known(words)) for band, words in bands]
    if not any(quantity for *_, quantity in known) and len(bands) == 1:
        known = [(bands[0][0], synonyms.plain(file.stem), _known(synonyms.plain(file.stem)))]
    lines = []
    for band, words, quantity in known:
        if quantity is None:
            made.doubts.append(f"a band is left out: {words or band} is no quantity known here")
            continue
        lines += ["", "[[source.bands]]", block.line("quantity", quantity[0], f"by {words!r}")]
        lines += [block.line(key, value) for key, value in {**band, **quantity[1]}.items()]
    if not lines:
        made.doubts.append("bands: no quantity recognised; declare [[source.bands]]")
    return block.text(made, file, "raster", "a raster") + "\n".join(lines) + "\n"


def _known(words: str) -> tuple[str, dict[str, object]] | None:
    return next(((name, more) for pattern, name, more in KNOWN if re.search(pattern, words)), None)


def _bands(file: Path) -> Iterator[tuple[dict[str, object], str]]:
    """How each band is declared, and the words that describe it."""
    import rasterio

    with rasterio.open(file) as dataset:
        inner = [name.rsplit(":", 1)[-1] for name in dataset.subdatasets]
        if not inner:
            described = [_described(dataset, number) for number in dataset.indexes]
            several = len(described) > 1
            for number, words in enumerate(described, start=1):
                yield ({"band": number} if several else {}), words
    for name in inner:
        yield {"variable": name}, synonyms.plain(name)


def _described(dataset: object, number: int) -> str:
    tags: Iterable[str] = dataset.tags(number).values()  # type: ignore[attr-defined]
    words = [dataset.descriptions[number - 1] or "", *tags]  # type: ignore[attr-defined]
    return synonyms.plain(" ".join(words))[:60]
