"""Status lists and credentials that name them, signed for real by a small school.

The credentials are those of `attacks.workshop`, so that only what is said of their
status can keep them from being PASSED.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from attacks.workshop import (
    AT,
    V2,
    Json,
    badge,
    changed,
    encoded,
    jwt,
    method_of,
    proof_options,
    proved,
    school,
    signs,
)
from attacks.workshop import claims as claims_of
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.keys.badge import BadgeKey
from edc_issuer.report import Report
from edc_issuer.trust import Trust
from edc_issuer.verify.online import Asking
from edc_issuer.verify.run import Run
from edc_issuer.verify.status_lists import Lists

URL = "https://zgled.example/status/preklici-1"
PAUSES = "https://zgled.example/status/mirovanja-1"
REVOKED, CLEAR = 94_567, 7
BITS = 131_072
LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


def packed(*positions: int, bits: int = BITS, prefix: str = "u") -> str:
    """An `encodedList` in which these positions are set."""
    data = bytearray(bits // 8)
    for position in positions:
        data[position // 8] |= 0x80 >> position % 8
    return prefix + b64u(gzip.compress(bytes(data), mtime=0))


def entry(position: object = CLEAR, **changes: Any) -> Json:
    """One entry of `credentialStatus`; None takes a member out."""
    where = changes.get("statusListCredential", URL)
    good = {
        "id": f"{where}#{position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(position) if isinstance(position, int) else position,
        "statusListCredential": URL,
    }
    return changed(good, changes)


def subject(*positions: int, **changes: Any) -> Json:
    """What a list says: these positions are set."""
    good = {
        "id": f"{URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": packed(*(positions or (REVOKED,))),
    }
    return changed(good, changes)


def list_credential(about: Mapping[str, Any] | None = None, **changes: Any) -> Json:
    """An unsigned list of the school, of the day `AT` and good for it."""
    good = {
        "@context": [V2],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": school().badge.did,
        "validFrom": (AT - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": dict(about or subject()),
    }
    return changed(good, changes)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(
    document: Mapping[str, Any] | None = None, *, key: BadgeKey | None = None
) -> bytes:
    """A list with a Data Integrity proof."""
    by = key or school().badge
    options = proof_options(verificationMethod=method_of(by))
    return encoded(proved(document or list_credential(), options, sign=signs(by)))


def signed_jwt(document: Mapping[str, Any] | None = None) -> bytes:
    """The same as text: a vc+jwt."""
    document = document or list_credential()
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": method_of(school().badge)}
    return jwt(dict(document), header=header)


def with_status(status: Any = None, **changes: Any) -> bytes:
    """The school's badge with a status, by an embedded proof."""
    given = entry() if status is None else status
    return encoded(proved({**badge(**changes), "credentialStatus": given}))


def jwt_with_status(status: Any = None) -> bytes:
    given = entry() if status is None else status
    return jwt(claims_of({**badge(), "credentialStatus": given}))


@dataclass
class Answering:
    """A `Fetcher` that has these answers and no others; it keeps what was asked."""

    answers: Mapping[str, bytes | str]
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        answer = self.answers.get(request.url, "not-found")
        if isinstance(answer, str):
            raise FetchError(request.url, answer)
        if len(answer) > request.limit:
            raise FetchError(request.url, "too-large")
        return Response(request.url, 200, "application/vc", answer)


def verify(
    data: bytes,
    *,
    online: Mapping[str, bytes | str] | Answering | None = None,
    handed: Sequence[bytes] = (),
    trust: Trust | None = None,
    as_of: datetime | None = None,
    now: datetime = AT,
) -> Report:
    """The report on the day `AT`, with lists at their addresses or handed over."""
    if isinstance(online, Mapping):
        online = Answering(online)
    asking = Asking(online) if online is not None else Asking()
    run = Run(
        trust or school().trust,
        BUNDLED,
        at=as_of or now,
        now=now,
        as_of=as_of,
        asking=asking,
    )
    lists = Lists(run.status_list, asking, now, as_of, handed=handed)
    return Run(
        trust or school().trust,
        BUNDLED,
        at=as_of or now,
        now=now,
        as_of=as_of,
        asking=asking,
        lists=lists,
    ).file(data)


def answer(report: Report) -> str:
    """Status and reason of `credential.status`."""
    check = report.check("credential.status")
    return f"{check.status} {check.reason}".strip()
