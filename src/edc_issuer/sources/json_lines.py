"""Records that are records already: one JSON object a line, or one a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from edc_issuer.columns.problems import problem
from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import CredentialRecord
from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.seen import Seen

MAX_LINE = 4 << 20  # bytes; the longest honest record has a hundredth of it
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_lines(path: Path, seen: Seen) -> Iterator[Entry]:
    """One entry a line that is not empty; a faulty line costs itself alone."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            whole = len(line) <= MAX_LINE or line.endswith(b"\n")
            while not whole and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
                if not line:
                    break
            if not whole:
                yield _failed(path, number, [problem("line-too-long", limit=MAX_LINE)])
            elif line.strip():
                mark = _BYTE_ORDER_MARK if number == 1 else b""
                yield _entry(path, number, line.removeprefix(mark), seen)


def read_one(path: Path, seen: Seen) -> Iterator[Entry]:
    """The one record of a JSON file."""
    with path.open("rb") as file:
        data = file.read(MAX_LINE + 1)
    if len(data) > MAX_LINE:
        yield _failed(path, 1, [problem("line-too-long", limit=MAX_LINE)])
    else:
        yield _entry(path, 1, data.removeprefix(_BYTE_ORDER_MARK), seen)


def _entry(path: Path, number: int, line: bytes, seen: Seen) -> Entry:
    try:
        record = CredentialRecord.from_json(line)
    except RecordError as error:
        return _failed(path, number, error.problems)
    first = seen.row_of(record, path.name, number)
    if first is not None:
        return _failed(path, number, [problem("id-twice", "record_id", first=first)])
    return Entry(path.name, number, record)


def _failed(path: Path, number: int, problems: Sequence[Problem]) -> Entry:
    """The path of a fault in the record stands for the column that there is not."""
    return Entry(
        path.name,
        number,
        problems=tuple(
            RowProblem(path.name, number, one.path, one) for one in problems
        ),
    )
