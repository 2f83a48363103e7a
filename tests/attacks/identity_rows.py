"""Rows 50, 51 and 72: a real seal beside a name that is not its owner's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from attacks.case import Case, honest_badge, honest_seal
from attacks.seals import certificate, sealed_with, subject_of
from attacks.workshop import (
    SCHOOL,
    SL_NAME,
    Json,
    badge,
    edc,
    encoded,
    organisation,
    proved,
    school,
    sealed,
)
from edc_issuer.trust import Mandate, Trust

_MISMATCH = "issuer.identified fail identity.mismatch"
_NAME_DIFFERS = "issuer.identified undecided name-differs"
_AMBIGUOUS = "issuer.identified undecided issuer-ambiguous"
_UNCONFIRMED = "issuer.identified undecided by-mandate-unconfirmed"
_LOOK_ALIKE = "issuer.identified warn look-alike"
_UNIVERSITY = "Univerza v Ljubljani"
_MANDATOR = "NTRSI-7654321"


def _number(notation: str) -> Json:
    own = {"id": f"urn:epass:legalIdentifier:{notation}", "notation": notation}
    return {**organisation()["eIDASIdentifier"], **own}


def _named(**changes: Any) -> bytes:
    return sealed(credential=edc(issuer=organisation(**changes)))


# --- row 50: number and name ---


def _numbered(notation: str) -> bytes:
    return _named(eIDASIdentifier=_number(notation))


def _of_the_same_name_abroad() -> bytes:
    """A school in Croatia that is called like ours; its seal is real."""
    abroad = subject_of(name=SL_NAME, identifier="NTRHR-1234567")
    return sealed_with(certificate(subject=abroad))


def _with_another_node() -> bytes:
    node = {**organisation(legalName={"sl": _UNIVERSITY}), "eIDASIdentifier": None}
    member = {key: value for key, value in node.items() if value is not None}
    person = {**edc()["credentialSubject"], "memberOf": member}
    return sealed(credential=edc(credentialSubject=person))


def _by_seal_of(identifier: str) -> bytes:
    return sealed_with(certificate(subject=subject_of(identifier=identifier)))


_NUMBERS = (
    ("another-number", "NTRSI-7654321", "another number"),
    ("another-country", "NTRHR-1234567", "the number in another country"),
    ("another-type", "VATSI-1234567", "a number of another type"),
    ("one-digit-more", "NTRSI-12345670", "one digit more"),
    ("a-zero-before", "NTRSI-01234567", "a zero before it"),
    ("cyrillic-letter", "NТRSI-1234567", "a T that is Cyrillic"),
    ("unseen-letter", "NTRSI-1234\u200b567", "a letter that nobody sees"),
)
ROW_50 = (
    *(
        Case(
            50,
            name,
            f"the file gives {what}",
            honest_seal,
            partial(_numbered, number),
            _MISMATCH,
        )
        for name, number, what in _NUMBERS
    ),
    Case(
        50,
        "same-name-in-another-country",
        "a school of the same name in another country seals",
        honest_seal,
        _of_the_same_name_abroad,
        _MISMATCH,
    ),
    Case(
        50,
        "seal-with-a-vat-number",
        "the seal has a VAT number, the file gives a register number only",
        honest_seal,
        partial(_by_seal_of, "VATSI-12345678"),
        _MISMATCH,
    ),
    Case(
        50,
        "the-universitys-name",
        "the number is the signer's, the name the university's",
        honest_seal,
        partial(_named, legalName={"sl": _UNIVERSITY}),
        _NAME_DIFFERS,
    ),
    Case(
        50,
        "two-names-in-one-language",
        "the signer's name and the university's",
        honest_seal,
        partial(_named, legalName={"sl": [SL_NAME, _UNIVERSITY]}),
        _AMBIGUOUS,
    ),
    Case(
        50,
        "one-id-two-names",
        "another node with the issuer's id has the university's name",
        honest_seal,
        _with_another_node,
        _AMBIGUOUS,
    ),
)

# --- row 51: mandates ---


def _by_mandate(*, claims: str = "evidence") -> bytes:
    """The school's seal under another organisation's name, with the sealer's claim."""
    mandate = {"id": "http://data.europa.eu/snb/evidence-type/c_18016257"}
    profile = {"id": "http://data.europa.eu/snb/credential/c_9a31f32a"}
    issuer = organisation(
        legalName={"sl": "Ljudska univerza Žalec"}, eIDASIdentifier=_number(_MANDATOR)
    )
    evidence = {"id": "urn:e:1", "type": "Evidence", "dcType": mandate}
    if claims == "profile":
        return sealed(credential=edc(issuer=issuer, credentialProfiles=[profile]))
    return sealed(credential=edc(issuer=issuer, evidence=evidence))


def _recorded(*mandates: Mandate) -> Trust:
    return replace(school().trust, mandates=mandates)


_OTHERS = (
    Mandate(_MANDATOR, SCHOOL.identifier),
    Mandate(SCHOOL.identifier, "NTRSI-1112223"),
    Mandate("NTRSI-1112223", _MANDATOR),
)
ROW_51 = (
    Case(
        51,
        "no-evidence",
        "the profile says by mandate, and nothing bears it out",
        honest_seal,
        partial(_by_mandate, claims="profile"),
        _UNCONFIRMED,
    ),
    Case(
        51,
        "the-sealers-own-evidence",
        "the evidence is the sealer's own words",
        honest_seal,
        _by_mandate,
        _UNCONFIRMED,
    ),
    Case(
        51,
        "mandates-of-others",
        "the recorded mandates are the other way, for another, of another",
        honest_seal,
        _by_mandate,
        _UNCONFIRMED,
        trust=partial(_recorded, *_OTHERS),
    ),
    Case(
        51,
        "recorded-by-the-operator",
        "the operator recorded it: believed, with a warning and both names",
        honest_seal,
        _by_mandate,
        "issuer.identified warn by-mandate",
        passes=True,
        trust=partial(_recorded, *_OTHERS, Mandate(SCHOOL.identifier, _MANDATOR)),
    ),
)

# --- row 72: letters that look like others ---


def _at(address: str) -> bytes:
    document = edc(issuer=organisation(id=address))
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"]["id"] = address
    return sealed(credential=document)


def _badge_named(name: str) -> bytes:
    issuer = {"id": school().badge.did, "type": ["Profile"], "name": name}
    return encoded(proved(badge(issuer=issuer)))


ROW_72 = (
    Case(
        72,
        "cyrillic-o",
        "one o of the name is Cyrillic",
        honest_seal,
        partial(_named, legalName={"sl": SL_NAME.replace("o", "о")}),
        _NAME_DIFFERS,
    ),
    Case(
        72,
        "greek-o-in-a-badge",
        "one o of the name is Greek",
        honest_badge,
        partial(_badge_named, SL_NAME.replace("o", "ο")),
        _NAME_DIFFERS,
    ),
    Case(
        72,
        "a-look-alike-beside-the-name",
        "the English name is the Slovenian one in other letters",
        honest_seal,
        partial(_named, legalName={"sl": SL_NAME, "en": SL_NAME.replace("e", "е")}),
        _LOOK_ALIKE,
        passes=True,
    ),
    Case(
        72,
        "punycode",
        "the issuer's address hides letters",
        honest_seal,
        partial(_at, "https://xn--zgld-9gb.example/org"),
        _LOOK_ALIKE,
        passes=True,
    ),
    Case(
        72,
        "cyrillic-host",
        "one letter of the issuer's host is Cyrillic",
        honest_seal,
        partial(_at, "https://zglеd.example/org"),
        _LOOK_ALIKE,
        passes=True,
    ),
)

CASES = (*ROW_50, *ROW_51, *ROW_72)
