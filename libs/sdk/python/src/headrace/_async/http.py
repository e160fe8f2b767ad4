"""Makes calls: with limits of time and size, and retries."""

from __future__ import annotations

import random
import time
from typing import Any, Awaitable, Callable, Mapping, Optional, TypeVar

import httpx

from .._calls import (
    Answered,
    Call,
    Options,
    Prepared,
    answer_of,
    connection_error_of,
    delay_after,
    error_of,
    prepare,
    request_id_of,
    timed_out,
    too_large,
)
from .._errors import HeadraceError
from .._settings import Settings
from .ways import limited, sleep

Result = TypeVar("Result")


class AsyncHttpCaller:
    """Calls the API."""

    def __init__(self, settings: Settings, client: Optional[httpx.AsyncClient]) -> None:
        self._settings = settings
        self._is_ours = client is None
        self._client = client or httpx.AsyncClient()

    async def close(self) -> None:
        """Closes the connections, unless the HTTP client was given."""
        if self._is_ours:
            await self._client.aclose()

    async def call(self, call: Call, options: Options) -> Answered:
        """Calls and reads the answer."""
        prepared = prepare(call, options, self._settings)

        async def attempt() -> Answered:
            response = await self._send(prepared)
            try:
                return answer_of(await self._read(response, prepared.timeout)), request_id_of(response)
            finally:
                await response.aclose()

        return await self._retrying(prepared, attempt)

    async def open(self, call: Call, options: Options) -> tuple[httpx.Response, float]:
        """Calls and gives the answer as soon as its head is there, with its time limit. Close it when it is read."""
        prepared = prepare(call, options, self._settings)
        return await self._retrying(prepared, lambda: self._send(prepared)), prepared.timeout

    async def get(self, path: str, query: Optional[Mapping[str, Any]] = None, *, options: Options) -> Any:
        """The body of an answer."""
        answer, _ = await self.call(Call("GET", path, query=query), options)
        return answer

    async def send(
        self,
        method: str,
        path: str,
        body: Optional[Mapping[str, Any]] = None,
        *,
        options: Options,
        key: Optional[str] = None,
    ) -> Any:
        """Makes, changes or does something, once, however often it is sent. Gives the body of the answer."""
        answer, _ = await self.call(Call(method, path, body=body, idempotency_key=key), options)
        return answer

    async def _retrying(self, prepared: Prepared, attempt: Callable[[], Awaitable[Result]]) -> Result:
        number = 1
        while True:
            try:
                return await limited(attempt, prepared.timeout)
            except HeadraceError as error:
                delay = delay_after(error, number, prepared.max_retries, random.random())
                if delay is None:
                    raise
            await sleep(delay)
            number += 1

    async def _send(self, prepared: Prepared) -> httpx.Response:
        request = self._client.build_request(
            prepared.method,
            prepared.url,
            headers=dict(prepared.headers),
            content=prepared.content,
            timeout=httpx.Timeout(prepared.timeout),
        )
        try:
            response = await self._client.send(request, stream=True, follow_redirects=False)
        except httpx.RequestError as error:
            raise connection_error_of(error, prepared.timeout) from error
        if response.is_success:
            return response
        try:
            raise error_of(response, await self._read(response, prepared.timeout))
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, timeout: float) -> bytes:
        until = time.monotonic() + timeout
        content = bytearray()
        try:
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > self._settings.max_response_bytes:
                    raise too_large(self._settings.max_response_bytes)
                # Each piece has a limit of its own; this one is over all of them.
                if time.monotonic() > until:
                    raise timed_out(timeout)
        except httpx.RequestError as error:
            raise connection_error_of(error, timeout) from error
        return bytes(content)
