"""What else `openbadgeslib` knows: badges shown in part, endorsements, learner records.

(Badges with an embedded proof or as JWT are in `test_python`, in pictures in
`test_pictures`, with a status in `test_status_others`.)
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Signer
from openbadgeslib.ob3.clr import build_clr_credential, sign_clr_credential
from openbadgeslib.ob3.ldp import add_data_integrity_proof
from openbadgeslib.ob3.verifier import verify_endorsement_jwt

from edc_issuer.derivation import derive
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.jwt import JWT
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import Signer, open_signer
from edc_issuer.keys.did import own_identity
from edc_issuer.report import Outcome, Report
from edc_issuer.secure import secured
from edc_issuer.status import StatusBook, publish
from edc_issuer.verify import Verifier
from interop.cases import KEYS, badges, key_file, unsigned
from interop.judges import Judgement, hold
from interop.python_judges import OPENBADGESLIB, Maker
from interop.suites import PLAIN, REVEAL, did_of, forged
from interop.trusting import trust_in, verdict
from statuses import Answering
from world import record

pytestmark = pytest.mark.interop
VERSION = version(OPENBADGESLIB)
NAME = f"{OPENBADGESLIB}, parts"
URL = "https://zgled.example/status"
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHOOL = "Srednja strokovna šola Zgled"
# It reads no badge that is about nobody.
SHOWN = (*REVEAL, "/credentialSubject/identifier")
Document = dict[str, Any]


def _said(ask: Callable[[], object]) -> str:
    try:
        ask()
    except LibOpenBadgesException as error:
        return f"refused: {error}"
    return "valid"


# --- shown in part ---


@cache
def shown() -> Mapping[str, tuple[bytes, Mapping[str, bytes]]]:
    """Copies that a learner made of our badges, and the lists that they name."""
    folder = Path(tempfile.mkdtemp(prefix="edc-parts-"))
    source = record()
    award = replace(source.award, valid_until=date(2036, 9, 1))
    with (
        StatusBook.create(folder / "knjiga.sqlite", url=URL) as book,
        open_signer(key_file(KEYS["ES256"]())) as signer,
    ):
        options = {"cryptosuite": "ecdsa-sd-2023"}
        made = {
            name: Issuer(
                profile=PROFILES["ob3-di"], signer=signer, options=options, status=kept
            ).issue(replace(source, award=award))
            for name, kept in (("with a status", book), ("without a status", None))
        }
        lists = {one.url: one.data for one in publish(book, signer)}
    copies = {n: derive(one.data, reveal=SHOWN).data for n, one in made.items()}
    false = json.dumps(forged(json.loads(copies["with a status"]))).encode()
    return {n: (copy, lists) for n, copy in {**copies, "forged": false}.items()}


def _asked(copy: bytes) -> str:
    single = json.loads(copy)
    (single["proof"],) = single["proof"]
    verifier = OB3LdpVerifier.for_issuer_did(single["issuer"]["id"])
    return _said(lambda: verifier.verify(json.dumps(single)))


def _ours(copy: bytes, lists: Mapping[str, bytes]) -> str:
    trust = trust_in([did_of(json.loads(copy))])
    return verdict(Verifier(trust=trust, fetcher=Answering(lists)).verify(copy))


def test_a_copy_of_ours_is_read() -> None:
    assert _asked(shown()["with a status"][0]) == "valid"
    assert _ours(*shown()["with a status"]) == "PASSED"


def test_a_forged_copy_of_ours_is_refused() -> None:
    assert _asked(shown()["forged"][0]).startswith("refused: ")
    assert _ours(*shown()["forged"]) == "FAILED; proof.integrity signature"


def test_a_copy_without_a_status_is_left_open_by_both() -> None:
    """It refuses it, we leave it undecided: the status may have been withheld."""
    assert "credentialStatus" in _asked(shown()["without a status"][0])
    said = _ours(*shown()["without a status"])
    assert said == "INDETERMINATE; credential.status may-be-withheld"


# --- endorsements ---


def endorsement(did: str) -> Document:
    """Praise of the achievement of `PLAIN`."""
    about = unsigned()[PLAIN]["credentialSubject"]["achievement"]["id"]
    return {
        "@context": CONTEXTS,
        "id": "urn:uuid:2f0c6f1e-0f6a-4f2a-9d57-6d1f5b0f7a66",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Priporočilo čebelarske zveze",
        "issuer": {"id": did, "type": ["Profile"], "name": SCHOOL},
        "validFrom": "2026-06-20T00:00:00+02:00",
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Čebelarji jo cenijo. Пчелари је цене.",
        },
    }


@cache
def association() -> Maker:
    """Who endorses with openbadgeslib."""
    return Maker(KEYS["EdDSA"]())


def _token(document: Document) -> str:
    """An endorsement as a JWT of openbadgeslib, by the rules of Open Badges."""
    claims = {
        **document,
        "iss": association().did,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp()),
    }
    return str(OB3Signer(association().pem, "EdDSA").sign_payload(claims))


def _embedded(document: Document) -> Document:
    method = own_identity(association().key.public_key()).verification_method
    made: Document = add_data_integrity_proof(document, association().pem, method)
    return made


def _around(member: str, inner: Any) -> tuple[bytes, str]:
    """A badge of ours with an endorsement in it, and our DID."""
    with open_signer(key_file(KEYS["EdDSA"]())) as signer:
        did = str(signer.identity.did)  # type: ignore[union-attr]
        badge = unsigned()[PLAIN]
        text = json.dumps(badge).replace(badge["issuer"]["id"], did)
        achievement = json.loads(text)["credentialSubject"]["achievement"]
        document = json.loads(text)
        document["credentialSubject"]["achievement"] = {**achievement, member: [inner]}
        return _signed(document, signer, member), did


def _signed(document: Document, signer: Signer, member: str) -> bytes:
    """As a JWT where the member is one: no context of Open Badges defines it."""
    securing = JWT if member == "endorsementJwt" else DATA_INTEGRITY
    return secured(document, signer, securing, at=datetime.now(UTC))


def _spoilt(token: str) -> str:
    head, body, signature = token.split(".")
    other = "A" if signature[0] != "A" else "B"
    return ".".join((head, body, other + signature[1:]))


def _praised() -> dict[str, tuple[str, Any]]:
    """Endorsements of theirs, honest and forged, by where they stand."""
    document = endorsement(association().did)
    embedded, token = _embedded(document), _token(document)
    return {
        "endorsement": ("endorsement", embedded),
        "endorsement, forged": ("endorsement", {**embedded, "name": "Ministrstvo"}),
        "endorsementJwt": ("endorsementJwt", token),
        "endorsementJwt, forged": ("endorsementJwt", _spoilt(token)),
    }


PRAISED = ("endorsement", "endorsementJwt")


@cache
def endorsed() -> Mapping[str, Report]:
    """Our report on a badge of ours with each of them in it."""
    found = {}
    for case, (member, inner) in _praised().items():
        badge, did = _around(member, inner)
        trust = trust_in([did, association().did])
        found[case] = Verifier(trust=trust).verify(badge)
    return found


@pytest.mark.parametrize("case", PRAISED)
def test_an_endorsement_of_theirs_is_verified(case: str) -> None:
    honest, false = endorsed()[case], endorsed()[f"{case}, forged"]

    assert [part.outcome for part in honest.parts] == [Outcome.PASSED]
    assert [part.outcome for part in false.parts] == [Outcome.FAILED]


@cache
def our_endorsement() -> str:
    """An endorsement of ours as a JWT."""
    with open_signer(key_file(KEYS["EdDSA"]())) as signer:
        document = endorsement(str(signer.identity.did))  # type: ignore[union-attr]
        return secured(document, signer, JWT, at=datetime.now(UTC)).decode()


def test_an_endorsement_of_ours_is_verified() -> None:
    assert _said(lambda: verify_endorsement_jwt(our_endorsement())) == "valid"
    spoilt = _spoilt(our_endorsement())
    assert _said(lambda: verify_endorsement_jwt(spoilt)).startswith("refused: ")


# --- learner records ---


@cache
def records() -> Mapping[str, bytes]:
    """A record of a learner that they signed around a badge of ours, and forgeries."""
    school = Maker(KEYS["EdDSA"]())
    method = own_identity(school.key.public_key()).verification_method

    def record_of(badge: Document) -> Document:
        document = build_clr_credential(
            {"id": school.did, "type": ["Profile"], "name": SCHOOL},
            [
                {
                    "type": "IdentityObject",
                    "identityType": "emailAddress",
                    "hashed": False,
                    "identityHash": "ana@zgled.example",
                }
            ],
            [badge],
            credential_id="urn:uuid:4c2f7a11-6d1f-4f2a-9d57-5f0c6f1e0f6a",
            valid_from=datetime(2026, 6, 1, tzinfo=UTC),
        )
        made: Document = sign_clr_credential(document, school.pem, method)
        return made

    honest = record_of(badges()[PLAIN])
    subject = {**honest["credentialSubject"], "verifiableCredential": []}
    made = {
        "learner record": honest,
        "learner record, forged": {**honest, "credentialSubject": subject},
        "learner record around a badge that fails": record_of(forged(badges()[PLAIN])),
    }
    return {case: json.dumps(document).encode() for case, document in made.items()}


@cache
def on_records() -> Mapping[str, Report]:
    """Our reports on them."""
    issuer = json.loads(records()["learner record"])["issuer"]["id"]
    verifier = Verifier(trust=trust_in([issuer, did_of(badges()[PLAIN])]))
    return {case: verifier.verify(data) for case, data in records().items()}


def test_a_learner_record_of_theirs_is_verified() -> None:
    report = on_records()["learner record"]

    assert report.outcome is Outcome.PASSED
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


def test_a_forged_learner_record_of_theirs_is_failed() -> None:
    emptied = on_records()["learner record, forged"]
    inside = on_records()["learner record around a badge that fails"]

    assert emptied.outcome is Outcome.FAILED
    assert [part.outcome for part in inside.parts] == [Outcome.FAILED]


def said() -> Mapping[str, str]:
    """What it says of ours."""
    return {
        **{f"in part: {case}": _asked(copy) for case, (copy, _) in shown().items()},
        "endorsementJwt": _said(lambda: verify_endorsement_jwt(our_endorsement())),
        "endorsementJwt, forged": _said(
            lambda: verify_endorsement_jwt(_spoilt(our_endorsement()))
        ),
    }


def words() -> Mapping[str, str]:
    """What we say of theirs: of endorsements alone, of records with what is inside."""
    praised = {case: verdict(r.parts[0]) for case, r in endorsed().items()}
    learners = {
        case: "; ".join(
            [verdict(found), *(f"inside {verdict(part)}" for part in found.parts)]
        )
        for case, found in on_records().items()
    }
    return {**praised, **learners}


def test_the_judge_says_what_it_said_before() -> None:
    hold(Judgement(NAME, VERSION, "ours", said()))


def test_we_say_what_we_said_before() -> None:
    hold(Judgement(NAME, VERSION, "theirs", words()))
