"""The descriptions that a badge of version 2.0 is made of, each from its own address.

Nobody signs them, so that each counts only as fetched in this run over https from the
address that is its id, or as stored by the operator in the trust folder (the law of
verdicts, part 4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from edc_issuer import strict_json
from edc_issuer.errors import FetchError, InputError
from edc_issuer.fetch import Request
from edc_issuer.fetch.guard import Forbidden
from edc_issuer.formats.ob2 import is_plain
from edc_issuer.models.tree import id_of, objects
from edc_issuer.trust import Trust
from edc_issuer.trust.controllers import refuse_address
from edc_issuer.verify.online import Asking

MAX_OBJECT: Final = 1024 * 1024  # bytes; some hold their picture
MAX_OBJECTS: Final = 32  # of one run, whatever the badge names
ACCEPT: Final = "application/ld+json, application/json, */*;q=0.1"
_GONE = "HTTP status 410"
# What a copy of a hosted badge must say as the badge itself does.
_ESSENTIAL = ("type", "recipient", "badge", "claim", "issuer", "issuedOn", "expires")


class NotAtHand(Exception):
    """A description could not be had; `reason` says why, `gone` that it was taken down.

    Reasons: `object-not-at-hand`, `not-https`, `unreachable`, `object-unusable`.
    """

    def __init__(self, url: str, reason: str, detail: str, *, gone: bool = False):
        super().__init__(detail)
        self.url = url
        self.reason = reason
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Found:
    """A description, and how we came by it."""

    url: str
    content: Mapping[str, Any] = field(repr=False)
    how: Literal["fetched", "stored"]
    at: datetime
    sha256: str

    def told(self) -> dict[str, Any]:
        """Where it came from, for the evidence of a report."""
        return {
            "address": self.url,
            "how": self.how,
            "at": self.at.isoformat(),
            "sha256": self.sha256,
        }


@dataclass(slots=True)
class Objects:
    """Every description of one run, each had once; a failure is remembered as well."""

    trust: Trust
    asking: Asking
    now: datetime
    known: dict[str, Found | NotAtHand] = field(default_factory=dict)

    def get(self, url: str) -> Found:
        """The description at an address; raises `NotAtHand`.

        The part behind `#` names a node inside of what lies there.
        """
        address, _, fragment = url.partition("#")
        if address not in self.known:
            self.known[address] = self._had(address)
        found = self.known[address]
        if isinstance(found, NotAtHand):
            raise NotAtHand(found.url, found.reason, str(found), gone=found.gone)
        return _inside(found, url) if fragment else found

    def _had(self, url: str) -> Found | NotAtHand:
        stored = self._stored(url)
        if not self.asking.is_open:
            detail = f"it lies at {url}"
            return stored or NotAtHand(url, "object-not-at-hand", detail)
        try:
            return self._fetched(url)
        except NotAtHand as error:
            # Taken down is an answer; silence leaves what the operator keeps.
            return error if error.gone else stored or error

    def _stored(self, url: str) -> Found | None:
        for one in self.trust.dids:
            is_about_it = one.did == url == id_of(one.document)
            if is_about_it and is_plain(one.document):
                return Found(url, one.document, "stored", one.stored_at, one.sha256)
        return None

    def _fetched(self, url: str) -> Found:
        if not url.startswith("https://"):
            raise NotAtHand(url, "not-https", f"{url} is no https address")
        if len(self.known) >= MAX_OBJECTS:
            detail = f"more than the {MAX_OBJECTS} addresses that are asked"
            raise NotAtHand(url, "unreachable", detail)
        try:
            refuse_address(url)
            request = Request(url, accept=ACCEPT, limit=MAX_OBJECT)
            body = self.asking.fetch(request).body
            content = strict_json.loads_object(body, max_bytes=MAX_OBJECT)
        except FetchError as error:
            gone = error.detail == _GONE
            detail = f"{url}: {error.why}"
            raise NotAtHand(url, "unreachable", detail, gone=gone) from error
        except (Forbidden, InputError) as error:
            detail = f"{url}: {error}"
            raise NotAtHand(url, "object-unusable", detail) from error
        if id_of(content) != url or not is_plain(content):
            # What calls itself otherwise is not what this address is about.
            detail = f"{url}: what lies there is not an Open Badge 2.0 of this address"
            raise NotAtHand(url, "object-unusable", detail)
        digest = hashlib.sha256(body).hexdigest()
        self.asking.lines[-1] |= {"sha256": digest, "text": body.decode()}
        return Found(url, content, "fetched", self.now, digest)


def _inside(found: Found, url: str) -> Found:
    for node in objects(found.content):
        if id_of(node) == url:
            return Found(url, node, found.how, found.at, found.sha256)
    raise NotAtHand(url, "object-unusable", f"{found.url}: nothing there is called so")


def address_of(value: Any) -> str | None:
    """The address of a description, which may stand in the place of its address."""
    if isinstance(value, Mapping):
        return id_of(value)
    return value if isinstance(value, str) else None


def differing(copy: Mapping[str, Any], original: Mapping[str, Any]) -> list[str]:
    """What a copy of a hosted badge says otherwise than the badge; names only."""
    return [
        name
        for name in _ESSENTIAL
        if name in copy and _plain(copy[name]) != _plain(original.get(name))
    ]


def _plain(value: Any) -> Any:
    """A description by its address: a copy may have put it in its place."""
    address = address_of(value)
    return value if address is None else address
