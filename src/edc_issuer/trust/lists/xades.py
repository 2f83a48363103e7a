"""The signature of a trusted list: XAdES, around the whole list, by a pinned signer.

What is read afterwards is not the file but the very octets that were signed, parsed
anew: whatever was wrapped around, moved or hidden in comments is not in them. Steps:
 1. the file: size, UTF-8, no DOCTYPE, the root is a TrustServiceStatusList
 2. one signature in the whole file, a child of the root, made of the known parts
 3. every Id stands for one element
 4. references: one to the root, one to the signature's own SignedProperties, and
    none to anything outside the signature; only the transforms that lists use
 5. their digests
 6. the signer: one of the certificates pinned for this list, byte for byte, and the
    one that the signed properties name (EN 319 132-1 clause 5.2.2)
 7. the signature value over SignedInfo
Whether the signer's certificate has expired is not asked: who may sign a list is
said by the list above it (TS 119 612 clause 5.3.13), not by its issuer.
XML Signature section 3.2; ETSI TS 119 612 annex B.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import Malformed, ProofInvalid
from edc_issuer.jose import weakness

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

MAX_BYTES = 24 * 1024 * 1024  # the largest national lists have 2 to 5 MB
MAX_TAGS = 1_000_000  # the Spanish list has 32,000
# Canonicalization sorts both, in time that grows with their square: a megabyte of
# attributes took 41 s. Real lists have 4 on an element, and 8 namespaces.
MAX_ATTRIBUTES = 50
MAX_NAMESPACES = 200
TSL = "{http://uri.etsi.org/02231/v2#}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_COMMENTS = "#WithComments"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
# Algorithm: whether the namespaces are exclusive, whether comments are kept.
_CANONICAL = {
    _EXCLUSIVE: (True, False),
    f"{_EXCLUSIVE}WithComments": (True, True),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    f"http://www.w3.org/TR/2001/REC-xml-c14n-20010315{_COMMENTS}": (False, True),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    f"http://www.w3.org/2006/12/xml-c14n11{_COMMENTS}": (False, True),
}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
# Naming the signer needs no strength: it is one of a few pinned certificates, and
# lists of 2023 still name theirs with SHA-1.
_NAMING = {**_DIGESTS, "http://www.w3.org/2000/09/xmldsig#sha1": "sha1"}
_HASHES = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_SIGNATURES = {
    **{f"{_MORE}rsa-{name}": ("rsa", name) for name in _HASHES},
    **{f"{_MORE}ecdsa-{name}": ("ecdsa", name) for name in _HASHES},
    **{f"{_MORE_2007}{name}-rsa-MGF1": ("pss", name) for name in _HASHES},
}


@dataclass(frozen=True, slots=True)
class SignedList:
    """What the signer signed: the list without its signature, comments removed."""

    root: _Element
    signer: x509.Certificate


def verify_list(data: bytes, signers: Sequence[x509.Certificate]) -> SignedList:
    """The list that one of `signers` signed.

    `Malformed` (reason `list-malformed`, `limits.size`) where it is no list,
    `ProofInvalid` with reason `list-wrapped` (step 2 to 4), `list-signature`
    (5 and 7) or `list-signer` (6).
    """
    root = parse_list(data)
    signature = _only_signature(root)
    named = _by_id(root)
    parts = _parts(signature)
    signed_info = _canonical_signed_info(parts.signed_info)
    references = _references(parts, root, named)
    for reference in references:
        if reference.target is not root:
            reference.check(_octets(reference.target, reference))
    signer = _signer(parts, signers)
    _check_value(parts, signed_info, signer)
    _remove(signature)
    whole = next(one for one in references if one.target is root)
    octets = _octets(root, whole)
    whole.check(octets)
    return SignedList(_parse(octets), signer)


def parse_list(data: bytes) -> _Element:
    """Parse a file without entities or network; `Malformed` unless it is a list.

    Nothing is verified: by itself only good for telling which list it claims to be.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"more than {MAX_BYTES} bytes", reason="limits.size")
    # Before parsing: entities of a DOCTYPE are expanded while it is parsed.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _malformed("a document type declaration")
    if data.count(b"<") > MAX_TAGS or data.count(b"xmlns") > MAX_NAMESPACES:
        raise Malformed("more parts than a list has", reason="limits.size")
    root = _parse(data)
    if root.tag != f"{TSL}TrustServiceStatusList":
        raise _malformed("no trusted list (TrustServiceStatusList)")
    return root


def _parse(data: bytes) -> _Element:
    from lxml import etree

    # Naming the encoding keeps a file in another one from hiding a DOCTYPE.
    parser = etree.XMLParser(
        encoding="UTF-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _malformed(f"not XML that is read here ({error})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _malformed("a document type declaration")
    return root


def _malformed(detail: str) -> Malformed:
    return Malformed(detail, reason="list-malformed")


def _wrapped(detail: str) -> ProofInvalid:
    return ProofInvalid(detail, reason="list-wrapped")


def _unfit(detail: str) -> ProofInvalid:
    return ProofInvalid(detail, reason="list-signature")


def _only_signature(root: _Element) -> _Element:
    found = list(root.iter(f"{DS}Signature"))
    if not found:
        raise _unfit("the list is not signed")
    if len(found) > 1:
        raise _wrapped("more than one signature in the file")
    if found[0].getparent() is not root:
        raise _wrapped("a signature that is not a child of the list")
    return found[0]


def _by_id(root: _Element) -> dict[str, _Element]:
    named: dict[str, _Element] = {}
    for element in root.iter("*"):
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise Malformed("more attributes than lists have", reason="limits.size")
        for name in ("Id", "ID", "id"):
            value = element.get(name)
            if value is None:
                continue
            if not value or value in named:
                raise _wrapped("one Id for two elements")
            named[value] = element
    return named


@dataclass(frozen=True, slots=True)
class _Parts:
    signature: _Element
    signed_info: _Element
    value: _Element
    properties: _Element


def _parts(signature: _Element) -> _Parts:
    qualifying = [
        found
        for element in signature.findall(f"{DS}Object")
        for found in element.findall(f"{XADES}QualifyingProperties")
    ]
    if len(qualifying) != 1:
        raise _wrapped("not exactly one QualifyingProperties in the signature")
    return _Parts(
        signature,
        _one(signature, f"{DS}SignedInfo"),
        _one(signature, f"{DS}SignatureValue"),
        _one(qualifying[0], f"{XADES}SignedProperties"),
    )


def _one(parent: _Element, tag: str) -> _Element:
    found = parent.findall(tag)
    if len(found) != 1:
        raise _wrapped(f"not exactly one {tag.partition('}')[2]} where it belongs")
    return found[0]


@dataclass(frozen=True, slots=True)
class _Reference:
    target: _Element
    is_document: bool
    exclusive: bool
    prefixes: tuple[str, ...]
    digest: str
    value: bytes

    def check(self, octets: bytes) -> None:
        if hashlib.new(self.digest, octets).digest() != self.value:
            raise _unfit("changed since it was signed")


def _references(
    parts: _Parts, root: _Element, named: dict[str, _Element]
) -> tuple[_Reference, ...]:
    elements = parts.signed_info.findall(f"{DS}Reference")
    found = tuple(_reference(element, root, named) for element in elements)
    targets = [reference.target for reference in found]
    if sum(target is root for target in targets) != 1:
        raise _wrapped("not exactly one reference to the whole list")
    if not any(target is parts.properties for target in targets):
        raise _wrapped("the signed properties are not covered")
    for target in targets:
        if target is not root and parts.signature not in target.iterancestors():
            raise _wrapped("a reference to a part of the list alone")
    return found


def _reference(
    element: _Element, root: _Element, named: dict[str, _Element]
) -> _Reference:
    uri = element.get("URI")
    target = root if uri == "" else named.get(_fragment(uri))
    if target is None:
        raise _wrapped("a reference to nothing in this file")
    algorithm, enveloped, prefixes = "", False, tuple[str, ...]()
    for transform in element.iterfind(f"{DS}Transforms/{DS}Transform"):
        name = transform.get("Algorithm", "")
        if name == _ENVELOPED and not (enveloped or algorithm):
            enveloped = True
        elif name in _CANONICAL and not algorithm:
            algorithm, prefixes = name, _prefixes(transform)
        else:
            raise _wrapped("a transform that lists do not use")
    if enveloped is not (target is root):
        raise _wrapped("a reference that leaves the wrong signature out")
    # Without a canonicalization the inclusive one is meant (section 4.4.3.2), and a
    # reference into the same document never holds comments (section 4.4.3.3).
    exclusive = _CANONICAL[algorithm][0] if algorithm else False
    digest = _algorithm(_one(element, f"{DS}DigestMethod"), _DIGESTS)
    value = _base64(_one(element, f"{DS}DigestValue"))
    return _Reference(target, uri == "", exclusive, prefixes, digest, value)


def _fragment(uri: str | None) -> str:
    """The Id behind `#`; empty, which no element has, for any other address."""
    return uri[1:] if uri and uri.startswith("#") else ""


def _prefixes(transform: _Element) -> tuple[str, ...]:
    found = transform.find(f"{{{_EXCLUSIVE}}}InclusiveNamespaces")
    return tuple(found.get("PrefixList", "").split()) if found is not None else ()


def _algorithm(element: _Element, known: dict[str, str]) -> str:
    try:
        return known[element.get("Algorithm", "")]
    except KeyError as error:
        raise _unfit("a digest algorithm that is not accepted") from error


def _base64(element: _Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("a value that is not base64") from error


def _octets(target: _Element, reference: _Reference) -> bytes:
    # Instructions beside the root belong to the document, not to the root.
    node = target.getroottree() if reference.is_document else target
    return _canonical(node, exclusive=reference.exclusive, prefixes=reference.prefixes)


def _canonical(
    node: _Element | _ElementTree, *, exclusive: bool, prefixes: tuple[str, ...] = ()
) -> bytes:
    from lxml import etree

    try:
        octets: bytes = etree.tostring(
            node,
            method="c14n",
            exclusive=exclusive,
            with_comments=False,
            inclusive_ns_prefixes=list(prefixes) if exclusive else None,
        )
    except (etree.LxmlError, ValueError) as error:
        raise _malformed(f"cannot be brought to its signed form ({error})") from error
    return octets


def _canonical_signed_info(signed_info: _Element) -> bytes:
    method = _one(signed_info, f"{DS}CanonicalizationMethod")
    known = _CANONICAL.get(method.get("Algorithm", ""))
    if known is None:
        raise _unfit("a canonicalization that is not accepted")
    # Comments were left out when the file was parsed; a signature over some fails.
    return _canonical(signed_info, exclusive=known[0], prefixes=_prefixes(method))


def _signer(parts: _Parts, signers: Sequence[x509.Certificate]) -> x509.Certificate:
    for digest, value in _named_signers(parts.properties):
        for candidate in signers:
            if hashlib.new(digest, _der(candidate)).digest() == value:
                return candidate
    raise ProofInvalid("signed by somebody who may not", reason="list-signer")


def _named_signers(properties: _Element) -> Iterator[tuple[str, bytes]]:
    """The first certificate that is named: the signer's (EN 319 132-1, 5.2.2)."""
    signed = f"{XADES}SignedSignatureProperties"
    for tag in ("SigningCertificateV2", "SigningCertificate"):
        path = f"{signed}/{XADES}{tag}/{XADES}Cert/{XADES}CertDigest"
        found = properties.find(path)
        if found is not None:
            digest = _algorithm(_one(found, f"{DS}DigestMethod"), _NAMING)
            yield digest, _base64(_one(found, f"{DS}DigestValue"))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _check_value(parts: _Parts, octets: bytes, signer: x509.Certificate) -> None:
    method = _one(parts.signed_info, f"{DS}SignatureMethod").get("Algorithm", "")
    if method not in _SIGNATURES:
        raise _unfit("a signature algorithm that is not accepted")
    family, digest = _SIGNATURES[method]
    try:
        _check(signer, family, _HASHES[digest], _base64(parts.value), octets)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise _unfit("the signature does not fit") from error


def _check(
    signer: x509.Certificate,
    family: str,
    digest: hashes.HashAlgorithm,
    value: bytes,
    octets: bytes,
) -> None:
    key = signer.public_key()
    if isinstance(key, rsa.RSAPublicKey) and family in ("rsa", "pss"):
        problem = weakness(key)
        if problem:
            raise _unfit(problem)
        pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
        pad = pss if family == "pss" else padding.PKCS1v15()
        key.verify(value, octets, pad, digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and family == "ecdsa":
        half = (key.key_size + 7) // 8
        if len(value) != 2 * half:
            raise _unfit("a signature of another length than its key's")
        r, s = int.from_bytes(value[:half]), int.from_bytes(value[half:])
        key.verify(encode_dss_signature(r, s), octets, ec.ECDSA(digest))
    else:
        raise _unfit("a signature of another kind than its key")


def _remove(signature: _Element) -> None:
    """Take the signature out and leave the text behind it where it was."""
    parent, tail = signature.getparent(), signature.tail
    assert parent is not None  # it was found as a child of the root
    before = signature.getprevious()
    parent.remove(signature)
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
