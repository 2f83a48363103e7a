"""The printed JSON Schema says what `from_dict` does, and what the domain means."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conftest import shared_file
from edc_issuer.errors import RecordError
from edc_issuer.record import CredentialRecord, ProgrammeDocument, json_schema

FIXTURES = Path(__file__).parent.parent / "fixtures"
DOCUMENTS = sorted(
    [*FIXTURES.glob("records/*.json"), *FIXTURES.glob("programmes/*.json")]
)
# Found by comparing fields, by the calendar or by the syntax of URIs, and out of
# reach for a schema; or finer than the schema of the domain draws it.
BEYOND_SCHEMA = {
    "bad-date",
    "bad-uri",
    "duplicate",
    "language-not-listed",
    "never-valid",
    "out-of-range",
    "text-missing",
    "unseen-sign",
}

Mutation = Callable[[Any], Any]


@cache
def ours() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


@cache
def domain() -> Draft202012Validator:
    schema = shared_file("domain/record.schema.json")
    return Draft202012Validator(json.loads(schema.read_bytes()))


def read(document: dict[str, Any]) -> set[str]:
    """The codes of what is wrong; none where the document is read."""
    programme = document.get("document_type") == "programme"
    try:
        if programme:
            ProgrammeDocument.from_dict(document)
        else:
            CredentialRecord.from_dict(document)
    except RecordError as error:
        return {problem.code for problem in error.problems}
    return set()


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document but the top and what stands below `extensions`."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from nodes(member, (*path, name))


def changed(document: Any, path: tuple[Any, ...], change: Mutation) -> Any:
    """A copy of the document with one value replaced."""
    copied = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return copied


def without(document: Any, path: tuple[Any, ...]) -> Any:
    copied = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return copied


def with_unknown(value: Any) -> Any:
    return {**value, "unknown": 1} if isinstance(value, dict) else [value, "unknown"]


CHANGES: dict[str, Mutation] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "number": lambda _: 7,
    "decimal": lambda _: 0.5,
    "negative": lambda _: -1,
    "text": lambda _: "unknown",
    "digits-as-text": lambda _: "7",
    "empty-text": lambda _: "",
    "empty-list": lambda _: [],
    "empty-object": lambda _: {},
    "unknown-member": with_unknown,
    "wrapped-in-a-list": lambda value: [value],
}


def mutants(path: Path, count: int) -> Iterator[tuple[str, Any]]:
    """Named single changes of a document; the seed is fixed."""
    document = json.loads(path.read_bytes())
    places = list(nodes(document))
    chooser = random.Random(path.stem)
    for _ in range(count):
        place = chooser.choice(places)
        name = chooser.choice([*CHANGES, "deleted", "deleted"])
        if name == "deleted":
            mutant = without(document, place)
        else:
            mutant = changed(document, place, CHANGES[name])
        yield f"{path.stem} {place} {name}", mutant


def test_it_is_a_schema_and_names_no_machine() -> None:
    schema = json_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:")
    assert '"Path' not in json.dumps(schema)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_it_accepts_every_fixture(path: Path) -> None:
    assert ours().is_valid(json.loads(path.read_bytes()))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_it_refuses_what_reading_refuses_and_nothing_else(path: Path) -> None:
    for name, mutant in mutants(path, 25):
        codes = read(mutant)

        if ours().is_valid(mutant):
            assert codes <= BEYOND_SCHEMA, name
        else:
            assert codes, name


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_it_refuses_what_the_schema_of_the_domain_refuses(path: Path) -> None:
    for name, mutant in mutants(path, 25):
        if not domain().is_valid(mutant):
            assert not ours().is_valid(mutant), name
        elif not ours().is_valid(mutant):
            assert read(mutant) <= BEYOND_SCHEMA, name


def test_the_mutations_are_of_both_kinds() -> None:
    verdicts = [
        ours().is_valid(mutant)
        for path in DOCUMENTS[:4]
        for _, mutant in mutants(path, 60)
    ]

    assert 40 < sum(verdicts) < len(verdicts) - 40
