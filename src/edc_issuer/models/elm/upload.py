"""A credential as the Commission's own issuer takes it: for schools that stay with it.

The upload holds the credential without a seal and where the finished one is to be sent.
That issuer puts a new id in place of ours, drops the issuer (it takes the one of the
seal), draws the diploma itself, and fetches every concept anew. Its limit is two
addresses; without one it refuses (PCR-0002).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.base import BuildContext, Media
from edc_issuer.models.elm import ELM
from edc_issuer.record import CredentialRecord

MAX_ADDRESSES = 2  # edci.delivery.address.limit
_NEW_ID = "urn:credential:00000000-0000-4000-8000-000000000000"  # replaced on upload
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,190}\Z")
_WALLET = re.compile(r"https://[^\s<>\"]{1,500}\Z")


def export_upload(
    record: CredentialRecord,
    *,
    at: datetime,
    addresses: Sequence[str] | None = None,
    files: Mapping[str, Media] | None = None,
) -> dict[str, Any]:
    """The upload JSON of one award: `credential` and `deliveryDetails`.

    `addresses` are e-mail or wallet addresses, at most two; None takes the learner's
    e-mail address. `files` holds the attachments by the path in the record.
    `RecordError` lists what stands in the way.
    """
    wanted = _addresses(record, addresses)
    problems = [*ELM.check(record), *_faults(wanted)]
    if problems:
        raise RecordError(problems)
    context = BuildContext(
        at=at, credential_id=record.credential_id or _NEW_ID, files=files or {}
    )
    built = ELM.build(record, context)
    return {
        "credential": built.credential,
        "deliveryDetails": {"deliveryAddress": list(wanted)},
    }


def _addresses(
    record: CredentialRecord, given: Sequence[str] | None
) -> tuple[str, ...]:
    own = [record.learner.email] if record.learner.email else []
    return tuple(dict.fromkeys(own if given is None else given))


def _faults(addresses: Sequence[str]) -> Iterator[Problem]:
    if not addresses:
        yield Problem(
            "learner.email",
            "upload.no-address",
            "the upload needs an e-mail or wallet address to send the credential to",
        )
    if len(addresses) > MAX_ADDRESSES:
        yield Problem(
            "learner.email",
            "upload.addresses",
            f"the upload takes at most {MAX_ADDRESSES} addresses",
            {"limit": MAX_ADDRESSES},
        )
    for address in addresses:
        if not _EMAIL.match(address) and not _WALLET.match(address):
            yield Problem(
                "learner.email",
                "upload.address",
                "is neither an e-mail address nor the https address of a wallet",
            )
