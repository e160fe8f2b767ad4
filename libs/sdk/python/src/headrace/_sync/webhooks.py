# Made of ../_async/webhooks.py by tools/python/make_sync.py: change that.
"""Where webhooks go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Optional, cast

from .._api_types import (
    Deleted,
    NewWebhookEndpoint,
    SecretRotation,
    WebhookEndpoint,
    WebhookEndpointChanges,
    WebhookEndpointStats,
    WebhookEndpointWithSecret,
    WebhookTestResult,
)
from .._calls import Options, segment
from .http import HttpCaller
from .listing import Listing

if TYPE_CHECKING:
    from typing_extensions import Unpack

SampleType = Literal["task.completed", "task.ai_generated", "task.reminder", "task.failed"]
StatsWindow = Literal["1h", "24h", "7d", "30d"]


class Webhooks:
    """Webhook endpoints: where webhooks go."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def create(
        self,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[NewWebhookEndpoint],
    ) -> WebhookEndpointWithSecret:
        """Registers an endpoint. Keep the ``secret``: it is shown only here, and verifies the endpoint's webhooks."""
        answer = self._http.send("POST", "/v1/webhooks", fields, options=Options(timeout), key=idempotency_key)
        return cast(WebhookEndpointWithSecret, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> Listing[WebhookEndpoint]:
        """Newest first."""
        return Listing(self._http, "/v1/webhooks", {"limit": limit}, Options(timeout))

    def get(self, endpoint_id: str, *, timeout: Optional[float] = None) -> WebhookEndpoint:
        return cast(WebhookEndpoint, self._http.get(_path_of(endpoint_id), options=Options(timeout)))

    def update(
        self, endpoint_id: str, *, timeout: Optional[float] = None, **changes: Unpack[WebhookEndpointChanges]
    ) -> WebhookEndpoint:
        """Changes the fields that are given. ``active=True`` switches on what the system switched off."""
        answer = self._http.send("PATCH", _path_of(endpoint_id), changes, options=Options(timeout))
        return cast(WebhookEndpoint, answer)

    def delete(self, endpoint_id: str, *, timeout: Optional[float] = None) -> Deleted:
        return cast(Deleted, self._http.send("DELETE", _path_of(endpoint_id), options=Options(timeout)))

    def pause(
        self, endpoint_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> WebhookEndpoint:
        """Holds deliveries back; they wait."""
        answer = self._http.send(
            "POST", f"{_path_of(endpoint_id)}/pause", options=Options(timeout), key=idempotency_key
        )
        return cast(WebhookEndpoint, answer)

    def resume(
        self, endpoint_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> WebhookEndpoint:
        """Lets waiting deliveries go."""
        answer = self._http.send(
            "POST", f"{_path_of(endpoint_id)}/resume", options=Options(timeout), key=idempotency_key
        )
        return cast(WebhookEndpoint, answer)

    def rotate_secret(
        self,
        endpoint_id: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[SecretRotation],
    ) -> WebhookEndpointWithSecret:
        """Makes a new secret, shown only here. The old one signs beside it for a day, or for ``overlap_seconds``."""
        answer = self._http.send(
            "POST", f"{_path_of(endpoint_id)}/rotate-secret", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(WebhookEndpointWithSecret, answer)

    def test(
        self,
        endpoint_id: str,
        type: Optional[SampleType] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> WebhookTestResult:
        """Sends a sample, or one of each type, and tells what the endpoint answered."""
        answer = self._http.send(
            "POST",
            f"{_path_of(endpoint_id)}/test",
            {"type": type} if type else {},
            options=Options(timeout),
            key=idempotency_key,
        )
        return cast(WebhookTestResult, answer)

    def stats(
        self, endpoint_id: str, window: Optional[StatsWindow] = None, *, timeout: Optional[float] = None
    ) -> WebhookEndpointStats:
        """How its webhooks fared in the last hour, day (unless told otherwise), week or month."""
        answer = self._http.get(f"{_path_of(endpoint_id)}/stats", {"window": window}, options=Options(timeout))
        return cast(WebhookEndpointStats, answer)


def _path_of(endpoint_id: str) -> str:
    return f"/v1/webhooks/{segment(endpoint_id)}"
