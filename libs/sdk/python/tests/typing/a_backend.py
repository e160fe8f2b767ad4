"""A backend that is typed strictly, as users write it: checked by mypy, never run.

A line that has to be refused says so: mypy complains of a ``type: ignore`` that nothing needs.
"""

from __future__ import annotations

from typing import Optional

from headrace import (
    Answer,
    AsyncHeadrace,
    ChannelEvent,
    DeadLetter,
    EndedRequest,
    FinalState,
    Headrace,
    PendingRequest,
    VerifiedWebhook,
    WebhookEndpointWithSecret,
    Workflow,
    text_of,
)

MESSAGES = [{"role": "user", "content": "Hello"}]


def ask(headrace: Headrace) -> Optional[str]:
    answer: Answer = headrace.ask(workflow="demo", messages=MESSAGES, temperature=0.5)
    pending: PendingRequest = headrace.trigger(workflow="demo", messages=MESSAGES, priority="high")
    headrace.trigger(workflow="demo", messages=MESSAGES, priority="urgent")  # type: ignore[arg-type]
    headrace.ask(workflow="demo")  # type: ignore[call-arg]
    ended: EndedRequest = headrace.requests.wait(pending["channel_id"], within=60)
    print(ended["result"]["status"], answer["meta"]["used_model"], answer["nothing"])  # type: ignore[typeddict-item]
    return text_of(answer["data"])


def told(event: ChannelEvent) -> str:
    if event["event"] == "tokens":
        return event["data"]["data"]
    state = event["data"]
    if state["status"] == "ai_generated":
        return str(state["error"]["message"])  # type: ignore[typeddict-item]
    return outcome(state)


def outcome(state: FinalState) -> str:
    if state["status"] == "error":
        return state["error"]["code"]
    if state["status"] == "completed":
        return str(state["ai_response"]["data"])
    return state.get("content", "")


def receive(headrace: Headrace, webhook: VerifiedWebhook) -> None:
    payload = webhook.payload
    if payload["type"] == "task.ai_generated" or payload["type"] == "task.reminder":
        headrace.callbacks.complete(webhook, {"url": payload["callback_url"]}, task_id=7)
    elif payload["type"] == "task.failed":
        print(payload["error"]["code"], payload["callback_url"])  # type: ignore[typeddict-item]
    elif payload["type"] == "headrace.budget.reached":
        print(payload["budget"], payload["spent_usd"])


def set_up(headrace: Headrace) -> str:
    workflow: Workflow = headrace.workflows.create(name="w", provider="openai", model="gpt-4o", retry={"attempts": 3})
    headrace.workflows.create(name="w", provider="openai")  # type: ignore[call-arg]
    headrace.workflows.update("w", modle="gpt-4o")  # type: ignore[call-arg]
    headrace.workflows.update("w", event_name=None)
    endpoint: WebhookEndpointWithSecret = headrace.webhooks.create(url="https://a.example", events=["task.failed"])
    headrace.webhooks.create(url="https://a.example", events=["task.failde"])  # type: ignore[list-item]
    headrace.projects.set_budgets("p", [{"name": "b", "period": "month", "limit_usd": 5}])
    print(workflow["fallbacks"][0]["model"])
    return endpoint["secret"]


async def replay_all(headrace: AsyncHeadrace) -> list[DeadLetter]:
    letters = [letter async for letter in headrace.dead_letters.list(error="timeout")]
    replay = await headrace.dead_letters.replay_many(all=True, rate_per_second=5)
    stream = await headrace.stream(messages=MESSAGES)
    print(replay["planned"], [text async for text in stream.texts()])
    async with headrace.requests.events("channel") as events:
        async for event in events:
            print(told(event), events.last_event_id)
    return letters
