"""Every element in every kind of document: present, partial, missing."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from conftest import ROOT, shared_file
from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.completeness import completeness
from edc_issuer.rules.elements import Inspected, Kind, Presence, answer, elements
from edc_issuer.rules.paths import parse
from edc_issuer.rules.profiles import PROFILES, ProfileElement, annex1, profile
from element_worlds import KINDS, document, every, full, partial, without
from world import record_dict

ROWS = {
    row.id: row for name in PROFILES for row in (*annex1(), *profile(name).elements)
}
EACH = [(own_id, kind) for own_id in ROWS for kind in KINDS]
each_row = pytest.mark.parametrize(("own_id", "kind"), EACH)


def paths_of(own_id: str, kind: str) -> list[str]:
    return list(full(ROWS[own_id].expressions[kind]))


# A badge can say some elements in part only, and most elements have no half.
each_that_can_be_whole = pytest.mark.parametrize(
    ("own_id", "kind"), [one for one in EACH if paths_of(*one)]
)
each_that_can_be_half = pytest.mark.parametrize(
    ("own_id", "kind"),
    [
        (own_id, kind)
        for own_id, kind in EACH
        if partial(ROWS[own_id].expressions[kind])
    ],
)
# Filters and kinds of values put something of their own into the document.
each_of_plain_texts = pytest.mark.parametrize(
    ("own_id", "kind"),
    [
        one
        for one in EACH
        if paths_of(*one) and not any(set("[#") & set(p) for p in paths_of(*one))
    ],
)
COUNTED = {"EU": 11, "SI": 10, "HR": 10, "RS": 9, "ME": 10, "BA-HNK": 13, "S4G": 11}
ROWS_OF = {**COUNTED, "EU": 16, "S4G": 17}


def presence(own_id: str, found: dict[str, Any]) -> Presence:
    inspected = Inspected.of(found)
    return answer(inspected, ROWS[own_id].expressions[inspected.expressions]).presence


def expression(own_id: str, kind: str) -> Any:
    return ROWS[own_id].expressions[kind]


@each_that_can_be_whole
def test_an_element_is_present_where_its_paths_hold_something(
    own_id: str, kind: str
) -> None:
    found = document(kind, paths_of(own_id, kind))

    assert presence(own_id, found) is Presence.PRESENT


@each_row
def test_an_element_is_missing_in_an_empty_document(own_id: str, kind: str) -> None:
    wanted = Presence.MISSING if own_id != "S4G.17" else Presence.NOT_APPLICABLE

    assert presence(own_id, document(kind, [])) is wanted


@each_that_can_be_half
def test_an_element_is_partial_where_only_a_part_is_there(
    own_id: str, kind: str
) -> None:
    found = document(kind, partial(expression(own_id, kind)))

    assert presence(own_id, found) is Presence.PARTIAL


@each_of_plain_texts
def test_blank_texts_and_empty_objects_say_nothing(own_id: str, kind: str) -> None:
    silent: Any = {"prefLabel": {"sl": " ", "en": ""}, "list": [[]]}
    if kind != "record":
        silent["type"] = "Concept"

    found = document(kind, paths_of(own_id, kind), **{"": silent})

    assert presence(own_id, found) is Presence.MISSING


@pytest.mark.parametrize("kind", ["record", "elm"])
@pytest.mark.parametrize("own_id", ["A1.08", "A1.10"])
def test_what_does_not_apply_needs_its_reason(own_id: str, kind: str) -> None:
    paths = expression(own_id, kind)["not_applicable"]

    assert presence(own_id, document(kind, paths)) is Presence.NOT_APPLICABLE
    assert presence(own_id, document(kind, [])) is Presence.MISSING


@pytest.mark.parametrize(
    ("own_id", "kind", "wrong"),
    [
        ("A1.05", "record", {"day": "20. 11. 2025"}),
        ("A1.05", "elm", {"moment": "2025-11-20T00:00:00"}),
        ("A1.05", "ob3", {"moment": "včeraj"}),
        ("A1.03", "record", {"country": "SLO"}),
        ("A1.03", "elm", {"country": {"id": "https://example.org/country/SVN"}}),
        ("A1.07", "record", {"positive": 0}),
        ("A1.07", "elm", {"duration": "15 ur"}),
        ("SI.7", "elm", {"duration": "PT0H"}),
        ("ME.9", "record", {"day": "30. februar"}),
    ],
)
def test_what_cannot_be_read_is_invalid(
    own_id: str, kind: str, wrong: dict[str, Any]
) -> None:
    paths = list(full(expression(own_id, kind)))

    assert presence(own_id, document(kind, paths, **wrong)) is Presence.INVALID
    assert presence(own_id, document(kind, paths)) is Presence.PRESENT


@pytest.mark.parametrize("own_id", [e.id for e in elements().values()])
@pytest.mark.parametrize("name", ["mcvet_3d_si", "hko_microqualification"])
def test_a_real_record_loses_an_element_with_its_fields(own_id: str, name: str) -> None:
    found = record_dict(name)
    bare = without(found, expression(own_id, "record"))

    assert presence(own_id, bare) is Presence.MISSING
    if presence(own_id, found) is Presence.MISSING:
        assert own_id in {"A1.O1"}


@cache
def credential(model: str, name: str) -> dict[str, Any]:
    folder = {"elm": "expected_elm", "ob3": "expected_ob3"}[model]
    suffix = {"elm": "jsonld", "ob3": "json"}[model]
    path = shared_file(f"domain/fixtures/{folder}/{name}.{suffix}")
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


@pytest.mark.parametrize("own_id", [e.id for e in elements().values()])
@pytest.mark.parametrize("model", ["elm", "ob3"])
def test_a_real_credential_loses_an_element_with_its_properties(
    own_id: str, model: str
) -> None:
    found = credential(model, "hko_microqualification")

    bare = without(found, expression(own_id, model))

    assert presence(own_id, bare) is Presence.MISSING
    if (own_id, model) != ("A1.O1", "ob3"):  # the example says it in the criteria
        assert presence(own_id, found) in (Presence.PRESENT, Presence.PARTIAL)


@pytest.mark.parametrize("name", PROFILES)
def test_each_list_has_its_rows_and_its_n(name: str) -> None:
    found = completeness(record_dict("mcvet_3d_si"), profile=name)

    assert len(found.rows) == ROWS_OF[name]
    assert found.score.of == COUNTED[name] == len(profile(name).counted)
    assert found.annex1_score.of == 11


def test_every_expression_uses_only_known_words() -> None:
    words = {
        *("first", "all_of", "any_of", "weak", "unless", "not_applicable"),
        *("should", "by_library"),
    }

    for row in ROWS.values():
        for kind in KINDS:
            assert set(row.expressions[kind]) <= words, row.id
            for path in every(row.expressions[kind]):
                assert parse(path)


def test_a_name_alone_or_a_number_alone_is_half_a_learner() -> None:
    name = {"given_name": "Đurđa", "family_name": "Čolić"}
    found = {"record_version": "1", "learner": name}

    assert presence("A1.01", found) is Presence.PARTIAL
    assert presence("A1.01", {**found, "learner": {"internal_id": "7"}}) is (
        Presence.PARTIAL
    )
    both = {**name, "email": "djurdja@example.org"}
    assert presence("A1.01", {**found, "learner": both}) is Presence.PRESENT


def test_a_badge_knows_its_learner_by_a_hashed_identifier() -> None:
    def badge(*kinds: str) -> dict[str, Any]:
        identities = [
            {"type": "IdentityObject", "identityHash": "x", "identityType": kind}
            for kind in kinds
        ]
        own = document("ob3", [])
        return {**own, "credentialSubject": {"identifier": identities}}

    assert presence("A1.01", badge("ext:name")) is Presence.PARTIAL
    assert presence("A1.01", badge("emailAddress")) is Presence.PRESENT


def test_quality_assurance_in_words_is_partial_and_typed_is_present() -> None:
    in_words = {"scope": "external", "kind": "chamber", "text": {"sl": "zbornica"}}
    typed = {**in_words, "accreditation_type": "institutional_license"}

    def of(measure: dict[str, Any]) -> dict[str, Any]:
        quality = {"types": [measure]}
        return {"record_version": "1", "programme": {"quality_assurance": quality}}

    assert presence("A1.11", of(in_words)) is Presence.PARTIAL
    assert presence("A1.11", of(typed)) is Presence.PRESENT


def test_indicative_credits_are_no_workload_and_slovenia_wants_hours() -> None:
    def of(**programme: Any) -> dict[str, Any]:
        return {"record_version": "1", "programme": programme}

    indicative = of(credits=[{"system": "ECTS", "points": "2", "indicative": True}])
    awarded = of(credits=[{"system": "ECTS", "points": "2", "indicative": False}])
    hours = of(workload={"hours": 50})

    assert presence("A1.07", indicative) is Presence.PARTIAL
    assert presence("A1.07", awarded) is Presence.PRESENT
    assert presence("SI.7", awarded) is Presence.PARTIAL
    assert presence("SI.7", hours) is Presence.PRESENT
    assert presence("ME.4", indicative) is Presence.PARTIAL
    assert presence("ME.4", hours) is Presence.MISSING


def test_the_canton_wants_its_region_and_hours_for_each_module() -> None:
    found = record_dict("mcvet_3d_ba_hnk")
    assert presence("BA-HNK.3", found) is Presence.PRESENT
    assert presence("BA-HNK.5", found) is Presence.PRESENT

    del found["issuer"]["address"]["region"]
    for unit in found["programme"]["units"]:
        del unit["hours"]

    assert presence("BA-HNK.3", found) is Presence.PARTIAL
    assert presence("BA-HNK.5", found) is Presence.PARTIAL
    assert presence("A1.03", found) is Presence.PRESENT


def test_a_participation_claims_no_outcome() -> None:
    found = record_dict("microquest_participation")
    assert presence("A1.06", found) is Presence.MISSING

    found["credential_kind"] = "micro_credential"
    found["award"]["validation_basis"] = "course"
    found["programme"]["kind"] = "micro_credential"

    assert presence("A1.06", found) is Presence.PRESENT


def test_a_part_is_enough_where_only_a_part_is_asked_for() -> None:
    found = record_dict("mcvet_3d_rs")
    found["programme"]["level"]["nqf"] = None
    found["programme"]["level"]["eqf"] = 4

    result = completeness(found, profile="RS")

    level = next(row for row in result.rows if row.element.id == "RS.7")
    assert level.status is Presence.PARTIAL
    assert level.is_met


def test_a_programme_alone_leaves_the_award_for_later() -> None:
    path = ROOT / "fixtures/programmes/mcvet_3d_me.json"
    document_ = ProgrammeDocument.from_json(path.read_bytes())

    own = completeness(document_, profile="ME")
    other = completeness(document_, profile="RS")

    assert own.kind is Kind.PROGRAMME
    assert str(own.score) == "10/10"
    later = {r.element.id for r in own.annex1 if r.status is Presence.NOT_YET}
    assert later == {"A1.01", "A1.05", "A1.04", "A1.O3"} - {
        r.element.id for r in own.annex1 if r.status is Presence.PRESENT
    }
    waiting = {r.element.id for r in other.rows if r.status is Presence.NOT_YET}
    assert {"RS.1", "RS.5"} <= waiting
    assert other.lacking == ()


def test_what_belongs_to_the_specification_is_missing_in_a_programme() -> None:
    path = ROOT / "fixtures/programmes/mcvet_3d_me.json"
    found = json.loads(path.read_text("utf-8"))
    del found["programme"]["adoption"], found["programme"]["entry_requirements"]

    result = completeness(found, profile="ME")

    assert [row.element.id for row in result.lacking] == ["ME.3", "ME.8", "ME.9"]


def test_a_record_a_mapping_and_an_inspected_one_are_the_same() -> None:
    plain = record_dict()
    made = CredentialRecord.from_dict(plain)

    found = [
        completeness(one, profile="S4G") for one in (plain, made, Inspected.of(plain))
    ]

    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    "junk", [None, 3, "x", [], {}, {"type": "Person"}, {"type": [3, None, {}]}]
)
def test_what_is_neither_record_nor_credential_is_refused(junk: Any) -> None:
    with pytest.raises(ValueError, match="neither a record"):
        completeness(junk, profile="EU")


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(KeyError):
        completeness(record_dict(), profile="XX")


def test_labels_are_in_the_language_of_the_country_or_near() -> None:
    row: ProfileElement = profile("BA-HNK").elements[0]

    assert row.label("bs") == row.labels["bs"]
    assert row.label("hr") == row.labels["hr"]
    assert row.label("sl") == row.labels["sl"]
    assert row.label("de") == row.labels["en"]
    assert profile("BA-HNK").is_back_translated
    assert not profile("SI").is_back_translated
