"""An HTTP server that tests stand on, and a way to run the same test with both clients."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, Callable, Iterator, Mapping, Optional, Union

import pytest

from headrace import AsyncHeadrace, Headrace


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Reply:
    """How a request is answered. ``pieces`` are sent one by one in place of a body.

    ``hang``: and it has no end; something is sent now and then, unless it is ``silent``. ``breaks``: it ends too early.
    """

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Optional[list[bytes]] = None
    hang: bool = False
    silent: bool = False
    breaks: bool = False


class Server:
    """Records requests and answers them as told, one after the other, the last one over and over."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.arrivals: Queue[Received] = Queue()
        self.replies: list[Reply] = [Reply()]
        #: How each request is answered, in place of `replies`.
        self.reply_to: Optional[Callable[[Received], Reply]] = None
        #: Set when a client has left a reply that hangs.
        self.left = threading.Event()
        self._closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def answers(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def next_reply(self, received: Received) -> Reply:
        if self.reply_to:
            return self.reply_to(received)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def close(self) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.command, self.path, headers, self.rfile.read(length))
                server.received.append(received)
                reply = server.next_reply(received)
                server.arrivals.put(received)
                try:
                    self._reply(reply)
                except (BrokenPipeError, ConnectionResetError):
                    server.left.set()

            do_GET = do_PATCH = do_PUT = do_DELETE = do_POST

            def _reply(self, reply: Reply) -> None:
                self.close_connection = True
                if reply.breaks and reply.pieces is None:
                    return
                self.send_response(reply.status)
                for name, value in {"content-type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                if reply.pieces is None and not reply.hang and reply.status != 204:
                    self.send_header("content-length", str(len(content)))
                elif reply.breaks:
                    self.send_header("content-length", "1000000")
                self.send_header("connection", "close")
                self.end_headers()
                for piece in reply.pieces if reply.pieces is not None else [content]:
                    self.wfile.write(piece)
                    self.wfile.flush()
                while reply.hang and not server._closing.wait(0.01):
                    if reply.silent:
                        continue
                    self.wfile.write(b"\n: still here\n" if reply.pieces is not None else b" ")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def an_error(status: int, code: str, headers: Optional[Mapping[str, str]] = None, **more: Any) -> Reply:
    """An error answer as the API writes it."""
    error = {"message": f"It is {code}.", "type": "a_type", "param": None, "code": code, **more}
    return Reply(status, {"message": error["message"], "error": error}, headers or {})


class Driver:
    """Uses one of the two clients as if it were the one that waits."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._loop = asyncio.new_event_loop()
        self._clients: list[Union[Headrace, AsyncHeadrace]] = []

    def client(self, **options: Any) -> Any:
        client = Headrace(**options) if self.kind == "sync" else AsyncHeadrace(**options)
        self._clients.append(client)
        return client

    def run(self, result: Any) -> Any:
        return result if self.kind == "sync" else self._loop.run_until_complete(result)

    def collect(self, items: Any, most: int = 1_000) -> list[Any]:
        """Reads a listing or a stream, and leaves it after so many."""

        async def read() -> list[Any]:
            found: list[Any] = []
            iterator = items.__aiter__()
            async for item in iterator:
                found.append(item)
                if len(found) == most:
                    await iterator.aclose()
                    break
            return found

        if self.kind == "async":
            return self._loop.run_until_complete(read()) if most else []
        found = []
        for item in items:
            found.append(item)
            if len(found) == most:
                break
        return found

    def close(self) -> None:
        for client in self._clients:
            self.run(client.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    made = Driver(request.param)
    yield made
    made.close()
