"""From documents to quads: safe mode, with pyld as the judge of what is accepted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, SHARED, shared_file
from edc_issuer.canonical import Limits, canonicalize, view
from edc_issuer.canonical.contexts import active_context
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import InputError, Malformed
from json_ld_judge import nquads_by_pyld

VC1 = "https://www.w3.org/2018/credentials/v1"
VC2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EDC = "http://data.europa.eu/snb/model/context/edc-ap"
DCC = "https://w3id.org/dcc/v1"
Document = dict[str, Any]


def badge(**changes: Any) -> Document:
    """A small badge with a bit of everything."""
    return {
        "@context": [VC2, OB],
        "id": "urn:uuid:7e5d6b0e-8c6e-4f2a-9d0c-6a1b2c3d4e5f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": "did:key:zIssuer",
            "type": ["Profile"],
            "name": "Srednja šola Zgled",
        },
        "validFrom": "2025-06-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": True, "salt": "x"}],
            "achievement": {
                "id": "urn:uuid:1",
                "type": ["Achievement"],
                "name": "Ekologija \x08\t\x7f žčš Ђ",
                "description": "d",
                "criteria": {"narrative": "n"},
                "creditsAvailable": 2.5,
            },
        },
        **changes,
    }


def diploma(**claim: Any) -> Document:
    """A small credential in the European Learning Model."""
    return {
        "@context": [VC1, EDC],
        "id": "urn:credential:1",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSubject": {
            "id": "urn:epass:person:1",
            "type": "Person",
            "hasClaim": {
                "id": "urn:epass:la:1",
                "type": "LearningAchievement",
                "title": {"sl": "Mikrodokazilo", "en": ["Micro-credential"]},
                **claim,
            },
        },
    }


def canon(document: Document, documents: Documents = BUNDLED) -> bytes:
    return canonicalize(document, documents=documents).nquads


def samples() -> list[Path]:
    folders = ("samples/ob30", "samples/clr20", "samples/dcc", "samples/edc")
    found = [p for f in folders for p in (SHARED / f).rglob("*.json*")]
    return sorted(p for p in found if p.stat().st_size)


def readable(path: Path) -> Document | None:
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        return None
    if not isinstance(document, dict) or "@context" not in document:
        return None
    return {key: value for key, value in document.items() if key != "proof"}


def test_every_real_file_that_is_accepted_reads_as_pyld_reads_it() -> None:
    documents = BUNDLED.with_directory(shared_file("standards/contexts"))
    compared = 0
    for path in samples():
        document = readable(path)
        if document is None:
            continue
        try:
            found = canonicalize(document, documents=documents)
        except Malformed:
            continue
        assert found.nquads == nquads_by_pyld(document, documents), path.name
        assert not found.fallback, path.name
        compared += 1

    assert compared > 60


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(2**53), 2**53) | st.floats(1e-6, 1e15) | st.just(-0.0)
ids = st.sampled_from(["urn:a", "urn:b", "https://example.org/č", "did:key:z1"])
languages = st.dictionaries(st.sampled_from(["sl", "EN", "sr-Cyrl"]), texts)


def node(kind: str, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # one id, one kind: what two kinds under one id do is tested by name below
    optional.setdefault("id", st.sampled_from([f"urn:{kind}:a", f"urn:{kind}:č"]))
    return st.fixed_dictionaries({"type": st.just([kind])}, optional=optional)


profiles = node("Profile", name=texts, url=ids, official=texts)
results = node("Result", value=texts, status=texts, resultDescription=ids)
achievements = node(
    "Achievement",
    name=texts,
    creator=profiles,
    creditsAvailable=numbers,
    tag=st.lists(texts, max_size=3),
    criteria=st.fixed_dictionaries({}, optional={"id": ids, "narrative": texts}),
    resultDescription=st.lists(
        node("ResultDescription", name=texts, allowedValue=st.lists(texts)), max_size=2
    ),
)
subjects = node(
    "AchievementSubject",
    achievement=achievements,
    creditsEarned=numbers | texts,
    result=st.lists(results, max_size=3),
    source=profiles,
)
badges = st.builds(
    badge, issuer=profiles, credentialSubject=subjects, name=texts, id=ids
)
outcomes = node("LearningOutcome", title=languages, note=st.just([]))
claims = st.fixed_dictionaries(
    {},
    optional={
        "title": languages,
        "description": st.dictionaries(
            st.sampled_from(["sl", "hr"]), st.lists(texts, max_size=2)
        ),
        "hasPart": st.lists(node("LearningAchievement", title=languages), max_size=2),
        "identifier": st.lists(node("Identifier", notation=texts), max_size=2),
    },
)
diplomas = st.builds(lambda claim: diploma(**claim), claims)


@settings(max_examples=60, deadline=None)
@given(badges | diplomas)
def test_any_credential_reads_natively_as_pyld_reads_it(document: Document) -> None:
    found = canonicalize(document, documents=BUNDLED)

    assert not found.fallback
    assert found.nquads == nquads_by_pyld(document, BUNDLED)


def changed(path: str, value: Any) -> Document:
    """A badge with one member set; the path is dotted."""
    document = badge()
    *parents, last = path.split(".")
    place = document
    for name in parents:
        place = place[name]
    place[last] = value
    return document


REFUSED = [
    # rows 34 to 43 of the attack table
    ("@context", [VC2, OB + "/"], "context.not_allowed"),
    ("@context", [VC2, OB + "#"], "context.not_allowed"),
    ("@context", [VC2.replace("https", "http"), OB], "context.not_allowed"),
    ("@context", [VC2, "https://example.org/unknown"], "context.not_allowed"),
    ("@context", [VC2, OB, {"name": "urn:x"}], "context.inline"),
    ("@context", {"@vocab": "urn:x:"}, "context.inline"),
    ("@context", [VC2, OB, None], "context.inline"),
    ("@context", None, "context.inline"),
    ("@context", [], "context.missing"),
    ("@context", [VC2, OB, OB], "context.duplicate"),
    ("credentialSubject.@context", {"name": "urn:x"}, "context.inline"),
    ("credentialSubject.@context", [VC2], "context.inline"),
    ("credentialSubject.@context", None, "context.inline"),
    ("gradeText", "excellent", "key.undefined"),
    ("issuer.eIDAS\u0399dentifier", "x", "key.undefined"),
    ("issuer.na\u200bme", "x", "key.undefined"),
    ("", "x", "key.undefined"),
    ("urn:schema:name", "x", "not-compact"),
    ("schema:name", "x", "not-compact"),
    ("_:name", "x", "not-compact"),
    ("@included", [{"id": "urn:x"}], "not-compact"),
    ("@graph", [], "not-compact"),
    ("@reverse", {}, "not-compact"),
    ("@nest", {}, "not-compact"),
    ("@id", "urn:x", "not-compact"),
    ("@type", "Profile", "not-compact"),
    ("@index", "x", "not-compact"),
    ("@base", "urn:x", "not-compact"),
    ("@vocab", "urn:x", "not-compact"),
    ("@import", "urn:x", "not-compact"),
    ("@propagate", True, "not-compact"),
    ("name", {"@set": ["x"]}, "not-compact"),
    ("name", {"@list": ["x"]}, "not-compact"),
    ("name", {"@value": "x"}, "not-compact"),
    ("name", {"@value": "x", "@type": "urn:t"}, "not-compact"),
    ("name", {"@value": "x", "@language": "sl", "@index": "1"}, "not-compact"),
    ("name", {"@value": 5, "@language": "sl"}, "language.invalid"),
    ("name", {"@value": "x", "@language": "s l"}, "language.invalid"),
    ("name", [["x"]], "not-compact"),
    ("id", "not an iri", "iri.invalid"),
    ("id", "relative", "iri.invalid"),
    ("id", "urn:epass:la 2", "iri.invalid"),
    ("id", "", "iri.invalid"),
    ("id", 5, "iri.invalid"),
    ("id", "_:b0", "iri.blank"),
    ("issuer", "_:b0", "iri.blank"),
    ("issuer", "relative", "iri.invalid"),
    ("issuer.url", "urn:x<y", None),  # a text under xsd:anyURI, not a reference
    ("issuer.type", ["Universitiy"], "type.undefined"),
    ("issuer.type", [{}], "type.undefined"),
    ("issuer.type", None, "type.undefined"),
    ("name", None, "null"),
    ("name", ["x", None], "null"),
    ("credentialSubject.creditsEarned", 2**53 + 1, "number.range"),
    ("credentialSubject.creditsEarned", 1e21, "number.range"),
    ("credentialSubject.creditsEarned", 1e17, "number.range"),
    ("credentialSubject.creditsEarned", 9.9e-7, "number.range"),
    ("credentialSubject.creditsEarned", float("inf"), "number.range"),
]


@pytest.mark.parametrize(("path", "value", "reason"), REFUSED)
def test_what_a_signature_would_miss_is_refused(
    path: str, value: Any, reason: str | None
) -> None:
    document = changed(path, value)
    if reason is None:
        assert canon(document) == nquads_by_pyld(document, BUNDLED)
        return

    with pytest.raises(Malformed) as caught:
        canon(document)

    assert caught.value.reason == reason


def test_the_twin_of_every_refused_document_is_accepted() -> None:
    assert canon(badge()) == nquads_by_pyld(badge(), BUNDLED)


def test_a_refusal_names_the_place_and_shows_look_alike_letters() -> None:
    with pytest.raises(Malformed, match=r"^issuer: key 'na\\u200bme'"):
        canon(changed("issuer.na\u200bme", "x"))


def test_an_upload_wrapper_says_nothing_and_is_refused() -> None:
    # row 40: pyld canonicalizes this to nothing, and nothing would be signed
    with pytest.raises(Malformed) as caught:
        canon({"@context": [VC1], "id": "urn:x"})

    assert caught.value.reason == "empty.dataset"


def test_a_reference_that_no_quad_holds_is_refused() -> None:
    presentation = {
        "@context": [VC1],
        "type": "VerifiablePresentation",
        "verifiableCredential": "urn:uuid:1",
    }

    with pytest.raises(Malformed) as caught:
        canon(presentation)

    assert caught.value.reason == "empty.dataset"


@pytest.mark.parametrize("other", ["context.json", "context-3.0.1.json"])
def test_contexts_that_redefine_protected_terms_cannot_be_combined(other: str) -> None:
    url = OB.replace("context-3.0.3.json", other)

    with pytest.raises(Malformed) as caught:
        canon(badge(**{"@context": [VC2, url]}))

    assert caught.value.reason == "context.invalid"


def test_documents_nested_without_end_are_refused() -> None:
    document = badge()
    place = document["issuer"]
    for _ in range(100_000):
        place["parentOrg"] = {"type": ["Profile"]}
        place = place["parentOrg"]

    with pytest.raises(Malformed) as caught:
        canon(document)

    assert caught.value.reason in ("json.depth", "limits.canonicalization")


def test_a_clique_of_blank_nodes_is_stopped_by_counting() -> None:
    # row 43; blank nodes cannot be named, so likeness has to come from structure
    alike = {"type": ["Alignment"], "targetName": "x"}
    subject = badge()["credentialSubject"]
    subject["result"] = [
        {"type": ["Result"], "alignment": [alike] * 3} for _ in range(400)
    ]

    with pytest.raises(Malformed) as caught:
        canonicalize(
            badge(credentialSubject=subject),
            documents=BUNDLED,
            limits=Limits(work=2_000),
        )

    assert caught.value.reason == "limits.canonicalization"


def test_more_objects_than_the_limit_are_refused() -> None:
    subject = badge()["credentialSubject"]
    subject["result"] = [{"type": ["Result"]}] * 50

    with pytest.raises(Malformed) as caught:
        canonicalize(
            badge(credentialSubject=subject), documents=BUNDLED, limits=Limits(nodes=50)
        )

    assert caught.value.reason == "limits.canonicalization"


def caller_context(folder: Path, context: object) -> Documents:
    import hashlib

    data = json.dumps({"@context": context}).encode()
    (folder / "c.jsonld").write_bytes(data)
    entry = {
        "url": "https://example.org/c",
        "file": "c.jsonld",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps([entry]))
    return BUNDLED.with_directory(folder)


def test_title_and_description_cannot_be_swapped_by_another_context(
    tmp_path: Path,
) -> None:
    # row 36: the EDC context protects nothing, so only pinning stops this
    swapped = {"@id": "http://purl.org/dc/terms/description", "@container": "@language"}
    documents = caller_context(tmp_path, {"title": swapped})
    document = diploma()
    document["@context"] = [VC1, EDC, "https://example.org/c"]

    with pytest.raises(Malformed):
        canon(document)  # not pinned for everybody
    assert canon(document, documents) != canon(diploma())


def test_a_callers_context_never_reaches_a_bundled_one(tmp_path: Path) -> None:
    documents = caller_context(tmp_path, {"extra": "urn:extra", "@version": 1.1})
    document = badge(**{"@context": [VC2, OB, "https://example.org/c"]}, extra="x")

    assert b"urn:extra" in canon(document, documents)
    with pytest.raises(Malformed):
        canon(badge(extra="x"))
    assert active_context((VC2, OB), documents) is active_context((VC2, OB), BUNDLED)


def unusual() -> Document:
    return badge(
        **{
            "@context": [VC1, DCC],
            "type": "VerifiableCredential",
            "issuer": "did:key:z1",
            "credentialSubject": {
                "id": "did:key:z2",
                "awardedOnCompletionOf": {"id": "urn:p", "name": "Program"},
            },
        }
    )


def test_a_construct_beyond_the_walk_is_read_by_pyld_and_said_so() -> None:
    document = {k: v for k, v in unusual().items() if k not in ("validFrom",)}

    found = canonicalize(document, documents=BUNDLED)

    assert found.fallback
    assert found.nquads == nquads_by_pyld(document, BUNDLED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"gradeText": "x"}, "key.undefined", id="undefined-key"),
        pytest.param({"urn:x": "x"}, "not-compact", id="absolute-key"),
        pytest.param({"@included": []}, "not-compact", id="keyword"),
        pytest.param({"name": None}, "null", id="null"),
        pytest.param({"name": 2**60}, "number.range", id="large"),
        pytest.param({"id": "relative"}, "iri.invalid", id="relative"),
        pytest.param({"id": "_:b"}, "iri.blank", id="blank"),
        pytest.param({"id": "urn:a b"}, "iri.invalid", id="space"),
        pytest.param({"type": "Universitiy"}, "type.undefined", id="type"),
        pytest.param({"@context": {}}, "context.inline", id="context"),
    ],
)
def test_the_fallback_refuses_the_same(change: Document, reason: str) -> None:
    document = {k: v for k, v in unusual().items() if k not in ("validFrom",)}
    document["credentialSubject"]["awardedOnCompletionOf"].update(change)

    with pytest.raises(Malformed) as caught:
        canon(document)

    assert caught.value.reason == reason


# The verified view


@settings(max_examples=100, deadline=None)
@given(badges | diplomas)
def test_the_view_has_the_canonical_form_of_the_document(document: Document) -> None:
    found = view(document, documents=BUNDLED)

    if not found.merged:
        assert canon(found.content) == canon(document)


def test_the_view_of_every_real_file_is_what_its_quads_say() -> None:
    documents = BUNDLED.with_directory(shared_file("standards/contexts"))
    compared = 0
    for path in samples():
        document = readable(path)
        try:
            if document is None:
                continue
            expected = canon(document, documents)
            found = view(document, documents=documents)
        except InputError:
            continue
        if not found.merged:
            assert found.content == document, path.name
            assert canon(found.content, documents) == expected, path.name
            compared += 1

    assert compared > 50


def reshaped(change: Callable[[Document], None]) -> tuple[Document, Document]:
    plain = badge()
    plain["credentialSubject"]["creditsEarned"] = 5
    other = copy.deepcopy(plain)
    change(other)
    return plain, other


def five_as_float(document: Document) -> None:
    document["credentialSubject"]["creditsEarned"] = 5.0


def five_as_text(document: Document) -> None:
    document["credentialSubject"]["creditsEarned"] = "5"


def true_as_text(document: Document) -> None:
    document["credentialSubject"]["identifier"][0]["hashed"] = "true"


def empty_array(document: Document) -> None:
    document["credentialSubject"]["result"] = []


def value_twice(document: Document) -> None:
    document["credentialSubject"]["achievement"]["name"] = [
        document["credentialSubject"]["achievement"]["name"]
    ] * 2


@pytest.mark.parametrize(
    "change", [five_as_float, five_as_text, true_as_text, empty_array]
)
def test_shapes_with_one_canonical_form_have_one_view(
    change: Callable[[Document], None],
) -> None:
    plain, other = reshaped(change)

    assert canon(other) == canon(plain)
    seen = [view(d, documents=BUNDLED).content for d in (plain, other)]
    assert json.dumps(seen[0]) == json.dumps(seen[1])


def test_a_value_said_twice_is_shown_once() -> None:
    plain, other = reshaped(value_twice)

    found = view(other, documents=BUNDLED).content

    name = plain["credentialSubject"]["achievement"]["name"]
    assert canon(other) == canon(plain)
    assert found["credentialSubject"]["achievement"]["name"] == [name]


def test_a_synonym_of_a_key_cannot_hide_a_property() -> None:
    # In Open Badges 3.0.0 `Achievement` and `achievement` are one property.
    url = OB.replace("-3.0.3", "")
    plain = badge(**{"@context": [VC1, url], "issuanceDate": "2025-06-01T00:00:00Z"})
    del plain["validFrom"]
    other = copy.deepcopy(plain)
    subject = other["credentialSubject"]
    subject["Achievement"] = subject.pop("achievement")

    assert canon(other) == canon(plain)
    assert "achievement" in view(other, documents=BUNDLED).content["credentialSubject"]


def test_a_status_moved_to_another_mention_of_the_credential_is_still_seen() -> None:
    status = {"id": "urn:s", "type": "BitstringStatusListEntry"}
    endorsed = {
        "@context": [VC2, OB],
        "id": "urn:e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": "did:key:zOther",
        "credentialSubject": {"id": badge()["id"], "type": ["EndorsementSubject"]},
    }
    honest = badge(endorsement=[endorsed], credentialStatus=status)
    moved = copy.deepcopy(honest)
    del moved["credentialStatus"]
    subject = moved["endorsement"][0]["credentialSubject"]
    subject["credentialStatus"] = status
    subject["type"] = [*badge()["type"], "EndorsementSubject"]

    found = view(moved, documents=BUNDLED)

    assert canon(moved) == canon(honest)
    assert found.content["credentialStatus"] == status
    assert found.merged == (badge()["id"],)


def test_an_embedded_credential_stays_as_its_issuer_signed_it() -> None:
    endorsed = {
        "@context": [VC2, OB],
        "id": "urn:e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": "did:key:zIssuer",
        "credentialSubject": {"id": "urn:uuid:1", "type": ["EndorsementSubject"]},
    }
    document = badge(endorsement=[endorsed])

    found = view(document, documents=BUNDLED).content

    assert found["endorsement"] == [endorsed]
    achievement = found["credentialSubject"]["achievement"]
    assert achievement["type"] == ["Achievement", "EndorsementSubject"]


def test_an_organisation_said_in_two_halves_is_whole_in_both_places() -> None:
    document = badge()
    achievement = document["credentialSubject"]["achievement"]
    achievement["creator"] = {
        "id": document["issuer"]["id"],
        "type": ["Profile"],
        "otherIdentifier": [
            {
                "type": "IdentifierEntry",
                "identifier": "SI1234567",
                "identifierType": "systemId",
            }
        ],
    }

    found = view(document, documents=BUNDLED)

    assert found.merged == ("did:key:zIssuer",)
    creator = found.content["credentialSubject"]["achievement"]["creator"]
    issuer = found.content["issuer"]
    assert creator["name"] == issuer["name"] == "Srednja šola Zgled"
    assert creator["otherIdentifier"] == issuer["otherIdentifier"]


def test_things_that_contain_each_other_end() -> None:
    inner = {"id": "urn:o", "type": ["Profile"], "parentOrg": {"id": "urn:o"}}
    document = badge(issuer={**inner, "parentOrg": {**inner, "name": "x"}})

    found = view(document, documents=BUNDLED).content

    assert found["issuer"]["name"] == "x"


def test_mentions_that_multiply_are_stopped_by_counting() -> None:
    chain: Any = {"id": "urn:n0", "type": ["Profile"], "name": "x"}
    for number in range(1, 40):
        a = {"id": f"urn:n{number}", "type": ["Profile"], "parentOrg": chain}
        b = {"id": f"urn:n{number - 1}", "type": ["Profile"], "name": str(number)}
        chain = {**a, "parentOrg": [chain, {**b, "parentOrg": [{"id": "urn:z"}]}]}
    limits = Limits(work=500)

    with pytest.raises(Malformed) as caught:
        view(badge(issuer=chain), documents=BUNDLED, limits=limits)

    assert caught.value.reason == "limits.canonicalization"


@pytest.mark.slow
def test_thousands_of_mentions_of_one_id_are_stopped_by_counting() -> None:
    mentions = [{"id": "urn:y", "name": str(number)} for number in range(9_000)]
    issuer = {"id": "urn:x", "type": ["Profile"], "parentOrg": mentions}

    with pytest.raises(Malformed) as caught:
        view(badge(issuer=issuer), documents=BUNDLED)

    assert caught.value.reason == "limits.canonicalization"


@pytest.mark.parametrize(
    ("letter", "written"),
    [
        # RDFC-1.0 section 5: names for some, \\u for the other control characters
        ("\b", r"\b"),
        ("\t", r"\t"),
        ("\n", r"\n"),
        ("\f", r"\f"),
        ("\r", r"\r"),
        ('"', r"\""),
        ("\\", r"\\"),
        ("\\n", r"\\n"),
        ("\0", r"\u0000"),
        ("\x0b", r"\u000B"),
        ("\x1f", r"\u001F"),
        ("\x7f", r"\u007F"),
        ("\x80", "\x80"),
        ("'", "'"),
        ("š😀", "š😀"),
    ],
)
def test_letters_are_written_as_canonical_n_quads_want(
    letter: str, written: str
) -> None:
    assert f'"{written}" .\n'.encode() in canon(badge(name=letter))


def test_a_text_direction_is_not_shown_because_nothing_signs_it() -> None:
    text = {"@value": "שלום", "@language": "HE", "@direction": "rtl"}

    found = view(badge(name=text), documents=BUNDLED).content

    assert found["name"] == {"@value": "שלום", "@language": "he"}
    assert canon(badge(name=text)) == canon(badge(name=found["name"]))


def test_everything_we_expect_to_issue_is_read_natively() -> None:
    folder = shared_file("domain/fixtures/expected_ob3")
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_bytes())
        assert not canonicalize(document, documents=BUNDLED).fallback, path.name


def test_the_tree_of_the_project_is_where_the_tests_think() -> None:
    assert (ROOT / "contexts" / "manifest.json").is_file()
