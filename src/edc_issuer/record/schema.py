"""The record as a JSON Schema, for programs that check before they hand over."""

from __future__ import annotations

from typing import Any

from edc_issuer.record.documents import CredentialRecord, ProgrammeDocument
from edc_issuer.record.reading import adapter

SCHEMA_ID = "urn:x-edc-issuer:schema:record:1"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PROGRAMME = {"properties": {"document_type": {"const": "programme"}}}


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a record, or of a programme (`document_type`).

    It knows the shape, not what `from_json` finds by comparing fields (a primary
    language that is not listed) or by the calendar (30 February).
    """
    record, programme = _definitions(CredentialRecord), _definitions(ProgrammeDocument)
    # A programme on its own may still lack what an awarded one has to say.
    awarded = record["CredentialRecord"]["properties"]["programme"]
    needed = ["learning_setting", "delivery_mode", "workload"]
    record["CredentialRecord"]["properties"]["programme"] = {
        "allOf": [awarded, {"required": needed}]
    }
    return {
        "$schema": _DIALECT,
        "$id": SCHEMA_ID,
        "title": "Neutral credential record, version 1",
        "if": {"required": ["document_type"], **_PROGRAMME},
        "then": {"$ref": "#/$defs/ProgrammeDocument"},
        "else": {"$ref": "#/$defs/CredentialRecord"},
        "$defs": dict(sorted((programme | record).items())),
    }


def _definitions(document: Any) -> dict[str, Any]:
    schema = _tidied(adapter(document).json_schema(mode="validation"))
    definitions: dict[str, Any] = schema.pop("$defs")
    return {**definitions, document.__name__: schema}


def _tidied(schema: Any) -> Any:
    """Without the titles and null defaults that pydantic writes for every field."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _one_line(value) if isinstance(value, str) else _tidied(value)
        for name, value in schema.items()
        if isinstance(value, dict) or name not in ("title", "default")
    }


def _one_line(text: str) -> str:
    """Descriptions are docstrings, wrapped for the eyes of programmers."""
    return " ".join(text.split())
