"""The status lists of one run: fetched or handed over, each verified once.

A list is fetched from the address that a credential names, once in a run and over
https only; one that was handed over is found by the id that its issuer signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from edc_issuer import strict_json
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import FetchError, InputError
from edc_issuer.fetch import Request
from edc_issuer.formats import recognise
from edc_issuer.models.tree import id_of
from edc_issuer.report import Report
from edc_issuer.status.lists import is_list
from edc_issuer.verify.online import Asking, is_https

MAX_FETCHED = 16  # addresses of lists in one run, whatever the file names
MAX_HANDED = 20  # lists handed over; each is verified as a whole
_ACCEPT = "application/vc, application/vc+jwt, application/ld+json, application/json"


class NotFollowed(InputError):
    """Nothing follows from this list; `reason` says why."""

    code = "status-list-unreadable"

    @property
    def is_silence(self) -> bool:
        """Whether there was no list at all, rather than a bad one."""
        return self.reason in ("offline", "unreachable")


@dataclass(slots=True)
class Lists:
    """The lists of one run: fetched or handed over, each verified once.

    `verify` judges the bytes of a list as a file of its own, without following its
    status; `now` is the moment by which it has to be current.
    """

    verify: Callable[[bytes], Report]
    asking: Asking
    now: datetime
    as_of: datetime | None = None
    handed: Sequence[bytes] = ()
    fetched: dict[str, bytes | str] = field(default_factory=dict)
    judged: dict[bytes, Report] = field(default_factory=dict)

    def of(self, data: bytes) -> Report:
        """The report on a list, made once."""
        if data not in self.judged:
            self.judged[data] = self.verify(data)
        return self.judged[data]

    def fetch(self, url: str) -> bytes:
        """The bytes at the list's own address; `NotFollowed` says why not.

        An address is asked once in a run, whoever names it.
        """
        if url not in self.fetched:
            self.fetched[url] = self._asked(url)
        answer = self.fetched[url]
        if isinstance(answer, str):
            raise NotFollowed(answer, reason=_unreached(answer))
        return answer

    def _asked(self, url: str) -> bytes | str:
        if not self.asking.is_open:
            return "offline"
        if len(self.fetched) >= MAX_FETCHED:
            return f"more than {MAX_FETCHED} lists"
        if not is_https(url):
            return "not an https address"
        request = Request(url, accept=_ACCEPT, limit=strict_json.MAX_BYTES)
        try:
            return self.asking.fetch(request).body
        except FetchError as error:
            return error.why

    def handed_over(self, url: str) -> Iterator[Report]:
        """The lists among the evidence whose signed id is this address."""
        for data in self.handed[:MAX_HANDED]:
            report = self.of(data)
            if report.content is not None and id_of(report.content) == url:
                yield report


def _unreached(why: str) -> str:
    return "offline" if why == "offline" else "unreachable"


def is_status_list(data: bytes) -> bool:
    """Whether a piece of evidence is a status list, however it is secured."""
    try:
        return is_list(_content(data))
    except InputError:
        return False


def _content(data: bytes) -> Any:
    """What a file says, unverified and without work on embedded proofs."""
    if data[:64].lstrip().startswith(b"{"):
        members = strict_json.loads_object(data)
        if "@context" in members:
            return members
    elif not data[:64].lstrip().startswith(b"ey"):
        return None
    securing = recognise(data)
    if securing.id == "data-integrity":
        return None
    envelope = securing.open(data, documents=BUNDLED)
    return securing.covered(envelope, envelope.proofs[0]) if envelope.proofs else None
