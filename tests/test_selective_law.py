"""What a copy that shows a part may be believed (verdicts, parts 3 and 10)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from edc_issuer import jose
from edc_issuer.derivation import derive
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.formats.base import Pending, Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.selective import base as base_proofs
from edc_issuer.formats.selective.method import _from_json, _to_json
from edc_issuer.keys.did import own_identity
from edc_issuer.messages import LANGUAGES
from edc_issuer.report import Outcome
from selective_badges import (
    AT,
    CREDITS,
    IDENTITY,
    KEY,
    NAME,
    OTHER,
    Document,
    badge,
    base,
    copy,
    report,
    signed,
    texts_in,
)


def pending(document: Document) -> Pending:
    return DATA_INTEGRITY.prepare(
        document,
        Signing(IDENTITY, "ES256", at=AT, options={"cryptosuite": "ecdsa-sd-2023"}),
    )


STATUS = "/credentialStatus"


@cache
def lax(*mandatory: str, **changes: Any) -> bytes:
    """A badge of somebody who wants little but the issuer's name to be shown."""
    document = {**badge(), **{name: json.loads(text) for name, text in changes.items()}}
    honest = pending(document)
    proof_hash = honest.to_be_signed[:32]
    prepared = base_proofs.prepare(
        document,
        ["/issuer", *mandatory],
        hmac_key=b"\1" * 32,
        key=OTHER,
        documents=BUNDLED,
    )
    message = base_proofs.to_be_signed(
        proof_hash, prepared.public_key, prepared.mandatory_hash
    )
    other = Pending(
        honest.format,
        message,
        honest.algorithm,
        {**honest.parts, "selective": _to_json(prepared)},
    )
    return DATA_INTEGRITY.attach(other, jose.sign("ES256", KEY, message))


def shown(*pointers: str, of: bytes | None = None) -> Any:
    return report(derive(of or lax(STATUS), reveal=pointers).data)


ALL = ("/validFrom", "/validUntil", STATUS, NAME)


def test_a_copy_that_shows_dates_and_status_is_passed() -> None:
    assert shown(*ALL).outcome is Outcome.PASSED


def test_an_absent_status_may_be_withheld() -> None:
    found = shown(*(pointer for pointer in ALL if pointer != STATUS), of=lax())

    check = found.check("credential.status")
    assert (check.status, check.reason) == ("undecided", "may-be-withheld")
    assert found.outcome is Outcome.INDETERMINATE
    # Whoever asked for "all of it" would get the file that is not meant for them.
    assert "complete" not in found.to_text()
    assert "A copy cannot settle that; the school can." in found.to_text()


def test_one_entry_of_two_is_as_easily_withheld_as_both() -> None:
    """A learner whose badge is suspended shows that it was not revoked."""
    revocation = badge()["credentialStatus"]
    suspension = {
        **revocation,
        "id": f"{revocation['statusListCredential']}#94567",
        "statusPurpose": "suspension",
        "statusListIndex": "94567",
    }
    given = json.dumps([revocation, suspension])
    few = [pointer for pointer in ALL if pointer != STATUS]
    clear = f"{STATUS}/0"

    bound = shown(*few, clear, of=lax(STATUS, credentialStatus=given))
    assert len(bound.content["credentialStatus"]) == 2
    assert bound.outcome is not Outcome.PASSED

    free = shown(*few, clear, of=lax(credentialStatus=given))
    check = free.check("credential.status")
    assert (check.status, check.reason) == ("undecided", "may-be-withheld")


def test_a_member_of_an_entry_may_be_withheld() -> None:
    """Without `statusSize` the position is that of somebody else."""
    parts = [f"{STATUS}/{name}" for name in badge()["credentialStatus"]]
    assert shown(*ALL, of=lax(*parts)).outcome is Outcome.PASSED

    some = [part for part in parts if not part.endswith("statusPurpose")]
    check = shown(*ALL, of=lax(*some)).check("credential.status")
    assert (check.status, check.reason) == ("undecided", "may-be-withheld")


def test_an_absent_beginning_may_be_withheld() -> None:
    """A badge of next year must not look as if it held already."""
    few = [pointer for pointer in ALL if pointer != "/validFrom"]
    later = lax(STATUS, validFrom='"2099-01-01T00:00:00Z"')
    honest = shown(*ALL, of=later).check("credential.validity")
    check = shown(*few, of=later).check("credential.validity")
    assert (honest.status, honest.reason) == ("fail", "not-yet-valid")
    assert (check.status, check.reason) == ("undecided", "may-be-withheld")


def test_an_absent_end_may_be_withheld() -> None:
    found = shown(*(pointer for pointer in ALL if pointer != "/validUntil"))

    check = found.check("credential.validity")
    assert (check.status, check.reason) == ("undecided", "may-be-withheld")
    assert found.outcome is Outcome.INDETERMINATE


def test_an_end_of_the_proof_is_no_end_of_the_badge() -> None:
    document = badge()
    del document["validUntil"]
    made = DATA_INTEGRITY.prepare(
        document,
        Signing(
            IDENTITY,
            "ES256",
            at=AT,
            options={
                "cryptosuite": "ecdsa-sd-2023",
                "proof": {"expires": "2035-06-01T00:00:00Z"},
            },
        ),
    )
    data = DATA_INTEGRITY.attach(made, jose.sign("ES256", KEY, made.to_be_signed))

    check = report(derive(data, reveal=[NAME]).data).check("credential.validity")

    assert (check.status, check.reason) == ("undecided", "may-be-withheld")


@pytest.mark.parametrize("name", ["validUntil", "credentialStatus"])
def test_our_own_copies_lack_what_the_badge_lacks_and_say_so(name: str) -> None:
    document = badge()
    del document[name]

    found = report(derive(signed(document), reveal=[NAME]).data)

    assert found.outcome is Outcome.INDETERMINATE


def test_what_has_expired_fails_and_is_not_only_undecided() -> None:
    document = badge()
    document["validUntil"] = "2025-06-02T00:00:00Z"

    found = report(derive(signed(document), reveal=[NAME]).data)

    check = found.check("credential.validity")
    assert (check.status, check.reason) == ("fail", "expired")


def test_what_is_revoked_fails_in_every_copy() -> None:
    document = badge()
    document["credentialStatus"]["statusListIndex"] = "94567"

    found = report(derive(signed(document), reveal=[NAME]).data)

    assert found.check("credential.status").reason == "revoked"
    assert found.outcome is Outcome.FAILED


def test_only_what_is_shown_is_read() -> None:
    found = report(copy(NAME))

    assert found.outcome is Outcome.PASSED
    texts = texts_in(found.content)
    assert "Заштита природе" in texts
    assert not texts & {"5", "Čuvanje narave.", "šuma", "A", "Ekologija – ђ č š ž ć đ"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_says_that_it_is_a_part(language: str) -> None:
    part = report(copy(NAME)).to_text(language=language)

    sentence = {
        "en": "it is a part",
        "sl": "je pa le del",
        "hr": "samo dio",
        "sr-Latn": "samo deo",
        "sr-Cyrl": "само део",
        "bs": "samo dio",
        "cnr": "samo dio",
    }
    assert sentence[language] in part


def test_a_report_as_json_says_that_it_is_a_part() -> None:
    checks = {check["id"]: check for check in report(copy(NAME)).to_dict()["checks"]}

    assert checks["proof.integrity"]["reason"] == "disclosed-part"


# Issuing


def test_every_copy_shows_whose_it_is_its_kind_its_dates_and_its_status() -> None:
    shown_to_all = json.loads(derive(base(), reveal=["/issuer"]).data)

    del shown_to_all["proof"]
    original = badge()
    assert shown_to_all == {
        name: original[name]
        for name in (
            "@context",
            "id",
            "type",
            "issuer",
            "validFrom",
            "validUntil",
            "credentialStatus",
        )
    }


def test_a_badge_with_neither_end_nor_status_is_not_signed_in_parts() -> None:
    document = badge()
    del document["validUntil"], document["credentialStatus"]

    with pytest.raises(RecordError) as refused:
        signed(document)

    assert [p.code for p in refused.value.problems] == ["selective.endless"]


def with_options(document: Document, **options: Any) -> bytes:
    made = DATA_INTEGRITY.prepare(
        document,
        Signing(
            IDENTITY,
            "ES256",
            at=AT,
            options={"cryptosuite": "ecdsa-sd-2023", **options},
        ),
    )
    return DATA_INTEGRITY.attach(made, jose.sign("ES256", KEY, made.to_be_signed))


def test_an_issuer_can_want_more_to_be_shown_and_never_less() -> None:
    data = with_options(badge(), mandatoryPointers=[NAME, "/issuer"])

    copy = derive(data, reveal=[CREDITS])

    assert copy.always == (
        "/type",
        "/issuer",
        "/validFrom",
        "/validUntil",
        "/credentialStatus",
        NAME,
    )
    assert report(copy.data).outcome is Outcome.PASSED


@pytest.mark.parametrize("pointers", [["/nothing"], ["no slash"], "/issuer", [7]])
def test_pointers_that_lead_nowhere_are_refused(pointers: Any) -> None:
    with pytest.raises(ConfigError):
        with_options(badge(), mandatoryPointers=pointers)


def test_a_test_of_the_standard_can_have_a_badge_without_end_and_status() -> None:
    document = badge()
    del document["validUntil"], document["credentialStatus"]

    found = report(
        derive(with_options(document, unsafe_endless=True), reveal=[NAME]).data
    )

    assert found.check("proof.integrity").status == "pass"
    assert found.outcome is Outcome.INDETERMINATE


def test_a_plain_suite_has_no_such_options() -> None:
    with pytest.raises(ConfigError, match="mandatoryPointers"):
        with_options(
            badge(), cryptosuite="ecdsa-rdfc-2019", mandatoryPointers=["/issuer"]
        )


def test_a_key_of_another_curve_signs_no_badge_in_parts() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    identity = own_identity(ec.generate_private_key(ec.SECP384R1()).public_key())

    with pytest.raises(ConfigError):
        DATA_INTEGRITY.prepare(
            badge(),
            Signing(identity, "ES384", at=AT, options={"cryptosuite": "ecdsa-sd-2023"}),
        )


def test_a_p_256_key_signs_the_whole_unless_parts_are_asked_for() -> None:
    made = DATA_INTEGRITY.prepare(badge(), Signing(IDENTITY, "ES256", at=AT))

    assert made.parts["proof"]["cryptosuite"] == "ecdsa-rdfc-2019"


def test_keys_of_a_proof_are_fresh_each_time() -> None:
    one, two = (pending(badge()).parts["selective"] for _ in range(2))

    assert one["hmac_key"] != two["hmac_key"]
    assert one["public_key"] != two["public_key"]


def test_what_waits_for_a_signature_survives_being_written_down() -> None:
    made = pending(badge())

    again = Pending.from_json(json.loads(json.dumps(made.to_json())))

    assert again == made
    assert _from_json(again.parts["selective"]) == _from_json(made.parts["selective"])


def test_the_private_key_of_the_statements_is_nowhere() -> None:
    made = json.dumps(pending(badge()).to_json())

    assert set(json.loads(made)["parts"]["selective"]) == {
        "public_key",
        "hmac_key",
        "signatures",
        "mandatory_pointers",
        "mandatory_hash",
    }
