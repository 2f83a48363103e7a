"""Copies that show a part, bent: each beside the honest copy, which is PASSED.

Rows 44, 45 and 48 of the attack table, for proofs that cover a part. Whatever an
attacker could sign is signed for real: with a key of his own for the statements, or
with the values of other badges of the same school.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from edc_issuer import jose
from edc_issuer.canonical import quads
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.formats.selective import cbor, disclosure
from edc_issuer.formats.selective.disclosure import separated
from edc_issuer.formats.selective.grouping import Relabel, relabelled
from edc_issuer.formats.selective.proof_value import (
    BASE,
    DERIVED,
    BaseProofValue,
    DerivedProofValue,
    public_bytes,
)
from edc_issuer.keys.badge import new_badge_key
from edc_issuer.report import Outcome
from selective_badges import (
    CREDITS,
    NAME,
    OTHER,
    Document,
    badge,
    base,
    changed,
    copy,
    document_of,
    proof_of,
    report,
    signed,
    value_of,
    with_base_value,
    with_text,
    with_value,
)

FORGED = "fail signature"
BENT = "fail proof.value"
MEMBERS = ("targetName", "targetUrl")
OTHERS = public_bytes(OTHER.public_key())


@dataclass(frozen=True)
class Case:
    """What was changed in the copy, and the answer of `proof.integrity`."""

    name: str
    attack: Callable[[], bytes]
    expected: str


def achievement(document: Document) -> Document:
    found: Document = document["credentialSubject"]["achievement"]
    return found


def edited(**members: Any) -> Callable[[], bytes]:
    """The copy with other members in the achievement."""
    return lambda: changed(copy(), lambda badge: achievement(badge).update(members))


def without(*path: str) -> Callable[[], bytes]:
    """The copy without one member, its proof untouched."""

    def take(document: Document) -> None:
        for part in path[:-1]:
            document = document[part]
        del document[path[-1]]

    return lambda: changed(copy(), take)


def valued(**changes: Any) -> Callable[[], bytes]:
    """The copy with other parts in its proof value."""
    return lambda: with_value(copy(), **changes)


def raw(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """The copy with other bytes in its proof value."""

    def attack() -> bytes:
        text = proof_of(document_of(copy()))["proofValue"]
        return with_text(copy(), "u" + b64u(change(unb64u(text[1:]))))

    return attack


def written(**items: bytes) -> Callable[[], bytes]:
    """The copy with a proof value of which some item is written by hand."""

    def attack() -> bytes:
        value = value_of(copy())
        honest = {
            "base": cbor.encode_bytes(value.base_signature),
            "key": cbor.encode_bytes(value.public_key),
            "signatures": cbor.encode_array(
                [cbor.encode_bytes(s) for s in value.signatures]
            ),
            "labels": cbor.encode_map(
                {k: cbor.encode_bytes(v) for k, v in value.labels.items()}
            ),
            "indexes": cbor.encode_array(
                [cbor.encode_uint(i) for i in value.mandatory_indexes]
            ),
        }
        array = cbor.encode_array(list({**honest, **items}.values()))
        return with_text(copy(), "u" + b64u(DERIVED + array))

    return attack


def labels_of(data: bytes) -> dict[int, bytes]:
    return dict(value_of(data).labels)


def wide() -> bytes:
    """A copy with several nameless things in it."""
    return copy("/credentialSubject/achievement/alignment")


def merged_labels() -> bytes:
    """All nameless things under one label: several of what was signed as one."""
    labels = labels_of(wide())
    assert len(labels) > 2
    return with_value(wide(), labels=dict.fromkeys(labels, labels[0]))


def under(labels: tuple[bytes, ...]) -> Relabel:
    """These labels for `c14n0`, `c14n1`, ..."""
    given = {f"c14n{i}": "u" + b64u(label) for i, label in enumerate(labels)}
    return lambda known: {node: given[label] for node, label in known.items()}


def split() -> bytes:
    """One thing of the badge shown as two, each statement with its own signature."""
    honest = wide()
    value = value_of(honest)
    content = {k: v for k, v in document_of(honest).items() if k != "proof"}
    mandatory, others = separated(quads(content, documents=BUNDLED), value)
    signatures = dict(zip(others, value.signatures, strict=True))
    both = achievement(content)["alignment"][0]
    halves = [{k: v for k, v in both.items() if k != name} for name in MEMBERS]
    achievement(content)["alignment"][:1] = halves
    for labels in product(value.labels.values(), repeat=len(value.labels) + 1):
        lines = relabelled(quads(content, documents=BUNDLED), under(labels)).lines
        if {*lines} == {*mandatory, *others}:
            break
    document = {**content, "proof": document_of(honest)["proof"]}
    return with_value(
        json.dumps(document).encode(),
        labels=dict(enumerate(labels)),
        mandatory_indexes=tuple(i for i, x in enumerate(lines) if x in mandatory),
        signatures=tuple(signatures[x] for x in lines if x in signatures),
    )


def swapped_labels() -> bytes:
    labels = labels_of(wide())
    return with_value(wide(), labels={**labels, 0: labels[1], 1: labels[0]})


def another_index() -> bytes:
    """As many mandatory statements, one of them another one."""
    indexes = value_of(copy()).mandatory_indexes
    count = len(indexes) + len(value_of(copy()).signatures)
    free = next(index for index in range(count) if index not in indexes)
    return with_value(copy(), mandatory_indexes=tuple(sorted((*indexes[1:], free))))


def own_statement_key() -> bytes:
    """Every statement signed again, the name another one, with the attacker's key."""
    data = edited(name="Златна медаља")()
    value = value_of(data)
    content = {k: v for k, v in document_of(data).items() if k != "proof"}
    _, others = separated(quads(content, documents=BUNDLED), value)
    return with_value(
        data,
        public_key=public_bytes(OTHER.public_key()),
        signatures=tuple(jose.sign("ES256", OTHER, line.encode()) for line in others),
    )


def without_an_end() -> bytes:
    """The end left out, and every index set right: only the school's hash tells."""
    data = without("validUntil")()
    value = value_of(copy())
    content = {k: v for k, v in document_of(copy()).items() if k != "proof"}
    mandatory, others = separated(quads(content, documents=BUNDLED), value)
    kept = [line for line in sorted([*mandatory, *others]) if "validUntil" not in line]
    indexes = tuple(i for i, line in enumerate(kept) if line in mandatory)
    assert len(indexes) == len(mandatory) - 1
    return with_value(data, mandatory_indexes=indexes)


def another() -> bytes:
    """Another badge of the same school, shown in the same way."""
    from edc_issuer.derivation import derive

    document = badge()
    document["credentialSubject"]["achievement"]["name"] = "Пловидба"
    return derive(signed(document), reveal=[NAME, CREDITS]).data


def replayed() -> bytes:
    """This badge with the whole proof of another one."""
    document = document_of(copy())
    document["proof"] = document_of(another())["proof"]
    return json.dumps(document).encode()


def borrowed() -> bytes:
    """One statement, with its genuine signature, taken from another badge."""
    mine, theirs = value_of(copy()), value_of(another())
    data = edited(name="Пловидба")()
    places = range(len(mine.signatures))
    assert len(mine.signatures) == len(theirs.signatures)
    signatures = tuple(theirs.signatures[place] for place in places)
    return with_value(data, signatures=signatures)


def own_labels(document: Document) -> None:
    document["credentialSubject"]["type"] = ["AchievementSubject", "Achievement"]


CASES = [
    Case("a-statement-replaced", edited(name="Златна медаља"), FORGED),
    Case("a-statement-added", edited(description="Odličan!"), "fail proof.count"),
    Case(
        "a-statement-removed",
        without("credentialSubject", "creditsEarned"),
        "fail proof.count",
    ),
    Case("a-type-added", lambda: changed(copy(), own_labels), "fail proof.count"),
    Case("the-end-removed", without("validUntil"), "fail proof.count"),
    Case("the-end-removed-and-indexes-mended", without_an_end, FORGED),
    Case("the-status-removed", without("credentialStatus"), "fail proof.indexes"),
    Case("the-issuer-without-its-name", without("issuer", "name"), "fail proof.count"),
    Case(
        "the-end-moved",
        lambda: changed(copy(), lambda b: b.update(validUntil="2099-01-01T00:00:00Z")),
        FORGED,
    ),
    Case("labels-merged", merged_labels, "fail proof.labels"),
    Case("labels-swapped", swapped_labels, FORGED),
    Case("one-thing-split-in-two", split, "fail proof.labels"),
    Case(
        "a-label-missing",
        lambda: with_value(copy(), labels=dict(list(labels_of(copy()).items())[1:])),
        "fail proof.labels",
    ),
    Case(
        "a-label-of-nothing",
        lambda: with_value(copy(), labels={**labels_of(copy()), 99: b"\1" * 32}),
        "fail proof.labels",
    ),
    Case(
        "a-foreign-label",
        lambda: with_value(copy(), labels={**labels_of(copy()), 0: b"\1" * 32}),
        FORGED,
    ),
    Case(
        "an-index-beyond", valued(mandatory_indexes=(0, 1, 999)), "fail proof.indexes"
    ),
    Case(
        "an-index-of-64-bits",
        valued(mandatory_indexes=(0, 1, 2**64 - 1)),
        "fail proof.indexes",
    ),
    Case("an-index-twice", valued(mandatory_indexes=(0, 0, 1)), "fail proof.indexes"),
    Case("no-indexes", valued(mandatory_indexes=()), "fail proof.count"),
    Case("another-index", another_index, FORGED),
    Case("no-signatures", valued(signatures=()), "fail proof.count"),
    Case(
        "a-signature-too-many",
        lambda: with_value(
            copy(), signatures=(*value_of(copy()).signatures, b"\1" * 64)
        ),
        "fail proof.count",
    ),
    Case(
        "signatures-in-another-order",
        lambda: with_value(copy(), signatures=value_of(copy()).signatures[::-1]),
        FORGED,
    ),
    Case("signatures-of-zeros", valued(base_signature=b"\0" * 64), FORGED),
    Case("an-attackers-key-for-statements", own_statement_key, FORGED),
    Case(
        "a-key-that-is-no-point",
        valued(public_key=b"\x80\x24\x02" + b"\xff" * 32),
        BENT,
    ),
    Case("a-key-of-p-384", valued(public_key=b"\x81\x24" + b"\2" * 33), BENT),
    Case("the-proof-of-another-badge", replayed, FORGED),
    Case("statements-of-another-badge", borrowed, FORGED),
    Case("another-header", raw(lambda data: b"\xd9\x5d\x02" + data[3:]), BENT),
    Case("the-header-of-a-base-proof", raw(lambda data: BASE + data[3:]), BENT),
    Case("bytes-behind", raw(lambda data: data + b"\0"), BENT),
    Case("cut-short", raw(lambda data: data[:-1]), BENT),
    Case("no-items", raw(lambda data: data[:3]), BENT),
    Case("a-tag-in-front", raw(lambda data: data[:3] + b"\xc0" + data[3:]), BENT),
    Case(
        "an-array-without-end", raw(lambda d: d[:3] + b"\x9f" + d[4:] + b"\xff"), BENT
    ),
    Case("six-items", raw(lambda data: data[:3] + b"\x86" + data[4:] + b"\0"), BENT),
    Case(
        "bytes-under-tag-64",
        lambda: written(
            base=b"\xd8\x40" + cbor.encode_bytes(value_of(copy()).base_signature)
        )(),
        BENT,
    ),
    Case(
        "bytes-in-pieces",
        lambda: written(
            base=b"\x5f" + cbor.encode_bytes(value_of(copy()).base_signature) + b"\xff"
        )(),
        BENT,
    ),
    Case("a-bomb-of-signatures", written(signatures=b"\x9b" + b"\x7f" * 8), BENT),
    Case("a-bomb-of-labels", written(labels=b"\xbb" + b"\x7f" * 8), BENT),
    Case("a-bomb-of-indexes", written(indexes=b"\x9a\x7f\xff\xff\xff"), BENT),
    Case(
        "one-label-key-twice",
        written(labels=b"\xa2" + 2 * (b"\0" + cbor.encode_bytes(b"\1" * 32))),
        BENT,
    ),
    Case("a-label-too-short", written(labels=b"\xa1\x00\x41\x01"), BENT),
    Case("a-label-key-that-is-negative", written(labels=b"\xa1\x20\x41\x01"), BENT),
    Case("an-index-written-longer", written(indexes=b"\x81\x18\x00"), BENT),
    Case("an-index-that-is-negative", written(indexes=b"\x81\x20"), BENT),
    Case("a-text-for-an-index", written(indexes=b"\x81\x61\x30"), BENT),
    Case("base58-in-place-of-base64url", lambda: with_text(copy(), "z2"), BENT),
    Case("padded-base64url", lambda: with_text(copy(), proof_text() + "="), BENT),
    Case("no-proof-value", lambda: without_member("proofValue"), BENT),
    Case("a-number-for-a-proof-value", lambda: with_member(proofValue=7), BENT),
    Case(
        "another-purpose",
        lambda: with_member(proofPurpose="authentication"),
        "fail proof.purpose",
    ),
    Case("another-time", lambda: with_member(created="2025-06-02T00:00:00Z"), FORGED),
    Case("a-plain-suite", lambda: with_member(cryptosuite="ecdsa-rdfc-2019"), BENT),
]


def proof_text() -> str:
    text: str = proof_of(document_of(copy()))["proofValue"]
    return text


def with_member(**members: Any) -> bytes:
    """The copy with other members in its proof."""
    return changed(copy(), lambda badge: proof_of(badge).update(members))


def without_member(name: str) -> bytes:
    return changed(copy(), lambda badge: proof_of(badge).pop(name))


def test_the_honest_copy_is_passed() -> None:
    found = report(copy())

    assert found.outcome is Outcome.PASSED
    assert found.check("proof.integrity").reason == "disclosed-part"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bent_copy_fails(case: Case) -> None:
    assert report(copy()).outcome is Outcome.PASSED
    assert report(wide()).outcome is Outcome.PASSED

    found = report(case.attack())

    check = found.check("proof.integrity")
    assert found.outcome is Outcome.FAILED
    assert f"{check.status} {check.reason}" == case.expected
    assert found.content is None


def test_nothing_but_the_labels_tells_that_a_thing_was_split(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_check_labels", lambda known, asked: None)

    assert report(split()).check("proof.integrity").status == "pass"


def test_every_attack_is_another_file_than_the_honest_one() -> None:
    honest = document_of(copy())

    assert [c.name for c in CASES if document_of(c.attack()) == honest] == []


def test_a_key_of_another_kind_never_verifies_a_copy() -> None:
    method = new_badge_key().did
    attack = with_member(verificationMethod=f"{method}#{method[8:]}")

    found = report(attack)

    check = found.check("proof.algorithm")
    assert (check.status, check.reason) == ("fail", "alg.not_allowed")
    assert found.outcome is Outcome.FAILED


def test_a_copy_of_a_copy_may_show_less() -> None:
    """Whoever has a copy can leave out more; that is what the proof is for."""
    data = copy()
    value = value_of(data)
    content = {k: v for k, v in document_of(data).items() if k != "proof"}
    mandatory, others = separated(quads(content, documents=BUNDLED), value)
    lines = sorted([*mandatory, *others])
    kept = [line for line in lines if "creditsEarned" not in line]
    place = next(i for i, line in enumerate(others) if "creditsEarned" in line)
    narrower = with_value(
        without("credentialSubject", "creditsEarned")(),
        mandatory_indexes=tuple(i for i, line in enumerate(kept) if line in mandatory),
        signatures=value.signatures[:place] + value.signatures[place + 1 :],
    )

    assert report(data).outcome is Outcome.PASSED
    assert report(narrower).outcome is Outcome.PASSED


def test_array_order_is_not_signed_and_changes_nothing() -> None:
    tags = copy("/credentialSubject/achievement/tag")

    turned = changed(tags, lambda badge: achievement(badge)["tag"].reverse())

    assert report(tags).outcome is Outcome.PASSED
    assert report(turned).outcome is Outcome.PASSED


def test_three_proofs_of_the_suite_are_not_all_worked_through() -> None:
    two = changed(copy(), lambda b: b.update(proof=[proof_of(b)] * 2))
    many = changed(copy(), lambda b: b.update(proof=[proof_of(b)] * 3))

    check = report(many).check("proof.integrity")

    assert report(two).outcome is Outcome.PASSED
    assert (check.status, check.reason) == ("undecided", "limits.statements")


# Base proofs: for holders


def test_a_base_proof_is_undecided_and_shows_nothing() -> None:
    found = report(base())

    check = found.check("proof.integrity")
    assert (check.status, check.reason) == ("undecided", "proof.base")
    assert found.outcome is Outcome.INDETERMINATE
    assert found.content is None
    assert "derive" in found.to_text(language="en")


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        pytest.param(
            lambda: changed(base(), lambda b: achievement(b).update(name="Злато")),
            "signature",
            id="a-statement-replaced",
        ),
        pytest.param(
            lambda: changed(base(), lambda b: b.pop("validUntil")),
            "proof.pointers",
            id="what-is-always-shown-removed",
        ),
        pytest.param(
            lambda: changed(base(), lambda b: achievement(b).pop("tag")),
            "proof.count",
            id="a-statement-removed",
        ),
        pytest.param(
            lambda: with_base_value(base(), mandatory_pointers=("/issuer",)),
            "signature",
            id="less-is-always-shown",
        ),
        pytest.param(
            lambda: with_base_value(base(), mandatory_pointers=("/issuer/name/x",)),
            "proof.pointers",
            id="a-pointer-into-nothing",
        ),
        pytest.param(
            lambda: with_base_value(base(), hmac_key=b"\1" * 32),
            "signature",
            id="another-key-of-labels",
        ),
        pytest.param(
            lambda: with_base_value(base(), public_key=OTHERS),
            "signature",
            id="another-key-of-statements",
        ),
        pytest.param(
            lambda: with_base_value(base(), signatures=(b"\1" * 64,)),
            "proof.count",
            id="one-signature-for-all",
        ),
        pytest.param(
            lambda: with_text(base(), derived_header()), "proof.value", id="header"
        ),
    ],
)
def test_a_broken_base_proof_fails(attack: Callable[[], bytes], expected: str) -> None:
    assert report(base()).outcome is Outcome.INDETERMINATE

    found = report(attack())

    check = found.check("proof.integrity")
    assert (check.status, check.reason) == ("fail", expected)
    assert found.outcome is Outcome.FAILED


def derived_header() -> str:
    text = proof_of(document_of(base()))["proofValue"]
    return "u" + b64u(DERIVED + unb64u(text[1:])[3:])


@pytest.mark.parametrize("kind", [BaseProofValue, DerivedProofValue])
@pytest.mark.parametrize("text", [None, 7, "", "u", "u!", "u" + "A" * 5_000_000])
def test_what_is_no_proof_value_is_refused(kind: Any, text: object) -> None:
    from edc_issuer.errors import ProofInvalid

    with pytest.raises(ProofInvalid) as refused:
        kind.parse(text)

    assert refused.value.reason == "proof.value"


def test_a_proof_value_is_read_as_it_is_written() -> None:
    value = value_of(copy())
    turned = replace(value, labels=dict(reversed(list(value.labels.items()))))

    assert DerivedProofValue.parse(value.serialize()) == value
    assert turned.serialize() == value.serialize()
