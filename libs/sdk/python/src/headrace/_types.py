"""Shapes of what goes over the wire, in its own words. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict

JsonObject = dict[str, Any]
RequestState = Literal["pending", "ai_generated", "success", "completed", "error", "cancelled"]
Environment = Literal["live", "test", "pg", "pg_test_mode"]
DeliveryStatus = Literal["planned", "delivering", "success", "error"]
Priority = Literal["high", "normal", "low"]


class Usage(TypedDict):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Tokens(TypedDict):
    prompt: int
    completion: int
    total: int


class Attempt(TypedDict):
    """One try to have a provider answer."""

    provider: str
    model: str
    status: Literal["success", "error"]
    success: bool
    duration_ms: int
    reason: Optional[str]


class _MetaStatus(TypedDict, total=False):
    status: Literal["success", "completed", "error"]


class Meta(_MetaStatus):
    """What is known of how an answer came about."""

    http_status: int
    workflow: str
    workflow_name: str
    provider: str
    model: str
    requested_provider: str
    requested_model: str
    used_provider: str
    used_model: str
    duration_ms: int
    usage: Usage
    tokens: Tokens
    cost_usd: Optional[float]
    structured_output: bool
    offline_fallback: bool
    test_mode: bool
    attempts: list[Attempt]


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
    result: Optional[JsonObject]
    customer_data: JsonObject
    created_at: str
    ended_at: Optional[str]
    timeline: list[JsonObject]


class CancelledRequest(TypedDict):
    """A request that was cancelled, now or before."""

    message: Literal["success"]
    status: Literal["cancelled"]
    channel_id: str
    cancelled_at: str


class DeliveryError(TypedDict):
    code: str
    message: str


class DeliveryAttempt(TypedDict):
    """One HTTP try of a delivery."""

    number: int
    at: str
    duration_ms: int
    http_status: Optional[int]
    error: Optional[DeliveryError]
    response_body: Optional[str]
    response_truncated: bool
    protocol: Optional[str]
    timings: Optional[dict[str, Optional[float]]]


class Delivery(TypedDict):
    """One webhook on its way to one endpoint."""

    id: str
    channel_id: str
    endpoint_id: str
    url: str
    type: str
    status: DeliveryStatus
    attempts: list[DeliveryAttempt]
    next_attempt_at: Optional[str]
    replay_of: Optional[str]


class LastReplay(TypedDict):
    id: str
    endpoint_id: str
    status: DeliveryStatus
    planned_at: str


class DeadLetter(TypedDict):
    """A delivery that no endpoint took."""

    id: str
    channel_id: str
    endpoint_id: str
    url: str
    type: str
    http_status: Optional[int]
    error: Optional[str]
    error_code: Optional[str]
    dead_lettered_at: str
    expires_at: str
    replayed: bool
    last_replay: Optional[LastReplay]


class DeadLetterDetail(DeadLetter):
    """A dead letter with all that is known of it."""

    message_id: str
    reason: str
    replay_of: Optional[str]
    payload: str
    headers: Optional[dict[str, str]]
    attempts: list[DeliveryAttempt]
