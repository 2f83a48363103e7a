"""What a reviewer found who tried to make `batch` destroy, double or hide something.

Each test is a command after which an earlier version had lost a file, issued one
award twice, or told something that was not so; its honest twin stands beside it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from test_batch import Desk, row


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# Files that are none of ours


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps({"dijak": "Žiga Čuček"}), id="json"),
        pytest.param("skrivnost-čšž", id="secret"),
        pytest.param("record_id;family_name\n1;Čeh\n", id="csv"),
    ],
)
def test_a_file_that_is_no_journal_stays_as_it_is(desk: Desk, content: str) -> None:
    desk.write(row(1)).journal.write_text(content, "utf-8")

    run = desk.run()

    assert "is no journal of a batch" in str(run.exception)
    assert desk.journal.read_text("utf-8") == content
    assert desk.files() == []
