"""OCSP answers about one certificate: the good one, and bad twins of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cryptography import x509
from cryptography.x509 import ocsp

from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testocsp import (
    AnswerPlan,
    ocsp_answer,
    responder_plan,
)
from edc_issuer.keys.testpki import Authority, Withdrawn
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.revocation import (
    Revocation,
    revocation_status,
)
from pki import AT, DAY, authority, new_key, root, seal

TOP = root()
CA = authority(TOP)
SEAL = seal(CA)
OTHER = seal(CA)
NO_CHECK_LEFT_OUT: dict[str, Any] = {"extra": ()}


def withdrawn(certificate: x509.Certificate, **changes: Any) -> Withdrawn:
    return Withdrawn(certificate.serial_number, **{"at": AT - DAY, **changes})


def responder(
    above: Authority = CA, *, key: PrivateKey | None = None, **changes: Any
) -> Authority:
    """A delegated responder of `above`, with the named fields of its plan changed."""
    key = key or new_key()
    plan = replace(responder_plan(AT - 50 * DAY), **changes)
    serial = x509.random_serial_number()
    return Authority(above.issue(plan, key.public_key(), serial=serial), key)


RESPONDER = responder()


def plan(**changes: Any) -> AnswerPlan:
    """The good answer about SEAL, a day old and good for two, changed."""
    given: dict[str, Any] = {
        "certificate": SEAL,
        "issuer": CA.certificate,
        "this_update": AT - DAY,
        "next_update": AT + DAY,
    }
    return AnswerPlan(**{**given, **changes})


def answer(by: Authority = RESPONDER, /, **changes: Any) -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(ocsp_answer(by, plan(**changes)))


def judge(*answers: ocsp.OCSPResponse, **changes: Any) -> Revocation:
    """The verdict on SEAL; `crls`, `certificates` and times as named."""
    evidence = Evidence(
        changes.pop("crls", ()), answers, changes.pop("certificates", ())
    )
    given = {"at": AT, **changes}
    return revocation_status(SEAL, CA.certificate, evidence, **given)


def told(*answers: ocsp.OCSPResponse, **changes: Any) -> tuple[str, str]:
    result = judge(*answers, **changes)
    return result.status, result.reason


GOOD = ("good", "")
NOTHING = ("undecided", "no-data")


CHECKED = responder(**NO_CHECK_LEFT_OUT)


def about(certificate: x509.Certificate, by: Authority, **changes: Any) -> Any:
    return answer(by, certificate=certificate, **changes)
