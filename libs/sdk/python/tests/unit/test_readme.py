"""The README's Python does what it says: each block is run, one after the other."""

from __future__ import annotations

import ast
import asyncio
import base64
import hashlib
import hmac
import inspect
import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Received, Reply, Server
from test_webhooks import named

from headrace import Headrace, VerifiedWebhook, text_of, tool_calls_of, verify_webhook
from headrace._signatures import standard_key


def blocks_of(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


BLOCKS = blocks_of(Path(__file__).parents[2] / "README.md")
GUIDE = Path(__file__).parents[5] / "docs" / "guides" / "server-sdks.md"

VECTOR = named("task.ai_generated")
SECRET: str = VECTOR["secrets"][0]
CHUNK = '{"choices":[{"index":0,"delta":{"content":"Hi"}}]}'
STREAM = {"content-type": "text/event-stream"}


def reply_to(call: Received) -> Reply:
    """What the system would answer, as far as the README reads it."""
    path = call.path.partition("?")[0]
    if path.endswith("/events"):
        events = ['event: tokens\ndata: {"data":"Hi","index":0}', 'event: response\ndata: {"status":"success"}']
        return Reply(
            pieces=[f"{each}\n\n".encode() for each in [*events, "event: phx_close\ndata: {}"]], headers=STREAM
        )
    if b'"stream":true' in call.body:
        return Reply(pieces=[f"data: {each}\n\n".encode() for each in (CHUNK, "[DONE]")], headers=STREAM)
    if path == "/v1/requests":
        return Reply(body={"data": [{"channel_id": "c1", "error": None}], "next_cursor": None})
    answer = {"data": {"choices": [{"message": {"content": "Hi"}}]}, "meta": {"used_model": "m"}}
    request = {
        "channel_id": "c1",
        "state": "success",
        "ended_at": "now",
        "result": {"status": "success"},
        "timeline": [],
    }
    return Reply(body={**answer, **request, "id": "ID", "secret": "whsec_…", "succeeded": 1, "status": "success"})


@pytest.fixture
def names(server: Server, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the README takes for granted."""
    monkeypatch.setenv("HEADRACE_URL", server.url)
    monkeypatch.setenv("HEADRACE_API_KEY", "k")
    monkeypatch.setenv("HEADRACE_WEBHOOK_SECRET", SECRET)
    server.reply_to = reply_to

    async def save(data: Any) -> int:
        return 7

    body = webhook_to(server)
    return {
        "Headrace": Headrace,
        "VerifiedWebhook": VerifiedWebhook,
        "text_of": text_of,
        "tool_calls_of": tool_calls_of,
        "webhook": verify_webhook(body, signed(body), SECRET),
        "save": save,
        "run": lambda call: "sunny",
        "keep": lambda secret: None,
    }


def signed(body: str) -> dict[str, str]:
    """Headers that the system would sign a body with now."""
    message, timestamp = "msg_1", str(int(time.time()))
    digest = hmac.new(standard_key(SECRET), f"{message}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": message, "webhook-timestamp": timestamp, "webhook-signature": signature}


def webhook_to(server: Server) -> str:
    """The body of a webhook whose callback comes back to the server."""
    body: str = VECTOR["body"]
    return body.replace("https://host.example", server.url)


def test_runs_as_it_stands(server: Server, names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(BLOCKS) == 6
    for block in BLOCKS:
        code = compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, names))
        else:
            exec(code, names)
    names["headrace"].close()
    paths = {f"{call.method} {call.path.partition('?')[0]}" for call in server.received}
    assert {"POST /v1/ai", "GET /v1/requests/c1/events", "POST /v1/dead-letters/replay"} <= paths
    assert "Hi" in capsys.readouterr().out


def test_has_a_webhook_route_that_answers(server: Server, names: dict[str, Any]) -> None:
    (block,) = [each for each in BLOCKS if "FastAPI" in each]
    exec(block, names)
    body = webhook_to(server)

    async def deliver(content: str) -> int:
        transport = httpx.ASGITransport(names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as shop:
            answer = await shop.post("/webhooks/headrace", content=content.encode(), headers=signed(body))
        return answer.status_code

    async def both() -> tuple[int, int]:
        answers = await deliver(body), await deliver(body + " ")
        await names["headrace"].close()
        return answers

    assert asyncio.run(both()) == (204, 400)
    assert [call.body for call in server.received] == [b'{"data":{"id":7}}']


def test_has_a_loop_for_tools_in_the_guide(server: Server, names: dict[str, Any]) -> None:
    (block,) = blocks_of(GUIDE)
    calls = [{"id": "c1", "function": {"name": "weather", "arguments": '{"city":"Bern"}'}}]
    with Headrace() as client:
        page = {**names, "headrace": client, "tools": {"weather": lambda city: f"sunny in {city}"}}
        exec(block, page)
        webhook = names["webhook"]
        webhook.payload["data"] = {"choices": [{"message": {"tool_calls": calls}}]}
        page["on_generated"](webhook)
        webhook.payload["data"] = {"choices": [{"message": {"content": "Hi"}}]}
        page["on_generated"](webhook)
    assert [json.loads(call.body) for call in server.received] == [
        {"tool_results": [{"tool_call_id": "c1", "content": "sunny in Bern"}]},
        {"data": {"text": "Hi"}},
    ]
