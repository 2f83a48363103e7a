"""From a certificate up to an anchor, at a time (RFC 5280 section 6, without policies).

Steps for each candidate path, in this order:
 1. names and signatures: every certificate is signed by the next one's key
 2. cryptography: no SHA-1, no weak key below the anchor
 3. every issuer is an authority: basicConstraints, keyCertSign, path length
 4. name constraints; critical extensions nobody here understands
 5. test certificates only below anchors for tests
 6. validity at the time asked for, of everything below the anchor
Revocation is not here: `trust.revocation` judges the path that was found. The words
of the result are the indications of ETSI EN 319 102-1, clause 5.1.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from edc_issuer.cms import der
from edc_issuer.cms.certificate import extension, issuer_der, name_and_key, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import (
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    NAME_CONSTRAINTS,
    SUBJECT_ALTERNATIVE_NAME,
    basic_constraints,
    critical_extensions,
    is_test_certificate,
    key_usage,
    name_constraints,
)
from edc_issuer.cms.remembering import remembered
from edc_issuer.jose import weakness
from edc_issuer.trust.anchors import Anchor
from edc_issuer.trust.names import violates

MAX_LENGTH = 10  # certificates; real paths have two to four
MAX_SIGNATURES = 100  # checked in one search, so that cross-signing cannot explode
MAX_POOL = 200  # certificates that came along with a file

_POLICY_CONSTRAINTS = "2.5.29.36"
_INHIBIT_ANY_POLICY = "2.5.29.54"
_POLICY_MAPPINGS = "2.5.29.33"
# With any policy accepted and none demanded, mapping or forbidding "any" cannot
# turn a good path into a bad one; only a demand (policyConstraints) could.
_UNDERSTOOD = frozenset(
    {
        BASIC_CONSTRAINTS,
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        CERTIFICATE_POLICIES,
        NAME_CONSTRAINTS,
        SUBJECT_ALTERNATIVE_NAME,
        _POLICY_CONSTRAINTS,
        _INHIBIT_ANY_POLICY,
        _POLICY_MAPPINGS,
    }
)


@dataclass(frozen=True, slots=True)
class PathResult:
    """The path, signer first and anchor last, or why there is none that holds.

    `sub_indication` is None for a path without fault. `reason` is the code of a
    check: `no-chain`, `chain-constraints`, `weak-algorithm`, `expired`,
    `not-yet-valid`, `test-under-real-anchor`. `is_fail` says that the law of verdicts
    makes it a fail; everything else that is wrong with a path is undecided.
    """

    certificates: tuple[x509.Certificate, ...] = ()
    anchor: Anchor | None = None
    sub_indication: str | None = None
    reason: str = ""
    detail: str = ""

    @property
    def is_good(self) -> bool:
        return self.sub_indication is None

    @property
    def is_fail(self) -> bool:
        return self.reason in ("not-yet-valid", "test-under-real-anchor")


@dataclass(frozen=True, slots=True)
class _Fault:
    sub_indication: str
    reason: str
    detail: str


_NO_CHAIN = PathResult(
    sub_indication="NO_CERTIFICATE_CHAIN_FOUND",
    reason="no-chain",
    detail="no path leads from this certificate to one that you trust",
)
# Where several paths lead to anchors and none holds, the one nearest to holding is
# told: a fault of time before a fault of make, and a fail only if nothing else is.
_ORDER = (
    "expired",
    "not-yet-valid",
    "weak-algorithm",
    "chain-constraints",
    "test-under-real-anchor",
)


def build_path(
    certificate: x509.Certificate,
    *,
    pool: Sequence[x509.Certificate],
    anchors: Sequence[Anchor],
    at: datetime,
) -> PathResult:
    """The first path that holds at `at`, or the best of those that do not.

    `pool` are certificates that came along; nothing about them is believed.
    """
    best = _NO_CHAIN
    for path, anchor in _paths(certificate, pool[:MAX_POOL], anchors):
        fault = _fault(path, anchor, at)
        if fault is None:
            return PathResult(path, anchor)
        if best.anchor is None or _rank(fault.reason) < _rank(best.reason):
            best = PathResult(
                path, anchor, fault.sub_indication, fault.reason, fault.detail
            )
    return best


def good_paths(
    certificate: x509.Certificate,
    *,
    pool: Sequence[x509.Certificate],
    anchors: Sequence[Anchor],
    at: datetime,
) -> Iterator[PathResult]:
    """Every path that holds at `at`: an authority may have several certificates."""
    for path, anchor in _paths(certificate, pool[:MAX_POOL], anchors):
        if _fault(path, anchor, at) is None:
            yield PathResult(path, anchor)


def _rank(reason: str) -> int:
    return _ORDER.index(reason)


def _paths(
    certificate: x509.Certificate,
    pool: Sequence[x509.Certificate],
    anchors: Sequence[Anchor],
) -> Iterator[tuple[tuple[x509.Certificate, ...], Anchor]]:
    for anchor in anchors:
        if anchor.certificate == certificate:
            yield (certificate,), anchor
    authorities = [anchor for anchor in anchors if not anchor.pinned]
    search = _Search(authorities, pool)
    yield from search.above((certificate,))


class _Search:
    """A bounded depth-first search; anchors are tried before the pool."""

    def __init__(
        self, anchors: Sequence[Anchor], pool: Sequence[x509.Certificate]
    ) -> None:
        self._anchors = anchors
        self._pool = pool
        self._left = MAX_SIGNATURES

    def above(
        self, path: tuple[x509.Certificate, ...]
    ) -> Iterator[tuple[tuple[x509.Certificate, ...], Anchor]]:
        """Every way from the last certificate of `path` to an anchor."""
        if len(path) >= MAX_LENGTH:
            return
        for anchor in self._anchors:
            if self._issued(path, anchor.certificate):
                yield (*path, anchor.certificate), anchor
        for candidate in self._pool:
            if self._issued(path, candidate):
                yield from self.above((*path, candidate))

    def _issued(
        self, path: tuple[x509.Certificate, ...], candidate: x509.Certificate
    ) -> bool:
        if not _is_named(path[-1], candidate) or self._left == 0:
            return False
        if _visited(candidate, path):
            return False
        self._left -= 1
        return is_issued_by(path[-1], candidate)


def _visited(candidate: x509.Certificate, path: tuple[x509.Certificate, ...]) -> bool:
    # The same name with the same key is the same authority, whoever signed it:
    # two that certify each other would otherwise lead in circles.
    try:
        own = name_and_key(candidate)
        return any(own == name_and_key(passed) for passed in path)
    except DerError:
        return True


@remembered
def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key fit; says nothing about being allowed to."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _fault(
    path: tuple[x509.Certificate, ...], anchor: Anchor, at: datetime
) -> _Fault | None:
    try:
        return (
            _ill_made(*path)
            or _test_under_real(path, anchor)
            or _out_of_time(path, anchor, at)
        )
    except (ValueError, TypeError) as error:
        return _constraint(f"a certificate in the path cannot be read ({error})")


def _constraint(detail: str) -> _Fault:
    return _Fault("CHAIN_CONSTRAINTS_FAILURE", "chain-constraints", detail)


@remembered
def _ill_made(*path: x509.Certificate) -> _Fault | None:
    """The steps that no time and no anchor changes anything about."""
    return _weak(path) or _not_allowed(path) or _names(path) or _not_understood(path)


def _weak(path: tuple[x509.Certificate, ...]) -> _Fault | None:
    for certificate in path[:-1]:
        problem = weak_signature(certificate.signature_hash_algorithm) or _weak_key(
            certificate
        )
        if problem:
            sub_indication = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
            return _Fault(sub_indication, "weak-algorithm", problem)
    return None


def weak_signature(digest: hashes.HashAlgorithm | None) -> str | None:
    """Why a signature made with this digest proves nothing; None if it does."""
    if isinstance(digest, hashes.SHA1 | hashes.MD5):
        return f"signed with {digest.name}, which can be forged"
    return None


def _weak_key(certificate: x509.Certificate) -> str | None:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "a key of a type that is not known here"
    return weakness(key) if isinstance(key, rsa.RSAPublicKey) else None


def _not_allowed(path: tuple[x509.Certificate, ...]) -> _Fault | None:
    below = 0
    for issuer in path[1:]:
        constraints = basic_constraints(issuer)
        is_anchor = issuer is path[-1]
        # What an anchor is was decided when it was made one; old roots are silent.
        if not is_anchor and not (constraints and constraints.ca):
            return _constraint("issued by a certificate that is no authority")
        usage = key_usage(issuer)
        if usage is not None and "keyCertSign" not in usage:
            return _constraint("issued by a key that may not sign certificates")
        limit = constraints.path_length if constraints else None
        if limit is not None and below > limit:
            return _constraint("more authorities in a row than one of them allows")
        below += not _is_self_issued(issuer)
    return None


def _names(path: tuple[x509.Certificate, ...]) -> _Fault | None:
    for index, issuer in enumerate(path[1:], 1):
        constraints = name_constraints(issuer)
        if constraints is None:
            continue
        for place, certificate in enumerate(path[:index]):
            if place and _is_self_issued(certificate):
                continue  # RFC 5280 6.1.3 (b): self-issued authorities are exempt
            problem = violates(certificate, constraints)
            if problem:
                return _constraint(problem)
    return None


def _not_understood(path: tuple[x509.Certificate, ...]) -> _Fault | None:
    for certificate in path:
        unknown = critical_extensions(certificate) - _UNDERSTOOD
        if unknown:
            return _constraint(f"a critical extension unknown here: {min(unknown)}")
        if _demands_policy(certificate):
            return _constraint("an authority demands a policy, which is not judged")
    return None


def _demands_policy(certificate: x509.Certificate) -> bool:
    found = extension(certificate, _POLICY_CONSTRAINTS)
    if found is None:
        return False
    return der.parse(found.value).fields().optional(0x80) is not None


def _test_under_real(
    path: tuple[x509.Certificate, ...], anchor: Anchor
) -> _Fault | None:
    if anchor.test or not any(map(is_test_certificate, path)):
        return None
    return _Fault(
        "CHAIN_CONSTRAINTS_FAILURE",
        "test-under-real-anchor",
        "a test certificate below an anchor that is not for tests",
    )


def _out_of_time(
    path: tuple[x509.Certificate, ...], anchor: Anchor, at: datetime
) -> _Fault | None:
    if at < path[0].not_valid_before_utc:
        begins = f"{path[0].not_valid_before_utc:%Y-%m-%d}"
        return _Fault("NOT_YET_VALID", "not-yet-valid", f"valid only from {begins}")
    # An anchor counts as long as the operator keeps it; a pinned one is a signer.
    for certificate in path if anchor.pinned else path[:-1]:
        if at > certificate.not_valid_after_utc:
            ended = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
            return _Fault("OUT_OF_BOUNDS_NO_POE", "expired", f"expired on {ended}")
        if at < certificate.not_valid_before_utc:
            return _constraint("an authority's certificate that was not valid yet")
    return None


def issuers_of(
    certificate: x509.Certificate, pool: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Those of the pool whose key signed this certificate, at most a few."""
    named = [c for c in pool if _is_named(certificate, c)][:MAX_LENGTH]
    return tuple(c for c in named if is_issued_by(certificate, c))


@remembered
def _is_named(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        return certificate.issuer == issuer.subject
    except (ValueError, TypeError):
        return False  # a name that cannot be read leads nowhere


def _is_self_issued(certificate: x509.Certificate) -> bool:
    return subject_der(certificate) == issuer_der(certificate)
