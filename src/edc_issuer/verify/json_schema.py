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
from edc_issuer.models.tree import Survey
from edc_issuer.verify.patterns import Machine, NotMatchable

MAX_STEPS = 50_000  # the schema of Open Badges takes 4,000 for a large badge
MAX_WORK = 5_000_000  # of its patterns (places in one times letters) and of its lists
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
    steps.look_at(schema)
    own = {
        "pattern": steps.pattern,
        "patternProperties": steps.pattern_properties,
        "additionalProperties": steps.additional_properties,
        "uniqueItems": steps.unique_items,
    }
    rules = {name: own.get(name, rule) for name, rule in known.VALIDATORS.items()}
    counted = {name: steps.counting(rule) for name, rule in rules.items()}
    bounded = jsonschema.validators.extend(known, counted)
    return bounded(schema, registry=_registry(documents, steps))


def _registry(documents: Documents | None, steps: _Steps) -> Any:
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
        content = documents.get(uri)
        steps.look_at(content)
        return referencing.Resource.from_contents(
            content, default_specification=DRAFT202012
        )

    return registry(retrieve=stored)


class _Steps:
    """Counts every keyword that is asked, and what its patterns and lists cost.

    Where the package compares each with each, or matches patterns with the matcher of
    Python, a rule stands here in its place.
    """

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.work = MAX_WORK
        self.has_patterns = self.asks_what_is_left = False

    def look_at(self, schema: Any) -> None:
        """Note what a schema is made of; `NotDecidable` for what is not tried."""
        keys = Survey.of(schema).keys
        self.has_patterns |= "patternProperties" in keys
        self.asks_what_is_left |= "unevaluatedProperties" in keys
        if self.has_patterns and self.asks_what_is_left:
            # The package asks the matcher of Python which members were evaluated.
            raise NotDecidable("unevaluatedProperties beside patternProperties")

    def counting(self, rule: Any) -> Any:
        def counted(validator: Any, stated: Any, *arguments: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise NotDecidable("the schema asks for more work than is done here")
            self.spend(len(stated) if isinstance(stated, list | dict) else 1)
            return rule(validator, stated, *arguments)

        return counted

    def spend(self, work: int) -> None:
        self.work -= work
        if self.work < 0:
            raise NotDecidable("the schema asks for too much work")

    def unique_items(
        self, validator: Any, wanted: Any, instance: Any, schema: Any
    ) -> Iterator[Any]:
        from jsonschema.exceptions import ValidationError

        # Here, because most files need no processor of JSON-LD to be loaded.
        from edc_issuer.canonical.jcs import jcs

        if wanted is not True or not isinstance(instance, list):
            return
        # One form of what is equal, for the package compares each with each.
        forms = {jcs(item) for item in instance}
        if len(forms) != len(instance):
            yield ValidationError("has elements that are not unique")

    def additional_properties(
        self, validator: Any, wanted: Any, instance: Any, schema: Any
    ) -> Iterator[Any]:
        from jsonschema.exceptions import ValidationError

        if not isinstance(instance, Mapping):
            return
        named = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        more = [
            key
            for key in instance
            if key not in named and not any(self._matches(p, key) for p in patterns)
        ]
        if isinstance(wanted, Mapping):
            for key in more:
                yield from validator.descend(instance[key], wanted, path=key)
        elif wanted is False and more:
            yield ValidationError("has members beyond those of the schema")

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
        self.spend(machine.work(text))
        return machine.finds(text)


def _pointer(path: Any) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _said(error: Any) -> str:
    """Which rule, without the value: it may be personal."""
    return f"breaks the rule {error.validator} of the schema"
