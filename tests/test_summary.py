"""The five answers are read from either model and from any shape of JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.summary import Several, Summary, identifiers, summary


def example(name: str) -> Any:
    return json.loads(shared_file(f"domain/fixtures/{name}").read_text("utf-8"))


def test_a_european_digital_credential_gives_all_five_answers() -> None:
    content = example("expected_elm/scouts4green_ecological.jsonld")

    said = summary(content, "sl")

    assert said == Summary(
        who=Several(("Ana Vzorec",)),
        what=Several(("#Scouts4GreenApprenticeship Ekološka trajnost",)),
        by_whom="Srednja strokovna šola Zgled",
        issuer_id="NTRSI-1234567",
        when=date(2025, 11, 20),
        where="Ljubljana, Slovenia",
        valid_from=date(2025, 11, 20),
        valid_until=None,
    )


def test_an_open_badge_gives_the_same_five_answers() -> None:
    content = example("expected_ob3/scouts4green_ecological.json")

    said = summary(content, "sl")

    assert said.who == Several(("Ana Vzorec",))
    assert said.what == Several(("#Scouts4GreenApprenticeship Ekološka trajnost",))
    assert said.by_whom == "Srednja strokovna šola Zgled"
    assert said.when == date(2025, 11, 20)
    assert said.where == "Ljubljana, SI"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("Čebelarjenje", "Čebelarjenje", id="plain"),
        pytest.param({"en": "Bees", "sl": "Čebele"}, "Čebele", id="asked-language"),
        pytest.param({"de": "Bienen", "en": "Bees"}, "Bees", id="then-english"),
        pytest.param({"sr-Cyrl": "Пчеле"}, "Пчеле", id="then-any"),
        pytest.param({"sl-SI": "Čebele"}, "Čebele", id="with-region"),
        pytest.param({"sl": ["Čebele", "Roji"]}, "Čebele", id="array-in-a-map"),
        pytest.param(["Čebele", "Roji"], "Čebele", id="array"),
        pytest.param([{"en": "Bees"}], "Bees", id="array-of-maps"),
        pytest.param({"@value": "Čebele", "@language": "sl"}, "Čebele", id="value"),
        pytest.param(
            [
                {"@value": "Bees", "@language": "en"},
                {"@value": "Čebele", "@language": "sl"},
            ],
            "Čebele",
            id="array-of-values",
        ),
        pytest.param({"sl": ""}, None, id="empty"),
        pytest.param(7, None, id="number"),
        pytest.param([[["Čebele"]]], None, id="too-deep"),
    ],
)
def test_a_text_may_be_written_in_many_ways(title: Any, shown: str | None) -> None:
    content = {"credentialSubject": {"hasClaim": [{"title": title}]}}

    assert summary(content, "sl").what == Several((shown,) if shown else ())


def test_all_the_people_in_a_credential_are_counted() -> None:
    people = [{"fullName": f"Oseba {number}"} for number in range(5)]

    said = summary({"credentialSubject": people}, "sl")

    assert said.who == Several(("Oseba 0", "Oseba 1", "Oseba 2"), more=2)


@pytest.mark.parametrize(
    ("subject", "who"),
    [
        ({"givenName": {"sl": "Živa"}, "familyName": {"sl": "Đurić"}}, "Živa Đurić"),
        ({"name": "Živa Đurić"}, "Živa Đurić"),
        (
            {
                "identifier": [
                    {
                        "identityType": "emailAddress",
                        "identityHash": "ziva@example.org",
                        "hashed": False,
                    }
                ]
            },
            "ziva@example.org",
        ),
        (
            {
                "identifier": {
                    "identityType": "emailAddress",
                    "identityHash": "sha256$5e88",
                    "hashed": True,
                }
            },
            None,
        ),
        ({"id": "did:key:z6Mk"}, None),
    ],
    ids=["given-and-family", "name", "address", "hashed", "only-an-id"],
)
def test_a_person_may_be_named_in_many_ways(
    subject: dict[str, Any], who: str | None
) -> None:
    said = summary({"credentialSubject": subject}, "sl")

    assert said.who == Several((who,) if who else ())


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        pytest.param("2025-11-20T12:00:00Z", date(2025, 11, 20), id="noon"),
        pytest.param("2025-11-20T00:00:00+01:00", date(2025, 11, 20), id="own-offset"),
        pytest.param("2025-11-20T00:00:00Z", date(2025, 11, 20), id="midnight-utc"),
        pytest.param("2025-11-19T23:00:00Z", date(2025, 11, 20), id="winter-midnight"),
        pytest.param("2025-06-19T22:00:00Z", date(2025, 6, 20), id="summer-midnight"),
        pytest.param("2025-06-19T22:30:00Z", date(2025, 6, 19), id="late-evening"),
        pytest.param("2025-11-20", date(2025, 11, 20), id="date-only"),
        pytest.param("2025-02-30", "2025-02-30", id="no-such-day"),
        pytest.param("9999-12-31T23:00:00Z", date(9999, 12, 31), id="end-of-days"),
        pytest.param("poletje\n2025", "poletje 2025", id="words"),
    ],
)
def test_days_are_read_as_their_writer_meant_them(
    stated: str, shown: date | str
) -> None:
    assert summary({"awardedDate": stated}, "sl").when == shown


def test_the_official_number_of_an_organisation_comes_first() -> None:
    organisation = {
        "id": "https://zgled.si",
        "registration": {"notation": "1234567"},
        "eIDASIdentifier": [{"notation": "NTRSI-1234567"}],
    }

    assert next(identifiers(organisation)) == "NTRSI-1234567"


def test_an_issuer_may_be_only_an_address() -> None:
    said = summary({"issuer": "did:web:zgled.si"}, "sl")

    assert (said.by_whom, said.issuer_id) == (None, "did:web:zgled.si")


def test_texts_are_harmless() -> None:
    said = summary({"credentialSubject": {"fullName": "Ana\x1b[2J\n\u202e"}}, "sl")

    assert said.who == Several(("Ana\\u001b[2J \\u202e",))


NAMES = (
    "issuer legalName name id credentialSubject hasClaim title fullName givenName "
    "identifier identityType identityHash hashed awardedBy awardingDate location "
    "address countryCode prefLabel fullAddress noteLiteral geographicName validUntil "
    "issued @value @language sl en displayParameter achievement notation"
)
KEYS = st.sampled_from(NAMES.split())
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates().map(str)
    | st.sampled_from(["sl", "name", "emailAddress"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=30,
)


@given(VALUES, st.sampled_from(["sl", "en", "hr", ""]))
def test_no_shape_of_json_is_a_surprise(content: Any, language: str) -> None:
    said = summary(content, language)

    for text in (said.by_whom, said.issuer_id, said.where, *said.who.shown):
        assert text is None or len(text.splitlines()) == 1
