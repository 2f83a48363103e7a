"""The JSON Canonicalization Scheme, with another implementation as the judge."""

from __future__ import annotations

import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.canonical.jcs import es6_number, jcs
from edc_issuer.errors import Malformed

SAFE = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-SAFE, SAFE) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner)
)


@given(values)
def test_any_json_has_the_bytes_of_the_reference(value: Any) -> None:
    assert jcs(value) == rfc8785.dumps(value)


@given(st.binary(min_size=8, max_size=8))
def test_every_double_is_written_as_the_reference_writes_it(bits: bytes) -> None:
    (number,) = struct.unpack(">d", bits)
    if number != number or abs(number) == float("inf"):
        return

    assert es6_number(number).encode() == rfc8785.dumps(number)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # RFC 8785, appendix B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("41b3de4355555553", "333333333.3333332"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_numbers_of_the_standard_are_written_so(bits: str, text: str) -> None:
    assert es6_number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_members_are_sorted_by_utf_16_not_by_code_point() -> None:
    assert jcs({"\ufb33": 1, "\U0001f600": 2}) == (
        '{"\U0001f600":2,"\ufb33":1}'.encode()
    )


def test_slovenian_letters_stand_as_they_are() -> None:
    assert jcs({"š": "č ž", "a": "Ђ"}) == '{"a":"Ђ","š":"č ž"}'.encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param({"n": 2**53 + 1}, "number.range", id="beyond-2-53"),
        pytest.param([-(2**60), 0.5], "number.range", id="beyond-on-the-slow-path"),
        pytest.param(float("nan"), "number.range", id="nan"),
        pytest.param([float("inf")], "number.range", id="infinity"),
        pytest.param(["\ud800"], "json.surrogate", id="half-a-pair"),
        pytest.param([0.5, "\ud800"], "json.surrogate", id="half-a-pair-slow"),
        pytest.param({"\ud800": 0.5}, "json.surrogate", id="half-a-pair-as-key"),
    ],
)
def test_what_two_readers_read_differently_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        jcs(value)

    assert caught.value.reason == reason


def test_nesting_without_end_is_refused() -> None:
    value: Any = 0.5
    for _ in range(30_000):
        value = [value]

    with pytest.raises(Malformed) as caught:
        jcs(value)

    assert caught.value.reason == "json.depth"
