"""Write docs/elm-profile.md, the ELM application profile as a person reads it.

python tools/make_elm_page.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from edc_issuer.models.profile import table
from edc_issuer.models.profile.table import ClassShape, NodeShape, Profile, Property
from edc_issuer.models.profile.wording import local

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/elm-profile.md"
HEAD = """\
# The ELM application profile

Written by `tools/make_elm_page.py` from `src/edc_issuer/data/elm_profile.json`; a
test compares. The table drives the checker (`edc_issuer.models.elm_profile`), the
`edc-ap` context and this page. Its facts come from the SHACL shapes and the JSON-LD
context of the European Learning Model {version}, EDC application profile.

- **Key** is the JSON key. In bold: at least one is needed.
- **How many**: `1` exactly one, `0..1` at most one, `1..n` at least one, `0..n` any.
- **Text** has a language, `{{"sl": "..."}}`; *one per language* where it says so.
- **List** is the controlled list that the concept must say it is from (`inScheme`).
  Whether the concept is in the list is checked too, for the lists that are held.

Every object has a `type`; an object may be described once and be named elsewhere by
its `id` alone. Nodes are judged merged by id, as the shapes judge them.
"""
CODES = """\
## What the checker says

| code | what was found | the shapes alone |
|---|---|---|
| `shape.minCount`, `shape.maxCount` | too few or too many values | fail |
| `shape.class`, `shape.node` | an object of another type | fail |
| `shape.datatype`, `shape.nodeKind` | a value of another kind | fail |
| `shape.maxInclusive` | a number that is too big | fail |
| `shape.uniqueLang` | two texts in one language | fail |
| `vocabulary.scheme` | the concept does not name the list | fail |
| `beyond.credential-type` | a credential without its types | pass |
| `beyond.type` | a type that ELM does not have | pass |
| `beyond.id` | no id, or one that is no absolute IRI | pass |
| `beyond.concept` | the concept is not in its list | pass |
| `beyond.date` | a date without time or zone, or in another form | pass |
| `beyond.duration` | months where hours are meant (`P60M`) | pass |
| `beyond.lexical` | a value that XML Schema does not allow | pass |
| `beyond.property` | a property of another class | pass |
| `beyond.term` | a key that the official context breaks | pass |
| `beyond.context` | other contexts, another order, one further inside | pass |
| `beyond.syntax` | JSON-LD keywords, values it cannot read | pass |
| `key.undefined` | a key that neither context defines | pass |
| `one-id-two-objects` | one id, and no description that says everything | pass |
"""


_NOTHING = "Only its type is asked for.\n"


def page(version: str) -> str:
    """The whole page as Markdown."""
    full = table.profile(version=version)
    parts = [
        HEAD.format(version=version),
        CODES,
        "## Profiles\n\n" + _profiles(version),
        *_special(full),
        "## Keys that the official context breaks\n\n" + _broken(full),
        *(_class(full.classes[name]) for name in sorted(full.classes, key=local)),
        *_additions(version),
        "## Other versions\n\n" + _versions(version),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _profiles(version: str) -> str:
    rows = (
        (name, _code(schema), _code(concept), ", ".join(table.needed([name], version)))
        for name, schema, concept in table.named(version)
    )
    head = ("profile", "`credentialSchema` id", "concept", "applied")
    return _table(head, rows) + (
        "\nA credential that names none of them, or only Generic, follows "
        f"{' and '.join(table.DEFAULT)}.\n"
    )


def _class(shape: ClassShape) -> str:
    rows = sorted(shape.properties.values(), key=lambda row: (not row.min, row.key))
    return f"## {shape.name}\n\n{_properties(rows) if rows else _NOTHING}"


def _properties(rows: Iterable[Property]) -> str:
    head = ("key", "property", "value", "how many", "list")
    return _table(head, map(_property, rows))


def _property(row: Property) -> tuple[str, ...]:
    key = f"`{row.key}`" if row.key else "no key"
    lists = ", ".join(_list(scheme) for scheme, _ in row.schemes)
    return (
        f"**{key}**" if row.min else key,
        row.name,
        _value(row),
        _count(row),
        lists,
    )


def _value(row: Property) -> str:
    parts = [" or ".join(sorted(map(local, group))) for group in row.classes]
    parts += [_fits(node) for node in row.nodes]
    if row.datatype == table.LANG_STRING:
        parts.append("text, one per language" if row.unique_lang else "text")
    elif row.datatype:
        parts.append(local(row.datatype))
    if row.at_most is not None:
        parts.append(f"at most {row.at_most}")
    if row.node_kind and not row.schemes:
        parts.append("has an id" if row.node_kind == "IRI" else "no object")
    return ", ".join(parts)


def _fits(node: NodeShape) -> str:
    kinds = " or ".join(sorted(map(local, node.classes)))
    instead = f" or {node.instead.name}" if node.instead else ""
    return f"{kinds}{instead} ({node.name})" if kinds else f"fits {node.name}"


def _count(row: Property) -> str:
    most = "n" if row.max is None else str(row.max)
    return "1" if row.min == row.max else f"{row.min}..{most}"


def _list(scheme: str) -> str:
    name = scheme.removesuffix("/25831c2")
    return f"[{local(name)}]({scheme})"


def _special(full: Profile) -> Iterator[str]:
    """The shapes that others point at."""
    seen: dict[str, NodeShape] = {}
    waiting = [
        node
        for shape in full.classes.values()
        for row in shape.properties.values()
        for node in row.nodes
    ]
    while waiting:
        node = waiting.pop(0)
        seen[node.name] = node
        waiting += [node.instead] if node.instead else []
    for name, node in sorted(seen.items()):
        kinds = ", ".join(sorted(map(local, node.classes)))
        other = f", or fits {node.instead.name}" if node.instead else ""
        text = f"Has one of the types {kinds}{other}.\n" if kinds else ""
        rows = sorted(node.shape.properties.values(), key=lambda r: (not r.min, r.key))
        yield f"## {name}\n\n{text}{_properties(rows) if rows else ''}"


def _broken(full: Profile) -> str:
    lost = ", ".join(f"`{key}`" for key in sorted(full.unreadable))
    unknown = sorted(
        key
        for key, term in full.terms.everywhere.items()
        if term.coercion and term.iri not in full.homes
    )
    return (
        f"Read as references although the shapes want text or a date, so their value "
        f"is lost: {lost}.\n\nChecked by no shape under this IRI: "
        f"{', '.join(f'`{key}`' for key in unknown)}.\n"
    )


def _additions(version: str) -> Iterator[str]:
    """What each special profile asks on top, class by class."""
    for name, _, _ in table.named(version):
        if name in table.DEFAULT:
            continue
        before = table.profile(
            tuple(n for n in table.needed([name], version) if n != name), version
        )
        after = table.profile((name,), version)
        rows = [
            (shape.name, *_property(row))
            for iri, shape in after.classes.items()
            for key, row in shape.properties.items()
            if _differs(row, before.classes[iri].properties.get(key))
        ]
        head = ("class", "key", "property", "value", "how many", "list")
        yield f"## In addition: {name}\n\n{_table(head, sorted(rows))}"


def _differs(row: Property, before: Property | None) -> bool:
    return (
        before is None
        or _property(row) != _property(before)
        or ([n.classes for n in row.nodes] != [n.classes for n in before.nodes])
    )


def _versions(version: str) -> str:
    return "".join(
        f"{other}, as a JSON merge patch of {version}:\n\n{_patch(other)}\n"
        for other in table.versions()
        if other != version
    )


def _patch(version: str) -> str:
    rows = sorted(_leaves(table.patch(version)))
    return _table(("where", "instead"), rows)


def _leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{key} › ")
        else:
            yield path + key, "not there" if value is None else _code(str(value))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = tuple(head)
    lines = [titles, ("---",) * len(titles), *map(tuple, rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(table.VERSION), encoding="utf-8")
