"""As much CBOR as a proof value is made of: strict, bounded, one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.formats.selective import cbor
from edc_issuer.formats.selective.cbor import BadCbor, Reader

NUMBERS = st.integers(min_value=0, max_value=2**64 - 1)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65_535, "19ffff"),
        (65_536, "1a00010000"),
        (2**32 - 1, "1affffffff"),
        (2**32, "1b0000000100000000"),
        (2**64 - 1, "1bffffffffffffffff"),
    ],
)
def test_numbers_are_written_as_rfc_8949_appendix_a_has_them(
    number: int, written: str
) -> None:
    assert cbor.encode_uint(number).hex() == written
    assert Reader(bytes.fromhex(written)).uint() == number


@given(NUMBERS, st.binary(max_size=300), st.text(max_size=300))
def test_what_is_written_is_read_back(number: int, data: bytes, text: str) -> None:
    written = (
        cbor.encode_uint(number) + cbor.encode_bytes(data) + cbor.encode_text(text)
    )
    reader = Reader(written)

    assert (reader.uint(), reader.bytes_of(len(data)), reader.text()) == (
        number,
        data,
        text,
    )
    reader.end()


@given(st.dictionaries(NUMBERS, st.binary(min_size=2, max_size=2), max_size=40))
def test_a_map_is_written_smallest_key_first(entries: dict[int, bytes]) -> None:
    written = cbor.encode_map({k: cbor.encode_bytes(v) for k, v in entries.items()})
    reader = Reader(written)

    found = reader.map(lambda: reader.bytes_of(2), most=40)

    assert found == entries
    assert list(found) == sorted(entries)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param("1800", "longer than need be", id="one-byte-for-zero"),
        pytest.param("1817", "longer than need be", id="one-byte-for-23"),
        pytest.param("1900ff", "longer than need be", id="two-bytes-for-255"),
        pytest.param("1a0000ffff", "longer than need be", id="four-bytes"),
        pytest.param("1b00000000ffffffff", "longer than need be", id="eight-bytes"),
        pytest.param("1f", "not told", id="indefinite"),
        pytest.param("1c", "reserved", id="reserved-28"),
        pytest.param("1e", "reserved", id="reserved-30"),
        pytest.param("20", "a negative number", id="negative"),
        pytest.param("c000", "a tag", id="tagged"),
        pytest.param("f4", "a simple value", id="boolean"),
        pytest.param("f90000", "a simple value", id="float"),
        pytest.param("4100", "bytes, a number expected", id="bytes"),
        pytest.param("19ff", "cut short", id="cut-short"),
        pytest.param("", "cut short", id="nothing"),
    ],
)
def test_a_number_has_one_spelling(data: str, complaint: str) -> None:
    with pytest.raises(BadCbor, match=complaint):
        Reader(bytes.fromhex(data)).uint()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param("5f42abcd42abcdff", "not told", id="in-pieces"),
        pytest.param("d84044abcdabcd", "a tag", id="tag-64"),
        pytest.param("43abcdab", "3 bytes, 4 expected", id="another-length"),
        pytest.param("44abcd", "cut short", id="cut-short"),
        pytest.param("6461626364", "a text, bytes expected", id="a-text"),
        pytest.param("5bffffffffffffffff", "bytes, 4 expected", id="a-bomb"),
    ],
)
def test_bytes_have_the_length_that_is_asked_for(data: str, complaint: str) -> None:
    with pytest.raises(BadCbor, match=complaint):
        Reader(bytes.fromhex(data)).bytes_of(4)


def test_a_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(BadCbor, match="UTF-8"):
        Reader(bytes.fromhex("62c328")).text()


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("9b7fffffffffffffff", id="array-of-many"),
        pytest.param("9a000186a0", id="array-of-100000"),
        pytest.param("9f", id="indefinite-array"),
    ],
)
def test_an_array_that_promises_too_much_is_refused_before_it_is_made(
    head: str,
) -> None:
    read = 0
    reader = Reader(bytes.fromhex(head) + b"\0" * 10)

    def item() -> int:
        nonlocal read
        read += 1
        return reader.uint()

    with pytest.raises(BadCbor):
        reader.array(item, most=1_000)
    assert read == 0


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param("a2000100 02".replace(" ", ""), "key 0 twice", id="same-key"),
        pytest.param("bf0001ff", "not told", id="indefinite"),
        pytest.param("bb7fffffffffffffff", "at most", id="bomb"),
        pytest.param("a1410001", "bytes, a number expected", id="key-of-bytes"),
        pytest.param("80", "an array, a map expected", id="an-array"),
    ],
)
def test_a_map_has_each_key_once(data: str, complaint: str) -> None:
    reader = Reader(bytes.fromhex(data))

    with pytest.raises(BadCbor, match=complaint):
        reader.map(reader.uint, most=10)


def test_keys_may_stand_in_any_order() -> None:
    reader = Reader(bytes.fromhex("a201000000"))

    assert reader.map(reader.uint, most=10) == {1: 0, 0: 0}


def test_nothing_may_follow_the_last_item() -> None:
    reader = Reader(b"\x00\x00")
    reader.uint()

    with pytest.raises(BadCbor, match="1 bytes behind"):
        reader.end()


@given(st.binary(max_size=200))
def test_noise_is_read_or_refused_and_nothing_else(data: bytes) -> None:
    reader = Reader(data)
    try:
        reader.array_of(2)
        reader.array(reader.text, most=5)
        reader.map(lambda: reader.bytes_of(2), most=5)
        reader.end()
    except BadCbor:
        return
    assert data
