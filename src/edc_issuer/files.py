"""The files that a record names, read only below a folder that the caller names.

A record comes from outside, so its paths are hostile: `../../etc/shadow`, a link
that points elsewhere, a device that never ends. Each is refused with a `Problem`,
and all of them at once.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import CredentialRecord

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_TOTAL_BYTES = 11 * 1024 * 1024  # in base64 just under the 15 MB a viewer takes


class _Refused(Exception):
    """Why one file is not read: a code, a sentence, and its values."""


def read_files(record: CredentialRecord, folder: Path | None) -> Mapping[str, bytes]:
    """Attachments, own pictures and the mandate's document, by the path in the record.

    `RecordError` lists every file that cannot be had. A path is relative, written
    with `/`, and stays below `folder` after links are followed.
    """
    named = dict(_named(record))
    if named and folder is None:
        raise RecordError(Problem(at, "no-folder", _NO_FOLDER) for at in named)
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    for at, path in named.items():
        if folder is None or path in contents:
            continue
        try:
            contents[path] = _read(folder, path)
        except _Refused as why:
            problems.append(Problem(at, *why.args))
        if sum(map(len, contents.values())) > MAX_TOTAL_BYTES:
            problems.append(Problem(at, "files-too-large", _TOO_MUCH, _LIMIT))
            break
    if problems:
        raise RecordError(problems)
    return contents


_NO_FOLDER = (
    "a file is named, but no folder to read it from; say which "
    "(files= in Python, --files on the command line)"
)
_LIMIT = {"limit": MAX_TOTAL_BYTES // 2**20}
_TOO_MUCH = f"the files together exceed {_LIMIT['limit']} MB; leave some out"


def _named(record: CredentialRecord) -> Iterator[tuple[str, str]]:
    """Where in the record a file is named, and its path."""
    for index, attachment in enumerate(record.attachments):
        if attachment.path is not None:
            yield f"attachments[{index}].path", attachment.path
    for language, path in (record.pictures or {}).items():
        yield f"pictures.{language}", path
    if record.mandate is not None and record.mandate.document is not None:
        yield "mandate.document.path", record.mandate.document.path


def _read(folder: Path, path: str) -> bytes:
    if not _is_plain(path):
        message = "has to be a relative path with / and without .. or :"
        raise _Refused("unsafe-path", message, {"case": "form"})
    try:
        root = folder.resolve(strict=True)
        target = (root / path).resolve(strict=True)
        if not target.is_relative_to(root):
            message = "leads out of the folder of the files"
            raise _Refused("unsafe-path", message, {"case": "outside"})
        return _read_regular(target)
    except FileNotFoundError:
        raise _Refused("file-missing", "is not in the folder of the files") from None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a loop of links"
        message = f"cannot be read: {reason}"
        raise _Refused("file-unreadable", message, {"why": reason}) from error


def _is_plain(path: str) -> bool:
    """The same everywhere: what climbs on one system is refused on all."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return (
        bool(posix.parts)
        and path.isprintable()
        and not (posix.is_absolute() or windows.drive or windows.root)
        and ".." not in windows.parts
        and "\\" not in path
    )


def _read_regular(target: Path) -> bytes:
    # Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(target, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _Refused("not-a-file", "is not an ordinary file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 2**20
        raise _Refused("file-too-large", f"exceeds {limit} MB", {"limit": limit})
    return data
