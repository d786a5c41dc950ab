"""Where observations are kept: one small file a record beside the releases, for the cell alone.

A file is named by its content and never changes, so writers need no lock, a copy of the folder is
whole at any moment, and what two laptops hold together is the union of their files.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress

import msgspec

from geo_data import disk, location
from geo_data.assessments.record import Observation, checked
from geo_data.errors import NotForAudience
from geo_data.location import Place, Remote
from geo_data.vocabulary import Audience

FOLDER = "assessments"
DEVICE = "device.txt"
PART_S = 3600.0
_decoded: dict[Place, Observation] = {}


class Journal:
    """Observations of one store, for one audience.

    Parameters
    ----------
    store : str, Path or Remote
        See :func:`geo_data.location.at`.
    audience : Audience
        Anybody but the cell finds it empty and cannot write.
    """

    def __init__(self, store: str | Place, audience: Audience):
        self.folder = location.at(store) / FOLDER
        self.open = Audience(audience) is Audience.CELL

    def records(self) -> tuple[Observation, ...]:
        """All whole records, in the order of their ids."""
        return tuple(record for record in map(_read, self._files()) if record is not None)

    def damaged(self, *, deep: bool = True) -> list[str]:
        """Names of files whose content is not what their name says.

        Parameters
        ----------
        deep : bool
            Read every file anew; else those that were whole once are taken to be so.
        """
        look = _fresh if deep else _read
        return [file.name for file in self._files() if look(file) is None]

    def append(self, record: Observation) -> str:
        """Keep a record; on return it would survive a power cut.

        Returns
        -------
        str
            Its id.

        Raises
        ------
        NotForAudience
            If the audience is not the cell.
        ObservationRefused
            If the record breaks a rule.
        StoreFull, StoreUnwritable
            If the disk does not take it; what was there before is untouched.
        """
        self._keep([record])
        return record.id

    def merge(self, records: Iterable[Observation]) -> int:
        """Keep what is not here yet; how many that were. A second time changes nothing."""
        here = {file.stem for file in self._files() if _fresh(file)}  # a damaged one comes again
        new = {record.id: record for record in records if record.id not in here}
        self._keep(list(new.values()))
        return len(new)

    def _keep(self, records: Sequence[Observation]) -> None:
        """Write records, all of them checked before the first; their names last together."""
        self._writable()
        encoded = {f"{record.id}.json": checked(record).encoded() for record in records}
        with disk.explained(self.folder, sum(map(len, encoded.values()))):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            for name, data in encoded.items():
                disk.created(self.folder / name, data, settled=False)
            disk.settled(self.folder)

    def device(self) -> str:
        """Random number of this store, made once."""
        self._writable()
        file = self.folder / DEVICE
        if not file.exists():
            with disk.explained(self.folder, 8):
                self.folder.mkdir(parents=True, exist_ok=True)
                disk.created(file, uuid.uuid4().hex[:8].encode())
        return file.read_text(encoding="utf-8").strip()

    def _writable(self) -> None:
        if not self.open:
            raise NotForAudience("observations")

    def _files(self) -> list[Place]:
        if not self.open or not self.folder.exists():
            return []
        return sorted(file for file in self.folder.iterdir() if file.suffix == ".json")

    def _sweep(self) -> None:
        """Remove what writers that were killed left behind long ago."""
        if isinstance(self.folder, Remote):
            return
        for part in self.folder.glob(".*.part"):
            with suppress(FileNotFoundError):  # its writer has just ended
                if time.time() - part.stat().st_mtime > PART_S:
                    part.unlink()


def _read(file: Place) -> Observation | None:
    """A record; files never change, so each is read once."""
    if file not in _decoded:
        record = _fresh(file)
        if record is None:
            return None
        _decoded[file] = record
    return _decoded[file]


def _fresh(file: Place) -> Observation | None:
    try:
        record = msgspec.json.decode(file.read_bytes(), type=Observation)
    except (msgspec.MsgspecError, OSError, RecursionError, ValueError):
        return None
    return record if record.id == file.stem else None
