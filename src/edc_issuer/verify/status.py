"""`credential.status`: has the issuer revoked or suspended it?

A status list is a credential of its own, and is verified as one in the same run. It
counts if this run fetched it from the address that the issuer signed, or, handed
over, if its signed id is that address, the credential's own signer signed it, and it
is current (verdicts, part 10). A list's own status is never followed. A 1EdTech
revocation list is signed by nobody and counts only as fetched here (part 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from edc_issuer.errors import InputError
from edc_issuer.formats.base import Proof
from edc_issuer.formats.suites import may_withhold
from edc_issuer.models.tree import comparable_id, id_of
from edc_issuer.report import GOOD, Report, Signer, Status
from edc_issuer.status.bits import MIN_ENTRIES
from edc_issuer.status.entries import DECIDING, EDTECH, KNOWN, Entry, read_entries
from edc_issuer.status.lists import ListCredential, revoked_ids
from edc_issuer.trust.issuers import same_identifier
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.content import STATUS, has_status
from edc_issuer.verify.status_lists import Lists, NotFollowed

CURRENT = timedelta(hours=24)  # a list that promises nothing (verdicts, part 10)
SKEW = timedelta(minutes=5)
CHECK = "credential.status"
_W3C = "https://www.w3.org/ns/credentials/status-list#"
_STATUS_IRI = "https://www.w3.org/2018/credentials#credentialStatus"
_VCDM = "https://www.w3.org/TR/vc-data-model#"
# Section 3.5 of the standard, and the data model's own words.
PROBLEMS = {
    "offline": _W3C + "STATUS_RETRIEVAL_ERROR",
    "unreachable": _W3C + "STATUS_RETRIEVAL_ERROR",
    "status-list-unreadable": _W3C + "STATUS_VERIFICATION_ERROR",
    "status-list-stale": _W3C + "STATUS_VERIFICATION_ERROR",
    "status-list-others": _W3C + "STATUS_VERIFICATION_ERROR",
    "other-purpose": _W3C + "STATUS_VERIFICATION_ERROR",
    "status.list": _VCDM + "MALFORMED_VALUE_ERROR",
    "status.entry": _VCDM + "MALFORMED_VALUE_ERROR",
    "status.range": _VCDM + "RANGE_ERROR",
}
_MUST_HOLD = ("proof.key", "proof.integrity", "proof.algorithm")
_SEALED = ("seal.certificate", "seal.revocation")
# The key is not the one of the issuer that the list names, or no longer is.
_NOT_ITS_OWN = frozenset(
    {"key-not-listed-now", "issuer-lists-no-keys", "key-retired", "key-revoked"}
)
_NOT_BOUND = _NOT_ITS_OWN | {"key-only-in-file"}
_WEIGHT = (Status.PASS, Status.WARN, Status.UNDECIDED, Status.FAIL)


@dataclass(frozen=True, slots=True)
class Found:
    """What one entry says: `as_of` is how old that knowledge is.

    `keeper` is who was proved to have signed the list, where that is somebody else.
    """

    entry: Entry
    status: Status
    reason: str = ""
    detail: str = ""
    as_of: datetime | None = None
    value: int | None = None
    source: str = ""  # "fetched" or "handed over"
    keeper: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What a report tells of the entry."""
        told: dict[str, Any] = {
            "type": self.entry.kind,
            "purpose": self.entry.purpose,
            "list": self.entry.url,
            "reason": self.reason,
            "detail": self.detail,
            "problem": PROBLEMS.get(self.reason),
            "source": self.source,
            "keeper": self.keeper,
            "value": self.value,
            "notes": list(self.entry.notes),
        }
        if self.value is not None:
            told["message"] = self.entry.message(self.value)
        return {key: value for key, value in told.items() if value not in (None, "")}


def may_lack_status(proof: Proof) -> bool:
    """Whether a copy may show less of a status than its issuer signed.

    One entry of two is as easily left out as both.
    """
    if not may_withhold(proof.algorithm):
        return False
    # Here, because most files need no processor of JSON-LD to be loaded.
    from edc_issuer.formats.selective.method import is_always_shown

    return not is_always_shown(proof.internals, _STATUS_IRI)


def judge_status(
    answers: Answers,
    view: Mapping[str, Any],
    lists: Lists | None,
    signer: Signer | None,
    *,
    may_be_withheld: bool = False,
) -> None:
    """Answer `credential.status`, by every entry of the signed content.

    `lists` is None for a list itself, whose own status is not followed. `signer` is
    who was proved to have signed the credential. `may_be_withheld` says that there may
    be more entries than are shown: then only bad news counts.
    """
    if not has_status(view):
        if may_be_withheld:
            answers.leaves_open(CHECK, "may-be-withheld")
        else:
            answers.skips(CHECK, "no-status")
        return
    if lists is None:
        answers.leaves_open(CHECK, "not-asked", detail="the status of a list")
        return
    found = [_looked_up(entry, lists, view, signer) for entry in _entries(view)]
    _decide(answers, found, may_be_withheld=may_be_withheld)


def _decide(answers: Answers, found: Sequence[Found], *, may_be_withheld: bool) -> None:
    """Answer by the worst of the entries that end or pause a credential."""
    deciding = [one for one in found if one.entry.decides or not _is_known(one.entry)]
    told = [one.to_dict() for one in found]
    if not deciding:
        purposes = sorted({str(one.entry.purpose) for one in found})
        detail = f"it is about {', '.join(purposes)} only"
        answers.leaves_open(CHECK, "other-purpose", detail=detail, entries=told)
        return
    worst = max(deciding, key=lambda one: _WEIGHT.index(one.status))
    known = [one.as_of for one in deciding if one.as_of is not None]
    status, reason = worst.status, worst.reason
    if may_be_withheld and status in GOOD:
        status, reason = Status.UNDECIDED, "may-be-withheld"
    answers.give(
        CHECK,
        status,
        reason,
        detail=worst.detail,
        as_of=min(known, default=None),
        address=worst.entry.url,
        entries=told,
    )


def _entries(view: Mapping[str, Any]) -> tuple[Entry, ...]:
    if STATUS not in view:
        # Under another spelling of its key, which other readers may read otherwise.
        return (Entry("", fault="credentialStatus under a key of another spelling"),)
    return read_entries(view[STATUS])


def _is_known(entry: Entry) -> bool:
    return entry.kind in KNOWN


def _looked_up(
    entry: Entry, lists: Lists, view: Mapping[str, Any], signer: Signer | None
) -> Found:
    if entry.fault:
        return Found(entry, Status.UNDECIDED, "status.entry", entry.fault)
    if not _is_known(entry):
        detail = f"a status of the type {entry.kind!a}"
        return Found(entry, Status.UNDECIDED, "status-type-unknown", detail)
    try:
        if entry.kind == EDTECH:
            return _by_names(entry, lists, id_of(view))
        return _by_position(entry, lists, signer)
    except InputError as error:
        return Found(entry, Status.UNDECIDED, error.reason, str(error))


def _by_names(entry: Entry, lists: Lists, credential_id: str | None) -> Found:
    """A 1EdTech list names the revoked; nobody signs it (VCRL 1.0)."""
    if credential_id is None:
        raise NotFollowed("a credential without an id", reason="status.entry")
    named = revoked_ids(lists.fetch(str(entry.url)))
    reason = named.get(comparable_id(credential_id))
    if reason is not None:
        return Found(entry, Status.FAIL, "revoked", reason[:200], lists.now, 1)
    status, why = _clear(lists)
    return Found(entry, status, why, "", lists.now, 0, "fetched")


def _clear(lists: Lists) -> tuple[Status, str]:
    """A list has no history: what is clear now is told so (verdicts, part 9)."""
    return Status.PASS, "as-of-list-date" if lists.as_of is not None else ""


def _by_position(entry: Entry, lists: Lists, signer: Signer | None) -> Found:
    """A signed list: fetched if anybody may ask, else one that was handed over.

    A revocation is for ever, so that it counts from either; what else was handed over
    is older than what lies at the address, and counts only where that says nothing.
    """
    found: list[Found] = []
    faults: list[InputError] = []
    for report in lists.handed_over(str(entry.url)):
        try:
            found.append(_read(entry, report, lists, signer, fetched=False))
        except InputError as error:
            faults.append(error)
    handed = max(found, key=lambda one: _WEIGHT.index(one.status), default=None)
    if handed is not None and handed.reason == "revoked":
        return handed
    try:
        report = lists.of(lists.fetch(str(entry.url)))
        return _read(entry, report, lists, signer, fetched=True)
    except InputError as error:
        if handed is not None:
            return handed
        # Where nobody answered, what is wrong with the list at hand says more.
        is_silence = isinstance(error, NotFollowed) and error.is_silence
        if faults and is_silence:
            raise faults[0] from error
        raise


def _read(
    entry: Entry,
    report: Report,
    lists: Lists,
    signer: Signer | None,
    *,
    fetched: bool,
) -> Found:
    """What a list says of one position, after everything that makes it count."""
    content = _verified(report)
    listed = ListCredential.read(content, entry.kind)
    if entry.purpose not in listed.purposes:
        detail = f"a list about {', '.join(listed.purposes)[:200]}"
        raise NotFollowed(detail, reason="other-purpose")
    own = _same_signer(report, signer)
    identified = report.check("issuer.identified")
    if not own and (
        identified.status is Status.FAIL or identified.reason in _NOT_ITS_OWN
    ):
        raise NotFollowed("the list was not signed by the issuer that it names")
    dates = _dates(report)
    _check_current(dates, listed.ttl, lists.now, fetched=fetched)
    if not fetched and not own:
        detail = "handed over, and not signed by the credential's own signer"
        raise NotFollowed(detail, reason="status-list-others")
    value = listed.status_list.value(entry.position, size=entry.size)
    as_of = lists.now if fetched else dates.issued
    source = "fetched" if fetched else "handed over"
    keeper = report.signer.identifier if report.signer and not own else None
    if value and entry.purpose in DECIDING:
        reason = "revoked" if entry.purpose == "revocation" else "suspended"
        detail = entry.message(value) or ""
        return Found(entry, Status.FAIL, reason, detail, as_of, value, source, keeper)
    status, reason = _clear(lists)
    oddities = list(_oddities(entry, listed))
    if not own:
        status, reason = Status.WARN, "other-list-issuer"
    elif oddities:
        status, reason = Status.WARN, "status-loose"
    told = "; ".join(oddities)
    return Found(entry, status, reason, told, as_of, value, source, keeper)


def _verified(report: Report) -> Mapping[str, Any]:
    """The signed content of a list whose own proof holds; `NotFollowed`."""
    for check_id in _MUST_HOLD:
        check = report.check(check_id)
        if check.status not in GOOD:
            detail = f"the list's own proof: {check.reason} {check.detail}".strip()
            raise NotFollowed(detail[:300])
    for check_id in _SEALED:
        check = report.check(check_id)
        if check.status not in (*GOOD, Status.SKIPPED):
            raise NotFollowed(f"the seal of the list: {check.reason}"[:300])
    if report.content is None or report.kind != "credential":
        raise NotFollowed("not a status list")
    return report.content


def _same_signer(report: Report, signer: Signer | None) -> bool:
    """Whether the list was signed by who signed the credential, both proved."""
    mine, theirs = signer, report.signer
    if mine is None or theirs is None or not mine.identifier or not theirs.identifier:
        return False
    if report.check("issuer.identified").reason in _NOT_BOUND:
        return False
    return same_identifier(mine.identifier, theirs.identifier)


@dataclass(frozen=True, slots=True)
class _Dates:
    """From when and until when a list says that it holds, and when it was made."""

    place: str  # "", "expired", "not-yet-valid" or "date-unreadable"
    issued: datetime | None
    until: datetime | None


def _dates(report: Report) -> _Dates:
    validity = report.check("credential.validity")
    place = "" if validity.status in GOOD else validity.reason
    since = _moment(validity.evidence.get("from"))
    if since is None:  # a list without validFrom was issued when it was signed
        since = _moment(report.check("time.signed").evidence.get("claimed"))
    return _Dates(place, since, _moment(validity.evidence.get("until")))


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _check_current(
    dates: _Dates, ttl: timedelta | None, now: datetime, *, fetched: bool
) -> None:
    """`NotFollowed` for a list out of its time (verdicts, part 10).

    Fetched, it is the list of this moment and has to lie in its validity. Handed
    over it must be current as well: validUntil in the future, else issued within its
    ttl, else within 24 hours.
    """
    if dates.place:
        raise NotFollowed(dates.place, reason="status-list-stale")
    if fetched or dates.until is not None:
        return
    if dates.issued is None:
        raise NotFollowed("a list without a date", reason="status-list-stale")
    if not now - (ttl or CURRENT) <= dates.issued <= now + SKEW:
        detail = f"issued {dates.issued.isoformat()}"
        raise NotFollowed(detail, reason="status-list-stale")


def _oddities(entry: Entry, listed: ListCredential) -> Iterator[str]:
    """Departures from the standard that leave no doubt about the meaning."""
    yield from entry.notes
    if listed.status_list.entries(entry.size) < MIN_ENTRIES:
        yield "short-list"  # STATUS_LIST_LENGTH_ERROR: it hides fewer people
    if listed.id is not None and listed.id != entry.url:
        yield "list-has-another-id"
