"""A record becomes a complete European Digital Credential, and keeps its facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

import pytest

from conftest import ROOT, shared_file
from edc_issuer import vocab
from edc_issuer.errors import RecordError
from edc_issuer.models.base import BuildContext, Built, Media
from edc_issuer.models.elm import CONTEXTS, ELM
from edc_issuer.models.elm.checks import codes
from edc_issuer.models.mapping import NO_RULE, present_paths
from edc_issuer.record import (
    Accreditation,
    Address,
    Adoption,
    Award,
    CoDevelopedBy,
    CredentialRecord,
    Credit,
    Document,
    Evidence,
    Funding,
    Hko,
    KnowledgeStandard,
    LegalIdentifier,
    Level,
    Mandate,
    Nqf,
    Organisation,
    Outcome,
    PartResult,
    Programme,
    ProgrammeEvaluation,
    ProgrammeStandard,
    Quality,
    QualityMeasure,
    RecognisedIn,
    Region,
    Register,
    UnitActivity,
    UnitAssessment,
    Volume,
)

RECORDS = ROOT / "fixtures" / "records"
NAMES = sorted(
    path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
)
AT = datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC)
PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
KINDS = ["achievement", "qualification", "participation"]  # of `everything`
each_record = pytest.mark.parametrize("name", NAMES)


def record(name: str) -> CredentialRecord:
    return CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())


def context(of: CredentialRecord) -> BuildContext:
    files = {
        item.path: Media(item.media_type, (RECORDS / item.path).read_bytes())
        for item in of.attachments
        if item.path
    }
    return BuildContext(
        at=AT,
        credential_id=of.credential_id
        or "urn:uuid:0f1e2d3c-0000-4000-8000-000000000000",
        pictures=dict.fromkeys(of.languages, (PAGE,)),
        files=files,
    )


def build(of: CredentialRecord) -> Built:
    return ELM.build(of, context(of))


@cache
def credential(name: str) -> dict[str, Any]:
    return build(record(name)).credential


@cache
def expected(name: str) -> dict[str, Any]:
    path = shared_file(f"domain/fixtures/expected_elm/{name}.jsonld")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def at_path(value: Any, path: str) -> list[Any]:
    """All values at a dotted path, through lists."""
    found = [value]
    for name in path.split("."):
        step: list[Any] = []
        for item in found:
            if isinstance(item, dict) and name in item:
                below = item[name]
                step += below if isinstance(below, list) else [below]
        found = step
    return found


def of_type(name: str, value: Any) -> list[dict[str, Any]]:
    return [node for node in nodes(value) if node.get("type") == name]


# --- the account ----------------------------------------------------------------


@each_record
def test_every_present_field_is_accounted_for_once_and_no_other(name: str) -> None:
    source = record(name)

    report = build(source).mapping

    assert [row.path for row in report.fields] == list(present_paths(source))
    assert [row.path for row in report.fields if row.why == NO_RULE] == []


def texts_at(value: Any, path: str) -> list[str]:
    """The values of a record at a path, as text."""
    found = [value]
    for name in path.split("."):
        found = [
            item
            for holder in found
            if holder is not None
            for below in [getattr(holder, name)]
            for item in (below if isinstance(below, tuple) else (below,))
        ]
    return [text for item in found if item is not None for text in as_texts(item)]


def as_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, Decimal):
        return [f"{value.normalize():f}"]
    if isinstance(value, date):
        return [value.isoformat()]
    return [value] if isinstance(value, str) else []


CODED = (  # written as concepts (a test of their own), durations, types or files
    "country",
    "_language",
    "languages",
    "language_of_instruction",
    "isced_f",
    "type",
    "kind",
    "mode",
    "form",
    "setting",
    "supervision",
    "hours",
    "minutes",
    "options",
    "pictures",
    "hours_actual",
    "basis",
    "system",
    "points",
    "framework",
    "path",
    "media_type",
    "nuts",
    "status",
    "level.nqf.level",
    "hko.level",
)


@each_record
def test_what_is_said_to_be_mapped_is_found_there(name: str) -> None:
    source = record(name)

    assert untrue(build(source), source) == []


@pytest.mark.parametrize("source", [*NAMES, *KINDS])
def test_a_mapped_code_is_the_concept_of_its_list_where_the_account_says(
    source: str,
) -> None:
    given = everything(source) if source in KINDS else record(source)
    built = build(given)
    targets = {
        row.path: row.targets
        for row in built.mapping.fields
        if row.kind == "mapped" and "note" not in str(row.targets).lower()
    }

    gone = [
        (path, code)
        for path, list_name, code in codes(given)
        if code is not None
        and path in targets
        and vocab.concept(list_name, code).uri
        not in found_at(built.credential, targets[path])
    ]

    assert gone == []


def test_extensions_are_always_named_as_lost() -> None:
    source = replace(record("mcvet_3d_si"), extensions={"room": "12"})

    rows = {row.path: row for row in build(source).mapping.losses}

    assert rows["extensions"].kind == "lost"
    assert "room" not in json.dumps(build(source).credential)


# --- the worked example: the same facts, wherever they stand ---------------------


def identifiers(document: Any) -> set[tuple[str, str]]:
    return {
        (node.get("schemeName", "legal"), node["notation"])
        for node in of_type("Identifier", document)
    } | {("legal", node["notation"]) for node in of_type("LegalIdentifier", document)}


def notes(document: Any) -> set[tuple[str, str]]:
    return {
        (node.get("subject", {}).get("id", ""), text)
        for node in of_type("Note", document)
        for text in node["noteLiteral"].values()
    }


def listed(document: Any) -> set[str]:
    """Concepts of official lists: levels, subjects, modes, types, countries."""
    return {node["id"] for node in of_type("Concept", document) if "inScheme" in node}


def days(document: Any) -> set[tuple[str, str]]:
    """Dates by calendar day; when it is sealed is not a fact of the record."""
    return {
        (key, value[:10])
        for node in nodes(document)
        for key, value in node.items()
        if isinstance(value, str)
        and key not in ("issued", "issuanceDate")
        and value[4:5] == value[7:8] == "-"
        and value[10:11] == "T"
    }


# Units belong to the programme: we write them into what specifies the activity, the
# example into the activity of the learner.
UNITS = {"LearningActivity": "LearningActivitySpecification"}


def titled(document: Any) -> set[tuple[str, str, str]]:
    """Titles and names by type of node, in every language."""
    return {
        (UNITS.get(node["type"], node["type"]), key, text)
        for node in nodes(document)
        for key in ("title", "description", "legalName", "altLabel", "geographicName")
        for text in node.get(key, {}).values()
        if isinstance(node.get("type"), str)
    }


def durations(document: Any) -> set[str]:
    return {
        node[key]
        for node in nodes(document)
        for key in ("volumeOfLearning", "workload", "contactHour")
        if key in node
    }


def credits(document: Any) -> set[tuple[str, str]]:
    return {
        (node["framework"]["id"], node["point"])
        for node in of_type("CreditPoint", document)
    }


def people(document: Any) -> set[str]:
    person = document["credentialSubject"]
    names = [*person["fullName"].values(), *person["givenName"].values()]
    agents = [
        text
        for node in of_type("Agent", document)
        for text in node["prefLabel"].values()
    ]
    mail = [node["id"] for node in of_type("Mailbox", document)]
    return {*names, *agents, *mail}


def links(document: Any) -> set[str]:
    pages = {node["contentURL"] for node in of_type("WebResource", document)}
    return pages | {node["id"] for node in of_type("Organisation", document)}


def grades(document: Any) -> set[str]:
    return {
        text
        for node in of_type("LearningAssessment", document)
        for text in node["grade"]["noteLiteral"].values()
    }


# The example knows the titles and days of the parts from their own records.
PARTS = ("Ekološka", "Gospodarska", "Socialna"), ("Ecological", "Economic", "Social")
OF_THE_PARTS = {
    ("LearningAchievement", "title", f"#Scouts4GreenApprenticeship {word} {noun}")
    for words, noun in zip(PARTS, ("trajnost", "sustainability"), strict=True)
    for word in words
} | {("awardingDate", f"2025-11-{day}") for day in (20, 21, 24)}


@each_record
@pytest.mark.parametrize(
    "facts",
    [
        identifiers,
        notes,
        listed,
        days,
        titled,
        durations,
        credits,
        people,
        links,
        grades,
    ],
)
def test_every_fact_of_the_worked_example_is_kept(name: str, facts: Any) -> None:
    wanted = facts(expected(name))

    found = facts(credential(name))

    stacked = name == "scouts4green_stacked"
    assert wanted - found == (wanted & OF_THE_PARTS if stacked else set())


# --- the official judge -----------------------------------------------------------


def load_context(url: str, _options: object = None) -> dict[str, Any]:
    """The official contexts, from files, in the form that pyld wants."""
    files = {
        CONTEXTS[0]: "standards/w3c-vc/contexts-credentials-v1",
        CONTEXTS[1]: "standards/elm-3.2/edc-ap-context.jsonld",
    }
    document = json.loads(shared_file(files[url]).read_text("utf-8"))
    return {"contextUrl": None, "documentUrl": url, "document": document}


@cache
def shapes(version: str, extra: tuple[str, ...] = ()) -> Any:
    import rdflib

    graph = rdflib.Graph()
    for name in ("EDC-generic-no-cv", "EDC-generic-full", *extra):
        graph.parse(shared_file(f"standards/elm-{version}/{name}.ttl"))
    graph.remove((None, rdflib.OWL.imports, None))
    return graph


def verdict(document: dict[str, Any], judge: Any) -> str:
    """Empty if the document conforms, else what the judge says."""
    import pyshacl
    import rdflib
    from pyld import jsonld

    expanded = jsonld.expand(document, {"documentLoader": load_context})
    quads = jsonld.to_rdf(expanded, {"format": "application/n-quads"})
    data = rdflib.Graph().parse(data=quads, format="nt")
    conforms, _, text = pyshacl.validate(data, shacl_graph=judge, inference="none")
    return "" if conforms else str(text)


@pytest.mark.sampled(3)
@each_record
@pytest.mark.parametrize("version", ["3.2", "3.1"])
def test_the_official_shapes_accept_every_record(name: str, version: str) -> None:
    assert verdict(credential(name), shapes(version)) == ""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
def test_the_official_shapes_accept_a_record_that_says_everything(kind: str) -> None:
    judge = shapes("3.2", ("EDC-issuedByMandate",))

    assert verdict(build(everything(kind)).credential, judge) == ""


def test_the_judge_finds_what_is_wrong() -> None:
    broken = dict(credential("mcvet_3d_si"))
    del broken["displayParameter"]

    assert "displayParameter" in verdict(broken, shapes("3.2"))


# --- a record that says everything the schema knows ---------------------------------


DAY = date(2025, 3, 4)
TEXT = {"sl": "Čisto vse", "en": "Simply everything"}
BODY = Organisation(
    legal_name={"sl": "Komisija Žar"},
    address=Address("SI", region=Region(nuts="SI041", atu="SVN_OE_061", name=TEXT)),
    deqar_id="DEQARINST0001",
    tax_identifier=LegalIdentifier("SI12345678", "SI", "VAT"),
)


def everything(kind: str) -> CredentialRecord:
    """A record with every field filled in; `kind` decides what may be claimed."""
    base = record("scouts4green_stacked")
    school = replace(
        base.issuer,
        deqar_id="DEQARINST0002",
        accreditations=(
            Accreditation(
                "institutional_license", TEXT, BODY, DAY, "https://a.example"
            ),
            Accreditation("programme_license", TEXT),
        ),
    )
    return replace(
        base,
        credential_kind="participation" if kind == "participation" else "certificate",
        issuer=school,
        awarding_bodies=(school, BODY),
        learner=replace(
            base.learner,
            national_id=LegalIdentifier("0101006500006", "SI", "EMŠO"),
            subject_did="did:example:ana",
        ),
        programme=full_programme(base.programme, kind),
        award=full_award(base.award, kind, school),
        evidence=(Evidence("portfolio", TEXT, "https://e.example/1", DAY),),
        document_status="certificate",
        document_series="B",
        document_number="77",
        time_zone="Europe/Vienna",
        mandate=Mandate(BODY, TEXT, Document(base.attachments[0].path or "")),
        pictures={"sl": "page.png"},
        source_note="nothing",
        extensions={"room": "12"},
    )


def full_programme(base: Programme, kind: str) -> Programme:
    outcome = Outcome(
        TEXT,
        code="LO",
        type="skill",
        bloom_level="apply",
        esco=("http://data.europa.eu/esco/skill/1",),
        outcome_source="outside_qualifications",
        macro_competence=TEXT,
    )
    inner = UnitActivity("U1.1", TEXT, Decimal(15), (outcome,), UnitAssessment("quiz"))
    unit = replace(base.units[0], hours=Decimal(2), activities=(inner,))
    hko = Hko("SET-1", "STD-1", TEXT, "4.1", Volume("CSVET", "3"), *(TEXT,) * 4)
    assert base.assessment
    assert base.stacking
    assert base.workload
    return replace(
        base,
        outcomes=(outcome,),
        units=(unit, replace(unit, code="U2", hours=None, minutes=Decimal(90))),
        delivery_form=TEXT,
        participation_form="online",
        required_participation="online",
        workload=replace(base.workload, contact_hours=Decimal("7.5"), unit_minutes=45),
        credits=(Credit("ECTS", "1.5", indicative=True), Credit("CSVET", "3")),
        level=Level(
            "register" if kind == "qualification" else "recommended",
            eqf=4,
            nqf=Nqf("HR", "4.1"),
            ehea_cycle="short",
            assigned_by="Svet",
            rationale=TEXT,
        ),
        assessment=replace(
            base.assessment,
            criteria=TEXT,
            max_points=Decimal(100),
            pass_points=Decimal("62.5"),
            standard=KnowledgeStandard("KS", TEXT, "https://ks.example"),
        ),
        quality_assurance=Quality(
            (
                measure("institutional_quality_assurance"),
                measure("programme_license"),
                QualityMeasure("internal", "survey", "ESG", {"sl": "Anketa"}),
            ),
            TEXT,
        ),
        stacking=replace(
            base.stacking,
            part_of=("WHOLE",),
            pathway="open",
            recognised_in=(RecognisedIn(TEXT, "R", TEXT, "https://r.example"),),
        ),
        standards=(ProgrammeStandard("occupational", TEXT, "PS-1", "Register"),),
        co_developed_by=(CoDevelopedBy({"sl": "Zbornica Žar"}, "chamber"),),
        reviewed_on=DAY,
        hko=hko if kind == "qualification" else None,
        adoption=Adoption(BODY, DAY),
        register=Register("REG-1", "Register", "https://register.example/1"),
        programme_evaluation=ProgrammeEvaluation(TEXT),
        funding=Funding("voucher", TEXT),
        target_group=TEXT,
    )


def measure(kind: Any) -> QualityMeasure:
    url = "https://q.example"
    return QualityMeasure("external", "decision", "EQAVET", TEXT, BODY, kind, url)


def full_award(base: Award, kind: str, school: Organisation) -> Award:
    assert base.result
    assert base.activity
    parts = (PartResult("S4G-ECO", Decimal("92.50"), Decimal(80)),)
    basis = {
        "participation": "participation",
        "qualification": "validation_of_informal",
    }
    return replace(
        base,
        revision=2,
        valid_until=date(2030, 6, 30),
        validation_basis=cast(Any, basis.get(kind, "course")),
        result=replace(base.result, points=Decimal(92), part_results=parts),
        activity=replace(
            base.activity, hours_actual=Decimal("16.25"), sending_organisation=school
        ),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_account_of_a_record_that_says_everything_is_true(kind: str) -> None:
    source = everything(kind)
    built = build(source)

    assert [row.path for row in built.mapping.fields if row.why == NO_RULE] == []
    assert untrue(built, source) == []


def untrue(built: Built, source: CredentialRecord) -> list[str]:
    """Rows of the account that the credential does not bear out."""
    return [
        row.path
        for row in built.mapping.fields
        if any(not at_path(built.credential, target) for target in row.targets)
        or (
            row.kind == "mapped"
            and not row.path.endswith(CODED)
            and any(
                text not in found_at(built.credential, row.targets)
                for text in texts_at(source, row.path)
            )
        )
    ]


def found_at(document: Any, targets: tuple[str, ...]) -> str:
    values = [at_path(document, target) for target in targets]
    return json.dumps(values, ensure_ascii=False).replace('\\"', '"')


# --- nodes --------------------------------------------------------------------------


@pytest.mark.parametrize("source", [*NAMES, *KINDS])
def test_one_id_is_one_content_and_one_content_one_id(source: str) -> None:
    document = build(everything(source) if source in KINDS else record(source))
    by_id: dict[str, str] = {}
    by_content: dict[str, str] = {}

    for node in nodes(document.credential):
        if "id" in node and "type" in node:
            content = {key: value for key, value in node.items() if key != "id"}
            text = json.dumps(content, ensure_ascii=False)
            assert by_id.setdefault(node["id"], text) == text
            if node["id"].startswith("urn:epass:"):
                assert by_content.setdefault(text, node["id"]) == node["id"]


def test_equal_objects_are_one_python_object() -> None:
    document = credential("scouts4green_ecological")

    claim = document["credentialSubject"]["hasClaim"]

    assert claim["awardedBy"]["awardingBody"] is document["issuer"]
    assert claim["provenBy"]["awardedBy"] is claim["awardedBy"]


def test_the_same_record_gives_the_same_bytes() -> None:
    first, second = (build(record("mcvet_3d_si")).credential for _ in range(2))

    assert json.dumps(first) == json.dumps(second)


def test_an_id_of_the_record_never_takes_the_place_of_one_of_ours() -> None:
    base = record("mcvet_3d_si")
    hostile = replace(base.issuer, id="urn:epass:note:1")

    document = build(replace(base, issuer=hostile, awarding_bodies=(hostile,)))

    issuer = document.credential["issuer"]
    assert issuer["id"] == "urn:epass:org:1"


def test_every_concept_of_a_list_has_its_scheme_and_a_label_in_each_language() -> None:
    document = credential("scouts4green_ecological")

    for node in of_type("Concept", document):
        if node["id"].startswith("http://data.europa.eu/snb/"):
            assert node["inScheme"]["type"] == "ConceptScheme"
            assert node["prefLabel"]


# --- what is claimed and what is not -----------------------------------------------


def claim_of(source: CredentialRecord) -> dict[str, Any]:
    claim: dict[str, Any] = build(source).credential["credentialSubject"]["hasClaim"]
    return claim


def test_an_indicative_credit_is_never_a_credit() -> None:
    document = credential("scouts4green_ecological")

    assert of_type("CreditPoint", document) == []
    assert any("(ECTS 0.5)" in text for _, text in notes(document))


def test_a_recommended_level_is_never_a_bare_level() -> None:
    source = everything("qualification")
    level = replace(source.programme.level, basis="recommended")  # type: ignore[type-var]

    spec = claim_of(replace(source, programme=replace(source.programme, level=level)))[
        "specifiedBy"
    ]

    assert spec["type"] == "Qualification"
    assert not {"eqfLevel", "nqfLevel"} & spec.keys()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("hko_microqualification", "Qualification", id="standard-named"),
        pytest.param("mcvet_3d_me", "Qualification", id="level-from-a-register"),
        pytest.param(
            "mcvet_3d_rs", "LearningAchievementSpecification", id="level-where-needed"
        ),
        pytest.param(
            "mcvet_3d_si", "LearningAchievementSpecification", id="no-level-at-all"
        ),
    ],
)
def test_a_qualification_needs_a_standard_or_a_register(name: str, kind: str) -> None:
    claim = credential(name)["credentialSubject"]["hasClaim"]

    assert claim["specifiedBy"]["type"] == kind


def test_a_participation_claims_an_activity_and_no_outcomes() -> None:
    document = credential("microquest_participation")

    assert document["credentialSubject"]["hasClaim"]["type"] == "LearningActivity"
    assert of_type("LearningOutcome", document) == []
    assert of_type("LearningAchievement", document) == []


def test_monitoring_is_a_note_and_not_an_accreditation() -> None:
    assert of_type("Accreditation", credential("scouts4green_ecological")) == []


def test_prior_learning_has_no_activity() -> None:
    claim = credential("hko_validation_prior_learning")["credentialSubject"]["hasClaim"]

    assert "influencedBy" not in claim
    assert "provenBy" in claim


def test_residence_never_becomes_citizenship() -> None:
    assert "citizenshipCountry" not in credential("mcvet_3d_si")["credentialSubject"]


def test_internal_ids_of_records_stay_inside() -> None:
    source = replace(record("mcvet_3d_si"), record_id="0101006500006")

    assert "0101006500006" not in json.dumps(build(source).credential)


def test_days_of_validity_are_in_the_issuers_zone_and_informative_days_at_noon() -> (
    None
):
    source = everything("achievement")

    document = build(source).credential

    assert document["validFrom"] == "2025-11-28T00:00:00+01:00"
    assert document["validUntil"] == "2030-06-30T23:59:59+02:00"
    assert document["expirationDate"] == document["validUntil"]
    assert document["issued"] == document["issuanceDate"] == "2025-12-01T10:20:30Z"
    assert document["credentialSubject"]["dateOfBirth"] == "2007-03-14T12:00:00Z"


def test_a_mandate_adds_profile_schema_statement_and_document() -> None:
    document = build(everything("achievement")).credential

    assert [item["id"].rpartition("/")[2] for item in document["credentialSchema"]] == [
        "edc-generic-full",
        "edc-issued-by-mandate",
    ]
    assert document["credentialProfiles"][1]["id"].endswith("c_9a31f32a")
    (evidence,) = document["evidence"]
    assert evidence["evidenceStatement"] == "Čisto vse"
    assert evidence["embeddedEvidence"][0]["contentType"]["id"].endswith("/PDF")
    assert evidence["evidenceTarget"]["legalName"] == {"sl": "Komisija Žar"}


def test_several_pages_stand_in_order() -> None:
    source = record("mcvet_3d_si")
    second = Media("image/jpeg", b"\xff\xd8\xff\xd9")
    pages = {"sl": (PAGE, second), "en": (PAGE,)}

    document = ELM.build(source, replace(context(source), pictures=pages)).credential

    slovenian, english = document["displayParameter"]["individualDisplay"]
    assert [item["page"] for item in slovenian["displayDetail"]] == [1, 2]
    assert english["displayDetail"]["page"] == 1
    assert slovenian["displayDetail"][1]["image"]["contentType"]["id"].endswith("/JPEG")


def test_a_file_that_was_not_handed_over_is_an_error_with_its_path() -> None:
    source = record("scouts4green_stacked")

    with pytest.raises(RecordError, match=r"attachments\.path"):
        ELM.build(source, replace(context(source), files={}))


# --- what makes building impossible ---------------------------------------------------


@pytest.mark.parametrize("source", [*NAMES, *KINDS])
def test_a_good_record_has_no_problem(source: str) -> None:
    good = everything(source) if source in KINDS else record(source)

    assert list(ELM.check(good)) == []


def with_issuer(**changes: Any) -> CredentialRecord:
    base = record("mcvet_3d_si")
    return replace(base, issuer=replace(base.issuer, **changes))


def with_programme(**changes: Any) -> CredentialRecord:
    base = record("mcvet_3d_si")
    return replace(base, programme=replace(base.programme, **changes))


def with_attachment(media_type: str) -> CredentialRecord:
    base = record("scouts4green_stacked")
    first = replace(base.attachments[0], media_type=media_type)
    return replace(base, attachments=(first,))


@pytest.mark.parametrize(
    ("faulty", "path", "hint"),
    [
        pytest.param(
            lambda: with_issuer(legal_identifier=None),
            "issuer.legal_identifier",
            "NTRSI-",
            id="issuer-without-identifier",
        ),
        pytest.param(
            lambda: with_programme(delivery_mode="blendid"),
            "programme.delivery_mode",
            "blended",
            id="code-with-a-slip",
        ),
        pytest.param(
            lambda: with_programme(isced_f=("07145",)),
            "programme.isced_f",
            "isced_f",
            id="code-of-no-list",
        ),
        pytest.param(
            lambda: with_programme(credits=(Credit("ECST", "2"),)),
            "programme.credits.system",
            "ECTS",
            id="credit-system",
        ),
        pytest.param(
            lambda: replace(record("mcvet_3d_si"), time_zone="Europe/Lubljana"),
            "time_zone",
            "IANA",
            id="zone",
        ),
        pytest.param(
            lambda: with_issuer(homepage="www.šola.si"),
            "issuer.homepage",
            "https://",
            id="homepage-without-scheme",
        ),
        pytest.param(
            lambda: with_issuer(email="info at šola"),
            "issuer.email",
            "e-mail",
            id="not-an-e-mail",
        ),
        pytest.param(
            lambda: with_issuer(alt_name={"sl": "Druga"}),
            "awarding_bodies.id",
            "alike",
            id="one-id-two-organisations",
        ),
        pytest.param(
            lambda: with_attachment("application/x-msdownload"),
            "attachments.media_type",
            "file_type",
            id="program-attached",
        ),
        pytest.param(
            lambda: replace(
                everything("achievement"), mandate=Mandate(BODY, None, None)
            ),
            "mandate.statement",
            "statement",
            id="mandate-without-words",
        ),
    ],
)
def test_a_fault_is_named_with_its_path_and_what_to_do(
    faulty: Any, path: str, hint: str
) -> None:
    problems = list(ELM.check(faulty()))

    assert path in [problem.path for problem in problems]
    assert any(hint in problem.message for problem in problems if problem.path == path)


def test_it_recognises_its_own() -> None:
    assert ELM.recognises(credential("mcvet_3d_si"))
    assert not ELM.recognises({"type": ["VerifiableCredential"]})
    assert not ELM.recognises({"type": "EuropeanDigitalCredentialish"})


@pytest.mark.parametrize("source", [*NAMES, *KINDS])
def test_our_own_checker_accepts_what_we_build(source: str) -> None:
    built = build(everything(source) if source in KINDS else record(source))

    assert list(ELM.inspect(built.credential)) == []
