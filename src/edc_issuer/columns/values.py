"""From a cell to a value of the record: dates, decimals, levels, yes and no.

Spreadsheets change what people type: 4.1 becomes a date, 0521 the number 521, half a
credit 0,5. What can be told for certain is set right; all else is refused with a
sentence. Dates follow rule PR-02: day before month, four digits of the year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

from edc_issuer.columns.problems import BadCell
from edc_issuer.record.unseen import UNSEEN

Cell = str | int | float | bool | date | datetime | Decimal | None

MAX_CELL = 100_000  # letters; a sheet of Excel holds at most 32,767 in a cell
RISKY = ("=", "+", "-", "@")  # what a spreadsheet takes for the start of a formula
_EXACT = 2**53  # beyond it a spreadsheet no longer holds every whole number
_SPACES = "[ \u00a0\u202f]*"
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?\Z"
)
_DOTS = re.compile(
    rf"([0-9]{{1,2}})\.{_SPACES}([0-9]{{1,2}})\.{_SPACES}([0-9]{{4}})\.?\Z"
)
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_SHORT_YEAR = re.compile(
    rf"[0-9]{{1,2}}[./-]{_SPACES}[0-9]{{1,2}}[./-]{_SPACES}[0-9]{{2}}\.?\Z"
)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,15})?\Z")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+\Z", re.IGNORECASE)
_ERROR = re.compile(r"#(?:[A-ZČŠŽĆĐ0-9/ ]+[!?]|N/A|#+)\Z")
_LEVEL = re.compile(r"[0-9][.,][0-9]\Z")
_LEVEL_AS_DATE = re.compile(
    rf"0?([1-8])\.{_SPACES}(?:0?([12])\.?|(jan|feb)[a-z]*\.?)(?:{_SPACES}[0-9]{{2,4}}\.?)?\Z",
    re.IGNORECASE,
)
_LETTERS = "čćžšđČĆŽŠĐабвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
_YES = {"true", "1", "yes", "da", "да", "resnica", "prav", "x", "ja", "istina", "točno"}
_NO = {"false", "0", "no", "ne", "не", "nein", "laž", "neistina", "netačno", "napak"}


def _garbled() -> re.Pattern[str]:
    """UTF-8 that some program read as a Windows code page and saved again: `Å¡`."""
    pairs = set()
    for letter in _LETTERS:
        for encoding in ("cp1250", "cp1252", "latin-1"):
            try:
                pair = letter.encode().decode(encoding)
            except UnicodeDecodeError:
                continue
            if pair[1] not in _LETTERS:
                pairs.add(re.escape(pair))
    return re.compile("|".join(sorted(pairs)))


_GARBLED = _garbled()


def text(cell: Cell) -> str:
    """A cell as text, without spaces around it; "" for an empty one.

    An apostrophe before `=` or its like says that a text is meant, and is taken off.
    """
    if isinstance(cell, str):
        value = cell.strip()
        if value[:1] == "'" and value[1:].lstrip()[:1] in RISKY and value[1:].strip():
            return _sound(value[1:], meant=True).strip()
        return _sound(value)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float | Decimal):
        return _digits(cell)
    raise BadCell("became-date")


def _sound(value: str, *, meant: bool = False) -> str:
    if not meant and value[:1] in ("=", "#"):
        _refuse_leftovers(value)
    if value.isascii() and value.isprintable() and len(value) <= MAX_CELL:
        return value
    if len(value) > MAX_CELL:
        raise BadCell("too-long", length=len(value), limit=MAX_CELL)
    if "\0" in value:
        raise BadCell("nul")
    if UNSEEN.search(value):
        raise BadCell("control")
    if _GARBLED.search(value):
        raise BadCell("garbled")
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", value)


def _refuse_leftovers(value: str) -> None:
    """What a spreadsheet shows where a calculation stands or failed."""
    if value[:1] == "=":
        raise BadCell("formula")
    if _ERROR.match(value):
        raise BadCell("cell-error", value=value)


def _digits(value: float | Decimal) -> str:
    """A number as it was typed: 417, not 417.0."""
    number = _exact(value)
    whole = number.to_integral_value()
    if number == whole:
        if abs(whole) > _EXACT:
            raise BadCell("precision")
        return str(int(whole))
    return format(number.normalize(), "f")


def _exact(value: float | Decimal) -> Decimal:
    number = Decimal(value)
    if isinstance(value, float) and not value.is_integer():
        # Spreadsheets calculate with 15 figures; what a double holds beyond is noise.
        number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        raise BadCell("number")
    return number


def code(cell: Cell) -> str:
    """A text that names something; refused where Excel shortened a long number."""
    if isinstance(cell, bool):
        raise BadCell("became-flag")
    value = text(cell)
    if "E+" in value.upper() and _SCIENTIFIC.match(value):
        raise BadCell("scientific")
    return value


def day(cell: Cell) -> date:
    """A day, rule PR-02; `BadCell` for what could be another day as well."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise BadCell("date-time")
        return cell.date()
    if isinstance(cell, date):
        return cell
    if cell is not None and not isinstance(cell, str):
        raise BadCell("date-number")
    value = text(cell)
    for pattern, order in (
        (_ISO, (1, 2, 3)),
        (_DOTS, (3, 2, 1)),
        (_SLASHES, (3, 2, 1)),
    ):
        match = pattern.match(value)
        if match:
            return _calendar(value, *(int(match[place]) for place in order))
    if _SHORT_YEAR.match(value):
        raise BadCell("date-year")
    if value.isdigit():
        raise BadCell("date-number")
    raise BadCell("date")


def _calendar(value: str, year: int, month: int, number: int) -> date:
    if "/" in value and month > 12 >= number:
        raise BadCell("date-month-first")
    try:
        return date(year, month, number)
    except ValueError:
        raise BadCell("date-none") from None


def slash_date(cell: Cell) -> bool:
    """Whether the cell is a date written with slashes, 03/04/2025."""
    return isinstance(cell, str) and bool(_SLASHES.match(cell.strip()))


def month_first(cell: Cell) -> bool:
    """Whether the cell can only be a date with the month first, 04/13/2025."""
    match = _SLASHES.match(cell.strip()) if isinstance(cell, str) else None
    return bool(match) and int(match[2]) > 12 >= int(match[1])  # type: ignore[index]


def number(cell: Cell) -> Decimal:
    """A decimal with a comma or a point; 1.500 could be two numbers and is refused."""
    if isinstance(cell, bool | date):
        raise BadCell("became-date" if isinstance(cell, date) else "number")
    if isinstance(cell, int | float | Decimal):
        return _exact(cell)
    value = text(cell)
    if _THOUSANDS.match(value):
        raise BadCell("thousands")
    if not _NUMBER.match(value):
        raise BadCell("number")
    return Decimal(value.replace(",", "."))


def whole(cell: Cell) -> int:
    """A whole number; 45,0 is one."""
    value = number(cell)
    if value != value.to_integral_value():
        raise BadCell("whole")
    return int(value)


def decimal(cell: Cell) -> str:
    """A decimal as text with a point, as credit points are kept: 0,5 is "0.5"."""
    value = number(cell)
    if isinstance(cell, str):
        return cell.strip().replace(",", ".")
    return _digits(value)


def level(cell: Cell) -> str:
    """A level of a national framework: 4,1 is "4.1", and so is 4 January.

    No framework has a level with a second figure above 2 or a first above 8, so a
    spreadsheet's date can be turned back for certain.
    """
    if isinstance(cell, date):
        if cell.day <= 8 and cell.month <= 2:
            return f"{cell.day}.{cell.month}"
        raise BadCell("became-date")
    value = code(cell)
    match = None if _LEVEL.match(value) else _LEVEL_AS_DATE.match(value)
    if match:
        return f"{match[1]}.{match[2] or ('1' if match[3].lower() == 'jan' else '2')}"
    return value.replace(",", ".") if _LEVEL.match(value) else value


def isced(cell: Cell) -> str:
    """A field of ISCED-F 2013; spreadsheets drop the zero that 0521 begins with.

    Broad fields are 00 to 10, so every other code of two, three or four figures begins
    with 0 or with 10.
    """
    value = code(cell)
    if value.isdigit() and len(value) < 4 and value[:1] != "0" and value[:2] != "10":
        return "0" + value
    return value


def flag(cell: Cell) -> bool:
    """Yes or no in the words of the region."""
    value = text(cell).casefold()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise BadCell("flag")


READERS: Mapping[str, Callable[[Cell], object]] = {
    "text": code,
    "date": day,
    "number": number,
    "whole": whole,
    "decimal": decimal,
    "flag": flag,
    "level": level,
    "isced": isced,
    "organisation": code,
}
