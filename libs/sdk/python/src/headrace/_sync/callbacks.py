# Made of ../_async/callbacks.py by tools/python/make_sync.py: change that.
"""Answers of backends to event-driven requests."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Union, cast

from .._calls import Options, body_of
from .._routes import CallbackTarget, callback_call
from .._settings import Settings
from .._types import CallbackReply, ToolResult
from .http import HttpCaller


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
        body = body_of({"data": data, "task_id": task_id, "metadata": metadata}, {})
        return self.send(target, body, timeout=timeout)

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
        reply, _ = self._http.call(callback_call(target, body, self._settings), Options(timeout))
        return cast(CallbackReply, reply)
