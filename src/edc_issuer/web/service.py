"""What each request of the VC-API means: a JSON body in, a status and a body out.

The bodies are those of the W3C-CCG VC-API 0.3 (`issuer.yml`, `holder.yml`,
`verifier.yml`). Where it leaves the words of a fault open, `problemDetails` has one
object a fault: `type`, `title`, `detail`, and the path of the member. Every answer
about a credential has the whole report in its body, and its HTTP status is 200 only
for PASSED, by test keys only where the operator set `allow_test` (decision 12), or for
intact where `proof_only` is set.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import (
    ConfigError,
    EdcError,
    InputError,
    Malformed,
    Problem,
    RecordError,
    SigningError,
    Unsupported,
)
from edc_issuer.extend import moment_of
from edc_issuer.formats.base import Format
from edc_issuer.formats.jwt_profiles import refuse_unsignable
from edc_issuer.formats.selective.pointers import MAX_POINTERS
from edc_issuer.keys import DidIdentity, Signer
from edc_issuer.models import recognise, vcdm
from edc_issuer.models.vcdm import V2
from edc_issuer.report import GOOD, Outcome, Report, Status, overall
from edc_issuer.secure import secured
from edc_issuer.status import Published, StatusBook, publish
from edc_issuer.status.publishing import credential_status
from edc_issuer.status.standing import REVOCATION, SUSPENSION, NotInBook
from edc_issuer.verify import Verifier
from edc_issuer.verify.holder import HOLDER
from edc_issuer.verify.resources import MISMATCH, related_problems

PARSING = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
_MALFORMED = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
_VERIFICATION = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
_GENERATION = "https://w3id.org/security#PROOF_GENERATION_ERROR"
_ENVELOPED = "data:application/vc+jwt,"
_INTACT = ("format.wellformed", "proof.key", "proof.integrity", "proof.algorithm")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the JSON of its body."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """An issuer whose key is open: what it signs with, and how.

    `path` is the prefix of its addresses. `options` go to the format, `mandatory` are
    JSON pointers at what no copy can leave out where a request names none. With `book`
    each credential gets its positions, and the lists are served.
    """

    name: str
    path: str
    signer: Signer
    format: Format
    options: Mapping[str, Any] = field(default_factory=dict)
    mandatory: tuple[str, ...] = ()
    book: StatusBook | None = None

    @property
    def did(self) -> str:
        """The DID that every credential of this desk names as its issuer."""
        identity = self.signer.identity
        assert isinstance(identity, DidIdentity)
        return identity.did


@dataclass(frozen=True, slots=True)
class Service:
    """Answers requests; each is judged under the same trust."""

    verifier: Callable[[], Verifier]
    proof_only: bool = False
    allow_test: bool = False
    documents: Documents = BUNDLED

    def verify_credential(self, body: Mapping[str, Any]) -> Answer:
        """`POST /credentials/verify`."""

        def answer() -> Answer:
            data = _file(_member(body, "verifiableCredential", (dict, str)))
            return self._judged(self.verifier().verify(data), "credential")

        return guarded(answer, _VERIFICATION)

    def verify_presentation(self, body: Mapping[str, Any]) -> Answer:
        """`POST /presentations/verify`, with or without a proof of the holder."""

        def answer() -> Answer:
            name = "verifiablePresentation"
            if name not in body and "presentation" in body:
                name = "presentation"
            data = _file(_member(body, name, (dict, str)))
            options = _options(body)
            challenge, domain = _text(options, "challenge"), _text(options, "domain")
            report = self.verifier().verify(data, challenge=challenge, domain=domain)
            is_asked = challenge is not None and domain is not None
            return self._judged(report, "presentation", who_asked=is_asked)

        return guarded(answer, _VERIFICATION)

    def derive(self, body: Mapping[str, Any]) -> Answer:
        """`POST /credentials/derive`: a copy that shows what is asked for."""
        from edc_issuer.derivation import derive

        def answer() -> Answer:
            data = _file(_member(body, "verifiableCredential", (dict,)))
            pointers = _pointers(_options(body), "selectivePointers")
            derived = derive(data, reveal=pointers, documents=self.documents)
            return Answer(201, {"verifiableCredential": json.loads(derived.data)})

        return guarded(answer, _GENERATION)

    def issue(
        self, desk: OpenDesk, body: Mapping[str, Any], *, at: datetime | None = None
    ) -> Answer:
        """`POST /credentials/issue`: the credential is signed as it is.

        It is refused where it breaks the rules of its own data model, names another
        issuer, or holds what a verifier would not see.
        """

        def answer() -> Answer:
            moment = moment_of(at)
            options = _options(body)
            credential = dict(_member(body, "credential", (dict,)))
            credential = _named(credential, desk)
            _refuse(_problems(credential))
            refuse_unsignable(credential, self.documents)
            if desk.book is not None:
                name = _text(options, "credentialId") or credential.get("id")
                credential = _with_status(credential, desk, desk.book, name)
            data = secured(
                credential,
                desk.signer,
                desk.format,
                at=moment,
                options=_signing_options(desk, options),
                documents=self.documents,
            )
            return Answer(201, {"verifiableCredential": _as_member(data)})

        return guarded(answer, _GENERATION)

    def set_status(self, desk: OpenDesk, body: Mapping[str, Any]) -> Answer:
        """`POST /credentials/status`: withdrawn, or no longer suspended."""

        def answer() -> Answer:
            if desk.book is None:
                raise ConfigError(f"{desk.name} has no status book")
            name = str(_member(body, "credentialId", (str,)))
            entry = _member(body, "credentialStatus", (dict,))
            purpose = _text(entry, "statusPurpose")
            state = _member(body, "status", (bool,))
            return _status_set(desk.book, name, purpose, bool(state))

        return guarded(answer, _MALFORMED)

    def status_list(
        self, desk: OpenDesk, name: str, *, at: datetime | None = None
    ) -> Published | None:
        """`GET /status-lists/NAME`: one of the desk's lists, signed now."""
        if desk.book is None:
            return None
        lists = publish(desk.book, desk.signer, at=moment_of(at), only=name)
        return next(iter(lists), None)

    def _judged(self, report: Report, kind: str, *, who_asked: bool = False) -> Answer:
        """The answer about a file that has to be of this kind.

        A credential that anybody has a copy of is no presentation of it. `who_asked`
        is whether it was asked who hands it over.
        """
        if self.proof_only:
            fits = is_intact(report)
        else:
            fits = _passed(report, allow_test=self.allow_test)
            fits = fits and (not who_asked or report.check(HOLDER).status in GOOD)
        rows = [] if fits else _told(report)
        if fits and report.kind != kind:
            fits, rows = False, [_other_kind(report.kind)]
        body = {"verified": fits, "problemDetails": rows, "report": report.to_dict()}
        return Answer(200 if fits else 400, body)


def _other_kind(kind: str) -> dict[str, Any]:
    told = Problem("", "request.kind", f"this is a {kind}; ask elsewhere about it")
    row: dict[str, Any] = faults([told], PARSING)["problemDetails"][0]
    return row


def is_intact(report: Report) -> bool:
    """Whether nothing failed and the signature holds, whoever made it.

    Of a presentation its credentials as well.
    """
    statuses = {check.id: check.status for check in report.checks}
    if overall(report) is Outcome.FAILED:
        return False
    whole = all(statuses[check_id] in GOOD for check_id in _INTACT)
    return whole and all(map(is_intact, report.parts))


def _passed(report: Report, *, allow_test: bool) -> bool:
    """PASSED; an envelope never is, so for a presentation all that is in it.

    Its own key has to be somebody's: anybody can sign with a key that only the file
    names, as whatever holder.
    """
    if report.kind != "presentation":
        return overall(report) is Outcome.PASSED and (allow_test or not report.test)
    whole = is_intact(report) and report.signer is not None and bool(report.parts)
    return whole and all(_passed(one, allow_test=allow_test) for one in report.parts)


def guarded(answer: Callable[[], Answer], kind: str) -> Answer:
    """Every error raised on purpose as an answer that says what to mend."""
    try:
        return answer()
    except RecordError as error:
        return Answer(400, faults(error.problems, _MALFORMED))
    except InputError as error:
        problem = Problem("", error.reason, str(error))
        return Answer(400, faults([problem], PARSING if _is_form(error) else kind))
    except NotInBook as error:
        return Answer(404, faults([Problem("", error.code, str(error))], kind))
    except SigningError as error:
        return Answer(502, faults([Problem("", error.code, str(error))], kind))
    except EdcError as error:
        return Answer(400, faults([Problem("", error.code, str(error))], kind))


def _is_form(error: InputError) -> bool:
    return isinstance(error, Malformed | Unsupported)


def faults(problems: Sequence[Problem], kind: str) -> dict[str, Any]:
    """The body of a refusal; `problemDetails` has each fault, of the type `kind`."""
    rows = [
        {"type": kind, "title": p.code, "detail": p.message, "path": p.path}
        for p in problems
    ]
    return {"verified": False, "problemDetails": rows}


def _told(report: Report) -> list[dict[str, Any]]:
    """One object for each answer that keeps a report from PASSED, parts included."""
    rows = [
        {
            "type": _VERIFICATION,
            "title": check.reason or check.id,
            "detail": check.detail or f"{check.id} is {check.status.value}",
            "path": check.id,
        }
        for check in report.checks
        if check.status in (Status.FAIL, Status.UNDECIDED) and check.reason != "blocked"
    ]
    if report.outcome is Outcome.PASSED and report.test:
        rows.append(_TEST_ONLY)
    return [*rows, *(row for part in report.parts for row in _told(part))]


_TEST_ONLY = {
    "type": _VERIFICATION,
    "title": "test",
    "detail": "only test keys vouch for this; it counts with allow_test in [verify]",
    "path": "issuer.trusted",
}


def _member(body: Mapping[str, Any], name: str, kinds: tuple[type, ...]) -> Any:
    value = body.get(name)
    if not isinstance(value, kinds):
        words = {dict: "an object", str: "text", bool: "true or false"}
        wanted = " or ".join(words[kind] for kind in kinds)
        raise RecordError([Problem(name, "request.member", f"must be {wanted}")])
    return value


def _options(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return _member(body, "options", (dict,)) if "options" in body else {}


def _text(members: Mapping[str, Any], name: str) -> str | None:
    return str(_member(members, name, (str,))) if name in members else None


def _pointers(options: Mapping[str, Any], name: str) -> list[str]:
    value = options.get(name, [])
    fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if not fits or len(value) > MAX_POINTERS:
        message = f"must be a list of at most {MAX_POINTERS} JSON pointers"
        raise RecordError([Problem(f"options.{name}", "request.member", message)])
    return list(value)


def _file(value: Any) -> bytes:
    """What stands in a request as the file that it would be: text, or a document."""
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value, ensure_ascii=False).encode()


def _as_member(data: bytes) -> Any:
    """A signed file inside an answer; a JWT is enveloped (VCDM 2.0, 4.13.1)."""
    if data.lstrip().startswith(b"{"):
        return json.loads(data)
    return {
        "@context": V2,
        "id": _ENVELOPED + data.decode(),
        "type": "EnvelopedVerifiableCredential",
    }


def _named(credential: dict[str, Any], desk: OpenDesk) -> dict[str, Any]:
    """The credential with its issuer: that of the desk, and of nobody else."""
    stated = credential.get("issuer")
    if stated is None:
        return {**credential, "issuer": desk.did}
    name = stated.get("id") if isinstance(stated, dict) else stated
    if name != desk.did:
        message = f"is not this issuer; it signs as {desk.did}"
        raise RecordError([Problem("/issuer", "issuer.other", message)])
    return credential


def _problems(credential: Mapping[str, Any]) -> list[Problem]:
    """Where it leaves the rules of its kind; a verifier would say the same."""
    if "proof" in credential:
        return [Problem("/proof", "proof", "there is a proof already")]
    model = recognise(credential)
    found = vcdm.inspect(credential) if model is None else model.inspect(credential)
    related = related_problems(credential, BUNDLED)  # VCDM 2.0 section 5.3
    return [*found, *(one for one in related if one.code == MISMATCH)]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise RecordError(problems)


def _signing_options(desk: OpenDesk, options: Mapping[str, Any]) -> dict[str, Any]:
    pointers = _pointers(options, "mandatoryPointers") or list(desk.mandatory)
    return {**desk.options, **({"mandatoryPointers": pointers} if pointers else {})}


def _with_status(
    credential: dict[str, Any], desk: OpenDesk, book: StatusBook, name: object
) -> dict[str, Any]:
    """The credential with its positions in the desk's lists, reserved for its id."""
    if "credentialStatus" in credential:
        message = "is given by this server, which keeps the lists"
        raise RecordError([Problem("/credentialStatus", "status.own", message)])
    if not isinstance(name, str):
        message = "is missing: without it nobody could say what to revoke"
        raise RecordError([Problem("/id", "status.id", message)])
    # A badge has one entry (Open Badges 3.0, credentialStatus 0..1).
    model = recognise(credential)
    purposes = [REVOCATION] if model and model.id == "ob3" else [REVOCATION, SUSPENSION]
    given = credential_status(book, name, securing=desk.format.id, purposes=purposes)
    return {**credential, "credentialStatus": given}


def _status_set(
    book: StatusBook, name: str, purpose: str | None, is_set: bool
) -> Answer:
    reason, by = "asked over the VC-API", "edc-issuer serve"
    if purpose == REVOCATION and is_set:
        book.revoke(name, reason, by=by)
    elif purpose == REVOCATION:
        raise ConfigError("a revocation is for ever; only a suspension ends")
    elif purpose == SUSPENSION and is_set:
        book.suspend(name, reason, by=by)
    elif purpose == SUSPENSION:
        book.reinstate(name, reason, by=by)
    else:
        raise ConfigError(f"statusPurpose is {REVOCATION} or {SUSPENSION}")
    return Answer(200, {"credentialId": name, "status": is_set})
