"""What a record says in the words of a framework is said in both models, and no more.

One record is changed in one field, built as a European Digital Credential and as a
badge, and both are asked what they say. docs/frameworks.md is the table of it.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from typer.testing import CliRunner

from conftest import ROOT, shared_file
from edc_issuer import vocab
from edc_issuer.cli import app
from edc_issuer.models.base import BuildContext, Built, Media, Model
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import (
    Address,
    Assessment,
    CredentialRecord,
    Credit,
    Hko,
    Level,
    Nqf,
    Organisation,
    Quality,
    QualityMeasure,
    Volume,
)
from edc_issuer.rules.level import eqf_of
from edc_issuer.rules.table import data as rules_data
from world import issued, record, world

AT = datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC)
PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
SNB = "http://data.europa.eu/snb"
LEVELS = ("referenced", "recommended", "register", "where_possible", "where_needed")
AGENCY = Organisation(
    id="https://credentials.example.org/org/agencija",
    legal_name={"sl": "Agencija za kakovost Čuvaj", "sr-Cyrl": "Агенција"},
    address=Address(country="SI"),
)


def base(name: str = "mcvet_3d_si", **programme: Any) -> CredentialRecord:
    """A record of the fixtures with other values in its programme."""
    found = record(name)
    return replace(found, programme=replace(found.programme, **programme))


def build(model: Model, of: CredentialRecord) -> Built:
    assert list(model.check(of)) == []
    return model.build(
        of,
        BuildContext(
            at=AT,
            credential_id="urn:uuid:0f1e2d3c-0000-4000-8000-000000000000",
            pictures=dict.fromkeys(of.languages, (PAGE,)),
            files={
                item.path: Media(item.media_type, b"%PDF-1.7")
                for item in of.attachments
                if item.path
            },
        ),
    )


def edc(of: CredentialRecord) -> dict[str, Any]:
    return build(ELM, of).credential


def badge(of: CredentialRecord) -> dict[str, Any]:
    return build(OB3, of).credential


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def typed(credential: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Different nodes of a type."""
    found = {
        json.dumps(n, sort_keys=True): n
        for n in nodes(credential)
        if n.get("type") == kind
    }
    return list(found.values())


def notes(credential: dict[str, Any], subject: str) -> list[dict[str, str]]:
    """The texts of all notes about something, each once."""
    return [
        n["noteLiteral"]
        for n in typed(credential, "Note")
        if n.get("subject", {}).get("id") == subject
    ]


def said(credential: dict[str, Any], name: str) -> set[str]:
    """Ids of the concepts under a property, wherever it stands."""
    held = (n[name] for n in nodes(credential) if name in n)
    found = (c for v in held for c in (v if isinstance(v, list) else [v]))
    return {concept["id"] for concept in found}


def aligned(credential: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    alignments = credential["credentialSubject"]["achievement"]["alignment"]
    return [item for item in alignments if item["targetType"] == f"ext:{kind}"]


# --- ECTS, ECVET and national credits -----------------------------------------------


def test_each_credit_keeps_its_own_system() -> None:
    both = base(credits=(Credit("ECTS", "3"), Credit("ECVET", "12.5")))

    credit_points = {
        (node["framework"]["id"], node["point"])
        for node in typed(edc(both), "CreditPoint")
    }
    alignments = {
        (item["targetUrl"], item["targetCode"])
        for item in aligned(badge(both), "CreditPoint")
    }

    assert credit_points == alignments
    assert credit_points == {
        (f"{SNB}/education-credit/6fcec5c5af", "3"),
        (f"{SNB}/education-credit/60b314e826", "12.5"),
    }


@pytest.mark.parametrize("system", ["ECVET", "CSVET", "HROO", "CSPK", "KT_SI"])
def test_points_of_another_system_are_never_read_as_ects(system: str) -> None:
    earned = badge(base(credits=(Credit(system, "4"),)))["credentialSubject"]

    assert "creditsEarned" not in earned
    assert "creditsAvailable" not in earned["achievement"]


def test_ects_alone_are_a_number_of_credits() -> None:
    earned = badge(base(credits=(Credit("ECTS", "4"),)))["credentialSubject"]

    assert earned["creditsEarned"] == earned["achievement"]["creditsAvailable"] == 4


@pytest.mark.parametrize("system", ["ECTS", "ECVET"])
def test_indicative_credits_stay_indicative_in_both_models(system: str) -> None:
    indicative = base(credits=(Credit(system, "0.5", indicative=True),))

    european, open_badge = edc(indicative), badge(indicative)

    assert typed(european, "CreditPoint") == []
    assert [text["sl"] for text in notes(european, "urn:x-mc:indicative-credit")]
    assert aligned(open_badge, "CreditPoint") == []
    assert "creditsEarned" not in open_badge["credentialSubject"]
    assert [
        (item["targetFramework"], item["targetCode"])
        for item in aligned(open_badge, "IndicativeCredit")
    ] == [(f"{system} (indicative)", "0.5")]


@pytest.mark.parametrize("model", [ELM, OB3], ids=["edc", "badge"])
def test_a_participation_earns_no_credits(model: Model) -> None:
    rewarded = base("microquest_participation", credits=(Credit("ECTS", "1"),))

    built = build(model, rewarded)

    assert typed(built.credential, "CreditPoint") == []
    assert "creditsEarned" not in built.credential["credentialSubject"]
    assert "programme.credits.points" in {row.path for row in built.mapping.losses}


def took_part(said_by: str) -> CredentialRecord:
    """A course that its record calls a participation in one of three ways."""
    course = base(credits=(Credit("ECTS", "1"),))
    if said_by == "credential_kind":
        return replace(course, credential_kind="participation")
    if said_by == "programme.kind":
        return base(credits=(Credit("ECTS", "1"),), kind="participation")
    award = replace(course.award, validation_basis="participation")
    return replace(course, award=award)


@pytest.mark.parametrize(
    "said_by", ["credential_kind", "programme.kind", "award.validation_basis"]
)
def test_who_took_part_has_neither_outcomes_nor_credits(said_by: str) -> None:
    european, open_badge = edc(took_part(said_by)), badge(took_part(said_by))

    assert european["credentialSubject"]["hasClaim"]["type"] == "LearningActivity"
    assert typed(european, "LearningOutcome") == typed(european, "CreditPoint") == []
    assert aligned(open_badge, "LearningOutcome") == []
    assert aligned(open_badge, "CreditPoint") == []


def test_who_took_a_course_has_outcomes_and_credits() -> None:
    course = base(credits=(Credit("ECTS", "1"),))

    assert typed(edc(course), "LearningOutcome")
    assert typed(edc(course), "CreditPoint")
    assert aligned(badge(course), "LearningOutcome")
    assert aligned(badge(course), "CreditPoint")


# --- levels -------------------------------------------------------------------------


@pytest.mark.parametrize("basis", LEVELS)
def test_a_level_says_on_what_it_rests_in_both_models(basis: Any) -> None:
    level = base(level=Level(basis=basis, eqf=4))

    european, open_badge = edc(level), badge(level)

    tail = "" if basis == "recommended" else f":{basis}"
    assert len(notes(european, f"urn:x-mc:level-basis{tail}")) == 1
    (alignment,) = aligned(open_badge, "EQFLevel")
    assert alignment["targetDescription"].startswith(f"basis: {basis}")


@pytest.mark.parametrize(
    "standard", [None, "SK-1"], ids=["no-qualification", "qualification"]
)
def test_a_recommended_level_is_never_a_bare_level(standard: str | None) -> None:
    level = Level(basis="recommended", eqf=4, nqf=Nqf("HR", "4.1"))

    european = edc(base(level=level, hko=Hko(qualification_standard_code=standard)))

    assert said(european, "eqfLevel") == said(european, "nqfLevel") == set()
    assert len(notes(european, "urn:x-mc:annex1:level")) == 2


def test_a_level_of_a_register_is_a_bare_level() -> None:
    level = Level(basis="register", eqf=4, nqf=Nqf("HR", "4.1"))

    european = edc(base(level=level))

    assert said(european, "eqfLevel") == {f"{SNB}/eqf/4"}
    assert said(european, "nqfLevel") == {f"{SNB}/qdr/c_486071a1"}


@pytest.mark.parametrize("cycle", ["short", "first", "second", "third"])
def test_a_cycle_of_the_qf_ehea_is_told_in_both_models(cycle: Any) -> None:
    level = base(level=Level(basis="referenced", eqf=6, ehea_cycle=cycle))

    assert notes(edc(level), "urn:x-mc:ehea-cycle") == [{"sl": cycle, "en": cycle}]
    (alignment,) = aligned(badge(level), "EHEACycle")
    assert alignment["targetCode"] == cycle


def frameworks() -> list[tuple[str, str, str]]:
    """Every level of the five frameworks, as the domain pack has it."""
    path = shared_file("domain/vocabularies.json")
    lists = json.loads(path.read_text("utf-8"))["nqf"]["frameworks"]
    return [
        (country, entry["level"], entry["uri"])
        for country, framework in lists.items()
        for entry in framework["levels"]
    ]


def test_each_level_of_the_region_has_its_own_concept() -> None:
    levels = frameworks()

    found = [vocab.concept("nqf", f"{c}/{level}").uri for c, level, _ in levels]

    assert found == [uri for *_, uri in levels]
    assert len(set(found)) == len(levels) == 52


@pytest.mark.parametrize(
    ("framework", "level", "uri", "home"),
    [
        ("SI", "5", "c_5a909eaa", "SOK"),
        ("HR", "4.2", "c_49672c5a", "HKO"),
        ("RS", "6.1", "c_6bfeff7a", "NOKS"),
        ("ME", "7.2", "c_193238e8", "NOK"),
        ("BA", "4", "c_f89fc721", "KO"),
    ],
    ids=["SOK", "HKO", "NOKS", "ME", "BA"],
)
def test_a_national_level_is_its_concept_in_both_models(
    framework: Any, level: str, uri: str, home: str
) -> None:
    national = base(level=Level(basis="register", nqf=Nqf(framework, level)))

    european, open_badge = edc(national), badge(national)

    (alignment,) = aligned(open_badge, "NQFLevel")
    assert said(european, "nqfLevel") == {f"{SNB}/qdr/{uri}"}
    assert (alignment["targetUrl"], alignment["targetCode"]) == (
        f"{SNB}/qdr/{uri}",
        level,
    )
    assert home in alignment["targetName"]


@pytest.mark.parametrize(
    ("framework", "level"),
    [("HR", "4"), ("HR", "7"), ("SI", "11"), ("BA", "9"), ("RS", "9"), ("ME", "1")],
)
def test_a_level_that_a_framework_does_not_have_is_refused(
    framework: Any, level: str
) -> None:
    wrong = base(level=Level(basis="register", nqf=Nqf(framework, level)))

    for model in (ELM, OB3):
        (problem,) = model.check(wrong)
        assert problem.code == "unknown-concept"


@pytest.mark.parametrize("framework", ["SI", "HR", "RS", "ME", "BA"])
def test_no_european_level_is_made_of_a_national_one(framework: Any) -> None:
    level = "4.1" if framework in ("HR", "ME") else "4"
    national = base(level=Level(basis="register", nqf=Nqf(framework, level)))

    assert said(edc(national), "eqfLevel") == set()
    assert aligned(badge(national), "EQFLevel") == []


# --- the register of Croatia --------------------------------------------------------

HKO = Hko(
    outcome_set_code="SIU-0001",
    qualification_standard_code="SK-0042",
    outcome_set_title={"sl": "Priprava 3D-tiska", "en": "3D printing"},
    level="4.1",
    volume=Volume("CSVET", "3"),
    access_conditions={"sl": "Raven 1", "en": "Level 1"},
    conditions_acquisition={"sl": "Delavnica", "en": "Workshop"},
    conditions_assessment={"sl": "Dva člana", "en": "Two members"},
    assessment_procedure={"sl": "Izdelava kosa", "en": "Making a part"},
)
HKO_LEVEL = Level(basis="register", eqf=4, nqf=Nqf("HR", "4.1"))


def test_codes_of_the_register_of_croatia_stand_in_an_edc() -> None:
    european = edc(base(hko=HKO, level=HKO_LEVEL, credits=(Credit("CSVET", "3"),)))

    numbers = {(n["schemeName"], n["notation"]) for n in typed(european, "Identifier")}
    assert {("outcome set", "SIU-0001"), ("qualification standard", "SK-0042")} <= (
        numbers
    )
    assert notes(european, "urn:x-hko:outcome_set_title") == [HKO.outcome_set_title]
    assert notes(european, "urn:x-hko:assessment_procedure") == [
        HKO.assessment_procedure
    ]


def test_a_unit_of_outcomes_of_the_register_stands_in_a_badge() -> None:
    open_badge = badge(base(hko=HKO, level=HKO_LEVEL))

    (unit,) = aligned(open_badge, "HkoOutcomeSet")
    (standard,) = aligned(open_badge, "HkoQualificationStandard")
    texts = aligned(open_badge, "HkoText")

    assert (unit["targetCode"], unit["targetName"], unit["targetDescription"]) == (
        "SIU-0001",
        "Priprava 3D-tiska",
        "level: 4.1; volume: CSVET 3",
    )
    assert standard["targetCode"] == "SK-0042"
    assert {item["targetCode"]: item["targetName"] for item in texts} == {
        "access_conditions": "Raven 1",
        "conditions_acquisition": "Delavnica",
        "conditions_assessment": "Dva člana",
        "assessment_procedure": "Izdelava kosa",
    }
    assert list(OB3.inspect(open_badge)) == []


def test_a_badge_without_a_register_says_nothing_of_it() -> None:
    open_badge = badge(base())

    kinds = {
        a["targetType"]
        for a in open_badge["credentialSubject"]["achievement"]["alignment"]
    }
    assert not any("Hko" in kind for kind in kinds)


def test_credits_of_croatia_have_concepts_of_our_own_outside_of_the_eu_list() -> None:
    (point,) = typed(edc(base(credits=(Credit("CSVET", "3"),))), "CreditPoint")

    assert point["framework"]["id"] == "urn:x-hko:credit:CSVET"
    assert "inScheme" not in point["framework"]


def test_a_badge_of_montenegro_names_who_adopted_the_programme_and_when() -> None:
    found = record("mcvet_3d_me")
    adoption = found.programme.adoption
    assert adoption is not None
    assert adoption.date is not None

    (alignment,) = aligned(badge(found), "Adoption")

    assert alignment["targetName"] == adoption.body.legal_name["cnr"]
    assert alignment["targetCode"] == adoption.date.isoformat()


def test_a_badge_of_the_canton_tells_how_the_programme_is_evaluated() -> None:
    found = record("mcvet_3d_ba_hnk")
    evaluation = found.programme.programme_evaluation
    assert evaluation is not None

    (alignment,) = aligned(badge(found), "ProgrammeEvaluation")

    assert alignment["targetName"] == evaluation.method["bs"]


@pytest.mark.parametrize("level", [None, Level("referenced", 4)])
def test_why_there_is_no_level_is_told_only_where_there_is_none(
    level: Level | None,
) -> None:
    reason = {"sl": "Umestitev v SOK še ni določena.", "en": "Not placed yet."}
    found = base(level=level, level_absent_reason=reason)

    european = notes(edc(found), "urn:x-mc:level-absent")
    open_badge = [item["targetName"] for item in aligned(badge(found), "LevelAbsent")]

    assert european == ([reason] if level is None else [])
    assert open_badge == ([reason["sl"]] if level is None else [])


# --- quality assurance --------------------------------------------------------------


@pytest.mark.parametrize("framework", ["EQAVET", "ESG", "EQF-ANNEX-IV"])
def test_the_framework_of_quality_assurance_is_told_in_both_models(
    framework: Any,
) -> None:
    measure = QualityMeasure(
        scope="external",
        kind="programme_review",
        framework=framework,
        body=AGENCY,
        text={"sl": "Pregled vsako leto", "en": "A review every year"},
    )
    assured = base(quality_assurance=Quality(types=(measure,)))

    subject = f"urn:x-mc:quality-measure:external:programme_review:{framework}"
    (words,) = notes(edc(assured), subject)
    (alignment,) = aligned(badge(assured), "QualityAssurance")

    named = "Annex IV" if framework == "EQF-ANNEX-IV" else framework
    assert named in words["sl"]
    assert words["sl"].startswith("Zunanje zagotavljanje kakovosti")
    assert words["sl"].endswith("Agencija za kakovost Čuvaj")
    assert alignment["targetDescription"] == f"{framework}; Agencija za kakovost Čuvaj"
    assert alignment["targetFramework"] == "Quality assurance (external)"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("internal", "Notranje zagotavljanje kakovosti"),
        ("external", "Zunanje zagotavljanje kakovosti"),
    ],
)
def test_monitoring_is_words_and_never_an_accreditation(scope: Any, words: str) -> None:
    measure = QualityMeasure(scope=scope, kind="coordinator monitoring")
    european = edc(base(quality_assurance=Quality(types=(measure,))))

    subject = f"urn:x-mc:quality-measure:{scope}:coordinator%20monitoring"
    assert [text["sl"] for text in notes(european, subject)] == [words]
    assert typed(european, "Accreditation") == []


def test_only_a_decision_of_a_named_body_is_an_accreditation() -> None:
    measure = QualityMeasure(
        scope="external",
        kind="provider_approval",
        framework="EQAVET",
        body=AGENCY,
        accreditation_type="institutional_license",
        text={"sl": "Dovoljenje", "en": "Licence"},
    )
    european = edc(base(quality_assurance=Quality(types=(measure,))))

    (accreditation,) = typed(european, "Accreditation")
    assert accreditation["accreditingAgent"]["id"] == AGENCY.id
    assert accreditation["dcType"]["id"] == f"{SNB}/accreditation/003293d2ce"


def test_a_deqar_number_identifies_the_provider_in_both_models() -> None:
    found = base()
    numbered = replace(found.issuer, deqar_id="DEQARINST0001")
    known = replace(found, issuer=numbered, awarding_bodies=(numbered,))

    european, open_badge = edc(known), badge(known)

    assert european["issuer"]["identifier"]["schemeName"] == "DEQARINST"
    assert european["issuer"]["identifier"]["notation"] == "DEQARINST0001"
    assert {
        "type": "IdentifierEntry",
        "identifierType": "ext:deqar",
        "identifier": "DEQARINST0001",
    } in open_badge["issuer"]["otherIdentifier"]


@pytest.mark.parametrize(
    ("formal", "status", "words"),
    [
        (True, "formal", "Izdajatelj navaja, da je to izvajalec"),
        (False, "not_formal", "Izdajatelj navaja, da to ni izvajalec"),
    ],
)
def test_a_formal_provider_is_told_in_both_models(
    formal: bool, status: str, words: str
) -> None:
    found = base()
    issuer = replace(found.issuer, formal_provider=formal)
    provided = replace(found, issuer=issuer, awarding_bodies=(issuer,))

    (text,) = notes(edc(provided), f"urn:x-mc:provider-status:{status}")
    (alignment,) = aligned(badge(provided), "ProviderStatus")

    assert text["sl"].startswith(words)
    assert alignment["targetCode"] == status
    assert alignment["targetUrl"] == badge(provided)["issuer"]["id"]


def test_of_a_provider_that_says_nothing_nothing_is_said() -> None:
    found = base(quality_assurance=None)
    issuer = replace(found.issuer, formal_provider=None)
    silent = replace(found, issuer=issuer, awarding_bodies=(issuer,))

    assert "provider-status" not in json.dumps(edc(silent))
    assert aligned(badge(silent), "ProviderStatus") == []


def test_a_credit_of_any_system_comes_with_points_hours_and_outcomes() -> None:
    """EQF Recommendation, Annex V: units, points and what they stand for."""
    found = base(credits=(Credit("ECVET", "2"),))

    european, open_badge = edc(found), badge(found)

    spec = european["credentialSubject"]["hasClaim"]["specifiedBy"]
    assert {"volumeOfLearning", "learningOutcome", "creditPoint"} <= spec.keys()
    assert aligned(open_badge, "VolumeOfLearning")
    assert aligned(open_badge, "LearningOutcome")


# --- skills -------------------------------------------------------------------------

SKILL = "http://data.europa.eu/esco/skill/5b8f7f0e-1c1c-4f0e-8f43-0a52b8a6c1de"


def with_skill(uri: str) -> CredentialRecord:
    found = base()
    first, *others = found.programme.outcomes
    outcomes = (replace(first, esco=(uri,)), *others)
    return replace(found, programme=replace(found.programme, outcomes=outcomes))


def test_an_esco_skill_stands_in_both_models() -> None:
    european, open_badge = edc(with_skill(SKILL)), badge(with_skill(SKILL))

    assert said(european, "relatedESCOSkill") == {SKILL}
    assert [a["targetUrl"] for a in aligned(open_badge, "ESCOSkill")] == [SKILL]


@pytest.mark.parametrize(
    "uri",
    [
        "http://data.europa.eu/esco/occupation/8d3e8aaa",
        "https://esco.example/skill/1",
        "http://data.europa.eu/esco/skill/",
        "http://data.europa.eu/esco/skill/1\n",
        "3D printing",
    ],
)
@pytest.mark.parametrize("model", [ELM, OB3], ids=["edc", "badge"])
def test_what_is_no_esco_skill_is_never_called_one(model: Model, uri: str) -> None:
    (problem,) = model.check(with_skill(uri))

    assert (problem.path, problem.code) == (
        "programme.outcomes[0].esco",
        "esco.not-a-skill",
    )


# --- validation, supervision --------------------------------------------------------


@pytest.mark.parametrize(
    "basis",
    [
        "validation_of_non_formal",
        "validation_of_informal",
        "validation_of_prior_learning",
    ],
)
def test_validated_learning_says_so_in_both_models(basis: Any) -> None:
    found = record("hko_validation_prior_learning")
    validated = replace(found, award=replace(found.award, validation_basis=basis))

    european, open_badge = edc(validated), badge(validated)

    assert notes(european, f"urn:x-mc:validation-basis:{basis}")
    claim = european["credentialSubject"]["hasClaim"]
    assert "provenBy" in claim
    assert "influencedBy" not in claim
    (alignment,) = aligned(open_badge, "Validation")
    assert alignment["targetCode"] == basis


def test_a_course_is_not_called_a_validation() -> None:
    assert not any(
        "validation-basis" in n["subject"]["id"]
        for n in typed(edc(base()), "Note")
        if "subject" in n
    )
    assert aligned(badge(base()), "Validation") == []


@pytest.mark.parametrize(
    ("code", "concept", "note"),
    [
        ("unsupervised_no_id", "c598449d64", None),
        ("unsupervised_id", "df2880c5cb", None),
        ("supervised_no_id", "44314532f9", None),
        ("supervised_online_id", "70be69aaf9", "na daljavo"),
        ("supervised_onsite_id", "70be69aaf9", "na kraju samem"),
    ],
)
def test_supervision_and_identity_check_are_told_in_both_models(
    code: Any, concept: str, note: str | None
) -> None:
    found = base()
    planned = found.programme.assessment
    assert isinstance(planned, Assessment)
    supervised = base(assessment=replace(planned, supervision=code))

    european, open_badge = edc(supervised), badge(supervised)

    uri = f"{SNB}/supervision-verification/{concept}"
    assert said(european, "idVerification") == {uri}
    words = [text["sl"] for text in notes(european, f"urn:x-mc:supervision:{code}")]
    assert len(words) == (1 if note else 0)
    assert (note or "") in "".join(words)
    (alignment,) = aligned(open_badge, "Supervision")
    assert alignment["targetUrl"] == uri
    assert alignment.get("targetDescription") == (f"form: {code}" if note else None)


def test_what_it_counts_towards_is_told_and_promises_nothing() -> None:
    found = record("mcvet_3d_me")
    assert found.programme.stacking
    (place,) = found.programme.stacking.recognised_in

    european, open_badge = edc(found), badge(found)

    (entitlement,) = typed(european, "LearningEntitlementSpecification")
    assert entitlement["identifier"]["notation"] == place.code
    status = entitlement["entitlementStatus"]["id"]
    assert status == vocab.concept("entitlement_status", "prospective").uri
    (alignment,) = aligned(open_badge, "RecognisedIn")
    assert alignment["targetCode"] == place.code


# --- the judges ---------------------------------------------------------------------


def everything() -> CredentialRecord:
    """A record in which all of the frameworks above are named at once."""
    measures = (
        QualityMeasure("external", "review", "ESG", body=AGENCY),
        QualityMeasure("external", "review", "EQAVET"),
        QualityMeasure("internal", "peer_feedback", "EQF-ANNEX-IV"),
        QualityMeasure("internal", 'učenci: "odziv"', "other"),
    )
    level = Level("where_possible", 4, Nqf("BA", "4"), ehea_cycle="short")
    return replace(
        with_skill(SKILL),
        programme=replace(
            with_skill(SKILL).programme,
            hko=replace(HKO, qualification_standard_code=None),
            level=level,
            credits=(Credit("ECTS", "1"), Credit("ECVET", "2", indicative=True)),
            quality_assurance=Quality(types=measures),
        ),
    )


@pytest.mark.parametrize("version", ["3.2", "3.1"])
def test_the_official_shapes_accept_all_frameworks_at_once(version: str) -> None:
    from shacl_judge import violations

    assert violations(edc(everything()), version=version) == set()


@pytest.mark.parametrize("model", [ELM, OB3], ids=["edc", "badge"])
def test_our_own_rules_accept_all_frameworks_at_once(model: Model) -> None:
    assert list(model.inspect(build(model, everything()).credential)) == []


# --- docs/frameworks.md ---------------------------------------------------------------

DOC = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
SOURCES = "".join(
    path.read_text("utf-8")
    for model in ("elm", "ob3")
    for path in sorted((ROOT / "src" / "edc_issuer" / "models" / model).glob("*.py"))
)


def table(title: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    text = DOC.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line[1:-1].split(" | ")] for line in lines[1:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def members(path: str) -> bool:
    """Whether a dotted path leads through the classes of a record."""
    kind: Any = CredentialRecord
    for name in path.split("."):
        hints = get_type_hints(kind)
        if name not in hints:
            return False
        kind = class_in(hints[name]) or object
    return True


def class_in(hint: Any) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next(filter(None, map(class_in, get_args(hint))), None)


WHERE = table("Where each stands")


@pytest.mark.parametrize("row", WHERE, ids=[row[0] for row in WHERE])
def test_each_place_that_the_page_names_exists(row: list[str]) -> None:
    _, fields, european, open_badge, source = row
    context = json.loads((ROOT / "contexts" / "edc-ap-3.2.jsonld").read_text("utf-8"))
    terms = context["@context"].keys()

    assert [path for path in named(fields) if not members(path)] == []
    for name in named(european):
        found = f'"{name}' in SOURCES if name.startswith("urn:x-mc") else name in terms
        assert found or name.startswith("urn:x-hko:"), name
    for name in named(open_badge):
        kind = name.removeprefix("ext:")
        assert f'"{kind}"' in SOURCES or f'"{name}"' in SOURCES, name
    assert source


def test_the_page_knows_every_kind_of_alignment_that_badges_have() -> None:
    kinds = set(re.findall(r'kind="([A-Z]\w+)"', SOURCES))

    told = {name for row in WHERE for name in named(row[3])}

    # Of stacking, entry and who awards besides, the page on mapping tells.
    elsewhere = {"ParticipationForm", "Stackability", "EntryRequirement"}
    assert kinds - {name.removeprefix("ext:") for name in told} <= elsewhere


def test_the_frameworks_of_the_page_have_the_levels_that_the_list_has() -> None:
    concepts = vocab.lists()["nqf"].concepts
    equivalents = rules_data()["nqf_to_eqf"]

    for name, country, count, source in table("National frameworks"):
        levels = [code for code in concepts if code.startswith(f"{country}/")]
        assert len(levels) == int(count), name
        known = equivalents[country]["source"]
        assert source.startswith(known) if known else "nothing follows" in source


def test_an_equivalent_is_known_only_for_slovenia() -> None:
    assert eqf_of(Nqf("SI", "5")) == eqf_of(Nqf("SI", "4")) == 4
    assert eqf_of(Nqf("SI", "9")) == eqf_of(Nqf("SI", "10")) == 8
    assert eqf_of(Nqf("HR", "4.1")) is None


@pytest.mark.parametrize(
    "line", re.findall(r"^edc-issuer .+$", DOC, re.M), ids=lambda line: line[:40]
)
def test_each_command_of_the_page_runs(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo").symlink_to(world().folder)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    (tmp_path / "diploma.jsonld").write_bytes(issued("edc-jades").data)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, shlex.split(line)[1:])

    assert done.exit_code == 0, done.output
    assert done.stdout
