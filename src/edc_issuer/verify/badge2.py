"""Badges of version 2.0, hosted and signed, answered in the one catalogue of questions.

1. the badge is read, and where it says that it lies somewhere, had from there;
2. the badge class and the issuer's profile are had from their own addresses;
3. signed: the key is had and judged as any key, and must be listed by the profile;
   hosted: the badge must lie where the profile says that its badges lie;
4. who that is, and who vouches; whether it was revoked; dates; rules; endorsements.
Open Badges 2.0, "Verification"; decision 25 says what each answer means here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from edc_issuer.errors import InputError, ProofInvalid
from edc_issuer.formats import ob2 as files
from edc_issuer.formats.base import Proof
from edc_issuer.models import ob2
from edc_issuer.models.issuer import StatedIssuer, issuer_of
from edc_issuer.models.tree import id_of, types_of, values
from edc_issuer.report import (
    GOOD,
    SEAL_CHECKS,
    Check,
    Outcome,
    ProofReport,
    Report,
    Signer,
    Status,
    outcome_of,
)
from edc_issuer.trust.issuers import trusted_issuer
from edc_issuer.verify.accreditation import judge_accredited
from edc_issuer.verify.algorithm import judge_algorithm
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.badge2_issuer import (
    belongs_there,
    listed_keys,
    read_key,
    states_where,
    why_unbound,
)
from edc_issuer.verify.badge2_objects import (
    Found,
    NotAtHand,
    Objects,
    address_of,
    differing,
)
from edc_issuer.verify.badge2_status import judge_hosted, judge_revoked
from edc_issuer.verify.content import judge_problems, judge_validity
from edc_issuer.verify.holder import Asked, judge_holder
from edc_issuer.verify.identity import Identity, judge_identified
from edc_issuer.verify.nested import MAX_PARTS
from edc_issuer.verify.proved import Proved
from edc_issuer.verify.signing_key import SigningKey
from edc_issuer.verify.signing_time import judge_time
from edc_issuer.verify.vouching import judge_trusted, voucher_for

if TYPE_CHECKING:
    from edc_issuer.verify.run import Run

MAX_DEPTH = 3  # endorsements of those who endorse
_INTACT = ("proof.key", "proof.integrity", "proof.algorithm")
_OF_PROOF = ("proof.", "time.", "seal.", "issuer.")
_ENDORSED = ("badge", "issuer")
_PROFILES = frozenset({"Issuer", "Profile"})


def report_on(run: Run, data: bytes) -> Report:
    """The report on a badge of version 2.0, whatever else its bytes hold."""
    answers = Answers()
    try:
        badge = files.read(data)
    except InputError as error:
        answers.passes("format.recognised")
        answers.because("format.wellformed", error)
        return _Badge2(run, answers, files.HOSTED_ID).report()
    answers.passes("format.recognised", format=badge.format_id)
    answers.passes("format.wellformed")
    return _Badge2(run, answers, badge.format_id).judged(badge)


def report_at(run: Run, url: str) -> Report:
    """The report on the hosted badge at an address, where only that is known."""
    answers = Answers()
    answers.passes("format.recognised", format=files.HOSTED_ID)
    answers.passes("format.wellformed")
    return _Badge2(run, answers, files.HOSTED_ID).judged(files.Badge({"id": url}))


@dataclass(slots=True)
class _Badge2:
    """One badge while it is judged; `view` is what it says, with all it names in it."""

    run: Run
    answers: Answers
    format_id: str
    view: dict[str, Any] = field(default_factory=dict)
    parts: list[Report] = field(default_factory=list)
    signer: Signer | None = None
    test: bool = False
    has_status: bool = True

    def judged(self, badge: files.Badge) -> Report:
        for check_id in SEAL_CHECKS:
            self.answers.skips(check_id, "not-applicable")
        if badge.jws is None:
            self._hosted(badge)
        else:
            self._signed(badge)
        if "credential.model" not in self.answers.checks:
            self._content(badge.content)
        return self.report()

    def report(self) -> Report:
        intact = self.answers.is_good("proof.integrity")
        checks = self.answers.complete()
        skipped = (*SEAL_CHECKS, *(() if self.has_status else ("credential.status",)))
        known = self.answers.is_good("credential.model")
        return Report(
            format=self.format_id,
            model=ob2.ID if known else None,
            checks=checks,
            outcome=outcome_of(checks, may_skip=skipped),
            test=self.test,
            verified_at=self.run.now,
            signer=self.signer if intact else None,
            content=ob2.known_content(self.view) if intact and self.view else None,
            proofs=self._proofs(checks),
            parts=tuple(self.parts),
            as_of=self.run.as_of,
            fetched=tuple(self.run.asking.lines) if self.run.depth == 0 else (),
        )

    def _proofs(self, checks: Sequence[Check]) -> tuple[ProofReport, ...]:
        """The one signature by itself; a hosted badge has none."""
        if self.format_id != files.SIGNED_ID or not self.answers.checks:
            return ()
        asked = {check.id: check.status for check in checks if check.id in _INTACT}
        indication = Outcome.INDETERMINATE
        if Status.FAIL in asked.values():
            indication = Outcome.FAILED
        elif GOOD.issuperset(asked.values()):
            indication = Outcome.PASSED
        own = tuple(check for check in checks if check.id.startswith(_OF_PROOF))
        intact = self.answers.is_good("proof.integrity")
        signer = self.signer if intact else None
        sub = "SIG_CRYPTO_FAILURE" if indication is Outcome.FAILED else None
        return (
            ProofReport(self.format_id, signer, "issuer", indication, sub, None, own),
        )

    def _hosted(self, badge: files.Badge) -> None:
        """A badge without a signature: what lies at its own address is the badge."""
        answers, url = self.answers, id_of(badge.content)
        if ob2.verification_of(badge.content) == ob2.SIGNED or url is None:
            answers.leaves_open("proof.key", "unsigned")
            return
        if "#" in url:  # a part of a page may quote others: only a whole page is hosted
            answers.leaves_open("proof.key", "object-unusable", address=url)
            return
        try:
            found = self._objects.get(url)
        except NotAtHand as error:
            if error.gone:  # Open Badges 2.0: what was taken down is revoked
                answers.fails("credential.status", "revoked", address=url)
            answers.leaves_open(
                "proof.key", _of_badge(error), detail=str(error), address=url
            )
            return
        if ob2.verification_of(found.content) != ob2.HOSTED:
            answers.leaves_open("proof.key", "unsigned", address=url)
            return
        answers.passes("proof.key", "hosted", address=url, document=found.told())
        answers.passes("proof.algorithm", "hosted")
        differ = differing(badge.content, found.content)
        if differ:
            answers.fails("proof.integrity", "hosted-differs", detail=", ".join(differ))
            return
        answers.warns("proof.integrity", "hosted", address=url)
        self._graph(found.content)
        profile = self._profile()
        if profile is not None and not belongs_there(url, profile.content):
            answers.fails("issuer.identified", "hosted-elsewhere", address=url)
        else:
            self._identify(profile, None)
            if profile is not None and not states_where(profile.content):
                answers.weakens("issuer.identified", "hosted-same-host")
        judge_hosted(answers, found, now=self.run.now, as_of=self.run.as_of)
        self._claims(badge.proof)

    def _signed(self, badge: files.Badge) -> None:
        """A badge under a signature, with the key that its issuer lists."""
        answers = self.answers
        self._graph(badge.content)
        profile = self._profile()
        key = self._key(badge, profile)
        judge_algorithm(answers, badge.proof, key, self.run.at)
        if key is None or answers.status("proof.algorithm") is Status.FAIL:
            return
        try:
            badge.verify(key.public_key)
        except ProofInvalid as error:
            answers.fails("proof.integrity", error.reason, detail=str(error))
            return
        answers.passes("proof.integrity")
        self._identify(profile, badge.creator)
        if profile is not None:
            self.has_status = judge_revoked(
                answers,
                badge.content,
                profile.content,
                self._objects,
                as_of=self.run.as_of,
            )
        self._claims(badge.proof)

    def _key(self, badge: files.Badge, profile: Found | None) -> SigningKey | None:
        """Answer `proof.key`: the key at the address that the badge names."""
        answers, url = self.answers, badge.creator
        if url is None:
            answers.leaves_open("proof.key", "no-key")
            return None
        listed = listed_keys(profile.content).get(url) if profile else None
        try:
            found = profile if listed and profile else self._objects.get(url)
            node = listed or found.content
            key = read_key(node)
        except NotAtHand as error:
            closed = error.reason == "object-not-at-hand"
            answers.leaves_open(
                "proof.key",
                "key-not-at-hand" if closed else error.reason,
                detail=str(error),
                address=url,
                keys_at=url if closed and url.startswith("https://") else None,
            )
            return None
        except ValueError as error:
            answers.leaves_open(
                "proof.key", "key-unreadable", detail=str(error), address=url
            )
            return None
        answers.passes("proof.key", "https", address=url, document=found.told())
        return SigningKey(key, "https")

    @property
    def _objects(self) -> Objects:
        run = self.run
        return Objects(run.trust, run.asking, run.now, run.descriptions)

    @property
    def _issued(self) -> Any:
        """What names the issuer: the badge class; an endorsement names it itself."""
        is_endorsement = ob2.kind_of(self.view) == "Endorsement"
        return self.view if is_endorsement else self.view.get("badge")

    def _graph(self, assertion: Mapping[str, Any]) -> None:
        """The badge with its class and its issuer in the places of their addresses."""
        self.view = dict(assertion)
        if "badge" in self.view:
            self.view["badge"] = self._placed(self.view["badge"])
        holder = self._issued
        if isinstance(holder, dict) and "issuer" in holder:
            # The profile counts only as had from its own address.
            address = address_of(holder["issuer"])
            holder["issuer"] = self._placed(address) if address else holder["issuer"]

    def _placed(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        if not isinstance(value, str):
            return value
        try:
            return dict(self._objects.get(value).content)
        except NotAtHand:
            return value

    def _profile(self) -> Found | None:
        holder = self._issued
        url = address_of(holder.get("issuer")) if isinstance(holder, Mapping) else None
        try:
            found = self._objects.get(url) if url else None
        except NotAtHand:
            return None
        # A page of another kind says nothing about keys and addresses.
        is_profile = found and not _PROFILES.isdisjoint(types_of(found.content))
        return found if is_profile else None

    def _identify(self, profile: Found | None, creator: str | None) -> None:
        """Answer the `issuer.*` questions; `creator` is the key that signed."""
        answers, run = self.answers, self.run
        if profile is None:
            holder = self._issued
            address = holder if isinstance(holder, str) else None
            if isinstance(holder, Mapping):
                address = address_of(holder.get("issuer"))
            answers.leaves_open(
                "issuer.identified", "object-not-at-hand", address=address
            )
            return
        unbound = why_unbound(profile.content, creator, self._objects)
        if unbound:
            proved = Proved(None, (), "file")
        else:
            listed = trusted_issuer(run.trust, profile.url, run.at)
            names = listed.names if listed else ()
            proved = Proved(profile.url, names, "https", listed, profile.how)
        stated: StatedIssuer = issuer_of({"issuer": dict(profile.content)})
        voucher = voucher_for(proved, None, run.trust, run.at)
        self.test = voucher is not None and (run.trust.test or voucher.test)
        who = Identity(proved, unbound, stated, voucher, None, run.at)
        view = {"issuer": dict(profile.content)}
        judge_identified(answers, who, view, trust=run.trust, at=run.at)
        judge_trusted(answers, proved, voucher, (), test=self.test, at=run.at)
        judge_accredited(
            answers, view, proved, (), accreditations=run.trust.accreditations
        )
        self.signer = proved.as_signer() if proved.identifier else None

    def _claims(self, proof: Proof) -> None:
        """What the badge says of itself: dates, holder, endorsements."""
        answers, run = self.answers, self.run
        judge_time(answers, proof, None, at=run.at, now=run.now)
        said = {"validFrom": "issuedOn", "validUntil": "expires"}
        dates = {ours: self.view[its] for ours, its in said.items() if its in self.view}
        judge_validity(answers, dates, proof, run.at, not_before=None)
        judge_holder(answers, self.view, proof, run.asked, run.presenter)
        self._content(self.view)
        self._endorsements()

    def _content(self, view: Mapping[str, Any]) -> None:
        if ob2.kind_of(view) is not None or view.keys() - {"id"}:
            self.answers.warns("credential.model", "older-version", model=ob2.ID)
            judge_problems(self.answers, tuple(ob2.inspect(view)))

    def _endorsements(self) -> None:
        """Each endorsement becomes a report of its own, in the place where it stood."""
        places = [self.view]
        while places:
            node = places.pop()
            if "endorsement" in node:
                listed = values(node["endorsement"])
                node["endorsement"] = [self._part(item) for item in listed]
            places += [
                node[name] for name in _ENDORSED if isinstance(node.get(name), dict)
            ]

    def _part(self, item: Any) -> Any:
        # Whom the reader expects is asked of the badge, not of who endorses it.
        run = replace(self.run, asked=Asked(), presenter=None)
        deep = run.depth >= MAX_DEPTH or len(self.parts) >= MAX_PARTS
        if deep or not run.allowance.take():
            return {"part": "too many"}
        if isinstance(item, Mapping):
            self.parts.append(run.inside(json.dumps(item, ensure_ascii=False).encode()))
        elif isinstance(item, str) and item.startswith(("https://", "http://")):
            self.parts.append(replace(run, depth=run.depth + 1).badge_at(item))
        elif isinstance(item, str):
            self.parts.append(run.inside(item.encode()))
        else:
            return None
        return {"part": len(self.parts) - 1}


def _of_badge(error: NotAtHand) -> str:
    return "hosted-offline" if error.reason == "object-not-at-hand" else error.reason
