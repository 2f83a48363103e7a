"""Every MUST of Bitstring Status List v1.0 for verifiers and issuers, by its clause.

A statement about what stands in a document is tested on a document that breaks it,
beside the one that keeps it. Where the standard has an error raised, the check is
undecided and carries the standard's own name for it. Statements about issuers are
tested on what the library publishes (`test_status_book.py` has the rest).
"""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

from attacks.workshop import AT, Json, attacker
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.report import Outcome, Report
from edc_issuer.status.bits import MIN_ENTRIES, StatusList
from edc_issuer.verify.status import PROBLEMS
from statuses import (
    CLEAR,
    REVOKED,
    URL,
    answer,
    entry,
    jwt_with_status,
    list_credential,
    packed,
    signed,
    signed_jwt,
    stamp,
    subject,
    verify,
)

MALFORMED = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
OUT_OF_RANGE = "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"
NAMES = "https://www.w3.org/ns/credentials/status-list#"


def asked(status: Any = None, listed: Json | None = None) -> Report:
    """What follows for a badge with this status from this list at its address."""
    return verify(
        jwt_with_status(status),
        online={URL: signed_jwt(listed) if listed is not None else signed()},
    )


def problem(report: Report) -> str | None:
    """The standard's name for what went wrong with the first entry."""
    told = report.check("credential.status").evidence["entries"][0]
    name: str | None = told.get("problem")
    return name


def without(name: str) -> Json:
    return {key: value for key, value in entry().items() if key != name}


def test_2_1_the_twin_of_all_documents_here_keeps_every_rule() -> None:
    assert asked().outcome is Outcome.PASSED
    assert answer(asked(listed=list_credential())) == "pass"


# --- 2.1 BitstringStatusListEntry ---


def test_2_1_id_must_not_be_the_address_of_the_list() -> None:
    report = asked({**entry(), "id": URL})

    assert answer(report) == "warn status-loose"
    assert "entry-id-is-the-list" in report.check("credential.status").detail
    assert answer(asked({**entry(), "id": f"{URL}#7"})) == "pass"
    assert answer(asked(without("id"))) == "pass"


def test_2_1_type_must_be_bitstring_status_list_entry() -> None:
    assert answer(asked({**entry(), "type": "Zgled"})) == (
        "undecided status-type-unknown"
    )


@pytest.mark.parametrize("purpose", [None, 7, ["revocation"], {}])
def test_2_1_status_purpose_must_be_a_string(purpose: Any) -> None:
    report = asked({**entry(), "statusPurpose": purpose})

    assert problem(report) == MALFORMED
    assert report.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("revocation", "fail revoked"),
        ("suspension", "fail suspended"),
        ("refresh", "undecided other-purpose"),
        ("message", "undecided other-purpose"),
    ],
)
def test_2_1_values_of_status_purpose_must_be_used_as_they_are_meant(
    purpose: str, expected: str
) -> None:
    listed = list_credential(subject(CLEAR, statusPurpose=purpose))

    assert answer(asked(entry(statusPurpose=purpose), listed)) == expected


@pytest.mark.parametrize(
    "index", ["-1", "1.0", "1e1", "0x1", "", "one", None, "٣", 1.5]
)
def test_2_1_status_list_index_must_be_an_integer_as_a_string_in_base_10(
    index: Any,
) -> None:
    report = asked({**entry(), "statusListIndex": index})

    assert problem(report) == MALFORMED
    assert answer(asked(entry("0"))) == "pass"


def test_2_1_status_list_index_as_a_number_is_read_and_told() -> None:
    report = asked({**entry(), "statusListIndex": 7})

    assert answer(report) == "warn status-loose"


@pytest.mark.parametrize("address", [None, 7, "preklici", []])
def test_2_1_status_list_credential_must_be_a_url(address: Any) -> None:
    report = asked({**entry(), "statusListCredential": address})

    assert problem(report) == MALFORMED


def test_2_1_what_is_dereferenced_must_have_the_type_of_a_list() -> None:
    report = asked(listed=list_credential(type=["VerifiableCredential"]))

    assert answer(report) == "undecided status.list"
    assert problem(report) == MALFORMED


def test_2_1_status_size_must_be_processed_as_1_where_it_is_absent() -> None:
    assert answer(asked(entry(REVOKED))) == "fail revoked"
    assert answer(asked(entry(REVOKED, statusSize=1))) == "fail revoked"


@pytest.mark.parametrize("size", [0, -1, "2", 1.5, True])
def test_2_1_status_size_must_be_an_integer_greater_than_zero(size: Any) -> None:
    assert problem(asked(entry(statusSize=size))) == MALFORMED


def messages(count: int) -> list[Json]:
    return [{"status": hex(n), "message": f"sporočilo {n}"} for n in range(count)]


def test_2_1_status_message_must_be_present_if_status_size_is_above_1() -> None:
    assert problem(asked(entry(statusSize=2))) == MALFORMED
    good = entry(statusSize=2, statusMessage=messages(4))
    assert answer(asked(good, two_bits())) == "pass"


@pytest.mark.parametrize("count", [0, 2, 3, 5, 8])
def test_2_1_there_must_be_as_many_messages_as_values(count: int) -> None:
    bad = entry(statusSize=2, statusMessage=messages(count))

    assert problem(asked(bad, two_bits())) == MALFORMED


@pytest.mark.parametrize("value", [{}, "v redu", 4, {"0x0": "v redu"}])
def test_2_1_status_message_must_be_an_array(value: Any) -> None:
    assert problem(asked(entry(statusMessage=value))) == MALFORMED


@pytest.mark.parametrize(
    "element",
    [
        *({"status": "0x0"}, {"message": "a"}, {"status": 0, "message": "a"}),
        *({"status": "0", "message": "a"}, "0x0", None),
    ],
)
def test_2_1_each_element_of_status_message_must_have_its_two_properties(
    element: Any,
) -> None:
    given = [element, {"status": "0x1", "message": "preklicano"}]

    assert problem(asked(entry(statusMessage=given))) == MALFORMED
    assert answer(asked(entry(statusMessage=messages(2)))) == "pass"


def two_bits(value: int = 0) -> Json:
    """A list of entries of two bits, the seventh of which has a value."""
    bits = bytearray(2 * MIN_ENTRIES // 8)
    bits[CLEAR * 2 // 8] |= value << (6 - CLEAR * 2 % 8)
    return list_credential(subject(encodedList=StatusList(bytes(bits)).encode()))


@pytest.mark.parametrize(("value", "expected"), [(0, "pass"), (1, "fail revoked")])
def test_3_2_a_value_is_read_at_its_index_times_its_size(
    value: int, expected: str
) -> None:
    status = entry(statusSize=2, statusMessage=messages(4))

    assert answer(asked(status, two_bits(value))) == expected


# --- 2.2 BitstringStatusListCredential ---


def test_2_2_the_list_must_express_its_type() -> None:
    report = asked(listed=list_credential(type=["VerifiableCredential", "Zgled"]))

    assert answer(report) == "undecided status.list"


@pytest.mark.parametrize("kind", [None, "StatusList2021", "Zgled"])
def test_2_2_the_type_of_its_subject_must_be_bitstring_status_list(kind: Any) -> None:
    listed = list_credential(subject(type=kind))

    assert answer(asked(listed=listed)) == "undecided status.list"


@pytest.mark.parametrize("purpose", [None, 7, [], [7], {}])
def test_2_2_status_purpose_of_a_list_must_be_one_or_more_strings(purpose: Any) -> None:
    listed = list_credential(subject(statusPurpose=purpose))

    assert answer(asked(listed=listed)) == "undecided status.list"
    several = list_credential(subject(statusPurpose=["suspension", "revocation"]))
    assert answer(asked(listed=several)) == "pass"


@pytest.mark.parametrize(
    "value",
    [
        packed(prefix=""),
        packed(prefix="z"),
        packed() + "=",
        packed().replace("u", "u+", 1),
        "u" + b64u(bytes(16_384)),
        7,
        None,
    ],
    ids=["bare", "z", "padded", "not-url", "not-gzip", "number", "absent"],
)
def test_2_2_encoded_list_must_be_multibase_base64url_of_gzip(value: Any) -> None:
    report = asked(listed=list_credential(subject(encodedList=value)))

    assert answer(report) == "undecided status.list"
    assert problem(report) == MALFORMED


def test_2_2_and_3_2_a_list_below_16_kb_is_told() -> None:
    """Read with a warning: lists of 100,000 positions are in use, and say the truth."""
    short = list_credential(subject(encodedList=packed(bits=100_000)))

    report = asked(listed=short)

    assert answer(report) == "warn status-loose"
    assert "short-list" in report.check("credential.status").detail


def test_2_2_index_zero_must_be_the_left_most_bit() -> None:
    def listed(*bits: int) -> Json:
        data = bytearray(MIN_ENTRIES // 8)
        for index in bits:
            data[index] = 0b1000_0000
        text = "u" + b64u(gzip.compress(bytes(data)))
        return list_credential(subject(encodedList=text))

    assert answer(asked(entry("0"), listed(0))) == "fail revoked"
    assert answer(asked(entry("1"), listed(0))) == "pass"
    assert answer(asked(entry("8"), listed(1))) == "fail revoked"


def test_2_2_the_last_index_must_be_the_right_most_bit() -> None:
    last = list_credential(subject(encodedList=packed(MIN_ENTRIES - 1)))
    data = gzip.decompress(unb64u(packed(MIN_ENTRIES - 1)[1:]))

    assert data[-1] == 1
    assert answer(asked(entry(MIN_ENTRIES - 1), last)) == "fail revoked"


def test_2_2_a_ttl_does_not_replace_the_validity_of_the_list() -> None:
    over = list_credential(
        subject(ttl=86_400_000), validUntil=stamp(AT - timedelta(minutes=5))
    )

    assert answer(asked(listed=over)) == "undecided status-list-stale"


def test_2_2_the_issuers_of_list_and_credential_may_differ() -> None:
    by = attacker()
    other = signed(list_credential(issuer=by.did), key=by)

    report = verify(jwt_with_status(), online={URL: other})

    assert answer(report) == "warn other-list-issuer"


# --- 3.2 Validate algorithm, 3.4 expansion, 3.5 errors ---


def test_1_3_and_3_errors_must_be_produced_for_documents_that_do_not_conform() -> None:
    report = asked({**entry(), "statusListIndex": "x"})

    assert problem(report) == MALFORMED
    assert report.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("why", ["not-found", "timeout", "unreachable", "refused"])
def test_3_2_step_4_a_failed_dereference_is_a_retrieval_error(why: str) -> None:
    report = verify(jwt_with_status(), online={URL: why})

    assert problem(report) == NAMES + "STATUS_RETRIEVAL_ERROR"


def test_3_2_step_4_a_failed_proof_is_a_verification_error() -> None:
    broken = signed().replace(packed(REVOKED).encode(), packed(1).encode())

    report = verify(jwt_with_status(), online={URL: broken})

    assert problem(report) == NAMES + "STATUS_VERIFICATION_ERROR"


def test_3_2_step_5_another_purpose_is_a_verification_error() -> None:
    report = asked(listed=list_credential(subject(statusPurpose="suspension")))

    assert problem(report) == NAMES + "STATUS_VERIFICATION_ERROR"


@pytest.mark.parametrize("index", [MIN_ENTRIES, 2**31, 10**19])
def test_3_2_step_10_a_range_error_must_be_raised_outside_the_list(index: int) -> None:
    report = asked(entry(index))

    assert problem(report) == OUT_OF_RANGE
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(asked(entry(MIN_ENTRIES - 1))) == "pass"


def test_3_2_step_10_the_range_shrinks_with_the_size() -> None:
    status = entry(MIN_ENTRIES // 2, statusSize=2, statusMessage=messages(4))

    assert problem(asked(status)) == OUT_OF_RANGE


def test_3_2_step_13_a_value_of_zero_alone_is_valid() -> None:
    assert answer(asked(entry(CLEAR))) == "pass"
    assert answer(asked(entry(REVOKED))) == "fail revoked"


def test_3_2_step_14_a_message_is_told_with_its_value() -> None:
    listed = list_credential(subject(CLEAR, statusPurpose="message"))
    status = entry(statusPurpose="message", statusMessage=messages(2))

    report = asked(status, listed)

    (told,) = report.check("credential.status").evidence["entries"]
    assert (told["value"], told["message"]) == (1, "sporočilo 1")


def test_3_4_expansion_gives_back_what_generation_was_given() -> None:
    bits = bytes(range(256)) * 64

    assert StatusList.decode(StatusList(bits).encode()).bits == bits


def test_3_5_types_of_errors_must_be_the_urls_of_the_standard() -> None:
    allowed = (NAMES, "https://www.w3.org/TR/vc-data-model#")
    assert all(url.startswith(allowed) for url in PROBLEMS.values())


def test_3_6_a_list_may_be_secured_otherwise_than_the_credential() -> None:
    assert answer(verify(jwt_with_status(), online={URL: signed()})) == "pass"
    assert answer(verify(jwt_with_status(), online={URL: signed_jwt()})) == "pass"
