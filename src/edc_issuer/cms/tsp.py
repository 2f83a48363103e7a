"""What is sent to a timestamp authority and what it answers (RFC 3161 section 2.4).

The token in an answer is handed on unread (`cms.tokens` reads it).
"""

from __future__ import annotations

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import write_digest
from edc_issuer.cms.der import DerError, Element
from edc_issuer.cms.tokens import MAX_TOKEN


def write_request(
    imprint: bytes,
    digest: str,
    nonce: int,
    *,
    policy: str | None = None,
    certificates: bool = True,
) -> bytes:
    """Write a TimeStampReq, RFC 3161 section 2.4.1; `DerError` for an unknown hash.

    `certificates` asks the authority to put its certificate into the token.
    """
    parts = [
        der.integer(1),
        der.sequence(write_digest(digest), der.encode(der.OCTET_STRING, imprint)),
    ]
    if policy is not None:
        parts.append(der.oid(policy))
    parts.append(der.integer(nonce))
    if certificates:
        parts.append(der.encode(der.BOOLEAN, b"\xff"))
    return der.sequence(*parts)


_STATUSES = (
    "granted",
    "granted with modifications",
    "rejection",
    "waiting",
    "revocation warning",
    "revocation notification",
)
_FAILURES = {
    0: "badAlg",
    2: "badRequest",
    5: "badDataFormat",
    14: "timeNotAvailable",
    15: "unacceptedPolicy",
    16: "unacceptedExtension",
    17: "addInfoNotAvailable",
    25: "systemFailure",
}


class RequestRejected(ValueError):
    """The authority answered, and gave no token; the message is what it said."""


def read_response(data: bytes) -> bytes:
    """The token of a TimeStampResp, unread (RFC 3161 section 2.4.2).

    Raises `RequestRejected` with the authority's words, `DerError` for no answer.
    """
    if len(data) > MAX_TOKEN:
        raise DerError(f"an answer of {len(data)} octets")
    fields = der.parse(data).fields()
    status = fields.take(der.SEQUENCE).fields()
    number = status.take().integer()
    texts, failure = status.optional(der.SEQUENCE), status.optional(der.BIT_STRING)
    status.end()
    if number not in (0, 1):
        raise RequestRejected(_refusal(number, texts, failure))
    token = fields.take(der.SEQUENCE).encoded
    fields.end()
    return token


def _refusal(number: int, texts: Element | None, failure: Element | None) -> str:
    known = 0 <= number < len(_STATUSES)
    words = [_STATUSES[number] if known else f"status {number}"]
    if failure is not None:
        words += [
            _FAILURES.get(bit, f"failure {bit}") for bit in sorted(failure.bits())
        ]
    if texts is not None:
        words += [text.text()[:200] for text in texts.children(most=5)]
    return ", ".join(words)
