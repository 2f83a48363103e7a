"""The law of verdicts, parts 4 to 6: who signed, and who vouches for that.

Each sentence stands beside its twin: the same file under the same trust, PASSED.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from attacks.seals import (
    DAY,
    anchor,
    certificate,
    real,
    real_ca,
    real_trust,
    sealed_for_real,
    sealed_with,
    subject_of,
)
from attacks.workshop import (
    AT,
    DID_WEB,
    MADE,
    NAMES,
    SCHOOL,
    SL_NAME,
    Json,
    achievement,
    answer,
    attacker,
    badge,
    claims,
    edc,
    encoded,
    jwt,
    jwt_header,
    organisation,
    proof_options,
    proved,
    school,
    sealed,
    signs,
    subject,
    verify,
)
from edc_issuer.errors import ConfigError
from edc_issuer.jose import public_to_jwk
from edc_issuer.keys.did import multikey
from edc_issuer.keys.testpki import TestOrganisation
from edc_issuer.report import Outcome
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_did, add_issuer
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.verify import Verifier
from world import issued, record, world

IDENTIFIED, TRUSTED = "issuer.identified", "issuer.trusted"
OTHER = TestOrganisation("Ljudska univerza Drugi", "NTRSI-7654321", "SI")


def assert_passed(data: bytes, trust: Trust | None = None) -> None:
    assert verify(data, trust=trust).outcome is Outcome.PASSED


# --- part 5: identifier and name ---


def _issued_by(**changes: Any) -> bytes:
    return sealed(credential=edc(issuer=organisation(**changes)))


def _number(notation: str) -> Json:
    return {**organisation()["eIDASIdentifier"], "notation": notation}


def test_another_organisations_seal_fails() -> None:
    report = verify(_issued_by(eIDASIdentifier=_number(OTHER.identifier)))

    assert_passed(sealed())
    assert report.outcome is Outcome.FAILED
    assert answer(report, IDENTIFIED) == "fail identity.mismatch"


@pytest.mark.parametrize(
    "notation",
    ["VATSI-1234567", "NTRHR-1234567", "NTRSI-12345678", "NTRSI-01234567"],
)
def test_type_country_and_number_must_all_be_the_same(notation: str) -> None:
    report = verify(_issued_by(eIDASIdentifier=_number(notation)))

    assert_passed(_issued_by(eIDASIdentifier=_number("ntrsi-1234567 ".upper())))
    assert answer(report, IDENTIFIED) == "fail identity.mismatch"


def test_an_equal_identifier_with_another_name_is_undecided() -> None:
    report = verify(_issued_by(legalName={"sl": "Univerza v Ljubljani"}))

    assert_passed(sealed())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided name-differs"
    assert report.signer is not None
    assert report.signer.name == SL_NAME


@pytest.mark.parametrize(
    "name", ["SREDNJA SOLA ZGLED", "Srednja  šola »Zgled«", "Srednja s\u030cola Zgled"]
)
def test_case_diacritics_and_punctuation_make_no_other_name(name: str) -> None:
    assert_passed(_issued_by(legalName={"sl": name}))


def test_a_name_cut_at_the_end_of_its_field_matches_its_prefix() -> None:
    name = "Šolski center za čebelarstvo, kmetijstvo in gozdarstvo Zgled pri Žužemberku"
    cut = certificate(subject=subject_of(name=name[:64]))
    shorter = certificate(subject=subject_of(name=name[:50]))
    trust = replace(school().trust, issuers=())
    document = edc(issuer=organisation(legalName={"sl": name}))

    report = verify(sealed_with(shorter, credential=document), trust=trust)

    assert answer(
        verify(sealed_with(cut, credential=document), trust=trust), IDENTIFIED
    )
    assert_passed(sealed_with(cut, credential=document), trust)
    assert answer(report, IDENTIFIED) == "undecided name-differs"


@pytest.mark.parametrize("length", range(58, 67))
def test_only_a_name_of_60_to_64_letters_may_have_been_cut(length: int) -> None:
    name = "Šolski center za čebelarstvo, kmetijstvo in gozdarstvo Zgled pri Žužemberku"
    seal = certificate(subject=subject_of(name=name[:length]))
    trust = replace(school().trust, issuers=())
    document = edc(issuer=organisation(legalName={"sl": name}))

    report = verify(sealed_with(seal, credential=document), trust=trust)

    honest = sealed_with(
        seal, credential=edc(issuer=organisation(legalName={"sl": name[:length]}))
    )
    assert_passed(honest, trust)
    assert (report.outcome is Outcome.PASSED) == (60 <= length <= 64)


def test_a_name_is_cut_in_the_certificate_and_never_in_the_file() -> None:
    name = "Šolski center za čebelarstvo, kmetijstvo in gozdarstvo Zgled pri Žužemberku"
    seal = certificate(subject=subject_of(name=name[:64]))
    trust = replace(school().trust, issuers=())

    def stating(legal_name: str) -> bytes:
        issuer = organisation(legalName={"sl": legal_name})
        return sealed_with(seal, credential=edc(issuer=issuer))

    report = verify(stating(name[:62]), trust=trust)

    assert_passed(stating(name), trust)
    assert answer(report, IDENTIFIED) == "undecided name-differs"


def test_one_equal_number_among_several_is_enough() -> None:
    several = {
        "eIDASIdentifier": _number("VATSI-87654321"),
        "registration": {**_number("1234567"), "id": "urn:epass:legalIdentifier:2"},
    }
    none = {**several, "registration": None}

    assert_passed(_issued_by(**several))
    assert verify(_issued_by(**none)).outcome is Outcome.FAILED


def test_one_equal_name_in_any_language_is_enough() -> None:
    names = {"sl": "Drugačno ime", "sr-Cyrl": "Средња школа", "en": NAMES[1]}
    none = {"sl": "Drugačno ime", "sr-Cyrl": "Средња школа"}

    assert_passed(_issued_by(legalName=names))
    report = verify(_issued_by(legalName=none))
    assert answer(report, IDENTIFIED) == "undecided name-differs"


def test_the_report_shows_the_proved_name_and_others_as_also() -> None:
    names = {"sl": "Ljudska univerza Druga", "en": NAMES[1]}

    report = verify(_issued_by(legalName=names))

    assert report.outcome is Outcome.PASSED
    assert report.signer is not None
    assert report.signer.name == SL_NAME
    also = report.check(IDENTIFIED).evidence["also_calls_itself"]
    assert also == ["Ljudska univerza Druga"]
    assert "Imenuje se tudi: Ljudska univerza Druga" in report.to_text(language="sl")


def test_a_certificate_without_a_number_identifies_nobody() -> None:
    nameless = certificate(subject=subject_of(identifier=None))

    report = verify(sealed_with(nameless))

    assert_passed(sealed_with(certificate()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided issuer-ambiguous"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"legalName": None}, id="no-name"),
        pytest.param({"legalName": {"sl": [SL_NAME, "Druga"]}}, id="two-names"),
        pytest.param({"legalName": {"sl": SL_NAME * 100}}, id="a-book-for-a-name"),
    ],
)
def test_an_issuer_that_cannot_be_told_is_ambiguous(changes: Any) -> None:
    report = verify(_issued_by(**changes))

    assert_passed(sealed())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided issuer-ambiguous"


def test_an_issuer_without_identifier_is_never_passed() -> None:
    report = verify(_issued_by(eIDASIdentifier=None))

    assert_passed(sealed())
    assert report.outcome is not Outcome.PASSED
    assert not answer(report, IDENTIFIED).startswith("pass")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"legalName": {"sl": "Univerza v Ljubljani"}}, id="other-name"),
        pytest.param({"eIDASIdentifier": _number(OTHER.identifier)}, id="other-number"),
    ],
)
def test_another_node_with_the_issuers_id_makes_it_ambiguous(other: Json) -> None:
    node = {"id": organisation()["id"], "type": "Organisation", **other}
    document = edc(credentialSubject={**edc()["credentialSubject"], "memberOf": node})

    report = verify(sealed(credential=document))

    same = {"id": organisation()["id"], "type": "Organisation"}
    honest = edc(credentialSubject={**edc()["credentialSubject"], "memberOf": same})
    assert_passed(sealed(credential=honest))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided issuer-ambiguous"


def test_look_alike_letters_are_told() -> None:
    name = SL_NAME.replace("o", "о")  # Cyrillic

    report = verify(_issued_by(legalName={"sl": name, "en": NAMES[1]}))

    assert_passed(sealed())
    assert answer(report, IDENTIFIED) == "warn look-alike"
    assert answer(verify(_issued_by(legalName={"sl": name})), IDENTIFIED) == (
        "undecided name-differs"
    )


def test_hidden_letters_of_an_address_are_told() -> None:
    address = "https://xn--zgld-9gb.example/org"
    document = edc(issuer=organisation(id=address))
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"]["id"] = address

    report = verify(sealed(credential=document))

    assert_passed(sealed())
    assert answer(report, IDENTIFIED) == "warn look-alike"


@pytest.mark.parametrize("profile", ["ob3-jwt", "ob3-di"])
def test_a_badge_names_its_signer_by_did_and_its_issuer_by_number(profile: str) -> None:
    said = issued(profile).credential
    own = record().issuer

    issuer = said["issuer"]
    numbers = {entry["identifier"] for entry in issuer["otherIdentifier"]}
    assert issuer["id"] == world().did
    assert own.legal_identifier is not None
    assert own.legal_identifier.value in numbers
    assert own.id is None or own.id in numbers
    creator = said["credentialSubject"]["achievement"].get("creator")
    assert creator is None or creator["id"] == world().did
    assert world().verify(issued(profile).data).outcome is Outcome.PASSED


def test_an_edc_keeps_the_records_id() -> None:
    own = record().issuer

    said = issued("edc-jades").credential["issuer"]

    assert own.id is None or said["id"] == own.id
    assert not said["id"].startswith("did:")
    assert world().verify(issued("edc-jades").data).outcome is Outcome.PASSED


def test_a_mandate_inside_the_file_is_the_sealers_own_claim() -> None:
    mandate = "http://data.europa.eu/snb/evidence-type/c_18016257"
    evidence = {
        "id": "urn:epass:evidence:1",
        "type": "Evidence",
        "dcType": {"id": mandate, "type": "Concept"},
    }
    document = edc(
        issuer=organisation(
            legalName={"sl": OTHER.name}, eIDASIdentifier=_number(OTHER.identifier)
        ),
        evidence=evidence,
    )

    report = verify(sealed(credential=document))

    assert_passed(sealed(credential=edc(evidence=evidence)))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided by-mandate-unconfirmed"


# --- part 4: whose word about a key counts ---

_METHOD = f"{DID_WEB}#key-1"


def _did_document(**changes: Any) -> Json:
    method = {
        "id": _METHOD,
        "type": "Multikey",
        "controller": DID_WEB,
        "publicKeyMultibase": multikey(school().badge.key.public_key()),
        **changes.pop("method", {}),
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": DID_WEB,
        "verificationMethod": [method],
        "assertionMethod": [_METHOD],
        **changes,
    }


def _storing(document: Json) -> Trust:
    stored = StoredDid(DID_WEB, document, MADE, "0" * 64)
    return replace(school().trust, dids=(stored,))


def _web_badge(**issuer: Any) -> Json:
    profile = {"id": DID_WEB, "type": ["Profile"], "name": SL_NAME, **issuer}
    return badge(issuer=profile)


def _web_file() -> bytes:
    options = proof_options(verificationMethod=_METHOD)
    return encoded(proved(_web_badge(), options))


def test_a_did_document_counts_only_from_the_trust_folder() -> None:
    verifier = Verifier(trust=school().trust)
    inside = encoded({**json.loads(_web_file()), "didDocument": _did_document()})

    report = verify(_web_file())

    assert_passed(_web_file(), _storing(_did_document()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "proof.key") == "undecided key-not-at-hand"
    assert verify(inside).outcome is Outcome.FAILED
    with pytest.raises(ConfigError, match="evidence"):
        verifier.verify(_web_file(), evidence=[encoded(_did_document())])


def test_a_did_document_in_the_trust_folder_is_read_from_there(tmp_path: Path) -> None:
    add_did(tmp_path, encoded(_did_document()), stored_at=MADE, test=True)
    add_issuer(tmp_path, TrustedIssuer(DID_WEB, NAMES, test=True))

    assert_passed(_web_file(), Trust.load(tmp_path))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            _did_document(assertionMethod=[], authentication=[_METHOD]),
            "proof.key undecided wrong-purpose",
            id="only-for-authentication",
        ),
        pytest.param(
            _did_document(id="did:web:other.example"),
            "proof.key undecided document-mismatch",
            id="a-document-about-another",
        ),
        pytest.param(
            _did_document(method={"controller": "did:web:other.example"}),
            "proof.key undecided controller-differs",
            id="controlled-by-another",
        ),
        pytest.param(
            _did_document(
                method={"publicKeyMultibase": multikey(attacker().key.public_key())}
            ),
            "proof.integrity fail signature",
            id="another-key",
        ),
        pytest.param(
            _did_document(verificationMethod=[], assertionMethod=[]),
            "proof.key undecided issuer-lists-no-keys",
            id="no-keys",
        ),
        pytest.param(
            _did_document(method={"revoked": "2025-08-01T00:00:00Z"}),
            "issuer.identified undecided key-retired",
            id="revoked",
        ),
        pytest.param(
            _did_document(method={"expires": "2025-08-01T00:00:00Z"}),
            "issuer.identified undecided key-retired",
            id="expired",
        ),
    ],
)
def test_a_key_counts_as_its_controller_lists_it(document: Json, expected: str) -> None:
    report = verify(_web_file(), trust=_storing(document))

    check = expected.split(" ")[0]
    assert_passed(_web_file(), _storing(_did_document()))
    assert f"{check} {answer(report, check)}" == expected
    assert report.outcome is not Outcome.PASSED


def test_a_retired_key_is_no_better_when_the_file_brings_it_along() -> None:
    """A `jwk` in the header must not be a way around what the controller says."""
    key = school().badge.key.public_key()
    retired = _did_document(method={"revoked": "2025-08-01T00:00:00Z"})
    header = jwt_header(kid=None, jwk=public_to_jwk(key))
    data = jwt(claims(_web_badge()), header=header)

    report = verify(data, trust=_storing(retired))

    assert_passed(data, _storing(_did_document()))
    assert report.outcome is not Outcome.PASSED
    assert answer(report, IDENTIFIED) == "undecided key-retired"


def test_a_retired_key_is_no_better_under_a_name_of_its_own() -> None:
    retired = _did_document(method={"revoked": "2025-08-01T00:00:00Z"})
    data = encoded(proved(_web_badge()))  # the method is the key's did:key

    report = verify(data, trust=_storing(retired))

    assert_passed(data, _storing(_did_document()))
    assert answer(report, IDENTIFIED) == "undecided key-retired"


def test_a_fragment_is_looked_up_inside_the_issuer_only() -> None:
    document = _web_badge()
    header = jwt_header(kid="#key-1")

    report = verify(
        jwt(claims(badge()), header=header), trust=_storing(_did_document())
    )

    assert_passed(jwt(claims(document), header=header), _storing(_did_document()))
    assert report.outcome is not Outcome.PASSED


# --- part 6: who vouches ---


def _other_body() -> Json:
    document = edc()
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"] = {
        "id": "https://other.example/org",
        "type": "Organisation",
        "legalName": {"sl": "Univerza v Ljubljani"},
        "eIDASIdentifier": {
            **_number("NTRSI-5085063"),
            "id": "urn:epass:legalIdentifier:2",
        },
    }
    return document


def test_an_authority_vouches_for_a_name_only() -> None:
    report = verify(sealed_for_real(), trust=real_trust())

    assert report.outcome is Outcome.PASSED
    assert answer(report, TRUSTED) == "warn identity-only"
    assert "not confirmed" in report.to_text()
    named = verify(sealed_for_real(), trust=real_trust(named=True))
    assert answer(named, TRUSTED) == "pass named-by-you"


def test_who_only_has_a_name_speaks_for_no_other_awarding_body() -> None:
    data = sealed_for_real(credential=_other_body())

    by_authority = verify(data, trust=real_trust())
    by_operator = verify(data, trust=real_trust(named=True))

    assert_passed(sealed_for_real(), real_trust())
    assert by_authority.outcome is Outcome.INDETERMINATE
    assert answer(by_authority, TRUSTED) == "undecided speaks-for-others"
    assert by_operator.outcome is Outcome.PASSED
    assert answer(by_operator, TRUSTED) == "warn speaks-for-others"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": organisation()["id"]}, id="with-the-issuers-id"),
        pytest.param({"legalName": {"sl": SL_NAME}}, id="with-the-issuers-name"),
        pytest.param(
            {"eIDASIdentifier": organisation()["eIDASIdentifier"]},
            id="with-the-issuers-number",
        ),
    ],
)
def test_another_body_is_told_by_number_and_name_never_by_id(changes: Json) -> None:
    document = _other_body()
    process = document["credentialSubject"]["hasClaim"]["awardedBy"]
    process["awardingBody"] = {**process["awardingBody"], **changes}

    report = verify(sealed_for_real(credential=document), trust=real_trust())

    assert_passed(sealed_for_real(), real_trust())
    assert report.outcome is Outcome.INDETERMINATE


def test_a_badge_of_another_creator_speaks_for_others() -> None:
    creator = {"id": "did:web:uni.example", "type": ["Profile"], "name": "Univerza"}
    document = badge(
        credentialSubject=subject(achievement=achievement(creator=creator))
    )
    own = school()
    real_issuer = Trust(issuers=(TrustedIssuer(own.badge.did, NAMES),))

    report = verify(encoded(proved(document)), trust=real_issuer)

    assert answer(report, TRUSTED) == "warn speaks-for-others"
    twin = verify(encoded(proved()), trust=real_issuer)
    assert answer(twin, TRUSTED) == "pass named-by-you"
    assert twin.outcome is Outcome.PASSED


def test_an_anchor_limited_to_organisations_vouches_for_those_only() -> None:
    def limited(to: TestOrganisation) -> Trust:
        entry = TrustedIssuer(to.identifier, (to.name,))
        return real_trust(
            seal_anchors=(anchor(real().certificate, organisations=(entry,)),)
        )

    report = verify(sealed_for_real(), trust=limited(OTHER))

    assert_passed(sealed_for_real(), limited(SCHOOL))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided no-anchor"


@pytest.mark.parametrize(
    "times",
    [
        pytest.param({"from_": AT + DAY}, id="not-yet"),
        pytest.param({"until": AT}, id="no-longer"),
        pytest.param({"until": AT - DAY}, id="long-ago"),
    ],
)
def test_an_issuer_counts_from_and_until(times: Any) -> None:
    def naming(**limits: Any) -> Trust:
        entry = TrustedIssuer(school().badge.did, NAMES, **limits)
        return Trust(issuers=(entry,))

    report = verify(encoded(proved()), trust=naming(**times))

    assert_passed(encoded(proved()), naming(from_=AT, until=AT + timedelta(seconds=1)))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided not-listed"


def test_a_name_in_a_list_does_not_make_an_anchor() -> None:
    """Anybody can write an organisation's number into a certificate of his own."""
    only_listed = real_trust(named=True, seal_anchors=())

    report = verify(sealed_for_real(), trust=only_listed)

    assert_passed(sealed_for_real(), real_trust(named=True))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided no-anchor"


def test_an_anchor_that_came_with_the_file_is_none() -> None:
    report = verify(sealed_for_real(), trust=Trust(crls=real_trust().crls))

    assert_passed(sealed_for_real(), real_trust())
    assert answer(report, TRUSTED) == "undecided no-anchor"


def test_a_fresh_key_with_a_known_name_is_nobody() -> None:
    key = attacker()
    document = badge(issuer={"id": key.did, "type": ["Profile"], "name": SL_NAME})
    options = proof_options(
        verificationMethod=f"{key.did}#{key.did.removeprefix('did:key:')}"
    )

    report = verify(encoded(proved(document, options, sign=signs(key))))

    assert_passed(encoded(proved()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided not-listed"


def test_whoever_was_not_proved_is_never_called_the_signer() -> None:
    key = attacker()
    document = badge(issuer={"id": key.did, "type": ["Profile"], "name": SL_NAME})
    options = proof_options(
        verificationMethod=f"{key.did}#{key.did.removeprefix('did:key:')}"
    )

    report = verify(encoded(proved(document, options, sign=signs(key))))

    assert report.signer is not None
    assert report.signer.name is None
    assert report.signer.identifier == key.did


# --- part 6: test ---


def test_everything_below_test_trust_is_headed_test() -> None:
    report = verify(sealed())
    real_one = verify(sealed_for_real(), trust=real_trust())

    assert report.test
    assert answer(report, TRUSTED) == "warn test"
    assert report.to_text().startswith(("TEST", "AS OF"))
    assert "TEST" in report.to_text()
    assert json.loads(report.to_json())["test"] is True
    assert not real_one.test
    assert "TEST:" not in real_one.to_text()


def test_test_trust_and_real_trust_never_mix(tmp_path: Path) -> None:
    test_root = school().pki.root.certificate.public_bytes(Encoding.PEM)
    real_root = real().certificate.public_bytes(Encoding.PEM)
    add_certificate(tmp_path / "test", test_root, test=True)
    add_certificate(tmp_path / "real", real_root)

    with pytest.raises(ConfigError):
        add_certificate(tmp_path / "real", test_root, test=True)
    with pytest.raises(ConfigError):
        add_certificate(tmp_path / "real", test_root)
    with pytest.raises(ConfigError):
        add_certificate(tmp_path / "test", real_root)


def test_a_marker_alone_decides_what_a_folder_is_for(tmp_path: Path) -> None:
    root = school().pki.root.certificate.public_bytes(Encoding.PEM)
    add_certificate(tmp_path, root, test=True)
    (tmp_path / "test").unlink()

    with pytest.raises(ConfigError):
        Trust.load(tmp_path)


def test_the_authority_below_a_real_root_is_no_other_ones() -> None:
    swapped = sealed_with(certificate(by=real_ca(), policies=()))

    report = verify(swapped, trust=real_trust())

    # Its CA's certificate did not come along, so that no path can be found.
    assert_passed(sealed_for_real(), real_trust())
    assert answer(report, "seal.certificate") == "undecided no-anchor"
