"""From the address of a key to the key, without a network.

did:key and did:jwk are their own documents. Other DIDs resolve only where the
operator stored their document (`dids/` of the trust folder); a key that stands in
the fragment of an https address is only named in the file, and says so. W3C DID
Core v1.0 section 5.3, CID v1.0 section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from edc_issuer.encoding import multibase, unb58
from edc_issuer.errors import EdcError, InputError, Malformed
from edc_issuer.jose import PublicKey, public_from_jwk
from edc_issuer.keys.did import (
    ED25519,
    MAX_DID,
    read_did_jwk,
    read_multikey,
)
from edc_issuer.trust.anchors import StoredDid

How = Literal["did:key", "did:jwk", "stored", "fragment"]
ASSERTION: Final = "assertionMethod"
_MATERIAL = ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58")


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key, whose it is, and how that is known.

    `how` is `fragment` where nothing but the file says so. `revoked` and `expires`
    are the controller's words about this key. `stored_at` dates a stored document.
    """

    did: str
    public_key: PublicKey
    how: How
    url: str
    purposes: tuple[str, ...] = (ASSERTION,)
    revoked: datetime | None = None
    expires: datetime | None = None
    stored_at: datetime | None = None

    @property
    def retired_at(self) -> datetime | None:
        """From when on its controller no longer stands behind it; None: still does."""
        ends = [end for end in (self.revoked, self.expires) if end is not None]
        return min(ends, default=None)


class Unresolved(EdcError):
    """There is no key at this address that could be used; nothing else follows.

    `did` is whose key it would be. Reasons: `key-not-at-hand`,
    `key-not-listed-now`, `issuer-lists-no-keys`, `wrong-purpose`, `key-ambiguous`,
    `document-mismatch`, `controller-differs`, `key-unreadable`.
    """

    code = "unresolved"

    def __init__(self, did: str, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.did = did
        self.reason = reason


def resolve(
    url: str, *, dids: Sequence[StoredDid] = (), issuer: str | None = None
) -> ResolvedKey:
    """The key at `url`, for assertions; raises `Unresolved` where there is none.

    `Malformed` for what cannot be an address, `Unsupported` for keys not read here.
    A bare fragment (`#key-1`) is looked up inside `issuer` and nowhere else.
    """
    if len(url) > MAX_DID:
        raise Malformed(f"a key address of {len(url)} letters", reason="did.length")
    if url.startswith("#"):
        if issuer is None:
            raise Malformed("a fragment without an issuer", reason="did.syntax")
        url = issuer.partition("#")[0] + url
    did, _, fragment = url.partition("#")
    if did.startswith("did:key:"):
        return _did_key(did, fragment, url)
    if did.startswith("did:jwk:"):
        return _did_jwk(did, fragment, url)
    _refuse_nonsense(did)
    for stored in dids:
        if stored.did == did:
            return _from_document(stored, url)
    return _not_stored(did, fragment, url)


def assertion_keys(
    did: str, *, dids: Sequence[StoredDid] = ()
) -> tuple[ResolvedKey, ...] | None:
    """Every key that this DID lists for assertions; None where that is not known.

    Keys that cannot be read are left out: they cannot be the one in question. A key
    that was withdrawn is listed still, with its `revoked` or `expires`.
    """
    for stored in dids:
        if stored.did == did:
            return tuple(_readable_keys(stored))
    if not did.startswith(("did:key:", "did:jwk:")):
        return None
    with suppress(InputError, Unresolved):
        return (resolve(did),)
    return None


def _readable_keys(stored: StoredDid) -> Iterator[ResolvedKey]:
    for url in sorted(_allowed(stored.document, stored.did)):
        with suppress(InputError, Unresolved):
            yield _from_document(stored, url)


def _refuse_nonsense(did: str) -> None:
    if did[:4].lower() != "did:":
        return
    parts = did.split(":")
    if len(parts) < 3 or parts[0] != "did" or not parts[1].islower() or not parts[2]:
        raise Malformed("not the way a DID is written", reason="did.syntax")


def _did_key(did: str, fragment: str, url: str) -> ResolvedKey:
    text = did.removeprefix("did:key:")
    key = read_multikey(text)
    if fragment not in ("", text):
        raise Unresolved(did, "key-not-listed-now", "this did:key has no such key")
    return ResolvedKey(did, key, "did:key", url)


def _did_jwk(did: str, fragment: str, url: str) -> ResolvedKey:
    key = read_did_jwk(did.removeprefix("did:jwk:"))
    if fragment not in ("", "0"):
        raise Unresolved(did, "key-not-listed-now", "a did:jwk has one key, #0")
    return ResolvedKey(did, key, "did:jwk", url)


def _not_stored(did: str, fragment: str, url: str) -> ResolvedKey:
    if did.startswith("https://") and fragment.startswith("z"):
        # A fragment that is no key is a name like any other (#zgled).
        with suppress(InputError):
            return ResolvedKey(did, read_multikey(fragment), "fragment", url)
    raise Unresolved(did, "key-not-at-hand", f"the key is at {did}")


def _from_document(stored: StoredDid, url: str) -> ResolvedKey:
    document, did = stored.document, stored.did
    if document.get("id") != did:
        raise Unresolved(did, "document-mismatch", "a document about another DID")
    methods = _methods(document, did)
    if not methods:
        raise Unresolved(did, "issuer-lists-no-keys", "the document lists no keys")
    allowed = _allowed(document, did)
    if "#" not in url and len(allowed) > 1:
        raise Unresolved(did, "key-ambiguous", "several keys, and none is named")
    wanted = url if "#" in url else min(allowed, default=url)
    if wanted not in methods and "#" in url:
        raise Unresolved(did, "key-not-listed-now", "the document has no such key")
    if wanted not in allowed or wanted not in methods:
        raise Unresolved(did, "wrong-purpose", "the key is not for assertions")
    return _from_method(methods[wanted], stored, wanted)


def _from_method(method: Mapping[str, Any], stored: StoredDid, url: str) -> ResolvedKey:
    did = stored.did
    if method.get("controller") != did:
        raise Unresolved(did, "controller-differs", "the key is somebody else's")
    try:
        key = _key(method)
        revoked, expires = _time(method, "revoked"), _time(method, "expires")
    except (InputError, ValueError) as error:
        detail = f"the key cannot be read: {error}"
        raise Unresolved(did, "key-unreadable", detail) from error
    return ResolvedKey(
        did,
        key,
        "stored",
        url,
        revoked=revoked,
        expires=expires,
        stored_at=stored.stored_at,
    )


def _methods(document: Mapping[str, Any], did: str) -> dict[str, Mapping[str, Any]]:
    """Every verification method by its absolute id, embedded ones included."""
    found: dict[str, Mapping[str, Any]] = {}
    for member in ("verificationMethod", ASSERTION):
        for method in _list(document, member):
            if isinstance(method, dict) and isinstance(method.get("id"), str):
                url = _absolute(method["id"], did)
                # Two methods of one id are a trap: readers would pick either.
                same = found.get(url, method) == method
                found[url] = method if same else {}
    return found


def _allowed(document: Mapping[str, Any], did: str) -> frozenset[str]:
    entries = _list(document, ASSERTION)
    ids = [e.get("id") if isinstance(e, dict) else e for e in entries]
    return frozenset(_absolute(i, did) for i in ids if isinstance(i, str))


def _list(document: Mapping[str, Any], member: str) -> Iterable[Any]:
    value = document.get(member, [])
    return value if isinstance(value, list) else [value]


def _absolute(url: str, did: str) -> str:
    return did + url if url.startswith("#") else url


def _key(method: Mapping[str, Any]) -> PublicKey:
    given = [name for name in _MATERIAL if name in method]
    if len(given) != 1:
        raise ValueError(f"{len(given)} keys in one method")
    value = method[given[0]]
    if given[0] == "publicKeyJwk":
        if not isinstance(value, dict):
            raise ValueError("publicKeyJwk is not an object")
        return public_from_jwk(value)
    if not isinstance(value, str):
        raise ValueError(f"{given[0]} is not a text")
    if given[0] == "publicKeyMultibase":
        return read_multikey(value)
    return _base58_key(value, method)


def _base58_key(value: str, method: Mapping[str, Any]) -> PublicKey:
    # Ed25519VerificationKey2018 alone writes a bare key, without its type in front.
    if method.get("type") != "Ed25519VerificationKey2018":
        raise ValueError("publicKeyBase58 in a method of another type")
    return read_multikey(multibase(ED25519 + unb58(value)))


def _time(method: Mapping[str, Any], member: str) -> datetime | None:
    value = method.get(member)
    if value is None:
        return None
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"{member} without a time zone")
    return moment.astimezone(UTC)
