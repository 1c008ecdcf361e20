"""HTTP on 127.0.0.1: the API, the buyer's pages and the knobs."""

import socket
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from devtools.stripe_emulator import control
from devtools.stripe_emulator.api import Answer, Api, ConnectionBroken
from devtools.stripe_emulator.hosted import pages

LOOPBACK = "127.0.0.1"
OUR_NAMES = frozenset({"127.0.0.1", "localhost"})
LONGEST_BODY = 1_000_000


class Server(ThreadingHTTPServer):
    """The emulator's socket."""

    daemon_threads = True
    request_queue_size = 128
    api: Api

    def __init__(self, port: int) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection, and remember it until it ends."""
        found = super().get_request()
        self._open.add(found[0])
        return found

    def shutdown_request(self, request: Any) -> None:
        """A connection has ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    server: Server
    timeout = 120

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_args: object) -> None:
        """Quiet."""

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LONGEST_BODY)).decode()
        if self.headers.get("Host", "").rpartition(":")[0] not in OUR_NAMES:
            self._send(Answer(HTTPStatus.FORBIDDEN, "Only this machine is served."), "text/plain")
        elif address.path.startswith("/v1/"):
            self._api(method, address.path, body if method == "POST" else address.query)
        elif address.path.startswith("/_emulator/"):
            self._knob(method, address.path.removeprefix("/_emulator/"), body)
        else:
            self._page(method, address.path, address.query, body)

    def _api(self, method: str, path: str, form: str) -> None:
        try:
            answer = self.server.api.answer(method, path, dict(self.headers.items()), form)
        except ConnectionBroken:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer, "application/json")

    def _knob(self, method: str, name: str, body: str) -> None:
        if method == "POST" and "json" not in self.headers.get("Content-Type", ""):
            # A form of another site could send itself here; JSON cannot without being asked.
            self._send(Answer(415, "Send JSON."), "text/plain")
            return
        status, text = control.answer(self.server.api.world, method, name, body)
        self._send(Answer(status, text), "application/json")

    def _page(self, method: str, path: str, query: str, body: str) -> None:
        language = self.headers.get("Accept-Language", "")
        world = self.server.api.world
        shown = pages.answer(world, pages.Visit(method, path, query, body, language))
        headers = {"Location": shown.to} if shown.to else {}
        self._send(Answer(shown.status, shown.html, headers), "text/html; charset=utf-8")

    def _send(self, answer: Answer, kind: str) -> None:
        data = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
