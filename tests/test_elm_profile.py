"""What the official shapes let through, and how the checker says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from counted import grows_with_size
from edc_issuer.models.elm_profile import (
    inspect,
    merged_nodes,
    profiles_of,
    undefined_keys,
    versions,
)

Json = dict[str, Any]
EQF = "http://data.europa.eu/snb/eqf"


@pytest.fixture
def credential() -> Json:
    """The smallest credential that conforms."""
    text = shared_file("knowledge/edc-min.json").read_text("utf-8")
    loaded: Json = json.loads(text)
    return loaded


def claim(credential: Json) -> Json:
    found: Json = credential["credentialSubject"]["hasClaim"][0]
    return found


def codes(credential: Json) -> dict[str, str]:
    return {problem.path: problem.code for problem in inspect(credential)}


def level(number: str) -> Json:
    scheme = {"id": f"{EQF}/25831c2", "type": "ConceptScheme"}
    return {"id": f"{EQF}/{number}", "type": "Concept", "inScheme": scheme}


def specified(credential: Json, kind: str = "Qualification", **said: Any) -> Json:
    claim(credential)["specifiedBy"] = {
        "id": "urn:epass:qualification:1",
        "type": kind,
        "title": {"sl": "Program"},
        **said,
    }
    return credential


SPECIFICATION = "credentialSubject.hasClaim.specifiedBy"


def test_the_smallest_credential_has_no_fault(credential: Json) -> None:
    assert list(inspect(credential)) == []


@pytest.mark.parametrize(
    "left", [["VerifiableCredential"], ["EuropeanDigitalCredential"], [], None]
)
def test_a_credential_without_its_type_is_told(credential: Json, left: Any) -> None:
    if left is None:
        del credential["type"]
    else:
        credential["type"] = left

    assert codes(credential) == {"type": "beyond.credential-type"}


def test_a_credential_inside_without_its_type_is_told(credential: Json) -> None:
    inner = {k: v for k, v in credential.items() if k not in ("@context", "type")}
    inner["id"] = "urn:credential:inner"
    credential["credentialSubject"]["hasCredential"] = inner

    found = codes(credential)

    assert found["credentialSubject.hasCredential.type"] == "beyond.credential-type"
    assert found["credentialSubject.hasCredential"] == "shape.class"


@pytest.mark.parametrize(
    ("take", "path"),
    [
        pytest.param(lambda c: c.pop("id"), "id", id="credential"),
        pytest.param(
            lambda c: c["credentialSubject"].pop("id"),
            "credentialSubject.id",
            id="learner",
        ),
        pytest.param(
            lambda c: c["displayParameter"]["individualDisplay"][0]["language"].pop(
                "id"
            ),
            "displayParameter.individualDisplay.language.id",
            id="concept",
        ),
    ],
)
def test_a_missing_id_is_told(
    credential: Json, take: Callable[[Json], Any], path: str
) -> None:
    take(credential)

    assert codes(credential) == {path: "beyond.id"}


def test_an_id_that_is_no_iri_is_told(credential: Json) -> None:
    # JSON-LD would drop the claim, and a signature over its quads would not cover it.
    hidden = {
        "id": "urn:epass:la 2",
        "type": "LearningAchievement",
        "title": {"sl": "Doktorat z najvišjo pohvalo"},
        "awardedBy": claim(credential)["awardedBy"],
    }
    credential["credentialSubject"]["hasClaim"].append(hidden)

    assert codes(credential) == {"credentialSubject.hasClaim.1": "beyond.id"}


def shown(key: str) -> str:
    return key.replace("\u200b", r"\u200b")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        pytest.param("titel", "title", id="slip"),
        pytest.param("additionalnote", "additionalNote", id="case"),
        pytest.param("tіtle", "title", id="cyrillic-i"),
        pytest.param("eIDASΙdentifier", "eIDASIdentifier", id="greek-iota"),
        pytest.param("title\u200b", "title", id="zero-width-space"),
        pytest.param("learning_outcome", "learningOutcome", id="snake-case"),
    ],
)
def test_an_undefined_key_is_told_with_what_was_meant(
    credential: Json, key: str, meant: str
) -> None:
    claim(credential)[key] = {"sl": "Dosežek"}

    [problem] = inspect(credential)

    assert problem.code == "key.undefined"
    assert problem.path == f"credentialSubject.hasClaim.{shown(key)}"
    assert problem.message.endswith(f"Did you mean {meant}?")
    assert undefined_keys(credential) == (problem.path,)


def test_a_strange_letter_is_named(credential: Json) -> None:
    claim(credential)["tіtle"] = {"sl": "Dosežek"}

    [problem] = inspect(credential)

    assert "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I" in problem.message


def test_a_key_written_as_an_iri_is_defined(credential: Json) -> None:
    claim(credential)["https://example.org/terms#badge"] = "x"

    assert undefined_keys(credential) == ()


def test_an_unknown_type_is_told_with_what_was_meant(credential: Json) -> None:
    credential["issuer"]["type"] = ["Organisation", "Organization"]

    [problem] = inspect(credential)

    assert (problem.path, problem.code) == ("issuer.type", "beyond.type")
    assert problem.message.endswith("Did you mean Organisation?")


@pytest.mark.parametrize(
    ("number", "found"),
    [("5", {}), ("9", {f"{SPECIFICATION}.eqfLevel.id": "beyond.concept"})],
)
def test_a_concept_that_is_not_in_its_list_is_told(
    credential: Json, number: str, found: Json
) -> None:
    assert codes(specified(credential, eqfLevel=level(number))) == found


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        pytest.param("volumeOfLearning", "PT15H", None, id="hours"),
        pytest.param("volumeOfLearning", "PT60M", None, id="minutes"),
        pytest.param("volumeOfLearning", "P60M", "beyond.duration", id="months"),
        pytest.param("volumeOfLearning", "P1Y", "beyond.duration", id="years"),
        pytest.param("maximumDuration", "P6M", None, id="months-are-meant"),
        pytest.param("volumeOfLearning", "PT1,5H", "beyond.lexical", id="comma"),
        pytest.param("volumeOfLearning", "60h", "shape.datatype", id="no-duration"),
    ],
)
def test_months_for_hours_are_told(
    credential: Json, key: str, text: str, code: str | None
) -> None:
    found = codes(specified(credential, **{key: text}))

    assert found == ({f"{SPECIFICATION}.{key}": code} if code else {})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("2026-01-15T10:00:00Z", None, id="utc"),
        pytest.param("2026-01-15T10:00:00.5+01:00", None, id="offset"),
        pytest.param("2026-01-15", "beyond.date", id="date-only"),
        pytest.param("2026-01-15T10:00:00", "beyond.date", id="no-zone"),
        pytest.param("2026-01-15 10:00:00Z", "beyond.date", id="space"),
        pytest.param("20260115T100000Z", "beyond.date", id="basic-format"),
        pytest.param("15. 1. 2026", "shape.datatype", id="slovenian"),
        pytest.param("2026-02-30T10:00:00Z", "shape.datatype", id="no-such-day"),
    ],
)
def test_a_date_that_the_viewer_refuses_is_told(
    credential: Json, text: str, code: str | None
) -> None:
    credential["validFrom"] = text

    assert codes(credential) == ({"validFrom": code} if code else {})


def test_a_property_of_another_class_is_told(credential: Json) -> None:
    specified(credential, "LearningAchievementSpecification", eqfLevel=level("5"))

    [problem] = inspect(credential)

    assert problem.path == f"{SPECIFICATION}.eqfLevel"
    assert problem.code == "beyond.property"
    assert "only Qualification has it" in problem.message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("dateModified", "2026-01-15T10:00:00Z", id="date-as-reference"),
        pytest.param("dateModified", "urn:x:1", id="reference-as-date"),
    ],
)
def test_a_key_that_the_official_context_breaks_is_told(
    credential: Json, key: str, value: str
) -> None:
    credential["issuer"][key] = value

    assert "beyond.term" in {problem.code for problem in inspect(credential)}


def test_a_key_that_no_shape_knows_is_told(credential: Json) -> None:
    credential["issuer"]["contactPoint"] = {
        "id": "urn:epass:contactPoint:1",
        "type": "ContactPoint",
        "phone": {"id": "urn:epass:phone:1", "type": "Phone", "areaDialingCode": "1"},
    }

    assert codes(credential) == {
        "issuer.contactPoint.phone.areaDialingCode": "beyond.term"
    }


def body(credential: Json) -> Json:
    found: Json = claim(credential)["awardedBy"]["awardingBody"][0]
    return found


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param({}, False, id="bare-reference"),
        pytest.param({"type": "Organisation"}, False, id="abbreviated"),
        pytest.param({"legalName": {"sl": ["Šola"]}}, False, id="part-of-the-same"),
        pytest.param({"legalName": {"sl": ["Univerza"]}}, True, id="another-name"),
        pytest.param({"altLabel": {"sl": ["Univerza"]}}, True, id="something-new"),
    ],
)
def test_one_id_with_two_descriptions_is_told(
    credential: Json, said: Json, told: bool
) -> None:
    body(credential).update(said)

    found = [p.code for p in inspect(credential) if p.code == "one-id-two-objects"]

    assert found == ["one-id-two-objects"] * told


def test_the_same_description_everywhere_is_one(credential: Json) -> None:
    body(credential).update(json.loads(json.dumps(credential["issuer"])))

    assert list(inspect(credential)) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda urls: urls.reverse(), id="wrong-order"),
        pytest.param(lambda urls: urls.append({"title": "urn:x"}), id="inline"),
        pytest.param(lambda urls: urls.pop(), id="one-only"),
        pytest.param(
            lambda urls: urls.insert(0, "https://www.w3.org/ns/credentials/v2"), id="v2"
        ),
    ],
)
def test_other_contexts_are_told(
    credential: Json, change: Callable[[list[Any]], None]
) -> None:
    change(credential["@context"])

    assert codes(credential) == {"@context": "beyond.context"}


def test_a_context_further_inside_is_told(credential: Json) -> None:
    claim(credential)["@context"] = {"title": "urn:x"}

    assert codes(credential) == {
        "credentialSubject.hasClaim.@context": "beyond.context"
    }


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse", "@nest"])
def test_keywords_inside_are_told(credential: Json, keyword: str) -> None:
    claim(credential)[keyword] = {"title": {"sl": "Skrito"}}

    path = f"credentialSubject.hasClaim.{keyword}"
    assert codes(credential) == {path: "beyond.syntax"}


@pytest.mark.parametrize(("keyword", "plain"), [("@id", "id"), ("@type", "type")])
def test_keywords_for_id_and_type_are_told(
    credential: Json, keyword: str, plain: str
) -> None:
    # The Commission's viewer reads plain JSON and would see neither.
    claim(credential)[keyword] = claim(credential).pop(plain)

    path = f"credentialSubject.hasClaim.{keyword}"
    assert codes(credential) == {path: "beyond.syntax"}


def test_a_blank_node_named_by_its_author_is_told(credential: Json) -> None:
    claim(credential)["id"] = "_:b0"

    assert codes(credential) == {"credentialSubject.hasClaim.id": "beyond.id"}


def test_a_class_used_as_a_key_is_told(credential: Json) -> None:
    claim(credential)["Qualification"] = {"id": "urn:x:1", "type": "Qualification"}

    found = codes(credential)

    assert found["credentialSubject.hasClaim.Qualification"] == "beyond.term"


def test_messages_say_which_property_and_what_to_do(credential: Json) -> None:
    del claim(credential)["title"]
    credential["issuer"]["legalName"] = "Šola"
    claim(credential)["awardedBy"] = {"id": "urn:x:1", "type": "Mailbox"}

    assert {str(problem) for problem in inspect(credential)} == {
        "credentialSubject.hasClaim.title: LearningAchievement has no title "
        '(dc:title); add a text with its language, as in {"sl": "..."}.',
        "issuer.legalName: legalName (rov:legalName) is not a text with its language, "
        'as in {"sl": "..."}; write it so.',
        "credentialSubject.hasClaim.awardedBy: awardedBy (elm:awardedBy) is not of "
        'type AwardingProcess; write the object with "type": "AwardingProcess", here '
        "or where its id is described.",
    }


def test_messages_hold_nothing_of_the_learner(credential: Json) -> None:
    secret = "Žan Črnčec 0101006500006"
    person = credential["credentialSubject"]
    person |= {"fullName": secret, "dateOfBirth": secret, "gender": secret}
    person["nationalID"] = {"id": secret, "type": secret, "notation": {secret: 5}}

    found = " ".join(f"{p.code} {p.message}" for p in inspect(credential))

    assert found
    assert "Črnčec" not in found


def test_nodes_are_merged_by_id(credential: Json) -> None:
    body(credential)["altLabel"] = {"sl": "Zgled"}

    node = merged_nodes(credential)["urn:epass:org:1"]

    assert [path for path, _ in node.mentions] == [
        "issuer",
        "credentialSubject.hasClaim.awardedBy.awardingBody",
    ]
    assert node.values("legalName") == ({"sl": ["Šola"]},)
    assert node.values("altLabel") == ({"sl": "Zgled"},)


def test_a_presentation_is_not_asked_for_the_type_of_a_credential() -> None:
    presentation = {"type": ["VerifiablePresentation"], "holder": "urn:x:1"}

    assert "beyond.credential-type" not in codes(presentation).values()


def test_a_version_that_is_not_held_is_a_key_error(credential: Json) -> None:
    assert versions() == ("3.2", "3.1")
    with pytest.raises(KeyError):
        list(inspect(credential, version="3.3"))


KEYS = st.sampled_from(
    [
        *("id", "type", "@id", "@type", "@value", "@language", "@set", "@list"),
        *("@context", "title", "hasClaim", "issuer", "credentialSubject", "inScheme"),
        *("notation", "page", "validFrom", "volumeOfLearning", "dcType"),
        *("dateModified", "elm:x", "https://x.example/y", "tіtle"),
    ]
)
TEXTS = st.sampled_from(
    [
        *("urn:x:1", "urn:x:2", "urn:x:3", "_:b", "relative", "sl", "2026-01-15"),
        *("Person", "Concept", "EuropeanDigitalCredential", "LearningAchievement"),
        *("VerifiableCredential", "P60M"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.text(max_size=5)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=40,
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(KEYS | st.text(max_size=3), TREES, max_size=8))
def test_any_json_at_all_is_judged_and_never_raises(tree: Json) -> None:
    found = list(inspect(tree))

    assert found
    assert found == list(inspect(tree))
    assert all(problem.code and problem.message for problem in found)
    assert isinstance(merged_nodes(tree), dict)
    assert profiles_of(tree)


@pytest.mark.parametrize("tree", [[], {}], ids=["lists", "objects"])
def test_any_depth_is_survived(credential: Json, tree: Any) -> None:
    for _ in range(2_000):
        tree = [tree] if isinstance(tree, list) else {"hasPart": tree}
    claim(credential)["hasPart"] = tree

    assert "beyond.syntax" in {problem.code for problem in inspect(credential)}


def wide(count: int, kind: str) -> Json:
    """A file of one kind of nonsense, `count` times."""
    one: dict[str, Callable[[int], Json]] = {
        "one-id-many-objects": lambda n: {"id": "urn:x", f"urn:p:{n}": n},
        "unknown-keys": lambda n: {f"titel{n}": n},
        "unknown-types": lambda n: {"id": f"urn:x:{n}", "type": f"Persn{n}"},
        "same-object": lambda n: {
            "id": "urn:x",
            "title": {"sl": "č"},
            "type": "Person",
        },
        "blank-objects": lambda n: {"type": "LearningAchievement"},
        "bad-ids": lambda n: {"id": f"a {n}", "title": {"sl": "č"}},
        "two-in-turn": lambda n: {"id": "urn:x", "title": {"sl": "čš"[n % 2]}},
        "types": lambda n: {"id": "urn:x", "type": [f"urn:t:{n}"]},
    }
    return {"id": "urn:c", "hasPart": [one[kind](n) for n in range(count)]}


@pytest.mark.parametrize(
    "kind",
    [
        *("one-id-many-objects", "unknown-keys", "unknown-types", "same-object"),
        *("blank-objects", "bad-ids", "two-in-turn", "types"),
    ],
)
def test_work_grows_no_faster_than_the_file(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        tree = wide(size, kind)
        return lambda: list(inspect(tree))

    assert grows_with_size(work, 500)
