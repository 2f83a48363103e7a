"""One credential, one key, one file: prepared, signed, put together, verified.

Whoever signs anything takes this road, so that nothing leaves that a stranger could
not verify: a device may answer wrong, and a format may have a fault.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from edc_issuer import strict_json
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import InputError, SigningError
from edc_issuer.formats.base import (
    Envelope,
    Format,
    HolderOnly,
    Pending,
    Proof,
    Signing,
)
from edc_issuer.jose import PublicKey
from edc_issuer.keys import DidIdentity, Identity, Signer


def secured(
    credential: Mapping[str, Any],
    signer: Signer,
    securing: Format,
    *,
    at: datetime,
    options: Mapping[str, Any] | None = None,
    documents: Documents = BUNDLED,
) -> bytes:
    """The signed file, opened and verified again with the signer's own key.

    `options` go to the format. Raises what its `prepare` raises, and `SigningError`
    where the key holder refuses or answers wrong.
    """
    signing = _signing(signer, at, options, documents)
    pending = securing.prepare(credential, signing)
    data = securing.attach(pending, _signature(signer, pending))
    verify_own(securing, data, signer.identity, documents)
    return data


def with_further_proof(
    data: bytes,
    signer: Signer,
    *,
    at: datetime,
    options: Mapping[str, Any] | None = None,
    documents: Documents = BUNDLED,
) -> bytes:
    """The document with one more Data Integrity proof beside those it has.

    With `options` {"proof": {"previousProof": ID}} it stands over the proof of that
    id, or over those of several ids (a chain, VC Data Integrity section 4.3). The
    proofs that are there are not verified: whoever signs over somebody's proof asks
    `Verifier` about it first. Raises as `secured`, and `Malformed` for no document.
    """
    # Here, because canonicalization takes long to import and seals do without it.
    from edc_issuer.formats.data_integrity import DATA_INTEGRITY

    signing = _signing(signer, at, options, documents)
    pending = DATA_INTEGRITY.prepare_further(strict_json.loads_object(data), signing)
    made = DATA_INTEGRITY.attach(pending, _signature(signer, pending))
    _verify_from(-1, DATA_INTEGRITY, made, signer.identity, documents)
    return made


def _signing(
    signer: Signer,
    at: datetime,
    options: Mapping[str, Any] | None,
    documents: Documents,
) -> Signing:
    return Signing(
        signer.identity,
        signer.algorithm,
        at=at,
        options=options or {},
        documents=documents,
    )


def _signature(signer: Signer, pending: Pending) -> bytes:
    signatures = signer.sign([pending.to_be_signed])
    if len(signatures) != 1:
        raise SigningError(f"{len(signatures)} signatures for one message")
    return signatures[0]


def verify_own(
    securing: Format, data: bytes, identity: Identity, documents: Documents
) -> None:
    """`SigningError` unless each proof in the file holds and can be read again."""
    _verify_from(0, securing, data, identity, documents)


def _verify_from(
    first: int, securing: Format, data: bytes, identity: Identity, documents: Documents
) -> None:
    try:
        envelope = securing.open(data, documents=documents)
        for proof in envelope.proofs[first:]:
            verify_as_holder(securing, envelope, proof, public_key_of(identity))
            securing.covered(envelope, proof)
    except InputError as error:
        raise SigningError(
            f"the key holder's signature does not verify, nothing was written: {error}"
        ) from error


def verify_as_holder(
    securing: Format, envelope: Envelope, proof: Proof, key: PublicKey
) -> None:
    """As `securing.verify`, for those whom a proof is for that is nobody else's."""
    with contextlib.suppress(HolderOnly):
        securing.verify(envelope, proof, key)


def public_key_of(identity: Identity) -> PublicKey:
    """The key that verifies what this identity signs."""
    if isinstance(identity, DidIdentity):
        return identity.public_key
    return identity.certificate.public_key()  # type: ignore[return-value]
