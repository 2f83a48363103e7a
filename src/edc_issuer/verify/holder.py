"""Who hands a credential over, and is it about the person one expects?

A presentation is made by a holder. It proves who hands it over only to somebody who
asked: the holder signs the challenge and the name of the asker, so that the same file
cannot be shown again, nor to others. Without both it is a copy like any other. VCDM
2.0 section 4.13, VC Data Integrity 1.0 section 2.1 (`challenge`, `domain`), RFC 7519
section 4.1.3 (`aud`); the law of verdicts, part 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.formats.base import Proof
from edc_issuer.keys.identity import ASSERTION, AUTHENTICATION
from edc_issuer.models.tree import id_of, values
from edc_issuer.report import Signer, Status
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.nested import is_presentation
from edc_issuer.verify.recipient import compare

HOLDER = "credential.holder"
_WORST = (Status.FAIL, Status.UNDECIDED, Status.WARN, Status.PASS)
_Answer = tuple[Status, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for before: `challenge` and `domain` of a presentation,
    `recipient` whom the credential should be about.
    """

    challenge: str | None = None
    domain: str | None = None
    recipient: str | None = None

    @property
    def for_presentation(self) -> bool:
        """Whether it was asked who hands the file over."""
        return self.challenge is not None or self.domain is not None


@dataclass(frozen=True, slots=True)
class Presenter:
    """Who was proved to hold a credential out, around it; None: nobody was."""

    did: str | None


def key_purpose(view: Any, proof: Proof) -> str:
    """What its key must be listed for: a holder authenticates, an issuer asserts."""
    if is_presentation(view) and proof.purpose != ASSERTION:
        return AUTHENTICATION
    return ASSERTION


def judge_presenter(
    answers: Answers,
    view: Mapping[str, Any],
    proof: Proof,
    signer: Signer | None,
    asked: Asked,
) -> None:
    """Answer `credential.holder` of a presentation: who hands it over, here and now?"""
    holder = _holder_of(view)
    did = signer.identifier if signer else None
    evidence = {"holder": holder or did, "purpose": proof.purpose}
    if _missed(answers, proof, asked, evidence):
        return
    by_key = signer is not None and signer.proved_by in ("did", "https")
    if by_key and holder != did and (holder or "").startswith("did:"):
        answers.fails(HOLDER, "identity.mismatch", **evidence, signer=did)
    elif (
        not by_key
        or holder not in (None, did)
        or len(values(view.get("holder"))) > 1
        or asked.challenge is None
        or asked.domain is None
        or proof.purpose not in (None, AUTHENTICATION)
    ):
        answers.leaves_open(HOLDER, "holder-unproven", **evidence)
    else:
        answers.passes(HOLDER, "presented-to-you", **evidence)


def judge_holder(
    answers: Answers,
    view: Mapping[str, Any],
    proof: Proof,
    asked: Asked,
    presenter: Presenter | None,
) -> None:
    """Answer `credential.holder` of a credential; `presenter` is told of the envelope.

    Whether it is about whom the reader expects, and whether it is about the one who
    presents it: the less certain answer of the two stands.
    """
    if presenter is None and _missed(answers, proof, asked, {}):
        return
    found: list[_Answer] = []
    if asked.recipient is not None:
        match = compare(view, asked.recipient)
        found.append((match.status, match.reason, {"named_by": list(match.named)}))
    if presenter is not None:
        found.append(_by_presenter(view, presenter))
    elif asked.for_presentation:
        found.append((Status.UNDECIDED, "not-presented", {}))
    if not found:
        answers.skips(HOLDER, "not-asked")
        return
    status, reason, evidence = min(found, key=lambda one: _WORST.index(one[0]))
    answers.give(HOLDER, status, reason, **evidence)


def _missed(
    answers: Answers, proof: Proof, asked: Asked, evidence: Mapping[str, Any]
) -> bool:
    """Whether the proof answers another question than the one that was asked.

    A proof that states no challenge answers none; that of a credential need not.
    """
    is_presentation = bool(evidence)
    # A JWT may be for several (RFC 7519 section 4.1.3); a proof of Data Integrity is
    # for exactly those that it names (section 4.4 step 5).
    of_jwt = proof.purpose is None
    pairs = (
        ("challenge", asked.challenge, (proof.challenge,) if proof.challenge else ()),
        ("domain", asked.domain, proof.domain),
    )
    for name, wanted, stated in pairs:
        if wanted is None or (not stated and not is_presentation):
            continue
        if set(stated) != {wanted} and not (of_jwt and wanted in stated):
            answers.fails(HOLDER, f"proof.{name}", **evidence)
            return True
    return False


def _by_presenter(view: Mapping[str, Any], presenter: Presenter) -> _Answer:
    if presenter.did is None:
        return Status.UNDECIDED, "holder-unproven", {}
    subjects = [_id(item) for item in values(view.get("credentialSubject"))]
    evidence = {"presenter": presenter.did, "subjects": subjects}
    if subjects and all(subject == presenter.did for subject in subjects):
        return Status.PASS, "presented-by-subject", evidence
    return Status.UNDECIDED, "presented-by-another", evidence


def _holder_of(view: Mapping[str, Any]) -> str | None:
    return next((_id(item) for item in values(view.get("holder"))), None)


def _id(item: Any) -> str | None:
    if isinstance(item, Mapping):
        return id_of(item)
    return item if isinstance(item, str) else None
