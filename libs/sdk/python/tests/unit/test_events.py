from __future__ import annotations

import pytest

from headrace import GenerationError, HeadraceError, text_of, tool_calls_of
from headrace._events import EventReader, ServerEvent, chunk_of

TEXT = (
    'retry: 250\n: heartbeat\n\ndata: {"a":"ü€"}\n\nid: 7\n\nevent: x\ndata:{"b":\ndata: 2}\r\n\r\n'
    "event: without data\n\nid: 8\ndata: [DONE]\n\nid: 9\ndata: cut off"
).encode()
EVENTS = [
    ServerEvent("message", '{"a":"ü€"}', "6"),
    ServerEvent("x", '{"b":\n2}', "7"),
    ServerEvent("message", "[DONE]", "8"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_gives_the_same_events_from_pieces_of_any_size(size: int) -> None:
    reader = EventReader("6")
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    assert [event for piece in pieces for event in reader.read(piece)] == EVENTS
    assert (reader.last_id, reader.retry, reader.has_heartbeat) == ("8", 0.25, True)


def test_gives_up_on_an_event_that_has_no_end() -> None:
    reader = EventReader()
    with pytest.raises(HeadraceError, match="no end"):
        for _ in range(20):
            list(reader.read(b"data: " + b"x" * 1024 * 1024 + b"\n"))


def test_raises_what_an_event_tells_of() -> None:
    with pytest.raises(GenerationError, match="It failed") as raised:
        chunk_of('{"error":{"message":"It failed.","code":"upstream_error"}}', "r1")
    assert (raised.value.code, raised.value.request_id) == ("upstream_error", "r1")
    for data in ("no JSON", "[]", "7"):
        with pytest.raises(HeadraceError):
            chunk_of(data, None)


def test_reads_text_and_tool_calls_of_an_answer() -> None:
    assert text_of({"choices": [{"message": {"content": "Hi"}}]}) == "Hi"
    function = {"name": "weather", "arguments": '{"city":"Bern"}'}
    (call,) = tool_calls_of({"choices": [{"message": {"tool_calls": [{"id": "call_1", "function": function}]}}]})
    assert (call.id, call.name, call.arguments) == ("call_1", "weather", {"city": "Bern"})


@pytest.mark.parametrize("data", [None, {}, [], "text", {"choices": []}, {"choices": [None]}, {"title": "structured"}])
def test_finds_neither_where_there_is_none(data: object) -> None:
    assert text_of(data) is None
    assert tool_calls_of(data) == []
