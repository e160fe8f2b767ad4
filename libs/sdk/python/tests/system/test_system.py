"""Both clients against a running system: HEADRACE_URL, HEADRACE_API_KEY; it has to be allowed to call 127.0.0.1."""

from __future__ import annotations

import os
import time
import uuid
from typing import Any, Iterator, Optional

import httpx
import pytest
from conftest import Driver, Received, Server

from headrace import (
    AuthenticationError,
    ConflictError,
    GenerationError,
    NotFoundError,
    VerifiedWebhook,
    text_of,
    tool_calls_of,
    verify_webhook,
)

MESSAGES = [{"role": "user", "content": "Hello"}]
REVIEW = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "stars": {"type": "integer"}},
    "required": ["title", "stars"],
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Backend:
    """A customer's backend: an endpoint that is registered with the system."""

    def __init__(self, server: Server) -> None:
        self._server = server
        headers = {"authorization": f"Bearer {os.environ['HEADRACE_API_KEY']}"}
        self.api = httpx.Client(base_url=os.environ["HEADRACE_URL"], headers=headers, timeout=20)
        self.endpoint = self.api.post("/v1/webhooks", json={"url": f"{server.url}/hook"}).raise_for_status().json()
        self.secret: str = self.endpoint["secret"]

    def received(self, channel: str, type: str, round: int = 0) -> Received:
        """The webhook of a request; others are passed over."""
        until = time.monotonic() + 20
        while True:
            received = self._server.arrivals.get(timeout=max(0.01, until - time.monotonic()))
            payload = verify_webhook(received.body, received.headers, self.secret).payload
            if payload["type"] == "headrace.endpoint.disabled" or payload["type"] == "headrace.budget.reached":
                continue
            if (payload["channel_id"], payload["type"], payload.get("round", 0)) == (channel, type, round):
                return received

    def webhook(self, channel: str, type: str = "task.ai_generated", round: int = 0) -> VerifiedWebhook:
        received = self.received(channel, type, round)
        return verify_webhook(received.body, received.headers, self.secret)

    def close(self) -> None:
        self.api.delete(f"/v1/webhooks/{self.endpoint['id']}")
        self.api.close()


@pytest.fixture
def backend(server: Server) -> Iterator[Backend]:
    made = Backend(server)
    yield made
    made.close()


@pytest.fixture
def client(driver: Driver) -> Any:
    return driver.client()


def test_triggers_verifies_the_webhook_calls_back_and_sees_it_completed(
    driver: Driver, client: Any, backend: Backend
) -> None:
    ask = {"workflow": "demo_event", "messages": MESSAGES, "metadata": {"order": 7}}
    channel = driver.run(client.trigger(**ask, structured_output_schema=REVIEW))["channel_id"]
    webhook = backend.webhook(channel)
    assert webhook.payload["type"] == "task.ai_generated"
    assert webhook.payload["event"] == "demo_ready"
    assert webhook.payload["customer_data"] == {"order": 7}
    assert isinstance(webhook.payload["data"]["stars"], int)
    assert (webhook.attempt, webhook.endpoint_id) == (1, backend.endpoint["id"])

    assert driver.run(client.callbacks.complete(webhook, {"id": "row-1"}, task_id="t-1"))["status"] == "success"
    repeated = driver.run(client.callbacks.complete(webhook, {"id": "row-1"}, task_id="t-1"))
    assert repeated["status"] == "already_completed"
    with pytest.raises(ConflictError):
        driver.run(client.callbacks.fail(webhook, "too_late"))
    ended = driver.run(client.requests.wait(channel, within=20))
    assert ended["state"] == "completed"
    assert (ended["result"]["data"], ended["result"]["task_id"]) == ({"id": "row-1"}, "t-1")


def test_answers_tool_calls_and_goes_on_with_another_workflow(driver: Driver, client: Any, backend: Backend) -> None:
    ask = {"workflow": "demo_event", "messages": MESSAGES, "tools": [WEATHER]}
    channel = driver.run(client.trigger(**ask))["channel_id"]
    asked = backend.webhook(channel)
    (call,) = tool_calls_of(asked.payload["data"])
    assert call.name == "weather" and isinstance(call.arguments["city"], str)
    results = [{"tool_call_id": call.id, "content": {"sunny": True}}]
    assert driver.run(client.callbacks.send_tool_results(asked, results))["round"] == 1
    answered = backend.webhook(channel, round=1)
    assert tool_calls_of(answered.payload["data"]) == [] and text_of(answered.payload["data"])
    messages = [{"role": "user", "content": "And now?"}]
    assert driver.run(client.callbacks.continue_with(answered, workflow="demo", messages=messages))["round"] == 2
    last = backend.webhook(channel, "task.completed", round=2)
    assert "And now?" in (text_of(last.payload["data"]) or "")


def test_fails_a_request_for_a_reason_of_its_own(driver: Driver, client: Any, backend: Backend) -> None:
    channel = driver.run(client.trigger(workflow="demo_event", messages=MESSAGES))["channel_id"]
    driver.run(client.callbacks.fail(backend.webhook(channel), "sold_out", "Nothing is left."))
    failed = backend.webhook(channel, "task.failed").payload
    assert failed["type"] == "task.failed"
    assert failed["error"]["message"] == "Nothing is left."


def test_verifies_umlauts_and_odd_numbers_by_each_family_of_headers(
    driver: Driver, client: Any, backend: Backend
) -> None:
    odd = {"10": "x", "2": "Grüezi \u2028 😀", "n": [1e21, 1e-7, 0.1, 12345678901234567890], "data": {"data": 1}}
    channel = driver.run(client.trigger(workflow="demo", messages=MESSAGES, metadata=odd))["channel_id"]
    received = backend.received(channel, "task.completed")
    old = {name: value for name, value in received.headers.items() if not name.startswith("webhook-")}
    assert verify_webhook(received.body, old, backend.secret).payload["type"] == "task.completed"


def test_verifies_with_either_secret_while_the_secret_changes(driver: Driver, client: Any, backend: Backend) -> None:
    older = backend.secret
    rotated = backend.api.post(f"/v1/webhooks/{backend.endpoint['id']}/rotate-secret", json={}).raise_for_status()
    newer = rotated.json()["secret"]
    assert newer != older
    channel = driver.run(client.trigger(workflow="demo", messages=MESSAGES))["channel_id"]
    received = backend.received(channel, "task.completed")
    for known in (newer, older, [older, newer]):
        assert verify_webhook(received.body, received.headers, known).payload["type"] == "task.completed"


def test_asks_and_waits_and_raises_what_came_of_a_failure(driver: Driver, client: Any) -> None:
    answer = driver.run(client.ask(workflow="demo", messages=MESSAGES))
    assert "Hello" in (text_of(answer["data"]) or "")
    assert answer["meta"]["workflow"] == "demo"
    structured = driver.run(client.ask(workflow="demo", messages=MESSAGES, structured_output_schema=REVIEW))
    assert isinstance(structured["data"]["stars"], int)
    with pytest.raises(GenerationError) as raised:
        driver.run(client.ask(workflow="demo", messages=MESSAGES, metadata={"error": 400}))
    assert raised.value.code == "provider_failed"
    assert raised.value.meta and raised.value.meta["attempts"][0]["success"] is False


def test_streams_an_answer_and_hears_when_it_breaks_off(driver: Driver, client: Any) -> None:
    whole = text_of(driver.run(client.ask(workflow="demo", messages=MESSAGES))["data"])
    pieces = {"chunks": 5, "chunk_delay_ms": 10}
    stream = driver.run(client.stream(workflow="demo", messages=MESSAGES, metadata=pieces))
    texts = driver.collect(stream.texts())
    assert "".join(texts) == whole and len(texts) > 2
    broken = driver.run(
        client.stream(workflow="demo", messages=MESSAGES, metadata={"error": "disconnect", "chunks": 9})
    )
    with pytest.raises(GenerationError):
        driver.run(broken.text())


def test_ends_the_request_of_a_stream_that_its_reader_leaves(driver: Driver, client: Any) -> None:
    slow = {"chunks": 100, "chunk_delay_ms": 500}
    stream = driver.run(client.stream(workflow="demo", messages=MESSAGES, metadata=slow))
    assert len(driver.collect(stream.texts(), most=1)) == 1
    assert driver.run(client.requests.wait(stream.channel_id, within=20))["state"] == "cancelled"


def test_makes_one_request_of_repetitions_with_one_idempotency_key(driver: Driver, client: Any) -> None:
    key = f"order-{uuid.uuid4()}"

    def trigger(metadata: Optional[dict[str, Any]] = None) -> Any:
        ask = {"workflow": "demo", "messages": MESSAGES, "metadata": metadata, "idempotency_key": key}
        return driver.run(client.trigger(**ask))

    assert trigger()["channel_id"] == trigger()["channel_id"]
    with pytest.raises(ConflictError) as raised:
        trigger({"other": True})
    assert raised.value.code == "idempotency_key_reused"


def test_cancels_lists_page_by_page_and_hands_out_new_tokens(driver: Driver, client: Any) -> None:
    slow = {"latency_ms": 60_000}
    channel = driver.run(client.trigger(workflow="demo", messages=MESSAGES, metadata=slow))["channel_id"]
    assert driver.run(client.reconnect(channel))["ws_token"]
    assert driver.run(client.requests.cancel(channel))["status"] == "cancelled"
    assert driver.run(client.requests.wait(channel, within=20))["state"] == "cancelled"
    driver.run(client.trigger(workflow="demo", messages=MESSAGES))
    found = driver.collect(client.requests.list(limit=1), most=2)
    assert len({each["channel_id"] for each in found}) == 2


def test_tells_errors_by_their_classes(driver: Driver, client: Any) -> None:
    with pytest.raises(NotFoundError) as raised:
        driver.run(client.trigger(workflow="nope", messages=MESSAGES))
    assert (raised.value.code, raised.value.param) == ("model_not_found", "workflow")
    with pytest.raises(AuthenticationError):
        driver.run(driver.client(api_key="mr_live_nobody").trigger(workflow="demo", messages=MESSAGES))
