"""`trust update`: fetch the lists, verify them, and keep what they vouch for.

From their addresses, or from a folder of files somebody else fetched. One list that
fails costs nothing else: the last good one of its country stays, and the outcome
says what happened. A list never takes the place of a newer one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from cryptography import x509

from edc_issuer.cms.certificate import issuer_der, name_values, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.seal import COUNTRY
from edc_issuer.errors import ConfigError, FetchError, InputError, ProofInvalid
from edc_issuer.fetch import Fetcher, Request
from edc_issuer.keys.files import read_bounded
from edc_issuer.trust.additions import open_folder
from edc_issuer.trust.directory import is_for_tests
from edc_issuer.trust.lists.lotl import (
    Authority,
    official,
    verify_lotl,
    verify_national,
)
from edc_issuer.trust.lists.model import (
    GRACE,
    LIST_OF_LISTS,
    NATIONAL,
    ListInfo,
    Pointer,
    TrustedList,
)
from edc_issuer.trust.lists.reading import read_list
from edc_issuer.trust.lists.snapshot import LOTL, Lists, clean, keep
from edc_issuer.trust.lists.xades import MAX_BYTES, parse_list

MAX_FILES = 200  # in a folder of lists; the Union has some forty with all pivots
_IN_THE_MAKING = timedelta(hours=1)
_SUFFIXES = (".xml", ".xtsl", ".tsl")
# As lists spell two countries whose ISO codes are others (TS 119 612 clause 5.3.10).
_TERRITORIES = {"GR": "EL", "GB": "UK"}
_ACCEPT = "application/vnd.etsi.tsl+xml, application/xml, text/xml, */*"

Status = Literal["new", "unchanged", "kept", "missing"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one list.

    `new` and `unchanged` are good; after a failure the last good one is `kept`, or
    the list is `missing`, and `reason` (a code) and `detail` say why. `info` is of the
    list that is at hand now, None if there is none.
    """

    territory: str
    status: Status
    info: ListInfo | None = None
    reason: str = ""
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the list was there and verified."""
        return self.status in ("new", "unchanged")


@dataclass(frozen=True, slots=True)
class Update:
    """The outcomes, the list of lists first, and the lists at hand afterwards."""

    outcomes: tuple[Outcome, ...]
    lists: Lists

    @property
    def is_good(self) -> bool:
        """Whether every list that was asked for is there and verified."""
        return all(outcome.is_good for outcome in self.outcomes)


class _Source(Protocol):
    def list_of_lists(self) -> bytes: ...

    def pivot(self, address: str) -> bytes: ...

    def national(self, pointer: Pointer) -> bytes: ...


def update_lists(
    directory: Path,
    *,
    fetcher: Fetcher,
    at: datetime,
    countries: Sequence[str] = (),
    for_certificates: Iterable[x509.Certificate] | None = None,
    source_folder: Path | None = None,
    authority: Authority | None = None,
    test: bool = False,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> Update:
    """Bring the lists of a trust folder up to date.

    `countries` are territories (`SI`, `HR`, ...); `for_certificates` adds those that
    the certificates name as theirs or their issuer's; with neither, all are loaded.
    With `source_folder` nothing is fetched. `authority` is another list of lists than
    the EU's; `test` says that it is one for tests. `tell` hears of each outcome.
    `ConfigError` where the folder is of the other sort or cannot be written.
    """
    authority = authority or official()
    if any(map(is_for_tests, _all_signers(authority))) and not test:
        raise ConfigError(
            "a list of lists for tests; add --test, and a folder of its own for it"
        )
    open_folder(directory, test=test)
    lists = Lists.load(directory)
    _refuse_another(lists, authority, directory)
    source: _Source
    if source_folder is None:
        source = _Online(fetcher, authority)
    else:
        source = _Folder.read(source_folder)
    run = _Run(directory, source, authority, at, tell, lists)
    found = run.list_of_lists()
    asked = [*map(territory, countries), *territories_of(for_certificates or ())]
    if not countries and for_certificates is None:
        asked = run.every(found)
    for one in dict.fromkeys(asked):
        run.national(one, found)
    clean(directory, before=at - _IN_THE_MAKING)
    return Update(tuple(run.outcomes), run.lists)


def _all_signers(authority: Authority) -> Iterator[x509.Certificate]:
    for publication in authority.publications:
        yield from publication.signers


def territory(country: str) -> str:
    """A country's code as lists spell it: `EL` for `gr`."""
    code = country.strip().upper()
    return _TERRITORIES.get(code, code)


def territories_of(certificates: Iterable[x509.Certificate]) -> tuple[str, ...]:
    """Where the subjects and issuers of certificates say they are, sorted."""
    found: set[str] = set()
    for certificate in certificates:
        try:
            names = (subject_der(certificate), issuer_der(certificate))
            found.update(c for name in names for c in name_values(name, COUNTRY))
        except DerError:
            continue
    return tuple(sorted(territory(c) for c in found if len(c) == 2 and c.isalpha()))


@dataclass(slots=True)
class _Run:
    """One update: what is at hand so far, and what was told."""

    directory: Path
    source: _Source
    authority: Authority
    at: datetime
    tell: Callable[[Outcome], None]
    lists: Lists
    outcomes: list[Outcome] = field(default_factory=list)

    def list_of_lists(self) -> TrustedList | None:
        """The list of lists, verified; None where this run cannot go on."""
        publications = self.authority.publications
        try:
            data = self.source.list_of_lists()
            found = verify_lotl(data, publications, pivot=self.source.pivot)
            self._keep(LOTL, found, data, self.authority.url)
        except (FetchError, InputError) as error:
            self._failed(LOTL, error)
            return None
        return found

    def every(self, lotl: TrustedList | None) -> list[str]:
        """All territories there are lists of; those at hand, if nobody says so now."""
        if lotl is None:
            return sorted(set(self.lists.stored) - {LOTL})
        found = {p.territory for p in lotl.pointers if p.type == NATIONAL}
        return sorted(found - {"", LOTL})

    def national(self, one: str, lotl: TrustedList | None) -> None:
        """The list of one territory, or why there is none."""
        try:
            if lotl is None:
                raise ProofInvalid("without a list of lists", reason="no-list-of-lists")
            pointers = lotl.pointers_to(one, NATIONAL)
            if not pointers or one in ("", LOTL):
                detail = "the EU list of lists does not name this country"
                raise ProofInvalid(detail, reason="not-covered")
            self._first(one, pointers, lotl)
        except (FetchError, InputError) as error:
            self._failed(one, error)

    def _first(
        self, one: str, pointers: tuple[Pointer, ...], lotl: TrustedList
    ) -> None:
        """Keep the first list that is there and holds; a country may have moved its."""
        failure: FetchError | InputError | None = None
        for pointer in pointers:
            try:
                data = self.source.national(pointer)
                found = verify_national(data, pointers)
                _refuse_beyond(found, lotl)
                return self._keep(one, found, data, pointer.url)
            except (FetchError, InputError) as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return None

    def _keep(self, one: str, found: TrustedList, data: bytes, url: str) -> None:
        digest = hashlib.sha256(data).hexdigest()
        info = ListInfo(
            one, found.sequence, found.issued, found.next_update, url, self.at, digest
        )
        before = self.lists.stored.get(one)
        if before is not None:
            _refuse_older(found, before.info)
        same = before is not None and before.info.sha256 == digest
        self.lists = keep(self.directory, self.lists, found, info)
        self._say(Outcome(one, "unchanged" if same else "new", info))

    def _failed(self, one: str, error: FetchError | InputError) -> None:
        before = self.lists.stored.get(one)
        reason = error.why if isinstance(error, FetchError) else error.reason
        status: Status = "kept" if before else "missing"
        info = before.info if before else None
        self._say(Outcome(one, status, info, reason, str(error)))

    def _say(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.tell(outcome)


def _refuse_another(lists: Lists, authority: Authority, directory: Path) -> None:
    """Numbers of two lists of lists cannot be compared; each has its own folder."""
    before = lists.stored.get(LOTL)
    if before is not None and before.info.url != authority.url:
        raise ConfigError(
            f"{directory} holds the lists that {before.info.url} names; keep those of "
            f"{authority.url} in another folder"
        )


def _refuse_older(found: TrustedList, before: ListInfo) -> None:
    """Nobody may bring back what was true before a service was withdrawn."""
    if (found.sequence, found.issued) < (before.sequence, before.issued):
        raise ProofInvalid(
            f"number {found.sequence} is older than number {before.sequence}, which "
            "is at hand",
            reason="list-older",
        )


def _refuse_beyond(found: TrustedList, lotl: TrustedList) -> None:
    """An old list of lists does not know which signers were retired since."""
    due = ListInfo(LOTL, 0, lotl.issued, lotl.next_update, "", lotl.issued, "").due
    if found.issued > due + GRACE:
        raise ProofInvalid(
            "issued long after the list of lists that says who may sign it",
            reason="list-of-lists-stale",
        )


@dataclass(frozen=True, slots=True)
class _Online:
    fetcher: Fetcher
    authority: Authority

    def list_of_lists(self) -> bytes:
        return self._fetch(self.authority.url)

    def pivot(self, address: str) -> bytes:
        # Which pivots there are is said by a list that nobody has verified yet.
        if urlsplit(address).netloc != urlsplit(self.authority.url).netloc:
            raise ProofInvalid("a pivot at another place", reason="list-pivot")
        return self._fetch(address)

    def national(self, pointer: Pointer) -> bytes:
        return self._fetch(pointer.url)

    def _fetch(self, url: str) -> bytes:
        request = Request(url, accept=_ACCEPT, limit=MAX_BYTES, signed_answer=True)
        return self.fetcher.fetch(request).body


@dataclass(frozen=True, slots=True)
class _Folder:
    """Files as somebody saved them; each says itself which list it claims to be."""

    path: Path
    lists: tuple[tuple[TrustedList, Path], ...]

    @classmethod
    def read(cls, path: Path) -> _Folder:
        if not path.is_dir():
            raise ConfigError(f"{path}: there is no such folder of lists")
        return cls(path, tuple(cls._claims(path)))

    @staticmethod
    def _claims(path: Path) -> Iterator[tuple[TrustedList, Path]]:
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES)
        if len(files) > MAX_FILES:
            raise ConfigError(f"{path}: more than {MAX_FILES} lists")
        for file in files:
            try:
                data = read_bounded(file, limit=MAX_BYTES)
                yield read_list(parse_list(data)), file
            except InputError:
                continue  # not a list; what is missing then is told

    def list_of_lists(self) -> bytes:
        return self._newest(LIST_OF_LISTS, None, "the list of lists")

    def pivot(self, address: str) -> bytes:
        name = urlsplit(address).path.rpartition("/")[2]
        for _, file in self.lists:
            if file.name == name:
                return read_bounded(file, limit=MAX_BYTES)
        raise FetchError(address, "not-found", f"no file {name} in {self.path}")

    def national(self, pointer: Pointer) -> bytes:
        return self._newest(NATIONAL, pointer.territory, pointer.url)

    def _newest(self, kind: str, one: str | None, what: str) -> bytes:
        claims = [
            (claimed.sequence, file)
            for claimed, file in self.lists
            if claimed.type == kind and one in (None, claimed.territory)
        ]
        if not claims:
            raise FetchError(what, "not-found", f"not in {self.path}")
        return read_bounded(max(claims)[1], limit=MAX_BYTES)
