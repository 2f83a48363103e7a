"""`issuer.identified`: is the signer the issuer that the file names?

Identified (the law, part 5): the proved identifier equals one that the issuer
states, and the proved name equals one of its names. Every comparison stands in the
evidence with its reason, so that nobody has to guess what differs. What a file says
about its own issuer proves nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from edc_issuer.models.identifier import StatedIdentifier
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.report import Status
from edc_issuer.trust import Trust
from edc_issuer.trust.comparing import (
    LOOK_ALIKE,
    Comparison,
    compare_identifiers,
    compare_names,
)
from edc_issuer.trust.issuers import (
    MAX_IDENTIFIER,
    imitates,
    look_alike,
    odd_host,
    same_identifier,
    same_name,
)
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.certificate_facts import certificate_facts
from edc_issuer.verify.ladder import ladder
from edc_issuer.verify.mandates import (
    Finding,
    Statement,
    claims_mandate,
    confirmation,
    refusals,
)
from edc_issuer.verify.proved import Proved
from edc_issuer.verify.vouching import Voucher

MAX_ROWS = 20  # comparisons in one report; an honest issuer has three or four
_Answer = tuple[Status, str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """All that is known about who signed, and about whom the file names.

    `unbound` is a reason code where the key is bound to nobody. `sealed_at` is the
    proved time of sealing; None where no timestamp proves one. `keys_at` is where the
    issuer's keys could be asked for, where nobody was allowed to.
    """

    proved: Proved
    unbound: str
    stated: StatedIssuer
    voucher: Voucher | None = None
    certificate: x509.Certificate | None = None
    sealed_at: datetime | None = None
    keys_at: str | None = None

    @property
    def same_identifier(self) -> bool:
        proved = self.proved.identifier
        return proved is not None and any(
            same_identifier(proved, str(item)) for item in self.stated.identifiers
        )

    @property
    def same_name(self) -> bool:
        names = self.proved.names
        return any(same_name(a, b) for a in names for b in self.stated.names)


def judge_identified(
    answers: Answers,
    identity: Identity,
    view: Any,
    *,
    trust: Trust,
    at: datetime,
    statements: Sequence[Statement] = (),
) -> Finding | None:
    """Answer `issuer.identified`; see verdicts, part 5, for each reason.

    Returns what is known of the mandate where the signer is not the issuer and the
    file says that it was sealed by mandate.
    """
    proved, stated = identity.proved, identity.stated
    rows = comparisons(proved, stated)
    evidence = _evidence(identity, rows)
    mandate = None
    if _speaks_by_mandate(identity, view):
        when = identity.sealed_at or at
        mandate = confirmation(
            proved, stated, trust=trust, statements=statements, at=when
        )
        evidence["mandate"] = _told(mandate, identity, statements)
    status, reason, detail = _identified(identity, mandate, rows)
    odd = tuple(dict.fromkeys(_look_alikes(identity, trust, rows)))
    if odd:
        evidence["look_alike"] = odd
        if status is Status.PASS:
            status, reason = Status.WARN, "look-alike"
    steps = ladder(proved, stated, identity.voucher, answers, at=at)
    evidence["ladder"] = [step.to_dict() for step in steps]
    answers.give("issuer.identified", status, reason, detail=detail, **evidence)
    return mandate


def _evidence(identity: Identity, rows: Sequence[Comparison]) -> dict[str, Any]:
    """Both sides of the comparison, and what else is known of the signer."""
    proved, stated = identity.proved, identity.stated
    evidence: dict[str, Any] = {
        "proved": {"names": list(proved.names), "identifier": proved.identifier},
        "stated": {
            "names": list(stated.names),
            "identifiers": [str(item) for item in stated.identifiers],
        },
        "compared": [row.to_dict() for row in rows],
    }
    if identity.same_identifier:
        evidence["also_calls_itself"] = list(also_calls_itself(stated, proved))
    if identity.certificate is not None:
        evidence["certificate"] = certificate_facts(identity.certificate)
    if identity.unbound == "key-only-in-file" and identity.keys_at:
        evidence["keys_at"] = identity.keys_at
    return evidence


def comparisons(proved: Proved, stated: StatedIssuer) -> tuple[Comparison, ...]:
    """What was held side by side: what is equal first, then as much as has room.

    A hostile file states a hundred names of a thousand letters; why each of them is
    another one is worth neither time nor paper.
    """
    mine = proved.identifier
    numbers = [(mine, item) for item in stated.identifiers if mine is not None]
    names = [(own, name) for own in proved.names for name in stated.names]
    numbers.sort(key=lambda pair: not same_identifier(pair[0], str(pair[1])))
    names.sort(key=lambda pair: not same_name(*pair))
    rows = (
        *(
            compare_identifiers(own, str(item), source=item.source)
            for own, item in numbers[:MAX_ROWS]
        ),
        *(compare_names(own, name, source="name") for own, name in names[:MAX_ROWS]),
    )
    equal_first = sorted(rows, key=lambda row: not row.equal)
    return tuple(equal_first[:MAX_ROWS])


def _speaks_by_mandate(identity: Identity, view: Any) -> bool:
    """Whether somebody other than the issuer signed, and the file says why."""
    known = identity.proved.by == "certificate" or identity.proved.listed is not None
    return known and not identity.same_identifier and claims_mandate(view)


def _told(
    mandate: Finding, identity: Identity, statements: Sequence[Statement]
) -> dict[str, Any]:
    """Both parties, who confirmed it, and else why nobody did."""
    stated = identity.stated
    told: dict[str, Any] = {
        "sealer": {
            "names": list(identity.proved.names),
            "identifier": identity.proved.identifier,
        },
        "mandator": {
            "names": list(mandate.names or stated.names),
            "names_proved": bool(mandate.names),
            "identifier": mandate.mandator
            or next(map(str, _numbers_first(stated)), None),
        },
        "confirmed_by": mandate.by if mandate.confirmed else None,
        "until": mandate.until.isoformat() if mandate.until else None,
        "why": mandate.why,
    }
    if statements:
        told["refused_statements"] = list(refusals(statements))
    return told


def _numbers_first(stated: StatedIssuer) -> list[StatedIdentifier]:
    """The identifiers with the id last: that is the file's own word for itself."""
    return sorted(stated.identifiers, key=lambda item: item.source == "id")


def _identified(
    identity: Identity, mandate: Finding | None, rows: Sequence[Comparison]
) -> _Answer:
    stated = identity.stated
    if mandate is not None:
        return _by_mandate(identity, mandate)
    if not identity.same_identifier:
        return _another(identity, rows)
    if stated.ambiguous:
        return Status.UNDECIDED, "issuer-ambiguous", stated.why
    if identity.unbound:
        return Status.UNDECIDED, identity.unbound, ""
    if not identity.proved.names:
        return Status.UNDECIDED, "name-not-proved", "no list says whose key this is"
    if not identity.same_name:
        return Status.UNDECIDED, "name-differs", _names_apart(rows)
    return Status.PASS, "same-identifier-and-name", ""


def _by_mandate(identity: Identity, mandate: Finding) -> _Answer:
    """One organisation sealed, another is named: two names, never one verdict."""
    if not mandate.confirmed:
        return Status.UNDECIDED, "by-mandate-unconfirmed", f"mandate: {mandate.why}"
    if identity.stated.ambiguous:
        return Status.UNDECIDED, "issuer-ambiguous", identity.stated.why
    if identity.unbound:
        return Status.UNDECIDED, identity.unbound, ""
    return Status.WARN, "by-mandate", f"confirmed by {mandate.by}"


def _another(identity: Identity, rows: Sequence[Comparison]) -> _Answer:
    """The proved identifier is none of those that the issuer states."""
    proved, stated = identity.proved, identity.stated
    if proved.by != "certificate" and proved.listed is None:
        return Status.UNDECIDED, identity.unbound or "key-only-in-file", ""
    if proved.identifier is None:
        return Status.UNDECIDED, "issuer-ambiguous", "the seal has no identifier"
    if not stated.identifiers:
        return Status.UNDECIDED, "issuer-ambiguous", stated.why
    return Status.FAIL, "identity.mismatch", _numbers_apart(rows)


def _numbers_apart(rows: Sequence[Comparison]) -> str:
    """What differs in the identifiers that could have been equal, in words."""
    comparable = [row for row in rows if row.what == "identifier" and _is_legal(row)]
    if not comparable:
        return "the issuer in the file states no number of the kind in the seal"
    nearest = min(comparable, key=lambda row: len(row.why))
    parts = " and ".join(why for why in nearest.why if why != LOOK_ALIKE)
    return f"{nearest.proved} is not {nearest.stated}: another {parts}"


def _is_legal(row: Comparison) -> bool:
    return not {"kind", "address"}.intersection(row.why)


def _names_apart(rows: Sequence[Comparison]) -> str:
    names = [row for row in rows if row.what == "name"]
    first = next((row for row in names if LOOK_ALIKE in row.why), None)
    if first is not None:
        return f"{first.stated!r} is written with other letters than {first.proved!r}"
    return f"{names[0].stated!r} is not {names[0].proved!r}" if names else ""


def _look_alikes(
    identity: Identity, trust: Trust, rows: Sequence[Comparison]
) -> Iterator[str]:
    """What is odd about the letters of the stated issuer, in words."""
    proved, stated = identity.proved, identity.stated
    known = {*proved.names, *(name for one in trust.issuers for name in one.names)}
    for name in stated.names:
        yield from look_alike(name)
        twin = None if name in known else imitates(name, known)
        if twin is not None:
            yield f"it looks like {twin!r}, and is written with other letters"
    for row in rows:
        if row.what == "identifier" and LOOK_ALIKE in row.why:
            yield f"its identifier {row.stated!r} only looks like {row.proved!r}"
    for address in _addresses(stated):
        yield from odd_host(address)


def _addresses(stated: StatedIssuer) -> Iterator[str]:
    if stated.id:
        yield stated.id
    values = (item.value for item in stated.identifiers)
    yield from (value for value in values if len(value) <= MAX_IDENTIFIER)
    yield from stated.homepages


def also_calls_itself(stated: StatedIssuer, proved: Proved) -> Iterator[str]:
    """Names of the issuer in the file that nobody proved."""
    for name in stated.names[:MAX_ROWS]:
        if not any(same_name(name, known) for known in proved.names):
            yield name
