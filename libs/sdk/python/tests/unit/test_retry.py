from __future__ import annotations

from typing import Optional

import pytest

from headrace._retry import retry_after_of, retry_delay

NOW = 1767225600.0


def test_doubles_up_to_eight_seconds_with_jitter_down_to_a_half() -> None:
    delays = [retry_delay(number, 0.999_999) for number in (1, 2, 3, 4, 5, 6, 20)]
    assert [round(delay or 0, 3) for delay in delays] == [0.5, 1, 2, 4, 8, 8, 8]
    assert retry_delay(3, 0) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_tries_again_after(status: int) -> None:
    assert retry_delay(1, 0, status=status) == 0.25


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 408, 409, 410, 413, 422])
def test_does_not_try_again_after(status: int) -> None:
    assert retry_delay(1, 0, status=status, retry_after=1) is None


def test_tries_again_while_the_first_call_with_the_key_is_being_answered() -> None:
    assert retry_delay(1, 0, status=409, code="idempotency_key_in_use", retry_after=1) == 1


def test_waits_as_long_as_the_server_asks_for_and_at_most_a_little_longer() -> None:
    assert retry_delay(1, 0, status=503, retry_after=5) == 5
    assert 5 < (retry_delay(1, 0.999, status=503, retry_after=5) or 0) < 5.251


def test_does_not_wait_for_more_than_a_minute_or_for_nothing() -> None:
    assert retry_delay(1, 0, status=429, retry_after=60.001) is None
    assert retry_delay(1, 0, status=502, hopeless=True) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("0.5", 0.5),
        ("Thu, 01 Jan 2026 00:00:09 GMT", 9),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_retry_after(header: Optional[str], seconds: Optional[float]) -> None:
    assert retry_after_of(header, NOW) == seconds
