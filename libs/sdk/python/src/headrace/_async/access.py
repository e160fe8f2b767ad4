"""Keys of the project, and of its AI providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

from .._api_types import (
    ApiKey,
    ApiKeyWithValue,
    Deleted,
    NewApiKey,
    NewProviderCredential,
    ProviderCredential,
    ProviderCredentialChanges,
)
from .._calls import Options, segment
from .http import AsyncHttpCaller
from .listing import AsyncListing

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncApiKeys:
    """API keys of the project."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def create(
        self, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None, **fields: Unpack[NewApiKey]
    ) -> ApiKeyWithValue:
        """Keep the ``key``: it is shown only here."""
        answer = await self._http.send("POST", "/v1/api-keys", fields, options=Options(timeout), key=idempotency_key)
        return cast(ApiKeyWithValue, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> AsyncListing[ApiKey]:
        """Newest first, revoked ones too."""
        return AsyncListing(self._http, "/v1/api-keys", {"limit": limit}, Options(timeout))

    async def get(self, key_id: str, *, timeout: Optional[float] = None) -> ApiKey:
        return cast(ApiKey, await self._http.get(f"/v1/api-keys/{segment(key_id)}", options=Options(timeout)))

    async def revoke(self, key_id: str, *, timeout: Optional[float] = None) -> ApiKey:
        """Good for nothing from now on; it stays in the list."""
        answer = await self._http.send("DELETE", f"/v1/api-keys/{segment(key_id)}", options=Options(timeout))
        return cast(ApiKey, answer)


class AsyncProviderCredentials:
    """The project's credentials of AI providers, by id or provider. Keys are stored encrypted and shown masked."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def create(
        self,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[NewProviderCredential],
    ) -> ProviderCredential:
        answer = await self._http.send(
            "POST", "/v1/provider-credentials", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(ProviderCredential, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> AsyncListing[ProviderCredential]:
        """Newest first."""
        return AsyncListing(self._http, "/v1/provider-credentials", {"limit": limit}, Options(timeout))

    async def get(self, credential: str, *, timeout: Optional[float] = None) -> ProviderCredential:
        return cast(ProviderCredential, await self._http.get(_path_of(credential), options=Options(timeout)))

    async def update(
        self, credential: str, *, timeout: Optional[float] = None, **changes: Unpack[ProviderCredentialChanges]
    ) -> ProviderCredential:
        answer = await self._http.send("PATCH", _path_of(credential), changes, options=Options(timeout))
        return cast(ProviderCredential, answer)

    async def delete(self, credential: str, *, timeout: Optional[float] = None) -> Deleted:
        return cast(Deleted, await self._http.send("DELETE", _path_of(credential), options=Options(timeout)))


def _path_of(credential: str) -> str:
    return f"/v1/provider-credentials/{segment(credential)}"
