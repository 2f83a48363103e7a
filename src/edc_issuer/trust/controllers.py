"""Documents of keys, fetched over https from their own address, once a run.

Nobody signs such a document: it counts because it came from the address that it is
about (did:web, an https controller document, a JWK set or a JWK). That is worth as
much as the domain, so that nothing else than https is asked, no redirect to another
host is followed, and what the document says of its subject is checked. did:web
Method Specification; W3C Controlled Identifiers v1.0 section 3.3; verdicts, part 4.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from edc_issuer import strict_json
from edc_issuer.errors import FetchError, InputError
from edc_issuer.fetch import CLOSED, Fetcher, Request, Response
from edc_issuer.fetch.guard import Forbidden, target
from edc_issuer.keys.did_web import PREFIX, document_url
from edc_issuer.trust.methods import KeyDocument, Unresolved, check_subject

MAX_DOCUMENT: Final = 256 * 1024  # bytes; some profiles hold their logo
# A file names as many addresses as it likes, and each costs time: an honest one names
# its issuer's and those of a few that endorse it.
MAX_ADDRESSES: Final = 16
MAX_FAILURES: Final = 3
ACCEPT: Final = (
    "application/did+json, application/did+ld+json, application/cid, "
    "application/jwk-set+json, application/jwk+json, application/json, */*;q=0.1"
)
# What hides a slash, a dot or the end of the path from one program and not another.
_HIDDEN = re.compile(r"%(2[EF]|5C|00)|\\|/\.{1,2}(/|$)", re.IGNORECASE)
_IP = re.compile(r"\[|(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)
Captured = Callable[[KeyDocument, str], None]


@dataclass(slots=True)
class Captures:
    """What this run fetched, by address; a failure is remembered as well."""

    found: dict[str, KeyDocument | Unresolved] = field(default_factory=dict)
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Controllers:
    """Fetches the documents of keys through `door`, each address once.

    `now` dates what was fetched. `captured` is told every document and its text, so
    that a report can keep them.
    """

    door: Fetcher = CLOSED
    now: datetime | None = None
    captures: Captures = field(default_factory=Captures)
    captured: Captured | None = None

    def fetch(self, address: str) -> KeyDocument:
        """The document of a did:web or https address; raises `Unresolved`.

        Reasons: `key-not-at-hand` where nobody may ask or no address is named,
        `key.unavailable` where no usable answer came, `document-mismatch`.
        `Malformed` for a did:web that is none.
        """
        known = self.captures.found.get(address)
        if known is None:
            known = self._asked(address)
            self.captures.found[address] = known
        if isinstance(known, Unresolved):
            raise Unresolved(known.did, known.reason, str(known)) from known
        return known

    def _asked(self, address: str) -> KeyDocument | Unresolved:
        url = _url_of(address)
        if url is None or self.door is CLOSED or self.now is None:
            detail = f"the key is at {address}"
            return Unresolved(address, "key-not-at-hand", detail)
        if len(self.captures.found) >= MAX_ADDRESSES:
            return _unavailable(address, "more addresses than are asked in one run")
        if self.captures.failures >= MAX_FAILURES:
            return _unavailable(address, "others did not answer, and no more are asked")
        try:
            return self._document(address, url)
        except Unresolved as error:
            self.captures.failures += error.reason == "key.unavailable"
            return error

    def _document(self, address: str, url: str) -> KeyDocument:
        try:
            refuse_address(url)
            request = Request(url, accept=ACCEPT, limit=MAX_DOCUMENT)
            response = self.door.fetch(request)
            _refuse_elsewhere(request, response)
        except Forbidden as error:
            raise _unavailable(address, f"refused: {error}") from error
        except FetchError as error:
            raise _unavailable(
                address, f"{error.why} {error.detail}".strip()
            ) from error
        body = response.body
        content = _content(address, body)
        assert self.now is not None
        digest = hashlib.sha256(body).hexdigest()
        document = KeyDocument(address, content, "fetched", self.now, digest, url)
        if self.captured is not None:
            self.captured(document, body.decode())
        check_subject(document)
        return document


def refuse_address(url: str) -> None:
    """`Forbidden` for an address that nothing honest is published at.

    What the name leads to is judged when it is looked up, by the guard of the door.
    """
    found = target(url, plain=False)
    host = urlsplit(url).netloc.rpartition("@")[2]
    if _IP.search(host.partition(":")[0]):
        raise Forbidden("an IP address in place of a domain name")
    if host.partition(":")[0].endswith("."):
        raise Forbidden("a host name that ends in a dot")
    if _HIDDEN.search(found.path.partition("?")[0]):
        raise Forbidden("a path that leads upwards or hides a slash")


def _refuse_elsewhere(request: Request, response: Response) -> None:
    """`Forbidden` where a door of another make was sent on, or got no document."""
    if target(response.url, plain=False).host != target(request.url, plain=False).host:
        raise Forbidden("the answer came from another host")
    if not 200 <= response.status < 300:
        raise Forbidden(f"HTTP status {response.status}")


def _url_of(address: str) -> str | None:
    if address.startswith(PREFIX):
        return document_url(address)
    return address if address.startswith("https://") else None


def _content(address: str, body: bytes) -> dict[str, Any]:
    if len(body) > MAX_DOCUMENT:  # whatever the door let through
        raise _unavailable(address, f"more than {MAX_DOCUMENT} bytes")
    try:
        return strict_json.loads_object(body)
    except InputError as error:
        detail = f"what lies there is no document of keys: {error}"
        raise _unavailable(address, detail) from error


def _unavailable(address: str, detail: str) -> Unresolved:
    return Unresolved(address, "key.unavailable", detail)
