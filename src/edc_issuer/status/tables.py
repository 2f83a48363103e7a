"""Where a status book is kept: four tables in SQLite or PostgreSQL.

Every change is one transaction, so that a process that is killed in the middle has
changed nothing. On SQLite writers wait for each other (BEGIN IMMEDIATE); on PostgreSQL
they wait for the row of the list that they take a position from. That no position is
handed out twice is kept by the primary key of `position`, whatever a program does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edc_issuer.errors import ConfigError
from edc_issuer.keys.files import PRIVATE

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData, Table

VERSION = "1"
WAIT_S = 60  # how long one writer waits for the others
_URL = re.compile(r"[a-z][a-z0-9+]*://")
_POSTGRES = re.compile(r"postgres(ql)?(\+psycopg)?://")
_NEEDS = (
    "a status book needs SQLAlchemy, which is not installed; with pip: "
    "pip install 'edc-issuer[status]' (for PostgreSQL 'edc-issuer[postgres]')"
)


def metadata() -> MetaData:
    """The tables; `position` has one row a credential and purpose."""
    sa = _sqlalchemy()
    made: MetaData = sa.MetaData()
    sa.Table(
        "status_book",
        made,
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    sa.Table(
        "status_list",
        made,
        sa.Column("purpose", sa.String(20), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("taken", sa.Integer, nullable=False),
    )
    sa.Table(
        "status_position",
        made,
        sa.Column("purpose", sa.String(20), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("credential", sa.String(2000), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.UniqueConstraint("credential", "purpose"),
    )
    sa.Table(
        "status_log",
        made,
        sa.Column(
            "entry",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("credential", sa.String(2000), nullable=False, index=True),
        sa.Column("other", sa.String(2000)),
        sa.Column("reason", sa.Text, nullable=False),
    )
    return made


def engine(where: str | Path, *, create: bool) -> Engine:
    """The database at a path (SQLite) or a `postgresql://` URL; `ConfigError`."""
    sa = _sqlalchemy()
    text = str(where)
    if _POSTGRES.match(text):
        _require_psycopg()
        return _engine(
            sa,
            _POSTGRES.sub("postgresql+psycopg://", text, count=1),
            {"connect_timeout": WAIT_S},
        )
    if _URL.match(text) and not text.startswith("sqlite:///"):
        raise ConfigError(
            f"{text.partition(':')[0]}: a book is a file or postgresql://"
        )
    path = Path(text.removeprefix("sqlite:///"))
    if not create and not path.is_file():
        raise ConfigError(
            f"{path}: there is no status book; `edc-issuer status init` makes one"
        )
    if create:
        _made_private(path)
    return _embedded(sa, path)


def _made_private(path: Path) -> None:
    """An empty file for its owner alone: reasons and ids are nobody else's business.

    What SQLite lays beside it has the same rights.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error


def _engine(sa: Any, url: Any, connect: dict[str, Any]) -> Engine:
    """Connections are not kept: after a fork two processes would share one."""
    made: Engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=connect)
    return made


def _embedded(sa: Any, path: Path) -> Engine:
    url = sa.URL.create("sqlite", database=str(path))
    made = _engine(sa, url, {"timeout": WAIT_S})

    def connected(connection: Any, record: object) -> None:
        del record
        # The driver would begin a transaction by itself, and as a reader: two such
        # readers that want to write block each other for good.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(made, "connect", connected)
    sa.event.listen(made, "begin", begun)
    return made


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction, whole or not at all; `ConfigError` where the base fails."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        # Its text holds the statement and its values; the cause says what failed.
        raise ConfigError(f"the status book: {_cause(error.orig)}") from error
    except SQLAlchemyError as error:
        raise ConfigError(f"the status book: {type(error).__name__}") from error


def unless_there(connection: Connection, table: Table, row: Mapping[str, Any]) -> Any:
    """An insertion that does nothing where the primary key is taken."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as of_postgres

        rows: Any = of_postgres(table)
    else:
        from sqlalchemy.dialects.sqlite import insert as of_sqlite

        rows = of_sqlite(table)
    keys = [column.name for column in table.primary_key]
    return rows.values(row).on_conflict_do_nothing(index_elements=keys)


def _cause(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def _sqlalchemy() -> Any:
    try:
        import sqlalchemy
    except ImportError as error:
        raise ConfigError(_NEEDS) from error
    return sqlalchemy


def _require_psycopg() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise ConfigError(_NEEDS) from error
