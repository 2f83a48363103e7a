"""Names, identifiers, algorithms: the same, only looking the same, until when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.jose import PublicKey
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.algorithms import digest_end, end_of, is_listed
from edc_issuer.trust.issuers import (
    imitates,
    look_alike,
    punycode,
    same_identifier,
    same_name,
    trusted_issuer,
)

AT = datetime(2026, 11, 20, tzinfo=UTC)
LONG = "Javni zavod Srednja šola za strojništvo, elektrotehniko in raču"  # 63 letters
RSA_2048 = rsa.generate_private_key(65537, 2048).public_key()
RSA_3072 = rsa.generate_private_key(65537, 3072).public_key()
P256 = ec.generate_private_key(ec.SECP256R1()).public_key()
ED25519 = ed25519.Ed25519PrivateKey.generate().public_key()


@pytest.mark.parametrize(
    ("proved", "stated"),
    [
        ("Srednja šola Zgled", "SREDNJA ŠOLA ZGLED"),
        ("Srednja šola Zgled", "Srednja sola Zgled"),
        ("Srednja šola Zgled, d.o.o.", "Srednja šola »Zgled« doo"),
        ("Srednja šola Zgled", "Srednja  šola - Zgled"),
        ("Učilište Đuro", "Uciliste Duro"),
        ("Schule Groß", "Schule GROSS"),
        ("Техничка школа Пример", "ТЕХНИЧКА ШКОЛА „ПРИМЕР“"),
        ("ﬁnance", "finance"),
        (LONG, LONG + "nalništvo Zgled"),
    ],
)
def test_names_are_the_same_after_folding(proved: str, stated: str) -> None:
    assert same_name(proved, stated)


@pytest.mark.parametrize(
    ("proved", "stated"),
    [
        ("Srednja šola Zgled", "Srednja šola Primer"),
        ("Srednja šola Zgled", "Srednja šola Zgled Ljubljana"),
        ("Srednja šola Zgled 1", "Srednja šola Zgled 2"),
        ("Srednja šola Zgled", "Srednja šоla Zgled"),  # a Cyrillic о
        ("Техничка школа", "Tehnička škola"),
        ("", ""),
        ("---", "..."),
        (LONG[:50], LONG),
        (LONG + "nalništvo Zgled", LONG),
    ],
)
def test_other_names_are_other_names(proved: str, stated: str) -> None:
    assert not same_name(proved, stated)


@given(st.text(max_size=70))
def test_a_name_with_a_letter_is_itself(name: str) -> None:
    assert same_name(name, name) or not any(c.isalnum() for c in name)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NTRSI-1234567", "NTRSI-1234567", True),
        ("NTRDE-HRB 00000", "ntrde-hrb00000", True),
        ("VATEL-123456789", "VATGR-123456789", True),
        ("NTRSI-1234567", "VATSI-1234567", False),
        ("NTRSI-1234567", "NTRHR-1234567", False),
        ("NTRSI-1234567", "1234567", False),
        ("NTRSI-1234567", "NTRSI-1234568", False),
        ("NTRSI--", "NTRSI-.", False),
        ("did:web:a.example", "did:web:a.example", True),
        ("did:web:a.example", "did:web:A.example", False),
        ("did:web:a.example", "did:web:a.example#key", False),
        ("https://a.example/", "https://a.example", False),
        ("", "", False),
        (" ", " ", False),
    ],
)
def test_identifiers_are_type_country_and_number(
    one: str, other: str, same: bool
) -> None:
    assert same_identifier(one, other) is same
    assert same_identifier(other, one) is same


@pytest.mark.parametrize(
    "name",
    [
        "Srednja strokovna šola Zgled",
        "Техничка школа Пример",
        "Техничка школа у Београду (Technical School in Belgrade)",
        "Гимназија IV",
        "Πανεπιστήμιο Παραδείγματος",
        "Učilište Primjer / Училиште Примјер",
        "Škola 3D+ č ć đ š ž",
        "Bildungsgesellschaft Beispiel mbH",
        "",
    ],
)
def test_honest_names_in_any_script_are_not_suspected(name: str) -> None:
    assert look_alike(name) == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Univеrza v Ljubljani", "several scripts", id="cyrillic-е"),
        pytest.param("Uniνerza v Ljubljani", "several scripts", id="greek-ν"),
        pytest.param("Srednja šola ЅТАRТ", "several scripts", id="half-cyrillic"),
        pytest.param("Srednja šola ОРЕХ", "look like Latin", id="cyrillic-word"),
        pytest.param("ОРЕХ", "look like Latin", id="nothing-but-twins"),
        pytest.param("Univerza\u200bv Ljubljani", "cannot be seen", id="zero-width"),
        pytest.param("Univerza \u202eanajbujL", "cannot be seen", id="right-to-left"),
    ],
)
def test_letters_that_only_look_like_others_are_told(name: str, words: str) -> None:
    (told,) = look_alike(name)

    assert words in told


def test_an_imitation_of_a_known_name_is_told() -> None:
    known = ["Univerza v Ljubljani", "Техничка школа"]

    assert imitates("Univеrza v Ljubljani", known) == "Univerza v Ljubljani"
    assert imitates("UNIVERZA V LJUBLJANI", known) is None
    assert imitates("Univerza v Mariboru", known) is None


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("did:web:xn--ola-zza.example", "did:web:šola.example"),
        ("https://xn--ola-zza.example/a", "https://šola.example/a"),
        ("did:web:sola.example", None),
        ("did:web:xn--.example", "did:web:xn--.example"),
        ("https://xn--a-ecp.ru", "https://xn--a-ecp.ru"),
    ],
)
def test_hidden_letters_in_hosts_are_shown(address: str, read: str | None) -> None:
    assert punycode(address) == read


def test_the_operators_word_is_found_by_identifier() -> None:
    trust = Trust(issuers=(TrustedIssuer("NTRSI-1234567", ("Šola Zgled",)),))

    assert trusted_issuer(trust, "ntrsi-123 4567", AT) == trust.issuers[0]
    assert trusted_issuer(trust, "VATSI-1234567", AT) is None


# --- algorithms ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("algorithm", "key", "end"),
    [
        ("RS256", RSA_2048, date(2029, 1, 1)),
        ("RS512", RSA_3072, date(2029, 1, 1)),
        ("PS256", RSA_2048, date(2029, 1, 1)),
        ("PS256", RSA_3072, None),
        ("ES256", P256, None),
        ("ecdsa-rdfc-2019", P256, None),
        ("EdDSA", ED25519, None),
    ],
)
def test_the_table_dates_each_algorithm(
    algorithm: str, key: PublicKey, end: date | None
) -> None:
    assert end_of(algorithm, key) == end


def test_the_earlier_end_counts() -> None:
    assert end_of("ES256", P256, digest="sha1") == date(2012, 8, 1)
    assert end_of("RS256", RSA_2048, digest="sha256") == date(2029, 1, 1)
    weak = rsa.generate_private_key(65537, 1024).public_key()
    assert end_of("PS256", weak) == date(2019, 10, 1)


def test_an_unknown_digest_is_never_enough() -> None:
    assert digest_end("whirlpool") == date.min
    assert digest_end("SHA384") is None


def test_eddsa_is_sound_and_not_in_the_table() -> None:
    assert [is_listed(a) for a in ("EdDSA", "eddsa-rdfc-2022", "ES256", "none")] == [
        False,
        False,
        True,
        False,
    ]
