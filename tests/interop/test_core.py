"""`@digitalcredentials/verifier-core` on what it asks of a badge beside its proof.

Its fetching is replaced by a map: status lists and the documents of did:web lie there.
It gives no verdict of its own: a revoked badge is a badge that holds and was revoked.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import Signer, open_signer
from edc_issuer.keys.did_web import document_url
from edc_issuer.keys.document import key_document
from edc_issuer.presentation import present
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.status import StatusBook, publish
from edc_issuer.verify import Verifier
from interop.cases import key_file
from interop.judges import HERE, Judgement, hold, run, tool
from interop.openvc_judge import Maker
from interop.suites import KEYS, LEGACY, OF, forged, unsigned
from interop.trusting import Theirs, trust_in, verdict
from statuses import Answering
from world import record

pytestmark = pytest.mark.interop
JUDGE = "@digitalcredentials/verifier-core"
NAME = f"{JUDGE}, badges and lists"
URL = "https://zgled.example/status"
WEB = "did:web:zgled.example:zna%C4%8Dke"
NOWHERE = "did:web:zgled.example:nikjer"
CHALLENGE, DOMAIN = "vprašanje-7f3a", "https://delodajalec.example"
# case, what it says, what we say
EXPECTED = {
    "clear": ("valid", "PASSED"),
    "revoked": ("valid; revocation_status", "FAILED; credential.status revoked"),
    "expired list": (
        "valid; revocation_status status_list_expired",
        "INDETERMINATE; credential.status status-list-stale",
    ),
    "spoilt list": (
        "valid; revocation_status status_list_signature_error",
        "INDETERMINATE; credential.status status-list-unreadable",
    ),
    "no list": (
        "valid; revocation_status status_list_not_found",
        "INDETERMINATE; credential.status unreachable",
    ),
    "suspendable": ("valid", "PASSED"),
    "suspended": ("valid; suspension_status", "FAILED; credential.status suspended"),
    "ended": ("valid; expiration", "FAILED; credential.validity expired"),
    "did:web": ("valid", "PASSED"),
    "did:web, no document": (
        "refused: did_web_unresolved",
        "INDETERMINATE; proof.key key.unavailable",
    ),
}
FORGED = [f"forged: {case}" for case in EXPECTED if case != "spoilt list"]
Badge = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A badge, and what lies at the addresses that it names."""

    badge: Badge
    web: Mapping[str, Badge]


@contextmanager
def _signing() -> Iterator[Signer]:
    with open_signer(key_file(KEYS["Ed25519"]())) as signer:
        yield signer


def _issued(signer: Signer, source: CredentialRecord, **options: Any) -> Badge:
    issuer = Issuer(profile=PROFILES["ob3-di"], signer=signer, **options)
    found: Badge = json.loads(issuer.issue(source).data)
    return found


def _published(book: StatusBook, signer: Signer, **options: Any) -> dict[str, Badge]:
    """The lists with an embedded proof, by their addresses."""
    return {
        one.url: json.loads(one.data)
        for one in publish(book, signer, **options)
        if one.data.startswith(b"{")
    }


def _with_status(suspension: bool) -> dict[str, Case]:
    """A badge before and after it was withdrawn, for good or for a time."""
    folder = Path(tempfile.mkdtemp(prefix="edc-core-"))
    with (
        StatusBook.create(folder / "knjiga.sqlite", url=URL) as book,
        _signing() as signer,
    ):
        badge = _issued(signer, record(), status=book, suspension=suspension)
        before = Case(badge, _published(book, signer))
        if suspension:
            book.suspend(badge["id"], "preverjanje", by="ana")
            return {
                "suspendable": before,
                "suspended": Case(badge, _published(book, signer)),
            }
        old = datetime.now(UTC) - timedelta(days=60)
        ended = Case(badge, _published(book, signer, at=old))
        book.revoke(badge["id"], "po pomoti", by="ana")
        revoked = Case(badge, _published(book, signer))
    nothing = Case(badge, {})
    return {
        "clear": before,
        "revoked": revoked,
        "expired list": ended,
        "no list": nothing,
    }


def _ended() -> Case:
    source = record()
    award = replace(source.award, valid_until=date(2026, 1, 31))
    with _signing() as signer:
        return Case(_issued(signer, replace(source, award=award)), {})


def _did_web() -> dict[str, Case]:
    """Two schools by their websites; of one the document with the key is gone."""
    found = {}
    for name, did in (("did:web", WEB), ("did:web, no document", NOWHERE)):
        key = KEYS["Ed25519"]()
        with open_signer(f"{key_file(key)}#{did}") as signer:
            badge = _issued(signer, record())
        page = {document_url(did): key_document(did, [key.public_key()])}
        found[name] = Case(badge, page if did == WEB else {})
    return found


@cache
def cases() -> Mapping[str, Case]:
    """Every badge that is put before it, with its forgery beside it."""
    honest = {
        **_with_status(suspension=False),
        **_with_status(suspension=True),
        "ended": _ended(),
        **_did_web(),
    }
    return {
        **honest,
        **{
            f"forged: {name}": Case(forged(case.badge), case.web)
            for name, case in honest.items()
        },
        "spoilt list": _spoilt(honest),
    }


def _spoilt(honest: Mapping[str, Case]) -> Case:
    """A revoked badge, and the list from before put into the signed list."""
    revoked, clear = honest["revoked"], honest["clear"]
    url = revoked.badge["credentialStatus"]["statusListCredential"]
    changed = json.loads(json.dumps(revoked.web[url]))
    changed["credentialSubject"] = clear.web[url]["credentialSubject"]
    return Case(revoked.badge, {**revoked.web, url: changed})


@cache
def presentations() -> Mapping[str, Badge]:
    """Of a badge, as a holder signs it, and as if the holder stated what it holds."""
    with _signing() as signer:
        badge = _issued(signer, record())
        data = present(
            [json.dumps(badge).encode()],
            signer,
            secured_as="data-integrity",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
    holder = Maker("Ed25519", KEYS["Ed25519"]())
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [badge],
    }
    asserted = holder.signed(
        "eddsa-rdfc-2022",
        unsigned,
        proof_purpose="assertionMethod",
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    return {"authentication": json.loads(data), "assertionMethod": asserted}


@cache
def asked() -> Any:
    """One conversation with Node."""
    given = {
        "verify": {
            name: {"credential": case.badge, "web": case.web}
            for name, case in cases().items()
        },
        "presentations": {
            purpose: {"presentation": presentation, "challenge": CHALLENGE}
            for purpose, presentation in presentations().items()
        },
        "legacy": {of: unsigned(of) for of in OF},
    }
    answer = run(
        [tool("node"), "core.mjs"], given=json.dumps(given).encode(), at=HERE / "node"
    )
    return json.loads(answer)


def report(case: Case) -> Report:
    """Ours, with the same map to fetch from."""
    pages = {url: json.dumps(page).encode() for url, page in case.web.items()}
    trust = trust_in([case.badge["issuer"]["id"]])
    verifier = Verifier(trust=trust, fetcher=Answering(pages))
    return verifier.verify(json.dumps(case.badge).encode())


@cache
def legacy() -> Theirs:
    """Badges that its packages signed with Ed25519Signature2020."""
    rows = asked()["legacy"]
    made = {
        f"{LEGACY}: {of}": json.dumps(row["credential"]).encode()
        for of, row in rows.items()
    }
    return Theirs(asked()["version"], made, trust_in({r["did"] for r in rows.values()}))


@pytest.mark.parametrize("case", EXPECTED)
def test_it_finds_of_a_badge_of_ours_what_we_find(case: str) -> None:
    assert (asked()["verified"][case], verdict(report(cases()[case]))) == EXPECTED[case]


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_badge_of_ours_is_refused(case: str) -> None:
    assert asked()["verified"][case].startswith("refused: ")
    assert report(cases()[case]).outcome is not Outcome.PASSED


@pytest.mark.parametrize("of", OF[:2])
def test_a_badge_of_theirs_is_passed(of: str) -> None:
    data = legacy().issued[f"{LEGACY}: {of}"]
    changed = json.dumps(forged(json.loads(data))).encode()

    assert legacy().verify(data).outcome is Outcome.PASSED
    found = legacy().verify(changed)
    assert found.check("proof.integrity").status is Status.FAIL
    assert found.outcome is Outcome.FAILED


def test_its_older_canonicalization_leaves_control_characters_as_they_are() -> None:
    """It signs with rdf-canonize 3.4 (URDNA2015); Digital Bazaar's own with RDFC-1.0,
    and then the same texts pass (`test_suites`).
    """
    found = legacy().verify(legacy().issued[f"{LEGACY}: all texts"])

    assert found.check("proof.integrity").reason == "signature"


def test_it_wants_a_presentation_signed_as_a_statement() -> None:
    """A holder authenticates (VCDM 2.0, 4.13; VC-API); it asks for `assertionMethod`,
    and holds whatever badge is inside for good all the same.
    """
    said = asked()["presentations"]
    verifier = Verifier(trust=trust_in([presentations_issuer()]))
    found = {
        purpose: verifier.verify(
            json.dumps(document).encode(), challenge=CHALLENGE, domain=DOMAIN
        ).check("credential.holder")
        for purpose, document in presentations().items()
    }

    assert said == {
        "authentication": "refused: invalid; inside valid",
        "assertionMethod": "valid; inside valid",
    }
    assert found["authentication"].status is Status.PASS
    assert found["assertionMethod"].status is not Status.PASS


def presentations_issuer() -> str:
    """Whose badge is shown."""
    held = presentations()["authentication"]["verifiableCredential"]
    return str(held[0]["issuer"]["id"])


def test_the_judge_says_what_it_said_before() -> None:
    hold(Judgement(NAME, asked()["version"], "ours", asked()["verified"]))


def test_we_say_what_we_said_before() -> None:
    hold(Judgement(NAME, asked()["version"], "theirs", legacy().said()))
