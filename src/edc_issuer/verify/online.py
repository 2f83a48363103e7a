"""What is asked while a file is verified, where the caller opened the door.

Only where the seal fits the file, and only about certificates whose path leads to
somebody the operator trusts and holds: the addresses then come from an authority that
is believed, not from a stranger's file. Nothing that the file brings along spares a
question: good news of yesterday is what a thief would add.
Every answer is evidence like any other and counts by its own signature and age; every
address that was asked stands in the report.

The documents of keys are another matter: nobody signs them, and a key is needed before
anything is known of a file. They are asked of the addresses in the file, under the
guard of the door and within the bounds of `trust.controllers`, and the report keeps
their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509

from edc_issuer.errors import FetchError
from edc_issuer.fetch import CLOSED, Fetcher, Request, Response
from edc_issuer.trust import Trust
from edc_issuer.trust.controllers import Captures, Controllers
from edc_issuer.trust.did import Fetch
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.methods import KeyDocument
from edc_issuer.trust.path import PathResult, build_path

if TYPE_CHECKING:
    from edc_issuer.verify.stamps import Timeline

MAX_ASKED = 200  # questions of one run; a file with one seal asks some ten
MAX_SILENT = 6  # addresses that did not answer; then no more are asked
_SILENCE = frozenset({"timeout", "unreachable"})


@dataclass(slots=True)
class Asking:
    """A `Fetcher` that writes down what was asked through another one."""

    door: Fetcher = CLOSED
    lines: list[dict[str, Any]] = field(default_factory=list)
    captures: Captures = field(default_factory=Captures)
    told: Evidence = field(default_factory=Evidence)
    silent: dict[str, FetchError] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.door is not CLOSED

    def fetch(self, request: Request) -> Response:
        self._refuse(request.url)
        line: dict[str, Any] = {"url": request.url, "method": request.method}
        self.lines.append(line)
        try:
            response = self.door.fetch(request)
        except FetchError as error:
            line["why"] = error.why
            if error.why in _SILENCE:
                self.silent[request.url] = error
            raise
        line |= {"status": response.status, "bytes": len(response.body)}
        return response

    def _refuse(self, url: str) -> None:
        """`FetchError` for who was silent before, and after too many questions.

        A file holds thousands of credentials, each with its seal, and each question
        costs time: theirs, and whoever waits for the report.
        """
        known = self.silent.get(url)
        if known is not None:
            raise FetchError(url, known.why, known.detail, inner=known.inner)
        if len(self.lines) >= MAX_ASKED or len(self.silent) >= MAX_SILENT:
            raise FetchError(url, "unavailable", "too many questions in one run")

    def keys(self, now: datetime) -> Fetch | None:
        """How documents of keys are fetched in this run; None where nobody may ask."""
        if not self.is_open:
            return None
        return Controllers(self, now, self.captures, self._capture).fetch

    def _capture(self, document: KeyDocument, text: str) -> None:
        """Keep what was found beside its address, so that a report can be checked."""
        self.lines[-1] |= {"at": document.at, "sha256": document.sha256, "text": text}


def asked(
    certificate: x509.Certificate | None,
    timeline: Timeline,
    trust: Trust,
    asking: Asking,
    *,
    at: datetime,
    now: datetime,
) -> Evidence:
    """What authorities say today of a seal and of its timestamps; nothing is raised."""
    # Here, because most runs ask nobody.
    from edc_issuer.trust.collect import gather

    found = asking.told  # by this run: of one authority once is enough
    for path in _paths(certificate, timeline, trust, at):
        found = (
            found
            + gather(path, asking, at=now, known=found, pool=timeline.pool).evidence
        )
    asking.told = found
    return found


def _paths(
    certificate: x509.Certificate | None,
    timeline: Timeline,
    trust: Trust,
    at: datetime,
) -> Iterator[PathResult]:
    """The paths that end in an anchor: the seal's, and those nothing is known of."""
    pool = timeline.pool
    wanted = []
    if certificate is not None:
        moment = timeline.proved_at or at
        anchors = trust.seal_anchors_for(certificate, pool, signed_at=moment)
        wanted.append((certificate, anchors, moment))
    for stamp in timeline.stamps:
        is_asked = stamp.proves or stamp.reason == "tsa-unchecked"
        if is_asked and stamp.authority and stamp.time:
            near = (stamp.authority, *pool)
            anchors = trust.timestamp_anchors_for(near, gen_time=stamp.time)
            wanted.append((stamp.authority, anchors, stamp.time))
    for one, anchors, moment in wanted:
        path = build_path(one, pool=pool, anchors=anchors, at=moment)
        if path.anchor is not None and (path.is_good or path.reason == "expired"):
            yield path


def is_https(url: str) -> bool:
    """Whether an address that a stranger wrote is one of https."""
    try:
        return urlsplit(url).scheme == "https"
    except ValueError:  # a bracket without its fellow
        return False
