"""Trusted lists of our own making: signed honestly, or with one named change.

The writer knows nothing of the reader: it follows XML Signature and EN 319 132-1
itself, and `signxml`, which is somebody else's, must accept what it signs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testpki import root_plan, self_signed
from edc_issuer.trust.lists.lotl import Authority, Publication
from pki import AT, DAY, new_key

TSL = "http://uri.etsi.org/02231/v2#"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
QUALIFICATIONS = (
    "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"
)
MORE = "http://uri.etsi.org/02231/v2/additionaltypes#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = f"{DS}sha1"
INFO = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt"
_TRUSTED_LIST = "http://uri.etsi.org/TrstSvc/TrustedList"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ECDSA, RSA = f"{_MORE}ecdsa-sha256", f"{_MORE}rsa-sha256"
PSS = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
RSA_SHA1 = f"{DS}rsa-sha1"
JOURNAL = "https://journal.example/OJ-1"
_SERIALS = count(7000)


def text_of(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class ListSigner:
    """Who signs a list."""

    certificate: x509.Certificate
    key: PrivateKey

    @classmethod
    def create(
        cls,
        name: str = "Žiga Čuvaj",
        key: PrivateKey | None = None,
        **changes: Any,
    ) -> ListSigner:
        plan = replace(root_plan(AT - 400 * DAY, name=name), ca=False, **changes)
        made = self_signed(plan, key or new_key(), serial=next(_SERIALS))
        return cls(made.certificate, made.key)


@dataclass(frozen=True)
class Entry:
    """One state of a service."""

    kind: str = "CA/QC"
    status: str = "granted"
    since: datetime = AT - 300 * DAY
    additional: tuple[str, ...] = ("ForeSeals",)
    extensions: str = ""

    def xml(self) -> str:
        additional = "".join(
            f"""<Extension Critical="true"><AdditionalServiceInformation>
            <URI xml:lang="en">{INFO}/{name}</URI></AdditionalServiceInformation>
            </Extension>"""
            for name in self.additional
        )
        status = f"{_TRUSTED_LIST}/Svcstatus/{self.status}"
        return f"""<ServiceStatus>{status}</ServiceStatus>
            <StatusStartingTime>{text_of(self.since)}</StatusStartingTime>
            <ServiceInformationExtensions>{additional}{self.extensions}
            </ServiceInformationExtensions>"""


@dataclass(frozen=True)
class ServicePlan:
    """A service: its certificates, its state now and its history."""

    certificates: tuple[x509.Certificate, ...]
    now: Entry = Entry()
    past: tuple[Entry, ...] = ()
    name: str = "Kvalificirani pečati Čemšenik"
    provider: str = "Overitelj Žužemberk d.o.o."

    def xml(self) -> str:
        identity = "".join(
            f"<DigitalId><X509Certificate>{base64.b64encode(der(c)).decode()}"
            "</X509Certificate></DigitalId>"
            for c in self.certificates
        )
        past = "".join(
            f"<ServiceHistoryInstance>{self._part(one, '')}</ServiceHistoryInstance>"
            for one in self.past
        )
        return f"""<TSPService><ServiceInformation>{self._part(self.now, identity)}
            </ServiceInformation><ServiceHistory>{past}</ServiceHistory></TSPService>"""

    def _part(self, entry: Entry, identity: str) -> str:
        kind = f"http://uri.etsi.org/TrstSvc/Svctype/{entry.kind}"
        return f"""<ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier><ServiceName>
            <Name xml:lang="sl">{self.name}</Name>
            <Name xml:lang="en">{self.name} (en)</Name></ServiceName>
            <ServiceDigitalIdentity>{identity}</ServiceDigitalIdentity>{entry.xml()}"""


@dataclass(frozen=True)
class PointerPlan:
    """Where another list is, and who signs it."""

    url: str
    territory: str
    signers: tuple[x509.Certificate, ...]
    kind: str = "EUgeneric"
    mime_type: str = "application/vnd.etsi.tsl+xml"

    def xml(self) -> str:
        identity = "".join(
            f"<DigitalId><X509Certificate>{base64.b64encode(der(c)).decode()}"
            "</X509Certificate></DigitalId>"
            for c in self.signers
        )
        return f"""<OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity>
            {identity}</ServiceDigitalIdentity></ServiceDigitalIdentities>
            <TSLLocation>{self.url}</TSLLocation><AdditionalInformation>
            <OtherInformation><TSLType>{_TRUSTED_LIST}/TSLType/{self.kind}</TSLType>
            </OtherInformation><OtherInformation>
            <SchemeTerritory>{self.territory}</SchemeTerritory></OtherInformation>
            <OtherInformation><m:MimeType>{self.mime_type}</m:MimeType>
            </OtherInformation></AdditionalInformation></OtherTSLPointer>"""


@dataclass(frozen=True)
class ListPlan:
    """One list in words; `replace` makes the one that must be refused."""

    territory: str = "SI"
    kind: str = "EUgeneric"
    sequence: int = 7
    version: str = "6"
    issued: datetime = AT - 10 * DAY
    next_update: datetime | None = AT + 100 * DAY
    addresses: tuple[str, ...] = ()
    pointers: tuple[PointerPlan, ...] = ()
    services: tuple[ServicePlan, ...] = ()
    extra: str = ""

    def xml(self) -> etree._Element:
        update = (
            f"<dateTime>{text_of(self.next_update)}</dateTime>"
            if self.next_update
            else ""
        )
        uris = "".join(f'<URI xml:lang="en">{a}</URI>' for a in self.addresses)
        pointers = "".join(pointer.xml() for pointer in self.pointers)
        providers = "".join(
            f"""<TrustServiceProvider><TSPInformation><TSPName>
            <Name xml:lang="sl">{one.provider}</Name></TSPName></TSPInformation>
            <TSPServices>{one.xml()}</TSPServices></TrustServiceProvider>"""
            for one in self.services
        )
        text = f"""<TrustServiceStatusList xmlns="{TSL}" xmlns:m="{MORE}" Id="list"
            xmlns:q="{QUALIFICATIONS}" xmlns:x="{XADES}"
            TSLTag="http://uri.etsi.org/19612/TSLTag"><SchemeInformation>
            <TSLVersionIdentifier>{self.version}</TSLVersionIdentifier>
            <TSLSequenceNumber>{self.sequence}</TSLSequenceNumber>
            <TSLType>{_TRUSTED_LIST}/TSLType/{self.kind}</TSLType>
            <SchemeInformationURI>{uris}</SchemeInformationURI>
            <SchemeTerritory>{self.territory}</SchemeTerritory>
            <PointersToOtherTSL>{pointers}</PointersToOtherTSL>
            <ListIssueDateTime>{text_of(self.issued)}</ListIssueDateTime>
            <NextUpdate>{update}</NextUpdate>{self.extra}</SchemeInformation>
            <TrustServiceProviderList>{providers}</TrustServiceProviderList>
            </TrustServiceStatusList>"""
        return etree.fromstring(text.encode())

    def signed(self, signer: ListSigner, **changes: Any) -> bytes:
        """The list, signed as `Signing` says."""
        return sign(self.xml(), signer, replace(Signing(), **changes))


@dataclass(frozen=True)
class Signing:
    """How a list is signed; every field is the name of one change."""

    reference: str = ""
    method: str | None = None
    digest_method: str = SHA256
    transforms: tuple[str, ...] = (ENVELOPED, EXCLUSIVE)
    covers_list: bool = True
    covers_properties: bool = True
    also: str = ""
    names_signer: bool = True
    naming: str = SHA256
    named: x509.Certificate | None = None
    property_version: str = "V2"


def sign(root: etree._Element, signer: ListSigner, how: Signing) -> bytes:
    """Put an enveloped XAdES signature into a list."""
    method = how.method or (
        ECDSA if isinstance(signer.key, ec.EllipticCurvePrivateKey) else RSA
    )
    target = root if how.reference in ("", "#list") else _by_id(root, how.reference)
    whole = _digest(how.digest_method, _canonical(target))
    transforms = "".join(f'<Transform Algorithm="{t}"/>' for t in how.transforms)
    listed = f"""<Reference Id="whole" URI="{how.reference}">
        <Transforms>{transforms}</Transforms>
        <DigestMethod Algorithm="{how.digest_method}"/>
        <DigestValue>{whole}</DigestValue></Reference>"""
    properties = f"""<Reference Type="http://uri.etsi.org/01903#SignedProperties"
        URI="#properties"><Transforms><Transform Algorithm="{EXCLUSIVE}"/></Transforms>
        <DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference>"""
    signature = etree.fromstring(
        f"""<Signature xmlns="{DS}" Id="signature"><SignedInfo>
        <CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>
        <SignatureMethod Algorithm="{method}"/>{listed if how.covers_list else ""}
        {properties if how.covers_properties else ""}{_also(root, how)}
        </SignedInfo><SignatureValue/>
        <KeyInfo><X509Data><X509Certificate>
        {base64.b64encode(der(signer.certificate)).decode()}</X509Certificate></X509Data>
        </KeyInfo><Object>{_properties(signer, how)}</Object></Signature>"""
    )
    root.append(signature)
    if how.covers_properties:
        signed = signature.find(f".//{{{XADES}}}SignedProperties")
        value = only(signature, f".//{{{DS}}}Reference[@Type]/{{{DS}}}DigestValue")
        value.text = _digest(SHA256, _canonical(signed))
    octets = _canonical(only(signature, f"{{{DS}}}SignedInfo"))
    place = only(signature, f"{{{DS}}}SignatureValue")
    place.text = base64.b64encode(_sign(signer.key, method, octets)).decode()
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data


def _also(root: etree._Element, how: Signing) -> str:
    """A further reference, to one part of the list."""
    if not how.also:
        return ""
    value = _digest(SHA256, _canonical(_by_id(root, how.also)))
    return f"""<Reference URI="{how.also}"><Transforms>
        <Transform Algorithm="{EXCLUSIVE}"/></Transforms>
        <DigestMethod Algorithm="{SHA256}"/><DigestValue>{value}</DigestValue>
        </Reference>"""


def _properties(signer: ListSigner, how: Signing) -> str:
    named = how.named or signer.certificate
    naming = ""
    if how.names_signer:
        naming = f"""<x:SigningCertificate{how.property_version}><x:Cert><x:CertDigest>
            <DigestMethod Algorithm="{how.naming}"/>
            <DigestValue>{_digest(how.naming, der(named))}</DigestValue>
            </x:CertDigest>{_issuer(named, how)}</x:Cert>
            </x:SigningCertificate{how.property_version}>"""
    return f"""<x:QualifyingProperties xmlns:x="{XADES}" Target="#signature">
        <x:SignedProperties Id="properties"><x:SignedSignatureProperties>
        <x:SigningTime>{text_of(AT)}</x:SigningTime>{naming}
        </x:SignedSignatureProperties><x:SignedDataObjectProperties>
        <x:DataObjectFormat ObjectReference="#whole"><x:MimeType>text/xml</x:MimeType>
        </x:DataObjectFormat></x:SignedDataObjectProperties></x:SignedProperties>
        </x:QualifyingProperties>"""


def _issuer(named: x509.Certificate, how: Signing) -> str:
    if how.property_version == "V2":
        return ""
    name = named.issuer.rfc4514_string()
    return f"""<x:IssuerSerial><X509IssuerName>{name}</X509IssuerName>
        <X509SerialNumber>{named.serial_number}</X509SerialNumber></x:IssuerSerial>"""


def only(root: etree._Element, path: str) -> etree._Element:
    """The first element at a path, which must be there."""
    found = root.find(path)
    assert found is not None, path
    return found


def _by_id(root: etree._Element, reference: str) -> etree._Element:
    return next(e for e in root.iter() if e.get("Id") == reference[1:])


def _canonical(element: Any) -> bytes:
    octets: bytes = etree.tostring(element, method="c14n", exclusive=True)
    return octets


def _digest(method: str, octets: bytes) -> str:
    name = {SHA256: "sha256", SHA1: "sha1"}[method]
    return base64.b64encode(hashlib.new(name, octets).digest()).decode()


def _sign(key: PrivateKey, method: str, octets: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(octets, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)
    assert isinstance(key, rsa.RSAPrivateKey)
    if method == PSS:
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return key.sign(octets, pss, hashes.SHA256())
    digest = hashes.SHA1() if method == RSA_SHA1 else hashes.SHA256()
    return key.sign(octets, padding.PKCS1v15(), digest)


@dataclass(frozen=True)
class ListWorld:
    """A list of lists with a pivot, and one national list below it."""

    journal: ListSigner
    commission: ListSigner
    operator: ListSigner
    url: str
    services: tuple[ServicePlan, ...]
    territory: str = "SI"
    at: datetime = AT

    @classmethod
    def create(
        cls,
        services: Sequence[ServicePlan],
        *,
        url: str,
        territory: str = "SI",
        at: datetime = AT,
        **changes: Any,
    ) -> ListWorld:
        """Lists that are fresh at `at`; `changes` are of their signers' plan."""
        journal, commission, operator = (
            ListSigner.create(name, **changes)
            for name in ("Journal", "Commission", "Operator")
        )
        return cls(journal, commission, operator, url, tuple(services), territory, at)

    @property
    def authority(self) -> Authority:
        """The list of lists, and the journal that says who signs its first pivot."""
        published = Publication("OJ 1", (JOURNAL,), (self.journal.certificate,))
        return Authority(f"{self.url}/lotl.xml", (published,))

    @property
    def pivot_plan(self) -> ListPlan:
        own = PointerPlan(
            f"{self.url}/lotl.xml",
            "EU",
            (self.commission.certificate,),
            "EUlistofthelists",
        )
        return ListPlan(
            territory="EU",
            kind="EUlistofthelists",
            sequence=2,
            issued=self.at - 200 * DAY,
            addresses=(f"{self.url}/lotl-pivot-2.xml", JOURNAL),
            pointers=(own,),
        )

    @property
    def lotl_plan(self) -> ListPlan:
        national = PointerPlan(
            f"{self.url}/{self.territory}.xml",
            self.territory,
            (self.operator.certificate,),
        )
        pivot = self.pivot_plan
        return replace(
            pivot,
            sequence=5,
            issued=self.at - 5 * DAY,
            next_update=self.at + 120 * DAY,
            pointers=(*pivot.pointers, national),
        )

    @property
    def national_plan(self) -> ListPlan:
        return ListPlan(
            territory=self.territory,
            issued=self.at - 10 * DAY,
            next_update=self.at + 100 * DAY,
            services=self.services,
        )

    def files(self) -> dict[str, bytes]:
        """Every list by the name of its file."""
        return {
            "lotl.xml": self.lotl_plan.signed(self.commission),
            "lotl-pivot-2.xml": self.pivot_plan.signed(self.journal),
            f"{self.territory}.xml": self.national_plan.signed(self.operator),
        }
