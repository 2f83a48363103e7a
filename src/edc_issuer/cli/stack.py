"""`edc-issuer stack`: may these credentials be combined into the larger one?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import (
    keep_credentials,
    keep_inputs,
    language_from,
    put,
    read_file,
    say,
    show,
)
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError, InputError, RecordError

if TYPE_CHECKING:
    from edc_issuer.messages import Messages
    from edc_issuer.report import Report
    from edc_issuer.rules.decisions import Decision
    from edc_issuer.rules.parts import Part
    from edc_issuer.rules.stacking import Eligibility
    from edc_issuer.rules.subject import Document
    from edc_issuer.verify import Verifier

PRIVATE = 0o600  # a draft names a learner
EXIT_CODES = {"eligible": 0, "not_eligible": 1, "unknown": 3}


class Decided(StrEnum):
    """What the receiving organisation decided."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"


def stack(
    files: Annotated[
        list[Path],
        typer.Argument(help="The parts: credentials, or records that nobody sealed."),
    ],
    whole: Annotated[
        Path,
        typer.Option(help="The larger programme, or a record that awards it, as JSON."),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Folder that says whom you trust (default: the one that "
            "`edc-issuer trust show` prints)."
        ),
    ] = None,
    awarded: Annotated[
        str | None,
        typer.Option(help="Day of the award, YYYY-MM-DD (default: today)."),
    ] = None,
    count: Annotated[
        int | None, typer.Option(help="How many parts, for a programme of rule n_of.")
    ] = None,
    consumed: Annotated[
        list[str] | None,
        typer.Option(help="Id of a credential that counted already; may be repeated."),
    ] = None,
    decision: Annotated[
        Decided | None,
        typer.Option(help="Record what was decided; needs --decided-by and --keep."),
    ] = None,
    decided_by: Annotated[
        str | None, typer.Option(help="Who decided: a name or a body.")
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(help="Why it was decided so; may be repeated."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Write the decision here, as JSON.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write a draft of the larger record here; needs --record-id."
        ),
    ] = None,
    record_id: Annotated[
        str | None, typer.Option(help="Number of the larger record.")
    ] = None,
    lang: Lang = None,
    allow_test: Annotated[
        bool,
        typer.Option("--allow-test", help="Count also what only test trust vouches."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The answer as JSON.")
    ] = False,
) -> None:
    """Say whether parts make a larger credential, and why. Nothing is issued.

    Exit code: 0 eligible, 1 not eligible, 3 unknown.
    """
    from edc_issuer.documents import BUNDLED
    from edc_issuer.messages import Messages
    from edc_issuer.rules.parts import Requirement
    from edc_issuer.rules.stacking import MAX_PARTS, assess
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

    _together(decision, decided_by=decided_by, keep=keep)
    if out is not None and not record_id:
        raise typer.BadParameter("--out needs --record-id, the number of the record")
    written = [path for path in (out, keep) if path is not None]
    keep_inputs(written, [whole, *files])
    keep_credentials(written)
    if out is not None and keep is not None and out.resolve() == keep.resolve():
        raise typer.BadParameter("--out and --keep name the same file")
    if len(files) > MAX_PARTS:
        raise typer.BadParameter(f"at most {MAX_PARTS} parts can be combined")
    messages = Messages(language_from(lang))
    verifier = Verifier(
        trust=Trust.load(trust) if trust else Trust.default(), documents=BUNDLED
    )
    document = _whole(whole)
    brought = [_brought(verifier, file, allow_test=allow_test) for file in files]
    eligibility = assess(
        document,
        [one.part for one in brought if one.part is not None],
        at=_day(awarded),
        requirement=Requirement(count=count),
        consumed=consumed or (),
        unread=sum(one.part is None and one.verdict != "failed" for one in brought),
    )
    decided = _decided(eligibility, decision, decided_by, reason or [])
    _write(document, eligibility, decided, out=out, record_id=record_id, keep=keep)
    for one in brought:
        if one.note is not None:
            say(messages.text(one.note, file=one.file.name))
    if as_json:
        put(_as_json(eligibility, brought, decided))
    else:
        _tell(messages, document, eligibility, decided)
        if out is not None:
            say(messages.text("stack.draft", file=out))
    raise typer.Exit(EXIT_CODES[eligibility.answer])


def _together(
    decision: Decided | None, *, decided_by: str | None, keep: Path | None
) -> None:
    """A decision has an author and a place, and nothing else has."""
    given = (decision is not None, decided_by is not None, keep is not None)
    if any(given) and not all(given):
        raise typer.BadParameter("--decision, --decided-by and --keep go together")


def _whole(path: Path) -> Document:
    from edc_issuer.record import CredentialRecord, ProgrammeDocument
    from edc_issuer.strict_json import loads_object

    data = read_file(path)
    try:
        value = loads_object(data)
    except InputError as error:
        raise ConfigError(f"{path}: {error}") from error
    if value.get("document_type") == "programme":
        return ProgrammeDocument.from_json(data)
    return CredentialRecord.from_json(data)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--awarded {text}: write YYYY-MM-DD") from error


@dataclass(frozen=True, slots=True)
class _Brought:
    """One file: its verdict, the part that it is, and what the person should know.

    `part` is None for a file of which nothing was proved and nothing can be read.
    """

    file: Path
    verdict: str
    part: Part | None
    note: str | None = None


def _brought(verifier: Verifier, file: Path, *, allow_test: bool) -> _Brought:
    from edc_issuer.rules.parts import Part

    data = read_file(file)
    record = _record(data)
    if record is not None:
        # A record is what somebody typed; only a seal says who stands behind it.
        return _Brought(file, "unknown", Part(record), "stack.only_record")
    report = verifier.verify(data)
    verdict = _VERDICTS[report.outcome.value]
    if report.test and verdict == "passed" and not allow_test:
        return _Brought(
            file, "unknown", _part(report, data, "unknown"), "stack.test_only"
        )
    part = _part(report, data, verdict)
    return _Brought(file, verdict, part, None if part else "stack.unreadable")


_VERDICTS: dict[str, Any] = {
    "PASSED": "passed",
    "FAILED": "failed",
    "INDETERMINATE": "unknown",
}


def _record(data: bytes) -> Any:
    """The record that a file is; None for a credential. `RecordError` for a bad one."""
    from edc_issuer.record import CredentialRecord
    from edc_issuer.strict_json import loads

    if not data.lstrip().startswith(b"{"):
        return None
    try:
        value = loads(data)
    except InputError:
        return None
    if not isinstance(value, dict) or "record_version" not in value:
        return None
    return CredentialRecord.from_json(data)


def _part(report: Report, data: bytes, verdict: Any) -> Part | None:
    """The part that a credential is, from the verified view where there is one.

    What was not proved is read all the same: its verdict is "failed" or "unknown",
    and the answer has to say of which part.
    """
    from edc_issuer.convert import content_of, to_record
    from edc_issuer.rules.learners import identities_of
    from edc_issuer.rules.parts import Part

    try:
        content = report.content if report.content is not None else content_of(data)
        read = to_record(content)
    except (InputError, RecordError):
        return None
    address = content.get("id")
    return Part(
        record=read.record,
        verdict=verdict,
        credential_id=address if isinstance(address, str) else None,
        identities=identities_of(content),
    )


def _decided(
    eligibility: Eligibility,
    decision: Decided | None,
    decided_by: str | None,
    reasons: list[str],
) -> Decision | None:
    from edc_issuer.rules.decisions import record_decision

    if decision is None or decided_by is None:
        return None
    return record_decision(
        eligibility,
        decided_by=decided_by,
        on=datetime.now(UTC).date(),
        decision=decision.value,
        reasons=reasons,
    )


def _write(
    document: Document,
    eligibility: Eligibility,
    decided: Decision | None,
    *,
    out: Path | None,
    record_id: str | None,
    keep: Path | None,
) -> None:
    from edc_issuer.keys.files import write_atomically

    if keep is not None and decided is not None:
        write_atomically(keep, decided.to_json().encode(), mode=PRIVATE)
    if out is not None and record_id is not None:
        draft = _draft(document, eligibility, decided, record_id)
        write_atomically(out, draft.encode(), mode=PRIVATE)


def _draft(
    document: Document,
    eligibility: Eligibility,
    decided: Decision | None,
    record_id: str,
) -> str:
    from edc_issuer.record import Award, ProgrammeDocument
    from edc_issuer.rules.combining import Awarding, combine

    if not isinstance(document, ProgrammeDocument):
        raise typer.BadParameter("--out needs a programme as --whole, not a record")
    if document.provider is None:
        raise ConfigError("the programme names no provider, who would issue the record")
    day = eligibility.on
    award = Award(
        certificate_number=record_id,
        date_awarded=day,
        date_issued=day,
        valid_from=day,
        validation_basis="course",
    )
    awarding = Awarding(
        record_id, award, document.provider, awarding_bodies=document.awarding_bodies
    )
    return combine(document, eligibility, awarding, decision=decided).to_json()


def _as_json(
    eligibility: Eligibility, brought: list[_Brought], decided: Decision | None
) -> dict[str, Any]:
    files = [
        {
            "file": one.file.name,
            "verdict": one.verdict,
            "programme": one.part.code if one.part else None,
        }
        for one in brought
    ]
    answer = {**eligibility.to_dict(), "files": files}
    if decided is not None:
        answer["decision"] = {
            "decided_by": decided.decided_by,
            "date": decided.on.isoformat(),
            "decision": decided.decision,
            "reasons": list(decided.reasons),
        }
    return answer


def _tell(
    messages: Messages,
    document: Document,
    eligibility: Eligibility,
    decided: Decision | None,
) -> None:
    from edc_issuer.messages import neutral
    from edc_issuer.rules.subject import shown

    programme = document.programme
    title = programme.title.get(messages.language) or next(
        iter(programme.title.values())
    )
    answer = messages.text(f"stack.answer.{eligibility.answer}")
    show(f"{answer}: {neutral(programme.code)}, {neutral(title)}")
    for finding in eligibility.findings:
        sentence = finding.sentence(messages, profile=document.national_profile)
        show(f"  {sentence} [{finding.rule}, {finding.severity}]")
    if eligibility.answer == "eligible":
        show(f"  {messages.text('stack.eligible')}")
    combined = eligibility.combined
    credits = [f"{one.points} {one.system}" for one in combined.credits]
    together = messages.text(
        "stack.together",
        hours="-" if combined.hours is None else shown(combined.hours),
        credits=", ".join(credits) or "-",
        outcomes=len(combined.outcomes),
    )
    show(f"  {together}")
    show(f"  {messages.text('rule.ST-14')}")
    if decided is not None:
        show(f"  {_decision(messages, decided)}")


def _decision(messages: Messages, decided: Decision) -> str:
    return messages.text(
        "stack.decided",
        by=decided.decided_by,
        date=decided.on,
        decision=messages.text(f"stack.decision.{decided.decision}"),
    )
