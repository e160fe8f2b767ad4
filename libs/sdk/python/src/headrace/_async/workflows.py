"""What requests are answered by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

from .._api_types import (
    Deleted,
    NewStructuredOutput,
    NewWorkflow,
    StructuredOutput,
    StructuredOutputChanges,
    Workflow,
    WorkflowChanges,
    WorkflowDiff,
    WorkflowVersion,
)
from .._calls import Options, segment
from .http import AsyncHttpCaller
from .listing import AsyncListing

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncWorkflows:
    """Saved workflows, by id or name. A changed one holds for requests from then on."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def create(
        self, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None, **fields: Unpack[NewWorkflow]
    ) -> Workflow:
        answer = await self._http.send("POST", "/v1/workflows", fields, options=Options(timeout), key=idempotency_key)
        return cast(Workflow, answer)

    def list(
        self, *, name: Optional[str] = None, limit: Optional[int] = None, timeout: Optional[float] = None
    ) -> AsyncListing[Workflow]:
        """Newest first."""
        return AsyncListing(self._http, "/v1/workflows", {"name": name, "limit": limit}, Options(timeout))

    async def get(self, workflow: str, *, timeout: Optional[float] = None) -> Workflow:
        return cast(Workflow, await self._http.get(_path_of(workflow), options=Options(timeout)))

    async def update(
        self, workflow: str, *, timeout: Optional[float] = None, **changes: Unpack[WorkflowChanges]
    ) -> Workflow:
        """Changes the fields that are given; None stands for a field's default."""
        return cast(Workflow, await self._http.send("PATCH", _path_of(workflow), changes, options=Options(timeout)))

    async def delete(self, workflow: str, *, timeout: Optional[float] = None) -> Deleted:
        return cast(Deleted, await self._http.send("DELETE", _path_of(workflow), options=Options(timeout)))

    def versions(
        self, workflow: str, *, limit: Optional[int] = None, timeout: Optional[float] = None
    ) -> AsyncListing[WorkflowVersion]:
        """Newest first."""
        return AsyncListing(self._http, f"{_path_of(workflow)}/versions", {"limit": limit}, Options(timeout))

    async def version(self, workflow: str, version: int, *, timeout: Optional[float] = None) -> WorkflowVersion:
        answer = await self._http.get(f"{_path_of(workflow)}/versions/{int(version)}", options=Options(timeout))
        return cast(WorkflowVersion, answer)

    async def diff(self, workflow: str, older: int, newer: int, *, timeout: Optional[float] = None) -> WorkflowDiff:
        """What changed from one version to another."""
        answer = await self._http.get(
            f"{_path_of(workflow)}/versions/{int(older)}/diff/{int(newer)}", options=Options(timeout)
        )
        return cast(WorkflowDiff, answer)

    async def rollback(
        self, workflow: str, version: int, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Workflow:
        """Makes it what it was in an earlier version, as a new one."""
        answer = await self._http.send(
            "POST",
            f"{_path_of(workflow)}/rollback",
            {"version": version},
            options=Options(timeout),
            key=idempotency_key,
        )
        return cast(Workflow, answer)


class AsyncStructuredOutputs:
    """Saved schemas that answers have to fit, by id or name."""

    def __init__(self, http: AsyncHttpCaller) -> None:
        self._http = http

    async def create(
        self,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[NewStructuredOutput],
    ) -> StructuredOutput:
        answer = await self._http.send(
            "POST", "/v1/structured-outputs", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(StructuredOutput, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> AsyncListing[StructuredOutput]:
        """Newest first."""
        return AsyncListing(self._http, "/v1/structured-outputs", {"limit": limit}, Options(timeout))

    async def get(self, output: str, *, timeout: Optional[float] = None) -> StructuredOutput:
        return cast(StructuredOutput, await self._http.get(_output_path_of(output), options=Options(timeout)))

    async def update(
        self, output: str, *, timeout: Optional[float] = None, **changes: Unpack[StructuredOutputChanges]
    ) -> StructuredOutput:
        answer = await self._http.send("PATCH", _output_path_of(output), changes, options=Options(timeout))
        return cast(StructuredOutput, answer)

    async def delete(self, output: str, *, timeout: Optional[float] = None) -> Deleted:
        """``ConflictError`` while a workflow uses it."""
        return cast(Deleted, await self._http.send("DELETE", _output_path_of(output), options=Options(timeout)))


def _path_of(workflow: str) -> str:
    return f"/v1/workflows/{segment(workflow)}"


def _output_path_of(output: str) -> str:
    return f"/v1/structured-outputs/{segment(output)}"
