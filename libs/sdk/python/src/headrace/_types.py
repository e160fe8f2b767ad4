"""Shapes of what goes over the wire, in its own words. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict

from ._channel_types import FinalState
from ._meta import JsonObject, Meta
from ._timeline_types import TimelineEntry

RequestState = Literal["pending", "ai_generated", "success", "completed", "error", "cancelled"]
Environment = Literal["live", "test", "pg", "pg_test_mode"]
DeliveryStatus = Literal["planned", "delivering", "success", "error"]
Priority = Literal["high", "normal", "low"]


class ChannelAccess(TypedDict):
    """Where a client follows a request: hand it to your front-end as it is."""

    channel_id: str
    project_id: str
    ws_token: str
    websocket_url: str
    websocket_channel: str


class _TestMode(TypedDict, total=False):
    test_mode: Literal[True]


class PendingRequest(ChannelAccess, _TestMode):
    """A request that was taken: it is on disk, and its result comes over the WebSocket and the webhooks."""

    message: Literal["success"]
    status: Literal["pending"]
    customer_data: JsonObject


class Backup(TypedDict):
    position: int
    provider: str
    model: str


class Answer(TypedDict):
    """The answer that a caller waited for.

    ``data`` is the structured output, or the provider's body (``choices``) when there is none; see ``text_of``.
    """

    data: Any
    customer_data: JsonObject
    meta: Meta
    backups: list[Backup]


class ToolResult(TypedDict):
    """What a tool call of the model came to."""

    tool_call_id: str
    content: Any


class _Round(TypedDict, total=False):
    #: The round that it began; left out when it ended the request.
    round: int


class CallbackReply(_Round):
    """A callback that was taken, now or (``already_…``) before."""

    message: Literal["success"]
    status: Literal["success", "already_completed", "already_continued"]
    channel_id: str


class SummaryTokens(TypedDict):
    prompt: Optional[int]
    completion: Optional[int]


class SummaryError(TypedDict):
    code: str
    message: Optional[str]


class RequestSummary(TypedDict):
    """A request in a list."""

    channel_id: str
    state: RequestState
    workflow: str
    #: None for a request without a saved workflow.
    workflow_version: Optional[int]
    event_name: Optional[str]
    environment: Environment
    test_mode: bool
    provider: Optional[str]
    model: Optional[str]
    tokens: SummaryTokens
    cost_usd: Optional[float]
    duration_ms: Optional[int]
    error: Optional[SummaryError]
    customer_data: JsonObject
    created_at: str
    ended_at: Optional[str]


class RequestDetail(TypedDict):
    """A request with its result and all that happened to it."""

    channel_id: str
    project_id: str
    state: RequestState
    workflow: str
    workflow_version: Optional[int]
    event_name: Optional[str]
    environment: Environment
    #: What clients of the WebSocket are told at the end; None until then.
    result: Optional[FinalState]
    customer_data: JsonObject
    created_at: str
    ended_at: Optional[str]
    timeline: list[TimelineEntry]


class CancelledRequest(TypedDict):
    """A request that was cancelled, now or before."""

    message: Literal["success"]
    status: Literal["cancelled"]
    channel_id: str
    cancelled_at: str


class EndedRequest(TypedDict):
    """A request that has ended: its result is there, of a failed or cancelled one too."""

    channel_id: str
    project_id: str
    state: Literal["success", "completed", "error", "cancelled"]
    workflow: str
    workflow_version: Optional[int]
    event_name: Optional[str]
    environment: Environment
    result: FinalState
    customer_data: JsonObject
    created_at: str
    ended_at: str
    timeline: list[TimelineEntry]
