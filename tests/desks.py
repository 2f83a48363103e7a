"""Test authorities on loopback, for commands that run as they would at a school.

The same `TestDesk` that answers inside a process, behind a real socket: what it
serves, and to whom, is what a test asks afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request
from edc_issuer.keys.files import PRIVATE, write_atomically
from edc_issuer.keys.testdesk import TestDesk
from edc_issuer.trust import TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_issuer
from world import NAMES, PASSWORD, SCHOOL

LOOPBACK = "127.0.0.1"


@dataclass
class Desk:
    """Authorities that answer on loopback, a seal of theirs, and trust in them."""

    desk: TestDesk
    folder: Path

    @property
    def tsa(self) -> str:
        return f"{self.desk.host}/tsa"

    @property
    def outside(self) -> tuple[str, ...]:
        """The words that let a command ask them."""
        return ("--tsa", self.tsa, "--allow-private", LOOPBACK)

    @property
    def key(self) -> str:
        return f"file:{self.folder / 'seal.p12'}"

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    def asked(self, path: str) -> int:
        """How often an address was asked so far."""
        return sum(r.url.endswith(path) for r in self.desk.requests)


@contextmanager
def desk_on_loopback(folder: Path) -> Iterator[Desk]:
    """Fresh authorities, answering until the block is left."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _Handler)
    host = f"http://{LOOPBACK}:{server.server_address[1]}"
    made = TestDesk.create([SCHOOL], clock=lambda: datetime.now(UTC), host=host)
    server.desk = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    desk = Desk(made, folder)
    key = made.pkcs12(made.seals[0], password=PASSWORD)
    write_atomically(folder / "seal.p12", key, mode=PRIVATE)
    root = made.root.certificate.public_bytes(Encoding.PEM)
    add_certificate(desk.trust, root, test=True)
    add_certificate(desk.trust, root, kind="timestamps", test=True)
    add_issuer(desk.trust, TrustedIssuer(SCHOOL.identifier, NAMES, test=True))
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    def _serve(self, body: bytes | None) -> None:
        desk: TestDesk = self.server.desk  # type: ignore[attr-defined]
        try:
            response = desk.fetch(Request(desk.host + self.path, body=body))
        except FetchError:
            self.send_error(404 if desk.answers else 503)
            return
        self.send_response(200)
        self.send_header("Content-Type", response.media_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told."""
