"""A timestamp authority for tests: as a `Fetcher`, and as a server on loopback.

One root, one authority, one good token; a test names what it changes.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from edc_issuer.cms.readers import TEST_POLICY
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.formats.etsiu import tokens_in
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testpki import Authority
from edc_issuer.keys.testtsa import (
    TestTsa,
    TokenPlan,
    over,
    timestamp_token,
    tsa_plan,
)
from pki import AT, DAY, new_key, root

DATA = "Spričevalo: Čebelarjenje za začetnike — Пчеларство Ђ ž š ć".encode()
MINUTE = timedelta(minutes=1)
URL = "http://tsa.example/stamp"
_SERIALS = count(7000)


def tsa(
    above: Authority, *, key: PrivateKey | None = None, **changes: Any
) -> Authority:
    """A timestamp authority below `above`, with fields of its plan changed."""
    key = key or new_key()
    plan = replace(tsa_plan(AT - 90 * DAY), **changes)
    return Authority(above.issue(plan, key.public_key(), serial=next(_SERIALS)), key)


ROOT = root(subject=(("2.5.4.3", "Koren časovnih žigov, preskus"),))
TSA = tsa(ROOT)
LASTING = tsa(ROOT, not_after=AT + 3000 * DAY)  # for programs with a clock of their own


def plan(data: bytes = DATA, **changes: Any) -> TokenPlan:
    """The good plan for a token of `TSA` over `data`, with some fields changed."""
    good = TokenPlan(
        imprint=b"", gen_time=AT, certificates=(TSA.certificate, ROOT.certificate)
    )
    if "imprint" in changes:
        return replace(good, **changes)
    return over(data, replace(good, **changes))


def token(data: bytes = DATA, *, by: Authority = TSA, **changes: Any) -> bytes:
    """A token of `by`, good unless a change is named; its certificate is inside."""
    changes.setdefault("certificates", (by.certificate, ROOT.certificate))
    return timestamp_token(by, plan(data, **changes))


@dataclass
class Desk:
    """A `Fetcher` at which one authority answers every timestamp request.

    `at` is the authority's clock; `faults` are raised or answered first, one a call.
    `requests` is what was asked.
    """

    tsa: TestTsa = field(default_factory=lambda: TestTsa(TSA, (ROOT.certificate,)))
    at: datetime = AT
    faults: list[FetchError | Response] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        self.requests.append(request)
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, FetchError):
                raise fault
            return fault
        answer = self.tsa.answer(request.body or b"", at=self.at, serial=next(_SERIALS))
        return reply(answer, url=request.url)


@dataclass
class Directory:
    """A `Fetcher` that gives each address its own one; others are not found."""

    desks: dict[str, Any]

    def fetch(self, request: Request) -> Response:
        if request.url not in self.desks:
            raise FetchError(request.url, "not-found")
        response: Response = self.desks[request.url].fetch(request)
        return response


def reply(body: bytes, *, status: int = 200, url: str = URL) -> Response:
    return Response(url, status, "application/timestamp-reply", body)


def changing(**changes: Any) -> Desk:
    """A desk whose authority makes every token with these fields changed."""
    return Desk(
        TestTsa(TSA, (ROOT.certificate,), lambda good: replace(good, **changes))
    )


@contextmanager
def served(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A timestamp authority at an address on loopback; `answer` makes TimeStampResp."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            wanted = "application/timestamp-query"
            right = self.headers["Content-Type"] == wanted
            body = answer(self.rfile.read(length)) if right else b""
            self.send_response(200 if right else 415)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(at: datetime) -> Callable[[bytes], bytes]:
    """What `TSA` answers when its clock says `at`."""
    desk = TestTsa(TSA, (ROOT.certificate,))
    return lambda request: desk.answer(request, at=at, serial=next(_SERIALS))


def hashed(data: bytes, digest: str = "sha256") -> bytes:
    return hashlib.new(digest.replace("-", "_"), data).digest()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The same bytes with one of them changed, gone or doubled, or cut short."""
    at = chance.randrange(len(data))
    octet = bytes([chance.randrange(256)])
    return chance.choice(
        [
            data[:at] + octet + data[at + 1 :],
            data[:at] + data[at + 1 :],
            data[:at] + octet + data[at:],
            data[:at],
        ]
    )


_CONFIG = """
oid_section = ours
[ours]
testPolicy = {policy}
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = {digest}
default_policy = testPolicy
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = {chain}
ess_cert_id_alg = {ess}
"""


@dataclass(frozen=True)
class OpenSsl:
    """The `openssl ts` of this machine with an authority of ours, in a folder."""

    folder: Path
    authority: Authority = LASTING
    digest: str = "sha256"
    ess: str = "sha256"
    chain: str = "no"

    def __post_init__(self) -> None:
        key = self.authority.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        (self.folder / "tsa.key").write_bytes(key)
        for name, one in (
            ("tsa", self.authority.certificate),
            ("root", ROOT.certificate),
        ):
            pem = one.public_bytes(Encoding.PEM)
            (self.folder / f"{name}.pem").write_bytes(pem)
        (self.folder / "serial").write_text("1000\n")
        config = _CONFIG.format(
            folder=self.folder,
            policy=TEST_POLICY,
            digest=self.digest,
            ess=self.ess,
            chain=self.chain,
        )
        (self.folder / "openssl.cnf").write_text(config)

    def answer(self, request: bytes) -> bytes:
        """The TimeStampResp of `openssl ts -reply`, at this machine's time."""
        (self.folder / "request.tsq").write_bytes(request)
        self.run("-reply", "-queryfile", "request.tsq", "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def query(self, data: bytes, *options: str) -> bytes:
        """A TimeStampReq of `openssl ts -query` for `data`."""
        (self.folder / "data").write_bytes(data)
        self.run("-query", "-data", "data", "-out", "query.tsq", *options)
        return (self.folder / "query.tsq").read_bytes()

    def verifies(self, token: bytes, data: bytes, *, at: datetime) -> str:
        """What `openssl ts -verify` says to a token at a time: "" is yes."""
        (self.folder / "token.der").write_bytes(token)
        (self.folder / "data").write_bytes(data)
        moment = str(int(at.timestamp()))
        given = ("-in", "token.der", "-token_in", "-data", "data", "-CAfile")
        run = self._run("-verify", *given, "root.pem", "-attime", moment)
        return "" if run.returncode == 0 else run.stderr

    def reads(self, token: bytes) -> bytes | None:
        """What `openssl cms -verify` says was signed; None if the signature is bad.

        It knows more signatures than `openssl ts`, and nothing of timestamps.
        """
        (self.folder / "token.der").write_bytes(token)
        given = ("-inform", "DER", "-in", "token.der", "-out", "signed.der")
        command = ["openssl", "cms", "-verify", "-noverify", "-binary", *given]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        signed = (self.folder / "signed.der").read_bytes()
        return signed if run.returncode == 0 else None

    def text(self, token: bytes) -> dict[str, str]:
        """The lines of `openssl ts -reply -text` of a token, by their labels."""
        (self.folder / "token.der").write_bytes(token)
        run = self.run("-reply", "-in", "token.der", "-token_in", "-text")
        lines = (line.partition(": ") for line in run.stdout.splitlines())
        return {label.strip(): said.strip() for label, _, said in lines}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._run(*arguments)
        assert done.returncode == 0, done.stderr
        return done

    def _run(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        config = () if verb == "-verify" else ("-config", "openssl.cnf")
        command = ["openssl", "ts", verb, *config, *arguments]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False
        )


def tokens(container: Any) -> tuple[bytes, ...]:
    """The DER tokens of a timestamp container (`tstTokens`) that can be read."""
    found = (stamped.data for stamped in tokens_in(container, "", None))
    return tuple(data for data in found if data is not None)
