"""Row 33: addresses that look like keys and are none.

Each badge is signed with the school's own key and names itself and its key by the
broken address, so that nothing but the reading of the address can refuse it.
"""

from __future__ import annotations

from functools import partial

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from attacks.case import Case, honest_jwt
from attacks.workshop import badge, claims, jwt, jwt_header, school
from edc_issuer.encoding import b64u, multibase

_X25519 = b"\xec\x01"
_ED25519 = b"\xed\x01"


def _raw() -> bytes:
    return school().badge.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _did(change: str) -> str:
    own, raw = school().badge.did, _raw()
    return {
        "wrong-codec": f"did:key:{multibase(_X25519 + raw)}",
        "no-codec": f"did:key:{multibase(raw)}",
        "one-byte-less": f"did:key:{multibase(_ED25519 + raw[:-1])}",
        "one-byte-more": f"did:key:{multibase(_ED25519 + raw + bytes(1))}",
        "letter-0": own[:-1] + "0",
        "letter-č": own[:-1] + "č",
        "in-base64url": f"did:key:u{b64u(_ED25519 + raw)}",
        "uppercase": own.upper(),
        "uppercase-method": own.replace("key", "KEY"),
        "method-only": "did:key:",
    }[change]


def _named(change: str) -> bytes:
    """A badge whose issuer and key are called by this address."""
    did = _did(change)
    document = badge(issuer={**badge()["issuer"], "id": did})
    return jwt(claims(document), header=jwt_header(kid=f"{did}#{did[8:]}"))


# What is changed about the address, and the reason that its reader gives.
_CHANGES = {
    "wrong-codec": ("a key for another use", "did.multicodec"),
    "no-codec": ("a key that does not say of which kind it is", "did.multicodec"),
    "one-byte-less": ("a key that is too short", "did.length"),
    "one-byte-more": ("a key that is too long", "did.length"),
    "letter-0": ("a letter that base58 leaves out", "did.base58"),
    "letter-č": ("a letter of another alphabet", "did.base58"),
    "in-base64url": ("another spelling of the bytes", "did.multibase"),
    "uppercase": ("all of it in capitals", "did.syntax"),
    "uppercase-method": ("its method in capitals", "did.syntax"),
    "method-only": ("no key at all", "did.multibase"),
}

CASES = tuple(
    Case(
        33,
        change,
        what,
        honest_jwt,
        partial(_named, change),
        f"proof.key fail {reason}",
    )
    for change, (what, reason) in _CHANGES.items()
)
