"""Rows that cost more than they say, and letters that are not what they look like."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from edc_issuer.columns.headers import MAX_COLUMNS
from edc_issuer.columns.problems import BadCell
from edc_issuer.columns.values import code, decimal, flag, number, text
from edc_issuer.errors import RecordError
from edc_issuer.record import CredentialRecord
from edc_issuer.sources import UnreadableRows, read_entries, workbook_scan
from edc_issuer.sources.seen import distinct
from edc_issuer.sources.workbooks import _Covered, open_workbook
from rows import SET, class_of, refusal, save, text_of
from workbook import Cell, Raw, workbook
from world import record_dict

SHARED: list[Cell] = [Raw('<c t="s"><v>0</v></c>')]


def refused(path: Path) -> str:
    """The code with which a file as a whole is refused."""
    with pytest.raises(UnreadableRows) as caught:
        list(read_entries(path))
    return caught.value.places[0].problem.code


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="XFD1048576" t="str"><v></v></c>', id="text"),
        pytest.param('<c r="XFD1048576" t="str"><v/></c>', id="text-short"),
        pytest.param(
            '<c r="XFD1048576" t="inlineStr"><is><t></t></is></c>', id="inline"
        ),
        pytest.param('<c r="XFD1048576" t="inlineStr"><is/></c>', id="inline-short"),
        pytest.param('<c r="XFD1048576" t="d"><v/></c>', id="day"),
    ],
)
def test_an_empty_text_at_the_far_corner_reserves_no_memory(
    tmp_path: Path, cell: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"a": [["Ime"], [Raw("CORNER")]]})
    replaced(path, "xl/worksheets/sheet1.xml", "CORNER", cell)

    assert refused(path) == "row.workbook-too-large"


def replaced(path: Path, part: str, old: str, new: str) -> None:
    """The same workbook with other words in one part."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)


def test_empty_cells_with_a_border_cost_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"a": [["Ime"], ["Žiga"], [Raw("FAR")]]})
    replaced(path, "xl/worksheets/sheet1.xml", "FAR", '<c r="XFD1048576" s="1"/>')

    [sheet] = open_workbook(path).values()

    assert [list(row.cells) for row in sheet.rows()] == [["Žiga"]]


def test_a_text_that_many_cells_share_counts_for_each_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_scan, "MAX_TEXT", 1_000)
    rows: list[list[Cell]] = [["Ime"], *(SHARED for _ in range(9))]

    few = workbook(tmp_path / "few.xlsx", {"a": rows}, shared=["č" * 100])
    many = workbook(tmp_path / "many.xlsx", {"a": [*rows, SHARED]}, shared=["č" * 100])

    [sheet] = open_workbook(few).values()
    assert [row.cells for row in sheet.rows()] == [["č" * 100]] * 9
    assert refused(many) == "row.workbook-unfolds"


def test_ten_kilobytes_that_unfold_to_gigabytes_are_refused(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Ime"], *(SHARED for _ in range(600))]
    path = workbook(tmp_path / "a.xlsx", {"a": rows}, shared=["a" * 5_000_000])

    assert path.stat().st_size < 20_000
    assert refused(path) == "row.workbook-unfolds"


def test_shared_texts_are_limited_even_where_no_cell_shows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"a": [["Ime"]]}, shared=["a" * 1_000] * 3)
    assert open_workbook(path)

    monkeypatch.setattr(workbook_scan, "MAX_TEXT", 2_900)
    assert refused(path) == "row.workbook-unfolds"
    monkeypatch.setattr(workbook_scan, "MAX_TEXT", 1 << 20)
    monkeypatch.setattr(workbook_scan, "MAX_SHARED", 2)
    assert refused(path) == "row.workbook-unfolds"


def test_parts_without_cells_are_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"a": [["Ime"]]})
    replaced(path, "xl/styles.xml", "<font/>", "<font/>" + " " * 9_000)
    assert open_workbook(path)

    monkeypatch.setattr(workbook_scan, "MAX_OTHER", 9_000)
    assert refused(path) == "row.workbook-damaged"


def test_all_sheets_share_what_may_be_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["Ime"]] * 10
    path = workbook(tmp_path / "a.xlsx", {"a": rows, "b": rows})
    assert len(open_workbook(path)) == 2

    monkeypatch.setattr(workbook_scan, "MAX_CELLS", 19)
    assert refused(path) == "row.workbook-too-large"


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"a": [["Ime"]]})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("XL/Styles.xml", "<styleSheet/>")

    assert refused(path) == "row.workbook-damaged"


UNSEEN = ["\x1b", "\x85", "\x9b", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff"]


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_no_cell_holds_a_sign_that_nobody_sees(sign: str) -> None:
    with pytest.raises(BadCell) as caught:
        code(f"An{sign}a")

    assert caught.value.code == "control"


def test_signs_that_are_seen_stay() -> None:
    seen = "Ана Đorđević–Šuštar\u00a0d. o. o. „Zgled“\nvrstica\t2"

    assert code(seen) == seen


def test_a_programme_code_with_such_a_sign_is_not_called_empty(tmp_path: Path) -> None:
    for path in SET.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "awards.csv").read_text("utf-8-sig")
    marked = text.replace("S4G-ECO,", "S4G-\u200bECO,", 1)
    assert marked != text
    (tmp_path / "awards.csv").write_text(marked, "utf-8")

    bad = [entry for entry in read_entries(tmp_path) if entry.record is None]

    codes = [[one.problem.code for one in entry.problems] for entry in bad]
    assert codes == [["row.control"]]


@pytest.mark.parametrize("sign", [*UNSEEN, "\n", "\r", "\t", "\u2028"], ids=ascii)
@pytest.mark.parametrize("name", ["given_name", "family_name"])
def test_no_name_of_a_record_holds_a_sign_that_nobody_sees(
    name: str, sign: str
) -> None:
    data = record_dict()
    data["learner"][name] = f"Žig{sign}a"

    with pytest.raises(RecordError) as caught:
        CredentialRecord.from_dict(data)

    [fault] = caught.value.problems
    assert (fault.path, fault.code) == (f"learner.{name}", "unseen-sign")


def test_names_in_every_script_of_the_region_are_taken() -> None:
    data = record_dict()
    data["learner"] |= {"given_name": "Љубица-Ђурђа", "family_name": "d’Angelo\u00a0II"}

    assert CredentialRecord.from_dict(data).learner.given_name == "Љубица-Ђурђа"


def one_with(given: str, family: str) -> str:
    """One row whose only letters beyond ASCII are those of the names."""
    [row] = class_of(1)
    plain = {key: cell.encode("ascii", "ignore").decode() for key, cell in row.items()}
    return text_of([plain | {"given_name": given, "family_name": family}])


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Špela", "Žižek"),
        ("Aleš", "Novak"),
        ("Živa", "Novak"),
        ("Aleš", "Köhler"),
        ("Čedo", "Mlakar"),
    ],
)
def test_what_a_mac_saved_is_never_read_as_windows(
    tmp_path: Path, given: str, family: str
) -> None:
    [place] = refusal(save(tmp_path, one_with(given, family), encoding="mac-latin2"))

    assert place.problem.code == "row.encoding-rival"


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Špela", "Žižek"),
        ("Aleš", "Novak"),
        ("Jörg", "Müller-Čuš"),
        ("Gyöngyi", "Kőszegi Žagar"),
        ("Đorđe", "Nikšić"),
    ],
)
def test_windows_1250_is_read_where_its_own_letters_prove_it(
    tmp_path: Path, given: str, family: str
) -> None:
    [entry] = read_entries(save(tmp_path, one_with(given, family), encoding="cp1250"))

    assert entry.record is not None
    learner = entry.record.learner
    assert (learner.given_name, learner.family_name) == (given, family)


@pytest.mark.parametrize("letter", "ěťşăľą‰‹")
def test_letters_from_far_away_prove_no_encoding(tmp_path: Path, letter: str) -> None:
    rows = class_of(1)
    rows[0]["family_name"] = f"Čuš{letter}k"

    [place] = refusal(save(tmp_path, text_of(rows), encoding="cp1250"))

    assert place.problem.code in ("row.encoding", "row.encoding-rival")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("S4G-ECO-1", "s4g-eco-1"),
        ("Č-1", "C\u030c-1"),
        ("S4G-ECO-1", "S4G-ECO-1 "),
        ("ŠOLA-1", "s\u030cola-1"),
    ],
)
def test_ids_that_look_alike_are_one_id(
    tmp_path: Path, first: str, second: str
) -> None:
    data = [record_dict() | {"record_id": one} for one in (first, second, "ECO-2")]
    path = tmp_path / "zapisi.jsonl"
    path.write_text("\n".join(map(json.dumps, data)), "utf-8")

    good, twice, other = distinct(read_entries(path))

    assert good.record is not None
    assert [one.problem.code for one in twice.problems] == ["row.id-twice"]
    assert other.record is not None


def test_true_is_no_name(tmp_path: Path) -> None:
    row = class_of(1)[0]
    cells: list[Cell] = [
        True if name == "family_name" else cell for name, cell in row.items()
    ]
    path = workbook(tmp_path / "a.xlsx", {"a": [list(row), cells]})
    (tmp_path / "organisations.csv").write_bytes(
        (SET / "organisations.csv").read_bytes()
    )

    [entry] = read_entries(path)

    assert [one.problem.code for one in entry.problems] == ["row.became-flag"]
    assert flag(True) is True


def test_a_carriage_return_gets_into_no_name(tmp_path: Path) -> None:
    row = class_of(1)[0] | {"family_name": "Čuš_x000D_Vzorec"}
    path = workbook(tmp_path / "a.xlsx", {"a": [list(row), list(row.values())]})
    (tmp_path / "organisations.csv").write_bytes(
        (SET / "organisations.csv").read_bytes()
    )

    [entry] = read_entries(path)

    assert [(one.column, one.problem.code) for one in entry.problems] == [
        ("family_name", "unseen-sign")
    ]


def test_line_ends_inside_a_text_are_of_one_kind() -> None:
    assert text("prva\r\ndruga\rtretja") == "prva\ndruga\ntretja"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (92.00000000000001, "92"),
        (91.99999999999999, "92"),
        (0.1 + 0.2, "0.3"),
        (79.5, "79.5"),
        (79.9999999999, "79.9999999999"),
        (2.0**53, "9007199254740992"),
    ],
)
def test_what_a_double_adds_is_no_part_of_a_number(cell: float, meant: str) -> None:
    assert number(cell) == Decimal(meant)
    assert decimal(cell) == meant


def test_a_merged_range_is_looked_at_only_in_its_own_rows() -> None:
    ranges = [((1, 0), (2, 1)), ((3, 2), (3, 3)), ((3, 5), (9, 5))]
    covered = _Covered(ranges)

    found = {row: list(covered.columns(row)) for row in (1, 2, 3, 5, 9, 10)}

    assert found == {1: [1], 2: [0, 1], 3: [3], 5: [5], 9: [5], 10: []}


def test_ranges_that_lie_over_one_another_cost_little() -> None:
    covered = _Covered([((1, 0), (1_048_575, 1))] * 200_000)

    assert len(list(covered.columns(5))) <= 2 * MAX_COLUMNS
