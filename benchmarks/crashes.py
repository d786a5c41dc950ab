"""Kills a writer 200 times and cuts the power 24 times, and says what was lost.

python -m benchmarks.crashes [--kills 200] [--cuts 24]     (power cuts need root, for mounting)
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import crashes


def campaign(what, folder, times, *more):
    command = [sys.executable, "-m", "tests.crashes", what, str(folder), "--times", str(times)]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def killed(folder, times):
    said = campaign("kill", folder, times)
    print(
        f"{times} kills, {said['in_commit']} of them in a commit; {said['acknowledged']} "
        f"acknowledged releases, lost {len(said['lost'])}; {said['reads']} reads by two readers "
        f"that saw {said['changes_seen']} changes, bad {len(said['bad'])}; start to next release "
        f"{said['restart_mean_s']:.2f} s on average, {said['restart_max_s']:.2f} s at most"
    )


def cut(folder, times, *more):
    cuts = campaign("cut", folder, times, *more)
    print(
        f"{times} power cuts{' without fsync' if more else ''}: "
        f"{sum(c['acknowledged'] for c in cuts)} acknowledged releases, lost "
        f"{sum(len(c['lost']) for c in cuts)} in {sum(bool(c['lost']) for c in cuts)} cuts; "
        f"next publication failed {sum(bool(c['error']) for c in cuts)} times, took "
        f"{max(c['next_s'] for c in cuts):.2f} s at most"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=24)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed(Path(folder) / "kills", asked.kills)
        if reason := crashes.can_mount(Path(folder) / "try"):
            print(f"no power cuts: {reason}")
            return
        cut(Path(folder) / "cuts", asked.cuts)
        cut(Path(folder) / "unsynced", max(1, asked.cuts // 4), "--unsynced")


if __name__ == "__main__":
    main()
