"""One run over one file: from bytes to a `Report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from edc_issuer.carriers import carrier_of, unbake
from edc_issuer.documents import Documents
from edc_issuer.errors import InputError, Unsupported
from edc_issuer.formats import enveloped, ob2, recognise
from edc_issuer.formats.base import Envelope, Format
from edc_issuer.models.tree import Survey
from edc_issuer.report import (
    CATALOGUE,
    SEAL_CHECKS,
    Outcome,
    ProofReport,
    Report,
    Status,
    outcome_of,
)
from edc_issuer.trust import Trust
from edc_issuer.trust.evidence import Evidence
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.chains import linked
from edc_issuer.verify.content import (
    MAX_NAMED,
    UNKNOWN_KEYS,
    Inspected,
    has_status,
    judge_credential,
    judge_presentation,
)
from edc_issuer.verify.holder import HOLDER, Asked, Presenter
from edc_issuer.verify.judgement import ISSUER, Judge, Judgement
from edc_issuer.verify.mandates import Statement
from edc_issuer.verify.nested import Allowance, Parts, is_presentation
from edc_issuer.verify.online import Asking
from edc_issuer.verify.status_lists import Lists

MAX_DEPTH = 3  # a credential in a presentation in a presentation
PROOF_QUESTIONS = tuple(
    q for q in CATALOGUE if q.id.startswith(("proof.", "time.", "seal.", "issuer."))
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one verification needs, passed along instead of looked up."""

    trust: Trust
    documents: Documents
    at: datetime
    now: datetime
    as_of: datetime | None = None
    asked: Asked = field(default_factory=Asked)
    presenter: Presenter | None = None
    statements: tuple[Statement, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    existed_by: datetime | None = None
    asking: Asking = field(default_factory=Asking)
    lists: Lists | None = None
    is_list: bool = False
    depth: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    descriptions: dict[str, Any] = field(default_factory=dict)

    def file(self, data: bytes) -> Report:
        """The report on one file, whatever its bytes are."""
        carrier = carrier_of(data) if self.depth == 0 else None
        if carrier is None:
            return self._credential(data)
        try:
            carried = unbake(data)
        except InputError as error:
            answers = Answers()
            answers.passes("format.recognised", format=carrier)
            answers.because("format.wellformed", error)
            report = self._report(answers, None, None)
        else:
            address = carried.address
            report = (
                self.badge_at(address) if address else self._credential(carried.data)
            )
        return replace(report, carrier=carrier)

    def inside(self, data: bytes) -> Report:
        """The report on a credential that stands in this file."""
        inner = replace(self, depth=self.depth + 1)
        if inner.depth > MAX_DEPTH:
            answers = Answers()
            answers.passes("format.recognised")
            error = Unsupported(f"nested more than {MAX_DEPTH} deep")
            answers.because("format.wellformed", error)
            return inner._report(answers, None, None)
        return inner.file(data)

    def badge_at(self, url: str) -> Report:
        """The report on a badge of version 2.0 of which only the address is known."""
        from edc_issuer.verify.badge2 import report_at

        return report_at(self, url)

    def _credential(self, data: bytes) -> Report:
        if ob2.recognises(data):
            # Here, because few files are of this version.
            from edc_issuer.verify.badge2 import report_on

            return report_on(self, data)
        answers = Answers()
        opened = self._open(answers, data)
        if opened is None:
            return self._report(answers, None, None)
        securing, envelope = opened
        if not envelope.proofs:
            return self._unsigned(answers, securing, envelope)
        try:
            views = [securing.covered(envelope, proof) for proof in envelope.proofs]
        except InputError as error:
            answers.because("format.wellformed", error)
            return self._report(answers, securing, None)
        return self._signed(answers, securing, envelope, views)

    def _open(self, answers: Answers, data: bytes) -> tuple[Format, Envelope] | None:
        try:
            data, kind = enveloped.taken_out(data)
            securing = recognise(data)
        except InputError as error:
            if error.reason == "format.unrecognized":
                answers.because("format.recognised", error)
            else:
                answers.passes("format.recognised")
                answers.because("format.wellformed", error)
            return None
        answers.passes("format.recognised", format=securing.id)
        try:
            limits = self.allowance.limits if self.depth else None
            envelope = securing.open(data, documents=self.documents, limits=limits)
            enveloped.check_kind(envelope, kind)
            return securing, envelope
        except InputError as error:
            answers.because("format.wellformed", error)
            return None

    def _unsigned(
        self, answers: Answers, securing: Format, envelope: Envelope
    ) -> Report:
        answers.leaves_open("proof.key", "unsigned")
        view, survey = envelope.internals, Survey.of(envelope.internals)
        parts, model = Parts(self.inside), None
        if is_presentation(view):
            parts = self._taken_out(view, survey, Presenter(None))[1]
            answers.leaves_open(HOLDER, "holder-unproven")
        elif isinstance(view, Mapping):
            model = self._judge_content(answers, securing, view, survey, merged=())
        _judge_whole(answers, envelope, view, parts)
        for check_id in SEAL_CHECKS:
            answers.skips(check_id, "not-applicable")
        report = self._report(
            answers, securing, None, model=model, parts=tuple(parts.reports)
        )
        return replace(report, kind=_kind(view))

    def _signed(
        self,
        answers: Answers,
        securing: Format,
        envelope: Envelope,
        views: Sequence[Any],
    ) -> Report:
        judge = self._judge()
        judgements = with_roles(
            linked(
                [
                    judge.proof(securing, envelope, proof, view)
                    for proof, view in zip(envelope.proofs, views, strict=True)
                ]
            )
        )
        chosen = choose(judgements)
        taken, parts = self._taken_out(chosen.view, chosen.survey, _presenter(chosen))
        _judge_whole(answers, envelope, chosen.view, parts)
        model = None
        if isinstance(chosen.view, Mapping) and not is_presentation(chosen.view):
            model = self._judge_content(
                answers, securing, chosen.view, chosen.survey, merged=chosen.merged
            )
        elif is_presentation(chosen.view):
            judge_presentation(answers, chosen.view)
        else:
            answers.leaves_open("credential.model", "unknown-model")
        answers.merge(chosen.answers.checks)
        report = self._report(
            answers,
            securing,
            chosen,
            model=model,
            content=self._shown(taken, answers),
            parts=tuple(parts.reports),
            proofs=tuple(self._proof_report(securing, item) for item in judgements),
        )
        if self.depth or "refreshService" not in (report.content or ()):
            return report
        # Here, because few files name such a service.
        from edc_issuer.verify.refresh import refreshed

        return refreshed(self, report)

    def _judge(self) -> Judge:
        return Judge(
            self.trust,
            at=self.at,
            now=self.now,
            as_of=self.as_of,
            asked=self.asked,
            presenter=self.presenter,
            statements=self.statements,
            evidence=self.evidence,
            existed_by=self.existed_by,
            asking=self.asking,
            lists=self._status_lists(),
        )

    def _taken_out(
        self, view: Any, survey: Survey, presenter: Presenter | None
    ) -> tuple[Any, Parts]:
        """The content without the credentials inside, and these, each verified.

        Whom the reader expects is asked of what a presentation holds, never of an
        endorsement.
        """
        asked = Asked(recipient=self.asked.recipient) if presenter else Asked()
        inner = replace(self, asked=asked, presenter=presenter)
        parts = Parts(inner.inside, self.allowance)
        return parts.taken_out(view, survey), parts

    def _judge_content(
        self,
        answers: Answers,
        securing: Format,
        view: Mapping[str, Any],
        survey: Survey,
        *,
        merged: Sequence[str],
    ) -> Inspected | None:
        return judge_credential(
            answers,
            view,
            survey,
            self.documents,
            merged=merged,
            embedded_proof=securing.id == "data-integrity",
        )

    def _shown(self, content: Any, answers: Answers) -> Any:
        """The content without keys that no context defines (part 3)."""
        check = answers.checks.get("credential.content")
        found = check.evidence.get("problems", ()) if check else ()
        # Where more was found than is named, undefined keys may be among the rest.
        unnamed = len(found) >= MAX_NAMED
        if unnamed or any(problem["code"] in UNKNOWN_KEYS for problem in found):
            # Here, because most files need no processor of JSON-LD to be loaded.
            from edc_issuer.canonical import known_content

            return known_content(content, documents=self.documents)
        return content

    def status_list(self, data: bytes) -> Report:
        """The report on a status list, as a file of its own and as of now.

        Its own status is not followed: no list rests on another, nor on itself.
        """
        alone = replace(
            self,
            at=self.now,
            as_of=None,
            asked=Asked(),
            presenter=None,
            statements=(),
            existed_by=None,
            lists=None,
            is_list=True,
            depth=self.depth + 1,
        )
        return alone.file(data)

    def _status_lists(self) -> Lists | None:
        if self.is_list or self.lists is not None:
            return self.lists
        return Lists(self.status_list, self.asking, now=self.now, as_of=self.as_of)

    def _report(
        self,
        answers: Answers,
        securing: Format | None,
        chosen: Judgement | None,
        *,
        model: Inspected | None = None,
        content: Any = None,
        parts: tuple[Report, ...] = (),
        proofs: tuple[ProofReport, ...] = (),
    ) -> Report:
        presentation = chosen is not None and is_presentation(chosen.view)
        intact = answers.is_good("proof.integrity")
        checks = answers.complete()
        outcome = outcome_of(checks, may_skip=_may_skip(chosen))
        if presentation and outcome is Outcome.PASSED:
            outcome = Outcome.INDETERMINATE
        return Report(
            format=securing.id if securing else None,
            model=model.id if model else None,
            checks=checks,
            outcome=outcome,
            test=chosen is not None and chosen.test,
            verified_at=self.now,
            signer=chosen.signer if chosen and intact else None,
            content=content if intact and isinstance(content, dict) else None,
            proofs=proofs,
            parts=parts,
            kind=_kind(chosen.view) if chosen else "credential",
            as_of=self.as_of,
            fetched=tuple(self.asking.lines) if self.depth == 0 else (),
        )

    def _proof_report(self, securing: Format, item: Judgement) -> ProofReport:
        return ProofReport(
            format=securing.id,
            signer=item.signer if item.answers.is_good("proof.integrity") else None,
            role=item.role,
            indication=item.indication,
            sub_indication=item.sub_indication,
            level=item.proof.level,
            checks=item.answers.complete(PROOF_QUESTIONS),
        )


def with_roles(judgements: Sequence[Judgement]) -> Sequence[Judgement]:
    """If none of the proofs is the issuer's, all are (part 11)."""
    if any(item.role == ISSUER for item in judgements):
        return judgements
    return [replace(item, role=ISSUER) for item in judgements]


def choose(judgements: Sequence[Judgement]) -> Judgement:
    """The proof whose answers stand at the top, always as a whole (part 11).

    Any failed proof of the issuer; else the best of them.
    """
    issuers = [item for item in judgements if item.role == ISSUER]
    if len(issuers) == 1:
        return issuers[0]
    return min(issuers, key=lambda item: item.rank)


def _kind(view: Any) -> str:
    return "presentation" if is_presentation(view) else "credential"


def _presenter(chosen: Judgement) -> Presenter | None:
    """Who is proved to hold out what is inside; None where nothing is held out."""
    if not is_presentation(chosen.view):
        return None
    answers = chosen.answers  # of one that has ended, say, nothing is proved any more
    holds = answers.status(HOLDER) is Status.PASS and not answers.has_fail()
    proved = chosen.signer if holds else None
    return Presenter(proved.identifier if proved else None)


def _judge_whole(answers: Answers, envelope: Envelope, view: Any, parts: Parts) -> None:
    """Answer `format.wellformed`, and say which dialect of its format was met."""
    if is_presentation(view) and not parts.reports:
        answers.fails("format.wellformed", "no-credentials")
    else:
        dialect = {"profile": envelope.profile} if envelope.profile else {}
        if parts.left_out:
            left_out = {"unchecked": parts.left_out}
            answers.warns("format.wellformed", "parts-unchecked", **dialect, **left_out)
        else:
            answers.passes("format.wellformed", **dialect)


def _may_skip(chosen: Judgement | None) -> frozenset[str]:
    allowed: set[str] = set()
    if chosen is None:
        return frozenset()
    if not chosen.carries_certificates:
        allowed.update(SEAL_CHECKS)
    if isinstance(chosen.view, Mapping) and not has_status(chosen.view):
        allowed.add("credential.status")
    return frozenset(allowed)
