"""The properties of a credential and of a presentation, one rule for each.

Each rule names the version that has it; nothing is asked of a file that its own
version does not ask. VCDM 2.0 sections 4.4 to 4.13 and 5.3 to 5.6; VCDM 1.1 sections
4.2 to 4.10 and 5.4 to 5.7. Nothing here raises, whatever stands in the file.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from edc_issuer.encoding import unmultibase
from edc_issuer.errors import Problem
from edc_issuer.models.tree import types_of, values

Version = Literal["1.1", "2.0"]
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
# Members that must be objects with a type, and in which version with an id too.
_MEMBERS: dict[str, tuple[Version, ...]] = {
    "credentialSchema": ("1.1", "2.0"),
    "credentialStatus": ("1.1",),
    "evidence": (),
    "proof": (),
    "refreshService": ("1.1",),
    "termsOfUse": (),
}
_OF_PRESENTATIONS = ("proof", "termsOfUse")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
# RFC 5646 section 2.1, its shape: subtags of one to eight letters or digits.
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_MEDIA = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?", re.ASCII)
_VALUE_KEYS = frozenset({"@value", "@language", "@direction"})
# Subresource Integrity section 3.5: base64 of 32, 48 or 64 bytes.
_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(\?[\x21-\x7e]*)?")
_SRI_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
_MULTIHASHES = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_ENVELOPED = ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation")


def is_absolute_uri(value: object) -> bool:
    """A text with a scheme and something after it; never a blank node (`_:b0`)."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def faults(credential: Mapping[str, Any], version: Version | None) -> Iterator[Problem]:
    """Where the properties of a credential break the rules, its dates left out."""
    yield from _types(credential, "VerifiableCredential")
    yield from _id(credential, "")
    yield from _issuer(credential)
    yield from _subject(credential)
    yield from _members(credential, version, tuple(_MEMBERS))
    if version == "2.0":
        yield from _words(credential, "")
        if isinstance(credential.get("issuer"), Mapping):
            yield from _words(credential["issuer"], "/issuer")
        yield from _related(credential)


def presentation_faults(
    presentation: Mapping[str, Any], version: Version | None
) -> Iterator[Problem]:
    """The same for a presentation: VCDM 2.0 section 4.13, VCDM 1.1 section 4.10."""
    yield from _types(presentation, "VerifiablePresentation")
    yield from _id(presentation, "")
    yield from _holder(presentation)
    yield from _members(presentation, version, _OF_PRESENTATIONS)
    for held in values(presentation.get("verifiableCredential")):
        yield from _held(held, version)


def _types(node: Mapping[str, Any], required: str) -> Iterator[Problem]:
    if required not in types_of(node):
        yield Problem("/type", "type.missing", f"the types must include {required}")
    if not all(isinstance(value, str) for value in values(node.get("type"))):
        yield Problem("/type", "type.form", "every type must be a text")


def _id(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if "id" in node and not is_absolute_uri(node["id"]):
        yield Problem(f"{path}/id", "id.uri", "an id must be one absolute URI")


def _issuer(credential: Mapping[str, Any]) -> Iterator[Problem]:
    issuer = credential.get("issuer")
    if issuer is None:
        yield Problem("/issuer", "issuer.missing", "name the issuer")
    elif isinstance(issuer, Mapping):
        if not is_absolute_uri(issuer.get("id")):
            yield Problem("/issuer/id", "issuer.id", "the issuer needs a URI as id")
    elif not is_absolute_uri(issuer):
        text = "the issuer must be a URI or an object with an id"
        yield Problem("/issuer", "issuer.id", text)


def _holder(presentation: Mapping[str, Any]) -> Iterator[Problem]:
    if "holder" not in presentation:
        return
    holder = presentation["holder"]
    named = holder.get("id") if isinstance(holder, Mapping) else holder
    if not is_absolute_uri(named):
        text = "the holder must be a URI or an object with an id"
        yield Problem("/holder", "holder.id", text)


def _subject(credential: Mapping[str, Any]) -> Iterator[Problem]:
    subjects = values(credential.get("credentialSubject"))
    if not subjects:
        text = "say whom or what the credential is about"
        yield Problem("/credentialSubject", "subject.missing", text)
    for subject in subjects:
        if not isinstance(subject, Mapping) or not subject:
            text = "a subject must be an object with at least one property"
            yield Problem("/credentialSubject", "subject.form", text)
        else:
            yield from _id(subject, "/credentialSubject")


def _members(
    node: Mapping[str, Any], version: Version | None, names: tuple[str, ...]
) -> Iterator[Problem]:
    for name in names:
        if version == "2.0" and name in node and not values(node[name]):
            yield Problem(f"/{name}", "member.form", "must be one object or more")
        for item in values(node.get(name)):
            if not isinstance(item, Mapping):
                yield Problem(f"/{name}", "member.form", "must be an object")
                continue
            if not types_of(item):
                yield Problem(f"/{name}/type", "member.type", "must say its type")
            yield from _id(item, f"/{name}")
            if version in _MEMBERS[name] and item.get("id") is None:
                yield Problem(f"/{name}/id", "member.id", "must have an id")


def _words(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """VCDM 2.0 sections 4.6 and 11.1 (language and base direction)."""
    for name in ("name", "description"):
        if name in node and not values(node[name]):
            yield Problem(f"{path}/{name}", "text.form", "must be a text or more")
        for item in values(node.get(name)):
            if not isinstance(item, str) and not is_language_value(item):
                text = "must be a text, or an object with @value and @language"
                yield Problem(f"{path}/{name}", "text.form", text)


def is_language_value(item: object) -> bool:
    """A text with its language and direction, and nothing else (section 11.1)."""
    if not isinstance(item, Mapping) or not item.keys() <= _VALUE_KEYS:
        return False
    language, direction = item.get("@language"), item.get("@direction", "ltr")
    tagged = isinstance(language, str) and _TAG.fullmatch(language) is not None
    return (
        isinstance(item.get("@value"), str)
        and (tagged or "@language" not in item)
        and direction in ("ltr", "rtl")
    )


def _held(held: Any, version: Version | None) -> Iterator[Problem]:
    """One value of `verifiableCredential`; 1.1 leaves open what else may stand."""
    path = "/verifiableCredential"
    if not isinstance(held, Mapping):
        if version == "2.0" or not isinstance(held, str):
            text = "must be a credential or an enveloped one, not a text or number"
            yield Problem(path, "presentation.held", text)
        return
    if not set(types_of(held)) & set(_ENVELOPED):
        return
    if "@context" not in held:
        yield Problem(path, "enveloped.context", "an enveloped credential has contexts")
    if not str(held.get("id", "")).startswith("data:"):
        yield Problem(f"{path}/id", "enveloped.id", "the id must be a data: URL")


# --- digests of what lies elsewhere ---


def _related(credential: Mapping[str, Any]) -> Iterator[Problem]:
    """Digests of outside resources, VCDM 2.0 section 5.3."""
    here, seen = "/relatedResource", set[str]()
    if "relatedResource" in credential and not values(credential["relatedResource"]):
        yield Problem(here, "related.form", "must be one object or more")
    for item in values(credential.get("relatedResource")):
        if not isinstance(item, Mapping) or not is_absolute_uri(item.get("id")):
            yield Problem(here, "related.form", "must be an object with a URI as id")
            continue
        if item["id"] in seen:
            yield Problem(here, "related.twice", "names one id twice")
        seen.add(item["id"])
        if "digestSRI" not in item and "digestMultibase" not in item:
            text = "must carry digestSRI or digestMultibase"
            yield Problem(here, "related.digest", text)
        elif digests_of(item) is None:
            text = "a digest must be SHA-256, SHA-384 or SHA-512 as its notation asks"
            yield Problem(here, "related.digest", text)
        media = item.get("mediaType", "a/b")
        if not isinstance(media, str) or not _MEDIA.fullmatch(media):
            yield Problem(f"{here}/mediaType", "related.media", "is no media type")


def digests_of(resource: Mapping[str, Any]) -> list[dict[str, set[bytes]]] | None:
    """The digests that a related resource states, by the name of their hash.

    One mapping for each notation, and every one of them has to agree. None where one
    cannot be read: then nothing can be compared.
    """
    notations: list[dict[str, set[bytes]]] = []
    stated = (("digestSRI", _sri), ("digestMultibase", _multihash))
    for name, read in stated:
        found: dict[str, set[bytes]] = {}
        for text in values(resource.get(name)):
            pairs = read(text) if isinstance(text, str) else None
            if not pairs:
                return None
            for hash_name, digest in pairs:
                found.setdefault(hash_name, set()).add(digest)
        if found:
            notations.append(found)
    return notations


def _sri(text: str) -> list[tuple[str, bytes]] | None:
    """`sha256-<base64>`, several apart by spaces (Subresource Integrity 3.5)."""
    pairs = []
    for one in text.split():
        match = _SRI.fullmatch(one)
        if match is None:
            return None
        # Some write the URL-safe letters, which section 3.5 allows as well.
        plain = match[2].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            digest = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except binascii.Error:
            return None
        if len(digest) != _SRI_BYTES[match[1]]:
            return None
        pairs.append((match[1], digest))
    return pairs


def _multihash(text: str) -> list[tuple[str, bytes]] | None:
    """A multihash in base58btc or base64url (VC Data Integrity section 2.6)."""
    try:
        if text.startswith("z"):
            data = unmultibase(text)
        elif text.startswith("u"):
            data = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        else:
            return None
    except (ValueError, binascii.Error):
        return None
    name = _MULTIHASHES.get(data[:2])
    if name is None or len(data) != 2 + _SRI_BYTES[name]:
        return None
    return [(name, data[2:])]
