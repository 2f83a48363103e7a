"""From the address of a key to the key.

did:key and did:jwk are their own documents. A did:web or an https address resolves
where the operator stored its document (`dids/` of the trust folder), or where this
run may fetch it from its own address; a key that stands in the fragment of an https
address is only named in the file, and says so. W3C DID Core v1.0 section 5.3, W3C
Controlled Identifiers v1.0 sections 2 and 3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from edc_issuer.errors import InputError, Malformed, Unsupported
from edc_issuer.fetch.guard import Forbidden
from edc_issuer.keys.did import MAX_DID, read_did_jwk, read_multikey
from edc_issuer.keys.did_web import PREFIX, document_url
from edc_issuer.keys.identity import ASSERTION
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.trust.controllers import refuse_address
from edc_issuer.trust.methods import (
    How,
    KeyDocument,
    ResolvedKey,
    Unresolved,
    key_in,
    keys_in,
)

__all__ = [
    "Fetch",
    "How",
    "ResolvedKey",
    "Unresolved",
    "keys_at",
    "listings",
    "resolve",
]

# From an address to its document; raises `Unresolved`.
Fetch = Callable[[str], KeyDocument]


def resolve(
    url: str,
    *,
    dids: Sequence[StoredDid] = (),
    issuer: str | None = None,
    fetch: Fetch | None = None,
    purpose: str = ASSERTION,
) -> ResolvedKey:
    """The key at `url`, for `purpose`; raises `Unresolved` where there is none.

    `Malformed` for what cannot be an address, `Unsupported` for keys not read here.
    A bare fragment (`#key-1`) is looked up inside `issuer` and nowhere else. A stored
    document is never replaced by a fetched one: ask `listings` what both say.
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
    stored = _stored(did, dids)
    if stored is not None:
        return key_in(stored, url, purpose=purpose)
    if fetch is None:
        return _not_stored(did, fragment, url)
    try:
        return key_in(fetch(did), url, purpose=purpose)
    except Unresolved:
        named = _in_fragment(did, fragment, url)
        if named is None:
            raise
        return named


def listings(
    did: str, *, dids: Sequence[StoredDid] = (), fetch: Fetch | None = None
) -> tuple[tuple[ResolvedKey, ...], ...]:
    """The keys of an address as each of those says who may speak of it.

    That is the DID itself, or the operator's stored document and then what the
    address says today. A key is the issuer's if all of them list it: the operator's
    word is not changed by whoever holds the domain now, and a key that the school
    has taken back is not saved by an old copy. Empty where nothing is known. Keys that
    cannot be read are left out: they cannot be the one in question.
    """
    if did.startswith(("did:key:", "did:jwk:")):
        with suppress(InputError, Unresolved):
            return ((resolve(did),),)
        return ()
    found: list[KeyDocument] = []
    stored = _stored(did, dids)
    if stored is not None:
        found.append(stored)
    if fetch is not None:
        with suppress(InputError, Unresolved):
            found.append(fetch(did))
    return tuple(keys_in(document) for document in found)


def keys_at(address: str) -> str | None:
    """Where the document of a DID or https address would be fetched; None: nowhere."""
    address = address.partition("#")[0]
    with suppress(InputError, Forbidden):
        is_web = address.startswith("https://")
        url = address if is_web else document_url(address)
        refuse_address(url)
        return url
    return None


def _stored(did: str, dids: Sequence[StoredDid]) -> KeyDocument | None:
    return next((KeyDocument.of(one) for one in dids if one.did == did), None)


def _refuse_nonsense(did: str) -> None:
    if did[:4].lower() != "did:":
        return
    parts = did.split(":")
    if len(parts) < 3 or parts[0] != "did" or not parts[1].islower() or not parts[2]:
        raise Malformed("not the way a DID is written", reason="did.syntax")
    if did.startswith(PREFIX):
        if "/" in did or "?" in did:
            raise Unsupported("a DID address with a path or a query is not followed")
        document_url(did)


def _did_key(did: str, fragment: str, url: str) -> ResolvedKey:
    text = did.removeprefix("did:key:")
    key = read_multikey(text)
    if fragment not in ("", text):
        raise Unresolved(did, "key-not-listed-now", "this did:key has no such key")
    return ResolvedKey(did, key, "did:key", url)


def _did_jwk(did: str, fragment: str, url: str) -> ResolvedKey:
    key, algorithm = read_did_jwk(did.removeprefix("did:jwk:"))
    if fragment not in ("", "0"):
        raise Unresolved(did, "key-not-listed-now", "a did:jwk has one key, #0")
    return ResolvedKey(did, key, "did:jwk", url, algorithm=algorithm)


def _not_stored(did: str, fragment: str, url: str) -> ResolvedKey:
    named = _in_fragment(did, fragment, url)
    if named is None:
        raise Unresolved(did, "key-not-at-hand", f"the key is at {did}")
    return named


def _in_fragment(did: str, fragment: str, url: str) -> ResolvedKey | None:
    """The key that an https address carries itself, as some badges have it."""
    if did.startswith("https://") and fragment.startswith("z"):
        # A fragment that is no key is a name like any other (#zgled).
        with suppress(InputError):
            return ResolvedKey(did, read_multikey(fragment), "fragment", url)
    return None
