"""What differs between the two halves: how time passes with asyncio."""

from __future__ import annotations

import asyncio
from typing import Awaitable, Callable, TypeVar

from .._calls import timed_out

Result = TypeVar("Result")

sleep = asyncio.sleep


async def limited(attempt: Callable[[], Awaitable[Result]], timeout: float) -> Result:
    """Does what may take so many seconds in all. Raises ``ApiTimeoutError``."""
    try:
        return await asyncio.wait_for(attempt(), timeout)
    except asyncio.TimeoutError:
        raise timed_out(timeout) from None


class Background:
    """What is done beside whoever asks for it: a task that is being cancelled should not wait for it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, action: Callable[[], Awaitable[None]]) -> None:
        """Begins without waiting."""

        async def act() -> None:
            await action()

        task = asyncio.get_running_loop().create_task(act())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Waits for what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
