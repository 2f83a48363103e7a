"""The pieces that every part of a European Digital Credential is made of.

The Commission's viewer reads the file as plain JSON and follows no references, so
every object is written out in full wherever it is needed. Here equal content is
one Python object with one id, however often it is embedded, and different content
never shares an id: nodes merged by id (as RDF does) then always agree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from typing import Any

from edc_issuer import vocab
from edc_issuer.models.texts import say
from edc_issuer.record import CredentialRecord, LangText, Organisation

Node = dict[str, Any]
MINTED = "urn:epass:"  # begins ids that are made for one credential


class Nodes:
    """Makes the nodes of one credential for one record."""

    def __init__(self, record: CredentialRecord) -> None:
        self.record = record
        self.languages = record.languages
        self.organisations: list[tuple[Organisation, Node]] = []  # already made
        self._known: dict[Hashable, Node] = {}
        self._named: dict[str, Hashable] = {}
        self._counts: dict[str, int] = {}

    def make(
        self,
        kind: str,
        type_: str,
        *,
        name: str | None = None,
        known_by: Hashable = None,
        **properties: Any,
    ) -> Node:
        """The node with this content, new or already made.

        `kind` is the word in its id (`urn:epass:note:1`); `name` is an id of its
        own, kept unless another content has it already. `known_by` stands for the
        content where comparing that would cost too much. Absent properties are None
        or empty. Values are texts, other nodes, concepts, or lists of them.
        """
        content = {
            key: value
            for key, value in properties.items()
            if value or type(value) not in _ABSENT_WHEN_EMPTY
        }
        fingerprint = (type_, name, known_by or _fingerprint(content))
        node = self._known.get(fingerprint)
        if node is None:
            node = {"id": self._id(kind, name, fingerprint), "type": type_, **content}
            self._known[fingerprint] = node
        return node

    def concept(self, list_name: str, code: str | None) -> Node | None:
        """A concept of a controlled list; None where there is no code."""
        if code is None:
            return None
        found: Node = vocab.to_elm(vocab.concept(list_name, code), self.languages)
        return found

    def concepts(self, list_name: str, codes: Iterable[str]) -> list[Node]:
        """Concepts in the order of `codes`, each once (sr-Latn and sr-Cyrl are one)."""
        found = (self.concept(list_name, code) for code in codes)
        return list({node["id"]: node for node in found if node}.values())

    def note(
        self, text: LangText | None, subject: Subject | None = None
    ) -> Node | None:
        """A note; what it is about stands in `subject`."""
        if not text:
            return None
        about = subject and own_concept(*subject)
        return self.make("note", "Note", noteLiteral=dict(text), subject=about)

    def identifier(self, scheme: str, value: str | None) -> Node | None:
        """An identifier with the name of its scheme in English."""
        if not value:
            return None
        return self.make("identifier", "Identifier", schemeName=scheme, notation=value)

    def web(self, url: str | None, title: LangText | None = None) -> Node | None:
        """A page on the web."""
        if not url:
            return None
        text = dict(title) if title else None
        return self.make("webResource", "WebResource", title=text, contentURL=url)

    def primary(self, text: str) -> dict[str, str]:
        """A text that has no language, or the record's first, as ELM writes texts."""
        return {self.record.primary_language: text}

    def everywhere(self, text: str) -> dict[str, str]:
        """A code or number as a text in every language of the credential."""
        return dict.fromkeys(self.languages, text)

    def say(self, key: str, **values: str) -> dict[str, str]:
        """One of our own sentences in the credential's languages."""
        return say(key, self.languages, **values)

    def _id(self, kind: str, name: str | None, fingerprint: Hashable) -> str:
        # A record that brings ids of our own making could make two nodes one.
        own = name is not None and not name.startswith(MINTED)
        if name and own and self._named.setdefault(name, fingerprint) == fingerprint:
            return name
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{MINTED}{kind}:{number}"


Subject = tuple[str, str]  # URI and English label of what a note is about
_ABSENT_WHEN_EMPTY = frozenset((type(None), list, dict, tuple))


@cache
def own_concept(uri: str, label: str) -> Node:
    """A concept of ours: it stands in no list, so it has no scheme. Do not change."""
    return {"id": uri, "type": "Concept", "prefLabel": {"en": label}}


def one_or_list(values: Sequence[Node]) -> Node | list[Node] | None:
    """How the Commission's tools write a property that may have several values."""
    if not values:
        return None
    return values[0] if len(values) == 1 else list(values)


def present(*values: Node | None) -> list[Node]:
    """The nodes that are there."""
    return [value for value in values if value is not None]


def _fingerprint(value: Any) -> Hashable:
    """Equal for equal content; a node counts as its id, which its content decides."""
    if isinstance(value, dict):
        identity: str | None = value.get("id")
        if identity is not None:
            return identity
        # Most values are texts, and a call for each would cost most of all.
        held = [
            item if type(item) is str else _fingerprint(item) for item in value.values()
        ]
        return (*value, *held)
    if isinstance(value, list):
        return tuple([_fingerprint(item) for item in value])
    found: Hashable = value
    return found
