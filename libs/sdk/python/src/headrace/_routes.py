"""The calls that both clients make, as values."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Union

import httpx

from ._calls import Answered, Call, Options, body_of, segment
from ._errors import ApiTimeoutError, ConfigurationError, GenerationError
from ._settings import Settings, origin_of
from ._webhooks import VerifiedWebhook

# The system itself gives up after ten minutes.
_ASK_TIMEOUT = 11 * 60.0
#: How long one question waits for a request's end, in seconds: less than proxies have patience for.
WAIT_SECONDS = 25
#: How often whoever waits asks in vain, one time after the other: for about two minutes.
PATIENT_RETRIES = 20
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 2.0

#: How a request is cancelled that nobody reads any more.
CANCEL_OPTIONS = Options(timeout=10.0, max_retries=1)

#: What a callback answers: the webhook as ``verify_webhook`` gave it, its ``callback_url``, or a channel id. An id
#: stands for the round that runs; the other two name theirs, so that a late callback is not taken for another round's.
CallbackTarget = Union[VerifiedWebhook, str]


def trigger_call(fields: Mapping[str, Any], parameters: Mapping[str, Any], key: Optional[str]) -> Call:
    """Asks without waiting."""
    return Call("POST", "/v1/ai/async", body=body_of(fields, parameters), idempotency_key=key)


def ask_call(fields: Mapping[str, Any], parameters: Mapping[str, Any], key: Optional[str]) -> Call:
    """Asks and waits."""
    body = {**body_of(fields, parameters), "format": "wrapped", "stream": False}
    return Call("POST", "/v1/ai", body=body, idempotency_key=key, timeout=_ASK_TIMEOUT)


def stream_call(fields: Mapping[str, Any], parameters: Mapping[str, Any], key: Optional[str]) -> Call:
    """Asks for pieces."""
    body = {**body_of(fields, parameters), "stream": True}
    return Call("POST", "/v1/ai", body=body, idempotency_key=key)


def whole_answer(answered: Answered) -> Any:
    """What ``/v1/ai`` answered. Raises ``GenerationError`` when it tells of a failure."""
    answer, request_id = answered
    error = answer.get("error") if isinstance(answer, dict) else None
    if not error:
        return answer
    raise GenerationError(
        error.get("message") or "The AI did not answer.",
        code=error.get("code") or "upstream_error",
        details=error.get("details"),
        customer_data=answer.get("customer_data"),
        meta=answer.get("meta"),
        request_id=request_id,
    )


def left_until(until: Optional[float], now: float) -> Optional[float]:
    """Seconds that are left of a wait; None: it has no end. Raises ``ApiTimeoutError`` when it is over."""
    if until is None:
        return None
    if now >= until:
        raise ApiTimeoutError("The request did not end in time.")
    return until - now


def patience(left: Optional[float]) -> float:
    """The time limit of a question that the system may answer late."""
    longest = 2.0 * WAIT_SECONDS
    return longest if left is None else min(longest, left)


def callback_call(target: CallbackTarget, body: Mapping[str, Any], settings: Settings) -> Call:
    """A callback. The key goes only to places that a signature or the settings vouch for."""
    return Call("POST", _callback_path(target, settings), body=body)


def _callback_path(target: CallbackTarget, settings: Settings) -> str:
    if isinstance(target, VerifiedWebhook):
        if target.callback_url is None:
            raise ConfigurationError(f"A webhook of the type {target.payload['type']} awaits no callback.")
        return target.callback_url
    if not isinstance(target, str):
        raise ConfigurationError("Give the verified webhook, its callback_url, or a channel id.")
    if "/" not in target:
        return f"/v1/callback/{segment(target)}"
    try:
        url = httpx.URL(target)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if origin_of(url) in settings.trusted_origins:
        return str(url)
    raise ConfigurationError(
        f"The API key is not sent to {url.host or 'an address without a host'}. Give the verified webhook itself, or "
        "name the origin in trusted_origins."
    )
