# Made of ../_async/client.py by tools/python/make_sync.py: change that.
"""The client."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Any, Iterable, Mapping, Optional, Sequence, Union, cast

import httpx

from .. import _routes as routes
from .._calls import Call, Options
from .._errors import HeadraceError
from .._settings import settings_of
from .._types import Answer, ChannelAccess, PendingRequest, Priority
from .access import ApiKeys, ProviderCredentials
from .callbacks import Callbacks
from .catalogue import Models, Prices
from .deliveries import DeadLetters, Deliveries, Replays
from .http import HttpCaller
from .projects import Projects
from .requests import Requests
from .streams import AnswerStream
from .ways import Background
from .webhooks import Webhooks
from .workflows import StructuredOutputs, Workflows

Messages = Sequence[Mapping[str, Any]]


class Headrace:
    """A client of one project. Make one and keep it; ``close`` it at the end.

    ``Headrace`` may be used by several threads; ``AsyncHeadrace`` belongs to one event loop, and cancelling a task, or
    ``asyncio.timeout``, ends its call at once.

    ``api_key`` and ``base_url`` come from ``HEADRACE_API_KEY`` and ``HEADRACE_URL`` unless they are given. ``timeout``
    is the longest wait for one attempt's answer, in seconds: 60; of ``ask`` 11 minutes; of streams between two pieces.
    """

    def __init__(
        self,
        *,
        api_key: Optional[str] = None,
        base_url: Optional[str] = None,
        timeout: Optional[float] = None,
        max_retries: int = 3,
        max_response_bytes: int = 32 * 1024 * 1024,
        trusted_origins: Iterable[str] = (),
        http_client: Optional[httpx.Client] = None,
    ) -> None:
        self._settings = settings_of(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            max_response_bytes=max_response_bytes,
            trusted_origins=trusted_origins,
        )
        self._http = HttpCaller(self._settings, http_client)
        self._background = Background()
        self.requests = Requests(self._http)
        self.callbacks = Callbacks(self._http, self._settings)
        self.deliveries = Deliveries(self._http)
        self.dead_letters = DeadLetters(self._http)
        self.replays = Replays(self._http)
        self.workflows = Workflows(self._http)
        self.structured_outputs = StructuredOutputs(self._http)
        self.webhooks = Webhooks(self._http)
        self.provider_credentials = ProviderCredentials(self._http)
        self.api_keys = ApiKeys(self._http)
        self.projects = Projects(self._http)
        self.models = Models(self._http)
        self.prices = Prices(self._http)

    def trigger(
        self,
        *,
        messages: Messages,
        workflow: Optional[str] = None,
        provider: Optional[str] = None,
        model: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        user_id: Union[str, int, None] = None,
        task_id: Union[str, int, None] = None,
        structured_output_schema: Optional[Mapping[str, Any]] = None,
        tools: Optional[Sequence[Mapping[str, Any]]] = None,
        test_mode: Optional[bool] = None,
        webhook_url: Optional[str] = None,
        events: Optional[Sequence[str]] = None,
        stream: Optional[bool] = None,
        priority: Optional[Priority] = None,
        expires_after_seconds: Optional[int] = None,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        max_retries: Optional[int] = None,
        extra_headers: Optional[Mapping[str, str]] = None,
        **parameters: Any,
    ) -> PendingRequest:
        """Asks an AI without waiting: returns once the request is on disk. Its result comes by webhook and WebSocket.

        ``idempotency_key`` is made anew for each call and kept over its retries; give one of your own to survive
        restarts of your program. Further ``parameters`` go to the provider.
        """
        fields = {
            "workflow": workflow,
            "provider": provider,
            "model": model,
            "messages": messages,
            "metadata": metadata,
            "user_id": user_id,
            "task_id": task_id,
            "structured_output_schema": structured_output_schema,
            "tools": tools,
            "test_mode": test_mode,
            "webhook_url": webhook_url,
            "events": events,
            "stream": stream,
            "priority": priority,
            "expires_after_seconds": expires_after_seconds,
        }
        call = routes.trigger_call(fields, parameters, idempotency_key)
        pending, _ = self._http.call(call, Options(timeout, max_retries, extra_headers))
        return cast(PendingRequest, pending)

    def ask(
        self,
        *,
        messages: Messages,
        workflow: Optional[str] = None,
        provider: Optional[str] = None,
        model: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        user_id: Union[str, int, None] = None,
        task_id: Union[str, int, None] = None,
        structured_output_schema: Optional[Mapping[str, Any]] = None,
        tools: Optional[Sequence[Mapping[str, Any]]] = None,
        test_mode: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        max_retries: Optional[int] = None,
        extra_headers: Optional[Mapping[str, str]] = None,
        **parameters: Any,
    ) -> Answer:
        """Asks an AI and waits for the answer. Raises ``GenerationError`` when no provider gave one.

        Giving the call up does not end the request, whose channel is not known by then: ``stream``, or ``trigger`` and
        ``requests.cancel``, can.
        """
        fields = {
            "workflow": workflow,
            "provider": provider,
            "model": model,
            "messages": messages,
            "metadata": metadata,
            "user_id": user_id,
            "task_id": task_id,
            "structured_output_schema": structured_output_schema,
            "tools": tools,
            "test_mode": test_mode,
        }
        call = routes.ask_call(fields, parameters, idempotency_key)
        answered = self._http.call(call, Options(timeout, max_retries, extra_headers))
        return cast(Answer, routes.whole_answer(answered))

    def stream(
        self,
        *,
        messages: Messages,
        workflow: Optional[str] = None,
        provider: Optional[str] = None,
        model: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        user_id: Union[str, int, None] = None,
        task_id: Union[str, int, None] = None,
        structured_output_schema: Optional[Mapping[str, Any]] = None,
        tools: Optional[Sequence[Mapping[str, Any]]] = None,
        test_mode: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        max_retries: Optional[int] = None,
        extra_headers: Optional[Mapping[str, str]] = None,
        **parameters: Any,
    ) -> AnswerStream:
        """Asks an AI and gives the answer piece by piece. Returns when the answer begins.

        Who leaves the stream before its end cancels the request, unless ``idempotency_key`` was given.
        """
        fields = {
            "workflow": workflow,
            "provider": provider,
            "model": model,
            "messages": messages,
            "metadata": metadata,
            "user_id": user_id,
            "task_id": task_id,
            "structured_output_schema": structured_output_schema,
            "tools": tools,
            "test_mode": test_mode,
        }
        call = routes.stream_call(fields, parameters, idempotency_key)
        # With our key the system keeps the answer for a caller who comes back; nobody else knows it, so nobody can.
        abandon = self._abandon if idempotency_key is None else None
        return AnswerStream(*self._http.open(call, Options(timeout, max_retries, extra_headers)), abandon)

    def _abandon(self, channel_id: str) -> None:
        def cancel() -> None:
            with contextlib.suppress(HeadraceError):
                self.requests._cancel_once(channel_id)

        self._background.begin(cancel)

    def reconnect(self, channel_id: str, *, timeout: Optional[float] = None) -> ChannelAccess:
        """A fresh token for a request made before, for a front-end that comes back."""
        call = Call("POST", "/v1/ai/reconnect", body={"channel_id": channel_id})
        access, _ = self._http.call(call, Options(timeout))
        return cast(ChannelAccess, access)

    def close(self) -> None:
        """Closes the connections, unless ``http_client`` was given."""
        self._background.end()
        self._http.close()

    def __enter__(self) -> Headrace:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
