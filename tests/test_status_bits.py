"""A status list as it travels: packed bits, read without being led astray."""

from __future__ import annotations

import base64
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.encoding import b64u
from edc_issuer.status.bits import (
    MAX_BYTES,
    MIN_ENTRIES,
    BadStatusList,
    OutOfRange,
    StatusList,
)
from edc_issuer.status.entries import NAMESPACE, Entry, read_entries
from edc_issuer.status.lists import ListCredential, revoked_ids
from statuses import REVOKED, entry, packed, subject

_HONEST = gzip.compress(bytes(16_384), mtime=0)


def encoded(data: bytes) -> str:
    return "u" + b64u(gzip.compress(data, mtime=0))


def test_only_the_revoked_position_is_set() -> None:
    bits = bytearray(16_384)
    bits[1] = 0b0100_0000

    status = StatusList.decode(encoded(bytes(bits)))

    assert [i for i in range(status.entries()) if status.is_set(i)] == [9]


def test_a_list_is_read_as_it_was_written() -> None:
    bits = bytes(range(256)) * 64

    assert StatusList.decode(StatusList(bits).encode()) == StatusList(bits)
    assert StatusList(bits).encode() == StatusList(bits).encode()


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        pytest.param(b64u(_HONEST), "multibase", id="without-its-letter"),
        pytest.param("z" + b64u(_HONEST), "multibase", id="another-letter"),
        pytest.param("", "multibase", id="empty-text"),
        pytest.param("u", "cut short", id="nothing-behind-the-letter"),
        pytest.param("u!!", "base64url", id="not-base64"),
        pytest.param("u" + b64u(_HONEST) + "=", "base64url", id="padding"),
        pytest.param("u" + b64u(b"\0" * 40), "not gzip", id="not-gzip"),
        pytest.param("u" + b64u(zlib.compress(bytes(99))), "not gzip", id="zlib"),
        pytest.param("u" + b64u(_HONEST[:-3]), "cut short", id="cut-short"),
        pytest.param("u" + b64u(_HONEST + _HONEST), "member", id="two-members"),
        pytest.param("u" + b64u(_HONEST + b"\0"), "behind", id="bytes-behind"),
        pytest.param(
            "u" + b64u(_HONEST[:-8] + b"\1\2\3\4" + _HONEST[-4:]),
            "not gzip",
            id="wrong-checksum",
        ),
        pytest.param(encoded(b"\0" * (MAX_BYTES + 1)), "longer", id="too-long"),
        pytest.param(encoded(b""), "empty", id="no-bits"),
    ],
)
def test_unreadable_lists_say_what_is_wrong(broken: str, complaint: str) -> None:
    assert StatusList.decode("u" + b64u(_HONEST)).entries() == MIN_ENTRIES

    with pytest.raises(BadStatusList, match=complaint):
        StatusList.decode(broken)


def test_the_longest_list_is_read() -> None:
    assert StatusList.decode(encoded(b"\0" * MAX_BYTES)).entries() == MAX_BYTES * 8


@pytest.mark.slow
def test_a_bomb_takes_no_more_memory_than_the_longest_list() -> None:
    packer = zlib.compressobj(9, wbits=31)
    chunk = bytes(1024 * 1024)
    bomb = b"".join(packer.compress(chunk) for _ in range(512)) + packer.flush()
    text = "u" + b64u(bomb)  # half a gigabyte in half a megabyte

    tracemalloc.start()
    with pytest.raises(BadStatusList, match="longer"):
        StatusList.decode(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4 * MAX_BYTES


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_raise_anything_else(data: bytes, packs: bool) -> None:
    text = "u" + b64u(gzip.compress(data) if packs else data)

    try:
        status = StatusList.decode(text)
    except BadStatusList:
        assert not packs or not data
    else:
        assert status.bits == data


@given(st.binary(min_size=1, max_size=64), st.integers(1, 16), st.data())
def test_an_entry_is_as_many_bits_as_its_size(
    data: bytes, size: int, draw: st.DataObject
) -> None:
    status = StatusList(data)
    if not status.entries(size):
        return
    position = draw.draw(st.integers(0, status.entries(size) - 1))

    value = status.value(position, size=size)

    whole = "".join(f"{byte:08b}" for byte in data)
    assert value == int(whole[position * size : (position + 1) * size], 2)


@pytest.mark.parametrize("position", [-1, MIN_ENTRIES, 2**31, 10**19])
def test_a_position_outside_is_an_error(position: int) -> None:
    status = StatusList(bytes(16_384))

    assert status.value(MIN_ENTRIES - 1) == 0
    with pytest.raises(OutOfRange):
        status.value(position)


def test_a_size_moves_the_end_of_the_range() -> None:
    status = StatusList(bytes(16_384))

    assert status.value(MIN_ENTRIES // 2 - 1, size=2) == 0
    with pytest.raises(OutOfRange):
        status.value(MIN_ENTRIES // 2, size=2)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(b64u, id="base64url"),
        pytest.param(lambda data: base64.b64encode(data).decode(), id="base64"),
        pytest.param(lambda data: base64.urlsafe_b64encode(data).decode(), id="padded"),
    ],
)
def test_lists_of_2021_are_read_in_every_spelling_in_use(write: object) -> None:
    assert callable(write)
    text = write(gzip.compress(bytes(16_000) + b"\x80", mtime=0))

    assert StatusList.decode_2021(text).is_set(128_000)


def test_a_list_of_2021_has_no_letter_before_it() -> None:
    with pytest.raises(BadStatusList):
        StatusList.decode_2021(packed(7))


# --- entries ---


def one(**changes: object) -> Entry:
    (found,) = read_entries(entry(**changes))
    return found


def test_an_entry_says_where_and_what_for() -> None:
    found = one()

    assert (found.kind, found.purpose, found.position, found.size) == (
        "BitstringStatusListEntry",
        "revocation",
        7,
        1,
    )
    assert found.notes == ()
    assert found.fault == ""


@pytest.mark.parametrize(
    "position",
    [
        "-1",
        "1e3",
        "01",
        "007",
        "+7",
        " 7",
        "7.0",
        "0x7",
        "٧",
        "",
        "9" * 21,
        7.0,
        1000.0,
        True,
        None,
        [7],
        -1,
    ],
)
def test_a_position_that_could_be_read_in_two_ways_is_a_fault(position: object) -> None:
    assert one(statusListIndex="7").fault == ""

    (found,) = read_entries({**entry(), "statusListIndex": position})

    assert "statusListIndex" in found.fault
    assert found.decides


def test_a_whole_number_is_read_and_told() -> None:
    found = one(statusListIndex=23)

    assert (found.position, found.fault) == (23, "")
    assert found.notes == ("index-is-a-number",)


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": None},
        {"statusPurpose": ["revocation"]},
        {"statusPurpose": ""},
        {"statusListCredential": None},
        {"statusListCredential": "preklici"},
        {"statusListCredential": ["https://zgled.example/1"]},
        {"statusSize": 0},
        {"statusSize": -1},
        {"statusSize": "1"},
        {"statusSize": 1.0},
        {"statusSize": True},
        {"statusSize": 17},
        {"type": ["BitstringStatusListEntry", "StatusList2021Entry"]},
        {"https://www.w3.org/ns/credentials/status#statusListIndex": "8"},
    ],
    ids=str,
)
def test_an_entry_that_breaks_its_rules_decides_nothing_quietly(
    changes: dict[str, object],
) -> None:
    found = one(**changes)

    assert found.fault
    assert found.decides


@pytest.mark.parametrize("value", [None, [], "", 7, "https://x", [None], [["x"]]])
def test_a_status_of_any_other_shape_is_a_fault(value: object) -> None:
    assert all(found.fault for found in read_entries(value))


def test_more_entries_than_anybody_needs_are_a_fault() -> None:
    assert [found.fault for found in read_entries([entry()] * 16)] == [""] * 16
    assert read_entries([entry()] * 17)[0].fault


def test_names_as_addresses_are_the_same_names() -> None:
    """An EDC says them so: its vocabulary has no such terms (decision 19)."""
    plain = entry(9, id=None)
    types = ["CredentialStatus", NAMESPACE + plain.pop("type")]
    long = {NAMESPACE + name: value for name, value in plain.items()}

    assert read_entries({"type": types, **long}) == read_entries(entry(9, id=None))


# --- lists ---


def test_a_list_says_what_it_is_for() -> None:
    read = ListCredential.read(
        {
            "id": "https://zgled.example/1",
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "credentialSubject": subject(statusPurpose=["revocation", "refresh"]),
        },
        "BitstringStatusListEntry",
    )

    assert read.purposes == ("revocation", "refresh")
    assert read.status_list.is_set(REVOKED)


def test_a_1edtech_list_names_the_revoked() -> None:
    data = (
        b'{"revokedCredential": [{"id": "urn:uuid:1"}, {"id": "urn:uuid:2", '
        b'"revoked": false}, {"id": "https://x/%C4%8D ", "revocationReason": "r"}]}'
    )

    assert revoked_ids(data) == {"urn:uuid:1": "", "https://x/č": "r"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"revokedCredential": {}}',
        b'{"revokedCredential": ["urn:uuid:1"]}',
        b'{"revokedCredential": [{}]}',
    ],
)
def test_what_is_no_1edtech_list_revokes_and_clears_nobody(data: bytes) -> None:
    with pytest.raises(BadStatusList):
        revoked_ids(data)
