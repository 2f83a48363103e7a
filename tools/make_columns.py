"""Writes `data/columns.json`: every column of every file, and what it is called.

    python tools/make_columns.py ../shared/domain/flat_columns.csv

The list of columns, their record paths and their files come from the domain pack; how
a cell is read and the labels (`tools/column_labels.txt`) are our own.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/edc_issuer/data/columns.json"
KINDS = {
    "date": "date_of_birth date_awarded date_issued valid_from valid_until result_date "
    "activity_start activity_end reviewed_on adoption_date",
    "number": "hours contact_hours minutes max_points pass_points points hours_actual",
    "whole": "unit_minutes eqf_level sdg assessment_items revision",
    "decimal": "credit_points hko_volume_points",
    "flag": "credits_indicative free_of_charge formal_provider",
    "level": "nqf_level hko_level",
    "isced": "isced_f",
    "organisation": "issuer_key awarding_body_keys qa_body_key adopting_body_key "
    "sending_organisation_key host_organisation_key",
    "pairs": "part_points part_pass_points",
}
KIND = {name: kind for kind, names in KINDS.items() for name in names.split()}
# What a clerk needs for one class: the columns of an empty flat sheet.
BASIC = """
record_id credential_kind national_profile project_profile primary_language languages
learner_id given_name family_name date_of_birth email issuer_key programme_code title
description hours credit_system credit_points credits_indicative eqf_level level_basis
level_absent_reason learning_setting delivery_mode language_of_instruction outcomes
assessment_type assessment_title assessment_mode supervision max_points pass_points
assessment_criteria qa_internal qa_summary stacking_options certificate_number
date_awarded date_issued place points grade result_status evidence_kind evidence_title
isced_f
"""
# These say to which object a row belongs; they fill no field of it.
STRUCTURE = {"org_key", "activity_code", "parent_unit_code"}
_LATIN = """
lj nj dž a b v g d đ e ž z i j k l m n o p r s t ć u f h c č š
Lj Nj Dž A B V G D Đ E Ž Z I J K L M N O P R S T Ć U F H C Č Š
"""
_CYRILLIC = """
љ њ џ а б в г д ђ е ж з и ј к л м н о п р с т ћ у ф х ц ч ш
Љ Њ Џ А Б В Г Д Ђ Е Ж З И Ј К Л М Н О П Р С Т Ћ У Ф Х Ц Ч Ш
"""
# Abbreviations keep their letters, as in the rest of the Serbian texts.
_KEPT = {"ISCED-F", "NUTS", "HKO", "EQF", "SDG"}


def cyrillic(text: str) -> str:
    return " ".join(map(_word, text.split(" ")))


def _word(word: str) -> str:
    if word in _KEPT:
        return word
    for latin, letter in zip(_LATIN.split(), _CYRILLIC.split(), strict=True):
        word = word.replace(latin, letter)
    return word


def labels(file: Path) -> dict[str, dict[str, list[str]]]:
    found = {}
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, *cells = line.split("|")
        given = [cell.split("/") for cell in cells]
        by_language = dict(zip(("en", "sl", "hr", "sr-Latn"), given, strict=True))
        by_language["sr-Cyrl"] = [cyrillic(one) for one in by_language["sr-Latn"]]
        found[name] = by_language
    return found


def columns(source: Path) -> list[dict[str, Any]]:
    texts = labels(HERE / "column_labels.txt")
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["files"] != "matrix"]
    return [column(row, texts) for row in rows]


def column(row: dict[str, str], texts: dict[str, dict[str, list[str]]]) -> Any:
    name = row["column"].removesuffix("_<lang>")
    files = row["files"].split()
    named = texts.get(f"{files[0]}:{name}") or texts[name]
    found: dict[str, Any] = {
        "name": name,
        "files": files,
        "path": "" if name in STRUCTURE else row["record_path"],
        "kind": KIND.get(name, "text"),
        "texts": row["column"].endswith("_<lang>"),
        "required": row["required"].startswith("yes"),
        "basic": name in BASIC.split() and files[0] == "flat",
        "labels": named,
    }
    return {key: value for key, value in found.items() if value not in ("", False)}


def text(rows: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    return f"[\n{lines}\n]\n"


def main() -> None:
    TARGET.write_text(text(columns(Path(sys.argv[1]))), "utf-8")


if __name__ == "__main__":
    main()
