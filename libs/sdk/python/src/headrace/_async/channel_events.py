"""What is told of a request while it goes on."""

from __future__ import annotations

import random
from types import TracebackType
from typing import AsyncIterator, Optional

import httpx

from .._calls import Call, Options, connection_error_of, delay_after
from .._channel_types import ChannelEvent
from .._errors import ApiConnectionError, HeadraceError
from .._events import EventReader, channel_event_of
from .http import AsyncHttpCaller
from .ways import sleep

# Three heartbeats.
_SILENCE = 45.0
# No server has a client wait longer.
_LONGEST_PAUSE = 60.0


class AsyncChannelEvents:
    """States of a request, and the text of its answer if that is streamed, until the request has ended.

    Comes again after a broken connection, where it was. Use it in ``async with``, or close it. Raises
    ``ApiConnectionError`` when too many connections in a row fail.
    """

    def __init__(
        self, http: AsyncHttpCaller, path: str, *, last_event_id: str, max_retries: int, timeout: Optional[float]
    ) -> None:
        self._http = http
        self._path = path
        self._max_retries = max_retries
        self._timeout = timeout
        self._response: Optional[httpx.Response] = None
        self._is_closed = False
        #: To go on after the last event, with ``last_event_id`` of ``requests.events``.
        self.last_event_id = last_event_id

    async def __aiter__(self) -> AsyncIterator[ChannelEvent]:
        failures = 0
        while not self._is_closed:
            reader = EventReader(self.last_event_id)
            try:
                response, timeout = await self._open()
                if response.status_code == 204:
                    return
                try:
                    async for piece in response.aiter_bytes():
                        for told in reader.read(piece):
                            if told.event == "phx_close":
                                return
                            failures = 0
                            self.last_event_id = told.id
                            if told.event in ("response", "tokens"):
                                yield channel_event_of(told)
                                if self._is_closed:
                                    return
                except httpx.RequestError as error:
                    raise connection_error_of(error, timeout) from error
                raise ApiConnectionError("The events broke off before the end of the request.")
            except HeadraceError as error:
                if self._is_closed:
                    return
                self.last_event_id = reader.last_id
                # A proxy may cut connections that were good.
                failures = 1 if reader.has_heartbeat else failures + 1
                delay = delay_after(error, failures, self._max_retries, random.random())
                if delay is None:
                    raise
            finally:
                await self._leave()
            await sleep(min(delay if reader.retry is None else reader.retry, _LONGEST_PAUSE))

    async def close(self) -> None:
        """Ends the connection. The request goes on."""
        self._is_closed = True
        await self._leave()

    async def _open(self) -> tuple[httpx.Response, float]:
        headers = {"accept": "text/event-stream"}
        if self.last_event_id:
            headers["last-event-id"] = self.last_event_id
        options = Options(_SILENCE if self._timeout is None else self._timeout, max_retries=0)
        self._response, timeout = await self._http.open(Call("GET", self._path, headers=headers), options)
        return self._response, timeout

    async def _leave(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.aclose()

    async def __aenter__(self) -> AsyncChannelEvents:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()
