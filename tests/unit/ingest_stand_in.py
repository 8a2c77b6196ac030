"""Stands where ingest would answer an operator's command."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


@dataclass
class Ingest:
    """Stands where ingest would answer; keeps what it was sent."""

    url: str = ""
    status: int = 200
    body: bytes = b'{"published": true}'
    asked: list[tuple[str, str | None, bytes]] = field(default_factory=list)


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    stand_in = Ingest()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_PUT()

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            stand_in.asked.append((self.path, self.headers["authorization"], body))
            self.send_response(stand_in.status)
            self.end_headers()
            self.wfile.write(stand_in.body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield stand_in
    server.shutdown()
    thread.join()
    server.server_close()
