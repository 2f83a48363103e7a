"""Rows 34 to 37: contexts, which decide what every other word means."""

from __future__ import annotations

from functools import partial
from typing import Any

from attacks.case import Case, honest_badge, honest_seal
from attacks.workshop import (
    ELM,
    OB,
    V1,
    V2,
    edc,
    encoded,
    organisation,
    proved,
    school,
    sealed,
    subject,
)

_DI = "https://w3id.org/security/data-integrity/v2"
_MALFORMED = "format.wellformed fail"


def changed_badge(**changes: Any) -> bytes:
    """The school's badge with its own proof, and members that it never signed."""
    return encoded({**proved(), **changes})


def changed_subject(**changes: Any) -> bytes:
    return changed_badge(credentialSubject=subject(**changes))


ROW_34 = tuple(
    Case(
        34,
        name,
        f"the contexts name {url}",
        honest_badge,
        partial(changed_badge, **{"@context": [V2, OB, url]}),
        f"{_MALFORMED} context.not_allowed",
    )
    for name, url in (
        ("unknown", "https://zgled.example/context.json"),
        ("trailing-slash", f"{V2}/"),
        ("fragment", f"{V2}#a"),
        ("http", OB.replace("https:", "http:")),
        ("upper-case-host", OB.replace("purl", "PURL")),
        ("file", "file:///etc/passwd"),
        ("relative", "context.json"),
    )
)

_SWAP = {
    "name": {"@id": "https://schema.org/description"},
    "description": {"@id": "https://schema.org/name"},
}
_INLINE: tuple[tuple[str, Any], ...] = (
    ("object", {"grade": "https://zgled.example/grade"}),
    ("null", None),
    ("import", {"@import": V2}),
    ("propagate", {"@propagate": True, "a": "https://zgled.example/a"}),
    ("base", {"@base": "https://zgled.example/"}),
    ("vocab", {"@vocab": "https://zgled.example/"}),
    ("language", {"@language": "sl"}),
    ("version", {"@version": 1.1}),
    ("list-in-list", [V2]),
)
_REFUSED = f"{_MALFORMED} context.inline"


def _own_context(value: Any) -> bytes:
    return changed_badge(credentialSubject={**subject(), "@context": value})


ROW_35 = (
    *(
        Case(
            35,
            f"{name}-at-the-top",
            f"a context of the file's own: {name}",
            honest_badge,
            partial(changed_badge, **{"@context": [V2, OB, value]}),
            _REFUSED,
        )
        for name, value in _INLINE
    ),
    *(
        Case(
            35,
            f"{name}-in-the-subject",
            f"the subject has a context of its own: {name}",
            honest_badge,
            partial(_own_context, value),
            _REFUSED,
        )
        for name, value in (*_INLINE, ("known-address", OB))
    ),
    Case(
        35,
        "only-an-object",
        "the context is an object and nothing else",
        honest_badge,
        partial(changed_badge, **{"@context": {"@vocab": "https://zgled.example/"}}),
        _REFUSED,
    ),
    Case(
        35,
        "sealed-by-the-school",
        "a sealed diploma with a context of its own",
        honest_seal,
        lambda: sealed(credential=edc(**{"@context": [V1, ELM, _SWAP]})),
        "credential.model fail context.form",
    ),
    Case(
        35,
        "sealed-in-the-subject",
        "a sealed diploma whose subject has a context of its own",
        honest_seal,
        lambda: sealed(
            credential=edc(
                credentialSubject={**edc()["credentialSubject"], "@context": _SWAP}
            )
        ),
        "credential.model fail context.nested",
    ),
)


def _edc_with_proof() -> dict[str, Any]:
    """An EDC under Data Integrity: its context protects none of its terms."""
    issuer = organisation(id=school().badge.did)
    return proved(edc(**{"@context": [V1, ELM, _DI]}, issuer=issuer))


def honest_edc_with_proof() -> bytes:
    return encoded(_edc_with_proof())


def _swapped_edc() -> bytes:
    document = _edc_with_proof()
    claim = document["credentialSubject"]["hasClaim"]
    claim["title"], claim["description"] = claim["description"], claim["title"]
    swap = {
        "title": {"@id": "http://purl.org/dc/terms/description"},
        "description": {"@id": "http://purl.org/dc/terms/title"},
    }
    return encoded({**document, "@context": [V1, ELM, _DI, swap]})


def _swapped_badge() -> bytes:
    document = proved()
    claim = document["credentialSubject"]["achievement"]
    claim["name"], claim["description"] = claim["description"], claim["name"]
    return encoded({**document, "@context": [V2, OB, _SWAP]})


ROW_36 = (
    Case(
        36,
        "edc",
        "title and description change their meaning and their values",
        honest_edc_with_proof,
        _swapped_edc,
        _REFUSED,
    ),
    Case(
        36,
        "badge",
        "name and description change their meaning and their values",
        honest_badge,
        _swapped_badge,
        _REFUSED,
    ),
)


def _contexts(*urls: str) -> bytes:
    return changed_badge(**{"@context": list(urls)})


ROW_37 = (
    Case(
        37,
        "swapped",
        "the badge context stands before the base context",
        honest_badge,
        lambda: _contexts(OB, V2),
        "credential.model fail context.order",
    ),
    Case(
        37,
        "base-missing",
        "the base context is gone",
        honest_badge,
        lambda: _contexts(OB),
        f"{_MALFORMED} type.undefined",
    ),
    Case(
        37,
        "twice",
        "a context is named twice",
        honest_badge,
        lambda: _contexts(V2, OB, OB),
        f"{_MALFORMED} context.duplicate",
    ),
    Case(
        37,
        "empty",
        "no context is named",
        honest_badge,
        lambda: _contexts(),
        f"{_MALFORMED} context.missing",
    ),
    *(
        Case(
            37,
            f"sealed-{name}",
            f"a sealed diploma, contexts {name}",
            honest_seal,
            lambda urls=urls: sealed(  # type: ignore[misc]
                credential=edc(**{"@context": urls})
            ),
            f"credential.model fail context.{code}",
        )
        for name, urls, code in (
            ("swapped", [ELM, V1], "order"),
            ("twice", [V1, ELM, ELM], "duplicate"),
        )
    ),
)

CASES = (*ROW_34, *ROW_35, *ROW_36, *ROW_37)
