"""Files that users of the app bring, read like those of sources: in a child, without trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from etl.uploads import outline, particles, positions, records
from geo_data.settings import Settings
from geo_data.uploads import Asked, Shape, Told

READERS: dict[Shape, Callable[[Path, Asked, Settings], tuple[pd.DataFrame, Told]]] = {
    "records": records.read,
    "positions": positions.read,
    "outline": outline.read,
    "particles": particles.read,
}


def read(file: Path, asked: Asked, settings: Settings) -> tuple[pd.DataFrame, Told]:
    """What is asked of a file, and what is to be said about it.

    Raises
    ------
    WaypostError
        If the file cannot be read as asked.
    """
    return READERS[asked.shape](file, asked, settings)
