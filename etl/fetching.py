"""Feeds of one operation: fetch, judge what came if it is guarded, put it in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from etl import files as source_files
from etl import guard, manifest, outcomes, reuse
from etl.feeds import folders as feed_folders
from etl.feeds.client import Client
from etl.feeds.credentials import Credential
from etl.feeds.gather import Gathered, gather
from etl.ledger import Ledger
from etl.sandbox import Sandbox
from geo_data.errors import FeedFailed, WaypostError
from geo_data.feeds import folder_of
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.store import Store


@dataclass(frozen=True)
class Fetching:
    """How the feeds of one operation are fetched."""

    operation: Operation
    store: Store
    folders: Sequence[Path]
    settings: Settings
    ledger: Ledger

    def fetch(self, source: Source, now: datetime) -> Gathered:
        """Fetch a feed, judge what came if it is guarded, and put it in place."""
        assert source.feed is not None
        folder = self.folders[0] / folder_of(self.operation.key, source.key)
        hosts, kept = self.operation.hosts, self.ledger.pages(source.key)
        with Client(hosts, self.settings, Credential.of(source.feed)) as client:
            got = gather(source, folder, client, kept, now.date())
        if got.staged is not None:
            if source.feed.guard == "keep":
                self._refuse_absurd(source, got.staged, folder, now)
            with self.store.writing():  # a run must not read half of one set and half of another
                feed_folders.commit(got.staged, folder)
        self.ledger.keep(source.key, got.pages, now)
        return got

    def _refuse_absurd(self, source: Source, staged: Path, folder: Path, now: datetime) -> None:
        """Read the staged files as a run would; what is absurd is put aside."""
        try:
            said = self._suspicions(source, staged, now)
        except WaypostError as problem:
            said = [str(problem)]
        if said:
            aside = feed_folders.refuse(staged, folder)
            raise FeedFailed(
                source.key, "; ".join(said), "something like the last release",
                f"The last good files stay. The new ones lie in {aside.name}; if they are right, "
                "ask once with guard = \"warn\".",
            )  # fmt: skip

    def _suspicions(self, source: Source, staged: Path, now: datetime) -> list[str]:
        found = self._found(source, staged)
        described = [source_files.described(path) for path in found]
        kept = self.store.work / reuse.FOLDER
        with Sandbox(self.settings) as sandbox:
            made = reuse.contribution(
                source, found, described, self.operation, sandbox, now.date(), kept
            )
        gave, error = outcomes.judged(source, made)
        before = manifest.accounts(self.store, self.operation).get(source.key, {})
        return [error] if error else guard.suspicions(before.get("figures"), gave)

    def _found(self, source: Source, staged: Path) -> list[Path]:
        own = folder_of(self.operation.key, source.key) + "/"
        found: list[Path] = []
        for path in source.paths():
            part = [staged] if path.startswith(own) else list(self.folders)
            found += source_files.find(
                replace(source, path=path.removeprefix(own)), part, self.settings
            )
        return found
