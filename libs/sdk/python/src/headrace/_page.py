"""What a list is read by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list."""

    data: list[Item]
    #: For the next page; None on the last.
    next_cursor: Optional[str]
