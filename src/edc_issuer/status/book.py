"""`StatusBook`: which credential has which position, and which was withdrawn.

A school keeps one book. Before a credential is made it is given a random position in
an open list for each purpose; afterwards `revoke`, `suspend` and `reinstate` change
what the lists say, and `publishing.publish` signs them. Bitstring Status List v1.0
sections 2.1 (positions at random), 3.1 and 3.3.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from edc_issuer.errors import ConfigError
from edc_issuer.status.bits import MIN_ENTRIES, StatusList
from edc_issuer.status.standing import (
    PURPOSES,
    REVOCATION,
    SUSPENSION,
    ForEver,
    Listed,
    Logged,
    NotInBook,
    Place,
    Standing,
)
from edc_issuer.status.tables import (
    VERSION,
    engine,
    metadata,
    transaction,
    unless_there,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData

SIZE = MIN_ENTRIES
# The next list is opened when one is half full: a free position is then found by
# the second draw, and where a credential stands says nothing of when it was made.
HALF = SIZE // 2
MAX_ID = 2000  # bytes; an index of PostgreSQL holds some more
MAX_REASON = 2000


@dataclass(frozen=True, slots=True)
class StatusBook:
    """A book that is open; safe to use from many processes at once.

    `url` is the address below which the lists are published, fixed when the book is
    made: it stands in every credential.
    """

    url: str
    _engine: Engine = field(repr=False)
    _tables: MetaData = field(repr=False)

    @classmethod
    def create(cls, where: str | Path, *, url: str) -> Self:
        """A new book at a path (SQLite) or in a database (`postgresql://...`).

        `url` is an https address without query. `ConfigError` where there is a book
        already.
        """
        address = _address(url)
        base, tables = engine(where, create=True), metadata()
        with transaction(base) as connection:
            tables.create_all(connection)
            if _noted(connection, tables):
                raise ConfigError("there is a status book already; nothing was changed")
            notes = {"version": VERSION, "url": address}
            connection.execute(
                tables.tables["status_book"].insert(),
                [{"name": name, "value": value} for name, value in notes.items()],
            )
        return cls(address, base, tables)

    @classmethod
    def open(cls, where: str | Path) -> Self:
        """The book at a path or in a database; `ConfigError` where there is none."""
        import sqlalchemy

        base, tables = engine(where, create=False), metadata()
        with transaction(base) as connection:
            if not sqlalchemy.inspect(connection).has_table("status_book"):
                raise ConfigError("there is no status book in this database")
            notes = _noted(connection, tables)
        if notes.get("version") != VERSION:
            raise ConfigError("the status book was made by another version")
        return cls(notes["url"], base, tables)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._engine.dispose()

    # --- positions ---

    def reserve(
        self, credential: str, *, purposes: Sequence[str] = (REVOCATION,)
    ) -> tuple[Place, ...]:
        """The positions of a credential, one for each purpose; the same each time.

        They are the credential's from the moment this returns, whether or not it is
        ever issued.
        """
        if unknown := [one for one in purposes if one not in PURPOSES]:
            raise ConfigError(f"no lists are kept for {unknown[0]!a}")
        with transaction(self._engine) as connection:
            # In one order everywhere, so that two processes cannot wait in a ring.
            return tuple(
                self._place(connection, credential, purpose)
                for purpose in PURPOSES
                if purpose in purposes
            )

    def _place(self, connection: Connection, credential: str, purpose: str) -> Place:
        known = self._known(connection, credential, purpose)
        if known is not None:
            return known
        number = self._open_list(connection, purpose)
        # Whoever waited for the list may find that the other one served the same.
        known = self._known(connection, credential, purpose)
        if known is not None:
            return known
        position = self._drawn(connection, credential, purpose, number)
        lists = self._tables.tables["status_list"]
        connection.execute(
            lists.update()
            .where(lists.c.purpose == purpose, lists.c.number == number)
            .values(taken=lists.c.taken + 1)
        )
        return Place(purpose, number, position)

    def _known(
        self, connection: Connection, credential: str, purpose: str
    ) -> Place | None:
        _check_id(credential)
        places = self._tables.tables["status_position"]
        row = connection.execute(
            places.select().where(
                places.c.credential == credential, places.c.purpose == purpose
            )
        ).first()
        if row is None:
            return None
        return Place(purpose, row.number, row.position, bool(row.value))

    def _open_list(self, connection: Connection, purpose: str) -> int:
        """The list that takes credentials now, held for this transaction."""
        lists = self._tables.tables["status_list"]
        while True:
            last = connection.execute(
                lists.select()
                .where(lists.c.purpose == purpose)
                .order_by(lists.c.number.desc())
                .limit(1)
                .with_for_update()
            ).first()
            if last is not None and last.taken < HALF:
                return int(last.number)
            number = last.number + 1 if last is not None else 1
            row = {"purpose": purpose, "number": number, "taken": 0}
            connection.execute(unless_there(connection, lists, row))

    def _drawn(
        self, connection: Connection, credential: str, purpose: str, number: int
    ) -> int:
        """A position that was free and is this credential's now."""
        places = self._tables.tables["status_position"]
        while True:
            position = secrets.randbelow(SIZE)
            row = {
                "purpose": purpose,
                "number": number,
                "position": position,
                "credential": credential,
                "value": 0,
            }
            insertion = unless_there(connection, places, row)
            # Not every driver counts the rows of an insertion; all return them.
            done = connection.execute(insertion.returning(places.c.position))
            if done.first() is not None:
                return position

    # --- what was withdrawn ---

    def revoke(
        self, credential: str, reason: str, *, by: str, at: datetime | None = None
    ) -> bool:
        """Withdraw a credential for ever; False where it was revoked already."""
        with transaction(self._engine) as connection:
            return self._set(connection, credential, REVOCATION, 1) and self._note(
                connection, "revoke", credential, reason, by=by, at=at
            )

    def suspend(
        self, credential: str, reason: str, *, by: str, at: datetime | None = None
    ) -> bool:
        """Withdraw a credential until `reinstate`; False where it is suspended."""
        with transaction(self._engine) as connection:
            self._refuse_revoked(connection, credential)
            return self._set(connection, credential, SUSPENSION, 1) and self._note(
                connection, "suspend", credential, reason, by=by, at=at
            )

    def reinstate(
        self, credential: str, reason: str, *, by: str, at: datetime | None = None
    ) -> bool:
        """End a suspension; False where there is none. A revocation is for ever."""
        with transaction(self._engine) as connection:
            self._refuse_revoked(connection, credential)
            return self._set(connection, credential, SUSPENSION, 0) and self._note(
                connection, "reinstate", credential, reason, by=by, at=at
            )

    def supersede(
        self, old: str, new: str, reason: str, *, by: str, at: datetime | None = None
    ) -> bool:
        """Revoke a credential because another one, of this book, replaces it."""
        if old == new:
            raise ConfigError(
                "a credential does not replace itself; if the corrected file was "
                "written over the older one, name that one by its id"
            )
        with transaction(self._engine) as connection:
            if self._known(connection, new, REVOCATION) is None:
                raise NotInBook(_UNKNOWN.format(credential=ascii(new)))
            self._refuse_revoked(connection, new)
            changed = self._set(connection, old, REVOCATION, 1)
            self._note(connection, "supersede", old, reason, by=by, at=at, other=new)
            return changed

    def _refuse_revoked(self, connection: Connection, credential: str) -> None:
        known = self._known(connection, credential, REVOCATION)
        if known is not None and known.is_set:
            raise ForEver(f"{credential!a} was revoked, and that is for ever")

    def _set(
        self, connection: Connection, credential: str, purpose: str, value: int
    ) -> bool:
        """Whether the value is another one now; `NotInBook`."""
        known = self._known(connection, credential, purpose)
        if known is None:
            raise NotInBook(_WHY_NOT[purpose].format(credential=ascii(credential)))
        places = self._tables.tables["status_position"]
        done = connection.execute(
            places.update()
            .where(
                places.c.credential == credential,
                places.c.purpose == purpose,
                places.c.value != value,
            )
            .values(value=value)
        )
        return done.rowcount == 1

    def _note(
        self,
        connection: Connection,
        action: str,
        credential: str,
        reason: str,
        *,
        by: str,
        at: datetime | None,
        other: str | None = None,
    ) -> bool:
        if not reason.strip():
            raise ConfigError("say why: the reason stands in the book, not in the list")
        moment = at or datetime.now(UTC)
        connection.execute(
            self._tables.tables["status_log"].insert(),
            {
                "at": moment.astimezone(UTC).isoformat(timespec="seconds"),
                "by": _plain(by)[:200],
                "action": action,
                "credential": credential,
                "other": other,
                "reason": _plain(reason)[:MAX_REASON],
            },
        )
        return True

    # --- what the book says ---

    def standing(self, credential: str) -> Standing:
        """What is known of a credential; `NotInBook`."""
        with transaction(self._engine) as connection:
            found = [self._known(connection, credential, one) for one in PURPOSES]
            places = tuple(place for place in found if place is not None)
            if not places:
                raise NotInBook(_UNKNOWN.format(credential=ascii(credential)))
            return Standing(
                credential, places, tuple(self._log(connection, credential))
            )

    def _log(self, connection: Connection, credential: str) -> Iterator[Logged]:
        log = self._tables.tables["status_log"]
        for row in connection.execute(
            log.select().where(log.c.credential == credential).order_by(log.c.entry)
        ):
            moment = datetime.fromisoformat(row.at)
            yield Logged(
                moment, row.by, row.action, row.credential, row.reason, row.other
            )

    def lists(self) -> tuple[Listed, ...]:
        """Every list with its bits, all of one moment.

        There is one for each purpose from the start, so that what is published does
        not say whether anything was issued yet.
        """
        lists = self._tables.tables["status_list"]
        places = self._tables.tables["status_position"]
        with transaction(self._engine) as connection:
            # In this order: a list that is opened meanwhile has nothing set yet.
            is_set = places.select().where(places.c.value == 1)
            marked = connection.execute(is_set).all()
            opened = connection.execute(lists.select()).all()
        last = dict.fromkeys(PURPOSES, 1)
        for row in opened:
            last[row.purpose] = max(last[row.purpose], row.number)
        bits = {
            (purpose, number): bytearray(SIZE // 8)
            for purpose in PURPOSES
            for number in range(1, last[purpose] + 1)
        }
        for row in marked:
            bits[row.purpose, row.number][row.position // 8] |= 0x80 >> row.position % 8
        return tuple(
            Listed(purpose, number, StatusList(bytes(data)))
            for (purpose, number), data in bits.items()
        )


_UNKNOWN = "{credential} is not in this status book; was it issued with --status?"
_WHY_NOT = {
    REVOCATION: _UNKNOWN,
    SUSPENSION: "{credential} was issued without a place for suspension "
    "(--suspension); it can be revoked only, if it is in this book",
}


def _noted(connection: Connection, tables: MetaData) -> dict[str, str]:
    rows = connection.execute(tables.tables["status_book"].select())
    return {row.name: row.value for row in rows}


def _check_id(credential: str) -> None:
    try:
        length = len(credential.encode())
    except UnicodeEncodeError as error:
        raise ConfigError("an id with half a letter in it") from error
    if not 0 < length <= MAX_ID or "\0" in credential:
        raise ConfigError(f"an id of {length} bytes has no place in a book")


def _plain(text: str) -> str:
    """What every database can hold: no half letters, no NUL."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _address(url: str) -> str:
    """The address as lists and credentials state it: https, no query, no slash."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(
            f"{url!a}: lists are published at an https address, such as "
            "https://www.example.org/status"
        )
    return url.rstrip("/")
