"""The table of the rules: complete, sound, and the same as its page and its pack."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import pytest

from conftest import ROOT, shared_file
from edc_issuer.messages import LANGUAGES, table
from edc_issuer.rules.table import GRAVEST_FIRST, Rule, Scope, Severity, data, rules
from tool_loader import tool

PROFILES = {"EU", "SI", "HR", "RS", "ME", "BA-HNK", "S4G"}


def pack() -> dict[str, dict[str, Any]]:
    path = shared_file("domain/stacking_rules.json")
    found = json.loads(path.read_text(encoding="utf-8"))["rules"]
    return {row["id"]: row for row in found}


def test_the_page_says_what_the_table_says() -> None:
    page = tool("rules_page").page()

    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == page


def test_every_rule_of_the_pack_is_here_in_its_scope() -> None:
    ours = {rule.id: rule.scope for rule in rules().values() if rule.scope != "pathway"}

    assert ours == {name: row["scope"] for name, row in pack().items()}
    assert len(ours) == 39


def test_severities_are_those_of_the_pack() -> None:
    for name, row in pack().items():
        by_profile = row.get("severity_by_profile")
        rule = rules()[name]
        if by_profile is None:
            said = (rule.severity, dict(rule.profiles))
            assert said == (row["severity"].split()[0], {}), name
        else:
            first = {profile: text.split()[0] for profile, text in by_profile.items()}
            assert rule.profiles == first, name
            assert rule.severity in (None, row["severity"]), name


def test_every_rule_is_sound() -> None:
    for rule in rules().values():
        severities = {*rule.profiles.values(), rule.severity} - {None}
        assert severities, rule.id
        assert severities <= set(get_args(Severity))
        assert rule.scope in get_args(Scope)
        assert set(rule.profiles) <= PROFILES
        assert rule.source
        assert rule.asks
    assert set(GRAVEST_FIRST) == set(get_args(Severity))


def test_a_source_begins_with_a_document_that_is_listed() -> None:
    named = set(data()["documents"])
    spelt = {
        name
        for rule in rules().values()
        for name in re.findall(
            r"\b(?:S4G|CPI|MICROQUEST|MC\.PIU|ANNEX-II)\b", rule.source
        )
    }
    told = {name for row in data()["contradictions"] for name in row["documents"]}

    assert spelt | told == named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_a_sentence_in_every_language(language: str) -> None:
    told = table(language)

    assert [rule for rule in rules() if f"rule.{rule}" not in told] == []


@pytest.mark.parametrize(
    ("profiles", "severity"),
    [
        (("EU",), "warning"),
        (("SI",), "error"),
        (("EU", "S4G"), "warning"),
        (("SI", "ME"), "error"),
        (("ME", "S4G"), "unknown"),
        ((), None),
    ],
)
def test_the_gravest_severity_of_the_profiles_holds(
    profiles: tuple[str, ...], severity: str | None
) -> None:
    rule = Rule(
        id="X",
        name="",
        scope="record",
        severity=None,
        profiles={"EU": "warning", "SI": "error", "ME": "unknown", "S4G": "info"},
        source="",
        asks="",
    )

    assert rule.severity_in(profiles) == severity


def test_a_rule_of_one_country_is_silent_elsewhere() -> None:
    diary = rules()["AS-07"]

    assert diary.severity_in(("SI", "S4G")) == "error"
    assert diary.severity_in(("SI",)) is None
