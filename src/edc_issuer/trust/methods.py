"""The keys that a document lists, for the one purpose that is asked about.

Read are DID documents, controlled identifier documents, JWK sets and a bare JWK. A
key counts only where the document is about the address that it was asked for, where
its controller is that address, and where it stands under the purpose in question
(`assertionMethod` for credentials, `authentication` for presentations): else anybody
could list somebody else's key, or use a key made to log in. W3C Controlled
Identifiers v1.0, section 3.3 "Retrieve Verification Method"; RFC 7517.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from edc_issuer.encoding import multibase, unb58
from edc_issuer.errors import EdcError, InputError
from edc_issuer.jose import PublicKey, public_from_jwk
from edc_issuer.keys.did import ED25519, read_multikey, thumbprint
from edc_issuer.keys.identity import ASSERTION
from edc_issuer.trust.anchors import StoredDid

MAX_METHODS: Final = 256  # a school has a handful; a hostile document has no end
How = Literal["did:key", "did:jwk", "stored", "fetched", "fragment"]
_MATERIAL = ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58")
# The types of section 2.2 and the one member that each of them keeps its key in; the
# older types are not so strict.
_MATERIAL_OF = {"Multikey": "publicKeyMultibase", "JsonWebKey": "publicKeyJwk"}
_SECRET = frozenset(
    {"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk"}
)
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
_OF_ED25519 = frozenset({"Ed25519VerificationKey2018", "Ed25519VerificationKey2020"})
# xsd:dateTimeStamp (section 2.2, `expires` and `revoked`): the zone is required.
_STAMP = re.compile(
    r"-?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """What one address says of its keys, and how we came by it.

    `address` is a DID or an https address without fragment. `at` is when it was
    stored by the operator or fetched by this run, `url` where it was fetched from,
    `sha256` the digest of its text in hexadecimal.
    """

    address: str
    content: Mapping[str, Any] = field(repr=False)
    how: Literal["stored", "fetched"]
    at: datetime
    sha256: str
    url: str | None = None

    @classmethod
    def of(cls, stored: StoredDid) -> KeyDocument:
        """The document that the operator stored."""
        return cls(
            stored.did, stored.document, "stored", stored.stored_at, stored.sha256
        )

    def told(self) -> dict[str, Any]:
        """Where the document came from, for the evidence of a report."""
        return {
            "address": self.address,
            "how": self.how,
            "at": self.at.isoformat(),
            "sha256": self.sha256,
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key, whose it is, and how that is known.

    `how` is `fragment` where nothing but the file says so. `revoked` and `expires`
    are the controller's words about this key; so is `algorithm`, the only `alg` that
    its JWK may be used with. `document` is where it was found, None where the DID is
    the key itself.
    """

    did: str
    public_key: PublicKey
    how: How
    url: str
    purposes: tuple[str, ...] = (ASSERTION,)
    revoked: datetime | None = None
    expires: datetime | None = None
    algorithm: str | None = None
    document: KeyDocument | None = field(default=None, repr=False)

    @property
    def stored_at(self) -> datetime | None:
        """When the operator stored the document; None where it did not."""
        document = self.document
        return document.at if document and document.how == "stored" else None


class Unresolved(EdcError):
    """There is no key at this address that could be used; nothing else follows.

    `did` is whose key it would be. Reasons: `key-not-at-hand` (nobody may ask),
    `key.unavailable` (no usable answer), `key-not-listed-now`,
    `issuer-lists-no-keys`, `wrong-purpose`, `key-ambiguous`, `document-mismatch`,
    `controller-differs`, `key-unreadable`.
    """

    code = "unresolved"

    def __init__(self, did: str, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.did = did
        self.reason = reason


def key_in(document: KeyDocument, url: str, *, purpose: str = ASSERTION) -> ResolvedKey:
    """The key at `url` in its document, for this purpose; raises `Unresolved`.

    Without a fragment it is the one key that the document lists for it.
    """
    address = document.address
    check_subject(document)
    content = _as_controller(document)
    methods = _methods(content, address, purpose)
    allowed = _allowed(content, address, purpose)
    if not methods and not allowed:
        raise Unresolved(address, "issuer-lists-no-keys", "the document lists no keys")
    if "#" not in url and len(allowed) > 1:
        raise Unresolved(address, "key-ambiguous", "several keys, and none is named")
    wanted = url if "#" in url else min(allowed, default=url)
    if wanted not in methods and "#" in url:
        raise Unresolved(address, "key-not-listed-now", "the document has no such key")
    if wanted not in allowed or wanted not in methods:
        raise Unresolved(address, "wrong-purpose", f"the key is not for {purpose}")
    return _from_method(methods[wanted], document, wanted)


def keys_in(document: KeyDocument) -> tuple[ResolvedKey, ...]:
    """Every key that the document lists for assertions and that can be read.

    A key that was withdrawn is listed still, with its `revoked` or `expires`; a
    document about another address lists none.
    """
    return tuple(_readable(document))


def check_subject(document: KeyDocument) -> None:
    """`Unresolved` for a document about another address than it was asked for."""
    content = document.content
    if not _is_bare(content) and content.get("id") != document.address:
        raise Unresolved(
            document.address, "document-mismatch", "a document about another address"
        )


def _readable(document: KeyDocument) -> Iterator[ResolvedKey]:
    with suppress(Unresolved):
        check_subject(document)
        content = _as_controller(document)
        methods = _methods(content, document.address, ASSERTION)
        allowed = _allowed(content, document.address, ASSERTION)
        for url in sorted(allowed & methods.keys()):
            with suppress(InputError, Unresolved):
                yield _from_method(methods[url], document, url)


def _from_method(
    method: Mapping[str, Any], document: KeyDocument, url: str
) -> ResolvedKey:
    address = document.address
    controller = method.get("controller")
    if not isinstance(controller, str) or _absolute(controller, address) != address:
        raise Unresolved(address, "controller-differs", "the key is somebody else's")
    try:
        key = _key(method)
        revoked, expires = _time(method, "revoked"), _time(method, "expires")
    except (InputError, ValueError) as error:
        detail = f"the key cannot be read: {error}"
        raise Unresolved(address, "key-unreadable", detail) from error
    return ResolvedKey(
        address,
        key,
        document.how,
        url,
        revoked=revoked,
        expires=expires,
        algorithm=_algorithm(method.get("publicKeyJwk")),
        document=document,
    )


# --- what stands in a document ---


def _is_bare(content: Mapping[str, Any]) -> bool:
    """Whether it is a JWK set or one JWK, which do not say whose they are.

    They lie at the very address that was asked, which is all that is proved.
    """
    return "id" not in content and ("keys" in content or "kty" in content)


def _as_controller(document: KeyDocument) -> Mapping[str, Any]:
    """A JWK set or a JWK with the same members as a controller document."""
    content, address = document.content, document.address
    if not _is_bare(content):
        return content
    if "kty" in content:
        alone = _kid(content, address) if content.get("kid") else address
        methods = [_jwk_method(content, address, alone)]
    else:
        keys = [one for one in _list(content, "keys", address) if isinstance(one, dict)]
        methods = [_jwk_method(one, address, _kid(one, address)) for one in keys]
    signing = [m["id"] for m in methods if m["publicKeyJwk"].get("use", "sig") == "sig"]
    return {"id": address, "verificationMethod": methods, ASSERTION: signing}


def _jwk_method(jwk: Mapping[str, Any], address: str, url: str) -> dict[str, Any]:
    return {
        "id": url,
        "type": "JsonWebKey",
        "controller": address,
        "publicKeyJwk": dict(jwk),
    }


def _kid(jwk: Mapping[str, Any], address: str) -> str:
    """The absolute id of a key of a set: its `kid`, else its RFC 7638 thumbprint."""
    kid = jwk.get("kid")
    if isinstance(kid, str) and kid:
        whole = kid.startswith((f"{address}#", "#"))
        return _absolute(kid, address) if whole else f"{address}#{kid}"
    with suppress(InputError):
        return f"{address}#{thumbprint(public_from_jwk(jwk))}"
    return f"{address}#"


def _methods(
    content: Mapping[str, Any], address: str, purpose: str
) -> dict[str, Mapping[str, Any]]:
    """Every verification method by its absolute id, embedded ones included."""
    found: dict[str, Mapping[str, Any]] = {}
    for member in ("verificationMethod", purpose):
        for method in _list(content, member, address):
            if isinstance(method, dict) and isinstance(method.get("id"), str):
                url = _absolute(method["id"], address)
                # Two methods of one id are a trap: readers would pick either.
                same = found.get(url, method) == method
                found[url] = method if same else {}
        if len(found) > MAX_METHODS:
            detail = f"more than {MAX_METHODS} keys in one document"
            raise Unresolved(address, "key-unreadable", detail)
    return found


def _allowed(content: Mapping[str, Any], address: str, purpose: str) -> frozenset[str]:
    entries = _list(content, purpose, address)
    ids = [e.get("id") if isinstance(e, dict) else e for e in entries]
    return frozenset(_absolute(i, address) for i in ids if isinstance(i, str))


def _list(content: Mapping[str, Any], member: str, address: str) -> list[Any]:
    """A member that has to be a set (sections 2.2 and 2.3); absent it is empty."""
    value = content.get(member, [])
    if not isinstance(value, list):
        raise Unresolved(address, "key-unreadable", f"{member} is not a list")
    return value


def _absolute(url: str, address: str) -> str:
    return address + url if url.startswith("#") else url


def _key(method: Mapping[str, Any]) -> PublicKey:
    given = [name for name in _MATERIAL if name in method]
    if len(given) != 1:
        raise ValueError(f"{len(given)} keys in one method")
    kind, value = method.get("type"), method[given[0]]
    if not isinstance(kind, str):
        raise ValueError("a method has exactly one type")
    if _MATERIAL_OF.get(kind, given[0]) != given[0]:
        raise ValueError(f"{given[0]} in a method of the type {kind}")
    if not _SECRET.isdisjoint(method):
        raise ValueError("its private half is published beside it")
    if given[0] == "publicKeyJwk":
        if not isinstance(value, dict):
            raise ValueError("publicKeyJwk is not an object")
        if not _PRIVATE.isdisjoint(value):
            raise ValueError("the JWK carries its private half")
        return public_from_jwk(value)
    if not isinstance(value, str):
        raise ValueError(f"{given[0]} is not a text")
    if given[0] == "publicKeyBase58":
        return _base58_key(value, kind)
    key = read_multikey(value)
    if kind in _OF_ED25519 and not value.startswith("z6Mk"):
        raise ValueError(f"a key of another type than {kind}")
    return key


def _algorithm(jwk: Any) -> str | None:
    """RFC 7517 section 4.4: what this key is for, and nothing else then."""
    named = jwk.get("alg") if isinstance(jwk, dict) else None
    return named if isinstance(named, str) else None


def _base58_key(value: str, kind: str) -> PublicKey:
    # Ed25519VerificationKey2018 alone writes a bare key, without its type in front.
    if kind != "Ed25519VerificationKey2018":
        raise ValueError("publicKeyBase58 in a method of another type")
    return read_multikey(multibase(ED25519 + unb58(value)))


def _time(method: Mapping[str, Any], member: str) -> datetime | None:
    if member not in method:
        return None
    value = method[member]
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        raise ValueError(f"{member} is no date and time with a zone")
    return datetime.fromisoformat(value).astimezone(UTC)
