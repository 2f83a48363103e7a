"""The diploma page is drawn on the spot, from data that can never become code."""

from __future__ import annotations

import builtins
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from conftest import ROOT
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.models.base import Media
from edc_issuer.models.texts import table
from edc_issuer.record import CredentialRecord, Outcome
from edc_issuer.render import MAX_PAGES, picture, render_pages
from edc_issuer.render.content import clean, content
from edc_issuer.render.png import PNG, grey

RECORDS = ROOT / "fixtures" / "records"
NAMES = sorted(
    path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
)
LANGUAGES = ("en", "sl", "hr", "sr-Latn", "sr-Cyrl", "bs", "cnr", "de")


def record(name: str) -> CredentialRecord:
    return CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def shades(png: bytes) -> Iterator[bytes]:
    """Rows of a grey picture, unfiltered."""
    width, height = size(png)
    (length,) = struct.unpack(">I", png[33:37])
    data = zlib.decompress(png[41 : 41 + length])
    above = bytes(width)
    for row in range(height):
        start = row * (width + 1)
        above = unfiltered(data[start], data[start + 1 : start + 1 + width], above)
        yield above


def unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    """PNG section 9, one byte a pixel."""
    done = bytearray()
    for at, value in enumerate(row):
        left, up = (done[at - 1] if at else 0), above[at]
        corner = above[at - 1] if at else 0
        guess = (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]
        done.append((value + guess) & 255)
    return bytes(done)


def paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((left, up, corner), key=lambda value: abs(near - value))


# --- pages --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_a4_and_small(name: str) -> None:
    source = record(name)

    (page,) = render_pages(source, source.primary_language)

    assert page.media_type == "image/png"
    assert size(page.data) == (992, 1403)  # 210 x 297 mm at 120 pixels an inch
    # 120 kB as base64 for an ordinary page; nine outcomes are more than ordinary.
    limit = 140_000 if name == "scouts4green_stacked" else 120_000
    assert len(page.data) * 4 / 3 < limit


def test_the_page_has_black_on_white_and_a_frame() -> None:
    (page,) = render_pages(record("mcvet_3d_si"), "sl")

    rows = list(shades(page.data))

    assert rows[0] == b"\xff" * 992
    assert min(map(min, rows)) < 20
    assert sum(row.count(255) for row in rows) > 0.9 * 992 * 1403


def test_equal_records_give_equal_bytes() -> None:
    first, second = (render_pages(record("mcvet_3d_rs_cyrl"), "sr-Cyrl") for _ in "ab")

    assert first == second


def test_another_language_is_another_page() -> None:
    source = record("mcvet_3d_si")

    assert render_pages(source, "sl") != render_pages(source, "en")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#panic(1)", id="code"),
        pytest.param("$ x $ @ref <label>", id="math-reference-label"),
        pytest.param('\\ " \\u{41} */ // [ ] { }', id="escapes-and-brackets"),
        pytest.param('#read("/etc/passwd")', id="file"),
        pytest.param("= Naslov\n- točka\n/ x: y", id="markup"),
        pytest.param("\0\x1b[31m\u202e\u2028ž", id="control-characters"),
        pytest.param("a" * 5000, id="word-without-end"),
        pytest.param("Ђорђе Ћосић 漢字 😀", id="letters-of-other-fonts"),
    ],
)
def test_text_of_a_record_never_becomes_code(text: str) -> None:
    base = record("mcvet_3d_si")
    hostile = replace(
        base,
        learner=replace(base.learner, family_name=text),
        programme=replace(
            base.programme, title={"sl": text}, outcomes=(Outcome({"sl": text}),)
        ),
    )

    pages = render_pages(hostile, "sl")

    assert 1 <= len(pages) <= MAX_PAGES


def test_what_looks_like_code_is_shown_as_it_is() -> None:
    base = record("mcvet_3d_si")
    named = replace(base, learner=replace(base.learner, family_name="#(1 + 1) $x$"))

    shown = content(named, "sl")["name"]

    assert shown == "Ana #(1 + 1) $x$"


def longest(base: CredentialRecord) -> CredentialRecord:
    sentence = "Pojasni, čemu služi zelo dolg učni izid. " * 60
    return replace(
        base,
        programme=replace(
            base.programme,
            title={"sl": "Zelo dolg naslov " * 60},
            description={"sl": sentence},
            outcomes=(Outcome({"sl": sentence}),) * 300,
        ),
    )


def test_texts_without_end_are_cut_and_the_pages_are_few() -> None:
    source = longest(record("mcvet_3d_si"))

    pages = render_pages(source, "sl")
    shown = content(source, "sl")

    assert 2 <= len(pages) <= MAX_PAGES
    assert shown["title"].endswith("…")
    assert shown["outcomes"][-1] == "…"


def test_nothing_of_the_longest_page_is_left_out(monkeypatch: Any) -> None:
    monkeypatch.setattr("edc_issuer.render.MAX_PAGES", 99)

    pages = render_pages(longest(record("mcvet_3d_si")), "sl")

    assert len(pages) <= MAX_PAGES


def test_without_typst_the_error_says_what_to_install(monkeypatch: Any) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(ConfigError, match=r"edc-issuer\[render\].*pictures"):
        render_pages(record("mcvet_3d_si"), "sl")


# --- words --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_there_in_every_language(language: str) -> None:
    labels = table("page_labels.json")
    variants = [key for key in labels if "@" in key or key == "months"]

    missing = [
        key for key in labels if key not in variants and language not in labels[key]
    ]

    assert missing == []


def test_a_language_that_we_do_not_speak_gets_english_words() -> None:
    shown = content(record("mcvet_3d_si"), "fi")

    assert shown["outcomes_label"] == "Learning outcomes"


def test_a_national_profile_has_its_own_words() -> None:
    assert content(record("mcvet_3d_ba_hnk"), "bs")["kind"] == "Mikroprogram"
    assert content(record("mcvet_3d_si"), "sl")["kind"] == "Mikrodokazilo"


def test_an_indicative_credit_is_not_on_the_page() -> None:
    shown = content(record("scouts4green_ecological"), "en")

    assert "Credit points" not in [label for label, _ in shown["facts"]]


def test_a_participation_shows_no_outcomes() -> None:
    assert content(record("microquest_participation"), "sl")["outcomes"] == []


def test_a_proposed_level_says_so() -> None:
    shown = content(record("scouts4green_ecological"), "sl")

    assert any("predlagal izdajatelj" in note for note in shown["notes"])


def test_the_page_says_that_the_data_counts() -> None:
    assert "sealed data" in content(record("mcvet_3d_si"), "en")["picture"]


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "10 June 2025"), ("sl", "10. 6. 2025"), ("hr", "10. 6. 2025.")],
)
def test_dates_are_written_as_people_write_them(language: str, day: str) -> None:
    facts = dict(content(record("mcvet_3d_si"), language)["facts"])

    assert day in facts.values()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Žiga  Čuk\n", "Žiga Čuk"),
        ("a\0b", "a b"),
        ("x" * 11, "x" * 9 + "…"),
    ],
)
def test_text_is_cleaned_and_cut(text: str, shown: str) -> None:
    assert clean(text, 10) == shown


# --- pictures -----------------------------------------------------------------------


def chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def tiny(colour_type: int, rows: bytes, width: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, 2, 8, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
    return PNG + body + chunk(b"IEND", b"")


def test_grey_keeps_the_red_channel_of_every_pixel() -> None:
    # Row one unfiltered, row two by the difference to the one above (filter 2).
    rgba = b"\0" + b"\x10\x20\x30\xff\x40\x50\x60\xff"
    rgba += b"\2" + b"\x01\0\0\0\x02\0\0\0"

    made = grey(tiny(6, rgba))

    assert list(shades(made)) == [b"\x10\x40", b"\x11\x42"]


def test_grey_leaves_other_pictures_alone() -> None:
    png = tiny(0, b"\0\x10\x20\0\x10\x20")

    assert grey(png) == png


def test_a_schools_own_picture_is_taken_as_it_is() -> None:
    png = tiny(0, b"\0\x10\x20\0\x10\x20")

    assert picture(png) == Media("image/png", png)
    assert picture(b"\xff\xd8\xff\xe0 \xff\xd9").media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "not a whole", id="empty"),
        pytest.param(b"GIF89a", "not a whole", id="gif"),
        pytest.param(PNG + b"x" * 40, "not a whole", id="cut-short"),
        pytest.param(b"<svg/>", "not a whole", id="svg"),
        pytest.param(
            b"\xff\xd8\xff" + b"x" * 500_000 + b"\xff\xd9", "larger", id="too-large"
        ),
    ],
)
def test_another_file_is_no_picture(data: bytes, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        picture(data, path="pictures.sl")
