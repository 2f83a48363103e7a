"""Write the rules of Annex I and II and of the countries from the domain pack.

Labels, requirements, blocks and notes are the pack's; where an element stands in a
record, in an EDC and in a badge is told by `rules_paths.json` beside this file, as
expressions that the library can evaluate (`edc_issuer.rules.elements`).

    EDC_SHARED=folder python tools/make_rules.py
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # the tests load it from elsewhere

from make_cyrillic import cyrillic

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("EDC_SHARED", ROOT.parent / "shared"))
PACK = SHARED / "domain"
TARGET = ROOT / "src" / "edc_issuer" / "data"
PATHS = Path(__file__).with_name("rules_paths.json")

LANGUAGES = ("en", "sl", "hr", "sr-Latn", "sr-Cyrl", "bs", "cnr")
ORDER = ("EU", "SI", "HR", "RS", "ME", "BA-HNK", "S4G")
OBLIGATIONS = {"mandatory-if-applicable": "conditional"}
KEPT = (
    "name_en",
    "term",
    "definition_en",
    "differs_from_eu",
    "constraints",
    "nqf",
    "credit",
    "legal_status",
    "requirement_note",
    "label_language",
    "label_source",
    "label_note",
)
# How the pack, and our paths, shorten the long beginnings.
SHORT = {
    "C": "credentialSubject.hasClaim",
    "Q": "credentialSubject.hasClaim.specifiedBy",
    "S": "credentialSubject",
    "ACH": "credentialSubject.achievement",
}
# The documents by the names that docs/rules.md gives them, not by their numbers.
DOCUMENTS = {"000": "MC.PIU", "001": "CPI", "002": "S4G", "003": "ANNEX-II"}
WORDS = {
    "not in seeds": "not in the source documents",
    "(not a seed)": "(not a source document)",
    "the seeds": "the source documents",
    "seed (machine-translated Slovenian; label_sl is corrected)": (
        "the source (machine-translated Slovenian, corrected)"
    ),
}
_SHORT = re.compile(r"(?:(?<=^)|(?<=\|))(C|Q|S|ACH)(?=[.\[])")
Json = dict[str, Any]


def main() -> None:
    """Write the three files."""
    for name, value in made().items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        (TARGET / name).write_text(text, encoding="utf-8")


def made() -> dict[str, Json]:
    """Every file by its name, as it has to be."""
    paths = spelt_out(json.loads(PATHS.read_text(encoding="utf-8")))
    return named(
        {
            "elements.json": elements(paths["elements"]),
            "profiles.json": profiles(paths["profiles"]),
            "principles.json": principles(
                paths["principles"], paths["principle_labels"]
            ),
        }
    )


def elements(paths: Json) -> Json:
    """The 11 mandatory and 5 optional elements of Annex I."""
    pack = read("annex1_elements.json")
    return {
        "source": pack["source"],
        "elements": [
            {
                "id": item["id"],
                "requirement": OBLIGATIONS.get(item["obligation"], item["obligation"]),
                "labels": {tag: item[f"label_{tag}"] for tag in LANGUAGES},
                "check": item["check"],
                **paths[item["id"]],
            }
            for item in pack["elements"]
        ],
    }


def profiles(paths: Json) -> Json:
    """The element lists of the countries and of the project."""
    pack = read("national_profiles.json")
    return {
        "common": pack["_common"]["rules"],
        "profiles": {name: profile(name, pack[name], paths) for name in ORDER},
    }


def profile(name: str, given: Json, paths: Json) -> Json:
    """One list; that of the Recommendation names its elements only."""
    kept = {key: given[key] for key in KEPT if key in given}
    kept["source"] = given["seed"]
    if name == "EU":
        return {**kept, "term": given["terms"]["en"], "elements": given["elements"]}
    rows = [
        row(f"{name}.{item['no']}", item, given, paths) for item in given["elements"]
    ]
    unknown = [key for key in paths if key.startswith(f"{name}.")]
    assert not set(unknown) - {item["id"] for item in rows}
    return {**kept, "elements": rows}


def row(own_id: str, item: Json, given: Json, paths: Json) -> Json:
    """One row of a list, with paths of its own where Annex I does not answer it."""
    labels = {
        given["label_language"]: item["label_local"],
        "sl": item["label_sl"],
        "en": item["label_en"],
    }
    if "label_local_hr" in item:
        labels["hr"] = item["label_local_hr"]
    if "sr-Latn" in labels:
        labels["sr-Cyrl"] = cyrillic(labels["sr-Latn"])
    made: Json = {
        "id": own_id,
        "annex1": item["annex1"] if item["annex1"] != "-" else None,
        "requirement": item["requirement"],
        "belongs_to": item["belongs_to"],
        "labels": labels,
        "note": item["note"],
        "first": item["record"].split(", ")[0],
    }
    return {**made, **paths.get(own_id, {})}


def principles(paths: Json, own_labels: Json) -> Json:
    """The ten principles of Annex II; the pack names them in two languages."""
    return {
        "source": "Council Recommendation 2022/C 243/02 Annex II (seed 003); labels in "
        "hr, sr, bs, cnr own wording (a native reader is still wanted)",
        "principles": [
            {
                "id": item["id"],
                "labels": {
                    "en": item["name_en"],
                    "sl": item["name_sl"],
                    **own_labels[item["id"]],
                },
                "summary": item["summary_own_words"],
                "supports": paths[item["id"]],
            }
            for item in read("annex2_principles.json")
        ],
    }


def spelt_out(value: Any) -> Any:
    """The same with every short beginning of a path written in full."""
    if isinstance(value, str):
        return _SHORT.sub(lambda match: SHORT[match[1]], value)
    if isinstance(value, list):
        return [spelt_out(item) for item in value]
    if isinstance(value, dict):
        return {key: spelt_out(item) for key, item in value.items()}
    return value


def named(value: Any) -> Any:
    """The same with every seed called by the name of its document."""
    if isinstance(value, str):
        for word, plain in WORDS.items():
            value = value.replace(word, plain)
        for number, name in DOCUMENTS.items():
            value = re.sub(rf"\bseeds? {number}|\b{number}\b(?=[ ,;)]|\Z)", name, value)
        return re.sub(r"\b(?:the )?seed\b", "the source", value)
    if isinstance(value, list):
        return [named(item) for item in value]
    if isinstance(value, dict):
        return {key: named(item) for key, item in value.items()}
    return value


def read(name: str) -> Any:
    """One file of the pack."""
    return json.loads((PACK / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
