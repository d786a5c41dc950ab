"""What a set of records says today: the order in which they came, or came together, is no matter.

Everything here is a function of the set, so two laptops that hold the same records show the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo_data.assessments.record import Observation


@dataclass(frozen=True)
class Thread:
    """One observation through time.

    Attributes
    ----------
    heads : tuple of Observation
        Records that nothing supersedes, the newest first. More than one that say different things
        are a conflict, until a record supersedes them all.
    past : tuple of Observation
        All others, the newest first.
    """

    heads: tuple[Observation, ...]
    past: tuple[Observation, ...]

    @property
    def conflict(self) -> bool:
        """Whether it was edited at two places in different ways."""
        return len({_said(head) for head in self.heads}) > 1

    @property
    def withdrawn(self) -> bool:
        """Whether all agree that it no longer holds."""
        return all(head.withdrawn for head in self.heads)

    @property
    def newest(self) -> Observation:
        """The newest record that nothing supersedes."""
        return self.heads[0]

    @property
    def shown(self) -> tuple[Observation, ...]:
        """Heads that say different things, each once, the newest first."""
        return tuple({_said(head): head for head in reversed(self.heads)}.values())[::-1]


def threads(records: Iterable[Observation]) -> list[Thread]:
    """Records by the observation that they are versions of, the newest observation first.

    A record supersedes records of its own place only, also those that are not here (yet).
    """
    held = {record.id: record for record in records}
    group = _Groups()
    gone = set()
    for name, record in held.items():
        group.join((record.place, name), (record.place, name))
        for older in record.supersedes:
            group.join((record.place, name), (record.place, older))
            gone.add((record.place, older))
    members: dict[object, list[str]] = defaultdict(list)
    for name, record in held.items():
        members[group.of((record.place, name))].append(name)
    found = []
    for names in members.values():
        heads = [name for name in names if (held[name].place, name) not in gone]
        past = [name for name in names if (held[name].place, name) in gone]
        found.append(Thread(_newest_first(heads, held), _newest_first(past, held)))
    return sorted(found, key=lambda thread: _age(thread.newest), reverse=True)


def _newest_first(names: Sequence[str], held: dict[str, Observation]) -> tuple[Observation, ...]:
    return tuple(sorted((held[name] for name in names), key=_age, reverse=True))


def _age(record: Observation) -> tuple[object, ...]:
    return record.recorded_at, record.id


def _said(record: Observation) -> tuple[object, ...]:
    """What a record says, whoever says it; what is withdrawn says nothing else."""
    if record.withdrawn:
        return (True,)
    return (record.component, record.rating, record.evidence, record.date, record.confidence)


class _Groups:
    """Which nodes hang together."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def of(self, node: object) -> object:
        above = self._above.setdefault(node, node)
        while above != node:
            self._above[node] = self._above[above]
            node, above = above, self._above[above]
        return node

    def join(self, one: object, other: object) -> None:
        self._above[self.of(one)] = self.of(other)
