"""`edc-issuer bake` and `unbake`: a badge into its picture, and out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edc_issuer.cli.common import (
    STDIN,
    keep_credentials,
    keep_inputs,
    put_files,
    read_file,
    say,
)
from edc_issuer.cli.options import ResultAsJson
from edc_issuer.messages import Messages, system_language

_OUT = "File to write (default: beside the first one, named after it)."


def bake(
    file: Annotated[
        Path, typer.Argument(help="The signed badge: JSON with its proof, or a JWT.")
    ],
    image: Annotated[
        Path, typer.Option(help="The picture to put it into, PNG or SVG.")
    ],
    out: Annotated[Path | None, typer.Option(help=_OUT)] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take out a badge that the picture has."),
    ] = False,
    as_json: ResultAsJson = False,
) -> None:
    """Put a signed badge into its picture; the picture itself stays as it is.

    Nothing is verified: `edc-issuer verify` reads the picture as it reads the badge.
    """
    from edc_issuer import carriers
    from edc_issuer.errors import ConfigError, InputError

    credential, picture = read_file(file), read_file(image)
    carrier = carriers.carrier_of(picture)
    if carrier is None:
        raise ConfigError(f"{image}: neither a PNG nor an SVG picture")
    own_id = _id_of(credential, file)
    try:
        baked = carriers.bake(picture, credential, replace=replace)
    except InputError as error:
        raise ConfigError(_why(error, file, image)) from error
    target = out or _beside(file, f".{carrier}")
    keep_inputs([target], [file, image])
    keep_credentials([target], credential_id=own_id, sealed=True)
    _write(target, baked)
    put_files([target], as_json=as_json)
    if _is_for_the_holder(credential):
        say(Messages(system_language()).text("derive.keep", file=str(target)))


def unbake(
    image: Annotated[Path, typer.Argument(help="A picture with a badge in it.")],
    out: Annotated[Path | None, typer.Option(help=_OUT)] = None,
    as_json: ResultAsJson = False,
) -> None:
    """Take the badge out of a picture, as it stands there; nothing is verified."""
    from edc_issuer import carriers
    from edc_issuer.errors import ConfigError, InputError

    try:
        carried = carriers.unbake(read_file(image))
    except InputError as error:
        raise ConfigError(f"{image}: {error}") from error
    if carried.address is not None:
        say(
            "The picture holds no badge, only the address of one: "
            f"{carried.address}. Nothing was fetched."
        )
        raise typer.Exit(3)
    target = out or _beside(image, carried.suffix)
    keep_inputs([target], [image])
    own_id = _id_of(carried.data, image)
    keep_credentials([target], credential_id=own_id, sealed=True)
    _write(target, carried.data)
    put_files([target], as_json=as_json)


def _is_for_the_holder(credential: bytes) -> bool:
    """Whether copies are derived from it: a picture is looked at by everybody."""
    from edc_issuer.derivation import revealable
    from edc_issuer.errors import InputError

    try:
        revealable(credential)
    except InputError:
        return False
    return True


def _id_of(data: bytes, file: Path) -> str | None:
    """The id that a credential says it has; `ConfigError` if it cannot be opened."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.errors import ConfigError, InputError, Unsupported
    from edc_issuer.formats import open_any

    try:
        securing, envelope = open_any(data, documents=BUNDLED)
        content = [securing.covered(envelope, proof) for proof in envelope.proofs]
    except Unsupported:
        return None  # what is not read here may still be a badge; `kind_of` knows
    except InputError as error:
        raise ConfigError(f"{file}: {error}") from error
    ids = [view.get("id") for view in content if isinstance(view, dict)]
    return next((one for one in ids if isinstance(one, str)), None)


def _why(error: Exception, file: Path, image: Path) -> str:
    reason = getattr(error, "reason", "")
    if reason == "several-credentials":
        return f"{image}: {error}; --replace takes it out"
    where = file if reason == "carrier.content" else image
    return f"{where}: {error}"


def _beside(path: Path, suffix: str) -> Path:
    if path == STDIN:
        raise typer.BadParameter("standard input has no name; add --out FILE")
    return path.with_suffix(suffix)


def _write(target: Path, data: bytes) -> None:
    from edc_issuer.keys.files import PRIVATE, write_atomically

    write_atomically(target, data, mode=PRIVATE)
