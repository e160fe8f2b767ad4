"""What is known of how an answer came about, in the words of the wire. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict

JsonObject = dict[str, Any]


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
