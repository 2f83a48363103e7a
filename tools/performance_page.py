"""Writes docs/performance.md from the figures of one run of `make bench`.

    python tools/performance_page.py [.benchmarks/latest.json]

The page is a photograph of one machine; what carries over to another are the
ratios, whose two sides ran in turn in one process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
FIGURES = ROOT / ".benchmarks" / "latest.json"

HEAD = """# Performance

`make bench` measures and prints; this page is written from its figures by
`tools/performance_page.py`. The record is the first of Scouts4Green in two
languages, with a drawn page for each. In a comparison the two sides take turns in
one process, each measured right after it has run once; the ratio is that of the
best rounds, which a busy machine disturbs least. openbadgeslib is asked through its
fastest entry point that does the work in question, without validation of contexts
where it says "low level"; pyshacl is handed parsed shapes and a parsed graph.

What is not reached, or only just, and why:

- *full verify* of a VC-JWT: both sides get a file and a list of trusted issuers, and
  must find out whose file it is. openbadgeslib then checks the signature, the types
  and the dates; our verdict also judges every property against the Open Badges
  tables, looks for keys that no context defines and asks who vouches for the issuer.
  Where the other side is told the issuer beforehand (*verify for a known issuer*) it
  reads the token once instead of twice, and we are about 1.4 times as fast.
- *opened and verified* of the very small 1EdTech example: our road always makes the
  verified view as well. The same steps as the other side are *proof work*.
- *cold: verify one file* of a sealed diploma: a process that starts, reads its modules
  and ends. Half of it is Python and the command-line library; on a quiet machine it is
  at 0.50 to 0.59 s, on this one, this day, above.
- *late validation* and *sealing*: DSS is asked when its JVM has done the same a hundred
  times. With its policy kept in memory and without the ETSI report it comes nearer to
  us than as it is documented. On our side what was found out about a certificate (its
  extensions, who signed it) is remembered while the process lives, since the diplomas
  of a school share theirs; the seal, its timestamps and what authorities answered are
  checked anew for each file.
"""
TARGETS = """## Targets

| what | measured | target | reached |
|---|---|---|---|
"""
COMPARED = """## Both sides

Best rounds in milliseconds.

| what | ours | the other side | |
|---|---|---|---|
"""
STEPS = """## Steps

Best and median round, in milliseconds.

| profile | step | best | median |
|---|---|---|---|
"""
Benchmark = Mapping[str, Any]


def page(figures: Mapping[str, Any]) -> str:
    """The whole page as Markdown."""
    measured: list[Benchmark] = figures["benchmarks"]
    aimed = [one for one in measured if "target" in one["extra_info"]]
    compared = [one for one in measured if "other" in one["extra_info"]]
    # Whole batches are told by their targets; seconds are no step.
    steps = [one for one in measured if one["group"] != "batch"]
    alone = [one for one in steps if "other" not in one["extra_info"]]
    return "\n".join(
        [
            HEAD,
            _machine(figures["machine_info"], figures["datetime"]),
            TARGETS + _table(_target(one) for one in aimed),
            COMPARED + _table(_comparison(one) for one in compared),
            STEPS + _table(_step(one) for one in alone),
        ]
    )


def _machine(info: Mapping[str, Any], when: str) -> str:
    cpu = info["cpu"]
    return (
        f"Machine: {cpu['brand_raw']}, {cpu['count']} cores, {info['system']} "
        f"{info['machine']}; {info['python_implementation']} "
        f"{info['python_version']}; {info['openssl']}. Measured on {when[:10]}.\n"
    )


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _target(one: Benchmark) -> Iterator[str]:
    info = one["extra_info"]
    yield f"{one['group']}: {_title(one)}"
    yield info["measured"]
    yield info["target"]
    yield "yes" if info["reached"] else "**no**"


def _comparison(one: Benchmark) -> Iterator[str]:
    other = one["extra_info"]["other"]
    yield f"{one['group']}: {_title(one)}"
    yield _ms(one["stats"]["min"])
    yield _ms(other["min"])
    yield other["name"]


def _step(one: Benchmark) -> Iterator[str]:
    yield one["group"]
    yield _title(one)
    yield _ms(one["stats"]["min"])
    yield _ms(one["stats"]["median"])


def _title(one: Benchmark) -> str:
    """`test_step[ob3-di-sign]` → sign; the group says the profile already."""
    name, _, given = one["name"].removesuffix("]").partition("[")
    words = name.removeprefix("test_").removeprefix("step").replace("_", " ")
    profile = one["group"].replace("-", " ")
    detail = given.removeprefix(one["group"]).removeprefix("-")
    title = words.removeprefix(f"{profile} ").strip()
    return f"{title}, {detail}" if title and detail else title or detail


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g}"


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else FIGURES
    PAGE.write_text(page(json.loads(source.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
