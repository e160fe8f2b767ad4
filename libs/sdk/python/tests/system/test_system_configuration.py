"""Scripts that set a project up: HEADRACE_URL, HEADRACE_API_KEY; it has to be allowed to call 127.0.0.1."""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import httpx
import pytest
from conftest import Driver, Server
from operations import CONFIGURATION, MESSAGES, REQUESTS

from headrace import NotFoundError, verify_webhook


@pytest.fixture
def client(driver: Driver) -> Any:
    return driver.client()


def test_saves_a_workflow_changes_it_and_brings_an_earlier_version_back(driver: Driver, client: Any) -> None:
    name = f"sdk-{uuid.uuid4()}"
    made = driver.run(client.workflows.create(name=name, provider="offline", model="first"))
    assert (made["version"], made["warnings"]) == (1, [])
    driver.run(client.workflows.update(name, model="second", retry={"attempts": 3}))
    changes = driver.run(client.workflows.diff(name, 1, 2))["changes"]
    assert {"path": "/model", "from": "first", "to": "second"} in changes
    rolled_back = driver.run(client.workflows.rollback(name, 1))
    assert (rolled_back["version"], rolled_back["model"], rolled_back["retry"]) == (3, "first", None)
    assert [each["version"] for each in driver.collect(client.workflows.versions(name, limit=2))] == [3, 2, 1]
    assert driver.run(client.workflows.delete(name)) == {"id": made["id"], "deleted": True}
    with pytest.raises(NotFoundError):
        driver.run(client.workflows.get(name))


def test_registers_an_endpoint_and_tests_it(driver: Driver, client: Any, server: Server) -> None:
    endpoint = driver.run(client.webhooks.create(url=f"{server.url}/hook"))
    (tested,) = driver.run(client.webhooks.test(endpoint["id"], "task.completed"))["data"]
    assert tested["attempt"]["error"] is None
    received = server.arrivals.get(timeout=20)
    assert verify_webhook(received.body, received.headers, endpoint["secret"]).id == tested["webhook_id"]
    assert driver.run(client.webhooks.pause(endpoint["id"]))["status"] == "paused"
    assert driver.run(client.webhooks.resume(endpoint["id"]))["status"] == "active"
    assert driver.run(client.webhooks.rotate_secret(endpoint["id"]))["secret"] != endpoint["secret"]
    assert driver.run(client.webhooks.stats(endpoint["id"]))["window"] == "24h"
    driver.run(client.webhooks.delete(endpoint["id"]))


def test_follows_a_request_by_its_events(driver: Driver, client: Any) -> None:
    slow = {"chunks": 12, "chunk_delay_ms": 50}
    channel = driver.run(client.trigger(workflow="demo", messages=MESSAGES, stream=True, metadata=slow))["channel_id"]
    with_first = client.requests.events(channel)
    (first,) = driver.collect(with_first, most=1)
    driver.run(with_first.close())
    rest = client.requests.events(channel, last_event_id=first["id"])
    told = driver.collect(rest)
    text = "".join(each["data"]["data"] for each in [first, *told] if each["event"] == "tokens")
    (state,) = [each["data"] for each in told if each["event"] == "response"]
    assert (state["status"], text) == ("success", state["content"])
    assert driver.run(client.requests.wait(channel, within=20))["result"] == state
    assert driver.collect(client.requests.events(channel, last_event_id=rest.last_event_id)) == []


def test_has_a_method_for_every_route(driver: Driver) -> None:
    paths = httpx.get(f"{os.environ['HEADRACE_URL']}/openapi.json", timeout=20).json()["paths"]
    called: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        called.add(f"{request.method} {request.url.path}")
        return httpx.Response(204 if request.url.path.endswith("/events") else 200, json={"data": [], "next_cursor": 0})

    transport = httpx.MockTransport(answer)
    http = httpx.Client(transport=transport) if driver.kind == "sync" else httpx.AsyncClient(transport=transport)
    client = driver.client(api_key="k", http_client=http)
    for operation in [*REQUESTS, *CONFIGURATION]:
        driver.run(operation.run(client))
    driver.collect(client.requests.events("ID"))

    # What probes ask, and what OpenAI's own client is for.
    wanted = {path: item for path, item in paths.items() if not re.match(r"/health/|/v1/chat/completions", path)}
    numbers = {"version": "1", "from": "1", "to": "2"}

    def filled(path: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda name: numbers.get(name[1], "ID"), path)

    assert called == {f"{method.upper()} {filled(path)}" for path, item in wanted.items() for method in item}
