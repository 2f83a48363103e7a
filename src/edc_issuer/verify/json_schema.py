"""A JSON Schema held against a credential, with bounded work.

The validator is that of the package `jsonschema` (the extra `schema`). A schema comes
from strangers: nothing it points to is fetched, its patterns are matched in bounded
time, and its steps are counted. What cannot be decided is never called wrong.
JSON Schema 2020-12 and its predecessors as their `$schema` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from edc_issuer.documents import Documents
from edc_issuer.errors import EdcError, Problem
from edc_issuer.verify.patterns import Machine, NotMatchable

MAX_STEPS = 50_000  # the schema of Open Badges takes 4,000 for a large badge
MAX_WORK = 5_000_000  # of all its patterns: places in one times letters of a text
MAX_NAMED = 20


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
    counted["pattern"] = steps.counting(steps.pattern)
    counted["patternProperties"] = steps.counting(steps.pattern_properties)
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
    """Counts every keyword that is asked, and what its patterns cost."""

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.work = MAX_WORK

    def counting(self, rule: Any) -> Any:
        def counted(*arguments: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise NotDecidable("the schema asks for more work than is done here")
            return rule(*arguments)

        return counted

    def pattern(
        self, validator: Any, pattern: Any, instance: Any, schema: Any
    ) -> Iterator[Any]:
        from jsonschema.exceptions import ValidationError

        if isinstance(instance, str) and not self._matches(pattern, instance):
            yield ValidationError("does not match the pattern of the schema")

    def pattern_properties(
        self, validator: Any, patterns: Any, instance: Any, schema: Any
    ) -> Iterator[Any]:
        if not isinstance(instance, Mapping):
            return
        for pattern, inner in patterns.items():
            for key, value in instance.items():
                if self._matches(pattern, key):
                    yield from validator.descend(value, inner, path=key)

    def _matches(self, pattern: object, text: str) -> bool:
        if not isinstance(pattern, str):
            raise NotDecidable("a pattern of the schema is none")
        try:
            machine = Machine.of(pattern)
        except NotMatchable as error:
            raise NotDecidable(f"a pattern of the schema: {error}") from error
        self.work -= machine.work(text)
        if self.work < 0:
            raise NotDecidable("the patterns of the schema ask for too much work")
        return machine.finds(text)


def _pointer(path: Any) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _said(error: Any) -> str:
    """Which rule, without the value: it may be personal."""
    return f"breaks the rule {error.validator} of the schema"
