"""Answers that come piece by piece."""

from __future__ import annotations

from types import TracebackType
from typing import Any, AsyncIterator, Awaitable, Callable, Optional

import httpx

from .._calls import connection_error_of, request_id_of
from .._errors import ApiConnectionError, GenerationError, HeadraceError
from .._events import DONE, EventReader, chunk_of, content_of


class AsyncAnswerStream:
    """Pieces of an answer: ``chat.completion.chunk`` of OpenAI, as dicts. Use it in ``async with``, or close it.

    Raises ``GenerationError`` when the answer fails in its middle, and ``ApiConnectionError`` when the connection
    breaks.
    """

    def __init__(
        self, response: httpx.Response, timeout: float, abandon: Optional[Callable[[str], Awaitable[None]]] = None
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

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        if self._is_read:
            raise HeadraceError("A stream can be read only once.")
        self._is_read = True
        reader = EventReader()
        try:
            async for piece in self._response.aiter_bytes():
                for event in reader.read(piece):
                    chunk = self._chunk_of(event.data)
                    if chunk is None:
                        return
                    yield chunk
            raise ApiConnectionError("The stream broke off before its end.")
        except httpx.RequestError as error:
            raise connection_error_of(error, self._timeout) from error
        finally:
            await self.close()

    async def texts(self) -> AsyncIterator[str]:
        """Only the text, in the pieces that it comes in."""
        try:
            async for chunk in self:
                text = content_of(chunk)
                if text:
                    yield text
        finally:
            # A reader that leaves ends this generator, but not yet the one that it reads from.
            await self.close()

    async def text(self) -> str:
        """The whole text, when all of it has come."""
        return "".join([piece async for piece in self.texts()])

    async def close(self) -> None:
        """Ends the connection, and the request too, unless its idempotency key is yours: then you may come back."""
        try:
            await self._response.aclose()
        finally:
            abandon, self._abandon = self._abandon, None
            if abandon and self.channel_id is not None:
                await abandon(self.channel_id)

    def _chunk_of(self, data: str) -> Optional[dict[str, Any]]:
        try:
            chunk = None if data == DONE else chunk_of(data, self.request_id)
        except GenerationError:
            self._abandon = None
            raise
        if chunk is None:
            self._abandon = None
        return chunk

    async def __aenter__(self) -> AsyncAnswerStream:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()
