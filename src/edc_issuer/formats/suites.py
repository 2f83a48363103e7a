"""The cryptosuites of Data Integrity: one row for each, and how they are found.

A suite fixes everything that a forger could otherwise choose: how the document is
brought into one form, which hash is taken of it, and which keys may sign. W3C Data
Integrity EdDSA Cryptosuites 1.0, Data Integrity ECDSA Cryptosuites 1.0. Nothing
here is heavy to import, so that a report may ask about a suite without its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from edc_issuer import jose
from edc_issuer.jose import PublicKey

PROOF_TYPE: Final = "DataIntegrityProof"
# Notes on a proof: of a suite that is verified and no longer issued, of no known one.
LEGACY: Final = "legacy-suite"
UNKNOWN: Final = "unknown-suite"
Canonicalization = Literal["rdfc", "jcs", "selective"]


@dataclass(frozen=True, slots=True)
class Means:
    """A signature algorithm with the hash and the length (in bytes) it comes with."""

    algorithm: str  # of JOSE; it fixes the kind of key and its curve
    hash: str
    length: int


ED25519: Final = Means("Ed25519", "sha256", 64)
P256: Final = Means("ES256", "sha256", 64)
P384: Final = Means("ES384", "sha384", 96)


@dataclass(frozen=True, slots=True)
class Suite:
    """One cryptosuite. `legacy` ones are verified and never issued.

    `type` is the proof's; where it is not `DataIntegrityProof`, it names the suite
    and the proof has no `cryptosuite`. `means` are one row for each kind of key.
    """

    name: str
    canonicalization: Canonicalization
    means: tuple[Means, ...]
    type: str = PROOF_TYPE
    legacy: bool = False

    def means_for(self, key: PublicKey) -> Means | None:
        """How a key of this kind signs in this suite; None where it cannot."""
        found = (row for row in self.means if jose.fits(row.algorithm, key))
        return next(found, None)

    def means_of_length(self, length: int) -> Means | None:
        """The means whose signatures have so many bytes."""
        return next((row for row in self.means if row.length == length), None)


# In the order of preference: the first that a key fits is the one it issues with.
SUITES: tuple[Suite, ...] = (
    Suite("eddsa-rdfc-2022", "rdfc", (ED25519,)),
    Suite("ecdsa-rdfc-2019", "rdfc", (P256, P384)),
    Suite("eddsa-jcs-2022", "jcs", (ED25519,)),
    Suite("ecdsa-jcs-2019", "jcs", (P256, P384)),
    Suite("ecdsa-sd-2023", "selective", (P256,)),
    # The name that eddsa-rdfc-2022 had in drafts of 2023.
    Suite("eddsa-2022", "rdfc", (ED25519,), legacy=True),
    Suite(
        "Ed25519Signature2020",
        "rdfc",
        (ED25519,),
        type="Ed25519Signature2020",
        legacy=True,
    ),
)
ISSUED: tuple[Suite, ...] = tuple(suite for suite in SUITES if not suite.legacy)


_BY_TYPE = {suite.type: suite for suite in SUITES if suite.type != PROOF_TYPE}
_BY_CRYPTOSUITE = {suite.name: suite for suite in SUITES if suite.type == PROOF_TYPE}
_BY_NAME = {suite.name: suite for suite in SUITES}


def suite_of(proof: Mapping[str, Any]) -> Suite | None:
    """The suite that a proof says it is of; None for one that is not known here."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if not isinstance(kind, str):
        return None
    if kind != PROOF_TYPE:
        return _BY_TYPE.get(kind)
    return _BY_CRYPTOSUITE.get(name) if isinstance(name, str) else None


def suite_named(name: str) -> Suite | None:
    """The suite of a `Proof.algorithm`; None for an algorithm of JOSE."""
    return _BY_NAME.get(name)


def may_withhold(algorithm: str) -> bool:
    """Whether a proof of this `Proof.algorithm` may cover less than was signed."""
    suite = suite_named(algorithm)
    return suite is not None and suite.canonicalization == "selective"
