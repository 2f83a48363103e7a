"""The words of the account: paths that many rules share, and organisations."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.elm.notes import is_participation
from edc_issuer.models.mapping import Rule, lost, mapped
from edc_issuer.record import CredentialRecord

SUBJECT = "credentialSubject"
CLAIM = f"{SUBJECT}.hasClaim"
SPEC = f"{CLAIM}.specifiedBy"
NOTE = "additionalNote.noteLiteral"


def activity_path(record: CredentialRecord) -> str:
    """Where the learner's activity stands: it is the claim, or it led to the claim."""
    return CLAIM if is_participation(record) else f"{CLAIM}.influencedBy"


def organisation(path: str, target: str) -> Iterator[Rule]:
    """Rules for an organisation of the record that is written out at `target`."""
    yield mapped(f"{path}.id", f"{target}.id")
    yield mapped(f"{path}.legal_name", f"{target}.legalName")
    yield mapped(f"{path}.alt_name", f"{target}.altLabel")
    yield mapped(f"{path}.legal_identifier", f"{target}.eIDASIdentifier")
    yield mapped(f"{path}.registration", f"{target}.registration")
    yield mapped(f"{path}.tax_identifier", f"{target}.taxIdentifier")
    yield mapped(f"{path}.address", f"{target}.location.address")
    yield mapped(f"{path}.address.region.nuts", f"{target}.location.spatialCode")
    yield mapped(f"{path}.address.region.atu", f"{target}.location.spatialCode")
    yield mapped(f"{path}.address.region.name", f"{target}.location.geographicName")
    yield mapped(f"{path}.email", f"{target}.contactPoint.emailAddress")
    yield mapped(f"{path}.homepage", f"{target}.homepage")
    yield lost(f"{path}.formal_provider", "ELM does not mark formal providers")
    yield mapped(f"{path}.deqar_id", f"{target}.identifier.notation")
    yield mapped(
        f"{path}.accreditations", f"{target}.accreditation", f"{target}.{NOTE}"
    )
