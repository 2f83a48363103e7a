"""32 processes reserve and revoke at once in one SQLite book, and are killed.

The same on a real PostgreSQL is `interop/test_status_postgres.py`.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from conftest import rounds
from edc_issuer.status import StatusBook
from status_crowd import check, crowd

pytestmark = pytest.mark.long


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(10)))
def test_no_position_is_handed_out_twice_and_no_revocation_lost(
    tmp_path: Path, seed: int
) -> None:
    where = str(tmp_path / "knjiga.sqlite")
    StatusBook.create(where, url="https://zgled.example/status")

    told = crowd(where, tmp_path / "notes", seconds=1.5, size=256, seed=seed)

    check(told, where)


def test_a_writer_that_is_stopped_does_not_keep_the_others_out(tmp_path: Path) -> None:
    """Killed between two statements, it leaves nothing that anybody waits for."""
    where = str(tmp_path / "knjiga.sqlite")
    book = StatusBook.create(where, url="https://zgled.example/status")
    book.reserve("urn:uuid:1")
    process = os.fork()
    if not process:
        with book._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE status_position SET value = 1")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)

    assert not book.standing("urn:uuid:1").is_revoked
    assert book.revoke("urn:uuid:1", "po pomoti", by="ana")
