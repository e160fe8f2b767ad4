"""Which failed attempts are tried again, and when."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Optional

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 8.0
# A server that wants a longer pause is not waited for: the caller is told how long it is.
_LONGEST_WAIT = 60.0


def retry_delay(
    number: int,
    random: float,
    *,
    status: Optional[int] = None,
    code: Optional[str] = None,
    retry_after: Optional[float] = None,
    hopeless: bool = False,
) -> Optional[float]:
    """Seconds to wait after the failed attempt ``number`` (from 1); None when there should be no further one.

    ``random``: from 0 to below 1. ``status`` is None when no answer came. Of the 4xx only those that say "later" are
    tried again: 429, and a key whose first call is being answered.
    """
    says_later = status == 429 or code == "idempotency_key_in_use"
    if hopeless or (status is not None and status < 500 and not says_later):
        return None
    backoff: float = min(_FIRST_DELAY * 2 ** (number - 1), _LONGEST_DELAY)
    if retry_after is None:
        return backoff * (0.5 + random / 2)
    if retry_after > _LONGEST_WAIT:
        return None
    # A little more than asked for, so that those who were told the same do not come together.
    return retry_after + random * _FIRST_DELAY / 2


def retry_after_of(header: Optional[str], now: float) -> Optional[float]:
    """``Retry-After``, seconds or a date, in seconds from ``now``; None when it says nothing."""
    if not header:
        return None
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", header.strip()):
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None
