"""Files and trusts made to mislead the verifier, to stop it, or to keep it busy.

Each was judged wrongly, stopped an earlier version or took it minutes; its honest
twin stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from attacks.workshop import (
    AT,
    DID_WEB,
    OB,
    SL_NAME,
    V2,
    badge,
    claims,
    compact_json,
    edc,
    encoded,
    header_of,
    jwt,
    jwt_header,
    one_seal,
    organisation,
    proof_for,
    proof_options,
    proved,
    school,
    sealed,
    verify,
)
from counted import grows_with_size
from edc_issuer.documents import Caller, Documents
from edc_issuer.encoding import b64
from edc_issuer.jose import public_to_jwk
from edc_issuer.report import Outcome, Report, Status, exit_code
from edc_issuer.trust import Anchor, StoredDid, Trust
from edc_issuer.verify.nested import MAX_IN_ALL
from edc_issuer.verify.run import Run

# --- keys that were withdrawn -------------------------------------------------------


def school_on_the_web(**of_the_key: Any) -> Trust:
    """Trust that knows the school's DID document, with its badge key in it."""
    method = {
        "id": f"{DID_WEB}#1",
        "type": "JsonWebKey",
        "controller": DID_WEB,
        "publicKeyJwk": public_to_jwk(school().badge.key.public_key()),
        **of_the_key,
    }
    document = {
        "id": DID_WEB,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
    }
    stored = StoredDid(DID_WEB, document, AT, sha256="0" * 64)
    return replace(school().trust, dids=(stored,))


def badge_by_web(**header: Any) -> bytes:
    """A badge of the school under its did:web; `header` says where its key is."""
    document = badge(issuer={"id": DID_WEB, "type": ["Profile"], "name": SL_NAME})
    return jwt(claims(document), header=jwt_header(**header))


POINTERS = [
    pytest.param({"kid": f"{DID_WEB}#1"}, id="its-own-name"),
    pytest.param(
        {"kid": None, "jwk": public_to_jwk(school().badge.key.public_key())},
        id="a-jwk-in-the-header",
    ),
    pytest.param({}, id="the-did-key-of-the-same-key"),
]


@pytest.mark.parametrize("header", POINTERS)
def test_a_withdrawn_key_is_withdrawn_however_the_file_points_to_it(
    header: dict[str, Any],
) -> None:
    data = badge_by_web(**header)

    honest = verify(data, trust=school_on_the_web())
    withdrawn = verify(data, trust=school_on_the_web(revoked="2025-01-01T00:00:00Z"))

    assert honest.outcome is Outcome.PASSED
    assert withdrawn.outcome is Outcome.INDETERMINATE
    assert withdrawn.check("issuer.identified").reason == "key-retired"


# --- content that stopped the verifier ----------------------------------------------


def test_a_mandate_of_any_shape_does_not_hide_that_somebody_else_sealed() -> None:
    other = {
        "id": "urn:epass:legalIdentifier:1",
        "type": "LegalIdentifier",
        "notation": "NTRSI-7654321",
    }
    evidence = [{"type": "Evidence", "dcType": [{"id": []}, {"id": {}}]}]
    of_another = edc(issuer=organisation(eIDASIdentifier=other), evidence=evidence)

    honest, forged = verify(sealed()), verify(sealed(credential=of_another))

    assert honest.outcome is Outcome.PASSED
    assert forged.outcome is Outcome.FAILED
    assert forged.check("issuer.identified").reason == "identity.mismatch"


@pytest.mark.parametrize("nothing", [None, []])
def test_an_absent_endorsement_may_be_written_down(nothing: Any) -> None:
    report = verify(jwt(claims() | {"endorsement": nothing}))

    assert report.outcome is Outcome.PASSED
    assert report.content is not None
    assert report.content["endorsement"] == nothing


# --- files that took minutes --------------------------------------------------------


def test_presentations_within_presentations_are_bounded_as_a_whole() -> None:
    def presentation(items: list[str]) -> str:
        document = {"@context": [V2], "type": ["VerifiablePresentation"]}
        payload = document | {"verifiableCredential": items}
        return jwt(payload, header=jwt_header(kid=None)).decode()

    inner = [presentation(["x"] * 100)] * 50

    report = verify(presentation(inner).encode())

    assert sum(1 for _ in all_parts(report)) == MAX_IN_ALL
    assert report.outcome is Outcome.INDETERMINATE


def all_parts(report: Report) -> Iterator[Report]:
    for part in report.parts:
        yield part
        yield from all_parts(part)


def test_an_issuer_with_thousands_of_names_is_ambiguous_and_not_compared() -> None:
    def file(count: int) -> bytes:
        names = [SL_NAME, *(f"Šola {number}" for number in range(count))]
        payload = compact_json(edc(issuer=organisation(legalName=names)))
        seals = [one_seal(payload=payload) for _ in range(8)]
        return encoded({"payload": payload, "signatures": seals})

    def work(size: int) -> Callable[[], object]:
        data = file(size)
        return lambda: verify(data)

    report = verify(file(2_000))

    assert report.check("issuer.identified").reason == "issuer-ambiguous"
    assert len(report.check("issuer.identified").evidence["stated"]["names"]) == 100
    assert grows_with_size(work, 2_000)


def test_an_organisation_may_have_a_name_in_every_language_of_europe() -> None:
    names = {f"{a}{b}": SL_NAME for a in "abcdefgh" for b in "abcdefgh"}

    report = verify(sealed(credential=edc(issuer=organisation(legalName=names))))

    assert report.outcome is Outcome.PASSED


def badge_about(achievement_member: str, value: Any) -> bytes:
    document = badge()
    document["credentialSubject"]["achievement"][achievement_member] = value
    return encoded(proved(document))


def mentions(count: int, versions: int) -> list[dict[str, Any]]:
    """One thing, said in many places to have many versions."""
    return [
        {
            "id": "urn:x:1",
            "type": ["Related"],
            "version": [f"{place}.{number}" for number in range(versions)],
        }
        for place in range(count)
    ]


def test_one_thing_in_many_places_is_shown_whole_in_each_until_that_is_too_much() -> (
    None
):
    honest = verify(badge_about("related", mentions(10, 10)))
    hostile = verify(badge_about("related", mentions(400, 100)))

    assert honest.outcome is Outcome.PASSED
    assert hostile.check("format.wellformed").reason == "limits.canonicalization"


def row_of_things(length: int) -> list[dict[str, Any]]:
    """Things that each name the next one; written side by side."""
    return [
        {
            "id": f"urn:x:{number}",
            "type": ["Achievement"],
            "related": [{"id": f"urn:x:{number + 1}", "type": ["Achievement"]}],
        }
        for number in range(length)
    ]


def test_a_row_of_things_that_name_each_other_has_an_end() -> None:
    honest = verify(badge_about("related", row_of_things(20)))
    hostile = verify(badge_about("related", row_of_things(300)))

    assert honest.outcome is Outcome.PASSED
    assert hostile.check("format.wellformed").reason == "limits.canonicalization"


def results(values: list[str]) -> list[dict[str, Any]]:
    description = {
        "id": "urn:x:1",
        "type": ["ResultDescription"],
        "name": "Ocena",
        "resultType": "Status",
        "allowedValue": values,
    }
    return [description]


def test_a_long_list_of_equal_values_is_refused_and_stops_nothing() -> None:
    honest = badge_about("resultDescription", results([f"{n}" for n in range(500)]))
    document = badge()
    hostile = results(["5"] * 5_000)
    document["credentialSubject"]["achievement"]["resultDescription"] = hostile
    proof = proof_options() | {"proofValue": "z" + "1" * 88}

    refused = verify(encoded(document | {"proof": [proof]}))

    assert verify(honest).outcome is Outcome.PASSED
    assert refused.check("format.wellformed").reason == "limits.canonicalization"


# --- withdrawn certificates ---------------------------------------------------------


def revocation_list(
    *numbers: int, made: datetime, until: datetime
) -> x509.CertificateRevocationList:
    """A list of the authority that issues the school's seals."""
    authority = school().pki.seal_ca
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(made)
        .next_update(until)
    )
    for number in numbers:
        entry = x509.RevokedCertificateBuilder().serial_number(number)
        entry = entry.revocation_date(made)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, digest_of(authority.key))


def test_a_list_that_holds_until_the_year_9999_is_read() -> None:
    authority = school().pki.seal_ca.certificate.subject
    others = [crl for crl in school().trust.crls if crl.issuer != authority]
    made = school().seal.certificate.not_valid_before_utc
    for_ever = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    listed = revocation_list(made=made, until=for_ever)

    report = verify(sealed(), trust=replace(school().trust, crls=(*others, listed)))

    assert report.outcome is Outcome.PASSED


def digest_of(key: object) -> hashes.SHA256 | None:
    """Ed25519 does its own hashing."""
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def pinned_seal() -> x509.Certificate:
    """A seal of the school that names nobody who could withdraw it."""
    own, authority = school().seal.certificate, school().pki.seal_ca
    return (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(own.public_key())
        .serial_number(4242)
        .not_valid_before(AT - timedelta(days=10))
        .not_valid_after(AT + timedelta(days=100))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(authority.key, digest_of(authority.key))
    )


def test_a_pinned_seal_is_withdrawn_by_an_authority_that_the_file_leaves_out() -> None:
    certificate = pinned_seal()
    x5c = [b64(certificate.public_bytes(Encoding.DER))]
    data = sealed(header_of(certificate, x5c=x5c))
    authority = school().pki.seal_ca.certificate
    anchors = (
        Anchor(certificate, pinned=True, source="pinned", test=True),
        Anchor(authority, pinned=False, source="authority", test=True),
    )
    trust = replace(school().trust, seal_anchors=anchors, crls=())
    moment = {"made": AT - timedelta(days=1), "until": AT + timedelta(days=1)}
    withdrawn = replace(trust, crls=(revocation_list(4242, **moment),))

    assert verify(data, trust=trust).outcome is Outcome.PASSED
    report = verify(data, trust=withdrawn)
    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("seal.revocation").reason == "REVOKED_NO_POE"


# --- times --------------------------------------------------------------------------


def test_an_end_in_milliseconds_is_no_seal_without_end() -> None:
    in_seconds = verify(sealed(header_of(exp=1_900_000_000)))
    in_milliseconds = verify(sealed(header_of(exp=1_600_000_000_000)))

    assert in_seconds.outcome is Outcome.PASSED
    assert in_milliseconds.check("credential.validity").reason == "date-unreadable"
    assert in_milliseconds.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
@pytest.mark.parametrize("name", ["created", "expires"])
def test_times_at_the_ends_of_the_calendar_can_be_told(name: str, moment: str) -> None:
    report = verify(encoded(proved(options=proof_options(**{name: moment}))))

    assert report.to_text(verbose=True)
    assert report.to_json()
    assert report.to_elm()


# --- several proofs -----------------------------------------------------------------


@pytest.mark.parametrize("turn", [1, -1], ids=["as-made", "the-other-way-round"])
def test_the_order_of_proofs_decides_nothing(turn: int) -> None:
    document = badge()
    good, ended = (
        proof_for(document, proof_options(expires=expires))
        for expires in (None, "2025-08-31T00:00:00Z")
    )

    alone = verify(encoded(document | {"proof": [good]}))
    both = verify(encoded(document | {"proof": [good, ended][::turn]}))

    assert alone.outcome is Outcome.PASSED
    assert both.outcome is Outcome.FAILED


@pytest.mark.parametrize("turn", [1, -1], ids=["as-made", "the-other-way-round"])
def test_of_two_seals_the_one_counts_that_leaves_nothing_required_open(
    turn: int,
) -> None:
    payload = compact_json(edc())
    timeless = one_seal(header_of(iat=None), payload=payload)
    certificate = pinned_seal()  # no list is at hand that is newer than it
    weaker = one_seal(header_of(certificate), payload=payload)

    alone = verify(encoded({"payload": payload, "signatures": [weaker]}))
    both = [timeless, weaker][::turn]
    report = verify(encoded({"payload": payload, "signatures": both}))

    assert alone.check("seal.revocation").reason == "stale"
    assert report.outcome is Outcome.PASSED
    assert {proof.role for proof in report.proofs} == {"issuer"}


# --- trust that was put together by hand --------------------------------------------


def test_what_is_for_tests_stays_so_in_a_trust_without_the_mark() -> None:
    trust = replace(school().trust, test=False)

    for data in (sealed(), jwt()):
        report = verify(data, trust=trust)
        assert report.test
        assert exit_code([report], allow_test=False) == 3


# --- whose award it is --------------------------------------------------------------

UNIVERSITY = {
    "id": "https://uni.example/",
    "type": "Organisation",
    "legalName": {"sl": "Univerza v Zgledu"},
    "registration": {"type": "LegalIdentifier", "notation": "NTRSI-5085063"},
}
ELM_BODY = "http://data.europa.eu/snb/model/elm/awardingBody"


def awarded(**process: Any) -> dict[str, Any]:
    """An EDC whose awarding process has just these members."""
    document = edc()
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"] = {"id": "urn:p", "type": "AwardingProcess", **process}
    return document


def told_elsewhere(body: dict[str, Any]) -> dict[str, Any]:
    """The achievement stands in full below the issuer; the subject has its id only."""
    document = awarded(awardingBody=body)
    claim = document["credentialSubject"]["hasClaim"]
    reference = {"id": claim["id"], "type": claim["type"]}
    document["credentialSubject"]["hasClaim"] = reference
    document["issuer"]["hasClaim"] = claim
    return document


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(awarded(awardingBody=UNIVERSITY), id="plainly"),
        pytest.param(awarded(**{"elm:awardingBody": UNIVERSITY}), id="with-a-prefix"),
        pytest.param(awarded(**{ELM_BODY: UNIVERSITY}), id="as-an-iri"),
        pytest.param(told_elsewhere(UNIVERSITY), id="beside-the-subject"),
        pytest.param(
            awarded(
                awardingBody=organisation(
                    id="https://uni.example/", legalName=["Univerza", SL_NAME]
                )
            ),
            id="under-two-names",
        ),
    ],
)
def test_a_seal_without_a_mandate_does_not_speak_for_a_university(
    document: dict[str, Any],
) -> None:
    by_authority_only = replace(school().trust, issuers=())
    own = told_elsewhere(organisation())

    honest = verify(sealed(credential=own), trust=by_authority_only)
    report = verify(sealed(credential=document), trust=by_authority_only)

    assert honest.outcome is Outcome.PASSED
    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("issuer.trusted").reason == "speaks-for-others"


# --- tokens -------------------------------------------------------------------------


def wrapped(**beside: Any) -> bytes:
    """A badge in a `vc` claim, and what stands beside it."""
    document = badge()
    registered = {"iss": document["issuer"]["id"], "jti": document["id"]}
    return jwt({"vc": document, **registered, **beside})


STATUS = {"id": "https://zgled.example/status#1", "type": "BitstringStatusListEntry"}


@pytest.mark.parametrize(
    ("beside", "outcome"),
    [
        pytest.param({}, Outcome.PASSED, id="nothing"),
        pytest.param({"nonce": "x"}, Outcome.PASSED, id="another-claim"),
        pytest.param({"credentialStatus": STATUS}, Outcome.INDETERMINATE, id="status"),
        pytest.param({"validUntil": "2025-01-01T00:00:00Z"}, Outcome.FAILED, id="end"),
    ],
)
def test_what_limits_a_credential_counts_beside_the_vc_claim_too(
    beside: dict[str, Any], outcome: Outcome
) -> None:
    assert verify(wrapped(**beside)).outcome is outcome


def test_a_token_with_two_ends_that_differ_is_two_documents() -> None:
    document = badge(validUntil="2030-01-01T00:00:00Z")
    payload = {"vc": document, "validUntil": "2029-01-01T00:00:00Z"}

    report = verify(jwt(payload | {"iss": document["issuer"]["id"]}))

    assert report.check("format.wellformed").reason == "jwt.claims"


# --- contexts that the caller brought -----------------------------------------------


@pytest.mark.parametrize("place", ["outside", "inside"])
def test_a_context_of_the_caller_is_told_wherever_the_file_names_it(place: str) -> None:
    url = "https://zgled.example/context.json"
    own = {"@context": {"hives": "https://zgled.example/hives"}}
    documents = Documents((Caller(url, "0" * 64, own, encoded(own)),))
    contexts = {"outside": [V2, OB], "inside": [V2, OB]}
    contexts[place].append(url)
    within = badge(**{"@context": contexts["inside"]})
    around = badge(**{"@context": contexts["outside"], "endorsement": [within]})
    run = Run(school().trust, documents, at=AT, now=AT)

    report = run.file(jwt(claims(around)))

    assert report.check("credential.model").status is Status.WARN
    assert report.check("credential.model").reason == "caller-contexts"
    assert run.file(jwt()).check("credential.model").status is Status.PASS
