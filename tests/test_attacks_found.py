"""Attacks that once succeeded, or came too close: each beside its honest twin.

Every file of the attacker is judged under the trust in which the twin is PASSED.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import badges2
from attacks import workshop
from attacks.workshop import (
    AT,
    OB,
    V2,
    Json,
    achievement,
    attacker,
    badge,
    encoded,
    method_of,
    proof_options,
    proved,
    school,
    signs,
    subject,
)
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.keys.testdesk import TestDesk
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from edc_issuer.verify.holder import Asked
from edc_issuer.verify.online import MAX_ASKED, MAX_SILENT, Asking
from edc_issuer.verify.run import Run
from world import NAMES, PASSWORD, SCHOOL, record

# --- badges of version 2.0 ---

_UNCLEAR = ("undecided", "status-list-unreadable")
_REVOKED = ("fail", "revoked")


def _status(report: Report) -> tuple[str, str]:
    check = report.check("credential.status")
    return str(check.status), check.reason


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("true", _REVOKED),
        (1, _REVOKED),
        ([True], _UNCLEAR),
        ({"@value": True}, _UNCLEAR),
        ("preklicano", _UNCLEAR),
    ],
)
def test_a_hosted_badge_that_says_revoked_in_another_way_is_not_passed(
    word: object, expected: tuple[str, str]
) -> None:
    honest = badges2.verify(badges2.assertion(), badges2.pages(revoked=False))
    report = badges2.verify(badges2.assertion(), badges2.pages(revoked=word))
    assert honest.outcome is Outcome.PASSED
    assert _status(report) == expected
    assert report.outcome is not Outcome.PASSED


def test_a_hosted_badge_that_says_revoked_by_the_prefix_is_not_passed() -> None:
    pages = badges2.pages(**{"obi:revoked": True})
    assert _status(badges2.verify(badges2.assertion(), pages)) == _UNCLEAR


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"assertion": badges2.ASSERTION}], _UNCLEAR),
        ([{"id": [badges2.ASSERTION]}], _UNCLEAR),
        ([badges2.ASSERTION, 5], _REVOKED),
        ([f"{badges2.ASSERTION} "], _REVOKED),
        ([5], _UNCLEAR),
        ({"id": f"{badges2.HOME}/2.json"}, ("pass", "")),
    ],
)
def test_a_row_of_a_revocation_list_that_names_nobody_is_not_overlooked(
    rows: object, expected: tuple[str, str]
) -> None:
    honest, pages = badges2.pages(), badges2.pages()
    pages[badges2.REVOKED]["revokedAssertions"] = rows
    assert badges2.verify(badges2.signed(), honest).outcome is Outcome.PASSED
    assert _status(badges2.verify(badges2.signed(), pages)) == expected


def test_a_revocation_list_without_rows_says_nothing() -> None:
    pages = badges2.pages()
    del pages[badges2.REVOKED]["revokedAssertions"]
    assert _status(badges2.verify(badges2.signed(), pages)) == _UNCLEAR


@pytest.mark.parametrize("stated", [[badges2.REVOKED], 5, {"type": "RevocationList"}])
def test_an_issuer_whose_revocation_list_has_no_address_has_one_all_the_same(
    stated: object,
) -> None:
    pages = badges2.pages()
    pages[badges2.ISSUER]["revocationList"] = stated
    report = badges2.verify(badges2.signed(), pages)
    assert _status(report) == _UNCLEAR
    assert report.outcome is Outcome.INDETERMINATE


def test_a_part_of_a_hosted_page_is_no_hosted_badge() -> None:
    """What a page quotes, others may have written."""
    url = f"{badges2.ASSERTION}#navedek"
    quoted = badges2.assertion(id=url)
    pages = badges2.pages(endorsement=[quoted])
    report = badges2.verify(quoted, pages)
    check = report.check("proof.key")
    assert badges2.verify(badges2.assertion(), pages).outcome is Outcome.PASSED
    assert (str(check.status), check.reason) == ("undecided", "object-unusable")
    assert report.outcome is Outcome.INDETERMINATE


# --- endorsements and presentations ---


def _endorsed_by(praise: Json) -> Report:
    about = subject(achievement=achievement(endorsement=[praise]))
    return workshop.verify(encoded(proved(badge(credentialSubject=about))))


def test_praise_that_names_nothing_is_no_praise_of_this_badge() -> None:
    """It may have been given to another badge, or be one about somebody else."""

    def praise(**members: Any) -> Json:
        return proved(
            badge(
                id="urn:uuid:9",
                type=["VerifiableCredential", "EndorsementCredential"],
                credentialSubject={
                    "type": ["EndorsementSubject"],
                    "endorsementComment": "Vse pohvale.",
                    **members,
                },
            )
        )

    honest = _endorsed_by(praise(id=achievement()["id"]))
    report = _endorsed_by(praise())
    (part,) = report.parts
    assert [honest.outcome, honest.parts[0].outcome] == [Outcome.PASSED] * 2
    assert part.check("credential.model").reason == "endorses-another"
    assert part.outcome is Outcome.INDETERMINATE


def _shown(*holders: str, **proof: Any) -> Report:
    """The attacker's own badge, shown by himself."""
    own = proved(badge(credentialSubject=subject(id=attacker().did)))
    document = {
        "@context": [V2, OB],
        "type": ["VerifiablePresentation"],
        "holder": list(holders) or attacker().did,
        "verifiableCredential": [own],
    }
    options = proof_options(
        proofPurpose="authentication",
        challenge="12",
        domain="delodajalec.example",
        verificationMethod=method_of(attacker()),
        **proof,
    )
    data = encoded(proved(document, options, sign=signs(attacker())))
    asked = Asked("12", "delodajalec.example")
    return Run(school().trust, BUNDLED, at=AT, now=AT, asked=asked).file(data)


def _holders(report: Report) -> list[str]:
    return [one.check("credential.holder").reason for one in (report, *report.parts)]


def test_a_presentation_of_two_holders_proves_neither() -> None:
    assert _holders(_shown()) == ["presented-to-you", "presented-by-subject"]
    both = _shown(attacker().did, school().badge.did)
    assert _holders(both) == ["holder-unproven"] * 2


def test_a_presentation_that_has_ended_proves_nobody_to_what_is_in_it() -> None:
    ended = _shown(expires="2025-08-01T00:00:00Z")
    assert ended.outcome is Outcome.FAILED
    assert _holders(ended)[1:] == ["holder-unproven"]


@pytest.mark.parametrize("place", ["credential", "subject"])
def test_a_recipient_in_words_of_another_version_is_nobody(place: str) -> None:
    """Readers of the badge never see them, so that they name no one."""
    old = {"type": "email", "identity": "ana@zgled.example"}
    more = {"recipient": old} if place == "credential" else {}
    about = subject(**old) if place == "subject" else subject()
    asked = Asked(recipient="ana@zgled.example")
    run = Run(school().trust, BUNDLED, at=AT, now=AT, asked=asked)

    known = {"identifier": [{**_HASHED, "identityHash": "ana@zgled.example"}]}
    honest = workshop.jwt(workshop.claims(badge(credentialSubject=subject(**known))))
    attack = workshop.claims({**badge(credentialSubject=about), **more})
    assert _holders(run.file(honest)) == ["recipient-matches"]
    assert _holders(run.file(workshop.jwt(attack))) == ["recipient-unknown"]


_HASHED = {"type": "IdentityObject", "hashed": False, "identityType": "emailAddress"}


@pytest.mark.parametrize("keyword", ["@nest", "@included", "@graph"])
@pytest.mark.parametrize(
    ("member", "check_id", "reason"),
    [
        ("credentialStatus", "credential.status", "status.entry"),
        ("validUntil", "credential.validity", "date-unreadable"),
    ],
)
def test_what_a_keyword_hides_in_a_jwt_is_not_overlooked(
    keyword: str, member: str, check_id: str, reason: str
) -> None:
    """A reader of JSON-LD sees a status or an end where a reader of JSON does not."""
    held = {"id": badge()["id"], member: "2020-01-01T00:00:00Z"}
    value = held if keyword == "@nest" else [held]
    report = workshop.verify(workshop.jwt({**workshop.claims(), keyword: value}))
    check = report.check(check_id)
    assert workshop.verify(workshop.jwt()).outcome is Outcome.PASSED
    assert (str(check.status), check.reason) == ("undecided", reason)
    assert report.outcome is Outcome.INDETERMINATE


# --- two kinds of file in one ---


def _forged_beside() -> dict[str, Json]:
    """What a reader of JSON-LD takes for the school's, or the attacker's, word."""
    forged = badge(name="Doktorat")
    options = proof_options(verificationMethod=method_of(attacker()))
    signed = proved(forged, options, sign=signs(attacker()))
    subject_alone = {"credentialSubject": forged["credentialSubject"]}
    return {
        "signed-by-another": signed,
        "unsigned": forged,
        "subject": subject_alone,
        "presentation": {"verifiableCredential": [forged]},
    }


@pytest.mark.parametrize(
    "name", ["signed-by-another", "unsigned", "subject", "presentation"]
)
def test_a_sealed_file_that_says_more_beside_its_seal_is_malformed(
    name: str,
) -> None:
    """The seal is genuine, and what others read was sealed by nobody."""
    beside = _forged_beside()[name]
    sealed = json.loads(workshop.sealed())
    honest = workshop.verify(encoded({**sealed, "zgled": "ni zapečateno"}))
    for data in ({**sealed, **beside}, {**beside, **sealed}):
        report = workshop.verify(encoded(data))
        check = report.check("format.wellformed")
        assert (str(check.status), check.reason) == ("fail", "jws.members")
        assert report.content is None
    assert honest.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("claim", "within"),
    [
        ("vp", badge()),
        ("vc", {"@context": [V2], "type": ["VerifiablePresentation"]}),
    ],
)
def test_a_claim_of_one_kind_does_not_hold_the_other(claim: str, within: Json) -> None:
    """Who presents is held against the holder, who issues against the issuer."""
    held = {"verifiableCredential": [proved()]} if claim == "vc" else {}
    payload = {"iss": school().badge.did, claim: {**within, **held}}
    other = {"vp": "vc", "vc": "vp"}[claim]
    honest = {"iss": school().badge.did, other: {**within, **held}}
    for said, expected in ((honest, ("pass", "")), (payload, ("fail", "jwt.claims"))):
        check = workshop.verify(workshop.jwt(said)).check("format.wellformed")
        assert (str(check.status), check.reason) == expected


# --- what is asked online ---


@dataclass
class _Counting:
    """A door to test authorities that counts who goes through."""

    desk: TestDesk
    asked: int = 0

    def fetch(self, request: Request) -> Response:
        self.asked += 1
        return self.desk.fetch(request)


def test_a_file_of_many_seals_asks_their_authority_once(tmp_path: Path) -> None:
    """Else one file would have a thousand questions sent, and wait for the answers."""
    desk = TestDesk.create(
        [SCHOOL], clock=lambda: datetime.now(UTC), host="https://desk.example"
    )
    (tmp_path / "seal.p12").write_bytes(desk.pkcs12(desk.seals[0], password=PASSWORD))
    key = f"file:{tmp_path / 'seal.p12'}"
    with open_signer(key, secret=lambda prompt: PASSWORD) as signer:
        issuer = Issuer(profile=PROFILES["edc-jades"], signer=signer, level=Level.B)
        sealed = issuer.issue(record()).data
    trust = Trust(
        seal_anchors=(Anchor(desk.root.certificate, False, "root.pem", test=True),),
        issuers=(TrustedIssuer(SCHOOL.identifier, NAMES, test=True),),
        test=True,
    )
    many = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [json.loads(sealed)] * 9,
    }
    alone, together = _Counting(desk), _Counting(desk)

    one = Verifier(trust, fetcher=alone).verify(sealed)
    all_of_them = Verifier(trust, fetcher=together).verify(encoded(many))

    assert one.outcome is Outcome.PASSED
    assert [part.outcome for part in all_of_them.parts] == [Outcome.PASSED] * 9
    assert alone.asked == together.asked > 0


@dataclass
class _Web:
    """A web that has nothing, or does not even answer."""

    why: str
    asked: int = 0

    def fetch(self, request: Request) -> Response:
        self.asked += 1
        raise FetchError(request.url, self.why)


def _ask_all(asking: Asking, urls: Iterable[str]) -> list[str]:
    found = []
    for url in urls:
        with pytest.raises(FetchError) as caught:
            asking.fetch(Request(url))
        found.append(caught.value.why)
    return found


def test_who_is_silent_is_asked_once_and_then_nobody() -> None:
    urls = [f"https://ocsp-{n}.example/" for n in range(MAX_SILENT)]
    web = _Web("timeout")
    asking = Asking(web)
    assert set(_ask_all(asking, [*urls, *urls])) == {"timeout"}
    assert _ask_all(asking, ["https://crl.example/"]) == ["unavailable"]
    assert web.asked == len(asking.lines) == MAX_SILENT


def test_one_file_asks_no_more_than_so_many_questions() -> None:
    web = _Web("not-found")
    asking = Asking(web)
    urls = [f"https://crl-{n}.example/" for n in range(MAX_ASKED + 3)]
    assert _ask_all(asking, urls)[-4:] == ["not-found", *["unavailable"] * 3]
    assert web.asked == len(asking.lines) == MAX_ASKED
