"""The configuration's routes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Driver, Reply, Server
from operations import CONFIGURATION

from headrace import ConfigurationError


@pytest.fixture
def client(driver: Driver, server: Server) -> Any:
    server.answers(Reply(body={"data": [], "next_cursor": None}))
    return driver.client(api_key="k", base_url=server.url)


def test_is_reached_by_each_method(driver: Driver, server: Server, client: Any) -> None:
    for operation in CONFIGURATION:
        driver.run(operation.run(client))
        call = server.received[-1]
        sent = f"{call.method} {call.path}", json.loads(call.body) if call.body else None
        assert sent == (operation.request, operation.body)
        assert ("idempotency-key" in call.headers) == (call.method == "POST"), operation.request
    assert len(server.received) == len(CONFIGURATION)


def test_takes_the_idempotency_key_of_the_caller(driver: Driver, server: Server, client: Any) -> None:
    driver.run(client.workflows.create(name="w", provider="p", model="m", idempotency_key="deploy-7"))
    driver.run(client.replays.pause("ID", idempotency_key="deploy-8"))
    assert [call.headers["idempotency-key"] for call in server.received] == ["deploy-7", "deploy-8"]
    assert json.loads(server.received[0].body) == {"name": "w", "provider": "p", "model": "m"}


def test_is_not_reached_by_an_id_that_is_missing(driver: Driver, server: Server, client: Any) -> None:
    for missing in ("", ".", "..", None):
        with pytest.raises(ConfigurationError):
            driver.run(client.workflows.get(missing))
    assert driver.run(client.models.get("openai/gpt 4")) and server.received[0].path == "/v1/models/openai/gpt%204"
