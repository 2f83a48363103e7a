"""What the keys of a document mean: JSON-LD contexts, read once and kept compiled.

A context list becomes an `ActiveContext`; scoped contexts are entered through
`ActiveContext.for_types`, `for_property` and `for_child`, each worked out at the
first use. JSON-LD 1.1 Processing Algorithms and API, sections 4.1 and 4.2, without
`@import`, `@propagate` and `@base`, which no published context here uses; what is
left out raises `NotNative`, and the caller turns to a complete processor.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from edc_issuer.canonical.definitions import ABSOLUTE, Definitions, Term, invalid
from edc_issuer.documents import BUNDLED, Documents

MAX_DEPTH = 16  # contexts that name contexts; published ones do so once
MAX_MEMO = 256  # combinations of types that are kept; honest files use a dozen


class ActiveContext:
    """The terms in force at one place of a document; immutable once built."""

    __slots__ = (
        "_documents",
        "_embedded",
        "_properties",
        "_repeated",
        "_spellings",
        "_types",
        "id_keys",
        "language",
        "plain_terms",
        "previous",
        "terms",
        "type_keys",
        "vocab",
    )

    def __init__(
        self,
        documents: Documents,
        terms: Mapping[str, Term],
        *,
        vocab: str | None = None,
        language: str | None = None,
        previous: ActiveContext | None = None,
    ) -> None:
        self.terms = terms
        self.vocab = vocab
        self.language = language
        self.previous = previous
        self._documents = documents
        self._types: dict[tuple[str, ...], ActiveContext] = {}
        self._properties: dict[Term, ActiveContext] = {}
        self._embedded: dict[tuple[str, ...], ActiveContext] = {}
        self._repeated: dict[tuple[str, ...], bool] = {}
        self._spellings: dict[Term, str] = {}
        # Found here once, because every node of every document asks for them.
        self.id_keys = tuple(t.name for t in terms.values() if t.iri == "@id")
        self.type_keys = tuple(t.name for t in terms.values() if t.iri == "@type")
        self.plain_terms: dict[str, Term] = {}  # filled by the walk as it checks

    def spelling(self, term: Term) -> str:
        """The one key for all terms that mean the same here.

        Of synonyms the one that looks like a property and is shortest; contexts
        before Open Badges 3.0.1 have several (`Achievement`, `achievement`).
        """
        found = self._spellings.get(term)
        if found is None:
            same = [t.name for t in self.terms.values() if t.meaning == term.meaning]
            found = min(same, key=_plainness, default=term.name)
            _remember(self._spellings, term, found)
        return found

    def entering(self, urls: tuple[str, ...]) -> ActiveContext:
        """This context and then those of an embedded credential."""
        found = self._embedded.get(urls)
        if found is None:
            found = _Processing(self._documents).run(self, list(urls))
            _remember(self._embedded, urls, found)
        return found

    def is_repeated_by(self, urls: tuple[str, ...]) -> bool:
        """Whether these contexts, named here again, change the meaning of no word."""
        found = self._repeated.get(urls)
        if found is None:
            again = self.entering(urls)
            named = again.terms, again.vocab, again.language
            found = named == (self.terms, self.vocab, self.language)
            _remember(self._repeated, urls, found)
        return found

    def for_types(self, types: Sequence[str]) -> ActiveContext:
        """With the contexts of its types (section 5.1.2, step 11)."""
        scoped = {t for t in types if t in self.terms and self.terms[t].is_scoped}
        if not scoped:
            return self
        names = tuple(sorted(scoped))
        found = self._types.get(names)
        if found is None:
            found = self
            for name in names:
                processing = _Processing(self._documents, propagate=False)
                found = processing.run(found, self.terms[name].scoped)
            _remember(self._types, names, found)
        return found

    def for_property(self, term: Term) -> ActiveContext:
        """With the context of the property a value belongs to (steps 3 and 8)."""
        if not term.is_scoped:
            return self
        found = self._properties.get(term)
        if found is None:
            processing = _Processing(self._documents, override_protected=True)
            found = processing.run(self, term.scoped)
            _remember(self._properties, term, found)
        return found

    def expand(self, value: str, *, vocab: bool) -> str:
        """An identifier or, with `vocab`, a type, as far as it can be made absolute.

        There is no base: a relative reference comes back as it is (section 5.2).
        """
        if vocab:
            term = self.terms.get(value)
            if term is not None:
                return term.iri or value
        prefix, colon, rest = value.partition(":")
        if colon and prefix:
            if prefix == "_" or rest.startswith("//"):
                return value
            term = self.terms.get(prefix)
            if term is not None and term.prefix and term.iri:
                return term.iri + rest
            if ABSOLUTE.match(value):
                return value
        if vocab and self.vocab is not None:
            return self.vocab + value
        return value


def _plainness(name: str) -> tuple[bool, int, str]:
    return name[:1].isupper(), len(name), name


def _remember(memo: dict[Any, Any], key: Any, value: Any) -> None:
    # A hostile file can combine types without end; past the bound it only costs
    # its own time.
    if len(memo) < MAX_MEMO:
        memo[key] = value


def active_context(urls: tuple[str, ...], documents: Documents) -> ActiveContext:
    """The compiled context of a list of pinned URLs.

    Compilations of bundled documents alone are kept; one that holds a caller's
    document lives as long as the call. `Malformed`: `context.not_allowed` for a URL
    that is not pinned, `context.invalid` for a set that cannot be combined.
    """
    if all(documents.is_bundled(url) for url in urls):
        return _bundled_context(urls)
    return _compile(urls, documents)


@functools.lru_cache(maxsize=64)
def _bundled_context(urls: tuple[str, ...]) -> ActiveContext:
    return _compile(urls, BUNDLED)


def _compile(urls: tuple[str, ...], documents: Documents) -> ActiveContext:
    initial = ActiveContext(documents, MappingProxyType({}))
    return _Processing(documents).run(initial, list(urls))


@dataclass(frozen=True, slots=True)
class _Processing:
    """One run of the context processing algorithm (section 4.1.2)."""

    documents: Documents
    propagate: bool = True
    override_protected: bool = False
    depth: int = 0

    def run(self, active: ActiveContext, local: Any) -> ActiveContext:
        previous = active.previous
        if not self.propagate and previous is None:
            previous = active
        for context in local if isinstance(local, list) else [local]:
            active = self._one(active, context)
            if context is None and self.propagate:
                previous = None
        return ActiveContext(
            self.documents,
            active.terms,
            vocab=active.vocab,
            language=active.language,
            previous=previous,
        )

    def _one(self, active: ActiveContext, context: Any) -> ActiveContext:
        if context is None:
            return self._forget(active)
        if isinstance(context, str):
            return self._remote(active, context)
        if isinstance(context, dict):
            return self._defined(active, context)
        raise invalid("a context that is neither an address nor an object")

    def _defined(
        self, active: ActiveContext, context: Mapping[str, Any]
    ) -> ActiveContext:
        found = Definitions(
            context,
            terms=active.terms,
            vocab=active.vocab,
            language=active.language,
            override_protected=self.override_protected,
        )
        found.run()
        return ActiveContext(
            self.documents,
            MappingProxyType(found.terms),
            vocab=found.vocab,
            language=found.language,
        )

    def _forget(self, active: ActiveContext) -> ActiveContext:
        if not self.override_protected:
            for term in active.terms.values():
                if term.protected:
                    raise invalid(f"protected term {term.name!r} would be forgotten")
        return ActiveContext(self.documents, MappingProxyType({}))

    def _remote(self, active: ActiveContext, url: str) -> ActiveContext:
        if self.depth > MAX_DEPTH:
            raise invalid(f"contexts name each other more than {MAX_DEPTH} deep")
        document = self.documents.get(url)
        if not isinstance(document, dict) or "@context" not in document:
            raise invalid(f"{url} holds no @context")
        deeper = replace(self, depth=self.depth + 1, propagate=True)
        return deeper.run(active, document["@context"])
