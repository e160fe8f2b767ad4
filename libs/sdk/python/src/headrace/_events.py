"""Reads server-sent events."""

from __future__ import annotations

import codecs
import json
from typing import Any, Iterator, Optional

from ._errors import GenerationError, HeadraceError

# Longest event that is kept while its end has not come, in characters.
_LONGEST_EVENT = 8 * 1024 * 1024
#: What an answer that is complete ends with.
DONE = "[DONE]"


class EventReader:
    """Gives the ``data`` of server-sent events from pieces of bytes; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""
        self._data: list[str] = []
        self._size = 0

    def read(self, piece: bytes) -> Iterator[str]:
        """The data of every event that is complete with this piece."""
        *lines, self._line = (self._line + self._decoder.decode(piece)).split("\n")
        for each in lines:
            line = each[:-1] if each.endswith("\r") else each
            if line == "":
                if self._data:
                    data, self._data, self._size = "\n".join(self._data), [], 0
                    yield data
            elif line.startswith("data:"):
                data = line[6:] if line[5:6] == " " else line[5:]
                self._data.append(data)
                self._size += len(data)
        if len(self._line) + self._size > _LONGEST_EVENT:
            raise HeadraceError("An event of the stream has no end.")


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
