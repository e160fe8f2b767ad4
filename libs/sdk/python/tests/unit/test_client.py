"""What both clients do over real connections."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Driver, Reply, Server, an_error

from headrace import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AsyncHeadrace,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    GenerationError,
    Headrace,
    HeadraceError,
    RateLimitError,
    ServerError,
    __version__,
)
from headrace._calls import Call, Options, prepare

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
KEY = "mr_live_a_key_that_nobody_may_see"
ASK: dict[str, Any] = {"workflow": "demo", "messages": [{"role": "user", "content": "Grüezi"}]}
NOW = {"retry-after": "0"}


def client_of(driver: Driver, server: Server, **options: Any) -> Any:
    return driver.client(**{"api_key": KEY, "base_url": server.url, **options})


def test_sends_json_with_the_key_and_an_idempotency_key(driver: Driver, server: Server) -> None:
    server.answers(Reply(body={"status": "pending", "channel_id": "c1"}))
    client = client_of(driver, server, base_url=f"{server.url}/")
    assert driver.run(client.trigger(**ASK, metadata=None, temperature=0.5))["channel_id"] == "c1"
    (call,) = server.received
    assert (call.method, call.path) == ("POST", "/v1/ai/async")
    assert json.loads(call.body) == {**ASK, "temperature": 0.5}
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert call.headers["content-type"] == "application/json"
    assert len(call.headers["idempotency-key"]) == 36


def test_says_which_version_it_is(driver: Driver, server: Server) -> None:
    driver.run(client_of(driver, server).trigger(**ASK))
    (project,) = re.findall(r'^version = "(.+)"$', PROJECT.read_text("utf-8"), re.M)
    assert server.received[0].headers["user-agent"] == f"headrace-python/{project}" == f"headrace-python/{__version__}"


def test_takes_a_time_limit_that_no_socket_can_count_to(driver: Driver, server: Server) -> None:
    server.answers(Reply(body={"channel_id": "c1"}))
    assert driver.run(client_of(driver, server, timeout=float("inf")).trigger(**ASK)) == {"channel_id": "c1"}


def test_tries_again_with_the_same_bytes_and_the_same_idempotency_key(driver: Driver, server: Server) -> None:
    server.answers(
        an_error(503, "service_unavailable", NOW),
        an_error(429, "rate_limit_exceeded", NOW),
        Reply(breaks=True),
        Reply(body={"channel_id": "c1"}),
    )
    client = client_of(driver, server)
    assert driver.run(client.trigger(**ASK)) == {"channel_id": "c1"}
    assert len(server.received) == 4
    assert len({(call.headers["idempotency-key"], call.body) for call in server.received}) == 1
    driver.run(client.trigger(**ASK))
    assert server.received[4].headers["idempotency-key"] != server.received[0].headers["idempotency-key"]


def test_takes_an_idempotency_key_of_the_caller(driver: Driver, server: Server) -> None:
    client = client_of(driver, server)
    driver.run(client.trigger(**ASK, idempotency_key="order-7"))
    assert server.received[0].headers["idempotency-key"] == "order-7"
    with pytest.raises(ConfigurationError):
        driver.run(client.trigger(**ASK, idempotency_key="a b"))


def test_waits_as_long_as_it_is_told_to(driver: Driver, server: Server) -> None:
    server.answers(an_error(503, "service_unavailable", {"retry-after": "1"}), Reply())
    driver.run(client_of(driver, server).trigger(**ASK))
    first, second = server.received
    assert second.at - first.at >= 0.99


def test_gives_up_after_the_last_retry_with_what_it_was_told(driver: Driver, server: Server) -> None:
    server.answers(an_error(429, "rate_limit_exceeded", NOW))
    with pytest.raises(RateLimitError) as raised:
        driver.run(client_of(driver, server, max_retries=2).trigger(**ASK))
    assert (raised.value.status, raised.value.code, raised.value.retry_after) == (429, "rate_limit_exceeded", 0)
    assert len(server.received) == 3


def test_does_not_try_again_what_is_wrong_and_names_field_and_request(driver: Driver, server: Server) -> None:
    details = [{"param": "messages", "message": "messages must not be empty"}]
    headers = {"x-request-id": "r1"}
    server.answers(an_error(400, "invalid_request_error", headers, param="messages", details=details))
    client = client_of(driver, server)
    with pytest.raises(BadRequestError) as raised:
        driver.run(client.trigger(**ASK))
    error = raised.value
    assert (error.code, error.param, error.details, error.request_id) == (
        "invalid_request_error",
        "messages",
        details,
        "r1",
    )
    server.answers(an_error(502, "upstream_error", {"x-should-retry": "false"}))
    with pytest.raises(ServerError):
        driver.run(client.trigger(**ASK))
    assert len(server.received) == 2


def test_follows_no_redirect_which_would_carry_the_key_away(driver: Driver, server: Server) -> None:
    server.answers(Reply(307, headers={"location": "/elsewhere"}))
    with pytest.raises(ApiError) as raised:
        driver.run(client_of(driver, server).trigger(**ASK))
    assert raised.value.status == 307
    assert len(server.received) == 1


def test_understands_answers_that_are_not_ours(driver: Driver, server: Server) -> None:
    server.answers(Reply(504, b"<html>Gateway Timeout</html>"))
    client = client_of(driver, server, max_retries=0)
    with pytest.raises(ServerError, match="The system answered 504"):
        driver.run(client.trigger(**ASK))
    server.answers(Reply(body=b"<html>Welcome</html>"))
    with pytest.raises(HeadraceError, match="not JSON"):
        driver.run(client.trigger(**ASK))


def test_gives_up_an_attempt_after_its_time_and_tries_again(driver: Driver, server: Server) -> None:
    server.answers(Reply(hang=True), Reply(body={"channel_id": "c1"}))
    client = client_of(driver, server, timeout=0.2)
    assert driver.run(client.trigger(**ASK)) == {"channel_id": "c1"}
    server.answers(Reply(hang=True))
    with pytest.raises(ApiTimeoutError):
        driver.run(client.trigger(**ASK, timeout=0.1, max_retries=0))


def test_reads_no_answer_beyond_its_limit(driver: Driver, server: Server) -> None:
    server.answers(Reply(body={"text": "x" * 2_000}))
    with pytest.raises(HeadraceError, match="longer than 1000 bytes"):
        driver.run(client_of(driver, server, max_response_bytes=1_000).trigger(**ASK))
    assert len(server.received) == 1


def test_gives_a_wrapped_answer_and_raises_what_came_of_one_that_failed(driver: Driver, server: Server) -> None:
    meta = {"status": "success", "attempts": []}
    server.answers(Reply(body={"data": {"title": "x"}, "customer_data": {}, "meta": meta, "backups": []}))
    client = client_of(driver, server)
    assert driver.run(client.ask(**ASK))["data"] == {"title": "x"}
    assert json.loads(server.received[0].body) == {**ASK, "format": "wrapped", "stream": False}
    failed = {"message": "All failed.", "code": "provider_failed", "details": {"status": 500}}
    body = {"data": None, "customer_data": {"a": 1}, "error": failed, "meta": meta}
    server.answers(Reply(body=body, headers={"x-request-id": "r2"}))
    with pytest.raises(GenerationError, match="All failed") as raised:
        driver.run(client.ask(**ASK))
    error = raised.value
    assert (error.code, error.details, error.customer_data) == ("provider_failed", {"status": 500}, {"a": 1})
    assert (error.meta, error.request_id) == (meta, "r2")
    assert len(server.received) == 2


def test_shows_its_key_nowhere(driver: Driver, server: Server) -> None:
    server.answers(an_error(401, "invalid_api_key"))
    client = client_of(driver, server)
    with pytest.raises(AuthenticationError) as refused:
        driver.run(client.trigger(**ASK))
    with pytest.raises(ApiConnectionError) as unreached:
        driver.run(client_of(driver, server, base_url="http://127.0.0.1:9", max_retries=0).trigger(**ASK))
    assert "came from http://127.0.0.1:9 (base_url, HEADRACE_URL)" in str(unreached.value)
    errors = [refused.value, unreached.value, unreached.value.__cause__]
    prepared = prepare(Call("POST", "/v1/ai"), Options(extra_headers={"x-proxy-key": KEY}), client._settings)
    shown = [client, client._settings, client.callbacks, prepared, Options(extra_headers={"x-proxy-key": KEY}), *errors]
    assert not any(KEY in repr(each) + str(each) for each in shown)


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": ""},
        {"api_key": f"{KEY}\n"},
        {"base_url": "ai.example.com"},
        {"base_url": "https://user:secret@ai.example.com"},
        {"timeout": 0},
        {"max_retries": -1},
        {"trusted_origins": ["*"]},
    ],
)
def test_is_not_made_with_options_that_cannot_work(driver: Driver, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        driver.client(**{"api_key": KEY, **options})
    assert "secret@" not in str(raised.value) and KEY not in str(raised.value)


def test_uses_an_http_client_of_the_caller_and_leaves_it_open() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"channel_id": request.url.path}))
    http = httpx.Client(transport=transport)
    with Headrace(api_key=KEY, http_client=http) as client:
        assert client.trigger(**ASK)["channel_id"] == "/v1/ai/async"
    assert not http.is_closed
    http.close()


def test_ends_the_call_when_its_task_is_cancelled(server: Server) -> None:
    server.answers(Reply(hang=True))

    async def leave() -> None:
        async with AsyncHeadrace(api_key=KEY, base_url=server.url) as client:
            task = asyncio.create_task(client.trigger(**ASK))
            await asyncio.to_thread(server.arrivals.get, timeout=10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(leave())
    assert server.left.wait(10)
    assert len(server.received) == 1
