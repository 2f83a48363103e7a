"""What comes out of files: every record of the pack, rebuilt from its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from edc_issuer.record import CredentialRecord
from edc_issuer.sources import Entry, read_entries

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
SET = FIXTURES / "csv"
FLAT = SET / "awards_flat_excel_cp1250.csv"


def written(name: str) -> CredentialRecord:
    """A record of the fixtures; notes on its source stand in no spreadsheet."""
    record = CredentialRecord.from_json(
        (FIXTURES / "records" / f"{name}.json").read_bytes()
    )
    return replace(record, source_note=None)


RECORDS = sorted(path.stem for path in (FIXTURES / "records").glob("*.json"))


@pytest.fixture(scope="module")
def rebuilt() -> dict[str, Entry]:
    return {
        entry.record.record_id if entry.record else str(entry): entry
        for entry in read_entries(SET)
    }


def test_the_set_holds_as_many_awards_as_there_are_records(
    rebuilt: dict[str, Entry],
) -> None:
    assert len(rebuilt) == len(RECORDS) == 15


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_rebuilt_exactly_from_the_normalised_set(
    rebuilt: dict[str, Entry], name: str
) -> None:
    record = written(name)

    assert rebuilt[record.record_id].record == record


def test_programmes_and_organisations_are_shared_between_records(
    rebuilt: dict[str, Entry],
) -> None:
    first, second = (
        rebuilt[name].record for name in ("HR-MK-3D-001", "HR-MK-3D-RPL-002")
    )

    assert first is not None
    assert second is not None
    assert first.programme is second.programme
    assert first.issuer is second.issuer


def test_a_flat_sheet_of_excel_in_windows_1250_is_read() -> None:
    entries = list(read_entries(FLAT))

    assert [entry.problems for entry in entries] == [()] * 4
    assert [entry.row for entry in entries] == [2, 3, 4, 5]
    first = entries[0].record
    assert first is not None
    assert first.learner.date_of_birth == date(2007, 3, 14)
    assert first.award.date_awarded == date(2025, 11, 20)
    assert first.award.valid_from == date(2025, 11, 20)
    assert first.programme.credits[0].points == "0.5"
    assert first.programme.workload is not None
    assert first.programme.workload.hours == Decimal(15)
    assert first.programme.isced_f == ("0521",)
    assert len(first.programme.outcomes) == 3
    assert first.programme.outcomes[0].title["sl"].startswith("Pojasni osnovna načela")
    assert first.issuer == written("scouts4green_ecological").issuer
    assert first.award.result is not None
    assert first.award.result.grade == {"sl": "92 točk", "en": "92 points"}


def test_an_award_without_a_level_says_why() -> None:
    record = list(read_entries(FLAT))[3].record

    assert record is not None
    assert record.programme.level is None
    assert record.programme.level_absent_reason is not None
    assert record.programme.level_absent_reason["sl"].startswith("Umeščanje")
