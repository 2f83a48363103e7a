"""Rows 38 to 43: what a signature over the meaning would miss in the text."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from attacks.case import Case, honest_badge, honest_jwt, honest_seal
from attacks.context_rows import (
    changed_badge,
    changed_subject,
    honest_edc_with_proof,
)
from attacks.workshop import (
    achievement,
    badge,
    edc,
    encoded,
    proof_for,
    proved,
    school,
    sealed,
    subject,
)
from edc_issuer.encoding import b64u, unb64u

_MALFORMED = "format.wellformed fail"
_FORGED = "proof.integrity fail signature"
_MERGED = "credential.content warn one-id-two-objects"


def _changed_edc(**changes: Any) -> bytes:
    document = json.loads(honest_edc_with_proof())
    claim = document["credentialSubject"]["hasClaim"]
    document["credentialSubject"]["hasClaim"] = {**claim, **changes}
    return encoded(document)


_KEYS = (
    ("unknown-key", "gradeText"),
    ("greek-iota", "tag".replace("t", "τ")),
    ("zero-width", "na\u200bme"),
    ("absolute-iri", "https://schema.org/name"),
    ("compact-iri", "schema:name"),
    ("empty", ""),
    ("keyword-like", "@ignored"),
)

ROW_38 = (
    *(
        Case(
            38,
            f"{name}-badge",
            f"the achievement gets the key {key!a}",
            honest_badge,
            lambda key=key: changed_subject(  # type: ignore[misc]
                achievement=achievement(**{key: "odlično"})
            ),
            f"{_MALFORMED} not-compact"
            if ":" in key
            else f"{_MALFORMED} key.undefined",
        )
        for name, key in _KEYS
    ),
    Case(
        38,
        "greek-iota-edc",
        "eIDASIdentifier is written with a Greek iota",
        honest_edc_with_proof,
        lambda: _changed_edc(eIDASΙdentifier="NTRSI-7654321"),
        f"{_MALFORMED} key.undefined",
    ),
    Case(
        38,
        "unknown-key-edc",
        "the achievement gets the key gradeText",
        honest_edc_with_proof,
        lambda: _changed_edc(gradeText="PhD summa cum laude"),
        f"{_MALFORMED} key.undefined",
    ),
)


def _further_claim(node_id: str) -> bytes:
    document = json.loads(honest_edc_with_proof())
    added = {
        "id": node_id,
        "type": "LearningAchievement",
        "title": {"en": "PhD summa cum laude"},
    }
    claim = document["credentialSubject"]["hasClaim"]
    document["credentialSubject"]["hasClaim"] = [claim, added]
    return encoded(document)


ROW_39 = tuple(
    Case(
        39,
        name,
        f"a claim is added whose id is {node_id!a}",
        honest_edc_with_proof,
        partial(_further_claim, node_id),
        f"{_MALFORMED} {code}",
    )
    for name, node_id, code in (
        ("space", "urn:epass:la 2", "iri.invalid"),
        ("angle-bracket", "urn:epass:la>2", "iri.invalid"),
        ("relative", "la2", "iri.invalid"),
        ("empty", "", "iri.invalid"),
        ("fragment", "#la2", "iri.invalid"),
        ("own-blank-node", "_:b0", "iri.blank"),
    )
)


def _wrapped(**outer: Any) -> bytes:
    document = {**outer, "credential": badge(), "deliveryDetails": {"to": "Ana"}}
    return encoded({**document, "proof": [_proof_over_nothing()]})


def _proof_over_nothing() -> dict[str, Any]:
    """The school's key over the canonical form of no quads at all."""
    nothing = hashlib.sha256(b"").digest()
    return proof_for(badge(), covered=nothing)


ROW_40 = (
    Case(
        40,
        "upload-wrapper",
        "the badge is wrapped, and the proof is over nothing",
        honest_badge,
        _wrapped,
        f"{_MALFORMED} empty.dataset",
    ),
    Case(
        40,
        "wrapper-with-context",
        "the wrapper has the contexts of the badge",
        honest_badge,
        lambda: _wrapped(**{"@context": badge()["@context"]}),
        f"{_MALFORMED} key.undefined",
    ),
    Case(
        40,
        "nothing-signed",
        "a document of contexts only, with a proof over nothing",
        honest_badge,
        lambda: encoded(
            {"@context": badge()["@context"], "proof": [_proof_over_nothing()]}
        ),
        f"{_MALFORMED} empty.dataset",
    ),
)


def _signed(**changes: Any) -> bytes:
    """A badge that the school itself signed like this."""
    return encoded(proved(badge(**changes)))


def _two_achievements(*achievements: dict[str, Any]) -> dict[str, Any]:
    return {"credentialSubject": subject(achievement=list(achievements))}


def _moved() -> bytes:
    """The school's badge with a name moved to another mention of the same id."""
    document = proved(badge(**_creator({})))
    name = document["issuer"].pop("name")
    document["credentialSubject"]["achievement"]["creator"]["name"] = name
    return encoded(document)


def _creator(more: dict[str, Any]) -> dict[str, Any]:
    creator = {"id": school().badge.did, "type": ["Profile"], **more}
    return {"credentialSubject": subject(achievement=achievement(creator=creator))}


def _honest_with_creator() -> bytes:
    return _signed(**_creator({}))


ROW_41 = (
    Case(
        41,
        "moved-to-another-mention",
        "the issuer's name stands at the creator, which has the same id",
        _honest_with_creator,
        _moved,
        "issuer.identified pass same-identifier-and-name",
        passes=True,
    ),
    Case(
        41,
        "said-in-two-places",
        "one id has properties in two places, signed so by the school",
        honest_badge,
        lambda: _signed(**_creator({"url": "https://zgled.example/"})),
        _MERGED,
        passes=True,
    ),
    Case(
        41,
        "two-claims",
        "two claims of one diploma share an id, sealed so by the school",
        honest_seal,
        lambda: sealed(
            credential=edc(
                credentialSubject={
                    **edc()["credentialSubject"],
                    "hasClaim": [
                        edc()["credentialSubject"]["hasClaim"],
                        {
                            "id": "urn:epass:learningAchievement:1",
                            "type": "LearningAchievement",
                            "title": {"sl": "Kletarjenje"},
                        },
                    ],
                }
            )
        ),
        "credential.content warn nonconformant",
        passes=True,
    ),
    Case(
        41,
        "subject-with-the-issuers-id",
        "the subject has the issuer's id and another name",
        honest_badge,
        lambda: _signed(
            credentialSubject=subject(id=school().badge.did, name="Nekdo drug")
        ),
        "issuer.identified undecided issuer-ambiguous",
    ),
    Case(
        41,
        "subject-is-the-issuer-itself",
        "the subject has the issuer's id, signed so",
        honest_badge,
        lambda: _signed(credentialSubject=subject(id=school().badge.did)),
        _MERGED,
        passes=True,
    ),
    Case(
        41,
        "issuer-twice-with-other-name",
        "another node with the issuer's id has another name, signed so",
        honest_badge,
        lambda: _signed(**_creator({"name": "Univerza v Ljubljani"})),
        "issuer.identified undecided issuer-ambiguous",
    ),
)

_VALID = "proof.integrity pass"


def _credits(value: Any) -> bytes:
    return changed_subject(achievement=achievement(creditsAvailable=value))


def _reordered() -> bytes:
    tags = list(reversed(achievement()["tag"]))
    return changed_subject(achievement=achievement(tag=tags))


def _text_changed(twin: bytes, old: str, new: str) -> bytes:
    assert old.encode() in twin
    return twin.replace(old.encode(), new.encode())


def _jwt_text(old: str, new: str) -> bytes:
    """The school's badge in one line, its payload changed and not signed anew."""
    head, payload, signature = honest_jwt().decode().split(".")
    text = _text_changed(unb64u(payload), old, new)
    return f"{head}.{b64u(text)}.{signature}".encode()


_TAGS = '"tag":["čebele","панј"]', '"tag":["панј","čebele"]'
_CREDITS = '"creditsAvailable":5'
ROW_42 = (
    Case(
        42,
        "array-order-di",
        "two tags change places; no order is signed",
        honest_badge,
        _reordered,
        _VALID,
        passes=True,
    ),
    Case(
        42,
        "5.0-di",
        "5 is written as 5.0",
        honest_badge,
        partial(_credits, 5.0),
        _VALID,
        passes=True,
    ),
    Case(
        42,
        "text-5-di",
        "5 is written as text, which the term's datatype makes the same literal",
        honest_badge,
        partial(_credits, "5"),
        _VALID,
        passes=True,
    ),
    Case(
        42,
        "6-di",
        "5 becomes 6",
        honest_badge,
        partial(_credits, 6),
        _FORGED,
    ),
    Case(
        42,
        "null-di",
        "a null is added, which no signature covers",
        honest_badge,
        lambda: changed_badge(description=None),
        f"{_MALFORMED} null",
    ),
    *(
        Case(
            42,
            f"{name}-jwt",
            f"the payload is changed: {name}",
            honest_jwt,
            partial(_jwt_text, old, new),
            _FORGED,
        )
        for name, old, new in (
            ("array-order", *_TAGS),
            ("5.0", _CREDITS, '"creditsAvailable":5.0'),
            ("text-5", _CREDITS, '"creditsAvailable":"5"'),
            ("null", _CREDITS, '"creditsAvailable":5,"version":null'),
        )
    ),
    *(
        Case(
            42,
            f"{name}-edc",
            f"the sealed text is changed: {name}",
            honest_seal,
            lambda old=old, new=new: _text_changed(  # type: ignore[misc]
                honest_seal(), old, new
            ),
            _FORGED,
        )
        for name, old, new in (
            (
                "array-order",
                '[\\"VerifiableCredential\\",\\"EuropeanDigitalCredential\\"]',
                '[\\"EuropeanDigitalCredential\\",\\"VerifiableCredential\\"]',
            ),
            ("null", '\\"issued\\"', '\\"description\\":null,\\"issued\\"'),
        )
    ),
)


def _clique(size: int) -> bytes:
    """Blank nodes of which each points to all the others."""
    ids = [f"_:b{number}" for number in range(size)]
    nodes = [
        {"id": one, "type": ["Profile"], "official": [o for o in ids if o != one]}
        for one in ids
    ]
    return changed_subject(achievement=achievement(related=nodes))


def _twins(count: int) -> bytes:
    """Nodes without an id that nothing tells apart."""
    alike = [{"type": ["Alignment"]} for _ in range(count)]
    return changed_subject(achievement=achievement(alignment=alike))


ROW_43 = (
    Case(
        43,
        "clique-of-8",
        "eight blank nodes, each linked to all others",
        honest_badge,
        partial(_clique, 8),
        f"{_MALFORMED} iri.blank",
    ),
    Case(
        43,
        "20000-alike",
        "twenty thousand nodes that nothing tells apart",
        honest_badge,
        partial(_twins, 20_000),
        f"{_MALFORMED} limits.canonicalization",
    ),
)

CASES = (*ROW_38, *ROW_39, *ROW_40, *ROW_41, *ROW_42, *ROW_43)
