"""The law of verdicts, parts 1 to 3 and 9 to 12, sentence by sentence.

Each sentence stands beside its twin: the same file under the same trust, PASSED.
Seals and lists are in `test_law_seals.py`, identity and trust in
`test_law_identity.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from attacks.seals import DAY, real_trust, sealed_for_real
from attacks.workshop import (
    AT,
    MADE,
    V2,
    Json,
    achievement,
    answer,
    attacker,
    attacker_seal_key,
    badge,
    claims,
    compact_json,
    edc,
    encoded,
    es256,
    header_of,
    jwt,
    method_of,
    one_seal,
    proof_for,
    proof_options,
    proved,
    school,
    sealed,
    signs,
    subject,
    verify,
)
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError
from edc_issuer.keys.testpki import CrlPlan, Withdrawn
from edc_issuer.report import CATALOGUE, Outcome, Report, Status, exit_code
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from edc_issuer.verify.run import Run

Make = Callable[[], bytes]
FILES: dict[str, Make] = {
    "edc-jades": sealed,
    "ob3-jwt": jwt,
    "ob3-di": lambda: encoded(proved()),
}
ALL = pytest.mark.parametrize("form", FILES)
STATUS: Json = {
    "id": "https://zgled.example/status/1#7",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://zgled.example/status/1",
}


def assert_passed(data: bytes, trust: Trust | None = None) -> None:
    assert verify(data, trust=trust).outcome is Outcome.PASSED


# --- part 1: outcome ---

_CHANGED: dict[str, Make] = {
    "edc-jades": lambda: sealed().replace(b"Ana", b"Eva"),
    "ob3-jwt": lambda: _flipped_jwt(),
    "ob3-di": lambda: encoded({**proved(), "name": "Magister čebelarstva"}),
}


def _flipped_jwt() -> bytes:
    head, _, signature = jwt().decode().split(".")
    other = jwt(claims(badge(name="Magister čebelarstva"))).decode().split(".")[1]
    return f"{head}.{other}.{signature}".encode()


@ALL
def test_after_a_failed_signature_nothing_is_said_of_the_content(form: str) -> None:
    report = verify(_CHANGED[form]())

    dependants = [q.id for q in CATALOGUE if q.needs == "proof.integrity"]
    assert_passed(FILES[form]())
    assert report.outcome is Outcome.FAILED
    assert report.content is None
    assert report.signer is None
    assert {answer(report, one) for one in dependants} == {"undecided blocked"}


@pytest.mark.parametrize("document", [edc(), badge()], ids=["edc", "badge"])
def test_without_a_proof_nothing_is_decided(document: Json) -> None:
    report = verify(encoded(document))

    assert_passed(sealed(credential=edc()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "proof.key") == "undecided unsigned"
    assert answer(report, "proof.integrity") == "undecided blocked"
    assert report.content is None


@ALL
def test_seal_checks_are_skipped_only_where_no_certificates_are(form: str) -> None:
    report = verify(FILES[form]())

    seals = {answer(report, q.id) for q in CATALOGUE if q.id.startswith("seal.")}
    assert ("skipped not-applicable" in seals) == (form != "edc-jades")


@ALL
def test_a_report_of_test_trust_exits_0_only_if_tests_are_allowed(form: str) -> None:
    report = verify(FILES[form]())
    real_one = verify(sealed_for_real(), trust=real_trust())

    assert exit_code([report], allow_test=True) == 0
    assert exit_code([report], allow_test=False) == 3
    assert exit_code([real_one], allow_test=False) == 0
    assert exit_code([real_one, report], allow_test=False) == 3


def test_the_worst_file_decides_the_exit_code() -> None:
    good = verify(sealed_for_real(), trust=real_trust())
    unknown, bad = verify(encoded(edc())), verify(b"")

    assert exit_code([good, unknown], allow_test=True) == 3
    assert exit_code([good, unknown, bad], allow_test=True) == 1


# --- parts 2 and 3: what is read ---

_HIDDEN = {"id": "urn:x:2", "type": ["Achievement"], "name": "PhD"}


@pytest.mark.parametrize(
    "added",
    [
        pytest.param({"@included": [_HIDDEN]}, id="included"),
        pytest.param({"@graph": [_HIDDEN]}, id="graph"),
        pytest.param({"@reverse": {"issuer": _HIDDEN}}, id="reverse"),
        pytest.param({"@nest": {"name": "PhD"}}, id="nest"),
        pytest.param({"@set": ["PhD"]}, id="set"),
        pytest.param({"@list": ["PhD"]}, id="list"),
        pytest.param({"@index": "PhD"}, id="index"),
        pytest.param({"@type": "Achievement"}, id="type-as-keyword"),
        pytest.param({"https://schema.org/name": "PhD"}, id="absolute-iri"),
        pytest.param({"cred:name": "PhD"}, id="compact-iri"),
        pytest.param({"name": {"@value": "PhD"}}, id="value-without-language"),
        pytest.param({"name": {"@set": ["PhD"]}}, id="set-as-value"),
    ],
)
def test_data_integrity_refuses_what_hides_from_a_reader_of_the_tree(
    added: Json,
) -> None:
    document = {**proved(), **added}

    report = verify(encoded(document))

    assert_passed(encoded(proved()))
    assert report.outcome is Outcome.FAILED
    assert answer(report, "format.wellformed") == "fail not-compact"


_RESPELLED = (
    "https://www.w3.org/2018/credentials#credentialStatus",
    "cred:credentialStatus",
)


@pytest.mark.parametrize("key", _RESPELLED)
def test_a_status_renamed_under_data_integrity_is_refused(key: str) -> None:
    """The canonical form stays the same, so that the school's signature fits."""
    document = proved(badge(credentialStatus=STATUS))
    renamed = {key if k == "credentialStatus" else k: v for k, v in document.items()}

    report = verify(encoded(renamed))

    assert_passed(encoded(proved()))
    assert answer(verify(encoded(document)), "credential.status").startswith("und")
    assert report.outcome is Outcome.FAILED
    assert answer(report, "format.wellformed") == "fail not-compact"


@pytest.mark.parametrize("key", ["credentialStatus", *_RESPELLED])
@pytest.mark.parametrize("form", ["edc-jades", "ob3-jwt"])
def test_a_status_counts_under_any_spelling_of_its_key(form: str, key: str) -> None:
    if form == "edc-jades":
        report = verify(sealed(credential=edc(**{key: STATUS})))
    else:
        report = verify(jwt(claims(badge(**{key: STATUS}))))

    assert_passed(FILES[form]())
    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("credential.status").status is Status.UNDECIDED


def test_a_status_moved_to_another_mention_of_the_credential_is_found() -> None:
    """One id is one thing: a reader of the graph sees the status there too."""
    own = badge()["id"]
    evidence = {"id": own, "type": ["Evidence"]}
    document = proved(badge(evidence=[evidence], credentialStatus=STATUS))
    status = document.pop("credentialStatus")
    credential = {"type": [*evidence["type"], "VerifiableCredential"]}
    document["evidence"] = [{**evidence, **credential, "credentialStatus": status}]

    report = verify(encoded(document))

    assert_passed(encoded(proved(badge(evidence=[evidence]))))
    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("credential.status").status is Status.UNDECIDED


def test_an_end_moved_to_another_mention_of_the_credential_is_found() -> None:
    own = {"id": badge()["id"], "type": ["Evidence"]}
    past = "2025-08-01T00:00:00Z"
    document = badge(evidence=[{**own, "validUntil": past}])
    document["evidence"][0]["type"].append("VerifiableCredential")

    report = verify(encoded(proved(document)))

    assert_passed(encoded(proved(badge(evidence=[own]))))
    assert answer(report, "credential.validity") == "fail expired"


@pytest.mark.parametrize("name", ["validUntil", "expirationDate"])
@pytest.mark.parametrize("form", ["edc-jades", "ob3-jwt"])
def test_an_end_that_hides_behind_an_iri_is_not_overlooked(
    form: str, name: str
) -> None:
    member = {f"https://www.w3.org/2018/credentials#{name}": "2020-01-01T00:00:00Z"}
    if form == "edc-jades":
        report = verify(sealed(credential=edc(**member)))
    else:
        report = verify(jwt(claims(badge(**member))))

    assert_passed(FILES[form]())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "credential.validity") == "undecided date-unreadable"


@pytest.mark.parametrize("faults", [0, 80])
def test_undefined_keys_of_signed_bytes_are_told_and_left_out(faults: int) -> None:
    identifiers = [{"id": f"urn:x:{number}"} for number in range(faults)]
    about = {**edc()["credentialSubject"], "identifier": identifiers}
    document = edc(credentialSubject=about, gradeText="PhD summa cum laude")

    report = verify(sealed(credential=document))

    assert report.outcome is Outcome.PASSED
    assert report.check("credential.content").status is Status.WARN
    assert report.content is not None
    assert "gradeText" not in report.content
    assert report.content["id"] == edc()["id"]


def test_registered_claims_are_no_keys_of_the_credential() -> None:
    report = verify(jwt())

    assert report.content is not None
    assert report.content.keys() == badge().keys()


@pytest.mark.parametrize(
    "claim",
    [{"iss": "did:web:uni.example"}, {"sub": "urn:uuid:eva"}, {"jti": "urn:uuid:2"}],
    ids=lambda claim: next(iter(claim)),
)
def test_claims_unlike_the_credential_fail(claim: Json) -> None:
    report = verify(jwt(claims(**claim)))

    assert_passed(jwt())
    assert report.outcome is Outcome.FAILED
    assert answer(report, "proof.integrity") == "fail claims.conflict"


def test_a_node_without_its_type_fails() -> None:
    untyped = edc(type=["EuropeanDigitalCredential"])

    report = verify(sealed(credential=untyped))

    assert_passed(sealed())
    assert report.outcome is Outcome.FAILED
    assert answer(report, "credential.content") == "fail untyped"


def test_one_id_with_properties_in_two_places_is_told() -> None:
    creator = {"id": school().badge.did, "type": ["Profile"]}
    creator["url"] = "https://zgled.example/"
    about = subject(achievement=achievement(creator=creator))

    report = verify(encoded(proved(badge(credentialSubject=about))))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.content") == "warn one-id-two-objects"
    assert report.content is not None
    assert report.content["issuer"]["url"] == "https://zgled.example/"


def test_the_order_of_an_array_is_not_signed_under_data_integrity() -> None:
    tags = achievement()["tag"]
    about = subject(achievement=achievement(tag=tags[::-1]))

    report = verify(encoded({**proved(), "credentialSubject": about}))

    assert report.outcome is Outcome.PASSED
    assert report.content is not None
    assert sorted(report.content["credentialSubject"]["achievement"]["tag"]) == tags


def _folder_with(folder: Path, url: str) -> Path:
    data = encoded({"@context": {"shelf": "https://zgled.example/shelf"}})
    (folder / "one.jsonld").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    row = {"url": url, "file": "one.jsonld", "sha256": digest}
    (folder / "manifest.json").write_bytes(encoded([row]))
    return folder


def test_contexts_of_the_caller_are_told_with_their_digest(tmp_path: Path) -> None:
    url = "https://zgled.example/shelf.jsonld"
    documents = BUNDLED.with_directory(_folder_with(tmp_path, url))
    contexts = [*badge()["@context"], url]
    data = jwt(claims(badge(**{"@context": contexts})))

    report = Run(school().trust, documents, at=AT, now=AT).file(data)

    check = report.check("credential.model")
    digest = hashlib.sha256((tmp_path / "one.jsonld").read_bytes()).hexdigest()
    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.model") == "warn caller-contexts"
    assert check.evidence["contexts"] == [{"url": url, "sha256": digest}]


def test_contexts_of_the_caller_redefine_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        BUNDLED.with_directory(_folder_with(tmp_path, V2))


# --- part 9: time ---


def _with_dates(form: str, **dates: str | None) -> bytes:
    if form == "edc-jades":
        return sealed(credential=edc(**dates))
    if form == "ob3-jwt":
        return jwt(claims(badge(**dates), nbf=None))
    return encoded(proved(badge(**dates)))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(
            {"validUntil": "2025-09-01T11:59:59Z"}, "fail expired", id="over-by-1-s"
        ),
        pytest.param(
            {"validFrom": "2025-09-01T12:00:01Z"}, "fail not-yet-valid", id="early"
        ),
        pytest.param({"validUntil": "2025-08-30"}, "fail expired", id="date-only"),
        pytest.param({"validUntil": "soon"}, "undecided date-unreadable", id="words"),
        pytest.param(
            {"validUntil": "2025-02-30T00:00:00Z"},
            "undecided date-unreadable",
            id="no-such-day",
        ),
    ],
)
@pytest.mark.parametrize("form", ["edc-jades", "ob3-jwt"])
def test_a_credential_outside_its_window_is_not_passed(
    form: str, dates: Json, expected: str
) -> None:
    report = verify(_with_dates(form, **dates))

    assert_passed(_with_dates(form, validUntil="2025-09-01T12:00:00Z"))
    assert report.outcome is not Outcome.PASSED
    assert answer(report, "credential.validity") == expected


@pytest.mark.parametrize(
    ("until", "inside", "outside"),
    [
        pytest.param(
            "2025-08-31",
            datetime.fromisoformat("2025-09-01T11:59:59+00:00"),
            datetime.fromisoformat("2025-09-01T12:00:01+00:00"),
            id="date-only-ends-at-utc-minus-12",
        ),
        pytest.param(
            "2025-09-01T00:00:00",
            datetime.fromisoformat("2025-09-01T11:59:59+00:00"),
            datetime.fromisoformat("2025-09-01T12:00:01+00:00"),
            id="zone-less-ends-at-utc-minus-12",
        ),
    ],
)
def test_a_date_without_a_zone_means_that_date_anywhere(
    until: str, inside: datetime, outside: datetime
) -> None:
    data = _with_dates("edc-jades", validUntil=until)

    assert verify(data, at=inside).outcome is Outcome.PASSED
    assert verify(data, at=outside).outcome is Outcome.FAILED


def test_a_credential_without_dates_has_no_limit() -> None:
    report = verify(encoded(proved(badge(validFrom=None))))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.validity") == "pass no-limit"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param({"exp": int((AT - DAY).timestamp())}, "fail expired", id="exp"),
        pytest.param(
            {"nbf": int((AT + DAY).timestamp())}, "fail not-yet-valid", id="nbf"
        ),
    ],
)
def test_the_narrowest_window_of_all_that_is_signed_counts(
    claim: Json, expected: str
) -> None:
    report = verify(jwt(claims(**claim)))

    assert_passed(jwt())
    assert report.outcome is Outcome.FAILED
    assert answer(report, "credential.validity") == expected


def test_another_window_in_the_claims_is_told() -> None:
    ends = badge(validUntil="2030-01-01T00:00:00Z")

    report = verify(jwt(claims(ends, exp=int((AT + DAY).timestamp()))))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.validity") == "warn two-windows"


def _made_at(moment: datetime, **changes: Any) -> bytes:
    created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return encoded(proved(badge(**changes), proof_options(created=created)))


def test_a_past_time_is_asked_about_as_of_then() -> None:
    then = AT - 10 * DAY
    data = _made_at(then - DAY, validUntil="2025-08-25T00:00:00Z")

    report = verify(data, at=then)

    assert report.outcome is Outcome.PASSED
    assert report.as_of == then
    assert "AS OF" in report.to_text()
    assert answer(verify(data), "credential.validity") == "fail expired"


def test_a_proof_made_later_than_the_time_asked_about_is_ignored() -> None:
    then = AT - 10 * DAY

    report = verify(_made_at(then + DAY), at=then)

    assert verify(_made_at(then - DAY), at=then).outcome is Outcome.PASSED
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "proof.key") == "undecided later-than-asked"


def test_a_past_time_does_not_undo_a_withdrawal_known_now() -> None:
    own, then = school(), AT - 10 * DAY
    line = Withdrawn(own.seal.certificate.serial_number, AT)
    plan = CrlPlan(AT, AT + DAY, withdrawn=(line,))
    trust = replace(own.trust, crls=(*own.trust.crls, own.pki.seal_ca.crl(plan)))
    header = header_of(iat=int((then - DAY).timestamp()))
    data = sealed(header, credential=edc(issuanceDate="2025-08-01T10:00:00Z"))

    report = verify(data, trust=trust, at=then)

    assert verify(data, at=then).outcome is Outcome.PASSED
    assert answer(report, "seal.revocation") == "undecided REVOKED_NO_POE"


def test_a_time_without_a_zone_is_a_usage_error() -> None:
    with pytest.raises(ConfigError):
        Verifier(trust=Trust()).verify(b"{}", at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("form", ["edc-jades", "ob3-jwt"])
def test_what_the_signer_says_about_the_time_proves_none(form: str) -> None:
    long_ago = int((MADE - timedelta(days=9000)).timestamp())
    data = (
        sealed(header_of(iat=long_ago))
        if form == "edc-jades"
        else jwt(claims(iat=long_ago))
    )

    assert answer(verify(data), "time.signed") == "warn claimed-only"


# --- part 11: several proofs, several credentials ---


def _by_attacker(document: Json, **options: Any) -> Json:
    chosen = proof_options(verificationMethod=method_of(attacker()), **options)
    return proof_for(document, chosen, sign=signs(attacker()))


def _with_proofs(*proofs: Json) -> bytes:
    return encoded({**badge(), "proof": list(proofs)})


@pytest.mark.parametrize("order", [1, -1])
def test_proofs_of_others_colour_nothing(order: int) -> None:
    broken = {**_by_attacker(badge()), "created": "2025-09-01T09:00:00Z"}
    proofs = [proof_for(badge()), broken][::order]

    report = verify(_with_proofs(*proofs))

    assert report.outcome is Outcome.PASSED
    assert sorted(proof.role for proof in report.proofs) == ["issuer", "other"]
    assert answer(report, "proof.integrity") == "pass"


@pytest.mark.parametrize("order", [1, -1])
def test_a_failed_proof_of_the_issuer_fails_the_file(order: int) -> None:
    broken = {**proof_for(badge()), "created": "2025-09-01T09:00:00Z"}
    proofs = [proof_for(badge()), broken][::order]

    report = verify(_with_proofs(*proofs))

    assert_passed(_with_proofs(proof_for(badge()), proof_for(badge())))
    assert report.outcome is Outcome.FAILED


def test_answers_are_never_mixed_from_several_proofs() -> None:
    """The issuer's proof has expired; the attacker's has not, and lends nothing."""
    old = proof_options(expires="2025-08-31T00:00:00Z")
    proofs = [proof_for(badge(), old), _by_attacker(badge())]

    report = verify(_with_proofs(*proofs))

    assert_passed(_with_proofs(proof_for(badge()), _by_attacker(badge())))
    assert report.outcome is Outcome.FAILED
    assert answer(report, "credential.validity") == "fail expired"


def test_if_no_proof_is_the_issuers_all_are() -> None:
    broken = {**_by_attacker(badge()), "created": "2025-09-01T09:00:00Z"}

    report = verify(_with_proofs(_by_attacker(badge()), broken))

    assert_passed(_with_proofs(proof_for(badge())))
    assert report.outcome is Outcome.FAILED
    assert {proof.role for proof in report.proofs} == {"issuer"}


def test_a_seal_of_another_organisation_beside_the_issuers_colours_nothing() -> None:
    text = compact_json(edc())
    other = header_of(kid=None, x5c=None, x5t_S256=None)
    foreign = one_seal(other, payload=text, sign=es256(attacker_seal_key()))
    own = one_seal(payload=text)

    report = verify(encoded({"payload": text, "signatures": [foreign, own]}))

    assert report.outcome is Outcome.PASSED
    assert [proof.role for proof in report.proofs] == ["other", "issuer"]


def _presented(*credentials: Any) -> Report:
    vp = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    }
    payload = {"iss": school().badge.did, "vp": vp}
    return verify(jwt(payload))


def test_a_presentation_is_never_passed_whatever_is_inside() -> None:
    report = _presented(jwt().decode())

    assert_passed(jwt())
    assert report.kind == "presentation"
    assert report.outcome is Outcome.INDETERMINATE
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]
    assert exit_code([report], allow_test=True) == 3


def test_each_part_has_a_verdict_of_its_own() -> None:
    forged = _flipped_jwt().decode()

    report = _presented(jwt().decode(), forged, badge())

    outcomes = [part.outcome for part in report.parts]
    assert outcomes == [Outcome.PASSED, Outcome.FAILED, Outcome.INDETERMINATE]
    assert exit_code([report], allow_test=True) == 1
    assert report.content is not None
    shown = report.content["verifiableCredential"]
    assert shown == [{"part": 0}, {"part": 1}, {"part": 2}]
    assert "Magister" not in json.dumps(report.to_dict(), ensure_ascii=False)


def test_an_endorsement_inside_leaves_the_credential_alone() -> None:
    forged = _flipped_jwt().decode()

    report = verify(jwt(claims(badge(endorsementJwt=[forged]))))

    assert report.outcome is Outcome.PASSED
    assert [part.outcome for part in report.parts] == [Outcome.FAILED]
    assert forged not in json.dumps(report.to_dict())


@pytest.mark.parametrize("more", [{}, {"gradeText": "odlično"}], ids=["as-is", "more"])
def test_a_part_stands_in_the_content_as_its_number(more: Json) -> None:
    endorsement = badge(id="urn:uuid:9", type=["VerifiableCredential"])

    report = verify(jwt(claims(badge(endorsement=[endorsement], **more))))

    assert report.content is not None
    assert report.content["endorsement"] == [{"part": 0}]
    assert [answer(part, "proof.key") for part in report.parts] == [
        "undecided unsigned"
    ]


def test_an_unsigned_part_is_not_shown_as_signed() -> None:
    report = _presented(badge(name="Magister čebelarstva"))

    (part,) = report.parts
    assert answer(part, "proof.key") == "undecided unsigned"
    assert part.content is None


# --- part 12: what people read ---


@ALL
def test_a_failed_file_never_suggests_to_trust_anybody(form: str) -> None:
    text = verify(_CHANGED[form](), trust=Trust()).to_text()

    assert "trust add" not in text
    assert "trust update" not in text


@ALL
def test_an_unknown_issuer_is_no_forger(form: str) -> None:
    text = verify(FILES[form](), trust=Trust()).to_text()

    assert text.startswith("NOT CONFIRMED")
    assert "This is not a sign of forgery" in text or "Ask the school" in text
