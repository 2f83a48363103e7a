"""Certificates and lists for the school's seal key, each with one thing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from attacks.workshop import AT, MADE, NAMES, SCHOOL, header_of, school, sealed
from edc_issuer.cms.seal import (
    COMMON_NAME,
    COUNTRY,
    ORGANIZATION,
    ORGANIZATION_IDENTIFIER,
)
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    TestOrganisation,
    root_plan,
    seal_ca_plan,
    seal_plan,
    self_signed,
)
from edc_issuer.trust import Anchor, Trust, TrustedIssuer

DAY = timedelta(days=1)
_SERIALS = count(50_000)
_SCALARS = count(60_000)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(next(_SCALARS), ec.SECP256R1())


def certificate(
    organisation: TestOrganisation = SCHOOL,
    *,
    by: Authority | None = None,
    more: tuple[tuple[str, str], ...] = (),
    **changes: Any,
) -> x509.Certificate:
    """A seal certificate for the school's key; `more` are names in its subject."""
    plan = seal_plan(organisation, MADE)
    plan = replace(plan, **{"subject": (*plan.subject, *more), **changes})
    key = school().seal.key.public_key()
    return (by or school().pki.seal_ca).issue(plan, key, serial=next(_SERIALS))


def sealed_with(certificate: x509.Certificate, **options: Any) -> bytes:
    """The school's EDC, sealed with this certificate in place of its own."""
    return sealed(header_of(certificate), **options)


def subject_of(
    name: str | None = SCHOOL.name, identifier: str | None = SCHOOL.identifier
) -> tuple[tuple[str, str], ...]:
    """A subject without what is None."""
    rows = (
        (COUNTRY, "SI"),
        (ORGANIZATION, name),
        (ORGANIZATION_IDENTIFIER, identifier),
        (COMMON_NAME, "seal"),
    )
    return tuple((oid, value) for oid, value in rows if value is not None)


@cache
def real() -> Authority:
    """An authority whose certificates are not marked as tests."""
    plan = replace(root_plan(MADE - DAY, name="Prava korenska"), policies=())
    return self_signed(plan, new_key(), serial=next(_SERIALS))


@cache
def real_ca() -> Authority:
    plan = replace(seal_ca_plan(MADE - DAY, name="Pravi pečati"), policies=())
    key = new_key()
    issued = real().issue(plan, key.public_key(), serial=next(_SERIALS))
    return Authority(issued, key)


@cache
def real_seal() -> x509.Certificate:
    """A certificate of the school that is not marked as a test."""
    return certificate(by=real_ca(), policies=())


def sealed_for_real(**options: Any) -> bytes:
    header = header_of(real_seal())
    header["x5c"] = [header["x5c"][0], header_of(real_ca().certificate)["x5c"][0]]
    return sealed(header, **options)


@cache
def lists_of(*authorities: Authority) -> tuple[x509.CertificateRevocationList, ...]:
    """A current list of each authority, with nothing on it."""
    return tuple(one.crl(CrlPlan(AT - DAY, AT + DAY)) for one in authorities)


def anchor(certificate: x509.Certificate, **changes: Any) -> Anchor:
    given: dict[str, Any] = {"pinned": False, "source": "a.pem", "test": False}
    return Anchor(certificate, **{**given, **changes})


def real_trust(*, named: bool = False, **changes: Any) -> Trust:
    """Trust in the real root; `named` adds the school to the operator's list."""
    good = Trust(
        seal_anchors=(anchor(real().certificate),),
        crls=lists_of(real(), real_ca()),
        issuers=(TrustedIssuer(SCHOOL.identifier, NAMES),) if named else (),
    )
    return replace(good, **changes)
