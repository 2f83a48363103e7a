"""A record as the credential that is to be signed; no key is needed for that.

The record was passed and the model can express it, its pictures and attachments are
made or read below the folder the caller named, and the model's own rules are checked
on the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from edc_issuer.errors import Problem, RecordError
from edc_issuer.files import read_files
from edc_issuer.models.base import (
    BuildContext,
    Built,
    CredentialStatus,
    Media,
    Model,
    Twin,
)
from edc_issuer.models.elm import ELM
from edc_issuer.record import CredentialRecord, refusals

Draw = Callable[[CredentialRecord, str], tuple[Media, ...]]


def draft(
    record: CredentialRecord,
    model: Model,
    *,
    at: datetime,
    credential_id: str,
    issuer_id: str | None = None,
    files: Path | None = None,
    language: str | None = None,
    draw: Draw | None = None,
    twin: Twin | None = None,
    status: CredentialStatus = None,
) -> Built:
    """Steps 2 to 4 of issuing (`issue`): the credential to be signed.

    `draw` makes the pages of a language (default: the diploma of `render`), `status`
    is what stands in `credentialStatus`. Raises `RecordError` with every fault of the
    record.
    """
    _refuse(refusals(record), model.check(record))
    contents = read_files(record, files)
    is_edc = model is ELM
    context = BuildContext(
        at=at,
        credential_id=credential_id,
        issuer_id=issuer_id,
        pictures=_pictures(record, contents, draw) if is_edc else {},
        files=_media(record, contents),
        language=language,
        twin=twin,
        status=status,
    )
    built = model.build(record, context)
    _refuse(_faults(model, built))
    return built


def _faults(model: Model, built: Built) -> Iterator[Problem]:
    """All but one: Open Badges have room for one status, the W3C's model for several.

    Whoever asks for suspension beside revocation gets both, and is told.
    """
    for problem in model.inspect(built.credential):
        if (problem.path, problem.code) != ("/credentialStatus", "value.several"):
            yield problem


def _refuse(*sources: Iterator[Problem]) -> None:
    problems = [problem for source in sources for problem in source]
    if problems:
        raise RecordError(problems)


def _media(record: CredentialRecord, contents: Mapping[str, bytes]) -> dict[str, Media]:
    types = {a.path: a.media_type for a in record.attachments if a.path}
    if record.mandate and record.mandate.document:
        document = record.mandate.document
        types[document.path] = document.media_type or "application/pdf"
    return {path: Media(types[path], contents[path]) for path in types}


def _pictures(
    record: CredentialRecord, contents: Mapping[str, bytes], draw: Draw | None
) -> dict[str, tuple[Media, ...]]:
    """One diploma page picture a language: the record's own, else drawn here."""
    from edc_issuer.render import picture, render_pages

    draw = draw or render_pages
    own = record.pictures or {}
    return {
        language: (picture(contents[own[language]], path=f"pictures.{language}"),)
        if language in own
        else draw(record, language)
        for language in record.languages
    }
