# Made of ../_async/requests.py by tools/python/make_sync.py: change that.
"""What became of requests."""

from __future__ import annotations

import random
import time
from typing import Optional, cast

from .. import _routes as routes
from .._calls import Options, delay_after, segment
from .._errors import HeadraceError
from .._types import CancelledRequest, EndedRequest, Environment, RequestDetail, RequestState, RequestSummary
from .channel_events import ChannelEvents
from .http import HttpCaller
from .listing import Listing
from .ways import sleep


class Requests:
    """What became of requests."""

    def __init__(self, http: HttpCaller) -> None:
        self._http = http

    def get(self, channel_id: str, *, timeout: Optional[float] = None) -> RequestDetail:
        """State, result and timeline of a request."""
        return cast(RequestDetail, self._http.get(_path_of(channel_id), options=Options(timeout)))

    def list(
        self,
        *,
        state: Optional[RequestState] = None,
        workflow: Optional[str] = None,
        event_name: Optional[str] = None,
        environment: Optional[Environment] = None,
        limit: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Listing[RequestSummary]:
        """The project's requests, newest first; a moment behind ``get``. ``limit``: of a page, from 1 to 100."""
        query = {
            "state": state,
            "workflow": workflow,
            "event_name": event_name,
            "environment": environment,
            "limit": limit,
        }
        return Listing(self._http, "/v1/requests", query, Options(timeout))

    def cancel(
        self, channel_id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None
    ) -> CancelledRequest:
        """Ends a request without a result. Asking again changes nothing. ``ConflictError``: it has ended otherwise."""
        path = f"{_path_of(channel_id)}/cancel"
        cancelled = self._http.send("POST", path, options=Options(timeout), key=idempotency_key)
        return cast(CancelledRequest, cancelled)

    def _cancel_once(self, channel_id: str) -> None:
        self._http.send("POST", f"{_path_of(channel_id)}/cancel", options=routes.CANCEL_OPTIONS)

    def wait(
        self, channel_id: str, *, within: Optional[float] = None, max_retries: int = routes.PATIENT_RETRIES
    ) -> EndedRequest:
        """Waits for a request's end, however it ends. Raises ``ApiTimeoutError`` after ``within`` seconds.

        By long polls, one after the other, over restarts of the system too: ``max_retries`` is how many in a row may
        fail; 20 are about two minutes. A server is better told by webhooks.
        """
        until = None if within is None else time.monotonic() + within
        query = {"wait": f"{routes.WAIT_SECONDS}s"}
        failures = 0
        pause = routes.FIRST_PAUSE
        while True:
            asked = time.monotonic()
            left = routes.left_until(until, asked)
            options = Options(routes.patience(left), max_retries=0)
            try:
                request = self._http.get(_path_of(channel_id), query, options=options)
            except HeadraceError as error:
                failures += 1
                delay = delay_after(error, failures, max_retries, random.random())
                if delay is None:
                    raise
            else:
                if request["ended_at"] is not None:
                    return cast(EndedRequest, request)
                failures = 0
                # A system that waited itself need not be waited for; one that stops answers at once.
                delay = max(0.0, pause - (time.monotonic() - asked))
                pause = min(pause * 2, routes.LONGEST_PAUSE)
            left = routes.left_until(until, time.monotonic())
            sleep(delay if left is None else min(delay, left))

    def events(
        self,
        channel_id: str,
        *,
        last_event_id: str = "",
        max_retries: int = routes.PATIENT_RETRIES,
        timeout: Optional[float] = None,
    ) -> ChannelEvents:
        """What is told of a request, from its latest state until it has ended: its states, and its answer's text.

        ``last_event_id``: of the last event that you have, from an iteration before. ``max_retries``: how many
        connections in a row may fail. ``timeout``: how long nothing may be heard; 45 seconds.
        """
        path = f"{_path_of(channel_id)}/events"
        return ChannelEvents(
            self._http, path, last_event_id=last_event_id, max_retries=max_retries, timeout=timeout
        )


def _path_of(channel_id: str) -> str:
    return f"/v1/requests/{segment(channel_id)}"
