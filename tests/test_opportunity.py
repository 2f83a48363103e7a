"""A programme becomes a learning opportunity that the official shapes accept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic
from typer.testing import CliRunner, Result

from conftest import ROOT
from edc_issuer.cli import app
from edc_issuer.errors import RecordError
from edc_issuer.models.elm_profile import inspect
from edc_issuer.models.mapping import NO_RULE, present_paths
from edc_issuer.models.opportunity import check, identifier_of, opportunity
from edc_issuer.record import (
    Accreditation,
    Address,
    Credit,
    Funding,
    Level,
    Nqf,
    Organisation,
    ProgrammeDocument,
    QualityMeasure,
)
from shacl_judge import triples, violations
from test_elm import build as build_edc
from world import RECORDS, record

pytestmark = pytest.mark.slow

PROGRAMMES = ROOT / "fixtures" / "programmes"
NAMES = sorted(path.stem for path in PROGRAMMES.glob("*.json"))
AWARDED = sorted(path.stem for path in RECORDS.glob("[!n]*.json"))


def document(name: str) -> ProgrammeDocument:
    return ProgrammeDocument.from_json((PROGRAMMES / f"{name}.json").read_bytes())


def offered(name: str) -> ProgrammeDocument:
    """The programme of a record, before anybody was awarded it."""
    found = record(name)
    return ProgrammeDocument(
        record_version="1",
        document_type="programme",
        document_id=f"PROGRAMME-{name}",
        primary_language=found.primary_language,
        languages=found.languages,
        programme=found.programme,
        provider=found.issuer,
        awarding_bodies=found.awarding_bodies,
    )


def every() -> list[ProgrammeDocument]:
    return [*map(document, NAMES), *map(offered, AWARDED)]


each = pytest.mark.parametrize(
    "of", [pytest.param(item, id=item.document_id) for item in every()]
)


def built(of: ProgrammeDocument) -> dict[str, Any]:
    assert list(check(of)) == []
    return opportunity(of).credential


def at(value: Any, path: str) -> list[Any]:
    """All values at a dotted path, through lists."""
    found = [value]
    for name in path.split("."):
        below = [
            item[name] for item in found if isinstance(item, dict) and name in item
        ]
        found = [
            i for item in below for i in (item if isinstance(item, list) else [item])
        ]
    return found


def changed(name: str, **programme: Any) -> ProgrammeDocument:
    found = document(name)
    return replace(found, programme=replace(found.programme, **programme))


# --- the judges ----------------------------------------------------------------------


@each
@pytest.mark.parametrize("version", ["3.2", "3.1"])
def test_the_official_shapes_accept_every_opportunity(
    of: ProgrammeDocument, version: str
) -> None:
    assert violations(built(of), version=version) == set()


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("", "providedBy"),
        ("", "title"),
        ("learningAchievementSpecification.provenBy", "title"),
        ("learningAchievementSpecification.entitlesTo", "entitlementStatus"),
    ],
)
def test_the_official_judge_finds_what_is_missing(path: str, missing: str) -> None:
    made = json.loads(json.dumps(built(document("mcvet_3d_me"))))
    (node,) = at(made, path) if path else [made]
    del node[missing]

    assert (missing, "MinCount") in violations(made)


@each
def test_our_own_table_of_shapes_accepts_every_opportunity(
    of: ProgrammeDocument,
) -> None:
    rules = ("shape.", "vocabulary.")
    found = [p for p in inspect(built(of)) if p.code.startswith(rules)]

    assert found == []


@each
def test_nodes_of_one_id_agree(of: ProgrammeDocument) -> None:
    seen: dict[str, Any] = {}

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item)
        if isinstance(value, dict):
            if "id" in value:
                assert seen.setdefault(value["id"], value) == value
            for item in value.values():
                walk(item)

    walk(built(of))


# --- the account ---------------------------------------------------------------------


@each
def test_every_field_is_accounted_for_by_a_rule(of: ProgrammeDocument) -> None:
    fields = opportunity(of).mapping.fields

    assert [row.path for row in fields] == list(present_paths(of))
    assert [row.path for row in fields if row.why == NO_RULE] == []


@each
def test_whatever_is_called_mapped_stands_where_the_account_says(
    of: ProgrammeDocument,
) -> None:
    made = opportunity(of)

    assert [
        row.path
        for row in made.mapping.fields
        if row.targets and not any(at(made.credential, t) for t in row.targets)
    ] == []


# --- what it says --------------------------------------------------------------------


def without_ids(value: Any) -> Any:
    """The same without the ids that are counted within one document."""
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    minted = str(value.get("id", "")).startswith("urn:epass:")
    return {
        name: without_ids(item)
        for name, item in value.items()
        if not (minted and name == "id")
    }


@pytest.mark.parametrize("name", ["hko_microqualification", "mcvet_3d_rs_cyrl"])
def test_an_opportunity_says_what_the_credential_will_say(name: str) -> None:
    claim = build_edc(record(name)).credential["credentialSubject"]["hasClaim"]

    made = built(offered(name))["learningAchievementSpecification"]

    said = without_ids(claim["specifiedBy"])
    assert {key: without_ids(made[key]) for key in said if key != "id"} == said


def test_the_provider_and_who_awards_are_named() -> None:
    made = built(offered("scouts4green_ecological"))

    assert at(made, "providedBy.legalName.sl") == ["Srednja strokovna šola Zgled"]
    bodies = "learningAchievementSpecification.awardingOpportunity.awardingBody"
    assert at(made, f"{bodies}.legalName.sl") == ["Srednja strokovna šola Zgled"]


def test_without_a_provider_the_awarding_body_offers() -> None:
    found = replace(offered("mcvet_3d_si"), provider=None)

    assert at(built(found), "providedBy.legalName")


def test_without_anybody_nobody_offers() -> None:
    nobody = replace(document("hko_3d"), provider=None, awarding_bodies=())

    (problem,) = check(nobody)

    assert (problem.path, problem.code) == ("provider", "opportunity.provider")
    with pytest.raises(RecordError):
        opportunity(nobody)


def test_indicative_credits_and_recommended_levels_stay_what_they_are() -> None:
    level = Level("recommended", 4, Nqf("ME", "4.1"))
    found = changed("mcvet_3d_me", credits=(Credit("ECTS", "1", True),), level=level)

    made = built(found)["learningAchievementSpecification"]

    assert "creditPoint" not in made
    assert "eqfLevel" not in made
    assert "nqfLevel" not in made
    subjects = at(made, "additionalNote.subject.id")
    assert {"urn:x-mc:indicative-credit", "urn:x-mc:level-basis"} <= {*subjects}


def test_a_participation_offers_an_activity_without_outcomes() -> None:
    made = built(offered("microquest_participation"))

    assert "learningAchievementSpecification" not in made
    assert "learningOutcome" not in json.dumps(made)
    assert len(at(made, "learningActivitySpecification.hasPart.title")) == 7
    losses = opportunity(offered("microquest_participation")).mapping.losses
    assert "programme.outcomes.title" in {row.path for row in losses}


@pytest.mark.parametrize(
    ("free", "words"), [(True, "Besplatno"), (False, "Nije besplatno")]
)
def test_whether_it_is_free_of_charge_is_told(free: bool, words: str) -> None:
    made = built(changed("hko_3d", free_of_charge=free))

    (label,) = at(made, "priceDetail.prefLabel.hr")
    assert label.startswith(words)


def test_a_planned_supervision_is_a_note_of_the_plan() -> None:
    made = built(document("hko_3d"))

    notes = at(made, "learningAchievementSpecification.provenBy.additionalNote")
    (said,) = (n for n in notes if "supervision" in n["subject"]["id"])
    assert said["subject"]["id"].endswith(":supervised_onsite_id")
    assert "nadzor" in said["noteLiteral"]["hr"]


def test_the_id_is_that_of_the_provider_and_the_programme() -> None:
    found = document("hko_3d")

    assert identifier_of(found) == identifier_of(document("hko_3d"))
    assert identifier_of(found) != identifier_of(changed("hko_3d", version="2"))
    assert identifier_of(found) != identifier_of(document("mcvet_3d_me"))
    assert built(found)["id"] == identifier_of(found)


def test_an_unknown_code_is_refused_at_its_path() -> None:
    (problem,) = check(changed("hko_3d", isced_f=("č1",)))

    assert problem.path == "programme.isced_f"


def test_a_fault_of_the_provider_is_told_of_the_provider() -> None:
    found = document("hko_3d")
    assert found.provider is not None
    wrong = replace(found.provider, homepage="not an address")

    (problem,) = check(replace(found, provider=wrong))

    assert problem.path == "provider.homepage"


def test_an_opportunity_that_says_everything_conforms() -> None:
    agency = Organisation(
        legal_name={"hr": "Agencija Žižić", "sr-Cyrl": "Агенција"},
        address=Address(country="HR"),
        id="https://credentials.example.org/org/agencija-ž",
    )
    found = changed(
        "hko_3d",
        funding=Funding(scheme="voucher", text={"hr": "Vaučer"}),
        credits=(Credit("CSVET", "3"), Credit("ECTS", "1", True)),
    )
    assert found.provider is not None
    decision = Accreditation("institutional_license", {"hr": "Dozvola"}, body=agency)
    provider = replace(
        found.provider, deqar_id="DEQARINST0001", accreditations=(decision,)
    )
    quality = found.programme.quality_assurance
    assert quality is not None
    measures = (
        *quality.types,
        QualityMeasure("external", "review", "ESG", body=agency),
    )
    programme = replace(
        found.programme, quality_assurance=replace(quality, types=measures)
    )
    full = replace(
        found, provider=provider, programme=programme, awarding_bodies=(agency,)
    )

    made = built(full)

    assert violations(made) == set()
    assert at(made, "providedBy.accreditation.accreditingAgent.legalName.hr")


# --- the command ---------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(
        app, ["export-programme", *map(str, arguments)], env={"COLUMNS": "200"}
    )


def test_the_command_writes_the_opportunity_and_counts_what_stays_behind(
    tmp_path: Path,
) -> None:
    out = tmp_path / "opportunity.jsonld"

    done = run(PROGRAMMES / "mcvet_3d_me.json", "--out", out)

    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(out)
    assert json.loads(out.read_text("utf-8")) == built(document("mcvet_3d_me"))
    assert "Osnove 3D štampe" in out.read_text("utf-8")
    assert "not at all" in done.stderr


def test_the_command_tells_each_loss_with_its_reason() -> None:
    done = run(PROGRAMMES / "hko_3d.json", "--json")

    told = json.loads(done.stdout)
    assert told["opportunity"]["type"] == "LearningOpportunity"
    losses = {row["path"]: row["why"] for row in told["not_expressed"]}
    assert losses["programme.version"] == "ELM has no version of a programme"


@each
def test_the_triples_are_those_of_the_official_contexts(
    of: ProgrammeDocument, tmp_path: Path
) -> None:
    file, out = tmp_path / "programme.json", tmp_path / "opportunity.nt"
    file.write_text(of.to_json(), encoding="utf-8")

    done = run(file, "--as", "n-triples", "--out", out)

    assert done.exit_code == 0, done.output
    graph = rdflib.Graph().parse(data=out.read_text("utf-8"), format="nt")
    assert len(graph) > 100
    assert isomorphic(graph, triples(built(of), "3.2"))


def test_triples_are_printed_where_no_file_is_named() -> None:
    done = run(PROGRAMMES / "mcvet_3d_me.json", "--as", "n-triples")

    assert done.exit_code == 0, done.output
    assert "Osnove 3D štampe" in done.stdout
    assert done.stdout.splitlines()[0].endswith(" .")


def test_the_programme_itself_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "programme.json"
    file.write_bytes((PROGRAMMES / "hko_3d.json").read_bytes())
    before = file.read_bytes()

    assert run(file, "--out", file).exit_code == 2
    assert file.read_bytes() == before


def test_a_record_of_an_award_is_no_programme() -> None:
    done = run(RECORDS / "mcvet_3d_si.json")

    assert isinstance(done.exception, RecordError)
    assert done.exception.problems[0].code == "wrong-document"
