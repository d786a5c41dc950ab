"""A wide table of a release, column by column: what nobody asks for takes no memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa


class Columns:
    """Columns of one table, read when first asked for and then held once."""

    def __init__(self, read: Callable[[list[str]], pa.Table]) -> None:
        self.read = read
        self._held: dict[str, np.ndarray] = {}

    def frame(self, names: list[str]) -> pd.DataFrame:
        """Some columns as a table; it shares their memory and must not be written to."""
        missing = [name for name in names if name not in self._held]
        if missing:
            arrow = self.read(missing)
            for name in missing:
                self._held[name] = arrow[name].to_pandas().to_numpy()
        return pd.DataFrame({name: self._held[name] for name in names}, copy=False)
