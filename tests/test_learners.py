"""Do the parts belong to one learner? Rule ST-02, by sure signs only."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from edc_issuer.rules.learners import fold, identities_of
from edc_issuer.rules.stacking import assess
from stacks import (
    DAY,
    NAMES,
    Data,
    asked,
    of_another_school,
    part_dict,
    passed,
    told,
    whole,
)


def people(first: Data, second: Data) -> str:
    """The answer for two parts whose learners are changed."""

    def change(data: Data, parts: list[Data]) -> None:
        parts[0]["learner"] = {"given_name": "Đorđe", "family_name": "Čož", **first}
        parts[1]["learner"] = {"given_name": "Đorđe", "family_name": "Čož", **second}
        parts[2]["learner"] = parts[0]["learner"]

    found = [one for one in asked(change).findings if one.rule == "ST-02"]
    return "; ".join(f"{one.severity} {one.detail}" for one in found)


BORN = {"date_of_birth": "2007-03-14"}
EMSO = {"value": "EMSO-1", "country": "SI"}


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (BORN, BORN, ""),
        (BORN, {**BORN, "given_name": "Djordje", "family_name": "COZ"}, ""),
        (BORN, {**BORN, "given_name": "Ђорђе", "family_name": "Чож"}, ""),
        (BORN, {**BORN, "given_name": "Marko"}, "unknown S4G-ECN"),
        (BORN, {"date_of_birth": "2007-03-15"}, "error S4G-ECN"),
        # A name alone is nobody.
        ({"email": "x@example.org"}, {}, "unknown S4G-ECN"),
        ({"national_id": EMSO}, {"national_id": EMSO}, ""),
        (
            {"national_id": EMSO},
            {"national_id": {**EMSO, "value": "EMSO-2"}},
            "error S4G-ECN",
        ),
        # Numbers of two countries cannot be compared.
        (
            {"national_id": EMSO},
            {"national_id": {**EMSO, "country": "HR"}},
            "unknown S4G-ECN",
        ),
        ({"internal_id": "7"}, {"internal_id": "7"}, ""),
        ({"internal_id": "7"}, {"internal_id": "8"}, "error S4G-ECN"),
        # A class is numbered from one again every year.
        (
            {"internal_id": "7"},
            {"internal_id": "7", "given_name": "Bor", "family_name": "Kos"},
            "unknown S4G-ECN",
        ),
        (
            {"internal_id": "7", **BORN},
            {"internal_id": "7", **BORN, "family_name": "Kos"},
            "",
        ),
        ({"subject_did": "did:key:z1"}, {"subject_did": "did:key:z1"}, ""),
        # What one record does not say is no sign at all.
        ({**BORN, "internal_id": "7"}, BORN, ""),
        ({**BORN, "internal_id": "7"}, {"internal_id": "7"}, ""),
        ({**BORN, "national_id": EMSO}, BORN, ""),
    ],
)
def test_the_learner_is_known_by_sure_signs_only(
    first: Data, second: Data, answer: str
) -> None:
    # The third part has the learner of the first; only a name leaves it open too.
    assert people(first, second).split("; ")[0] == answer


def test_a_number_of_another_school_means_nothing() -> None:
    def change(data: Data, parts: list[Data]) -> None:
        of_another_school(data, parts)
        for part, number in zip(parts, ("1", "1", "1"), strict=True):
            part["learner"] = {
                "given_name": "Ana",
                "family_name": "Vzorec",
                "internal_id": number,
            }

    found = asked(change)

    assert ("ST-02", "unknown") in told(found)


def test_a_school_is_known_by_any_identifier_that_both_records_have() -> None:
    def change(data: Data, parts: list[Data]) -> None:
        nobody = {"given_name": "Ana", "family_name": "Vzorec", "internal_id": "7"}
        for part in parts:
            part["learner"] = nobody
        for member in ("legal_identifier", "registration"):
            del parts[0]["issuer"][member]

    assert asked(change).answer == "eligible"


def badge(**subject: Any) -> frozenset[str]:
    return identities_of({"credentialSubject": subject})


def hashed(mail: str, salt: str) -> Data:
    digest = hashlib.sha256((mail + salt).encode()).hexdigest()
    return {"hashed": True, "identityHash": f"sha256${digest}", "salt": salt}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (badge(id="did:key:z1"), badge(id="did:key:z1"), True),
        (badge(id="did:key:z1"), badge(id="did:key:z2"), False),
        (
            badge(identifier=[hashed("a@x.example", "s")]),
            badge(identifier=[hashed("a@x.example", "s")]),
            True,
        ),
        (
            badge(identifier=[hashed("a@x.example", "s")]),
            badge(identifier=[hashed("a@x.example", "t")]),
            False,
        ),
    ],
)
def test_badges_are_compared_by_did_or_by_hash_and_salt(
    one: frozenset[str], other: frozenset[str], same: bool
) -> None:
    nameless = {"given_name": "Ana", "family_name": "Vzorec"}
    parts = []
    for name, identities in zip(NAMES, (one, other, one), strict=True):
        data = part_dict(name) | {"learner": nameless}
        parts.append(passed(data, identities=identities))

    found = assess(whole(), parts, at=DAY)

    assert found.answer == ("eligible" if same else "unknown")


def test_a_hash_fits_the_mail_that_a_record_names() -> None:
    known, hidden = part_dict("ecological"), part_dict("economic")
    known["learner"] = {
        "given_name": "Ana",
        "family_name": "Vzorec",
        "email": "a@x.example",
    }
    hidden["learner"] = {"given_name": "A.", "family_name": "V."}
    third = part_dict("social") | {"learner": known["learner"]}
    identities = badge(identifier=[hashed("a@x.example", "sol")])
    wrong = badge(identifier=[hashed("b@x.example", "sol")])

    def answers(found: frozenset[str]) -> list[object]:
        parts = [passed(known), passed(hidden, identities=found), passed(third)]
        told = assess(whole(), parts, at=DAY).findings
        return [one.detail for one in told if one.rule == "ST-02"]

    assert answers(identities) == ["S4G-SOC"]  # two clear mails are no sure sign
    assert answers(wrong) == ["S4G-ECN", "S4G-SOC"]


@pytest.mark.parametrize(
    ("nonsense"),
    [
        {},
        {"credentialSubject": 3},
        {"credentialSubject": [{"identifier": "x"}, None]},
        {"credentialSubject": {"identifier": {"hashed": True, "identityHash": 3}}},
        {"credentialSubject": {"identifier": {"hashed": False, "identityHash": "x"}}},
    ],
)
def test_a_credential_without_identities_has_none(nonsense: Data) -> None:
    assert identities_of(nonsense) == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ćiro Šljivić", "ЋИРО ШЉИВИЋ"), ("Đorđe", "Djordje"), ("Žiga-Džon", "zigadzon")],
)
def test_names_are_folded_over_case_marks_and_script(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(one) != fold(other + "a")
