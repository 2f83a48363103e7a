"""What an OCSP answer says about a certificate (RFC 6960).

It counts only if all of this holds:
1. it is successful and basic, and one of its answers names this certificate: the
   hashes of its issuer's name and key, and its serial number (section 4.1.1);
2. its signature is sound, and made by the issuer's own key or by a responder to
   whom the same key gave a certificate with id-kp-OCSPSigning (4.2.2.2), in the
   time of that certificate;
3. no critical extension is unknown here.
A responder without id-pkix-ocsp-nocheck can be withdrawn itself: it is handed on
as `Statement.unconfirmed`, and `trust.revocation` asks (4.2.2.2.1). How old the
answer may be is the same question as for lists and is asked there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import read_signature_algorithm
from edc_issuer.cms.certificate import extension, load, name_and_key, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.ocsp import (
    ARCHIVE_CUTOFF,
    CERT_HASH,
    CRL_REFERENCES,
    EXTENDED_REVOKE,
    INVALIDITY_DATE,
    NO_CHECK,
    NONCE,
    OCSP_SIGNING,
    REASON,
    BasicAnswer,
    CertId,
    SingleAnswer,
    read_answer,
)
from edc_issuer.cms.readers import (
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SUBJECT_ALTERNATIVE_NAME,
    critical_extensions,
    extended_key_usage,
    key_usage,
)
from edc_issuer.cms.remembering import remembered
from edc_issuer.jose import weakness
from edc_issuer.trust.evidence import answer_der
from edc_issuer.trust.path import is_issued_by, weak_signature
from edc_issuer.trust.statement import Statement, Withdrawal

# For finding whom an answer is about; its own signature takes no SHA-1.
_HASHES: dict[str, Callable[[bytes], bytes]] = {
    "1.3.14.3.2.26": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "2.16.840.1.101.3.4.2.1": lambda data: hashlib.sha256(data).digest(),
    "2.16.840.1.101.3.4.2.2": lambda data: hashlib.sha384(data).digest(),
    "2.16.840.1.101.3.4.2.3": lambda data: hashlib.sha512(data).digest(),
}
_WEAK = frozenset({"md5", "sha1"})
_UNDERSTOOD = frozenset({NONCE, CRL_REFERENCES, EXTENDED_REVOKE})
_UNDERSTOOD_OF_ONE = _UNDERSTOOD | {ARCHIVE_CUTOFF, CERT_HASH, REASON, INVALIDITY_DATE}
_UNDERSTOOD_OF_RESPONDER = frozenset(
    {
        BASIC_CONSTRAINTS,
        CERTIFICATE_POLICIES,
        EXTENDED_KEY_USAGE,
        KEY_USAGE,
        NO_CHECK,
        SUBJECT_ALTERNATIVE_NAME,
    }
)
_REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}


@dataclass(frozen=True, slots=True)
class OpenedAnswer:
    """An answer that could be read, beside the object it was read from."""

    response: ocsp.OCSPResponse
    basic: BasicAnswer


def open_answers(answers: Iterable[ocsp.OCSPResponse]) -> tuple[OpenedAnswer, ...]:
    """Those that can be read and are successful; the others say nothing."""
    opened = []
    for response in answers:
        try:
            basic = read_answer(answer_der(response))
        except (DerError, ValueError):
            continue
        opened.append(OpenedAnswer(response, basic))
    return tuple(opened)


def ocsp_statements(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    answers: Sequence[OpenedAnswer],
    *,
    pool: Sequence[x509.Certificate] = (),
) -> Iterator[Statement]:
    """What those of the answers say that are about this certificate and authentic.

    `pool` is where a responder's certificate may be that the answer leaves out.
    """
    for opened in answers:
        about = [s for s in opened.basic.singles if _names(s, certificate, issuer)]
        if not about:
            continue
        signer = _signer(opened.basic, certificate, issuer, pool)
        if signer is None:
            continue
        for single in about:
            yield _statement(opened, single, signer, issuer)


def cert_id(
    certificate: x509.Certificate, issuer: x509.Certificate, digest: str
) -> CertId | None:
    """How an answer with hashes of this algorithm names it; None for unknown ones.

    None also where the issuer's certificate cannot be read.
    """
    hashed = _HASHES.get(digest)
    if hashed is None:
        return None
    try:
        name, key = name_and_key(issuer)
        octets = der.parse(key).children()[1].bit_octets()
    except (DerError, IndexError):
        return None
    return CertId(digest, hashed(name), hashed(octets), certificate.serial_number)


def _names(
    single: SingleAnswer, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    named = single.certificate
    if named.serial != certificate.serial_number:
        return False
    if named != cert_id(certificate, issuer, named.digest):
        return False
    try:
        return _is_of_certificate(single, certificate)
    except DerError:
        return False


def _is_of_certificate(single: SingleAnswer, certificate: x509.Certificate) -> bool:
    """Whether the hash of the whole certificate fits, where one is given."""
    for given in single.extensions:
        if given.oid == CERT_HASH:
            fields = der.parse(given.value).fields()
            hashed = _HASHES.get(fields.take().fields().take().oid())
            encoded = certificate.public_bytes(Encoding.DER)
            return hashed is not None and hashed(encoded) == fields.take().octets()
    return True


def _statement(
    opened: OpenedAnswer,
    single: SingleAnswer,
    signer: x509.Certificate,
    issuer: x509.Certificate,
) -> Statement:
    basic = opened.basic
    delegated = signer != issuer
    return Statement(
        opened.response,
        signer,
        single.this_update,
        single.next_update,
        basic.produced_at,
        _withdrawal(single),
        _flaw(basic, single),
        _archive_cutoff(single),
        signer if delegated and not _is_unchecked(signer) else None,
    )


def _flaw(basic: BasicAnswer, single: SingleAnswer) -> str | None:
    if single.status == "unknown":
        return "unknown-to-responder"
    critical = {e.oid for e in basic.extensions if e.critical} - _UNDERSTOOD
    of_one = {e.oid for e in single.extensions if e.critical} - _UNDERSTOOD_OF_ONE
    return "other-scope" if critical or of_one else None


def _withdrawal(single: SingleAnswer) -> Withdrawal | None:
    if single.revoked_at is None:
        return None
    reason = None if single.reason is None else _REASONS.get(single.reason)
    # RFC 6960 section 4.4.5: extensions of CRL entries may stand here as well.
    try:
        since = _time_of(single, INVALIDITY_DATE)
    except DerError:
        return Withdrawal(single.revoked_at, None, reason, is_readable=False)
    return Withdrawal(single.revoked_at, since, reason)


def _archive_cutoff(single: SingleAnswer) -> datetime | None:
    try:
        return _time_of(single, ARCHIVE_CUTOFF)
    except DerError:
        return None


def _time_of(single: SingleAnswer, oid: str) -> datetime | None:
    for given in single.extensions:
        if given.oid == oid:
            return der.parse(given.value, der.GENERALIZED_TIME).time()
    return None


def _signer(
    basic: BasicAnswer,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    pool: Sequence[x509.Certificate],
) -> x509.Certificate | None:
    """Whose key signed it: the issuer's, or that of a responder it appointed."""
    called = (
        candidate
        for candidate in (issuer, *_carried(basic), *pool)
        # Nobody speaks for himself, whatever his certificate allows.
        if candidate != certificate and _is_called(candidate, basic)
    )
    for candidate in called:
        if candidate != issuer and not _is_appointed(candidate, issuer, basic):
            continue
        if _is_signed(basic, candidate):
            return candidate
    return None


def _carried(basic: BasicAnswer) -> Iterator[x509.Certificate]:
    for encoded in basic.certificates:
        try:
            yield load(encoded)
        except (ValueError, x509.InvalidVersion):
            continue


def _is_called(candidate: x509.Certificate, basic: BasicAnswer) -> bool:
    """Whether this is the name, or the key, that the answer gives as its own."""
    try:
        if not basic.by_key:
            return subject_der(candidate) == basic.responder
        _, key = name_and_key(candidate)
        octets = der.parse(key).children()[1].bit_octets()
        digest = hashlib.sha1(octets, usedforsecurity=False).digest()
        return digest == basic.responder
    except (DerError, IndexError):
        return False


def _is_appointed(
    responder: x509.Certificate, issuer: x509.Certificate, basic: BasicAnswer
) -> bool:
    """Whether the issuer's key gave it the right to answer, at the answer's time."""
    try:
        begins, ends = responder.not_valid_before_utc, responder.not_valid_after_utc
    except ValueError:
        return False
    return begins <= basic.produced_at <= ends and _may_answer(responder, issuer)


# A file may bring any number of answers and certificates along.
@remembered
def _may_answer(responder: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        if OCSP_SIGNING not in (extended_key_usage(responder) or ()):
            return False
        usage = key_usage(responder)
        if usage is not None and usage.isdisjoint(
            ("digitalSignature", "nonRepudiation")
        ):
            return False
        if critical_extensions(responder) - _UNDERSTOOD_OF_RESPONDER:
            return False
        if weak_signature(responder.signature_hash_algorithm):
            return False
        return is_issued_by(responder, issuer)
    except (DerError, ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _is_signed(basic: BasicAnswer, signer: x509.Certificate) -> bool:
    try:
        algorithm = read_signature_algorithm(basic.algorithm, "")
        if algorithm.digests & _WEAK:
            return False
        key = signer.public_key()
        if weakness(key):  # type: ignore[arg-type]
            return False
        algorithm.verify(key, basic.signature, basic.signed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _is_unchecked(responder: x509.Certificate) -> bool:
    """Whether its authority said that nobody need ask about it (4.2.2.2.1)."""
    try:
        return extension(responder, NO_CHECK) is not None
    except DerError:
        return False
