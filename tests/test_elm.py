"""A record becomes a complete European Digital Credential, and keeps its facts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, shared_file

from edc_issuer.errors import RecordError
from edc_issuer.models.base import BuildContext, Built, Media
from edc_issuer.models.elm import ELM
from edc_issuer.models.mapping import NO_RULE, present_paths
from edc_issuer.record import (
    Credit,
    CredentialRecord,
    LegalIdentifier,
    Mandate,
    Organisation,
)

RECORDS = ROOT / "fixtures" / "records"
NAMES = sorted(
    path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
)
AT = datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC)
PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
each_record = pytest.mark.parametrize("name", NAMES)


def record(name: str) -> CredentialRecord:
    return CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())


def context(of: CredentialRecord) -> BuildContext:
    files = {
        item.path: Media(item.media_type, (RECORDS / item.path).read_bytes())
        for item in of.attachments
        if item.path
    }
    return BuildContext(
        at=AT,
        credential_id=of.credential_id
        or "urn:uuid:0f1e2d3c-0000-4000-8000-000000000000",
        pictures={language: (PAGE,) for language in of.languages},
        files=files,
    )


def build(of: CredentialRecord) -> Built:
    return ELM.build(of, context(of))


@cache
def credential(name: str) -> dict[str, Any]:
    return build(record(name)).credential


@cache
def expected(name: str) -> dict[str, Any]:
    path = shared_file(f"domain/fixtures/expected_elm/{name}.jsonld")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def at_path(value: Any, path: str) -> list[Any]:
    """All values at a dotted path, through lists."""
    found = [value]
    for name in path.split("."):
        step: list[Any] = []
        for item in found:
            if isinstance(item, dict) and name in item:
                below = item[name]
                step += below if isinstance(below, list) else [below]
        found = step
    return found


def of_type(name: str, value: Any) -> list[dict[str, Any]]:
    return [node for node in nodes(value) if node.get("type") == name]


# --- the account ----------------------------------------------------------------


@each_record
def test_every_present_field_is_accounted_for_once_and_no_other(name: str) -> None:
    source = record(name)

    report = build(source).mapping

    assert [row.path for row in report.fields] == list(present_paths(source))
    assert [row.path for row in report.fields if row.why == NO_RULE] == []


@each_record
def test_where_a_field_is_said_to_be_there_something_is(name: str) -> None:
    built = build(record(name))

    missing = [
        (row.path, target)
        for row in built.mapping.fields
        for target in row.targets
        if not at_path(built.credential, target)
    ]

    assert missing == []


def texts_at(value: Any, path: str) -> list[str]:
    """The values of a record at a path, as text."""
    found = [value]
    for name in path.split("."):
        found = [
            item
            for holder in found
            if holder is not None
            for below in [getattr(holder, name)]
            for item in (below if isinstance(below, tuple) else (below,))
        ]
    return [text for item in found if item is not None for text in as_texts(item)]


def as_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, Decimal):
        return [f"{value.normalize():f}"]
    if isinstance(value, date):
        return [value.isoformat()]
    return [value] if isinstance(value, str) else []


CODED = (  # written as concepts, durations or types: looked at one by one below
    "country",
    "_language",
    "languages",
    "language_of_instruction",
    "isced_f",
    "type",
    "kind",
    "mode",
    "form",
    "setting",
    "supervision",
    "hours",
    "minutes",
    "options",
    "basis",
    "system",
    "points",
    "framework",
    "path",
    "media_type",
    "nuts",
    "status",
    "level.nqf.level",
    "hko.level",
)


@each_record
def test_a_mapped_text_is_found_where_the_account_says(name: str) -> None:
    source = record(name)
    built = build(source)

    gone = [
        row.path
        for row in built.mapping.fields
        if row.kind == "mapped" and not row.path.endswith(CODED)
        for text in texts_at(source, row.path)
        if text
        not in json.dumps(
            [at_path(built.credential, target) for target in row.targets],
            ensure_ascii=False,
        ).replace('\\"', '"')
    ]

    assert gone == []


def test_extensions_are_always_named_as_lost() -> None:
    source = replace(record("mcvet_3d_si"), extensions={"room": "12"})

    rows = {row.path: row for row in build(source).mapping.losses}

    assert rows["extensions"].kind == "lost"
    assert "room" not in json.dumps(build(source).credential)
