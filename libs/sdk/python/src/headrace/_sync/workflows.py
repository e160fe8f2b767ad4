# Made of ../_async/workflows.py by tools/python/make_sync.py: change that.
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
from .http import HttpCaller
from .listing import Listing

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Workflows:
    """Saved workflows, by id or name. A changed one holds for requests from then on."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def create(
        self, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None, **fields: Unpack[NewWorkflow]
    ) -> Workflow:
        answer = self._http.send("POST", "/v1/workflows", fields, options=Options(timeout), key=idempotency_key)
        return cast(Workflow, answer)

    def list(
        self, *, name: Optional[str] = None, limit: Optional[int] = None, timeout: Optional[float] = None
    ) -> Listing[Workflow]:
        """Newest first."""
        return Listing(self._http, "/v1/workflows", {"name": name, "limit": limit}, Options(timeout))

    def get(self, workflow: str, *, timeout: Optional[float] = None) -> Workflow:
        return cast(Workflow, self._http.get(_path_of(workflow), options=Options(timeout)))

    def update(
        self, workflow: str, *, timeout: Optional[float] = None, **changes: Unpack[WorkflowChanges]
    ) -> Workflow:
        """Changes the fields that are given; None stands for a field's default."""
        return cast(Workflow, self._http.send("PATCH", _path_of(workflow), changes, options=Options(timeout)))

    def delete(self, workflow: str, *, timeout: Optional[float] = None) -> Deleted:
        return cast(Deleted, self._http.send("DELETE", _path_of(workflow), options=Options(timeout)))

    def versions(
        self, workflow: str, *, limit: Optional[int] = None, timeout: Optional[float] = None
    ) -> Listing[WorkflowVersion]:
        """Newest first."""
        return Listing(self._http, f"{_path_of(workflow)}/versions", {"limit": limit}, Options(timeout))

    def version(self, workflow: str, version: int, *, timeout: Optional[float] = None) -> WorkflowVersion:
        answer = self._http.get(f"{_path_of(workflow)}/versions/{int(version)}", options=Options(timeout))
        return cast(WorkflowVersion, answer)

    def diff(self, workflow: str, older: int, newer: int, *, timeout: Optional[float] = None) -> WorkflowDiff:
        """What changed from one version to another."""
        answer = self._http.get(
            f"{_path_of(workflow)}/versions/{int(older)}/diff/{int(newer)}", options=Options(timeout)
        )
        return cast(WorkflowDiff, answer)

    def rollback(
        self, workflow: str, version: int, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> Workflow:
        """Makes it what it was in an earlier version, as a new one."""
        answer = self._http.send(
            "POST",
            f"{_path_of(workflow)}/rollback",
            {"version": version},
            options=Options(timeout),
            key=idempotency_key,
        )
        return cast(Workflow, answer)


class StructuredOutputs:
    """Saved schemas that answers have to fit, by id or name."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def create(
        self,
        *,
        idempotency_key: Optional[str] = None,
        timeout: Optional[float] = None,
        **fields: Unpack[NewStructuredOutput],
    ) -> StructuredOutput:
        answer = self._http.send(
            "POST", "/v1/structured-outputs", fields, options=Options(timeout), key=idempotency_key
        )
        return cast(StructuredOutput, answer)

    def list(self, *, limit: Optional[int] = None, timeout: Optional[float] = None) -> Listing[StructuredOutput]:
        """Newest first."""
        return Listing(self._http, "/v1/structured-outputs", {"limit": limit}, Options(timeout))

    def get(self, output: str, *, timeout: Optional[float] = None) -> StructuredOutput:
        return cast(StructuredOutput, self._http.get(_output_path_of(output), options=Options(timeout)))

    def update(
        self, output: str, *, timeout: Optional[float] = None, **changes: Unpack[StructuredOutputChanges]
    ) -> StructuredOutput:
        answer = self._http.send("PATCH", _output_path_of(output), changes, options=Options(timeout))
        return cast(StructuredOutput, answer)

    def delete(self, output: str, *, timeout: Optional[float] = None) -> Deleted:
        """``ConflictError`` while a workflow uses it."""
        return cast(Deleted, self._http.send("DELETE", _output_path_of(output), options=Options(timeout)))


def _path_of(workflow: str) -> str:
    return f"/v1/workflows/{segment(workflow)}"


def _output_path_of(output: str) -> str:
    return f"/v1/structured-outputs/{segment(output)}"
