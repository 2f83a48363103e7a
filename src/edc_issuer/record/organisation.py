"""The people and organisations of a record."""

from __future__ import annotations

from dataclasses import dataclass

from edc_issuer.record.fields import (
    AccreditationType,
    Country,
    Date,
    Flag,
    LangText,
    Maybe,
    Name,
)


@dataclass(frozen=True, slots=True)
class LegalIdentifier:
    """A number given by an authority of `country`; `scheme` names the register."""

    value: Name
    country: Country
    scheme: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Region:
    """Part of a country: NUTS code, ATU code of the EU authority list, or in words."""

    nuts: Maybe[Name] = None
    atu: Maybe[Name] = None
    name: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is found; the country is all that is always known."""

    country: Country
    street: Maybe[Name] = None
    post_code: Maybe[Name] = None
    locality: Maybe[Name] = None
    region: Maybe[Region] = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A decision of a named body on an organisation or its programme."""

    type: AccreditationType
    title: LangText
    body: Maybe[Organisation] = None
    date: Maybe[Date] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school, a company, an authority.

    `legal_identifier` is the one that stands in a seal certificate
    (`NTRSI-1234567`); `registration` and `tax_identifier` are national numbers.
    """

    legal_name: LangText
    address: Address
    id: Maybe[Name] = None
    alt_name: Maybe[LangText] = None
    legal_identifier: Maybe[LegalIdentifier] = None
    registration: Maybe[LegalIdentifier] = None
    tax_identifier: Maybe[LegalIdentifier] = None
    email: Maybe[Name] = None
    homepage: Maybe[Name] = None
    formal_provider: Maybe[Flag] = None
    accreditations: tuple[Accreditation, ...] = ()
    deqar_id: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Learner:
    """The person the credential is about."""

    given_name: Name
    family_name: Name
    internal_id: Maybe[Name] = None
    date_of_birth: Maybe[Date] = None
    email: Maybe[Name] = None
    phone: Maybe[Name] = None
    address: Maybe[Address] = None
    country: Maybe[Name] = None
    national_id: Maybe[LegalIdentifier] = None
    subject_did: Maybe[Name] = None
