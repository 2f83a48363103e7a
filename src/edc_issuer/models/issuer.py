"""Which organisations a credential names, as far as it says so without doubt.

A reader of the tree and a reader of the graph must see the same issuer: nodes with
one id are one organisation, wherever they stand. So the names and identifiers of
the issuer are taken from its own node, and any other node with its id that adds a
name or an identifier makes the statement ambiguous. Nothing here is proved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.models.identifier import StatedIdentifier, country_of, number_of
from edc_issuer.models.tree import (
    Path,
    Survey,
    id_of,
    nodes,
    objects,
    pointer,
    texts,
    types_of,
    values,
)

# ELM property → the identity type of EN 319 412-1 that means the same.
_ELM = {"registration": "NTR", "vatIdentifier": "VAT", "taxIdentifier": "TIN"}
_PREFIXED = re.compile(r"[/#:]")
_EIDAS = ("eIDASIdentifier", "eidasLegalIdentifier")
_BADGE = {"ext:registration": "NTR", "ext:vat": "VAT", "ext:tax": "TIN"}
MAX_BODIES = 100  # no honest credential comes near; each one is looked at
MAX_LETTERS = 1_000  # of one name; comparing a book takes time and proves nothing
MAX_STATED = 100  # names, and identifiers, of one organisation; Europe has 24 languages
MAX_HOMEPAGES = 10
_AWARDING = ("awardingBody", "creator")  # of ELM, and of Open Badges
_NOT_OWN = frozenset({"endorsement", "proof", "verifiableCredential"})
FURTHER_BODY = "ext:AwardingBody"
_NAME_KEYS = frozenset({"name", "legalName"})
_IDENTIFIER_KEYS = frozenset({*_ELM, *_EIDAS, "otherIdentifier"})
_ENDINGS = (*_NAME_KEYS, *_IDENTIFIER_KEYS)  # told in one step for most keys


@dataclass(frozen=True, slots=True)
class StatedIssuer:
    """An organisation as the credential names it; every name in every language.

    `why` says in what way the statement is ambiguous; empty if it is not. `homepages`
    are web addresses that it says are its own.
    """

    id: str | None
    names: tuple[str, ...]
    identifiers: tuple[StatedIdentifier, ...]
    why: str = ""
    homepages: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether two readers could take it for two different organisations."""
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations that a view names: its issuer, and those who awarded."""

    issuer: StatedIssuer
    awarding_bodies: tuple[StatedIssuer, ...]

    @classmethod
    def of(
        cls, view: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Organisations:
        """Both from one walk; see `issuer_of` for the one.

        A body that is named only by its id is looked up among all nodes of the view;
        after `MAX_BODIES` one ambiguous body stands for all the rest.
        """
        graph = _Graph.of(view, survey or Survey.of(view))
        return cls(_issuer(graph), _awarding_bodies(graph))


def issuer_of(view: Mapping[str, Any]) -> StatedIssuer:
    """The issuer that the verified view states; ambiguous where it cannot be told.

    Ambiguous are: no issuer or several, no name, no identifier, several names in
    a badge or in one language, and any other node with the issuer's id that has
    other names or identifiers.
    """
    return _issuer(_Graph.of(view, Survey.of(view)))


def _issuer(graph: _Graph) -> StatedIssuer:
    stated = values(graph.view.get("issuer"))
    if len(stated) != 1:
        return StatedIssuer(None, (), (), f"{len(stated)} issuers are named")
    node = {"id": stated[0]} if isinstance(stated[0], str) else stated[0]
    if not isinstance(node, Mapping):
        return StatedIssuer(None, (), (), "the issuer is neither a URI nor an object")
    stated_issuer = _stated(node, graph)
    graph.stated.append((node, stated_issuer))
    return stated_issuer


def _awarding_bodies(graph: _Graph) -> tuple[StatedIssuer, ...]:
    """Who awarded, says the view: ELM `awardingBody`, Open Badges `creator`."""
    found: dict[int, tuple[Mapping[str, Any], StatedIssuer]] = {}
    for count, body in enumerate(_bodies(graph)):
        if count == MAX_BODIES:
            why = f"more than {MAX_BODIES} awarding bodies are named"
            found[0] = {}, StatedIssuer(None, (), (), why)
            break
        node = _filled(body, graph)
        # Many references mean one node, which may be as large as the file.
        if id(node) not in found:
            # Most schools award themselves, and say of themselves the same twice.
            same = (answer for other, answer in graph.stated if other == node)
            found[id(node)] = node, next(same, None) or _stated(node, graph)
    return tuple(dict.fromkeys(stated for _, stated in found.values()))


_Said = dict[str, Mapping[str, Any]]  # each text, and the node where it first stood


@dataclass(frozen=True, slots=True)
class _Graph:
    """What all nodes with one id say together, read when somebody asks for an id.

    Each answer is kept, for a hostile file makes a hundred ask for the same million.
    `speaking` are the nodes that name or number somebody, by id and in order; `own`
    all nodes outside of endorsements, proofs and other credentials.
    """

    view: Mapping[str, Any]
    elm: bool
    own: Sequence[Mapping[str, Any]]
    speaking: dict[str, list[Mapping[str, Any]]]
    said: dict[tuple[str, str], _Said] = field(default_factory=dict)
    first: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    places: dict[int, Path] = field(default_factory=dict)
    stated: list[tuple[Mapping[str, Any], StatedIssuer]] = field(default_factory=list)

    @classmethod
    def of(cls, view: Mapping[str, Any], survey: Survey) -> _Graph:
        own = survey.objects
        if not _NOT_OWN.isdisjoint(view):
            own = objects({k: v for k, v in view.items() if k not in _NOT_OWN})
        # Most nodes are concepts and notes, which neither name nor number anybody.
        telling = frozenset(filter(_says_who, survey.keys))
        speaking: dict[str, list[Mapping[str, Any]]] = {}
        for node in survey.objects:
            if not telling.isdisjoint(node):
                for own_id in _all_ids(node):
                    speaking.setdefault(own_id, []).append(node)
        return cls(view, is_elm(view), own, speaking)

    def others(self, kind: str, own_id: str, known: set[str]) -> Iterator[str]:
        """Where an id is given another text of a kind than those known, as pointers."""
        for text, node in self._said(kind, own_id).items():
            if text not in known:
                yield pointer(self._place(node))

    def named(self, own_id: str) -> Mapping[str, Any] | None:
        """The first node with this id that has a name."""
        if own_id not in self.first:
            said = self.speaking.get(own_id, ())
            named = (node for node in said if _names(node, elm=self.elm))
            self.first[own_id] = next(named, None)
        return self.first[own_id]

    def _said(self, kind: str, own_id: str) -> _Said:
        if (kind, own_id) not in self.said:
            said = self.said[kind, own_id] = _Said()
            for node in self.speaking.get(own_id, ()):
                for text in _KINDS[kind](node):
                    said.setdefault(text, node)
        return self.said[kind, own_id]

    def _place(self, node: Mapping[str, Any]) -> Path:
        if not self.places:
            for path, other in nodes(self.view):
                self.places.setdefault(id(other), path)
        return self.places[id(node)]


def _says_who(key: str) -> bool:
    return key.endswith(_ENDINGS) or key == "notation"


def stated_organisation(
    view: Mapping[str, Any], found: Sequence[Any]
) -> StatedIssuer | None:
    """The organisation that a value of the view is about; None for none or several."""
    if len(found) != 1 or not isinstance(found[0], Mapping):
        return None
    return _stated(found[0], _Graph.of(view, Survey.of(view)))


def _stated(node: Mapping[str, Any], graph: _Graph) -> StatedIssuer:
    names = _names(node, elm=graph.elm)
    own_id = id_of(node)
    identifiers = _identifiers(node, elm=graph.elm)
    if own_id is not None:
        identifiers = (StatedIdentifier.parse(own_id).of("id"), *identifiers)
    why = _why_ambiguous(node, graph) or _missing(names, identifiers)
    distinct = tuple(dict.fromkeys(identifiers))
    if len(distinct) > MAX_STATED:
        why = f"more than {MAX_STATED} identifiers are stated"
    homepages = tuple(_homepages(node))
    return StatedIssuer(own_id, names, distinct[:MAX_STATED], why, homepages)


def _homepages(node: Mapping[str, Any]) -> Iterator[str]:
    """ELM `homepage` (a WebResource) and Open Badges `url`, some of them."""
    places = [*values(node.get("homepage")), *values(node.get("url"))]
    for place in places[:MAX_HOMEPAGES]:
        if isinstance(place, Mapping):
            place = place.get("contentURL") or id_of(place)
        if isinstance(place, str):
            yield place[:MAX_LETTERS]


def is_elm(view: Mapping[str, Any]) -> bool:
    """Whether the view speaks the European Learning Model, by type or context."""
    contexts = (c for c in values(view.get("@context")) if isinstance(c, str))
    return "EuropeanDigitalCredential" in types_of(view) or any(
        context.endswith("/snb/model/context/edc-ap") for context in contexts
    )


def _missing(names: tuple[str, ...], identifiers: tuple[StatedIdentifier, ...]) -> str:
    if not names:
        return "no name is stated"
    return "" if identifiers else "no identifier is stated"


def _names(node: Mapping[str, Any], *, elm: bool) -> tuple[str, ...]:
    found = dict.fromkeys(texts(node.get("legalName" if elm else "name")))
    return tuple(name[:MAX_LETTERS] for name in found)[:MAX_STATED]


def _identifiers(node: Mapping[str, Any], *, elm: bool) -> tuple[StatedIdentifier, ...]:
    if not elm:
        entries = values(node.get("otherIdentifier"))
        return tuple(found for entry in entries for found in _entry(entry))
    return tuple(
        found.of(key)
        for key, kind in {"eIDASIdentifier": "", **_ELM}.items()
        for item in values(node.get(key))
        if (found := _legal(item, type=kind)) is not None
    )


def _entry(entry: Any) -> Iterator[StatedIdentifier]:
    """An Open Badges IdentifierEntry; `ext:registration.SI` carries its country."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("identifier"), str):
        return
    kind, _, country = str(entry.get("identifierType")).rpartition(".")
    if kind in _BADGE:
        number = number_of(entry["identifier"])
        found = StatedIdentifier(_BADGE[kind], country_of(country), number)
    else:
        found = StatedIdentifier.parse(entry["identifier"])
    yield found.of("otherIdentifier")


def _legal(node: Any, *, type: str) -> StatedIdentifier | None:
    """An ELM LegalIdentifier: `notation`, and the country in `spatial`."""
    if not isinstance(node, Mapping) or not isinstance(node.get("notation"), str):
        return None
    parsed = StatedIdentifier.parse(node["notation"])
    if parsed.type not in ("", "uri"):
        return parsed
    return StatedIdentifier(type, _spatial(node), number_of(node["notation"]))


def _spatial(node: Mapping[str, Any]) -> str | None:
    for place in values(node.get("spatial")):
        uri = id_of(place) if isinstance(place, Mapping) else place
        if isinstance(uri, str):
            return country_of(uri.rpartition("/")[2])
    return None


def _why_ambiguous(node: Mapping[str, Any], graph: _Graph) -> str:
    names, identifiers = _broad_names(node), _broad_identifiers(node)
    if len(names) > MAX_STATED:
        return f"more than {MAX_STATED} names are stated"
    if any(len(name) > MAX_LETTERS for name in names):
        return f"a name has more than {MAX_LETTERS} letters"
    if names - set(_names(node, elm=graph.elm)):
        return "it has a name under more than one property"
    if _several_names(node, elm=graph.elm):
        return "it has several names in one language"
    for own_id in _all_ids(node):
        for path in graph.others("names", own_id, names):
            return f"{path} gives the same id another name"
        for path in graph.others("identifiers", own_id, identifiers):
            return f"{path} gives the same id another identifier"
    return _other_numbers(node, graph)


def _several_names(node: Mapping[str, Any], *, elm: bool) -> bool:
    if not elm:
        return len(set(texts(node.get("name")))) > 1
    by_language = node.get("legalName")
    if isinstance(by_language, Mapping):
        return any(len(set(texts(value))) > 1 for value in by_language.values())
    return len(set(texts(by_language))) > 1


def _other_numbers(node: Mapping[str, Any], graph: _Graph) -> str:
    """An identifier is a node too, and may be given a second number elsewhere."""
    for value in _under(node, _IDENTIFIER_KEYS):
        for item in values(value):
            if not isinstance(item, Mapping):
                continue
            known = set(texts(item.get("notation")))
            for own_id in _all_ids(item):
                for path in graph.others("numbers", own_id, known):
                    return f"{path} gives an identifier of it another number"
    return ""


def _all_ids(node: Mapping[str, Any]) -> set[str]:
    return {
        value.strip()
        for key in ("id", "@id")
        if key in node
        for value in values(node[key])
        if isinstance(value, str)
    }


def _under(node: Mapping[str, Any], keys: frozenset[str]) -> Iterator[Any]:
    """Values under `legalName`, `rov:legalName` or `http://...regorg#legalName`."""
    for key, value in node.items():
        # A full IRI or a prefixed name as key says the same to a reader of the graph.
        if key in keys or (key.endswith(_ENDINGS) and _PREFIXED.split(key)[-1] in keys):
            yield value


def _broad_names(node: Mapping[str, Any]) -> set[str]:
    return {text for value in _under(node, _NAME_KEYS) for text in texts(value)}


def _broad_identifiers(node: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for value in _under(node, _IDENTIFIER_KEYS):
        for item in values(value):
            if isinstance(item, str):
                found.add(item)
            elif isinstance(item, Mapping):
                found.update(texts([item.get("notation"), item.get("identifier")]))
    return found


def _bodies(graph: _Graph) -> Iterator[Mapping[str, Any]]:
    # Everywhere, because an achievement may be told in full where nobody looks and be
    # named by its id in the subject; credentials within have verdicts of their own.
    names = _AWARDING[:1] if graph.elm else _AWARDING
    keys = set().union(*graph.own)
    awarding = {
        key for key in keys if key.endswith(names) and _PREFIXED.split(key)[-1] in names
    }
    for node in graph.own:
        if node.get("targetType") == FURTHER_BODY:
            yield _aligned(node)
        if awarding.isdisjoint(node):
            continue
        for body in _awarding(node, awarding):
            if isinstance(body, str):
                yield {"id": body}
            elif isinstance(body, Mapping):
                yield body


def _awarding(node: Mapping[str, Any], keys: Collection[str]) -> Iterator[Any]:
    for key, value in node.items():
        if key in keys:
            yield from values(value)


def _aligned(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A badge has one creator; our badges name further awarding bodies this way."""
    code = {"identifier": node.get("targetCode"), "identifierType": "ext:legal"}
    return {
        "id": node.get("targetUrl"),
        "name": node.get("targetName"),
        "otherIdentifier": [code],
    }


def _filled(body: Mapping[str, Any], graph: _Graph) -> Mapping[str, Any]:
    """The node that a bare reference means: the first with its id that has a name."""
    own_id = id_of(body)
    if own_id is None or _names(body, elm=graph.elm):
        return body
    return graph.named(own_id.strip()) or body


_KINDS: dict[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "names": _broad_names,
    "identifiers": _broad_identifiers,
    "numbers": lambda node: texts(node.get("notation")),
}
