"""What a client can ask about, and do with, requests that were made."""

from __future__ import annotations

import time
from typing import Any, Mapping, Optional, Sequence, Union, cast

from . import _routes as routes
from ._calls import Options, body_of
from ._http import HttpCaller
from ._listing import Listing
from ._routes import CallbackTarget
from ._settings import Settings
from ._types import (
    CallbackReply,
    CancelledRequest,
    DeadLetter,
    DeadLetterDetail,
    Delivery,
    DeliveryStatus,
    Environment,
    RequestDetail,
    RequestState,
    RequestSummary,
    ToolResult,
)


class Requests:
    """What became of requests."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def get(self, channel_id: str, *, timeout: Optional[float] = None) -> RequestDetail:
        """State, result and timeline of a request."""
        return cast(RequestDetail, self._http.call(routes.request_call(channel_id), Options(timeout))[0])

    def list(
        self,
        *,
        state: Optional[RequestState] = None,
        workflow: Optional[str] = None,
        event_name: Optional[str] = None,
        environment: Optional[Environment] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[RequestSummary]:
        """The project's requests, newest first; a moment behind ``get``. ``limit``: of a page, from 1 to 100."""
        query = {
            "state": state,
            "workflow": workflow,
            "event_name": event_name,
            "environment": environment,
            "limit": limit,
        }
        return Listing(self._http, "/v1/requests", query, Options(timeout))

    def cancel(self, channel_id: str, *, timeout: Optional[float] = None) -> CancelledRequest:
        """Ends a request without a result. Asking again changes nothing. ``ConflictError``: it has ended otherwise."""
        return cast(CancelledRequest, self._http.call(routes.cancel_call(channel_id), Options(timeout))[0])

    def wait(self, channel_id: str, *, within: Optional[float] = None) -> RequestDetail:
        """Waits for a request's end, however it ends. Raises ``ApiTimeoutError`` after ``within`` seconds.

        For scripts and tests; a server is better told by webhooks.
        """
        until = None if within is None else time.monotonic() + within
        pause = routes.FIRST_PAUSE
        while True:
            asked = time.monotonic()
            left = routes.left_until(until, asked)
            call = routes.request_call(channel_id, waits=True)
            answer = cast(RequestDetail, self._http.call(call, Options(routes.patience(left)))[0])
            if answer["ended_at"] is not None:
                return answer
            # A system that waits itself was waited for already.
            time.sleep(max(0.0, pause - (time.monotonic() - asked)))
            routes.left_until(until, time.monotonic())
            pause = min(pause * 2, routes.LONGEST_PAUSE)


class Callbacks:
    """Answers event-driven requests. The same callback again is harmless, so calls are retried.

    ``ConflictError``: another one came first (``callback_already_received``), or none is awaited. ``GoneError``: its
    window is over.
    """

    def __init__(self, http: HttpCaller, settings: Settings) -> None:
        self._http = http
        self._settings = settings

    def complete(
        self,
        target: CallbackTarget,
        data: Mapping[str, Any],
        *,
        task_id: Union[str, int, None] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        timeout: Optional[float] = None,
    ) -> CallbackReply:
        """Ends the request with your backend's result. ``task_id`` and ``metadata`` go out with the final frame."""
        return self.send(target, body_of({"data": data, "task_id": task_id, "metadata": metadata}, {}), timeout=timeout)

    def fail(
        self, target: CallbackTarget, code: str, message: Optional[str] = None, *, timeout: Optional[float] = None
    ) -> CallbackReply:
        """Ends the request as failed. ``code`` is yours, for machines; ``message`` is for people."""
        return self.send(target, body_of({"error": code, "message": message}, {}), timeout=timeout)

    def send_tool_results(
        self, target: CallbackTarget, results: Sequence[ToolResult], *, timeout: Optional[float] = None
    ) -> CallbackReply:
        """Answers all tool calls of a webhook (``tool_calls_of``): the model is asked once more."""
        return self.send(target, {"tool_results": results}, timeout=timeout)

    def continue_with(
        self,
        target: CallbackTarget,
        *,
        workflow: str,
        messages: Sequence[Mapping[str, Any]],
        metadata: Optional[Mapping[str, Any]] = None,
        timeout: Optional[float] = None,
    ) -> CallbackReply:
        """Goes on with another workflow in the same channel. ``metadata`` is added to ``customer_data``."""
        next_workflow = body_of({"workflow": workflow, "messages": messages, "metadata": metadata}, {})
        return self.send(target, {"continue": next_workflow}, timeout=timeout)

    def send(
        self, target: CallbackTarget, body: Mapping[str, Any], *, timeout: Optional[float] = None
    ) -> CallbackReply:
        """Sends any body."""
        call = routes.callback_call(target, body, self._settings)
        return cast(CallbackReply, self._http.call(call, Options(timeout))[0])


class Deliveries:
    """What became of webhooks."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def list(
        self,
        *,
        channel_id: Optional[str] = None,
        endpoint_id: Optional[str] = None,
        status: Optional[DeliveryStatus] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[Delivery]:
        """The project's deliveries with their attempts, last planned first."""
        query = {"channel_id": channel_id, "endpoint_id": endpoint_id, "status": status, "limit": limit}
        return Listing(self._http, "/v1/deliveries", query, Options(timeout))


class DeadLetters:
    """Webhooks that no endpoint took."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def list(
        self,
        *,
        endpoint_id: Optional[str] = None,
        channel_id: Optional[str] = None,
        type: Optional[str] = None,
        http_status: Optional[int] = None,
        error: Optional[str] = None,
        since: Optional[str] = None,
        until: Optional[str] = None,
        replayed: Optional[bool] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[DeadLetter]:
        """The project's dead letters, last given up first. ``since`` and ``until`` are ISO 8601."""
        query = {
            "endpoint_id": endpoint_id,
            "channel_id": channel_id,
            "type": type,
            "http_status": http_status,
            "error": error,
            "since": since,
            "until": until,
            "replayed": replayed,
            "limit": limit,
        }
        return Listing(self._http, "/v1/dead-letters", query, Options(timeout))

    def get(self, letter_id: str, *, timeout: Optional[float] = None) -> DeadLetterDetail:
        """Payload, headers and every attempt."""
        return cast(DeadLetterDetail, self._http.call(routes.dead_letter_call(letter_id), Options(timeout))[0])

    def replay(
        self, letter_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Delivery:
        """Sends a dead letter once more: the same bytes under the same ``webhook-id``."""
        return cast(Delivery, self._http.call(routes.replay_call(letter_id, idempotency_key), Options(timeout))[0])
