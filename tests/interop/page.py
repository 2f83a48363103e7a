"""`docs/interop.md`, made from `judgements.json` by `python tests/interop/page.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "interop.md"
INTRODUCTION = """\
# Who else agrees

Made by `tests/interop/page.py` from `tests/interop/judgements.json`; do not edit.

A verifier that only reads what its own issuer writes proves nothing. So our
credentials are put before programs of other people, and theirs before ours, with the
whole records of `fixtures/records`, with texts that programs like to write
differently, with numbers that are not whole, and with forgeries that everybody has to
refuse. `make interop` asks them again and fails if one of them changes its mind.

## How to run it

`make interop` needs Node 20 with npm, Java 17 with Maven, openssl, and the package
registries; a tool that is missing is a failure. Once everything is fetched, no judge
looks anything up: contexts come from the judges' own packages, keys are their own DID
(`did:key`), and revocation lists are handed over as files. Plain `pytest` and
`make test` leave these tests alone. `EDC_RECORD_JUDGEMENTS=1 make interop` writes down
anew what the judges say, for a new version of one of them.

## Where we differ, and why

- **Control characters and pyld.** `openbadgeslib` and `openvc-core` canonicalize with
  pyld, which writes U+0001, U+007F, backspace and form feed as they are where RDFC-1.0
  (section 5) demands an escape. A badge with one of these in a text has another hash
  there, so each side refuses the other's signature. The JavaScript judges verify ours
  and refuse theirs. In a VC-JWT the same texts pass in `openbadgeslib` and in both
  JOSE libraries: nothing is canonicalized there.
- **`openvc-core` and Open Badges.** It reads VC-JWTs only with the `vc` claim of VCDM
  1.1, which Open Badges 3.0 does not have: its refusal comes after the signature was
  found good. It reads one embedded proof and no list of proofs, so it is given ours
  out of the list that the Open Badges schema demands.
- **Old revocation lists.** DSS ignores how old a list is unless its policy says
  otherwise and passes a seal by a list that ended before; here that settles nothing,
  and the seal is INDETERMINATE.
- **`sigT`.** A seal made with the option `profile: edci-1.x`, for old viewers, states
  its time as they want it. DSS accepts it, but no longer calls it a baseline seal.

## What each judge says

"Ours" is what the judge says of files that we issued; "theirs" is what our verifier
says of files that the judge issued, under test trust in its key. `forged` is the file
of the same name with that one thing changed. `jwt` names the key and the texts.
"""


def page(rows: Iterable[Mapping[str, Any]]) -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(row) for row in rows)])


def _section(row: Mapping[str, Any]) -> str:
    by_verdict: dict[str, list[str]] = {}
    for case, verdict in row["said"].items():
        by_verdict.setdefault(verdict, []).append(case)
    lines = (f"| {_cell(v)} | {_cases(cases)} |" for v, cases in by_verdict.items())
    title = f"### {row['judge']} {row['version']}: {row['direction']}"
    return "\n".join([title, "", "| verdict | of |", "|---|---|", *lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _cases(cases: Iterable[str]) -> str:
    """Cases of one kind together: `text: a; b; c`."""
    kinds: dict[str, list[str]] = {}
    for case in cases:
        kind, colon, name = case.partition(": ")
        kinds.setdefault(kind if colon else "", []).append(name or kind)
    return _cell(
        "<br>".join(
            f"**{kind}** {'; '.join(names)}" if kind else "; ".join(names)
            for kind, names in kinds.items()
        )
    )


def current() -> str:
    """The page that belongs to the judgements at hand."""
    path = HERE / "judgements.json"
    return page(json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
