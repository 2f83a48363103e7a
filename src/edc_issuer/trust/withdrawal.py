"""What is said of a certificate's withdrawal, and in which words.

`trust.revocation` decides; here stand the verdict, its reasons with their
sub-indications (EN 319 102-1 clause 5.1.3), and what decides for a whole path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from edc_issuer.trust.path import PathResult
from edc_issuer.trust.statement import Kind, Statement

Answer = Literal["good", "revoked", "undecided"]
_NO_POE = "revoked-no-poe"
_NOTHING = "nothing at hand says whether this certificate was withdrawn"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is known about one certificate at the control time.

    `status` good with the reason `pinned` is a certificate the operator pinned that
    names no revocation service. Reasons of undecided: `no-data`, `other-scope`,
    `stale`, `after-expiry`, `compromised-before`, `revoked-no-poe`,
    `unknown-to-responder`. `revoked` is only said where the time of signing is proved
    and lies behind the withdrawal.

    The last fields name the list or answer that decided, where one did: its `kind`,
    `sha256` (hex, of its DER) and `issuer` (who signed it). `produced_at` is of OCSP.
    """

    status: Answer
    reason: str = ""
    detail: str = ""
    sub_indication: str | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    revoked_at: datetime | None = None
    invalid_since: datetime | None = None
    revocation_reason: str | None = None
    kind: Kind | None = None
    sha256: str | None = None
    issuer: str | None = None
    produced_at: datetime | None = None


# DSS's word where nothing acceptable is at hand (6.4: nothing at all, made after the
# certificate's end, unknown to the responder, by one that nobody answers for); EN
# 319 102-1 keeps TRY_LATER for an answer that a newer one of the kind would settle.
_NOTHING_ACCEPTABLE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
UNKNOWN = Revocation("undecided", "no-data", _NOTHING, _NOTHING_ACCEPTABLE)
_UNACCEPTABLE = frozenset({"after-expiry", "unknown-to-responder", "unconfirmed"})
_WORDS = {
    "stale": "the {} at hand is too old for the time of this seal",
    "after-expiry": "the {} at hand was made when this certificate had expired",
    "other-scope": "the {} at hand is about other certificates",
    "unknown-to-responder": "the authority's {} says that it does not know this one",
    "responder-ended": "the certificate of the {}'s own signer has ended since, and "
    "nothing proves that the {} is older",
    "unconfirmed": "nothing at hand says whether the {}'s own signer was withdrawn",
}
_NOUNS = {"crl": "list", "ocsp": "answer"}
# The most telling reason wins where several statements fail to settle it.
_ORDER = (
    "stale",
    "after-expiry",
    "unknown-to-responder",
    "other-scope",
    "responder-ended",
    "unconfirmed",
)
_CODES = {"responder-ended": "no-data", "unconfirmed": "no-data"}
_ENDED = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
_TOLD_LATER = ("TRY_LATER", _ENDED)  # after the end of the certificate


def bad_news(statement: Statement, proved_at: datetime | None) -> Revocation | None:
    """What follows from being withdrawn; None if that was later than it sealed."""
    withdrawal = statement.withdrawal
    if withdrawal is None:
        return None
    day = f"{withdrawal.at:%Y-%m-%d}"
    if proved_at is None:
        when = f"withdrawn on {day}, and nothing proves that it sealed before"
        return told(statement, "undecided", _NO_POE, "REVOKED_NO_POE", when)
    if withdrawal.at <= proved_at:
        when = f"withdrawn on {day}, before it made this seal"
        return told(statement, "revoked", "revoked", "REVOKED", when)
    since = withdrawal.invalid_since
    if not withdrawal.is_readable or (since is not None and since <= proved_at):
        when = "withdrawn later, but said to be compromised when this seal was made"
        word = "REVOKED_NO_POE"
        return told(statement, "undecided", "compromised-before", word, when)
    return None


def doubted(verdict: Revocation) -> Revocation:
    """The same from a responder that nobody vouches for: undecided at the worst."""
    if verdict.status != "revoked":
        return verdict
    return replace(
        verdict,
        status="undecided",
        reason=_NO_POE,
        sub_indication="REVOKED_NO_POE",
        detail=f"{verdict.detail}, as a responder says that nothing at hand confirms",
    )


def undecided(reasons: Sequence[tuple[str, Statement]]) -> Revocation:
    """Why nothing settles it: of several reasons the most telling one."""
    if not reasons:
        return UNKNOWN
    reason, statement = min(reasons, key=lambda row: _ORDER.index(row[0]))
    noun = _NOUNS[statement.kind]
    detail = _WORDS[reason].format(noun, noun)
    word = _NOTHING_ACCEPTABLE if reason in _UNACCEPTABLE else "TRY_LATER"
    word = _ENDED if reason == "responder-ended" else word
    return told(statement, "undecided", _CODES.get(reason, reason), word, detail)


def told(
    statement: Statement,
    status: Answer,
    reason: str = "",
    sub_indication: str | None = None,
    detail: str = "",
) -> Revocation:
    """A verdict that names the list or answer it rests on."""
    withdrawal = statement.withdrawal if status != "good" else None
    return Revocation(
        status,
        reason,
        detail,
        sub_indication,
        statement.this_update,
        statement.next_update,
        withdrawal.at if withdrawal else None,
        withdrawal.invalid_since if withdrawal else None,
        withdrawal.reason if withdrawal else None,
        statement.kind,
        statement.sha256,
        statement.issuer,
        statement.produced_at,
    )


def sub_indication(path: PathResult, revocations: Sequence[Revocation]) -> str | None:
    """The word of EN 319 102-1 for path and revocation together; None if all holds.

    As validators do that take old lists for good: a stale list is no fault here. That
    it was withdrawn, or that nothing acceptable is at hand, is told before the end of
    a certificate (measured with DSS 6.4); one that expired, and was on no list before,
    is OUT_OF_BOUNDS_NOT_REVOKED. How old a list is, is asked by the check alone.
    """
    # Each keeps its place, which says whose certificate it is about.
    decisive = worst([_at_any_age(one) for one in revocations])
    if path.reason != "expired":
        return path.sub_indication or decisive.sub_indication
    if decisive.status == "good":
        return "OUT_OF_BOUNDS_NOT_REVOKED"
    told_first = decisive.sub_indication not in _TOLD_LATER
    return decisive.sub_indication if told_first else path.sub_indication


def _at_any_age(one: Revocation) -> Revocation:
    if one.reason != "stale":
        return one
    return replace(one, status="good", sub_indication=None)


def worst(revocations: Sequence[Revocation]) -> Revocation:
    """The answer that decides for a whole path: revoked, then undecided, then good.

    A withdrawn authority is told as REVOKED_CA_NO_POE, not as its seal's fault. An
    empty path (the signer is the anchor) has nothing that could be withdrawn.
    """
    if not revocations:
        return Revocation("good", "anchor", "the certificate is itself trusted")
    for index, one in enumerate(revocations):
        if one.reason == _NO_POE and index:
            # Told before an undecided seal below it, whose cause it may be.
            return _authority(one)
    rank: dict[Answer, int] = {"revoked": 0, "undecided": 1, "good": 2}
    return min(revocations, key=lambda one: (rank[one.status], one.reason == "no-data"))


def _authority(one: Revocation) -> Revocation:
    return replace(
        one,
        status="undecided",
        detail="an authority above this certificate was withdrawn",
        sub_indication="REVOKED_CA_NO_POE",
    )
