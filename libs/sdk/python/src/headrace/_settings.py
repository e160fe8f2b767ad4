"""What a client is made with."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Iterable, Optional

import httpx

from ._errors import ConfigurationError

Origin = tuple[str, str, Optional[int]]


@dataclass(frozen=True)
class Settings:
    """Options as they hold."""

    # Not shown when the settings are printed.
    api_key: str = field(repr=False)
    base_url: str
    timeout: Optional[float]
    max_retries: int
    max_response_bytes: int
    trusted_origins: frozenset[Origin]


def settings_of(
    *,
    api_key: Optional[str],
    base_url: Optional[str],
    timeout: Optional[float],
    max_retries: int,
    max_response_bytes: int,
    trusted_origins: Iterable[str],
) -> Settings:
    """Fills options up and checks them. Raises ``ConfigurationError``, which never shows the key."""
    key = api_key if api_key is not None else os.environ.get("HEADRACE_API_KEY", "")
    if not key:
        raise ConfigurationError("There is no API key. Set HEADRACE_API_KEY, or give api_key.")
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ConfigurationError("api_key has characters that no key has, such as a space or a line break at its end.")
    url = _url_of(base_url or os.environ.get("HEADRACE_URL") or "http://localhost:4100")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must have neither a user, a query nor a fragment.")
    if timeout is not None:
        positive("timeout", timeout)
    return Settings(
        api_key=key,
        base_url=str(url).rstrip("/"),
        timeout=timeout,
        max_retries=whole_number("max_retries", max_retries),
        max_response_bytes=int(positive("max_response_bytes", max_response_bytes)),
        trusted_origins=frozenset([origin_of(url), *(origin_of(_url_of(text)) for text in trusted_origins)]),
    )


def positive(name: str, value: float) -> float:
    """Checks a time limit or a size."""
    if not value > 0:
        raise ConfigurationError(f"{name} must be a positive number.")
    return value


def whole_number(name: str, value: int) -> int:
    """Checks a count."""
    if not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"{name} must be a whole number from 0.")
    return value


def origin_of(url: httpx.URL) -> Origin:
    """Scheme, host and port; default ports are left out, as httpx leaves them out."""
    return (url.scheme, url.host, url.port)


def _url_of(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL("")
    # What was given is not repeated: it may hold a password.
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            "base_url and trusted_origins must be http(s) URLs, such as https://ai.example.com."
        ) from None
    return url
