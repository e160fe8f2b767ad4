"""Waiting for the end of requests, and reading their events."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Optional

import pytest
from conftest import Driver, Reply, Server, an_error

from headrace import ApiConnectionError, ApiTimeoutError, AsyncHeadrace, HeadraceError, NotFoundError, ServerError

SOON = {"retry-after": "0"}
PENDING = Reply(body={"state": "pending", "ended_at": None})
ENDED = Reply(body={"state": "success", "ended_at": "2026-01-01T00:00:00Z"})
LOST = Reply(breaks=True)
UNAVAILABLE = an_error(503, "service_unavailable", SOON)
CLOSE = "event: phx_close\ndata: {}"


@pytest.fixture
def client(driver: Driver, server: Server) -> Any:
    return driver.client(api_key="k", base_url=server.url)


def blocks(*texts: str, **how: Any) -> Reply:
    """An event stream."""
    headers = {"content-type": "text/event-stream"}
    return Reply(pieces=[f"{text}\n\n".encode() for text in texts], headers=headers, **how)


def text(id: str, index: int, data: str) -> str:
    return f"id: {id}\nevent: tokens\ndata: {json.dumps({'data': data, 'index': index})}"


def state(id: str, status: str) -> str:
    return f"id: {id}\nevent: response\ndata: {json.dumps({'status': status, 'channel_id': 'c1'})}"


def seen(events: list[Any]) -> list[str]:
    return [each["data"]["data"] if each["event"] == "tokens" else each["data"]["status"] for each in events]


def last_ids(server: Server) -> list[Optional[str]]:
    return [call.headers.get("last-event-id") for call in server.received]


def test_asks_the_system_to_wait_again_and_again_until_the_end(driver: Driver, server: Server, client: Any) -> None:
    server.answers(PENDING, PENDING, ENDED)
    assert driver.run(client.requests.wait("c1")) == ENDED.body
    assert [call.path for call in server.received] == ["/v1/requests/c1?wait=25s"] * 3


def test_outlives_a_restart_that_takes_more_tries_than_a_call_has(driver: Driver, server: Server, client: Any) -> None:
    server.answers(PENDING, LOST, *[UNAVAILABLE] * 5, PENDING, ENDED)
    assert driver.run(client.requests.wait("c1")) == ENDED.body
    assert len(server.received) == 9


def test_waits_no_longer_than_it_is_told_to(driver: Driver, server: Server, client: Any) -> None:
    server.answers(PENDING)
    with pytest.raises(ApiTimeoutError):
        driver.run(client.requests.wait("c1", within=0.1))
    server.answers(Reply(hang=True))
    with pytest.raises(ApiTimeoutError):
        driver.run(client.requests.wait("c1", within=0.1))
    server.answers(an_error(503, "service_unavailable", {"retry-after": "30"}))
    with pytest.raises(ApiTimeoutError, match="did not end in time"):
        driver.run(client.requests.wait("c1", within=0.1))


def test_gives_up_waiting_for_what_does_not_pass_by_itself(driver: Driver, server: Server, client: Any) -> None:
    server.answers(an_error(404, "not_found"))
    with pytest.raises(NotFoundError):
        driver.run(client.requests.wait("c1"))
    server.answers(UNAVAILABLE)
    with pytest.raises(ServerError):
        driver.run(client.requests.wait("c1", max_retries=1))
    assert len(server.received) == 3


def test_tells_events_until_the_request_has_ended(driver: Driver, server: Server, client: Any) -> None:
    server.answers(blocks("retry: 1000", "id: 1", text("1-1", 0, "a"), state("2", "success"), CLOSE, text("3", 0, "x")))
    events = client.requests.events("c1")
    told = driver.collect(events)
    assert seen(told) == ["a", "success"]
    assert told[0] == {"event": "tokens", "id": "1-1", "data": {"data": "a", "index": 0}}
    assert events.last_event_id == "2"
    (call,) = server.received
    assert (call.method, call.path) == ("GET", "/v1/requests/c1/events")
    assert (call.headers["accept"], call.headers["authorization"]) == ("text/event-stream", "Bearer k")


def test_goes_on_where_it_was_after_broken_connections(driver: Driver, server: Server, client: Any) -> None:
    server.answers(
        LOST,
        blocks("retry: 0\nid: 1", text("1-1", 0, "a"), breaks=True),
        UNAVAILABLE,
        blocks("retry: 0", text("1-2", 1, "b"), ": heartbeat"),
        blocks("retry: 0\nid: 2", breaks=True),
        blocks(state("3", "success"), CLOSE),
    )
    assert seen(driver.collect(client.requests.events("c1"))) == ["a", "b", "success"]
    assert last_ids(server) == [None, None, "1-1", "1-1", "1-2", "2"]


def test_tells_nothing_when_the_end_is_known(driver: Driver, server: Server, client: Any) -> None:
    server.answers(Reply(204, b""))
    assert driver.collect(client.requests.events("c1", last_event_id="9")) == []
    assert last_ids(server) == ["9"]


def test_comes_again_when_nothing_is_heard_any_more(driver: Driver, server: Server, client: Any) -> None:
    silent = Reply(pieces=[f"retry: 0\n\n{text('1-1', 0, 'a')}\n\n".encode()], hang=True, silent=True)
    server.reply_to = lambda call: blocks(CLOSE) if call.headers.get("last-event-id") == "1-1" else silent
    assert seen(driver.collect(client.requests.events("c1", timeout=0.2))) == ["a"]
    assert last_ids(server)[-1] == "1-1"


def test_ends_the_connection_when_the_reader_of_events_leaves(driver: Driver, server: Server, client: Any) -> None:
    server.answers(blocks(text("1-1", 0, "a"), hang=True))
    events = client.requests.events("c1")
    assert seen(driver.collect(events, most=1)) == ["a"]
    driver.run(events.close())
    assert server.left.wait(10)
    assert driver.collect(events) == []


def test_goes_on_for_as_long_as_the_system_lives(driver: Driver, server: Server, client: Any) -> None:
    cut = blocks("retry: 0", ": heartbeat", breaks=True)
    server.answers(*[cut] * 5, blocks(state("2", "success"), CLOSE))
    assert seen(driver.collect(client.requests.events("c1", max_retries=1))) == ["success"]
    assert len(server.received) == 6


def test_gives_up_following_when_the_system_stays_away(driver: Driver, server: Server, client: Any) -> None:
    server.answers(blocks("retry: 0", breaks=True))
    with pytest.raises(ApiConnectionError):
        driver.collect(client.requests.events("c1", max_retries=1))
    assert len(server.received) == 2
    server.answers(an_error(404, "not_found"))
    with pytest.raises(NotFoundError):
        driver.collect(client.requests.events("c1"))
    server.answers(blocks("event: response\ndata: no JSON"))
    with pytest.raises(HeadraceError, match="JSON"):
        driver.collect(client.requests.events("c1"))
    assert len(server.received) == 4


def test_ends_following_when_its_task_is_cancelled(server: Server) -> None:
    server.answers(blocks(text("1-1", 0, "a"), hang=True))

    async def leave() -> None:
        async with AsyncHeadrace(api_key="k", base_url=server.url) as client:

            async def follow() -> None:
                async with client.requests.events("c1") as events:
                    async for _ in events:
                        heard.set()

            heard = asyncio.Event()
            task = asyncio.create_task(follow())
            await asyncio.wait_for(heard.wait(), 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(leave())
    assert server.left.wait(10)
    assert len(server.received) == 1
