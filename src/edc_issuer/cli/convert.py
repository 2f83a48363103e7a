"""`convert`, `compare` and `explain`: both ways between records and credentials."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import (
    STDIN,
    keep_credentials,
    keep_inputs,
    language_from,
    put,
    read_file,
    say,
    show,
)
from edc_issuer.cli.options import Lang, RecordFiles
from edc_issuer.errors import InputError
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.compare import Compared, Comparison
    from edc_issuer.convert import Converted
    from edc_issuer.models.base import Loss
    from edc_issuer.models.explain import Answer, Explained
    from edc_issuer.record import CredentialRecord

PRIVATE = 0o600  # what comes out names a learner
EXIT_CODES = {"same": 0, "different": 1, "unknown": 3}


class Target(StrEnum):
    """What a file is converted to."""

    ELM = "elm"
    OB3 = "ob3"
    RECORD = "record"


def convert(
    file: Annotated[
        Path,
        typer.Argument(help="A record, or a credential (sealed, signed or plain)."),
    ],
    to: Annotated[
        Target,
        typer.Option(
            help="elm (European Digital Credential), ob3 (Open Badge) or record."
        ),
    ],
    language: Annotated[
        str | None, typer.Option(help="Language of a badge (default: the primary).")
    ] = None,
    files: RecordFiles = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File for the result, and beside it the attached files of a "
            "credential (default: the result is printed)."
        ),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Result and losses as JSON.")
    ] = False,
) -> None:
    """Turn a record or credential into the other model, unsigned, and say what is lost.

    The seal of the source does not carry over, and nothing of it is verified.
    """
    from edc_issuer.convert import convert as converted

    said = Messages(language_from(lang))
    found = converted(_source(file), to.value, language=language, files=files)
    written = _write(found, out, source=file) if out else []
    if as_json:
        put(_converted_json(found, said, written))
        return
    if out is None:
        put(found.content)
    for path in written:
        show(str(path))
    for line in _converted_text(found, said):
        say(line)


def compare(
    a: Annotated[Path, typer.Argument(help="A credential file.")],
    b: Annotated[Path, typer.Argument(help="Another one.")],
    language: Annotated[
        str | None,
        typer.Option(
            help="Language in which facts are compared (default: one that both speak)."
        ),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every fact as JSON.")
    ] = False,
) -> None:
    """Say fact by fact whether two credential files say the same; verifies nothing.

    For an EDC and a badge that name each other the link is checked in both
    directions. Exit code: 0 they say the same, 1 they do not, 3 nothing differs but
    not everything could be compared.
    """
    from edc_issuer.compare import compare as compared

    if a == STDIN and b == STDIN:
        raise typer.BadParameter("only one of the two files can come from stdin")
    said = Messages(language_from(lang))
    try:
        found = compared(read_file(a), read_file(b), language=language)
    except InputError as error:
        raise typer.BadParameter(f"{_which(error, a, b)}: {error}") from error
    if as_json:
        put(found.to_json())
    else:
        for line in _compared_text(found, said):
            show(line)
        say(said.text("compare.unverified"))
    raise typer.Exit(EXIT_CODES[found.answer])


def explain(
    path: Annotated[
        str | None,
        typer.Argument(
            help="A field of the record, such as programme.level (default: all)."
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="Only what this record holds, and only what becomes of it."),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show where each field of a record goes in an EDC and in an Open Badge."""
    from edc_issuer.models.explain import explain as explained
    from edc_issuer.record import CredentialRecord

    said = Messages(language_from(lang))
    known = CredentialRecord.from_json(read_file(record)) if record else None
    found = explained(path, record=known)
    if as_json:
        put([_explained_json(row) for row in found])
        return
    for row in found:
        show(row.path)
        for name, answers in (("EDC", row.edc), ("Open Badge", row.badge)):
            for answer in answers:
                show(f"  {name:10}  {_answer(answer, said)}")


def _source(file: Path) -> CredentialRecord | dict[str, Any]:
    """A record, or what a credential file says."""
    from edc_issuer.convert import content_of
    from edc_issuer.record import CredentialRecord
    from edc_issuer.strict_json import loads

    data = read_file(file)
    if data.lstrip().startswith(b"{"):
        value = loads(data)
        if isinstance(value, dict) and "record_version" in value:
            return CredentialRecord.from_dict(value)
    try:
        return content_of(data)
    except InputError as error:
        raise typer.BadParameter(f"{file}: {error}") from error


def _write(found: Converted, out: Path, *, source: Path) -> list[Path]:
    """The result, and the attached files below its folder; never over `source`."""
    from edc_issuer.keys.files import write_atomically

    beside = {out.parent / name: media for name, media in found.files.items()}
    keep_inputs([out, *beside], [source])
    own = None if found.target == "record" else found.content.get("id")
    keep_credentials([out], credential_id=own)
    keep_credentials(beside)
    text = json.dumps(found.content, ensure_ascii=False, indent=1)
    write_atomically(out, f"{text}\n".encode(), mode=PRIVATE)
    for target, media in beside.items():
        write_atomically(target, media.data, mode=PRIVATE)
    return [out, *beside]


def _converted_json(
    found: Converted, said: Messages, written: Iterable[Path]
) -> dict[str, Any]:
    return {
        "UNSIGNED": said.text("convert.unsigned"),
        "to": found.target,
        "files": [str(path) for path in written],
        "content": found.content,
        "left_on_reading": [_loss_json(loss) for loss in found.left],
        "left_on_building": [_loss_json(loss) for loss in found.right],
        "to_be_added": [
            {"path": p.path, "code": p.code, "message": p.message}
            for p in found.missing
        ],
    }


def _loss_json(loss: Loss) -> dict[str, str]:
    return {"path": loss.path, "kind": loss.kind, "why": loss.why}


def _converted_text(found: Converted, said: Messages) -> Iterator[str]:
    for key, losses in (("left", found.left), ("right", found.right)):
        if losses:
            yield said.text(f"convert.{key}")
        yield from _grouped(losses, said)
    if found.missing:
        yield said.text("convert.missing")
        yield from (f"  {problem}" for problem in found.missing)
    yield said.text("convert.unsigned")


def _grouped(losses: Iterable[Loss], said: Messages) -> Iterator[str]:
    """One paragraph a reason: there are a hundred fields and a dozen reasons."""
    found: dict[tuple[str, str], list[str]] = {}
    for loss in losses:
        found.setdefault((loss.kind, loss.why), []).append(neutral(loss.path) or "/")
    for (kind, why), paths in found.items():
        yield f"  {said.text(f'convert.kind.{kind}')} – {why}:"
        yield f"    {', '.join(paths)}"


def _which(error: InputError, a: Path, b: Path) -> str:
    """Which of two files it is about: the one that cannot be opened."""
    from edc_issuer.convert import content_of

    try:
        content_of(read_file(a)) if a != STDIN else None
    except InputError:
        return str(a)
    return str(b)


def _compared_text(found: Comparison, said: Messages) -> Iterator[str]:
    rows = [*found.facts, *found.links]
    names = {row.fact: said.text(f"compare.fact.{row.fact}") for row in rows}
    # What has no name of its own is called by its place, a stranger's word maybe.
    beside = [*found.rest, *found.unread]
    names |= {row.fact: neutral(row.fact) for row in beside}
    width = max((len(names[row.fact]) for row in rows), default=0)
    for row in (*rows, *beside):
        answer = said.text(f"compare.answer.{row.answer.value}")
        yield f"{names[row.fact]:{width}}  {answer}{_told(row, said)}"
    yield said.text("compare.language", language=found.language)
    yield said.text(_linked(found))
    yield said.text(_ANSWERS[found.answer])


_ANSWERS = {
    "same": "compare.same",
    "different": "compare.differs",
    "unknown": "compare.unknown",
}


def _told(row: Compared, said: Messages) -> str:
    """What each file says where they are apart; the learner's own data as little."""
    if row.why:
        return f" ({said.text(f'compare.why.{row.why}')})"
    if row.answer.value == "same":
        return ""
    if row.a is None and row.b is None:
        return ""
    return f": {neutral(row.a or '–')} / {neutral(row.b or '–')}"


def _linked(found: Comparison) -> str:
    if not found.links:
        return "compare.unlinked"
    whole = all(row.answer.value == "same" for row in found.links)
    return "compare.linked" if whole else "compare.apart"


def _explained_json(row: Explained) -> dict[str, Any]:
    return {
        "path": row.path,
        "edc": [answer._asdict() for answer in row.edc],
        "badge": [answer._asdict() for answer in row.badge],
    }


def _answer(answer: Answer, said: Messages) -> str:
    kind = said.text(f"convert.kind.{answer.kind}")
    places = ", ".join(answer.targets)
    if answer.kind == "mapped":
        return places
    return " – ".join(part for part in (places, kind, answer.why) if part)
