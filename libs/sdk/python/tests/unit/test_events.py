from __future__ import annotations

import pytest

from headrace import GenerationError, HeadraceError, text_of, tool_calls_of
from headrace._events import EventReader, chunk_of

TEXT = (
    ': heartbeat\n\ndata: {"a":"ü€"}\n\ndata:{"b":\ndata: 2}\r\n\r\nevent: x\nid: 7\n\ndata: [DONE]\n\ndata: cut off'
).encode()
EVENTS = ['{"a":"ü€"}', '{"b":\n2}', "[DONE]"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_gives_the_same_events_from_pieces_of_any_size(size: int) -> None:
    reader = EventReader()
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    assert [data for piece in pieces for data in reader.read(piece)] == EVENTS


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
