"""A JSON Schema held against a credential, with bounded work.

The validator is that of the package `jsonschema` (the extra `schema`). A schema comes
from strangers: nothing it points to is fetched, patterns that could take for ever are
not tried, and its steps are counted. What cannot be decided is never called wrong.
JSON Schema 2020-12 and its predecessors as their `$schema` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from edc_issuer.documents import Documents
from edc_issuer.errors import EdcError, Problem

MAX_STEPS = 50_000  # the schema of Open Badges takes 4,000 for a large badge
MAX_NAMED = 20
MAX_PATTERN = 500
MAX_TRIES = 10_000_000
# A repetition of something that itself repeats, or chooses, or looks around or back,
# can take exponential time in a backtracking matcher.
_GROUP_REPEATED = re.compile(r"\)(?:[*+]|\{\d*,?\d*\})")
_LOOKS = re.compile(r"\(\?|\\[1-9k]")
_REPEATS = re.compile(r"[*+]|\{\d*,\d*\}")


class NotDecidable(EdcError):
    """The schema cannot be held against anything here; nothing follows from it."""

    code = "schema-not-decidable"


def violations(
    instance: Any, schema: Any, *, documents: Documents | None = None
) -> Iterator[Problem]:
    """`schema.violation` for each place of `instance` that breaks the schema.

    At most `MAX_NAMED`. What it points to is looked for in `documents`. Raises
    `NotDecidable` for a schema that is none, that points elsewhere, whose patterns
    cannot be tried, or that asks for too much work.
    """
    try:
        import jsonschema
    except ImportError as error:
        raise NotDecidable("the extra `schema` is not installed") from error
    try:
        validator = _validator(jsonschema, schema, documents)
        found = list(islice(validator.iter_errors(instance), MAX_NAMED))
    except NotDecidable:
        raise
    except RecursionError as error:
        raise NotDecidable("the schema goes round in circles") from error
    # The package has many kinds of errors for schemas that are none.
    except Exception as error:
        raise NotDecidable(f"the schema cannot be used ({type(error).__name__})") from (
            error
        )
    for one in found:
        yield Problem(_pointer(one.absolute_path), "schema.violation", _said(one))


def _validator(jsonschema: Any, schema: Any, documents: Documents | None) -> Any:
    if not isinstance(schema, Mapping | bool):
        raise NotDecidable("the schema is no object")
    known = jsonschema.validators.validator_for(
        schema, default=jsonschema.Draft202012Validator
    )
    known.check_schema(schema)
    steps = _Steps()
    counted = {
        name: steps.counting(rule)
        for name, rule in known.VALIDATORS.items()
        if name not in ("pattern", "patternProperties")
    }
    counted["pattern"] = _pattern
    counted["patternProperties"] = _pattern_properties
    bounded = jsonschema.validators.extend(known, counted)
    return bounded(schema, registry=_registry(documents))


def _registry(documents: Documents | None) -> Any:
    """Other schemas that the operator stored; nothing is fetched."""
    import referencing
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT202012

    # Their signatures are made at run time, where no checker of types sees them.
    registry: Any = referencing.Registry
    absent: Any = NoSuchResource

    def stored(uri: str) -> Any:
        if documents is None or uri not in documents.urls:
            raise absent(ref=uri)
        return referencing.Resource.from_contents(
            documents.get(uri), default_specification=DRAFT202012
        )

    return registry(retrieve=stored)


class _Steps:
    """Counts every keyword that is asked, whatever the schema repeats."""

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def counting(self, rule: Any) -> Any:
        def counted(*arguments: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise NotDecidable("the schema asks for more work than is done here")
            return rule(*arguments)

        return counted


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("does not match the pattern of the schema")


def _pattern_properties(
    validator: Any, patterns: Any, instance: Any, schema: Any
) -> Iterator[Any]:
    if not isinstance(instance, Mapping):
        return
    for pattern, inner in patterns.items():
        for key, value in instance.items():
            if _matches(pattern, key):
                yield from validator.descend(value, inner, path=key)


def _matches(pattern: object, text: str) -> bool:
    if not isinstance(pattern, str) or not _is_harmless(pattern, text):
        raise NotDecidable("a pattern of the schema could take for ever")
    try:
        # ECMA-262 means by $ the very end (Python: also before a last line break).
        return re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), text) is not None
    except re.error as error:
        raise NotDecidable("a pattern of the schema is none") from error


def _is_harmless(pattern: str, text: str) -> bool:
    """Whether trying it takes at most `MAX_TRIES` steps of a backtracking matcher."""
    if len(pattern) > MAX_PATTERN:
        return False
    # Characters in brackets, and escaped ones, repeat nothing.
    bare = re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", pattern).replace("(?:", "(")
    if _LOOKS.search(bare):
        return False
    bare = re.sub(r"\\.", "x", bare)
    repeats = len(_REPEATS.findall(bare))
    is_nested = repeats > 1 or "|" in bare or "?" in bare
    if _GROUP_REPEATED.search(bare) and is_nested:
        return False
    starts = 0 if pattern.startswith("^") else 1
    tries: int = (len(text) + 1) ** (repeats + starts)
    return tries <= MAX_TRIES


def _pointer(path: Any) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _said(error: Any) -> str:
    """Which rule, without the value: it may be personal."""
    return f"breaks the rule {error.validator} of the schema"
