"""Evidence about withdrawal that anybody may hand over: lists, answers, certificates.

Nothing in it is believed for where it came from. A CRL or an OCSP answer counts by
its signature and its age (`trust.revocation`); a certificate is only a candidate
for building paths and for finding a responder's key.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from edc_issuer.cms.certificate import encoded, load
from edc_issuer.errors import ConfigError

MAX_CRL = 128 * 1024 * 1024  # the largest CRLs of national authorities near 50 MB
MAX_ANSWER = 1024 * 1024  # an OCSP answer has 0.5 to 8 kB
MAX_CERTIFICATES = 1024 * 1024  # one file, which may hold several


@lru_cache(maxsize=32)
def answer_der(answer: ocsp.OCSPResponse) -> bytes:
    """The answer as DER; the same object is asked many times, and writes slowly."""
    return answer.public_bytes(Encoding.DER)


def ocsp_digest(answer: ocsp.OCSPResponse) -> str:
    """SHA-256 of the answer's DER, in hex: what tells two answers apart."""
    return hashlib.sha256(answer_der(answer)).hexdigest()


class SameList:
    """A CRL as the key of a cache: equal to itself alone, since lists have no hash.

    Whoever verifies many files asks the same few lists each time, and each question
    costs as much as the list is long.
    """

    __slots__ = ("crl",)

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self.crl = crl

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameList) and self.crl is other.crl

    def __hash__(self) -> int:
        return id(self.crl)  # the key keeps the list, so that no other gets its id


LISTS_KEPT = 8  # in a cache; the paths of a seal and its timestamp need four


def crl_digest(crl: x509.CertificateRevocationList) -> str:
    """SHA-256 of the list's DER, in hex."""
    return _crl_digest(SameList(crl))


@lru_cache(maxsize=LISTS_KEPT)
def _crl_digest(same: SameList) -> str:
    return same.crl.fingerprint(hashes.SHA256()).hex()


def _crls_once(
    given: tuple[x509.CertificateRevocationList, ...],
) -> tuple[x509.CertificateRevocationList, ...]:
    # A digest of each would cost much: there are lists of 50 MB. Those with one
    # signature are compared whole, so that no forged twin can replace the real one.
    kept: dict[bytes, list[x509.CertificateRevocationList]] = {}
    for crl in given:
        twins = kept.setdefault(crl.signature, [])
        if not any(crl is twin or crl == twin for twin in twins):
            twins.append(crl)
    return tuple(crl for twins in kept.values() for crl in twins)


def _answers_once(
    given: tuple[ocsp.OCSPResponse, ...],
) -> tuple[ocsp.OCSPResponse, ...]:
    return tuple({answer_der(one): one for one in given}.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lists, OCSP answers and certificates, each once."""

    crls: tuple[x509.CertificateRevocationList, ...] = ()
    ocsp: tuple[ocsp.OCSPResponse, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "crls", _crls_once(self.crls))
        object.__setattr__(self, "ocsp", _answers_once(self.ocsp))
        certificates = tuple({encoded(one): one for one in self.certificates}.values())
        object.__setattr__(self, "certificates", certificates)

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsp or self.certificates)

    def __add__(self, other: Evidence) -> Evidence:
        """Both, without what stands in both."""
        if not (self and other):
            return self or other
        return Evidence(
            self.crls + other.crls,
            self.ocsp + other.ocsp,
            self.certificates + other.certificates,
        )

    def without(self, known: Evidence) -> Evidence:
        """What of it is not in `known`."""
        certificates = set(known.certificates)
        crls = {crl.public_bytes(Encoding.DER) for crl in known.crls}
        answers = {answer_der(one) for one in known.ocsp}
        return Evidence(
            tuple(c for c in self.crls if c.public_bytes(Encoding.DER) not in crls),
            tuple(a for a in self.ocsp if answer_der(a) not in answers),
            tuple(c for c in self.certificates if c not in certificates),
        )

    @classmethod
    def merged(cls, parts: Iterable[Evidence]) -> Evidence:
        """All of them in one."""
        given = tuple(parts)
        return cls(
            tuple(crl for part in given for crl in part.crls),
            tuple(answer for part in given for answer in part.ocsp),
            tuple(one for part in given for one in part.certificates),
        )

    @classmethod
    def read(cls, data: bytes, *, source: str = "evidence") -> Evidence:
        """One file: a CRL or certificates, PEM or DER, or a DER OCSPResponse.

        `ConfigError` names `source` for anything else, and for what is too large.
        """
        for reader in (_crls, _answers, _certificates):
            try:
                found = reader(data, source)
            except (ValueError, x509.InvalidVersion):
                continue
            return found
        raise ConfigError(
            f"{source}: not a revocation list (CRL), an OCSP answer or a certificate"
        )


def _bounded(data: bytes, limit: int, source: str) -> None:
    if len(data) > limit:
        raise ConfigError(f"{source}: larger than {limit // 1024} kB")


def _is_pem(data: bytes) -> bool:
    return b"-----BEGIN" in data[:200]


def _crls(data: bytes, source: str) -> Evidence:
    _bounded(data, MAX_CRL, source)
    load = x509.load_pem_x509_crl if _is_pem(data) else x509.load_der_x509_crl
    return Evidence(crls=(load(data),))


def _answers(data: bytes, source: str) -> Evidence:
    if len(data) > MAX_ANSWER:
        raise ValueError("too large for an OCSP answer")
    return Evidence(ocsp=(ocsp.load_der_ocsp_response(data),))


def _certificates(data: bytes, source: str) -> Evidence:
    _bounded(data, MAX_CERTIFICATES, source)
    with warnings.catch_warnings():
        # Certificates of old authorities have serial numbers that are not positive.
        warnings.simplefilter("ignore")
        if _is_pem(data):
            return Evidence(certificates=tuple(x509.load_pem_x509_certificates(data)))
        return Evidence(certificates=(load(data),))
