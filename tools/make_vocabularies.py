"""Write the controlled lists that records are mapped to, from their sources.

Facts only (identifier, English name, our short code) out of the lists that the
European Learning Model publishes and the concept table of the domain pack, joined
with `vocabulary_additions.json` beside this file: ISO 3166-1 codes, the languages
that are needed, media types, and labels of our own in the languages of the region.

    EDC_SHARED=folder python tools/make_vocabularies.py [--check]
"""

from __future__ import annotations

import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("EDC_SHARED", ROOT.parent / "shared"))
TARGET = ROOT / "src" / "edc_issuer" / "data" / "vocabularies.json"
ADDITIONS = Path(__file__).with_name("vocabulary_additions.json")

OP = "http://publications.europa.eu/resource/authority/"
XS = "{http://www.w3.org/2001/XMLSchema}"
REGION = ("sl", "hr", "sr-Latn", "sr-Cyrl", "bs", "cnr")

Json = dict[str, Any]
Labels = dict[str, str]


@dataclass(frozen=True)
class Source:
    """Where one list comes from.

    `xsd` names the official file, `pack` the list of the domain pack. A list that
    keeps growing, or of which we hold a part, is not `complete`: an unknown
    concept of it may well exist.
    """

    name: str
    xsd: str | None = None
    pack: str | None = None
    complete: bool = True


SOURCES = (
    Source("accreditation_type", "europass-accreditation-types", "accreditation_type"),
    Source("assessment_type", "europass-learning-assessment-types", "assessment_type"),
    Source("country", "country", "country"),
    Source("credential_profile", "europass-credential-types", "credential_profile"),
    Source("credit_system", "credit-points", "credit_system"),
    Source("encoding", "europass-content-encoding-types"),
    Source(
        "entitlement_status",
        "europass-learning-entitlement-statuses",
        "entitlement_status",
    ),
    Source(
        "entitlement_type", "europass-learning-entitlement-types", "entitlement_type"
    ),
    Source("eqf", "eqf", "eqf"),
    Source("evidence_type", None, "evidence_type", complete=False),
    Source("file_type", "file-type", complete=False),
    Source("isced_f", "isced-f"),
    Source("language", complete=False),
    Source(
        "learning_activity_type",
        "europass-learning-activity-types",
        "learning_activity_type",
    ),
    Source("learning_mode", "europass-modes", "learning_mode"),
    Source(
        "learning_opportunity_type",
        "europass-learning-opportunity-types",
        "learning_opportunity_type",
    ),
    Source("learning_schedule", "europass-learning-schedule-types"),
    Source("learning_setting", "europass-learning-setting-types", "learning_setting"),
    Source("nqf", "nqf"),
    Source("sdg", None, "sdg"),
    Source("skill_reuse_level", "skill-reuse-levels", "skill_reuse_level"),
    Source("skill_type", "skill-types", "skill_type"),
    Source("supervision", None, "supervision"),
    Source("target_group", "europass-target-groups", "target_group"),
    Source("verification_check", None, "verification_check"),
    Source("verification_status", None, "verification_status"),
)


def official(xsd: str) -> dict[str, str]:
    """URI → English name, in the order of the official file."""
    path = SHARED / "standards" / "elm-vocabularies" / f"loq-{xsd}.xsd"
    names = {}
    for node in ET.parse(path).iter(f"{XS}enumeration"):
        text = "".join(text.text or "" for text in node.iter(f"{XS}documentation"))
        names[node.attrib["value"]] = " ".join(text.split())
    return names


def namespace(xsd: str) -> str:
    """The scheme of a list, which its file has as target namespace."""
    path = SHARED / "standards" / "elm-vocabularies" / f"loq-{xsd}.xsd"
    return ET.parse(path).getroot().attrib["targetNamespace"]


def concepts(source: Source, pack: Json, additions: Json) -> Iterator[Json]:
    """Every concept of a list: uri, code, labels."""
    if source.name == "language":
        for code, (identifier, name) in additions["languages"].items():
            yield concept(f"{OP}language/{identifier}", code, {"en": name})
        return
    known = {c["uri"]: c for c in pack.get(source.pack or "", {}).get("concepts", [])}
    names = official(source.xsd) if source.xsd else {}
    for uri, name in names.items():
        labels = known.get(uri, {}).get("label", {}) | {"en": name}
        yield concept(uri, code_of(source, uri, name, known, additions), labels)
    for uri in [uri for uri in known if uri not in names]:
        # Three profiles are younger than the official file and in use.
        if names and source.name != "credential_profile":
            raise SystemExit(f"{uri} is not in the official list")
        yield concept(uri, known[uri]["code"], known[uri]["label"])
    for own in pack.get(source.pack or "", {}).get("own", []):
        yield concept(own["uri"], own["code"], own["label"])


def concept(uri: str, code: str, labels: Labels) -> Json:
    return {"uri": uri, "code": code, "labels": dict(labels)}


def code_of(
    source: Source, uri: str, name: str, known: Mapping[str, Json], additions: Json
) -> str:
    """What a record calls the concept."""
    end = uri.rpartition("/")[2]
    if source.name == "country":
        return str(additions["countries"].get(end, end))
    if uri in known:
        return str(known[uri]["code"])
    if source.name == "learning_schedule":
        return re.sub(r"\W+", "_", name.lower())
    return "base64" if source.name == "encoding" else end


def name_levels(found: list[Json], pack: Json, additions: Json) -> None:
    """Levels of the region: `SI/4` for the code, and a label in each language."""
    by_uri = {item["uri"]: item for item in found}
    words = additions["level_words"]
    for country, framework in pack["nqf"]["frameworks"].items():
        by_uri[framework["framework_uri"]]["code"] = country
        named = additions["framework_names"][country]
        for row in framework["levels"]:
            item = by_uri[row["uri"]]
            item["code"] = f"{country}/{row['level']}"
            for language, name in named.items():
                text = f"{name}, {words[language]} {row['level']}"
                item["labels"][language] = text


def add_labels(name: str, found: list[Json], additions: Json) -> None:
    """Our own words; where the pack has one already, the pack's stays."""
    own = additions["labels"].get(name, {})
    same = additions["same_in_every_language"].get(name, ())
    unknown = {*own, *same} - {item["code"] for item in found}
    if unknown:
        raise SystemExit(f"{name}: labels for unknown codes {sorted(unknown)}")
    for item in found:
        item["labels"] = own.get(item["code"], {}) | item["labels"]
        if item["code"] in same:
            everywhere = dict.fromkeys(REGION, item["labels"]["en"])
            item["labels"] = everywhere | item["labels"]


def build() -> Json:
    """The whole data file."""
    domain = SHARED / "domain" / "vocabularies.json"
    pack = json.loads(domain.read_text(encoding="utf-8"))
    additions = json.loads(ADDITIONS.read_text(encoding="utf-8"))
    lists = {}
    for source in SOURCES:
        found = list(concepts(source, pack, additions))
        if source.name == "nqf":
            name_levels(found, pack, additions)
        add_labels(source.name, found, additions)
        lists[source.name] = one_list(source, found, pack, additions)
    return lists


def one_list(source: Source, found: list[Json], pack: Json, additions: Json) -> Json:
    scheme = (
        namespace(source.xsd)
        if source.xsd
        else pack.get(source.pack or source.name, {})["scheme"]
    )
    codes = [item["code"] for item in found]
    if len(set(codes)) < len(codes):
        raise SystemExit(f"{source.name}: a code stands for two concepts")
    base = found[0]["uri"].rpartition("/")[0] + "/"
    return {
        "scheme": scheme,
        "complete": source.complete,
        "notation": scheme.removeprefix(OP) if scheme.startswith(OP) else None,
        "own_labels": sorted({k for i in found for k in i["labels"]} - {"en"}),
        "base": base,
        "aliases": additions["aliases"].get(source.name, {}),
        "concepts": [
            [i["code"], i["uri"].removeprefix(base), ordered(i["labels"])]
            for i in found
        ],
    }


def ordered(labels: Labels) -> Labels:
    return {key: labels[key] for key in ("en", *REGION) if key in labels}


def text_of(lists: Json) -> str:
    """One concept a line, so that a difference shows what changed."""
    blocks = []
    for name, content in lists.items():
        rows = [dumps(row) for row in content["concepts"]]
        head = dumps({k: v for k, v in content.items() if k != "concepts"})
        joined = ",\n".join(rows)
        blocks.append(f'"{name}": {head[:-1]},"concepts":[\n{joined}\n]}}')
    return "{" + ",\n".join(blocks) + "}\n"


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    text = text_of(build())
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{TARGET.name} is not what its sources say; run this again")


if __name__ == "__main__":
    main()
