"""Schemas that a credential names: held against it where they are at hand.

Row 65 of the attack table: schemas that are somewhere else, and schemas made to keep
us busy. No answer here rests on how long something takes.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacks.workshop import AT, answer, badge, jwt, jwt_header, school
from conftest import shared_file
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.report import Outcome, Report
from edc_issuer.verify import json_schema, resources
from edc_issuer.verify.json_schema import NotDecidable, violations
from edc_issuer.verify.patterns import Machine
from edc_issuer.verify.run import Run

URL = "https://zgled.example/shema.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def pinned(schema: Any, folder: Path) -> Documents:
    """The bundled documents and a schema that the operator stored."""
    data = json.dumps(schema).encode()
    (folder / "shema.json").write_bytes(data)
    entry = {
        "url": URL,
        "file": "shema.json",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps([entry]))
    return BUNDLED.with_directory(folder)


def verify(documents: Documents, **entry: Any) -> Report:
    """The school's badge, which names the schema."""
    named = {"id": URL, "type": "JsonSchema"} | entry
    document = {**badge(), "credentialSchema": [named]}
    data = jwt(document, header=jwt_header(typ="vc+jwt"))
    return Run(school().trust, documents, at=AT, now=AT).file(data)


def codes(report: Report) -> list[str]:
    found = report.check("credential.content").evidence.get("problems", ())
    return [problem["code"] for problem in found]


FOLLOWED = {"type": "object", "required": ["name", "issuer"]}
BROKEN = {"properties": {"name": {"type": "string", "maxLength": 3}}}


@pytest.mark.parametrize("kind", ["JsonSchema", "1EdTechJsonSchemaValidator2019"])
def test_a_schema_at_hand_is_asked(tmp_path: Path, kind: str) -> None:
    (tmp_path / "other").mkdir()
    followed = verify(pinned(FOLLOWED, tmp_path), type=kind)
    broken = verify(pinned(BROKEN, tmp_path / "other"), type=kind)

    assert answer(followed, "credential.content") == "pass"
    assert answer(broken, "credential.content") == "warn nonconformant"
    assert codes(broken) == ["schema.violation"]
    assert followed.outcome is broken.outcome is Outcome.PASSED


def test_a_violation_is_told_without_the_value(tmp_path: Path) -> None:
    report = verify(pinned(BROKEN, tmp_path))

    (found,) = report.check("credential.content").evidence["problems"]
    assert found["path"] == "/name"
    assert "maxLength" in found["message"]
    assert "Čebelarjenje" not in found["message"]


def test_row_65_a_schema_that_is_not_at_hand_is_not_fetched_and_that_is_said() -> None:
    report = verify(BUNDLED)

    assert report.fetched == ()
    assert answer(report, "credential.content") == "pass not-all-at-hand"
    assert codes(report) == ["schema.not-at-hand"]


def test_a_schema_of_another_kind_is_not_asked(tmp_path: Path) -> None:
    report = verify(pinned(BROKEN, tmp_path), type="JsonSchemaCredential")

    assert codes(report) == ["schema.not-at-hand"]


def test_a_schema_in_another_version_than_the_signed_one_is_not_asked(
    tmp_path: Path,
) -> None:
    documents = pinned(FOLLOWED, tmp_path)
    right = hashlib.sha256(documents.raw(URL)).digest()
    wrong = hashlib.sha256(b"x").digest()

    for digest, expected in ((right, []), (wrong, ["schema.digest"])):
        sri = f"sha256-{b64encode(digest).decode()}"
        assert codes(verify(documents, digestSRI=sri)) == expected


# Each would take a matcher that goes back and tries again longer than a life.
CATASTROPHES = {
    "nested-repetition": r"^(a+)+$",
    "repeated-choice": r"^(a|a)*$",
    "repeated-option": r"^(a?)*$",
    "counted-nest": r"^(a{1,9}){1,9}$",
    "three-stars": r"a*a*a*b",
    "options": "^" + "a?" * 200 + "a" * 200 + "b",
    "choices": "^" + "(a|a)" * 200 + "b",
}


@pytest.mark.parametrize("pattern", CATASTROPHES.values(), ids=CATASTROPHES.keys())
def test_row_65_a_pattern_made_to_take_for_ever_is_answered(pattern: str) -> None:
    text = "a" * 3_000 + "!"

    for name, schema in (
        ("name", {"properties": {"name": {"pattern": pattern}}}),
        (text, {"patternProperties": {pattern: False}}),
    ):
        found = list(violations({name: text}, schema))
        assert [p.path for p in found] == (["/name"] if name == "name" else [])


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^(?=a+)a+$", id="look-ahead"),
        pytest.param(r"^(?<!a)a+$", id="look-behind"),
        pytest.param(r"^(a+)\1$", id="back-reference"),
        pytest.param(r"\ba", id="boundary"),
        pytest.param(r"(?i)a", id="flags"),
        pytest.param(r"(?i:a)", id="flags-of-a-part"),
        pytest.param(r"(?<ime>a)", id="name-of-another-syntax"),
        pytest.param(r"\p{L}", id="class-of-another-syntax"),
        pytest.param("(" * 900 + ")" * 900, id="depth"),
        pytest.param("((a{99}){99}){99}", id="written-out"),
        pytest.param("a" * 2_001, id="long"),
        pytest.param("(", id="no-pattern"),
        pytest.param("a{9,1}", id="no-count"),
        pytest.param("[z-a]", id="no-range"),
        pytest.param(7, id="number"),
    ],
)
def test_row_65_a_pattern_that_is_not_read_decides_nothing(pattern: Any) -> None:
    with pytest.raises(NotDecidable):
        list(violations("a" * 30, {"pattern": pattern, "type": "string"}))


def test_row_65_the_patterns_of_a_schema_have_one_allowance_together() -> None:
    schema = {"items": {"pattern": "^a{1000}$"}}

    assert list(violations(["a" * 1_000] * 4, schema)) == []
    with pytest.raises(NotDecidable, match="too much work"):
        list(violations(["a" * 1_000] * 6, schema))


class _NoMatcher:
    """In the place of Python's own matcher, which a pattern can keep busy for ever."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"re.{name} was asked")


PATTERNED: dict[str, Any] = {
    "patternProperties": {"^(x+x+)+y": {}},
    "properties": {"a": {}},
}


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ({"additionalProperties": False}, [""]),
        ({"additionalProperties": {"type": "string"}}, ["/xxb"]),
        ({"additionalProperties": True}, []),
    ],
)
def test_row_65_no_rule_asks_the_matcher_of_python(
    rule: dict[str, Any], broken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsonschema._utils.re", _NoMatcher())
    monkeypatch.setattr("jsonschema._keywords.re", _NoMatcher())
    schema = PATTERNED | rule

    assert not list(violations({"xxxy": 5, "a": 5}, schema))
    found = list(violations({"xxxy": 5, "xxb": 5, "a": 5}, schema))
    assert [problem.path for problem in found] == broken


def test_row_65_what_patterns_leave_over_is_not_decided(tmp_path: Path) -> None:
    """The package asks Python's matcher there; also where they lie apart."""
    rest: dict[str, Any] = {"unevaluatedProperties": False}
    assert list(violations({"xxb": 5}, rest))
    with pytest.raises(NotDecidable):
        list(violations({"xxb": 5}, PATTERNED | rest))
    apart, documents = {"$ref": URL, **rest}, pinned(PATTERNED, tmp_path)
    with pytest.raises(NotDecidable):
        list(violations({"xxb": 5}, apart, documents=documents))


@given(st.lists(JSON, max_size=4))
def test_row_65_what_is_unique_is_not_compared_each_with_each(items: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jsonschema._keywords.uniq", None)
        ours = list(violations([*items, 1, True, "1"], {"uniqueItems": True}))
    theirs = jsonschema.Draft202012Validator({"uniqueItems": True})
    assert bool(ours) is not theirs.is_valid([*items, 1, True, "1"])


def test_row_65_one_is_the_same_as_one_point_nought() -> None:
    assert list(violations([1, 1.0], {"uniqueItems": True}))
    assert not list(violations([1, True], {"uniqueItems": True}))
    assert not list(violations([1, 1], {"uniqueItems": False}))


def test_row_65_a_schema_named_ten_times_is_worth_the_work_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def counted(instance: Any, schema: Any, **_: Any) -> Any:
        asked.append(schema)
        return violations(instance, schema)

    monkeypatch.setattr(resources, "violations", counted)
    entry = {"id": URL, "type": "JsonSchema"}
    view = {**badge(), "credentialSchema": [{**entry, "n": n} for n in range(10)]}
    documents = pinned({"required": ["nikoli"]}, tmp_path)

    found = list(resources.schema_problems(view, documents))
    assert [problem.code for problem in found] == ["schema.violation"]
    assert len(asked) == 1


ALPHABET = st.text(alphabet="ab1_ č\n", max_size=8)
PATTERNS = st.recursive(
    st.sampled_from(
        ["a", "b", "1", ".", r"\d", r"\w", r"\s", "[ab]", "[^a]", "[a-z1]", "^", "$"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, st.sampled_from("*+?")).map(lambda p: f"(?:{p[0]}){p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        inner.map(lambda p: f"({p}){{1,2}}"),
    ),
    max_leaves=6,
)  # fmt: skip


@given(pattern=PATTERNS, text=ALPHABET)
def test_patterns_match_as_those_of_python_do(pattern: str, text: str) -> None:
    """But for what ECMA-262 has otherwise: ASCII classes, and $ as the very end."""
    same = re.sub(r"\$", r"\\Z", pattern)

    assert Machine.of(pattern).finds(text) is bool(re.search(same, text, re.ASCII))


@pytest.mark.parametrize(
    ("pattern", "text", "holds"),
    [
        ("^[a-z]{2,4}(-[A-Z][a-z]{3})?$", "sr-Cyrl", True),
        ("^[a-z]{2,4}(-[A-Z][a-z]{3})?$", "sr-cyrl", False),
        (r"^https:\/\/a(-3\.\d\.\d)*\.json$", "https://a-3.0.3.json", True),
        ("(ext:)[a-z|A-Z|0-9|.|-|_]+", "ext:ime", True),
        ("(ext:)[a-z|A-Z|0-9|.|-|_]+", "ime", False),
        ("čeb", "čebelar", True),
        ("^a$", "a\n", False),
    ],
)  # fmt: skip
def test_patterns_of_honest_schemas_are_tried(
    pattern: str, text: str, holds: bool
) -> None:
    assert (list(violations(text, {"pattern": pattern})) == []) is holds


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"$ref": "https://shema.example/1"}, id="remote"),
        pytest.param({"$ref": "file:///etc/passwd"}, id="a-file"),
        pytest.param({"$ref": "#/$defs/absent"}, id="absent"),
        pytest.param({"$ref": "#"}, id="itself"),
        pytest.param(
            {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
             "$ref": "#/$defs/a"},
            id="in-a-circle",
        ),
        pytest.param({"$dynamicRef": "https://shema.example/1"}, id="dynamic"),
        pytest.param({"type": "čebelar"}, id="no-schema"),
        pytest.param({"properties": []}, id="another-shape"),
        pytest.param([], id="a-list"),
        pytest.param(7, id="a-number"),
    ],
)  # fmt: skip
def test_row_65_a_schema_that_cannot_be_used_decides_nothing(
    tmp_path: Path, schema: Any
) -> None:
    with pytest.raises(NotDecidable):
        list(violations({"name": "x"}, schema))
    if isinstance(schema, dict):
        report = verify(pinned(schema, tmp_path))
        assert codes(report) == ["schema.not-decidable"]
        assert report.outcome is Outcome.PASSED
        assert report.fetched == ()


def test_row_65_a_schema_that_doubles_itself_is_stopped_by_counting() -> None:
    """Each definition asks the next one twice: 2 to the 40th steps."""
    defs: dict[str, Any] = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)
    }
    schema = {"$defs": defs | {"d40": {}}, "$ref": "#/$defs/d0"}

    with pytest.raises(NotDecidable, match="more work"):
        list(violations({}, schema))


def test_only_so_many_violations_are_named() -> None:
    schema = {"items": {"type": "string"}}

    found = list(violations([1] * 1_000, schema))

    assert len(found) == json_schema.MAX_NAMED


def test_without_the_extra_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    with pytest.raises(NotDecidable, match="extra `schema`"):
        list(violations({}, {}))


@given(schema=JSON, instance=JSON)
def test_no_schema_makes_the_reader_stumble(schema: Any, instance: Any) -> None:
    try:
        found = list(violations(instance, schema))
    except NotDecidable:
        return
    assert all(problem.code == "schema.violation" for problem in found)


# --- official schemas ---


def test_the_schema_of_open_badges_is_decided() -> None:
    name = "standards/open-badges-3.0/ob_v3p0_achievementcredential_schema.json"
    schema = json.loads(shared_file(name).read_text())
    sample = json.loads(shared_file("samples/ob30/simple.json").read_text())
    nameless = {k: v for k, v in sample.items() if k != "issuer"}

    assert list(violations(sample, schema)) == []
    assert list(violations(nameless, schema)) != []


@pytest.mark.parametrize("number", [1, 4, 11, 12, 13, 18, 20, 21, 23])
def test_the_schema_of_the_w3c_is_decided(number: int) -> None:
    def of(kind: str) -> Any:
        name = f"schema-verifiable-credential-{kind}.json"
        return json.loads(shared_file(f"standards/w3c-vc/{name}").read_text())

    schema, example = of("verifiable-credential-schema"), of(f"example-{number}")
    turned = {**example, "@context": list(reversed(example["@context"]))}

    assert list(violations(example, schema)) == []
    assert list(violations(turned, schema)) != []


@pytest.mark.parametrize("number", [2, 25, 45])
def test_a_schema_that_points_to_another_needs_that_one_too(
    tmp_path: Path, number: int
) -> None:
    """The W3C's schema of presentations points to that of credentials."""

    def file(kind: str, of: str = "presentation") -> Path:
        return shared_file(f"standards/w3c-vc/schema-verifiable-{of}-{kind}.json")

    schema = json.loads(file("verifiable-presentation-schema").read_text())
    example = json.loads(file(f"example-{number}").read_text())
    other = file("verifiable-credential-schema", "credential").read_bytes()
    (tmp_path / "other.json").write_bytes(other)
    entry = {
        "url": "https://www.w3.org/2022/credentials/v2/verifiable-credential-schema.json",
        "file": "other.json",
        "sha256": hashlib.sha256(other).hexdigest(),
    }
    (tmp_path / "manifest.json").write_text(json.dumps([entry]))
    documents = BUNDLED.with_directory(tmp_path)

    with pytest.raises(NotDecidable):
        list(violations(example, schema))
    assert list(violations(example, schema, documents=documents)) == []
    broken = {**example, "type": 5}
    assert list(violations(broken, schema, documents=documents)) != []
