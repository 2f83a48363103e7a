"""Until when an algorithm is believed: a dated table, not code.

ETSI TS 119 312 v1.5.1 (2024-10), as the Commission's validation software uses it.
A date is the first day on which a proof without an earlier proved time counts no
longer. Ends that lie after the table's own date, 2024-10-13, are forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edc_issuer.jose import PublicKey


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: JOSE family, keys from `bits` on, the end (None: no end in sight)."""

    family: str
    bits: int
    end: date | None


# Of several lines of a family the one with the most bits that the key reaches counts.
_SIGNATURES: tuple[_Row, ...] = (
    _Row("RS", 0, date(2019, 10, 1)),
    _Row("RS", 1900, date(2029, 1, 1)),
    _Row("PS", 0, date(2019, 10, 1)),
    _Row("PS", 1900, date(2029, 1, 1)),
    _Row("PS", 3000, None),
    _Row("ES", 0, date(2021, 10, 1)),
    _Row("ES", 256, None),
)
_DIGESTS: tuple[tuple[str, date | None], ...] = (
    ("sha1", date(2012, 8, 1)),
    ("sha224", date(2029, 1, 1)),
    ("sha256", None),
    ("sha384", None),
    ("sha512", None),
    ("sha3-256", None),
    ("sha3-384", None),
    ("sha3-512", None),
)
# In use and sound, but not in the table: European seal validators do not take them.
_NOT_LISTED = ("EdDSA", "Ed25519", "eddsa-rdfc-2022", "eddsa-jcs-2022")
_SUITES = {"ecdsa-rdfc-2019": "ES", "ecdsa-jcs-2019": "ES", "ecdsa-sd-2023": "ES"}


def is_listed(algorithm: str) -> bool:
    """Whether the table knows this `alg` or cryptosuite; EdDSA is not in it."""
    return _family(algorithm) is not None


def end_of(algorithm: str, key: PublicKey, *, digest: str | None = None) -> date | None:
    """The first day on which `algorithm` with this key is no longer enough.

    None: no end is in sight, also for what is not in the table (see `is_listed`).
    `digest` (`sha256`) adds a hash that is used besides; the earlier end counts.
    """
    ends = [_signature_end(algorithm, key)]
    if digest is not None:
        ends.append(digest_end(digest))
    dated = [end for end in ends if end is not None]
    return min(dated) if dated else None


def certificate_end(certificate: x509.Certificate, issuer: PublicKey) -> date | None:
    """The first day on which `issuer`'s signature on a certificate counts no longer."""
    try:
        hashed = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return date.min
    if isinstance(issuer, rsa.RSAPublicKey):
        is_pss = (
            certificate.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSASSA_PSS
        )
        family = "PS" if is_pss else "RS"
    else:
        family = "ES" if isinstance(issuer, ec.EllipticCurvePublicKey) else "EdDSA"
    return end_of(family, issuer, digest=hashed.name if hashed else None)


def digest_end(name: str) -> date | None:
    """The first day on which a hash is no longer enough; an unknown one never is."""
    return dict(_DIGESTS).get(name.lower(), date.min)


def _family(algorithm: str) -> str | None:
    if algorithm in _NOT_LISTED:
        return None
    family = _SUITES.get(algorithm, algorithm[:2])
    return family if any(row.family == family for row in _SIGNATURES) else None


def _signature_end(algorithm: str, key: PublicKey) -> date | None:
    family, bits = _family(algorithm), _bits(key)
    rows = [row for row in _SIGNATURES if row.family == family and row.bits <= bits]
    return max(rows, key=lambda row: row.bits).end if rows else None


def _bits(key: PublicKey) -> int:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size
    curve = getattr(key, "curve", None)
    return curve.key_size if curve is not None else 0
