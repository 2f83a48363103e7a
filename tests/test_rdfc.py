"""RDF Dataset Canonicalization 1.0 against the W3C suite, and its bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED, shared_file
from edc_issuer.canonical.rdfc import Limits, Quad, rdfc10
from edc_issuer.errors import Malformed

SUITE = "standards/rdf-canon"
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_CANONICAL = {v: "\\" + k for k, v in _ESCAPES.items()} | {'"': '\\"', "\\": "\\\\"}
_LINE = re.compile(
    r'(<[^>]*>|_:\S+)\s+(<[^>]*>)\s+(<[^>]*>|"(?:[^"\\]|\\.)*"\S*|_:\S+)'
    r"(?:\s+(<[^>]*>|_:\S+))?\s*\.\s*$"
)


def unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[0][1:]
        if code[0] in "uU":
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", one, text)


def term(text: str) -> str:
    """A term of N-Quads in the one spelling that RDFC-1.0 section 5 allows."""
    if not text.startswith('"'):
        return unescaped(text)
    end = text.rindex('"')
    value = unescaped(text[1:end])
    escaped = re.sub(
        r'[\x00-\x1f\x7f"\\]',
        lambda m: _CANONICAL.get(m[0], f"\\u{ord(m[0]):04X}"),
        value,
    )
    kind = unescaped(text[end + 1 :])
    string = "^^<http://www.w3.org/2001/XMLSchema#string>"
    return f'"{escaped}"' + ("" if kind == string else kind)


def parsed(text: str) -> Iterator[Quad]:
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            match = _LINE.match(line.strip())
            assert match, line
            s, p, o, g = (term(part) if part else "" for part in match.groups())
            yield s, p, o, g


def cases(kind: str) -> list[Any]:
    path = SHARED / SUITE / "manifest.jsonld"
    if not path.exists():
        return []
    entries = json.loads(path.read_text())["entries"]
    return [
        pytest.param(entry, id=entry["id"].strip("#"))
        for entry in entries
        if entry["type"] == f"rdfc:{kind}"
    ]


def run(entry: dict[str, str]) -> tuple[str, dict[str, str]]:
    text = (shared_file(SUITE) / entry["action"]).read_bytes().decode()
    algorithm = entry.get("hashAlgorithm", "SHA256").lower()
    dataset = rdfc10(parsed(text), hash=algorithm)
    return dataset.nquads.decode(), dict(dataset.labels)


@pytest.mark.parametrize("entry", cases("RDFC10EvalTest"))
def test_datasets_have_the_canonical_form_of_the_suite(entry: dict[str, str]) -> None:
    expected = (shared_file(SUITE) / entry["result"]).read_bytes().decode()

    assert run(entry)[0] == expected


@pytest.mark.parametrize("entry", cases("RDFC10MapTest"))
def test_blank_nodes_get_the_labels_of_the_suite(entry: dict[str, str]) -> None:
    expected = json.loads((shared_file(SUITE) / entry["result"]).read_text())

    labels = {old[2:]: new[2:] for old, new in run(entry)[1].items()}

    assert labels == expected


@pytest.mark.parametrize("entry", cases("RDFC10NegativeEvalTest"))
def test_the_poison_graph_of_the_suite_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(Malformed) as caught:
        run(entry)

    assert caught.value.reason == "limits.canonicalization"


def test_the_whole_suite_was_run() -> None:
    shared_file(SUITE)
    kinds = ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")

    assert [len(cases(kind)) for kind in kinds] == [64, 21, 1]


def clique(size: int) -> list[Quad]:
    nodes = [f"_:n{i}" for i in range(size)]
    return [(a, "<urn:knows>", b, "") for a, b in permutations(nodes, 2)]


def test_a_clique_of_eight_nodes_is_stopped_by_counting() -> None:
    with pytest.raises(Malformed) as caught:
        rdfc10(clique(8))

    assert caught.value.reason == "limits.canonicalization"


def test_a_clique_of_four_nodes_is_canonicalized() -> None:
    assert set(rdfc10(clique(4)).labels.values()) == {f"_:c14n{i}" for i in range(4)}


def test_more_quads_than_the_limit_are_refused() -> None:
    quads = [("<urn:a>", "<urn:b>", f'"{i}"', "") for i in range(11)]

    with pytest.raises(Malformed, match="quads"):
        rdfc10(quads, limits=Limits(quads=10))


nodes = st.sampled_from(["<urn:a>", "<urn:b>", *(f"_:n{i}" for i in range(5))])
objects = nodes | st.sampled_from(['"text"', '"5"'])
predicates = st.sampled_from(["<urn:p>", "<urn:q>"])
graphs = st.sampled_from(["", "<urn:g>", "_:n0", "_:n1"])
datasets = st.lists(st.tuples(nodes, predicates, objects, graphs), max_size=8)


@given(datasets, st.permutations([f"_:n{i}" for i in range(5)]), st.randoms())
def test_neither_names_nor_order_of_the_input_matter(
    quads: list[Quad], names: list[str], shuffle: Any
) -> None:
    new = {f"_:n{i}": f"_:x{name[2:]}" for i, name in enumerate(names)}
    renamed = [tuple(new.get(t, t) for t in quad) for quad in quads]
    shuffle.shuffle(renamed)

    assert rdfc10(quads).nquads == rdfc10(renamed).nquads  # type: ignore[arg-type]
