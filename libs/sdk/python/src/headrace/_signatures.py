"""The signatures of a webhook. All comparisons take equally long wherever the values differ."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re

_PREFIX = "whsec_"


def standard_key(secret: str) -> bytes:
    """The key of a secret as Standard Webhooks has it, decoded as leniently as the system decodes it."""
    text = secret[len(_PREFIX) :] if secret.startswith(_PREFIX) else secret
    digits = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0].replace("-", "+").replace("_", "/"))
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + "=" * (-len(digits) % 4))


def matches_standard(message_id: str, timestamp: str, body: bytes, header: str, secret: str) -> bool:
    """Whether one of the signatures of ``webhook-signature`` was made with the secret; versions but v1 do not count."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(standard_key(secret), signed, hashlib.sha256).digest())
    candidates = [each[3:] for each in header.split(" ") if each.startswith("v1,")]
    return any(_same(candidate, expected) for candidate in candidates)


def matches_body(body: bytes, header: str, secret: str) -> bool:
    """Whether ``mr-signature`` was made with the secret: hex HMAC-SHA256 over the body."""
    return _same(header, hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode())


def matches_data(body: str, timestamp: str, header: str, secret: str) -> bool:
    """Whether ``X-ModelRiver-Signature`` was made with the secret: hex HMAC-SHA256 over time and ``data``."""
    signed = f"{timestamp}.{data_json_of(body)}".encode()
    return _same(header, hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode())


def data_json_of(body: str) -> str:
    """The text of a body's top-level ``data``, as it stands there.

    Python writes numbers and letters otherwise than the system does, so the value cannot be parsed and written again.
    Raises ``ValueError`` for text that the system did not write.
    """
    decoder = json.JSONDecoder()
    at = 1
    while body[at : at + 1] == '"':
        key, key_end = decoder.raw_decode(body, at)
        _, value_end = decoder.raw_decode(body, key_end + 1)
        if key == "data":
            return body[key_end + 1 : value_end]
        at = value_end + 1
    # A body without data is signed as a template string of JavaScript would write it.
    return "undefined"


def _same(one: str, other: bytes) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other)
