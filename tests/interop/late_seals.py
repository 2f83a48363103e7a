"""Seals of every level that DSS makes, with our test authorities on loopback.

DSS asks for timestamps, OCSP answers, revocation lists and issuers at the addresses
in our certificates, and gets the answers of 2024; then years go by.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request
from edc_issuer.formats.levels import Level
from edc_issuer.keys.testdesk import TestDesk
from edc_issuer.keys.testtsa import tsa_plan
from interop.judges import ask_java
from late_cases import KEYS
from late_life import BEGIN, DAY, LATE, SEALED, YEAR, Case, Clock, Life
from world import PASSWORD, SCHOOL

RENEWED = BEGIN + YEAR - 30 * DAY
ALGORITHMS = ("ES256", "RS256")
LAYOUTS = ("JSON, b64 false", "FLATTENED, base64url")
FILES = ("T", "LT", "LTA", "renewed")


@cache
def made() -> Mapping[str, bytes]:
    """Every file by key, layout and level."""
    return {
        f"{algorithm}, {layout}, {level}": (folder / f"{layout}, {level}").read_bytes()
        for algorithm in ALGORITHMS
        for folder in [_sealed(algorithm)[1]]
        for layout in LAYOUTS
        for level in FILES
    }


def case(name: str, at: Any) -> Case:
    """One of the files, to be judged at a time."""
    life, _ = _sealed(name.partition(",")[0])
    return Case(made()[name], at, (life.root,))


def completed(algorithm: str, layout: str, of: str) -> Case:
    """A file of theirs that we bring to LTA, or renew, when the first one ends soon."""
    life, _ = _sealed(algorithm)
    theirs = made()[f"{algorithm}, {layout}, {of}"]
    life.clock.now = RENEWED
    if of == "LTA":
        return Case(life.renewed(theirs, RENEWED), LATE, (life.root,))
    return Case(life.at_level(theirs, Level.LTA), LATE, (life.root,))


@cache
def _sealed(algorithm: str) -> tuple[Life, Path]:
    """The authorities, and the folder that DSS wrote into."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    (folder / "out").mkdir()
    clock = Clock(BEGIN)
    with _answering() as (address, desks):
        short = replace(tsa_plan(BEGIN), not_after=BEGIN + YEAR)
        desk = TestDesk.create([SCHOOL], clock=clock, host=address, tsa=short)
        desk.new_seal(SCHOOL, key=KEYS[algorithm][0])
        desks.append(desk)
        life = Life(clock, desk)
        content = folder / "credential.json"
        content.write_text(json.loads(life.sealed())["payload"], encoding="utf-8")
        seal, root = folder / "seal.p12", folder / "root.pem"
        seal.write_bytes(desk.pkcs12(desk.seals[-1], password=PASSWORD))
        root.write_bytes(life.root.public_bytes(Encoding.PEM))
        at = f"{SEALED.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        given = (seal, PASSWORD, root, content, at, address, folder / "out")
        ask_java("LateSealer", *given)
    return life, folder / "out"


def _later(desk: TestDesk) -> bytes:
    """The first timestamp authority ends soon, and another one has opened."""
    assert isinstance(desk.clock, Clock)
    desk.clock.now = RENEWED
    plan = replace(tsa_plan(RENEWED, name="TSA 2"), not_after=LATE + YEAR)
    desk.another_tsa(plan=plan)
    return b"later"


@contextmanager
def _answering() -> Iterator[tuple[str, list[TestDesk]]]:
    """A server on loopback that hands requests to the first desk of the list."""
    desks: list[TestDesk] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes | None) -> None:
            address = f"http://{self.headers['Host']}{self.path}"
            try:
                if self.path == "/later":
                    found = _later(desks[0])
                else:
                    found = desks[0].fetch(Request(address, body=body)).body
            except FetchError:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", desks
        server.shutdown()
