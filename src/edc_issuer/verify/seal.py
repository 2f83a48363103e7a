"""`seal.*`: the certificate behind a seal, and whether it had been withdrawn.

Validation with timestamps and long-term data, ETSI EN 319 102-1 clauses 5.5 and 5.6:
1. the timestamps of the seal, newest first, and the earliest time at which it is
   proved to have existed (`verify.stamps`); that is the control time, or else the
   time asked for (`iat` and `sigT` prove none);
2. path building and validation at the control time (5.2.6);
3. what kind of certificate it is (the law, part 7);
4. withdrawal of every certificate below the anchor (part 8), by whatever is at
   hand: the operator's lists, what was handed over, what the file brings along;
5. with a proved time, the control time that slides down the path must not lie
   before it (5.6.2.2): what a withdrawn authority says must be known to be older;
6. qualification (TS 119 615), by the trusted lists that the operator keeps.
The word for `proofs[].indication` follows the order in which validators of seals
ask: everything now first, and the past only if that does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from edc_issuer.cms.certificate import issuer_text, subject_text
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import revocation_addresses
from edc_issuer.cms.seal import issuer_country, seal_problem, whose
from edc_issuer.report import Status
from edc_issuer.trust import Anchor, Trust
from edc_issuer.trust.directory import is_for_tests
from edc_issuer.trust.path import PathResult, build_path, good_paths
from edc_issuer.trust.revocation import (
    Revocation,
    path_revocations,
    sub_indication,
    worst,
)
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.existence import control_time
from edc_issuer.verify.stamps import Timeline

MAX_PATHS = 8  # that are weighed; real authorities have two certificates
_WEB = re.compile(r"https?://[^\s\[\]]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9.-]{1,253}")  # nothing a terminal could take for more
# What a proved time of sealing can heal (EN 319 102-1, clauses 5.5.4 and 5.6.3).
_PAST = frozenset(
    {
        "REVOKED_NO_POE",
        "REVOKED_CA_NO_POE",
        "OUT_OF_BOUNDS_NO_POE",
        "OUT_OF_BOUNDS_NOT_REVOKED",
        "TRY_LATER",
    }
)
_TOO_LATE = Revocation(
    "undecided",
    "REVOKED_CA_NO_POE",
    "an authority above this certificate was withdrawn or its cryptography has ended "
    "since, and nothing proves that what it said about this seal is older",
    "REVOKED_CA_NO_POE",
)


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """The anchor that the seal's path ends in, if it does, and ETSI's word.

    `until` is when the answers about its withdrawal count no longer, unless an archive
    timestamp shows before that they are older; None where nothing ends them.
    """

    anchor: Anchor | None
    sub_indication: str | None
    until: datetime | None = None


def judge_seal(
    answers: Answers,
    certificate: x509.Certificate,
    trust: Trust,
    timeline: Timeline,
    *,
    at: datetime,
) -> SealVerdict:
    """Answer the three `seal.*` questions for one certificate."""
    case = _Case(certificate, trust, timeline, at)
    moment = timeline.proved_at or at
    path = case.best_path(moment)
    _judge_certificate(answers, certificate, path)
    _judge_qualified(answers, path, trust, moment, at=at)
    if path.anchor is None:
        return SealVerdict(None, path.sub_indication)
    decisive = case.revocation(path)
    _judge_revocation(answers, decisive)
    return SealVerdict(
        path.anchor if path.is_good or path.reason == "expired" else None,
        case.sub_indication(path),
        case.answered_until(path),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One certificate and what it is judged by."""

    certificate: x509.Certificate
    trust: Trust
    timeline: Timeline
    at: datetime

    def path(self, moment: datetime) -> PathResult:
        """Up to an anchor of the operator's, or to a service of a trusted list."""
        pool = self.timeline.pool
        anchors = self.trust.seal_anchors_for(self.certificate, pool, signed_at=moment)
        return build_path(self.certificate, pool=pool, anchors=anchors, at=moment)

    def best_path(self, moment: datetime) -> PathResult:
        """Of several that hold, the first on which nothing was withdrawn.

        Anybody can add an old certificate of an authority to a file; the order in
        which certificates come along decides nothing.
        """
        first = self.path(moment)
        if not first.is_good or self.revocation(first).status == "good":
            return first
        pool = self.timeline.pool
        anchors = self.trust.seal_anchors_for(self.certificate, pool, signed_at=moment)
        others = good_paths(self.certificate, pool=pool, anchors=anchors, at=moment)
        clean = (
            path
            for path in islice(others, MAX_PATHS)
            if self.revocation(path).status == "good"
        )
        return next(clean, first)

    def revocation(self, path: PathResult) -> Revocation:
        """What decides about withdrawal at the control time."""
        decisive = worst(self._revocations(path, self.timeline.proved_at))
        if decisive.status == "good" and not self._reaches_back(path):
            return _TOO_LATE
        return decisive

    def _revocations(
        self, path: PathResult, proved_at: datetime | None
    ) -> tuple[Revocation, ...]:
        return path_revocations(
            path,
            self.timeline.dossier,
            at=self.at,
            proved_at=proved_at,
            known_since=self.timeline.existence.of_digest,
        )

    def answered_until(self, path: PathResult) -> datetime | None:
        """The end of the first responder whose answer nothing proves to be older."""
        dossier, existence = self.timeline.dossier, self.timeline.existence
        ends = []
        for one, issuer in pairwise(path.certificates):
            own = [
                said.signer.not_valid_after_utc
                for said in dossier.about(one, issuer)
                if existence.of_digest(said.sha256) == existence.at
                and said.signer != issuer
            ]
            lists = any(said.signer == issuer for said in dossier.about(one, issuer))
            archived = any(
                existence.of_digest(said.sha256) < existence.at
                for said in dossier.about(one, issuer)
            )
            if own and not lists and not archived:
                ends.append(max(own))
        return min(ends, default=None)

    def _reaches_back(self, path: PathResult) -> bool:
        """Whether the path can be believed for the proved time of the seal."""
        proved_at = self.timeline.proved_at
        if proved_at is None:
            return True
        control = control_time(path, self.timeline.dossier, self.timeline.existence)
        return control is not None and proved_at <= control

    def sub_indication(self, path: PathResult) -> str | None:
        """The word of a validator of seals: now first, then the past."""
        present = self.path(self.at)
        word = sub_indication(present, self._revocations(present, None))
        if word not in _PAST or self.timeline.proved_at is None:
            return word
        past = sub_indication(path, self._revocations(path, self.timeline.proved_at))
        # A timestamp that holds now heals by its time alone (5.5.4); where a later one
        # has to keep it, what was known then decides (5.6).
        heals = self.timeline.holds_now(self.at) or self._reaches_back(path)
        return None if past is None and heals else word


def _judge_certificate(
    answers: Answers, certificate: x509.Certificate, path: PathResult
) -> None:
    """Answer `seal.certificate`: its path and time first, then whose it is."""
    evidence = {
        "subject": subject_text(certificate),
        "issuer": issuer_text(certificate),
        "issuer_country": issuer_country(certificate),
        "answers_at": _hosts(certificate),
        "for_tests": is_for_tests(certificate),
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


def _hosts(certificate: x509.Certificate) -> list[str]:
    """The hosts that say whether it was withdrawn, as the certificate names them."""
    try:
        addresses = revocation_addresses(certificate)
    except DerError:
        return []
    hosts = [urlsplit(one).hostname for one in addresses if _WEB.match(one)]
    return list(dict.fromkeys(host for host in hosts if host and _HOST.fullmatch(host)))


def _reason(path: PathResult) -> str:
    """The code of a check: ETSI's word, except where the law has one of its own."""
    if path.reason == "test-under-real-anchor":
        return "test-policy"
    if path.anchor is None:
        return "no-anchor"
    return path.sub_indication or ""


def _judge_qualified(
    answers: Answers,
    path: PathResult,
    trust: Trust,
    moment: datetime,
    *,
    at: datetime,
) -> None:
    """Answer `seal.qualified` from the trusted lists at hand (TS 119 615).

    How old they may be is counted to `at`, as for `issuer.trusted` (part 6).
    """
    if not trust.lists or not path.certificates:
        answers.leaves_open("seal.qualified", "no-lists")
        return
    found = trust.qualify(path.certificates, signed_at=moment)
    evidence: dict[str, Any] = {
        "word": found.word,
        "use": found.use,
        "qscd": found.qscd,
        "lists": [f"{one.territory}: {one.provider}" for one in found.services],
    }
    ages = {one.list.age(at) for one in found.services}
    if "too-old" in ages:
        answers.leaves_open("seal.qualified", "list-outdated", **evidence)
    elif found.is_qualified is None:
        answers.leaves_open("seal.qualified", found.reason or "conflict", **evidence)
    elif found.is_qualified and "stale" in ages:
        answers.warns("seal.qualified", "list-stale", **evidence)
    elif found.is_qualified_seal:
        answers.passes("seal.qualified", **evidence)
    elif found.is_qualified and found.use == "eseal":
        answers.warns("seal.qualified", "without-qscd", **evidence)
    else:
        answers.warns("seal.qualified", "not-qualified", **evidence)


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
