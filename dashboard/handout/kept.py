"""Files already made, kept for the next person who asks; one is made at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from dashboard import data

MOST_BYTES = 64_000_000
_held: OrderedDict[Hashable, bytes] = OrderedDict()
# Twenty people who print at once wait for each other, not the map for twenty prints.
_making = threading.Lock()


def kept(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gave for this key, made now if it was not held."""
    with _making:
        if key not in _held:
            _held[key] = make()
        _held.move_to_end(key)
        made = _held[key]
        while len(_held) > 1 and sum(map(len, _held.values())) > MOST_BYTES:
            _held.popitem(last=False)
        return made


data.forget_daily(_held.clear)
