"""Which organisation a credential names, and every way to leave it in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from counted import calls, grows_with_size
from edc_issuer.models.identifier import StatedIdentifier
from edc_issuer.models.issuer import (
    MAX_BODIES,
    Organisations,
    issuer_of,
)

Node = dict[str, Any]
EDC = [
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
]
SPATIAL = {"id": "http://publications.europa.eu/resource/authority/country/SVN"}
KEYS = st.sampled_from(
    [
        "@context",
        "id",
        "@id",
        "type",
        "issuer",
        "name",
        "legalName",
        "eIDASIdentifier",
        "registration",
        "notation",
        "spatial",
        "otherIdentifier",
        "identifier",
        "identifierType",
        "credentialSubject",
        "awardingBody",
        "creator",
        "targetType",
        "targetUrl",
        "@value",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["a", "did:x:a", "ext:AwardingBody"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def organisation(**changes: Any) -> Node:
    return {
        "id": "urn:org:1",
        "type": "Organisation",
        "legalName": {"sl": "Srednja šola Zgled", "en": "Zgled School"},
        "eIDASIdentifier": {
            "id": "urn:legal:1",
            "notation": "NTRSI-1234567",
            "spatial": SPATIAL,
        },
    } | changes


def edc(issuer: object, body: object = None, **more: Any) -> Node:
    claim: Node = {"title": {"sl": "Dosežek"}}
    if body is not None:
        claim["awardedBy"] = {"awardingBody": body}
    subject = {"id": "urn:person:1", "hasClaim": [claim]}
    return {"@context": EDC, "issuer": issuer, "credentialSubject": subject, **more}


def badge(issuer: object, **achievement: Any) -> Node:
    return {"issuer": issuer, "credentialSubject": {"achievement": achievement}}


def profile(**changes: Any) -> Node:
    return {"id": "did:key:z6Mk", "type": ["Profile"], "name": "Šola Zgled"} | changes


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("NTRSI-1234567", ("NTR", "SI", "1234567")),
        ("VATEL-123456789", ("VAT", "GR", "123456789")),
        ("NTRAT-FN 000000a", ("NTR", "AT", "FN000000A")),
        ("EI:SE-5567971433", ("EI:", "SE", "5567971433")),
        ("did:key:z6Mk", ("did", None, "did:key:z6Mk")),
        ("https://sola.example/", ("uri", None, "https://sola.example/")),
        ("1234567", ("", None, "1234567")),
        ("NTRSI-", ("", None, "NTRSI-")),
        ("ntrsi-1234567", ("", None, "ntrsi-1234567")),
    ],
)
def test_an_identifier_is_type_country_and_number(
    text: str, parsed: tuple[str, str | None, str]
) -> None:
    assert StatedIdentifier.parse(text) == StatedIdentifier(*parsed)


@pytest.mark.parametrize("text", ["NTRSI-1234567", "did:key:z6Mk", "1234567"])
def test_an_identifier_prints_as_it_was_read(text: str) -> None:
    assert str(StatedIdentifier.parse(text)) == text


def test_an_edc_names_its_issuer_in_every_language_and_by_every_number() -> None:
    registered = organisation(
        registration={"notation": "1234567", "spatial": SPATIAL},
        vatIdentifier=[{"notation": "SI 12345678", "spatial": SPATIAL}],
    )

    stated = issuer_of(edc(registered))

    assert stated.names == ("Srednja šola Zgled", "Zgled School")
    assert [str(found) for found in stated.identifiers] == [
        "urn:org:1",
        "NTRSI-1234567",
        "VATSI-SI12345678",
    ]
    assert not stated.ambiguous


def test_a_badge_names_its_issuer_by_did_and_other_identifiers() -> None:
    entries = [
        {"identifier": "NTRSI-1234567", "identifierType": "ext:eidasLegalIdentifier"},
        {"identifier": "12345678", "identifierType": "ext:tax.SI"},
    ]

    stated = issuer_of(badge(profile(otherIdentifier=entries)))

    assert (stated.names, stated.ambiguous) == (("Šola Zgled",), False)
    assert [str(found) for found in stated.identifiers] == [
        "did:key:z6Mk",
        "NTRSI-1234567",
        "TINSI-12345678",
    ]


AMBIGUOUS = [
    pytest.param(edc(None), id="no-issuer"),
    pytest.param(edc([organisation(), organisation()]), id="two-issuers"),
    pytest.param(edc(7), id="a-number"),
    pytest.param(edc("urn:org:1"), id="only-a-uri"),
    pytest.param(edc(organisation(legalName={})), id="no-name"),
    pytest.param(
        edc(organisation(legalName={"sl": ["Šola Zgled", "Univerza"]})),
        id="two-names-in-one-language",
    ),
    pytest.param(edc(organisation(name="Univerza")), id="name-beside-legal-name"),
    pytest.param(
        edc(organisation(**{"http://www.w3.org/ns/regorg#legalName": "Univerza"})),
        id="name-under-a-full-iri",
    ),
    pytest.param(badge(profile(name=["Šola Zgled", "Univerza"])), id="badge-two-names"),
    pytest.param(
        edc(organisation(), body=organisation(legalName={"sl": "Univerza"})),
        id="awarding-body-with-the-id-and-another-name",
    ),
    pytest.param(
        edc(organisation(), evidence={"id": "urn:org:1", "legalName": {"de": "Uni"}}),
        id="evidence-with-the-id-and-another-name",
    ),
    pytest.param(
        edc(organisation(), body={"@id": "urn:org:1", "legalName": {"sl": "Univerza"}}),
        id="the-id-under-its-keyword",
    ),
    pytest.param(
        edc(
            organisation(),
            body=organisation(vatIdentifier={"notation": "SI1", "spatial": SPATIAL}),
        ),
        id="one-more-number-elsewhere",
    ),
    pytest.param(
        edc(organisation(), body={"id": "urn:legal:1", "notation": "NTRSI-7654321"}),
        id="its-identifier-with-a-second-number",
    ),
    pytest.param(
        badge(profile(), creator=profile(name="Univerza v Ljubljani")),
        id="creator-with-the-did-and-another-name",
    ),
]


@pytest.mark.parametrize("view", AMBIGUOUS)
def test_an_issuer_that_two_readers_could_take_for_two_is_ambiguous(view: Node) -> None:
    stated = issuer_of(view)

    assert stated.ambiguous
    assert stated.why


def test_saying_the_same_twice_or_less_is_not_ambiguous() -> None:
    same = organisation()
    less = {"id": "urn:org:1", "type": "Organisation"}

    stated = [issuer_of(edc(organisation(), body=body)) for body in (same, less)]

    assert [found.ambiguous for found in stated] == [False, False]


def test_the_reason_names_no_organisation() -> None:
    view = edc(organisation(), body=organisation(legalName={"sl": "Univerza"}))

    assert "Univerza" not in issuer_of(view).why


def test_awarding_bodies_of_an_edc_are_told_with_name_and_number() -> None:
    other = organisation(id="urn:org:2", legalName={"sl": "Univerza"})

    bodies = Organisations.of(
        edc(organisation(), body=[organisation(), other])
    ).awarding_bodies

    assert [(body.id, body.names[0]) for body in bodies] == [
        ("urn:org:1", "Srednja šola Zgled"),
        ("urn:org:2", "Univerza"),
    ]


def test_a_body_named_by_its_id_is_looked_up() -> None:
    view = badge(profile(), creator={"id": "did:key:z6Mk", "type": ["Profile"]})

    assert [body.names for body in Organisations.of(view).awarding_bodies] == [
        ("Šola Zgled",)
    ]


def test_a_body_that_nothing_describes_has_no_name_and_is_ambiguous() -> None:
    view = edc(organisation(), body="urn:org:9")

    (body,) = Organisations.of(view).awarding_bodies

    assert (body.id, body.names, body.ambiguous) == ("urn:org:9", (), True)


def test_further_bodies_of_our_badges_stand_in_alignments() -> None:
    further = {
        "targetType": "ext:AwardingBody",
        "targetName": "Univerza",
        "targetUrl": "urn:org:2",
        "targetCode": "NTRSI-7654321",
    }

    bodies = Organisations.of(badge(profile(), alignment=[further])).awarding_bodies

    assert [(body.names, str(body.identifiers[1])) for body in bodies] == [
        (("Univerza",), "NTRSI-7654321")
    ]


def test_a_credential_that_names_no_body_has_none() -> None:
    assert Organisations.of(badge(profile())).awarding_bodies == ()


def test_a_flood_of_awarding_bodies_ends_in_an_ambiguous_one() -> None:
    def work(size: int) -> Callable[[], object]:
        flood = [organisation(id=f"urn:org:{number}") for number in range(size)]
        return lambda: Organisations.of(edc(organisation(), body=flood)).awarding_bodies

    flood = [organisation(id=f"urn:org:{number}") for number in range(500)]
    bodies = Organisations.of(edc(organisation(), body=flood)).awarding_bodies

    assert len(bodies) == MAX_BODIES + 1
    assert bodies[-1].ambiguous
    assert grows_with_size(work, 500)


def test_a_hundred_references_do_not_read_a_flood_of_nodes_a_hundred_times() -> None:
    unnamed = [{"id": "urn:x:1", "notation": str(i)} for i in range(2_000)]

    def referred(times: int) -> Callable[[], object]:
        references = [{"awardingBody": "urn:x:1"} for _ in range(times)]
        flooded = edc(organisation(), a=unnamed, b=references)
        return lambda: Organisations.of(flooded).awarding_bodies

    bodies = Organisations.of(
        edc(organisation(), a=unnamed, b=[{"awardingBody": "urn:x:1"}])
    ).awarding_bodies

    assert any(body.id == "urn:x:1" for body in bodies)
    assert calls(referred(MAX_BODIES - 1)) < 2 * calls(referred(1))


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_reading_an_issuer_never_raises(view: Node) -> None:
    stated = issuer_of(view)

    assert stated.ambiguous == bool(stated.why)
    assert isinstance(Organisations.of(view).awarding_bodies, tuple)


@pytest.mark.parametrize(
    ("name", "names", "numbers"),
    [
        (
            "edc/Sample-MC-Annex1-unsigned.jsonld",
            ("University of Zed",),
            ["urn:epass:org:1", "NTRIE-0000", "VATIE-654321"],
        ),
        ("ob30/simple.json", ("Example Corp",), ["https://example.com/issuers/876543"]),
    ],
)
def test_official_samples_name_their_issuer(
    name: str, names: tuple[str, ...], numbers: list[str]
) -> None:
    sample = json.loads(shared_file(f"samples/{name}").read_text("utf-8"))

    stated = issuer_of(sample)

    assert (stated.names, stated.ambiguous) == (names, False)
    assert [str(found) for found in stated.identifiers] == numbers


def test_the_graph_view_of_the_official_error_sample_is_ambiguous() -> None:
    path = shared_file("samples/ob30/simple-err-issuer-parentorg-type.json")

    stated = issuer_of(json.loads(path.read_text("utf-8")))

    assert "parentOrg" in stated.why
