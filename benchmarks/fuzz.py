"""Ten thousand damaged files through the reading process: ``python -m benchmarks.fuzz [COUNT]``.

Prints what became of them by kind, and each sentence that explains nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from etl.sandbox import Sandbox
from geo_data.settings import Settings
from tests.hostile import fuzz


def main(count: int = 10_000, seed: int = 1) -> None:
    began, ends, odd = time.monotonic(), Counter(), Counter()
    settings = Settings(parse_bytes=1_000_000_000, parse_s=20)
    with tempfile.TemporaryDirectory() as folder, Sandbox(settings) as sandbox:
        for kind, said, _ in fuzz.outcomes(sandbox, Path(folder), count, seed):
            ends[kind, fuzz.sort_of(said)] += 1
            if fuzz.sort_of(said) not in ("accepted", "refused"):
                odd[kind, said] += 1
    for (kind, end), number in sorted(ends.items()):
        print(f"{kind:8} {end:12} {number}")
    for (kind, said), number in odd.most_common():
        print(number, kind, said)
    print(f"{sum(ends.values())} of {count} with an outcome in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
