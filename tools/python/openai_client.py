"""Checks that OpenAI's Python client works by changing base URL and key, which it reads from the environment."""

import asyncio
import json
import sys
import time
import traceback

import openai
from openai import AsyncOpenAI, OpenAI

MESSAGES = [{"role": "user", "content": "Hello"}]
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS = [{"type": "function", "function": {"name": "look_up_weather", "description": "Weather.", "parameters": CITY}}]

client = OpenAI(max_retries=1, timeout=20)


def ask(**fields):
    return client.chat.completions.create(**{"model": "demo", "messages": MESSAGES, **fields})


def offline(**knobs):
    """What the offline provider is asked for; OpenAI's own metadata holds only text."""
    return {"metadata": knobs}


def expect(error, call):
    try:
        call()
    except error as raised:
        return raised
    raise AssertionError(f"{error.__name__} was not raised")


def completes_a_chat():
    completion = ask()
    assert "Hello" in completion.choices[0].message.content
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens > 0
    assert completion._request_id


def streams_a_chat():
    stream = ask(stream=True, stream_options={"include_usage": True}, extra_body=offline(chunks=10, chunk_delay_ms=20))
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == ask().choices[0].message.content
    assert len(chunks) > 3
    assert chunks[-1].usage.total_tokens > 0


def streams_a_chat_without_blocking():
    async def read():
        async with AsyncOpenAI() as asynchronous:
            stream = await asynchronous.chat.completions.create(model="demo", messages=MESSAGES, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert asyncio.run(read()) == ask().choices[0].message.content


def has_tools_called_and_hears_their_results():
    message = ask(tools=TOOLS).choices[0].message
    (call,) = message.tool_calls
    assert call.function.name == "look_up_weather"
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    result = {"role": "tool", "tool_call_id": call.id, "content": '{"degrees":21}'}
    answered = ask(tools=TOOLS, messages=[*MESSAGES, message, result])
    assert answered.choices[0].finish_reason == "stop"
    with client.chat.completions.stream(model="demo", messages=MESSAGES, tools=TOOLS) as stream:
        (streamed,) = stream.get_final_completion().choices[0].message.tool_calls
    assert streamed.function.arguments == call.function.arguments


def is_given_a_structured_output():
    wanted = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": CITY}}
    completion = ask(response_format=wanted)
    assert isinstance(json.loads(completion.choices[0].message.content)["city"], str)


def lists_the_models():
    assert "demo" in [model.id for model in client.models.list()]
    assert client.models.retrieve("demo").owned_by == "offline"
    expect(openai.NotFoundError, lambda: client.models.retrieve("nope"))


def comes_again_when_it_was_told_to():
    started = time.monotonic()
    error = expect(openai.RateLimitError, lambda: ask(extra_body=offline(error=429, retry_after_ms=1000)))
    assert error.code == "rate_limit_exceeded"
    assert time.monotonic() - started >= 1


def is_told_of_errors_in_its_own_words():
    assert expect(openai.BadRequestError, lambda: ask(messages=[])).param == "messages"
    assert expect(openai.NotFoundError, lambda: ask(model="nope")).code == "model_not_found"
    assert expect(openai.BadRequestError, lambda: ask(model="demo_event")).code == "model_not_supported"
    assert expect(openai.InternalServerError, lambda: ask(extra_body=offline(error=500))).code == "upstream_error"
    stranger = client.with_options(api_key="mr_live_nobody")
    expect(openai.AuthenticationError, lambda: stranger.models.list())


def is_told_when_a_stream_breaks_off():
    stream = ask(stream=True, extra_body=offline(error="disconnect", chunks=10, chunk_delay_ms=20))
    expect(openai.APIError, lambda: list(stream))


def leaves_in_the_middle_of_a_stream():
    with ask(stream=True, extra_body=offline(chunks=20, chunk_delay_ms=2000)) as stream:
        assert next(iter(stream)).choices[0].delta.content


CHECKS = [
    completes_a_chat,
    streams_a_chat,
    streams_a_chat_without_blocking,
    has_tools_called_and_hears_their_results,
    is_given_a_structured_output,
    lists_the_models,
    comes_again_when_it_was_told_to,
    is_told_of_errors_in_its_own_words,
    is_told_when_a_stream_breaks_off,
    leaves_in_the_middle_of_a_stream,
]


def passes(check):
    try:
        check()
    except Exception:  # Each check runs, also after another has failed.
        traceback.print_exc()
        print(f"FAILED {check.__name__.replace('_', ' ')}", flush=True)
        return False
    print(f"passed {check.__name__.replace('_', ' ')}", flush=True)
    return True


outcomes = [passes(check) for check in CHECKS]
print(f"OpenAI's Python client {openai.__version__}: {sum(outcomes)} of {len(outcomes)} checks passed.")
sys.exit(0 if all(outcomes) else 1)
