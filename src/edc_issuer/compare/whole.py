"""The two records as wholes: every field that no named fact asks for.

Two files of one model are read by the same reader, so whatever it finds has to be
equal, in every language. Of an EDC and a badge those fields are compared which both
models carry whole, by the rules of their mappings, in the language of the badge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.facts import FACTS
from edc_issuer.compare.sides import Side
from edc_issuer.models.elm.account import rules as edc_rules
from edc_issuer.models.elm.account_back import UNSEEN
from edc_issuer.models.mapping import Rule
from edc_issuer.models.ob3.account import rules_of as badge_rules
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import CredentialRecord

MAX_SHOWN = 200  # letters of a value; a stranger's text may be long
# They name this file, or how it is written, and no two files share them.
_OWN = ("record_version", "record_id", "credential_id")
_LANGUAGES = ("primary_language", "languages")
_FREE = frozenset({"extensions", "pictures"})  # objects by name, not by language
_PRIVATE = "learner."
_STATUS = "award.result.status"
# What the record of an EDC does not show to be lost; of kind and credits facts ask.
_VAGUE = (
    *(rule.path_prefix for rule in UNSEEN if rule.kind == "lost"),
    "programme.quality_assurance.types.url",
    "programme.credits",
    "credential_kind",
    "programme.kind",
)
# What an EDC does not repeat where it is the same as another field of it.
_IMPLIED = tuple(f"{rule.path_prefix}." for rule in UNSEEN if rule.kind == "partial")
_APART = (Answer.DIFFERS, Answer.ONLY_A, Answer.ONLY_B)
Held = Mapping[str, tuple[Any, ...]]


def rest(
    a: Side, b: Side, named: Sequence[Compared], *, language: str
) -> tuple[Compared, ...]:
    """Every field in which two records differ and which no fact has named yet."""
    if a.model == b.model:
        found = _differences(*_alike(a, b))
    else:
        found = _differences(*_across(a, b, language))
    apart = {row.fact for row in named if row.answer in _APART}
    told = tuple(fact.path for fact in FACTS if fact.path and fact.id in apart)
    return tuple(row for row in found if not row.fact.startswith(told))


def _alike(a: Side, b: Side) -> tuple[Held, Held]:
    """All fields of two records; texts only where the files share a language."""
    spoken = bool({*a.languages} & {*b.languages})
    silent = _OWN if spoken else (*_OWN, *_LANGUAGES)
    first, second = (
        {
            path: values
            for path, values in held(side.record, texts=spoken).items()
            if path not in silent
        }
        for side in (a, b)
    )
    return {**first, **_files(a)}, {**second, **_files(b)}


def _files(side: Side) -> Held:
    return {f"file {path}": (digest,) for path, digest in side.files.items()}


def _across(a: Side, b: Side, language: str) -> tuple[Held, Held]:
    """The fields that both models carry, texts as they are shown in `language`."""
    edc, badge = (a, b) if a.model == "elm" else (b, a)
    spoken = all(language in side.languages for side in (a, b))
    shown = {
        side.model: in_one(side.record, Voice(language, side.record.primary_language))
        for side in (a, b)
    }
    voice = Voice(language, language)
    tables = [
        _table(badge_rules(shown["elm"], voice), badge.assumed),
        _table(badge_rules(shown["ob3"], voice), badge.assumed),
        _table(edc_rules(shown["elm"]), (*_VAGUE, *edc.assumed)),
    ]
    # An EDC takes for granted that it was passed: only a failure is told apart.
    results = (side.record.award.result for side in (a, b))
    failed = any(result is not None and result.status == "fail" for result in results)
    every = {side.model: held(shown[side.model], texts=spoken) for side in (a, b)}
    first, second = (
        {
            path: values
            for path, values in every[side.model].items()
            if path not in (*_OWN, *_LANGUAGES)
            and (failed or path != _STATUS)
            and (path == _STATUS or _mapped(path, tables))
            and (path in every["elm"] or not f"{path}.".startswith(_IMPLIED))
        }
        for side in (a, b)
    )
    return first, second


def _table(rules: Iterable[Rule], assumed: Iterable[str]) -> Mapping[str, str]:
    """What becomes of a field, by its path; what was assumed was not said."""
    return {rule.path_prefix: rule.kind for rule in rules} | dict.fromkeys(
        assumed, "lost"
    )


def _mapped(path: str, tables: Iterable[Mapping[str, str]]) -> bool:
    return all(_kind(path, table) == "mapped" for table in tables)


def _kind(path: str, table: Mapping[str, str]) -> str:
    """By the longest rule that covers the path; what none covers is not carried."""
    while path:
        if path in table:
            return table[path]
        path = path.rpartition(".")[0]
    return "lost"


def held(record: CredentialRecord, *, texts: bool) -> Held:
    """Each path of a record, without list indexes, with all values in their order."""
    found: dict[str, list[Any]] = {}
    for path, value in _leaves(record, ""):
        if texts or not _is_text(value):
            found.setdefault(path, []).append(_plain(value))
    return {path: tuple(values) for path, values in found.items()}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The values of a record; its depth is that of the schema."""
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item, path)
    elif is_dataclass(value):
        for field in fields(value):
            inner = f"{path}.{field.name}" if path else field.name
            yield from _leaves(getattr(value, field.name), inner)
    elif value is not None and value != {}:
        yield path, value


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping)


def _plain(value: Any) -> Any:
    """A value that equals another one of the same meaning."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def in_one(record: CredentialRecord, voice: Voice) -> CredentialRecord:
    """The record with each text as it is shown in one language."""
    changed: CredentialRecord = _in_one(record, voice)
    return changed


def _in_one(value: Any, voice: Voice) -> Any:
    if isinstance(value, tuple):
        return tuple(_in_one(item, voice) for item in value)
    if isinstance(value, Mapping):
        text = voice.text(value)
        return None if text is None else {voice.language: text}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(
        value,
        **{
            field.name: _in_one(getattr(value, field.name), voice)
            for field in fields(value)
            if field.name not in _FREE
        },
    )


def _differences(a: Held, b: Held) -> Iterator[Compared]:
    for path in dict.fromkeys((*a, *b)):
        first, second = a.get(path, ()), b.get(path, ())
        if first == second:
            continue
        answer = Answer.DIFFERS
        if not first or not second:
            answer = Answer.ONLY_A if first else Answer.ONLY_B
        shown: tuple[str | None, str | None] = (None, None)
        if not path.startswith(_PRIVATE):
            shown = (_shown(first, second), _shown(second, first))
        yield Compared(path, answer, *shown)


def _shown(values: tuple[Any, ...], other: tuple[Any, ...]) -> str | None:
    """The values that the other file does not have in the same place."""
    own = [v for n, v in enumerate(values) if other[n : n + 1] != (v,)] or values
    text = " | ".join(map(_words, own[:10]))
    return text[:MAX_SHOWN] or None


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{tag}: {text}" for tag, text in value.items())
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
