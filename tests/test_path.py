"""Certificate paths: the good one holds, and each fault has its own word."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.cms import der, issuer_text, subject_text
from edc_issuer.cms.seal import names_organisation, seal_problem, whose
from edc_issuer.keys.testpki import Authority, self_signed
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import (
    MAX_LENGTH,
    MAX_SIGNATURES,
    _Search,
    build_path,
    issuers_of,
    weak_signature,
)
from edc_issuer.trust.revocation import path_revocations
from pki import AT, DAY, anchor, authority, crl, new_key, root, seal

SEALED = "samples/edc/Sample-MC-Annex1-signed.jsonld"
NAME_CONSTRAINTS = "2.5.29.30"
POLICY_CONSTRAINTS = "2.5.29.36"
COUNTRY = "2.5.4.6"


@dataclass(frozen=True)
class World:
    """A root, a CA and a seal, each made with some fields changed."""

    root: Authority
    ca: Authority
    seal: x509.Certificate

    @classmethod
    def create(
        cls,
        *,
        of_root: dict[str, Any] | None = None,
        of_ca: dict[str, Any] | None = None,
        of_seal: dict[str, Any] | None = None,
    ) -> World:
        top = root(**(of_root or {}))
        ca = authority(top, **(of_ca or {}))
        return cls(top, ca, seal(ca, **(of_seal or {})))

    def path(self, **changes: Any) -> Any:
        given = {
            "pool": [self.ca.certificate],
            "anchors": [anchor(self.root.certificate)],
            "at": AT,
        }
        return build_path(self.seal, **{**given, **changes})


WORLD = World.create()


@pytest.fixture(scope="module")
def world() -> World:
    return WORLD


def name(*pairs: tuple[str, str]) -> bytes:
    rdns = [
        der.encode(
            der.SET,
            der.sequence(der.oid(oid), der.encode(der.UTF8_STRING, value.encode())),
        )
        for oid, value in pairs
    ]
    return der.sequence(*rdns)


def subtrees(tag: int, *bases: bytes) -> bytes:
    return der.encode(tag, *(der.sequence(base) for base in bases))


def directory(*pairs: tuple[str, str]) -> bytes:
    return der.encode(0xA4, name(*pairs))


def constrained(*parts: bytes) -> dict[str, Any]:
    return {"extra": ((NAME_CONSTRAINTS, True, der.sequence(*parts)),)}


# --- what holds ---------------------------------------------------------------------


def test_the_good_path_leads_from_the_seal_to_its_anchor(world: World) -> None:
    result = world.path()

    assert result.is_good
    assert result.reason == ""
    assert result.anchor.certificate == world.root.certificate
    assert result.certificates == (
        world.seal,
        world.ca.certificate,
        world.root.certificate,
    )


def test_an_anchored_intermediate_ends_the_path(world: World) -> None:
    result = world.path(pool=[], anchors=[anchor(world.ca.certificate)])

    assert result.is_good
    assert result.certificates == (world.seal, world.ca.certificate)


def test_a_pinned_certificate_is_its_own_path(world: World) -> None:
    result = world.path(anchors=[anchor(world.seal, pinned=True)])

    assert result.is_good
    assert result.certificates == (world.seal,)


def test_a_pinned_certificate_vouches_for_nobody_below_it() -> None:
    school = self_signed_school()
    forged = seal(school)

    pinned = anchor(school.certificate, pinned=True)

    assert build_path(forged, pool=[], anchors=[pinned], at=AT).reason == "no-chain"


def self_signed_school() -> Authority:
    from pki import school_plan

    return self_signed(school_plan(), new_key(), serial=5)


# --- what does not ------------------------------------------------------------------


def test_without_anchors_there_is_no_chain(world: World) -> None:
    result = world.path(anchors=[])

    assert result.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert (result.reason, result.anchor) == ("no-chain", None)
    assert not result.is_fail


def test_a_root_that_came_with_the_file_is_no_anchor(world: World) -> None:
    result = world.path(pool=[world.ca.certificate, world.root.certificate], anchors=[])

    assert result.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_self_signed_seal_with_the_schools_name_leads_nowhere(world: World) -> None:
    forged = self_signed_school().certificate
    anchors = [anchor(world.root.certificate)]

    result = build_path(forged, pool=[forged], anchors=anchors, at=AT)

    assert result.reason == "no-chain"


def test_an_authority_with_the_right_name_and_another_key_is_not_it(
    world: World,
) -> None:
    twin = root()
    assert twin.certificate.subject == world.root.certificate.subject

    result = world.path(anchors=[anchor(twin.certificate)])

    assert result.reason == "no-chain"


def demanded_policy() -> tuple[str, bool, bytes]:
    return (POLICY_CONSTRAINTS, True, der.sequence(der.encode(0x80, b"\x00")))


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(
            lambda: World.create(of_ca={"ca": False, "path_length": None}),
            id="ca-false",
        ),
        pytest.param(
            lambda: World.create(of_ca={"key_usage": ("cRLSign",)}), id="no-keyCertSign"
        ),
        pytest.param(
            lambda: World.create(of_root={"key_usage": ("cRLSign",)}),
            id="anchor-without-keyCertSign",
        ),
        pytest.param(
            lambda: World.create(of_root={"path_length": 0}), id="path-length"
        ),
        pytest.param(
            lambda: World.create(of_seal={"extra": (("1.2.3.4", True, b"\x05\x00"),)}),
            id="unknown-critical-in-seal",
        ),
        pytest.param(
            lambda: World.create(of_ca={"extra": (("1.2.3.4", True, b"\x05\x00"),)}),
            id="unknown-critical-in-ca",
        ),
        pytest.param(
            lambda: World.create(of_ca={"extra": (demanded_policy(),)}),
            id="demanded-policy",
        ),
        pytest.param(
            lambda: World.create(
                of_ca=constrained(subtrees(0xA0, directory((COUNTRY, "HR"))))
            ),
            id="name-not-permitted",
        ),
        pytest.param(
            lambda: World.create(
                of_ca=constrained(subtrees(0xA1, directory((COUNTRY, "si"))))
            ),
            id="name-excluded",
        ),
        pytest.param(
            lambda: World.create(
                of_ca={"extra": ((NAME_CONSTRAINTS, True, b"\x30\x80"),)}
            ),
            id="unreadable-constraints",
        ),
        pytest.param(
            lambda: World.create(of_ca={"not_before": AT + DAY}), id="ca-not-yet-valid"
        ),
    ],
)
def test_constraints_of_the_chain_are_kept(
    bad: Callable[[], World], world: World
) -> None:
    result = bad().path()

    assert world.path().is_good
    assert result.sub_indication == "CHAIN_CONSTRAINTS_FAILURE"
    assert result.reason == "chain-constraints"
    assert not result.is_fail


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(subtrees(0xA0, directory((COUNTRY, "si"))), id="permitted"),
        pytest.param(subtrees(0xA1, directory((COUNTRY, "HR"))), id="other-excluded"),
        pytest.param(subtrees(0xA0, b"\x82\x0bexample.org"), id="permits-only-hosts"),
    ],
)
def test_a_name_inside_the_constraints_passes(parts: bytes) -> None:
    assert World.create(of_ca=constrained(parts)).path().is_good


@pytest.mark.parametrize(
    ("limit", "host", "is_good"),
    [
        ("school.example", "www.school.example", True),
        ("school.example", "school.example", True),
        ("school.example", "notschool.example", False),
        ("other.example", "www.school.example", False),
    ],
)
def test_host_names_are_kept_inside_their_domain(
    limit: str, host: str, is_good: bool
) -> None:
    base = der.encode(0x82, limit.encode())
    names = der.sequence(der.encode(0x82, host.encode()))

    bound = World.create(
        of_ca=constrained(subtrees(0xA0, base)),
        of_seal={"extra": (("2.5.29.17", False, names),)},
    )

    assert bound.path().is_good is is_good


@pytest.mark.parametrize("tag", [0xA0, 0xA1], ids=["permitted", "excluded"])
def test_constraints_of_a_kind_not_judged_are_no_permission(tag: int) -> None:
    address = der.encode(0x87, bytes(4))  # an IP address
    bound = World.create(
        of_ca=constrained(subtrees(tag, der.encode(0x87, bytes(8)))),
        of_seal={"extra": (("2.5.29.17", False, der.sequence(address)),)},
    )

    assert bound.path().reason == "chain-constraints"


def test_an_expired_seal_is_out_of_bounds() -> None:
    bad = World.create(of_seal={"not_after": AT - timedelta(seconds=1)})

    result = bad.path()

    assert (result.sub_indication, result.reason) == ("OUT_OF_BOUNDS_NO_POE", "expired")
    assert result.anchor is not None
    assert not result.is_fail
    assert bad.path(at=AT - DAY).is_good


def test_an_expired_authority_below_the_anchor_is_out_of_bounds() -> None:
    result = World.create(of_ca={"not_after": AT - DAY}).path()

    assert result.sub_indication == "OUT_OF_BOUNDS_NO_POE"


def test_an_anchor_counts_as_long_as_it_is_kept() -> None:
    assert World.create(of_root={"not_after": AT - DAY}).path().is_good


def test_a_pinned_certificate_expires_like_any_other() -> None:
    bad = World.create(of_seal={"not_after": AT - DAY})

    result = bad.path(anchors=[anchor(bad.seal, pinned=True)])

    assert result.reason == "expired"


def test_a_seal_before_its_time_fails() -> None:
    result = World.create(of_seal={"not_before": AT + DAY}).path()

    assert (result.sub_indication, result.reason) == ("NOT_YET_VALID", "not-yet-valid")
    assert result.is_fail


def test_a_test_certificate_under_a_real_anchor_fails(world: World) -> None:
    real = anchor(world.root.certificate, test=False)

    result = world.path(anchors=[real])

    assert result.reason == "test-under-real-anchor"
    assert result.is_fail


def test_a_real_certificate_under_a_real_anchor_holds() -> None:
    none = {"policies": ()}
    real = World.create(of_root=none, of_ca=none, of_seal=none)

    assert real.path(anchors=[anchor(real.root.certificate, test=False)]).is_good


def test_weak_keys_and_digests_below_the_anchor_prove_nothing() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    top = root()
    ca = authority(top, key=weak)
    leaf = seal(ca)
    anchors = [anchor(top.certificate)]

    result = build_path(leaf, pool=[ca.certificate], anchors=anchors, at=AT)

    assert result.reason == "weak-algorithm"
    assert result.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


def test_sha1_is_not_believed() -> None:
    assert weak_signature(hashes.SHA1()) is not None
    assert weak_signature(hashes.SHA256()) is None


def test_the_official_seal_held_in_2023_and_is_out_of_bounds_now() -> None:
    document = json.loads(shared_file(SEALED).read_bytes())
    signature = document["signatures"][0]
    header = json.loads(base64.urlsafe_b64decode(signature["protected"] + "=="))
    certificate = from_base64(header["x5c"][0])
    unsigned = [
        json.loads(base64.urlsafe_b64decode(part + "=="))
        for part in signature["header"]["etsiU"]
    ]
    (values,) = [part["xVals"] for part in unsigned if "xVals" in part]
    pool = [from_base64(value["x509Cert"]["val"]) for value in values]
    (issuer,) = issuers_of(certificate, pool)

    def judged(at: datetime) -> str | None:
        anchors = [anchor(issuer, test=False)]
        return build_path(certificate, pool=[], anchors=anchors, at=at).sub_indication

    assert judged(datetime(2023, 10, 1, tzinfo=UTC)) is None
    assert judged(datetime(2023, 1, 1, tzinfo=UTC)) == "NOT_YET_VALID"
    assert judged(AT) == "OUT_OF_BOUNDS_NO_POE"


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_certificates_never_stop_the_search(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([WORLD.seal, WORLD.ca.certificate]))
    damaged = bytearray(good.public_bytes(Encoding.DER))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(4, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        twin = x509.load_der_x509_certificate(bytes(damaged))
    except (ValueError, x509.InvalidVersion):
        return
    pool = [twin, WORLD.ca.certificate]
    anchors = [anchor(WORLD.root.certificate)]

    for leaf in (twin, WORLD.seal):
        path = build_path(leaf, pool=pool, anchors=anchors, at=AT)
        pinned = build_path(twin, pool=pool, anchors=[anchor(twin, pinned=True)], at=AT)
        path_revocations(path, Evidence(crls=(crl(WORLD.ca),)), at=AT, pool=pool)
        path_revocations(pinned, Evidence(crls=(crl(WORLD.ca),)), at=AT, pool=pool)
        # What is signed decides: OpenSSL lets some bits around a signature differ.
        same = twin.tbs_certificate_bytes == good.tbs_certificate_bytes
        assert not path.is_good or leaf == WORLD.seal or same
    seal_problem(twin)
    names_organisation(twin)
    whose(twin)
    subject_text(twin)
    issuer_text(twin)


def from_base64(text: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(text))


# --- search -------------------------------------------------------------------------


def test_cross_signed_authorities_do_not_lead_in_circles() -> None:
    one_key, other_key = new_key(), new_key()
    one_name, other_name = ((COUNTRY, "SI"),), ((COUNTRY, "HR"),)
    one = root(key=one_key, subject=one_name)
    other = root(key=other_key, subject=other_name)
    one_by_other = authority(other, key=one_key, subject=one_name, path_length=None)
    other_by_one = authority(one, key=other_key, subject=other_name, path_length=None)
    leaf = seal(one_by_other)
    pool = [one_by_other.certificate, other_by_one.certificate]

    result = build_path(leaf, pool=pool, anchors=[anchor(root().certificate)], at=AT)

    assert result.reason == "no-chain"


def test_of_two_ways_up_the_one_that_holds_is_taken() -> None:
    key = new_key()
    top, other = root(), root(subject=((COUNTRY, "HR"),))
    expired = authority(top, key=key, not_after=AT - DAY)
    current = authority(other, key=key)
    leaf = seal(current)
    anchors = [anchor(top.certificate), anchor(other.certificate)]
    pool = [expired.certificate, current.certificate]

    result = build_path(leaf, pool=pool, anchors=anchors, at=AT)

    assert result.is_good
    assert result.certificates[1] == current.certificate


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_faults_the_one_that_is_no_fail_is_told(turned: bool) -> None:
    key = new_key()
    top, other = root(), root(subject=((COUNTRY, "HR"),))
    expired = authority(top, key=key, not_after=AT - DAY)
    current = authority(other, key=key)
    anchors = [anchor(top.certificate), anchor(other.certificate, test=False)]
    pool = [expired.certificate, current.certificate]
    leaf = seal(current)

    result = build_path(
        leaf,
        pool=pool[::-1] if turned else pool,
        anchors=anchors[::-1] if turned else anchors,
        at=AT,
    )

    assert (result.reason, result.is_fail) == ("expired", False)


def test_a_ring_of_authorities_is_walked_once() -> None:
    keys = [new_key(), new_key()]
    names = [((COUNTRY, "SI"),), ((COUNTRY, "HR"),)]
    roots = [root(key=k, subject=n) for k, n in zip(keys, names, strict=True)]
    ring = [
        authority(roots[1 - i], key=keys[i], subject=names[i], path_length=None)
        for i in range(2)
    ]
    search = _Search([], [one.certificate for one in ring])

    assert list(search.above((seal(ring[0]),))) == []
    assert MAX_SIGNATURES - search._left == 2


def test_a_long_chain_ends_at_the_limit() -> None:
    top = root()
    chain = [
        authority(top, path_length=None, subject=((COUNTRY, "SI"), ("2.5.4.3", "0")))
    ]
    for number in range(1, MAX_LENGTH):
        subject = ((COUNTRY, "SI"), ("2.5.4.3", str(number)))
        chain.append(authority(chain[-1], path_length=None, subject=subject))
    pool = [one.certificate for one in chain]
    anchors = [anchor(top.certificate)]

    far = build_path(seal(chain[-1]), pool=pool, anchors=anchors, at=AT)
    near = build_path(seal(chain[2]), pool=pool, anchors=anchors, at=AT)

    assert far.reason == "no-chain"
    assert near.is_good


def test_many_false_issuers_do_not_explode(world: World) -> None:
    crowd = [authority(root()).certificate for _ in range(150)]

    result = world.path(pool=crowd)

    assert result.reason == "no-chain"


def test_a_wrong_issuer_is_not_an_issuer(world: World) -> None:
    stranger = authority(root()).certificate

    assert issuers_of(world.seal, [stranger, world.ca.certificate]) == (
        world.ca.certificate,
    )
