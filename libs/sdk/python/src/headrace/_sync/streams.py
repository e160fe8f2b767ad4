# Made of ../_async/streams.py by tools/python/make_sync.py: change that.
"""Answers that come piece by piece."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Iterator, Callable, Optional

import httpx

from .._calls import connection_error_of, request_id_of
from .._errors import ApiConnectionError, GenerationError, HeadraceError
from .._events import DONE, EventReader, chunk_of, content_of


class AnswerStream:
    """Pieces of an answer: ``chat.completion.chunk`` of OpenAI, as dicts. Use it in ``with``, or close it.

    Raises ``GenerationError`` when the answer fails in its middle, and ``ApiConnectionError`` when the connection
    breaks.
    """

    def __init__(
        self, response: httpx.Response, timeout: float, abandon: Optional[Callable[[str], None]] = None
    ) -> None:
        self._response = response
        self._timeout = timeout
        # Called with the channel of an answer that nobody will read to its end.
        self._abandon = abandon
        self._is_read = False

    @property
    def channel_id(self) -> Optional[str]:
        """Under which the request is found later."""
        value: Optional[str] = self._response.headers.get("x-modelriver-channel-id")
        return value

    @property
    def request_id(self) -> Optional[str]:
        """The id by which the answer can be found in the system's records."""
        return request_id_of(self._response)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._is_read:
            raise HeadraceError("A stream can be read only once.")
        self._is_read = True
        reader = EventReader()
        try:
            for piece in self._response.iter_bytes():
                for event in reader.read(piece):
                    chunk = self._chunk_of(event.data)
                    if chunk is None:
                        return
                    yield chunk
            raise ApiConnectionError("The stream broke off before its end.")
        except httpx.RequestError as error:
            raise connection_error_of(error, self._timeout) from error
        finally:
            self.close()

    def texts(self) -> Iterator[str]:
        """Only the text, in the pieces that it comes in."""
        try:
            for chunk in self:
                text = content_of(chunk)
                if text:
                    yield text
        finally:
            # A reader that leaves ends this generator, but not yet the one that it reads from.
            self.close()

    def text(self) -> str:
        """The whole text, when all of it has come."""
        return "".join([piece for piece in self.texts()])

    def close(self) -> None:
        """Ends the connection, and the request too, unless its idempotency key is yours: then you may come back."""
        try:
            self._response.close()
        finally:
            abandon, self._abandon = self._abandon, None
            if abandon and self.channel_id is not None:
                abandon(self.channel_id)

    def _chunk_of(self, data: str) -> Optional[dict[str, Any]]:
        try:
            chunk = None if data == DONE else chunk_of(data, self.request_id)
        except GenerationError:
            self._abandon = None
            raise
        if chunk is None:
            self._abandon = None
        return chunk

    def __enter__(self) -> AnswerStream:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
