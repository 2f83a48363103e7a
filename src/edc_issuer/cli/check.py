"""`check`, `inspect` and `schema`: rules and content, without any trust."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from edc_issuer.cli.common import put, read_file, say, show
from edc_issuer.errors import ConfigError, InputError, Problem, RecordError

MAX_PROBLEMS = 1_000


def check(
    file: Annotated[
        Path, typer.Argument(help="A record or a credential file, sealed or not.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Problems as JSON.")] = False,
) -> None:
    """Say what is missing or wrong in a record or a credential; 0 if nothing is."""
    data = read_file(file)
    is_record = _is_record(data)
    problems = _record_problems(data) if is_record else _credential_problems(data)
    if as_json:
        put([{"path": p.path, "code": p.code, "message": p.message} for p in problems])
    else:
        for problem in problems:
            show(f"{problem.path or '(whole)'}: {problem.message} [{problem.code}]")
        if not problems:
            show("Nothing is missing or wrong.")
        if not is_record:
            # A forged file may keep every rule; nobody should take this for a verdict.
            say(f"Only the rules were checked, no seal: edc-issuer verify {file}")
    raise typer.Exit(1 if problems else 0)


def _record_problems(data: bytes) -> list[Problem]:
    from edc_issuer.models import MODELS
    from edc_issuer.record import CredentialRecord, refusals

    try:
        record = CredentialRecord.from_json(data)
    except RecordError as error:
        return list(error.problems)
    found = list(refusals(record))
    for model in MODELS:
        found.extend(p for p in model.check(record) if p not in found)
    return found


def _credential_problems(data: bytes) -> list[Problem]:
    from edc_issuer.models import recognise

    try:
        credential = _unverified(data)
    except InputError as error:
        return [Problem("", error.reason, str(error))]
    known = recognise(credential)
    if known is None:
        text = "neither a European Digital Credential nor an Open Badge 3.0"
        return [Problem("type", "model.unknown", text)]
    return list(islice(known.inspect(credential), MAX_PROBLEMS))


def _is_record(data: bytes) -> bool:
    from edc_issuer.strict_json import loads

    if not data.lstrip().startswith(b"{"):
        return False
    try:
        value = loads(data)
    except InputError:
        return False
    return isinstance(value, dict) and "record_version" in value


def _unverified(data: bytes) -> dict[str, Any]:
    """What the file says, without asking whether it was signed or by whom."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.errors import Malformed
    from edc_issuer.formats import open_any
    from edc_issuer.strict_json import loads_object

    securing, envelope = open_any(data, documents=BUNDLED)
    if not envelope.proofs:
        return loads_object(data)
    content = securing.covered(envelope, envelope.proofs[0])
    if not isinstance(content, dict):
        raise Malformed("the signed content is no credential", reason="payload.type")
    return content


def inspect(
    file: Annotated[Path, typer.Argument(help="A credential file.")],
) -> None:
    """Show what a credential file says, as JSON. Nothing of it is verified."""
    data = read_file(file)
    try:
        put(_claims(data))
    except InputError as error:
        raise ConfigError(f"{file}: {error}") from error


def _claims(data: bytes) -> dict[str, Any]:
    from edc_issuer.cms.certificate import subject_text
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats import open_any

    securing, envelope = open_any(data, documents=BUNDLED)
    proofs = [
        {
            "algorithm": proof.algorithm,
            "claimed_at": proof.claimed_at.isoformat() if proof.claimed_at else None,
            "level": proof.level,
            "key": proof.hint.url,
            "certificate": (
                subject_text(proof.hint.certificate) if proof.hint.certificate else None
            ),
            "notes": list(proof.notes),
        }
        for proof in envelope.proofs
    ]
    return {
        "UNVERIFIED": "Anyone can write such a file. Use `edc-issuer verify`.",
        "format": securing.id,
        "proofs": proofs,
        "content": _unverified(data),
    }


def schema() -> None:
    """Print the JSON Schema of the record."""
    from edc_issuer.record import json_schema

    put(json_schema())
