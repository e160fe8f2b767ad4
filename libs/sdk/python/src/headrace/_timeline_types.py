"""What happened to a request, in the words of the wire. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict, Union

from ._meta import JsonObject, Tokens


class TimelineError(TypedDict):
    """Why something failed: a code for machines, a sentence for people."""

    code: str
    message: str


class _Entry(TypedDict):
    #: How the console colours it.
    color: Literal["gray", "blue", "amber", "green", "red"]
    #: When it began, ISO 8601.
    at: str
    #: None where it took no time of its own or has not ended.
    duration_ms: Optional[int]


class Violation(TypedDict):
    """How an answer did not fit its schema."""

    path: str
    message: str


class FailoverEntry(_Entry):
    """An attempt at a provider that failed, before it or another one was tried again, or as the last one."""

    kind: Literal["failover"]
    status: Literal["error"]
    provider: str
    model: str
    #: Whether its target was tried for the first time, again, or to mend its own answer.
    attempt_kind: Literal["first", "retry", "repair"]
    http_status: Optional[int]
    error: Optional[str]
    error_code: Optional[str]
    #: When the same target was to be tried again; None: it was not, unless to mend its answer.
    retry_at: Optional[str]
    #: An answer that did not fit its schema, as the model wrote it.
    content: Optional[str]
    #: How it did not fit.
    violations: Optional[list[Violation]]


class RequestEntry(_Entry):
    """The call of the AI."""

    kind: Literal["request"]
    status: Literal["pending", "success", "error", "cancelled"]
    workflow: str
    workflow_version: Optional[int]
    #: How often a callback had asked for another answer before.
    round: int
    #: Which workflow of a chain it is, from 1.
    stage: int
    event_name: Optional[str]
    environment: str
    test_mode: bool
    provider: str
    model: str
    http_status: Optional[int]
    tokens: Optional[Tokens]
    cost_usd: Optional[float]
    structured_output: bool
    offline_fallback: bool
    #: Why another target than the primary was tried first; None when it was not.
    order_changed: Optional[str]
    error: Optional[TimelineError]
    #: None when they are no longer kept.
    messages: Optional[list[JsonObject]]
    output: Any


class DeliveryEntryAttempt(TypedDict):
    """One HTTP try of a delivery."""

    number: int
    at: str
    duration_ms: int
    http_status: Optional[int]
    error: Optional[TimelineError]
    response_body: Optional[str]


class DeliveryEntry(_Entry):
    """One payload on its way to one endpoint."""

    kind: Literal["delivery"]
    status: Literal["planned", "delivering", "success", "error"]
    delivery_id: str
    endpoint_id: str
    #: That of the webhook.
    type: str
    url: str
    #: Of the last attempt.
    http_status: Optional[int]
    error: Optional[TimelineError]
    #: None when no further attempt will be made.
    next_attempt_at: Optional[str]
    #: The raw body that was sent.
    request_body: Optional[str]
    attempts: list[DeliveryEntryAttempt]
    #: The dead letter that it sends once more; None for a delivery of the request itself.
    replay_of: Optional[str]


class EntryToolResult(TypedDict):
    """What a tool call of the model came to."""

    tool_call_id: str
    content: Any


class CallbackEntry(_Entry):
    """A callback of your backend, or the wait for it."""

    kind: Literal["callback"]
    status: Literal["progress", "success", "error", "timeout", "cancelled", "simulated"]
    #: Whether it decided the request; a refused one is only told.
    accepted: bool
    deadline: Optional[str]
    task_id: Optional[str]
    data: Optional[JsonObject]
    metadata: Optional[JsonObject]
    #: What the tools came to that the model had called; None for a callback that brought none.
    tool_results: Optional[list[EntryToolResult]]
    #: The workflow that the callback went on with; None for one that named none.
    continue_with: Optional[str]
    error: Optional[TimelineError]


class ReminderEntry(_Entry):
    """Your backend was reminded that its callback is awaited; the webhook itself is a delivery."""

    kind: Literal["reminder"]
    status: Literal["sent"]
    #: From 1, within the wait for one callback.
    number: int
    #: When the window of the callback closes.
    deadline: str


class RealtimePush(TypedDict):
    """What one process told, to the clients of one transport."""

    instance: Optional[str]
    transport: Optional[Literal["socket", "events", "wait"]]
    #: When it first told, ISO 8601.
    at: str
    sockets: int


class RealtimeEntry(_Entry):
    """What watching clients were told: ``status`` is the state, or ``joined``: a client began to watch."""

    kind: Literal["realtime"]
    status: str
    #: How many clients were told the state. None for a join.
    sockets: Optional[int]
    #: How many of them by each process; empty for a join.
    pushes: list[RealtimePush]


#: One thing that happened to a request, told apart by ``kind``. Later versions of Headrace may have more kinds.
TimelineEntry = Union[FailoverEntry, RequestEntry, DeliveryEntry, CallbackEntry, ReminderEntry, RealtimeEntry]
