"""The account of a mapping: every value of a record, and where it went.

A model writes down one `Rule` for each field it knows; `account` walks the record
and answers for every value that is present, exactly once, so that nothing is lost
in silence. Rules are plain values and may be computed for one record, because a
field can be mapped in one record and lost in the next (a level needs a register).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any, Literal

from edc_issuer.models.base import Mapped, MappingReport

NO_RULE = "no rule"
MEMORY = 4096  # rules and rows; few differ from one record to the next


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of the field at `path_prefix` and of all below it.

    `targets` are paths in the credential; `why` says what stays behind and is
    required for everything that is not fully mapped.
    """

    path_prefix: str
    kind: Literal["mapped", "partial", "lost"]
    targets: tuple[str, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        if self.kind == "mapped" and not self.targets:
            raise ValueError(f"{self.path_prefix}: mapped, but to nothing")
        if self.kind != "mapped" and not self.why:
            raise ValueError(f"{self.path_prefix}: {self.kind}, but no reason given")


@lru_cache(maxsize=MEMORY)
def mapped(path: str, *targets: str) -> Rule:
    """The whole meaning of the field stands at `targets`."""
    return Rule(path, "mapped", targets)


@lru_cache(maxsize=MEMORY)
def partial(path: str, *targets: str, why: str) -> Rule:
    """Part of the meaning stands at `targets`; `why` names what stays behind."""
    return Rule(path, "partial", targets, why)


@lru_cache(maxsize=MEMORY)
def lost(path: str, why: str) -> Rule:
    """The model has no place for this field."""
    return Rule(path, "lost", (), why)


def present_paths(record: Any) -> tuple[str, ...]:
    """Dotted paths, without list indexes, of all values that a record holds.

    Absent is what is None, an empty list or an empty object. A text in several
    languages, and any other free object, is one value. In the order of the record.
    """
    found: dict[str, None] = {}
    _walk(record, "", found)
    return tuple(found)


def account(model: str, record: Any, rules: Iterable[Rule]) -> MappingReport:
    """Every present value of `record` with the longest rule that covers it.

    A value that no rule covers is reported as lost, with `NO_RULE` as the reason:
    a fault of the table, but an honest report.
    """
    table = {rule.path_prefix: rule for rule in rules}
    return MappingReport(
        model, tuple(_answer(path, table) for path in present_paths(record))
    )


def _answer(path: str, table: dict[str, Rule]) -> Mapped:
    prefix = path
    while prefix:
        rule = table.get(prefix)
        if rule is not None:
            return _row(path, rule.kind, rule.targets, rule.why)
        prefix = prefix.rpartition(".")[0]
    return _row(path, "lost", (), NO_RULE)


@lru_cache(maxsize=MEMORY)
def _row(path: str, kind: str, targets: tuple[str, ...], why: str) -> Mapped:
    return Mapped(path, kind, targets, why)


def _walk(value: Any, path: str, found: dict[str, None]) -> None:
    if isinstance(value, str):
        found[path] = None
    elif isinstance(value, tuple):
        for item in value:
            _walk(item, path, found)
    elif hasattr(value, "__dataclass_fields__"):
        for name in _names(value.__class__):
            held = getattr(value, name)
            if held is None:
                continue
            inner = f"{path}.{name}" if path else name
            # Most values are texts: a call for each would cost half of the walk.
            if type(held) is str:
                found[inner] = None
            else:
                _walk(held, inner, found)
    elif value is not None and value != {}:
        found[path] = None


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))
