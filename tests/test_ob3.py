"""A record as an Open Badge 3.0: what it says, and what it cannot say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from pyld import jsonld

from conftest import ROOT, shared_file
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.models import MODELS, recognise
from edc_issuer.models.base import BuildContext, Built
from edc_issuer.models.issuer import Organisations, issuer_of
from edc_issuer.models.ob3 import OB3
from edc_issuer.models.ob3.kind import OB3_CONTEXT
from edc_issuer.models.tree import nodes
from edc_issuer.models.vcdm import V2
from edc_issuer.record import (
    Accreditation,
    CredentialRecord,
    Credit,
    Evidence,
    Outcome,
)

Node = dict[str, Any]
RECORDS = sorted(
    path.stem
    for path in (ROOT / "fixtures/records").glob("*.json")
    if not path.stem.startswith("neg_")
)
ID = "urn:uuid:9f8d0a36-2b1c-5c1e-9a70-0c2a6c1c7f11"
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
AT = datetime(2025, 11, 20, 9, tzinfo=UTC)


@cache
def record(name: str = "scouts4green_ecological") -> CredentialRecord:
    path = ROOT / f"fixtures/records/{name}.json"
    return CredentialRecord.from_json(path.read_bytes())


def build(source: CredentialRecord, **context: Any) -> Built:
    return OB3.build(source, BuildContext(at=AT, credential_id=ID, **context))


def badge(source: CredentialRecord | None = None, **context: Any) -> Node:
    return build(source or record(), **context).credential


def achievement(credential: Node) -> Node:
    found: Node = credential["credentialSubject"]["achievement"]
    return found


def aligned(credential: Node, kind: str) -> list[Node]:
    return [
        item
        for item in achievement(credential)["alignment"]
        if item["targetType"] == f"ext:{kind}"
    ]


def programme(**changes: Any) -> CredentialRecord:
    return replace(record(), programme=replace(record().programme, **changes))


def award(**changes: Any) -> CredentialRecord:
    return replace(record(), award=replace(record().award, **changes))


def losses(source: CredentialRecord, **context: Any) -> dict[str, str]:
    return {row.path: row.why for row in build(source, **context).mapping.losses}


@cache
def schema_check() -> Any:
    from jsonschema import Draft201909Validator

    name = "ob_v3p0_achievementcredential_schema.json"
    path = shared_file(f"standards/open-badges-3.0/{name}")
    return Draft201909Validator(json.loads(path.read_text("utf-8")))


def load_context(url: str, options: object) -> Node:
    from edc_issuer.documents import BUNDLED

    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": BUNDLED.get(url),
    }


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("issuer_id", [None, DID])
def test_every_badge_follows_the_published_schema(name: str, issuer_id: str) -> None:
    credential = badge(record(name), issuer_id=issuer_id)

    faults = [error.message for error in schema_check().iter_errors(credential)]

    assert faults == []


@pytest.mark.parametrize("name", RECORDS)
def test_every_badge_passes_our_own_inspection(name: str) -> None:
    assert list(OB3.inspect(badge(record(name), issuer_id=DID))) == []


@pytest.mark.parametrize("name", RECORDS)
def test_no_term_of_a_badge_is_dropped_when_it_becomes_a_graph(name: str) -> None:
    options = {
        "documentLoader": load_context,
        "base": "https://relative.invalid/",
        "expandContext": {"@context": {"@vocab": "urn:x-undefined:"}},
    }

    expanded = json.dumps(jsonld.expand(badge(record(name)), options))

    assert (
        re.findall(r"urn:x-undefined:\w+|https://relative\.invalid/\w*", expanded) == []
    )


@pytest.mark.parametrize("name", RECORDS)
def test_a_badge_holds_no_null_no_empty_list_and_no_inline_context(name: str) -> None:
    credential = badge(record(name))

    empty = [
        f"{path}/{key}"
        for path, node in nodes(credential)
        for key, value in node.items()
        if value in (None, [], {}, "")
    ]

    assert empty == []
    assert credential["@context"] == [V2, OB3_CONTEXT]
    assert "elm:" not in json.dumps(credential)


@pytest.mark.parametrize("name", RECORDS)
def test_no_id_names_two_different_nodes(name: str) -> None:
    seen: dict[str, Mapping[str, Any]] = {}

    clashes = [
        node["id"]
        for _, node in nodes(badge(record(name), issuer_id=DID))
        if "id" in node
        and set(node) - {"id", "type"}
        and seen.setdefault(node["id"], node) != node
    ]

    assert clashes == []


# What the worked example may say otherwise: it takes the titles of parts from other
# records, and calls the framework of Montenegro by two abbreviations.
NAMED_OTHERWISE = frozenset({"ext:StackPart", "ext:NQFLevel"})


def facts(credential: Node) -> Iterator[tuple[str, ...]]:
    """What a badge says, without its wording where that is free."""
    subject = credential["credentialSubject"]
    for key in ("name", "description", "validFrom", "validUntil", "awardedDate"):
        yield key, str(credential.get(key))
    for key in ("activityStartDate", "activityEndDate", "licenseNumber"):
        yield key, str(subject.get(key))
    earned = achievement(credential)
    for key in ("id", "achievementType", "criteria", "humanCode", "version", "tag"):
        yield key, json.dumps(earned.get(key), sort_keys=True)
    for item in earned.get("alignment", []):
        kind = item["targetType"]
        name = "" if kind in NAMED_OTHERWISE else item["targetName"]
        yield kind, str(item.get("targetCode")), item["targetUrl"], name
    for result in subject.get("result", []):
        yield "result", result["status"], str(result.get("value"))
    for described in earned.get("resultDescription", []):
        scale = (
            described.get(key) for key in ("valueMin", "valueMax", "requiredValue")
        )
        yield "scale", described["id"], described["resultType"], *map(str, scale)
    for item in credential.get("evidence", []):
        yield "evidence", str(item.get("id")), item["genre"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_badge_says_every_fact_of_the_worked_example(name: str) -> None:
    path = shared_file(f"domain/fixtures/expected_ob3/{name}.json")
    expected = json.loads(path.read_text("utf-8"))

    assert set(facts(expected)) - set(facts(badge(record(name)))) == set()


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_of_a_record_is_accounted_for_by_a_rule(name: str) -> None:
    rows = build(record(name)).mapping.fields

    assert [row.path for row in rows if row.why == "no rule"] == []
    assert len({row.path for row in rows}) == len(rows)


@pytest.mark.parametrize("name", RECORDS)
def test_every_target_of_the_account_is_in_the_badge(name: str) -> None:
    built = build(record(name), issuer_id=DID)

    def there(target: str) -> bool:
        node: Any = built.credential
        for key in target.split("."):
            node = node.get(key) if isinstance(node, dict) else None
        return node is not None

    missing = {
        (row.path, target)
        for row in built.mapping.fields
        for target in row.targets
        if not there(target)
    }

    assert missing == set()


def test_the_signers_did_is_the_issuer_and_the_records_id_stands_beside_it() -> None:
    stated = issuer_of(badge(issuer_id=DID))

    assert stated.id == DID
    assert [str(found) for found in stated.identifiers] == [
        DID,
        "https://credentials.example.org/org/si-sc",
        "NTRSI-1234567",
        "TINSI-12345678",
    ]
    assert not stated.ambiguous


def test_without_a_did_the_records_id_is_the_issuer() -> None:
    assert badge()["issuer"]["id"] == "https://credentials.example.org/org/si-sc"


def test_an_issuer_without_an_id_gets_the_same_one_every_time() -> None:
    nameless = replace(record(), issuer=replace(record().issuer, id=None))

    ids = {badge(nameless)["issuer"]["id"] for _ in range(2)}

    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


def test_the_creator_follows_the_did_where_it_is_the_issuer() -> None:
    credential = badge(issuer_id=DID)

    assert achievement(credential)["creator"] == {"id": DID, "type": ["Profile"]}
    assert credential["credentialSubject"]["source"] == {"id": DID, "type": ["Profile"]}


def test_another_awarding_body_is_written_out_under_its_own_id() -> None:
    school = record().issuer
    university = replace(
        school, id="https://uni.example/", legal_name={"sl": "Univerza"}
    )
    source = replace(record(), awarding_bodies=(university, school))

    bodies = Organisations.of(badge(source, issuer_id=DID)).awarding_bodies

    assert [(body.id, body.names[0]) for body in bodies] == [
        ("https://uni.example/", "Univerza"),
        (DID, "Srednja strokovna šola Zgled"),
    ]
    assert losses(source)["awarding_bodies.email"].startswith("a badge writes out")


def test_a_learner_is_named_in_clear_and_addressed_only_by_hash() -> None:
    identities = {
        item["identityType"]: item
        for item in badge()["credentialSubject"]["identifier"]
    }
    mail = identities["emailAddress"]
    digest = hashlib.sha256(f"ana.vzorec@example.org{mail['salt']}".encode())

    assert identities["ext:name"]["identityHash"] == "Ana Vzorec"
    assert mail["hashed"] is True
    assert mail["identityHash"] == f"sha256${digest.hexdigest()}"
    assert identities["sisSourcedId"]["hashed"] is True


def test_a_badge_does_not_carry_what_it_need_not() -> None:
    text = json.dumps(badge(), ensure_ascii=False)

    private = ("ana.vzorec@example.org", "2007-03-14", "386 1 000", "Testna pot")
    assert [word for word in private if word in text] == []


def test_two_badges_of_one_learner_carry_different_hashes() -> None:
    first, second = (
        OB3.build(record(), BuildContext(at=AT, credential_id=f"urn:x:{n}")).credential
        for n in (1, 2)
    )

    hashes = [
        item["identityHash"]
        for credential in (first, second)
        for item in credential["credentialSubject"]["identifier"]
        if item["hashed"]
    ]
    assert len(set(hashes)) == 4


def test_a_learners_did_is_the_subject() -> None:
    learner = replace(record().learner, subject_did="did:example:ana")

    subject = badge(replace(record(), learner=learner))["credentialSubject"]

    assert subject["id"] == "did:example:ana"


def test_an_indicative_credit_is_never_a_credit() -> None:
    credential = badge()

    assert "credits" not in re.sub(r'"target\w+": "[^"]*"', "", json.dumps(credential))
    assert [item["targetCode"] for item in aligned(credential, "IndicativeCredit")] == [
        "0.5"
    ]
    assert aligned(credential, "CreditPoint") == []


@pytest.mark.parametrize(
    ("points", "number"), [("2", 2), ("0.5", 0.5), ("2.50", 2.5), ("3.0", 3)]
)
def test_awarded_ects_credits_are_a_number(points: str, number: float) -> None:
    credential = badge(programme(credits=(Credit(system="ECTS", points=points),)))

    assert achievement(credential)["creditsAvailable"] == number
    assert credential["credentialSubject"]["creditsEarned"] == number
    assert json.dumps(number) in json.dumps(credential)


def test_credits_of_another_system_are_no_bare_number() -> None:
    credential = badge(programme(credits=(Credit(system="CSVET", points="3"),)))

    assert "creditsAvailable" not in achievement(credential)
    assert [item["targetName"] for item in aligned(credential, "CreditPoint")] == [
        "3 CSVET"
    ]


def test_a_recommended_level_says_that_it_is_only_recommended() -> None:
    (level,) = aligned(badge(), "EQFLevel")

    assert level["targetDescription"].startswith(
        "basis: recommended. Raven je predlagal"
    )


def test_who_only_took_part_has_reached_no_outcome() -> None:
    credential = badge(record("microquest_participation"))

    assert aligned(credential, "LearningOutcome") == []
    assert "result" not in credential["credentialSubject"]
    assert achievement(credential)["achievementType"] == "CertificateOfCompletion"


def test_validity_is_written_in_the_issuers_zone() -> None:
    credential = badge(award(valid_until=date(2030, 6, 30)))

    assert credential["validFrom"] == "2025-11-20T00:00:00+01:00"
    assert credential["validUntil"] == "2030-06-30T23:59:59+02:00"


def test_points_are_texts_without_needless_zeros() -> None:
    result = replace(record().award.result, points=Decimal("92.50"))  # type: ignore[type-var]

    (reached,) = badge(award(result=result))["credentialSubject"]["result"]

    assert reached["value"] == "92.5"


def test_a_badge_speaks_the_language_it_is_asked_for() -> None:
    credential = badge(language="en")

    earned = achievement(credential)
    assert earned["name"] == "#Scouts4GreenApprenticeship Ecological sustainability"
    assert earned["inLanguage"] == "en"
    assert "**Workload:** 15 h" in earned["criteria"]["narrative"]


def test_the_same_achievement_in_two_languages_has_two_linked_ids() -> None:
    slovenian, english = (achievement(badge(language=tag)) for tag in ("sl", "en"))

    assert slovenian["related"][0]["id"] == english["id"]
    assert english["related"][0]["id"] == slovenian["id"]


def test_the_account_names_the_languages_that_stay_behind() -> None:
    assert losses(record())["programme.title"] == "stays behind: en"
    assert losses(record(), language="en")["programme.title"] == "stays behind: sl"


def test_a_missing_text_is_shown_in_the_first_language_and_said_so() -> None:
    source = programme(description={"sl": "Opis"})

    credential = badge(source, language="en")

    assert credential["description"] == "Opis"
    assert losses(source, language="en")["programme.description"] == (
        "missing in en, shown in sl"
    )


def test_a_language_that_the_record_lacks_is_refused() -> None:
    with pytest.raises(ConfigError, match="no texts in fr; it has sl, en"):
        badge(language="fr")


def test_cyrillic_texts_come_through() -> None:
    credential = badge(record("mcvet_3d_rs_cyrl"))

    assert credential["name"] == "Основе 3Д штампе"
    assert achievement(credential)["inLanguage"] == "sr-Cyrl"


@pytest.mark.parametrize(
    ("identity", "homepage", "start"),
    [
        pytest.param(
            "https://a.example/org/1",
            None,
            "https://a.example/achievements/S4G%20%C4%8D%2F1",
            id="site-of-the-id",
        ),
        pytest.param(
            "urn:org:1",
            "https://sola.example:8443/o-nas?x",
            "https://sola.example:8443/achievements/S4G%20%C4%8D%2F1",
            id="site-of-the-homepage",
        ),
        pytest.param(None, None, "urn:uuid:", id="no-site"),
        pytest.param("urn:org:1", "javascript:alert(1)", "urn:uuid:", id="no-web-site"),
        pytest.param(
            "https://ana:geslo@a.example/",
            None,
            "https://a.example/achievements/",
            id="no-password",
        ),
    ],
)
def test_the_achievement_has_an_absolute_address(
    identity: str | None, homepage: str | None, start: str
) -> None:
    issuer = replace(record().issuer, id=identity, homepage=homepage)
    source = replace(
        programme(code="S4G č/1"), issuer=issuer, awarding_bodies=(issuer,)
    )

    assert achievement(badge(source))["id"].startswith(start)


def test_a_page_that_is_another_nodes_id_moves_into_the_text() -> None:
    page = "https://credentials.example.org/org/si-sc"

    criteria = achievement(badge(programme(homepage=page)))["criteria"]

    assert "id" not in criteria
    assert criteria["narrative"].endswith(page)


def test_two_pieces_of_evidence_at_one_address_stay_two() -> None:
    pieces = tuple(
        Evidence(kind="artefact", title={"sl": title}, url="https://a.example/delo")
        for title in ("Prvo", "Drugo")
    )

    first, second = badge(replace(record(), evidence=pieces))["evidence"]

    assert first["id"] == "https://a.example/delo"
    assert (second.get("id"), second["narrative"]) == (None, "https://a.example/delo")


def test_an_outcome_tells_its_kind_and_its_esco_skill() -> None:
    outcome = Outcome(
        title={"sl": "Popravi stroj."},
        type="skill",
        bloom_level="apply",
        esco=("http://data.europa.eu/esco/skill/1",),
    )

    credential = badge(programme(outcomes=(outcome,)))

    assert aligned(credential, "LearningOutcome")[0]["targetDescription"] == (
        "type: skill; bloom: apply"
    )
    assert "targetCode" not in aligned(credential, "LearningOutcome")[0]
    assert aligned(credential, "ESCOSkill")[0]["targetUrl"] == outcome.esco[0]


def test_an_accreditation_travels_as_quality_assurance() -> None:
    approval = Accreditation(
        type="institutional_license", title={"sl": "Dovoljenje"}, date=date(2024, 5, 6)
    )
    issuer = replace(record().issuer, accreditations=(approval,))

    found = aligned(badge(replace(record(), issuer=issuer)), "QualityAssurance")

    assert [
        item["targetDescription"]
        for item in found
        if item["targetCode"] == approval.type
    ] == ["2024-05-06"]


def test_records_of_the_fixtures_can_be_badges() -> None:
    assert [name for name in RECORDS if list(OB3.check(record(name)))] == []


@pytest.mark.parametrize(
    ("source", "path", "code"),
    [
        pytest.param(
            replace(record(), time_zone="Mars/Olympus"),
            "time_zone",
            "zone.unknown",
            id="zone",
        ),
        pytest.param(
            award(valid_until=date(2020, 1, 1)),
            "award.valid_until",
            "date.order",
            id="end",
        ),
        pytest.param(
            replace(record(), learner=replace(record().learner, subject_did="ana")),
            "learner.subject_did",
            "id.uri",
            id="did",
        ),
        pytest.param(
            programme(isced_f=("99999",)),
            "programme.isced_f",
            "unknown-concept",
            id="field",
        ),
    ],
)
def test_a_record_that_can_be_no_badge_says_why(
    source: CredentialRecord, path: str, code: str
) -> None:
    assert [(problem.path, problem.code) for problem in OB3.check(source)] == [
        (path, code)
    ]


def test_building_for_an_unknown_zone_names_the_field() -> None:
    with pytest.raises(RecordError, match="time_zone"):
        badge(replace(record(), time_zone="Mars/Olympus"))


def test_badges_and_edcs_are_told_apart() -> None:
    assert [model.id for model in MODELS] == ["elm", "ob3"]
    assert recognise(badge()) is OB3
    assert recognise({"type": ["VerifiableCredential"]}) is None


def test_building_twice_gives_the_same_badge() -> None:
    assert json.dumps(badge()) == json.dumps(badge())
