"""Write docs/profiles: one page for each element list, from `edc_issuer.rules`.

python tools/profiles_page.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from edc_issuer.messages import table
from edc_issuer.rules import profiles
from edc_issuer.rules.elements import Expression, elements
from edc_issuer.rules.profiles import PROFILES, Profile, ProfileElement, profile

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs/profiles"
LANGUAGES = {
    "en": "English",
    "sl": "Slovenian",
    "hr": "Croatian",
    "sr-Latn": "Serbian",
    "bs": "Bosnian",
    "cnr": "Montenegrin",
}
SOURCES = {
    "MC.PIU": "MC.PIU (definition of micro-credentials, Erasmus+ project MC.PIU)",
    "CPI": "CPI (third expert meeting of the institute for VET, 26 September 2025)",
    "S4G": "S4G (micro-credential study of the Erasmus+ project Scouts4GreenApp)",
    "ANNEX-II": "ANNEX-II (Slovenian text of Annex II)",
}
KINDS = ("record", "elm", "ob3")
MOST_WAYS = 4
SHORT = {
    "credentialSubject.hasClaim.specifiedBy": "spec",
    "credentialSubject.hasClaim": "claim",
    "credentialSubject.achievement": "achievement",
}
WRITTEN = (
    "Written by `tools/profiles_page.py` from `edc_issuer.rules`; a test compares."
)
HOW = """\
A path names a member of the record ([record.md](../record.md)) or of the credential;
`claim` is short for `credentialSubject.hasClaim`, `spec` for its `specifiedBy`,
`achievement` for `credentialSubject.achievement`. `[k=v]` means the entry whose `k` is
`v`, `+` that all are needed, `or` that one is enough, and what stands in brackets makes
the element only *partial*.
"""
JSON = """\
## As JSON

`edc-issuer check FILE --profile NAME --json` prints one object:

| member | what it holds |
|---|---|
| `problems` | faults of the file: `path`, `code`, `message` |
| `unverified` | true, of a credential: it was read as it stands and not verified |
| `completeness` | an object for each list: `profile`, `kind`, `label_language`, \
`label_source`, `score`, `annex1_score`, `elements`, `annex1` |
| `score`, `annex1_score` | `present`, `of`, and `rest`: how many of which status |
| `elements`, `annex1` | a row for each element: `id`, `annex1`, `label`, \
`requirement`, `belongs_to`, `status`, `where`, `wanted`, `should`, `advice` |
| `principles` | `id`, `label`, `status` (supported, partly, not), `supports` |
| `supports` | a trace for each: `id`, `label`, `status`, `where` |
| `findings` | what the [rules](../rules.md) find: `rule`, `severity`, `path`, \
`detail`, `values`, `message` |
| `lint` | hints on outcomes: `code`, `severity`, `path`, `language`, `message` |

`status` of an element is present, partial, missing, invalid (something stands there
that cannot be read as this element), not_applicable or not_yet. `where` holds paths of
the record, or JSON pointers into the credential; `wanted` the paths that would complete
the element. The command ends with 0 where no fault was found, nothing mandatory is
missing or invalid, and no rule found an error; warnings and hints do not count.
"""
LINT = """\
## Hints on the wording of outcomes

Nothing is refused for them. The verbs are those of `lint_verbs.json`, by Bloom level,
in Slovenian, Croatian, Bosnian, Montenegrin, Serbian (both scripts) and English. Two
results in one outcome are a note, three a warning; a verb that is not known is a note
where the word ends as verbs do.
"""
_MARKS = {"mandatory": "x", "conditional": "c", "partial": "p", "optional": "opt"}
COMMON = """\
## What all partner countries agree on

From MC.PIU ([the documents](../rules.md)):
"""
SCORE = """\
## How the score counts

N is every element that is not optional, n of them are *present*. *Partial* counts only
where a part is asked for. What does not apply, with its reason stated, and what comes
only with the award stay in N and are named beside the score. Beside it stands the score
of Annex I, `n/11`, whichever list was asked for.

A programme alone says some elements of the award already; those are present, the rest
answers *not yet*. What belongs to the specification and is not there is missing.
"""


def pages() -> dict[str, str]:
    """Every page by its file name."""
    made = {f"{name}.md": page(profile(name)) for name in PROFILES}
    return {"README.md": overview(), **made}


def overview() -> str:
    """The list of lists."""
    lines = [
        "# Element lists of the countries",
        "",
        WRITTEN,
        "",
        "`edc-issuer check FILE --profile NAME` looks for the elements of one list in",
        "a record, a programme, a European Digital Credential or a badge. Without",
        "`--profile` the lists that the record names are used.",
        "",
        "| list | of | called there | rows | N | labels |",
        "|---|---|---|---|---|---|",
    ]
    for name in PROFILES:
        own = profile(name)
        labels = "back-translated" if own.is_back_translated else "of the source"
        lines.append(
            f"| [{name}]({name}.md) | {own.name} | {own.term} | {len(own.elements)} "
            f"| {len(own.counted)} | {labels} |"
        )
    common = [f"- {_sentence(text)}" for text in profiles.common()]
    tail = ["", JSON, LINT, *_hints(), ""]
    return "\n".join([*lines, "", SCORE, *_matrix(), "", COMMON, *common, *tail])


def _hints() -> Iterator[str]:
    """Every hint with its sentence."""
    yield "| hint | says |"
    yield "|---|---|"
    for key, sentence in table("en").items():
        code = key.removeprefix("lint.")
        if code not in (key, "title"):
            yield f"| `{code}` | {_cell(sentence)} |"


def _matrix() -> Iterator[str]:
    """Which list asks for which element of Annex I, and for what beside it."""
    yield "## What each list asks for"
    yield ""
    yield "x: mandatory; c: where applicable; p: a part is enough; opt: optional."
    yield ""
    yield f"| element | {' | '.join(PROFILES)} |"
    yield f"|---|{'---|' * len(PROFILES)}"
    for item in elements().values():
        marks = [_mark(profile(name), item.id) for name in PROFILES]
        yield f"| {item.id} {item.labels['en']} | {' | '.join(marks)} |"
    for name in PROFILES:
        for row in profile(name).elements:
            if row.annex1 is None:
                marks = [
                    _MARKS[row.requirement] if n == name else "-" for n in PROFILES
                ]
                yield f"| {row.labels['en']} | {' | '.join(marks)} |"


def _mark(own: Profile, annex1: str) -> str:
    found = [row.requirement for row in own.elements if row.annex1 == annex1]
    return _MARKS[found[0]] if found else "-"


def page(own: Profile) -> str:
    """One list with its source, its table and what its country says about it."""
    return "\n".join([*_head(own), "", HOW, *_table(own), "", *_facts(own)]) + "\n"


def _head(own: Profile) -> Iterator[str]:
    yield f"# {own.id}: {own.name}"
    yield ""
    yield WRITTEN
    yield ""
    yield f"- Called there: *{own.term}*."
    yield f"- Source: {_source(own.source)}."
    if own.legal_status:
        yield f"- Legal status: {own.legal_status}."
    language = LANGUAGES[own.label_language]
    if own.is_back_translated:
        yield (
            f"- The labels in {language} are **back-translations** of our own from the "
            "Slovenian of the source, not official wording."
        )
    elif own.id != "EU":
        yield f"- Labels in {language}: those of {own.label_source}."
    if own.facts.get("label_note"):
        yield f"- Labels: {own.facts['label_note']}."
    if own.facts.get("requirement_note"):
        yield f"- {_sentence(own.facts['requirement_note'])}"
    yield f"- The score is of {len(own.counted)} elements; optional ones do not count."


def _table(own: Profile) -> Iterator[str]:
    yield "## Elements"
    yield ""
    yield (
        "| | element | requirement | belongs to | Annex I | record | "
        "European Digital Credential | Open Badge 3.0 |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for item in own.elements:
        cells = [
            item.id.removeprefix(f"{own.id}."),
            _labels(own, item),
            item.requirement,
            item.belongs_to,
            item.annex1 or "-",
            *(_cut(_said(item.expressions[kind]), own, item) for kind in KINDS),
        ]
        yield f"| {' | '.join(cells)} |"
    notes = [item for item in own.elements if item.note]
    if notes:
        yield ""
    for item in notes:
        number = item.id.removeprefix(f"{own.id}.")
        yield f"- {number}: {_sentence(item.note)}"


def _labels(own: Profile, item: ProfileElement) -> str:
    theirs = item.label(own.label_language)
    names = [theirs]
    if item.labels.get("hr", theirs) != theirs and own.label_language == "bs":
        names.append(f"hr: {item.labels['hr']}")
    if item.labels["en"] != theirs:
        names.append(f"*{item.labels['en']}*")
    return "<br>".join(_cell(name) for name in names)


def _cut(text: str, own: Profile, item: ProfileElement) -> str:
    """Many ways of saying the same are all on the page of the Recommendation."""
    ways = text.split(" or ")
    whole = own.id == "EU" or item.annex1 is None or " + " in text
    if whole or len(ways) <= MOST_WAYS:
        return text
    return f"{' or '.join(ways[:MOST_WAYS])} or more ([{item.annex1}](EU.md))"


def _said(expression: Expression) -> str:
    """An expression in a few words."""
    if expression.get("by_library"):
        return "the program"
    text = _needed(expression)
    weak = ", ".join(map(_path, expression.get("weak", ())))
    if weak:
        text = f"{text} ({weak})" if text else f"({weak})"
    if expression.get("not_applicable"):
        reasons = ", ".join(map(_path, expression["not_applicable"]))
        text += f"; does not apply with {reasons}"
    if expression.get("unless"):
        text += f"; not in {' or '.join(map(_path, expression['unless']))}"
    return text


def _needed(expression: Expression) -> str:
    parts = [_path(expression["first"])] if "first" in expression else []
    parts += [_term(term) for term in expression.get("all_of", ())]
    of_any = [_term(term) for term in expression.get("any_of", ())]
    if of_any:
        joined = " or ".join(of_any)
        parts.append(f"({joined})" if parts and len(of_any) > 1 else joined)
    return " + ".join(parts)


def _term(term: str | Expression) -> str:
    if isinstance(term, str):
        path = _path(term)
        return f"({path})" if " or " in path else path
    inner = _needed(term)
    return f"({inner})" if " " in inner and not inner.startswith("(") else inner


def _path(path: str) -> str:
    parts = []
    for one in path.split("|"):
        short = one.partition("#")[0]
        for long, brief in SHORT.items():
            short = short.replace(long, brief)
        parts.append(f"`{short}`")
    return " or ".join(dict.fromkeys(parts))


def _facts(own: Profile) -> Iterator[str]:
    if own.facts.get("definition_en"):
        yield "## What is meant there"
        yield ""
        yield f"{own.facts['definition_en']} (Our English; the source is Slovenian.)"
        yield ""
    if own.facts.get("differs_from_eu"):
        yield "## What differs from Annex I"
        yield ""
        yield _sentence(own.facts["differs_from_eu"])
        lacking = _lacking(own)
        if lacking:
            yield ""
            yield f"Mandatory elements of Annex I that it does not list: {lacking}."
        yield ""
    yield "## Constraints"
    yield ""
    for text in own.facts.get("constraints", ()):
        yield f"- {_sentence(text)}"
    for key, name in (("nqf", "Framework"), ("credit", "Credits")):
        if own.facts.get(key):
            yield f"- {name}: {own.facts[key]}."


def _lacking(own: Profile) -> str:
    listed = {item.annex1 for item in own.elements}
    return ", ".join(
        f"{item.labels['en']} ({item.id})"
        for item in elements().values()
        if item.requirement != "optional" and item.id not in listed
    )


def _source(codes: str) -> str:
    text = codes
    for code, name in SOURCES.items():
        text = re.sub(rf"{re.escape(code)}(?= [a-z])", f"{name},", text, count=1)
        text = text if name in text else text.replace(code, name, 1)
    return text


def _sentence(text: str) -> str:
    text = _cell(text)
    end = "" if text.endswith(".") else "."
    return text[:1].upper() + text[1:] + end


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("#Scouts", "\\#Scouts")


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
