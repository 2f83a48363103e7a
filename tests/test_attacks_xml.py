"""Rows 69 and 76 of the attack table: XML credentials, and seals made for tests."""

from __future__ import annotations

import pytest

from edc_issuer.report import Outcome, Status
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from world import issued, world

CREDENTIAL = (
    '<europassCredential xmlns="http://data.europa.eu/snb" '
    'cred:xsdVersion="2.0" xmlns:cred="http://data.europa.eu/snb" id="{id}">'
    "<title>Čebelarjenje — Пчеларство</title>{inside}</europassCredential>"
)
SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
    '<ds:Reference URI="#{of}"/></ds:SignedInfo><ds:SignatureValue>AAAA'
    "</ds:SignatureValue></ds:Signature>"
)
HONEST = CREDENTIAL.format(id="one", inside=SIGNATURE.format(of="one"))
WRAPPED = CREDENTIAL.format(
    id="two", inside=SIGNATURE.format(of="one") + f"<other>{HONEST}</other>"
)
DOCTYPE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HONEST, id="69-elm-2"),
        pytest.param(WRAPPED, id="69-wrapped"),
        pytest.param(DOCTYPE + HONEST, id="69-doctype"),
        pytest.param('<?xml version="1.0"?>' + DOCTYPE + WRAPPED, id="69-both"),
        pytest.param("<elmo><report/></elmo>", id="69-elmo"),
    ],
)
def test_an_xml_credential_is_never_passed(text: str) -> None:
    assert world().verify(issued("edc-jades").data).outcome is Outcome.PASSED

    report = world().verify(text.encode())

    assert report.outcome is not Outcome.PASSED
    assert report.content is None
    assert report.check("proof.integrity").status is Status.UNDECIDED


def test_76_a_test_seal_is_nobodys_word_under_default_trust() -> None:
    data = issued("edc-jades").data
    assert world().verify(data).outcome is Outcome.PASSED

    report = Verifier(trust=Trust()).verify(data)

    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("issuer.trusted").status is Status.UNDECIDED
    assert "This is a test seal" in report.to_text()
