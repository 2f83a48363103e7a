"""Test authorities for path and revocation tests: one good world, bad twins of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    Plan,
    TestOrganisation,
    root_plan,
    seal_ca_plan,
    seal_plan,
    self_signed,
)
from edc_issuer.trust import Anchor

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SCHOOL = TestOrganisation("Srednja strokovna šola Zgled", "NTRSI-1234567", "SI")
_SERIALS = count(1000)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def root(*, key: PrivateKey | None = None, **changes: Any) -> Authority:
    """A root, with the named fields of its plan changed."""
    plan = replace(root_plan(AT - 100 * DAY), **changes)
    return self_signed(plan, key or new_key(), serial=next(_SERIALS))


def authority(
    above: Authority, *, key: PrivateKey | None = None, **changes: Any
) -> Authority:
    """A seal CA below `above`, changed likewise."""
    key = key or new_key()
    plan = replace(seal_ca_plan(AT - 90 * DAY), **changes)
    return Authority(above.issue(plan, key.public_key(), serial=next(_SERIALS)), key)


def seal(
    above: Authority, *, key: PrivateKey | None = None, **changes: Any
) -> x509.Certificate:
    """A school's seal certificate below `above`, changed likewise."""
    plan = replace(school_plan(), **changes)
    public = (key or new_key()).public_key()
    return above.issue(plan, public, serial=next(_SERIALS))


def school_plan() -> Plan:
    return seal_plan(SCHOOL, AT - 80 * DAY)


def anchor(certificate: x509.Certificate, **changes: Any) -> Anchor:
    """An anchor for tests; `pinned=True` for an end-entity certificate."""
    given: dict[str, Any] = {"pinned": False, "source": "anchor.pem", "test": True}
    return Anchor(certificate, **{**given, **changes})


def crl(
    by: Authority,
    *,
    made: datetime = AT - DAY,
    until: datetime = AT + DAY,
    **changes: Any,
) -> x509.CertificateRevocationList:
    """A list of `by`; `withdrawn` and `extra` as in its plan."""
    return by.crl(CrlPlan(made, until, **changes))
