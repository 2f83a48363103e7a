"""VC-JOSE-COSE: credentials and presentations as JWTs, with two JOSE libraries.

They know nothing of credentials: they find the signature good over these very
characters, and the members that they read of it are checked here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from joserfc import jws as joserfc_jws
from joserfc.jwk import import_key
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from edc_issuer.encoding import b64u, unb64u
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import Signer, open_signer
from edc_issuer.keys.did import own_identity
from edc_issuer.presentation import present
from edc_issuer.report import Outcome, Status
from edc_issuer.verify import Verifier
from interop import openvc_judge
from interop.cases import key_file, unsigned
from interop.jose_judges import JOSERFC, JWCRYPTO, VERSIONS, ask
from interop.judges import Judgement, hold
from interop.suites import PLAIN
from interop.trusting import Theirs, presented, trust_in, verdict
from world import RECORDS, record

pytestmark = [
    pytest.mark.interop,
    pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),  # RFC 9864, joserfc
]
JUDGES = (JWCRYPTO, JOSERFC)
CHALLENGE, DOMAIN = "vprašanje-7f3a", "https://delodajalec.example"
KEYS: Mapping[str, Callable[[], PrivateKey]] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "PS256": lambda: rsa.generate_private_key(65537, 3072),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
}
KINDS = ("vc+jwt", "vp+jwt")
CASES = [f"{kind}, {algorithm}" for kind in KINDS for algorithm in KEYS]
FORGERIES = ("payload", "signature", "header", "another key")
Token = tuple[bytes, PrivateKey]


@cache
def keys() -> Mapping[str, PrivateKey]:
    """A key of each algorithm."""
    return {algorithm: generate() for algorithm, generate in KEYS.items()}


@cache
def other_keys() -> Mapping[str, PrivateKey]:
    """Another key of each kind, of nobody."""
    return {algorithm: generate() for algorithm, generate in KEYS.items()}


@cache
def ours() -> Mapping[str, Token]:
    """Credentials and presentations of ours by kind and algorithm, with their keys."""
    made = {}
    for algorithm, key in keys().items():
        with open_signer(key_file(key), algorithm=algorithm) as signer:
            credential = _credential(signer)
            made[f"vc+jwt, {algorithm}"] = (credential, key)
            made[f"vp+jwt, {algorithm}"] = (_presentation(credential, signer), key)
    return made


def _credential(signer: Signer) -> bytes:
    issuer = Issuer(profile=PROFILES["vc-jwt"], signer=signer, files=RECORDS)
    return issuer.issue(record(PLAIN)).data


def _presentation(credential: bytes, signer: Signer) -> bytes:
    return present(
        [credential], signer, secured_as="vp+jwt", challenge=CHALLENGE, domain=DOMAIN
    )


def parts(token: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload, read without any check."""
    head, body, _ = token.decode().split(".")
    return json.loads(unb64u(head)), json.loads(unb64u(body))


def _packed(value: Mapping[str, Any]) -> bytes:
    return b64u(json.dumps(value).encode()).encode()


def forgeries(token: bytes) -> dict[str, bytes]:
    """The token with one of its three parts changed."""
    head, body, signature = token.split(b".")
    header, payload = parts(token)
    named = [name for name in ("issuer", "holder") if name in payload]
    who: dict[str, Any] = dict.fromkeys(named, "did:key:zDrugi")
    other = b"A" if signature[:1] != b"A" else b"B"
    cty = "vp" if header["cty"] == "vc" else "vc"
    return {
        "payload": b".".join((head, _packed({**payload, **who}), signature)),
        "signature": b".".join((head, body, other + signature[1:])),
        "header": b".".join((_packed({**header, "cty": cty}), body, signature)),
    }


@cache
def judgement(judge: str) -> Judgement:
    """What one of the two says of ours, whole and forged."""
    said = {}
    for case, (token, key) in ours().items():
        payload = unb64u(token.split(b".")[1].decode()).decode()
        said[case] = ask(judge, token, key.public_key(), payload=payload)
        for how, forged in forgeries(token).items():
            payload = unb64u(forged.split(b".")[1].decode()).decode()
            said[f"{case}, forged: {how}"] = ask(
                judge, forged, key.public_key(), payload=payload
            )
        stranger = other_keys()[case.partition(", ")[2]].public_key()
        said[f"{case}, forged: another key"] = ask(
            judge, token, stranger, payload=payload
        )
    return Judgement(f"{judge}, VC-JOSE-COSE", VERSIONS[judge], "ours", said)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_token_of_ours_verifies(judge: str, case: str) -> None:
    assert judgement(judge).said[case] == "valid"


@pytest.mark.parametrize("how", FORGERIES)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_token_of_ours_is_refused(judge: str, case: str, how: str) -> None:
    assert judgement(judge).said[f"{case}, forged: {how}"].startswith("refused: ")


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_a_token_of_ours_signs_is_the_credential(algorithm: str) -> None:
    """VC-JOSE-COSE 3.1.1: the payload is the credential, the header says so."""
    header, payload = parts(ours()[f"vc+jwt, {algorithm}"][0])

    assert (header["alg"], header["typ"], header["cty"]) == (algorithm, "vc+jwt", "vc")
    assert payload["issuer"]["id"] == header["kid"].partition("#")[0]
    assert not {"vc", "vp"} & set(payload)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_presentation_of_ours_signs_what_was_asked(algorithm: str) -> None:
    """VC-JOSE-COSE 3.1.2 and the claims `nonce` and `aud` (verdicts, part 11)."""
    header, payload = parts(ours()[f"vp+jwt, {algorithm}"][0])
    (held,) = payload["verifiableCredential"]

    assert (header["alg"], header["typ"], header["cty"]) == (algorithm, "vp+jwt", "vp")
    assert (payload["nonce"], payload["aud"]) == (CHALLENGE, DOMAIN)
    assert payload["holder"] == header["kid"].partition("#")[0]
    credential = ours()[f"vc+jwt, {algorithm}"][0].decode()
    assert held["id"] == f"data:application/vc+jwt,{credential}"


# --- theirs ---


@dataclass(frozen=True)
class Maker:
    """Somebody who signs with one of the two libraries."""

    judge: str
    algorithm: str

    @property
    def key(self) -> PrivateKey:
        """Its key."""
        return keys()[self.algorithm]

    @property
    def did(self) -> str:
        """The DID of its key."""
        return own_identity(self.key.public_key()).did

    def token(self, kind: str, payload: Mapping[str, Any]) -> bytes:
        """A credential ("vc") or a presentation ("vp") as a JWT."""
        method = own_identity(self.key.public_key()).verification_method
        header = {
            "alg": self.algorithm,
            "typ": f"{kind}+jwt",
            "cty": kind,
            "kid": method,
        }
        text = json.dumps(payload, ensure_ascii=False)
        sign = self._jwcrypto if self.judge == JWCRYPTO else self._joserfc
        return sign(header, text)

    def _jwk(self) -> JWK:
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return JWK.from_pem(pem)

    def _jwcrypto(self, header: Mapping[str, Any], text: str) -> bytes:
        token = JWS(text.encode())
        token.allowed_algs = list(KEYS)
        token.add_signature(self._jwk(), protected=json.dumps(header))
        return str(token.serialize(compact=True)).encode()

    def _joserfc(self, header: Mapping[str, Any], text: str) -> bytes:
        key = import_key(self._jwk().export_private(as_dict=True))
        token = joserfc_jws.serialize_compact(
            dict(header), text.encode(), key, algorithms=list(KEYS)
        )
        return token.encode() if isinstance(token, str) else token

    def credential(self) -> bytes:
        """A badge with this school in place of its issuer."""
        badge = unsigned()[PLAIN]
        text = json.dumps(badge).replace(badge["issuer"]["id"], self.did)
        return self.token("vc", json.loads(text))

    def presentation(self, credential: bytes) -> bytes:
        """Of that badge, to whoever asked."""
        v2 = "https://www.w3.org/ns/credentials/v2"
        envelope = {
            "@context": v2,
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/vc+jwt,{credential.decode()}",
        }
        return self.token(
            "vp",
            {
                "@context": [v2],
                "type": ["VerifiablePresentation"],
                "holder": self.did,
                "verifiableCredential": [envelope],
                "nonce": CHALLENGE,
                "aud": DOMAIN,
            },
        )


MAKERS = [Maker(judge, algorithm) for judge in JUDGES for algorithm in KEYS]
NAMES = [f"{maker.judge}, {maker.algorithm}" for maker in MAKERS]


@cache
def theirs(judge: str) -> Theirs:
    """The tokens of one of the two, and trust in those who made them."""
    made, dids = {}, []
    for maker in MAKERS:
        if maker.judge == judge:
            credential = maker.credential()
            made[f"vc+jwt, {maker.algorithm}"] = credential
            made[f"vp+jwt, {maker.algorithm}"] = maker.presentation(credential)
            dids.append(maker.did)
    return Theirs(VERSIONS[judge], made, trust_in(dids))


@pytest.mark.parametrize("maker", MAKERS, ids=NAMES)
def test_a_credential_of_theirs_is_passed(maker: Maker) -> None:
    judge = theirs(maker.judge)
    token = judge.issued[f"vc+jwt, {maker.algorithm}"]

    assert judge.verify(token).outcome is Outcome.PASSED
    for how, forged in forgeries(token).items():
        assert judge.verify(forged).outcome is Outcome.FAILED, how


@pytest.mark.parametrize("maker", MAKERS, ids=NAMES)
def test_a_presentation_of_theirs_proves_who_shows_the_badge(maker: Maker) -> None:
    judge = theirs(maker.judge)
    token = judge.issued[f"vp+jwt, {maker.algorithm}"]
    verifier = Verifier(trust=judge.trust)
    report = verifier.verify(token, challenge=CHALLENGE, domain=DOMAIN)

    assert report.check("credential.holder").status is Status.PASS
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]
    for challenge, domain in (("druga", DOMAIN), (CHALLENGE, "https://n.example")):
        other = verifier.verify(token, challenge=challenge, domain=domain)
        assert other.check("credential.holder").status is Status.FAIL
    for how, forged in forgeries(token).items():
        found = verifier.verify(forged, challenge=CHALLENGE, domain=DOMAIN)
        assert found.outcome is Outcome.FAILED, how


# --- openvc-core ---


OPENVC_KEYS = {"EdDSA": "Ed25519", "ES256": "P-256", "ES384": "P-384"}


def test_openvc_core_reads_no_credential_of_vcdm_2() -> None:
    """It wants the claims `iss` and `vc` of VCDM 1.1, which VC-JOSE-COSE has not."""
    said = openvc_judge.verify_token(ours()["vc+jwt, EdDSA"][0])

    assert said == "refused: no issuer (iss / vc.issuer) present"


@pytest.mark.parametrize("algorithm", OPENVC_KEYS)
def test_a_presentation_of_openvc_core_proves_who_shows_the_badge(
    algorithm: str,
) -> None:
    """As VCDM 1.1 has it, in a claim `vp`."""
    holder = openvc_judge.Maker(OPENVC_KEYS[algorithm], keys()[algorithm])
    asked: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}
    token = holder.vp_token([holder.token(unsigned()[PLAIN])], **asked)
    verifier = Verifier(trust=trust_in([holder.did]))
    report = verifier.verify(token, **asked)
    head, body, signature = token.split(b".")
    other = b".".join((head, body, signature[:-8] + b"A" * 8))

    assert openvc_judge.verify_vp_token(token, **asked) == "valid"
    assert openvc_judge.verify_vp_token(other, **asked).startswith("refused: ")
    assert report.check("credential.holder").status is Status.PASS
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]
    changed = verifier.verify(token, challenge="druga", domain=DOMAIN)
    assert changed.check("credential.holder").status is Status.FAIL
    assert verifier.verify(other, **asked).outcome is Outcome.FAILED


def test_openvc_core_reads_no_presentation_of_vcdm_2() -> None:
    """It wants the claims `iss` and `vp` of VCDM 1.1, which VC-JOSE-COSE has not."""
    token = ours()["vp+jwt, EdDSA"][0]

    said = openvc_judge.verify_vp_token(token, challenge=CHALLENGE, domain=DOMAIN)

    assert said == "refused: VP-JWT has no holder (iss / vp.holder) to resolve"


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(judgement(judge))


@pytest.mark.parametrize("judge", JUDGES)
def test_we_say_what_we_said_before(judge: str) -> None:
    name = f"{judge}, VC-JOSE-COSE"
    given = theirs(judge)
    verifier = Verifier(trust=given.trust)
    said = {}
    for case, token in given.issued.items():
        report = verifier.verify(token, challenge=CHALLENGE, domain=DOMAIN)
        said[case] = presented(report) if "vp" in case else verdict(report)
    hold(Judgement(name, VERSIONS[judge], "theirs", said))
