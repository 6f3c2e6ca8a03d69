"""Event loops for tests of what lives in one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor


def in_a_loop(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work in an event loop of a thread of its own: browser tests leave one in this one."""

    async def run() -> None:
        await work()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
