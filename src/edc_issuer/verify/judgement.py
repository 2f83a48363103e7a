"""One proof judged as a whole: key, integrity, algorithm, time, seal, signer.

What a file says elsewhere never mixes in: every proof has its own answers, and a
report shows those of one proof together (verdicts, part 11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from edc_issuer.formats.base import Envelope, Format, Proof
from edc_issuer.formats.jwt import not_before
from edc_issuer.keys.checks import names_organisation
from edc_issuer.models.issuer import Organisations, StatedIssuer
from edc_issuer.models.tree import Survey
from edc_issuer.report import (
    GOOD,
    REQUIRED,
    SEAL_CHECKS,
    Check,
    Outcome,
    Signer,
    Status,
)
from edc_issuer.trust import Anchor, Trust
from edc_issuer.trust.did import keys_at
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.issuers import same_identifier
from edc_issuer.verify.accreditation import judge_accredited
from edc_issuer.verify.algorithm import judge_algorithm
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.content import judge_envelope, judge_validity
from edc_issuer.verify.holder import (
    Asked,
    Presenter,
    judge_holder,
    judge_presenter,
    key_purpose,
)
from edc_issuer.verify.identity import Identity, judge_identified
from edc_issuer.verify.integrity import fits, judge_integrity
from edc_issuer.verify.mandates import Statement
from edc_issuer.verify.nested import is_presentation
from edc_issuer.verify.online import Asking, asked
from edc_issuer.verify.proved import Proved, proved_identity
from edc_issuer.verify.signing_key import SigningKey, find_key
from edc_issuer.verify.signing_time import judge_time
from edc_issuer.verify.status import judge_status, may_lack_status
from edc_issuer.verify.status_lists import Lists
from edc_issuer.verify.vouching import judge_trusted, voucher_for, with_listed_names

if TYPE_CHECKING:
    from edc_issuer.verify.seal import SealVerdict
    from edc_issuer.verify.stamps import Timeline


ISSUER, OTHER = "issuer", "other"
SKEW = timedelta(minutes=5)
_ETSI_CHECKS = (
    "proof.key",
    "proof.integrity",
    "proof.algorithm",
    "seal.certificate",
)
ISSUER_CHECKS = ("issuer.identified", "issuer.trusted", "issuer.accredited")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answers that one proof gives, and who was proved by it."""

    proof: Proof
    answers: Answers
    view: Any
    survey: Survey
    role: str
    carries_certificates: bool
    signer: Signer | None = None
    test: bool = False
    sub_indication: str | None = None
    merged: tuple[str, ...] = ()

    @property
    def checks(self) -> Mapping[str, Check]:
        return self.answers.checks

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Smaller stands before: any fail, then what leaves least open.

        What is required counts first; the order in the file never decides.
        """
        checks = self.answers.complete()
        failed = any(check.status is Status.FAIL for check in checks)
        left = [check.id for check in checks if check.status is Status.UNDECIDED]
        return not failed, len(REQUIRED.intersection(left)), len(left)

    @property
    def indication(self) -> Outcome:
        """ETSI's word for this proof alone: no identity, no content.

        It asks what EN 319 102-1 asks and a validator of seals answers; how old a
        revocation list is and whose certificate it is are our own checks. A timestamp
        does not show that a seal was made after its certificate was withdrawn, only
        that it is no younger: REVOKED_NO_POE (clause 5.5.4).
        """
        statuses = [self.answers.status(name) for name in _ETSI_CHECKS]
        if Status.FAIL in statuses:
            return Outcome.FAILED
        intact = all(status in GOOD for status in statuses[:3])
        return (
            Outcome.PASSED
            if intact and self.sub_indication is None
            else Outcome.INDETERMINATE
        )


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges proofs under one trust at one time."""

    trust: Trust
    at: datetime
    now: datetime
    as_of: datetime | None = None
    asked: Asked = field(default_factory=Asked)
    presenter: Presenter | None = None
    statements: Sequence[Statement] = ()
    evidence: Evidence = field(default_factory=Evidence)
    existed_by: datetime | None = None
    asking: Asking = field(default_factory=Asking)
    lists: Lists | None = None
    # By the identity of a view, which the entry keeps alive.
    seen: dict[int, tuple[Any, Survey, Organisations | None]] = field(
        default_factory=dict
    )

    def proof(
        self, securing: Format, envelope: Envelope, proof: Proof, view: Any
    ) -> Judgement:
        """Everything that one proof proves, and what it does not."""
        answers = Answers()
        survey, named = self._looked_through(view)
        stated = named.issuer if named else None
        issuer = stated.id if stated else None
        key = find_key(
            answers,
            envelope,
            proof,
            trust=self.trust,
            issuer=issuer,
            fetch=self.asking.keys(self.now),
            purpose=key_purpose(view, proof),
        )
        timeline = self._timeline(securing, envelope, proof, key)
        moment = (timeline and timeline.proved_at) or self.at
        judge_algorithm(answers, proof, key, moment)
        judge_integrity(answers, securing, envelope, proof, key)
        if self._is_later(proof) and not answers.has_fail():
            # What is broken is broken at any time; what holds did not exist yet.
            answers, key = Answers(), None
            claimed = _text(proof.claimed_at)
            answers.leaves_open("proof.key", "later-than-asked", claimed=claimed)
        seal = self._judge_seal(answers, proof, key, timeline)
        if answers.is_good("proof.integrity"):
            judge_time(
                answers,
                proof,
                timeline,
                at=self.at,
                now=self.now,
                answered_until=seal.until if seal else None,
            )
        signer, test = None, False
        if answers.is_good("proof.integrity") and key is not None:
            signer, test = self._judge_signer(answers, key, seal, named, view, moment)
            test = test or (timeline is not None and timeline.is_test)
            if isinstance(view, Mapping):
                self._judge_claims(answers, view, proof, signer)
        return Judgement(
            proof=proof,
            answers=answers,
            view=view,
            survey=survey,
            role=ISSUER if _is_issuers(proof, key, stated) else OTHER,
            carries_certificates=envelope.carries_certificates,
            signer=signer,
            test=test,
            sub_indication=_etsi(answers, seal),
            merged=envelope.merged,
        )

    def _is_later(self, proof: Proof) -> bool:
        """Whether its own signer says that it was made after the time asked about."""
        claimed = proof.claimed_at
        return (
            self.as_of is not None
            and claimed is not None
            and claimed > self.as_of + SKEW
        )

    def _looked_through(self, view: Any) -> tuple[Survey, Organisations | None]:
        """The content's survey and whom it names: made once under all its seals."""
        if id(view) not in self.seen:
            survey, named = Survey.of(view), None
            if isinstance(view, Mapping):
                named = Organisations.of(view, survey=survey)
            self.seen[id(view)] = view, survey, named
        return self.seen[id(view)][1:]

    def _timeline(
        self,
        securing: Format,
        envelope: Envelope,
        proof: Proof,
        key: SigningKey | None,
    ) -> Timeline | None:
        """What timestamps prove; only seals carry any."""
        if not envelope.carries_certificates:
            return None

        # Here, because a badge has no timestamps, and their reader takes long to load.
        from edc_issuer.verify.stamps import timeline_of

        def by(handed: Evidence) -> Timeline:
            return timeline_of(
                envelope,
                proof,
                self.trust,
                at=self.at,
                handed=handed,
                existed_by=self.existed_by,
            )

        found = by(self.evidence)
        if not self.asking.is_open or not fits(securing, envelope, proof, key):
            return found
        certificate = key.certificate if key else None
        told = asked(
            certificate, found, self.trust, self.asking, at=self.at, now=self.now
        )
        return by(self.evidence + told) if told else found

    def _judge_seal(
        self,
        answers: Answers,
        proof: Proof,
        key: SigningKey | None,
        timeline: Timeline | None,
    ) -> SealVerdict | None:
        if timeline is None:
            for check_id in SEAL_CHECKS:
                answers.skips(check_id, "not-applicable")
            return None
        from edc_issuer.verify.seal import SealVerdict, judge_seal

        if key is None or key.certificate is None:
            is_there = key is None and proof.hint.certificate is not None
            reason = "blocked" if is_there else "NO_SIGNING_CERTIFICATE_FOUND"
            answers.leaves_open("seal.certificate", reason)
            return SealVerdict(None, "NO_SIGNING_CERTIFICATE_FOUND")
        return judge_seal(answers, key.certificate, self.trust, timeline, at=self.at)

    def _judge_signer(
        self,
        answers: Answers,
        key: SigningKey,
        seal: SealVerdict | None,
        named: Organisations | None,
        view: Any,
        moment: datetime,
    ) -> tuple[Signer | None, bool]:
        # A presentation has a holder, whatever else it says that it is.
        named = None if is_presentation(view) else named
        about = named.issuer if named else StatedIssuer(None, (), (), "not named")
        fetch = self.asking.keys(self.now)
        proved, unbound = proved_identity(
            key, about, self.trust, moment, now=self.now, fetch=fetch
        )
        anchor = seal.anchor if seal else None
        voucher = voucher_for(proved, anchor, self.trust, moment)
        proved = with_listed_names(proved, voucher)
        test = voucher is not None and (self.trust.test or voucher.test)
        if named is None:
            reason = "presentation" if is_presentation(view) else "unknown-model"
            for check_id in ISSUER_CHECKS:
                answers.leaves_open(check_id, reason)
        else:
            self._judge_issuer(
                answers,
                Identity(
                    proved,
                    unbound,
                    about,
                    voucher,
                    key.certificate,
                    moment,
                    keys_at=keys_at(about.id or "") if fetch is None else None,
                ),
                named.awarding_bodies,
                view,
                test=test,
            )
        bound = not (is_presentation(view) and unbound)
        signer = proved.as_signer() if bound and _is_proved(proved, anchor) else None
        return signer, test

    def _judge_issuer(
        self,
        answers: Answers,
        identity: Identity,
        awarding_bodies: Sequence[StatedIssuer],
        view: Any,
        *,
        test: bool,
    ) -> None:
        """Answer the three `issuer.*` questions."""
        mandate = judge_identified(
            answers,
            identity,
            view,
            trust=self.trust,
            at=self.at,
            statements=self.statements,
        )
        mandator = mandate.mandator_as(identity.stated) if mandate else None
        judge_trusted(
            answers,
            identity.proved,
            identity.voucher,
            awarding_bodies,
            test=test,
            at=self.at,
            mandator=mandator,
        )
        judge_accredited(
            answers,
            view,
            identity.proved,
            awarding_bodies,
            accreditations=self.trust.accreditations,
            mandator=mandator,
        )

    def _judge_claims(
        self,
        answers: Answers,
        view: Mapping[str, Any],
        proof: Proof,
        signer: Signer | None,
    ) -> None:
        if is_presentation(view):
            judge_envelope(answers, proof, self.at, not_before=not_before(proof))
            judge_presenter(answers, view, proof, signer, self.asked)
        else:
            judge_validity(answers, view, proof, self.at, not_before=not_before(proof))
            judge_status(
                answers,
                view,
                self.lists,
                signer,
                may_be_withheld=may_lack_status(proof),
            )
            judge_holder(answers, view, proof, self.asked, self.presenter)


def _is_proved(proved: Proved, anchor: Anchor | None) -> bool:
    """A DID proves itself; a certificate says what its authority stands behind."""
    if proved.by == "certificate":
        return anchor is not None
    return proved.identifier is not None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _is_issuers(
    proof: Proof, key: SigningKey | None, stated: StatedIssuer | None
) -> bool:
    """Whether a proof speaks as the issuer: by its method, or by its certificate."""
    if stated is None:
        return True
    address = (proof.hint.url or "").partition("#")[0]
    if address and address == stated.id:
        return True
    if key is None or key.certificate is None:
        return False
    identifier = names_organisation(key.certificate).identifier
    return identifier is not None and any(
        same_identifier(identifier, str(item)) for item in stated.identifiers
    )


def _etsi(answers: Answers, seal: SealVerdict | None) -> str | None:
    algorithm = answers.checks.get("proof.algorithm")
    # Nothing can be verified with it, which a validator of seals calls the same.
    unusable = algorithm is not None and algorithm.reason == "alg.not_allowed"
    if unusable or answers.status("proof.integrity") is Status.FAIL:
        return "HASH_FAILURE" if seal else "SIG_CRYPTO_FAILURE"
    return seal.sub_indication if seal else None
