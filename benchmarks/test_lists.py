"""What a trusted list costs: once when it is fetched, and each time it is asked.

The list is made here, as large as the largest national ones (2.2 MB, three hundred
services with their history); the real Spanish one stands beside it where it is at
hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from lxml import etree

from benchmarks.measuring import Rounds
from conftest import shared_file
from edc_issuer.trust import Trust
from edc_issuer.trust.lists.lotl import verify_national
from edc_issuer.trust.lists.model import ListInfo, Pointer
from edc_issuer.trust.lists.snapshot import Lists, keep
from pki import AT, DAY, authority, root, seal
from test_lists_xades import signers_of
from trusted_lists import Entry, ListPlan, ListSigner, ServicePlan, der

SERVICES = 300
PADDING = "Člen seznama zaupanja vrednih storitev. " * 16
CA = authority(root())


@cache
def made() -> tuple[bytes, Pointer]:
    """A national list of 2.2 MB, and the pointer that says who signs it."""
    signer = ListSigner.create()
    services = tuple(
        ServicePlan(
            (CA.certificate if number == 7 else another(number),),
            Entry(),
            (Entry(since=AT - 900 * DAY), Entry(since=AT - 1800 * DAY)),
            name=f"{number} {PADDING}",
        )
        for number in range(SERVICES)
    )
    data = ListPlan(services=services).signed(signer)
    assert 2_000_000 < len(data) < 2_600_000, len(data)
    return data, pointer("SI", der(signer.certificate))


def another(number: int) -> x509.Certificate:
    return root(subject=(("2.5.4.3", f"Drugi overitelj {number}"),)).certificate


def real() -> tuple[bytes, Pointer]:
    """The Spanish list of October 2023, and who may sign it."""
    data = shared_file("samples/trusted-lists/ES.xml").read_bytes()
    return data, pointer("ES", *map(der, signers_of("ES")))


def pointer(territory: str, *signers: bytes) -> Pointer:
    return Pointer("https://x", territory, "EUgeneric", "", signers)


def load(source: tuple[bytes, Pointer], directory: Path) -> Lists:
    """Verify one national list and keep what it vouches for."""
    data, one = source
    found = verify_national(data, [one])
    info = ListInfo(one.territory, found.sequence, found.issued, None, "", AT, "")
    return keep(directory, Lists(), found, info)


@pytest.mark.parametrize("source", [made, real], ids=["made", "real"])
def test_national_list_of_2_mb_verified_and_indexed(
    rounds: Rounds, tmp_path: Path, source: Callable[[], tuple[bytes, Pointer]]
) -> None:
    rounds.benchmark.group = "trusted lists"
    given = source()
    assert load(given, tmp_path).services(given[1].territory)

    rounds.alone(lambda: load(given, tmp_path), rounds=10, most_ms=1000)


def test_a_list_beside_its_parsing_alone(rounds: Rounds, tmp_path: Path) -> None:
    rounds.benchmark.group = "trusted lists"
    given = made()

    rounds.beside(
        lambda: load(given, tmp_path),
        lambda: etree.fromstring(given[0]),
        against="lxml, which only parses it",
        rounds=10,
    )


def test_one_seal_asks_a_snapshot(rounds: Rounds, tmp_path: Path) -> None:
    """Load the trust folder, find the services of one seal, and qualify it."""
    rounds.benchmark.group = "trusted lists"
    load(made(), tmp_path)
    certificate = seal(CA)

    def ask() -> str:
        trust = Trust.load(tmp_path)
        anchors = trust.seal_anchors_for(certificate, signed_at=AT)
        path = (certificate, anchors[0].certificate)
        return trust.qualify(path, signed_at=AT).word

    assert ask() == "AdESeal-QC"
    rounds.alone(ask, rounds=50, most_ms=15)
