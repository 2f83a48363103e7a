"""What a reviewer found who looked for every way to be told a wrong verdict.

Each test is a file or a trust that an earlier version judged wrongly, stopped at,
or took minutes over; its honest twin stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from attacks.workshop import (
    AT,
    DID_WEB,
    SL_NAME,
    V2,
    badge,
    claims,
    compact_json,
    edc,
    encoded,
    jwt,
    jwt_header,
    one_seal,
    organisation,
    proof_options,
    proved,
    school,
    sealed,
    verify,
)
from edc_issuer.jose import public_to_jwk
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import StoredDid, Trust
from edc_issuer.verify.nested import MAX_IN_ALL

# --- keys that were withdrawn -------------------------------------------------------


def school_on_the_web(**of_the_key: Any) -> Trust:
    """Trust that knows the school's DID document, with its badge key in it."""
    method = {
        "id": f"{DID_WEB}#1",
        "type": "JsonWebKey",
        "controller": DID_WEB,
        "publicKeyJwk": public_to_jwk(school().badge.key.public_key()),
        **of_the_key,
    }
    document = {
        "id": DID_WEB,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
    }
    stored = StoredDid(DID_WEB, document, AT, sha256="0" * 64)
    return replace(school().trust, dids=(stored,))


def badge_by_web(**header: Any) -> bytes:
    """A badge of the school under its did:web; `header` says where its key is."""
    document = badge(issuer={"id": DID_WEB, "type": ["Profile"], "name": SL_NAME})
    return jwt(claims(document), header=jwt_header(**header))


POINTERS = [
    pytest.param({"kid": f"{DID_WEB}#1"}, id="its-own-name"),
    pytest.param(
        {"kid": None, "jwk": public_to_jwk(school().badge.key.public_key())},
        id="a-jwk-in-the-header",
    ),
    pytest.param({}, id="the-did-key-of-the-same-key"),
]


@pytest.mark.parametrize("header", POINTERS)
def test_a_withdrawn_key_is_withdrawn_however_the_file_points_to_it(
    header: dict[str, Any],
) -> None:
    data = badge_by_web(**header)

    honest = verify(data, trust=school_on_the_web())
    withdrawn = verify(data, trust=school_on_the_web(revoked="2025-01-01T00:00:00Z"))

    assert honest.outcome is Outcome.PASSED
    assert withdrawn.outcome is Outcome.INDETERMINATE
    assert withdrawn.check("issuer.identified").reason == "key-retired"


# --- content that stopped the verifier ----------------------------------------------


def test_a_mandate_of_any_shape_does_not_hide_that_somebody_else_sealed() -> None:
    other = {
        "id": "urn:epass:legalIdentifier:1",
        "type": "LegalIdentifier",
        "notation": "NTRSI-7654321",
    }
    evidence = [{"type": "Evidence", "dcType": [{"id": []}, {"id": {}}]}]
    of_another = edc(issuer=organisation(eIDASIdentifier=other), evidence=evidence)

    honest, forged = verify(sealed()), verify(sealed(credential=of_another))

    assert honest.outcome is Outcome.PASSED
    assert forged.outcome is Outcome.FAILED
    assert forged.check("issuer.identified").reason == "identity.mismatch"


@pytest.mark.parametrize("nothing", [None, []])
def test_an_absent_endorsement_may_be_written_down(nothing: Any) -> None:
    report = verify(jwt(claims() | {"endorsement": nothing}))

    assert report.outcome is Outcome.PASSED
    assert report.content is not None
    assert report.content["endorsement"] == nothing


# --- files that took minutes --------------------------------------------------------


def test_presentations_within_presentations_are_bounded_as_a_whole() -> None:
    def presentation(items: list[str]) -> str:
        document = {"@context": [V2], "type": ["VerifiablePresentation"]}
        payload = document | {"verifiableCredential": items}
        return jwt(payload, header=jwt_header(kid=None)).decode()

    inner = [presentation(["x"] * 30)] * 30

    report = verify(presentation(inner).encode())

    assert sum(1 for _ in all_parts(report)) == MAX_IN_ALL
    assert report.outcome is Outcome.INDETERMINATE


def all_parts(report: Report) -> Iterator[Report]:
    for part in report.parts:
        yield part
        yield from all_parts(part)


def test_an_issuer_with_thousands_of_names_is_ambiguous_and_not_compared() -> None:
    names = [SL_NAME, *(f"Šola {number}" for number in range(20_000))]
    payload = compact_json(edc(issuer=organisation(legalName=names)))
    seals = [one_seal(payload=payload) for _ in range(8)]

    started = process_time()
    report = verify(encoded({"payload": payload, "signatures": seals}))

    assert report.check("issuer.identified").reason == "issuer-ambiguous"
    assert len(report.check("issuer.identified").evidence["stated"]["names"]) == 100
    assert process_time() - started < 5


def test_an_organisation_may_have_a_name_in_every_language_of_europe() -> None:
    names = {f"{a}{b}": SL_NAME for a in "abcdefgh" for b in "abcdefgh"}

    report = verify(sealed(credential=edc(issuer=organisation(legalName=names))))

    assert report.outcome is Outcome.PASSED


def badge_about(achievement_member: str, value: Any) -> bytes:
    document = badge()
    document["credentialSubject"]["achievement"][achievement_member] = value
    return encoded(proved(document))


def mentions(count: int, versions: int) -> list[dict[str, Any]]:
    """One thing, said in many places to have many versions."""
    return [
        {
            "id": "urn:x:1",
            "type": ["Related"],
            "version": [f"{place}.{number}" for number in range(versions)],
        }
        for place in range(count)
    ]


def test_one_thing_in_many_places_is_shown_whole_in_each_until_that_is_too_much() -> (
    None
):
    honest = verify(badge_about("related", mentions(10, 10)))
    started = process_time()
    hostile = verify(badge_about("related", mentions(400, 100)))

    assert honest.outcome is Outcome.PASSED
    assert hostile.check("format.wellformed").reason == "limits.canonicalization"
    assert process_time() - started < 10


def row_of_things(length: int) -> list[dict[str, Any]]:
    """Things that each name the next one; written side by side."""
    return [
        {
            "id": f"urn:x:{number}",
            "type": ["Achievement"],
            "related": [{"id": f"urn:x:{number + 1}", "type": ["Achievement"]}],
        }
        for number in range(length)
    ]


def test_a_row_of_things_that_name_each_other_has_an_end() -> None:
    honest = verify(badge_about("related", row_of_things(20)))
    hostile = verify(badge_about("related", row_of_things(300)))

    assert honest.outcome is Outcome.PASSED
    assert hostile.check("format.wellformed").reason == "limits.canonicalization"


def results(values: list[str]) -> list[dict[str, Any]]:
    description = {
        "id": "urn:x:1",
        "type": ["ResultDescription"],
        "name": "Ocena",
        "resultType": "Status",
        "allowedValue": values,
    }
    return [description]


def test_a_long_list_of_equal_values_is_refused_and_stops_nothing() -> None:
    honest = badge_about("resultDescription", results([f"{n}" for n in range(500)]))
    document = badge()
    hostile = results(["5"] * 5_000)
    document["credentialSubject"]["achievement"]["resultDescription"] = hostile
    proof = proof_options() | {"proofValue": "z" + "1" * 88}

    refused = verify(encoded(document | {"proof": [proof]}))

    assert verify(honest).outcome is Outcome.PASSED
    assert refused.check("format.wellformed").reason == "limits.canonicalization"
