"""A record is read strictly, whole, and back to the same JSON."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.errors import RecordError
from edc_issuer.record import CredentialRecord, ProgrammeDocument

FIXTURES = Path(__file__).parent.parent / "fixtures"
RECORDS = sorted((FIXTURES / "records").glob("*.json"))
PROGRAMMES = sorted((FIXTURES / "programmes").glob("*.json"))
ECOLOGICAL = FIXTURES / "records" / "scouts4green_ecological.json"

Change = Callable[[dict[str, Any]], object]


def ecological() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(ECOLOGICAL.read_bytes())
    return data


def faults(data: Any) -> Mapping[str, str]:
    """Path → code of everything wrong with a record."""
    with pytest.raises(RecordError) as refused:
        CredentialRecord.from_dict(data)
    return {problem.path: problem.code for problem in refused.value.problems}


def without_absent(value: Any) -> Any:
    """JSON without nulls and empty lists, which both say nothing."""
    if isinstance(value, dict):
        pairs = {name: without_absent(member) for name, member in value.items()}
        return {name: member for name, member in pairs.items() if member != []}
    if isinstance(value, list):
        return [without_absent(item) for item in value]
    return [] if value is None else value


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_fixture_comes_back_as_it_was(path: Path) -> None:
    data = json.loads(path.read_bytes())

    record = CredentialRecord.from_json(path.read_bytes())

    assert without_absent(record.to_dict()) == without_absent(data)
    assert CredentialRecord.from_json(record.to_json()) == record


@pytest.mark.parametrize("path", PROGRAMMES, ids=lambda path: path.stem)
def test_a_programme_alone_comes_back_as_it_was(path: Path) -> None:
    data = json.loads(path.read_bytes())

    document = ProgrammeDocument.from_json(path.read_text(encoding="utf-8"))

    assert without_absent(document.to_dict()) == without_absent(data)
    assert ProgrammeDocument.from_json(document.to_json()) == document


def test_numbers_are_the_decimals_that_were_written() -> None:
    data = ecological()
    data["programme"]["workload"]["hours"] = 7.1
    data["award"]["result"]["points"] = 92

    record = CredentialRecord.from_dict(data)

    assert record.programme.workload is not None
    assert record.programme.workload.hours == Decimal("7.1")
    assert record.award.result is not None
    assert record.award.result.points == Decimal(92)
    written = record.to_dict()
    assert json.dumps(written["programme"]["workload"]["hours"]) == "7.1"
    assert json.dumps(written["award"]["result"]["points"]) == "92"


def test_dates_are_days_and_texts_keep_every_letter() -> None:
    record = CredentialRecord.from_json(
        (FIXTURES / "records" / "mcvet_3d_rs_cyrl.json").read_bytes()
    )

    assert isinstance(record.award.date_awarded, datetime.date)
    assert "3Д" in record.programme.title["sr-Cyrl"]


def test_extensions_are_carried_as_they_are() -> None:
    extensions = {"eŠola": {"razred": [1, None, 0.5, {"empty": {}}]}, "x": []}

    record = CredentialRecord.from_dict({**ecological(), "extensions": extensions})

    assert record.extensions == extensions
    assert record.to_dict()["extensions"] == extensions


def rename_title(data: dict[str, Any]) -> None:
    data["programme"]["titel"] = data["programme"].pop("title")


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        pytest.param(
            lambda d: d["learner"].pop("family_name"),
            "learner.family_name",
            "missing",
            id="required",
        ),
        pytest.param(
            lambda d: d["programme"].pop("workload"),
            "programme.workload",
            "missing",
            id="required-of-an-awarded-programme",
        ),
        pytest.param(
            lambda d: d["learner"].update(given_name=None),
            "learner.given_name",
            "null",
            id="null-for-a-value",
        ),
        pytest.param(
            lambda d: d["learner"].update(email=None),
            "learner.email",
            "null",
            id="null-for-absent",
        ),
        pytest.param(
            lambda d: d.update(awarding_bodies=[]),
            "awarding_bodies",
            "empty",
            id="empty-list",
        ),
        pytest.param(
            lambda d: d["issuer"].update(legal_name={}),
            "issuer.legal_name",
            "empty",
            id="text-in-no-language",
        ),
        pytest.param(
            lambda d: d["programme"]["outcomes"][2]["title"].update(sl=""),
            "programme.outcomes[2].title.sl",
            "empty",
            id="empty-text",
        ),
        pytest.param(
            lambda d: d["programme"]["title"].update(Slovene="x"),
            "programme.title.Slovene",
            "bad-form",
            id="language-tag",
        ),
        pytest.param(
            lambda d: d["issuer"]["address"].update(country="SVN"),
            "issuer.address.country",
            "bad-form",
            id="country",
        ),
        pytest.param(
            lambda d: d["issuer"]["address"].update(country="SI\n"),
            "issuer.address.country",
            "bad-form",
            id="country-and-line-feed",
        ),
        pytest.param(
            lambda d: d["programme"]["credits"][0].update(points="0,5"),
            "programme.credits[0].points",
            "bad-form",
            id="credit-points-with-comma",
        ),
        pytest.param(
            lambda d: d["programme"]["credits"][0].update(points=0.5),
            "programme.credits[0].points",
            "wrong-type",
            id="credit-points-as-number",
        ),
        pytest.param(
            lambda d: d["programme"]["workload"].update(hours="15"),
            "programme.workload.hours",
            "wrong-type",
            id="number-as-text",
        ),
        pytest.param(
            lambda d: d["programme"]["workload"].update(hours=True),
            "programme.workload.hours",
            "wrong-type",
            id="true-for-a-number",
        ),
        pytest.param(
            lambda d: d["programme"]["workload"].update(hours=0),
            "programme.workload.hours",
            "out-of-range",
            id="no-workload-at-all",
        ),
        pytest.param(
            lambda d: d["programme"]["assessment"].update(max_points=1e300),
            "programme.assessment.max_points",
            "out-of-range",
            id="number-beyond-all-sense",
        ),
        pytest.param(
            lambda d: d["programme"].update(free_of_charge="true"),
            "programme.free_of_charge",
            "wrong-type",
            id="truth-as-text",
        ),
        pytest.param(
            lambda d: d["programme"]["sdg"].append(18),
            "programme.sdg[5]",
            "out-of-range",
            id="eighteenth-goal",
        ),
        pytest.param(
            lambda d: d["award"].update(date_awarded="20. 11. 2025"),
            "award.date_awarded",
            "bad-date",
            id="date-in-local-form",
        ),
        pytest.param(
            lambda d: d["award"].update(date_awarded="2025-11-20T00:00:00Z"),
            "award.date_awarded",
            "bad-date",
            id="date-with-time",
        ),
        pytest.param(
            lambda d: d["award"].update(date_awarded="2025-02-29"),
            "award.date_awarded",
            "bad-date",
            id="day-that-never-was",
        ),
        pytest.param(
            lambda d: d["award"].update(date_awarded=20251120),
            "award.date_awarded",
            "bad-date",
            id="date-as-number",
        ),
        pytest.param(
            lambda d: d["award"].update(valid_until="2025-11-19"),
            "award.valid_until",
            "never-valid",
            id="ends-before-it-begins",
        ),
        pytest.param(
            lambda d: d.update(credential_id="S4G-ECO-2025-0417"),
            "credential_id",
            "bad-uri",
            id="credential-id-without-scheme",
        ),
        pytest.param(
            lambda d: d.update(primary_language="de"),
            "primary_language",
            "language-not-listed",
            id="primary-language-not-listed",
        ),
        pytest.param(
            lambda d: d["languages"].append("sl"),
            "languages",
            "duplicate",
            id="language-twice",
        ),
        pytest.param(
            lambda d: d["programme"]["outcomes"][1]["title"].pop("sl"),
            "programme.outcomes[1].title",
            "text-missing",
            id="outcome-untitled-in-the-primary-language",
        ),
        pytest.param(
            lambda d: d["programme"]["outcomes"].append(3),
            "programme.outcomes[3]",
            "wrong-type",
            id="outcome-that-is-no-object",
        ),
        pytest.param(
            lambda d: d.update(source_note="x"),
            "source_note",
            "unknown-key",
            id="field-name-of-python-in-json",
        ),
    ],
)
def test_a_single_fault_is_found_at_its_path(
    change: Change, path: str, code: str
) -> None:
    data = ecological()
    change(data)

    assert faults(data) == {path: code}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(
            rename_title,
            "programme.titel: is not a field of the record; did you mean 'title'?",
            id="misspelt-field",
        ),
        pytest.param(
            lambda d: d["programme"]["outcomes"][0].update(type="skil"),
            "programme.outcomes[0].type: has to be 'knowledge', 'skill' or "
            "'competence'; did you mean 'skill'?",
            id="misspelt-value",
        ),
        pytest.param(
            lambda d: d["issuer"]["accreditations"].append({"typ": "x"}),
            "issuer.accreditations[0].typ: is not a field of the record; did you "
            "mean 'type'?",
            id="misspelt-in-a-list",
        ),
        pytest.param(
            lambda d: d.update(_sorce="x"),
            "_sorce: is not a field of the record; did you mean '_source'?",
            id="misspelt-member-that-python-names-otherwise",
        ),
    ],
)
def test_what_was_meant_is_suggested(change: Change, sentence: str) -> None:
    data = ecological()
    change(data)

    with pytest.raises(RecordError) as refused:
        CredentialRecord.from_dict(data)

    assert sentence in str(refused.value).splitlines()


def test_every_fault_is_listed_at_once() -> None:
    data = ecological()
    rename_title(data)
    data["award"]["valid_from"] = "tomorrow"
    data["learner"]["nickname"] = "x"

    assert faults(data) == {
        "programme.title": "missing",
        "programme.titel": "unknown-key",
        "award.valid_from": "bad-date",
        "learner.nickname": "unknown-key",
    }


def test_complaints_never_repeat_what_the_record_says_of_the_learner() -> None:
    secret = "Skrivna Oseba"
    data = ecological()
    data["learner"] = {
        "given_name": [secret],
        "family_name": {secret: secret},
        "date_of_birth": secret,
        "address": {"country": secret},
        "national_id": secret,
    }

    with pytest.raises(RecordError) as refused:
        CredentialRecord.from_dict(data)

    assert len(refused.value.problems) == 5
    assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"{", "json.syntax", id="cut-short"),
        pytest.param(b"", "json.syntax", id="nothing"),
        pytest.param(b"\xff\xfe{}", "json.encoding", id="another-encoding"),
        pytest.param(b'{"a":1,"a":2}', "json.duplicate", id="member-twice"),
        pytest.param(b'{"a":NaN}', "json.number", id="not-a-number"),
        pytest.param(b"[" * 200 + b"]" * 200, "json.depth", id="too-deep"),
        pytest.param('"\ud800"', "json.surrogate", id="half-a-character"),
        pytest.param(b"[]", "wrong-type", id="list"),
        pytest.param(b"null", "wrong-type", id="null"),
    ],
)
def test_a_text_that_holds_no_record_is_one_fault(data: bytes | str, code: str) -> None:
    with pytest.raises(RecordError) as refused:
        CredentialRecord.from_json(data)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_programme_is_not_taken_for_a_record_nor_a_record_for_a_programme() -> None:
    programme = PROGRAMMES[0].read_bytes()

    with pytest.raises(RecordError, match="a programme without an award") as refused:
        CredentialRecord.from_json(programme)
    assert len(refused.value.problems) == 1
    with pytest.raises(RecordError, match="the record of an award"):
        ProgrammeDocument.from_json(ECOLOGICAL.read_bytes())


def test_a_hostile_record_gets_a_bounded_and_printable_answer() -> None:
    data = ecological()
    data.update({f"unknown{number}": number for number in range(5000)})
    data["\x1b[2J" + "x" * 100_000] = 1

    with pytest.raises(RecordError) as refused:
        CredentialRecord.from_dict(data)

    assert len(refused.value.problems) == 501
    assert "4501 more" in refused.value.problems[-1].message
    assert all(len(problem.path) < 100 for problem in refused.value.problems)
    assert str(refused.value).replace("\n", "").isprintable()


def test_organisations_nested_without_end_are_refused() -> None:
    data = ecological()
    nested = data["issuer"]
    for _ in range(5000):
        body = {**data["issuer"], "accreditations": []}
        accreditation = {
            "type": "programme_license",
            "title": {"sl": "x"},
            "body": body,
        }
        nested["accreditations"] = [accreditation]
        nested = body

    assert set(faults(data).values()) == {"too-deep"}


def test_reading_is_the_only_thing_that_needs_pydantic() -> None:
    program = (
        "import sys, edc_issuer.record as r;"
        "assert 'pydantic' not in sys.modules;"
        f"r.CredentialRecord.from_json(open({str(ECOLOGICAL)!r}, 'rb').read());"
        "assert 'pydantic' in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == 0
