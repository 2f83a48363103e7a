"""`edc-issuer summary`: one page for the school that is asked to recognise."""

from __future__ import annotations

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
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError, InputError

if TYPE_CHECKING:
    from edc_issuer.recognition import Recognition, Verdict

PRIVATE = 0o600  # the page names a learner


class Purpose(StrEnum):
    """For whom a credential is summed up."""

    RECOGNITION = "recognition"


def summary(
    file: Annotated[
        Path, typer.Argument(help="A credential (sealed, signed or plain) or a record.")
    ],
    purpose: Annotated[
        Purpose, typer.Option("--for", help="What the page is for.")
    ] = Purpose.RECOGNITION,
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Folder that says whom you trust: verify first, and put the verdict "
            "at the head of the page. Without it nothing is verified."
        ),
    ] = None,
    lang: Lang = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the page here, as HTML to print.")
    ] = None,
    allow_test: Annotated[
        bool,
        typer.Option("--allow-test", help="Exit 0 also where only test trust vouches."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The facts as JSON.")] = False,
) -> None:
    """Sum a credential up for the school that is asked to recognise it.

    Exit code: 0; with --trust as `verify` (0 passed, 1 failed, 3 not confirmed).
    """
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.recognition import to_dict, to_html, to_text

    language = language_from(lang)
    data = read_file(file)
    said, verdict, code = _summed_up(
        data, language, trust=trust, name=_name(file), allow_test=allow_test
    )
    if out is not None:
        keep_inputs([out], [file])
        keep_credentials([out])
        page = to_html(said, verdict, language=language)
        write_atomically(out, page.encode(), mode=PRIVATE)
    if as_json:
        put({"for": purpose.value, **to_dict(said, verdict)})
    elif out is not None:
        show(str(out))
    else:
        show(to_text(said, verdict, language=language).rstrip("\n"))
    if verdict.kind == "not_verified":
        say(f"Nothing was verified: edc-issuer summary {file} --trust FOLDER")
    raise typer.Exit(code)


def _name(file: Path) -> str | None:
    return None if file == STDIN else file.name


def _summed_up(
    data: bytes,
    language: str,
    *,
    trust: Path | None,
    name: str | None,
    allow_test: bool,
) -> tuple[Recognition | None, Verdict, int]:
    """What is said, what stands at its head, and the exit code."""
    from edc_issuer.recognition import Verdict, recognition_of_record
    from edc_issuer.record import CredentialRecord

    if _is_record(data):
        record = CredentialRecord.from_json(data)
        return recognition_of_record(record, language), Verdict("record"), 0
    if trust is None:
        return _recognised(_claimed(data), language), Verdict("not_verified"), 0
    return _verified(data, language, trust=trust, name=name, allow_test=allow_test)


def _claimed(data: bytes) -> Any:
    """What the file says, without asking whether it was signed or by whom."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats import open_any
    from edc_issuer.strict_json import loads_object

    try:
        securing, envelope = open_any(data, documents=BUNDLED)
        if not envelope.proofs:
            return loads_object(data)
        return securing.covered(envelope, envelope.proofs[0])
    except InputError as error:
        raise ConfigError(f"this is no credential that can be read: {error}") from error


def _is_record(data: bytes) -> bool:
    from edc_issuer.strict_json import loads

    if not data.lstrip().startswith(b"{"):
        return False
    try:
        value = loads(data)
    except InputError:
        return False
    return isinstance(value, dict) and "record_version" in value


def _recognised(content: Any, language: str) -> Recognition:
    from edc_issuer.recognition import recognition

    said = recognition(content, language)
    if said.model is None:
        raise ConfigError(
            "neither a European Digital Credential nor an Open Badge 3.0; hand over "
            "one credential of these kinds"
        )
    return said


def _verified(
    data: bytes, language: str, *, trust: Path, name: str | None, allow_test: bool
) -> tuple[Recognition | None, Verdict, int]:
    from edc_issuer.recognition import Verdict
    from edc_issuer.report import GOOD, exit_code
    from edc_issuer.report_text import to_line
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

    report = Verifier(trust=Trust.load(trust)).verify(data)
    if report.kind == "presentation":
        raise ConfigError("several credentials in an envelope; hand over one of them")
    verdict = Verdict(
        "verified",
        line=to_line(report, language=language, name=name),
        outcome=report.outcome.value,
        test=report.test,
        accredited=report.check("issuer.accredited").status in GOOD,
    )
    said = None if report.content is None else _recognised(report.content, language)
    return said, verdict, exit_code([report], allow_test=allow_test)
