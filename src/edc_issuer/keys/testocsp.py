"""An OCSP responder for tests: any answer, good or with one named fault.

An answer is described by an `AnswerPlan` and made by `ocsp_answer`; a test changes
one field of a good plan to get the answer that must not count. Written with our own
DER: no builder back-dates `producedAt` or signs with SHA-1. RFC 6960 section 4.2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import (
    write_digest,
)
from edc_issuer.cms.certificate import name_and_key, subject_der
from edc_issuer.cms.ocsp import NO_CHECK, NONCE, OCSP_SIGNING, read_request
from edc_issuer.keys.testder import (
    extension_list,
    generalized_time,
    hashed,
    sign_as,
)
from edc_issuer.keys.testpki import Authority, Plan, authority_subject

Extensions = tuple[tuple[str, bool, bytes], ...]
UNCHECKED: Extensions = ((NO_CHECK, False, der.encode(der.NULL)),)
_BASIC = "1.3.6.1.5.5.7.48.1.1"
_ENUMERATED = 0x0A
_NULL = der.encode(der.NULL)


def responder_plan(at: datetime, *, name: str = "EDC Test Responder") -> Plan:
    """The plan of a responder's certificate that need not be asked about."""
    return Plan(
        subject=authority_subject(name),
        not_before=at - timedelta(hours=1),
        not_after=at + timedelta(days=365),
        key_usage=("digitalSignature",),
        extended_key_usage=(OCSP_SIGNING,),
        extra=UNCHECKED,
    )


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """One answer in words; whatever is not said is as an honest responder does it.

    It is about `certificate`, made by `issuer`; `serial` and `digest` change how it
    names them. Without `produced_at` it was produced at `this_update`. `reason` is a
    CRLReason. `single` and `extensions` are as in a certificate's plan.
    `certificates` are carried along; without them those of the responder are.
    `signature_of` makes the signed bytes into those that are signed instead.
    """

    certificate: x509.Certificate
    issuer: x509.Certificate
    this_update: datetime
    next_update: datetime | None
    produced_at: datetime | None = None
    status: Literal["good", "revoked", "unknown"] = "good"
    revoked_at: datetime | None = None
    reason: int | None = None
    serial: int | None = None
    digest: str = "sha1"
    by_key: bool = True
    single: Extensions = ()
    extensions: Extensions = ()
    certificates: tuple[x509.Certificate, ...] | None = None
    response_status: int = 0
    response_type: str = _BASIC
    signed_with: str = "sha256"
    pss: bool = False
    beside: tuple[bytes, ...] = ()
    signature_of: Callable[[bytes], bytes] = field(default=lambda signed: signed)


def ocsp_answer(responder: Authority, plan: AnswerPlan) -> bytes:
    """The DER OCSPResponse that `plan` describes, signed by `responder`."""
    if plan.response_status:
        return der.sequence(der.encode(_ENUMERATED, bytes([plan.response_status])))
    signed = _response_data(responder, plan)
    family = "PS" if plan.pss else None
    algorithm, signature = sign_as(
        responder.key,
        plan.signature_of(signed),
        digest=plan.signed_with,
        family=family,
    )
    carried = plan.certificates
    if carried is None:
        carried = (responder.certificate,)
    basic = der.sequence(
        signed,
        algorithm,
        der.encode(der.BIT_STRING, b"\0" + signature),
        _carried(carried),
    )
    octets = der.encode(der.OCTET_STRING, basic)
    return der.sequence(
        der.encode(_ENUMERATED, b"\0"),
        der.encode(0xA0, der.sequence(der.oid(plan.response_type), octets)),
    )


def _response_data(responder: Authority, plan: AnswerPlan) -> bytes:
    return der.sequence(
        _responder_id(responder.certificate, plan),
        _whole_second(plan.produced_at or plan.this_update),
        der.sequence(single_answer(plan), *plan.beside),
        _extensions(plan.extensions),
    )


def _responder_id(certificate: x509.Certificate, plan: AnswerPlan) -> bytes:
    if not plan.by_key:
        return der.encode(0xA1, subject_der(certificate))
    digest = hashlib.sha1(_key_octets(certificate), usedforsecurity=False).digest()
    return der.encode(0xA2, der.encode(der.OCTET_STRING, digest))


def single_answer(plan: AnswerPlan) -> bytes:
    """The DER SingleResponse of a plan, to stand `beside` that of another."""
    until = plan.next_update
    return der.sequence(
        _cert_id(plan),
        _status(plan),
        _whole_second(plan.this_update),
        b"" if until is None else der.encode(0xA0, _whole_second(until)),
        _extensions(plan.single),
    )


def _cert_id(plan: AnswerPlan) -> bytes:
    name, _ = name_and_key(plan.issuer)
    key = _key_octets(plan.issuer)
    serial = plan.certificate.serial_number if plan.serial is None else plan.serial
    return der.sequence(
        write_digest(plan.digest),
        der.encode(der.OCTET_STRING, hashed(plan.digest, name)),
        der.encode(der.OCTET_STRING, hashed(plan.digest, key)),
        der.integer(serial),
    )


def _status(plan: AnswerPlan) -> bytes:
    if plan.status == "good":
        return der.encode(0x80)
    if plan.status == "unknown":
        return der.encode(0x82)
    reason = plan.reason
    why = b"" if reason is None else der.encode(_ENUMERATED, bytes([reason]))
    since = _whole_second(plan.revoked_at or plan.this_update)
    return der.encode(0xA1, since, der.encode(0xA0, why) if why else b"")


def _carried(certificates: tuple[x509.Certificate, ...]) -> bytes:
    encoded = [one.public_bytes(Encoding.DER) for one in certificates]
    return der.encode(0xA0, der.sequence(*encoded)) if encoded else b""


def _extensions(extensions: Extensions) -> bytes:
    made = extension_list(extensions)
    return der.encode(0xA1, der.sequence(*made)) if made else b""


def _whole_second(moment: datetime) -> bytes:
    """RFC 6960 section 4.2.2.1 takes the times of RFC 5280: without a fraction."""
    return generalized_time(moment.replace(microsecond=0))


def _key_octets(certificate: x509.Certificate) -> bytes:
    _, key = name_and_key(certificate)
    return der.parse(key).children()[1].bit_octets()


@dataclass(frozen=True, slots=True)
class TestResponder:
    """A responder of one CA that answers requests about what that CA issued.

    `withdrawn` gives the moment for each serial number that is; `change` makes
    another plan of the good one: what a dishonest or careless responder would do.
    """

    __test__ = False  # its name is no test for pytest

    responder: Authority
    issuer: x509.Certificate
    issued: tuple[x509.Certificate, ...]
    withdrawn: tuple[tuple[int, datetime], ...] = ()
    lasts: timedelta = timedelta(days=7)
    change: Callable[[AnswerPlan], AnswerPlan] = field(default=lambda plan: plan)

    def answer(self, request: bytes, *, at: datetime) -> bytes:
        """The OCSPResponse to a request at `at`; malformedRequest for no request."""
        try:
            asked = read_request(request)
        except der.DerError:
            return der.sequence(der.encode(_ENUMERATED, b"\1"))
        named = {one.serial_number: one for one in self.issued}
        certificate = named.get(asked.certificates[0].serial)
        if certificate is None:
            return der.sequence(der.encode(_ENUMERATED, b"\6"))  # unauthorized
        plan = self._plan(certificate, at.replace(microsecond=0))
        if asked.nonce is not None:
            plan = replace(plan, extensions=((NONCE, False, asked.nonce),))
        return ocsp_answer(self.responder, self.change(plan))

    def _plan(self, certificate: x509.Certificate, at: datetime) -> AnswerPlan:
        since = dict(self.withdrawn).get(certificate.serial_number)
        plan = AnswerPlan(certificate, self.issuer, at, at + self.lasts)
        if since is None:
            return plan
        return replace(plan, status="revoked", revoked_at=since)
