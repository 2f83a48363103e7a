"""A school's keys, its trust, and a writer of files with anything in them.

Whatever a case breaks is signed for real, so that only the rule under test can
refuse it. Under `school().trust` the honest files of this module are PASSED.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from edc_issuer import jose
from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u, multibase
from edc_issuer.formats import jades_headers
from edc_issuer.keys.badge import BadgeKey
from edc_issuer.keys.identity import X509Identity
from edc_issuer.keys.testpki import (
    Authority,
    Plan,
    Seal,
    TestOrganisation,
    TestPki,
)
from edc_issuer.report import Report
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from edc_issuer.verify.run import Run

Json = dict[str, Any]
Sign = Callable[[bytes], bytes]

# A fixed moment, so that reports and mutants are the same in every year.
AT = datetime(2025, 9, 1, 12, tzinfo=UTC)
SIGNED_AT = AT - timedelta(hours=1)
MADE = AT - timedelta(days=30)
SL_NAME = "Srednja šola Zgled"
EN_NAME = "Zgled Secondary School"
NAMES = (SL_NAME, EN_NAME)
SCHOOL = TestOrganisation(SL_NAME, "NTRSI-1234567", "SI")
DID_WEB = "did:web:zgled.example"
V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
V1 = "https://www.w3.org/2018/credentials/v1"
ELM = "http://data.europa.eu/snb/model/context/edc-ap"


@dataclass(frozen=True)
class School:
    """A seal, a badge key, and the trust of somebody who knows the school."""

    pki: TestPki
    badge: BadgeKey
    trust: Trust

    @property
    def seal(self) -> Seal:
        return self.pki.seals[0]

    @classmethod
    def create(cls) -> School:
        # Fixed keys and signatures without chance, so that a mutant that was found
        # once is found again: authorities of Ed25519, and RFC 6979 for the seal.
        keys: Iterator[jose.PrivateKey] = iter(
            (
                ed25519.Ed25519PrivateKey.from_private_bytes(b"\1" * 32),
                ed25519.Ed25519PrivateKey.from_private_bytes(b"\2" * 32),
                ec.derive_private_key(7_001, ec.SECP256R1()),
            )
        )
        serials = count(7_001)
        pki = TestPki.create(
            [SCHOOL],
            at=MADE,
            new_key=lambda: next(keys),
            new_serial=lambda: next(serials),
        )
        badge = BadgeKey.of(ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
        return cls(pki, badge, trust_in(pki, badge.did))


def trust_in(pki: TestPki, did: str) -> Trust:
    """Trust in a root, in its lists, and in the school by all its identifiers."""
    return Trust(
        seal_anchors=(Anchor(pki.root.certificate, False, "root.pem", test=True),),
        crls=pki.crls,
        issuers=tuple(
            TrustedIssuer(identifier, NAMES, test=True)
            for identifier in (SCHOOL.identifier, did, DID_WEB)
        ),
        test=True,
    )


@cache
def school() -> School:
    """The one school of this process; nothing of it is ever changed."""
    return School.create()


@cache
def attacker() -> BadgeKey:
    """Somebody else's key for badges."""
    return BadgeKey.of(ed25519.Ed25519PrivateKey.from_private_bytes(b"\11" * 32))


@cache
def attacker_seal_key() -> ec.EllipticCurvePrivateKey:
    """Somebody else's key for seals."""
    return ec.derive_private_key(6_666, ec.SECP256R1())


def below(above: Authority, plan: Plan, *, number: int, serial: int) -> Authority:
    """Somebody under an authority; `number` is the same key each time."""
    key = ec.derive_private_key(number, ec.SECP256R1())
    return Authority(above.issue(plan, key.public_key(), serial=serial), key)


def answer(report: Report, check_id: str) -> str:
    """Status and reason of one check, as in "fail signature"."""
    check = report.check(check_id)
    return f"{check.status} {check.reason}".strip()


def verify(
    data: bytes, *, trust: Trust | None = None, at: datetime | None = None
) -> Report:
    """The report of somebody who trusts the school, on the day `AT`.

    With `at` it is asked from today's point of view about that time. Without, the
    day itself is today; an exception then is not turned into a report.
    """
    believed = trust or school().trust
    if at is not None:
        return Verifier(trust=believed).verify(data, at=at)
    return Run(believed, BUNDLED, at=AT, now=AT).file(data)


# --- what the school says ---


def organisation(**changes: Any) -> Json:
    """The school as an EDC names it."""
    return changed(
        {
            "id": "https://zgled.example/org",
            "type": "Organisation",
            "legalName": {"sl": SL_NAME, "en": EN_NAME},
            "eIDASIdentifier": {
                "id": "urn:epass:legalIdentifier:1",
                "type": "LegalIdentifier",
                "notation": SCHOOL.identifier,
                "spatial": {
                    "id": "http://publications.europa.eu/resource/authority/country/SVN",
                    "type": "Concept",
                    "inScheme": {
                        "id": "http://publications.europa.eu/resource/authority/country",
                        "type": "ConceptScheme",
                    },
                    "prefLabel": {"sl": "Slovenija"},
                },
            },
        },
        changes,
    )


def edc(**changes: Any) -> Json:
    """A small EDC; `changes` replace its members, None takes one out."""
    return changed(
        {
            "@context": [V1, ELM],
            "id": "urn:credential:5f0c6f1e-0f6a-4f2a-9d57-6d1f5b0f7a11",
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "issuer": organisation(),
            "issuanceDate": "2025-09-01T10:00:00Z",
            "issued": "2025-09-01T10:00:00Z",
            "validFrom": "2025-06-20T00:00:00+02:00",
            "credentialSubject": {
                "id": "urn:epass:person:1",
                "type": "Person",
                "fullName": {"sl": "Ana Čeh Đurić"},
                "hasClaim": {
                    "id": "urn:epass:learningAchievement:1",
                    "type": "LearningAchievement",
                    "title": {"sl": "Čebelarjenje", "sr": "Пчеларство"},
                    "description": {"sl": "Dvajset ur na učnem čebelnjaku."},
                    "awardedBy": {
                        "id": "urn:epass:awardingProcess:1",
                        "type": "AwardingProcess",
                        "awardingBody": {
                            "id": "https://zgled.example/org",
                            "type": "Organisation",
                        },
                    },
                },
            },
        },
        changes,
    )


def badge(**changes: Any) -> Json:
    """A small Open Badge; `changes` replace its members, None takes one out."""
    did = school().badge.did
    return changed(
        {
            "@context": [V2, OB],
            "id": "urn:uuid:0c7f35b5-0a7a-4c54-8bd4-0cbd2d6f4f0f",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": "Čebelarjenje za začetnike",
            "issuer": {"id": did, "type": ["Profile"], "name": SL_NAME},
            "validFrom": "2025-06-20T00:00:00+02:00",
            "credentialSubject": {
                "id": "urn:uuid:5b0f7a11-6d1f-4f2a-9d57-5f0c6f1e0f6a",
                "type": ["AchievementSubject"],
                "achievement": achievement(),
            },
        },
        changes,
    )


def achievement(**changes: Any) -> Json:
    """What a badge is for."""
    return changed(
        {
            "id": "https://zgled.example/achievements/bees",
            "type": ["Achievement"],
            "name": "Čebelarjenje",
            "description": "Пчеларство: dvajset ur na učnem čebelnjaku.",
            "criteria": {"narrative": "Oskrbuje panj skozi eno sezono."},
            "creditsAvailable": 5,
            "tag": ["čebele", "панј"],
        },
        changes,
    )


def subject(**changes: Any) -> Json:
    """The subject of `badge()`."""
    return changed(badge()["credentialSubject"], changes)


def changed(value: Mapping[str, Any], changes: Mapping[str, Any]) -> Json:
    """A copy with some members replaced; None takes one out."""
    members = {**copy.deepcopy(dict(value)), **changes}
    return {name: item for name, item in members.items() if item is not None}


def compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- seals ---


def es256(key: ec.EllipticCurvePrivateKey) -> Sign:
    """Signatures by this key, the same for the same message."""
    how = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    return lambda message: jose.raw_ecdsa(key.sign(message, how), 256)


def school_seals() -> Sign:
    """The school's own seal at work."""
    key = school().seal.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return es256(key)


def header_of(
    certificate: x509.Certificate | None = None, **changes: Any
) -> dict[str, Any]:
    """The header of a seal; `x5t_S256` stands for `x5t#S256`, None takes one out."""
    own = school()
    identity = X509Identity(
        certificate or own.seal.certificate, (own.pki.seal_ca.certificate,)
    )
    good = jades_headers.write(identity, "ES256", at=SIGNED_AT, layout=None)
    return changed(good, {k.replace("_S256", "#S256"): v for k, v in changes.items()})


def one_seal(
    header: Mapping[str, Any] | str | None = None,
    *,
    payload: str | None = None,
    sign: Sign | None = None,
    unprotected: Any = None,
) -> Json:
    """One element of `signatures`; a header given as text is taken as it stands."""
    text = header if isinstance(header, str) else compact_json(header or header_of())
    protected = b64u(text.encode())
    message = f"{protected}.{compact_json(edc()) if payload is None else payload}"
    value = (sign or school_seals())(message.encode())
    made = {"protected": protected, "signature": b64u(value)}
    return made if unprotected is None else {**made, "header": unprotected}


def sealed(
    header: Mapping[str, Any] | str | None = None,
    *,
    credential: Mapping[str, Any] | None = None,
    payload: str | None = None,
    sign: Sign | None = None,
    unprotected: Any = None,
) -> bytes:
    """A sealed EDC. `payload` is the text to seal, where it should not be JSON."""
    text = compact_json(credential or edc()) if payload is None else payload
    seal = one_seal(header, payload=text, sign=sign, unprotected=unprotected)
    return compact_json({"payload": text, "signatures": [seal]}).encode()


# --- VC-JWTs ---


def claims(document: Mapping[str, Any] | None = None, **changes: Any) -> Json:
    """The payload of a VC-JWT: a badge and the claims about it."""
    document = document or badge()
    made = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp()),
        "iat": int(SIGNED_AT.timestamp()),
    }
    about = document["credentialSubject"].get("id")
    return changed({**document, **made, **({"sub": about} if about else {})}, changes)


def method_of(key: BadgeKey) -> str:
    return f"{key.did}#{key.did.removeprefix('did:key:')}"


def signs(key: BadgeKey) -> Sign:
    return partial(jose.sign, "EdDSA", key.key)


def jwt_header(**changes: Any) -> Json:
    good = {"alg": "EdDSA", "typ": "JWT", "kid": method_of(school().badge)}
    return changed(good, changes)


def jwt(
    payload: Mapping[str, Any] | str | None = None,
    *,
    header: Mapping[str, Any] | str | None = None,
    sign: Sign | None = None,
) -> bytes:
    """A signed badge in one line; texts are taken as they stand."""
    head = header if isinstance(header, str) else compact_json(header or jwt_header())
    body = payload if isinstance(payload, str) else compact_json(payload or claims())
    message = f"{b64u(head.encode())}.{b64u(body.encode())}"
    value = (sign or signs(school().badge))(message.encode())
    return f"{message}.{b64u(value)}".encode()


# --- Data Integrity ---


def proof_options(**changes: Any) -> Json:
    good = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": SIGNED_AT.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method_of(school().badge),
        "proofPurpose": "assertionMethod",
    }
    return changed(good, changes)


def digest(document: Mapping[str, Any]) -> bytes:
    nquads = canonicalize(document, documents=BUNDLED, hash="sha256").nquads
    return hashlib.sha256(nquads).digest()


def proof_for(
    document: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
    *,
    sign: Sign | None = None,
    covered: bytes | None = None,
) -> Json:
    """A proof over `document`, or over the digest `covered` in its place."""
    options = dict(options or proof_options())
    hashed = {k: v for k, v in options.items() if k != "@context"}
    configuration = {"@context": document["@context"], **hashed}
    message = digest(configuration) + (covered or digest(document))
    value = (sign or signs(school().badge))(message)
    return {**options, "proofValue": multibase(value)}


def proved(
    document: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    sign: Sign | None = None,
) -> Json:
    """A badge with a Data Integrity proof in it, as a tree."""
    document = document or badge()
    return {**document, "proof": [proof_for(document, options, sign=sign)]}


def encoded(value: Any) -> bytes:
    return compact_json(value).encode()
