"""Reads server-sent events."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any, Iterator, Optional, cast

from ._channel_types import ChannelEvent
from ._errors import GenerationError, HeadraceError

# Longest event that is kept while its end has not come, in characters.
_LONGEST_EVENT = 8 * 1024 * 1024
#: What an answer that is complete ends with.
DONE = "[DONE]"


@dataclass(frozen=True)
class ServerEvent:
    """One server-sent event."""

    #: Its name; ``message`` when it has none.
    event: str
    data: str
    #: Where it stands: for ``Last-Event-ID``. Empty when none was told.
    id: str


class EventReader:
    """Reads server-sent events from pieces of bytes; comments and events without data are passed over."""

    def __init__(self, last_id: str = "") -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""
        self._event = ""
        self._data: list[str] = []
        self._size = 0
        self._id = last_id
        #: The id to come again with.
        self.last_id = last_id
        #: How soon the server wants to be asked again, in seconds; None while it does not say.
        self.retry: Optional[float] = None
        #: Whether a comment came: the server lives and has nothing to tell.
        self.has_heartbeat = False

    def read(self, piece: bytes) -> Iterator[ServerEvent]:
        """Every event that is complete with this piece."""
        *lines, self._line = (self._line + self._decoder.decode(piece)).split("\n")
        for each in lines:
            line = each[:-1] if each.endswith("\r") else each
            if line:
                self._field(line)
                continue
            self.last_id = self._id
            event, data = self._event or "message", self._data
            self._event, self._data, self._size = "", [], 0
            if data:
                yield ServerEvent(event, "\n".join(data), self.last_id)
        if len(self._line) + self._size > _LONGEST_EVENT:
            raise HeadraceError("An event of the stream has no end.")

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        if value.startswith(" "):
            value = value[1:]
        if name == "":
            self.has_heartbeat = True
        elif name == "data":
            self._data.append(value)
            self._size += len(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and re.fullmatch(r"[0-9]{1,9}", value):
            self.retry = int(value) / 1_000


def channel_event_of(told: ServerEvent) -> ChannelEvent:
    """What a server-sent event tells of a request."""
    try:
        return cast("ChannelEvent", {"event": told.event, "id": told.id, "data": json.loads(told.data)})
    except ValueError:
        raise HeadraceError("An event of the stream is no JSON.") from None


def chunk_of(data: str, request_id: Optional[str]) -> dict[str, Any]:
    """A chunk of a stream. Raises ``GenerationError`` when it tells of a failure."""
    try:
        chunk = json.loads(data)
    except ValueError:
        chunk = None
    if not isinstance(chunk, dict):
        raise HeadraceError("An event of the stream is no JSON object.")
    if "error" not in chunk:
        return chunk
    error = chunk["error"] if isinstance(chunk["error"], dict) else {}
    raise GenerationError(
        error.get("message") or "The answer failed in its middle.",
        code=error.get("code") or "upstream_error",
        details=error.get("details"),
        request_id=request_id,
    )


def content_of(chunk: dict[str, Any]) -> str:
    """The text that a chunk adds to the first choice."""
    for choice in chunk.get("choices") or []:
        if choice.get("index") == 0:
            return (choice.get("delta") or {}).get("content") or ""
    return ""
