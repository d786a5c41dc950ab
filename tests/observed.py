"""Observations in a line, and a writer that is killed."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geo_data.assessments.journal import Journal
from geo_data.assessments.record import Observation, PlaceKind
from geo_data.vocabulary import Audience, Component, Confidence, Rating, Role

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def observation(evidence: str = "Two of five wells are dry", **more) -> Observation:
    "One record; what is not given is the same every time."
    given = {
        "operation": "test_sea", "place_kind": PlaceKind.AREA, "place_code": "XLY01",
        "component": Component.SERVICES, "rating": Rating.HIGH, "date": date(2026, 2, 28),
        "confidence": Confidence.MEDIUM, "role": Role.ASSESSOR, "device": "0a1b2c3d",
        "recorded_at": AT,
    }  # fmt: skip
    return Observation(evidence=evidence, **(given | more))


def edited(*older: Observation, evidence: str = "", later_s: int = 60, **more) -> Observation:
    "A record in place of others."
    at = max(record.recorded_at for record in older) + timedelta(seconds=later_s)
    ids = tuple(sorted({record.id for record in older}))
    return observation(evidence or older[0].evidence, supersedes=ids, recorded_at=at, **more)


def journal(folder: Path, audience: Audience = Audience.CELL) -> Journal:
    "The observations of a store."
    return Journal(folder, audience)


def keep_writing(folder: Path, notes: Path, start: int) -> None:
    "Record one number after the other; each is noted outside once it is acknowledged."
    number = start
    with notes.open("a") as file:
        while True:
            number += 1
            name = journal(folder).append(observation(f"count of round {number}"))
            file.write(f"{name}\n")
            file.flush()


def killed(folder: Path, notes: Path, kills: int, seed: int = 0) -> int:
    "Kill writers at random moments; how many left a file half written."
    rng, halves = random.Random(seed), 0
    for turn in range(kills):
        child = os.fork()
        if not child:
            try:
                keep_writing(folder, notes, 10_000 * turn)
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0.01, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        halves += len(list((folder / "assessments").glob(".*.part")))
    return halves
