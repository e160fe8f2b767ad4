"""What differs between the two halves: how time passes in a thread that waits."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

Result = TypeVar("Result")

sleep = time.sleep


def limited(attempt: Callable[[], Result], timeout: float) -> Result:
    """Does what may take so many seconds: nothing can end it from outside, so the HTTP client's own limits hold."""
    return attempt()


class Background:
    """What is done beside whoever asks for it. A thread does it at once."""

    def begin(self, action: Callable[[], None]) -> None:
        """Does it."""
        action()

    def end(self) -> None:
        """Nothing is left to be done."""
