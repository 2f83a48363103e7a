"""Whatever a file holds: entries come out or one clear refusal, never anything else."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edc_issuer.messages import Messages
from edc_issuer.sources import UnreadableRows, read_entries, read_matrix
from edc_issuer.sources.csv_rows import open_csv
from rows import SET, flat_rows, save, text_of

LETTERS = 'aŽćђ1;,"\n\t= |#.\0\u202e\ufeff'
PRINTED = LETTERS.replace("\0", "")
HEADER = ";".join(flat_rows()[0])
QUIET = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(st.binary(max_size=400))
@QUIET
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = save(tmp_path, data)

    for read in (lambda: list(read_entries(path)), lambda: read_matrix(path)):
        with suppress(UnreadableRows):
            read()


@given(
    st.binary(max_size=300), st.sampled_from(["x.xlsx", "x.jsonl", "x.xml", "x.json"])
)
@QUIET
def test_any_bytes_of_another_kind_are_read_or_refused(
    tmp_path: Path, data: bytes, name: str
) -> None:
    path = save(tmp_path, data, name=name)

    with suppress(UnreadableRows):
        for entry in read_entries(path):
            assert (entry.record is None) == bool(entry.problems)


@given(st.lists(st.text(LETTERS, max_size=40), max_size=6))
@QUIET
def test_under_good_headings_any_rows_give_entries(
    tmp_path: Path, lines: list[str]
) -> None:
    path = save(tmp_path, "\n".join([HEADER, *lines]))

    entries = list(read_entries(path))

    rows = [entry.row for entry in entries]
    assert rows == sorted(set(rows))
    for entry in entries:
        assert (entry.record is None) == bool(entry.problems)
        for found in entry.problems:
            assert Messages("sl").problem(found.problem)


@given(st.lists(st.lists(st.text(PRINTED, max_size=8), min_size=3, max_size=3)))
@QUIET
def test_cells_come_out_as_another_program_wrote_them(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    """The standard writer is the judge; only its line ends inside cells are changed."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["A", "B", "C"], *rows])
    sheet = open_csv(save(tmp_path, text.getvalue()))

    read = [list(map(str, row.cells)) for row in sheet.rows()]

    assert read == [row for row in rows if any(cell.strip() for cell in row)]


@given(st.lists(st.booleans(), min_size=1, max_size=12))
@QUIET
def test_every_row_that_is_not_blank_gives_exactly_one_entry(
    tmp_path: Path, filled: list[bool]
) -> None:
    row = ";".join(flat_rows()[0].values()).replace('"', "")
    lines = [row if one else ";;;" for one in filled]

    entries = list(read_entries(save(tmp_path, "\n".join([HEADER, *lines]))))

    wanted = [number for number, one in enumerate(filled, start=2) if one]
    assert [entry.row for entry in entries] == wanted


def test_an_open_quotation_mark_before_many_rows_costs_itself_alone(
    tmp_path: Path,
) -> None:
    plain = {name: cell.replace(";", ",") for name, cell in flat_rows()[0].items()}
    rows = [plain | {"record_id": f"ECO-{n}"} for n in range(300)]
    lines = text_of(rows).splitlines()
    lines[5] = lines[5].replace(";Ana;", ';"Ana;')

    entries = list(read_entries(save(tmp_path, "\n".join(lines))))

    assert [entry.row for entry in entries] == list(range(2, 302))
    bad = [entry for entry in entries if entry.record is None]
    assert [(one.row, one.problems[0].problem.code) for one in bad] == [
        (6, "row.unclosed")
    ]


@pytest.mark.parametrize(
    ("name", "good"), [("programmes", 0), ("outcomes", 0), ("units", 15)]
)
def test_a_file_of_the_set_that_is_missing_loses_no_row(
    tmp_path: Path, name: str, good: int
) -> None:
    for path in SET.glob("*.csv"):
        if path.stem != name:
            (tmp_path / path.name).write_bytes(path.read_bytes())

    entries = list(read_entries(tmp_path))

    assert len(entries) == 15
    assert sum(entry.record is not None for entry in entries) == good
