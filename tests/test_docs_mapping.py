"""The page of the mapping is what the models report, for every field there is."""

from __future__ import annotations

from conftest import ROOT
from edc_issuer.models.mapping import NO_RULE, present_paths
from edc_issuer.record import CredentialRecord
from tool_loader import tool

PAGE = tool("mapping_page")
RECORDS = sorted((ROOT / "fixtures" / "records").glob("[!n]*.json"))


def test_the_page_says_what_the_models_report() -> None:
    assert (ROOT / "docs" / "mapping.md").read_text("utf-8") == PAGE.page()


def test_every_field_of_every_record_has_an_answer_from_both_models() -> None:
    edc, badge = PAGE.tables()

    for path in RECORDS:
        record = CredentialRecord.from_json(path.read_bytes())
        assert {*present_paths(record)} <= edc.keys() & badge.keys()


def test_no_field_of_the_record_is_without_a_rule() -> None:
    answers = [
        (path, answer.why)
        for table in PAGE.tables()
        for path, found in table.items()
        for answer in found
    ]

    assert [path for path, why in answers if why == NO_RULE] == []


def test_the_page_of_languages_counts_the_texts_that_there_are() -> None:
    written = (ROOT / "docs" / "languages.md").read_text("utf-8")

    assert written == tool("languages_page").page()
