"""`edc-issuer derive`: the learner's copy that shows only what it has to."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
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
from edc_issuer.cli.options import Lang
from edc_issuer.errors import InputError, ProofInvalid
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.derivation import Choice, Derived

PRIVATE = 0o600  # what comes out names a learner
_SUFFIXES = frozenset({".json", ".jsonld", ".vc"})  # a picture is left behind
WIDTH = 60  # letters of a value that the list shows
_REFUSED = {
    "derived": "derive.refused.derived",
    "other-proof": "derive.refused.other_proof",
    "unsigned": "derive.refused.unsigned",
    "several": "derive.refused.several",
    "selective.unsupported": "derive.refused.structure",
    "bad-pointer": "derive.refused.pointer",
    "cutting-pointer": "derive.refused.cut",
}


def derive(
    file: Annotated[
        Path, typer.Argument(help="The badge as the issuer gave it to the learner.")
    ],
    reveal: Annotated[
        list[str] | None,
        typer.Option(
            help="What the copy shows, as --list names it "
            "(/credentialSubject/achievement/name); several times for more."
        ),
    ] = None,
    list_: Annotated[
        bool,
        typer.Option("--list", help="Say what a copy always shows and what it can."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="File for the copy (default: FILE with .copy in its name)."),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="What was done, or the list, as JSON.")
    ] = False,
) -> None:
    """Make a copy of a badge that shows only what the learner chooses.

    For badges signed with ecdsa-sd-2023. The copy proves what it shows; the issuer
    does not learn of it. It is verified before it is written. Exit code: 0 written or
    listed, 1 no copy can be made.
    """
    from edc_issuer.derivation import derive as derived
    from edc_issuer.derivation import revealable

    said = Messages(language_from(lang))
    if not list_ and not reveal:
        raise typer.BadParameter(said.text("derive.name_something"))
    data = read_file(file)
    try:
        if list_:
            _put_list(revealable(data), said, as_json=as_json)
            return
        target = _target(file, out)
        found = derived(data, reveal=reveal or ())
    except InputError as error:
        say(_refusal(error, file, said))
        raise typer.Exit(1) from error
    _write(found, target, file)
    if as_json:
        put(_as_json(found, target))
        return
    show(str(target))
    for line in _told(found, file, target, said):
        say(line)


def _target(file: Path, out: Path | None) -> Path:
    if out is not None:
        return out
    if file == STDIN:
        raise typer.BadParameter("name with --out where the copy goes")
    suffix = file.suffix if file.suffix in _SUFFIXES else ".jsonld"
    return file.with_name(f"{file.stem}.copy{suffix}")


def _write(found: Derived, target: Path, file: Path) -> None:
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.strict_json import loads_object

    # The copy has the id of its original: by that alone it could take its place.
    keep_inputs([target], [file])
    name = loads_object(found.data).get("id")
    keep_credentials([target], credential_id=name, sealed=True)
    write_atomically(target, found.data, mode=PRIVATE)


def _told(found: Derived, file: Path, target: Path, said: Messages) -> Iterator[str]:
    # "Verified" is said only where the issuer's own signature was.
    key = "derive.written" if found.confirmed else "derive.written_unconfirmed"
    yield said.text(key, chosen=", ".join(found.revealed))
    if not found.confirmed:
        yield said.text("derive.unconfirmed", file=shlex.quote(str(target)))
    yield said.text("derive.keep", file=str(file))


def _as_json(found: Derived, target: Path) -> dict[str, Any]:
    return {
        "file": str(target),
        "revealed": list(found.revealed),
        "always": list(found.always),
        "confirmed": found.confirmed,
    }


def _refusal(error: InputError, file: Path, said: Messages) -> str:
    """Why no copy can be made, and what to do."""
    if isinstance(error, ProofInvalid):
        return said.text("derive.refused.broken")
    key = _REFUSED.get(getattr(error, "why", error.reason), "derive.refused.unread")
    pointer = getattr(error, "pointer", "")
    if pointer and not pointer.startswith("/"):
        key = "derive.refused.slash"
    return said.text(
        key,
        pointer=pointer,
        file=shlex.quote(str(file)),
        detail=str(error),
    )


def _put_list(found: Sequence[Choice], said: Messages, *, as_json: bool) -> None:
    if as_json:
        put(
            [
                {"pointer": one.pointer, "value": one.value, "always": one.always}
                for one in found
            ]
        )
        return
    for line in _listed(found, said):
        show(line)


def _listed(found: Sequence[Choice], said: Messages) -> Iterator[str]:
    always = [choice for choice in found if choice.always]
    chosen = [choice for choice in found if not choice.always]
    if always:
        yield said.text("derive.always")
        yield from _rows(always, said)
    yield said.text("derive.choose" if chosen else "derive.nothing")
    yield from _rows(chosen, said)
    if chosen:
        yield said.text("derive.along")


def _rows(found: Sequence[Choice], said: Messages) -> Iterator[str]:
    pointers = [neutral(choice.pointer) for choice in found]
    width = max(map(len, pointers), default=0)
    for pointer, choice in zip(pointers, found, strict=True):
        yield f"  {pointer:<{width}}  {_plain(choice.value, said)}"


def _plain(value: Any, said: Messages) -> str:
    """A value as a person reads it, on one line."""
    text = _text(value)
    if text.startswith("data:"):
        return said.text("derive.picture")
    shown = neutral(text)
    return shown if len(shown) <= WIDTH else f"{shown[: WIDTH - 1]}…"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        if "@value" in value:
            return _text(value["@value"])
        return "; ".join(f"{key}: {_text(member)}" for key, member in value.items())
    return value if isinstance(value, str) else str(value)
