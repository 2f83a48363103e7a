"""Write docs/mapping.md: where every field of a record goes, and what is lost.

python tools/mapping_page.py

Asked are the mapping reports of the records in `fixtures/records`; for fields that
none of them holds, those of the same records with every absent field filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from edc_issuer.models.explain import Answer, Table, filled, paths_in_order
from edc_issuer.models.explain import tables as answers_of
from edc_issuer.record import CredentialRecord

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
    found = answers_of(records)
    for table, more in zip(
        found, answers_of([filled(record) for record in records]), strict=True
    ):
        for path, answers in more.items():
            table.setdefault(path, answers)
    order = {path: place for place, path in enumerate(paths_in_order())}
    edc, badge = (dict(sorted(t.items(), key=lambda row: order[row[0]])) for t in found)
    return edc, badge


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


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
