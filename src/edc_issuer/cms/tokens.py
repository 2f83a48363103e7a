"""Timestamp tokens: what an authority said existed when, and how it signed that.

A token is CMS SignedData around a TSTInfo. Here it is read whole and nothing is
verified (`timestamp.verify_token` does). RFC 3161 section 2.4, RFC 5652 section 5,
RFC 5816 (ESSCertIDv2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import (
    DIGESTS,
    SignatureAlgorithm,
    read_digest,
    read_signature_algorithm,
)
from edc_issuer.cms.certificate import (
    Extension,
    issuer_der,
    load,
    read_extensions,
    serial_der,
)
from edc_issuer.cms.der import DerError, Element
from edc_issuer.cms.readers import subject_key_identifier

SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"

MAX_TOKEN = 1024 * 1024  # octets; tokens have 2 to 10 kB, more with CRLs inside
_MAX_CERTIFICATES = 100
_MAX_ATTRIBUTES = 50
_MAX_SIGNERS = 10
_MAX_ACCURACY = timedelta(days=366)  # a coarser time says nothing
_DIRECTORY_NAME = 0xA4


@dataclass(frozen=True, slots=True)
class EssCertificate:
    """One certificate named by its hash (ESSCertID, ESSCertIDv2, RFC 5035).

    `issuer` is a DER Name, `serial` a DER INTEGER; both are None where the token leaves
    them out.
    """

    digest: str
    value: bytes
    issuer: bytes | None
    serial: bytes | None

    def names(self, certificate: x509.Certificate) -> bool:
        """Whether it is this very certificate."""
        found = hashlib.new(self.digest.replace("sha3-", "sha3_"))
        found.update(_encoded(certificate))
        if found.digest() != self.value:
            return False
        if self.issuer is None or self.serial is None:
            return True
        return serial_der(certificate) == self.serial and same_name(
            issuer_der(certificate), self.issuer
        )


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """Who signed and how; `signed` are the signed attributes as a SET.

    The signer is named by `issuer` (a DER Name) and `serial` (a DER INTEGER), or by
    `key_identifier`.
    """

    issuer: bytes | None
    serial: bytes | None
    key_identifier: bytes | None
    digest: str
    attributes: tuple[tuple[str, tuple[Element, ...]], ...]
    signed: bytes
    algorithm: SignatureAlgorithm
    signature: bytes

    def is_of(self, certificate: x509.Certificate) -> bool:
        """Whether the signer identifier points to this certificate."""
        if self.key_identifier is not None:
            return subject_key_identifier(certificate) == self.key_identifier
        if self.issuer is None or serial_der(certificate) != self.serial:
            return False
        return same_name(issuer_der(certificate), self.issuer)

    def attribute(self, oid: str) -> Element | None:
        """The single value of a signed attribute; None if absent; `DerError`."""
        found = [values for name, values in self.attributes if name == oid]
        if not found:
            return None
        if len(found) > 1 or len(found[0]) != 1:
            raise DerError("a signed attribute with several values")
        return found[0][0]


@dataclass(frozen=True, slots=True)
class Token:
    """A TimeStampToken as it was read; nothing in it is verified.

    `digest` is the hash of the imprint by its `hashlib` name ("sha256", "sha3-256";
    an unknown one by its object identifier). `certificates` are those that can be
    read, `crls` and `ocsps` the DER of revocation data inside. `info` are the octets
    of the TSTInfo, over which the signature goes.
    """

    encoded: bytes = field(repr=False)
    gen_time: datetime
    accuracy: timedelta | None
    digest: str
    imprint: bytes
    nonce: int | None
    serial: int
    policy: str
    certificates: tuple[x509.Certificate, ...] = field(repr=False)
    crls: tuple[bytes, ...] = field(repr=False)
    ocsps: tuple[bytes, ...] = field(repr=False)
    info: bytes = field(repr=False)
    extensions: tuple[Extension, ...] = field(repr=False)
    signers: tuple[SignerInfo, ...] = field(repr=False)

    @property
    def digests(self) -> frozenset[str]:
        """Every hash it rests on, for a dated table: imprint, content, signature."""
        used = {self.digest}
        for signer in self.signers:
            used |= {signer.digest} | signer.algorithm.digests
        return frozenset(used)


@dataclass(frozen=True, slots=True)
class _Info:
    policy: str
    digest: str
    imprint: bytes
    serial: int
    gen_time: datetime
    accuracy: timedelta | None
    nonce: int | None
    extensions: tuple[Extension, ...]


def read_token(data: bytes) -> Token:
    """Read a TimeStampToken (a CMS ContentInfo); `DerError` for anything else."""
    if len(data) > MAX_TOKEN:
        raise DerError(f"a timestamp token of {len(data)} octets")
    outer = der.parse(data).fields()
    _expect_oid(outer.take(), SIGNED_DATA, "not CMS SignedData")
    signed = outer.take(0xA0).only().fields()
    outer.end()
    signed.take(der.INTEGER).integer()
    signed.take(der.SET)  # digestAlgorithms: what counts stands with the signer
    info = _content(signed.take(der.SEQUENCE))
    certificates = signed.optional(0xA0)
    revocations = signed.optional(0xA1)
    signers = signed.take(der.SET).children(most=_MAX_SIGNERS)
    signed.end()
    said = _read_info(info)
    crls, ocsps = _revocations(revocations)
    return Token(
        encoded=data,
        gen_time=said.gen_time,
        accuracy=said.accuracy,
        digest=said.digest,
        imprint=said.imprint,
        nonce=said.nonce,
        serial=said.serial,
        policy=said.policy,
        certificates=tuple(_certificates(certificates)),
        crls=crls,
        ocsps=ocsps,
        info=info,
        extensions=said.extensions,
        signers=tuple(map(_signer, signers)),
    )


def _expect_oid(element: Element, oid: str, complaint: str) -> None:
    if element.oid() != oid:
        raise DerError(complaint)


def _content(element: Element) -> bytes:
    """The octets of eContent (RFC 5652 section 5.2), which must hold a TSTInfo."""
    fields = element.fields()
    _expect_oid(fields.take(), TST_INFO, "SignedData that holds no TSTInfo")
    octets = fields.take(0xA0).only().octets()
    fields.end()
    return octets


def _read_info(data: bytes) -> _Info:
    """TSTInfo, RFC 3161 section 2.4.2."""
    fields = der.parse(data).fields()
    if fields.take().integer() != 1:
        raise DerError("a TSTInfo of another version")
    policy = fields.take().oid()
    digest, imprint = _imprint(fields.take())
    serial = fields.take().integer()
    gen_time = fields.take(der.GENERALIZED_TIME).time()
    accuracy = fields.optional(der.SEQUENCE)
    ordering = fields.optional(der.BOOLEAN)
    if ordering is not None:
        ordering.boolean()  # DER leaves a FALSE out; written, it means the same
    nonce = fields.optional(der.INTEGER)
    fields.optional(0xA0)  # the authority's name, a hint; the certificate decides
    extensions = fields.optional(0xA1)
    fields.end()
    return _Info(
        policy,
        digest,
        imprint,
        serial,
        gen_time,
        _accuracy(accuracy) if accuracy else None,
        nonce.integer() if nonce else None,
        read_extensions(extensions.children(most=_MAX_ATTRIBUTES))
        if extensions
        else (),
    )


def _imprint(element: Element) -> tuple[str, bytes]:
    fields = element.fields()
    digest, value = read_digest(fields.take()), fields.take().octets()
    fields.end()
    if digest in DIGESTS and len(value) != DIGESTS[digest][1]().digest_size:
        raise DerError(f"an imprint of {len(value)} octets that is no {digest}")
    return digest, value


def _accuracy(element: Element) -> timedelta:
    fields = element.fields()
    seconds, millis = fields.optional(der.INTEGER), fields.optional(0x80)
    micros = fields.optional(0x81)
    fields.end()
    parts = (
        seconds.integer() if seconds else 0,
        millis.integer(0x80) if millis else 0,
        micros.integer(0x81) if micros else 0,
    )
    whole = int(_MAX_ACCURACY.total_seconds())
    if not (0 <= parts[0] <= whole and all(0 <= part <= 999 for part in parts[1:])):
        raise DerError("an accuracy outside of what is written in numbers")
    return timedelta(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])


def _certificates(element: Element | None) -> Iterator[x509.Certificate]:
    if element is None:
        return
    for choice in element.children(most=_MAX_CERTIFICATES):
        if choice.tag != der.SEQUENCE:
            continue  # attribute certificates and the like, RFC 5652 section 10.2.2
        try:
            yield load(choice.encoded)
        except (ValueError, x509.InvalidVersion):
            continue  # an odd one does not spoil the others; the signer is looked for


def _revocations(
    element: Element | None,
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """CRLs and OCSP answers in `crls` (RFC 5652 section 10.2.1, RFC 5940)."""
    if element is None:
        return (), ()
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    for choice in element.children(most=_MAX_CERTIFICATES):
        if choice.tag == der.SEQUENCE:
            crls.append(choice.encoded)
        elif choice.tag == 0xA1:
            fields = choice.fields(0xA1)
            if fields.take().oid() == OCSP_RESPONSE:
                ocsps.append(fields.take(der.SEQUENCE).encoded)
    return tuple(crls), tuple(ocsps)


def _signer(element: Element) -> SignerInfo:
    """SignerInfo, RFC 5652 section 5.3."""
    fields = element.fields()
    fields.take(der.INTEGER).integer()
    issuer, serial, identifier = _signer_identifier(fields.take())
    digest = read_digest(fields.take(der.SEQUENCE))
    attributes = fields.take(0xA0)
    algorithm = read_signature_algorithm(fields.take(der.SEQUENCE), digest)
    signature = fields.take().octets()
    fields.optional(0xA1)  # unsigned attributes prove nothing
    fields.end()
    # Section 5.4: the signature goes over a SET OF; no other octet is touched.
    signed = bytes((der.SET,)) + attributes.encoded[1:]
    named = tuple(map(_attribute, attributes.children(most=_MAX_ATTRIBUTES)))
    return SignerInfo(
        issuer, serial, identifier, digest, named, signed, algorithm, signature
    )


def _signer_identifier(
    element: Element,
) -> tuple[bytes | None, bytes | None, bytes | None]:
    if element.tag == 0x80:
        return None, None, element.content
    fields = element.fields()
    issuer, serial = fields.take(der.SEQUENCE), fields.take(der.INTEGER)
    fields.end()
    return issuer.encoded, serial.encoded, None


def _attribute(element: Element) -> tuple[str, tuple[Element, ...]]:
    fields = element.fields()
    oid = fields.take().oid()
    values = fields.take(der.SET).children(most=_MAX_ATTRIBUTES)
    fields.end()
    return oid, values


def ess_certificates(signer: SignerInfo) -> tuple[EssCertificate, ...]:
    """What `signingCertificate` and `signingCertificateV2` name first; `DerError`.

    The first entry is the signer's (RFC 5035 sections 3 and 4); a token may carry
    both attributes, and then both count.
    """
    found = []
    for oid in (SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2):
        value = signer.attribute(oid)
        if value is not None:
            certificates = value.fields().take(der.SEQUENCE)
            entries = certificates.children(der.SEQUENCE, most=_MAX_CERTIFICATES)
            if not entries:
                raise DerError("a signing certificate attribute that names none")
            found.append(_ess(entries[0], v2=oid == SIGNING_CERTIFICATE_V2))
    return tuple(found)


def _ess(element: Element, *, v2: bool) -> EssCertificate:
    fields = element.fields()
    named = fields.optional(der.SEQUENCE) if v2 else None
    digest = read_digest(named) if named else "sha256" if v2 else "sha1"
    value = fields.take().octets()
    issuer_serial = fields.optional(der.SEQUENCE)
    fields.end()
    if digest not in DIGESTS:
        raise DerError(f"a certificate hash by {digest}, which is not known here")
    if issuer_serial is None:
        return EssCertificate(digest, value, None, None)
    parts = issuer_serial.fields()
    name = parts.take(der.SEQUENCE).only().expect(_DIRECTORY_NAME).only().encoded
    return EssCertificate(digest, value, name, parts.take(der.INTEGER).encoded)


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two DER Names say the same, whatever string types they use."""
    try:
        return one == other or _said(one) == _said(other)
    except DerError:
        return False


def _said(name: bytes) -> list[list[tuple[str, str]]]:
    found = []
    for rdn in der.parse(name).children(der.SEQUENCE, most=_MAX_ATTRIBUTES):
        pairs = [a.fields() for a in rdn.children(der.SET, most=_MAX_ATTRIBUTES)]
        found.append(sorted((f.take().oid(), f.take().text()) for f in pairs))
    return found


def _encoded(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
