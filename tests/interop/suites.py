"""Badges of ours with each cryptosuite and kind of key, for others to judge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from edc_issuer.derivation import derive
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import open_signer
from edc_issuer.record import CredentialRecord
from interop.cases import TEXTS, key_file, records, with_text
from world import RECORDS

Badge = dict[str, Any]
SD, LEGACY = "ecdsa-sd-2023", "Ed25519Signature2020"
KEYS: Mapping[str, Callable[[], PrivateKey]] = {
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
SUITES = (
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
)
PLAIN = "scouts4green_ecological"
OF = (PLAIN, "microquest_participation", "all texts")
# `_:b0` in a text. di-sd-primitives 3.1 relabels the lines of a graph by a pattern
# that meets it there as well; a text is no blank node (RDF 1.1 N-Quads, section 3.2).
LIKE_A_LABEL = "markup"
# pyld leaves these as they are; see `python_judges`.
UNESCAPED = ("U+0001", "U+007F", "backspace and form feed")
ESCAPED = "texts without control characters"
# What the learner shows: a whole branch, and a single value.
REVEAL = (
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/criteria",
)
# A copy without a status may have had one (verdicts, part 10).
COPY = "INDETERMINATE; credential.status may-be-withheld"
MANDATORY = ("/issuer", "/type", "/validFrom", "/validUntil")


def _texts(without: Iterable[str]) -> CredentialRecord:
    return with_text(
        "".join(text for name, text in TEXTS.items() if name not in without)
    )


@cache
def _sources() -> Mapping[str, CredentialRecord]:
    """With an end, without which nothing is disclosed selectively."""
    found = {
        **{name: records()[name] for name in OF[:2]},
        "all texts": _texts([LIKE_A_LABEL]),
        ESCAPED: _texts([LIKE_A_LABEL, *UNESCAPED]),
        LIKE_A_LABEL: with_text(TEXTS[LIKE_A_LABEL]),
    }
    return {name: _ending(source) for name, source in found.items()}


def _ending(record: CredentialRecord) -> CredentialRecord:
    award = replace(record.award, valid_until=date(2036, 9, 1))
    return replace(record, award=award)


@cache
def issued_with(suite: str, key: str) -> Mapping[str, bytes]:
    """Our badges with one suite by what they are of; one key signed them all."""
    with open_signer(key_file(KEYS[key]())) as signer:
        issuer = Issuer(
            profile=PROFILES["ob3-di"],
            signer=signer,
            options={"cryptosuite": suite},
            files=RECORDS,
        )
        return {name: issuer.issue(source).data for name, source in _sources().items()}


def badges(of: Iterable[str]) -> dict[str, Badge]:
    """Our badges of each suite by case; of ecdsa-sd-2023 what we derived."""
    names = tuple(of)
    made = {
        f"{suite}, {key}: {name}": json.loads(issued_with(suite, key)[name])
        for suite, key in SUITES
        for name in names
    }
    derived = {
        f"{SD}, P-256: {name}": json.loads(
            derive(issued_with(SD, "P-256")[name], reveal=REVEAL).data
        )
        for name in names
    }
    return {**made, **derived}


def with_forgeries(badges: Mapping[str, Badge]) -> dict[str, Badge]:
    """These, and one of each suite that claims another achievement."""
    changed = {
        f"{case.partition(':')[0]}: forged": forged(badge)
        for case, badge in badges.items()
        if case.endswith(PLAIN)
    }
    return {**badges, **changed}


def forged(badge: Mapping[str, Any]) -> Badge:
    """The badge with the name of another achievement."""
    copy: Badge = json.loads(json.dumps(badge))
    copy["credentialSubject"]["achievement"]["name"] = "Doktorat iz medicine"
    return copy


def unsigned(of: str) -> Badge:
    """The same badge without its proof, for others to sign."""
    badge = json.loads(issued_with("eddsa-rdfc-2022", "Ed25519")[of])
    return {name: value for name, value in badge.items() if name != "proof"}


def did_of(badge: Mapping[str, Any]) -> str:
    """The DID of the key that signed it."""
    proof = badge["proof"]
    first = proof[0] if isinstance(proof, list) else proof
    return str(first["verificationMethod"]).partition("#")[0]
