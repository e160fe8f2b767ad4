"""Every error that this package raises of its own accord. None holds a secret."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class HeadraceError(Exception):
    """What all errors of this package are."""


class ConfigurationError(HeadraceError):
    """The client was made or called in a way that cannot work. Nothing was sent."""


class ApiConnectionError(HeadraceError):
    """No whole answer came: the network, or a connection that broke. ``__cause__`` has what was seen."""


class ApiTimeoutError(ApiConnectionError):
    """No answer came in time."""


class ApiError(HeadraceError):
    """The system answered with an error, and trying again was of no use or not allowed."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: Optional[str] = None,
        type: Optional[str] = None,
        param: Optional[str] = None,
        details: Any = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        #: Stable, for machines: see the table of errors in the documentation.
        self.code = code
        self.type = type
        #: The first field that is wrong.
        self.param = param
        #: Every field that is wrong.
        self.details = details
        self.request_id = request_id
        #: Seconds to wait, where the answer says so.
        self.retry_after = retry_after
        # The server said that trying again is of no use.
        self._hopeless = False


class BadRequestError(ApiError):
    """400: a field is wrong; ``param`` names it."""


class AuthenticationError(ApiError):
    """401: the API key is missing, unknown, revoked or expired."""


class PermissionDeniedError(ApiError):
    """403: the key belongs to another project, or to an inactive one."""


class NotFoundError(ApiError):
    """404: there is no such workflow, request, or id."""


class ConflictError(ApiError):
    """409: it was done already, or another way; ``code`` says which."""


class GoneError(ApiError):
    """410: the callback's window is over."""


class RateLimitError(ApiError):
    """429, and the last retry was told the same."""


class ServerError(ApiError):
    """5xx, and the last retry was told the same."""


_CLASSES: Mapping[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    429: RateLimitError,
}


def error_class_of(status: int) -> type[ApiError]:
    """The class of an error answer's status."""
    return _CLASSES.get(status, ServerError if status >= 500 else ApiError)


class GenerationError(HeadraceError):
    """The AI did not answer: every provider of the workflow failed, or the request was cancelled. Not retried."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        details: Any = None,
        customer_data: Optional[Mapping[str, Any]] = None,
        meta: Optional[Mapping[str, Any]] = None,
        request_id: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details
        self.customer_data = customer_data or {}
        #: With every attempt; None when a stream broke off.
        self.meta = meta
        self.request_id = request_id


class WebhookVerificationError(HeadraceError):
    """A webhook that is not believed: answer it with 400, and do nothing else with it.

    ``code`` is one of ``missing_header``, ``invalid_header``, ``timestamp_too_old``, ``timestamp_too_new``,
    ``signature_mismatch`` and ``invalid_body``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
