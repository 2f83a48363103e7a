"""A holder shows credentials to somebody who asked: a verifiable presentation.

The holder's signature covers the credentials, the asker's challenge and the asker's
name, so that nobody can show the same file again, or to somebody else. It says
nothing of the credentials, which stand in it as their issuers signed them. VCDM 2.0
section 4.13; VC-JOSE-COSE section 3.1.2; VC Data Integrity 1.0 section 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from edc_issuer import strict_json
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import ConfigError, Malformed
from edc_issuer.formats.base import Format
from edc_issuer.formats.jwt import JWT, VC_JOSE_JWT
from edc_issuer.keys import DidIdentity, Signer
from edc_issuer.keys.identity import AUTHENTICATION
from edc_issuer.models.vcdm_members import V2
from edc_issuer.secure import secured

SECURED_AS = ("vp+jwt", "data-integrity")


def present(
    credentials: Sequence[bytes],
    signer: Signer,
    *,
    secured_as: str,
    challenge: str | None,
    domain: str | None,
    at: datetime | None = None,
    documents: Documents = BUNDLED,
) -> bytes:
    """The signed presentation of some credential files by the key's own DID.

    `secured_as` is "vp+jwt" or "data-integrity"; `challenge` and `domain` are what
    the asker gave. None leaves one out, and then the file proves nothing about who
    hands it over. `at` must carry a zone (default: now). Raises `ConfigError` for a
    key without a DID, `Malformed` for a file that no presentation can hold (a sealed
    EDC, say), and what `secured` raises.
    """
    document = _document(credentials, signer)
    moment = at or datetime.now(UTC)
    asked = _given({"challenge": challenge, "domain": domain})
    securing: Format
    options: dict[str, Any]
    if secured_as == "vp+jwt":
        securing = VC_JOSE_JWT
        options = {"kind": "presentation", **asked}
    elif secured_as == "data-integrity":
        # Here, because canonicalization takes long to import.
        from edc_issuer.formats.data_integrity import DATA_INTEGRITY

        securing = DATA_INTEGRITY
        options = {"proof": {"proofPurpose": AUTHENTICATION, **asked}}
    else:
        raise ConfigError(f"{secured_as!r} is none of {', '.join(SECURED_AS)}")
    return secured(
        document, signer, securing, at=moment, options=options, documents=documents
    )


def _document(credentials: Sequence[bytes], signer: Signer) -> dict[str, Any]:
    """The presentation without its proof, by the DID of the key."""
    identity = signer.identity
    if not isinstance(identity, DidIdentity):
        raise ConfigError("a presentation is signed with the key of a DID")
    if not credentials:
        raise ConfigError("a presentation holds one credential or more")
    return {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": identity.did,
        "verifiableCredential": [enclosed(data) for data in credentials],
    }


def enclosed(data: bytes) -> dict[str, Any]:
    """A credential file as it stands in a presentation.

    A JSON-LD credential as it is, a JWT as an EnvelopedVerifiableCredential.
    """
    if JWT.recognises(data):
        text = data.strip().decode("ascii", errors="strict")
        return {
            "@context": [V2],
            "id": f"data:application/vc+jwt,{text}",
            "type": ["EnvelopedVerifiableCredential"],
        }
    members = strict_json.loads_object(data)
    if "@context" not in members:
        raise Malformed(
            "no presentation can hold this file", reason="format.unrecognized"
        )
    return members


def _given(members: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}
