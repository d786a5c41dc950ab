"""Files to hand over. They hold what the view shows, its units and its sources, nothing more.

The parts stand in ``dashboard/handout``, one idea a module; pages reach them through this one.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from dashboard.handout.kml import kml
from dashboard.handout.names import file_name
from dashboard.handout.neutral import neutral, safe_table
from dashboard.handout.provenance import about, stamped
from dashboard.handout.vectors import geopackage, hexagon_layer
from geo_data import grid
from geo_data.quantities import Quantity
from geo_data.view import View

HXL = {
    "cell": "#geo+h3", "h3": "#geo+h3", "lat_deg": "#geo+lat", "lon_deg": "#geo+lon",
    "name": "#loc+name", "source": "#meta+source", "source_id": "#meta+source+id",
    "about": "#meta+about", "simulated": "#meta+simulated",
    "release": "#meta+release", "date": "#date+reported", "status": "#status",
    "sector": "#sector", "organisation": "#org", "country": "#country+code",
    "population_people": "#population", "displaced_people": "#affected+displaced",
    "dead_missing_people": "#affected+killed+missing", "value": "#value",
    "area": "#loc+area", "topic": "#indicator+category", "label": "#indicator+name",
    "unit": "#indicator+unit", "known_share": "#indicator+known+pct", "rank": "#indicator+rank",
    "context_index": "#indicator+index+num", "licence": "#meta+license",
    "reference_period": "#date+reference", "people": "#affected+unserved",
    "component": "#sector+component", "evidence": "#description", "rating": "#severity",
}  # fmt: skip


def csv(table: pd.DataFrame) -> bytes:
    """CSV with a HXL row; blank is unknown, 0 is an observed zero."""
    safe = safe_table(table)
    tags = pd.DataFrame([tags_of(safe)])
    out = io.StringIO()
    pd.DataFrame(columns=safe.columns).to_csv(out, index=False)
    tags.to_csv(out, index=False, header=False)
    safe.to_csv(out, index=False, header=False)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def tags_of(table: pd.DataFrame) -> list[str]:
    """HXL tag of each column; one that HXL has no word for is told as our own."""
    return [HXL.get(str(name), "#meta+" + _tag(name)) for name in table]


def hexagon_table(view: View, quantity: Quantity, table: pd.DataFrame) -> pd.DataFrame:
    """Hexagons of one quantity with names, positions, unit and sources in every row."""
    spoken = table[table[f"{quantity.column}__cover"] > 0]
    lat_deg, lon_deg = grid.centres_of(spoken["cell"])
    named = pd.DataFrame(
        {
            "h3": grid.text(spoken["cell"]),
            "lat_deg": np.round(lat_deg, 5),
            "lon_deg": np.round(lon_deg, 5),
            quantity.column: spoken[quantity.column].to_numpy(),
            "covered_share": spoken[f"{quantity.column}__cover"].round(3).to_numpy(),
        }
    )
    return stamped(view, named, [quantity])


def _tag(name: object) -> str:
    return "".join(letter for letter in str(name).lower() if letter.isalnum()) or "column"


__all__ = (
    "about", "csv", "file_name", "geopackage", "hexagon_layer", "hexagon_table", "kml", "neutral",
    "safe_table", "stamped", "tags_of",
)  # fmt: skip
