"""Rules that every W3C credential shares, and the window in which one is valid."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.models.vcdm import (
    FATAL,
    MALFORMED,
    V1,
    V2,
    inspect,
    is_absolute_uri,
    validity_window,
    version_of,
)

Credential = dict[str, Any]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "validUntil",
        "issuanceDate",
        "credentialSubject",
        "credentialStatus",
        "proof",
        "name",
        "relatedResource",
    ]
)


def credential(**changes: Any) -> Credential:
    """A sound credential of version 2.0; None takes a member away."""
    sound = {
        "@context": [V2],
        "id": "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:sola.example",
        "validFrom": "2025-01-01T00:00:00+01:00",
        "credentialSubject": {"id": "did:example:ana"},
    }
    changed = sound | {key.replace("at_", "@"): item for key, item in changes.items()}
    return {key: item for key, item in changed.items() if item is not None}


def old_credential(**changes: Any) -> Credential:
    """A sound credential of version 1.1."""
    sound = {
        "at_context": [V1],
        "validFrom": None,
        "issuanceDate": "2025-01-01T00:00:00Z",
    }
    return credential(**(sound | changes))


def codes(value: Credential) -> list[str]:
    return [problem.code for problem in inspect(value)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("contexts", "version"),
    [
        ([V1, "https://example.org/more"], "1.1"),
        ([V2], "2.0"),
        (V2, "2.0"),
        (["https://example.org/more", V2], None),
        ([V2 + "/"], None),
        ([V2.replace("https", "http")], None),
        ([{"@vocab": "urn:x:"}, V2], None),
        ([], None),
        (None, None),
    ],
)
def test_the_first_context_says_the_version(contexts: object, version: str) -> None:
    assert version_of({"@context": contexts}) == version


@pytest.mark.parametrize("sound", [credential(), old_credential()])
def test_sound_credentials_have_no_problem(sound: Credential) -> None:
    assert codes(sound) == []


FAULTS = [
    pytest.param(credential(at_context=None), "context.missing", id="no-context"),
    pytest.param(
        credential(at_context=["https://example.org/more", V2]),
        "context.order",
        id="base-context-second",
    ),
    pytest.param(credential(at_context=[V2, V2]), "context.duplicate", id="twice"),
    pytest.param(
        credential(at_context=[V2, {"name": "urn:x:grade"}]),
        "context.form",
        id="inline-context",
    ),
    pytest.param(credential(at_context=[V2, None]), "context.form", id="null-context"),
    pytest.param(
        credential(credentialSubject={"@context": {"name": "urn:x"}, "name": "Ana"}),
        "context.nested",
        id="context-in-the-subject",
    ),
    pytest.param(
        credential(at_context=["https://example.org/only"]),
        "version.unknown",
        id="no-base-context",
    ),
    pytest.param(
        credential(issuanceDate="2025-01-01T00:00:00Z"),
        "version.mixed",
        id="old-field-in-2.0",
    ),
    pytest.param(
        credential(expirationDate="2035-01-01T00:00:00Z"),
        "version.mixed",
        id="old-end-in-2.0",
    ),
    pytest.param(
        old_credential(issuanceDate=None, validFrom="2025-01-01T00:00:00Z"),
        "version.mixed",
        id="new-field-in-1.1",
    ),
    pytest.param(
        old_credential(validUntil="2035-01-01T00:00:00Z"),
        "version.mixed",
        id="new-end-in-1.1",
    ),
    pytest.param(credential(at_context=[V2, V1]), "version.mixed", id="both-contexts"),
    pytest.param(credential(type=["OpenBadgeCredential"]), "type.missing", id="type"),
    pytest.param(credential(type=None), "type.missing", id="no-type"),
    pytest.param(
        credential(type=["VerifiableCredential", 7]), "type.form", id="number-as-type"
    ),
    pytest.param(credential(id="3527"), "id.uri", id="relative-id"),
    pytest.param(credential(id="_:b0"), "id.uri", id="blank-node-id"),
    pytest.param(credential(id=["urn:a:b"]), "id.uri", id="list-as-id"),
    pytest.param(credential(issuer=None), "issuer.missing", id="no-issuer"),
    pytest.param(credential(issuer="me"), "issuer.id", id="issuer-is-a-word"),
    pytest.param(credential(issuer={"name": "Šola"}), "issuer.id", id="issuer-no-id"),
    pytest.param(
        credential(issuer=["did:web:a.example", "did:web:b.example"]),
        "issuer.id",
        id="two-issuers",
    ),
    pytest.param(credential(credentialSubject=None), "subject.missing", id="nobody"),
    pytest.param(credential(credentialSubject={}), "subject.form", id="empty-subject"),
    pytest.param(credential(credentialSubject="Ana"), "subject.form", id="word"),
    pytest.param(
        credential(credentialSubject={"id": "ana"}), "id.uri", id="relative-subject"
    ),
    pytest.param(
        old_credential(issuanceDate=None), "date.missing", id="no-date-in-1.1"
    ),
    pytest.param(
        credential(validFrom="2025-02-30"), "date.unreadable", id="30-february"
    ),
    pytest.param(credential(validFrom="2025-01-01"), "date.date-only", id="date-only"),
    pytest.param(
        credential(validFrom="2025-01-01T00:00:00"), "date.zone-less", id="zone-less"
    ),
    pytest.param(
        credential(validFrom="2016-12-31T23:59:60Z"), "date.leap-second", id="leap"
    ),
    pytest.param(
        credential(validUntil="2024-01-01T00:00:00Z"), "date.order", id="ends-too-soon"
    ),
    pytest.param(
        credential(credentialStatus={"id": "urn:x:1"}), "member.type", id="status-type"
    ),
    pytest.param(
        old_credential(credentialStatus={"type": "X"}), "member.id", id="status-id-1.1"
    ),
    pytest.param(
        credential(credentialSchema={"type": "JsonSchema"}), "member.id", id="schema-id"
    ),
    pytest.param(credential(evidence="a diary"), "member.form", id="evidence-word"),
    pytest.param(credential(name={"sl": "Značka"}), "text.form", id="name-as-map"),
    pytest.param(
        credential(relatedResource={"id": "urn:x:1"}), "related.digest", id="no-digest"
    ),
    pytest.param(
        credential(relatedResource=[{"id": "urn:x:1", "digestSRI": "sha256-x"}] * 2),
        "related.twice",
        id="one-resource-twice",
    ),
    pytest.param(credential(relatedResource="x"), "related.form", id="resource-word"),
]


@pytest.mark.parametrize(("broken", "code"), FAULTS)
def test_each_fault_has_its_code(broken: Credential, code: str) -> None:
    assert code in codes(broken)


def test_every_malformed_and_fatal_code_is_given_by_some_fault() -> None:
    given_codes = {code for row in FAULTS for code in codes(row.values[0])}  # type: ignore[arg-type]

    assert (MALFORMED | FATAL) - given_codes == set()


def test_elm_uses_the_names_of_2_0_beside_those_of_1_1() -> None:
    edc = old_credential(
        at_context=[V1, "http://data.europa.eu/snb/model/context/edc-ap"],
        validFrom="2025-01-01T00:00:00Z",
        validUntil="2035-01-01T00:00:00Z",
    )

    assert codes(edc) == []


def test_an_embedded_credential_brings_its_own_contexts() -> None:
    endorsed = credential(endorsement=[credential()])

    assert codes(endorsed) == []


def test_status_needs_no_id_in_2_0() -> None:
    status = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}

    assert codes(credential(credentialStatus=status)) == []


def test_texts_may_be_language_tagged_in_2_0() -> None:
    name = [{"@value": "Značka", "@language": "sl"}, {"@value": "Badge"}]

    assert codes(credential(name=name)) == []


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("https://sola.example/č", True),
        ("urn:uuid:1", True),
        ("did:key:z6Mk", True),
        ("data:image/png;base64,AA==", True),
        ("_:b0", False),
        ("//sola.example", False),
        ("https:", False),
        ("https://a b", False),
        ("https://a\u0000b", False),
        ("", False),
        (7, False),
        (None, False),
    ],
)
def test_an_id_is_an_absolute_uri(value: object, answer: bool) -> None:
    assert is_absolute_uri(value) is answer


@given(st.dictionaries(KEYS | st.text(max_size=8), JSON, max_size=8))
def test_inspection_never_raises(value: Credential) -> None:
    assert all(problem.code for problem in inspect(value))


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_a_window_never_raises(value: Credential) -> None:
    window = validity_window(value)

    assert window.place(at("2025-01-01")) in ("inside", "before", "after", "unknown")


def window_of(**dates: Any) -> tuple[datetime | None, datetime | None]:
    window = validity_window(dates)
    return window.not_before, window.not_after


def test_the_narrowest_window_of_both_versions_counts() -> None:
    window = validity_window(
        {
            "validFrom": "2025-01-02T00:00:00Z",
            "issuanceDate": "2025-01-01T00:00:00Z",
            "validUntil": "2025-12-30T00:00:00Z",
            "expirationDate": "2025-12-31T00:00:00Z",
        }
    )

    assert (window.not_before, window.not_after) == (at("2025-01-02"), at("2025-12-30"))


def test_what_stands_outside_the_credential_narrows_it_too() -> None:
    dates = {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2025-12-31T00:00:00Z"}

    window = validity_window(
        dates,
        also_from=[at("2025-02-01")],
        also_until=[at("2025-11-01"), at("2026-01-01")],
    )

    assert (window.not_before, window.not_after) == (at("2025-02-01"), at("2025-11-01"))


def test_a_day_without_time_lasts_from_utc_14_to_utc_minus_12() -> None:
    assert window_of(validFrom="2025-06-30", validUntil="2025-06-30") == (
        at("2025-06-29T10:00:00"),
        at("2025-07-01T11:59:59"),
    )


def test_a_time_without_zone_is_read_in_the_widest_sense() -> None:
    assert window_of(
        validFrom="2025-06-30T12:00:00", validUntil="2025-06-30T12:00:00"
    ) == (at("2025-06-29T22:00:00"), at("2025-07-01T00:00:00"))


@pytest.mark.parametrize(
    ("dates", "moment", "place"),
    [
        pytest.param({}, "2025-01-01", "inside", id="no-limit"),
        pytest.param(
            {"validFrom": "2025-01-01T00:00:00Z"}, "2025-01-01", "inside", id="first"
        ),
        pytest.param(
            {"validFrom": "2025-01-01T00:00:01Z"},
            "2025-01-01",
            "before",
            id="a-second-early",
        ),
        pytest.param(
            {"validUntil": "2025-01-01T00:00:00Z"}, "2025-01-01", "inside", id="last"
        ),
        pytest.param(
            {"validUntil": "2024-12-31T23:59:59Z"},
            "2025-01-01",
            "after",
            id="a-second-late",
        ),
        pytest.param(
            {"validUntil": "2025-02-30"}, "2025-01-01", "unknown", id="unreadable"
        ),
        pytest.param(
            {"validUntil": ["2030-01-01"]}, "2025-01-01", "unknown", id="a-list"
        ),
        pytest.param(
            {"validUntil": 1893456000}, "2025-01-01", "unknown", id="a-number"
        ),
        pytest.param({"validUntil": None}, "2025-01-01", "inside", id="null-is-absent"),
        pytest.param(
            {"validFrom": "soon", "validUntil": "2024-01-01T00:00:00Z"},
            "2025-01-01",
            "after",
            id="expired-whatever-the-start",
        ),
        pytest.param(
            {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2024-01-01T00:00:00Z"},
            "2025-01-01",
            "after",
            id="never-valid",
        ),
        pytest.param(
            {"validUntil": "9999-12-31T23:59:59-12:00"},
            "2025-01-01",
            "inside",
            id="9999",
        ),
        pytest.param(
            {"validFrom": "2025-01-01T14:00:00+14:00"},
            "2025-01-01",
            "inside",
            id="+14:00",
        ),
    ],
)
def test_a_moment_lies(dates: Credential, moment: str, place: str) -> None:
    assert validity_window(dates).place(at(moment)) == place


def test_an_unreadable_date_is_named_without_its_value() -> None:
    window = validity_window({"validUntil": "Ana Vzorec, 2025"})

    assert [(p.path, p.code) for p in window.problems] == [
        ("/validUntil", "date.unreadable")
    ]
    assert "Ana" not in str(window.problems)


def test_only_a_stated_end_limits() -> None:
    stated: list[Callable[[], bool]] = [
        lambda: validity_window({}).limited,
        lambda: validity_window({"validFrom": "2025-01-01T00:00:00Z"}).limited,
        lambda: validity_window({"validUntil": "never"}).limited,
    ]

    assert [ask() for ask in stated] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ob30/simple.json", set()),
        ("ob30/complete.json", set()),
        ("ob30/simple_v1.json", set()),
        ("ob30/simple-err-issuer.json", {"issuer.missing"}),
        ("edc/Sample-MC-Annex1-unsigned.jsonld", {"date.missing"}),
        ("edc/credential-sample-greek-iota.jsonld", {"date.zone-less"}),
    ],
)
def test_official_samples_have_the_problems_they_are_known_for(
    name: str, expected: set[str]
) -> None:
    sample = json.loads(shared_file(f"samples/{name}").read_text("utf-8"))

    assert set(codes(sample)) == expected
