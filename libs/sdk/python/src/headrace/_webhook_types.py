"""Shapes of webhooks, in the words of the wire. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict, Union

from ._api_types import AttemptError
from ._meta import JsonObject, Meta


class ErrorFacts(TypedDict):
    message: str
    code: str
    details: JsonObject


class _Rounds(TypedDict, total=False):
    #: Given once the request went on after a callback: how often it did so, and which workflow of a chain runs.
    round: int
    stage: int


class _TaskPayload(_Rounds):
    workflow: str
    channel_id: str
    data: Any
    customer_data: JsonObject
    meta: Meta
    timestamp: str


class TaskCompleted(_TaskPayload):
    """A standard request has its answer."""

    type: Literal["task.completed"]
    status: Literal["success"]


class AiResponse(TypedDict):
    data: Any


class _AwaitsCallback(_TaskPayload):
    event: str
    status: Literal["success"]
    ai_response: AiResponse
    callback_url: str
    callback_required: Literal[True]


class TaskAiGenerated(_AwaitsCallback):
    """The AI has answered an event-driven request, which now waits for your callback."""

    type: Literal["task.ai_generated"]


class ReminderFacts(TypedDict):
    number: int
    waiting_since: str
    deadline: str


class TaskReminder(_AwaitsCallback):
    """A callback is still awaited; answer it like the ``task.ai_generated`` that it repeats."""

    type: Literal["task.reminder"]
    reminder: ReminderFacts


class _EventName(TypedDict, total=False):
    event: str


class TaskFailed(_TaskPayload, _EventName):
    """A request has failed, or was cancelled (``error.code`` is ``cancelled``)."""

    type: Literal["task.failed"]
    status: Literal["error"]
    error: ErrorFacts


class EndpointAttempt(TypedDict):
    number: int
    at: str
    duration_ms: int
    http_status: Optional[int]
    error: Optional[AttemptError]


class EndpointDisabledFacts(TypedDict):
    endpoint_id: str
    url: str
    reason: str
    failing_since: Optional[str]
    last_attempt: EndpointAttempt
    disabled_at: str


class EndpointDisabled(EndpointDisabledFacts):
    """The system switched one of your webhook endpoints off. Comes only to endpoints that name this type."""

    type: Literal["headrace.endpoint.disabled"]
    data: EndpointDisabledFacts
    timestamp: str


class BudgetReachedFacts(TypedDict):
    budget: str
    period: Literal["day", "month"]
    period_start: str
    #: None: the budget is that of the whole project.
    api_key_id: Optional[str]
    threshold: Literal["alert", "limit"]
    threshold_usd: float
    spent_usd: float
    reached_at: str


class BudgetReached(BudgetReachedFacts):
    """A budget alerts, or is used up. Comes only to endpoints that name this type."""

    type: Literal["headrace.budget.reached"]
    data: BudgetReachedFacts
    timestamp: str


#: Every webhook, told apart by ``type``. Later versions of Headrace may have more types: answer those that you do not
#: know with 200.
WebhookPayload = Union[TaskCompleted, TaskAiGenerated, TaskReminder, TaskFailed, EndpointDisabled, BudgetReached]
