"""A timestamp authority for tests: any token, good or with one named fault.

A token is described by a `TokenPlan` and made by `timestamp_token`; a test changes
one field of a good plan to get the token that must be refused. Its certificate
carries `TEST_POLICY`, and so do its tokens. RFC 3161, written with our own DER.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import (
    read_digest,
    write_digest,
)
from edc_issuer.cms.certificate import issuer_der, issuer_serial, serial_der
from edc_issuer.cms.readers import EXTENDED_KEY_USAGE, TEST_POLICY
from edc_issuer.cms.tokens import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    OCSP_RESPONSE,
    SIGNED_DATA,
    SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
)
from edc_issuer.keys.testder import (
    extension_list,
    generalized_time,
    hashed,
    sign_as,
)
from edc_issuer.keys.testpki import Authority, Plan, authority_subject

TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
BAD_REQUEST = 2
SIGNING_TIME = "1.2.840.113549.1.9.5"
_NULL = der.encode(der.NULL)


def purpose(*oids: str, critical: bool = True) -> tuple[tuple[str, bool, bytes], ...]:
    """An extendedKeyUsage for `Plan.extra`, critical as a timestamp authority's is."""
    return ((EXTENDED_KEY_USAGE, critical, der.sequence(*map(der.oid, oids))),)


def tsa_plan(at: datetime, *, name: str = "EDC Test TSA") -> Plan:
    """The plan of a timestamp authority's certificate, valid a year from `at`."""
    return Plan(
        subject=authority_subject(name),
        not_before=at - timedelta(hours=1),
        not_after=at + timedelta(days=365),
        key_usage=("digitalSignature",),
        extra=purpose(TIME_STAMPING),
    )


@dataclass(frozen=True, slots=True)
class TokenPlan:
    """One token in words; whatever is not said is as an honest authority does it.

    `hashed_with` is the hash of digestAlgorithm and of the message digest,
    `signed_with` that of the signature (without it the same). `family` "PS" asks an
    RSA key for RSASSA-PSS, "rsaEncryption" for the algorithm that names no hash.
    `message_digest`, `content_type`, `signer`, `signature_of` put something else
    where the right thing belongs. `ess` are the versions of the signing certificate
    attribute, `ess_of` is the certificate whose hash they have (`ess_v1_of` that of the
    first version alone), `ess_named` the one whose issuer and number stand beside it.
    `doubled` repeats the attribute, `two_values` its value, `without` leaves it out,
    `descending` turns their order around.
    """

    imprint: bytes
    gen_time: datetime
    digest: str = "sha256"
    nonce: int | None = None
    serial: int = 1
    policy: str = TEST_POLICY
    accuracy: timedelta | None = timedelta(seconds=1)
    extensions: tuple[tuple[str, bool, bytes], ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    hashed_with: str = "sha256"
    signed_with: str | None = None
    family: str | None = None
    holds: str = TST_INFO
    content_type: str = TST_INFO
    message_digest: bytes | None = None
    ess: tuple[int, ...] = (2,)
    ess_digest: str = "sha256"
    ess_of: x509.Certificate | None = None
    ess_v1_of: x509.Certificate | None = None
    ess_named: x509.Certificate | None = None
    ess_issuer_serial: bool = True
    by_key_identifier: bool = False
    signer: x509.Certificate | None = None
    signers: int = 1
    doubled: str | None = None
    two_values: str | None = None
    without: str | None = None
    descending: bool = False
    signature_of: Callable[[bytes], bytes] = field(default=lambda signed: signed)


def timestamp_token(tsa: Authority, plan: TokenPlan) -> bytes:
    """The TimeStampToken that `plan` describes, signed with the key of `tsa`."""
    info = _tst_info(plan)
    content = der.encode(0xA0, der.encode(der.OCTET_STRING, info))
    signer = _signer_info(tsa, plan, info)
    certificates = b"".join(_encoded(one) for one in plan.certificates)
    signed_data = der.sequence(
        der.integer(3),
        der.encode(der.SET, write_digest(plan.hashed_with)),
        der.sequence(der.oid(plan.holds), content),
        der.encode(0xA0, certificates) if certificates else b"",
        _revocations(plan),
        der.encode(der.SET, *[signer] * plan.signers),
    )
    return der.sequence(der.oid(SIGNED_DATA), der.encode(0xA0, signed_data))


def _tst_info(plan: TokenPlan) -> bytes:
    imprint = der.encode(der.OCTET_STRING, plan.imprint)
    return der.sequence(
        der.integer(1),
        der.oid(plan.policy),
        der.sequence(write_digest(plan.digest), imprint),
        der.integer(plan.serial),
        generalized_time(plan.gen_time),
        b"" if plan.accuracy is None else _accuracy(plan.accuracy),
        b"" if plan.nonce is None else der.integer(plan.nonce),
        _extensions(plan.extensions),
    )


def _accuracy(accuracy: timedelta) -> bytes:
    seconds = accuracy.days * 86400 + accuracy.seconds
    millis, micros = divmod(accuracy.microseconds, 1000)
    return der.sequence(
        der.integer(seconds) if seconds else b"",
        b"\x80" + der.integer(millis)[1:] if millis else b"",
        b"\x81" + der.integer(micros)[1:] if micros else b"",
    )


def _extensions(extensions: tuple[tuple[str, bool, bytes], ...]) -> bytes:
    made = extension_list(extensions)
    return der.encode(0xA1, *made) if made else b""


def _revocations(plan: TokenPlan) -> bytes:
    ocsps = (der.encode(0xA1, der.oid(OCSP_RESPONSE), one) for one in plan.ocsps)
    found = [*plan.crls, *ocsps]
    return der.encode(0xA1, *found) if found else b""


def _signer_info(tsa: Authority, plan: TokenPlan, info: bytes) -> bytes:
    attributes = sorted(_attributes(tsa, plan, info), reverse=plan.descending)
    signed = der.encode(der.SET, *attributes)
    algorithm, signature = sign_as(
        tsa.key,
        plan.signature_of(signed),
        digest=plan.signed_with or plan.hashed_with,
        family=plan.family,
    )
    return der.sequence(
        der.integer(3 if plan.by_key_identifier else 1),
        _signer_identifier(plan.signer or tsa.certificate, plan),
        write_digest(plan.hashed_with),
        der.encode(0xA0, *attributes),
        algorithm,
        der.encode(der.OCTET_STRING, signature),
    )


def _signer_identifier(certificate: x509.Certificate, plan: TokenPlan) -> bytes:
    if not plan.by_key_identifier:
        return der.sequence(issuer_der(certificate), serial_der(certificate))
    found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return der.encode(0x80, found.value.digest)


def _attributes(tsa: Authority, plan: TokenPlan, info: bytes) -> list[bytes]:
    digest = plan.message_digest or hashed(plan.hashed_with, info)
    written = plan.gen_time.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode()
    found = {
        CONTENT_TYPE: der.oid(plan.content_type),
        SIGNING_TIME: der.encode(der.UTC_TIME, written),
        MESSAGE_DIGEST: der.encode(der.OCTET_STRING, digest),
        **_ess(tsa.certificate, plan),
    }
    found.pop(plan.without or "", None)
    if plan.two_values:
        found[plan.two_values] *= 2
    made = [
        der.sequence(der.oid(oid), der.encode(der.SET, value))
        for oid, value in found.items()
    ]
    if plan.doubled:
        value = der.encode(der.SET, found[plan.doubled])
        made.append(der.sequence(der.oid(plan.doubled), value))
    return made


def _ess(certificate: x509.Certificate, plan: TokenPlan) -> dict[str, bytes]:
    """The values of signingCertificate and signingCertificateV2 (RFC 5035)."""
    found = {}
    named_by = plan.ess_named or plan.ess_of or certificate
    which = issuer_serial(named_by) if plan.ess_issuer_serial else b""
    for version in plan.ess:
        digest = "sha1" if version == 1 else plan.ess_digest
        other = plan.ess_v1_of if version == 1 else None
        value = hashed(digest, _encoded(other or plan.ess_of or certificate))
        # SHA-256 is the default of ESSCertIDv2, and DER leaves defaults out.
        named = b"" if digest in ("sha1", "sha256") else write_digest(digest)
        one = der.sequence(named, der.encode(der.OCTET_STRING, value), which)
        oid = SIGNING_CERTIFICATE if version == 1 else SIGNING_CERTIFICATE_V2
        found[oid] = der.sequence(der.sequence(one))
    return found


def _encoded(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class Requested:
    """What a TimeStampReq asks for."""

    digest: str
    imprint: bytes
    policy: str | None
    nonce: int | None
    certificates: bool


def read_request(data: bytes) -> Requested:
    """Read a TimeStampReq, RFC 3161 section 2.4.1; `DerError` for anything else."""
    fields = der.parse(data).fields()
    if fields.take().integer() != 1:
        raise der.DerError("a TimeStampReq of another version")
    imprint = fields.take().fields()
    digest, value = read_digest(imprint.take()), imprint.take().octets()
    policy = fields.optional(der.OBJECT_IDENTIFIER)
    nonce, wanted = fields.optional(der.INTEGER), fields.optional(der.BOOLEAN)
    fields.optional(0xA0)
    fields.end()
    return Requested(
        digest,
        value,
        policy.oid() if policy else None,
        nonce.integer() if nonce else None,
        wanted is not None and wanted.boolean(),
    )


def granted(token: bytes) -> bytes:
    """A TimeStampResp that hands out `token`."""
    return der.sequence(der.sequence(der.integer(0)), token)


def refusal(text: str, *, status: int = 2, failure: int = BAD_REQUEST) -> bytes:
    """A TimeStampResp that hands out none; `failure` is a bit of PKIFailureInfo."""
    words = der.sequence(der.encode(der.UTF8_STRING, text.encode()))
    width = failure // 8 + 1
    bits = (1 << width * 8 - 1 - failure).to_bytes(width)
    unused = bytes([7 - failure % 8])
    said = der.encode(der.BIT_STRING, unused, bits)
    return der.sequence(der.sequence(der.integer(status), words, said))


@dataclass(frozen=True, slots=True)
class TestTsa:
    """An authority that answers requests; `chain` goes into every token with it.

    `change` makes another plan of the good one: what a dishonest authority would do.
    """

    __test__ = False  # its name is no test for pytest

    authority: Authority
    chain: tuple[x509.Certificate, ...] = ()
    change: Callable[[TokenPlan], TokenPlan] = field(default=lambda plan: plan)

    def answer(self, request: bytes, *, at: datetime, serial: int) -> bytes:
        """The TimeStampResp to a request at `at`; a refusal for no request."""
        try:
            asked = read_request(request)
        except der.DerError as error:
            return refusal(str(error))
        return granted(self.token(asked, at=at, serial=serial))

    def token(self, asked: Requested, *, at: datetime, serial: int) -> bytes:
        """The token for what is asked."""
        inside = (self.authority.certificate, *self.chain) if asked.certificates else ()
        plan = TokenPlan(
            imprint=asked.imprint,
            gen_time=at.replace(microsecond=0),
            digest=asked.digest,
            nonce=asked.nonce,
            serial=serial,
            policy=asked.policy or TEST_POLICY,
            certificates=inside,
        )
        return timestamp_token(self.authority, self.change(plan))


def over(data: bytes, plan: TokenPlan) -> TokenPlan:
    """The same plan for other bytes, hashed with the plan's own `digest`."""
    return replace(plan, imprint=hashed(plan.digest, data))
