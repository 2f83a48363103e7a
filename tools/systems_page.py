"""Write docs/systems.md: every system that the source documents name, and its answer.

The answers are ours and stand in `systems.json` beside this file. `where` names what
exists: "command", "module", "record" (a field), "rule", "page" or "fixture", then its
name; a test looks each of them up.

    python tools/systems_page.py
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/systems.md"
DATA = Path(__file__).with_name("systems.json")
ANSWERS = {
    "answered": "the library does what the documents ask of such a library",
    "in part": "something of it is missing, and the sentence says what",
    "issue 6": "to come with the rest of Open Badges and W3C credentials",
    "background": "named in the documents for comparison or history; asks for nothing",
    "not answered": "nothing is there, and nothing is promised",
}
HEAD = """\
# Systems

Written by `tools/systems_page.py` from `tools/systems.json`; a test compares, and looks
up every command, module, field, rule, page and fixture named here.

The five source documents of the domain name {count} systems, frameworks, standards,
registers, projects and methods. This is where the library answers each of them.
"""


def data() -> dict[str, Any]:
    """Categories and systems, in the order of their numbers."""
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """The whole page."""
    content = data()
    systems = content["systems"]
    return "\n".join(
        [
            HEAD.format(count=len(systems)),
            *_legend(systems),
            *(
                line
                for code, title in content["categories"].items()
                for line in _category(title, systems, code)
            ),
        ]
    )


def _legend(systems: list[dict[str, Any]]) -> Iterator[str]:
    counts = Counter(row["answer"] for row in systems)
    yield "| answer | systems | means |"
    yield "|---|---|---|"
    for answer, meaning in ANSWERS.items():
        yield f"| {answer} | {counts[answer]} | {meaning} |"


def _category(title: str, systems: list[dict[str, Any]], code: str) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield "| id | system | answer | where | what it says |"
    yield "|---|---|---|---|---|"
    for row in systems:
        if row["category"] == code:
            where = ", ".join(map(_shown, row["where"]))
            yield (
                f"| {row['id']} | {row['name']} | {row['answer']} | {where} "
                f"| {row['says']} |"
            )


def _shown(where: str) -> str:
    kind, name = where.split(" ", 1)
    if kind == "command":
        return f"`edc-issuer {name}`"
    if kind == "page":
        short = name.removeprefix("docs/")
        return f"[{short}]({short})"
    if kind == "fixture":
        return f"[{Path(name).stem}](../{name})"
    return name if kind == "rule" else f"`{name}`"


def main() -> None:
    PAGE.write_text(page() + "\n", encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
