"""What one context object says its keys mean.

JSON-LD 1.1 Processing Algorithms and API, section 4.2.2 (create term definition), as
far as published contexts here use it; what is left out raises `NotNative`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from edc_issuer.errors import Malformed

KEYWORDS = frozenset(
    {
        *("@base", "@container", "@context", "@direction", "@graph", "@id"),
        *("@import", "@included", "@index", "@json", "@language", "@list", "@nest"),
        *("@none", "@prefix", "@propagate", "@protected", "@reverse", "@set"),
        *("@type", "@value", "@version", "@vocab"),
    }
)
_KEYWORD_LIKE = re.compile(r"@[a-zA-Z]+$")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
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


class Definitions:
    """One context object being added (section 4.1.2 step 5, section 4.2.2).

    `terms`, `vocab` and `language` are those before it, and after `run` with it.
    """

    def __init__(
        self,
        local: Mapping[str, Any],
        *,
        terms: Mapping[str, Term],
        vocab: str | None,
        language: str | None,
        override_protected: bool,
    ) -> None:
        self.terms = dict(terms)
        self.vocab = vocab
        self.language = language
        self._local = local
        self._override_protected = override_protected
        self._protected = local.get("@protected", False)
        self._done: dict[str, bool] = {}

    def run(self) -> None:
        """Add every term of the context; `Malformed`, `NotNative`."""
        self._settings()
        for name in self._local:
            if name not in KEYWORDS:
                self._define(name)

    def _settings(self) -> None:
        local = self._local
        if unknown := {"@import", "@propagate", "@base", "@direction"} & set(local):
            raise NotNative(f"{', '.join(sorted(unknown))} in a context")
        if local.get("@version", 1.1) != 1.1:
            raise invalid("@version other than 1.1")
        if "@vocab" in local:
            vocab = local["@vocab"]
            if vocab is not None and not (
                isinstance(vocab, str) and ABSOLUTE.match(vocab)
            ):
                raise NotNative("a relative @vocab")
            self.vocab = vocab
        if "@language" in local:
            language = local["@language"]
            self.language = language.lower() if language is not None else None

    def _define(self, name: str) -> None:
        state = self._done.get(name)
        if state is not None:
            if not state:
                raise invalid(f"term {name!r} is defined by itself")
            return
        self._done[name] = False
        before = self.terms.pop(name, None)
        term = self._term(name, self._local[name])
        if term is not None:
            if before is not None and before.protected:
                if not self._override_protected and not term.same_as(before):
                    raise invalid(f"protected term {name!r} is redefined")
                if not self._override_protected:
                    term = before
            self.terms[name] = term
        self._done[name] = True

    def _term(self, name: str, value: Any) -> Term | None:
        if not name or _KEYWORD_LIKE.match(name):
            raise NotNative(f"a definition of {name!r}")
        simple = isinstance(value, str)
        if value is None or simple:
            value = {"@id": value}
        if not isinstance(value, dict) or set(value) - _KNOWN:
            raise invalid(f"the definition of term {name!r} is not understood")
        protected = bool(value.get("@protected", self._protected))
        if value.get("@id", name) is None:
            return Term(name, None, protected=protected)
        unusual = bool({"@reverse", "@nest", "@index", "@direction"} & set(value))
        iri = None if "@reverse" in value else self._iri(name, value)
        if iri == "@context":
            raise invalid(f"term {name!r} stands for @context")
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
            raise invalid(f"the @id of term {name!r} is no text")
        if given != name:
            if given not in KEYWORDS and _KEYWORD_LIKE.match(given):
                raise NotNative(f"term {name!r} stands for {given}")
            return self._absolute(name, self._expand(given))
        if ":" in name[1:]:
            return self._absolute(name, self._compact(name))
        if self.vocab is not None and "/" not in name:
            return self.vocab + name
        raise invalid(f"term {name!r} has no IRI")

    def _absolute(self, name: str, iri: str) -> str:
        if iri in KEYWORDS or ABSOLUTE.match(iri):
            return iri
        raise invalid(f"term {name!r} stands for {iri!r}, which is no IRI")

    def _expand(self, value: str) -> str:
        """Section 5.2.2 with the local context: names may be defined further down."""
        if value in KEYWORDS:
            return value
        if value in self._local:
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
        if prefix in self._local:
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
            raise invalid(f"the @type of term {name!r} is no text")
        iri = self._expand(given)
        if iri in ("@id", "@vocab", "@json", "@none") or ABSOLUTE.match(iri):
            return iri
        raise invalid(f"the @type of term {name!r} is {given!r}")

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
            raise invalid(f"the @container of term {name!r} is {given!r}")
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


def invalid(why: str) -> Malformed:
    """Contexts that cannot be combined, or one that cannot be read."""
    return Malformed(
        f"these contexts cannot be used together: {why}", reason="context.invalid"
    )
