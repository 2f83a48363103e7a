"""One text for one RDF dataset, whatever its blank nodes were called.

RDF Dataset Canonicalization 1.0 (RDFC-1.0), with SHA-256 or SHA-384. Blank nodes
that nothing but their place tells apart cost factorial time, so the work is
counted and stopped; a clock would give another verdict on another machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.errors import Malformed

MAX_DEPTH = 128  # as deep as JSON is read; only long lists lead further

# (subject, predicate, object, graph) as N-Quads writes them; "" is the default graph.
Quad = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is canonicalized before a file counts as hostile.

    `quads` and `nodes` (objects and types of the document) bound its size, `work`
    the steps of Hash N-Degree Quads: visits of a quad and of a node in a
    permutation. The largest official credential has 360 quads and needs fewer than
    1,000 steps.
    """

    quads: int = 50_000
    nodes: int = 20_000
    work: int = 200_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A canonical dataset: its N-Quads and what each blank node became."""

    nquads: bytes
    labels: Mapping[str, str]  # "_:b7" -> "_:c14n0"


def rdfc10(
    quads: Iterable[Quad], *, hash: str = "sha256", limits: Limits = DEFAULT_LIMITS
) -> Dataset:
    """Canonicalize; `Malformed` (`limits.canonicalization`) when it takes too long.

    `hash` is "sha256" or "sha384" (RDFC-1.0 section 4.8, Parameterized hash).
    """
    run = _Run(list(dict.fromkeys(quads)), hash, limits)
    labels = run.labels()
    lines = [_line(renamed(quad, labels)) for quad in run.quads]
    lines.sort()
    return Dataset("".join(lines).encode(), labels)


def _line(quad: Quad) -> str:
    subject, predicate, object_, graph = quad
    if graph:
        return f"{subject} {predicate} {object_} {graph} .\n"
    return f"{subject} {predicate} {object_} .\n"


def renamed(quad: Quad, labels: Mapping[str, str]) -> Quad:
    """The statement with other names for its blank nodes."""
    subject, predicate, object_, graph = quad
    return (
        labels.get(subject, subject),
        predicate,
        labels.get(object_, object_),
        labels.get(graph, graph),
    )


def _is_blank(term: str) -> bool:
    return term[:1] == "_"  # an IRI begins with <, a literal with a quotation mark


class _Issuer:
    """Hands out labels in the order of asking (section 4.5)."""

    __slots__ = ("given", "prefix")

    def __init__(self, prefix: str, given: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.given = given if given is not None else {}

    def issue(self, node: str) -> str:
        label = self.given.get(node)
        if label is None:
            label = self.given[node] = f"{self.prefix}{len(self.given)}"
        return label

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.given))


@dataclass(slots=True)
class _Best:
    """The smallest path met so far, and the labels it gives."""

    path: str
    issuer: _Issuer


class _Run:
    """The state of one canonicalization (section 4.3)."""

    def __init__(self, quads: list[Quad], hash: str, limits: Limits) -> None:
        if len(quads) > limits.quads:
            raise _too_much(f"more than {limits.quads} quads")
        self.quads = quads
        self._digest: Callable[[bytes], Any] = getattr(hashlib, hash)
        self._work = limits.work
        self._mentions: dict[str, list[Quad]] = {}
        self._first: dict[str, str] = {}
        self._canonical = _Issuer("_:c14n")
        for quad in quads:
            subject, _, object_, graph = quad
            if _is_blank(subject):
                self._mentions.setdefault(subject, []).append(quad)
            if _is_blank(object_) and object_ != subject:
                self._mentions.setdefault(object_, []).append(quad)
            if _is_blank(graph) and graph not in (subject, object_):
                self._mentions.setdefault(graph, []).append(quad)

    def labels(self) -> dict[str, str]:
        """Section 4.4.3; the numbers are its steps. Step 1-2 are in `__init__`."""
        # 3: the hash of every blank node by its own quads
        by_hash: dict[str, list[str]] = {}
        for node in self._mentions:
            digest = self._first[node] = self._hash_first_degree(node)
            by_hash.setdefault(digest, []).append(node)
        # 4: those that are alone with their hash
        shared = []
        for digest in sorted(by_hash):
            nodes = by_hash[digest]
            if len(nodes) == 1:
                self._canonical.issue(nodes[0])
            else:
                shared.append(nodes)
        # 5: the others, by the paths that lead away from them
        for nodes in shared:
            self._label_by_paths(nodes)
        return self._canonical.given

    def _label_by_paths(self, nodes: list[str]) -> None:
        found = []
        for node in nodes:
            if node in self._canonical.given:
                continue
            issuer = _Issuer("_:b")
            issuer.issue(node)
            found.append(self._hash_n_degree(node, issuer))
        found.sort(key=lambda result: result[0])
        for _, issuer in found:
            for node in issuer.given:
                self._canonical.issue(node)

    def _hash(self, text: str) -> str:
        return str(self._digest(text.encode()).hexdigest())

    def _hash_first_degree(self, node: str) -> str:
        """Section 4.6: its quads with itself as `_:a`, every other as `_:z`."""
        lines = []
        for subject, predicate, object_, graph in self._mentions[node]:
            if _is_blank(subject):
                subject = "_:a" if subject == node else "_:z"
            if _is_blank(object_):
                object_ = "_:a" if object_ == node else "_:z"
            if _is_blank(graph):
                graph = "_:a" if graph == node else "_:z"
            lines.append(_line((subject, predicate, object_, graph)))
        lines.sort()
        return self._hash("".join(lines))

    def _hash_related(self, related: str, quad: Quad, issuer: _Issuer, at: str) -> str:
        """Section 4.7: how a node stands to its neighbour; `at` is s, o or g."""
        label = self._canonical.given.get(related) or issuer.given.get(related)
        predicate = "" if at == "g" else quad[1]
        return self._hash(at + predicate + (label or self._first[related]))

    def _neighbours(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        """Section 4.8.3, step 3."""
        # A list with repetitions, as the reference implementations keep it: the
        # text does not say, and a set gives other labels where one blank graph
        # name stands in several quads.
        groups: dict[str, list[str]] = {}
        for quad in self._mentions[node]:
            for related, at in ((quad[0], "s"), (quad[2], "o"), (quad[3], "g")):
                if related != node and _is_blank(related):
                    digest = self._hash_related(related, quad, issuer, at)
                    groups.setdefault(digest, []).append(related)
        return groups

    def _hash_n_degree(
        self, node: str, issuer: _Issuer, depth: int = 0
    ) -> tuple[str, _Issuer]:
        """Section 4.8.3; the numbers are its steps."""
        if depth > MAX_DEPTH:
            raise _too_much("a long row of blank nodes that look alike")
        self._spend(len(self._mentions[node]))
        groups = self._neighbours(node, issuer)
        # 4-5: for every group its hash and the smallest path through it
        data = ""
        for digest in sorted(groups):
            best: _Best | None = None
            for order in _orders(groups[digest]):
                best = self._better(order, issuer, best, depth)
            assert best is not None
            data += digest + best.path
            issuer = best.issuer
        # 6
        return self._hash(data), issuer

    def _better(
        self, order: list[str], issuer: _Issuer, best: _Best | None, depth: int
    ) -> _Best | None:
        """Step 5.4: this permutation, unless the best so far is smaller."""
        self._spend(len(order))
        issuer = issuer.copy()
        path = ""
        recursion = []
        for related in order:
            label = self._canonical.given.get(related)
            if label is None:
                if related not in issuer.given:
                    recursion.append(related)
                label = issuer.issue(related)
            path += label
            if _is_hopeless(path, best):
                return best
        for related in recursion:
            digest, found = self._hash_n_degree(related, issuer, depth + 1)
            path += f"{issuer.issue(related)}<{digest}>"
            issuer = found
            if _is_hopeless(path, best):
                return best
        if best is None or path < best.path:
            return _Best(path, issuer)
        return best

    def _spend(self, steps: int) -> None:
        self._work -= steps
        if self._work < 0:
            raise _too_much("blank nodes that can hardly be told apart")


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """Every distinct order, one list changed in place; repetitions cost nothing."""
    order = sorted(nodes)
    last = len(order) - 1
    while True:
        yield order
        rise = last - 1
        while rise >= 0 and order[rise] >= order[rise + 1]:
            rise -= 1
        if rise < 0:
            return
        other = last
        while order[other] <= order[rise]:
            other -= 1
        order[rise], order[other] = order[other], order[rise]
        order[rise + 1 :] = reversed(order[rise + 1 :])


def _is_hopeless(path: str, best: _Best | None) -> bool:
    return best is not None and len(path) >= len(best.path) and path > best.path


def _too_much(why: str) -> Malformed:
    return Malformed(
        f"not canonicalized, it would take too long: {why}",
        reason="limits.canonicalization",
    )
