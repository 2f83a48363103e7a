"""Transcripts of EMREX: what they say becomes records, what they lack is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.record import CredentialRecord
from edc_issuer.sources import Entry, UnreadableRows, read_entries
from edc_issuer.sources.elmo_nodes import MAX_NODES
from edc_issuer.sources.xml_events import MAX_DEPTH
from rows import SET

COURSE = """
<learningOpportunitySpecification>
  <identifier type="local">{code}</identifier>
  <title xml:lang="sl">Uvod v 3D-tiskanje</title>
  <title xml:lang="en">Introduction to 3D printing</title>
  <type>Course</type><iscedCode>0714</iscedCode>
  <specifies><learningOpportunityInstance>
    <identifier type="local">{own}</identifier>
    <start>2025-03-03</start><date>2025-06-10</date><status>{status}</status>
    <resultLabel>88 točk</resultLabel>
    <credit><scheme>ects</scheme><value>2,5</value></credit>
    <level><type>EQF</type><value>4</value></level>
    <languageOfInstruction>sl</languageOfInstruction>
    <engagementHours>40</engagementHours>
  </learningOpportunityInstance></specifies>
</learningOpportunitySpecification>"""
ELMO = """<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
<learner><citizenship>SI</citizenship>
  <identifier type="local">2025-0417</identifier>
  <givenNames>Žiga Đuro</givenNames><familyName>Čuš Šević</familyName>
  <bday>2007-03-14</bday></learner>
<report><issuer><country>SI</country>
  <identifier type="pic">999572294</identifier>
  <title xml:lang="sl">Srednja strokovna šola Zgled</title>
  <url>https://sc-zgled.example/</url></issuer>
{courses}
<issueDate>2025-06-12T07:00:00+02:00</issueDate></report></elmo>"""


def course(code: str = "MCVET-3D-SI", own: str = "7", status: str = "passed") -> str:
    return COURSE.format(code=code, own=own, status=status)


def read(folder: Path, *courses: str, beside: Path = SET) -> list[Entry]:
    path = folder / "prepis.xml"
    path.write_text(ELMO.format(courses="".join(courses)), "utf-8")
    return list(read_entries(path, files=beside))


def only(folder: Path, *courses: str) -> CredentialRecord:
    [entry] = read(folder, *courses)
    assert entry.problems == ()
    assert entry.record is not None
    return entry.record


def codes(entry: Entry) -> list[str]:
    return [one.problem.code for one in entry.problems]


def test_a_result_becomes_a_record_with_the_programme_beside_it(tmp_path: Path) -> None:
    record = only(tmp_path, course())

    assert record.learner.given_name == "Žiga Đuro"
    assert record.learner.family_name == "Čuš Šević"
    assert record.learner.date_of_birth == date(2007, 3, 14)
    assert record.learner.internal_id == "2025-0417"
    assert record.issuer.legal_name == {"sl": "Srednja strokovna šola Zgled"}
    assert record.issuer.registration is not None
    assert record.issuer.registration.scheme == "PIC"
    assert record.award.date_awarded == date(2025, 6, 10)
    assert record.award.date_issued == date(2025, 6, 12)
    assert record.award.result is not None
    assert record.award.result.status == "pass"
    assert record.award.result.grade == {"sl": "88 točk"}
    assert record.award.activity is not None
    assert record.award.activity.start == date(2025, 3, 3)
    assert record.programme.code == "MCVET-3D-SI"
    assert len(record.programme.outcomes) == 3
    assert record.languages == ("sl", "en")


def test_what_a_record_has_no_field_for_is_kept_aside(tmp_path: Path) -> None:
    record = only(tmp_path, course())

    assert record.extensions is not None
    assert record.extensions["elmo"]["citizenship"] == "SI"
    assert record.extensions["elmo"]["type"] == "Course"


def test_the_same_result_has_the_same_id_in_every_file(tmp_path: Path) -> None:
    first = only(tmp_path, course())
    [_, second] = read(tmp_path, course(own="8"), course())

    assert second.record is not None
    assert second.record.record_id == first.record_id
    assert "0417" not in first.record_id


def test_outcomes_are_never_invented(tmp_path: Path) -> None:
    [entry] = read(tmp_path, course(), beside=tmp_path)

    assert entry.record is None
    assert [one.problem.path for one in entry.problems] == ["programme.outcomes"]


def test_a_failed_result_is_a_record_that_says_so(tmp_path: Path) -> None:
    record = only(tmp_path, course(status="failed"))

    assert record.award.result is not None
    assert record.award.result.status == "fail"


def test_learning_that_goes_on_is_no_award(tmp_path: Path) -> None:
    [going, done] = read(tmp_path, course(status="in-progress"), course(own="8"))

    assert codes(going) == ["row.elmo-in-progress"]
    assert done.record is not None


def test_the_same_result_twice_in_a_file_is_told(tmp_path: Path) -> None:
    [first, second] = read(tmp_path, course(), course())

    assert first.record is not None
    assert codes(second) == ["row.id-twice"]


def test_parts_of_a_programme_are_results_of_their_own(tmp_path: Path) -> None:
    whole = course(own="1").replace(
        "</learningOpportunitySpecification>",
        f"<hasPart>{course(own='2')}</hasPart></learningOpportunitySpecification>",
    )

    entries = read(tmp_path, whole)

    assert [entry.row for entry in entries] == [1, 2]
    assert all(entry.record for entry in entries)


def test_titles_without_a_language_need_one_to_be_named(tmp_path: Path) -> None:
    plain = course().replace(' xml:lang="sl"', "").replace(' xml:lang="en"', "")
    [entry] = read(tmp_path, plain)
    path = tmp_path / "prepis.xml"

    [named] = read_entries(path, files=SET, language="sl")

    assert codes(entry) == ["row.elmo-language"]
    assert named.record is not None
    assert named.record.primary_language == "sl"


def test_the_sample_of_emrex_gives_one_entry_a_result() -> None:
    entries = list(read_entries(shared_file("standards/elmo/example.xml")))

    assert len(entries) == 6
    assert all(entry.record is None and entry.problems for entry in entries)
    assert codes(entries[5]) == ["row.elmo-language"]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("Uvod v 3D-tiskanje", "Uvod v varjenje", "title_sl"),
        ("Introduction to 3D printing", "Introduction to welding", "title_en"),
        (
            "<scheme>ects</scheme><value>2,5<",
            "<scheme>kt_si</scheme><value>9<",
            "credit_points",
        ),
    ],
)
def test_a_transcript_that_contradicts_the_programme_is_told(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    changed = course().replace(old, new)
    assert changed != course()

    [entry] = read(tmp_path, changed)

    assert entry.record is None
    assert codes(entry) == ["row.elmo-differs"]
    assert entry.problems[0].problem.values["column"] == column


def test_a_level_that_contradicts_the_programme_is_told(tmp_path: Path) -> None:
    titles = ("Uvod v 3D-tiskanje", "Introduction to 3D printing")
    hnk = ("Mikroprogram: 3D-tiskanje", "Micro-programme: 3D printing")
    same = course("HNK-MP-3D").replace("<value>2,5<", "<value>2,0<")
    for old, new in zip(titles, hnk, strict=True):
        same = same.replace(old, new)

    [good] = read(tmp_path, same)
    [bad] = read(tmp_path, same.replace("<value>4<", "<value>5<"))

    assert "row.elmo-differs" not in codes(good)
    assert codes(bad) == ["row.elmo-differs"]
    assert bad.problems[0].problem.values["column"] == "eqf_level"


def test_what_the_programme_leaves_unsaid_is_kept_aside(tmp_path: Path) -> None:
    record = only(tmp_path, course())

    assert record.extensions is not None
    assert record.extensions["elmo"]["credit"] == "2.5 ECTS"
    assert record.extensions["elmo"]["level"] == "EQF 4"


def test_a_local_code_of_another_school_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "prepis.xml"
    text = ELMO.format(courses=course()).replace("šola Zgled", "šola Drugje")
    path.write_text(text, "utf-8")

    [entry] = read_entries(path, files=SET)

    assert entry.record is None
    assert codes(entry) == ["row.elmo-issuer"]


LAUGHS = (
    '<!DOCTYPE elmo [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><elmo><learner>'
    "<givenNames>&b;</givenNames></learner></elmo>"
)
ELSEWHERE = '<!DOCTYPE elmo SYSTEM "http://example.org/x.dtd"><elmo><learner/></elmo>'
INSIDE = (
    '<!DOCTYPE elmo [<!ENTITY x SYSTEM "file:///etc/passwd">]><elmo><learner>'
    "<givenNames>&x;</givenNames></learner></elmo>"
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(LAUGHS, "elmo-damaged", id="entities-that-multiply"),
        pytest.param(ELSEWHERE, "elmo-damaged", id="document-type-elsewhere"),
        pytest.param(INSIDE, "elmo-damaged", id="a-file-of-this-computer"),
        pytest.param("<elmo><learner>", "elmo-damaged", id="cut-off"),
        pytest.param("", "elmo-damaged", id="empty"),
        pytest.param("<elmo/>", "elmo-other", id="nobody"),
        pytest.param("<html><learner/></html>", "elmo-other", id="something-else"),
        pytest.param(
            "<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1),
            "elmo-damaged",
            id="too-deep",
        ),
        pytest.param(
            "<elmo>" + "<x/>" * (MAX_NODES + 1) + "</elmo>",
            "elmo-damaged",
            id="too-many",
        ),
    ],
)
def test_what_no_honest_transcript_is_is_refused(
    tmp_path: Path, content: str, code: str
) -> None:
    path = tmp_path / "prepis.elmo"
    path.write_text(content, "utf-8")

    with pytest.raises(UnreadableRows) as refused:
        list(read_entries(path))

    assert [one.problem.code for one in refused.value.places] == [f"row.{code}"]
