"""Write docs/mapping.md: where every field of a record goes, and what is lost.

python tools/mapping_page.py

Asked are the mapping reports of the records in `fixtures/records`; for fields that
none of them holds, those of the same records with every absent field filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from edc_issuer.models.base import Mapped
from edc_issuer.models.elm.account import rules
from edc_issuer.models.mapping import account
from edc_issuer.models.ob3.account import account_of
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import Accreditation, CredentialRecord

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/mapping.md"
RECORDS = ROOT / "fixtures/records"
HEAD = """\
# Where each field goes

Written by `tools/mapping_page.py` from the mapping reports of the models; a test
compares. `Issued.mapping` is the same account for one record, and the option `--json`
of `edc-issuer issue` lists what could not be expressed.

- A path names a member of the record (see [record.md](record.md)) below the block of
  the heading, a target a member of the credential, both without list indexes. `.*`
  stands for all members below.
- **lost**: the model has no place for it, or it must not travel. **partly**: some of
  the meaning stays behind, and the reason says what.
- Several answers in one cell: it depends on the record which of them holds.
- A badge speaks one language. Texts in the others stay behind, and the report says so
  for each text; this page does not repeat it.
- `claim` is short for `credentialSubject.hasClaim` (the learner's achievement, or the
  activity where nothing was assessed), `achievement` for
  `credentialSubject.achievement`.
"""
COLUMNS = "| field | European Digital Credential | Open Badge 3.0 |\n|---|---|---|"
SHORT = {
    "credentialSubject.hasClaim": "claim",
    "credentialSubject.achievement": "achievement",
}
_LANGUAGES = ("stays behind: ", "missing in ")  # how the report begins about them
_DEEPEST = 7  # organisations hold accreditations, and those bodies that decided


class Answer(NamedTuple):
    """What one report says about one field."""

    kind: str
    targets: tuple[str, ...]
    why: str


Table = dict[str, dict[Answer, None]]


def page() -> str:
    """The whole page: one table a block of the record."""
    edc, badge = tables()
    blocks: dict[str, dict[tuple[str, str], list[str]]] = {}
    for path in _collapsed(edc, badge):
        where = path.removesuffix(".*")
        cells = _cell(_first(edc, where)), _cell(_first(badge, where))
        block = path.partition(".")[0] if "." in path else "The record itself"
        blocks.setdefault(block, {}).setdefault(cells, []).append(_below(path))
    return "\n".join([HEAD, *(_block(name, rows) for name, rows in blocks.items())])


def _block(name: str, rows: Mapping[tuple[str, str], list[str]]) -> str:
    title = name if " " in name else f"`{name}`"
    lines = [f"| {', '.join(paths)} | {' | '.join(c)} |" for c, paths in rows.items()]
    return "\n".join([f"## {title}\n\n{COLUMNS}", *lines, ""])


def _below(path: str) -> str:
    return f"`{path.partition('.')[2] or path}`"


def tables() -> tuple[Table, Table]:
    """Every field of the record with all answers, for each of the two models."""
    records = [
        CredentialRecord.from_json(path.read_bytes())
        for path in sorted(RECORDS.glob("*.json"))
        if not path.name.startswith("neg_")
    ]
    found = _answers(records)
    for table, filled in zip(
        found, _answers([_filled(r) for r in records]), strict=True
    ):
        for path, answers in filled.items():
            table.setdefault(path, answers)
    order = {path: place for place, path in enumerate(_in_order(CredentialRecord, ""))}
    edc, badge = (dict(sorted(t.items(), key=lambda row: order[row[0]])) for t in found)
    return edc, badge


def _answers(records: Iterable[CredentialRecord]) -> tuple[Table, Table]:
    edc: Table = {}
    badge: Table = {}
    for record in records:
        for row in account("elm", record, rules(record)).fields:
            edc.setdefault(row.path, {})[Answer(row.kind, row.targets, row.why)] = None
        voice = Voice(record.primary_language, record.primary_language)
        for row in account_of(record, voice).fields:
            badge.setdefault(row.path, {})[_one_language(row)] = None
    return edc, badge


def _one_language(row: Mapped) -> Answer:
    """The answer without what it says about this record's languages."""
    said = [s for s in row.why.split("; ") if s and not s.startswith(_LANGUAGES)]
    kind = "mapped" if row.kind == "partial" and not said else row.kind
    return Answer(kind, row.targets, "; ".join(said))


def _collapsed(edc: Table, badge: Table) -> Iterator[str]:
    """Paths; `a.b.*` where all members of an object have the same two answers."""
    paths = list(edc)
    done: set[str] = set()
    for path in paths:
        if path in done:
            continue
        parent = path.rpartition(".")[0]
        same = [p for p in paths if p.startswith(f"{parent}.")] if parent else []
        cells = {(tuple(edc[p]), tuple(badge[p])) for p in same}
        if len(same) > 1 and len(cells) == 1 and not done & set(same):
            done.update(same)
            yield f"{parent}.*"
        else:
            done.add(path)
            yield path


def _first(table: Table, path: str) -> Iterable[Answer]:
    return table.get(path) or next(
        a for p, a in table.items() if p.startswith(f"{path}.")
    )


def _cell(answers: Iterable[Answer]) -> str:
    return "<br>".join(map(_words, sorted(answers)))


def _words(answer: Answer) -> str:
    places = ", ".join(f"`{_shortened(target)}`" for target in answer.targets)
    if answer.kind == "mapped":
        return places
    if answer.kind == "partial":
        return f"{places} **partly**: {answer.why}"
    return f"**lost**: {answer.why}"


def _shortened(target: str) -> str:
    for path, name in SHORT.items():
        if target == path or target.startswith(f"{path}."):
            return name + target.removeprefix(path)
    return target


def _in_order(kind: Any, path: str) -> Iterator[str]:
    """Paths of all values that a document can hold, in the order of its fields."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        below = f"{path}.{field.name}" if path else field.name
        inner = _class_in(hints[field.name])
        if inner is None or below.count(".") >= _DEEPEST:
            yield below
        else:
            yield from _in_order(inner, below)


def _filled(value: Any, depth: int = 0) -> Any:
    """The same record with something in every field that was empty."""
    hints = get_type_hints(type(value))
    changes: dict[str, Any] = {}
    for field in fields(value):
        present = getattr(value, field.name)
        if is_dataclass(present):
            changes[field.name] = _filled(present, depth + 1)
        elif isinstance(present, tuple) and present and is_dataclass(present[0]):
            changes[field.name] = tuple(_filled(item, depth + 1) for item in present)
        elif present in (None, (), {}):
            changes[field.name] = _made(hints[field.name], depth + 1)
    return replace(value, **changes)


def _made(hint: Any, depth: int) -> Any:
    """A value of a type; None for the body behind an accreditation's body."""
    inner = _class_in(hint)
    if inner is not None:
        if inner is Accreditation and depth > 3:
            return ()
        made = inner(
            **{
                f.name: _made(get_type_hints(inner)[f.name], depth + 1)
                for f in fields(inner)
            }
        )
        return (made,) if get_origin(hint) is tuple else made
    return _plain(hint)


def _plain(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return (_plain(get_args(hint)[0]),)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) is Mapping or hint is Mapping:
        return {"sl": "č", "en": "c"}
    for kind, value in ((bool, True), (int, 1), (Decimal, Decimal(1)), (str, "1")):
        if hint is kind:
            return value
    if hint is date:
        return date(2026, 5, 31)
    return next(_plain(arg) for arg in get_args(hint) if arg is not type(None))


def _class_in(hint: Any) -> Any:
    """The dataclass inside `tuple[X, ...]`, `X | None` and their like."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next(filter(None, map(_class_in, get_args(hint))), None)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
