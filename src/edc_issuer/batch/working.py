"""The work on one chunk of records, in whatever process it is done.

Both functions take plain values and give plain values, so that a process pool and
a cluster can carry them. One record that cannot be issued never stops the others.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer.batch.pool import stop_if_interrupted
from edc_issuer.batch.spec import Opens
from edc_issuer.draft import draft
from edc_issuer.errors import (
    ConfigError,
    EdcError,
    FetchError,
    InputError,
    NoTimestamp,
    Problem,
    RecordError,
)
from edc_issuer.fetch import CLOSED
from edc_issuer.formats.levels import Level
from edc_issuer.issue import (
    PROFILES,
    SEAL_ALONE,
    Issuer,
    Profile,
    check_key,
    credential_id,
)
from edc_issuer.keys import DidIdentity, X509Identity
from edc_issuer.keys.checks import usable_for_seal
from edc_issuer.models.base import Media
from edc_issuer.record import CredentialRecord, refusals
from edc_issuer.render import render_pages
from edc_issuer.secure import public_key_of, verify_as_holder
from edc_issuer.trust.collect import RevocationMissing

_LOG = logging.getLogger(__name__)
# What stands for pages in a draft, and for the address of a key that is not at hand.
_NO_PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
_NO_DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"

T = TypeVar("T")
Packed = bytes | CredentialRecord | None


@dataclass(frozen=True, slots=True)
class Task:
    """A record to issue; `found` is a file of its name that no journal line names."""

    record: Packed = field(repr=False)
    found: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file; `data` is None where the file that was found is the one."""

    sha256: str
    size: int
    issued: str
    data: bytes | None = field(repr=False)
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmade:
    """Why there is no file; `refused` where the award may not be certified at all."""

    problems: tuple[Problem, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Halted:
    """Somebody outside did not answer, so that no further record can be issued now.

    `about` is "timestamp" or "revocation", `said` what each of them answered, `inner`
    as of `FetchError`. It is no fault of the record, which can be issued later.
    """

    about: str
    said: tuple[str, ...]
    inner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a probe found out: the fingerprint of the key and what its owner reads."""

    fingerprint: str
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Looking:
    """How records are looked through before the first is issued.

    `source` opens the key, None where there is none (a dry run). `draw` makes the
    pages of the diploma too, which takes ten times as long.
    """

    profile: str
    files: Path | None = None
    language: str | None = None
    source: Opens | None = None
    draw: bool = False


def probe(source: Opens) -> KeyFacts:
    """Open the key where it will be used; `ConfigError` where it cannot seal now."""
    with source.open() as issuer:
        identity = issuer.signer.identity
        if isinstance(identity, X509Identity):
            problems = list(usable_for_seal(identity, datetime.now(UTC)))
            if problems:
                raise ConfigError("; ".join(problem.message for problem in problems))
        key = public_key_of(identity).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return KeyFacts(
            hashlib.sha256(key).hexdigest(), tuple(getattr(issuer.signer, "notes", ()))
        )


def issue_chunk(source: Opens, tasks: Sequence[Task]) -> list[Made | Unmade | Halted]:
    """Issue each record; the key is opened once for all of them.

    Where somebody outside does not answer, that is the last of fewer answers: those
    before it are not lost, and nobody is asked in vain for each of the others.
    """
    answers: list[Made | Unmade | Halted] = []
    with source.open() as issuer:
        for task in _in_turn(tasks):
            answers.append(_done(issuer, task))
            if isinstance(answers[-1], Halted):
                break
    return answers


def look_through(looking: Looking, records: Iterable[Packed]) -> list[Unmade | None]:
    """What stands against each record, as far as it shows without a signature."""
    if looking.source is None:
        return [_looked(looking, None, record) for record in _in_turn(records)]
    with looking.source.open() as issuer:
        return [_looked(looking, issuer, record) for record in _in_turn(records)]


def _in_turn(work: Iterable[T]) -> Iterator[T]:
    for piece in work:
        stop_if_interrupted()
        yield piece


def unpacked(record: Packed) -> CredentialRecord:
    """A record as it came from the process that read it; never from a file."""
    if isinstance(record, bytes):
        found: CredentialRecord = pickle.loads(record)
        return found
    assert record is not None, "nothing to be done"
    return record


def _done(issuer: Issuer, task: Task) -> Made | Unmade | Halted:
    try:
        record = unpacked(task.record)
        if task.found is None:
            return _issued(issuer, record)
        return _found_again(issuer, record, task.found)
    except RevocationMissing as error:
        return Halted("revocation", tuple(map(str, error.problems)), error.inner)
    except NoTimestamp as error:
        said = tuple(f"{url}: {why}" for url, why in error.answers)
        return Halted("timestamp", said, error.inner)
    except FetchError as error:
        return Halted("revocation", (str(error),), error.inner)
    except Exception as error:
        return _reason(error)


def _issued(issuer: Issuer, record: CredentialRecord) -> Made | Unmade:
    now = datetime.now(UTC)
    refused = tuple(refusals(record))
    if refused:
        return Unmade(refused, refused=True)
    issued = issuer.issue(record, at=now)
    sha256 = issued.sha256
    return Made(sha256, len(issued.data), _second(now), issued.data, issued.notices)


def _found_again(issuer: Issuer, record: CredentialRecord, found: bytes) -> Made:
    """The file that lies there is kept if it says what would be issued now.

    It was written just before the process was stopped, or it comes from another
    journal and may have been handed over; then it is no more ours to replace.
    """
    there = _signed(issuer, found)
    # Only to compare what is signed: nobody outside is asked for that, and no
    # authority is paid for a timestamp that is thrown away.
    alone = replace(issuer, level=Level.B, timestamper=None, fetcher=CLOSED)
    again = alone.issue(record, at=there.at)
    if there.content != _signed(issuer, again.data).content:
        raise _foreign()
    digest = hashlib.sha256(found).hexdigest()
    lasts = there.level not in (None, Level.B)
    notices = (n for n in again.notices if not (lasts and n == SEAL_ALONE))
    return Made(digest, len(found), _second(there.at), None, tuple(notices))


@dataclass(frozen=True, slots=True)
class _Signed:
    """When our key signed a file, what, and the level of its seal."""

    at: datetime
    content: Any
    level: str | None


def _signed(issuer: Issuer, data: bytes) -> _Signed:
    """What our key signed in a file; `RecordError` where it did not."""
    securing, key = issuer.profile.format, public_key_of(issuer.signer.identity)
    try:
        envelope = securing.open(data, documents=issuer.documents)
        for proof in envelope.proofs:
            verify_as_holder(securing, envelope, proof, key)
        proof = envelope.proofs[0]
        content = securing.covered(envelope, proof)
    except (InputError, IndexError):
        raise _foreign() from None
    if proof.claimed_at is None:
        raise _foreign()
    return _Signed(proof.claimed_at, content, proof.level)


def _foreign() -> RecordError:
    message = (
        "a file of this credential's name lies in the folder already, with other "
        "content or from another key, and the journal does not know it; move it away, "
        "or name another --out and another --journal"
    )
    return RecordError([Problem("", "batch.foreign-file", message)])


def _reason(error: Exception) -> Unmade:
    if isinstance(error, RecordError):
        return Unmade(error.problems)
    if isinstance(error, ConfigError):
        return Unmade((Problem("", "batch.setup", str(error)),))
    if isinstance(error, EdcError):
        return Unmade((Problem("", f"batch.{error.code}", str(error)),))
    # One row must never stop the others, not even where the fault is ours.
    # Its trace is for who asks: a warning would reach the console by itself.
    level = logging.WARNING if os.environ.get("EDC_DEBUG") else logging.DEBUG
    _LOG.log(level, "a record could not be issued", exc_info=error)
    name = type(error).__name__
    message = f"a bug in edc-issuer ({name}): this row was left out; report it"
    return Unmade((Problem("", "batch.bug", message, {"name": name}),))


def _second(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _looked(looking: Looking, issuer: Issuer | None, given: Packed) -> Unmade | None:
    try:
        record = unpacked(given)
        refused = tuple(refusals(record))
        if refused:
            return Unmade(refused, refused=True)
        at = datetime.now(UTC)
        if issuer is not None:
            check_key(issuer.signer.identity, record, at)
        _drafted(looking, record, at)
    except Exception as error:
        return _reason(error)
    return None


def _drafted(looking: Looking, record: CredentialRecord, at: datetime) -> None:
    profile: Profile = PROFILES[looking.profile]
    draft(
        record,
        profile.model,
        at=at,
        credential_id=credential_id(record, profile, language=looking.language),
        issuer_id=_NO_DID if profile.identity is DidIdentity else None,
        files=looking.files,
        language=looking.language,
        draw=None if looking.draw else _no_pages,
    )


def _no_pages(record: CredentialRecord, language: str) -> tuple[Media, ...]:
    if find_spec("typst") is None:
        render_pages(record, language)  # its error says what to install
    return (_NO_PAGE,)
