"""Files named by a record are read below one folder and nowhere else."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.errors import RecordError
from edc_issuer.files import MAX_FILE_BYTES, read_files
from edc_issuer.record import CredentialRecord

RECORDS = Path(__file__).parent.parent / "fixtures" / "records"


def record_with(**members: Any) -> CredentialRecord:
    data = json.loads((RECORDS / "scouts4green_ecological.json").read_bytes())
    return CredentialRecord.from_dict({**data, **members})


def attaching(*paths: str) -> CredentialRecord:
    return record_with(
        attachments=[
            {"type": "other", "media_type": "application/pdf", "path": path}
            for path in paths
        ]
    )


def codes(record: CredentialRecord, folder: Path | None) -> Mapping[str, str]:
    with pytest.raises(RecordError) as refused:
        read_files(record, folder)
    return {problem.path: problem.code for problem in refused.value.problems}


def test_the_attachments_of_a_record_are_read_below_its_folder() -> None:
    path = RECORDS / "scouts4green_stacked.json"
    record = CredentialRecord.from_json(path.read_bytes())

    files = read_files(record, RECORDS)

    assert {name: data[:4] for name, data in files.items()} == {
        "attachments/learning_agreement_0417.pdf": b"%PDF",
        "attachments/transcript_of_records_0417.pdf": b"%PDF",
    }


def test_pictures_and_the_document_of_a_mandate_are_read_too(tmp_path: Path) -> None:
    issuer = json.loads((RECORDS / "scouts4green_ecological.json").read_bytes())
    mandate = {"mandator": issuer["issuer"], "document": {"path": "pooblastilo č.pdf"}}
    record = record_with(pictures={"sl": "stran.png"}, mandate=mandate)
    (tmp_path / "stran.png").write_bytes(b"PNG")
    (tmp_path / "pooblastilo č.pdf").write_bytes(b"PDF")

    assert read_files(record, tmp_path) == {
        "stran.png": b"PNG",
        "pooblastilo č.pdf": b"PDF",
    }


def test_a_record_that_names_no_file_needs_no_folder() -> None:
    assert read_files(record_with(), None) == {}


def test_a_named_file_without_a_folder_says_which_argument_is_missing() -> None:
    with pytest.raises(RecordError, match=r"files= in Python, --files") as refused:
        read_files(attaching("a.pdf", "b.pdf"), None)

    assert [p.path for p in refused.value.problems] == [
        "attachments[0].path",
        "attachments[1].path",
    ]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("../secret.pdf", id="climbs"),
        pytest.param("sub/../../secret.pdf", id="climbs-later"),
        pytest.param("sub/../inside.pdf", id="climbs-and-comes-back"),
        pytest.param("..\\secret.pdf", id="climbs-on-windows"),
        pytest.param("C:secret.pdf", id="drive"),
        pytest.param("\\\\host\\share\\x", id="network-share"),
        pytest.param("", id="empty"),
        pytest.param(".", id="the-folder-itself"),
        pytest.param("inside.pdf\0.png", id="zero-byte"),
        pytest.param("inside\u202efdp.pdf", id="direction-override"),
    ],
)
def test_paths_that_could_mean_another_place_are_refused(
    path: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "inside.pdf").write_bytes(b"ours")
    (tmp_path / "secret.pdf").write_bytes(b"not ours")

    assert codes(attaching(path), folder) == {"attachments[0].path": "unsafe-path"}


def test_a_link_is_followed_only_inside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "real.pdf").write_bytes(b"ours")
    (tmp_path / "secret.pdf").write_bytes(b"not ours")
    (folder / "within").symlink_to("real.pdf")
    (folder / "out").symlink_to("../secret.pdf")
    (folder / "up").symlink_to("..")
    (folder / "loop").symlink_to("loop")

    assert read_files(attaching("within"), folder) == {"within": b"ours"}
    assert codes(attaching("out", "up/secret.pdf", "loop"), folder) == {
        "attachments[0].path": "unsafe-path",
        "attachments[1].path": "unsafe-path",
        "attachments[2].path": "file-unreadable",
    }


def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()

    assert codes(attaching("pipe", "folder", "absent.pdf"), tmp_path) == {
        "attachments[0].path": "not-a-file",
        "attachments[1].path": "file-unreadable",
        "attachments[2].path": "file-missing",
    }


def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_more(
    tmp_path: Path,
) -> None:
    (tmp_path / "just.bin").write_bytes(bytes(MAX_FILE_BYTES))
    (tmp_path / "more.bin").write_bytes(bytes(MAX_FILE_BYTES + 1))

    assert len(read_files(attaching("just.bin"), tmp_path)["just.bin"])
    assert codes(attaching("more.bin"), tmp_path) == {
        "attachments[0].path": "file-too-large"
    }


def test_files_that_are_too_large_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(MAX_FILE_BYTES))
    (tmp_path / "b.bin").write_bytes(bytes(MAX_FILE_BYTES))

    assert codes(attaching("a.bin", "b.bin"), tmp_path) == {
        "attachments[1].path": "files-too-large"
    }
