"""Verifies webhooks and reads their payloads."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence, Union, cast

from ._errors import ConfigurationError, WebhookVerificationError
from ._signatures import matches_body, matches_data, matches_standard, standard_key
from ._webhook_types import WebhookPayload

_HeaderText = Union[str, bytes]
#: Headers as frameworks have them: a mapping, or pairs; the case of names does not matter.
WebhookHeaders = Union[Mapping[str, str], Iterable[tuple[_HeaderText, _HeaderText]]]


@dataclass(frozen=True)
class VerifiedWebhook:
    """A webhook whose signature was good: its payload, and what its headers say of the delivery."""

    payload: WebhookPayload = field(repr=False)
    #: The same on every attempt and replay: handle each id once. None without the headers of Standard Webhooks.
    id: Optional[str]
    #: When this attempt was signed.
    sent_at: datetime
    delivery_id: Optional[str]
    #: From 1.
    attempt: Optional[int]
    endpoint_id: Optional[str]
    #: W3C trace context, to go on with in your own traces.
    traceparent: Optional[str]

    @property
    def callback_url(self) -> Optional[str]:
        """Where a callback goes; None when none is awaited. From the signed body, not from a header."""
        url = cast("Mapping[str, Any]", self.payload).get("callback_url")
        return url if isinstance(url, str) else None


def verify_webhook(
    body: Union[bytes, bytearray, memoryview, str],
    headers: WebhookHeaders,
    secret: Union[str, Sequence[str]],
    *,
    tolerance: float = 300,
    now: Callable[[], float] = time.time,
) -> VerifiedWebhook:
    """Checks signature and time of a webhook and reads its payload.

    ``body``: the bytes exactly as they came, never JSON that was parsed and written again. ``secret``: that of the
    endpoint (``whsec_…``), or several during a rotation. ``tolerance``: how far the signature's time may be from now,
    in seconds.

    With the headers of Standard Webhooks those decide; without them both of ModelRiver's have to be good, since
    ``mr-signature`` alone does not cover the time and ``X-ModelRiver-Signature`` alone does not cover the body.
    Raises ``WebhookVerificationError`` for a webhook that is not to be believed.
    """
    secrets = _secrets_of(secret)
    raw = _bytes_of(body)
    values = _values_of(headers)
    if values.get("webhook-signature") is not None:
        message_id, signature = _must(values, "webhook-id"), _must(values, "webhook-signature")
        timestamp = _checked_time(_must(values, "webhook-timestamp"), tolerance, now)
        _require(any([matches_standard(message_id, timestamp, raw, signature, each) for each in secrets]))
    else:
        of_body, of_data = _must(values, "mr-signature"), _must(values, "x-modelriver-signature")
        timestamp = _checked_time(_must(values, "x-modelriver-timestamp"), tolerance, now)
        # The body's own signature first: nobody else's bytes are parsed.
        good = [each for each in secrets if matches_body(raw, of_body, each)]
        _require(bool(good))
        _payload_of(raw)
        _require(_data_matches(raw.decode(), timestamp, of_data, good))
    attempt = values.get("mr-attempt", "")
    return VerifiedWebhook(
        payload=_payload_of(raw),
        id=values.get("webhook-id"),
        sent_at=datetime.fromtimestamp(int(timestamp), timezone.utc),
        delivery_id=values.get("mr-delivery-id"),
        attempt=int(attempt) if re.fullmatch(r"[0-9]{1,9}", attempt) else None,
        endpoint_id=values.get("x-modelriver-webhook-id"),
        traceparent=values.get("traceparent"),
    )


def _data_matches(body: str, timestamp: str, header: str, secrets: Sequence[str]) -> bool:
    try:
        return any([matches_data(body, timestamp, header, each) for each in secrets])
    except ValueError:
        return False


def _require(matches: bool) -> None:
    if not matches:
        raise WebhookVerificationError(
            "signature_mismatch",
            "No signature fits the body. Check that the secret is that of this endpoint, and that the body is the raw "
            "bytes.",
        )


def _must(values: Mapping[str, str], name: str) -> str:
    value = values.get(name)
    if not value:
        raise WebhookVerificationError("missing_header", f"The header {name} is missing.")
    return value


def _values_of(headers: WebhookHeaders) -> dict[str, str]:
    items = getattr(headers, "items", None)
    pairs = cast("Iterable[tuple[_HeaderText, _HeaderText]]", items() if callable(items) else headers)
    return {_text(name).lower(): _text(value) for name, value in pairs}


def _text(value: _HeaderText) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _secrets_of(secret: Union[str, Sequence[str]]) -> list[str]:
    secrets = [secret] if isinstance(secret, str) else list(secret or [])
    # An empty key would verify whatever anybody signs with an empty key.
    if not secrets or not all(isinstance(each, str) and standard_key(each) for each in secrets):
        raise ConfigurationError("secret must be the secret of the endpoint, or a list of them. Is its variable set?")
    return secrets


def _bytes_of(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise ConfigurationError(
        "body must be the raw bytes or text of the request. Something has parsed it: read the raw body instead."
    )


def _checked_time(header: str, tolerance: float, now: Callable[[], float]) -> str:
    if not re.fullmatch(r"[0-9]{1,15}", header):
        raise WebhookVerificationError("invalid_header", "The time of the signature is no number of Unix seconds.")
    if not tolerance >= 0:
        raise ConfigurationError("tolerance must be a number from 0.")
    age = now() - int(header)
    if age > tolerance:
        raise WebhookVerificationError("timestamp_too_old", f"The signature is more than {tolerance:g} s old.")
    if age < -tolerance:
        raise WebhookVerificationError(
            "timestamp_too_new",
            f"The signature is from more than {tolerance:g} s in the future. Check this machine's clock.",
        )
    return header


def _payload_of(body: bytes) -> WebhookPayload:
    try:
        payload = json.loads(body.decode("utf-8"))
    except ValueError:
        payload = None
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str):
        raise WebhookVerificationError("invalid_body", "The body is signed, but is no JSON object with a type.")
    return cast("WebhookPayload", payload)
