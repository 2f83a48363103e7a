"""The signature of a trusted list: genuine ones hold, and none can be wrapped.

Every forged list stands beside its unforged twin: the same bytes before the change.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from conftest import shared_file
from edc_issuer.errors import InputError, Malformed, ProofInvalid
from edc_issuer.trust.lists import xades
from edc_issuer.trust.lists.lotl import official, verify_lotl
from edc_issuer.trust.lists.model import LIST_OF_LISTS, NATIONAL, TrustedList
from edc_issuer.trust.lists.reading import read_list
from edc_issuer.trust.lists.xades import verify_list
from list_attacks import (
    CHANGED,
    MOVED,
    WRAPPED,
    changed_content,
    nested_original,
    parsed,
    written,
)
from trusted_lists import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    PSS,
    RSA_SHA1,
    SHA1,
    TSL,
    Entry,
    ListPlan,
    ListSigner,
    ServicePlan,
    Signing,
    only,
    sign,
)

FOLDER = "samples/trusted-lists"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
Attack = Callable[[bytes], bytes]


@cache
def signer() -> ListSigner:
    return ListSigner.create()


@cache
def rsa_signer() -> ListSigner:
    key = rsa.generate_private_key(65537, 2048)
    return ListSigner.create(key=key)


def plan() -> ListPlan:
    certificate = signer().certificate
    return ListPlan(services=(ServicePlan((certificate,)),))


def sample(name: str) -> bytes:
    return shared_file(f"{FOLDER}/{name}").read_bytes()


@cache
def lotl() -> TrustedList:
    """The real list of lists of 27 September 2023, by way of its pivots."""
    return verify_lotl(
        sample("eu-lotl-332.xml"),
        official().publications,
        pivot=lambda address: sample(address.rpartition("/")[2]),
    )


def signers_of(territory: str) -> list[x509.Certificate]:
    """Who may sign a real list, as the real list of lists says."""
    if territory == "EU":
        return signers(lotl(), "EU", LIST_OF_LISTS)
    return signers(lotl(), territory, NATIONAL)


def signers(of: TrustedList, territory: str, kind: str) -> list[x509.Certificate]:
    return [
        x509.load_der_x509_certificate(der)
        for pointer in of.pointers_to(territory, kind)
        for der in pointer.signers
    ]


REAL = [
    pytest.param("ES.xml", "ES", 146, id="es"),
    pytest.param("HR.xml", "HR", 48, id="hr"),
    pytest.param("SI.xml", "SI", 69, id="si"),
    pytest.param("eu-lotl-332.xml", "EU", 332, id="lotl"),
]


@pytest.mark.parametrize(("name", "territory", "sequence"), REAL)
def test_real_lists_verify(name: str, territory: str, sequence: int) -> None:
    signed = verify_list(sample(name), signers_of(territory))

    found = read_list(signed.root)
    assert (found.territory, found.sequence) == (territory, sequence)
    assert signed.signer.not_valid_after_utc < datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("attack", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("name", ["HR.xml", "SI.xml"])
def test_no_real_list_can_be_wrapped(name: str, attack: Attack) -> None:
    data = sample(name)
    territory = name[:2]
    assert verify_list(data, signers_of(territory))

    with pytest.raises(ProofInvalid):
        verify_list(attack(data), signers_of(territory))


@pytest.mark.parametrize("attack", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("reference", ["", "#list"])
def test_no_list_can_be_wrapped(reference: str, attack: Attack) -> None:
    data = plan().signed(signer(), reference=reference)
    assert verify_list(data, [signer().certificate])

    with pytest.raises(ProofInvalid) as refused:
        verify_list(attack(data), [signer().certificate])
    told_as_changed = CHANGED if reference else CHANGED + MOVED
    is_change = attack.__name__ in told_as_changed
    assert refused.value.reason == ("list-signature" if is_change else "list-wrapped")


def test_a_general_verifier_accepts_what_is_wrapped() -> None:
    """Why lists are verified here: the genuine list inside satisfies it."""
    data = plan().signed(signer(), reference="#list")
    wrapped = nested_original(data)

    assert judged_by_signxml(data)
    assert judged_by_signxml(wrapped)
    with pytest.raises(ProofInvalid):
        verify_list(wrapped, [signer().certificate])


def judged_by_signxml(data: bytes) -> Any:
    from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

    config = XAdESSignatureConfiguration(
        require_x509=True, expect_references=True, verification_time=datetime.now(UTC)
    )
    return XAdESVerifier().verify(
        data, x509_cert=signer().certificate, expect_config=config
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="whole-document"),
        pytest.param({"reference": "#list"}, id="by-the-root's-id"),
        pytest.param({"naming": SHA1, "property_version": ""}, id="named-as-in-2023"),
    ],
)
def test_what_is_signed_as_lists_are_verifies(changes: dict[str, Any]) -> None:
    data = plan().signed(signer(), **changes)

    assert verify_list(data, [signer().certificate]).signer == signer().certificate
    assert judged_by_signxml(data)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"reference": "#scheme"}, "list-wrapped", id="covers-a-part-alone"
        ),
        pytest.param(
            {"covers_properties": False}, "list-wrapped", id="properties-not-covered"
        ),
        pytest.param({"covers_list": False}, "list-wrapped", id="list-not-covered"),
        pytest.param({"also": "#scheme"}, "list-wrapped", id="and-a-part-of-it"),
        pytest.param(
            {"transforms": (EXCLUSIVE,)}, "list-wrapped", id="not-without-itself"
        ),
        pytest.param(
            {"transforms": (ENVELOPED, XPATH, EXCLUSIVE)}, "list-wrapped", id="a-filter"
        ),
        pytest.param(
            {"transforms": (EXCLUSIVE, ENVELOPED)}, "list-wrapped", id="other-order"
        ),
        pytest.param({"names_signer": False}, "list-signer", id="names-no-signer"),
        pytest.param({"digest_method": SHA1}, "list-signature", id="sha-1-digest"),
    ],
)
def test_what_lists_do_not_do_is_refused(changes: dict[str, Any], reason: str) -> None:
    one = plan()
    root = one.xml()
    only(root, f"{{{TSL}}}SchemeInformation").set("Id", "scheme")
    good = sign(one.xml(), signer(), Signing())
    bad = sign(root, signer(), replace(Signing(), **changes))

    assert verify_list(good, [signer().certificate])
    with pytest.raises(ProofInvalid) as refused:
        verify_list(bad, [signer().certificate])
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("method", "holds"),
    [
        pytest.param(None, True, id="rsa-sha256"),
        pytest.param(PSS, True, id="rsa-pss"),
        pytest.param(RSA_SHA1, False, id="rsa-sha1"),
    ],
)
def test_rsa_signatures_need_a_hash_that_holds(method: str | None, holds: bool) -> None:
    data = plan().signed(rsa_signer(), method=method)

    if holds:
        assert verify_list(data, [rsa_signer().certificate])
        return
    with pytest.raises(ProofInvalid, match="algorithm"):
        verify_list(data, [rsa_signer().certificate])


def test_a_weak_key_signs_nothing() -> None:
    weak = ListSigner.create(key=rsa.generate_private_key(65537, 1024))

    with pytest.raises(ProofInvalid) as refused:
        verify_list(plan().signed(weak), [weak.certificate])
    assert refused.value.reason == "list-signature"


def test_one_id_for_two_elements_is_refused_also_where_it_was_signed() -> None:
    good, bad = plan().xml(), plan().xml()
    for root, names in ((good, ("a", "b")), (bad, ("a", "a"))):
        for element, name in zip(next(iter(root)), names, strict=False):
            element.set("Id", name)

    assert verify_list(sign(good, signer(), Signing()), [signer().certificate])
    with pytest.raises(ProofInvalid) as refused:
        verify_list(sign(bad, signer(), Signing()), [signer().certificate])
    assert refused.value.reason == "list-wrapped"


def test_only_a_pinned_certificate_signs() -> None:
    other = ListSigner.create()
    data = plan().signed(signer())

    assert verify_list(data, [other.certificate, signer().certificate])
    with pytest.raises(ProofInvalid) as refused:
        verify_list(data, [other.certificate])
    assert refused.value.reason == "list-signer"


def test_a_pinned_certificate_that_is_only_named_does_not_sign() -> None:
    forger = ListSigner.create()
    data = plan().signed(forger, named=signer().certificate)

    with pytest.raises(ProofInvalid) as refused:
        verify_list(data, [signer().certificate])
    assert refused.value.reason == "list-signature"


def test_a_twin_with_the_same_key_and_name_is_not_pinned() -> None:
    twin = ListSigner.create(key=signer().key)
    data = plan().signed(twin)

    assert verify_list(data, [twin.certificate])
    with pytest.raises(ProofInvalid) as refused:
        verify_list(data, [signer().certificate])
    assert refused.value.reason == "list-signer"


def test_a_signature_value_of_another_length_is_refused() -> None:
    data = plan().signed(signer())
    root = parsed(data)
    value = only(root, f".//{{{DS}}}SignatureValue")
    value.text = base64.b64encode(base64.b64decode(value.text or "") + b"\0").decode()

    with pytest.raises(ProofInvalid) as refused:
        verify_list(written(root), [signer().certificate])
    assert refused.value.reason == "list-signature"


def test_a_comment_hides_nothing_from_the_reader() -> None:
    """A reader that stops at the comment would see another word than was signed."""
    service = ServicePlan((signer().certificate,), Entry(status="withdrawn"))
    data = ListPlan(services=(service,)).signed(signer())
    commented = data.replace(b"withdrawn", b"with<!-- granted -->drawn")
    assert commented != data

    found = read_list(verify_list(commented, [signer().certificate]).root)

    assert [state.status for s in found.services for state in s.states] == ["withdrawn"]


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "b">]>', id="entity"),
        pytest.param(b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', id="external"),
        pytest.param(b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">', id="network"),
    ],
)
def test_a_document_type_is_refused_before_it_is_read(
    hostile: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = plan().signed(signer())
    head, _, rest = data.partition(b"?>")
    monkeypatch.setattr(xades, "_parse", lambda data: pytest.fail("parsed"))

    with pytest.raises(Malformed, match="document type"):
        verify_list(head + b"?>" + hostile + rest, [signer().certificate])


def test_lists_are_utf_8() -> None:
    """Before parsing nobody can tell what a file in another encoding holds."""
    text = plan().signed(signer()).decode().partition("?>")[2]
    head = '<?xml version="1.0" encoding="{}"?>'

    assert verify_list((head.format("utf-8") + text).encode(), [signer().certificate])
    with pytest.raises(Malformed):
        verify_list(
            (head.format("utf-16") + text).encode("utf-16"), [signer().certificate]
        )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-7"])
def test_another_encoding_hides_no_document_type(encoding: str) -> None:
    text = plan().signed(signer()).decode().partition("?>")[2]
    hostile = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x []>{text}'

    with pytest.raises(Malformed):
        verify_list(hostile.encode(encoding), [signer().certificate])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<x/>", id="another-root"),
        pytest.param(b"<a>" * 100_000, id="deep-and-open"),
        pytest.param(b"<a>" * 2000 + b"</a>" * 2000, id="deep"),
        pytest.param(b"\0" * 100, id="no-text"),
        pytest.param(b"%PDF-1.7", id="the-list-as-pdf"),
    ],
)
def test_what_is_no_list_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        verify_list(data, [signer().certificate])


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("<a/>" * 1_000_001, id="tags"),
        pytest.param(
            "<a " + " ".join(f'b{n}=""' for n in range(100_000)) + "/>", id="attributes"
        ),
        pytest.param(
            "<a " + " ".join(f'xmlns:b{n}="u:{n}"' for n in range(5000)) + "/>",
            id="namespaces",
        ),
    ],
)
def test_work_is_bounded_by_counting(
    hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take minutes to canonicalize is refused before it is tried."""
    data = plan().signed(signer())
    bomb = data.replace(b"<SchemeInformation>", f"<SchemeInformation>{hidden}".encode())
    assert len(bomb) > len(data)

    def never(*args: object, **options: object) -> bytes:
        raise AssertionError("canonicalized")

    monkeypatch.setattr(xades, "_canonical", never)
    with pytest.raises(Malformed) as refused:
        verify_list(bomb, [signer().certificate])
    assert refused.value.reason == "limits.size"


def test_a_list_beyond_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = plan().signed(signer())
    monkeypatch.setattr(xades, "MAX_BYTES", len(data))
    assert verify_list(data, [signer().certificate])

    with pytest.raises(Malformed) as refused:
        verify_list(data + b" ", [signer().certificate])
    assert refused.value.reason == "limits.size"


def test_no_damage_to_a_list_raises_anything_else() -> None:
    data = plan().signed(signer())
    read = read_list(verify_list(data, [signer().certificate]).root)

    for place in range(0, len(data), 7):
        damaged = data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]
        try:
            found = read_list(verify_list(damaged, [signer().certificate]).root)
        except InputError:
            continue
        assert found == read  # in a comment, a prefix or the signature's own Ids


def test_a_changed_list_is_told_as_changed() -> None:
    data = plan().signed(signer())

    with pytest.raises(ProofInvalid) as refused:
        verify_list(changed_content(data), [signer().certificate])
    assert refused.value.reason == "list-signature"
