"""The app's own clock, if the deployment asks for one: it starts the tick as a process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from dashboard import access
from geo_data.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def command(settings: Settings) -> list[str]:
    """The tick of what the app shows."""
    asked = [str(settings.operation)] if settings.operation else []
    where = ["--data", str(settings.data), "--store", str(settings.store)]
    return [sys.executable, "-m", "etl", "refresh", *asked, "--due", *where]


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Start ticks as long as the app lives; without WAYPOST_TICK_S nothing is started."""
    settings = access.settings()
    clock = asyncio.create_task(_ticks(settings)) if settings.tick_s else None
    try:
        yield
    finally:
        if clock is not None:
            clock.cancel()
            with suppress(asyncio.CancelledError):
                await clock


async def _ticks(settings: Settings) -> None:
    assert settings.tick_s is not None
    while True:
        await asyncio.sleep(settings.tick_s)  # first the page itself may build the first release
        process = await asyncio.create_subprocess_exec(
            *command(settings), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
