"""Where each field of a record goes: record path → ELM property → OB property.

The rules of a mapping may depend on the record (a level needs a register, outcomes
more than participation). Without a record, those of records with every field filled
in are asked, of each kind there is, and all their answers are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from edc_issuer.errors import ConfigError
from edc_issuer.models.base import Mapped
from edc_issuer.models.elm.account import rules
from edc_issuer.models.mapping import account
from edc_issuer.models.ob3.account import account_of
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import Accreditation, CredentialRecord

DEEPEST = 7  # organisations hold accreditations, and those bodies that decided
_LANGUAGES = ("stays behind: ", "missing in ")  # how the report begins about them
_HINT = 80  # letters; longer paths are no slips


class Answer(NamedTuple):
    """What one report says about one field."""

    kind: str
    targets: tuple[str, ...]
    why: str


Table = dict[str, dict[Answer, None]]


@dataclass(frozen=True, slots=True)
class Explained:
    """One field of the record: where it goes in an EDC, and where in a badge.

    Several answers mean that it depends on the record which of them holds.
    """

    path: str
    edc: tuple[Answer, ...]
    badge: tuple[Answer, ...]


def explain(
    path: str | None = None, *, record: CredentialRecord | None = None
) -> tuple[Explained, ...]:
    """Every field at or below `path` (default: all), in the order of the record.

    With `record` the answers are those for this record, and only for what it holds.
    `ConfigError` for a path that no record has.
    """
    edc, badge = tables([record] if record else examples())
    order = {name: place for place, name in enumerate(paths_in_order())}
    names = sorted(edc, key=lambda name: order.get(name, len(order)))
    found = [name for name in names if _is_at(name, path)]
    if path and not found:
        raise ConfigError(
            f"{path[:_HINT]} is no field of {_whose(record)}{_hint(path, names)}"
        )
    return tuple(Explained(p, (*edc[p],), (*badge.get(p, {}),)) for p in found)


def tables(records: Iterable[CredentialRecord]) -> tuple[Table, Table]:
    """All answers for the fields of some records, for each of the two models."""
    edc: Table = {}
    badge: Table = {}
    for record in records:
        for row in account("elm", record, rules(record)).fields:
            edc.setdefault(row.path, {})[Answer(row.kind, row.targets, row.why)] = None
        voice = Voice(record.primary_language, record.primary_language)
        for row in account_of(record, voice).fields:
            badge.setdefault(row.path, {})[_one_language(row)] = None
    return edc, badge


def examples() -> Iterator[CredentialRecord]:
    """Records with something in every field, one of each kind that the rules know."""
    whole: CredentialRecord = _made(CredentialRecord, 0)
    programme, award = whole.programme, whole.award
    assert programme.level is not None
    assert programme.hko is not None
    plain = replace(programme.hko, qualification_standard_code=None)
    recommended = replace(programme.level, basis="recommended")
    usual = replace(programme, hko=plain, level=recommended)
    yield replace(whole, programme=usual)
    yield replace(whole, programme=replace(usual, level=None))
    yield whole
    took_part = replace(award, validation_basis="participation")
    yield replace(
        whole, credential_kind="participation", programme=usual, award=took_part
    )
    validated = replace(
        award, validation_basis="validation_of_prior_learning", activity=None
    )
    yield replace(whole, programme=usual, award=validated)
    yield replace(whole, programme=usual, award=replace(award, result=None))


def paths_in_order() -> Iterator[str]:
    """Paths of all values that a record can hold, in the order of its fields."""
    return _in_order(CredentialRecord, "")


def filled(value: Any, depth: int = 0) -> Any:
    """The same record with something in every field that was empty."""
    hints = get_type_hints(type(value))
    changes: dict[str, Any] = {}
    for field in fields(value):
        present = getattr(value, field.name)
        if is_dataclass(present):
            changes[field.name] = filled(present, depth + 1)
        elif isinstance(present, tuple) and present and is_dataclass(present[0]):
            changes[field.name] = tuple(filled(item, depth + 1) for item in present)
        elif present in (None, (), {}):
            changes[field.name] = _made(hints[field.name], depth + 1)
    return replace(value, **changes)


def _is_at(name: str, path: str | None) -> bool:
    return not path or name == path or name.startswith(f"{path}.")


def _whose(record: CredentialRecord | None) -> str:
    return "this record" if record else "the record"


def _hint(path: str, names: list[str]) -> str:
    close = get_close_matches(path[:_HINT], names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def _one_language(row: Mapped) -> Answer:
    """The answer without what it says about this record's languages."""
    said = [s for s in row.why.split("; ") if s and not s.startswith(_LANGUAGES)]
    kind = "mapped" if row.kind == "partial" and not said else row.kind
    return Answer(kind, row.targets, "; ".join(said))


def _in_order(kind: Any, path: str) -> Iterator[str]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        below = f"{path}.{field.name}" if path else field.name
        inner = _class_in(hints[field.name])
        if inner is None or below.count(".") >= DEEPEST:
            yield below
        else:
            yield from _in_order(inner, below)


def _made(hint: Any, depth: int) -> Any:
    """A value of a type; nothing for the body behind an accreditation's body."""
    inner = _class_in(hint)
    if inner is None:
        return _plain(hint)
    if inner is Accreditation and depth > 3:
        return ()
    hints = get_type_hints(inner)
    made = inner(**{f.name: _made(hints[f.name], depth + 1) for f in fields(inner)})
    return (made,) if get_origin(hint) is tuple else made


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
