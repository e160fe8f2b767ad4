"""Streams, lists, callbacks and the other calls of both clients."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from conftest import Driver, Reply, Server
from test_webhooks import named, verified

from headrace import ApiConnectionError, ConfigurationError, GenerationError, HeadraceError

ASK: dict[str, Any] = {"workflow": "demo", "messages": [{"role": "user", "content": "Hello"}]}


def a_stream(*events: str, **how: Any) -> Reply:
    pieces = [f"data: {event}\n\n".encode() for event in events]
    return Reply(pieces=pieces, headers={"x-modelriver-channel-id": "channel-1"}, **how)


def a_chunk(content: str) -> str:
    return json.dumps({"id": "x", "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]})


@pytest.fixture
def client(driver: Driver, server: Server) -> Any:
    return driver.client(api_key="k", base_url=server.url)


def test_streams_an_answer(driver: Driver, server: Server, client: Any) -> None:
    server.answers(a_stream(a_chunk("Grün"), a_chunk(" €"), "[DONE]"))
    stream = driver.run(client.stream(**ASK))
    assert stream.channel_id == "channel-1"
    assert driver.run(stream.text()) == "Grün €"
    with pytest.raises(HeadraceError, match="only once"):
        driver.run(stream.text())
    assert json.loads(server.received[0].body) == {**ASK, "stream": True}


def test_raises_when_a_stream_fails_or_breaks_off(driver: Driver, server: Server, client: Any) -> None:
    failure = json.dumps({"error": {"message": "It failed.", "code": "upstream_error"}})
    server.answers(a_stream(a_chunk("a"), failure))
    with pytest.raises(GenerationError, match="It failed"):
        driver.run(driver.run(client.stream(**ASK)).text())
    for broken in (a_stream(a_chunk("a")), a_stream(a_chunk("a"), breaks=True)):
        server.answers(broken)
        with pytest.raises(ApiConnectionError):
            driver.run(driver.run(client.stream(**ASK)).text())


def test_ends_the_connection_when_the_reader_leaves(driver: Driver, server: Server, client: Any) -> None:
    server.answers(a_stream(a_chunk("a"), hang=True), Reply())
    stream = driver.run(client.stream(**ASK))
    assert driver.collect(stream.texts(), most=1) == ["a"]
    driver.run(stream.close())
    assert server.left.wait(10)


def test_cancels_a_request_that_nobody_reads_to_its_end_unless_the_caller_has_its_key(
    driver: Driver, server: Server, client: Any
) -> None:
    def paths() -> list[str]:
        return [call.path for call in server.received if call.path.endswith("/cancel")]

    server.answers(a_stream(a_chunk("a"), hang=True), Reply(body={"status": "cancelled"}))
    stream = driver.run(client.stream(**ASK))
    assert driver.collect(stream.texts(), most=1) == ["a"]
    driver.run(client.requests.get("c1"))
    assert paths() == ["/v1/requests/channel-1/cancel"]

    server.answers(a_stream(a_chunk("a"), "[DONE]"))
    driver.run(driver.run(client.stream(**ASK)).text())
    server.answers(a_stream(a_chunk("a"), '{"error":{}}'))
    with pytest.raises(GenerationError):
        driver.run(driver.run(client.stream(**ASK)).text())
    server.answers(a_stream(a_chunk("a"), hang=True), Reply())
    driver.run(driver.run(client.stream(**ASK, idempotency_key="mine")).close())
    driver.run(client.requests.get("c1"))
    assert len(paths()) == 1


def test_reads_page_after_page(driver: Driver, server: Server, client: Any) -> None:
    first = Reply(body={"data": [{"channel_id": "a"}, {"channel_id": "b"}], "next_cursor": "n/1"})
    server.answers(first, Reply(body={"data": [{"channel_id": "c"}], "next_cursor": None}))
    found = driver.collect(client.requests.list(state="error", limit=2))
    assert [each["channel_id"] for each in found] == ["a", "b", "c"]
    assert [call.path for call in server.received] == [
        "/v1/requests?state=error&limit=2",
        "/v1/requests?state=error&limit=2&cursor=n%2F1",
    ]


def test_reads_no_further_page_than_it_is_asked_for(driver: Driver, server: Server, client: Any) -> None:
    server.answers(Reply(body={"data": [{"id": "a"}], "next_cursor": "n"}))
    assert driver.collect(client.deliveries.list(), most=1) == [{"id": "a"}]
    page = driver.run(client.dead_letters.list(error="timeout", replayed=False).page())
    assert page.next_cursor == "n"
    assert [call.path for call in server.received] == [
        "/v1/deliveries",
        "/v1/dead-letters?error=timeout&replayed=false",
    ]


def test_calls_what_it_is_made_to_call(driver: Driver, server: Server, client: Any) -> None:
    driver.run(client.requests.get("c1"))
    driver.run(client.requests.cancel("c1"))
    driver.run(client.reconnect("c1"))
    driver.run(client.dead_letters.get("d1"))
    driver.run(client.dead_letters.replay("d1"))
    assert [f"{call.method} {call.path} {call.body.decode()}".strip() for call in server.received] == [
        "GET /v1/requests/c1",
        "POST /v1/requests/c1/cancel",
        'POST /v1/ai/reconnect {"channel_id":"c1"}',
        "GET /v1/dead-letters/d1",
        "POST /v1/dead-letters/d1/replay",
    ]
    assert "idempotency-key" in server.received[4].headers
    for missing in ("", ".", ".."):
        with pytest.raises(ConfigurationError):
            driver.run(client.requests.get(missing))
    driver.run(client.requests.get("../../x?y"))
    assert server.received[-1].path == "/v1/requests/..%2F..%2Fx%3Fy"


def test_sends_each_kind_of_callback(driver: Driver, server: Server, client: Any) -> None:
    url = f"{server.url}/v1/callback/c1?round=2"
    driver.run(client.callbacks.complete(url, {"id": 7}, task_id="t", metadata={"a": 1}))
    driver.run(client.callbacks.fail(url, "sold_out", "Nothing left."))
    results = [{"tool_call_id": "x", "content": {"sunny": True}}]
    driver.run(client.callbacks.send_tool_results(url, results))
    driver.run(client.callbacks.continue_with("c1", workflow="next", messages=ASK["messages"]))
    assert [(call.path, json.loads(call.body)) for call in server.received] == [
        ("/v1/callback/c1?round=2", {"data": {"id": 7}, "task_id": "t", "metadata": {"a": 1}}),
        ("/v1/callback/c1?round=2", {"error": "sold_out", "message": "Nothing left."}),
        ("/v1/callback/c1?round=2", {"tool_results": results}),
        ("/v1/callback/c1", {"continue": {"workflow": "next", "messages": ASK["messages"]}}),
    ]


def test_says_what_a_callback_is_for_when_given_a_payload_or_none(driver: Driver, server: Server, client: Any) -> None:
    for target in [dict(verified(named("task.ai_generated")).payload), None]:
        with pytest.raises(ConfigurationError, match="Give the verified webhook, its callback_url, or a channel id"):
            driver.run(client.callbacks.complete(target, {}))
    assert server.received == []


def test_trusts_the_callback_url_of_a_verified_webhook_and_of_text_only_what_it_knows(driver: Driver) -> None:
    urls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        return httpx.Response(200, json={})

    transport = httpx.MockTransport(answer)
    http = httpx.Client(transport=transport) if driver.kind == "sync" else httpx.AsyncClient(transport=transport)
    trusted = ["https://callbacks.example:443"]
    client = driver.client(api_key="k", base_url="http://headrace:4100", trusted_origins=trusted, http_client=http)
    webhook = verified(named("task.ai_generated"))
    driver.run(client.callbacks.complete(webhook, {}))
    driver.run(client.callbacks.complete("https://callbacks.example/v1/callback/c", {}))
    assert urls == [webhook.callback_url, "https://callbacks.example/v1/callback/c"]
    strange = [
        "https://thief.example/v1/callback/c",
        "http://callbacks.example/v1/callback/c",
        "https://callbacks.example@thief.example/c",
        "https://callbacks.example:444/c",
        "//thief.example/x",
        "/v1/callback/c",
        "a/b",
        "https://[",
    ]
    for target in [*strange, verified(named("task.completed"))]:
        with pytest.raises(ConfigurationError):
            driver.run(client.callbacks.complete(target, {}))
    assert len(urls) == 2
    if isinstance(http, httpx.AsyncClient):
        driver.run(http.aclose())
    else:
        http.close()
