"""What is known of a row before any work is done for it: its id, file and fate.

The journal says whether the award was issued before, and with the same content; the
rows above say whether it stands in the list twice. Whatever remains is work.
"""

from __future__ import annotations

import hashlib
import pickle
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from edc_issuer.batch.index import Index, alike
from edc_issuer.batch.journal import Journal, Line
from edc_issuer.canonical.jcs import jcs
from edc_issuer.errors import InputError, Problem
from edc_issuer.issue import Profile, credential_id
from edc_issuer.record import CredentialRecord
from edc_issuer.sources import Entry, RowProblem

MAX_ID = 2_000  # letters of a record id or credential id; a journal line stays short
MAX_NAME = 120  # bytes of a learner's name in a file name, which has 255 at most
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SOURCES = 2**32  # rows of one source; the number of the source lies above them


@dataclass(frozen=True, slots=True)
class Item:
    """One row on its way.

    `record` is the record, pickled for its way to a worker; None where nothing is to
    be done. `line` is what the journal says of an award that was issued before.
    `refused` marks an award that may not be certified, rather than a fault that can
    be mended.
    """

    source: str
    row: int
    record_id: str = ""
    revision: int = 1
    digest: str = ""
    credential_id: str = ""
    file: str = ""
    record: bytes | CredentialRecord | None = field(default=None, repr=False)
    problems: tuple[RowProblem, ...] = ()
    refused: bool = False
    line: Line | None = None

    @property
    def is_work(self) -> bool:
        """Whether somebody has to make a credential of it."""
        return not self.problems and self.line is None


@dataclass(slots=True)
class Preparing:
    """Makes an `Item` of each entry; remembers the rows it has seen, on disk.

    Where the records stay in this process they are not `pickled`.
    """

    profile: Profile
    id_secret: bytes | None
    language: str | None
    names: bool
    journal: Journal | None
    seen: Index
    pickled: bool = True
    sources: list[str] = field(default_factory=list)

    def items(self, entries: Iterable[Entry | CredentialRecord]) -> Iterator[Item]:
        """One item an entry, in the order of the entries."""
        for number, entry in enumerate(entries, 1):
            if isinstance(entry, CredentialRecord):
                entry = Entry("", number, entry)
            yield self._item(entry)

    def _item(self, entry: Entry) -> Item:
        record = entry.record
        if record is None or entry.problems:
            problems = entry.problems or (_nothing(entry),)
            record_id = record.record_id if record else ""
            return Item(entry.source, entry.row, record_id, problems=problems)
        try:
            return self._known(entry, record)
        except InputError as error:  # half a character, a number beyond all bounds
            return _bad(entry, record, Problem("", error.reason, str(error)))

    def _known(self, entry: Entry, record: CredentialRecord) -> Item:
        own_id = credential_id(
            record, self.profile, id_secret=self.id_secret, language=self.language
        )
        revision = record.award.revision or 1
        line = self.journal.find(record.record_id, revision) if self.journal else None
        digest = digest_of(record) if self.journal else ""
        problem = (
            _too_long(record, own_id)
            or self._duplicate(entry, record, own_id)
            or self._other_content(record, own_id, digest, line)
        )
        if problem:
            return _bad(entry, record, problem)
        return Item(
            entry.source,
            entry.row,
            record.record_id,
            revision,
            digest,
            own_id,
            self._file(record, own_id),
            None if line else self._packed(record),
            line=line,
        )

    def _packed(self, record: CredentialRecord) -> bytes | CredentialRecord:
        if not self.pickled:
            return record
        return pickle.dumps(record, pickle.HIGHEST_PROTOCOL)

    def _duplicate(
        self, entry: Entry, record: CredentialRecord, own_id: str
    ) -> Problem | None:
        """The first row that speaks of an award is the one that counts."""
        revision = str(record.award.revision or 1)
        award = ("record", alike(record.record_id), revision)
        for path, key in (("record_id", award), ("credential_id", ("id", own_id))):
            before = self.seen.get(*key)
            if before is not None:
                return self._stands_twice(path, before, entry)
            self.seen.put(*key, value=self._place(entry))
        return None

    def _place(self, entry: Entry) -> int:
        if self.sources[-1:] != [entry.source]:  # one after the other
            self.sources.append(entry.source)
        return (len(self.sources) - 1) * _SOURCES + entry.row

    def _stands_twice(self, path: str, place: int, entry: Entry) -> Problem:
        source, row = divmod(place, _SOURCES)
        first = self.sources[source]
        where = f"row {row}" if first == entry.source else f"row {row} of {first}"
        message = (
            f"{where} already speaks of this award; leave one of the two out, or give "
            "the other award an id of its own"
        )
        values = {"row": row, "source": first}
        return Problem(path, "batch.duplicate", message, values)

    def _other_content(
        self, record: CredentialRecord, own_id: str, digest: str, line: Line | None
    ) -> Problem | None:
        if self.journal is None:
            return None
        if line is not None:
            return None if line.digest == digest else self._revise(record, line)
        twin = self.journal.find_alike(record.record_id, record.award.revision or 1)
        if twin is not None:
            return _other_letters(twin)
        taken = self.journal.find_credential(own_id)
        if taken is None:
            return None
        message = "another award was issued with this id; give each an id of its own"
        return Problem("credential_id", "batch.credential-id-taken", message)

    def _revise(self, record: CredentialRecord, line: Line) -> Problem:
        assert self.journal is not None
        free = self.journal.latest_revision(record.record_id) + 1
        day = date.fromisoformat(line.issued[:10])
        message = f"issued on {day} with other content: set revision {free}"
        values = {"date": day, "revision": free}
        return Problem("award.revision", "batch.other-content", message, values)

    def _file(self, record: CredentialRecord, own_id: str) -> str:
        """The name of the file: nothing about a person, unless that was asked for."""
        stem = _stem(own_id, self.profile.id_prefix)
        if self.names:
            learner = record.learner
            who = _plain(f"{learner.family_name} {learner.given_name}")
            stem = "-".join(filter(None, (who, stem)))
        return f"{stem}.{self.profile.id}{self.profile.format.suffix}"


def digest_of(record: CredentialRecord) -> str:
    """SHA-256 of the record as canonical JSON, in hexadecimal.

    Without `_source`, which says where the values came from and is never issued: a
    list that was sorted anew says the same. The files that a record names are not
    looked into.
    """
    members = record.to_dict()
    members.pop("_source", None)
    return hashlib.sha256(jcs(members)).hexdigest()


def _stem(own_id: str, prefix: str) -> str:
    """The UUID of a credential id of ours; a digest of one that a school chose."""
    number = own_id.removeprefix(prefix)
    if _UUID.fullmatch(number):
        return number
    return hashlib.sha256(own_id.encode()).hexdigest()[:32]


def _plain(name: str) -> str:
    """A name with the letters of its alphabet, and nothing that a shell would read."""
    composed = unicodedata.normalize("NFC", name)
    plain = re.sub(r"[^\w]+", "-", composed).encode("utf-8", "ignore")
    return plain[:MAX_NAME].decode("utf-8", "ignore").strip("-_")


def _too_long(record: CredentialRecord, own_id: str) -> Problem | None:
    for path, value in (("record_id", record.record_id), ("credential_id", own_id)):
        if len(value) > MAX_ID:
            message = f"has more than {MAX_ID} letters; give it a shorter one"
            return Problem(path, "batch.id-too-long", message, {"limit": MAX_ID})
    return None


def _other_letters(twin: Line) -> Problem:
    day = date.fromisoformat(twin.issued[:10])
    message = (
        f"issued on {day} under an id that differs only in capitals, blanks or how "
        "its letters are encoded; write the id as it was written then"
    )
    return Problem("record_id", "batch.id-alike", message, {"date": day})


def _bad(entry: Entry, record: CredentialRecord, problem: Problem) -> Item:
    found = (RowProblem(entry.source, entry.row, "", problem),)
    return Item(entry.source, entry.row, record.record_id, problems=found)


def _nothing(entry: Entry) -> RowProblem:
    message = "holds no record"
    return RowProblem(
        entry.source, entry.row, "", Problem("", "batch.no-record", message)
    )
