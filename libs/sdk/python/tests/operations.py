"""Every call that the clients can make of the configuration, and what is sent for it."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional

MESSAGES = [{"role": "user", "content": "Hello"}]


class Operation(NamedTuple):
    """A call, and the request that it makes. Ids are ``ID``."""

    request: str
    run: Callable[[Any], Any]
    body: Optional[dict[str, Any]] = None


CONFIGURATION = [
    Operation("POST /v1/dead-letters/replay", lambda c: c.dead_letters.replay_many(all=True), {"all": True}),
    Operation("GET /v1/replays?limit=5", lambda c: c.replays.list(limit=5).page()),
    Operation("GET /v1/replays/ID", lambda c: c.replays.get("ID")),
    Operation("PATCH /v1/replays/ID", lambda c: c.replays.set_rate("ID", 5), {"rate_per_second": 5}),
    Operation("POST /v1/replays/ID/pause", lambda c: c.replays.pause("ID")),
    Operation("POST /v1/replays/ID/resume", lambda c: c.replays.resume("ID")),
    Operation("POST /v1/replays/ID/cancel", lambda c: c.replays.cancel("ID")),
    Operation(
        "POST /v1/workflows",
        lambda c: c.workflows.create(name="w", provider="offline", model="m", event_name=None),
        {"name": "w", "provider": "offline", "model": "m", "event_name": None},
    ),
    Operation("GET /v1/workflows?name=w", lambda c: c.workflows.list(name="w").page()),
    Operation("GET /v1/workflows/ID", lambda c: c.workflows.get("ID")),
    Operation("PATCH /v1/workflows/ID", lambda c: c.workflows.update("ID", retry=None), {"retry": None}),
    Operation("DELETE /v1/workflows/ID", lambda c: c.workflows.delete("ID")),
    Operation("GET /v1/workflows/ID/versions?limit=2", lambda c: c.workflows.versions("ID", limit=2).page()),
    Operation("GET /v1/workflows/ID/versions/1", lambda c: c.workflows.version("ID", 1)),
    Operation("GET /v1/workflows/ID/versions/1/diff/2", lambda c: c.workflows.diff("ID", 1, 2)),
    Operation("POST /v1/workflows/ID/rollback", lambda c: c.workflows.rollback("ID", 1), {"version": 1}),
    Operation(
        "POST /v1/structured-outputs",
        lambda c: c.structured_outputs.create(name="s", schema={}),
        {"name": "s", "schema": {}},
    ),
    Operation("GET /v1/structured-outputs", lambda c: c.structured_outputs.list().page()),
    Operation("GET /v1/structured-outputs/ID", lambda c: c.structured_outputs.get("ID")),
    Operation("PATCH /v1/structured-outputs/ID", lambda c: c.structured_outputs.update("ID", name="t"), {"name": "t"}),
    Operation("DELETE /v1/structured-outputs/ID", lambda c: c.structured_outputs.delete("ID")),
    Operation("POST /v1/webhooks", lambda c: c.webhooks.create(url="https://a.example"), {"url": "https://a.example"}),
    Operation("GET /v1/webhooks", lambda c: c.webhooks.list().page()),
    Operation("GET /v1/webhooks/ID", lambda c: c.webhooks.get("ID")),
    Operation("PATCH /v1/webhooks/ID", lambda c: c.webhooks.update("ID", active=True), {"active": True}),
    Operation("DELETE /v1/webhooks/ID", lambda c: c.webhooks.delete("ID")),
    Operation("POST /v1/webhooks/ID/pause", lambda c: c.webhooks.pause("ID")),
    Operation("POST /v1/webhooks/ID/resume", lambda c: c.webhooks.resume("ID")),
    Operation(
        "POST /v1/webhooks/ID/rotate-secret",
        lambda c: c.webhooks.rotate_secret("ID", overlap_seconds=9),
        {"overlap_seconds": 9},
    ),
    Operation("POST /v1/webhooks/ID/test", lambda c: c.webhooks.test("ID", "task.failed"), {"type": "task.failed"}),
    Operation("GET /v1/webhooks/ID/stats?window=7d", lambda c: c.webhooks.stats("ID", "7d")),
    Operation(
        "POST /v1/provider-credentials", lambda c: c.provider_credentials.create(provider="x"), {"provider": "x"}
    ),
    Operation("GET /v1/provider-credentials", lambda c: c.provider_credentials.list().page()),
    Operation("GET /v1/provider-credentials/ID", lambda c: c.provider_credentials.get("ID")),
    Operation(
        "PATCH /v1/provider-credentials/ID",
        lambda c: c.provider_credentials.update("ID", base_url=None),
        {"base_url": None},
    ),
    Operation("DELETE /v1/provider-credentials/ID", lambda c: c.provider_credentials.delete("ID")),
    Operation(
        "POST /v1/api-keys",
        lambda c: c.api_keys.create(name="ci", expires_in_days=30),
        {"name": "ci", "expires_in_days": 30},
    ),
    Operation("GET /v1/api-keys", lambda c: c.api_keys.list().page()),
    Operation("GET /v1/api-keys/ID", lambda c: c.api_keys.get("ID")),
    Operation("DELETE /v1/api-keys/ID", lambda c: c.api_keys.revoke("ID")),
    Operation("POST /v1/projects", lambda c: c.projects.create(name="p"), {"name": "p"}),
    Operation("GET /v1/projects", lambda c: c.projects.list().page()),
    Operation("GET /v1/projects/ID", lambda c: c.projects.get("ID")),
    Operation("PATCH /v1/projects/ID", lambda c: c.projects.update("ID", name="q"), {"name": "q"}),
    Operation("POST /v1/projects/ID/api-keys", lambda c: c.projects.create_api_key("ID", name="ci"), {"name": "ci"}),
    Operation("POST /v1/projects/ID/rotate-signing-secret", lambda c: c.projects.rotate_signing_secret("ID")),
    Operation("POST /v1/projects/ID/realtime-token", lambda c: c.projects.realtime_token("ID")),
    Operation("GET /v1/projects/ID/rate-limits", lambda c: c.projects.rate_limits("ID")),
    Operation(
        "PUT /v1/projects/ID/rate-limits", lambda c: c.projects.set_rate_limits("ID", concurrent=5), {"concurrent": 5}
    ),
    Operation("GET /v1/projects/ID/budgets", lambda c: c.projects.budgets("ID")),
    Operation("PUT /v1/projects/ID/budgets", lambda c: c.projects.set_budgets("ID", []), {"budgets": []}),
    Operation("GET /v1/models", lambda c: c.models.list()),
    Operation("GET /v1/models/ID", lambda c: c.models.get("ID")),
    Operation("GET /v1/prices", lambda c: c.prices.get()),
    Operation("PUT /v1/prices", lambda c: c.prices.replace(prices=[]), {"prices": []}),
    Operation("GET /v1/prices/versions", lambda c: c.prices.versions()),
]

#: The others, whose bodies have tests of their own.
REQUESTS = [
    Operation("POST /v1/ai/async", lambda c: c.trigger(messages=MESSAGES)),
    Operation("POST /v1/ai", lambda c: c.ask(messages=MESSAGES)),
    Operation("POST /v1/ai/reconnect", lambda c: c.reconnect("ID")),
    Operation("GET /v1/requests/ID", lambda c: c.requests.get("ID")),
    Operation("GET /v1/requests", lambda c: c.requests.list().page()),
    Operation("POST /v1/requests/ID/cancel", lambda c: c.requests.cancel("ID")),
    Operation("POST /v1/callback/ID", lambda c: c.callbacks.complete("ID", {})),
    Operation("GET /v1/deliveries", lambda c: c.deliveries.list().page()),
    Operation("GET /v1/dead-letters", lambda c: c.dead_letters.list().page()),
    Operation("GET /v1/dead-letters/ID", lambda c: c.dead_letters.get("ID")),
    Operation("POST /v1/dead-letters/ID/replay", lambda c: c.dead_letters.replay("ID")),
]
