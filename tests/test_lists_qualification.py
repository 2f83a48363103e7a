"""TS 119 615: what lists say of a seal's certificate, when issued and when sealing.

The good case is one seal certificate below one granted CA/QC service for seals; each
row changes one thing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509

from conftest import shared_file
from edc_issuer.cms.qualified import (
    QC_TYPE_ESEAL,
    QC_TYPE_ESIGN,
    QC_TYPE_WEB,
    QcStatements,
)
from edc_issuer.documents import BUNDLED
from edc_issuer.formats import open_any
from edc_issuer.keys.testpki import Authority
from edc_issuer.trust.lists.model import (
    CA_QC,
    QTST,
    Criteria,
    ListInfo,
    Qualifiers,
    Service,
    State,
)
from edc_issuer.trust.lists.qualification import (
    Finding,
    qualify,
)
from edc_issuer.trust.lists.services import EIDAS, ListedService
from pki import AT, DAY, root, seal
from test_lists_reading import real

ISSUED, SEALED = AT - 80 * DAY, AT - DAY
COMPLIANT = QcStatements(compliance=True, types=(QC_TYPE_ESEAL,))
POLICY = "1.3.6.1.4.1.99999.1"
EVERYONE = Criteria("all")
NOBODY = Criteria("atLeastOne")


@cache
def ca() -> Authority:
    return root()


@cache
def certificate(statements: QcStatements | None = COMPLIANT) -> x509.Certificate:
    return seal(ca(), qualified=statements, policies=(POLICY,))


def state(**changes: Any) -> State:
    given: dict[str, Any] = {
        "type": CA_QC,
        "status": "granted",
        "since": AT - 900 * DAY,
        "additional": frozenset(["ForeSeals"]),
    }
    return State(**{**given, **changes})


def service(*states: State) -> ListedService:
    info = ListInfo("SI", 7, AT - DAY, AT + DAY, "https://x", AT, "0" * 64)
    found = Service({"sl": "Overitelj"}, {"sl": "Pečati"}, (), states or (state(),))
    return ListedService(found, info, (ca().certificate,))


def qualified(*names: str, criteria: Criteria = EVERYONE) -> Qualifiers:
    return Qualifiers(names, criteria)


def found(
    *services: ListedService,
    statements: QcStatements | None = COMPLIANT,
    issued_at: datetime = ISSUED,
    signed_at: datetime = SEALED,
) -> Any:
    return qualify(
        certificate(statements), services, issued_at=issued_at, signed_at=signed_at
    )


def test_a_certificate_of_a_granted_service_makes_an_advanced_seal() -> None:
    answer = found(service())

    assert answer.word == "AdESeal-QC"
    assert (answer.is_qualified, answer.use, answer.qscd) == (True, "eseal", False)
    assert not answer.is_qualified_seal


def test_a_device_makes_it_a_qualified_seal() -> None:
    answer = found(service(), statements=replace(COMPLIANT, sscd=True))

    assert answer.word == "QESeal"
    assert answer.is_qualified_seal


WITH_DEVICE = replace(COMPLIANT, sscd=True)
NO_STATEMENTS = None
PERSON = QcStatements(compliance=True, types=(QC_TYPE_ESIGN,))
WEB = QcStatements(compliance=True, types=(QC_TYPE_WEB,))
BOTH = QcStatements(compliance=True, types=(QC_TYPE_ESIGN, QC_TYPE_ESEAL))
FOR_BOTH = frozenset(["ForeSeals", "ForeSignatures"])


@pytest.mark.parametrize(
    ("change", "statements", "word", "reason"),
    [
        pytest.param({}, NO_STATEMENTS, "Unknown", "not-qualified", id="says-nothing"),
        pytest.param(
            {}, replace(WITH_DEVICE, legislation=("GB",)), "AdESeal", "not-qualified",
            id="another-law",
        ),
        pytest.param(
            {"since": EIDAS - DAY}, COMPLIANT, "AdESeal", "not-granted",
            id="granted-before-there-was-the-word",
        ),
        pytest.param(
            {}, QcStatements(types=(QC_TYPE_ESEAL,)), "AdESeal", "not-qualified",
            id="no-compliance",
        ),
        pytest.param(
            {"status": "withdrawn"}, COMPLIANT, "AdESeal", "not-granted", id="withdrawn"
        ),
        pytest.param(
            {"type": "CA/PKC"}, COMPLIANT, "AdESeal", "not-granted", id="not-ca-qc"
        ),
        pytest.param(
            {"is_understood": False}, COMPLIANT, "AdESeal", "not-granted",
            id="critical-extension-unknown",
        ),
        pytest.param(
            {"additional": frozenset(["ForeSignatures"])}, COMPLIANT, "AdESeal",
            "not-for-this-use", id="listed-for-signatures",
        ),
        pytest.param(
            {"additional": frozenset()}, COMPLIANT, "AdESeal", "not-for-this-use",
            id="listed-for-nothing",
        ),
        pytest.param({}, PERSON, "AdESig", "not-for-this-use", id="person-there"),
        pytest.param(
            {"additional": FOR_BOTH}, PERSON, "AdESig-QC", "", id="a-person's"
        ),
        pytest.param({"additional": FOR_BOTH}, BOTH, "N/A", "conflict", id="two-types"),
        pytest.param({}, WEB, "N/A", "not-for-this-use", id="a-web-server's"),
        pytest.param(
            {"additional": FOR_BOTH}, QcStatements(compliance=True), "AdESig-QC", "",
            id="without-type-it-is-for-signatures",
        ),
    ],
)  # fmt: skip
def test_service_and_certificate_decide_together(
    change: Mapping[str, Any],
    statements: QcStatements | None,
    word: str,
    reason: str,
) -> None:
    answer = found(service(state(**change)), statements=statements)

    assert (answer.word, answer.reason) == (word, reason)


@pytest.mark.parametrize(
    ("qualifiers", "statements", "expected"),
    [
        pytest.param(
            (qualified("NotQualified"),), WITH_DEVICE, (False, "eseal", None),
            id="not-qualified",
        ),
        pytest.param(
            (qualified("NotQualified", criteria=NOBODY),), WITH_DEVICE,
            (True, "eseal", True), id="not-qualified-but-others",
        ),
        pytest.param(
            (qualified("QCStatement", "QCForESeal"),), NO_STATEMENTS,
            (True, "eseal", False), id="made-qualified",
        ),
        pytest.param(
            (qualified("QCForESeal"),), PERSON, (True, "eseal", False), id="corrected"
        ),
        pytest.param(
            (qualified("QCForESig"),), COMPLIANT, (True, "esign", False),
            id="corrected-the-other-way",
        ),
        pytest.param(
            (qualified("NotQualified"), qualified("QCStatement")), COMPLIANT,
            (None, None, None), id="contradicts-itself",
        ),
        pytest.param(
            (qualified("QCForESig", "QCForESeal"),), COMPLIANT, (None, None, None),
            id="two-uses",
        ),
        pytest.param(
            (qualified("QCWithQSCD"),), COMPLIANT, (True, "eseal", True), id="device"
        ),
        pytest.param(
            (qualified("QCQSCDManagedOnBehalf"),), COMPLIANT, (True, "eseal", True),
            id="device-kept-by-the-provider",
        ),
        pytest.param(
            (qualified("QCNoQSCD"),), WITH_DEVICE, (True, "eseal", False),
            id="no-device",
        ),
        pytest.param(
            (qualified("QCQSCDStatusAsInCert"),), WITH_DEVICE, (True, "eseal", True),
            id="as-in-the-certificate",
        ),
        pytest.param(
            (qualified("QCWithQSCD"), qualified("QCNoQSCD")), WITH_DEVICE,
            (True, "eseal", None), id="device-and-none",
        ),
        pytest.param(
            (qualified("QCForLegalPerson"),), COMPLIANT, (True, "eseal", False),
            id="a-legal-person's",
        ),
        pytest.param(
            (qualified("QCForLegalPerson"),), PERSON, (False, "esign", None),
            id="a-legal-person's-for-signatures",
        ),
        pytest.param(
            (qualified("QCWithSSCD"),), WITH_DEVICE, (True, "eseal", None),
            id="a-device-in-words-of-before-eidas",
        ),
        pytest.param(
            (qualified("QCWithSSCD", "QCWithQSCD"),), COMPLIANT, (True, "eseal", True),
            id="a-device-in-words-of-both-times",
        ),
        pytest.param(
            (qualified("QCWithQSCD", "QCQSCDStatusAsInCert"),), WITH_DEVICE,
            (True, "eseal", None), id="device-and-as-in-the-certificate",
        ),
    ],
)  # fmt: skip
def test_qualifiers_correct_the_certificate(
    qualifiers: tuple[Qualifiers, ...],
    statements: QcStatements | None,
    expected: tuple[bool | None, str | None, bool | None],
) -> None:
    listed = service(state(qualifiers=qualifiers, additional=FOR_BOTH))
    answer = found(listed, statements=statements)

    is_qualified, use, qscd = expected
    assert (answer.is_qualified, answer.qscd) == (is_qualified, qscd)
    assert is_qualified is None or answer.use == use


TRUE = Criteria("atLeastOne", policies=((POLICY,),))
FALSE = Criteria("atLeastOne", policies=(("1.2.3",),))
OPEN = Criteria("all", unknown=1)


@pytest.mark.parametrize(
    ("criteria", "meets"),
    [
        pytest.param(TRUE, True, id="policy"),
        pytest.param(FALSE, False, id="other-policy"),
        pytest.param(
            Criteria("all", policies=((POLICY, "1.2.3"),)), False, id="not-all-policies"
        ),
        pytest.param(
            Criteria("all", key_usage=({"nonRepudiation": True, "cRLSign": False},)),
            True, id="key-usage",
        ),
        pytest.param(
            Criteria("all", key_usage=({"nonRepudiation": False},)), False,
            id="key-usage-must-not",
        ),
        pytest.param(Criteria("all", attributes=(("2.5.4.97",),)), True, id="subject"),
        pytest.param(
            Criteria("all", attributes=(("2.5.4.42",),)), False, id="not-in-subject"
        ),
        pytest.param(
            Criteria("all", purposes=(("1.3.6.1.5.5.7.3.2",),)), False, id="purpose"
        ),
        pytest.param(Criteria("all", nested=(TRUE, FALSE)), False, id="all"),
        pytest.param(Criteria("all", nested=(TRUE, TRUE)), True, id="all-true"),
        pytest.param(Criteria("atLeastOne", nested=(TRUE, FALSE)), True, id="one"),
        pytest.param(Criteria("atLeastOne", nested=(FALSE,)), False, id="none-of-one"),
        pytest.param(Criteria("none", nested=(FALSE, FALSE)), True, id="none"),
        pytest.param(Criteria("none", nested=(FALSE, TRUE)), False, id="none-but-one"),
        pytest.param(OPEN, None, id="unknown"),
        pytest.param(
            Criteria("all", nested=(FALSE,), unknown=1), False,
            id="unknown-that-matters-not",
        ),
        pytest.param(
            Criteria("atLeastOne", nested=(TRUE,), unknown=1), True,
            id="unknown-beside-one",
        ),
        pytest.param(
            Criteria("none", nested=(FALSE,), unknown=1), None, id="none-and-unknown"
        ),
    ],
)  # fmt: skip
def test_criteria_say_whom_a_qualifier_is_about(
    criteria: Criteria, meets: bool | None
) -> None:
    listed = service(state(qualifiers=(qualified("NotQualified", criteria=criteria),)))
    answer = found(listed)

    expected = {True: "not-qualified", False: "", None: "not-read"}
    assert answer.reason == expected[meets]


@pytest.mark.parametrize(
    ("changed_at", "first", "then", "reason"),
    [
        pytest.param(ISSUED + DAY, "granted", "granted", "", id="granted-at-both"),
        pytest.param(
            ISSUED + DAY, "granted", "withdrawn", "not-granted", id="withdrawn-before"
        ),
        pytest.param(
            ISSUED + DAY, "withdrawn", "granted", "not-granted", id="granted-later"
        ),
        pytest.param(
            SEALED + timedelta(seconds=1), "granted", "withdrawn", "",
            id="withdrawn-after-sealing",
        ),
        pytest.param(SEALED, "granted", "withdrawn", "not-granted", id="on-the-second"),
    ],
)  # fmt: skip
def test_it_is_asked_at_issuance_and_at_signing(
    changed_at: datetime, first: str, then: str, reason: str
) -> None:
    listed = service(
        state(status=then, since=changed_at), state(status=first, until=changed_at)
    )

    answer = found(listed)

    assert answer.reason == reason
    assert answer.is_qualified is (reason == "")


def test_a_device_counts_as_of_when_it_sealed() -> None:
    moved = ISSUED + DAY
    device = (qualified("QCWithQSCD"),)
    listed = service(state(since=moved, qualifiers=device), state(until=moved))

    assert found(listed).word == "QESeal"
    assert found(listed, signed_at=ISSUED).word == "AdESeal-QC"


def test_services_that_disagree_leave_it_open() -> None:
    denies = service(state(qualifiers=(qualified("NotQualified"),)))

    answer = found(service(), denies)

    assert (answer.word, answer.is_qualified, answer.reason) == (
        "N/A",
        None,
        "conflict",
    )


def test_a_service_that_is_withdrawn_and_not_leaves_it_open() -> None:
    twin = service(state(status="withdrawn"))

    assert found(service()).word == "AdESeal-QC"
    assert (found(service(), twin).word, found(twin).word) == ("N/A", "AdESeal")


def test_the_entry_for_another_use_does_not_contradict() -> None:
    signatures = service(state(additional=frozenset(["ForeSignatures"])))

    assert found(signatures, service()).word == "AdESeal-QC"


def test_without_its_authority_on_a_list_it_stays_open() -> None:
    answer = found()

    assert (answer.word, answer.reason) == ("N/A", "no-service")
    assert answer.at_signing == Finding(None, reason="no-service")


OLD = datetime(2015, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("status", ["undersupervision", "accredited", "granted"])
def test_before_eidas_there_were_signatures_only(status: str) -> None:
    service_of_then = service(
        state(since=EIDAS, additional=FOR_BOTH),
        state(status=status, since=OLD - DAY, until=EIDAS, additional=frozenset()),
    )

    answer = found(service_of_then, issued_at=OLD, signed_at=OLD + DAY)

    is_known = status != "granted"
    assert answer.is_qualified is is_known
    assert answer.use == "esign"
    # What was issued then for a signature makes no qualified seal today.
    today = found(service_of_then, issued_at=OLD, statements=WITH_DEVICE)
    assert (today.use, today.is_qualified_seal) == ("esign", False)


@pytest.mark.parametrize(
    ("kind", "status", "granted"),
    [
        pytest.param(QTST, "granted", True, id="granted"),
        pytest.param(QTST, "withdrawn", False, id="withdrawn"),
        pytest.param("TSA", "granted", False, id="not-qualified"),
        pytest.param(CA_QC, "granted", False, id="makes-certificates"),
    ],
)
def test_timestamp_services_are_qtst_and_granted(
    kind: str, status: str, granted: bool
) -> None:
    listed = service(state(type=kind, status=status))

    assert (listed.granted(QTST, AT) is not None) is granted
    assert listed.granted(QTST, AT - 901 * DAY) is None


def test_the_sealed_sample_comes_from_a_listed_authority() -> None:
    """ANF's e-seal authority: CA/QC, granted, for seals; no device is claimed."""
    file = shared_file("samples/edc/Sample-MC-Annex1-signed.jsonld")
    _, envelope = open_any(file.read_bytes(), documents=BUNDLED)
    hint = envelope.proofs[0].hint
    assert hint.certificate is not None
    spain = real("ES.xml")
    info = ListInfo("ES", 146, spain.issued, spain.next_update, "", AT, "")
    listed = [
        ListedService(one, info, (x509.load_der_x509_certificate(one.certificates[0]),))
        for one in spain.services
        if one.names.get("en", "").endswith("«ANF AC Qualified Certificates for eSeal»")
    ]

    (only,) = [one for one in listed if one.is_of(hint.chain)]
    issued_at = hint.certificate.not_valid_before_utc
    sealed_at = datetime(2023, 9, 27, 11, 54, 20, tzinfo=UTC)
    assert only.anchors_seals(issued_at, sealed_at)
    answer = qualify(hint.certificate, [only], issued_at=issued_at, signed_at=sealed_at)
    assert (answer.word, answer.use, answer.qscd) == ("AdESeal-QC", "eseal", False)
    assert not only.anchors_seals(datetime(2022, 1, 1, tzinfo=UTC), sealed_at)
