"""`check`, `inspect` and `schema`: rules and content, without any trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from edc_issuer.cli.check_table import Shown, look
from edc_issuer.cli.common import language_from, put, read_file, say, show
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError, InputError, Problem, RecordError
from edc_issuer.messages import Messages

MAX_PROBLEMS = 1_000
# Kinds of credential that the lists of elements are about.
MICRO = ("micro_credential", "stacked_micro_credential", "skill_credential")


def check(
    file: Annotated[
        Path,
        typer.Argument(help="A record, a programme or a credential, sealed or not."),
    ],
    profile: Annotated[
        str | None,
        typer.Option(help="Element list to check against: EU, SI, HR, RS, ME, ..."),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Say what is missing or wrong in a record, a programme or a credential.

    With a profile (the one named, else that of a micro-credential's record) follow
    the elements that it asks for, the ten principles, the rules, and hints on the
    wording of the outcomes. Exit 0: no fault, nothing mandatory missing.

    As JSON: `problems` (a list of path, code, message); with a profile also
    `completeness` (one object a list: profile, score, annex1_score, elements,
    annex1), `principles`, `findings` and `lint`; of a credential `unverified`.
    """
    data = read_file(file)
    given = _given(data)
    problems = _problems(given, data)
    messages = Messages(language_from(lang))
    shown = _looked_at(given, profile, messages)
    if as_json:
        put(_as_json(problems, shown, given))
    else:
        whole = shown is not None and not shown.is_open
        for line in _faults(problems, messages, whole=whole):
            show(line)
        _print(shown, given, file, messages)
    raise typer.Exit(1 if problems or (shown and shown.refuses) else 0)


@dataclass(frozen=True, slots=True)
class _Given:
    """The file as JSON values; `kind` "record", "programme" or "credential"."""

    kind: str
    value: dict[str, Any] | None  # None: not readable, the problems say why


def _given(data: bytes) -> _Given:
    value = _document(data)
    if value is not None:
        alone = value.get("document_type") == "programme"
        return _Given("programme" if alone else "record", value)
    from edc_issuer.convert import content_of

    try:
        return _Given("credential", content_of(data))
    except InputError:
        return _Given("credential", None)


def _problems(given: _Given, data: bytes) -> list[Problem]:
    if given.kind == "record":
        return _record_problems(data)
    if given.kind == "programme":
        return _programme_problems(data)
    return _credential_problems(data)


def _looked_at(given: _Given, profile: str | None, messages: Messages) -> Shown | None:
    """The tables, where a list is asked for; None where there is none to ask."""
    from edc_issuer.rules.profiles import PROFILES

    asked = profile.upper() if profile else None
    if asked is not None and asked not in PROFILES:
        raise typer.BadParameter(f"--profile {profile}: choose {', '.join(PROFILES)}")
    named = _profiles(given, asked)
    if given.value is None or not named:
        return None
    try:
        return look(given.value, named, messages)
    except ValueError:
        return None  # of no model that we know: the problems have said so


def _profiles(given: _Given, asked: str | None) -> tuple[str, ...]:
    """The list asked for, else those that the record of a micro-credential names."""
    from edc_issuer.rules.profiles import PROFILES

    value = given.value or {}
    if asked is not None:
        return (asked,)
    if given.kind == "record" and value.get("credential_kind") not in MICRO:
        return ()  # a certificate of participation is not held to such a list
    stated = (value.get("national_profile"), value.get("project_profile"))
    known = [one for one in stated if isinstance(one, str) and one in PROFILES]
    return () if given.kind == "credential" else tuple(known)


def _as_json(
    problems: list[Problem], shown: Shown | None, given: _Given
) -> dict[str, Any]:
    faults = [{"path": p.path, "code": p.code, "message": p.message} for p in problems]
    told = {"problems": faults, **(shown.to_json() if shown else {})}
    return {"unverified": True, **told} if given.kind == "credential" else told


def _faults(
    problems: list[Problem], messages: Messages, *, whole: bool
) -> Iterator[str]:
    """Every fault; without one, that nothing is missing only where all was asked for.

    `whole`: a list of elements was followed, and none of them is open.
    """
    for problem in problems:
        place = problem.path or messages.text("cli.whole")
        yield f"{place}: {messages.problem(problem)} [{problem.code}]"
    if not problems:
        yield messages.text("cli.nothing_wrong" if whole else "cli.no_faults")


def _print(shown: Shown | None, given: _Given, file: Path, messages: Messages) -> None:
    if shown is not None:
        for line in shown.lines():
            show(line)
        if given.kind == "programme":
            show(shown.messages.text("completeness.programme"))
        if given.kind == "credential":
            show(shown.messages.text("completeness.unverified"))
    if given.kind == "credential":
        # A forged file may keep every rule; nobody should take this for a verdict.
        say(messages.text("cli.only_rules", file=file))


def _programme_problems(data: bytes) -> list[Problem]:
    from edc_issuer.record import ProgrammeDocument

    try:
        ProgrammeDocument.from_json(data)
    except RecordError as error:
        return list(error.problems)
    return []


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
    from edc_issuer.convert import content_of
    from edc_issuer.models import recognise
    from edc_issuer.models.clr import LEARNER_RECORD

    try:
        credential = content_of(data)
    except InputError as error:
        return [Problem("", error.reason, str(error))]
    if LEARNER_RECORD.recognises(credential):
        return list(islice(LEARNER_RECORD.inspect(credential), MAX_PROBLEMS))
    known = recognise(credential)
    if known is None:
        text = "neither a European Digital Credential nor an Open Badge 3.0"
        return [Problem("type", "model.unknown", text)]
    return list(islice(known.inspect(credential), MAX_PROBLEMS))


def _document(data: bytes) -> dict[str, Any] | None:
    """A record or a programme as JSON values; None for anything else."""
    from edc_issuer.strict_json import loads

    if not data.lstrip().startswith(b"{"):
        return None
    try:
        value = loads(data)
    except InputError:
        return None
    return value if isinstance(value, dict) and "record_version" in value else None


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
    from edc_issuer.convert import content_of
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
        "content": content_of(data),
    }


def schema() -> None:
    """Print the JSON Schema of the record."""
    from edc_issuer.record import json_schema

    put(json_schema())
