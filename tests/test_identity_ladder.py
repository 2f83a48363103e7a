"""What was compared to tell who signed, and how far the proof of it reaches."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacks.seals import (
    anchor,
    certificate,
    real,
    real_trust,
    sealed_for_real,
    sealed_with,
    subject_of,
)
from attacks.workshop import (
    AT,
    DID_WEB,
    MADE,
    NAMES,
    SCHOOL,
    SL_NAME,
    Json,
    answer,
    badge,
    claims,
    edc,
    encoded,
    jwt,
    jwt_header,
    organisation,
    proof_options,
    proved,
    school,
    sealed,
    verify,
)
from edc_issuer.cms.qualified import QC_TYPE_ESEAL, SEMANTICS_LEGAL, QcStatements
from edc_issuer.cms.seal import GIVEN_NAME
from edc_issuer.keys.did import multikey
from edc_issuer.messages import LANGUAGES, Messages, table
from edc_issuer.report import Check, Outcome, Report, Status
from edc_issuer.trust import Trust
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.trust.comparing import compare_identifiers, compare_names
from edc_issuer.trust.issuers import (
    host_of,
    legal_identifier,
    odd_host,
    same_identifier,
    same_name,
)
from edc_issuer.trust.lists.model import ListInfo, Service
from edc_issuer.trust.lists.services import ListedService
from edc_issuer.verify.identity import MAX_ROWS

IDENTIFIED = "issuer.identified"


def evidence(report: Report) -> Json:
    found: Json = dict(report.check(IDENTIFIED).evidence)
    return found


def issued_by(**changes: Any) -> bytes:
    return sealed(credential=edc(issuer=organisation(**changes)))


def number(notation: str, **changes: Any) -> Json:
    own = {"id": f"urn:epass:legalIdentifier:{notation}", "notation": notation}
    return {**organisation()["eIDASIdentifier"], **own, **changes}


def compared(report: Report, what: str) -> dict[str, tuple[bool, list[str]]]:
    return {
        row["stated"]: (row["equal"], row["why"])
        for row in evidence(report)["compared"]
        if row["what"] == what and row["proved"] in (SCHOOL.identifier, SL_NAME)
    }


# --- each comparison with its reason ---


@pytest.mark.parametrize(
    ("proved", "stated", "equal", "why"),
    [
        ("NTRSI-1234567", "NTRSI-1234567", True, ("same",)),
        ("NTRSI-1234567", "ntrsi-123 4567", True, ("spelling",)),
        ("VATSI-12345678", "VATSI-SI12345678", True, ("spelling",)),
        ("VATEL-123456789", "VATGR-EL123456789", True, ("spelling",)),
        ("NTRSI-1234567", "VATSI-1234567", False, ("type",)),
        ("NTRSI-1234567", "NTRHR-1234567", False, ("country",)),
        ("NTRSI-1234567", "NTRSI-7654321", False, ("number",)),
        ("NTRSI-1234567", "VATHR-7654321", False, ("type", "country", "number")),
        ("NTRSI-1234567", "1234567", False, ("kind",)),
        ("NTRSI-1234567", "https://a.example", False, ("kind",)),
        ("did:web:a.example", "did:web:b.example", False, ("address",)),
        ("NTRSI-1234567", "NТRSI-1234567", False, ("kind", "look-alike")),
        ("did:web:a.example", "did:web:а.example", False, ("address", "look-alike")),
        ("NTRSI-I234567", "NTRSI-ı234567", False, ("number",)),
        ("NTRSI-1234567", "NTRSI-123\u200b4567", False, ("number",)),
        ("NTRDE-STRASSE1", "NTRDE-straße1", False, ("number",)),
    ],
)
def test_an_identifier_is_compared_and_the_reason_told(
    proved: str, stated: str, equal: bool, why: tuple[str, ...]
) -> None:
    found = compare_identifiers(proved, stated, source="eIDASIdentifier")

    assert (found.equal, found.why) == (equal, why)
    assert same_identifier(proved, stated) is equal
    assert same_identifier(stated, proved) is equal


@pytest.mark.parametrize(
    ("proved", "stated", "equal", "why"),
    [
        ("Šola Zgled", "Šola Zgled", True, ("same",)),
        ("Šola Zgled", "SOLA »ZGLED«", True, ("folded",)),
        ("Č" * 63, "Č" * 63 + "ž", True, ("cut",)),
        ("Č" * 59, "Č" * 59 + "ž", False, ("name",)),
        ("Šola Zgled", "Šola Primer", False, ("name",)),
        ("Šola Zgled", "Šоla Zgled", False, ("look-alike",)),  # Cyrillic о
        ("Šola Zgled", "Škola Ogled", False, ("name",)),
        ("Школа Пример", "Школа Пpимер", False, ("look-alike",)),  # Latin p
        ("Σχολή Ο", "Σχολή O", False, ("look-alike",)),  # Latin O
        ("---", "---", False, ("name",)),
    ],
)
def test_a_name_is_compared_and_the_reason_told(
    proved: str, stated: str, equal: bool, why: tuple[str, ...]
) -> None:
    found = compare_names(proved, stated, source="legalName")

    assert (found.equal, found.why) == (equal, why)
    assert same_name(proved, stated) is equal


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_are_compared_and_given_a_reason(one: str, other: str) -> None:
    for found in (
        compare_names(one, other, source=""),
        compare_identifiers(one, other, source=""),
    ):
        assert found.why
        assert json.dumps(found.to_dict())


def test_every_identifier_of_the_issuer_is_compared() -> None:
    report = verify(
        issued_by(
            registration=number("1234567"),
            vatIdentifier=number("SI12345678"),
            eIDASIdentifier=number("VATSI-87654321"),
        )
    )

    rows = {
        row["source"]: (row["stated"], row["equal"], row["why"])
        for row in evidence(report)["compared"]
        if row["what"] == "identifier"
    }
    assert report.outcome is Outcome.PASSED
    assert rows["registration"] == ("NTRSI-1234567", True, ["same"])
    assert rows["vatIdentifier"][1:] == (False, ["type", "number"])
    assert rows["eIDASIdentifier"][1:] == (False, ["type", "number"])
    assert rows["id"][1:] == (False, ["kind"])


def test_a_vat_number_is_the_same_with_and_without_its_country() -> None:
    seal = certificate(subject=subject_of(identifier="VATSI-12345678"))
    with_country = edc(issuer=organisation(vatIdentifier=number("SI12345678")))
    other = edc(issuer=organisation(vatIdentifier=number("SI12345679")))

    assert verify(sealed_with(seal, credential=with_country)).outcome is Outcome.PASSED
    assert verify(sealed_with(seal, credential=other)).outcome is Outcome.FAILED


def test_a_letter_that_only_becomes_another_in_capitals_is_another() -> None:
    seal = certificate(subject=subject_of(identifier="NTRSI-I234567"))

    def numbered(notation: str) -> bytes:
        issuer = organisation(eIDASIdentifier=None, registration=number(notation))
        return sealed_with(seal, credential=edc(issuer=issuer))

    assert verify(numbered("i234567")).outcome is Outcome.PASSED
    assert verify(numbered("ı234567")).outcome is Outcome.FAILED


def test_names_are_compared_in_every_language() -> None:
    report = verify(issued_by(legalName={"sl": "SREDNJA SOLA ZGLED", "en": "Other"}))

    assert report.outcome is Outcome.PASSED
    assert compared(report, "name") == {
        "SREDNJA SOLA ZGLED": (True, ["folded"]),
        "Other": (False, ["name"]),
    }


def test_a_report_has_room_for_so_many_comparisons_and_the_equal_ones_first() -> None:
    names = {f"x-{n}": f"Ime {n}" for n in range(90)}

    report = verify(issued_by(legalName={**names, "sl": SL_NAME}))

    rows = evidence(report)["compared"]
    assert report.outcome is Outcome.PASSED
    assert len(rows) == MAX_ROWS
    assert [row["equal"] for row in rows] == sorted(
        (row["equal"] for row in rows), reverse=True
    )
    assert sum(row["equal"] for row in rows) == 2


def test_a_book_for_a_number_is_never_read_through() -> None:
    """Three hundred thousand letters took a second for each time they were read."""
    book = "NTRSI-" + "1234567" * 50_000

    report = verify(issued_by(eIDASIdentifier=number(book)))

    assert verify(sealed()).outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    assert legal_identifier(book) is None
    assert same_identifier(book, book)


# --- a seal of one type of number, a file of another ---


def test_numbers_of_two_types_fail_and_it_is_said_what_would_settle_it() -> None:
    seal = certificate(subject=subject_of(identifier="VATSI-12345678"))
    both = edc(issuer=organisation(vatIdentifier=number("VATSI-12345678")))

    report = verify(sealed_with(seal))

    assert verify(sealed_with(seal, credential=both)).outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    check = report.check(IDENTIFIED)
    assert (
        check.detail == "VATSI-12345678 is not NTRSI-1234567: another type and number"
    )
    for language in LANGUAGES:
        settled = Messages(language).text("identity.settle")
        assert settled in report.to_text(language=language)


def test_a_number_of_the_same_type_is_not_explained_away() -> None:
    report = verify(issued_by(eIDASIdentifier=number("NTRSI-7654321")))

    assert report.outcome is Outcome.FAILED
    assert Messages("en").text("identity.settle") not in report.to_text()
    assert report.check(IDENTIFIED).detail.endswith("another number")


# --- what the certificate says of itself ---


def test_what_the_certificate_says_of_itself_stands_in_the_evidence() -> None:
    said = QcStatements(
        compliance=True,
        sscd=True,
        types=(QC_TYPE_ESEAL,),
        legislation=("SI",),
        semantics=SEMANTICS_LEGAL,
        retention_years=15,
        disclosures=(("https://ca.example/pds.pdf", "en"),),
    )
    seal = certificate(qualified=said)

    found = evidence(verify(sealed_with(seal)))["certificate"]

    assert found["organisation"] == SL_NAME
    assert found["organizationIdentifier"] == SCHOOL.identifier
    assert found["policies"]
    assert found["qualified"] == {
        "compliance": True,
        "qscd": True,
        "types": ["eseal"],
        "legislation": ["SI"],
        "retention_years": 15,
        "disclosures": [{"url": "https://ca.example/pds.pdf", "language": "en"}],
    }


def test_a_certificate_without_statements_says_nothing() -> None:
    found = evidence(verify(sealed_with(certificate(qualified=None))))["certificate"]

    assert found["qualified"] is None


# --- look-alikes and coded hosts ---


def test_letters_that_only_look_the_same_are_told_and_never_equal() -> None:
    name = SL_NAME.replace("o", "о")  # Cyrillic

    report = verify(issued_by(legalName={"sl": name}))

    assert verify(sealed()).outcome is Outcome.PASSED
    assert answer(report, IDENTIFIED) == "undecided name-differs"
    assert compared(report, "name") == {name: (False, ["look-alike"])}
    assert "other letters" in report.check(IDENTIFIED).detail
    assert evidence(report)["look_alike"]


def test_a_number_in_letters_of_another_alphabet_is_told_and_never_equal() -> None:
    report = verify(issued_by(eIDASIdentifier=number("NТRSI-1234567")))  # Cyrillic Т

    assert verify(sealed()).outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    assert any("only looks like" in told for told in evidence(report)["look_alike"])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": "https://xn--ola-zza.example/org"}, id="id"),
        pytest.param(
            {
                "homepage": {
                    "id": "urn:epass:webResource:1",
                    "type": "WebResource",
                    "contentURL": "https://xn--ola-zza.example/",
                }
            },
            id="homepage",
        ),
        pytest.param({"homepage": {"id": "https://zglеd.example"}}, id="mixed-letters"),
        pytest.param(
            {"registration": number("https://xn--ola-zza.example/")}, id="identifier"
        ),
    ],
)
def test_hidden_letters_in_addresses_of_the_issuer_are_told(changes: Json) -> None:
    document = edc(issuer=organisation(**changes))
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"]["id"] = document["issuer"]["id"]

    report = verify(sealed(credential=document))

    plain = organisation(homepage={"id": "https://zgled.example"})
    twin = verify(sealed(credential=edc(issuer=plain)))
    assert answer(twin, IDENTIFIED) == "pass same-identifier-and-name"
    assert answer(report, IDENTIFIED) == "warn look-alike"
    assert "address" in evidence(report)["look_alike"][0]


@pytest.mark.parametrize(
    ("address", "host", "is_odd"),
    [
        ("https://zgled.example/org", "zgled.example", False),
        ("https://user@zgled.example:8443/", "zgled.example", False),
        ("did:web:zgled.example:org", "zgled.example", False),
        ("did:web:zgled.example%3A8443", "zgled.example", False),
        ("https://šola.example", "šola.example", False),
        ("https://школа.example", "школа.example", False),
        ("https://xn--ola-zza.example", "xn--ola-zza.example", True),
        ("https://unіverza.example", "unіverza.example", True),
        ("did:key:z6Mk", None, False),
        ("urn:epass:org:1", None, False),
        ("", None, False),
    ],
)
def test_hosts_are_found_and_odd_ones_told(
    address: str, host: str | None, is_odd: bool
) -> None:
    assert host_of(address) == host
    assert bool(odd_host(address)) is is_odd


# --- the ladder ---


def ladder(report: Report) -> dict[str, tuple[bool, str]]:
    steps = evidence(report)["ladder"]
    return {step["step"]: (step["reached"], step["how"]) for step in steps}


def test_the_ladder_of_a_seal_whose_school_the_reader_named() -> None:
    report = verify(sealed_for_real(), trust=real_trust(named=True))

    assert report.outcome is Outcome.PASSED
    assert ladder(report) == {
        "name": (True, "stated"),
        "domain": (False, "claimed"),
        "certificate": (True, "anchor"),
        "list": (True, "operator"),
    }


def test_an_authority_reaches_the_certificate_and_no_list() -> None:
    report = verify(sealed_for_real(), trust=real_trust())

    assert report.outcome is Outcome.PASSED
    assert ladder(report)["certificate"] == (True, "anchor")
    assert ladder(report)["list"] == (False, "none")


def _listed(next_update: datetime) -> Trust:
    """The authority stands on a trusted list that was due at that time."""
    info = ListInfo(
        territory="SI",
        sequence=146,
        issued=next_update - timedelta(days=180),
        next_update=next_update,
        url="https://www.tl.example/SI_TL.xml",
        fetched_at=next_update - timedelta(days=179),
        sha256="0" * 64,
    )
    service = Service({"en": "Ponudnik Žig"}, {"en": "Seals"}, (), ())
    by_list = anchor(real().certificate, service=ListedService(service, info, ()))
    return real_trust(seal_anchors=(by_list,))


def test_an_authority_on_a_trusted_list_reaches_the_list() -> None:
    report = verify(sealed_for_real(), trust=_listed(AT + timedelta(days=1)))

    assert report.outcome is Outcome.PASSED
    assert ladder(report)["list"] == (True, "trusted-list")
    assert "SI: Ponudnik Žig" in report.to_text(verbose=True)


def test_a_list_that_is_too_old_is_not_reached() -> None:
    due = AT - timedelta(days=91)

    report = verify(sealed_for_real(), trust=_listed(due))

    twin = verify(sealed_for_real(), trust=_listed(due + timedelta(days=2)))
    assert ladder(twin)["list"] == (True, "trusted-list")
    assert report.outcome is Outcome.INDETERMINATE
    assert ladder(report)["list"] == (False, "too-old")


def test_a_certificate_that_nobody_stands_behind_is_not_reached() -> None:
    report = verify(sealed_for_real(), trust=Trust())

    assert report.outcome is Outcome.INDETERMINATE
    assert ladder(report)["certificate"] == (False, "unconfirmed")
    assert ladder(report)["list"] == (False, "none")


def test_a_certificate_that_is_no_seal_is_not_reached() -> None:
    """A member of staff's certificate carries the school's name too."""
    personal = certificate(more=((GIVEN_NAME, "Ana"),))

    report = verify(sealed_with(personal))

    assert ladder(verify(sealed_with(certificate())))["certificate"][0]
    assert report.outcome is Outcome.INDETERMINATE
    assert ladder(report)["certificate"] == (False, "unconfirmed")


def test_an_address_in_the_file_proves_no_domain() -> None:
    """Not even where the rest is proved: this version asks no domain anything."""
    homepage = {"id": "https://drugje.example", "type": "WebResource"}
    named = verify(issued_by(id="urn:epass:org:1", homepage=homepage))
    silent = verify(issued_by(id="urn:epass:org:1"))

    assert ladder(named)["domain"] == (False, "claimed")
    assert evidence(named)["ladder"][1]["value"] == "drugje.example"
    assert ladder(silent)["domain"] == (False, "none")


def _stored() -> Trust:
    method = f"{DID_WEB}#key-1"
    document = {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": DID_WEB,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": DID_WEB,
                "publicKeyMultibase": multikey(school().badge.key.public_key()),
            }
        ],
        "assertionMethod": [method],
    }
    return replace(school().trust, dids=(StoredDid(DID_WEB, document, MADE, "0" * 64),))


def test_a_stored_did_document_reaches_the_domain() -> None:
    profile = {"id": DID_WEB, "type": ["Profile"], "name": SL_NAME}
    options = proof_options(verificationMethod=f"{DID_WEB}#key-1")
    data = encoded(proved(badge(issuer=profile), options))

    report = verify(data, trust=_stored())

    assert report.outcome is Outcome.PASSED
    assert ladder(report) == {
        "name": (True, "stated"),
        "domain": (True, "stored"),
        "certificate": (False, "none"),
        "list": (True, "operator"),
    }
    assert ladder(verify(data, trust=_stored()))["domain"][0]


def test_a_badge_by_a_bare_key_reaches_a_list_or_nothing() -> None:
    report = verify(jwt(claims(), header=jwt_header()))

    assert report.outcome is Outcome.PASSED
    assert ladder(report)["domain"] == (False, "none")
    assert ladder(report)["certificate"] == (False, "none")
    nobody = verify(jwt(claims(), header=jwt_header()), trust=Trust())
    assert ladder(nobody)["list"] == (False, "none")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ladder_is_read_one_line_a_step(language: str) -> None:
    messages = Messages(language)
    report = verify(sealed_for_real(), trust=real_trust())

    text = report.to_text(language=language, verbose=True)

    steps = text.split(messages.text("ladder.head") + "\n")[1].splitlines()
    assert len(steps) == 4
    assert SL_NAME in steps[0]
    assert "zgled.example" in steps[1]
    assert SCHOOL.identifier in steps[2]
    assert "Prava korenska" in steps[2]
    assert steps[3].strip() == messages.text("ladder.list.none")
    assert messages.text("ladder.head") not in report.to_text(language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_comparison_is_read_with_its_reason(language: str) -> None:
    text = verify(sealed()).to_text(language=language, verbose=True)

    reason = Messages(language).text("identity.why.same")
    assert Messages(language).text("identity.head") in text
    assert f"({reason})" in text
    for name in NAMES:
        assert name in text


def test_every_step_and_reason_has_a_sentence() -> None:
    keys = table("en").keys()

    for how in ("stated", "none"):
        assert f"ladder.name.{how}" in keys
    for how in ("stored", "claimed", "none"):
        assert f"ladder.domain.{how}" in keys
    for how in ("anchor", "unconfirmed", "none"):
        assert f"ladder.certificate.{how}" in keys
    for how in ("operator", "trusted-list", "too-old", "none"):
        assert f"ladder.list.{how}" in keys


def test_a_name_repaints_nothing_in_the_ladder() -> None:
    report = verify(issued_by(legalName={"sl": "Šola\x1b[2J\u202eX\nPASSED"}))

    text = report.to_text(verbose=True)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\nPASSED" not in text


@pytest.mark.parametrize(
    "shape",
    [None, [], "x", {"compared": "x"}, {"compared": [1, {"why": 3}], "ladder": {}}],
)
def test_evidence_of_any_shape_is_survived(shape: Any) -> None:
    report = verify(sealed())
    odd = shape if isinstance(shape, dict) else {"mandate": shape}
    checks = tuple(
        Check(IDENTIFIED, Status.UNDECIDED, "by-mandate-unconfirmed", "", odd)
        if check.id == IDENTIFIED
        else check
        for check in report.checks
    )

    assert replace(report, checks=checks).to_text(verbose=True)
