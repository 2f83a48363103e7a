"""`seal.*`: the certificate behind a seal, and whether it had been withdrawn.

The steps of EN 319 102-1 that a seal without timestamps can take:
1. path building and validation at the control time (clause 5.2.6);
2. what kind of certificate it is (the law, part 7);
3. revocation of every certificate below the anchor (part 8);
4. qualification (TS 119 615) needs trusted lists, which this version has not.
The control time is the time of verification: no timestamp is read yet, and what
the signer says about the time (`iat`, `sigT`) proves none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from edc_issuer.cms.certificate import issuer_text, subject_text
from edc_issuer.formats.base import Proof
from edc_issuer.report import Status
from edc_issuer.trust import Anchor, Trust
from edc_issuer.trust.certificate import seal_problem, whose
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult, build_path
from edc_issuer.trust.revocation import (
    Revocation,
    path_revocations,
    sub_indication,
    worst,
)
from edc_issuer.verify.answers import Answers


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """The anchor that the seal's path ends in, if it does, and ETSI's word."""

    anchor: Anchor | None
    sub_indication: str | None


def judge_seal(
    answers: Answers,
    certificate: x509.Certificate,
    proof: Proof,
    trust: Trust,
    *,
    at: datetime,
) -> SealVerdict:
    """Answer the three `seal.*` questions for one certificate."""
    path = build_path(
        certificate, pool=proof.hint.chain, anchors=trust.seal_anchors, at=at
    )
    _judge_certificate(answers, certificate, path)
    answers.leaves_open("seal.qualified", "no-lists")
    if path.anchor is None:
        return SealVerdict(None, path.sub_indication)
    # A file may leave out the authority whose list says that its seal was withdrawn.
    known = [anchor.certificate for anchor in trust.seal_anchors]
    pool = (*known, *proof.hint.chain)
    revocations = path_revocations(path, Evidence(crls=trust.crls), at=at, pool=pool)
    decisive = worst(revocations)
    _judge_revocation(answers, decisive)
    return SealVerdict(
        path.anchor if path.is_good or path.reason == "expired" else None,
        sub_indication(path, revocations),
    )


def _judge_certificate(
    answers: Answers, certificate: x509.Certificate, path: PathResult
) -> None:
    """Answer `seal.certificate`: its path and time first, then whose it is."""
    evidence = {
        "subject": subject_text(certificate),
        "issuer": issuer_text(certificate),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "etsi": path.sub_indication,
    }
    problem = seal_problem(certificate)
    if path.is_fail:
        answers.fails("seal.certificate", _reason(path), detail=path.detail, **evidence)
    elif problem:
        detail = f"{whose(certificate)}: {problem}"
        evidence["etsi"] = "CHAIN_CONSTRAINTS_FAILURE"
        answers.leaves_open("seal.certificate", "not-a-seal", detail=detail, **evidence)
    elif not path.is_good:
        answers.leaves_open(
            "seal.certificate", _reason(path), detail=path.detail, **evidence
        )
    else:
        answers.passes("seal.certificate", "", **evidence)


def _reason(path: PathResult) -> str:
    """The code of a check: ETSI's word, except where the law has one of its own."""
    if path.reason == "test-under-real-anchor":
        return "test-policy"
    if path.anchor is None:
        return "no-anchor"
    return path.sub_indication or ""


_STATUS = {
    "good": Status.PASS,
    "revoked": Status.FAIL,
    "undecided": Status.UNDECIDED,
}


def _judge_revocation(answers: Answers, found: Revocation) -> None:
    status = Status.WARN if found.reason == "pinned" else _STATUS[found.status]
    answers.give(
        "seal.revocation",
        status,
        _CODES.get(found.reason, found.reason),
        detail=found.detail,
        this_update=_text(found.this_update),
        next_update=_text(found.next_update),
        revoked_at=_text(found.revoked_at),
        etsi=found.sub_indication,
    )


_CODES = {"revoked-no-poe": "REVOKED_NO_POE"}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
