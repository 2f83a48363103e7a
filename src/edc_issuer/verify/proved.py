"""Who the key behind a proof is proved to belong to (the law of verdicts, parts 4, 5).

A certificate names its subject; a DID or a controlled https address is its own name,
and the operator's list may give it another. What a file says about its own issuer
proves nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from edc_issuer.keys.checks import names_organisation
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.report import Signer
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.did import Fetch, ResolvedKey, listings
from edc_issuer.trust.issuers import trusted_issuer
from edc_issuer.verify.signing_key import SigningKey


@dataclass(frozen=True, slots=True)
class Proved:
    """Who the key is proved to belong to.

    `names` are all names that somebody other than the file gives it: the one in
    the certificate, or those in the operator's own list. `listed` is the entry in
    that list, if there is one. `document` is how the document of its keys was come by:
    "stored" by the operator, "fetched" by this run, None where there is none.
    """

    identifier: str | None
    names: tuple[str, ...]
    by: str  # "certificate", "did", "https" or "file"
    listed: TrustedIssuer | None = None
    document: str | None = None

    def as_signer(self) -> Signer:
        return Signer(next(iter(self.names), None), self.identifier, self.by)


def proved_identity(
    key: SigningKey,
    stated: StatedIssuer,
    trust: Trust,
    at: datetime,
    *,
    now: datetime,
    fetch: Fetch | None = None,
) -> tuple[Proved, str]:
    """Who signed, and a reason code where the key is bound to nobody.

    Where the issuer states an address whose keys are at hand, it signed if one of
    those keys did, however the file points to it; `fetch` asks the address itself.
    """
    if key.certificate is not None:
        named = names_organisation(key.certificate)
        own = (named.name,) if named.name else ()
        return Proved(named.identifier, own, "certificate"), ""
    did, reason = key.did, "key-only-in-file" if key.how == "file" else ""
    found = [key.resolved] if key.resolved else []
    lists = _lists(key, stated.id, trust, fetch)
    if lists:
        same = [_same(key, listed) for listed in lists]
        if all(same):
            did, reason = stated.id, ""
            found += [one for listed in same for one in listed]
        else:
            lacking = lists[same.index([])]
            reason = "key-not-listed-now" if lacking else "issuer-lists-no-keys"
    if did is None:
        return Proved(None, (), "file"), reason
    if not reason and _is_retired(found, at=at, now=now):
        reason = "key-retired"  # no time is proved yet at which it was in force
    listed_as = trusted_issuer(trust, did, at)
    names = listed_as.names if listed_as else ()
    by = "did" if did.startswith("did:") else "https"
    return Proved(did, names, by, listed_as, _how(found)), reason


def _lists(
    key: SigningKey, issuer: str | None, trust: Trust, fetch: Fetch | None
) -> tuple[tuple[ResolvedKey, ...], ...]:
    """Whose keys the issuer's are, by all who may say so; a bare key needs nobody."""
    is_own = key.resolved is not None and key.resolved.document is None
    if issuer is None or (is_own and key.did == issuer):
        return ()
    return listings(issuer, dids=trust.dids, fetch=fetch)


def _same(key: SigningKey, listed: Sequence[ResolvedKey]) -> list[ResolvedKey]:
    return [one for one in listed if one.public_key == key.public_key]


def _is_retired(found: Sequence[ResolvedKey], *, at: datetime, now: datetime) -> bool:
    """Whether the issuer no longer stands behind a key, under whichever name.

    A key withdrawn as `#1` is not in force because a header carries it as a `jwk`. An
    end that was set in advance is asked about at `at`; a withdrawal known by `now`
    counts whatever time is asked about, for nothing proves that the file is older
    (verdicts, part 9).
    """
    revoked = (one.revoked for one in found if one.revoked is not None)
    expires = (one.expires for one in found if one.expires is not None)
    return any(end <= now for end in revoked) or any(end <= at for end in expires)


def _how(found: Sequence[ResolvedKey]) -> str | None:
    """The better of the ways in which documents were come by: asked today."""
    ways = {one.document.how for one in found if one.document is not None}
    return "fetched" if "fetched" in ways else next(iter(ways), None)
