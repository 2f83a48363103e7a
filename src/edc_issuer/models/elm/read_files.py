"""Files that travel inside a credential, read back beside the record."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from edc_issuer import vocab
from edc_issuer.models.base import Media
from edc_issuer.models.elm.read_organisation import organisation
from edc_issuer.models.reading import Branch
from edc_issuer.record import Attachment, Document, Mandate

FOLDER = "attachments"
TYPES = (
    "transcript_of_records",
    "learning_agreement",
    "certificate_of_training",
    "diploma_supplement",
    "emrex_transcript",
    "letter_of_nomination",
    "other",
)
_SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


def attachments_of(root: Branch, files: dict[str, Media]) -> tuple[Attachment, ...]:
    """The attached files; their contents are added to `files` by a new path."""
    found = []
    for node in root.branches("attachment"):
        path = _kept(node, files)
        if path is None:
            continue
        title = node.texts("title")
        kind: Any = next((k for k in TYPES if title == {"en": _words(k)}), None)
        found.append(
            Attachment(
                type=kind or "other",
                media_type=files[path].media_type,
                title=None if kind else title or None,
                path=path,
            )
        )
    return tuple(found)


def mandate_of(root: Branch, files: dict[str, Media]) -> Mandate | None:
    """By what right the issuer seals for another."""
    for node in root.branches("evidence"):
        mandator = organisation(node.branch("evidenceTarget"))
        if node.code("dcType", "evidence_type") != "mandate" or mandator is None:
            continue
        statement = node.text("evidenceStatement")
        media = node.branch("embeddedEvidence")
        path = _kept(media, files) if media else None
        return Mandate(
            mandator=mandator,
            statement={root.source.language: statement} if statement else None,
            document=Document(path, files[path].media_type) if path else None,
        )
    return None


def _kept(node: Branch, files: dict[str, Media]) -> str | None:
    """Put the content of a file under a path of its own; None where it has none."""
    content = node.text("content")
    code = node.code("contentType", "file_type")
    try:
        data = base64.b64decode(content or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    media_type = _media_type(code)
    if not data:
        return None
    path = f"{FOLDER}/{len(files) + 1}{_SUFFIXES.get(media_type, '')}"
    files[path] = Media(media_type, data)
    return path


def _media_type(code: str | None) -> str:
    """The media type that a record may give for this kind of file."""
    if code is None:
        return "application/octet-stream"
    aliases = vocab.lists()["file_type"].aliases
    names = [name for name, known in aliases.items() if known == code and "/" in name]
    return names[0] if names else code


def _words(kind: str) -> str:
    return kind.replace("_", " ")
