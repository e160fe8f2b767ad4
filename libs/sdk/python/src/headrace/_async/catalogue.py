"""What can be asked, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

from .._api_types import (
    Model,
    ModelList,
    NewPrices,
    PriceTable,
    PriceVersion,
    PriceVersions,
)
from .._calls import Options, segment
from .http import AsyncHttpCaller

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncModels:
    """The project's workflows, as OpenAI's API lists models."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def list(self, *, timeout: Optional[float] = None) -> ModelList:
        return cast(ModelList, await self._http.get("/v1/models", options=Options(timeout)))

    async def get(self, model_id: str, *, timeout: Optional[float] = None) -> Model:
        """By the name of a workflow, or ``provider/model``."""
        path = "/".join(segment(part) for part in model_id.split("/"))
        return cast(Model, await self._http.get(f"/v1/models/{path}", options=Options(timeout)))


class AsyncPrices:
    """What requests are charged by."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def get(self, *, timeout: Optional[float] = None) -> PriceTable:
        return cast(PriceTable, await self._http.get("/v1/prices", options=Options(timeout)))

    async def replace(self, *, timeout: Optional[float] = None, **changes: Unpack[NewPrices]) -> PriceVersion:
        """Replaces the operator's own prices. The administrator's."""
        return cast(PriceVersion, await self._http.send("PUT", "/v1/prices", changes, options=Options(timeout)))

    async def versions(self, *, timeout: Optional[float] = None) -> PriceVersions:
        """The operator's own prices as they were, the latest first. The administrator's."""
        return cast(PriceVersions, await self._http.get("/v1/prices/versions", options=Options(timeout)))
