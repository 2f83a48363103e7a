"""Write data/glossary.json from the glossary of the domain pack.

    python tools/make_glossary.py ../shared/domain/glossary.csv

One entry a line: the code, the term in each language, and `sl@HR` for the term that
the profile of a country asks for. Notes for translators stay behind.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from edc_issuer.messages import LANGUAGES

TARGET = Path(__file__).parent.parent / "src/edc_issuer/data/glossary.json"


def entry(row: Mapping[str, str]) -> dict[str, str]:
    """`SI/sl=x|HR/hr=y` becomes the keys `sl@SI` and `hr@HR`."""
    terms = {language: row[language] for language in LANGUAGES}
    for variant in filter(None, row["term_by_profile"].split("|")):
        place, _, term = variant.partition("=")
        profile, _, language = place.rpartition("/")
        terms[f"{language}@{profile}"] = term
    return terms


def written(source: Path) -> str:
    """The whole file."""
    with source.open(encoding="utf-8", newline="") as file:
        entries = {row["code_name"]: entry(row) for row in csv.DictReader(file)}
    lines = [
        f"{json.dumps(code)}: {json.dumps(terms, ensure_ascii=False)}"
        for code, terms in entries.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(written(Path(sys.argv[1])), encoding="utf-8")
