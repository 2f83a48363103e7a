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
