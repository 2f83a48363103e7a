"""`issuer.identified` and `issuer.trusted`: who signed, and who vouches for that.

Identified (the law, part 5): the proved identifier equals one that the issuer
states, and the proved name equals one of its names. Trusted (part 6): the
operator named this organisation; an authority alone vouches for a name only.
What a file says about its own issuer proves nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from edc_issuer.cms.certificate import subject_text
from edc_issuer.keys.checks import names_organisation
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.models.tree import values
from edc_issuer.report import Signer, Status
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.trust.did import ResolvedKey, assertion_keys
from edc_issuer.trust.issuers import (
    imitates,
    look_alike,
    punycode,
    same_identifier,
    same_name,
    trusted_issuer,
)
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.signing_key import SigningKey

_MANDATE = "http://data.europa.eu/snb/evidence-type/c_18016257"
_BY_MANDATE = "http://data.europa.eu/snb/credential/c_9a31f32a"


@dataclass(frozen=True, slots=True)
class Proved:
    """Who the key is proved to belong to.

    `names` are all names that somebody other than the file gives it: the one in
    the certificate, or those in the operator's own list. `listed` is the entry in
    that list, if there is one.
    """

    identifier: str | None
    names: tuple[str, ...]
    by: str  # "certificate", "did" or "file"
    listed: TrustedIssuer | None = None

    def as_signer(self) -> Signer:
        return Signer(next(iter(self.names), None), self.identifier, self.by)


def proved_identity(
    key: SigningKey, stated: StatedIssuer, trust: Trust, at: datetime
) -> tuple[Proved, str]:
    """Who signed, and a reason code where the key is bound to nobody.

    Where the issuer states a DID whose keys are at hand, it signed if one of those
    keys did, however the file points to it.
    """
    if key.certificate is not None:
        named = names_organisation(key.certificate)
        names = (named.name,) if named.name else ()
        return Proved(named.identifier, names, "certificate"), ""
    reason = "key-only-in-file" if key.how == "file" else ""
    did, retired_at = key.did, key.retired_at
    if did is None or did != stated.id:
        listed_keys = assertion_keys(stated.id, dids=trust.dids) if stated.id else None
        if listed_keys is not None:
            same = [one for one in listed_keys if one.public_key == key.public_key]
            if same:
                did, reason = stated.id, ""
                retired_at = _retired(same)
            elif not listed_keys:
                reason = "issuer-lists-no-keys"
            else:
                reason = "key-not-listed-now"
    if did is None:
        return Proved(None, (), "file"), reason
    if retired_at is not None and retired_at <= at and not reason:
        reason = "key-retired"  # no time is proved yet at which it was in force
    listed = trusted_issuer(trust, did, at)
    return Proved(did, listed.names if listed else (), "did", listed), reason


def _retired(listed: Sequence[ResolvedKey]) -> datetime | None:
    """When the issuer first withdrew a key, under whichever name the file gives it.

    A key withdrawn as `#1` is not in force because a header carries it as a `jwk`.
    """
    ends = [one.retired_at for one in listed if one.retired_at is not None]
    return min(ends, default=None)


def judge_identified(
    answers: Answers,
    proved: Proved,
    unbound: str,
    stated: StatedIssuer,
    view: Any,
    *,
    trust: Trust,
) -> None:
    """Answer `issuer.identified`; see verdicts, part 5, for each reason."""
    evidence: dict[str, Any] = {
        "proved": {"names": list(proved.names), "identifier": proved.identifier},
        "stated": {
            "names": list(stated.names),
            "identifiers": [str(item) for item in stated.identifiers],
        },
    }
    status, reason, detail = _identified(proved, unbound, stated, view)
    odd = tuple(_look_alikes(proved, stated, trust))
    if odd:
        evidence["look_alike"] = odd
        if status is Status.PASS:
            status, reason = Status.WARN, "look-alike"
    answers.give("issuer.identified", status, reason, detail=detail, **evidence)


def _look_alikes(proved: Proved, stated: StatedIssuer, trust: Trust) -> Iterator[str]:
    """What is odd about the letters of the stated issuer, in words."""
    known = {*proved.names, *(name for one in trust.issuers for name in one.names)}
    for name in stated.names:
        yield from look_alike(name)
        twin = None if name in known else imitates(name, known)
        if twin is not None:
            yield f"it looks like {twin!r}, and is written with other letters"
    readable = punycode(stated.id) if stated.id else None
    if readable is not None:
        yield f"its address hides letters: {readable}"


def _identified(
    proved: Proved, unbound: str, stated: StatedIssuer, view: Any
) -> tuple[Status, str, str]:
    same_id = proved.identifier is not None and any(
        same_identifier(proved.identifier, str(item)) for item in stated.identifiers
    )
    if not same_id:
        return _another(proved, unbound, stated, view)
    if stated.ambiguous:
        return Status.UNDECIDED, "issuer-ambiguous", stated.why
    if unbound:
        return Status.UNDECIDED, unbound, ""
    if not proved.names:
        return Status.UNDECIDED, "name-not-proved", "no list says whose key this is"
    if not any(same_name(a, b) for a in proved.names for b in stated.names):
        return Status.UNDECIDED, "name-differs", ""
    return Status.PASS, "same-identifier-and-name", ""


def _another(
    proved: Proved, unbound: str, stated: StatedIssuer, view: Any
) -> tuple[Status, str, str]:
    """The proved identifier is none of those that the issuer states."""
    if proved.by == "certificate" or proved.listed is not None:
        if claims_mandate(view):
            return Status.UNDECIDED, "by-mandate-unconfirmed", ""
        if proved.identifier is None:
            return Status.UNDECIDED, "issuer-ambiguous", "the seal has no identifier"
        if not stated.identifiers:
            return Status.UNDECIDED, "issuer-ambiguous", stated.why
        return Status.FAIL, "identity.mismatch", ""
    return Status.UNDECIDED, unbound or "key-only-in-file", ""


def claims_mandate(view: Any) -> bool:
    """Whether the content says it was sealed for somebody else: a claim, no proof."""
    if not isinstance(view, Mapping):
        return False
    ids = {
        item.get("id")
        for holder, name in (
            *((node, "dcType") for node in values(view.get("evidence"))),
            (view, "credentialProfiles"),
        )
        if isinstance(holder, Mapping)
        for item in values(holder.get(name))
        if isinstance(item, Mapping) and isinstance(item.get("id"), str)
    }
    return bool(ids & {_MANDATE, _BY_MANDATE})


@dataclass(frozen=True, slots=True)
class Voucher:
    """What vouches for a signer: an anchor above its certificate, or a list entry."""

    anchor: Anchor | None = None
    listed: TrustedIssuer | None = None

    @property
    def names_the_organisation(self) -> bool:
        """Whether the operator named this very organisation (verdicts, part 6)."""
        pinned = self.anchor is not None and self.anchor.pinned
        return pinned or self.listed is not None

    @property
    def test(self) -> bool:
        """Whether any of it is for tests, also in a trust that was put together."""
        return any(source.test for source in (self.anchor, self.listed) if source)


def voucher_for(
    proved: Proved, anchor: Anchor | None, trust: Trust, at: datetime
) -> Voucher | None:
    """Who vouches, or None. A certificate needs an anchor, whatever a list says:
    anybody can write an organisation's identifier into a certificate."""
    if proved.by != "certificate":
        return Voucher(listed=proved.listed) if proved.listed else None
    if anchor is None or proved.identifier is None:
        return None
    if anchor.organisations:
        limited = _limit(anchor, proved, at)
        return Voucher(anchor, limited) if limited else None
    return Voucher(anchor, trusted_issuer(trust, proved.identifier, at))


def _limit(anchor: Anchor, proved: Proved, at: datetime) -> TrustedIssuer | None:
    for organisation in anchor.organisations:
        named = same_identifier(organisation.identifier, proved.identifier or "")
        if named and organisation.is_named_at(at):
            return organisation
    return None


def with_listed_names(proved: Proved, voucher: Voucher | None) -> Proved:
    """The signer with the names that the operator's list gives its identifier."""
    if voucher is None or voucher.listed is None:
        return proved
    names = tuple(dict.fromkeys((*proved.names, *voucher.listed.names)))
    return replace(proved, names=names, listed=voucher.listed)


def judge_trusted(
    answers: Answers,
    proved: Proved,
    voucher: Voucher | None,
    awarding_bodies: Sequence[StatedIssuer],
    *,
    test: bool,
) -> None:
    """Answer `issuer.trusted`: never fail, for not being listed is no fault."""
    if answers.status("issuer.identified") is Status.FAIL:
        answers.leaves_open("issuer.trusted", "blocked")
        return
    if voucher is None:
        reason = "no-anchor" if proved.by == "certificate" else "not-listed"
        answers.leaves_open("issuer.trusted", reason)
        return
    evidence = {"anchor": _anchor_name(voucher.anchor), "test": test}
    bodies = _others(awarding_bodies, proved)
    others = [body.names[0] for body in bodies if body.names]
    speaks_for_others = bool(bodies)
    if speaks_for_others and not voucher.names_the_organisation:
        answers.leaves_open(
            "issuer.trusted", "speaks-for-others", others=others, **evidence
        )
    elif test:
        answers.warns("issuer.trusted", "test", others=others, **evidence)
    elif speaks_for_others:
        answers.warns("issuer.trusted", "speaks-for-others", others=others, **evidence)
    elif voucher.names_the_organisation:
        answers.passes("issuer.trusted", "named-by-you", **evidence)
    else:
        answers.warns("issuer.trusted", "identity-only", **evidence)


def _anchor_name(anchor: Anchor | None) -> str | None:
    return subject_text(anchor.certificate) if anchor else None


def _others(bodies: Sequence[StatedIssuer], proved: Proved) -> tuple[StatedIssuer, ...]:
    """Awarding bodies that are not the proved signer by identifier and name.

    One that two readers could take for two organisations may be the other one.
    """
    return tuple(
        body
        for body in bodies
        if body.ambiguous
        or not (
            any(
                same_identifier(proved.identifier or "", str(item))
                for item in body.identifiers
            )
            and any(same_name(a, b) for a in proved.names for b in body.names)
        )
    )


def also_calls_itself(stated: StatedIssuer, proved: Proved) -> Iterator[str]:
    """Names of the issuer in the file that nobody proved."""
    for name in stated.names:
        if not any(same_name(name, known) for known in proved.names):
            yield name
