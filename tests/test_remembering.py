"""What is known of a certificate is remembered, and never told of another one."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms import certificate as certificates
from edc_issuer.cms import remembering
from edc_issuer.cms.remembering import remembered
from edc_issuer.keys.testpki import TestPki
from edc_issuer.trust.path import is_issued_by
from world import SCHOOL


class Thing:
    """Something that can be asked about."""


def test_the_same_object_is_asked_about_once() -> None:
    asked: list[tuple[Thing, ...]] = []

    @remembered
    def ask(*things: Thing) -> int:
        asked.append(things)
        return len(asked)

    one, other = Thing(), Thing()

    assert [ask(one), ask(other), ask(one), ask(one, other)] == [1, 2, 1, 3]


def test_another_object_in_the_same_place_gets_its_own_answer() -> None:
    """An object's number is given again as soon as nobody holds the object."""
    ask = remembered(lambda thing: thing.name)
    for number in range(5_000):
        thing = Thing()
        thing.name = number  # type: ignore[attr-defined]

        assert ask(thing) == number
        del thing
        gc.collect(0)


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 10)
    asked: list[Thing] = []
    ask = remembered(asked.append)
    things = [Thing() for _ in range(25)]
    for thing in things:
        ask(thing)
    held = sum(
        any(thing in given for given, _ in cell.cell_contents.values())
        for thing in things
        for cell in ask.__closure__ or ()
        if isinstance(cell.cell_contents, dict)
    )

    assert len(asked) == 25
    assert held <= 10


def test_what_raises_is_asked_again() -> None:
    answers = iter([None, "settled"])

    @remembered
    def ask(thing: Thing) -> str:
        answer = next(answers)
        if answer is None:
            raise ValueError
        return answer

    thing = Thing()
    with pytest.raises(ValueError):
        ask(thing)
    assert ask(thing) == "settled"


def test_one_text_is_one_certificate_and_long_ones_are_none() -> None:
    pki = TestPki.create([SCHOOL], at=datetime(2026, 9, 1, tzinfo=UTC))
    der = pki.root.certificate.public_bytes(Encoding.DER)

    assert certificates.load(der) is certificates.load(bytes(bytearray(der)))
    assert certificates.load(der) == x509.load_der_x509_certificate(der)
    with pytest.raises(ValueError, match="no certificate"):
        certificates.load(der + bytes(certificates.MAX_BYTES))


def test_who_issued_whom_is_not_mixed_up() -> None:
    """Two authorities of one name: each vouches for its own, asked in any order."""
    one, other = (
        TestPki.create([SCHOOL], at=datetime(2026, 9, 1, tzinfo=UTC)) for _ in range(2)
    )
    seals = [pki.seals[0].certificate for pki in (one, other)]
    roots = [pki.seal_ca.certificate for pki in (one, other)]
    for _ in range(2):
        found = [[is_issued_by(seal, root) for root in roots] for seal in seals]
        assert found == [[True, False], [False, True]]


def test_a_keyword_is_refused_for_it_would_be_no_part_of_the_question() -> None:
    ask = remembered(lambda thing: thing.name)

    with pytest.raises(TypeError, match="thing"):
        ask(thing=Thing())  # type: ignore[call-arg]
