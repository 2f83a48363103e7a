"""What the values of a record may look like, beyond their Python type.

The dataclasses carry these marks in `Annotated`. They mean nothing to a program
that builds records in Python; where JSON comes in, `reading` gives them to
pydantic, which is imported there and nowhere else: the methods below are its
protocol, and their imports stay inside.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")
MAX_MAGNITUDE = 10**15  # beyond it a double no longer holds every cent

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+\Z")


class Fault(ValueError):
    """One value breaks its rule; becomes a `Problem` with this code and `values`."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


def _out_of_range(case: str, words: str, limit: int) -> Fault:
    return Fault("out-of-range", f"{words}{limit}", case=case, limit=limit)


@dataclass(frozen=True, slots=True)
class Present:
    """The member may be left out; a JSON null is not a way to leave it out."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(get_args(source)[0])


@dataclass(frozen=True, slots=True)
class Text:
    """A string by pattern (ECMA 262 and Rust read it alike) and least length."""

    pattern: str | None = None
    least: int = 0

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.str_schema(
            strict=True, pattern=self.pattern, min_length=self.least or None
        )


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """Non-empty texts by language tag, at least so many."""

    least: int

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        tag = core_schema.str_schema(strict=True, pattern=LANGUAGE_PATTERN)
        text = core_schema.str_schema(strict=True, min_length=1)
        return core_schema.dict_schema(tag, text, min_length=self.least, strict=True)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "object",
            "minProperties": self.least,
            "propertyNames": {"pattern": LANGUAGE_PATTERN},
            "additionalProperties": {"type": "string", "minLength": 1},
        }


@dataclass(frozen=True, slots=True)
class AtLeastOne:
    """A list that may not be empty."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema: Any = handler(source)
        return {**schema, "min_length": 1}


@dataclass(frozen=True, slots=True)
class Exact:
    """A JSON number, kept as the decimal that was written; never text or true."""

    least: int | None = None
    above: int | None = None

    def read(self, value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            message = "has to be a number, without quotes"
            raise Fault("wrong-type", message, case="number")
        if not -MAX_MAGNITUDE < value < MAX_MAGNITUDE:
            raise _out_of_range(
                "within", f"has to lie between -{MAX_MAGNITUDE} and ", MAX_MAGNITUDE
            )
        # A double's shortest spelling is the one that stood in the file.
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        if self.least is not None and number < self.least:
            raise _out_of_range("least", "has to be at least ", self.least)
        if self.above is not None and number <= self.above:
            raise _out_of_range("above", "has to be more than ", self.above)
        return number

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        limits = {"minimum": self.least, "exclusiveMinimum": self.above}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return {"type": "number", **given}


@dataclass(frozen=True, slots=True)
class Whole:
    """A JSON integer between two limits, both allowed."""

    least: int = -(2**53) + 1  # RFC 7493: what every reader takes exactly
    most: int = 2**53 - 1

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.int_schema(strict=True, ge=self.least, le=self.most)


@dataclass(frozen=True, slots=True)
class YesNo:
    """JSON true or false, never a word or a number for it."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.bool_schema(strict=True)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar as `YYYY-MM-DD`; a `date` when built in Python."""

    def read(self, value: object) -> datetime.date:
        if type(value) is datetime.date:
            return value
        if not isinstance(value, str) or not _DAY.match(value):
            message = "has to be a date as YYYY-MM-DD, like 2025-11-20"
            raise Fault("bad-date", message, case="form")
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            message = "is not a day of the calendar"
            raise Fault("bad-date", message, case="day") from None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "format": "date",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        }


@dataclass(frozen=True, slots=True)
class AbsoluteUri:
    """An identifier with its scheme: `urn:uuid:...`, `https://...`."""

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise Fault("wrong-type", "has to be a text in quotes", case="text")
        if not _URI.match(value):
            raise Fault("bad-uri", "has to be a URI such as urn:uuid:… or https://…")
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": "uri"}


LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$"

Maybe = Annotated[T | None, Present()]  # may be absent, may not be null
Some = Annotated[tuple[T, ...], AtLeastOne()]
Name = Annotated[str, Text()]
Id = Annotated[str, Text(least=1)]
Uri = Annotated[str, AbsoluteUri()]
Country = Annotated[str, Text(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2
Points = Annotated[str, Text(pattern=r"^[0-9]+(\.[0-9]+)?$")]  # "0.5"
LanguageTag = Annotated[str, Text(pattern=LANGUAGE_PATTERN)]
# BCP 47 tag to text. Serbian always says its script: bare sr is taken as Cyrillic.
LangText = Annotated[Mapping[str, str], ByLanguage(1)]
Date = Annotated[datetime.date, Day()]
Number = Annotated[Decimal, Exact()]
Amount = Annotated[Decimal, Exact(least=0)]
Flag = Annotated[bool, YesNo()]

AccreditationType = Literal[
    "institutional_license",
    "programme_license",
    "institutional_quality_assurance",
    "programme_quality_assurance",
]
CredentialKind = Literal[
    "micro_credential",
    "stacked_micro_credential",
    "skill_credential",
    "participation",
    "certificate",
    "partial_qualification",
    "qualification",
    "diploma",
    "diploma_supplement",
    "transcript",
]
NationalProfile = Literal["EU", "SI", "HR", "RS", "ME", "BA-HNK"]
