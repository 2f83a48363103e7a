"""Who the key behind a proof is proved to belong to (the law of verdicts, parts 4, 5).

A certificate names its subject; a DID is its own name, and the operator's list may
give it another. What a file says about its own issuer proves nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from edc_issuer.keys.checks import names_organisation
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.report import Signer
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.did import ResolvedKey, assertion_keys
from edc_issuer.trust.issuers import trusted_issuer
from edc_issuer.verify.signing_key import SigningKey


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
