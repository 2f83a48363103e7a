"""What the signed content says of itself: model, rules, validity, status, holder.

Everything here reads the verified view (what the proof covers), never the file as
it was presented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from edc_issuer.documents import Documents
from edc_issuer.errors import Problem
from edc_issuer.formats.base import Proof
from edc_issuer.formats.jades_headers import EXP_UNREADABLE
from edc_issuer.formats.suites import may_withhold
from edc_issuer.models import recognise, vcdm
from edc_issuer.models.any_credential import ANY_CREDENTIAL, AnyCredential
from edc_issuer.models.base import Model
from edc_issuer.models.clr import LEARNER_RECORD, LearnerRecord
from edc_issuer.models.ob3 import NOTES
from edc_issuer.models.tree import Survey, nodes, respelled, values
from edc_issuer.models.vcdm import Window, validity_window
from edc_issuer.report import GOOD, Status
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.resources import (
    MISMATCH,
    UNCHECKED,
    related_problems,
    schema_problems,
)

MAX_NAMED = 50  # problems listed in one report
MAX_LOOKED_AT = 2_000  # a hostile file can have as many as it has members
# What the law (part 2) calls a failure of the content, whatever else conforms.
FATAL = frozenset({"type.missing", "beyond.credential-type"})
UNDEFINED = "key.undefined"
UNKNOWN_KEYS = frozenset({UNDEFINED, "property.unknown"})
STATUS = "credentialStatus"
_DATES = ("validFrom", "issuanceDate", "validUntil", "expirationDate")
_ENDS = frozenset({"validUntil", "expirationDate"})
_BEGINNINGS = frozenset({"validFrom", "issuanceDate"})
MERGED = "one-id-two-objects"
# What makes two readers read two things.
_MISREAD = vcdm.MALFORMED | {MISMATCH}
Inspected = Model | AnyCredential | LearnerRecord


def judge_credential(
    answers: Answers,
    view: Mapping[str, Any],
    survey: Survey,
    documents: Documents,
    *,
    merged: Sequence[str],
    embedded_proof: bool,
) -> Inspected | None:
    """Answer `credential.model` and `credential.content` from one inspection.

    `merged` are ids whose properties stood in two places. In a Data Integrity
    document an undefined key is a failure (nobody signed it); in signed bytes it is
    only left out.
    """
    model = recognise(view) or _any_model(view)
    if model is None:
        answers.leaves_open("credential.model", "unknown-model")
        return None
    found = _problems(model, view, survey, documents)
    problems = tuple(islice(found, MAX_LOOKED_AT))
    _judge_model(answers, model, view, problems, documents)
    _judge_content(answers, problems, merged=merged, embedded_proof=embedded_proof)
    return model


def judge_presentation(answers: Answers, view: Mapping[str, Any]) -> None:
    """Answer both questions for a presentation: it has no model, but it has rules."""
    answers.leaves_open("credential.model", "presentation")
    problems = tuple(islice(vcdm.inspect_presentation(view), MAX_LOOKED_AT))
    if problems:
        evidence = {"problems": [_named(p) for p in problems[:MAX_NAMED]]}
        answers.warns("credential.content", "nonconformant", **evidence)
    else:
        answers.leaves_open("credential.content", "presentation")


def _any_model(view: Mapping[str, Any]) -> Inspected | None:
    """A model that is read and never issued."""
    known = (LEARNER_RECORD, ANY_CREDENTIAL)
    return next((model for model in known if model.recognises(view)), None)


def judge_problems(answers: Answers, problems: Sequence[Problem]) -> None:
    """Answer `credential.content` by what a model of another road found."""
    _judge_content(answers, problems, merged=(), embedded_proof=False)


def _problems(
    model: Inspected, view: Mapping[str, Any], survey: Survey, documents: Documents
) -> Iterator[Problem]:
    """All that the model finds; contexts first, so that no bound cuts them off."""
    if "relatedResource" in view:
        yield from related_problems(view, documents)
    if model.id == "elm":  # the others' own inspection begins with them
        yield from vcdm.readings(view, survey=survey)
    # What an EDC names are shapes, and those are the model's own rules.
    if "credentialSchema" in view and model.id != "elm":
        yield from schema_problems(view, documents)
    yield from model.inspect(view, survey=survey)


def _judge_model(
    answers: Answers,
    model: Inspected,
    view: Mapping[str, Any],
    problems: Sequence[Problem],
    documents: Documents,
) -> None:
    """Answer `credential.model`: contexts in order, the caller's named."""
    # Contexts decide what every other word means: nothing is read under wrong ones.
    broken = next((p for p in problems if p.code in _MISREAD), None)
    if broken is not None:
        answers.fails("credential.model", broken.code, detail=broken.message)
        return
    callers = _caller_contexts(view, documents)
    if callers:
        answers.warns(
            "credential.model", "caller-contexts", model=model.id, contexts=callers
        )
    elif model.id in _CURRENT and not _is_current(model, view):
        answers.warns("credential.model", "older-version", model=model.id)
    elif model.id == ANY_CREDENTIAL.id:
        answers.warns("credential.model", "any-credential", model=model.id)
    else:
        answers.passes("credential.model", model=model.id)


# What the context of the newest version of a standard ends in.
_CURRENT = {"ob3": "/context-3.0.3.json", LEARNER_RECORD.id: "/context-2.0.1.json"}


def _is_current(model: Inspected, view: Mapping[str, Any]) -> bool:
    return any(c.endswith(_CURRENT[model.id]) for c in _contexts(view))


def _contexts(view: Mapping[str, Any]) -> list[str]:
    return [c for c in values(view.get("@context")) if isinstance(c, str)]


def _caller_contexts(
    view: Mapping[str, Any], documents: Documents
) -> list[dict[str, str]]:
    if not documents.callers:
        return []
    # A credential within brings its own contexts; the proof around it covers them.
    named = {context for _, node in nodes(view) for context in _contexts(node)}
    return [
        {"url": caller.url, "sha256": caller.sha256}
        for caller in documents.callers
        if caller.url in named
    ]


def _judge_content(
    answers: Answers,
    problems: Sequence[Problem],
    *,
    merged: Sequence[str],
    embedded_proof: bool,
) -> None:
    """Answer `credential.content`; each thing found is named in the evidence."""
    evidence = {"problems": [_named(p) for p in problems[:MAX_NAMED]]}
    codes = {p.code for p in problems}
    if codes & FATAL:
        answers.fails("credential.content", "untyped", **evidence)
    elif UNDEFINED in codes and embedded_proof:
        answers.fails("credential.content", "undefined-keys", **evidence)
    elif codes - {UNDEFINED, MERGED, *NOTES, *UNCHECKED}:
        answers.warns("credential.content", "nonconformant", **evidence)
    elif UNDEFINED in codes:
        answers.warns("credential.content", "undefined-keys", **evidence)
    elif MERGED in codes or merged:
        answers.warns("credential.content", MERGED, ids=list(merged), **evidence)
    elif codes & UNCHECKED:
        answers.passes("credential.content", "not-all-at-hand", **evidence)
    else:
        answers.passes("credential.content")


def _named(problem: Problem) -> dict[str, str]:
    return {
        "path": problem.path,
        "code": problem.code,
        "message": problem.message,
    }


def judge_validity(
    answers: Answers,
    view: Mapping[str, Any],
    proof: Proof,
    at: datetime,
    *,
    not_before: datetime | None,
) -> None:
    """Answer `credential.validity`: the narrowest window of all that is signed."""
    window = validity_window(
        view,
        also_from=[not_before] if not_before else [],
        also_until=[proof.expires] if proof.expires else [],
    )
    hidden = tuple(map(_hidden, respelled(view, _DATES)))
    lost = (_END_LOST,) if EXP_UNREADABLE in proof.notes else ()
    window = replace(window, problems=(*window.problems, *hidden, *lost))
    evidence: dict[str, Any] = {
        "from": _text(window.not_before),
        "until": _text(window.not_after),
        "problems": [_named(p) for p in (*window.problems, *window.notes)],
    }
    status, reason = _validity(window, at, "two-windows" in proof.notes)
    lacks = _ENDS.isdisjoint(view) or _BEGINNINGS.isdisjoint(view)
    if status in GOOD and lacks and may_withhold(proof.algorithm):
        status, reason = Status.UNDECIDED, "may-be-withheld"  # verdicts, part 10
    answers.give("credential.validity", status, reason, **evidence)


def judge_envelope(
    answers: Answers, proof: Proof, at: datetime, *, not_before: datetime | None
) -> None:
    """Answer the questions about content for a presentation, which has none.

    What its own proof says about its time still ends it.
    """
    if proof.expires is not None and at > proof.expires:
        answers.fails("credential.validity", "expired", until=_text(proof.expires))
    elif not_before is not None and at < not_before:
        answers.fails(
            "credential.validity", "not-yet-valid", **{"from": _text(not_before)}
        )
    else:
        answers.leaves_open("credential.validity", "presentation")
    answers.leaves_open("credential.status", "presentation")


_END_LOST = Problem("/exp", "date.unreadable", "an end that is no time at all")


def _hidden(key: str) -> Problem:
    text = "a date of the credential under a key that is no term of its contexts"
    return Problem(f"/{key}", "date.unreadable", text)


def _validity(window: Window, at: datetime, two: bool) -> tuple[Status, str]:
    place = window.place(at)
    if place == "after":
        return Status.FAIL, "expired"
    if place == "before":
        return Status.FAIL, "not-yet-valid"
    if place == "unknown":
        return Status.UNDECIDED, "date-unreadable"
    if two:
        return Status.WARN, "two-windows"
    if not window.limited:
        return Status.PASS, "no-limit"
    return Status.PASS, "" if window.not_after else "no-end"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def has_status(view: Mapping[str, Any]) -> bool:
    """Whether the content has a status, under whatever spelling of its key."""
    return STATUS in view or bool(respelled(view, (STATUS,)))
