"""OCSP requests and answers, read and written as bytes (RFC 6960 section 4).

Only read: whose answer it is, and whether it counts, is judged in `trust.ocsp`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edc_issuer.cms import der
from edc_issuer.cms.certificate import Extension, read_extensions
from edc_issuer.cms.der import DerError, Element

NONCE = "1.3.6.1.5.5.7.48.1.2"
CRL_REFERENCES = "1.3.6.1.5.5.7.48.1.3"
NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
CERT_HASH = "1.3.36.8.3.13"  # the positive statement of Common PKI, part 4
REASON = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
MAX_SINGLES = 1000  # certificates in one answer; responders answer about one
MAX_CERTIFICATES = 16  # carried along; one or three are usual

_BASIC = "1.3.6.1.5.5.7.48.1.1"
_ENUMERATED = 0x0A
_BY_NAME, _BY_KEY = 0xA1, 0xA2
_GOOD, _REVOKED, _UNKNOWN = 0x80, 0xA1, 0x82
Status = Literal["good", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class CertId:
    """Whom a single answer is about: hashes of its issuer, and its serial number."""

    digest: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class SingleAnswer:
    """What is said about one certificate; `reason` as CRLReason numbers it."""

    certificate: CertId
    status: Status
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None
    reason: int | None
    extensions: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class BasicAnswer:
    """A successful answer: who says that they gave it, when, and about whom.

    `responder` is the DER of a Name, or the SHA-1 of a key where `by_key`.
    `algorithm` and `signature` are over `signed`; `certificates` are DER, at most
    sixteen, and nothing about them is believed.
    """

    responder: bytes
    by_key: bool
    produced_at: datetime
    singles: tuple[SingleAnswer, ...]
    extensions: tuple[Extension, ...]
    signed: bytes
    algorithm: Element
    signature: bytes
    certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What an OCSPRequest asks: about whom, and with which nonce (its DER)."""

    certificates: tuple[CertId, ...]
    nonce: bytes | None = None


def write_request(question: Question) -> bytes:
    """The DER OCSPRequest, unsigned: it says which certificate, and nothing of us."""
    asked = [der.sequence(_write_cert_id(one)) for one in question.certificates]
    extensions = b""
    if question.nonce is not None:
        value = der.encode(der.OCTET_STRING, question.nonce)
        nonce = der.sequence(der.oid(NONCE), value)
        extensions = der.encode(0xA2, der.sequence(nonce))
    return der.sequence(der.sequence(der.sequence(*asked), extensions))


def _write_cert_id(named: CertId) -> bytes:
    return der.sequence(
        der.sequence(der.oid(named.digest), der.encode(der.NULL)),
        der.encode(der.OCTET_STRING, named.issuer_name_hash),
        der.encode(der.OCTET_STRING, named.issuer_key_hash),
        der.integer(named.serial),
    )


def read_request(data: bytes) -> Question:
    """Read a DER OCSPRequest; `DerError` for anything else, or for no question."""
    request = der.parse(data, der.SEQUENCE).fields()
    fields = request.take(der.SEQUENCE).fields()
    fields.optional(0xA0)  # version
    fields.optional(0xA1)  # who asks
    asked = fields.take().children(der.SEQUENCE, most=MAX_SINGLES)
    extensions = _extensions(fields.optional(0xA2))
    fields.end()
    if not asked:
        raise DerError("an OCSP request that asks nothing")
    nonces = [given.value for given in extensions if given.oid == NONCE]
    return Question(
        tuple(_cert_id(one.fields().take(der.SEQUENCE)) for one in asked),
        nonces[0] if nonces else None,
    )


def read_answer(data: bytes) -> BasicAnswer:
    """Read a DER OCSPResponse; `DerError` unless it is a successful basic one."""
    fields = der.parse(data, der.SEQUENCE).fields()
    if fields.take().integer(_ENUMERATED) != 0:
        raise DerError("an OCSP answer that says it failed")
    wrapper = fields.take(0xA0).only().fields()
    fields.end()
    if wrapper.take().oid() != _BASIC:
        raise DerError("an OCSP answer of a kind that is not known here")
    basic = der.parse(wrapper.take().octets(), der.SEQUENCE).fields()
    signed, algorithm = basic.take(der.SEQUENCE), basic.take(der.SEQUENCE)
    signature = basic.take().bit_octets()
    carried = basic.optional(0xA0)
    basic.end()
    return _answer(signed, algorithm, signature, _certificates(carried))


def _certificates(carried: Element | None) -> tuple[bytes, ...]:
    if carried is None:
        return ()
    found = carried.only().children(der.SEQUENCE)
    return tuple(element.encoded for element in found[:MAX_CERTIFICATES])


def _answer(
    signed: Element,
    algorithm: Element,
    signature: bytes,
    certificates: tuple[bytes, ...],
) -> BasicAnswer:
    fields = signed.fields()
    version = fields.optional(0xA0)
    if version is not None and version.only().integer() != 0:
        raise DerError("an OCSP answer of a version that is not known here")
    responder = fields.take()
    if responder.tag not in (_BY_NAME, _BY_KEY):
        raise DerError("an OCSP answer that does not say whose it is")
    by_key = responder.tag == _BY_KEY
    inner = responder.only()
    produced_at = fields.take(der.GENERALIZED_TIME).time()
    singles = fields.take().children(der.SEQUENCE, most=MAX_SINGLES)
    extensions = _extensions(fields.optional(0xA1))
    fields.end()
    return BasicAnswer(
        inner.octets() if by_key else inner.expect(der.SEQUENCE).encoded,
        by_key,
        produced_at,
        tuple(map(_single, singles)),
        extensions,
        signed.encoded,
        algorithm,
        signature,
        certificates,
    )


def _single(element: Element) -> SingleAnswer:
    fields = element.fields()
    certificate = _cert_id(fields.take(der.SEQUENCE))
    status, revoked_at, reason = _status(fields.take())
    this_update = fields.take(der.GENERALIZED_TIME).time()
    until = fields.optional(0xA0)
    extensions = _extensions(fields.optional(0xA1))
    fields.end()
    return SingleAnswer(
        certificate,
        status,
        this_update,
        until.only().expect(der.GENERALIZED_TIME).time() if until else None,
        revoked_at,
        reason,
        extensions,
    )


def _extensions(wrapper: Element | None) -> tuple[Extension, ...]:
    if wrapper is None:
        return ()
    return read_extensions(wrapper.only().children(der.SEQUENCE))


def _cert_id(element: Element) -> CertId:
    fields = element.fields()
    digest = fields.take(der.SEQUENCE).fields().take().oid()
    name, key = fields.take().octets(), fields.take().octets()
    serial = fields.take().integer()
    fields.end()
    return CertId(digest, name, key, serial)


def _status(element: Element) -> tuple[Status, datetime | None, int | None]:
    if element.tag == _REVOKED:
        fields = element.fields(_REVOKED)
        since = fields.take(der.GENERALIZED_TIME).time()
        reason = fields.optional(0xA0)
        fields.end()
        return "revoked", since, reason.only().integer(_ENUMERATED) if reason else None
    if element.tag not in (_GOOD, _UNKNOWN) or element.content:
        raise DerError("an OCSP answer with a status that is not known here")
    return ("good" if element.tag == _GOOD else "unknown"), None, None
