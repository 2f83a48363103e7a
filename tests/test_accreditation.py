"""`issuer.accredited`: covered only where somebody's data say everything needed.

Each file that is not covered stands beside its twin that is. The question is not a
required one: whatever it answers, the outcome stays what the seal proves.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from attacks.workshop import (
    SCHOOL,
    SL_NAME,
    Json,
    answer,
    badge,
    changed,
    edc,
    encoded,
    organisation,
    proved,
    school,
    sealed,
    verify,
)
from conftest import ROOT
from edc_issuer.cli import app
from edc_issuer.errors import ConfigError
from edc_issuer.messages import LANGUAGES, REASONS, Messages
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Accreditations, Mandate, Trust
from edc_issuer.trust.accreditation import MAX_ENTRIES, Limit, jurisdiction
from edc_issuer.trust.additions import add_issuer
from edc_issuer.trust.anchors import TrustedIssuer
from edc_issuer.verify.accreditation import MAX_AWARDS, awards
from test_mandates import MANDATOR, by_mandate, stated
from world import issued, world

ACCREDITED = "issuer.accredited"
EU = "http://publications.europa.eu/resource/authority"
SNB = "http://data.europa.eu/snb"
AGENCY = {"legalName": {"sl": "Agencija za kakovost Žiža"}}
GOOD: Json = {
    "type": "Accreditation",
    "title": {"sl": "Institucionalna akreditacija"},
    "dcType": {"id": f"{SNB}/accreditation/003293d2ce"},
    "organisation": {
        "legalName": {"sl": SL_NAME},
        "eIDASIdentifier": {"notation": SCHOOL.identifier},
    },
    "accreditingAgent": AGENCY,
    "decision": "positive",
    "dateIssued": "2020-09-01",
    "expiryDate": "2027-08-31",
    "limitEQFLevel": [4, "EQF 5"],
    "limitField": ["08"],
    "limitJurisdiction": "SI",
    "limitCredentialType": f"{SNB}/credential/e34929035b",
}


def concept(path: str) -> Json:
    return {"id": f"{SNB}/{path}", "type": "Concept"}


def country(code: str) -> Json:
    return {"id": f"{EU}/country/{code}", "type": "Concept"}


def where(code: str) -> Json:
    address = {"type": "Address", "countryCode": country(code)}
    return {"type": "Location", "address": address}


def spec(**changes: Any) -> Json:
    made = {
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": {"sl": "Čebelar"},
        "eqfLevel": concept("eqf/4"),
        "thematicArea": [concept("isced-f/0811")],
    }
    return changed(made, changes)


def credential(*, claim: Json | None = None, **changes: Any) -> Json:
    document = edc(
        issuer=organisation(location=where("SVN")),
        credentialProfiles=[concept("credential/e34929035b")],
    )
    own = document["credentialSubject"]["hasClaim"]
    own["specifiedBy"] = spec()
    own["awardedBy"]["awardingDate"] = "2025-06-20T12:00:00Z"
    own.update(claim or {})
    return changed(document, changes)


def loaded(tmp_path: Path, *entries: Json) -> Accreditations:
    path = tmp_path / "accreditations.json"
    path.write_text(json.dumps({"accreditations": entries}, ensure_ascii=False))
    return Accreditations.load(path)


def asked(
    tmp_path: Path, *entries: Json, document: Json | None = None, **changes: Any
) -> Report:
    """The report on a file by somebody who keeps these accreditations."""
    trust = replace(
        school().trust, accreditations=loaded(tmp_path, *entries), **changes
    )
    report = verify(sealed(credential=document or credential()), trust=trust)
    assert report.outcome is Outcome.PASSED
    return report


def assert_covered(report: Report) -> None:
    assert answer(report, ACCREDITED) == "pass accredited"


# --- covered ---


def test_an_award_within_every_limit_is_covered(tmp_path: Path) -> None:
    report = asked(tmp_path, GOOD)

    assert_covered(report)
    evidence = report.check(ACCREDITED).evidence
    assert evidence["source"] == "Agencija za kakovost Žiža"
    assert evidence["considered"][0]["from"] == "2020-09-01"
    assert "Agencija za kakovost Žiža" in report.to_text(language="sl", verbose=True)


@pytest.mark.parametrize("name", ["dateIssued", "expiryDate"])
def test_the_first_and_the_last_day_are_within(name: str, tmp_path: Path) -> None:
    assert_covered(asked(tmp_path, {**GOOD, name: "2025-06-20"}))


def test_a_day_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    document = credential()
    process = document["credentialSubject"]["hasClaim"]["awardedBy"]
    process["awardingDate"] = "20. junij 2025"

    report = asked(tmp_path, GOOD, document=document)

    assert answer(report, ACCREDITED) == "undecided accreditation.incomplete"
    assert report.check(ACCREDITED).evidence["missing"] == ["day"]


def test_a_limit_that_is_said_to_be_open_is_none(tmp_path: Path) -> None:
    names = (
        "limitEQFLevel",
        "limitField",
        "limitJurisdiction",
        "limitCredentialType",
        "expiryDate",
    )
    bare = spec(eqfLevel=None, thematicArea=None)

    report = asked(
        tmp_path,
        {**GOOD, **dict.fromkeys(names, "*")},
        document=credential(claim={"specifiedBy": bare}),
    )

    assert_covered(report)


def test_a_national_level_counts_where_the_decision_names_one(tmp_path: Path) -> None:
    level = concept("qdr/c_66d10210")  # SI/4
    document = credential(claim={"specifiedBy": spec(eqfLevel=None, nqfLevel=level)})
    national = {**changed(GOOD, {"limitEQFLevel": None}), "limitNQFLevel": ["SI/4"]}
    other = {**national, "limitNQFLevel": ["SI/6"]}

    assert_covered(asked(tmp_path, national, document=document))
    report = asked(tmp_path, other, document=document)
    assert answer(report, ACCREDITED) == "undecided accreditation.other-level"


def test_conditions_are_told(tmp_path: Path) -> None:
    decision = {"prefLabel": {"en": "Positive with conditions or restrictions"}}

    report = asked(tmp_path, {**GOOD, "decision": decision})

    assert_covered(asked(tmp_path, GOOD))
    assert answer(report, ACCREDITED) == "warn accreditation.conditional"


def test_one_award_under_conditions_is_told_among_others(tmp_path: Path) -> None:
    document = credential()
    first = document["credentialSubject"]["hasClaim"]
    second = {**copy.deepcopy(first), "specifiedBy": spec(eqfLevel=concept("eqf/7"))}
    document["credentialSubject"]["hasClaim"] = [first, second]
    words = "positive with conditions or restrictions"
    of_second = {**GOOD, "limitEQFLevel": [7], "decision": words}

    report = asked(tmp_path, GOOD, of_second, document=document)

    assert answer(report, ACCREDITED) == "warn accreditation.conditional"


def test_every_profile_of_the_credential_must_be_covered(tmp_path: Path) -> None:
    generic, other = concept("credential/e34929035b"), concept("credential/6cf8e68c43")
    document = credential(credentialProfiles=[generic, other])
    both = {**GOOD, "limitCredentialType": ["e34929035b", "6cf8e68c43"]}

    report = asked(tmp_path, GOOD, document=document)

    assert_covered(asked(tmp_path, both, document=document))
    assert answer(report, ACCREDITED) == "undecided accreditation.other-kind"


def test_the_better_of_two_accreditations_counts(tmp_path: Path) -> None:
    ended = {**GOOD, "expiryDate": "2021-08-31"}

    assert_covered(asked(tmp_path, ended, GOOD))
    assert_covered(asked(tmp_path, GOOD, ended))


# --- not covered: each beside its twin ---

_UNCOVERED: list[tuple[Json, str]] = [
    ({"expiryDate": "2025-06-19"}, "expired"),
    ({"dateIssued": "2025-06-21"}, "not-yet"),
    ({"limitEQFLevel": [5, 6]}, "other-level"),
    ({"limitField": ["09", "0812"]}, "other-field"),
    ({"limitJurisdiction": "HR"}, "other-place"),
    ({"limitCredentialType": "6cf8e68c43"}, "other-kind"),
    ({"limitQualification": {"id": "urn:epass:qualification:2"}}, "other-programme"),
    ({"decision": "negative"}, "refused"),
    ({"status": "Withdrawn"}, "refused"),
    ({"limitEQFLevel": None}, "incomplete"),
    ({"limitField": None}, "incomplete"),
    ({"limitJurisdiction": None}, "incomplete"),
    ({"limitCredentialType": None}, "incomplete"),
    ({"dateIssued": None}, "incomplete"),
    ({"expiryDate": None}, "incomplete"),
    ({"decision": None}, "incomplete"),
    ({"decision": "applied for"}, "incomplete"),
    ({"dcType": None}, "incomplete"),
    ({"dcType": "programme_license"}, "incomplete"),
]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(change, reason, id=f"{next(iter(change))}-{reason}")
        for change, reason in _UNCOVERED
    ],
)
def test_what_is_outside_or_unsaid_leaves_the_question_open(
    changes: Json, reason: str, tmp_path: Path
) -> None:
    report = asked(tmp_path, changed(GOOD, changes))

    assert_covered(asked(tmp_path, GOOD))
    assert answer(report, ACCREDITED) == f"undecided accreditation.{reason}"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        pytest.param({"specifiedBy": spec(eqfLevel=None)}, "incomplete", id="no-level"),
        pytest.param(
            {"specifiedBy": spec(eqfLevel=concept("eqf/8"))}, "other-level", id="eqf-8"
        ),
        pytest.param(
            {"specifiedBy": spec(eqfLevel=concept("eqf/99"))},
            "other-level",
            id="no-known-level",
        ),
        pytest.param(
            {"specifiedBy": spec(thematicArea=None)}, "incomplete", id="no-field"
        ),
        pytest.param(
            {
                "specifiedBy": spec(
                    thematicArea=[concept("isced-f/0811"), concept("isced-f/0912")]
                )
            },
            "other-field",
            id="two-fields-one-of-them-another",
        ),
        pytest.param({"specifiedBy": None}, "incomplete", id="nothing-is-said"),
        pytest.param(
            {
                "hasPart": {
                    "type": "LearningAchievement",
                    "specifiedBy": spec(eqfLevel=concept("eqf/8")),
                }
            },
            "other-level",
            id="a-doctorate-as-a-part",
        ),
        pytest.param(
            {"specifiedBy": spec(hasPart=[spec(eqfLevel=concept("eqf/8"))])},
            "other-level",
            id="a-doctorate-as-a-part-of-the-programme",
        ),
    ],
)
def test_what_the_file_leaves_out_is_never_taken_for_covered(
    claim: Json, reason: str, tmp_path: Path
) -> None:
    report = asked(tmp_path, GOOD, document=credential(claim=claim))

    assert_covered(asked(tmp_path, GOOD))
    assert answer(report, ACCREDITED) == f"undecided accreditation.{reason}"


def test_a_part_that_says_nothing_of_its_own_is_as_the_whole(tmp_path: Path) -> None:
    part = {"type": "LearningAchievement", "title": {"sl": "Oprema"}}

    assert_covered(
        asked(tmp_path, GOOD, document=credential(claim={"hasPart": [part]}))
    )


def test_every_award_needs_its_accreditation(tmp_path: Path) -> None:
    document = credential()
    first = document["credentialSubject"]["hasClaim"]
    second = {**copy.deepcopy(first), "id": "urn:epass:learningAchievement:2"}
    second["specifiedBy"] = spec(eqfLevel=concept("eqf/7"))
    document["credentialSubject"]["hasClaim"] = [first, second]
    wider = {**GOOD, "limitEQFLevel": ["7"]}

    report = asked(tmp_path, GOOD, document=document)

    assert_covered(asked(tmp_path, GOOD, wider, document=document))
    assert answer(report, ACCREDITED) == "undecided accreditation.other-level"


def test_an_accreditation_is_of_one_number_and_one_name(tmp_path: Path) -> None:
    number = {"notation": "NTRSI-7654321"}
    other_number = {**GOOD["organisation"], "eIDASIdentifier": number}
    other_name = {**GOOD["organisation"], "legalName": {"sl": "Šola Drugje"}}

    of_another = asked(tmp_path, {**GOOD, "organisation": other_number})
    renamed = asked(tmp_path, {**GOOD, "organisation": other_name})

    assert_covered(
        asked(tmp_path, {**GOOD, "organisation": [other_number, GOOD["organisation"]]})
    )
    assert answer(of_another, ACCREDITED) == "undecided accreditation.none"
    assert answer(renamed, ACCREDITED) == "undecided accreditation.other-name"


def test_a_programme_is_told_by_its_id_or_number(tmp_path: Path) -> None:
    of_programme = {**GOOD, "dcType": "programme_license"}
    by_id = {"limitQualification": {"id": "urn:epass:qualification:1"}}
    by_number = {"limitQualification": {"identifier": {"notation": "SI-1234"}}}
    numbered = spec(identifier={"type": "Identifier", "notation": "SI-1234"})

    assert_covered(asked(tmp_path, {**of_programme, **by_id}))
    report = asked(tmp_path, {**of_programme, **by_number})
    assert answer(report, ACCREDITED) == "undecided accreditation.other-programme"
    assert_covered(
        asked(
            tmp_path,
            {**of_programme, **by_number},
            document=credential(claim={"specifiedBy": numbered}),
        )
    )


def test_a_region_is_within_its_country_and_not_the_other_way(tmp_path: Path) -> None:
    document = credential()
    process = document["credentialSubject"]["hasClaim"]["awardedBy"]
    code = {"id": f"{EU}/atu/SVN_LJU", "type": "Concept"}
    process["location"] = {"type": "Location", "spatialCode": code}
    region = {**GOOD, "limitJurisdiction": f"{EU}/atu/SVN_LJU"}

    assert_covered(asked(tmp_path, GOOD, document=document))
    assert_covered(asked(tmp_path, region, document=document))
    report = asked(tmp_path, region)
    assert answer(report, ACCREDITED) == "undecided accreditation.other-place"
    assert jurisdiction("si") == "SVN"


# --- whose word ---


def test_a_claim_in_the_file_alone_is_never_believed(tmp_path: Path) -> None:
    inside = {**GOOD, "id": "urn:epass:accreditation:1"}
    evidence = {
        "id": "urn:epass:evidence:1",
        "type": "Evidence",
        "dcType": concept("evidence-type/c_991b06c6"),
        "accreditation": inside,
    }
    document = credential(evidence=evidence)

    report = verify(sealed(credential=document))

    assert report.outcome is Outcome.PASSED
    assert answer(report, ACCREDITED) == "undecided stated"
    assert_covered(asked(tmp_path, GOOD, document=document))
    of_another = {
        **GOOD,
        "organisation": {
            **GOOD["organisation"],
            "eIDASIdentifier": {"notation": "NTRSI-7654321"},
        },
    }
    elsewhere = asked(tmp_path, of_another, document=document)
    assert answer(elsewhere, ACCREDITED) == "undecided accreditation.none"


def test_nothing_is_asked_where_nobody_keeps_accreditations() -> None:
    report = verify(sealed(credential=credential()))

    assert report.outcome is Outcome.PASSED
    assert answer(report, ACCREDITED) == "skipped not-asked"


def test_the_right_of_whoever_seals_says_nothing_about_another_body(
    tmp_path: Path,
) -> None:
    document = credential()
    process = document["credentialSubject"]["hasClaim"]["awardedBy"]
    process["awardingBody"] = stated(MANDATOR)

    report = asked(tmp_path, GOOD, document=document)

    assert_covered(asked(tmp_path, GOOD))
    assert answer(report, ACCREDITED) == "undecided speaks-for-others"


def test_whoever_is_not_identified_is_not_asked_about(tmp_path: Path) -> None:
    trust = replace(school().trust, accreditations=loaded(tmp_path, GOOD))
    other = organisation(legalName={"sl": "Univerza"}, location=where("SVN"))

    report = verify(sealed(credential=credential(issuer=other)), trust=trust)

    assert_covered(asked(tmp_path, GOOD))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, ACCREDITED) == "undecided blocked"


def test_by_mandate_the_mandator_must_be_accredited(tmp_path: Path) -> None:
    open_ends = dict.fromkeys(
        ("limitEQFLevel", "limitField", "limitJurisdiction", "limitCredentialType"), "*"
    )
    theirs = {
        **GOOD,
        **open_ends,
        "organisation": {
            "legalName": {"sl": MANDATOR.name},
            "registration": MANDATOR.identifier,
        },
    }
    trust = replace(
        school().trust, mandates=(Mandate(SCHOOL.identifier, MANDATOR.identifier),)
    )

    def by(*entries: Json) -> Report:
        kept = replace(trust, accreditations=loaded(tmp_path, *entries))
        report = verify(by_mandate(), trust=kept)
        assert report.outcome is Outcome.PASSED
        return report

    assert_covered(by(theirs))
    report = by({**GOOD, **open_ends})
    assert answer(report, ACCREDITED) == "undecided accreditation.none"


def test_a_badge_says_too_little_to_be_covered_by_limits(tmp_path: Path) -> None:
    names = ("limitEQFLevel", "limitField", "limitJurisdiction", "limitCredentialType")
    own = {"legalName": SL_NAME, "identifier": school().badge.did}
    entry = {**GOOD, "organisation": own}

    def by(one: Json) -> Report:
        kept = replace(school().trust, accreditations=loaded(tmp_path, one))
        return verify(encoded(proved(badge())), trust=kept)

    assert_covered(by({**entry, **dict.fromkeys(names, "*")}))
    assert answer(by(entry), ACCREDITED) == "undecided accreditation.incomplete"


def test_so_many_awards_are_not_looked_at(tmp_path: Path) -> None:
    part = {"type": "LearningAchievement"}

    def with_parts(count: int) -> Json:
        return credential(claim={"hasPart": [part] * count})

    report = asked(tmp_path, GOOD, document=with_parts(MAX_AWARDS))

    assert_covered(asked(tmp_path, GOOD, document=with_parts(MAX_AWARDS - 1)))
    assert answer(report, ACCREDITED) == "undecided accreditation.incomplete"


_KEYS = (
    "hasClaim specifiedBy awardedBy hasPart eqfLevel id location address countryCode "
    "thematicArea identifier notation achievement"
)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(_KEYS.split()),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_awards_of_any_shape_are_read(subject: Any) -> None:
    view = {"credentialSubject": subject, "issuer": subject, "issuanceDate": subject}

    for award in awards(view):
        assert json.dumps(award.to_dict())


# --- the file ---


def test_accreditations_lie_in_the_trust_folder(tmp_path: Path) -> None:
    add_issuer(tmp_path, TrustedIssuer("NTRSI-1", ("Č",), test=True))
    kept = loaded(tmp_path, GOOD)

    trust = Trust.load(tmp_path)

    assert trust.accreditations == kept
    assert trust.accreditations.entries[0].fields == Limit(("08",))
    assert Trust().accreditations == Accreditations()
    assert not Trust().accreditations
    assert len((kept + kept).entries) == 2


def test_codes_and_addresses_mean_the_same(tmp_path: Path) -> None:
    addresses = {
        "limitEQFLevel": [concept("eqf/4"), f"{SNB}/eqf/5"],
        "limitField": concept("isced-f/08"),
        "limitJurisdiction": country("SVN"),
        "dcType": "institutional_license",
        "decision": {"id": "urn:x", "prefLabel": {"en": ["Positive"]}},
        "dateIssued": "2020-09-01T00:00:00+02:00",
        "limitCredentialType": "e34929035b",
    }

    (by_code,) = loaded(tmp_path, GOOD).entries
    (by_address,) = loaded(tmp_path, {**GOOD, **addresses}).entries

    assert by_address == by_code


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"limitFields": ["08"]}, "limitFields", id="misspelt"),
        pytest.param({"limitEQFLevel": [9]}, "limitEQFLevel", id="no-level"),
        pytest.param({"limitEQFLevel": [True]}, "limitEQFLevel", id="a-truth"),
        pytest.param({"limitNQFLevel": ["4"]}, "limitNQFLevel", id="whose-level"),
        pytest.param({"limitField": ["bees"]}, "limitField", id="no-field"),
        pytest.param({"limitJurisdiction": "QQ"}, "limitJurisdiction", id="no-country"),
        pytest.param({"limitQualification": {}}, "limitQualification", id="nothing"),
        pytest.param({"dateIssued": "1. 9. 2020"}, "dateIssued", id="no-date"),
        pytest.param({"expiryDate": 2027}, "expiryDate", id="a-number"),
        pytest.param({"dcType": "licence"}, "dcType", id="no-kind"),
        pytest.param({"organisation": None}, "organisation", id="nobody"),
        pytest.param({"organisation": "Šola"}, "organisation", id="a-text"),
        pytest.param({"accreditingAgent": {}}, "accreditingAgent", id="by-nobody"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_named(
    changes: Json, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=rf"accreditation 2: .*{told}"):
        loaded(tmp_path, GOOD, changed(GOOD, changes))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[]", id="a-list"),
        pytest.param('{"accreditations": {}}', id="no-list"),
        pytest.param('{"accreditations": [], "more": 1}', id="more"),
        pytest.param('{"accreditations": [1]}', id="a-number"),
        pytest.param('{"accreditations": [', id="cut"),
        pytest.param(
            json.dumps({"accreditations": [{}] * (MAX_ENTRIES + 1)}), id="too-many"
        ),
    ],
)
def test_a_file_that_is_no_list_of_accreditations_is_refused(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "accreditations.json"
    path.write_text(text)

    with pytest.raises(ConfigError, match=r"accreditations\.json"):
        Accreditations.load(path)


def test_the_example_of_the_page_is_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "trust.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(\{\"accreditations\".*?)```", page, re.DOTALL)
    path = tmp_path / "accreditations.json"
    path.write_text(example, "utf-8")

    (entry,) = Accreditations.load(path).entries

    assert entry.decision == "positive"
    assert entry.eqf.values == ("4", "5")
    assert entry.no_end
    assert entry.credential_types.open


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_its_sentence(language: str) -> None:
    messages = Messages(language)
    codes = [code for code in REASONS if code.startswith("accreditation.")]

    said = {messages.reason(code, ACCREDITED) for code in codes}

    assert len(codes) == 12
    assert len(said) == len(codes)


def test_a_file_of_accreditations_is_named_at_the_command_line(tmp_path: Path) -> None:
    file, given = tmp_path / "diploma.jsonld", tmp_path / "agencija.json"
    file.write_bytes(issued("edc-jades").data)
    given.write_text(json.dumps({"accreditations": [GOOD]}, ensure_ascii=False))
    words = ["verify", str(file), "--trust", str(world().trust_folder), "--json"]

    alone = CliRunner().invoke(app, words)
    asked_too = CliRunner().invoke(app, [*words, "--accreditation", str(given)])

    said = [
        next(c for c in json.loads(run.stdout)["checks"] if c["id"] == ACCREDITED)
        for run in (alone, asked_too)
    ]
    assert [check["status"] for check in said] == ["skipped", "undecided"]
    assert said[1]["reason"] in REASONS
