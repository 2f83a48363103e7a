"""The list of lists: from a publication by way of its pivots, and no other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import hashes

from conftest import shared_file
from edc_issuer.errors import ProofInvalid
from edc_issuer.report_text import places
from edc_issuer.report_text.places import LIST_HOSTS
from edc_issuer.trust.lists.lotl import (
    Publication,
    official,
    verify_lotl,
    verify_national,
)
from edc_issuer.trust.lists.model import NATIONAL, TrustedList
from list_attacks import changed_content, nested_original
from pki import AT, DAY
from trusted_lists import JOURNAL, ListPlan, ListSigner, ListWorld, PointerPlan

FOLDER = "samples/trusted-lists"
URL = "https://lists.example"


def sample(name: str) -> bytes:
    return shared_file(f"{FOLDER}/{name}").read_bytes()


def beside(address: str) -> bytes:
    return sample(address.rpartition("/")[2])


@cache
def world() -> ListWorld:
    return ListWorld.create((), url=URL)


def publication(**changes: object) -> Publication:
    made = Publication("OJ 1", (JOURNAL,), (world().journal.certificate,))
    return replace(made, **changes)  # type: ignore[arg-type]


def judged(
    files: dict[str, bytes], published: Publication | None = None
) -> TrustedList:
    return verify_lotl(
        files["lotl.xml"],
        [published or publication()],
        pivot=lambda address: files[address.rpartition("/")[2]],
    )


def test_the_real_list_is_reached_from_the_journal_by_its_pivots() -> None:
    asked: list[str] = []

    def pivot(address: str) -> bytes:
        asked.append(address.rpartition("/")[2])
        return beside(address)

    found = verify_lotl(sample("eu-lotl-332.xml"), official().publications, pivot=pivot)

    assert found.sequence == 332
    assert asked == ["eu-lotl-pivot-282.xml", "eu-lotl-pivot-300.xml"]


def test_the_hosts_that_are_told_beforehand_are_those_of_the_list_they_name() -> None:
    found = verify_lotl(
        sample("eu-lotl-332.xml"), official().publications, pivot=beside
    )

    hosts = {
        {"EL": "GR"}.get(pointer.territory, pointer.territory): urlsplit(
            pointer.url
        ).hostname
        for pointer in found.pointers
        if pointer.type == NATIONAL and pointer.territory != "UK"
    }
    assert hosts == LIST_HOSTS
    assert f"{found.issued:%Y-%m-%d}" in str(places.__doc__)


def test_a_pivot_is_itself_a_list_that_is_reached() -> None:
    found = verify_lotl(
        sample("eu-lotl-pivot-282.xml"), official().publications, pivot=beside
    )

    assert found.sequence == 282


def test_the_real_list_is_not_reached_by_the_new_journal() -> None:
    newest = [one for one in official().publications if one.until is None]

    with pytest.raises(ProofInvalid) as refused:
        verify_lotl(sample("eu-lotl-332.xml"), newest, pivot=beside)
    assert refused.value.reason == "list-publication"


@pytest.mark.parametrize("forged", ["eu-lotl-pivot-282.xml", "eu-lotl-pivot-300.xml"])
@pytest.mark.parametrize("attack", [changed_content, nested_original])
def test_a_forged_pivot_ends_the_way(
    forged: str, attack: Callable[[bytes], bytes]
) -> None:
    def pivot(address: str) -> bytes:
        data = beside(address)
        return attack(data) if address.endswith(forged) else data

    with pytest.raises(ProofInvalid):
        verify_lotl(sample("eu-lotl-332.xml"), official().publications, pivot=pivot)


def test_what_ships_of_the_journal() -> None:
    """Eight certificates of 2019 and six of 2026; one of them stands in both."""
    newest, before = official().publications
    prints = [
        {one.fingerprint(hashes.SHA256()).hex() for one in published.signers}
        for published in (newest, before)
    ]

    assert (newest.reference, len(prints[0])) == ("OJ C/2026/1944", 6)
    assert (before.reference, len(prints[1])) == ("OJ C 276, 16.8.2019", 8)
    assert prints[0] & prints[1] == {
        "d2064fdd70f6982dcc516b86d9d5c56aea939417c624b2e478c0b29de54f8474"
    }
    assert before.until == datetime(2026, 4, 14, tzinfo=UTC)


def test_the_way_leads_from_the_journal_over_a_pivot() -> None:
    found = judged(world().files())

    assert (found.territory, found.sequence) == ("EU", 5)
    assert [one.territory for one in found.pointers] == ["EU", "SI"]


def test_without_the_pivot_the_list_is_signed_by_a_stranger() -> None:
    files = world().files()
    plan = replace(world().lotl_plan, addresses=(JOURNAL,))
    files["lotl.xml"] = plan.signed(world().commission)

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-signer"


def test_the_journals_signer_signs_nothing_behind_a_pivot_that_left_it_out() -> None:
    files = world().files()
    files["lotl.xml"] = world().lotl_plan.signed(world().journal)

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-signer"


def test_a_list_that_names_no_known_publication_is_not_believed() -> None:
    files = world().files()
    other = "https://journal.example/OJ-2"
    files["lotl.xml"] = replace(world().lotl_plan, addresses=(other,)).signed(
        world().journal
    )

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-publication"
    assert "newer version" in str(refused.value)


def test_a_replaced_publication_signs_nothing_that_is_new() -> None:
    files = world().files()
    issued = world().lotl_plan.issued

    assert judged(files, publication(until=issued + DAY))
    with pytest.raises(ProofInvalid) as refused:
        judged(files, publication(until=issued))
    assert refused.value.reason == "list-publication"


@pytest.mark.parametrize(
    "sequence",
    [pytest.param(6, id="newer"), pytest.param(900, id="much-newer")],
)
def test_a_pivot_is_no_newer_than_what_it_leads_to(sequence: int) -> None:
    files = world().files()
    pivot = replace(world().pivot_plan, sequence=sequence)
    files["lotl-pivot-2.xml"] = pivot.signed(world().journal)

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-pivot"


@pytest.mark.parametrize(
    ("first", "then"), [pytest.param(2, 3, id="good"), pytest.param(3, 2, id="bad")]
)
def test_pivots_come_in_their_order(first: int, then: int) -> None:
    files = world().files()
    addresses = (f"{URL}/then.xml", f"{URL}/first.xml", JOURNAL)
    pivot = replace(world().pivot_plan, addresses=addresses)
    files["first.xml"] = replace(pivot, sequence=first).signed(world().journal)
    files["then.xml"] = replace(pivot, sequence=then).signed(world().commission)
    files["lotl.xml"] = replace(world().lotl_plan, addresses=addresses).signed(
        world().commission
    )

    if first < then:
        assert judged(files).sequence == 5
        return
    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-pivot"


def test_a_pivot_that_names_only_others_is_itself_the_list_on_its_day() -> None:
    files = world().files()
    files["lotl.xml"] = files["lotl-pivot-2.xml"]

    assert judged(files).sequence == 2
    files["lotl.xml"] = world().pivot_plan.signed(world().journal)  # signed anew
    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-signer"


def test_a_pivot_of_another_kind_leads_nowhere() -> None:
    files = world().files()
    pivot = replace(world().pivot_plan, kind="EUgeneric")
    files["lotl-pivot-2.xml"] = pivot.signed(world().journal)

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-pivot"


def test_a_pivot_that_names_nobody_leads_nowhere() -> None:
    files = world().files()
    pivot = replace(world().pivot_plan, pointers=())
    files["lotl-pivot-2.xml"] = pivot.signed(world().journal)

    with pytest.raises(ProofInvalid) as refused:
        judged(files)
    assert refused.value.reason == "list-pivot"


def test_there_is_an_end_to_pivots() -> None:
    many = tuple(f"{URL}/lotl-pivot-{n}.xml" for n in range(31))
    plan = replace(world().lotl_plan, addresses=(*many, JOURNAL))

    with pytest.raises(ProofInvalid) as refused:
        judged({"lotl.xml": plan.signed(world().commission)})
    assert refused.value.reason == "list-pivot"


def test_a_national_list_is_signed_by_whom_the_list_of_lists_names() -> None:
    lotl = judged(world().files())
    pointers = lotl.pointers_to("SI", NATIONAL)
    plan = world().national_plan

    assert verify_national(plan.signed(world().operator), pointers).territory == "SI"
    with pytest.raises(ProofInvalid) as refused:
        verify_national(plan.signed(world().commission), pointers)
    assert refused.value.reason == "list-signer"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"territory": "HR"}, id="of-another-country"),
        pytest.param({"kind": "EUlistofthelists"}, id="of-another-kind"),
    ],
)
def test_a_genuine_list_is_not_taken_for_another(changes: dict[str, str]) -> None:
    lotl = judged(world().files())
    data = replace(world().national_plan, **changes).signed(world().operator)  # type: ignore[arg-type]

    with pytest.raises(ProofInvalid) as refused:
        verify_national(data, lotl.pointers_to("SI", NATIONAL))
    assert refused.value.reason == "list-other"


def test_the_pdf_of_a_list_is_no_pointer_to_it() -> None:
    pdf = PointerPlan(f"{URL}/SI.pdf", "SI", (), mime_type="application/pdf")
    plan = ListPlan(
        territory="EU", kind="EUlistofthelists", addresses=(JOURNAL,), pointers=(pdf,)
    )
    signer = ListSigner.create()
    found = verify_lotl(
        plan.signed(signer),
        [publication(signers=(signer.certificate,))],
        pivot=lambda address: b"",
    )

    assert [one.url for one in found.pointers] == [f"{URL}/SI.pdf"]
    assert found.pointers_to("SI", NATIONAL) == ()
    assert found.issued < AT
