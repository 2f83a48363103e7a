"""Presentations: who hands credentials over, to whom and when, and what is inside.

The law of verdicts, part 11, sentence by sentence; rows 24 and 75 of the attack table.
Every attack stands beside the honest presentation, which is answered otherwise.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from attacks.workshop import (
    AT,
    SIGNED_AT,
    V2,
    Json,
    answer,
    attacker,
    badge,
    claims,
    compact_json,
    encoded,
    jwt,
    jwt_header,
    method_of,
    proof_for,
    proof_options,
    proved,
    school,
    sealed,
    signs,
    subject,
)
from edc_issuer.cli import app
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError, InputError, RecordError
from edc_issuer.keys.badge import BadgeKey
from edc_issuer.keys.did import own_identity
from edc_issuer.keys.local import LocalSigner
from edc_issuer.presentation import SECURED_AS, present
from edc_issuer.report import Outcome, Report, exit_code, overall
from edc_issuer.trust import StoredDid, Trust
from edc_issuer.verify import Verifier
from edc_issuer.verify.holder import Asked
from edc_issuer.verify.run import Run
from world import issued, world

CHALLENGE, DOMAIN = "vprašanje-7f3a", "https://delodajalec.example"
ASKED = Asked(CHALLENGE, DOMAIN)


@cache
def ana() -> BadgeKey:
    """The learner's own key, in her wallet."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    return BadgeKey.of(ed25519.Ed25519PrivateKey.from_private_bytes(b"\5" * 32))


def signer(key: BadgeKey) -> LocalSigner:
    identity = own_identity(key.key.public_key())
    return LocalSigner(key.key, identity=identity, algorithm="EdDSA", notes=())


def of_ana() -> Json:
    """The school's badge about Ana's own DID."""
    return badge(credentialSubject=subject(id=ana().did))


def presented(
    *credentials: bytes, way: str = "vp+jwt", by: BadgeKey | None = None, **asked: Any
) -> bytes:
    given = {"challenge": CHALLENGE, "domain": DOMAIN} | asked
    return present(
        credentials or (jwt(claims(of_ana())), encoded(proved(of_ana()))),
        signer(by or ana()),
        secured_as=way,
        at=SIGNED_AT,
        **given,
    )


def verify(data: bytes, asked: Asked = ASKED) -> Report:
    return Run(school().trust, BUNDLED, at=AT, now=AT, asked=asked).file(data)


WAYS = pytest.mark.parametrize("way", SECURED_AS)


# --- the law, part 11 ---


@WAYS
def test_a_presentation_is_an_envelope_and_its_own_outcome_never_passed(
    way: str,
) -> None:
    report = verify(presented(way=way))

    assert report.kind == "presentation"
    assert [part.outcome for part in report.parts] == [Outcome.PASSED] * 2
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "proof.integrity") == "pass"


@WAYS
def test_each_credential_inside_has_its_own_verdict_and_is_shown_under_it(
    way: str,
) -> None:
    by_stranger = proved(of_ana(), sign=signs(attacker()))
    report = verify(presented(encoded(proved(of_ana())), encoded(by_stranger), way=way))

    outcomes = [part.outcome for part in report.parts]
    assert outcomes == [Outcome.PASSED, Outcome.FAILED]
    assert report.content is not None
    assert report.content["verifiableCredential"] == [{"part": 0}, {"part": 1}]


@WAYS
def test_the_command_exits_by_the_worst_of_it_and_its_parts(way: str) -> None:
    honest = verify(presented(way=way))
    by_stranger = encoded(proved(of_ana(), sign=signs(attacker())))
    spoilt = verify(presented(jwt(), by_stranger, way=way))

    assert (overall(honest), exit_code([honest], allow_test=True)) == (
        Outcome.INDETERMINATE,
        3,
    )
    assert (overall(spoilt), exit_code([spoilt], allow_test=True)) == (
        Outcome.FAILED,
        1,
    )


def by_hand(document: Json, *, by: BadgeKey | None = None, **options: Any) -> bytes:
    """Any presentation with a proof of Data Integrity over it."""
    key = by or ana()
    made = proof_options(
        **{
            "verificationMethod": method_of(key),
            "proofPurpose": "authentication",
            "challenge": CHALLENGE,
            "domain": DOMAIN,
            **options,
        }
    )
    return encoded({**document, "proof": proof_for(document, made, sign=signs(key))})


def envelope(**changes: Any) -> Json:
    made: Json = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": ana().did,
        "verifiableCredential": [proved(of_ana())],
    }
    return {k: v for k, v in {**made, **changes}.items() if v is not None}


def by_jwt(document: Json, *, by: BadgeKey | None = None, **payload: Any) -> bytes:
    """Any presentation as a JWT."""
    key = by or ana()
    header = jwt_header(typ="vp+jwt", cty="vp", kid=method_of(key))
    bound = {"aud": DOMAIN, "nonce": CHALLENGE, **payload}
    return jwt({**document, **bound}, header=header, sign=signs(key))


@pytest.mark.parametrize("made", [by_hand, by_jwt])
@pytest.mark.parametrize("inside", [None, []])
def test_without_credentials_it_is_no_presentation(made: Any, inside: Any) -> None:
    empty = verify(made(envelope(verifiableCredential=inside)))

    assert answer(verify(made(envelope())), "format.wellformed") == "pass"
    assert answer(empty, "format.wellformed") == "fail no-credentials"
    assert empty.outcome is Outcome.FAILED


@WAYS
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(Asked(), id="nothing-asked"),
        pytest.param(Asked(challenge=CHALLENGE), id="no-domain"),
        pytest.param(Asked(domain=DOMAIN), id="no-challenge"),
    ],
)
def test_without_challenge_and_domain_nothing_is_said_of_who_hands_it_over(
    way: str, asked: Asked
) -> None:
    with_both, without = verify(presented(way=way)), verify(presented(way=way), asked)

    assert answer(with_both, "credential.holder") == "pass presented-to-you"
    assert answer(without, "credential.holder") == "undecided holder-unproven"
    for part in without.parts:
        assert answer(part, "credential.holder") == "undecided holder-unproven"


# --- the holder ---


@WAYS
def test_a_credential_about_the_one_who_presents_it_says_so(way: str) -> None:
    report = verify(presented(way=way))

    for part in report.parts:
        assert answer(part, "credential.holder") == "pass presented-by-subject"


@WAYS
def test_row_75_another_person_presents_the_right_credential(way: str) -> None:
    """It is genuine, and the report says whose it is and who shows it."""
    report = verify(presented(way=way, by=attacker()))

    assert answer(report, "credential.holder") == "pass presented-to-you"
    for part in report.parts:
        check = part.check("credential.holder")
        assert answer(part, check.id) == "undecided presented-by-another"
        assert check.evidence["presenter"] == attacker().did
        assert check.evidence["subjects"] == [ana().did]


def test_row_75_a_bare_credential_says_that_its_holder_was_not_checked() -> None:
    report = verify(jwt(), Asked())

    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.holder") == "skipped not-asked"
    assert "We do not check whether the sender is the holder." in report.to_text()


def test_row_75_a_bare_credential_answers_no_challenge() -> None:
    for data in (jwt(), encoded(proved()), sealed()):
        report = verify(data)

        assert report.outcome is Outcome.PASSED
        assert answer(report, "credential.holder") == "undecided not-presented"


@WAYS
@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param(Asked("druga", DOMAIN), "proof.challenge", id="replayed"),
        pytest.param(
            Asked(CHALLENGE, "https://drugi.example"), "proof.domain", id="relayed"
        ),
        pytest.param(
            Asked(CHALLENGE, DOMAIN + "/"), "proof.domain", id="almost-the-same"
        ),
        pytest.param(Asked(challenge="druga"), "proof.challenge", id="challenge-only"),
    ],
)
def test_row_75_a_presentation_made_for_somebody_else_fails(
    way: str, asked: Asked, reason: str
) -> None:
    report = verify(presented(way=way), asked)

    assert answer(verify(presented(way=way)), "credential.holder").startswith("pass")
    assert answer(report, "credential.holder") == f"fail {reason}"
    assert report.outcome is overall(report) is Outcome.FAILED


@WAYS
@pytest.mark.parametrize("silent", ["challenge", "domain"])
def test_a_presentation_that_answers_nobody_fails_where_somebody_asked(
    way: str, silent: str
) -> None:
    report = verify(presented(way=way, **{silent: None}))

    assert answer(report, "credential.holder") == f"fail proof.{silent}"


@pytest.mark.parametrize("made", [by_hand, by_jwt])
def test_a_holder_who_is_not_the_signer_is_told(made: Any) -> None:
    forged = verify(made(envelope(), by=attacker()))

    assert answer(verify(made(envelope())), "credential.holder").startswith("pass")
    assert answer(forged, "credential.holder") == "fail identity.mismatch"
    for part in forged.parts:
        assert answer(part, "credential.holder") == "undecided holder-unproven"


@pytest.mark.parametrize("made", [by_hand, by_jwt])
def test_without_a_holder_it_is_the_one_who_signed(made: Any) -> None:
    report = verify(made(envelope(holder=None)))

    assert answer(report, "credential.holder") == "pass presented-to-you"
    assert report.check("credential.holder").evidence["holder"] == ana().did


@pytest.mark.parametrize("made", [by_hand, by_jwt])
def test_a_holder_that_no_key_can_prove_stays_open(made: Any) -> None:
    report = verify(made(envelope(holder="https://ana.example/")))

    assert answer(report, "credential.holder") == "undecided holder-unproven"


def test_a_holder_may_be_an_object_with_an_id() -> None:
    named = envelope(holder={"id": ana().did, "name": "Ana Čeh Đurić"})

    assert answer(verify(by_jwt(named)), "credential.holder") == "pass presented-to-you"


def test_iss_of_a_presentation_is_its_holder() -> None:
    honest = verify(by_jwt(envelope(), iss=ana().did))
    forged = verify(by_jwt(envelope(), iss=attacker().did))

    assert answer(honest, "proof.integrity") == "pass"
    assert answer(forged, "proof.integrity") == "fail claims.conflict"


def test_a_jwt_may_be_for_several_and_a_proof_is_for_those_it_names() -> None:
    both = [DOMAIN, "https://drugi.example"]

    assert answer(verify(by_jwt(envelope(), aud=both)), "credential.holder") == (
        "pass presented-to-you"
    )
    assert answer(verify(by_hand(envelope(), domain=both)), "credential.holder") == (
        "fail proof.domain"
    )


def test_an_assertion_does_not_prove_who_hands_it_over() -> None:
    report = verify(by_hand(envelope(), proofPurpose="assertionMethod"))

    assert answer(report, "credential.holder") == "undecided holder-unproven"


def test_an_authentication_asserts_no_credential() -> None:
    """A proof that somebody made to log in must never pass for an issuer's."""
    options = proof_options(proofPurpose="authentication")

    assert verify(encoded(proved()), Asked()).outcome is Outcome.PASSED
    report = verify(encoded(proved(options=options)), Asked())
    assert answer(report, "proof.integrity") == "fail proof.purpose"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            by_jwt(envelope(), exp=int(AT.timestamp()) - 1), "fail expired", id="jwt"
        ),
        pytest.param(
            by_jwt(envelope(), nbf=int(AT.timestamp()) + 1),
            "fail not-yet-valid",
            id="jwt-later",
        ),
        pytest.param(
            by_hand(envelope(), expires="2025-09-01T11:59:59Z"),
            "fail expired",
            id="data-integrity",
        ),
    ],
)
def test_a_presentation_that_has_ended_is_told(data: bytes, expected: str) -> None:
    report = verify(data)

    assert answer(report, "credential.validity") == expected
    assert report.outcome is Outcome.FAILED


# --- where the key of a holder is listed ---


ANA_WEB = "did:web:ana.example"


def trusting(**purposes: list[str]) -> Trust:
    """Trust in the school, and Ana's document as the operator stored it."""
    method = {
        "id": f"{ANA_WEB}#k",
        "type": "Multikey",
        "controller": ANA_WEB,
        "publicKeyMultibase": ana().did.removeprefix("did:key:"),
    }
    document = {"id": ANA_WEB, "verificationMethod": [method], **purposes}
    stored = StoredDid(ANA_WEB, document, SIGNED_AT, "0" * 64)
    return replace(school().trust, dids=(stored,))


@pytest.mark.parametrize("made", [by_hand, by_jwt])
@pytest.mark.parametrize(
    ("purposes", "key", "holder"),
    [
        pytest.param(
            {"authentication": [f"{ANA_WEB}#k"]},
            "pass did",
            "pass presented-to-you",
            id="to-authenticate",
        ),
        pytest.param(
            {"assertionMethod": [f"{ANA_WEB}#k"]},
            "undecided wrong-purpose",
            "undecided blocked",
            id="only-to-assert",
        ),
        pytest.param(
            {}, "undecided wrong-purpose", "undecided blocked", id="for-nothing"
        ),
    ],
)
def test_the_holders_key_is_one_to_authenticate_with(
    made: Any, purposes: dict[str, list[str]], key: str, holder: str
) -> None:
    document = envelope(holder=ANA_WEB)
    if made is by_hand:
        data = made(document, verificationMethod=f"{ANA_WEB}#k")
    else:
        header = jwt_header(typ="vp+jwt", cty="vp", kid=f"{ANA_WEB}#k")
        bound = {"aud": DOMAIN, "nonce": CHALLENGE}
        data = jwt({**document, **bound}, header=header, sign=signs(ana()))

    run = Run(trusting(**purposes), BUNDLED, at=AT, now=AT, asked=ASKED)
    report = run.file(data)

    assert answer(report, "proof.key") == key
    assert answer(report, "credential.holder") == holder


def test_row_28_a_key_to_log_in_with_signs_no_credential() -> None:
    """A wallet's key may present; credentials are asserted (row 28)."""
    document = badge(issuer={"id": ANA_WEB, "type": ["Profile"], "name": "Ana"})
    data = jwt(
        claims(document), header=jwt_header(kid=f"{ANA_WEB}#k"), sign=signs(ana())
    )

    login = trusting(authentication=[f"{ANA_WEB}#k"])
    asserts = trusting(assertionMethod=[f"{ANA_WEB}#k"])

    for trust, key in ((login, "undecided wrong-purpose"), (asserts, "pass did")):
        report = Run(trust, BUNDLED, at=AT, now=AT).file(data)
        assert answer(report, "proof.key") == key


@pytest.mark.parametrize("made", [by_hand, by_jwt])
def test_a_presentation_that_names_an_issuer_gains_nothing_by_it(made: Any) -> None:
    """Neither the school's name nor its id make a stranger's envelope the school's."""
    document = envelope(holder=attacker().did)
    if made is by_jwt:
        document["issuer"] = {"id": school().badge.did, "name": "Srednja šola Zgled"}

    report = verify(made(document, by=attacker()))

    assert report.signer is not None
    assert report.signer.identifier == attacker().did
    assert answer(report, "issuer.trusted") == "undecided presentation"


# --- what people read ---


def test_a_replayed_presentation_is_not_called_an_invalid_credential() -> None:
    """What is inside is genuine; what failed is who hands it over."""
    text = verify(presented(), Asked("druga", DOMAIN)).to_text()
    head = text.partition("The checks that matter")[0]

    assert head.startswith("FAILED\n")
    assert "Do not rely on it for the person who hands it over." in head
    assert "Ask the person for a new presentation" in head
    assert "is not valid" not in head


def test_whoever_asked_reads_the_answer_also_where_all_is_well() -> None:
    text = verify(presented()).to_text()

    assert "The holder signed what you asked, for you and now" in text
    assert "their key signed what you asked" in text
    assert "signed what you asked" not in verify(presented(), Asked()).to_text()


# --- what is inside ---


def test_an_enveloped_presentation_is_a_part_of_its_own() -> None:
    inner = {
        "@context": [V2],
        "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{presented().decode()}",
    }

    report = verify(by_jwt(envelope(verifiableCredential=[inner])))

    (part,) = report.parts
    assert part.kind == "presentation"
    assert [one.outcome for one in part.parts] == [Outcome.PASSED] * 2
    assert overall(report) is Outcome.INDETERMINATE
    # Whoever made the inner one answered somebody else.
    assert answer(part, "credential.holder") == "undecided holder-unproven"


def test_an_enveloped_presentation_is_read_as_a_file_too() -> None:
    data = compact_json(
        {
            "@context": [V2],
            "type": "EnvelopedVerifiablePresentation",
            "id": f"data:application/vp+jwt,{presented().decode()}",
        }
    ).encode()

    assert verify(data).kind == "presentation"


def test_a_jwt_of_another_profile_stands_in_a_presentation_as_text() -> None:
    report = verify(by_jwt(envelope(verifiableCredential=[jwt().decode()])))

    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


def test_an_unsigned_presentation_is_opened_and_proves_nothing_of_its_own() -> None:
    report = verify(encoded(envelope()), Asked())

    assert report.kind == "presentation"
    assert answer(report, "proof.key") == "undecided unsigned"
    assert answer(report, "credential.holder") == "undecided holder-unproven"
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]
    assert report.content is None


def test_an_unsigned_credential_inside_is_not_vouched_for_by_the_holder() -> None:
    report = verify(by_jwt(envelope(verifiableCredential=[badge()])))

    (part,) = report.parts
    assert part.outcome is Outcome.INDETERMINATE
    assert answer(part, "proof.key") == "undecided unsigned"
    assert "Čebelarjenje" not in json.dumps(report.to_dict(), ensure_ascii=False)


def test_changing_what_is_inside_breaks_the_envelope_too() -> None:
    data = by_hand(envelope())
    forged = data.replace("Čebelarjenje za".encode(), b"Doktorat za")

    report = verify(forged)

    assert forged != data
    assert answer(verify(data), "proof.integrity") == "pass"
    assert answer(report, "proof.integrity") == "fail signature"
    assert [part.outcome for part in report.parts] == [Outcome.FAILED]


def test_the_endorsement_inside_a_part_is_not_asked_about_the_holder() -> None:
    endorsed = claims(of_ana()) | {"endorsementJwt": [jwt().decode()]}

    report = verify(presented(jwt(endorsed)))

    (part,) = report.parts
    (endorsement,) = part.parts
    assert answer(part, "credential.holder") == "pass presented-by-subject"
    assert answer(endorsement, "credential.holder") == "skipped not-asked"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "@context", "proof", "holder", "x"]),
            inner | st.sampled_from(["EnvelopedVerifiableCredential", V2, "data:,x"]),
            max_size=4,
        )
    ),
    max_leaves=10,
)
MEMBERS = st.sampled_from(
    ["verifiableCredential", "holder", "id", "type", "termsOfUse", "aud", "nonce"]
)


@given(members=st.dictionaries(MEMBERS, JSON, max_size=3))
def test_no_presentation_makes_the_reader_stumble_or_is_passed(members: Json) -> None:
    report = verify(by_jwt({**envelope(), **members}))

    assert report.outcome is not Outcome.PASSED
    assert overall(report) is not Outcome.PASSED


@given(position=st.integers(min_value=0), letter=st.sampled_from('Aa0-_.{"č'))
def test_a_changed_letter_anywhere_proves_no_holder(position: int, letter: str) -> None:
    data = presented().decode()
    position %= len(data)
    changed = data[:position] + letter + data[position + 1 :]

    report = verify(changed.encode())

    proved = answer(report, "credential.holder") == "pass presented-to-you"
    assert proved == (changed == data)


# --- making them, and the command ---


def test_a_presentation_without_credentials_is_not_made() -> None:
    with pytest.raises(ConfigError, match="one credential"):
        present([], signer(ana()), secured_as="vp+jwt", challenge="x", domain="y")


def test_only_ways_that_exist_are_taken() -> None:
    with pytest.raises(ConfigError, match="sd-jwt"):
        presented(way="sd-jwt")


def test_a_sealed_edc_stands_in_no_presentation() -> None:
    with pytest.raises(InputError, match="no presentation"):
        presented(sealed())


def test_a_credential_that_no_context_explains_is_not_presented() -> None:
    with pytest.raises(RecordError):
        presented(encoded({**proved(of_ana()), "gradeText": "5"}))


def test_public_verify_takes_challenge_and_domain() -> None:
    data = present(
        [issued("vc-jwt").data],
        signer(ana()),
        secured_as="vp+jwt",
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    verifier = Verifier(trust=world().trust)

    honest = verifier.verify(data, challenge=CHALLENGE, domain=DOMAIN)
    replayed = verifier.verify(data, challenge="druga", domain=DOMAIN)

    assert answer(honest, "credential.holder") == "pass presented-to-you"
    assert [part.outcome for part in honest.parts] == [Outcome.PASSED]
    assert replayed.outcome is Outcome.FAILED


def test_who_asks_a_holder_is_not_told_0_where_nobody_answered(tmp_path: Path) -> None:
    """A credential by itself was presented to nobody, whoever hands it over."""
    file = tmp_path / "badge.jsonld"
    file.write_bytes(issued("ob3-di").data)
    known = ["verify", str(file), "--trust", str(world().trust_folder), "--allow-test"]
    asked = ["--challenge", "7f3a", "--domain", "delodajalec.example"]

    assert CliRunner().invoke(app, known).exit_code == 0
    assert CliRunner().invoke(app, [*known, *asked]).exit_code == 3


def test_the_command_takes_challenge_and_domain(tmp_path: Path) -> None:
    data = present(
        [issued("ob3-jwt").data],
        signer(ana()),
        secured_as="data-integrity",
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    file = tmp_path / "predstavitev.jsonld"
    file.write_bytes(data)
    command = ["verify", str(file), "--trust", str(world().trust_folder), "-v"]

    for challenge, code, said in (
        (CHALLENGE, 3, "for you and now"),
        ("druga", 1, "does not answer"),
    ):
        asked = ["--domain", DOMAIN, "--challenge", challenge]
        shown = CliRunner().invoke(app, [*command, *asked])
        assert shown.exit_code == code, shown.output
        assert said in shown.output
