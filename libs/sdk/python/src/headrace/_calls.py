"""Calls as values: what is sent, and what an error answer means. Shared by both clients."""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional
from urllib.parse import quote

import httpx

from ._errors import ApiConnectionError, ApiError, ApiTimeoutError, ConfigurationError, HeadraceError, error_class_of
from ._retry import retry_after_of, retry_delay
from ._settings import Settings, positive, whole_number
from ._version import __version__

_DEFAULT_TIMEOUT = 60.0
# Some systems cannot count to more than about this.
_LONGEST_TIMEOUT = 2_000_000.0

#: An answer's JSON, and the id of its request.
Answered = tuple[Any, Optional[str]]


@dataclass(frozen=True)
class Options:
    """How one call differs."""

    timeout: Optional[float] = None
    max_retries: Optional[int] = None
    extra_headers: Optional[Mapping[str, str]] = field(default=None, repr=False)


@dataclass(frozen=True)
class Call:
    """One logical call, however often it is tried."""

    method: str
    #: A path, or the whole URL of a callback that is trusted.
    path: str
    query: Optional[Mapping[str, Any]] = None
    body: Optional[Mapping[str, Any]] = None
    #: Sent with every attempt. Made for the call when it is a POST that has none.
    idempotency_key: Optional[str] = None
    headers: Optional[Mapping[str, str]] = None
    #: Unless the caller or the client's options say otherwise.
    timeout: Optional[float] = None


@dataclass(frozen=True)
class Prepared:
    """A call with all that is the same for each of its attempts: by the same bytes repetitions are known."""

    method: str
    url: str
    # They have the key: not shown where calls are, as in traces of errors.
    headers: Mapping[str, str] = field(repr=False)
    content: Optional[bytes]
    timeout: float
    max_retries: int


def prepare(call: Call, options: Options, settings: Settings) -> Prepared:
    """Writes a call out. Raises ``ConfigurationError``."""
    url = httpx.URL(settings.base_url + call.path if call.path.startswith("/") else call.path)
    if call.query:
        url = url.copy_merge_params({name: _text(value) for name, value in call.query.items() if value is not None})
    given = {**(options.extra_headers or {}), **(call.headers or {})}
    headers = {name.lower(): value for name, value in given.items()}
    headers["authorization"] = f"Bearer {settings.api_key}"
    headers["user-agent"] = f"headrace-python/{__version__}"
    key = call.idempotency_key
    if key is not None or call.method == "POST":
        headers["idempotency-key"] = _checked_key(str(uuid.uuid4()) if key is None else key)
    content = None
    if call.body is not None:
        headers["content-type"] = "application/json"
        content = json.dumps(call.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    timeout = next(
        (limit for limit in (options.timeout, settings.timeout, call.timeout) if limit is not None), _DEFAULT_TIMEOUT
    )
    max_retries = settings.max_retries if options.max_retries is None else options.max_retries
    return Prepared(
        call.method,
        str(url),
        headers,
        content,
        min(positive("timeout", timeout), _LONGEST_TIMEOUT),
        whole_number("max_retries", max_retries),
    )


def segment(identifier: str) -> str:
    """An id as a segment of a path. An empty one, or dots, would make it the path of something else."""
    if not isinstance(identifier, str) or identifier in ("", ".", ".."):
        raise ConfigurationError("An id is missing.")
    return quote(identifier, safe="")


def body_of(fields: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a body that were given; None stands for one that was not."""
    return {name: value for name, value in {**fields, **parameters}.items() if value is not None}


def answer_of(content: bytes) -> Any:
    """The JSON of a good answer."""
    try:
        return json.loads(content)
    except ValueError:
        raise HeadraceError("The answer is not JSON. Is base_url that of Headrace?") from None


def request_id_of(response: httpx.Response) -> Optional[str]:
    """The id by which an answer can be found in the system's records."""
    value: Optional[str] = response.headers.get("x-request-id")
    return value


def error_of(response: httpx.Response, content: bytes) -> ApiError:
    """The error that an answer tells of."""
    try:
        body = json.loads(content)
    except ValueError:
        # Something between us and the system may answer with HTML.
        body = None
    said = _dict(_dict(body).get("error"))
    status = response.status_code
    error = error_class_of(status)(
        _string(said.get("message")) or _string(_dict(body).get("message")) or f"The system answered {status}.",
        status=status,
        code=_string(said.get("code")),
        type=_string(said.get("type")),
        param=_string(said.get("param")),
        details=said.get("details"),
        request_id=request_id_of(response),
        retry_after=retry_after_of(response.headers.get("retry-after"), time.time()),
    )
    error._hopeless = response.headers.get("x-should-retry") == "false"
    return error


def connection_error_of(error: httpx.HTTPError, timeout: float) -> ApiConnectionError:
    """What a call that broke off is told as."""
    if isinstance(error, httpx.TimeoutException):
        return timed_out(timeout)
    # The address most of all when it was forgotten, and is the default.
    return ApiConnectionError(
        f"No whole answer came{_from(error)}: the connection failed or broke ({type(error).__name__})."
    )


def _from(error: httpx.HTTPError) -> str:
    try:
        url = error.request.url
    except RuntimeError:  # httpx does not know of which request it is.
        return ""
    return f" from {url.scheme}://{url.netloc.decode()} (base_url, HEADRACE_URL)"


def timed_out(timeout: float) -> ApiTimeoutError:
    """The error of an attempt that took too long."""
    return ApiTimeoutError(f"Nothing was heard within {timeout:g} s.")


def too_large(limit: int) -> HeadraceError:
    """The error of an answer that is not read to its end."""
    return HeadraceError(f"The answer is longer than {limit} bytes. Raise max_response_bytes.")


def delay_after(error: HeadraceError, number: int, max_retries: int, random: float) -> Optional[float]:
    """Seconds until the next attempt; None: there is none."""
    if number > max_retries:
        return None
    if isinstance(error, ApiError):
        return retry_delay(
            number,
            random,
            status=error.status,
            code=error.code,
            retry_after=error.retry_after,
            hopeless=error._hopeless,
        )
    return retry_delay(number, random, hopeless=not isinstance(error, ApiConnectionError))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


def _checked_key(key: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise ConfigurationError("idempotency_key must be 1 to 255 visible ASCII characters.")
    return key
