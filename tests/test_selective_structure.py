"""Badges that are built unusually: what can be shown of them, and what cannot."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from edc_issuer import jose
from edc_issuer.canonical import quads
from edc_issuer.derivation import derive, revealable
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import ConfigError, Malformed, Unsupported
from edc_issuer.formats.base import Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.selective.pointers import CuttingPointer
from edc_issuer.formats.selective.skolem import lines_of, skolemize
from edc_issuer.report import Outcome
from selective_badges import (
    AT,
    IDENTITY,
    KEY,
    NAME,
    Document,
    badge,
    base,
    document_of,
    report,
    signed,
    verify,
)

RESULTS = "/credentialSubject/achievement/resultDescription"


def with_lists() -> Document:
    """Two things with an ordered list each, one of them nameless."""
    document = badge()
    document["credentialSubject"]["achievement"]["resultDescription"] = [
        {
            "id": f"urn:uuid:{number}1111111-1111-4111-8111-111111111111",
            "type": ["ResultDescription"],
            "name": f"Ocena {number}",
            "resultType": "LetterGrade",
            "allowedValue": ["незадовољно", "dobro", f"odlično {number}"],
        }
        for number in (1, 2)
    ]
    return document


def test_an_ordered_list_is_shown_whole_and_in_its_order() -> None:
    copy = derive(signed(with_lists()), reveal=[f"{RESULTS}/1/allowedValue"])

    shown = verify(copy.data)["credentialSubject"]["achievement"]["resultDescription"]
    assert [one["allowedValue"] for one in shown] == [
        ["незадовољно", "dobro", "odlično 2"]
    ]
    assert report(copy.data).outcome is Outcome.PASSED


def test_the_order_of_an_ordered_list_is_signed() -> None:
    copy = derive(signed(with_lists()), reveal=[RESULTS]).data
    document = document_of(copy)
    results = document["credentialSubject"]["achievement"]["resultDescription"]
    results[0]["allowedValue"].reverse()

    assert report(copy).outcome is Outcome.PASSED
    assert report(json.dumps(document).encode()).outcome is Outcome.FAILED


def test_no_part_of_an_ordered_list_is_shown_by_itself() -> None:
    with pytest.raises(CuttingPointer):
        derive(signed(with_lists()), reveal=[f"{RESULTS}/0/allowedValue/1"])


def test_an_ordered_list_is_one_place_of_the_list() -> None:
    places = {place.pointer: place.value for place in revealable(signed(with_lists()))}

    assert places[f"{RESULTS}/0/allowedValue"] == ["незадовољно", "dobro", "odlično 1"]


def test_an_empty_ordered_list_can_be_shown() -> None:
    document = with_lists()
    results = document["credentialSubject"]["achievement"]["resultDescription"]
    results[0]["allowedValue"] = []

    copy = derive(signed(document), reveal=[f"{RESULTS}/0"])

    assert copy.confirmed


def test_two_ordered_lists_of_one_thing_cannot_be_told_apart() -> None:
    document = with_lists()
    results = document["credentialSubject"]["achievement"]["resultDescription"]
    results[1]["id"] = results[0]["id"]

    with pytest.raises(ConfigError, match="two ordered lists"):
        signed(document)


def test_every_nameless_thing_and_cell_is_another() -> None:
    whole = skolemize(with_lists(), documents=BUNDLED)
    plain = quads(with_lists(), documents=BUNDLED)

    named = whole.quads(whole.document)

    assert len(set(named)) == len(plain)
    blank = {t for quad in named for t in (quad[0], quad[2]) if t.startswith("_:")}
    assert len(blank) == len(
        {t for quad in plain for t in (quad[0], quad[2]) if t.startswith("_:")}
    )


def test_a_text_with_its_language_is_shown_whole() -> None:
    document = badge()
    document["name"] = {"@value": "Екологија", "@language": "sr"}
    file = signed(document)

    assert "/name" in {place.pointer for place in revealable(file)}
    assert derive(file, reveal=["/name"]).confirmed
    for half in ("/name/@value", "/name/@language"):
        with pytest.raises(CuttingPointer):
            derive(file, reveal=[half])


def test_mandatory_pointers_cut_nothing_apart() -> None:
    with pytest.raises(ConfigError):
        DATA_INTEGRITY.prepare(
            with_lists(),
            Signing(
                IDENTITY,
                "ES256",
                at=AT,
                options={
                    "cryptosuite": "ecdsa-sd-2023",
                    "mandatoryPointers": [f"{RESULTS}/0/allowedValue/0"],
                },
            ),
        )


def test_one_thing_that_stands_in_two_places_is_shown_as_far_as_it_is_chosen() -> None:
    document = badge()
    achievement = document["credentialSubject"]["achievement"]
    achievement["related"] = [
        {"id": achievement["id"], "type": ["Related"], "version": "друга"}
    ]
    del achievement["related"][0]["version"]

    copy = derive(signed(document), reveal=[NAME])

    assert copy.confirmed


def inner() -> Document:
    """A credential of somebody else's inside, with its own contexts."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": "did:example:a",
        "credentialSubject": {"type": ["EndorsementSubject"]},
    }


def test_no_part_of_a_badge_with_a_credential_inside_is_shown() -> None:
    document = badge()
    document["endorsement"] = [inner()]

    with pytest.raises(Unsupported) as refused:
        skolemize(document, documents=BUNDLED)

    assert refused.value.reason == "selective.unsupported"
    assert "credential" in str(refused.value)


def test_no_part_of_a_graph_within_is_shown() -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": {"type": ["VerifiableCredential"], "issuer": "urn:x:y"},
    }

    with pytest.raises(Unsupported, match="graph"):
        skolemize(presentation, documents=BUNDLED)


def with_context(folder: Path, terms: dict[str, Any]) -> Documents:
    """A context of the caller's own under `https://zgled.example/c`."""
    data = json.dumps({"@context": terms}).encode()
    (folder / "c.json").write_bytes(data)
    row = {
        "url": "https://zgled.example/c",
        "file": "c.json",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps([row]))
    return BUNDLED.with_directory(folder)


ALIASED = {"id": "@id", "type": "@type", "name": "urn:t:name", "also": "urn:t:also"}


@pytest.mark.parametrize(
    ("terms", "member"),
    [
        pytest.param({**ALIASED, "ime": "@id"}, {"ime": "urn:x:1"}, id="identifier"),
        pytest.param({**ALIASED, "vrsta": "@type"}, {"vrsta": "urn:x:1"}, id="type"),
        pytest.param({"name": "urn:t:name"}, {}, id="no-alias"),
        pytest.param({**ALIASED, "id": "urn:t:id"}, {}, id="id-means-another-thing"),
    ],
)
def test_names_and_kinds_are_called_id_and_type(
    tmp_path: Path, terms: dict[str, Any], member: Document
) -> None:
    document = {"@context": ["https://zgled.example/c"], "name": "č", **member}

    with pytest.raises(Unsupported) as refused:
        skolemize(document, documents=with_context(tmp_path, terms))

    assert refused.value.reason == "selective.unsupported"


def test_a_text_in_several_languages_is_one_value(tmp_path: Path) -> None:
    documents = with_context(
        tmp_path,
        {**ALIASED, "label": {"@id": "urn:t:label", "@container": "@language"}},
    )
    document = {
        "@context": ["https://zgled.example/c"],
        "label": {"sl": "žaba", "sr": "жаба"},
        "name": "n",
    }

    named = skolemize(document, documents=documents).document

    assert named["label"] == document["label"]


def test_names_that_are_given_are_never_those_of_the_document() -> None:
    first = skolemize(badge(), documents=BUNDLED)
    document = badge()
    document["credentialSubject"]["id"] = f"{first.prefix}n0"

    again = skolemize(document, documents=BUNDLED)

    lines = list(lines_of(again.quads(again.document)))
    assert any(f"<{first.prefix}n0>" in line for line in lines)


def test_a_text_that_looks_like_a_label_stays_a_text() -> None:
    document = badge()
    document["name"] = '_:c14n0 " _:b0 <urn:bnid:x> .\n'

    copy = derive(signed(document), reveal=["/name"])

    assert verify(copy.data)["name"] == document["name"]


def test_a_document_that_safe_mode_refuses_is_not_opened_at_all() -> None:
    document = document_of(base())
    document["neznano"] = 1

    with pytest.raises(Malformed):
        revealable(json.dumps(document).encode())


def test_a_signature_of_the_issuer_is_over_three_parts() -> None:
    """Section 3.5.1: the hash of the proof, the key, the hash of what is shown."""
    made = DATA_INTEGRITY.prepare(
        badge(),
        Signing(IDENTITY, "ES256", at=AT, options={"cryptosuite": "ecdsa-sd-2023"}),
    )

    assert len(made.to_be_signed) == 32 + 35 + 32
    data = DATA_INTEGRITY.attach(made, jose.sign("ES256", KEY, made.to_be_signed))
    assert derive(data, reveal=[NAME]).confirmed
