"""The process that reads files, without secrets in its environment and without network.

:mod:`etl.sandbox` starts it. It leaves the network before anything is loaded that starts a thread,
for a process with threads may not.
"""

from __future__ import annotations

import os
import sys

from etl import confine

UPLOADS = "uploads"
"""Argument of a process that reads nothing but files that users bring."""


def main() -> None:
    """Serve on standard input and output, which no library gets to see."""
    confine.with_parent()
    without = ["network (namespace)"] if confine.no_network() else []
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as replies:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        from etl import children

        children.serve(requests, replies, without, uploads=UPLOADS in sys.argv)


if __name__ == "__main__":
    main()
