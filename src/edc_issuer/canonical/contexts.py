"""What the keys of a document mean: JSON-LD contexts, read once and kept compiled.

A context list becomes an `ActiveContext`; scoped contexts are entered through
`ActiveContext.for_types`, `for_property` and `for_child`, each worked out at the
first use. JSON-LD 1.1 Processing Algorithms and API, sections 4.1 and 4.2, without
`@import`, `@propagate` and `@base`, which no published context here uses; what is
left out raises `NotNative`, and the caller turns to a complete processor.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import Malformed

KEYWORDS = frozenset(
    {
        *("@base", "@container", "@context", "@direction", "@graph", "@id"),
        *("@import", "@included", "@index", "@json", "@language", "@list", "@nest"),
        *("@none", "@prefix", "@propagate", "@protected", "@reverse", "@set"),
        *("@type", "@value", "@version", "@vocab"),
    }
)
MAX_DEPTH = 16  # contexts that name contexts; published ones do so once
MAX_MEMO = 256  # combinations of types that are kept; honest files use a dozen
_KEYWORD_LIKE = re.compile(r"@[a-zA-Z]+$")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_GEN_DELIMS = (":", "/", "?", "#", "[", "]", "@")
_KNOWN = frozenset(
    {
        *("@id", "@type", "@container", "@context", "@language", "@direction"),
        *("@reverse", "@nest", "@index", "@protected", "@prefix"),
    }
)


class NotNative(Exception):
    """A construct that only the complete processor knows."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """What one key means; compared by identity, so that it can be a memo's key."""

    name: str
    iri: str | None
    type: str | None = None
    container: frozenset[str] = frozenset()
    language: str | Literal[False] | None = False  # False: the context's own
    scoped: Any = False  # False: none; None is a context that forgets everything
    prefix: bool = False
    protected: bool = False
    unusual: bool = False  # @reverse, @nest, @index, @direction: not walked natively

    @property
    def is_scoped(self) -> bool:
        """Whether the term brings a context of its own."""
        return self.scoped is not False

    @property
    def meaning(self) -> Any:
        """What decides on the quad that a value under this term becomes."""
        return self.iri, self.type, self.container, self.language

    def same_as(self, other: Term) -> bool:
        """Equal but for protection (section 4.2.2, step 27)."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in self.__slots__
            if name != "protected"
        )


class ActiveContext:
    """The terms in force at one place of a document; immutable once built."""

    __slots__ = (
        "_documents",
        "_embedded",
        "_properties",
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
            if _ABSOLUTE.match(value):
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
            return _Definitions(self, active, context).run()
        raise _invalid("a context that is neither an address nor an object")

    def _forget(self, active: ActiveContext) -> ActiveContext:
        if not self.override_protected:
            for term in active.terms.values():
                if term.protected:
                    raise _invalid(f"protected term {term.name!r} would be forgotten")
        return ActiveContext(self.documents, MappingProxyType({}))

    def _remote(self, active: ActiveContext, url: str) -> ActiveContext:
        if self.depth > MAX_DEPTH:
            raise _invalid(f"contexts name each other more than {MAX_DEPTH} deep")
        document = self.documents.get(url)
        if not isinstance(document, dict) or "@context" not in document:
            raise _invalid(f"{url} holds no @context")
        deeper = replace(self, depth=self.depth + 1, propagate=True)
        return deeper.run(active, document["@context"])


class _Definitions:
    """One context object being added (section 4.1.2 step 5, section 4.2.2)."""

    def __init__(
        self, processing: _Processing, active: ActiveContext, local: dict[str, Any]
    ) -> None:
        self.processing = processing
        self.local = local
        self.terms = dict(active.terms)
        self.vocab = active.vocab
        self.language = active.language
        self.protected = local.get("@protected", False)
        self.done: dict[str, bool] = {}

    def run(self) -> ActiveContext:
        self._settings()
        for name in self.local:
            if name not in KEYWORDS:
                self._define(name)
        return ActiveContext(
            self.processing.documents,
            MappingProxyType(self.terms),
            vocab=self.vocab,
            language=self.language,
        )

    def _settings(self) -> None:
        local = self.local
        if unknown := {"@import", "@propagate", "@base", "@direction"} & set(local):
            raise NotNative(f"{', '.join(sorted(unknown))} in a context")
        if local.get("@version", 1.1) != 1.1:
            raise _invalid("@version other than 1.1")
        if "@vocab" in local:
            vocab = local["@vocab"]
            if vocab is not None and not (
                isinstance(vocab, str) and _ABSOLUTE.match(vocab)
            ):
                raise NotNative("a relative @vocab")
            self.vocab = vocab
        if "@language" in local:
            language = local["@language"]
            self.language = language.lower() if language is not None else None

    def _define(self, name: str) -> None:
        state = self.done.get(name)
        if state is not None:
            if not state:
                raise _invalid(f"term {name!r} is defined by itself")
            return
        self.done[name] = False
        before = self.terms.pop(name, None)
        term = self._term(name, self.local[name])
        if term is not None:
            if before is not None and before.protected:
                if not self.processing.override_protected and not term.same_as(before):
                    raise _invalid(f"protected term {name!r} is redefined")
                if not self.processing.override_protected:
                    term = before
            self.terms[name] = term
        self.done[name] = True

    def _term(self, name: str, value: Any) -> Term | None:
        if not name or _KEYWORD_LIKE.match(name):
            raise NotNative(f"a definition of {name!r}")
        simple = isinstance(value, str)
        if value is None or simple:
            value = {"@id": value}
        if not isinstance(value, dict) or set(value) - _KNOWN:
            raise _invalid(f"the definition of term {name!r} is not understood")
        protected = bool(value.get("@protected", self.protected))
        if value.get("@id", name) is None:
            return Term(name, None, protected=protected)
        unusual = bool({"@reverse", "@nest", "@index", "@direction"} & set(value))
        iri = None if "@reverse" in value else self._iri(name, value)
        if iri == "@context":
            raise _invalid(f"term {name!r} stands for @context")
        language = value.get("@language", False)
        return Term(
            name,
            iri,
            type=self._type(name, value),
            container=self._container(name, value),
            language=language.lower() if isinstance(language, str) else language,
            scoped=value.get("@context", False),
            prefix=self._is_prefix(name, value, iri, simple),
            protected=protected,
            unusual=unusual,
        )

    def _iri(self, name: str, value: Mapping[str, Any]) -> str:
        """Steps 14-18: what the term expands to."""
        given = value.get("@id", name)
        if not isinstance(given, str):
            raise _invalid(f"the @id of term {name!r} is no text")
        if given != name:
            if given not in KEYWORDS and _KEYWORD_LIKE.match(given):
                raise NotNative(f"term {name!r} stands for {given}")
            return self._absolute(name, self._expand(given))
        if ":" in name[1:]:
            return self._absolute(name, self._compact(name))
        if self.vocab is not None and "/" not in name:
            return self.vocab + name
        raise _invalid(f"term {name!r} has no IRI")

    def _absolute(self, name: str, iri: str) -> str:
        if iri in KEYWORDS or _ABSOLUTE.match(iri):
            return iri
        raise _invalid(f"term {name!r} stands for {iri!r}, which is no IRI")

    def _expand(self, value: str) -> str:
        """Section 5.2.2 with the local context: names may be defined further down."""
        if value in KEYWORDS:
            return value
        if value in self.local:
            self._define(value)
        term = self.terms.get(value)
        if term is not None and term.iri is not None:
            return term.iri
        if ":" in value[1:]:
            return self._compact(value)
        return value if self.vocab is None else self.vocab + value

    def _compact(self, value: str) -> str:
        prefix, _, rest = value.partition(":")
        if prefix == "_" or rest.startswith("//"):
            return value
        if prefix in self.local:
            self._define(prefix)
        term = self.terms.get(prefix)
        if term is not None and term.prefix and term.iri:
            return term.iri + rest
        return value

    def _type(self, name: str, value: Mapping[str, Any]) -> str | None:
        given = value.get("@type")
        if given is None:
            return None
        if not isinstance(given, str):
            raise _invalid(f"the @type of term {name!r} is no text")
        iri = self._expand(given)
        if iri in ("@id", "@vocab", "@json", "@none") or _ABSOLUTE.match(iri):
            return iri
        raise _invalid(f"the @type of term {name!r} is {given!r}")

    def _container(self, name: str, value: Mapping[str, Any]) -> frozenset[str]:
        given = value.get("@container") or []
        kinds = frozenset(given if isinstance(given, list) else [given])
        if not kinds <= {
            "@set",
            "@list",
            "@language",
            "@graph",
            "@id",
            "@index",
            "@type",
        }:
            raise _invalid(f"the @container of term {name!r} is {given!r}")
        return kinds

    def _is_prefix(
        self, name: str, value: Mapping[str, Any], iri: str | None, simple: bool
    ) -> bool:
        """Whether `name:` may begin a compact IRI (steps 14.2.5 and 26)."""
        if "@prefix" in value:
            return bool(value["@prefix"])
        if not simple or iri is None or ":" in name or "/" in name:
            return False
        return iri.endswith(_GEN_DELIMS)


def _invalid(why: str) -> Malformed:
    return Malformed(
        f"these contexts cannot be used together: {why}", reason="context.invalid"
    )
