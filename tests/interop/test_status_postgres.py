"""A status book in a real PostgreSQL, with 32 processes at once, killed by chance.

`pgserver` brings the server as a Python package; it runs for this module alone, in a
folder of its own, and listens on a socket there and nowhere else.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pgserver
import psycopg
import pytest

from conftest import rounds
from edc_issuer.errors import ConfigError
from edc_issuer.status import StatusBook
from edc_issuer.status.standing import PURPOSES, ForEver
from status_crowd import check, crowd

pytestmark = pytest.mark.interop
URL = "https://zgled.example/status"


@pytest.fixture(scope="module")
def server() -> Iterator[pgserver.PostgresServer]:
    folder = tempfile.mkdtemp(prefix="edc-postgres-")
    started = pgserver.get_server(folder, cleanup_mode="delete")
    yield started
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def where(server: pgserver.PostgresServer, request: pytest.FixtureRequest) -> str:
    """A database of its own for each test."""
    name = f"knjiga_{abs(hash(request.node.name)) % 10**9}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return str(server.get_uri(name))


def test_a_book_in_postgresql_is_a_book(where: str) -> None:
    book = StatusBook.create(where, url=URL)

    places = book.reserve("urn:uuid:č", purposes=PURPOSES)
    book.suspend("urn:uuid:č", "преиспитивање", by="Ђорђе")
    book.reinstate("urn:uuid:č", "v redu", by="Ana")
    book.revoke("urn:uuid:č", "po pomoti", by="Ana")

    again = StatusBook.open(where)
    standing = again.standing("urn:uuid:č")
    assert again.reserve("urn:uuid:č", purposes=PURPOSES)[0].position == (
        places[0].position
    )
    assert (standing.is_revoked, standing.is_suspended) == (True, False)
    assert [line.action for line in standing.log] == ["suspend", "reinstate", "revoke"]
    assert again.lists()[0].bits.is_set(places[0].position)
    with pytest.raises(ForEver):
        again.reinstate("urn:uuid:č", "vseeno", by="Ana")
    with pytest.raises(ConfigError, match="already"):
        StatusBook.create(where, url=URL)


def test_a_database_without_a_book_says_so(where: str) -> None:
    with pytest.raises(ConfigError, match="no status book"):
        StatusBook.open(where)


@pytest.mark.parametrize("seed", range(rounds(10)))
def test_no_position_is_handed_out_twice_and_no_revocation_lost(
    where: str, tmp_path: Path, seed: int
) -> None:
    StatusBook.create(where, url=URL)

    told = crowd(where, tmp_path / "notes", seconds=3, size=256, seed=seed)

    check(told, where)
