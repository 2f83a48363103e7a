"""Sealed by one organisation for another: believed only where somebody else says so.

The law of verdicts, part 5, "Mandate". Each refusal stands beside its PASSED twin.
"""

from __future__ import annotations

import json
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from attacks.seals import DAY, real_trust, sealed_for_real
from attacks.workshop import (
    AT,
    MADE,
    SCHOOL,
    SL_NAME,
    Json,
    answer,
    changed,
    edc,
    encoded,
    es256,
    header_of,
    organisation,
    school,
    sealed,
    verify,
)
from conftest import shared_file
from edc_issuer.cli import app
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError
from edc_issuer.formats import jades_headers
from edc_issuer.keys.identity import X509Identity
from edc_issuer.keys.testpki import TestOrganisation, seal_plan
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.models.elm import ELM
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Mandate, Trust, TrustedIssuer
from edc_issuer.trust.additions import add_issuer, add_mandate
from edc_issuer.verify import Verifier
from edc_issuer.verify.mandates import WHY
from edc_issuer.verify.run import Run
from edc_issuer.verify.statements import is_sealed, judged
from world import SCHOOL as WORLD_SCHOOL
from world import record_dict, world

IDENTIFIED, TRUSTED = "issuer.identified", "issuer.trusted"
MANDATE_KIND = "http://data.europa.eu/snb/evidence-type/c_18016257"
BY_MANDATE = "http://data.europa.eu/snb/credential/c_9a31f32a"
MANDATOR = TestOrganisation("Ljudska univerza Čebelica", "NTRSI-7654321", "SI")
THIRD = TestOrganisation("Gimnazija Đurđevac Žaba", "NTRSI-1112223", "SI")
_SERIALS = count(70_000)


def stated(who: TestOrganisation) -> Json:
    """An organisation as an EDC names it, with an id of its own."""
    number = {
        **organisation()["eIDASIdentifier"],
        "id": f"urn:epass:legalIdentifier:{who.identifier}",
        "notation": who.identifier,
    }
    own_id = f"https://{who.identifier.lower()}.example/org"
    return organisation(
        id=own_id, legalName={"sl": who.name}, eIDASIdentifier=number, homepage=None
    )


def evidence(kind: str = MANDATE_KIND) -> Json:
    concept = {"id": kind, "type": "Concept"}
    return {"id": "urn:epass:evidence:1", "type": "Evidence", "dcType": concept}


def by_mandate(**changes: Any) -> bytes:
    """The school seals for the mandator, and says so."""
    document = edc(issuer=stated(MANDATOR), evidence=evidence())
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"] = {
        "id": stated(MANDATOR)["id"],
        "type": "Organisation",
    }
    return sealed(credential=changed(document, changes))


def recording(*mandates: Mandate, **changes: Any) -> Trust:
    return replace(school().trust, mandates=mandates, **changes)


def recorded(until: datetime | None = None) -> Mandate:
    return Mandate(SCHOOL.identifier, MANDATOR.identifier, until)


def told(report: Report) -> Json:
    mandate: Json = report.check(IDENTIFIED).evidence["mandate"]
    return mandate


def assert_by_mandate(report: Report) -> None:
    assert report.outcome is Outcome.PASSED
    assert answer(report, IDENTIFIED) == "warn by-mandate"


def assert_unconfirmed(report: Report, why: str) -> None:
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided by-mandate-unconfirmed"
    assert told(report)["why"] == why
    assert report.content is not None


# --- recorded by the operator ---


def test_a_mandate_that_the_operator_recorded_is_believed() -> None:
    report = verify(by_mandate(), trust=recording(recorded()))

    assert_by_mandate(report)
    assert told(report)["confirmed_by"] == "operator"
    assert_unconfirmed(verify(by_mandate()), "not-recorded")


def test_both_are_named_in_json_and_in_the_text() -> None:
    for trust in (recording(recorded()), school().trust):
        report = verify(by_mandate(), trust=trust)
        (check,) = (
            check
            for check in json.loads(report.to_json())["checks"]
            if check["id"] == IDENTIFIED
        )
        mandate = check["evidence"]["mandate"]

        assert mandate["sealer"]["names"][0] == SL_NAME
        assert mandate["sealer"]["identifier"] == SCHOOL.identifier
        assert mandate["mandator"]["names"] == [MANDATOR.name]
        assert mandate["mandator"]["identifier"] == MANDATOR.identifier
        for language in LANGUAGES:
            text = report.to_text(language=language)
            assert SL_NAME in text
            assert MANDATOR.name in text
            assert MANDATOR.identifier in text


def test_the_signer_stays_whoever_sealed() -> None:
    report = verify(by_mandate(), trust=recording(recorded()))

    assert report.signer is not None
    assert report.signer.identifier == SCHOOL.identifier
    assert "also calls itself" not in report.to_text()


@pytest.mark.parametrize("seconds", [0, -1, -86_400])
def test_a_mandate_that_has_ended_confirms_nothing(seconds: int) -> None:
    ended = recorded(until=AT + timedelta(seconds=seconds))

    report = verify(by_mandate(), trust=recording(ended))

    running = recorded(until=AT + timedelta(seconds=1))
    assert_by_mandate(verify(by_mandate(), trust=recording(running)))
    assert_unconfirmed(report, "ended")


def test_a_mandate_must_run_when_the_file_was_sealed() -> None:
    """And that is proved, or else it must run now."""
    trust = recording(recorded(until=AT - DAY))
    run = Run(trust, BUNDLED, at=AT, now=AT)

    proved = replace(run, existed_by=AT - 2 * DAY).file(by_mandate())
    too_late = replace(run, existed_by=AT - DAY).file(by_mandate())

    assert_by_mandate(proved)
    assert_unconfirmed(too_late, "ended")
    assert_unconfirmed(run.file(by_mandate()), "ended")


@pytest.mark.parametrize(
    ("mandate", "why"),
    [
        pytest.param(
            Mandate(MANDATOR.identifier, SCHOOL.identifier),
            "wrong-direction",
            id="the-other-way-round",
        ),
        pytest.param(
            Mandate(SCHOOL.identifier, THIRD.identifier),
            "for-another",
            id="for-another",
        ),
        pytest.param(
            Mandate(THIRD.identifier, MANDATOR.identifier),
            "of-another",
            id="of-another",
        ),
        pytest.param(
            Mandate("VATSI-1234567", MANDATOR.identifier),
            "of-another",
            id="a-number-of-another-type",
        ),
        pytest.param(
            Mandate(SCHOOL.identifier, "NTRHR-7654321"),
            "for-another",
            id="in-another-country",
        ),
    ],
)
def test_a_mandate_between_others_confirms_nothing(mandate: Mandate, why: str) -> None:
    report = verify(by_mandate(), trust=recording(mandate))

    assert_by_mandate(verify(by_mandate(), trust=recording(mandate, recorded())))
    assert_unconfirmed(report, why)


@pytest.mark.parametrize(
    "borrowed",
    [
        pytest.param({"id": MANDATOR.identifier}, id="as-its-id"),
        pytest.param(
            {
                "id": MANDATOR.identifier,
                "eIDASIdentifier": stated(replace(THIRD, identifier="VATSI-99887766"))[
                    "eIDASIdentifier"
                ],
            },
            id="as-its-id-beside-another-type",
        ),
        pytest.param(
            {"registration": stated(MANDATOR)["eIDASIdentifier"]}, id="as-its-register"
        ),
    ],
)
def test_a_mandators_number_is_no_cover_for_another_organisation(
    borrowed: Json,
) -> None:
    """A sealer that may act for a small school names a university beside it."""
    data = by_mandate(issuer={**stated(THIRD), **borrowed})

    report = verify(data, trust=recording(recorded()))

    assert_by_mandate(verify(by_mandate(), trust=recording(recorded())))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided by-mandate-unconfirmed"


def test_the_number_shown_is_the_one_in_the_mandate() -> None:
    vat = {**stated(THIRD)["eIDASIdentifier"], "notation": "VATSI-99887766"}
    data = by_mandate(issuer={**stated(MANDATOR), "vatIdentifier": vat})

    report = verify(data, trust=recording(recorded()))

    assert_by_mandate(report)
    assert told(report)["mandator"]["identifier"] == MANDATOR.identifier


def test_a_mandate_lends_no_other_name() -> None:
    """The number is the mandator's, the name somebody else's."""
    named = TrustedIssuer(MANDATOR.identifier, (MANDATOR.name,), test=True)
    trust = recording(recorded(), issuers=(*school().trust.issuers, named))
    other = {**stated(MANDATOR), "legalName": {"sl": "Univerza v Ljubljani"}}

    report = verify(by_mandate(issuer=other), trust=trust)

    assert_by_mandate(verify(by_mandate(), trust=trust))
    assert_unconfirmed(report, "other-name")


def test_where_nobody_proves_the_mandators_name_it_is_called_the_files_word() -> None:
    named = TrustedIssuer(MANDATOR.identifier, (MANDATOR.name,), test=True)
    known = recording(recorded(), issuers=(*school().trust.issuers, named))

    unproved = verify(by_mandate(), trust=recording(recorded()))
    proved = verify(by_mandate(), trust=known)

    said = Messages("en").text("mandate.claimed_name", name=MANDATOR.name)
    assert not told(unproved)["mandator"]["names_proved"]
    assert said in unproved.to_text()
    assert f"for {MANDATOR.identifier}." in unproved.to_text()
    assert f"for {MANDATOR.name}, {MANDATOR.identifier}." in proved.to_text()
    assert told(proved)["mandator"]["names_proved"]
    assert said not in proved.to_text()


def test_an_ambiguous_issuer_is_not_cleared_by_a_mandate() -> None:
    two = {**stated(MANDATOR), "legalName": {"sl": [MANDATOR.name, THIRD.name]}}

    report = verify(by_mandate(issuer=two), trust=recording(recorded()))

    assert_by_mandate(verify(by_mandate(), trust=recording(recorded())))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, IDENTIFIED) == "undecided issuer-ambiguous"


def test_a_recorded_mandate_is_no_cover_for_a_file_that_claims_none() -> None:
    """Such a file names an issuer that did not seal it, and does not say why."""
    silent = by_mandate(evidence=None)

    report = verify(silent, trust=recording(recorded()))

    assert_by_mandate(verify(by_mandate(), trust=recording(recorded())))
    assert report.outcome is Outcome.FAILED
    assert answer(report, IDENTIFIED) == "fail identity.mismatch"


def test_the_profile_alone_is_a_claim_of_a_mandate_too() -> None:
    profile = {"id": BY_MANDATE, "type": "Concept"}
    data = by_mandate(evidence=None, credentialProfiles=[profile])

    assert_unconfirmed(verify(data), "not-recorded")
    assert_by_mandate(verify(data, trust=recording(recorded())))


def test_a_mandate_makes_no_anchor() -> None:
    report = verify(by_mandate(), trust=recording(recorded(), seal_anchors=()))

    assert_by_mandate(verify(by_mandate(), trust=recording(recorded())))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided no-anchor"


def _real_by_mandate(body: TestOrganisation) -> bytes:
    document = edc(issuer=stated(MANDATOR), evidence=evidence())
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"] = stated(body)
    return sealed_for_real(credential=document)


def test_a_sealer_speaks_for_its_mandator_and_for_nobody_else() -> None:
    """With no more behind its name than an authority (the law, part 6)."""
    trust = real_trust(mandates=(recorded(),))

    report = verify(_real_by_mandate(THIRD), trust=trust)

    twin = verify(_real_by_mandate(MANDATOR), trust=trust)
    assert twin.outcome is Outcome.PASSED
    assert answer(twin, TRUSTED) == "warn identity-only"
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided speaks-for-others"


def test_a_sealer_speaks_for_the_number_in_its_mandate_only() -> None:
    """The file gives its issuer a second number, and that number awards."""
    trust = real_trust(mandates=(recorded(),))

    def awarded_by(notation: str) -> bytes:
        number = {
            **stated(THIRD)["eIDASIdentifier"],
            "notation": "VATSI-99887766",
        }
        document = edc(
            issuer={**stated(MANDATOR), "vatIdentifier": number}, evidence=evidence()
        )
        claim = document["credentialSubject"]["hasClaim"]
        body = stated(replace(MANDATOR, identifier=notation))
        body["id"] = "https://awards.example/org"
        claim["awardedBy"]["awardingBody"] = body
        return sealed_for_real(credential=document)

    report = verify(awarded_by("VATSI-99887766"), trust=trust)

    twin = verify(awarded_by(MANDATOR.identifier), trust=trust)
    assert twin.outcome is Outcome.PASSED
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, TRUSTED) == "undecided speaks-for-others"


# --- the mandator's own statement ---


@cache
def _seal_of(
    who: TestOrganisation, scalar: int, until: datetime | None = None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    plan = seal_plan(who, MADE)
    plan = replace(plan, not_after=until or plan.not_after)
    ca = school().pki.seal_ca
    return ca.issue(plan, key.public_key(), serial=next(_SERIALS)), key


def sealed_by(who: TestOrganisation, document: Json) -> bytes:
    if who is SCHOOL:
        return sealed(credential=document)
    certificate, key = _seal_of(who, int(who.identifier[-4:]))
    return sealed(header_of(certificate), credential=document, sign=es256(key))


def saying(
    mandator: TestOrganisation = MANDATOR,
    sealer: TestOrganisation = SCHOOL,
    **changes: Any,
) -> Json:
    """What a mandator says: this organisation may seal for us."""
    members = {
        "id": "urn:credential:7b1e9c0e-52f5-4d0c-8f4e-2f5f1f1f7a22",
        "issuer": stated(mandator),
        "credentialSubject": stated(sealer),
        "evidence": evidence(),
    }
    return edc(**{**members, **changes})


def verify_with(data: bytes, *statements: bytes, trust: Trust | None = None) -> Report:
    """As `Verifier.verify` does with sealed evidence, on the day `AT`."""
    run = Run(trust or school().trust, BUNDLED, at=AT, now=AT)
    return replace(run, statements=judged(run, statements)).file(data)


def test_the_mandators_own_sealed_statement_is_believed() -> None:
    statement = sealed_by(MANDATOR, saying())

    report = verify_with(by_mandate(), statement)

    assert_by_mandate(report)
    assert told(report)["confirmed_by"] == "statement"
    assert told(report)["mandator"]["names_proved"]
    assert_unconfirmed(verify_with(by_mandate()), "not-recorded")


@pytest.mark.parametrize(
    ("by", "document", "why"),
    [
        pytest.param(SCHOOL, saying(SCHOOL), "own-statement", id="the-sealers-own"),
        pytest.param(
            SCHOOL, saying(), "statement-refused", id="the-sealer-in-the-mandators-name"
        ),
        pytest.param(
            MANDATOR, saying(sealer=THIRD), "of-another", id="for-another-sealer"
        ),
        pytest.param(THIRD, saying(THIRD), "for-another", id="by-another-organisation"),
        pytest.param(
            MANDATOR,
            saying(credentialSubject={**stated(SCHOOL), "legalName": {"sl": "Druga"}}),
            "of-another",
            id="the-number-with-another-name",
        ),
        pytest.param(
            MANDATOR,
            saying(credentialSubject={**stated(THIRD), "legalName": {"sl": SL_NAME}}),
            "of-another",
            id="the-name-with-another-number",
        ),
        pytest.param(
            MANDATOR,
            {**saying(), "evidence": evidence("http://data.europa.eu/snb/other")},
            "statement-refused",
            id="no-mandate-at-all",
        ),
        pytest.param(
            MANDATOR,
            saying(credentialSubject=[stated(SCHOOL), stated(THIRD)]),
            "statement-refused",
            id="names-two",
        ),
        pytest.param(
            MANDATOR,
            saying(validUntil="2025-08-31T23:59:59Z"),
            "statement-refused",
            id="ended",
        ),
        pytest.param(
            MANDATOR,
            saying(validFrom="2025-09-02T00:00:00Z"),
            "statement-refused",
            id="not-begun",
        ),
    ],
)
def test_a_statement_that_says_anything_else_confirms_nothing(
    by: TestOrganisation, document: Json, why: str
) -> None:
    report = verify_with(by_mandate(), sealed_by(by, document))

    assert_by_mandate(verify_with(by_mandate(), sealed_by(MANDATOR, saying())))
    assert_unconfirmed(report, why)


def test_a_statement_changed_after_sealing_confirms_nothing() -> None:
    other = saying(sealer=THIRD)
    swapped = sealed_by(MANDATOR, other).replace(
        THIRD.identifier.encode(), SCHOOL.identifier.encode()
    )
    honest = sealed_by(MANDATOR, saying())

    assert_by_mandate(verify_with(by_mandate(), honest))
    assert_unconfirmed(verify_with(by_mandate(), swapped), "statement-refused")


def test_a_statement_whose_seal_nobody_vouches_for_confirms_nothing() -> None:
    statement = sealed_by(MANDATOR, saying())
    pinned_school = replace(school().trust, crls=())

    assert_by_mandate(verify_with(by_mandate(), statement))
    report = verify_with(by_mandate(), statement, trust=pinned_school)
    assert report.outcome is Outcome.INDETERMINATE
    assert told(report)["why"] == "statement-refused"


def test_that_the_file_existed_says_nothing_about_the_statement() -> None:
    """A statement sealed with a certificate that has ended may be of today."""
    certificate, key = _seal_of(MANDATOR, 4_444, until=AT - DAY)
    old = sealed(header_of(certificate), credential=saying(), sign=es256(key))
    run = Run(school().trust, BUNDLED, at=AT, now=AT, existed_by=AT - 2 * DAY)

    report = replace(run, statements=judged(run, [old])).file(by_mandate())

    assert run.file(old).outcome is Outcome.PASSED
    assert_unconfirmed(report, "statement-refused")


def test_a_mandate_is_not_passed_on() -> None:
    """THIRD may seal for the mandator; that lets nobody name further sealers."""
    trust = recording(Mandate(THIRD.identifier, MANDATOR.identifier))
    statement = sealed_by(THIRD, saying())

    report = verify_with(by_mandate(), statement, trust=trust)

    direct = verify_with(by_mandate(), sealed_by(MANDATOR, saying()), trust=trust)
    assert_by_mandate(direct)
    assert report.outcome is Outcome.INDETERMINATE
    assert told(report)["refused_statements"] == ["not-its-own-seal"]


def test_a_statement_can_be_a_conformant_edc() -> None:
    """The smallest EDC there is, about an organisation in the place of a person."""
    smallest = json.loads(shared_file("knowledge/edc-min.json").read_text())
    sealer = {**smallest["issuer"], "id": "urn:epass:org:2"}
    number = {**sealer["eIDASIdentifier"], "id": "urn:epass:legalIdentifier:2"}
    sealer["eIDASIdentifier"] = {**number, "notation": SCHOOL.identifier}
    sealer["legalName"] = {"sl": [SL_NAME]}
    kind = evidence()
    kind["dcType"]["inScheme"] = {
        "id": "http://data.europa.eu/snb/evidence-type/25831c2",
        "type": "ConceptScheme",
    }
    document = {**smallest, "credentialSubject": sealer, "evidence": kind}

    assert list(ELM.inspect(document)) == []


def test_a_statement_is_told_from_revocation_data() -> None:
    statement = sealed_by(MANDATOR, saying())

    assert is_sealed(statement)
    assert not is_sealed(b"")
    assert not is_sealed(encoded({"id": "did:web:a.example"}))
    assert not is_sealed(b"\x30\x82\x01\x00")
    with pytest.raises(ConfigError, match="evidence"):
        Verifier(trust=school().trust).verify(
            by_mandate(), evidence=[encoded(saying())]
        )


def test_evidence_and_statements_are_handed_over_together() -> None:
    """Through the front door, and so with seals of today."""
    root = world()
    data = _issued_by_mandate()

    report = Verifier(trust=root.trust).verify(data, evidence=[data])

    # The file itself is no statement: its subject is a learner.
    assert report.outcome is Outcome.INDETERMINATE
    assert told(report)["refused_statements"] == ["not-passed"]


# --- from a record to a verdict, and at the command line ---


def _record_with_mandate() -> CredentialRecord:
    """A record whose issuer is not the world's school, which seals for it."""
    value = record_dict()
    other = {
        **value["issuer"],
        "legal_name": {"sl": MANDATOR.name},
        "legal_identifier": {"value": MANDATOR.identifier, "country": "SI"},
    }
    for name in ("id", "registration", "alt_name", "vat", "tax", "accreditations"):
        other.pop(name, None)
    value["issuer"] = other
    value["awarding_bodies"] = [other]
    value["mandate"] = {
        "mandator": other,
        "statement": {"sl": "Žigosano po pooblastilu z dne 1. 9. 2026."},
    }
    return CredentialRecord.from_dict(value)


@cache
def _issued_by_mandate() -> bytes:
    return world().issue("edc-jades", _record_with_mandate()).data


def test_a_record_with_a_mandate_is_issued_verified_and_believed(
    tmp_path: Path,
) -> None:
    mandate = Mandate(WORLD_SCHOOL.identifier, MANDATOR.identifier)
    trust = world().trust
    data = _issued_by_mandate()

    add_mandate(tmp_path, mandate, test=True)
    unconfirmed = Verifier(trust=trust).verify(data)
    report = Verifier(
        trust=replace(trust, mandates=Trust.load(tmp_path).mandates)
    ).verify(data)

    assert_unconfirmed(unconfirmed, "not-recorded")
    assert_by_mandate(report)
    assert BY_MANDATE in json.dumps(report.content)


def test_a_statement_is_handed_over_at_the_command_line(tmp_path: Path) -> None:
    """Everything of today: keys, clock, trust folder, and the command itself."""
    now = datetime.now(UTC)
    ca = world().pki.seal_ca
    key = ec.generate_private_key(ec.SECP256R1())
    seal = ca.issue(seal_plan(MANDATOR, now), key.public_key(), serial=next(_SERIALS))
    identity = X509Identity(seal, (ca.certificate,))
    header = jades_headers.write(identity, "ES256", at=now, layout=None)

    def handed_over(document: Json) -> tuple[int, str]:
        statement = sealed(header, credential=document, sign=es256(key))
        (tmp_path / "izjava č.jsonld").write_bytes(statement)
        words = ["verify", "diploma.jsonld", "--trust", str(world().trust_folder)]
        words += ["--evidence", "izjava č.jsonld", "--allow-test", "--lang", "en"]
        result = CliRunner().invoke(app, words)
        return result.exit_code, result.stdout

    with chdir(tmp_path):
        Path("diploma.jsonld").write_bytes(_issued_by_mandate())
        code, out = handed_over(saying(sealer=WORLD_SCHOOL))
        other, why = handed_over(saying(sealer=THIRD))

    assert code == 0
    assert Messages("en").text("mandate.by.statement") in out
    assert other == 3
    assert Messages("en").text("mandate.why.of-another") in why


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trust", *arguments])
    return result.exit_code, result.output


def test_a_mandate_is_recorded_at_the_command_line(tmp_path: Path) -> None:
    folder = str(tmp_path / "zaupanje č")
    options = ["--trust", folder, "--test", "--yes"]
    both = ["--sealer", SCHOOL.identifier, "--for", MANDATOR.identifier]

    code, out = _run("add-mandate", *both, *options, "--json")
    again, _ = _run("add-mandate", *both, "--until", "2027-12-31", *options)

    assert (code, again) == (0, 0)
    assert json.loads(out)["files"] == [str(Path(folder) / "mandates.json")]
    trust = Trust.load(Path(folder))
    end = datetime(2028, 1, 1, tzinfo=UTC)
    assert trust.mandates == (replace(recorded(), until=end),)
    assert trust.test
    shown = _run("show", "--trust", folder)[1]
    assert f"{SCHOOL.identifier} for {MANDATOR.identifier}" in shown
    assert "2027-12-31" in shown


@pytest.mark.parametrize(
    ("sealer", "mandator", "more"),
    [
        pytest.param("1234567", MANDATOR.identifier, [], id="no-type"),
        pytest.param(SCHOOL.identifier, "Univerza", [], id="a-name"),
        pytest.param(SCHOOL.identifier, "ntr si-1", [], id="no-number"),
        pytest.param(SCHOOL.identifier, SCHOOL.identifier, [], id="for-itself"),
        pytest.param(
            SCHOOL.identifier, MANDATOR.identifier, ["--until", "soon"], id="no-date"
        ),
        pytest.param(
            SCHOOL.identifier,
            MANDATOR.identifier,
            ["--until", "2027-01-01T00:00:00"],
            id="no-zone",
        ),
    ],
)
def test_what_can_be_no_mandate_is_refused(
    sealer: str, mandator: str, more: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "trust"
    options = ["--trust", str(folder), "--yes", *more]

    code, _ = _run("add-mandate", "--sealer", sealer, "--for", mandator, *options)

    assert code != 0
    assert not folder.exists()


def test_nothing_is_recorded_without_a_yes(tmp_path: Path) -> None:
    both = ["--sealer", SCHOOL.identifier, "--for", MANDATOR.identifier]

    code, _ = _run("add-mandate", *both, "--trust", str(tmp_path))

    assert code == 2
    assert list(tmp_path.iterdir()) == []


def test_test_mandates_and_real_ones_never_mix(tmp_path: Path) -> None:
    mandate = Mandate(SCHOOL.identifier, MANDATOR.identifier)
    add_mandate(tmp_path / "real", mandate)
    add_issuer(tmp_path / "test", TrustedIssuer("NTRSI-1", ("Č",), test=True))

    with pytest.raises(ConfigError):
        add_mandate(tmp_path / "real", mandate, test=True)
    with pytest.raises(ConfigError):
        add_mandate(tmp_path / "test", mandate)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_not_to_believe_a_mandate_has_its_sentence(language: str) -> None:
    messages = Messages(language)

    said = {messages.text(f"mandate.why.{why}") for why in WHY}

    assert len(said) == len(WHY)
    assert not any(sentence.startswith("[") for sentence in said)
