"""Where each field of a record goes: record path → ELM property → OB property."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.errors import ConfigError
from edc_issuer.models.explain import explain, paths_in_order
from edc_issuer.models.mapping import NO_RULE, present_paths
from test_elm import NAMES, build, record
from test_ob3 import build as build_badge
from world import RECORDS

SPEC = "credentialSubject.hasClaim.specifiedBy"


def test_every_field_of_the_fixtures_is_explained() -> None:
    known = {row.path for row in explain()}

    for name in NAMES:
        assert {*present_paths(record(name))} <= known


def test_no_field_is_without_a_rule_in_either_model() -> None:
    rows = explain()

    assert [row.path for row in rows if not row.edc or not row.badge] == []
    reasons = {answer.why for row in rows for answer in (*row.edc, *row.badge)}
    assert NO_RULE not in reasons


def test_fields_come_in_the_order_of_the_record() -> None:
    order = [*paths_in_order()]
    found = [row.path for row in explain()]

    assert found == sorted(found, key=order.index)


def test_one_field_and_what_is_below_it() -> None:
    paths = [row.path for row in explain("programme.level")]

    assert paths[0] == "programme.level.basis"
    assert all(path.startswith("programme.level.") for path in paths)
    assert [row.path for row in explain("programme.title")] == ["programme.title"]


def test_a_field_whose_fate_depends_has_several_answers() -> None:
    (row,) = explain("programme.level.eqf")

    targets = {target for answer in row.edc for target in answer.targets}
    assert {f"{SPEC}.eqfLevel", f"{SPEC}.additionalNote.noteLiteral"} <= targets


@pytest.mark.parametrize("name", NAMES)
def test_for_one_record_it_is_the_account_of_its_mapping(name: str) -> None:
    source = record(name)
    edc = {row.path: row for row in build(source).mapping.fields}
    badge = {row.path: row for row in build_badge(source).mapping.fields}

    for row in explain(record=source):
        (answer,) = row.edc
        assert answer == (edc[row.path].kind, edc[row.path].targets, edc[row.path].why)
        assert row.badge[0].targets == badge[row.path].targets


@pytest.mark.parametrize(
    ("path", "hint"),
    [("programme.lvel.eqf", "programme.level.eqf"), ("zzz", ""), ("x" * 5000, "")],
    ids=["slip", "nothing", "long"],
)
def test_a_field_that_no_record_has_is_refused(path: str, hint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        explain(path)

    assert hint in str(refused.value)
    assert len(str(refused.value)) < 300


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["explain", *arguments])


def test_the_command_prints_path_and_both_properties() -> None:
    result = run("programme.code", "--lang", "en")

    assert result.exit_code == 0
    assert f"{SPEC}.identifier.notation" in result.stdout
    assert "credentialSubject.achievement.humanCode" in result.stdout


def test_the_command_has_json_and_explains_one_record() -> None:
    name = RECORDS / "mcvet_3d_si.json"

    told = json.loads(run("learner.phone", "--record", str(name), "--json").stdout)

    assert told[0]["badge"][0]["kind"] == "lost"
    assert told[0]["edc"][0]["kind"] == "mapped"
