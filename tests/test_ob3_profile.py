"""The Open Badges table against the published JSON Schema and badges of others."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import rounds, shared_file
from counted import grows_with_size
from edc_issuer.models import MODELS, recognise
from edc_issuer.models.ob3 import NOTES, OB3
from edc_issuer.models.ob3.profile import faults
from edc_issuer.models.ob3.table import enumeration, profile
from edc_issuer.models.vcdm import FATAL, MALFORMED, V1, V2

Node = dict[str, Any]
CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = "standards/open-badges-3.0/ob_v3p0_achievementcredential_schema.json"
# Where we ask for more than the schema does: it knows no URIs, takes any text for a
# time, and does not ask that criteria say something or that anybody is named.
STRICTER = frozenset(
    {
        "criteria.empty",
        "date.order",
        "date.unreadable",
        "id.uri",
        "issuer.id",
        "member.form",
        "node.type",
        "subject.nobody",
        "text.form",
        "value.empty",
        "value.jws",
        "value.time",
        "value.uri",
    }
)


def badge(**changes: Any) -> Node:
    sound = {
        "@context": [V2, CONTEXT],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Značka",
        "issuer": {"id": "did:key:z6Mk", "type": ["Profile"], "name": "Šola"},
        "validFrom": "2025-01-01T00:00:00Z",
        "credentialSubject": subject(),
    }
    changed = sound | changes
    return {key: value for key, value in changed.items() if value is not None}


def subject(**changes: Any) -> Node:
    sound = {
        "id": "did:example:ana",
        "type": ["AchievementSubject"],
        "achievement": achievement(),
    }
    changed = sound | changes
    return {key: value for key, value in changed.items() if value is not None}


def achievement(**changes: Any) -> Node:
    sound = {
        "id": "https://sola.example/a",
        "type": ["Achievement"],
        "name": "Varjenje",
        "description": "Osnove varjenja",
        "criteria": {"narrative": "Opravljen preizkus"},
    }
    changed = sound | changes
    return {key: value for key, value in changed.items() if value is not None}


def with_achievement(**changes: Any) -> Node:
    return badge(credentialSubject=subject(achievement=achievement(**changes)))


def endorsement(**changes: Any) -> Node:
    sound = {
        "@context": [V2, CONTEXT],
        "id": "urn:uuid:2",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Priporočilo",
        "issuer": "did:key:z6Mk",
        "validFrom": "2025-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:1", "type": ["EndorsementSubject"]},
    }
    changed = sound | changes
    return {key: value for key, value in changed.items() if value is not None}


def codes(credential: Node) -> list[str]:
    return [problem.code for problem in OB3.inspect(credential)]


@cache
def sample(name: str) -> Node:
    loaded: Node = json.loads(shared_file(f"samples/ob30/{name}").read_text("utf-8"))
    return loaded


@cache
def schema() -> Node:
    loaded: Node = json.loads(shared_file(SCHEMA).read_text("utf-8"))
    return loaded


@cache
def schema_check() -> Any:
    from jsonschema import Draft201909Validator

    return Draft201909Validator(schema())


@pytest.mark.parametrize(
    "sound", [badge(), endorsement(), badge(endorsement=[endorsement()])]
)
def test_sound_badges_have_no_problem(sound: Node) -> None:
    assert codes(sound) == []


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        pytest.param(badge(type=["VerifiableCredential"]), "type.missing", id="type"),
        pytest.param(
            badge(endorsement=[endorsement(type=["VerifiableCredential"])]),
            "type.missing",
            id="endorsement-type",
        ),
        pytest.param(
            badge(credentialSubject=subject(type=None)), "node.type", id="subject"
        ),
        pytest.param(badge(issuer={"id": "did:key:z"}), "node.type", id="issuer-type"),
        pytest.param(badge(validFrom=None), "property.missing", id="no-date"),
        pytest.param(
            with_achievement(criteria=None), "property.missing", id="no-criteria"
        ),
        pytest.param(
            with_achievement(criteria={}), "criteria.empty", id="silent-criteria"
        ),
        pytest.param(
            badge(credentialSubject=subject(id=None)), "subject.nobody", id="nobody"
        ),
        pytest.param(with_achievement(tag="šport"), "value.array", id="a-tag-alone"),
        pytest.param(with_achievement(tag=[]), "value.empty", id="empty-list"),
        pytest.param(with_achievement(humanCode=7), "value.kind", id="number-for-text"),
        pytest.param(
            with_achievement(creditsAvailable="3"), "value.kind", id="text-for-number"
        ),
        pytest.param(
            with_achievement(creditsAvailable=True), "value.kind", id="true-for-number"
        ),
        pytest.param(
            with_achievement(achievementType="Program"), "value.enum", id="type-value"
        ),
        pytest.param(
            with_achievement(inLanguage="slovensko"), "value.language", id="language"
        ),
        pytest.param(
            with_achievement(name=["a", "b"]), "value.several", id="two-names"
        ),
        pytest.param(
            with_achievement(name=["a"]), "ob3.strict", id="one-name-in-a-list"
        ),
        pytest.param(with_achievement(id="varjenje"), "value.uri", id="relative-id"),
        pytest.param(badge(awardedDate="2025-01-01"), "value.time", id="day-for-time"),
        pytest.param(
            badge(awardedDate="2025-01-01T00:00:00"), "value.time", id="no-zone"
        ),
        pytest.param(badge(endorsementJwt=["a.b"]), "value.jws", id="no-jws"),
        pytest.param(badge(evidence=["dnevnik"]), "value.kind", id="word-for-evidence"),
        pytest.param(
            badge(image={"id": "urn:x:1", "type": "Image", "alt": "x"}),
            "property.unknown",
            id="closed-class",
        ),
        pytest.param(
            badge(proof={"type": "DataIntegrityProof"}), "ob3.strict", id="one-proof"
        ),
        pytest.param(badge(proof=[{}]), "node.type", id="proof-type"),
        pytest.param(badge(**{"@context": [V2]}), "context.ob3", id="no-badge-context"),
        pytest.param(
            badge(**{"@context": [V2, CONTEXT.replace("3.0.3", "3.0.1")]}),
            "context.old",
            id="older-context",
        ),
        pytest.param(
            with_achievement(
                resultDescription=[
                    {
                        "id": "urn:x:1",
                        "type": ["ResultDescription"],
                        "name": "Izpit",
                        "resultType": "Points",
                    }
                ]
            ),
            "value.enum",
            id="result-type",
        ),
        pytest.param(
            badge(
                credentialSubject=subject(
                    result=[{"type": ["Result"], "status": "ext:Won"}]
                )
            ),
            "value.enum",
            id="closed-enumeration",
        ),
    ],
)
def test_each_fault_has_its_code(broken: Node, code: str) -> None:
    assert code in codes(broken)


@pytest.mark.parametrize(
    "fine",
    [
        with_achievement(achievementType="ext:Mikrodokazilo"),
        with_achievement(creditsAvailable=0.5),
        with_achievement(inLanguage="sr-Latn-RS"),
        with_achievement(endorsement=[endorsement()]),
        badge(issuer="did:key:z6Mk"),
        badge(
            proof=[{"type": "DataIntegrityProof", "created": "2025-01-01T00:00:00Z"}]
        ),
    ],
)
def test_what_the_specification_allows_is_no_problem(fine: Node) -> None:
    assert codes(fine) == []


def test_a_fault_is_told_once() -> None:
    broken = badge(id="3527", issuer=None, credentialSubject=None)

    paths = [problem.path for problem in OB3.inspect(broken)]

    assert sorted(paths) == ["/credentialSubject", "/id", "/issuer"]


def test_a_fault_is_told_with_its_place() -> None:
    broken = with_achievement(alignment=[{"type": ["Alignment"], "targetName": "x"}])

    (problem,) = OB3.inspect(broken)

    assert problem.path == "/credentialSubject/achievement/alignment/0/targetUrl"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("simple.json", set()),
        ("complete.json", set()),
        ("endorsement-valid.json", set()),
        ("simple-did-key-method.json", set()),
        ("simple-multiple-proofs.json", set()),
        ("simple-err-expired.json", set()),
        ("simple_v1.json", {"context.old"}),
        ("simple-eddsa-2022.json", {"context.old"}),
        (
            "simple-err-issuer.json",
            {"issuer.missing", "ob3.strict", "property.missing"},
        ),
        ("simple-err-issuer-type.json", {"node.type", "ob3.strict"}),
        ("simple-err-issuer-parentorg-type.json", {"node.type", "ob3.strict"}),
        ("simple-err-credential-subject-result-type.json", {"node.type", "ob3.strict"}),
    ],
)
def test_official_samples_have_the_problems_they_are_known_for(
    name: str, expected: set[str]
) -> None:
    credential = sample(name)

    assert recognise(credential) is OB3
    assert set(codes(credential)) == expected


def test_notes_are_no_faults() -> None:
    assert not NOTES & (FATAL | MALFORMED)


def test_a_badge_without_its_type_is_still_taken_for_one() -> None:
    untyped = badge(type=["VerifiableCredential"])

    assert recognise(untyped) is OB3
    assert set(codes(untyped)) & FATAL


@pytest.mark.parametrize(
    "other",
    [
        badge(type=["VerifiableCredential", "ClrCredential"]),
        {"type": ["VerifiableCredential"], "@context": [V2]},
        {"type": ["VerifiableCredential"], "@context": [V2, "urn:x:other", CONTEXT]},
        {"type": ["VerifiablePresentation"], "@context": [V2, CONTEXT]},
        {},
    ],
)
def test_another_credential_is_no_badge_because_of_its_contexts(other: Node) -> None:
    assert not OB3.recognises(other)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        pytest.param("gradeText", "gradeText", id="unknown-word"),
        pytest.param("achıevement", r"ach\u0131evement", id="look-alike-letter"),
        pytest.param("name\u200b", r"name\u200b", id="invisible-character"),
        pytest.param("x" * 200, "x" * 60 + "'", id="endless-key"),
    ],
)
def test_a_key_that_no_context_defines_is_named(key: str, shown: str) -> None:
    (problem,) = OB3.inspect(with_achievement(**{key: "10"}))

    assert (problem.path, problem.code) == (
        "/credentialSubject/achievement",
        "key.undefined",
    )
    assert shown in problem.message


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(with_achievement(**{"schema:teaches": "x"}), id="prefixed"),
        pytest.param(with_achievement(**{"https://a.example/b": "x"}), id="iri"),
        pytest.param(
            badge(**{"@context": [V2, CONTEXT, "https://a.example/c"]}, own="x"),
            id="context-not-at-hand",
        ),
        pytest.param(
            badge(
                credentialSchema=[
                    {
                        "id": "urn:x:1",
                        "type": "JsonSchema",
                        "jsonSchema": {"title": "Šema", "anything": 1},
                    }
                ]
            ),
            id="opaque-json",
        ),
        pytest.param(
            badge(
                endorsement=[
                    endorsement(
                        **{"@context": [V2, CONTEXT, "https://a.example/c"]}, own="x"
                    )
                ]
            ),
            id="own-context-of-an-endorsement",
        ),
    ],
)
def test_keys_that_may_be_defined_are_left_alone(credential: Node) -> None:
    assert "key.undefined" not in codes(credential)


def test_old_badges_follow_the_rules_of_their_time() -> None:
    old = badge(
        **{"@context": [V1, CONTEXT]},
        validFrom=None,
        issuanceDate="2025-01-01T00:00:00Z",
    )

    assert codes(old) == []


def classes_of_the_schema() -> Iterator[tuple[str, Node]]:
    yield "Badge", schema()
    for name, found in schema()["$defs"].items():
        ours = {"EndorsementCredential": "Endorsement"}.get(name, name)
        if "properties" in found and ours not in UNNAMED:
            yield ours, found


# Classes that only say id and type; the table has one row for all of them.
UNNAMED = {
    "TermsOfUse",
    "CredentialStatus",
    "RefreshService",
    "CredentialSchema",
    "Proof",
}


def test_the_table_has_every_property_and_obligation_of_the_schema() -> None:
    differing = {}
    for name, found in classes_of_the_schema():
        ours = profile(name)
        properties = set(found["properties"]) - {"@context", "type"}
        required = set(found.get("required", ())) - {"@context", "type"}
        lists = {
            key for key in properties if found["properties"][key].get("type") == "array"
        }
        theirs = (properties, required, lists)
        mine = (
            set(ours),
            {row.name for row in ours.values() if row.required},
            {row.name for row in ours.values() if row.many},
        )
        if theirs != mine:
            differing[name] = [a ^ b for a, b in zip(theirs, mine, strict=True)]

    # The schema leaves four members out of an endorsement that the specification's
    # table has, and lets an achievement be endorsed by JWT.
    assert differing == {
        "Endorsement": [
            {"image", "endorsement", "endorsementJwt"},
            set(),
            {"endorsement", "endorsementJwt"},
        ]
    }


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("achievementType", "Achievement.achievementType"),
        ("targetType", "Alignment.targetType"),
        ("resultType", "ResultDescription.resultType"),
        ("identifierType", "IdentifierEntry.identifierType"),
        ("identifierType", "IdentityObject.identityType"),
        ("status", "Result.status"),
    ],
)
def test_enumerations_are_those_of_the_schema(name: str, where: str) -> None:
    cls, _, key = where.partition(".")
    found = schema()["$defs"][cls]["properties"][key]

    listed = found.get("enum") or found["oneOf"][0]["enum"]

    assert enumeration(name) == set(listed)


def mutants(credential: Node) -> Iterator[tuple[str, Node]]:
    """Every single change of every member: gone, null, number, word, list or not."""
    # Members of a list's later items are of the same class as those of the first.
    distinct = {
        tuple(step for step in path if not isinstance(step, int)): path
        for path in members(credential)
    }
    for path in distinct.values():
        for label, change in CHANGES.items():
            mutant = copy.deepcopy(credential)
            holder = mutant
            for step in path[:-1]:
                holder = holder[step]
            if label == "gone":
                del holder[path[-1]]
            else:
                holder[path[-1]] = change(holder[path[-1]])
            yield f"{'/'.join(map(str, path))} {label}", mutant


CHANGES: dict[str, Any] = {
    "gone": None,
    "null": lambda value: None,
    "number": lambda value: 7,
    "word": lambda value: "beseda",
    "flag": lambda value: True,
    "object": lambda value: {},
    "unwrapped": lambda value: value[0] if isinstance(value, list) and value else value,
    "wrapped": lambda value: value if isinstance(value, list) else [value],
}


def members(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("@context", "proof"):
                yield (*path, key)
                yield from members(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from members(item, (*path, index))


@cache
def full_badge() -> Node:
    """The official sample with most properties, with few enough to mutate each."""
    full = copy.deepcopy(sample("complete.json"))
    full.pop("proof")
    for key in ("endorsement", "endorsementJwt"):
        full.pop(key, None)
        for holder in (full["issuer"], full["credentialSubject"]["achievement"]):
            holder.pop(key, None)
        full["credentialSubject"]["achievement"]["creator"].pop(key, None)
    return full


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))  # the judge is slow; two cores share it
def test_whatever_the_schema_refuses_we_refuse_and_hardly_more(part: int) -> None:
    missed, overdone, count = [], set(), 0
    for label, mutant in islice(mutants(full_badge()), part, None, 4):
        count += 1
        refused = not schema_check().is_valid(mutant)
        found = set(codes(mutant))
        if refused and not found:
            missed.append(label)
        if not refused and found - STRICTER:
            overdone.add((label, *sorted(found - STRICTER)))

    assert count > 700 // 4
    assert missed == []
    assert overdone == set()


WORDS = st.sampled_from(
    [
        "@context",
        "@id",
        "@type",
        "id",
        "type",
        "issuer",
        "name",
        "credentialSubject",
        "achievement",
        "criteria",
        "narrative",
        "identifier",
        "hashed",
        "result",
        "alignment",
        "endorsement",
        "endorsementJwt",
        "creator",
        "otherIdentifier",
        "image",
        "proof",
        "evidence",
        "validFrom",
        "validUntil",
        "tag",
        "related",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from([V2, CONTEXT, "OpenBadgeCredential", "EndorsementCredential"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=15,
)


@pytest.mark.long
@settings(max_examples=rounds(300))
@given(st.dictionaries(WORDS, VALUES, max_size=8))
def test_inspection_never_raises(credential: Node) -> None:
    assert all(problem.code and problem.message for problem in OB3.inspect(credential))
    assert recognise(credential) is None or recognise(credential) in MODELS


@pytest.mark.long
@settings(max_examples=rounds(100))
@given(st.data())
def test_no_value_in_any_place_makes_inspection_raise(data: st.DataObject) -> None:
    places = list(members(badge(evidence=[{"type": ["Evidence"]}])))
    path = data.draw(st.sampled_from(places))
    mutant = copy.deepcopy(badge(evidence=[{"type": ["Evidence"]}]))
    holder: Any = mutant
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(VALUES)

    assert isinstance(codes(mutant), list)


def test_endorsements_within_endorsements_do_not_exhaust_the_stack() -> None:
    nested = endorsement()
    for _ in range(2_000):
        nested = endorsement(endorsement=[nested])

    assert list(faults(nested, root="Endorsement")) == []


def test_a_flood_of_members_is_read_in_linear_time() -> None:
    def work(size: int) -> Callable[[], object]:
        flooded = with_achievement(alignment=[{"type": ["Alignment"]}] * size)
        return lambda: codes(flooded)

    assert len(codes(with_achievement(alignment=[{"type": ["Alignment"]}] * 50))) == 100
    assert grows_with_size(work, 1_000)
