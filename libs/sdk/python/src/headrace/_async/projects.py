"""Projects and what they may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Sequence, cast

from .._api_types import (
    ApiKeyWithValue,
    Budgets,
    BudgetSetting,
    NewApiKey,
    NewProject,
    Project,
    ProjectChanges,
    ProjectToken,
    ProjectWithKey,
    RateLimits,
    SigningSecret,
)
from .._calls import Options, segment
from .http import AsyncHttpCaller
from .listing import AsyncListing

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncProjects:
    """Projects: the one of the key; with the administrator's key every one."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def create(
        self, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None, **fields: Unpack[NewProject]
    ) -> ProjectWithKey:
        """With its first API key, which is shown only here. The administrator's."""
        answer = await self._http.send("POST", "/v1/projects", fields, options=Options(timeout), key=idempotency_key)
        return cast(ProjectWithKey, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> AsyncListing[Project]:
        return AsyncListing(self._http, "/v1/projects", {"limit": limit}, Options(timeout))

    async def get(self, project_id: str, *, timeout: Optional[float] = None) -> Project:
        return cast(Project, await self._http.get(_path_of(project_id), options=Options(timeout)))

    async def update(
        self, project_id: str, *, timeout: Optional[float] = None, **changes: Unpack[ProjectChanges]
    ) -> Project:
        return cast(Project, await self._http.send("PATCH", _path_of(project_id), changes, options=Options(timeout)))

    async def create_api_key(
        self,
        project_id: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[NewApiKey],
    ) -> ApiKeyWithValue:
        """Makes an API key of any project; it is shown only here. The administrator's."""
        answer = await self._http.send(
            "POST", f"{_path_of(project_id)}/api-keys", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(ApiKeyWithValue, answer)

    async def rotate_signing_secret(
        self, project_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> SigningSecret:
        """Makes a new secret for webhooks to a request's own ``webhook_url``; it is shown only here."""
        answer = await self._http.send(
            "POST", f"{_path_of(project_id)}/rotate-signing-secret", options=Options(timeout), key=idempotency_key
        )
        return cast(SigningSecret, answer)

    async def realtime_token(
        self, project_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> ProjectToken:
        """A token with which a dashboard watches all requests of the project over a WebSocket."""
        answer = await self._http.send(
            "POST", f"{_path_of(project_id)}/realtime-token", options=Options(timeout), key=idempotency_key
        )
        return cast(ProjectToken, answer)

    async def rate_limits(self, project_id: str, *, timeout: Optional[float] = None) -> RateLimits:
        return cast(RateLimits, await self._http.get(f"{_path_of(project_id)}/rate-limits", options=Options(timeout)))

    async def set_rate_limits(
        self, project_id: str, *, timeout: Optional[float] = None, **changes: Unpack[RateLimits]
    ) -> RateLimits:
        """Replaces all limits: what is left out is not limited any more."""
        answer = await self._http.send("PUT", f"{_path_of(project_id)}/rate-limits", changes, options=Options(timeout))
        return cast(RateLimits, answer)

    async def budgets(self, project_id: str, *, timeout: Optional[float] = None) -> Budgets:
        """With what is spent of them."""
        return cast(Budgets, await self._http.get(f"{_path_of(project_id)}/budgets", options=Options(timeout)))

    async def set_budgets(
        self, project_id: str, budgets: Sequence[BudgetSetting], *, timeout: Optional[float] = None
    ) -> Budgets:
        """Replaces all budgets."""
        answer = await self._http.send(
            "PUT", f"{_path_of(project_id)}/budgets", {"budgets": budgets}, options=Options(timeout)
        )
        return cast(Budgets, answer)


def _path_of(project_id: str) -> str:
    return f"/v1/projects/{segment(project_id)}"
