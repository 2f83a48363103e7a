"""What the files say beside their records: places that no comparison has reached.

A second achievement, a second subject, a member that no record has a field for: who
was not asked what it says cannot be said to say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any
from unicodedata import normalize

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.sides import Side
from edc_issuer.models.tree import Path, id_of, pointer, texts, values

MAX_ROWS = 200  # places of one file that are named
_WHOLE = "/"
_MISSING = object()
# What names, secures or dates the file itself; links between twins are asked for.
_OF_FILE = frozenset(
    (
        *("@context", "id", "proof", "credentialSchema", "credentialStatus"),
        *("issued", "issuanceDate", "identifier", "evidence"),
    )
)
_PICTURES = frozenset({"individualDisplay", "image"})
# A mention names an object; it says nothing of it.
_FRAME = frozenset({"@context", "id", "@id", "type", "@type", "proof"})


def unread(a: Side, b: Side, *, apart: bool) -> tuple[Compared, ...]:
    """Places of either file that were not compared, as rows that cannot be answered.

    In two files of one model a place that both have, with the same below it, is; and
    unless their records are `apart`, every further place has to be alike too, whether
    a reader understood it or not.
    """
    rows: dict[str, list[bool]] = {}
    for index, side in enumerate((a, b)):
        for place in _places(side):
            rows.setdefault(place, [False, False])[index] = True
    alike = a.model == b.model
    if alike and not apart:
        unlike = _unlike(a.credential, b.credential)
        rows |= {place: [True, True] for place in islice(unlike, MAX_ROWS)}
    return tuple(
        Compared(place, Answer.UNSAYABLE, *_said(place, where), why="unread")
        for place, where in rows.items()
        if not (alike and _equal(place, a, b))
    )


def _unlike(a: Any, b: Any) -> Iterator[str]:
    """Places at which two credentials of one model are not alike, outermost first."""
    pending: list[tuple[Path, Any, Any]] = [(None, a, b)]
    while pending:
        here, one, other = pending.pop()
        if isinstance(one, list) or isinstance(other, list):
            first, second = values(one), values(other)
            pairs = zip_longest(first, second, fillvalue=_MISSING)
            pending += [((here, n), *pair) for n, pair in enumerate(pairs)][::-1]
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            unasked = _OF_FILE if here is None else _PICTURES
            keys = [k for k in dict.fromkeys((*one, *other)) if k not in unasked]
            below = [(one.get(k, _MISSING), other.get(k, _MISSING)) for k in keys]
            pending += [
                ((here, key), *pair) for key, pair in zip(keys, below, strict=True)
            ][::-1]
        elif _letters(one) != _letters(other):
            yield pointer(here)


def _letters(value: Any) -> Any:
    return normalize("NFC", value) if isinstance(value, str) else value


def _displayed(side: Side) -> Iterator[str]:
    """What a viewer shows of an EDC, where it is not what the record says."""
    if side.model != "elm":
        return
    learner, programme = side.record.learner, side.record.programme
    name = " ".join(filter(None, (learner.given_name, learner.family_name)))
    title, about = programme.title, programme.description or {}
    for path, known in (
        (("displayParameter", "title"), {*title.values()}),
        (("displayParameter", "description"), {*about.values()} or {*title.values()}),
        (("credentialSubject", "fullName"), {name}),
    ):
        parent, key = path
        nodes = values(side.credential.get(parent))
        held = [node.get(key) for node in nodes if isinstance(node, Mapping)]
        if not known.issuperset(text for item in held for text in texts(item)):
            yield f"/{parent}/{key}"


def _said(place: str, where: list[bool]) -> tuple[str | None, str | None]:
    first, second = (place if there else None for there in where)
    return first, second


def _places(side: Side) -> Iterator[str]:
    for place in side.unread:
        yield place or _WHOLE
    yield from _displayed(side)
    for count, place in enumerate(gainsaid(side.credential)):
        if count == MAX_ROWS:
            yield _WHOLE
            return
        yield place


def _equal(place: str, a: Side, b: Side) -> bool:
    first, second = (_at(place, side.credential) for side in (a, b))
    return first is not _MISSING and second is not _MISSING and first == second


def _at(place: str, value: Any) -> Any:
    """What stands at a JSON pointer (RFC 6901)."""
    if place == _WHOLE:
        return value
    for step in place.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(key, _MISSING)
        elif isinstance(value, list) and key.isdecimal() and len(key) < 7:
            value = value[int(key)] if int(key) < len(value) else _MISSING
        else:
            return _MISSING
    return value


def gainsaid(credential: Mapping[str, Any]) -> Iterator[str]:
    """Where an object says otherwise what an object of the same id has said before.

    Readers take one of the two. What stands below has its own place.
    """
    known: dict[tuple[str, str], Any] = {}
    for here, item in _objects(credential):
        name = id_of(item)
        for key, held in item.items():
            if name and key not in _FRAME:
                flat = _flat(held)
                if known.setdefault((name, key), flat) != flat:
                    yield pointer((here, key))


def _objects(credential: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    pending: list[tuple[Path, Any]] = [(None, credential)]
    while pending:
        here, item = pending.pop()
        if isinstance(item, list | tuple):
            pending += [((here, n), held) for n, held in enumerate(item)][::-1]
        if isinstance(item, Mapping):
            yield here, item
            pending += [((here, key), held) for key, held in item.items()][::-1]


def _flat(value: Any) -> Any:
    """A value with its objects replaced by their ids, as deep as has none."""
    if isinstance(value, list | tuple):
        return [_flat(item) for item in value]
    if isinstance(value, Mapping):
        name = id_of(value)
        return name or {key: _flat(item) for key, item in value.items()}
    return value
