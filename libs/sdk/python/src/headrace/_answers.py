"""What the data of an answer or a webhook says when it is a provider's body."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Optional


@dataclass(frozen=True)
class ToolCall:
    """A tool call of the model."""

    #: For ``tool_call_id`` of its result.
    id: str
    name: str
    #: The arguments, parsed; None when the model wrote no JSON, see ``text``.
    arguments: Any
    #: The arguments as the model wrote them.
    text: str


def text_of(data: Any) -> Optional[str]:
    """The text of ``data`` when that is a provider's body; None when it has none, as structured outputs have not."""
    content = _message_of(data).get("content")
    return content if isinstance(content, str) else None


def tool_calls_of(data: Any) -> list[ToolCall]:
    """The tool calls in ``data`` of an answer or a webhook; empty when the model called none."""
    calls = _message_of(data).get("tool_calls")
    return [_call_of(each) for each in calls if isinstance(each, dict)] if isinstance(calls, list) else []


def _call_of(call: Mapping[str, Any]) -> ToolCall:
    function = _dict(call.get("function"))
    text = function.get("arguments") or ""
    try:
        arguments = json.loads(text)
    except ValueError:
        arguments = None
    return ToolCall(id=call.get("id") or "", name=function.get("name") or "", arguments=arguments, text=text)


def _message_of(data: Any) -> Mapping[str, Any]:
    choices = _dict(data).get("choices")
    return _dict(_dict(choices[0]).get("message")) if isinstance(choices, list) and choices else {}


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
