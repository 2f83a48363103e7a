"""JSON-LD contexts by exact URL, from files that came with the package.

Never the network: a context decides what the signed bytes mean. Every document
is pinned by its SHA-256; further ones join for one run with
`Documents.with_directory`, and can never take the place of a bundled one.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from edc_issuer import strict_json
from edc_issuer.errors import ConfigError, Malformed

_HERE = Path(__file__).parent
MAX_BYTES = 2 * 1024 * 1024  # the largest published context has 40 kB


@dataclass(frozen=True, slots=True)
class Pinned:
    """One line of a manifest: a document, where it lies and what it must hash to."""

    url: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A document that the caller pinned for this run; the report lists it."""

    url: str
    sha256: str
    document: Any = field(repr=False, compare=False)
    data: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Documents:
    """Pinned documents by exact URL: the bundled ones, then those of `callers`.

    A URL with another scheme, a trailing slash or a fragment is another URL; the
    only second names are the `aliases` of the manifest.
    """

    callers: tuple[Caller, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """Every URL that `get` answers, aliases included."""
        return (*_bundled(), *(caller.url for caller in self.callers))

    def get(self, url: str) -> Any:
        """The parsed document; not yours to change. `Malformed` if not pinned."""
        caller = self._caller(url)
        return _document(_pinned(url).path.name) if caller is None else caller.document

    def raw(self, url: str) -> bytes:
        """The document's bytes as published; `Malformed` if not pinned."""
        caller = self._caller(url)
        return _bytes(_pinned(url).path.name) if caller is None else caller.data

    def digest(self, url: str) -> str:
        """Its SHA-256 in hexadecimal; `Malformed` if not pinned."""
        caller = self._caller(url)
        return _pinned(url).sha256 if caller is None else caller.sha256

    def is_bundled(self, url: str) -> bool:
        """Whether the document came with the package."""
        return url in _bundled()

    def with_directory(self, path: Path) -> Documents:
        """These documents and those of a folder with a `manifest.json` like ours.

        The manifest is a list of objects with `url`, `file` and `sha256` (hex).
        A document that is pinned already may come again, spaced differently, and
        is left out; `ConfigError` if it says something else, or if a file is
        missing or has another digest.
        """
        documents = self
        for pinned in _manifest(path):
            data = _checked(pinned)
            document = _parsed(pinned.path, data)
            if pinned.url not in documents.urls:
                caller = Caller(pinned.url, pinned.sha256, document, data)
                documents = Documents((*documents.callers, caller))
            elif documents.get(pinned.url) != document:
                raise ConfigError(
                    f"{path / 'manifest.json'}: {pinned.url} is pinned already; "
                    "a folder of contexts can add documents, not replace them"
                )
        return documents

    def _caller(self, url: str) -> Caller | None:
        for caller in self.callers:
            if caller.url == url:
                return caller
        return None


BUNDLED = Documents()


def _folder() -> Path:
    """`contexts/` of the wheel, or of the repository in an editable installation."""
    for folder in (_HERE / "contexts", _HERE.parent.parent / "contexts"):
        if (folder / "manifest.json").is_file():
            return folder
    raise ConfigError("the installation is broken: no contexts/manifest.json in it")


@functools.cache
def _bundled() -> Mapping[str, Pinned]:
    return MappingProxyType({p.url: p for p in _manifest(_folder())})


def _pinned(url: str) -> Pinned:
    pinned = _bundled().get(url)
    if pinned is None:
        raise Malformed(
            f"context {url!r} is not pinned here; contexts are never fetched, and a "
            "folder of further ones can be named with --contexts",
            reason="context.not_allowed",
        )
    return pinned


@functools.cache
def _bytes(name: str) -> bytes:
    return _checked(next(p for p in _bundled().values() if p.path.name == name))


@functools.cache
def _document(name: str) -> Any:
    return _parsed(Path(name), _bytes(name))


def _manifest(folder: Path) -> list[Pinned]:
    path = folder / "manifest.json"
    try:
        entries = strict_json.loads(path.read_bytes())
        return [pinned for entry in entries for pinned in _lines(folder, entry)]
    except (OSError, Malformed, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path}: not a list of objects with url, file and sha256 ({error})"
        ) from error


def _lines(folder: Path, entry: Mapping[str, Any]) -> list[Pinned]:
    name, sha256 = entry["file"], entry["sha256"]
    if Path(name).name != name or len(sha256) != 64:
        raise ValueError(f"{name!r} is no plain file name, or its digest no SHA-256")
    urls = (entry["url"], *entry.get("aliases", ()))
    return [Pinned(url, folder / name, sha256.lower()) for url in urls]


def _checked(pinned: Pinned) -> bytes:
    try:
        data = pinned.path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{pinned.path}: {error.strerror}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != pinned.sha256:
        raise ConfigError(
            f"{pinned.path}: SHA-256 is {digest}, the manifest says {pinned.sha256}"
        )
    return data


def _parsed(path: Path, data: bytes) -> Any:
    try:
        return strict_json.loads(data, max_bytes=MAX_BYTES)
    except Malformed as error:
        raise ConfigError(f"{path}: {error}") from error
