# Made of ../_async/deliveries.py by tools/python/make_sync.py: change that.
"""What became of webhooks, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

from .._api_types import (
    DeadLetter,
    DeadLetterDetail,
    Delivery,
    NewReplay,
    Replay,
)
from .._calls import Options, segment
from .._types import DeliveryStatus
from .http import HttpCaller
from .listing import Listing

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Deliveries:
    """What became of webhooks."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def list(
        self,
        *,
        channel_id: Optional[str] = None,
        endpoint_id: Optional[str] = None,
        status: Optional[DeliveryStatus] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[Delivery]:
        """The project's deliveries with their attempts, last planned first."""
        query = {"channel_id": channel_id, "endpoint_id": endpoint_id, "status": status, "limit": limit}
        return Listing(self._http, "/v1/deliveries", query, Options(timeout))


class DeadLetters:
    """Webhooks that no endpoint took."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def list(
        self,
        *,
        endpoint_id: Optional[str] = None,
        channel_id: Optional[str] = None,
        type: Optional[str] = None,
        http_status: Optional[int] = None,
        error: Optional[str] = None,
        since: Optional[str] = None,
        until: Optional[str] = None,
        replayed: Optional[bool] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[DeadLetter]:
        """The project's dead letters, last given up first. ``since`` and ``until`` are ISO 8601."""
        query = {
            "endpoint_id": endpoint_id,
            "channel_id": channel_id,
            "type": type,
            "http_status": http_status,
            "error": error,
            "since": since,
            "until": until,
            "replayed": replayed,
            "limit": limit,
        }
        return Listing(self._http, "/v1/dead-letters", query, Options(timeout))

    def get(self, letter_id: str, *, timeout: Optional[float] = None) -> DeadLetterDetail:
        """Payload, headers and every attempt."""
        answer = self._http.get(f"/v1/dead-letters/{segment(letter_id)}", options=Options(timeout))
        return cast(DeadLetterDetail, answer)

    def replay(
        self, letter_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Delivery:
        """Sends a dead letter once more: the same bytes under the same ``webhook-id``."""
        answer = self._http.send(
            "POST", f"/v1/dead-letters/{segment(letter_id)}/replay", options=Options(timeout), key=idempotency_key
        )
        return cast(Delivery, answer)

    def replay_many(
        self, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None, **fields: Unpack[NewReplay]
    ) -> Replay:
        """Sends many once more, little by little: some ``ids``, what a filter finds, or ``all``. See ``replays``."""
        answer = self._http.send(
            "POST", "/v1/dead-letters/replay", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(Replay, answer)


class Replays:
    """Replays of many dead letters."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> Listing[Replay]:
        return Listing(self._http, "/v1/replays", {"limit": limit}, Options(timeout))

    def get(self, replay_id: str, *, timeout: Optional[float] = None) -> Replay:
        """How far it is."""
        return cast(Replay, self._http.get(_path_of(replay_id), options=Options(timeout)))

    def set_rate(self, replay_id: str, per_second: float, *, timeout: Optional[float] = None) -> Replay:
        """Changes how many deliveries are made in a second, at most."""
        answer = self._http.send(
            "PATCH", _path_of(replay_id), {"rate_per_second": per_second}, options=Options(timeout)
        )
        return cast(Replay, answer)

    def pause(
        self, replay_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Replay:
        answer = self._http.send(
            "POST", _path_of(replay_id) + "/pause", options=Options(timeout), key=idempotency_key
        )
        return cast(Replay, answer)

    def resume(
        self, replay_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Replay:
        answer = self._http.send(
            "POST", _path_of(replay_id) + "/resume", options=Options(timeout), key=idempotency_key
        )
        return cast(Replay, answer)

    def cancel(
        self, replay_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Replay:
        """Nothing further is planned; what is under way goes on."""
        answer = self._http.send(
            "POST", _path_of(replay_id) + "/cancel", options=Options(timeout), key=idempotency_key
        )
        return cast(Replay, answer)


def _path_of(replay_id: str) -> str:
    return f"/v1/replays/{segment(replay_id)}"
