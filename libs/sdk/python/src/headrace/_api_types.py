"""Shapes of the configuration, in the words of the wire. At run time these are plain dicts."""

# Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

from __future__ import annotations

from typing import Any, Literal, Mapping, Optional, Sequence, TypedDict, Union

#: The codes of error answers: see the table of errors in the documentation.
ErrorCode = Literal[
    "invalid_request_error",
    "invalid_json",
    "model_not_supported",
    "invalid_api_key",
    "permission_error",
    "model_not_found",
    "not_found",
    "conflict",
    "callback_already_received",
    "callback_not_expected",
    "callback_expired",
    "idempotency_key_reused",
    "idempotency_key_in_use",
    "idempotency_outcome_unknown",
    "request_ended",
    "replay_not_possible",
    "replay_ended",
    "payload_too_large",
    "unsupported_media_type",
    "rate_limit_exceeded",
    "request_cancelled",
    "budget_exceeded",
    "internal_error",
    "upstream_error",
    "service_unavailable",
    "sync_timeout",
]


class AttemptError(TypedDict):
    #: Stable, for machines.
    code: str
    message: str


class AttemptTimings(TypedDict):
    #: Null: the host is an address, or a connection that was open already was used.
    dns_ms: Optional[float]
    #: Null: a connection that was open already was used, or it came to none.
    connect_ms: Optional[float]
    #: Null: no TLS, a connection that was open already was used, or it came to none.
    tls_ms: Optional[float]
    #: From the request being on its way to the head of the answer. Null: none came.
    first_byte_ms: Optional[float]
    #: From before DNS to the last byte of the answer.
    total_ms: float


class DeliveryAttempt(TypedDict):
    number: int
    at: str
    duration_ms: int
    #: Null: no answer came.
    http_status: Optional[int]
    #: Null: the endpoint took it.
    error: Optional[AttemptError]
    #: The start of the answer's body, up to 16 KiB.
    response_body: Optional[str]
    #: Whether the body of the answer was longer than `response_body`.
    response_truncated: bool
    #: `http/1.1` or `h2`. Null: no answer came.
    protocol: Optional[str]
    #: Null: nothing was tried, or not measured.
    timings: Optional[AttemptTimings]


class Delivery(TypedDict):
    id: str
    channel_id: str
    endpoint_id: str
    url: str
    type: Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]
    status: Literal["planned", "delivering", "success", "error"]
    attempts: list[DeliveryAttempt]
    next_attempt_at: Optional[str]
    #: The dead letter that this delivery sends once more.
    replay_of: Optional[str]


class LastReplay(TypedDict):
    #: That of the delivery.
    id: str
    endpoint_id: str
    status: Literal["planned", "delivering", "success", "error"]
    planned_at: str


class DeadLetter(TypedDict):
    #: That of the delivery.
    id: str
    channel_id: str
    endpoint_id: str
    url: str
    type: Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]
    #: Of the last attempt; null: no answer came.
    http_status: Optional[int]
    error: Optional[str]
    #: The error for machines.
    error_code: Optional[str]
    dead_lettered_at: str
    #: Until then it can be inspected and replayed.
    expires_at: str
    #: Whether it was sent once more, whatever became of that.
    replayed: bool
    last_replay: Optional[LastReplay]


class DeadLetterDetail(TypedDict):
    #: That of the delivery.
    id: str
    channel_id: str
    endpoint_id: str
    url: str
    type: Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]
    #: Of the last attempt; null: no answer came.
    http_status: Optional[int]
    error: Optional[str]
    #: The error for machines.
    error_code: Optional[str]
    dead_lettered_at: str
    #: Until then it can be inspected and replayed.
    expires_at: str
    #: Whether it was sent once more, whatever became of that.
    replayed: bool
    last_replay: Optional[LastReplay]
    #: `webhook-id`: the same for every attempt and replay.
    message_id: str
    #: Why no further attempt was made.
    reason: str
    #: The dead letter that this one was a replay of.
    replay_of: Optional[str]
    #: The body, byte for byte as it was sent and as a replay sends it.
    payload: str
    #: Headers of the last attempt, without signatures and trace; null: none was made.
    headers: Optional[dict[str, str]]
    attempts: list[DeliveryAttempt]


class NewReplay(TypedDict, total=False):
    #: These dead letters.
    ids: Sequence[str]
    #: True: every dead letter of the project.
    all: bool
    #: All of this endpoint.
    endpoint_id: str
    #: All of this request.
    channel_id: str
    type: Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]
    #: Those whose last attempt was answered with this status.
    http_status: int
    #: Those with this error code, `timeout` for example.
    error: str
    #: Those given up at or after this time.
    since: str
    #: Those given up before this time.
    until: str
    rate_per_second: float
    #: Another endpoint of the project that all of it goes to, not each letter's own.
    to_endpoint_id: str
    #: Sends also what was replayed well before.
    include_replayed: bool


class Replay(TypedDict):
    id: str
    #: `completed`: each letter was planned or skipped; deliveries may still be under way.
    status: Literal["running", "paused", "completed", "cancelled", "failed"]
    #: Letters that were chosen when it was made.
    total: int
    #: Deliveries that were made of them so far.
    planned: int
    #: Of these: taken by the endpoint.
    succeeded: int
    #: Of these: dead letters again.
    failed: int
    #: Of these: under way.
    pending: int
    #: Letters that no delivery was made of.
    skipped: int
    #: Why they were skipped: how many for each reason.
    skipped_reasons: dict[str, int]
    #: Deliveries made within a second, at most.
    rate_per_second: float
    #: Where all of it goes; null: to its own endpoints.
    to_endpoint_id: Optional[str]
    #: Whether letters are sent that were replayed well before.
    include_replayed: bool
    #: Why it failed.
    failure: Optional[str]
    created_at: str
    finished_at: Optional[str]


class _FallbackOptional(TypedDict, total=False):
    #: Default: the workflow's own.
    timeout_ms: Optional[int]


class Fallback(_FallbackOptional):
    provider: str
    model: str


class _WorkflowRetryOptional(TypedDict, total=False):
    #: Wait before the second try.
    initial_seconds: float
    #: By how much each wait is longer.
    factor: float
    #: No wait is longer, but for one that the provider's Retry-After asks for.
    max_seconds: float


class WorkflowRetry(_WorkflowRetryOptional):
    #: Tries of each, the first included.
    attempts: int


class _NewWorkflowOptional(TypedDict, total=False):
    description: Optional[str]
    #: Tried in order when the provider fails.
    fallbacks: Sequence[Fallback]
    #: Time limit of one provider call.
    timeout_ms: int
    #: Tries after failures that may pass (429, 5xx, no answer). Null: each is tried once.
    retry: Optional[WorkflowRetry]
    #: How often a model may mend an answer that does not fit the structured output.
    repair_attempts: int
    #: Most generations at once. Null: no limit.
    max_concurrent: Optional[int]
    #: A request may say another.
    priority: Literal["low", "normal", "high"]
    #: Fails a request whose generation has not begun by then. A request may say another. Null: never.
    expires_after_seconds: Optional[int]
    #: How long an equal question is answered with an earlier answer. Null: never.
    cache_seconds: Optional[int]
    #: Tell answers piece by piece on the channel. A request may say another. Null: HEADRACE_ASYNC_TOKENS.
    stream: Optional[bool]
    #: How often callbacks may send tool results before the answer must be final.
    max_tool_rounds: int
    #: Reminds of an awaited callback: every so many seconds, or that long after the answer. Null: never.
    reminder_seconds: Optional[Union[int, Sequence[int]]]
    system_instructions: Optional[str]
    structured_output_id: Optional[str]
    #: Paths for customer_data.
    cache_fields: Sequence[str]
    #: Makes the workflow event-driven.
    event_name: Optional[str]
    #: Seconds that a backend has for its callback.
    callback_timeout: int
    #: The same as callback_timeout.
    callback_timeout_seconds: int
    mode: Literal["production", "testing"]
    #: Delay of answers in testing mode.
    test_delay_ms: int
    #: Answer offline when every provider fails.
    offline_fallback: bool
    #: Passed to the provider.
    parameters: Mapping[str, Any]


class NewWorkflow(_NewWorkflowOptional):
    name: str
    provider: str
    model: str


class WorkflowChanges(TypedDict, total=False):
    description: Optional[str]
    #: Tried in order when the provider fails.
    fallbacks: Sequence[Fallback]
    #: Time limit of one provider call.
    timeout_ms: int
    #: Tries after failures that may pass (429, 5xx, no answer). Null: each is tried once.
    retry: Optional[WorkflowRetry]
    #: How often a model may mend an answer that does not fit the structured output.
    repair_attempts: int
    #: Most generations at once. Null: no limit.
    max_concurrent: Optional[int]
    #: A request may say another.
    priority: Literal["low", "normal", "high"]
    #: Fails a request whose generation has not begun by then. A request may say another. Null: never.
    expires_after_seconds: Optional[int]
    #: How long an equal question is answered with an earlier answer. Null: never.
    cache_seconds: Optional[int]
    #: Tell answers piece by piece on the channel. A request may say another. Null: HEADRACE_ASYNC_TOKENS.
    stream: Optional[bool]
    #: How often callbacks may send tool results before the answer must be final.
    max_tool_rounds: int
    #: Reminds of an awaited callback: every so many seconds, or that long after the answer. Null: never.
    reminder_seconds: Optional[Union[int, Sequence[int]]]
    system_instructions: Optional[str]
    structured_output_id: Optional[str]
    #: Paths for customer_data.
    cache_fields: Sequence[str]
    #: Makes the workflow event-driven.
    event_name: Optional[str]
    #: Seconds that a backend has for its callback.
    callback_timeout: int
    #: The same as callback_timeout.
    callback_timeout_seconds: int
    mode: Literal["production", "testing"]
    #: Delay of answers in testing mode.
    test_delay_ms: int
    #: Answer offline when every provider fails.
    offline_fallback: bool
    #: Passed to the provider.
    parameters: Mapping[str, Any]
    name: str
    provider: str
    model: str


class WorkflowWarning(TypedDict):
    code: Literal[
        "unknown_provider",
        "missing_credentials",
        "unsupported_parameter",
        "contradiction",
        "repeated_target",
        "unknown_field",
    ]
    #: The field that it is about.
    param: str
    message: str


class Workflow(TypedDict):
    name: str
    description: Optional[str]
    provider: str
    model: str
    fallbacks: list[Fallback]
    timeout_ms: int
    retry: Optional[WorkflowRetry]
    repair_attempts: int
    max_concurrent: Optional[int]
    priority: Literal["low", "normal", "high"]
    expires_after_seconds: Optional[int]
    cache_seconds: Optional[int]
    stream: Optional[bool]
    max_tool_rounds: int
    reminder_seconds: Optional[Union[int, list[int]]]
    system_instructions: Optional[str]
    structured_output_id: Optional[str]
    cache_fields: list[str]
    event_name: Optional[str]
    #: Seconds.
    callback_timeout: int
    #: The same.
    callback_timeout_seconds: int
    mode: Literal["production", "testing"]
    test_delay_ms: int
    offline_fallback: bool
    parameters: dict[str, Any]
    id: str
    #: Grows by one with each change.
    version: int
    #: Nothing of it kept the workflow from being saved.
    warnings: list[WorkflowWarning]
    created_at: str
    updated_at: str


class Deleted(TypedDict):
    id: str
    deleted: Literal[True]


class WorkflowDefinition(TypedDict):
    name: str
    description: Optional[str]
    provider: str
    model: str
    fallbacks: list[Fallback]
    timeout_ms: int
    retry: Optional[WorkflowRetry]
    repair_attempts: int
    max_concurrent: Optional[int]
    priority: Literal["low", "normal", "high"]
    expires_after_seconds: Optional[int]
    cache_seconds: Optional[int]
    stream: Optional[bool]
    max_tool_rounds: int
    reminder_seconds: Optional[Union[int, list[int]]]
    system_instructions: Optional[str]
    structured_output_id: Optional[str]
    cache_fields: list[str]
    event_name: Optional[str]
    #: Seconds.
    callback_timeout: int
    #: The same.
    callback_timeout_seconds: int
    mode: Literal["production", "testing"]
    test_delay_ms: int
    offline_fallback: bool
    parameters: dict[str, Any]


class WorkflowVersion(TypedDict):
    version: int
    workflow: WorkflowDefinition
    #: Who made the change: `key:<id>`, or a part of the system.
    actor: str
    #: The version that a rollback brought back.
    restored_from: Optional[int]
    changed_at: str


_WorkflowChangeOptional = TypedDict(
    "_WorkflowChangeOptional",
    {
        #: Left out where there was nothing.
        "from": Any,
        #: Left out where nothing is any more.
        "to": Any,
    },
    total=False,
)


class WorkflowChange(_WorkflowChangeOptional):
    #: JSON Pointer into the workflow.
    path: str


WorkflowDiff = TypedDict(
    "WorkflowDiff",
    {
        "from": int,
        "to": int,
        "changes": list[WorkflowChange],
    },
)


class _NewStructuredOutputOptional(TypedDict, total=False):
    #: The answer in test mode; it must fit the schema. Default: the example, if the schema was one.
    sample_data: Any


class NewStructuredOutput(_NewStructuredOutputOptional):
    name: str
    #: A JSON Schema, or an example of the answers, such as {"name": "string", "age": 0}.
    schema: Mapping[str, Any]


class StructuredOutputChanges(TypedDict, total=False):
    name: str
    #: A JSON Schema, or an example of the answers, such as {"name": "string", "age": 0}.
    schema: Mapping[str, Any]
    #: The answer in test mode; it must fit the schema. Default: the example, if the schema was one.
    sample_data: Any


class StructuredOutput(TypedDict):
    id: str
    name: str
    schema: dict[str, Any]
    sample_data: Any
    created_at: str
    updated_at: str


class RetrySchedule(TypedDict):
    #: Seconds to wait before each attempt, counted from the one before. The first attempt is made at once: the leading
    #: 0 may be left out.
    schedule_seconds: Sequence[float]


class RetryGrowth(TypedDict):
    #: Attempts in all.
    attempts: int
    #: Wait before attempt 2, more than 0.
    initial_seconds: float
    #: By how much each wait is longer.
    factor: float
    #: No wait is longer.
    max_seconds: float


class _NewWebhookEndpointOptional(TypedDict, total=False):
    description: Optional[str]
    #: Null: every `task.…` type. Others come only where they are named.
    events: Optional[Sequence[Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]]]
    #: Names of workflows; null: all.
    workflows: Optional[Sequence[str]]
    #: Event names; null: all, and none as well.
    event_names: Optional[Sequence[str]]
    #: Conditions on the body of the webhook, by dotted path.
    payload_filter: Optional[Mapping[str, Any]]
    #: Sent with every attempt. Stored encrypted, shown masked, replaced all at once.
    headers: Optional[Mapping[str, str]]
    #: When failed attempts are made again; null: as the project's `retry` says.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    max_in_flight: Optional[int]
    rate_limit_per_second: Optional[float]
    #: Path into the body: webhooks with the same value there are delivered in order.
    fifo_key: Optional[str]


class NewWebhookEndpoint(_NewWebhookEndpointOptional):
    url: str


class WebhookEndpointChanges(TypedDict, total=False):
    description: Optional[str]
    #: Null: every `task.…` type. Others come only where they are named.
    events: Optional[Sequence[Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]]]
    #: Names of workflows; null: all.
    workflows: Optional[Sequence[str]]
    #: Event names; null: all, and none as well.
    event_names: Optional[Sequence[str]]
    #: Conditions on the body of the webhook, by dotted path.
    payload_filter: Optional[Mapping[str, Any]]
    #: Sent with every attempt. Stored encrypted, shown masked, replaced all at once.
    headers: Optional[Mapping[str, str]]
    #: When failed attempts are made again; null: as the project's `retry` says.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    max_in_flight: Optional[int]
    rate_limit_per_second: Optional[float]
    #: Path into the body: webhooks with the same value there are delivered in order.
    fifo_key: Optional[str]
    url: str
    #: Switch it off, or on again after the system switched it off.
    active: bool


class WebhookEndpoint(TypedDict):
    id: str
    url: str
    description: Optional[str]
    #: disabled: not active; paused: active, and its deliveries wait.
    status: Literal["active", "paused", "disabled"]
    #: Null: every `task.…` type. Others come only where they are named.
    events: Optional[list[Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]]]
    #: Null: all.
    workflows: Optional[list[str]]
    #: Null: all, and none as well.
    event_names: Optional[list[str]]
    payload_filter: Optional[dict[str, Any]]
    #: Names, and values masked.
    headers: dict[str, str]
    #: Null: as the project's `retry` says.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    #: Null: the operator's limit.
    max_in_flight: Optional[int]
    #: Null: no limit.
    rate_limit_per_second: Optional[float]
    #: Null: no order.
    fifo_key: Optional[str]
    active: bool
    paused: bool
    paused_at: Optional[str]
    #: Since when every attempt has failed.
    failing_since: Optional[str]
    #: Why the system switched it off.
    disabled_reason: Optional[str]
    created_at: str
    updated_at: str


class WebhookEndpointWithSecret(TypedDict):
    id: str
    url: str
    description: Optional[str]
    #: disabled: not active; paused: active, and its deliveries wait.
    status: Literal["active", "paused", "disabled"]
    #: Null: every `task.…` type. Others come only where they are named.
    events: Optional[list[Literal[
        "task.completed",
        "task.ai_generated",
        "task.reminder",
        "task.failed",
        "headrace.endpoint.disabled",
        "headrace.budget.reached",
    ]]]
    #: Null: all.
    workflows: Optional[list[str]]
    #: Null: all, and none as well.
    event_names: Optional[list[str]]
    payload_filter: Optional[dict[str, Any]]
    #: Names, and values masked.
    headers: dict[str, str]
    #: Null: as the project's `retry` says.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    #: Null: the operator's limit.
    max_in_flight: Optional[int]
    #: Null: no limit.
    rate_limit_per_second: Optional[float]
    #: Null: no order.
    fifo_key: Optional[str]
    active: bool
    paused: bool
    paused_at: Optional[str]
    #: Since when every attempt has failed.
    failing_since: Optional[str]
    #: Why the system switched it off.
    disabled_reason: Optional[str]
    created_at: str
    updated_at: str
    #: Signs the webhooks. Keep it: it is shown only here.
    secret: str


class SecretRotation(TypedDict, total=False):
    #: Seconds in which the old secret signs as well, beside the new one.
    overlap_seconds: int
    #: The same in hours.
    overlap_hours: int


class TestedWebhook(TypedDict):
    type: Literal["task.completed", "task.ai_generated", "task.reminder", "task.failed"]
    #: Its `webhook-id`: of no other webhook, and in no list.
    webhook_id: str
    #: The body, byte for byte as it was sent.
    payload: str
    #: As they were sent, signatures included; the values of the endpoint's own headers are masked.
    headers: dict[str, str]
    attempt: DeliveryAttempt


class WebhookTestResult(TypedDict):
    data: list[TestedWebhook]


class DeliveryCounts(TypedDict):
    #: `success`, `error` and `pending` together.
    total: int
    #: Taken by the endpoint in the window.
    success: int
    #: Given up in the window: dead letters.
    error: int
    #: Open now, whenever they were planned.
    pending: int


class AttemptCounts(TypedDict):
    total: int
    #: Answered with a 2xx.
    success: int
    failed: int


class AttemptDurations(TypedDict):
    #: Percentiles are estimated from buckets, to within a fifth.
    p50: Optional[int]
    p95: Optional[int]
    p99: Optional[int]
    max: Optional[int]


class FailureError(TypedDict):
    #: Stable, for machines.
    code: str
    message: str


class LastFailure(TypedDict):
    at: str
    #: Null: no answer came.
    http_status: Optional[int]
    error: FailureError
    delivery_id: str


WebhookEndpointStats = TypedDict(
    "WebhookEndpointStats",
    {
        "endpoint_id": str,
        "window": Literal["1h", "24h", "7d", "30d"],
        #: Up to five minutes before the window.
        "from": str,
        "to": str,
        "deliveries": DeliveryCounts,
        "attempts": AttemptCounts,
        #: Share of the attempts that succeeded; null: none.
        "success_rate": Optional[float],
        #: Of attempts, successful and failed; null: none.
        "duration_ms": AttemptDurations,
        #: Whenever it was.
        "last_success_at": Optional[str],
        #: The last failed attempt, whenever it was.
        "last_failure": Optional[LastFailure],
        #: Attempts by HTTP status, or by error code where no complete answer came.
        "by_status": dict[str, int],
    },
)


class _NewProviderCredentialOptional(TypedDict, total=False):
    #: Stored encrypted, shown masked.
    api_key: Optional[str]
    #: Null: the provider's own.
    base_url: Optional[str]


class NewProviderCredential(_NewProviderCredentialOptional):
    provider: str


class ProviderCredentialChanges(TypedDict, total=False):
    #: Stored encrypted, shown masked.
    api_key: Optional[str]
    #: Null: the provider's own.
    base_url: Optional[str]


class ProviderCredential(TypedDict):
    id: str
    provider: str
    api_key: Optional[str]
    base_url: Optional[str]
    created_at: str
    updated_at: str


class _NewApiKeyOptional(TypedDict, total=False):
    #: Null, or left out: never.
    expires_in_days: Optional[Literal[1, 7, 30, 60, 90]]


class NewApiKey(_NewApiKeyOptional):
    name: str


class ApiKey(TypedDict):
    id: str
    name: str
    #: How the key begins.
    prefix: str
    #: Null: never.
    expires_at: Optional[str]
    #: To the minute.
    last_used_at: Optional[str]
    revoked_at: Optional[str]
    created_at: str


class ApiKeyWithValue(TypedDict):
    id: str
    name: str
    #: How the key begins.
    prefix: str
    #: Null: never.
    expires_at: Optional[str]
    #: To the minute.
    last_used_at: Optional[str]
    revoked_at: Optional[str]
    created_at: str
    #: Keep it: it is shown only here.
    key: str


class _NewProjectOptional(TypedDict, total=False):
    #: Whether /v1/ai/reconnect answers without a key.
    public_reconnect: bool
    #: When failed webhooks are tried again, where an endpoint does not say; null: the documented schedule.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]


class NewProject(_NewProjectOptional):
    name: str


class ProjectChanges(TypedDict, total=False):
    name: str
    #: An inactive project's keys answer 403; only the administrator activates it.
    active: bool
    #: Whether /v1/ai/reconnect answers without a key.
    public_reconnect: bool
    #: When failed webhooks are tried again, where an endpoint does not say; null: the documented schedule.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]


class Project(TypedDict):
    id: str
    name: str
    active: bool
    public_reconnect: bool
    #: Null: the documented schedule.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    created_at: str
    updated_at: str


class ProjectWithKey(TypedDict):
    id: str
    name: str
    active: bool
    public_reconnect: bool
    #: Null: the documented schedule.
    retry: Optional[Union[RetrySchedule, RetryGrowth]]
    created_at: str
    updated_at: str
    api_key: ApiKeyWithValue


class SigningSecret(TypedDict):
    #: whsec_…
    signing_secret: str


class ProjectToken(TypedDict):
    #: JWT for the WebSocket upgrade, bound to the project's topic. Good for 5 minutes to join with.
    token: str
    expires_at: str
    project_id: str
    websocket_url: str
    websocket_channel: str


class RateLimits(TypedDict, total=False):
    #: Of all requests of the project together.
    project: Optional[Mapping[str, Any]]
    #: Of each API key.
    key: Optional[Mapping[str, Any]]
    #: Of each `user_id` (or `safety_identifier`, or `user`); requests without one have no such limit.
    user: Optional[Mapping[str, Any]]
    #: Of each client address (of IPv6: of each /64).
    ip: Optional[Mapping[str, Any]]
    #: Of single API keys, by their ids, in the place of `key`.
    keys: Mapping[str, Optional[Mapping[str, Any]]]
    #: Most generations of the project at once. What is beyond waits and is not refused.
    concurrent: Optional[int]


class _BudgetSettingOptional(TypedDict, total=False):
    #: Id of the API key; left out: the project.
    api_key_id: Optional[str]
    #: From this on it is told, once a period.
    alert_usd: Optional[float]
    #: From this on requests are refused.
    limit_usd: Optional[float]


class BudgetSetting(_BudgetSettingOptional):
    #: Unique in the project; refusals name it.
    name: str
    #: Begins anew with the day or month in UTC.
    period: Literal["day", "month"]


class _BudgetOptional(TypedDict, total=False):
    #: Id of the API key; left out: the project.
    api_key_id: Optional[str]
    #: From this on it is told, once a period.
    alert_usd: Optional[float]
    #: From this on requests are refused.
    limit_usd: Optional[float]


class Budget(_BudgetOptional):
    #: Unique in the project; refusals name it.
    name: str
    #: Begins anew with the day or month in UTC.
    period: Literal["day", "month"]
    #: In the current period; some seconds behind.
    spent_usd: float
    period_start: str
    period_end: str
    state: Literal["ok", "alerting", "used_up"]


class Budgets(TypedDict):
    budgets: list[Budget]


class _OwnPriceOptional(TypedDict, total=False):
    #: Of cached prompt tokens; null: as input.
    cached_input_usd: Optional[float]
    #: Of prompt tokens that the provider writes into its cache; null: as input.
    cache_write_usd: Optional[float]
    #: Of those that it keeps there for an hour; null: as cache_write_usd.
    cache_write_1h_usd: Optional[float]


class OwnPrice(_OwnPriceOptional):
    provider: str
    #: A model, the beginning of names and `*`, or `*` for all.
    model: str
    #: US dollars for a million tokens of the prompt.
    input_usd: float
    #: US dollars for a million tokens of the answer, reasoning included.
    output_usd: float


class _NewPricesOptional(TypedDict, total=False):
    #: Why, for the history.
    note: Optional[str]


class NewPrices(_NewPricesOptional):
    #: All prices of your own; those of before are replaced.
    prices: Sequence[OwnPrice]


class PriceList(TypedDict):
    date: str
    source: str


class _PriceOptional(TypedDict, total=False):
    #: Of cached prompt tokens; null: as input.
    cached_input_usd: Optional[float]
    #: Of prompt tokens that the provider writes into its cache; null: as input.
    cache_write_usd: Optional[float]
    #: Of those that it keeps there for an hour; null: as cache_write_usd.
    cache_write_1h_usd: Optional[float]


class Price(_PriceOptional):
    provider: str
    #: A model, the beginning of names and `*`, or `*` for all.
    model: str
    #: US dollars for a million tokens of the prompt.
    input_usd: float
    #: US dollars for a million tokens of the answer, reasoning included.
    output_usd: float
    #: From the list that comes along, or from the operator.
    source: Literal["list", "own"]


class PriceTable(TypedDict):
    #: Version of the operator's own prices; 0 while there are none.
    version: float
    list: PriceList
    data: list[Price]


class PriceVersion(TypedDict):
    version: float
    note: Optional[str]
    created_at: str
    prices: list[OwnPrice]


class PriceVersions(TypedDict):
    data: list[PriceVersion]


class Model(TypedDict):
    #: Name of a workflow, or `provider/model`.
    id: str
    object: Literal["model"]
    #: Unix seconds; 0 where it is not known.
    created: int
    #: The provider that is asked first.
    owned_by: str


class ModelList(TypedDict):
    object: Literal["list"]
    data: Sequence[Model]
