"""Test authorities that answer: a PKI for tests with its TSA, OCSP and CRLs.

`TestDesk` is a `Fetcher` at which every address in its certificates is served inside
this process, at the time its clock says. With it a seal can be made and extended to
any level without a network, and a test can let years go by. Every certificate and
token carries `TEST_POLICY`, and so is believed only where somebody said `--test`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.keys.testocsp import TestResponder, responder_plan
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    KeyMaker,
    Plan,
    Seal,
    TestOrganisation,
    TestPki,
    Withdrawn,
    new_seal,
    p256_key,
    root_plan,
    seal_ca_plan,
    seal_plan,
    self_signed,
)
from edc_issuer.keys.testtsa import TestTsa, tsa_plan

# RFC 6761 section 6.2: nobody can ever register a name below .test.
HOST = "http://authority.test"
TSA, OCSP = f"{HOST}/tsa", f"{HOST}/ocsp"
ROOT_CRL, CA_CRL = f"{HOST}/root.crl", f"{HOST}/seal-ca.crl"
ROOT_CERTIFICATE, CA_CERTIFICATE = f"{HOST}/root.crt", f"{HOST}/seal-ca.crt"
WEEK = timedelta(days=7)


def _path(address: str) -> str:
    return address.removeprefix(HOST)


@dataclass
class TestDesk:
    """Root, seal CA, responder and timestamp authority, each answering.

    `clock` says what time it is for all of them. `withdrawn` are lines of the CRLs;
    who stands there is withdrawn for the responder, too. `requests` is what was
    asked so far; nobody is answered while `answers` is False.
    """

    __test__ = False  # its name is no test for pytest

    root: Authority
    seal_ca: Authority
    responder: Authority
    tsa: TestTsa
    seals: list[Seal]
    clock: Callable[[], datetime]
    withdrawn: list[Withdrawn] = field(default_factory=list)
    lasts: timedelta = WEEK
    answers: bool = True
    requests: list[Request] = field(default_factory=list)
    serials: count[int] = field(default_factory=lambda: count(1_000_000))
    host: str = HOST

    @classmethod
    def create(
        cls,
        organisations: Sequence[TestOrganisation],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_key: KeyMaker = p256_key,
        host: str = HOST,
        **changes: Plan,
    ) -> TestDesk:
        """Everything made at the time of the clock.

        `host` begins every address in its certificates. `changes` replaces plans:
        `root`, `seal_ca`, `responder`, `tsa`.
        """
        at, serial = clock().replace(microsecond=0), x509.random_serial_number
        plan = changes.get("root") or root_plan(at)
        root = self_signed(plan, new_key(), serial=serial())

        def below(above: Authority, plan: Plan) -> Authority:
            key = new_key()
            made = above.issue(plan, key.public_key(), serial=serial())
            return Authority(made, key)

        under_root = {
            "crl_address": host + _path(ROOT_CRL),
            "issuer_address": host + _path(ROOT_CERTIFICATE),
        }
        ca_plan = changes.get("seal_ca") or seal_ca_plan(at)
        seal_ca = below(root, replace(ca_plan, **under_root))  # type: ignore[arg-type]
        answering = changes.get("responder") or _lasting(responder_plan(at))
        responder = below(seal_ca, answering)
        given = changes.get("tsa") or _lasting(tsa_plan(at))
        authority = below(root, replace(given, **under_root))  # type: ignore[arg-type]
        desk = cls(
            *(root, seal_ca, responder, TestTsa(authority)),
            seals=[],
            clock=clock,
            host=host,
        )
        for organisation in organisations:
            desk.new_seal(organisation, key=new_key)
        return desk

    def new_seal(
        self,
        organisation: TestOrganisation,
        *,
        key: KeyMaker = p256_key,
        plan: Plan | None = None,
    ) -> Seal:
        """One more seal, whose certificate names the addresses that answer here."""
        at = self.clock().replace(microsecond=0)
        plan = replace(
            plan or seal_plan(organisation, at),
            ocsp_address=self.host + _path(OCSP),
            crl_address=self.host + _path(CA_CRL),
            issuer_address=self.host + _path(CA_CERTIFICATE),
        )
        seal = new_seal(
            self.seal_ca,
            organisation,
            at=at,
            key=key(),
            serial=x509.random_serial_number(),
            plan=plan,
        )
        self.seals.append(seal)
        return seal

    def another_tsa(
        self, *, key: KeyMaker = p256_key, plan: Plan | None = None
    ) -> None:
        """From now on another timestamp authority answers, of the same root."""
        made, at = key(), self.clock().replace(microsecond=0)
        plan = replace(
            plan or _lasting(tsa_plan(at, name="EDC Test TSA 2")),
            crl_address=self.host + _path(ROOT_CRL),
            issuer_address=self.host + _path(ROOT_CERTIFICATE),
        )
        serial = x509.random_serial_number()
        certificate = self.root.issue(plan, made.public_key(), serial=serial)
        self.tsa = TestTsa(Authority(certificate, made))

    def withdraw(
        self,
        certificate: x509.Certificate,
        *,
        at: datetime | None = None,
        invalid_since: datetime | None = None,
    ) -> None:
        """Withdraw a certificate, now or at another time."""
        serial = certificate.serial_number
        self.withdrawn.append(Withdrawn(serial, at or self.clock(), invalid_since))

    def fetch(self, request: Request) -> Response:
        """The answer of whoever has this address; `FetchError` not-found else."""
        self.requests.append(request)
        if not self.answers:
            raise FetchError(request.url, "timeout")
        url = request.url.replace(self.host, HOST, 1)
        body = self._answer(url, request.body or b"")
        if body is None:
            raise FetchError(request.url, "not-found")
        return Response(request.url, 200, "application/octet-stream", body)

    def _answer(self, url: str, body: bytes) -> bytes | None:
        now = self.clock().replace(microsecond=0)
        match url:
            case _ if url == TSA:
                return self.tsa.answer(body, at=now, serial=next(self.serials))
            case _ if url == OCSP:
                return self._responder().answer(body, at=now)
            case _ if url == ROOT_CRL:
                return self.crl(self.root)
            case _ if url == CA_CRL:
                return self.crl(self.seal_ca)
            case _ if url == ROOT_CERTIFICATE:
                return self.root.certificate.public_bytes(Encoding.DER)
            case _ if url == CA_CERTIFICATE:
                return self.seal_ca.certificate.public_bytes(Encoding.DER)
        return None

    def _responder(self) -> TestResponder:
        return TestResponder(
            self.responder,
            self.seal_ca.certificate,
            tuple(seal.certificate for seal in self.seals),
            tuple((line.serial, line.at) for line in self.withdrawn),
            lasts=self.lasts,
        )

    def crl(self, authority: Authority) -> bytes:
        """The authority's list as of now, DER."""
        now = self.clock().replace(microsecond=0)
        lines = tuple(line for line in self.withdrawn if line.at <= now)
        plan = CrlPlan(now, now + self.lasts, lines, number=next(self.serials))
        return authority.crl(plan).public_bytes(Encoding.DER)

    def pkcs12(self, seal: Seal, *, password: str | None) -> bytes:
        """The seal's key, certificate and CA as a PKCS#12 file."""
        pki = TestPki(self.root, self.seal_ca, tuple(self.seals), ())
        return pki.pkcs12(seal, password=password)


def _lasting(plan: Plan) -> Plan:
    """The same for five years, as a timestamp authority's certificate is."""
    return replace(plan, not_after=plan.not_before + timedelta(days=5 * 365))
