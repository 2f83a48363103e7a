"""A report in words for the person who has to decide: an employer, a registrar.

The verdict comes first and in one line, then why and the one next step, then five
plain answers, then the checks that matter. Names that only the file gives are
marked so; names that were proved stand apart from them. Lines are plain text: for
a narrow console pass them through `messages.printable`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from edc_issuer.messages import Messages
from edc_issuer.messages.safe import is_coded_name, looks_like_another, neutral
from edc_issuer.report import Check, Outcome, Report, Status, overall
from edc_issuer.report_text.causes import (
    Desk,
    cause_of,
    confirmation,
    explanation,
    failure,
    is_vouched_for,
    sentence,
)
from edc_issuer.report_text.facts import (
    Facts,
    facts_of,
    host_of,
    moment_in,
    values_for,
)
from edc_issuer.report_text.identity import (
    identity_lines,
    is_by_mandate,
    mandate_lines,
)
from edc_issuer.report_text.time import stamp_lines, time_lines
from edc_issuer.report_text.told import told_lines
from edc_issuer.summary import Several, Summary, summary

ALWAYS_SHOWN = frozenset({"proof.integrity", "issuer.identified", "issuer.trusted"})
_QUIET = frozenset({Status.PASS, Status.SKIPPED})
_FOLLOWS = frozenset({"blocked", "presentation"})  # said already by another answer
_MAX_PARTS_DEPTH = 8
_MAX_PARTS_SHOWN = 20
# What came of asking for a newer version, where none replaces the file.
_NO_NEWER = {
    "not-asked": "refresh.not-asked",
    "no-answer": "refresh.no-answer",
    "unusable": "refresh.unusable",
    "nothing-newer": "refresh.nothing-newer",
}


def to_text(
    report: Report,
    *,
    language: str = "en",
    verbose: bool = False,
    name: str | None = None,
    directory: str | None = None,
    option: str | None = None,
) -> str:
    """The whole report; `name` is the file's, `directory` the reader's trust folder.

    `option` is that folder where a command has to name it (`--trust`). Ends with a
    line break.
    """
    desk = Desk(name, directory, option)
    lines = _report(report, Messages(language), verbose=verbose, desk=desk, depth=0)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def to_line(report: Report, *, language: str = "en", name: str | None = None) -> str:
    """The verdict and its reason on one line, for a list of files."""
    messages = Messages(language)
    why = next(_why(report, facts_of(report), messages, Desk(name)), "")
    head = "TEST " if report.test else ""
    parts = (
        f"{head}{_verdict(report, messages, name)}",
        why,
        *_as_of(report, messages),
    )
    return "   ".join(filter(None, parts))


def _report(
    report: Report, messages: Messages, *, verbose: bool, desk: Desk, depth: int
) -> Iterator[str]:
    facts = facts_of(report)
    said = summary(report.content, messages.language)
    if report.test:
        yield messages.text("head.test")
    yield from _as_of(report, messages)
    yield _verdict(report, messages, desk.file)
    if report.carrier is not None and _was_taken_out(report):
        yield _carrier(report, said, messages)
    # What an automatic check counts is asked of the file, never of a part.
    judged = replace(report, test=False) if depth else report
    yield from _why(judged, facts, messages, desk)
    yield from mandate_lines(report, messages)
    if report.kind != "presentation":
        yield ""
        yield from _answers(report, facts, said, messages)
        yield from time_lines(report, messages)
    yield from _checks(report, messages, verbose=verbose)
    if verbose:
        yield from identity_lines(report, messages)
    if depth < _MAX_PARTS_DEPTH:
        yield from _parts(report, messages, verbose=verbose, depth=depth)
        yield from _further(report, messages)
        yield from _newer(report, messages, verbose=verbose, depth=depth)


def _as_of(report: Report, messages: Messages) -> Iterator[str]:
    if report.as_of is not None:
        is_today = report.as_of.date() == report.verified_at.date()
        key = "head.as_of_today" if is_today else "head.as_of"
        yield messages.text(key, time=report.as_of)


def _verdict(report: Report, messages: Messages, name: str | None) -> str:
    word = messages.text(f"verdict.{overall(report)}")
    return f"{word}   {neutral(name)}" if name else word


def _was_taken_out(report: Report) -> bool:
    """Whether anything came out of the picture: else the picture is what was read."""
    recognised = report.check("format.recognised")
    return recognised.evidence.get("format") != report.carrier


def _carrier(report: Report, said: Summary, messages: Messages) -> str:
    if report.content is None:
        return messages.text("head.carrier_unread")
    title = _several(said.what, messages) or messages.text("unknown")
    name = _several(said.who, messages)
    if name is None:
        return messages.text("head.carrier_nameless", title=title)
    return messages.text("head.carrier", title=title, name=name)


def _why(report: Report, facts: Facts, messages: Messages, desk: Desk) -> Iterator[str]:
    if report.outcome is Outcome.FAILED:
        yield from failure(report, facts, messages)
    elif report.outcome is Outcome.PASSED and report.kind != "presentation":
        yield from confirmation(report, facts, messages)
        if overall(report) is not Outcome.PASSED:
            yield messages.text("head.not_all_inside")
    else:
        yield from explanation(cause_of(report, facts), report, facts, messages, desk)


def _answers(
    report: Report, facts: Facts, said: Summary, messages: Messages
) -> Iterator[str]:
    """Who, what, by whom, when and where, still valid: one line each."""
    if report.content is None:
        unsigned = report.check("proof.key").reason == "unsigned"
        key = "head.silent_unsigned" if unsigned else "head.silent_content"
        yield messages.text(key)
        return
    by_whom = _by_whom(report, facts, said, messages)
    if said.endorses is not None:
        about = {
            "question.endorses": _by_file(said.endorses or None, messages),
            "question.says": _by_file(said.comment, messages),
            "question.endorsed_by": by_whom,
        }
    else:
        about = {
            "question.who": _by_file(_several(said.who, messages), messages),
            "question.what": _by_file(_several(said.what, messages), messages),
            "question.by_whom": by_whom,
        }
    answers = about | {
        "question.when_where": _by_file(_when_where(said, messages), messages),
        "question.still_valid": _still_valid(report, said, messages),
    }
    width = max(len(messages.text(key)) for key in answers)
    for key, answer in answers.items():
        yield f"{messages.text(key):<{width}}  {answer}"
    yield from _remarks(report, facts, said, messages)
    yield from told_lines(report, messages)


def _remarks(
    report: Report, facts: Facts, said: Summary, messages: Messages
) -> Iterator[str]:
    if said.borrowed:
        yield messages.text("said.borrowed")
    other = said.by_whom and not _same(said.by_whom, facts.name)
    if other and is_vouched_for(report) and not is_by_mandate(report):
        yield messages.text("said.calls_itself", value=said.by_whom)
    if report.refresh is not None and report.refresh.report is None:
        host = host_of(report.refresh.address) or messages.text("unknown")
        yield messages.text(_NO_NEWER[report.refresh.state], host=host)
    for text in (*said.who.shown, *said.what.shown, said.by_whom, facts.name):
        if text and looks_like_another(text):
            yield messages.text("said.lookalike", value=text)
    for text in dict.fromkeys((said.issuer_id, facts.identifier, facts.address)):
        if text and is_coded_name(text):
            yield messages.text("said.punycode", value=text)
    roles = [proof.role for proof in report.proofs]
    others = roles.count("other")
    if 0 < others < len(roles):
        yield messages.text("said.other_proofs", count=others)
    # Whoever passes the file on may not be the person in it.
    holder = report.check("credential.holder").status
    if said.endorses is None and holder in (Status.SKIPPED, Status.UNDECIDED):
        yield messages.text("check.owner.not_checked")


def _several(found: Several, messages: Messages) -> str | None:
    if not found:
        return None
    if not found.more:
        return str(found)
    return messages.text("said.more", shown=str(found), count=found.more)


def _by_file(value: str | None, messages: Messages) -> str:
    if value is None:
        return messages.text("unknown")
    return messages.text("said.file", value=value)


def _by_whom(report: Report, facts: Facts, said: Summary, messages: Messages) -> str:
    if not is_vouched_for(report) or facts.name is None:
        return _by_file(said.by_whom or said.issuer_id, messages)
    both = next(mandate_lines(report, messages), None)
    if both is not None and is_by_mandate(report):
        return both
    proved = ", ".join(filter(None, (facts.name, facts.identifier)))
    if report.outcome is not Outcome.PASSED:
        is_sealed = report.check("seal.certificate").status is not Status.SKIPPED
        return messages.text("said.seal" if is_sealed else "said.listed", value=proved)
    return messages.text("said.test" if report.test else "said.proved", value=proved)


def _when_where(said: Summary, messages: Messages) -> str | None:
    day = _day(said.when, messages)
    return ", ".join(filter(None, (day, said.where))) or None


def _day(value: date | str | None, messages: Messages) -> str | None:
    return messages.day(value) if isinstance(value, date) else value


def _still_valid(report: Report, said: Summary, messages: Messages) -> str:
    validity = report.check("credential.validity")
    start = _edge(validity, "from", messages) or _day(said.valid_from, messages)
    end = _edge(validity, "until", messages) or _day(said.valid_until, messages)
    match validity.status, validity.reason:
        case ((Status.PASS | Status.WARN), _) if end:
            period = messages.text("said.valid_until", date=end)
        case ((Status.PASS | Status.WARN), _):
            period = messages.text("said.no_limit")
        case Status.FAIL, "expired" if end:
            period = messages.text("check.validity.expired", date=end)
        case Status.FAIL, "not-yet-valid" if start:
            period = messages.text("check.validity.not_yet", date=start)
        case _:
            period = sentence(validity, report, messages)
    return f"{period} {_revocation(report, messages)}"


def _edge(check: Check, name: str, messages: Messages) -> str | None:
    """An edge of the window that was judged; dates may be narrower than stated."""
    edge = moment_in(check.evidence, name)
    return messages.day(edge.date()) if isinstance(edge, datetime) else None


def _revocation(report: Report, messages: Messages) -> str:
    status = report.check("credential.status")
    if status.status is Status.SKIPPED:
        return messages.text("said.status_unasked")
    if status.status is Status.PASS:
        values = values_for(status, report, messages)
        return messages.text("check.revocation.ok", **values)
    return sentence(status, report, messages)


def _checks(report: Report, messages: Messages, *, verbose: bool) -> Iterator[str]:
    shown = [check for check in report.checks if verbose or _matters(check)]
    words = {status: messages.text(f"status.{status}") for status in Status}
    width = max(map(len, words.values()))
    yield ""
    yield messages.text("head.checks")
    for check in shown:
        values = values_for(check, report, messages)
        question = messages.text(f"check.{check.id}.question", **values)
        yield f"  {words[check.status]:<{width}}  {question}"
        if check.status is not Status.SKIPPED:
            yield f"  {'':<{width}}  {sentence(check, report, messages)}"
        if check.detail and (verbose or check.status is Status.FAIL):
            yield f"  {'':<{width}}  {_technical(check, messages)}"
        if verbose:
            below = (*_problems(check), *stamp_lines(check, messages))
            yield from (f"  {'':<{width}}  {line}" for line in below)


def _matters(check: Check) -> bool:
    # Whom it is about, or who hands it over: told to whoever asked.
    asked = check.id == "credential.holder" and check.status is Status.PASS
    if check.id in ALWAYS_SHOWN or asked:
        return True
    return check.status not in _QUIET and check.reason not in _FOLLOWS


def _technical(check: Check, messages: Messages) -> str:
    code = f"{check.reason}: " if check.reason else ""
    return messages.text("head.detail", detail=f"{code}{check.detail}")


def _problems(check: Check) -> Iterator[str]:
    """Each thing that was found wrong, with its place in the content."""
    problems = check.evidence.get("problems")
    for problem in problems if isinstance(problems, list | tuple) else ():
        if isinstance(problem, Mapping):
            yield neutral(f"{problem.get('path')}: {problem.get('message')}")


def _parts(
    report: Report, messages: Messages, *, verbose: bool, depth: int
) -> Iterator[str]:
    total = len(report.parts)
    for number, part in enumerate(report.parts[:_MAX_PARTS_SHOWN], start=1):
        yield ""
        yield messages.text("head.part", number=number, total=total)
        lines = _report(part, messages, verbose=verbose, desk=Desk(), depth=depth + 1)
        yield from (f"  {line}" for line in lines)


def _further(report: Report, messages: Messages) -> Iterator[str]:
    """How many of the parts that are not shown have which verdict."""
    verdicts = Counter(overall(part) for part in report.parts[_MAX_PARTS_SHOWN:])
    if verdicts:
        words = [f"{messages.text(f'verdict.{k}')} {n}" for k, n in verdicts.items()]
        yield ""
        yield messages.text("head.parts_more", said="; ".join(words))


def _newer(
    report: Report, messages: Messages, *, verbose: bool, depth: int
) -> Iterator[str]:
    """What replaces this credential, under a verdict of its own."""
    if report.refresh is None or report.refresh.report is None:
        return
    yield ""
    host = host_of(report.refresh.address) or messages.text("unknown")
    yield messages.text("head.newer", host=host)
    newer = report.refresh.report
    lines = _report(newer, messages, verbose=verbose, desk=Desk(), depth=depth + 1)
    yield from (f"  {line}" for line in lines)


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.casefold() == other.casefold()
