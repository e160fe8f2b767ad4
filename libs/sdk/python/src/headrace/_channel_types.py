"""What is told of a request, in the words of the wire. At run time these are plain dicts."""

from __future__ import annotations

from typing import Any, Literal, Optional, TypedDict, Union

from ._meta import JsonObject, Meta


class _StateFields(TypedDict):
    channel_id: str
    customer_data: JsonObject
    meta: Meta


class _Content(TypedDict, total=False):
    #: The text of the answer, when it is one.
    content: str


class SuccessState(_StateFields, _Content):
    """A standard request has its answer.

    ``data`` is the structured output, or the provider's body (``choices``) when there is none; see ``text_of``.
    """

    status: Literal["success"]
    message: str
    model: str
    data: Any


class _StateRounds(TypedDict, total=False):
    #: Given once the request went on after a callback: how often it did so, and which workflow of a chain runs.
    round: int
    stage: int


class AiGeneratedState(_StateFields, _StateRounds):
    """The AI has answered an event-driven request, which waits for its backend. Another state follows."""

    status: Literal["ai_generated"]
    event_name: Optional[str]
    message: str


class FirstAnswer(TypedDict):
    """What the AI had answered."""

    data: Any
    meta: Meta


class CompletedState(_StateFields):
    """The backend of an event-driven request has called back."""

    status: Literal["completed"]
    event_name: Optional[str]
    task_id: Union[str, int, None]
    #: What the backend called back with.
    data: JsonObject
    ai_response: FirstAnswer
    callback_metadata: JsonObject


class StateError(TypedDict):
    """Why a request failed."""

    message: str
    code: str
    details: JsonObject


class _StateEventName(TypedDict, total=False):
    event_name: Optional[str]


class ErrorState(_StateFields, _StateEventName):
    """The request has failed, or was cancelled (``error.code`` is ``cancelled``)."""

    status: Literal["error"]
    message: str
    error: StateError
    data: None


#: What a request has ended with, told apart by ``status``.
FinalState = Union[SuccessState, CompletedState, ErrorState]
#: What clients of a channel are told of a request, told apart by ``status``.
ChannelState = Union[AiGeneratedState, SuccessState, CompletedState, ErrorState]


class ResponseEvent(TypedDict):
    """A state of a request."""

    event: Literal["response"]
    #: For ``last_event_id``, to go on after it.
    id: str
    data: ChannelState


class TokensText(TypedDict):
    """Index 0 begins the text anew, others go on with it."""

    data: str
    index: int


class TokensEvent(TypedDict):
    """Text of the answer while it is generated."""

    event: Literal["tokens"]
    id: str
    data: TokensText


#: What is told of a request while it goes on, told apart by ``event``.
ChannelEvent = Union[ResponseEvent, TokensEvent]
