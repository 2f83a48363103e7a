"""A test PKI: a root, a seal CA, a seal certificate an organisation, and CRLs.

Always fresh, and every certificate carries the policy `TEST_POLICY`, so that what
it seals verifies only where somebody trusted it with `--test`. A certificate is
described by a `Plan` and made by an `Authority`: both are pure in the keys, the
serial numbers and the clock they are given, and tests change one field of a plan
to get the certificate that must be refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID

from edc_issuer.cms.qualified import (
    QC_STATEMENTS,
    QC_TYPE_ESEAL,
    SEMANTICS_LEGAL,
    QcStatements,
    write_qc_statements,
)
from edc_issuer.cms.readers import TEST_POLICY
from edc_issuer.cms.seal import (
    COMMON_NAME,
    COUNTRY,
    ORGANIZATION,
    ORGANIZATION_IDENTIFIER,
)
from edc_issuer.jose import PrivateKey, PublicKey
from edc_issuer.keys.files import PRIVATE, write_atomically, write_new

KeyMaker = Callable[[], PrivateKey]
SerialMaker = Callable[[], int]
_YEAR = timedelta(days=365)
_QUALIFIED = QcStatements(
    compliance=True, types=(QC_TYPE_ESEAL,), semantics=SEMANTICS_LEGAL
)
_USAGES = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
    "encipherOnly": "encipher_only",
    "decipherOnly": "decipher_only",
}


def p256_key() -> PrivateKey:
    """A fresh P-256 key, the default of every certificate here."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class TestOrganisation:
    """Whom a seal certificate is for: legal name, identifier, country code."""

    __test__ = False  # its name is no test for pytest

    name: str
    identifier: str
    country: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One certificate in words; `subject` is (object identifier, value) in order.

    `extra` are further extensions as (object identifier, critical, DER value).
    The addresses say where its CRL, OCSP answers and its issuer's certificate are.
    """

    subject: tuple[tuple[str, str], ...]
    not_before: datetime
    not_after: datetime
    ca: bool = False
    path_length: int | None = None
    key_usage: tuple[str, ...] = ("digitalSignature", "nonRepudiation")
    extended_key_usage: tuple[str, ...] = ()
    policies: tuple[str, ...] = (TEST_POLICY,)
    qualified: QcStatements | None = None
    crl_address: str | None = None
    ocsp_address: str | None = None
    issuer_address: str | None = None
    extra: tuple[tuple[str, bool, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One line of a CRL: a serial number, when it was withdrawn, since when broken."""

    serial: int
    at: datetime
    invalid_since: datetime | None = None
    reason: str = "unspecified"


@dataclass(frozen=True, slots=True)
class CrlPlan:
    """One CRL in words; without `next_update` it names no end."""

    this_update: datetime
    next_update: datetime
    withdrawn: tuple[Withdrawn, ...] = ()
    number: int = 1
    extra: tuple[tuple[str, bool, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate with its key; it makes certificates and CRLs."""

    certificate: x509.Certificate
    key: PrivateKey

    def issue(
        self, plan: Plan, public_key: PublicKey, *, serial: int
    ) -> x509.Certificate:
        """Sign the certificate that `plan` describes."""
        builder = _builder(plan, public_key, serial)
        builder = builder.issuer_name(self.certificate.subject)
        above = self.certificate.public_key()
        return _sign(builder, by=self.key, public_key=public_key, above=above)  # type: ignore[arg-type]

    def crl(self, plan: CrlPlan) -> x509.CertificateRevocationList:
        """Sign the revocation list that `plan` describes."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(plan.this_update)
            .next_update(plan.next_update)
            .add_extension(x509.CRLNumber(plan.number), critical=False)
        )
        for line in plan.withdrawn:
            builder = builder.add_revoked_certificate(_line(line))
        for oid, critical, value in plan.extra:
            builder = builder.add_extension(_extension(oid, value), critical=critical)
        return builder.sign(self.key, _digest(self.key))


def self_signed(plan: Plan, key: PrivateKey, *, serial: int) -> Authority:
    """A certificate that vouches for itself: a root, or a forger's seal."""
    public = key.public_key()
    builder = _builder(plan, public, serial).issuer_name(_name(plan.subject))
    return Authority(_sign(builder, by=key, public_key=public, above=public), key)


def root_plan(at: datetime, *, name: str = "EDC Test Root") -> Plan:
    """The plan of a test root, valid ten years from an hour before `at`."""
    return Plan(
        subject=authority_subject(name),
        not_before=at - timedelta(hours=1),
        not_after=at + 10 * _YEAR,
        ca=True,
        key_usage=("keyCertSign", "cRLSign"),
    )


def seal_ca_plan(at: datetime, *, name: str = "EDC Test Seal CA") -> Plan:
    """The plan of a CA that makes seal certificates and no further CAs."""
    plan = root_plan(at, name=name)
    return replace(plan, not_after=at + 5 * _YEAR, path_length=0)


def seal_plan(organisation: TestOrganisation, at: datetime) -> Plan:
    """The plan of an organisation's seal certificate, valid two years."""
    return Plan(
        subject=(
            (COUNTRY, organisation.country),
            (ORGANIZATION, organisation.name),
            (ORGANIZATION_IDENTIFIER, organisation.identifier),
            (COMMON_NAME, f"TEST seal {organisation.identifier}"[:64]),
        ),
        not_before=at - timedelta(hours=1),
        not_after=at + 2 * _YEAR,
        qualified=_QUALIFIED,
    )


def authority_subject(name: str) -> tuple[tuple[str, str], ...]:
    """The subject of every authority for tests."""
    return (
        (COUNTRY, "SI"),
        (ORGANIZATION, "EDC Test PKI, for tests only"),
        (COMMON_NAME, name),
    )


@dataclass(frozen=True, slots=True)
class Seal:
    """An organisation's certificate with its key."""

    organisation: TestOrganisation
    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class TestPki:
    """Root, seal CA, seals and one CRL of each authority, all made at one moment."""

    __test__ = False

    root: Authority
    seal_ca: Authority
    seals: tuple[Seal, ...]
    crls: tuple[x509.CertificateRevocationList, ...]

    @classmethod
    def create(
        cls,
        organisations: Sequence[TestOrganisation],
        *,
        at: datetime,
        new_key: KeyMaker = p256_key,
        new_serial: SerialMaker = x509.random_serial_number,
    ) -> TestPki:
        """Make everything at `at` (aware UTC). The CRLs are good for a year."""
        at = at.replace(microsecond=0)
        root = self_signed(root_plan(at), new_key(), serial=new_serial())
        ca_key = new_key()
        ca_public = ca_key.public_key()
        ca = root.issue(seal_ca_plan(at), ca_public, serial=new_serial())
        seal_ca = Authority(ca, ca_key)
        seals = tuple(
            new_seal(seal_ca, one, at=at, key=new_key(), serial=new_serial())
            for one in organisations
        )
        plan = CrlPlan(at, at + _YEAR)
        return cls(root, seal_ca, seals, (root.crl(plan), seal_ca.crl(plan)))

    def seal(self, identifier: str) -> Seal:
        """The seal of one organisation; `KeyError` if it has none here."""
        for seal in self.seals:
            if seal.organisation.identifier == identifier:
                return seal
        raise KeyError(identifier)

    def write(self, directory: Path, *, password: str | None) -> tuple[Path, ...]:
        """Write `seal.p12`, `root.pem`, `seal-ca.pem` and the CRLs; returns them.

        With several organisations the seals are `seal-<identifier>.p12`. Seals are
        readable by their owner only and never overwrite another. The keys of the
        authorities are not kept: whoever has them could make more seals.
        """
        written = [
            self._write_seal(directory, seal, password=password) for seal in self.seals
        ]
        public = {
            "root.pem": self.root.certificate.public_bytes(Encoding.PEM),
            "seal-ca.pem": self.seal_ca.certificate.public_bytes(Encoding.PEM),
            "root.crl": self.crls[0].public_bytes(Encoding.DER),
            "seal-ca.crl": self.crls[1].public_bytes(Encoding.DER),
        }
        for name, data in public.items():
            write_atomically(directory / name, data)
            written.append(directory / name)
        return tuple(written)

    def _write_seal(self, directory: Path, seal: Seal, *, password: str | None) -> Path:
        identifier = re.sub(r"[^A-Za-z0-9]+", "-", seal.organisation.identifier)
        alone = len(self.seals) == 1
        path = directory / ("seal.p12" if alone else f"seal-{identifier}.p12")
        write_new(path, self.pkcs12(seal, password=password), mode=PRIVATE)
        return path

    def pkcs12(self, seal: Seal, *, password: str | None) -> bytes:
        """The seal's key, certificate and CA as a PKCS#12 file."""
        encryption: KeySerializationEncryption = NoEncryption()
        if password:
            encryption = BestAvailableEncryption(password.encode())
        name = seal.organisation.identifier.encode()
        above = [self.seal_ca.certificate]
        return pkcs12.serialize_key_and_certificates(
            name, seal.key, seal.certificate, above, encryption
        )


def new_seal(
    seal_ca: Authority,
    organisation: TestOrganisation,
    *,
    at: datetime,
    key: PrivateKey,
    serial: int,
    plan: Plan | None = None,
) -> Seal:
    """One more seal of a test CA; `plan` replaces the usual one."""
    plan = plan or seal_plan(organisation, at)
    certificate = seal_ca.issue(plan, key.public_key(), serial=serial)
    return Seal(organisation, certificate, key)


def _builder(plan: Plan, key: PublicKey, serial: int) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(plan.subject))
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(plan.not_before)
        .not_valid_after(plan.not_after)
        .add_extension(x509.BasicConstraints(plan.ca, plan.path_length), critical=True)
    )
    if plan.key_usage:
        builder = builder.add_extension(_key_usage(plan.key_usage), critical=True)
    for extension in _described(plan):
        builder = builder.add_extension(extension, critical=False)
    for oid, critical, value in plan.extra:
        builder = builder.add_extension(_extension(oid, value), critical=critical)
    return builder


def _described(plan: Plan) -> list[x509.ExtensionType]:
    extensions: list[x509.ExtensionType] = []
    if plan.policies:
        information = [
            x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
            for policy in plan.policies
        ]
        extensions.append(x509.CertificatePolicies(information))
    if plan.extended_key_usage:
        purposes = list(map(x509.ObjectIdentifier, plan.extended_key_usage))
        extensions.append(x509.ExtendedKeyUsage(purposes))
    if plan.qualified:
        value = write_qc_statements(plan.qualified)
        extensions.append(_extension(QC_STATEMENTS, value))
    if plan.crl_address:
        name = x509.UniformResourceIdentifier(plan.crl_address)
        point = x509.DistributionPoint([name], None, None, None)
        extensions.append(x509.CRLDistributionPoints([point]))
    access = list(_access(plan))
    if access:
        extensions.append(x509.AuthorityInformationAccess(access))
    return extensions


def _access(plan: Plan) -> Iterator[x509.AccessDescription]:
    methods = AuthorityInformationAccessOID
    for method, address in (
        (methods.OCSP, plan.ocsp_address),
        (methods.CA_ISSUERS, plan.issuer_address),
    ):
        if address:
            name = x509.UniformResourceIdentifier(address)
            yield x509.AccessDescription(method, name)


def _sign(
    builder: x509.CertificateBuilder,
    *,
    by: PrivateKey,
    public_key: PublicKey,
    above: PublicKey,
) -> x509.Certificate:
    own = x509.SubjectKeyIdentifier.from_public_key(public_key)
    parent = x509.AuthorityKeyIdentifier.from_issuer_public_key(above)
    builder = builder.add_extension(own, critical=False)
    builder = builder.add_extension(parent, critical=False)
    return builder.sign(by, _digest(by))


def _digest(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _name(subject: tuple[tuple[str, str], ...]) -> x509.Name:
    return x509.Name(
        x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in subject
    )


def _key_usage(usages: tuple[str, ...]) -> x509.KeyUsage:
    chosen = {_USAGES[usage] for usage in usages}
    return x509.KeyUsage(**{word: word in chosen for word in _USAGES.values()})


def _extension(oid: str, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value)


def _line(line: Withdrawn) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(line.serial)
        .revocation_date(line.at)
    )
    if line.reason != "unspecified":
        reason = x509.CRLReason(x509.ReasonFlags(line.reason))
        builder = builder.add_extension(reason, critical=False)
    if line.invalid_since:
        since = x509.InvalidityDate(line.invalid_since)
        builder = builder.add_extension(since, critical=False)
    return builder.build()
