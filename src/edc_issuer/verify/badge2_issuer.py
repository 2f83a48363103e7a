"""Who stands behind a badge of version 2.0: its key, its address, its profile.

A profile lies at an address of the issuer; it lists the issuer's keys, and where its
badges lie. So a badge is the issuer's if a listed key signed it, or if it lies where
the issuer says that its badges lie. Open Badges 2.0, "Verification", and class
VerificationObject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from edc_issuer.jose import PublicKey
from edc_issuer.models.tree import id_of, types_of, values
from edc_issuer.verify.badge2_objects import Objects

MAX_PEM = 16 * 1024
MAX_LISTED = 256  # keys, origins or beginnings in one profile
_KEYS = frozenset({"CryptographicKey", "Key"})


def listed_keys(profile: Mapping[str, Any]) -> dict[str, Mapping[str, Any] | None]:
    """The addresses of the issuer's keys, each with the key where it stands there."""
    found: dict[str, Mapping[str, Any] | None] = {}
    for one in values(profile.get("publicKey"))[:MAX_LISTED]:
        if isinstance(one, str):
            found.setdefault(one, None)
        elif isinstance(one, Mapping) and (name := id_of(one)) is not None:
            found[name] = one if "publicKeyPem" in one else None
    return found


def read_key(node: Mapping[str, Any]) -> PublicKey:
    """The key of a CryptographicKey; `ValueError` where there is none to be read."""
    pem = node.get("publicKeyPem")
    if _KEYS.isdisjoint(types_of(node)):
        raise ValueError("it is no CryptographicKey")
    if not isinstance(pem, str) or len(pem) > MAX_PEM:
        raise ValueError("it has no publicKeyPem")
    try:
        key = load_pem_public_key(pem.encode())
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of an unknown kind") from error
    known = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
    if not isinstance(key, known):
        raise ValueError("a key that signs nothing here")
    return key


def why_unbound(
    profile: Mapping[str, Any], creator: str | None, objects: Objects
) -> str:
    """Why the key that signed is not the issuer's; empty where it is.

    Empty too where `creator`, the address of that key, is None: nobody signed.
    """
    if creator is None:
        return ""
    listed = listed_keys(profile)
    if not listed:
        return "issuer-lists-no-keys"
    if creator not in listed:
        return "key-not-listed-now"
    node = listed[creator] or objects.get(creator).content
    return "" if node.get("owner") == id_of(profile) else "controller-differs"


def belongs_there(url: str, profile: Mapping[str, Any]) -> bool:
    """Whether the issuer's hosted badges may lie at this address.

    `startsWith` and `allowedOrigins` of the profile, as far as they are stated; else
    the profile's own host. An address between two readings is none of them.
    """
    stated = [v for v in values(profile.get("verification")) if isinstance(v, Mapping)]
    origins = [text.lower() for text in _texts(stated, "allowedOrigins")]
    begins = list(_texts(stated, "startsWith"))
    host = _host(url)
    if host is None or (origins and host not in origins):
        return False
    if begins:
        return any(_starts(url, begin) for begin in begins)
    return bool(origins) or host == _host(id_of(profile) or "")


def states_where(profile: Mapping[str, Any]) -> bool:
    """Whether the issuer says below which addresses its badges lie.

    Without that they lie anywhere on a host, which others may share.
    """
    stated = [v for v in values(profile.get("verification")) if isinstance(v, Mapping)]
    return any(_texts(stated, "startsWith"))


def _texts(nodes: list[Mapping[str, Any]], name: str) -> Iterator[str]:
    for node in nodes:
        listed = values(node.get(name))[:MAX_LISTED]
        yield from (text for text in listed if isinstance(text, str))


def _starts(url: str, begin: str) -> bool:
    """Whether an address begins so, host and all: `https://a.example` is no
    beginning of `https://a.example.evil.test/`."""
    return url.startswith(begin) and _host(begin) == _host(url)


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    # "host:port"; a user name in front of it hides which host is meant.
    netloc = parts.netloc.lower()
    return netloc if parts.scheme == "https" and "@" not in netloc else None
