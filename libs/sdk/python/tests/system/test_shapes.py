"""What the system answers has the fields that its types have: HEADRACE_URL, HEADRACE_API_KEY."""

from __future__ import annotations

import time
from typing import Any

from conftest import Server
from operations import MESSAGES

from headrace import (
    CallbackEntry,
    DeliveryEntry,
    FailoverEntry,
    Headrace,
    RealtimeEntry,
    RequestDetail,
    RequestEntry,
    RequestSummary,
)

KINDS: dict[str, Any] = {
    "failover": FailoverEntry,
    "request": RequestEntry,
    "delivery": DeliveryEntry,
    "callback": CallbackEntry,
    "realtime": RealtimeEntry,
}


def check(value: Any, shape: Any) -> None:
    assert shape.__required_keys__ <= set(value) <= shape.__required_keys__ | shape.__optional_keys__, value


def test_requests_and_their_timelines_have_the_fields_that_are_typed(server: Server) -> None:
    with Headrace() as headrace:
        endpoint = headrace.webhooks.create(url=f"{server.url}/hook")
        asked = headrace.trigger(workflow="demo_event", messages=MESSAGES, metadata={"latency_ms": 10})
        with headrace.requests.events(asked["channel_id"]) as events:
            states = [
                each["data"]["status"] for each in events if each["event"] == "response" and answer(headrace, each)
            ]
        assert states == ["ai_generated", "completed"]
        failed = headrace.trigger(workflow="demo", messages=MESSAGES, metadata={"error": 400})
        headrace.requests.wait(failed["channel_id"], within=20)
        seen: set[str] = set()
        until = time.monotonic() + 20
        while seen != set(KINDS) and time.monotonic() < until:
            for channel in (asked["channel_id"], failed["channel_id"]):
                detail = headrace.requests.get(channel)
                check(detail, RequestDetail)
                for entry in detail["timeline"]:
                    check(entry, KINDS[entry["kind"]])
                    seen.add(entry["kind"])
        assert seen == set(KINDS)
        for summary in headrace.requests.list(limit=5).page().data:
            check(summary, RequestSummary)
        headrace.webhooks.delete(endpoint["id"])


def answer(headrace: Headrace, event: Any) -> bool:
    """Calls back once the AI has answered."""
    if event["data"]["status"] == "ai_generated":
        headrace.callbacks.complete(event["data"]["channel_id"], {"id": 7})
    return True
