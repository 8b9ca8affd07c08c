"""A server that behaves as intervals.icu documents it, and as servers in trouble do: an HTTP server of its own."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import fitdecode

KEY = "key-of-the-runner"


class Server(ThreadingHTTPServer):
    """`faults` are what the next uploads meet, one each; `activities` is what the service has, also what nobody was told of."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.activities: list[dict[str, Any]] = []
        self.planned: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.forgets_ids = False
        self.uploads = 0
        self.holds, self.released = threading.Event(), threading.Event()
        self.busy = 0

    def idle(self) -> None:
        """Returns when no upload is being heeded any more."""
        while self.busy:
            time.sleep(0.002)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no error of the server."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self._is_known():
            self._answer(200, self.server.planned if "/events?" in self.path else self.server.activities)

    def do_POST(self) -> None:
        self.server.busy += 1
        try:
            self._heed()
        finally:
            self.server.busy -= 1

    def _heed(self) -> None:
        if self.server.faults == ["held in the head"]:
            self.server.faults.clear()
            self._hold()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads += 1
        if not self._is_known():
            return
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault.startswith("refuse "):
            _, status, *after = fault.split()
            self._answer(int(status), {"status": int(status), "error": "no"}, {"Retry-After": after[0]} if after else {})
            return
        if fault == "moved":
            self._answer(308, None, {"Location": "https://elsewhere.example/"})
            return
        if fault == "drop before":
            self.connection.close()
            return
        if fault == "held before":
            self._hold()
        kept = self._keep(body)
        if fault == "drop after":
            self.connection.close()
        elif fault == "half an answer":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + json.dumps(kept).encode()[:10])
            self.close_connection = True
        elif fault == "no JSON":
            self._answer(200, None)
        elif fault == "held after":
            self._hold()
            self._answer(200, kept)
        else:
            self._answer(200, kept)

    def _hold(self) -> None:
        """Until the test lets it go on."""
        self.server.holds.set()
        self.server.released.wait(30)

    def _is_known(self) -> bool:
        if self.headers.get("Authorization") == "Basic " + base64.b64encode(f"API_KEY:{KEY}".encode()).decode():
            return True
        self._answer(403, {"status": 403, "error": "Access denied"})
        return False

    def _keep(self, body: bytes) -> dict[str, Any]:
        """As the site does: another upload of the same file is another activity."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        data = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        with fitdecode.FitReader(BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as fit:
            [session] = [each for each in fit if each.frame_type == fitdecode.FIT_FRAME_DATA and each.name == "session"]
        activity = {
            "id": f"i{len(self.server.activities) + 1}",
            "external_id": None if self.server.forgets_ids else query["external_id"],
            "name": query["name"],
            "start_date": session.get_value("start_time").isoformat().replace("+00:00", "Z"),
            "distance": session.get_value("total_distance"),
        }
        self.server.activities.append(activity)
        return activity

    def _answer(self, status: int, content: object, headers: dict[str, str] | None = None) -> None:
        data = b"<html>" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
