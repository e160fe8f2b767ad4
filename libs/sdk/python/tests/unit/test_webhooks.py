from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headrace import ConfigurationError, VerifiedWebhook, WebhookVerificationError, verify_webhook
from headrace._signatures import data_json_of

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "webhooks.json").read_text(encoding="utf-8")
)


def named(name: str) -> dict[str, Any]:
    return next(each for each in VECTORS if each["name"] == name)


def verified(vector: dict[str, Any], **changes: Any) -> VerifiedWebhook:
    given = {**vector, **changes}
    return verify_webhook(given["body"], given["headers"], given["secrets"], now=lambda: float(given["now"]))


def outcome_of(vector: dict[str, Any], **changes: Any) -> str:
    try:
        verified(vector, **changes)
    except WebhookVerificationError as error:
        return error.code
    return "verified"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_says_of_each_vector_what_is_to_be_made_of_it(vector: dict[str, Any]) -> None:
    assert outcome_of(vector) == vector["outcome"]
    raw = vector["body"].encode()
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in vector["headers"].items()]
    assert outcome_of(vector, body=memoryview(raw), headers=pairs) == vector["outcome"]


def test_tells_what_the_headers_say_of_the_delivery() -> None:
    webhook = verified(named("task.ai_generated"))
    assert (webhook.id, webhook.delivery_id, webhook.attempt, webhook.endpoint_id) == ("msg_1", "dlv_1", 3, "ep_1")
    assert webhook.sent_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert webhook.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert webhook.callback_url == ("https://host.example/v1/callback/0199c2a8-6b1e-7c54-9f0e-3a52c1d4e8b7?round=1")


def test_takes_the_callback_url_from_the_signed_body_not_from_a_header() -> None:
    vector = named("task.completed")
    headers = {**vector["headers"], "X-ModelRiver-Callback-Url": "https://thief.example/"}
    assert verified(vector, headers=headers).callback_url is None


def test_gives_payloads_that_are_told_apart_by_their_type() -> None:
    payload = verified(named("task.failed")).payload
    assert payload["type"] == "task.failed"
    # The type checker knows here that there is an error.
    assert payload["error"]["code"] == "callback_timeout"


@pytest.mark.parametrize("body", [{"type": "task.completed"}, None, 7])
def test_says_that_it_needs_the_raw_body(body: Any) -> None:
    with pytest.raises(ConfigurationError, match="raw"):
        verified(named("task.completed"), body=body)


@pytest.mark.parametrize("secret", ["", "whsec_", [], ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ""], None])
def test_refuses_to_verify_with_no_secret(secret: Any) -> None:
    with pytest.raises(ConfigurationError):
        verified(named("task.completed"), secrets=secret)


def test_puts_neither_secrets_nor_signatures_into_its_errors() -> None:
    for vector in VECTORS:
        try:
            verified(vector)
        except WebhookVerificationError as error:
            hidden = [*vector["secrets"], vector["headers"].get("mr-signature")]
            assert not any(text.replace("whsec_", "") in repr(error) for text in hidden if text)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ('{"data":{"a":1},"b":2}', '{"a":1}'),
        ('{"b":2,"data":-1.5e-7}', "-1.5e-7"),
        ('{"a":{"data":1},"x":"\\",\\"data\\":{\\"no\\":1}","data":[1,"\\\\"]}', '[1,"\\\\"]'),
        (
            '{"data":{"10":"x","n":12345678901234567000,"s":"\\ud800ü"}}',
            '{"10":"x","n":12345678901234567000,"s":"\\ud800ü"}',
        ),
        ('{"type":"x"}', "undefined"),
        ("{}", "undefined"),
    ],
)
def test_cuts_the_text_of_data_out_of_a_body(body: str, data: str) -> None:
    assert data_json_of(body) == data
