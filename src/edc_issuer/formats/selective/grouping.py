"""The statements of a document in one order, and which of them were chosen.

Nameless things get labels that tell nothing: the HMAC of their place in the whole
document, with a key that only issuer and holder have. Otherwise the labels of what
is disclosed would give away what is not. Data Integrity ECDSA Cryptosuites 1.0
sections 3.4.1 to 3.4.4 and 3.4.14 to 3.4.17.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits, Quad, rdfc10, renamed
from edc_issuer.documents import Documents
from edc_issuer.encoding import b64u
from edc_issuer.errors import Malformed, Unsupported
from edc_issuer.formats.selective.pointers import CuttingPointer, select
from edc_issuer.formats.selective.skolem import Skolemized, lines_of, skolemize

# Each costs a signature, a second for all; the largest official credential has 360.
MAX_STATEMENTS = 10_000
Relabel = Callable[[Mapping[str, str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Statements:
    """A document's N-Quads in canonical order, under labels of the caller's choice.

    `labels` says what each blank node of the input became: `_:b3` to `_:u3Lv2...`.
    """

    lines: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """What one choice of pointers selects.

    `matching` are indexes into the document's statements, in order; `quads` the
    selected statements with the blank nodes of the input; `foreign` whether it also
    says something that the document does not, because a pointer cuts a value apart.
    """

    matching: tuple[int, ...]
    quads: tuple[Quad, ...]
    foreign: bool


@dataclass(frozen=True, slots=True)
class Grouped:
    """A document's statements and its groups (section 3.4.16)."""

    statements: Statements
    groups: Mapping[str, Group]


def relabelled(
    quads: Sequence[Quad], relabel: Relabel, *, limits: Limits = DEFAULT_LIMITS
) -> Statements:
    """Canonicalize, then replace canonical labels (section 3.4.1).

    `relabel` gets the canonical labels by input label, without their `_:`
    (`_:b3` to `c14n0`) and answers with new ones by input label. `Unsupported`
    (`limits.statements`) for more than `MAX_STATEMENTS`.
    """
    quads = list(dict.fromkeys(quads))
    if len(quads) > MAX_STATEMENTS:
        raise Unsupported(
            f"{len(quads)} statements, at most {MAX_STATEMENTS} are signed one by one",
            reason="limits.statements",
        )
    canonical = rdfc10(quads, limits=limits)
    given = relabel({k: v.removeprefix("_:") for k, v in canonical.labels.items()})
    labels = {node: f"_:{label}" for node, label in given.items()}
    lines = sorted(lines_of(renamed(quad, labels) for quad in quads))
    return Statements(tuple(lines), labels)


def hmac_labels(key: bytes) -> Relabel:
    """Labels that tell nothing without the key (section 3.4.4)."""

    def relabel(canonical: Mapping[str, str]) -> Mapping[str, str]:
        return {
            node: "u" + b64u(hmac.digest(key, label.encode(), "sha256"))
            for node, label in canonical.items()
        }

    return relabel


def grouped(
    document: Mapping[str, Any],
    relabel: Relabel,
    choices: Mapping[str, Sequence[str]],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> Grouped:
    """Canonicalize a document and find the statements of each choice (3.4.16).

    Raises what `skolemize` and `select` raise, and what `relabelled` does.
    """
    whole = skolemize(document, documents=documents, limits=limits)
    statements = relabelled(whole.quads(whole.document), relabel, limits=limits)
    groups = {}
    for name, pointers in choices.items():
        groups[name] = _group(statements, _chosen(whole, pointers))
    return Grouped(statements, groups)


def _chosen(whole: Skolemized, pointers: Sequence[str]) -> list[Quad]:
    try:
        return whole.quads(select(whole.document, pointers))
    except Malformed as error:
        # The whole is sound: half a text with its language is not.
        raise CuttingPointer(pointers[-1]) from error


def _group(statements: Statements, quads: Sequence[Quad]) -> Group:
    chosen = set(lines_of(renamed(quad, statements.labels) for quad in quads))
    matching = tuple(
        index for index, line in enumerate(statements.lines) if line in chosen
    )
    return Group(matching, tuple(quads), foreign=len(matching) < len(chosen))


def hash_of(lines: Sequence[str]) -> bytes:
    """SHA-256 of statements in their order, joined (section 3.4.17)."""
    return hashlib.sha256("".join(lines).encode()).digest()
