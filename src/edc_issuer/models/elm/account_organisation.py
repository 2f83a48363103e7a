"""The words of the account: paths that many rules share, and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from edc_issuer.models.elm.notes import is_participation
from edc_issuer.models.elm.organisation import is_vat
from edc_issuer.models.mapping import Rule, mapped
from edc_issuer.record import CredentialRecord, LegalIdentifier, Organisation

SUBJECT = "credentialSubject"
CLAIM = f"{SUBJECT}.hasClaim"
SPEC = f"{CLAIM}.specifiedBy"
NOTE = "additionalNote.noteLiteral"
ABOUT = "additionalNote.subject"  # where the meaning of a note stands
IN_WORDS = "ELM has no property; a note says it, and what it is about"


def activity_path(record: CredentialRecord) -> str:
    """Where the learner's activity stands: it is the claim, or it led to the claim."""
    return CLAIM if is_participation(record) else f"{CLAIM}.influencedBy"


def organisation(
    path: str, target: str, found: Iterable[Organisation | None]
) -> Iterator[Rule]:
    """Rules for the organisations at `path`, which are written out at `target`."""
    organisations = [org for org in found if org is not None]
    if not organisations:
        return
    yield from _always(path, target)
    numbers = [org.tax_identifier for org in organisations if org.tax_identifier]
    if numbers:
        yield mapped(f"{path}.tax_identifier", *_tax(target, numbers))
    bodies = [item.body for org in organisations for item in org.accreditations]
    typed = (f"{target}.accreditation",) if any(bodies) else ()
    untyped = (f"{target}.{NOTE}",) if not all(bodies) else ()
    if bodies:
        yield mapped(f"{path}.accreditations", *typed, *untyped)


def _tax(target: str, numbers: list[LegalIdentifier]) -> tuple[str, ...]:
    return tuple(
        {
            f"{target}.vatIdentifier"
            if is_vat(number)
            else f"{target}.taxIdentifier": 0
            for number in numbers
        }
    )


@cache
def _always(path: str, target: str) -> tuple[Rule, ...]:
    place = f"{target}.location"
    return (
        mapped(f"{path}.id", f"{target}.id"),
        mapped(f"{path}.legal_name", f"{target}.legalName"),
        mapped(f"{path}.alt_name", f"{target}.altLabel"),
        mapped(f"{path}.legal_identifier", f"{target}.eIDASIdentifier"),
        mapped(f"{path}.registration", f"{target}.registration"),
        mapped(f"{path}.address", f"{place}.address"),
        mapped(f"{path}.address.region.nuts", f"{place}.spatialCode"),
        mapped(f"{path}.address.region.atu", f"{place}.spatialCode"),
        mapped(f"{path}.address.region.name", f"{place}.geographicName"),
        mapped(f"{path}.email", f"{target}.contactPoint.emailAddress"),
        mapped(f"{path}.homepage", f"{target}.homepage"),
        mapped(f"{path}.formal_provider", f"{target}.{ABOUT}"),
        mapped(f"{path}.deqar_id", f"{target}.identifier.notation"),
    )
