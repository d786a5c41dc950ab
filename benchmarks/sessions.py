"""Many people watching the live map: how long a refresh takes when twenty sessions ask for it.

    python -m benchmarks.sessions http://127.0.0.1:8501 [--sessions 20] [--every 15] [--for 60]

Speaks Streamlit's own protocol over its web socket, as a browser does, against a running app: first
the page, then its refresh every few seconds until the time is over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


async def visit(url: str, every_s: float, until: float, wait_s: float) -> tuple[float, list[float]]:
    """Seconds of the first run, and of every refresh, of one session."""
    await asyncio.sleep(wait_s)
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(
        address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
    ) as line:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        first, fragments = await _answered(line, ask)
        refreshes = []
        while time.perf_counter() + every_s < until:
            await asyncio.sleep(every_s)
            ask = BackMsg()
            ask.rerun_script.fragment_id = fragments[-1]
            ask.rerun_script.is_auto_rerun = True
            refreshes.append((await _answered(line, ask))[0])
    return first, refreshes


async def _answered(line: websockets.ClientConnection, ask: BackMsg) -> tuple[float, list[str]]:
    begun, fragments = time.perf_counter(), []
    await line.send(ask.SerializeToString())
    while True:
        told = ForwardMsg()
        told.ParseFromString(await asyncio.wait_for(line.recv(), 120))
        if told.WhichOneof("type") == "auto_rerun":
            fragments.append(told.auto_rerun.fragment_id)
        if told.WhichOneof("type") == "script_finished":
            return time.perf_counter() - begun, fragments


async def main() -> None:
    """Measure and print as JSON."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("url")
    ask.add_argument("--sessions", type=int, default=20)
    ask.add_argument("--every", type=float, default=15)
    ask.add_argument("--for", dest="lasting", type=float, default=60)
    told = ask.parse_args()
    until, gap = time.perf_counter() + told.lasting, told.every / told.sessions
    visits = [visit(told.url, told.every, until, n * gap) for n in range(told.sessions)]
    found = await asyncio.gather(*visits)
    all_of = sorted(value for _, refreshes in found for value in refreshes)
    print(
        json.dumps(
            {
                "first_run_p50_s": statistics.median(first for first, _ in found),
                "refreshes": len(all_of), "refresh_p50_s": statistics.median(all_of),
                "refresh_p95_s": all_of[int(0.95 * len(all_of))], "load": os.getloadavg()[0],
            },
            indent=1,
        )
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
