"""From JSON to a record: strict, and every fault at once.

The types of the dataclasses and the marks of `fields` are the rules. pydantic
applies them and is imported here alone, at the first reading. Its findings become
`Problem`s in the words of the school's clerk; none repeats a value of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, TypeVar, cast

from edc_issuer.errors import Malformed, Problem, RecordError
from edc_issuer.record.consistency import contradictions
from edc_issuer.record.writing import MEMBERS
from edc_issuer.strict_json import loads

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


def _member(name: str) -> str:
    return MEMBERS.get(name, name)


READING = {"extra": "forbid", "alias_generator": _member}


def read_json(kind: type[T], data: bytes | str) -> T:
    """Read a JSON text of hostile origin; `RecordError` for whatever is wrong."""
    try:
        value = loads(data.encode() if isinstance(data, str) else data)
    except Malformed as error:
        found = Problem("", error.reason, str(error), _place_of(error))
        raise RecordError([found]) from error
    except UnicodeEncodeError as error:
        lone = Problem("", "json.surrogate", "half a surrogate pair in the text")
        raise RecordError([lone]) from error
    return read_mapping(kind, value)


def _place_of(error: Malformed) -> Mapping[str, object]:
    """Line and column where the text stops being JSON, if that is what is wrong."""
    cause = error.__cause__
    if not isinstance(cause, JSONDecodeError):
        return {}
    return {"case": "at", "line": cause.lineno, "column": cause.colno}


def read_mapping(kind: type[T], value: object) -> T:
    """Read parsed JSON; `RecordError.problems` holds every fault with its path."""
    from pydantic import ValidationError

    from edc_issuer.record.wording import problems_of

    _check_document(kind, value)
    try:
        record: T = adapter(cast(Any, kind)).validate_python(value)
    except ValidationError as error:
        raise RecordError(problems_of(kind, error)) from None
    found = tuple(contradictions(record))
    if found:
        raise RecordError(found)
    return record


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """pydantic's compiled reader of one document; made once a process."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _check_document(kind: type[Any], value: object) -> None:
    """One plain sentence, rather than thirty, where the wrong kind is handed in."""
    for problem in _wrong_document(kind, value):
        raise RecordError([problem])


def _wrong_document(kind: type[Any], value: object) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        text = "the outermost value has to be an object"
        yield Problem("", "wrong-type", text, {"case": "outermost"})
        return
    is_programme = value.get("document_type") == "programme"
    wants_programme = "document_type" in kind.__dataclass_fields__
    if is_programme and not wants_programme:
        yield Problem(
            "document_type",
            "wrong-document",
            "this is a programme without an award; a record of one award is needed",
            {"case": "programme"},
        )
    if wants_programme and "record_id" in value and not is_programme:
        yield Problem(
            "record_id",
            "wrong-document",
            "this is the record of an award; a programme document is needed",
            {"case": "record"},
        )
