"""Whatever operators do, in whatever order: every listed release opens and is what it was."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from geo_data import doctor, parcel, unpacking
from geo_data.retention import Rules, retain
from geo_data.store import Store
from tests.published import MANIFEST, areas, series, shown


class Operators(RuleBasedStateMachine):
    "A store and what must be in it."

    files = Bundle("files")

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(self.folder / "store")
        self.values: dict[str, float] = {}
        self.pinned: set[str] = set()

    def teardown(self):
        shutil.rmtree(self.folder)

    def one(self, number):
        "Some listed release."
        names = sorted(self.values)
        return names[number % len(names)] if names else None

    @rule(value=st.integers(0, 3))
    def publish(self, value):
        made = self.store.publish({"series": series(value), "areas": areas()}, MANIFEST)
        self.values[made.name] = value

    @rule(number=st.integers(0, 20))
    def rollback(self, number):
        if old := self.one(number):
            made = self.store.rollback(old, reason="x")
            self.values[made.name] = self.values[old]
            assert self.store.latest().name == made.name

    @rule(number=st.integers(0, 20), pinned=st.booleans())
    def pin(self, number, pinned):
        if name := self.one(number):
            self.store.pin(name, pinned=pinned)
            (self.pinned.add if pinned else self.pinned.discard)(name)

    @rule(last=st.integers(0, 3))
    def retain(self, last):
        rules = Rules(last=last, days=0, session=timedelta(0))
        retain(self.store, rules, datetime.now(UTC))
        kept = sorted(self.values, reverse=True)[: max(1, last)]
        self.values = {n: v for n, v in self.values.items() if n in kept or n in self.pinned}

    @rule(target=files, number=st.integers(0, 20))
    def export(self, number):
        name = self.one(number)
        if name is None:
            return None
        file = self.folder / f"{name}.waypost"
        parcel.write(self.store.release(name), file)
        return file, name, self.values[name]

    @rule(taken=files)
    def import_(self, taken):
        if taken:
            file, name, value = taken
            unpacking.read(self.store, file, max_bytes=10**7)
            self.values[name] = value

    @invariant()
    def every_listed_release_is_what_it_was(self):
        found = {release.name: shown(release)[0] for release in self.store.releases()}
        assert found == self.values
        assert {r.name for r in self.store.releases() if r.pinned} == self.pinned & set(found)

    @invariant()
    def the_doctor_agrees(self):
        assert doctor.examine(self.store, datetime.now(UTC)).exit_code == (0 if self.values else 1)


Operators.TestCase.settings = settings(
    max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
test_operators = Operators.TestCase
