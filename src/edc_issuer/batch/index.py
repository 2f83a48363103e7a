"""Which ids have been met, kept on disk: a hundred thousand rows cost no memory.

A private temporary database of SQLite, gone when it is closed. Only digests of ids
lie in it, because record ids can be personal numbers.
"""

from __future__ import annotations

import hashlib
import sqlite3
import unicodedata
from types import TracebackType
from typing import Self

CACHE = 512  # kilobytes that stay in memory


class Index:
    """Ids, each a tuple of texts, and a whole number for each."""

    __slots__ = ("_database",)

    def __init__(self) -> None:
        # The empty name is a file of SQLite's own that no other process can open.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"PRAGMA cache_size = -{CACHE}")
        self._database.execute(
            "CREATE TABLE met (id BLOB PRIMARY KEY, value INTEGER) WITHOUT ROWID"
        )
        self._database.execute("BEGIN")

    def get(self, *key: str) -> int | None:
        """The number of an id; None where it was not met."""
        query = "SELECT value FROM met WHERE id = ?"
        row = self._database.execute(query, (_digest(key),)).fetchone()
        return None if row is None else int(row[0])

    def put(self, *key: str, value: int) -> None:
        """Keep a number for an id, instead of an earlier one."""
        query = "INSERT OR REPLACE INTO met VALUES (?, ?)"
        self._database.execute(query, (_digest(key), value))

    def close(self) -> None:
        """Remove it."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def alike(text: str) -> str:
    """An id as a person sees it: ids that give the same one are taken for the same.

    In small letters, without blanks around it and letters that nobody sees, and č is
    one letter however it is encoded (NFC). A register that tells awards apart by
    capitals alone has to add something: a rejected row is told, a second credential
    for one award is not.
    """
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.casefold().split()))


def _digest(key: tuple[str, ...]) -> bytes:
    """128 bits: two of a billion ids meet with less than one chance in 10^20."""
    # A length in front of each part, so that ("a", "bc") is not ("ab", "c").
    whole = b"".join(
        len(data).to_bytes(8) + data
        for data in (part.encode("utf-8", "surrogatepass") for part in key)
    )
    return hashlib.blake2b(whole, digest_size=16).digest()
