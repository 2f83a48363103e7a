"""Badges in pictures, and Open Badges 2.0, with `openbadgeslib`.

A picture of ours is read there and one of theirs here, PNG and SVG, with a JWT or an
embedded proof in it. Of version 2.0 we issue nothing: what it signs is read here, and
of what lies at an address both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob2 import OB2Signer, OB2Verifier
from openbadgeslib.ob2.models import Assertion
from openbadgeslib.ob3 import OB3LdpSigner, OB3Signer
from openbadgeslib.ob3.credential import OpenBadgeCredential
from openbadgeslib.verify import verify_badge

import badges2
from edc_issuer.carriers import bake, unbake
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.report import Outcome, Report
from edc_issuer.verify import Verifier
from interop.cases import KEYS, key_file, unsigned
from interop.judges import Judgement, hold
from interop.python_judges import OPENBADGESLIB, Maker
from interop.suites import PLAIN, forged
from interop.trusting import Theirs, trust_in, verdict
from pictures import SVG, png
from world import record

pytestmark = pytest.mark.interop
VERSION = version(OPENBADGESLIB)
PICTURES = {"PNG": png(), "SVG": SVG}
SECURED = ("embedded", "jwt")
CASES = [f"{picture}, {secured}" for picture in PICTURES for secured in SECURED]


@cache
def _ours() -> Mapping[str, bytes]:
    """A badge of ours in each form, and one in each that somebody changed."""
    made = {}
    for secured, profile in (("embedded", "ob3-di"), ("jwt", "ob3-jwt")):
        with open_signer(key_file(KEYS["EdDSA"]())) as signer:
            issuer = Issuer(profile=PROFILES[profile], signer=signer)
            made[secured] = issuer.issue(record()).data
    return {**made, **{f"{how}, forged": _changed(made[how]) for how in made}}


def _changed(badge: bytes) -> bytes:
    if badge.startswith(b"{"):
        return json.dumps(forged(json.loads(badge))).encode()
    head, body, signature = badge.split(b".")
    other = b"A" if signature[:1] != b"A" else b"B"
    return b".".join((head, body, other + signature[1:]))


@cache
def pictures() -> Mapping[str, bytes]:
    """Our pictures by case."""
    return {
        f"{kind}, {how}": bake(picture, badge)
        for kind, picture in PICTURES.items()
        for how, badge in _ours().items()
    }


@cache
def said() -> Mapping[str, str]:
    """What openbadgeslib says of each."""
    answers = {
        case: verify_badge(data, "3", resolve_did=True)
        for case, data in pictures().items()
    }
    return {
        case: "valid" if answer.valid else f"refused: {answer.reason}"
        for case, answer in answers.items()
    }


@cache
def school() -> Maker:
    """Who bakes with openbadgeslib."""
    return Maker(KEYS["EdDSA"]())


@cache
def theirs() -> Theirs:
    """Their pictures by case."""
    pem = school().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    model = OpenBadgeCredential.from_vc_document(school().named(unsigned()[PLAIN]))
    signers: dict[str, Any] = {
        "embedded": OB3LdpSigner(pem),
        "jwt": OB3Signer(pem, "EdDSA"),
    }
    made = {}
    for how, signer in signers.items():
        made[f"PNG, {how}"] = signer.sign_into_png(model, PICTURES["PNG"])
        made[f"SVG, {how}"] = signer.sign_into_svg(model, PICTURES["SVG"])
    return Theirs(VERSION, made, trust_in([school().did]))


@pytest.mark.parametrize("case", CASES)
def test_a_picture_of_ours_is_read(case: str) -> None:
    assert said()[case] == "valid"


@pytest.mark.parametrize("case", CASES)
def test_a_forged_badge_in_a_picture_of_ours_is_refused(case: str) -> None:
    assert said()[f"{case}, forged"].startswith("refused: ")


@pytest.mark.parametrize("case", CASES)
def test_a_picture_of_theirs_is_passed(case: str) -> None:
    report = theirs().verify(theirs().issued[case])

    assert report.outcome is Outcome.PASSED
    assert report.carrier == case.partition(",")[0].lower()


@pytest.mark.parametrize("case", CASES)
def test_a_forged_badge_in_a_picture_of_theirs_is_failed(case: str) -> None:
    picture = theirs().issued[case]
    changed = bake(picture, _changed(unbake(picture).data), replace=True)

    assert theirs().verify(changed).outcome is Outcome.FAILED


@pytest.mark.parametrize("case", CASES)
def test_both_take_the_same_out_of_a_picture(case: str) -> None:
    for picture in (pictures()[case], theirs().issued[case]):
        if case.startswith("PNG"):
            found = baking.extract_png(picture, keyword=baking.ITXT_KEYWORD_OB3)
        else:
            found = baking.extract_svg(
                picture, element=baking.SVG_ELEMENT_OB3, text_fallback=True
            )
        assert found is not None
        assert found.encode() == unbake(picture).data


# --- Open Badges 2.0 ---


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _signed(key: rsa.RSAPrivateKey, **members: Any) -> Assertion:
    how = {"type": "signed", "creator": badges2.KEY}
    return Assertion.from_dict(badges2.assertion(verification=how, **members))


def _ob2(key: rsa.RSAPrivateKey, how: str, **members: Any) -> bytes:
    signer, said = OB2Signer(_pem(key)), _signed(key, **members)
    if how == "token":
        return str(signer.sign(said)).encode()
    if how == "PNG":
        return bytes(signer.sign_into_png(said, PICTURES["PNG"]))
    return bytes(signer.sign_into_svg(said, PICTURES["SVG"]))


def _read(data: bytes, pages: Mapping[str, Any]) -> Report:
    verifier = Verifier(trust=badges2.TRUST, fetcher=badges2.Web(pages))
    return verifier.verify(data)


@pytest.mark.parametrize("how", ["token", "PNG", "SVG"])
def test_an_older_badge_that_it_signs_is_passed(how: str) -> None:
    pages = badges2.pages()
    honest = _read(_ob2(badges2.signing_key(), how), pages)
    forgery = _read(_ob2(badges2.other_key(), how), pages)

    assert honest.outcome is Outcome.PASSED
    assert (honest.format, honest.model) == ("ob2-signed", "ob2")
    assert forgery.outcome is Outcome.FAILED
    assert forgery.check("proof.integrity").reason == "signature"


REVOKED = badges2.node(
    "RevocationList",
    badges2.REVOKED,
    issuer=badges2.ISSUER,
    revokedAssertions=[badges2.ASSERTION],
)
ELSEWHERE = {**badges2.profile(), "verification": {"startsWith": "https://x.example/"}}
# what lies otherwise at the school's addresses, and what both say of its badges
WEB: Mapping[str, Mapping[str, Any]] = {
    "hosted": {},
    "hosted, forged, outside": {badges2.ISSUER: ELSEWHERE},
    "hosted, gone": {badges2.ASSERTION: None},
    "hosted, forged, for another": {
        badges2.ASSERTION: badges2.assertion(badge=f"{badges2.HOME}/drugo.json")
    },
    "signed": {},
    "signed, revoked": {badges2.REVOKED: REVOKED},
    "signed, forged, another key": {
        badges2.KEY: {
            **badges2.pages()[badges2.KEY],
            "publicKeyPem": badges2.pem(badges2.other_key()),
        }
    },
    "signed, key not listed": {
        badges2.ISSUER: badges2.profile(publicKey=f"{badges2.HOME}/drug.json")
    },
}


def _web(case: str) -> Mapping[str, Any]:
    found = {**badges2.pages(), **WEB[case]}
    return {url: page for url, page in found.items() if page is not None}


def _asked(case: str) -> str:
    pages = _web(case)
    verifier = OB2Verifier(download=lambda url: badges2.text(pages[url]))
    try:
        if case.startswith("signed"):
            verifier.verify(badges2.signed().decode(), check_revocation=True)
        else:
            verifier.verify_hosted(badges2.assertion(), check_revocation=True)
    except LibOpenBadgesException as error:
        return f"refused: {error}"
    return "valid"


@cache
def said_of_older() -> Mapping[str, str]:
    """What it says of each badge of version 2.0."""
    return {case: _asked(case) for case in WEB}


@cache
def ours_of_older() -> Mapping[str, str]:
    """What we say of the same."""
    files = {"signed": badges2.signed(), "hosted": badges2.text(badges2.assertion())}
    return {
        case: verdict(_read(files[case.partition(",")[0]], _web(case))) for case in WEB
    }


@pytest.mark.parametrize("case", WEB)
def test_both_say_the_same_of_an_older_badge(case: str) -> None:
    honest = case in ("hosted", "signed")

    assert (said_of_older()[case] == "valid") == honest
    assert (ours_of_older()[case] == "PASSED") == honest


def test_the_judge_says_what_it_said_before() -> None:
    words = {**said(), **{f"2.0: {c}": word for c, word in said_of_older().items()}}
    hold(Judgement(f"{OPENBADGESLIB}, pictures and 2.0", VERSION, "ours", words))


def test_we_say_what_we_said_before() -> None:
    words = {
        **theirs().said(),
        **{f"2.0: {case}": word for case, word in ours_of_older().items()},
    }
    hold(Judgement(f"{OPENBADGESLIB}, pictures and 2.0", VERSION, "theirs", words))
