"""Why a file could not be confirmed, in one sentence, and the one next step.

The sentences are the law of verdicts, part 12. A step offers only what this
version can do: when a command is built, its step is a new row of `STEPS`. No step
holds a name out of the file, and none for a FAILED file speaks of trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from edc_issuer.messages import Messages
from edc_issuer.messages.safe import neutral
from edc_issuer.report import GOOD, Check, Report, Status
from edc_issuer.report_text.facts import Facts, host_of, values_for
from edc_issuer.report_text.identity import settling_line
from edc_issuer.report_text.places import LIST_HOSTS

# A name that a shell takes for one word; any other stands in no command.
_PLAIN_FILE = re.compile(r"[\w][\w.-]{0,120}")
_PLAIN_FOLDER = re.compile(r"[\w./][\w./-]{0,200}")
_NO_LISTS = frozenset({"RS", "ME", "BA"})  # countries that the EU lists leave out
_NO_CHAIN = frozenset({"NO_CERTIFICATE_CHAIN_FOUND", "no-anchor", "not-listed"})
_NOT_ON_A_LIST = frozenset({"not-listed", "name-not-proved"})
# The key is known, or where it should be; what is wrong with it is told by itself.
_KEY_REFUSED = frozenset(
    {
        "key-not-listed-now",
        "issuer-lists-no-keys",
        "wrong-purpose",
        "document-mismatch",
        "controller-differs",
        "key-ambiguous",
        "key-unreadable",
    }
)
# Badges of version 2.0 and what they are made of lie at addresses of their own.
_OFFLINE = frozenset({"hosted-offline", "object-not-at-hand"})
_OF_BADGES_2 = _OFFLINE | {"not-https", "object-unusable", "unreachable"}
_NO_ANSWER = frozenset(
    {
        "no-data",
        "TRY_LATER",
        "stale",
        "other-scope",
        "after-expiry",
        "unknown-to-responder",
    }
)
# A list that somebody handed over and that settles nothing; its address might.
_NOT_BY_HAND = frozenset({"status-list-stale", "status-list-others"})
# The order in which open questions explain the verdict: without an answer to an
# earlier one the later ones mean little to a reader.
_ORDER = (
    "format.recognised",
    "format.wellformed",
    "proof.key",
    "proof.integrity",
    "proof.algorithm",
    "seal.certificate",
    "issuer.identified",
    "issuer.trusted",
    "seal.revocation",
    "credential.model",
    "credential.validity",
    "credential.status",
)
# Reasons whose sentence speaks of a seal, and what a file without one is told.
_FOR_BADGES = {"identity.mismatch": "badge.identity.mismatch"}
# Message keys in the order of the lines; `None` stands for the check's own sentence.
SENTENCES: dict[str, tuple[str | None, ...]] = {
    "presentation": ("cause.presentation",),
    "unsupported": ("cause.unsupported",),
    "unsigned": ("cause.unsigned",),
    "later-than-asked": (None,),
    "key-not-at-hand": ("cause.key-not-at-hand",),
    "key-elsewhere": ("cause.key-not-at-hand",),
    "key-unknown": ("cause.key-not-at-hand.unknown",),
    "key-unavailable": ("cause.key-unavailable",),
    "key-refused": (None,),
    "key-not-in-stored": ("cause.key-not-in-stored",),
    "key-in-file": (None,),
    "badge-offline": (None,),
    "badge-unusable": (None,),
    "personal-certificate": ("cause.personal-certificate",),
    "seal-not-trusted": (
        "cause.seal-not-trusted.unchanged",
        "cause.seal-not-trusted.anyone",
        "cause.seal-not-trusted.not-forgery",
    ),
    "badge-not-listed": (
        "cause.badge-not-listed.unchanged",
        "cause.badge-not-listed.anyone",
        "cause.seal-not-trusted.not-forgery",
    ),
    "name-differs": ("cause.name-differs",),
    "name-differs-on-list": ("cause.name-differs.badge",),
    "no-revocation-data": ("cause.no-revocation-data",),
    "by-mandate": (None,),
    "status-offline": ("cause.status-offline",),
    "status-at-hand": (None,),
    "endorses-another": (None,),
    "other": (None,),
}
# What stands in no row leaves nothing to do.
STEPS: dict[str, str] = {
    "unsupported": "next.newer-version",
    "unsigned": "next.ask-sealed",
    "later-than-asked": "next.without-at",
    "key-not-at-hand": "next.key-online",
    "key-elsewhere": "next.key-offline",
    "key-unknown": "next.ask-school",
    "key-unavailable": "next.key-later",
    "key-refused": "next.ask-school",
    "key-not-in-stored": "next.keys-anew",
    "key-in-file": "next.issuer-keys-online",
    "badge-offline": "next.badge-online",
    "badge-unusable": "next.ask-school",
    "personal-certificate": "next.ask-school-seal",
    "seal-not-trusted": "next.trust-ca",
    "badge-not-listed": "next.trust-did",
    "name-differs": "next.ask-school",
    "name-differs-on-list": "next.ask-school",
    "no-revocation-data": "next.crl",
    "by-mandate": "next.mandate",
    "status-offline": "next.ask-school",
    "status-at-hand": "next.ask-school",
    "other": "next.ask-school",
}
# Files without a credential: there is none that could be called invalid.
_NOTHING_INSIDE = frozenset({"carrier.empty"})
_WITHDRAWN = frozenset({"revoked", "suspended"})
_TIMELY = frozenset({"credential.status", "credential.validity"})
FAILED_STEPS: dict[str, str] = {
    "format.recognised": "next.ask-original",
    "format.wellformed": "next.ask-original",
    "proof.integrity": "next.ask-original",
    "credential.holder": "next.ask-holder",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of `SENTENCES`, and the check that it explains (None: the envelope)."""

    id: str
    check: Check | None


def cause_of(report: Report, facts: Facts) -> Cause:
    """What stands first in the way of PASSED."""
    if report.kind == "presentation":
        return Cause("presentation", None)
    checks = {check.id: check for check in report.checks}
    asked = [checks[check_id] for check_id in _ORDER if check_id in checks]
    unanswered = [check for check in asked if check.status is Status.UNDECIDED]
    for check in unanswered:
        if check.reason != "blocked":
            return Cause(_cause_id(check, report, facts), check)
    return Cause("other", next(iter(unanswered), None))


def _cause_id(check: Check, report: Report, facts: Facts) -> str:
    match check.id, check.reason:
        case "format.wellformed", "unsupported":
            return "unsupported"
        case "proof.key", ("unsigned" | "later-than-asked") as reason:
            return reason
        case "proof.key", _ if facts.stored_keys and facts.stored_on:
            return "key-not-in-stored"
        case "proof.key", reason if reason in _KEY_REFUSED:
            return "key-refused"
        case (("proof.key" | "issuer.identified"), reason) if reason in _OF_BADGES_2:
            offline = reason in _OFFLINE and not report.fetched
            return "badge-offline" if offline else "badge-unusable"
        case "proof.key", _ if facts.address is None and facts.keys_at is None:
            return "key-unknown"
        case "proof.key", "key.unavailable":
            return "key-unavailable"
        case "proof.key", _:
            return "key-not-at-hand" if facts.keys_at else "key-elsewhere"
        case "issuer.identified", "key-only-in-file" if facts.keys_at:
            return "key-in-file"
        case "seal.certificate", "not-a-seal":
            return "personal-certificate"
        case "seal.certificate", reason if reason in _NO_CHAIN:
            return "seal-not-trusted"
        case "issuer.identified", "name-differs":
            return "name-differs" if _is_sealed(report) else "name-differs-on-list"
        case "issuer.identified", "by-mandate-unconfirmed":
            return "by-mandate"
        case "issuer.identified" | "issuer.trusted", reason if (
            facts.did and reason in _NOT_ON_A_LIST
        ):
            return "badge-not-listed"
        case "issuer.trusted", reason if reason in _NO_CHAIN:
            return "seal-not-trusted"
        case "seal.revocation", reason if reason in _NO_ANSWER:
            return "no-revocation-data"
        case "credential.model", "endorses-another" as reason:
            return reason
        case "credential.status", "offline":
            return "status-offline"
        case "credential.status", reason if reason in _NOT_BY_HAND:
            return "status-at-hand"
    return "other"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the reader sits: the file as it is called there, and the trust folder.

    `option` is the folder that was named on the command line, if one was.
    """

    file: str | None = None
    directory: str | None = None
    option: str | None = None


def explanation(
    cause: Cause, report: Report, facts: Facts, messages: Messages, desk: Desk
) -> Iterator[str]:
    """The lines that say why, then those that say what next."""
    unknown = messages.text("unknown")
    values = {
        "host": _list_host(report) or unknown,
        "name": facts.name or unknown,
        "who": ", ".join(filter(None, (facts.name, facts.identifier))) or unknown,
        "subject": facts.subject or unknown,
        "claimed": facts.claimed or unknown,
        "did": facts.did,
        "address": facts.keys_at or facts.address,
        "date": messages.day(facts.stored_on) if facts.stored_on else unknown,
    }
    for key in SENTENCES[cause.id]:
        if key is not None:
            yield messages.text(key, **values)
        elif cause.check is not None:
            yield sentence(cause.check, report, messages)
    if cause.id == "no-revocation-data" and not _time_is_proved(report):
        yield messages.text("cause.no-revocation-data.later")
    if cause.id == "seal-not-trusted" and facts.list_country in LIST_HOSTS:
        yield from _once_and_then(facts, messages, desk)
        return
    if cause.id == "no-revocation-data" and report.fetched:
        yield messages.text("next.online.vain", hosts=", ".join(_asked(report)))
    elif cause.id == "no-revocation-data" and facts.responder:
        yield from _online("next.next", facts, messages, desk)
        return
    if cause.id in ("status-offline", "status-at-hand") and not _was_asked(report):
        yield from _step_lines(
            messages.text("next.next"),
            f"edc-issuer verify --online {_argument(desk)}",
            messages.text("next.online.list", host=values["host"]),
        )
        return
    step = _step(cause, facts)
    if step is not None:
        did = facts.stored_keys or facts.did
        named = {"did": did, "address": facts.keys_at}
        yield messages.text(step, **named, **_authority(facts, messages))


def _once_and_then(facts: Facts, messages: Messages, desk: Desk) -> Iterator[str]:
    """The lists are fetched once; then whoever withdraws seals can be asked."""
    country = str(facts.list_country)
    if facts.is_test_seal:
        yield messages.text("next.test-seal")
        return
    file = _argument(desk)
    directory = neutral(desk.directory or messages.text("next.own-folder"))
    yield from _step_lines(
        messages.text("next.once"),
        f"edc-issuer trust update --for {file}",
        messages.text("next.update.from", country=messages.text(f"country.{country}")),
        messages.text(
            "next.update.kept", host=LIST_HOSTS[country], directory=directory
        ),
    )
    if facts.responder:
        yield from _online("next.then", facts, messages, desk)


def _list_host(report: Report) -> str | None:
    """The host of the status list in question; the credential names it."""
    address = report.check("credential.status").evidence.get("address")
    return host_of(address) if isinstance(address, str) else None


def _was_asked(report: Report) -> bool:
    """Whether the list was asked for at its own address already."""
    address = report.check("credential.status").evidence.get("address")
    return any(line.get("url") == address for line in report.fetched)


def _asked(report: Report) -> list[str]:
    """The hosts that were asked, each once."""
    hosts = (urlsplit(str(line.get("url", ""))).hostname for line in report.fetched)
    return list(dict.fromkeys(neutral(host) for host in hosts if host))


def _online(key: str, facts: Facts, messages: Messages, desk: Desk) -> Iterator[str]:
    yield from _step_lines(
        messages.text(key),
        f"edc-issuer verify --online {_argument(desk)}",
        messages.text("next.online.asks", responder=facts.responder),
    )


def _step_lines(label: str, command: str, *explained: str) -> Iterator[str]:
    """A command beside its label, and below it what it does."""
    yield f"{label}  {command}"
    for line in explained:
        yield " " * (len(label) + 2) + line


def _argument(desk: Desk) -> str:
    """The file as a command can name it (FILE where it cannot), and --trust."""
    name = desk.file or ""
    file = name if _PLAIN_FILE.fullmatch(name) else "FILE"
    if desk.option is None:
        return file
    folder = desk.option if _PLAIN_FOLDER.fullmatch(desk.option) else "DIR"
    return f"{file} --trust {folder}"


def _step(cause: Cause, facts: Facts) -> str | None:
    if cause.id == "other" and cause.check and cause.check.reason == "unsupported":
        return "next.newer-version"
    step = STEPS.get(cause.id)
    if step == "next.trust-ca" and facts.is_test_seal:
        return "next.test-seal"
    if step == "next.trust-ca":
        if facts.authority is None:
            return "next.trust-ca-unknown"
        return "next.trust-ca-outside" if facts.country in _NO_LISTS else step
    if step == "next.crl" and facts.authority is None:
        return "next.crl-unknown"
    return step


def _authority(facts: Facts, messages: Messages) -> dict[str, object]:
    country = facts.country if facts.country in _NO_LISTS else None
    return {
        "ca": facts.authority,
        "country": messages.text(f"country.{country}") if country else None,
    }


def _time_is_proved(report: Report) -> bool:
    return any(c.id == "time.signed" and c.status is Status.PASS for c in report.checks)


def failure(report: Report, facts: Facts, messages: Messages) -> Iterator[str]:
    """What is wrong with a FAILED file; never a word on trusting it after all."""
    failed = [check for check in report.checks if check.status is Status.FAIL]
    for check in failed[:1]:
        yield sentence(check, report, messages)
        if check.id == "issuer.identified" and facts.name and facts.claimed:
            is_sealed = _is_sealed(report)
            key = "failed.mismatch" if is_sealed else "failed.mismatch.badge"
            yield messages.text(key, name=facts.name, claimed=facts.claimed)
            yield from settling_line(report, messages)
        if check.id == "credential.holder":  # what is inside may be genuine
            yield messages.text("failed.holder")
        elif check.reason in _NOTHING_INSIDE:
            yield messages.text("failed.nothing_inside")
        elif check.id != "format.recognised" and not _says_what_to_do(check):
            yield messages.text("failed.general")
        yield messages.text(_failed_step(check))


def _says_what_to_do(check: Check) -> bool:
    """Whether the sentence of the answer itself ends with a warning to rely on it."""
    return check.id == "credential.status" and check.reason in _WITHDRAWN


def _failed_step(check: Check) -> str:
    # The school did issue it; what matters is what holds now.
    if check.id in _TIMELY and check.reason in {*_WITHDRAWN, "expired"}:
        return "next.ask-instead"
    if check.reason == "other-recipient":  # it may be the reader who mistyped
        return "next.other-recipient"
    return FAILED_STEPS.get(check.id, "next.ask-school")


def confirmation(report: Report, facts: Facts, messages: Messages) -> Iterator[str]:
    """Who sealed a PASSED file and who says so, and how far that reaches."""
    unknown = messages.text("unknown")
    key = "passed.sealed" if _is_sealed(report) else "passed.signed"
    yield messages.text(
        "passed.hosted" if report.check("proof.key").reason == "hosted" else key,
        name=facts.name or unknown,
        identifier=facts.identifier or unknown,
        anchor=facts.anchor or messages.text("passed.own_list"),
    )
    if report.check("issuer.trusted").reason == "identity-only":
        yield messages.text("passed.identity_only")
    if report.test:
        yield messages.text("passed.test_next")


def _is_sealed(report: Report) -> bool:
    """Whether the words speak of a seal; a badge is signed by a bare key."""
    return report.check("seal.certificate").status is not Status.SKIPPED


def sentence(check: Check, report: Report, messages: Messages) -> str:
    """What one answer means: its reason's sentence, else that of its status."""
    values = values_for(check, report, messages)
    if check.reason in _FOR_BADGES and not _is_sealed(report):
        return messages.text(_FOR_BADGES[check.reason], **values)
    return messages.answer(
        check.id, check.status, check.reason, detail=check.detail, **values
    )


def is_vouched_for(report: Report) -> bool:
    """Whether the signer's name may be printed as more than the file's own word."""
    proved = {"proof.integrity", "issuer.identified", "issuer.trusted"}
    good = {check.id for check in report.checks if check.status in GOOD}
    return proved <= good
