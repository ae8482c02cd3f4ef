"""A REST server for restic that answers every request well, and while ``forgets`` keeps no data it is sent.

What is sent below ``silent_at`` it takes and never answers. With ``together`` two that ask whether there is a
repository get their answer at the same moment; with ``once`` it takes only the first beginning of one.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

V2 = "application/vnd.x.restic.rest.v2"


class Forgetful:
    """Use it as a context manager; ``repository`` is where restic finds it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.forgets = True
        self.silent_at: str | None = None
        self.closed = threading.Event()
        self.together: threading.Barrier | None = None
        self.once = False
        outer = self

        class Handler(_Handler):
            server_of = outer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.repository = f"rest:http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """restic's REST protocol (its manual, "REST Backend"), version 2 of listings."""

    server_of: Forgetful
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a file, or seem to."""
        data, path = self.rfile.read(int(self.headers.get("Content-Length") or 0)), urlsplit(self.path)
        if self.server_of.silent_at and path.path.startswith(self.server_of.silent_at):
            self.server_of.closed.wait()
            return
        if self.server_of.once and path.path == "/config" and "/config" in self.server_of.files:
            self._answer(403)
            return
        if not path.query and not (self.server_of.forgets and path.path.startswith("/data/")):
            self.server_of.files[path.path] = data
        self._answer(200)

    def do_GET(self) -> None:
        """Give a file (or a range of it), or the list of a folder."""
        files = self.server_of.files
        if self.path.endswith("/"):
            found = [{"name": name.rpartition("/")[2], "size": len(data)} for name, data in files.items()
                     if name.startswith(self.path)]  # fmt: skip
            self._answer(200, json.dumps(found).encode(), V2)
        elif self.path not in files:
            self._answer(404)
        elif (asked := self.headers.get("Range")) is not None:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            self._answer(206, files[self.path][int(first) : int(last) + 1 if last else None])
        else:
            self._answer(200, files[self.path])

    def do_HEAD(self) -> None:
        """Tell a file's size."""
        data = self.server_of.files.get(self.path)
        if data is None and self.path == "/config" and self.server_of.together is not None:
            with suppress(threading.BrokenBarrierError):
                self.server_of.together.wait(5)
        self._answer(404 if data is None else 200, size=len(data or b""))

    def do_DELETE(self) -> None:
        """Remove a file."""
        self.server_of.files.pop(self.path, None)
        self._answer(200)

    def log_message(self, format: str, *words: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, data: bytes = b"", kind: str = "application/octet-stream", size: int = -1) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if size < 0 else size))
        self.end_headers()
        self.wfile.write(data)
