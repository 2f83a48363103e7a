"""`edc-issuer extend` and `renew`: seals that can be confirmed for longer.

A file is replaced whole or not at all, and only after the new one was opened and
compared: the seal is the same, and what was added before stands there as it was.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.authorities import Authorities, known_level
from edc_issuer.cli.common import (
    STDIN,
    files_in,
    keep_credentials,
    language_from,
    put,
    read_file,
    say,
    show,
)
from edc_issuer.cli.options import (
    AllowPrivate,
    Lang,
    Layout,
    ResultAsJson,
    Tsa,
    known_layout,
)
from edc_issuer.cli.refusals import why_stopped, without_authority
from edc_issuer.errors import ConfigError, EdcError, NoTimestamp
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.extend import Extender
    from edc_issuer.formats.levels import Level
    from edc_issuer.trust import Trust

SealedFiles = Annotated[
    list[Path], typer.Argument(help="Sealed files, or folders of them.")
]
Out = Annotated[
    Path | None,
    typer.Option(help="Write the result here instead (one file only)."),
]
OutDir = Annotated[
    Path | None,
    typer.Option(help="Write the results into this folder instead, same names."),
]
TrustFolder = Annotated[
    Path | None,
    typer.Option(
        help="Folder that says whom you trust: where certificate paths end (default: "
        "the one that `edc-issuer trust show` prints)."
    ),
]


def extend(
    files: SealedFiles,
    level: Annotated[
        str, typer.Option("--level", help="T, LT or LTA: what the seals shall have.")
    ],
    tsa: Tsa = None,
    out: Out = None,
    out_dir: OutDir = None,
    trust: TrustFolder = None,
    allow_private: AllowPrivate = None,
    layout: Layout = None,
    lang: Lang = None,
    as_json: ResultAsJson = False,
) -> None:
    """Add timestamps and revocation answers to sealed files, in place.

    What is there is never changed; a file that has the level is left as it is. Exit
    code 0: all have it; 1: some could not be extended; 2: nothing could start.
    """
    from edc_issuer.formats.levels import Level

    wanted = known_level(level)
    if wanted is Level.B:
        raise typer.BadParameter("--level B: every seal has it; choose T, LT or LTA")
    places = _Places.named(files, out, out_dir)
    outside = Authorities.named(tsa, allow_private)
    work = _Work.begun(outside, trust, layout, Messages(language_from(lang)), as_json)
    work.tell_what_leaves(outside, wanted)
    raise typer.Exit(work.through(places, wanted))


def renew(
    files: SealedFiles,
    tsa: Tsa = None,
    out: Out = None,
    out_dir: OutDir = None,
    trust: TrustFolder = None,
    allow_private: AllowPrivate = None,
    layout: Layout = None,
    lang: Lang = None,
    as_json: ResultAsJson = False,
) -> None:
    """Add one more archive timestamp to seals of level LTA, in place.

    Do it before the certificate of the last one ends: `verify` says when. Exit codes
    as of `extend`.
    """
    from edc_issuer.formats.levels import Level

    places = _Places.named(files, out, out_dir)
    outside = Authorities.named(tsa, allow_private)
    work = _Work.begun(outside, trust, layout, Messages(language_from(lang)), as_json)
    work.tell_what_leaves(outside, Level.LTA)
    raise typer.Exit(work.through(places, None))


@dataclass(frozen=True, slots=True)
class _Places:
    """Which files are read, and where each result goes."""

    files: tuple[Path, ...]
    out: Path | None
    folder: Path | None

    @classmethod
    def named(cls, files: list[Path], out: Path | None, folder: Path | None) -> _Places:
        if out is not None and folder is not None:
            raise typer.BadParameter("--out or --out-dir, not both")
        if STDIN in files:
            raise typer.BadParameter("name files; standard input cannot be replaced")
        found = tuple(files_in(files))
        if out is not None and len(found) != 1:
            raise typer.BadParameter(f"--out is for one file, not {len(found)}")
        twice = len({path.name for path in found}) < len(found)
        if folder is not None and twice:
            raise typer.BadParameter("two files of one name cannot share --out-dir")
        return cls(found, out, folder)

    def of(self, path: Path) -> Path:
        """Where the result for a file goes; a link is followed, not replaced."""
        if self.folder is not None:
            return _real(self.folder / path.name)
        return _real(self.out if self.out is not None else path)


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of one file; `until` is the end of what its timestamps prove."""

    file: Path
    out: Path | None = None
    before: str | None = None
    after: str | None = None
    changed: bool = False
    until: datetime | None = None
    error: EdcError | None = None

    def to_dict(self) -> dict[str, Any]:
        error = self.error
        renew_by = _renew_by(self.until) if self.until else None
        return {
            "file": str(self.file),
            "out": str(self.out) if self.out else None,
            "before": self.before,
            "after": self.after,
            "changed": self.changed,
            "until": self.until.isoformat() if self.until else None,
            "renew_by": renew_by.isoformat() if renew_by else None,
            "error": {"code": error.code, "message": neutral(str(error))}
            if error
            else None,
        }


@dataclass(frozen=True, slots=True)
class _Work:
    """How the files of one command are extended and told about."""

    extender: Extender
    trust: Trust
    messages: Messages
    as_json: bool

    @classmethod
    def begun(
        cls,
        outside: Authorities,
        folder: Path | None,
        layout: str | None,
        messages: Messages,
        as_json: bool,
    ) -> _Work:
        from edc_issuer.extend import Extender
        from edc_issuer.trust import Trust

        if layout is not None:
            known_layout(layout)
        door = outside.door()
        timestamper = outside.timestamper(door)
        if timestamper is None:
            raise ConfigError(without_authority(messages, "cli.name_authority"))
        trust = Trust.load(folder) if folder else Trust.default()
        return cls(
            Extender(timestamper, door, trust=trust, layout=layout),
            trust,
            messages,
            as_json,
        )

    def tell_what_leaves(self, outside: Authorities, level: Level) -> None:
        for sentence in outside.told(level, self.messages):
            say(sentence)

    def through(self, places: _Places, level: Level | None) -> int:
        """Extend every file, or renew it where no level is wanted; the exit code."""
        told: list[_Told] = []
        for path in places.files:
            told.append(self._one(path, places.of(path), level))
            if not self.as_json:
                self._tell(told[-1])
            if isinstance(told[-1].error, NoTimestamp):
                break  # nobody gives timestamps: the others are not asked for in vain
        if self.as_json:
            put({"files": [one.to_dict() for one in told]})
        left = len(places.files) - len(told)
        if left:
            say(self.messages.text("extend.left", number=left))
        return 1 if left or any(one.error for one in told) else 0

    def _one(self, path: Path, target: Path, level: Level | None) -> _Told:
        try:
            data = read_file(path)
            new = (
                self.extender.renew(data)
                if level is None
                else self.extender.extend(data, level=level)
            )
            before, after = level_of(data), level_of(new)
            changed = new != data
            if changed:
                check_same_seal(data, new)
            if changed or target != _real(path):
                self._write(path, target, data, new)
            until = proof_ends(new, self.trust)
        except typer.BadParameter as error:
            return _Told(path, error=ConfigError(error.message))
        except EdcError as error:
            return _Told(path, error=error)
        return _Told(path, target, before, after, changed, until)

    def _write(self, path: Path, target: Path, data: bytes, new: bytes) -> None:
        from edc_issuer.keys.files import PRIVATE, write_atomically

        if target == _real(path):
            if read_file(path) != data:
                raise ConfigError(f"{path} was changed meanwhile; nothing was written")
            write_atomically(target, new, mode=stat.S_IMODE(path.stat().st_mode))
            return
        keep_credentials([target], credential_id=_credential_id(data), sealed=True)
        write_atomically(target, new, mode=PRIVATE)

    def _tell(self, one: _Told) -> None:
        name = neutral(str(one.file))
        if one.error is not None:
            told = why_stopped(one.error, self.messages, again="extend.ask_later")
            say(f"{name}: {told}")
            return
        key = "extend.already"
        if one.changed:
            key = "extend.done" if one.before != one.after else "extend.renewed"
        values = {"file": name, "before": one.before, "after": one.after}
        show(self.messages.text(key, **values))
        for sentence in self._times(one):
            show(f"  {sentence}")

    def _times(self, one: _Told) -> Iterator[str]:
        if one.until is None:
            return
        if one.until < datetime.now(UTC):
            yield self.messages.text("extend.ended", until=one.until.date())
            return
        key = "extend.renew_by" if one.after == "LTA" else "extend.archive_by"
        yield self.messages.text("extend.until", until=one.until.date())
        yield self.messages.text(key, date=_renew_by(one.until).date())


def _real(path: Path) -> Path:
    # Not `resolve`, which stops at links that lead in a circle.
    return Path(os.path.realpath(path))


def _renew_by(until: datetime) -> datetime:
    from edc_issuer.verify.signing_time import RENEW

    return until - RENEW


def level_of(data: bytes) -> str:
    """The level of a file: that of its lowest seal (by what is there)."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats.jades import JADES, seal_of
    from edc_issuer.formats.levels import Level

    proofs = JADES.open(data, documents=BUNDLED).proofs
    return min(
        (Level(seal_of(p).etsiu.level) for p in proofs), key=lambda one: one.rank
    )


def check_same_seal(old: bytes, new: bytes) -> None:
    """`ConfigError` unless only elements were added at the end, and all is readable."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats.jades import JADES, payload_of, seal_of

    before, after = (JADES.open(data, documents=BUNDLED) for data in (old, new))
    kept = payload_of(before) == payload_of(after)
    for one, other in zip(before.proofs, after.proofs, strict=True):
        was, now = seal_of(one), seal_of(other)
        texts = [element.text for element in was.etsiu.elements]
        kept &= was.signature.protected == now.signature.protected
        kept &= was.signature.signature == now.signature.signature
        kept &= texts == [e.text for e in now.etsiu.elements[: len(texts)]]
    if not kept:
        raise ConfigError("the seal would not be the same; nothing was written")


def proof_ends(data: bytes, trust: Trust) -> datetime | None:
    """Until when the timestamps of a file prove its time; None where none does here.

    A timestamp without its answers about withdrawal (level T), or of an authority that
    is not trusted here, promises nothing.
    """
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats.jades import JADES
    from edc_issuer.verify import Verifier

    report = Verifier(trust=trust).verify(data)
    ends = []
    proofs = JADES.open(data, documents=BUNDLED).proofs
    for judged in report.proofs:
        [time] = [check for check in judged.checks if check.id == "time.signed"]
        said = time.evidence.get("until")
        ends.append(datetime.fromisoformat(said) if said else None)
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(proofs) else None


def _credential_id(data: bytes) -> str | None:
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats.jades import JADES

    envelope = JADES.open(data, documents=BUNDLED)
    content = JADES.covered(envelope, envelope.proofs[0])
    name = content.get("id") if isinstance(content, dict) else None
    return name if isinstance(name, str) else None
