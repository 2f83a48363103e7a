"""Bad rows: each is told of with its row and column, and costs nobody else anything."""

from __future__ import annotations

import codecs
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from edc_issuer.columns.problems import problem
from edc_issuer.messages import Messages, table
from edc_issuer.sources import Entry, read_entries
from edc_issuer.sources.csv_rows import MAX_ROW
from rows import SET, class_of, entries_of, flat_rows, refusal, save, text_of
from workbook import Broken, Cell, Formula, workbook


def told(entry: Entry) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem.code) for one in entry.problems]


def only_the_second_is_bad(entries: Sequence[Entry], column: str, code: str) -> None:
    """Three awards, of which the one in row 3 has this one fault."""
    assert [entry.row for entry in entries] == [2, 3, 4]
    assert [entry.record is not None for entry in entries] == [True, False, True]
    assert told(entries[1]) == [(3, column, f"row.{code}")]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        pytest.param("date_of_birth", "29. 2. 2007", "date-none", id="29-february"),
        pytest.param("date_of_birth", "31.4.2007", "date-none", id="31-april"),
        pytest.param("date_issued", "20. 11. 25", "date-year", id="two-digit-year"),
        pytest.param("date_issued", "20/11/25", "date-year", id="two-digits-slashes"),
        pytest.param("date_issued", "11/20/2025", "date-month-first", id="month-first"),
        pytest.param("date_issued", "45981", "date-number", id="days-since-1900"),
        pytest.param("date_issued", "jeseni", "date", id="no-date"),
        pytest.param("points", "devetdeset", "number", id="number-in-words"),
        pytest.param("points", "1.500", "thousands", id="thousands-or-fraction"),
        pytest.param("eqf_level", "4,5", "whole", id="half-a-level"),
        pytest.param("credits_indicative", "morda", "flag", id="neither-yes-nor-no"),
        pytest.param("family_name", "=cmd()", "formula", id="formula-in-a-name"),
        pytest.param("points", "#VREDN!", "cell-error", id="error-in-slovenian"),
        pytest.param("points", "#DIV/0!", "cell-error", id="error-of-excel"),
        pytest.param("learner_id", "2,50501E+12", "scientific", id="shortened-number"),
        pytest.param("family_name", "Vzo\0rec", "nul", id="nul-byte"),
        pytest.param("family_name", "Vzo\x1brec", "control", id="escape"),
        pytest.param("family_name", "Å½agar", "garbled", id="mojibake-1252"),
        pytest.param("family_name", "ÄŚuk", "garbled", id="mojibake-1250"),
        pytest.param("family_name", "Vzor\ufffdec", "control", id="lost-letter"),
        pytest.param(
            "issuer_key", "org-si-cs", "organisation-meant", id="organisation-misspelt"
        ),
        pytest.param(
            "issuer_key", "nihče", "organisation-unknown", id="organisation-unheard-of"
        ),
        pytest.param("hours", "16", "programme-differs", id="dragged-down"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    rows = class_of(3, **{column: cell})

    entries = entries_of(tmp_path, text_of(rows))

    only_the_second_is_bad(entries, column, code)


def test_29_february_is_read_in_a_leap_year(tmp_path: Path) -> None:
    rows = class_of(2, date_of_birth="29. 2. 2008")

    entries = entries_of(tmp_path, text_of(rows))

    assert [entry.problems for entry in entries] == [(), ()]


def test_an_unknown_code_comes_with_the_one_that_was_meant(tmp_path: Path) -> None:
    rows = class_of(2, issuer_key="org-si-cs", supervision="supervised_onsite")

    found = entries_of(tmp_path, text_of(rows))[1].problems

    sentences = {one.column: one.problem.message for one in found}
    assert "did you mean org-si-sc?" in sentences["issuer_key"]
    assert "did you mean 'supervised_onsite_id'?" in sentences["supervision"]


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("delivery_mode", "presentia", "presential"),
        ("assessment_type", "quizz", "quiz"),
        ("isced_f", "05211", "0521"),
    ],
)
def test_a_code_of_no_list_is_told_at_its_cell(
    tmp_path: Path, column: str, cell: str, meant: str
) -> None:
    rows = [flat_rows()[1], flat_rows()[0] | {column: cell}, flat_rows()[2]]

    entries = entries_of(tmp_path, text_of(rows))

    assert [entry.record is not None for entry in entries] == [True, False, True]
    assert told(entries[1]) == [(3, column, "unknown-concept")]
    assert f"did you mean {meant!r}?" in entries[1].problems[0].problem.message


def test_an_unknown_programme_comes_with_the_one_that_was_meant(tmp_path: Path) -> None:
    awards = (SET / "awards.csv").read_text("utf-8").splitlines()
    row = awards[1].replace(",S4G-ECO,", ",S4G-EC0,", 1)
    for name in ("programmes", "outcomes", "units"):
        (tmp_path / f"{name}.csv").write_bytes((SET / f"{name}.csv").read_bytes())

    [entry] = entries_of(tmp_path, f"{awards[0]}\n{row}\n", name="awards.csv")

    assert told(entry) == [(2, "programme_code", "row.programme-meant")]
    assert "did you mean S4G-EC" in entry.problems[0].problem.message


def test_a_record_id_is_given_once(tmp_path: Path) -> None:
    rows = class_of(3, record_id="ECO-1")

    entries = entries_of(tmp_path, text_of(rows))

    only_the_second_is_bad(entries, "record_id", "id-twice")
    assert "razred.csv 2" in entries[1].problems[0].problem.message


def test_a_record_id_is_given_once_in_all_files(tmp_path: Path) -> None:
    first = save(tmp_path, text_of(class_of(1)), name="a.csv")
    second = save(tmp_path, text_of(class_of(1)), name="b.csv")

    entries = list(read_entries([first, second]))

    assert told(entries[1]) == [(2, "record_id", "row.id-twice")]
    assert "a.csv 2" in entries[1].problems[0].problem.message


def test_all_faults_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    rows = class_of(2, date_of_birth="nikoli", points="veliko", issuer_key="nihče")

    found = entries_of(tmp_path, text_of(rows))[1].problems

    assert {one.column for one in found} == {"date_of_birth", "points", "issuer_key"}


def test_a_missing_name_is_told_at_its_column(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, text_of(class_of(3, given_name="")))

    assert told(entries[1]) == [(3, "given_name", "missing")]


def test_a_fault_of_the_programme_is_told_at_its_column(tmp_path: Path) -> None:
    rows = [{**row, "learning_setting": "neformalno"} for row in class_of(2)]

    entries = entries_of(tmp_path, text_of(rows))

    assert [told(entry) for entry in entries] == [
        [(row, "learning_setting", "unknown-value")] for row in (2, 3)
    ]


def test_slash_dates_are_day_first(tmp_path: Path) -> None:
    [entry] = entries_of(
        tmp_path, text_of([{**class_of(1)[0], "date_issued": "03/04/2026"}])
    )

    assert entry.record is not None
    assert entry.record.award.date_issued.isoformat() == "2026-04-03"


def test_one_month_first_date_makes_all_slash_dates_of_the_file_doubtful(
    tmp_path: Path,
) -> None:
    rows = class_of(3, date_issued="11/20/2025")
    rows[0]["date_issued"] = "03/04/2026"

    entries = entries_of(tmp_path, text_of(rows))

    assert told(entries[0]) == [(2, "date_issued", "row.date-slash")]
    assert told(entries[1]) == [(3, "date_issued", "row.date-month-first")]
    assert told(entries[2]) == []


def test_month_first_dates_make_those_of_the_programmes_doubtful(
    tmp_path: Path,
) -> None:
    for path in SET.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (SET / "programmes.csv").read_text("utf-8")
    text = text.replace(",2025-02-15,", ",02/03/2025,")
    text = text.replace(",2025-02-01,", ",02/28/2025,")
    (tmp_path / "programmes.csv").write_text(text, "utf-8")

    found = {
        (one.source, one.column, one.problem.code)
        for entry in read_entries(tmp_path)
        for one in entry.problems
        if one.column.endswith(("_on", "_date"))
    }

    assert found == {
        ("programmes.csv", "reviewed_on", "row.date-slash"),
        ("programmes.csv", "adoption_date", "row.date-month-first"),
    }


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        pytest.param("utf-8", b"", id="utf-8"),
        pytest.param("utf-8", codecs.BOM_UTF8, id="utf-8-with-mark"),
        pytest.param("cp1250", b"", id="windows-1250"),
        pytest.param("utf-16-le", codecs.BOM_UTF16_LE, id="unicode-text-of-excel"),
    ],
)
def test_the_same_letters_come_out_of_every_encoding_that_is_read(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    rows = class_of(1)
    rows[0] |= {"given_name": "Žiga", "family_name": "Čuš-Đurić"}

    [entry] = entries_of(tmp_path, mark + text_of(rows).encode(encoding))

    assert entry.record is not None
    assert entry.record.learner.given_name == "Žiga"
    assert entry.record.learner.family_name == "Čuš-Đurić"


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        pytest.param("iso8859-2", "encoding-rival", id="iso-8859-2"),
        pytest.param("cp852", "encoding-rival", id="dos-852"),
        pytest.param("cp1251", "encoding-rival", id="windows-cyrillic"),
        pytest.param("utf-16-le", "encoding-nul", id="utf-16-without-mark"),
    ],
)
def test_letters_that_cannot_be_told_are_refused_and_never_guessed(
    tmp_path: Path, encoding: str, code: str
) -> None:
    name = "Жика Ђорђевић" if encoding == "cp1251" else "Žiga Čuš"
    text = "given_name;family_name\n" + f"{name};Šuštar Žan\n"
    if encoding == "cp1251":
        text = f"given_name;family_name\n{name};Шуштар\n"

    [found] = refusal(save(tmp_path, text, encoding=encoding))

    assert found.problem.code == f"row.{code}"
    assert "CSV UTF-8" in found.problem.message


def test_a_file_cut_inside_a_letter_is_refused(tmp_path: Path) -> None:
    data = codecs.BOM_UTF8 + text_of(class_of(1)).encode() + "Č".encode()[:1]

    [found] = refusal(save(tmp_path, data))

    assert found.problem.code == "row.encoding-broken"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    entries = entries_of(tmp_path, text_of(class_of(2), delimiter))

    assert [entry.problems for entry in entries] == [(), ()]


def test_the_separator_may_be_named_in_a_line_of_its_own(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, "sep=;\r\n" + text_of(class_of(2)))

    assert [entry.row for entry in entries] == [2, 3]
    assert all(entry.record for entry in entries)


# --- headings


def headed(tmp_path: Path, change: Callable[[list[str]], list[str]]) -> Path:
    lines = text_of(class_of(1)).splitlines()
    return save(
        tmp_path, "\n".join([";".join(change(lines[0].split(";"))), *lines[1:]])
    )


def test_an_unknown_heading_comes_with_the_one_that_was_meant(tmp_path: Path) -> None:
    path = headed(
        tmp_path, lambda cells: [c.replace("points", "pionts") for c in cells]
    )

    found = {one.column: one.problem for one in refusal(path)}

    assert found["pionts"].code == "row.header-meant"
    assert "did you mean Points?" in found["pionts"].message


def test_a_heading_may_stand_only_once(tmp_path: Path) -> None:
    path = headed(
        tmp_path, lambda cells: ["Priimek" if c == "given_name" else c for c in cells]
    )

    codes = {one.problem.code for one in refusal(path)}

    assert codes == {"row.header-twice", "row.header-missing"}


def test_merged_headings_leave_columns_without_one(tmp_path: Path) -> None:
    path = headed(tmp_path, lambda cells: [*cells[:7], "", "", *cells[9:]])

    found = [one.problem for one in refusal(path) if one.problem.code.endswith("empty")]

    assert len(found) == 1
    assert "H, I" in found[0].message


def test_one_text_in_one_language_may_stand_only_once(tmp_path: Path) -> None:
    rows = class_of(3)
    for row in rows:
        row["Ocena"] = ""
    rows[1]["Ocena"] = "92 točk od 100"

    entries = entries_of(tmp_path, text_of(rows))

    only_the_second_is_bad(entries, "Ocena", "text-twice")


def test_all_missing_columns_are_named(tmp_path: Path) -> None:
    found = refusal(save(tmp_path, "Ime;Priimek\nAna;Vzorec\n"))

    missing = {str(one.problem.values.get("header")) for one in found}
    assert {"issuer_key", "record_id", "date_issued"} <= missing


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, ";".join(f"x{n}" for n in range(20_000)) + "\n1\n")

    codes = [one.problem.code for one in refusal(path)]

    assert "row.too-many-columns" in codes
    assert len(codes) <= 200


@pytest.mark.parametrize("content", ["", "\n\n", ";;;\n;;;\n"])
def test_a_file_without_headings_is_refused(tmp_path: Path, content: str) -> None:
    [found] = refusal(save(tmp_path, content))

    assert found.problem.code == "row.file-empty"


# --- the shape of rows


def broken(tmp_path: Path, change: Callable[[str], str]) -> list[Entry]:
    """Three awards; the line of the second one is changed as text."""
    lines = text_of(class_of(3)).splitlines()
    lines[2] = change(lines[2])
    return entries_of(tmp_path, "\n".join(lines) + "\n")


def test_a_row_that_is_too_short_is_told(tmp_path: Path) -> None:
    entries = broken(tmp_path, lambda line: line.rpartition(";")[0])

    only_the_second_is_bad(entries, "", "width")


def test_a_row_that_is_too_long_is_told(tmp_path: Path) -> None:
    entries = broken(tmp_path, lambda line: line + ";odveč")

    only_the_second_is_bad(entries, "", "width")


def test_empty_cells_behind_the_headings_do_no_harm(tmp_path: Path) -> None:
    entries = broken(tmp_path, lambda line: line + ";;;")

    assert [entry.problems for entry in entries] == [(), (), ()]


def test_a_quotation_mark_that_never_closes_costs_its_own_row(tmp_path: Path) -> None:
    entries = broken(tmp_path, lambda line: line.replace(";Vzorec;", ';"Vzorec;'))

    assert [entry.record is not None for entry in entries] == [True, False, True]
    assert entries[1].problems[0].problem.code in ("row.unclosed", "row.quotes")
    assert entries[1].problems[0].column == "family_name"


def test_a_cell_that_goes_on_behind_its_quotation_marks_is_told(tmp_path: Path) -> None:
    entries = broken(tmp_path, lambda line: line.replace(";Vzorec;", ';"Vzorec" ml.;'))

    only_the_second_is_bad(entries, "family_name", "quotes")


def test_line_breaks_and_doubled_marks_inside_a_cell_are_read(tmp_path: Path) -> None:
    rows = class_of(3, grade_sl='92 točk,\n"odlično"; zelo dobro')

    entries = entries_of(tmp_path, text_of(rows))

    record = entries[1].record
    assert record is not None
    assert record.award.result is not None
    assert record.award.result.grade is not None
    assert record.award.result.grade["sl"] == '92 točk,\n"odlično"; zelo dobro'
    assert [entry.row for entry in entries] == [2, 3, 4]


@pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])
def test_a_cell_of_ten_megabytes_costs_its_own_row(tmp_path: Path, quote: str) -> None:
    giant = quote + "ž" * 10 * 2**20 + quote

    entries = broken(tmp_path, lambda line: line.replace(";Vzorec;", f";{giant};"))

    only_the_second_is_bad(entries, "family_name", "too-long")


def test_a_giant_cell_of_many_lines_costs_its_own_row(tmp_path: Path) -> None:
    giant = '"' + "Čisto dolg zapis.\n" * (MAX_ROW // 10) + '"'

    entries = broken(tmp_path, lambda line: line.replace(";Vzorec;", f";{giant};"))

    only_the_second_is_bad(entries, "family_name", "too-long")


def test_empty_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    lines = text_of(class_of(2)).splitlines()
    lines[2:2] = ["", ";;;;", "   "]

    entries = entries_of(tmp_path, "\n".join(lines) + "\n")

    assert [entry.row for entry in entries] == [2, 6]
    assert all(entry.record for entry in entries)


@pytest.mark.slow
def test_a_million_empty_rows_are_passed_over(
    tmp_path: Path,
) -> None:
    rows = text_of(class_of(1)).encode() + b";;;;\r\n" * 1_000_000
    path = save(tmp_path, rows)
    del rows

    entries = list(read_entries(path))

    assert [entry.row for entry in entries] == [2]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """At most 100 bytes a row: what is kept of one is the digest of its id."""
    few, many = 100, 900
    peaks = []
    for count in (few, many):
        path = save(tmp_path, text_of(class_of(count)))
        sum(1 for _ in read_entries(path))  # what is made once a process is made
        tracemalloc.start()
        sum(1 for _ in read_entries(path))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] - peaks[0] < 100 * (many - few)


def test_a_fault_beside_the_awards_is_told_once_in_full(tmp_path: Path) -> None:
    save(tmp_path, text_of(class_of(3)))
    text = (SET / "organisations.csv").read_text("utf-8")
    (tmp_path / "organisations.csv").write_text(
        text.replace("Ljubljana,SI,SI041", "Ljubljana,Slovenija,SI041"), "utf-8"
    )

    entries = list(read_entries(tmp_path / "razred.csv"))

    first = [(one.source, one.row, one.column) for one in entries[0].problems]
    assert first == [
        ("razred.csv", 2, "issuer_key"),
        ("organisations.csv", 2, "country"),
    ]
    assert [told(entry) for entry in entries[1:]] == [
        [(row, "issuer_key", "row.beside-faulty")] for row in (3, 4)
    ]


# --- spreadsheets


def sheet_of(
    tmp_path: Path, column: str = "", cell: Cell = None, *, merged: Sequence[str] = ()
) -> Path:
    """The class as a spreadsheet; one cell of the second award is another."""
    save(tmp_path, b"")
    header = list(flat_rows()[0])
    rows = [[row.get(name) or None for name in header] for row in class_of(3)]
    cells: list[list[Cell]] = [list(header)]
    cells.extend(list(row) for row in rows)
    if column:
        cells[2][header.index(column)] = cell
    return workbook(tmp_path / "razred.xlsx", {"Razred": cells}, merged=merged)


def test_a_formula_with_its_value_is_read_as_the_value(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, "given_name", Formula('"Ma"&"ja"', "Maja"))

    record = list(read_entries(path))[1].record

    assert record is not None
    assert record.learner.given_name == "Maja"


def test_a_formula_that_was_never_calculated_is_told(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, "given_name", Formula('"Ma"&"ja"'))

    only_the_second_is_bad(list(read_entries(path)), "given_name", "formula-empty")


def test_an_error_in_a_cell_is_told(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, "points", Broken("#REF!"))

    only_the_second_is_bad(list(read_entries(path)), "points", "cell-error")


def test_merged_headings_of_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    [found] = refusal(sheet_of(tmp_path, merged=["C1:E1"]))

    assert found.problem.code == "row.header-merged"
    assert "C1:E1" in found.problem.message


def test_merged_cells_are_told_in_each_row_they_hide(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, "given_name", None, merged=["H2:H3"])

    entries = list(read_entries(path))

    assert (3, "given_name", "row.merged") in told(entries[1])
    assert entries[0].record is not None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 and nothing", id="cut-off"),
        pytest.param(b"record_id;given_name\n1;Ana\n", id="csv-in-disguise"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    [found] = refusal(save(tmp_path, content, name="razred.xlsx"))

    assert found.problem.code == "row.workbook-damaged"


@pytest.mark.slow
def test_one_cell_at_the_far_corner_reserves_no_memory(tmp_path: Path) -> None:
    last: list[Cell] = [None] * 200
    rows: list[list[Cell]] = [
        ["record_id"],
        *([] for _ in range(999_998)),
        [*last, "x"],
    ]
    path = workbook(tmp_path / "velik.xlsx", {"Razred": rows})

    [found] = refusal(path)

    assert found.problem.code == "row.workbook-too-large"


# --- sentences


def test_every_problem_of_a_row_has_a_sentence_in_both_languages() -> None:
    import re

    import edc_issuer

    source = Path(edc_issuer.__file__).parent
    written = set()
    for folder in ("columns", "sources"):
        for path in (source / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            written |= set(re.findall(r'BadCell\(\s*"([a-z-]+)"', text))
            written |= set(re.findall(r'problem\(\s*"([a-z-]+)"', text))
            written |= set(re.findall(r'unreadable\([\w.]+, "([a-z-]+)"', text))
    keys = {f"problem.row.{code}" for code in written}

    assert len(keys) > 40
    assert keys <= set(table("en"))
    assert keys <= set(table("sl"))


def test_a_problem_is_told_in_slovenian_from_its_code_and_values() -> None:
    found = problem("organisation-meant", value="org-si-cs", meant="org-si-sc")

    sentence = Messages("sl").text(f"problem.{found.code}", **found.values)

    assert sentence.endswith("ste mislili org-si-sc?")
