"""Writers that are killed and disks that lose power, for the tests and for benchmarks/crashes.py.

Run as a program it is one campaign: it never opens a store itself, so its forks start clean.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa

from geo_data import disk, unpacking  # noqa: F401 -- imported before the forks, to start fast
from geo_data.store import WRITER, Store


def tables_of(number: int) -> dict[str, pa.Table]:
    "Three tables that all say the same number, one of them seldom."
    rows = 1 + number % 5
    return {
        "first": pa.table({"n": [number] * rows}),
        "second": pa.table({"n": [number] * rows}),
        "seldom": pa.table({"n": [number // 10]}),
    }


def fault_of(release, number: int) -> str:
    "What is torn or mixed in a release; empty if all its tables are of one publication."
    for name, expected in tables_of(number).items():
        if not release.table(name).equals(expected):
            return f"{release.name}: {name} is not of publication {number}"
    return ""


def write(store: Path, acknowledged: Path, stop: float = float("inf")) -> None:
    "Publish numbers one after the other; each is noted outside once it is acknowledged."
    known = Store(store).releases()
    number = known[0].manifest["n"] if known else 0
    with acknowledged.open("a") as notes:
        while time.monotonic() < stop:
            number += 1
            Store(store).publish(tables_of(number), {"n": number})
            notes.write(f"{number}\n")
            notes.flush()


def follow(store: Path, report: Path, stop: Path) -> None:
    "Read the newest release again and again; note every torn, mixed or backward read."
    said = {"reads": 0, "bad": [], "changes": 0}
    seen = 0
    while not stop.exists():
        try:
            release = Store(store).latest()
            number = release.manifest["n"]
            wrong = fault_of(release, number) or ("backwards" if number < seen else "")
        except Exception as problem:
            wrong, number = f"{type(problem).__name__}: {problem}", seen
        said["reads"] += 1
        said["changes"] += number != seen
        said["bad"] += [wrong] if wrong else []
        seen = number
        time.sleep(0.003)
    report.write_text(json.dumps(said))


def forked(work, *arguments) -> int:
    "Process id of a child that does one thing."
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(*arguments)
        code = 0
    finally:
        os._exit(code)


def notes_of(file: Path) -> list[int]:
    "Acknowledged publications; the last line may be cut off."
    return [int(line) for line in file.read_text().split("\n")[:-1]] if file.exists() else []


def campaign(folder: Path, kills: int, seed: int = 0) -> dict:
    "Kill a writer again and again while two readers follow."
    rng, store, notes, stop = (
        random.Random(seed),
        folder / "store",
        folder / "notes",
        folder / "end",
    )
    child = forked(first, store, notes)
    os.waitpid(child, 0)
    readers = [forked(follow, store, folder / f"reader-{i}", stop) for i in range(2)]
    restarts, in_commit = [], 0
    for _ in range(kills):
        before, began = notes.stat().st_size, time.monotonic()
        child = forked(write, store, notes)
        while notes.stat().st_size == before and time.monotonic() - began < 10:
            time.sleep(0.001)
        restarts.append(time.monotonic() - began)
        time.sleep(rng.uniform(0, 0.2))
        os.kill(child, signal.SIGKILL)
        in_commit += (store / WRITER).exists()
        os.waitpid(child, 0)
    stop.touch()
    for reader in readers:
        os.waitpid(reader, 0)
    judge = forked(judged, store, notes, folder / "judged")
    os.waitpid(judge, 0)
    read = [json.loads((folder / f"reader-{i}").read_text()) for i in range(2)]
    return {
        "kills": kills, "in_commit": in_commit, "restart_max_s": max(restarts),
        "restart_mean_s": sum(restarts) / kills, "reads": sum(r["reads"] for r in read),
        "changes_seen": sum(r["changes"] for r in read), "bad": [b for r in read for b in r["bad"]],
        **json.loads((folder / "judged").read_text()),
    }  # fmt: skip


def first(store: Path, notes: Path) -> None:
    "The first publication, so that readers find something."
    Store(store).publish(tables_of(1), {"n": 1})
    notes.write_text("1\n")


def judged(store: Path, notes: Path, report: Path) -> None:
    "Compare what was acknowledged with what is there."
    found = {release.manifest["n"]: release for release in Store(store).releases()}
    acknowledged = notes_of(notes)
    wrong = [
        number
        for number in acknowledged
        if number not in found or found[number].fault(deep=True) or fault_of(found[number], number)
    ]
    with Store(store).writing():
        left = [str(path) for path in store.rglob("*") if ".parquet#" in path.name]
    report.write_text(
        json.dumps({"acknowledged": len(acknowledged), "lost": wrong, "leftovers": left})
    )


# ---------------------------------------------------------------------- power
def power_cut(folder: Path, seconds: float, *, synced: bool = True) -> dict:
    "Write on a disk of its own, take its blocks as they are at some moment, mount the copy."
    image, mount, notes = folder / "image", folder / "mount", folder / "notes"
    mount.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(64 << 20)
    run("mkfs.ext4", "-q", "-F", str(image))
    run("mount", "-o", "loop", str(image), str(mount))
    child = 0
    try:
        child = forked(write_unsynced if not synced else write, mount / "store", notes)
        patience = time.monotonic() + 30
        while not notes_of(notes) and time.monotonic() < patience:
            time.sleep(0.01)
        time.sleep(seconds)
        os.kill(child, signal.SIGSTOP)
        time.sleep(0.02)
        acknowledged = notes_of(notes)
        shutil.copyfile(image, folder / "copy")
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        run("umount", str(mount))
    return after_cut(folder / "copy", mount, acknowledged)


def write_unsynced(store: Path, notes: Path) -> None:
    "The same without a single fsync: what the defence is worth."
    disk._fsync = lambda path: None
    write(store, notes)


def after_cut(copy: Path, mount: Path, acknowledged: list[int]) -> dict:
    "What the disk holds when power is back, and how long the next publication takes."
    run("mount", "-o", "loop", str(copy), str(mount))
    try:
        report = copy.with_suffix(".json")
        child = forked(look, mount / "store", acknowledged, report)
        os.waitpid(child, 0)
        return json.loads(report.read_text())
    finally:
        run("umount", str(mount))


def look(store: Path, acknowledged: list[int], report: Path) -> None:
    "Every acknowledged release must be there, whole, and the next one must go in."
    try:
        found = {release.manifest["n"]: release for release in Store(store).releases()}
    except Exception as problem:
        found = {}
        sys.stderr.write(f"{problem}\n")
    lost = [
        n
        for n in acknowledged
        if n not in found or found[n].fault(deep=True) or fault_of(found[n], n)
    ]
    began, error = time.monotonic(), ""
    try:
        Store(store).publish(tables_of(10_000), {"n": 10_000})
        if Store(store).latest().manifest["n"] != 10_000:
            error = "the next publication is not seen"
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    said = {"acknowledged": len(acknowledged), "lost": lost, "error": error,
            "next_s": time.monotonic() - began}  # fmt: skip
    report.write_text(json.dumps(said))


def run(*command: str) -> None:
    "One command of the system."
    subprocess.run(command, check=True, capture_output=True)


def can_mount(folder: Path) -> str:
    "Why a disk image cannot be mounted here; empty if it can."
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        return "needs root and mkfs.ext4"
    try:
        folder.mkdir(parents=True)
        with (folder / "image").open("wb") as file:
            file.truncate(8 << 20)
        run("mkfs.ext4", "-q", "-F", str(folder / "image"))
        run("mount", "-o", "loop", str(folder / "image"), str(folder))
        run("umount", str(folder))
    except (OSError, subprocess.CalledProcessError) as problem:
        return f"loop devices cannot be mounted here ({problem})"
    return ""


def main() -> None:
    "One campaign, figures as JSON."
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["kill", "cut"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unsynced", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.what == "kill":
        sys.stdout.write(json.dumps(campaign(asked.folder, asked.times, asked.seed)))
        return
    rng = random.Random(asked.seed)
    cuts = [
        power_cut(asked.folder / str(i), rng.uniform(0.3, 1.2), synced=not asked.unsynced)
        for i in range(asked.times)
    ]
    sys.stdout.write(json.dumps(cuts))


if __name__ == "__main__":
    main()
