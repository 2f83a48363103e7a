"""Which record ids were seen already, in about 24 bytes each.

A digest of 64 bits stands for an id: among a million ids two are taken for one
another once in thirty million readings, and then a row is refused, never issued twice.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from array import array
from collections.abc import Iterable, Iterator

from edc_issuer.columns.problems import problem
from edc_issuer.record import CredentialRecord
from edc_issuer.sources.base import Entry, RowProblem


class Seen:
    """A table with open addressing; it never holds an id itself."""

    def __init__(self) -> None:
        self._key = os.urandom(16)  # nobody can prepare ids that collide
        self._sources: list[str] = []
        self._count = 0
        self._digests = array("Q", bytes(8 * 1024))
        self._rows = array("I", bytes(4 * 1024))
        self._files = array("H", bytes(2 * 1024))

    def row_of(self, record: CredentialRecord, source: str, row: int) -> str | None:
        """Where the award stood before (`awards.csv 5`), else None and it is noted.

        A correction has the id of what it corrects and the next revision.
        """
        name = self._name(record.record_id)
        award = f"{record.award.revision or 1} {name}".encode()
        digest = hashlib.blake2b(award, digest_size=8, key=self._key)
        number = int.from_bytes(digest.digest()) or 1
        at = self._find(number)
        if self._digests[at]:
            return f"{self._sources[self._files[at]]} {self._rows[at]}"
        self._digests[at] = number
        self._rows[at] = row
        self._files[at] = self._source(source)
        self._count += 1
        if self._count * 3 > len(self._digests) * 2:
            self._grow()
        return None

    def _name(self, record_id: str) -> str:
        return record_id

    def _source(self, source: str) -> int:
        if not self._sources or self._sources[-1] != source:
            self._sources.append(source)
        return len(self._sources) - 1

    def _find(self, number: int) -> int:
        mask = len(self._digests) - 1
        at = number & mask
        while self._digests[at] not in (0, number):
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old = self._digests, self._rows, self._files
        size = len(self._digests) * 2
        self._digests = array("Q", bytes(8 * size))
        self._rows = array("I", bytes(4 * size))
        self._files = array("H", bytes(2 * size))
        for number, row, file in zip(*old, strict=True):
            if number:
                at = self._find(number)
                self._digests[at], self._rows[at], self._files[at] = number, row, file


class _Alike(Seen):
    """Takes for one id what a person does: in capitals, torn letters, with a space."""

    def _name(self, record_id: str) -> str:
        return unicodedata.normalize("NFC", record_id.casefold()).strip()


def distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries; of two whose ids look alike, the second gives no record."""
    seen = _Alike()
    for entry in entries:
        first = None
        if entry.record is not None:
            first = seen.row_of(entry.record, entry.source, entry.row)
        if first is None:
            yield entry
            continue
        twice = problem("id-twice", "record_id", first=first)
        told = RowProblem(entry.source, entry.row, "record_id", twice)
        yield Entry(entry.source, entry.row, None, (*entry.problems, told))
