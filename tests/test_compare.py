"""Do two files say the same? Each fact, with a pair that does and one that does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import rounds
from edc_issuer.cli import app
from edc_issuer.compare import Answer, Comparison, compare
from edc_issuer.compare.facts import FACTS
from edc_issuer.errors import ConfigError, InputError, RecordError
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.models.base import BuildContext, Media
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord, LegalIdentifier
from generated_records import generated
from test_elm import AT, NAMES, record
from test_ob3 import DID
from test_ob3 import build as build_ob3
from world import issued

each_record = pytest.mark.parametrize("name", NAMES)
NAME = "scouts4green_ecological"


def plain(credential: dict[str, Any]) -> bytes:
    return json.dumps(credential).encode()


def edc(of: CredentialRecord) -> bytes:
    files = {a.path: Media(a.media_type, b"%PDF") for a in of.attachments if a.path}
    context = BuildContext(at=AT, credential_id="urn:uuid:1-2-3", files=files)
    return plain(ELM.build(of, context).credential)


def badge(of: CredentialRecord, **options: Any) -> bytes:
    return plain(build_ob3(of, issuer_id=DID, **options).credential)


def answers(found: Comparison) -> dict[str, str]:
    return {row.fact: row.answer.value for row in found.facts}


@each_record
def test_an_edc_and_a_badge_of_one_record_say_the_same(name: str) -> None:
    source = record(name)

    found = compare(edc(source), badge(source))

    apart = {fact for fact, answer in answers(found).items() if answer not in OPEN}
    assert apart == set()
    assert found.same


OPEN = (Answer.SAME.value, Answer.UNSAYABLE.value)


@each_record
def test_they_do_in_every_language_of_the_record(name: str) -> None:
    source = record(name)

    for language in source.languages:
        found = compare(edc(source), badge(source, language=language))
        assert found.language == language
        assert found.same, [row for row in found.facts if row.answer.value not in OPEN]


@each_record
def test_most_facts_can_be_compared(name: str) -> None:
    source = record(name)

    found = answers(compare(edc(source), badge(source)))

    assert [*found.values()].count("same") > 0.75 * len(found)


def programme(**changes: Any) -> Callable[[CredentialRecord], CredentialRecord]:
    return lambda of: replace(of, programme=replace(of.programme, **changes))


def award(**changes: Any) -> Callable[[CredentialRecord], CredentialRecord]:
    return lambda of: replace(of, award=replace(of.award, **changes))


def learner(**changes: Any) -> Callable[[CredentialRecord], CredentialRecord]:
    return lambda of: replace(of, learner=replace(of.learner, **changes))


def inside(path: str, **changes: Any) -> Callable[[CredentialRecord], CredentialRecord]:
    """The record with a part of its programme changed."""

    def changed(of: CredentialRecord) -> CredentialRecord:
        part = replace(getattr(of.programme, path), **changes)
        return programme(**{path: part})(of)

    return changed


def fewer_outcomes(of: CredentialRecord) -> CredentialRecord:
    return programme(outcomes=of.programme.outcomes[1:])(of)


def more_points(of: CredentialRecord) -> CredentialRecord:
    assert of.award.result
    return award(result=replace(of.award.result, points=Decimal(99)))(of)


def other_issuer(of: CredentialRecord) -> CredentialRecord:
    name = {tag: f"{text} Ž" for tag, text in of.issuer.legal_name.items()}
    issuer = replace(of.issuer, legal_name=name)
    return replace(of, issuer=issuer, awarding_bodies=(issuer,))


Change = Callable[[CredentialRecord], CredentialRecord]
CHANGES: dict[str, Change] = {
    "learner.name": learner(given_name="Đorđe"),
    "learner.email": learner(email="drug@zgled.example"),
    "learner.number": learner(internal_id="2025-9999"),
    "title": programme(title={"sl": "Čisto drugo", "en": "Another one"}),
    "description": programme(description={"sl": "Žaba", "en": "Frog"}),
    "code": programme(code="X"),
    "issuer.name": other_issuer,
    "awarding-body.name": other_issuer,
    "awarded": award(date_awarded=date(2025, 11, 19)),
    "valid-from": award(valid_from=date(2025, 11, 19)),
    "valid-until": award(valid_until=date(2030, 11, 19)),
    "certificate": award(certificate_number="ŽŠ-1"),
    "outcomes": fewer_outcomes,
    "workload": inside("workload", hours=Decimal(16)),
    "credits.indicative": programme(credits=()),
    "level": inside("level", eqf=5),
    "level.basis": inside("level", basis="where_possible"),
    "assessment": inside("assessment", title={"sl": "Ustno", "en": "Oral"}),
    "assessment.type": inside("assessment", type="portfolio"),
    "assessment.limits": inside("assessment", pass_points=Decimal(70)),
    "supervision": inside("assessment", supervision="unsupervised_id"),
    "result": more_points,
    "quality": programme(quality_assurance=None),
    "setting": programme(learning_setting="formal"),
    "participation": programme(delivery_mode="online", participation_form=None),
    "field": programme(isced_f=("0520",)),
    "entry": programme(entry_requirements={"sl": "Starost 15 let", "en": "Age 15"}),
    "stacking": inside("stacking", options=("standalone",)),
    "stacking.codes": inside("stacking", part_of=()),
    "basis": award(validation_basis="validation_of_informal"),
    "evidence": lambda of: replace(of, evidence=()),
    "kind": lambda of: replace(of, credential_kind="certificate"),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("fact", CHANGES)
def test_what_one_of_two_says_otherwise_is_found(fact: str) -> None:
    source = record(NAME)
    changed = CHANGES[fact](source)

    for files in ((edc(source), badge(changed)), (edc(changed), badge(source))):
        found = compare(*files)
        assert answers(found)[fact] in ("differs", "only-in-a", "only-in-b")
        assert not found.same


def test_a_fact_that_nobody_tells_is_not_listed() -> None:
    found = compare(edc(record(NAME)), badge(record(NAME)))

    assert "valid-until" not in answers(found)


def test_two_edcs_are_compared_with_all_their_facts() -> None:
    one, other = record(NAME), learner(date_of_birth=date(2001, 2, 3))(record(NAME))

    assert compare(edc(one), edc(one)).same
    assert answers(compare(edc(one), edc(other)))["learner.born"] == "differs"


# --- what no named fact asks for ----------------------------------------------------

Json = dict[str, Any]
DIFFERENT: dict[str, Change] = {
    "learner.national_id.value": learner(
        national_id=LegalIdentifier("0101990500003", "SI")
    ),
    "learner.national_id.country": learner(
        national_id=LegalIdentifier("1403007505123", "HR")
    ),
    "programme.title": lambda of: programme(
        title={**of.programme.title, "en": "Doctor of Medicine"}
    )(of),
    "programme.outcomes.type": lambda of: programme(
        outcomes=(
            replace(of.programme.outcomes[0], type="competence"),
            *of.programme.outcomes[1:],
        )
    )(of),
    "programme.units.title": lambda of: programme(
        units=(
            replace(of.programme.units[0], title={"sl": "Nevrokirurgija"}),
            *of.programme.units[1:],
        )
    )(of),
    "programme.quality_assurance.types.text": lambda of: inside(
        "quality_assurance",
        types=tuple(
            replace(item, text={**(item.text or {}), "en": "Accredited"})
            for item in of.programme.quality_assurance.types  # type: ignore[union-attr]
        ),
    )(of),
    "programme.assessment.criteria": inside("assessment", criteria={"sl": "Žaba"}),
    "programme.level.assigned_by": inside("level", assigned_by="Ministrstvo"),
    "programme.homepage": programme(homepage="https://evil.example/"),
    "award.result.date": lambda of: award(
        result=replace(of.award.result, date=date(2025, 11, 1))  # type: ignore[type-var]
    )(of),
    "award.place.locality": lambda of: award(
        place=replace(of.award.place, locality="Zagreb")  # type: ignore[type-var]
    )(of),
    "learner.phone": learner(phone="+386 9"),
}


def known() -> CredentialRecord:
    return learner(national_id=LegalIdentifier("1403007505123", "SI"))(record(NAME))


@pytest.mark.parametrize("path", DIFFERENT)
def test_two_edcs_that_differ_anywhere_do_not_say_the_same(path: str) -> None:
    one, other = edc(known()), edc(DIFFERENT[path](known()))

    found = compare(one, other, language="sl")

    assert path in {row.fact for row in found.rest}
    assert found.answer == "different"
    assert compare(one, one).answer == "same"


def test_a_value_of_the_learner_is_not_repeated() -> None:
    path = "learner.national_id.value"

    (row,) = compare(edc(known()), edc(DIFFERENT[path](known()))).rest

    assert (row.fact, row.a, row.b) == (path, None, None)


IN_BOTH = {
    "programme.version": programme(version="7"),
    "programme.outcomes.type": DIFFERENT["programme.outcomes.type"],
    "programme.assessment.criteria": DIFFERENT["programme.assessment.criteria"],
    "programme.level.assigned_by": DIFFERENT["programme.level.assigned_by"],
    "programme.homepage": DIFFERENT["programme.homepage"],
}


@pytest.mark.parametrize("path", [path for path in IN_BOTH if "version" not in path])
def test_an_edc_and_a_badge_are_compared_in_all_that_both_carry(path: str) -> None:
    changed = IN_BOTH[path](known())

    for files in ((edc(known()), badge(changed)), (edc(changed), badge(known()))):
        found = compare(*files, language="sl")
        assert path in {row.fact for row in found.rest}
        assert found.answer == "different"


@pytest.mark.parametrize("path", IN_BOTH)
def test_two_badges_are_compared_in_all_that_they_say(path: str) -> None:
    found = compare(badge(known()), badge(IN_BOTH[path](known())))

    assert path in {row.fact for row in found.rest}


def parsed(data: bytes) -> Json:
    found: Json = json.loads(data)
    return found


def second_claim(credential: Json, own: str) -> Json:
    """A doctorate beside what was achieved, under another id or the same one."""
    claim = credential["credentialSubject"]["hasClaim"]
    title = {"sl": ["Doktorat"], "en": ["Doctorate"]}
    further = {"id": own or claim["id"], "type": claim["type"], "title": title}
    credential["credentialSubject"]["hasClaim"] = [claim, further]
    return credential


@pytest.mark.parametrize("own", ["", "urn:epass:learningAchievement:99"])
def test_a_second_claim_is_never_called_the_same(own: str) -> None:
    other = plain(second_claim(parsed(edc(known())), own))

    for files in (
        (edc(known()), other),
        (other, edc(known())),
        (other, badge(known())),
    ):
        found = compare(*files)
        assert found.answer == "unknown"
        assert any("hasClaim/1" in row.fact for row in found.unread)
    assert compare(other, other).answer == "same"


def test_a_second_subject_of_a_badge_is_never_called_the_same() -> None:
    other = parsed(badge(known()))
    further = deepcopy(other["credentialSubject"])
    further["id"] = "did:example:another"
    further["achievement"]["id"] = "urn:uuid:phd"
    further["achievement"]["name"] = "PhD"
    other["credentialSubject"] = [other["credentialSubject"], further]

    for files in ((badge(known()), plain(other)), (edc(known()), plain(other))):
        found = compare(*files)
        assert found.answer == "unknown"
        assert any("credentialSubject/1" in row.fact for row in found.unread)


@pytest.mark.parametrize(
    ("parent", "key"),
    [
        ("displayParameter", "title"),
        ("displayParameter", "description"),
        ("credentialSubject", "fullName"),
    ],
)
def test_what_a_viewer_shows_otherwise_is_never_called_the_same(
    parent: str, key: str
) -> None:
    other = parsed(edc(known()))
    other[parent][key] = {"sl": "Doktorat", "en": "Doctorate"}

    for files in ((edc(known()), plain(other)), (plain(other), badge(known()))):
        found = compare(*files)
        assert found.answer == "unknown"
        assert f"/{parent}/{key}" in {row.fact for row in found.unread}


def test_a_badge_that_says_failed_is_not_the_edc_of_what_was_passed() -> None:
    other = parsed(badge(known()))
    other["credentialSubject"]["result"].append(
        {"type": ["Result"], "status": "Failed"}
    )

    for files in ((edc(known()), plain(other)), (plain(other), edc(known()))):
        found = compare(*files)
        assert "award.result.status" in {row.fact for row in found.rest}
        assert found.answer == "different"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, key))
        elif isinstance(item, str):
            yield (*path, key)


OF_FILE = ("@context", "id", "identifier", "evidence", "issued", "issuanceDate")


@pytest.mark.slow
@pytest.mark.parametrize("make", [edc, badge])
def test_no_text_of_a_file_can_be_changed_and_the_answer_be_the_same(
    make: Callable[[CredentialRecord], bytes],
) -> None:
    """Whether a reader keeps it or not: dates, codes, labels, notes, types."""
    own = parsed(make(known()))
    paths = [path for path in leaves(own) if path[0] not in OF_FILE]

    same = []
    for path in paths[:: 1 + len(paths) // 60]:
        other = deepcopy(own)
        holder: Any = other
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] += "Ž"
        try:
            answer = compare(plain(own), plain(other)).answer
        except (InputError, RecordError):
            continue  # it has become no credential at all
        same += [path] if answer == "same" else []

    assert same == []


def test_credits_that_only_repeat_others_are_compared_in_two_badges() -> None:
    other = parsed(badge(known()))
    other["credentialSubject"]["creditsEarned"] = 300

    assert compare(badge(known()), plain(other)).answer == "unknown"


def test_a_file_of_very_many_values_is_compared_all_the_same() -> None:
    one = parsed(badge(known()))
    alignment = one["credentialSubject"]["achievement"]["alignment"]
    (outcome, *_) = (a for a in alignment if a["targetType"] == "ext:LearningOutcome")
    many = [{**outcome, "targetName": f"Č {n}"} for n in range(1_500)]
    one["credentialSubject"]["achievement"]["alignment"] = many
    other = deepcopy(one)
    other["credentialSubject"]["achievement"]["alignment"][-1]["targetName"] = "Ž"

    found = compare(plain(one), plain(other))

    assert found.answer == "different"
    assert all(len(row.a or "") < 3_000 for row in (*found.facts, *found.rest))


def test_two_second_claims_that_are_not_alike_are_not_the_same() -> None:
    one = second_claim(parsed(edc(known())), "urn:x:2")
    other = deepcopy(one)
    other["credentialSubject"]["hasClaim"][1]["title"]["en"] = ["Master"]

    assert compare(plain(one), plain(other)).answer == "unknown"


def test_attached_files_are_compared_by_their_content() -> None:
    source = record("mcvet_3d_si")
    one = parsed(edc(source))
    other = deepcopy(one)
    for credential, content in ((one, "JVBERi0x"), (other, "JVBERi0y")):
        node = {"id": "urn:x:file", "type": "MediaObject", "content": content}
        credential["attachment"] = [node]

    found = compare(plain(one), plain(other))

    assert found.answer == "different"
    assert any(row.fact.startswith("file ") for row in found.rest)
    assert compare(plain(one), plain(one)).answer == "same"


@each_record
def test_two_files_of_one_model_of_one_record_are_the_same(name: str) -> None:
    source = record(name)

    assert compare(edc(source), edc(source)).same
    assert compare(badge(source), badge(source)).same


def test_hashes_that_cannot_be_compared_leave_the_answer_open() -> None:
    one = badge(record(NAME))
    other = parsed(one)
    for item in other["credentialSubject"]["identifier"]:
        if item["hashed"]:
            item["salt"] = "another"

    assert compare(one, plain(other)).answer == "unknown"


# --- the hashed learner -------------------------------------------------------------


def told(found: Comparison, fact: str) -> tuple[str, str]:
    (row,) = (row for row in found.facts if row.fact == fact)
    return row.answer.value, row.why


def test_a_hash_is_matched_by_making_it_again() -> None:
    found = compare(edc(record(NAME)), badge(record(NAME)))

    assert told(found, "learner.email") == ("same", "hash-fits")


def test_two_hashes_with_different_salts_cannot_be_compared() -> None:
    one = badge(record(NAME))
    other = json.loads(one)
    for item in other["credentialSubject"]["identifier"]:
        if item["hashed"]:
            item["salt"] = "another"

    found = compare(one, plain(other))

    assert told(found, "learner.email") == ("cannot-be-compared", "hashed")
    assert compare(one, one).same


def test_a_hash_of_an_unknown_kind_is_not_called_different() -> None:
    other = json.loads(badge(record(NAME)))
    for item in other["credentialSubject"]["identifier"]:
        item["identityHash"] = item["identityHash"].replace("sha256$", "md5$")

    found = compare(edc(record(NAME)), plain(other))

    assert told(found, "learner.email")[0] == "cannot-be-compared"


# --- languages ---------------------------------------------------------------------


def test_a_language_may_be_chosen_and_one_that_only_one_file_has_is_told() -> None:
    source = record("mcvet_3d_rs_cyrl")

    found = compare(edc(source), badge(source), language="en")

    assert told(found, "title") == ("cannot-be-compared", "language")
    assert found.answer == "unknown"
    assert found.rest == ()


def test_a_language_that_neither_has_is_refused() -> None:
    with pytest.raises(ConfigError, match="neither"):
        compare(edc(record(NAME)), badge(record(NAME)), language="it")


def test_letters_are_compared_and_not_how_they_are_put_together() -> None:
    source = record(NAME)
    other = json.loads(badge(source))
    achievement = other["credentialSubject"]["achievement"]
    from unicodedata import normalize

    achievement["name"] = normalize("NFD", achievement["name"])

    assert told(compare(edc(source), plain(other)), "title") == ("same", "")


# --- files -------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["ob3-jwt", "ob3-di"])
def test_signed_files_are_compared_by_what_is_signed(profile: str) -> None:
    assert compare(issued("edc-jades").data, issued(profile).data).same


def test_what_is_no_credential_is_refused() -> None:
    with pytest.raises(InputError):
        compare(b"{}", edc(record(NAME)))


def test_a_credential_without_an_award_is_refused() -> None:
    with pytest.raises(RecordError):
        compare(plain({"@context": ["x"], "type": ["X"]}), edc(record(NAME)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_answer_and_reason_has_its_words(language: str) -> None:
    messages = Messages(language)
    facts = [*(fact.id for fact in FACTS), "learner.email", "learner.number"]
    links = ["link.badge", "link.edc", "link.payload"]
    reasons = ["model", "language", "hashed", "hash-fits", "unread"]
    keys = [f"compare.fact.{fact}" for fact in (*facts, *links)]
    keys += [f"compare.answer.{answer.value}" for answer in Answer]
    keys += [f"compare.why.{why}" for why in reasons]
    keys += ["compare.same", "compare.differs", "compare.unknown"]

    assert [key for key in keys if messages.text(key) == f"[{key}]"] == []


# --- the command -------------------------------------------------------------------


@cache
def files() -> tuple[bytes, bytes, bytes]:
    source = record(NAME)
    return edc(source), badge(source), badge(fewer_outcomes(source))


def run(tmp_path: Path, a: bytes, b: bytes, *more: str) -> Any:
    for name, data in (("a", a), ("b", b)):
        (tmp_path / name).write_bytes(data)
    arguments = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), *more]
    return CliRunner().invoke(app, arguments)


def test_the_exit_code_says_whether_they_say_the_same(tmp_path: Path) -> None:
    one, same, other = files()

    assert run(tmp_path, one, same).exit_code == 0
    assert run(tmp_path, one, other).exit_code == 1


def test_the_third_answer_has_its_own_exit_code_and_names_places(
    tmp_path: Path,
) -> None:
    other = plain(second_claim(parsed(files()[0]), "urn:x:\x1b[31m"))

    result = run(tmp_path, files()[0], other, "--lang", "en")

    assert result.exit_code == 3
    assert "/credentialSubject/hasClaim/1/title" in result.stdout
    assert "It cannot be said whether" in result.stdout
    assert "The two files say the same." not in result.stdout


def test_the_report_names_the_field_that_differs(tmp_path: Path) -> None:
    changed = edc(DIFFERENT["learner.national_id.country"](known()))

    result = run(tmp_path, edc(known()), changed, "--lang", "en")

    assert result.exit_code == 1
    assert "learner.national_id.country" in result.stdout
    assert "HR" not in result.stdout


def test_the_report_names_what_differs_and_what_is_not_asked(tmp_path: Path) -> None:
    one, _, other = files()

    result = run(tmp_path, one, other, "--lang", "sl")

    assert "učni izidi" in result.stdout
    assert "različno" in result.stdout
    assert "Datoteki ne povesta istega." in result.stdout
    assert "preverite" in result.stderr


def test_json_calls_itself_unverified(tmp_path: Path) -> None:
    one, same, _ = files()

    told = json.loads(run(tmp_path, one, same, "--json").stdout)

    assert "UNVERIFIED" in told
    assert told["same"] is True
    assert (told["answer"], told["rest"], told["unread"]) == ("same", [], [])
    assert {"fact", "answer", "a", "b", "why"} == told["facts"][0].keys()


def test_a_file_that_is_no_credential_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, files()[0], b"nothing")

    assert result.exit_code == 2
    assert "b" in result.output
    assert "Traceback" not in result.output


def test_names_chosen_by_strangers_do_no_harm_to_a_terminal(tmp_path: Path) -> None:
    hostile = deepcopy(json.loads(files()[1]))
    hostile["credentialSubject"]["achievement"]["name"] = "\x1b[31m\u202e"

    result = run(tmp_path, files()[0], plain(hostile))

    assert "\x1b[31m" not in result.stdout
    assert "\u202e" not in result.stdout


# --- made-up records ------------------------------------------------------------------


@pytest.mark.long
@settings(max_examples=rounds(60))
@given(st.integers(0, 2**32 - 1))
def test_both_credentials_of_any_record_say_the_same_in_any_language(seed: int) -> None:
    source = generated(seed)
    if source.award.result is not None:  # nobody issues what was failed
        source = award(result=replace(source.award.result, status="pass"))(source)
    context = BuildContext(at=AT, credential_id="urn:uuid:1-2-3", issuer_id=DID)
    sealed = plain(ELM.build(source, replace(context, issuer_id=None)).credential)

    for language in source.languages:
        spoken = replace(context, language=language)
        found = compare(sealed, plain(OB3.build(source, spoken).credential))
        assert [row for row in found.facts if row.answer.value not in OPEN] == []
        assert (found.rest, found.unread) == ((), ())
        assert found.same


@pytest.mark.long
@settings(max_examples=rounds(60))
@given(st.integers(0, 2**32 - 1))
def test_credentials_of_two_records_do_not(seed: int) -> None:
    one, other = generated(seed), generated(seed + 1)

    found = compare(edc(one), edc(other))

    assert not found.same
    assert answers(found)["learner.name"] == "differs"
