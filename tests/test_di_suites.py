"""Badges of every cryptosuite: issued, proved again, changed, and misused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner, Result

from attacks import suites, workshop
from conftest import ROOT
from edc_issuer import open_signer
from edc_issuer.canonical import (
    DEFAULT_LIMITS,
    canonicalize,
    check_signable,
    rdfc10,
    view,
)
from edc_issuer.canonical.fallback import quads_by_pyld
from edc_issuer.cli import app
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import unmultibase
from edc_issuer.errors import ConfigError, Malformed, ProofInvalid, RecordError
from edc_issuer.formats.base import Envelope, Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.proofs import MAX_HASHED
from edc_issuer.formats.suites import ISSUED, SUITES, suite_named, suite_of
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import Signer
from edc_issuer.keys.did import own_identity
from edc_issuer.report import Outcome, Report
from edc_issuer.secure import with_further_proof
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from world import NAMES, RECORDS, record

RECORD = RECORDS / "scouts4green_ecological.json"
KEYS: dict[str, PrivateKey] = {
    "Ed25519": ed25519.Ed25519PrivateKey.from_private_bytes(b"\5" * 32),
    "P-256": ec.derive_private_key(5_001, ec.SECP256R1()),
    "P-384": ec.derive_private_key(5_002, ec.SECP384R1()),
}
PAIRS = (
    ("Ed25519", "eddsa-rdfc-2022", 64),
    ("Ed25519", "eddsa-jcs-2022", 64),
    ("P-256", "ecdsa-rdfc-2019", 64),
    ("P-256", "ecdsa-jcs-2019", 64),
    ("P-384", "ecdsa-rdfc-2019", 96),
    ("P-384", "ecdsa-jcs-2019", 96),
)
every_pair = pytest.mark.parametrize(
    ("kind", "suite", "length"), PAIRS, ids=[f"{p[0]}-{p[1]}" for p in PAIRS]
)


@dataclass(frozen=True)
class Desk:
    """Where keys lie as files, and who trusts whom."""

    folder: Path

    def key(self, kind: str) -> str:
        path = self.folder / f"{kind}.pem"
        path.write_bytes(
            KEYS[kind].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        path.chmod(0o600)
        return f"file:{path}"

    def signer(self, kind: str) -> Signer:
        return open_signer(self.key(kind))

    def issue(self, kind: str, **options: Any) -> bytes:
        with self.signer(kind) as signer:
            issuer = Issuer(profile=PROFILES["ob3-di"], signer=signer, options=options)
            return issuer.issue(record()).data

    def further(self, data: bytes, kind: str, **options: Any) -> bytes:
        at = datetime.now(UTC)
        with self.signer(kind) as signer:
            return with_further_proof(data, signer, at=at, options=options)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def did(kind: str) -> str:
    return own_identity(KEYS[kind].public_key()).did


def verify(data: bytes) -> Report:
    """The report of somebody who knows the school by all its keys."""
    issuers = tuple(TrustedIssuer(did(kind), NAMES, test=True) for kind in KEYS)
    return Verifier(trust=Trust(issuers=issuers, test=True)).verify(data)


def opened(data: bytes) -> Envelope:
    return DATA_INTEGRITY.open(data, documents=BUNDLED)


def verify_proof(envelope: Envelope, index: int, kind: str) -> None:
    key = KEYS[kind].public_key()
    DATA_INTEGRITY.verify(envelope, envelope.proofs[index], key)


def proofs_in(data: bytes) -> list[dict[str, Any]]:
    proofs: list[dict[str, Any]] = json.loads(data)["proof"]
    return proofs


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(data)
    change(document)
    return json.dumps(document).encode()


# Issuing


@every_pair
def test_a_badge_of_any_suite_is_passed_and_a_changed_one_is_not(
    desk: Desk, kind: str, suite: str, length: int
) -> None:
    data = desk.issue(kind, cryptosuite=suite)
    (proof,) = proofs_in(data)

    assert proof["cryptosuite"] == suite
    assert len(unmultibase(proof["proofValue"])) == length
    assert verify(data).outcome is Outcome.PASSED
    forged = verify(changed(data, lambda d: d.update(name="Čebelarski mojster")))
    assert forged.outcome is Outcome.FAILED
    assert forged.check("proof.integrity").reason == "signature"


@pytest.mark.parametrize(
    ("kind", "suite"),
    [
        ("Ed25519", "eddsa-rdfc-2022"),
        ("P-256", "ecdsa-rdfc-2019"),
        ("P-384", "ecdsa-rdfc-2019"),
    ],
)
def test_without_a_choice_the_key_decides(desk: Desk, kind: str, suite: str) -> None:
    (proof,) = proofs_in(desk.issue(kind))

    assert proof["cryptosuite"] == suite
    assert "@context" not in proof


def test_a_proof_over_the_text_names_the_contexts(desk: Desk) -> None:
    document = json.loads(desk.issue("P-384", cryptosuite="ecdsa-jcs-2019"))

    assert document["proof"][0]["@context"] == document["@context"]


@pytest.mark.parametrize(
    ("kind", "options", "complaint"),
    [
        ("Ed25519", {"cryptosuite": "ecdsa-rdfc-2019"}, "not for"),
        ("P-256", {"cryptosuite": "eddsa-jcs-2022"}, "not for"),
        ("Ed25519", {"cryptosuite": "eddsa-2022"}, "no cryptosuite"),
        ("Ed25519", {"cryptosuite": "Ed25519Signature2020"}, "no cryptosuite"),
        ("Ed25519", {"cryptosuite": "zgled-2025"}, "no cryptosuite"),
        ("Ed25519", {"cryptosuite": 7}, "no cryptosuite"),
        ("Ed25519", {"layout": "edci-1.x"}, "no option layout"),
        ("Ed25519", {"proof": {"proofValue": "z1"}}, "can be given"),
        ("Ed25519", {"proof": {"expires": "jutri"}}, "cannot be made"),
        ("Ed25519", {"proof": {"domain": 5}}, "cannot be made"),
        ("Ed25519", {"proof": {"proofPurpose": "authentication"}}, "cannot be made"),
    ],
)
def test_what_no_suite_can_do_is_refused(
    desk: Desk, kind: str, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        desk.issue(kind, **options)


def test_a_key_without_a_suite_is_told_which_have_one(desk: Desk) -> None:
    key = rsa.generate_private_key(65537, 2048)
    identity = own_identity(key.public_key())
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"]}

    with pytest.raises(ConfigError, match="Ed25519, P-256 or P-384"):
        DATA_INTEGRITY.prepare(
            document, Signing(identity, "RS256", at=datetime.now(UTC))
        )


def test_a_proof_may_have_an_end_a_name_and_an_addressee(desk: Desk) -> None:
    further = {
        "id": "urn:uuid:0b6b1a6e-8d1c-4a0e-9a53-4c6a7a0b1c2d",
        "expires": "2099-01-01T00:00:00Z",
        "domain": ["https://zgled.example"],
        "challenge": "šestnajst črk",
        "nonce": "n",
    }

    data = desk.issue("P-256", proof=further)
    (proof,) = opened(data).proofs

    assert further.items() <= proofs_in(data)[0].items()
    assert proof.domain == ("https://zgled.example",)
    assert proof.challenge == "šestnajst črk"
    assert proof.purpose == "assertionMethod"
    assert verify(data).outcome is Outcome.PASSED


def test_a_proof_that_has_ended_is_not_passed(desk: Desk) -> None:
    ended = desk.issue("P-256", proof={"expires": "2025-01-01T00:00:00Z"})
    lasting = desk.issue("P-256", proof={"expires": "2999-01-01T00:00:00Z"})

    assert verify(lasting).outcome is Outcome.PASSED
    assert verify(ended).check("credential.validity").reason == "expired"


# More proofs on one document


def test_a_second_proof_stands_beside_the_first(desk: Desk) -> None:
    data = desk.further(desk.issue("Ed25519"), "P-384", cryptosuite="ecdsa-jcs-2019")

    report = verify(data)

    assert [p["cryptosuite"] for p in proofs_in(data)] == [
        "eddsa-rdfc-2022",
        "ecdsa-jcs-2019",
    ]
    assert report.outcome is Outcome.PASSED
    assert [str(p.indication) for p in report.proofs] == ["PASSED", "PASSED"]


NAMED = "urn:uuid:4e0c2a39-2a4b-4dd1-a0a5-4f1b8a4ee0a1"


def chain(desk: Desk, kind: str = "P-256", **options: Any) -> bytes:
    """A badge of the Ed25519 key, and a proof of another key over that proof."""
    first = desk.issue("Ed25519", proof={"id": NAMED})
    return desk.further(first, kind, proof={"previousProof": NAMED}, **options)


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_a_proof_over_the_first_falls_with_it(desk: Desk, suite: str) -> None:
    data = chain(desk, cryptosuite=suite)
    first, second = opened(data).proofs

    assert (first.after, second.after) == ((), (0,))
    assert verify(data).outcome is Outcome.PASSED
    broken = changed(
        data, lambda d: d["proof"][0].update(created="2025-01-01T00:00:00Z")
    )
    assert verify(broken).outcome is Outcome.FAILED
    with pytest.raises(ProofInvalid):
        verify_proof(opened(broken), 1, "P-256")


def test_a_chain_of_a_chain_rests_on_all_below(desk: Desk) -> None:
    above = "urn:uuid:2b7c6cf7-5a6e-49c0-a2b4-2d8f5c2c3b11"
    first = desk.issue("Ed25519", proof={"id": NAMED})
    second = desk.further(first, "P-256", proof={"previousProof": NAMED, "id": above})
    third = desk.further(second, "P-384", proof={"previousProof": [above]})

    assert [proof.after for proof in opened(third).proofs] == [(), (0,), (0, 1)]
    assert verify(third).outcome is Outcome.PASSED


@pytest.mark.parametrize("named", ["urn:uuid:absent", ["urn:uuid:absent", NAMED], []])
def test_nobody_signs_over_a_proof_that_is_not_there(desk: Desk, named: Any) -> None:
    first = desk.issue("Ed25519", proof={"id": NAMED})

    with pytest.raises(RecordError) as caught:
        desk.further(first, "P-256", proof={"previousProof": named})

    assert [problem.code for problem in caught.value.problems] == ["proof.chain"]


def test_a_proof_ends_no_later_than_those_it_rests_on(desk: Desk) -> None:
    soon = "2030-01-01T00:00:00Z"
    first = desk.issue("Ed25519", proof={"id": NAMED, "expires": soon})
    data = desk.further(
        first,
        "P-256",
        proof={"previousProof": NAMED, "expires": "2040-01-01T00:00:00Z"},
    )

    assert opened(data).proofs[1].expires == datetime.fromisoformat(soon)


@pytest.mark.parametrize("count", [MAX_HASHED, MAX_HASHED + 1])
def test_so_many_proofs_over_others_are_read_and_no_more(
    desk: Desk, count: int
) -> None:
    document = json.loads(chain(desk))
    document["proof"] += [document["proof"][1]] * (count - 1)
    data = json.dumps(document).encode()

    if count <= MAX_HASHED:
        assert verify(data).outcome is Outcome.PASSED
        return
    with pytest.raises(Malformed) as caught:
        opened(data)
    assert caught.value.reason == "limits.proofs"


def test_a_proof_that_names_thousands_is_not_read(desk: Desk) -> None:
    document = json.loads(chain(desk))
    document["proof"][1]["previousProof"] = [NAMED] * 10_000

    with pytest.raises(Malformed) as caught:
        opened(json.dumps(document).encode())

    assert caught.value.reason == "limits.proofs"


def test_the_view_is_made_once_for_all_proofs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = desk.issue("Ed25519")
    for kind, suite, _ in PAIRS[1:]:
        data = desk.further(data, kind, cryptosuite=suite)
    made = []

    def counting(*arguments: Any, **options: Any) -> Any:
        made.append(arguments)
        return view(*arguments, **options)

    monkeypatch.setattr("edc_issuer.formats.hashing.view", counting)
    report = verify(data)

    assert report.outcome is Outcome.PASSED
    assert len(report.proofs) == len(PAIRS)
    assert len(made) == 1


# Credentials within others


def by_text(said: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An endorsement of the school's achievement, signed over its text."""
    by = suites.key("Ed25519")
    document = suites.document_of(by)
    endorsement = {
        "@context": document["@context"],
        "id": "urn:uuid:9f3c1b52-4c0e-4b8e-a9f1-0e2a4c6d8e0f",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Podpora čebelarske zveze",
        "issuer": document["issuer"],
        "validFrom": "2025-06-20T00:00:00Z",
        "credentialSubject": {
            "id": document["credentialSubject"]["achievement"]["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "Пчеларство на високом нивоу.",
        },
        **(said or {}),
    }
    proof = suites.proof("eddsa-jcs-2022", by, endorsement)
    return {**endorsement, "proof": [{**proof, **changes}]}


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_badge_may_hold_an_endorsement_that_is_signed_over_its_text(
    suite: str,
) -> None:
    by = suites.key("Ed25519")
    document = suites.document_of(by, endorsement=[by_text()])

    report = workshop.verify(
        suites.made(suite, document=document), trust=suites.trust()
    )

    assert report.outcome is Outcome.PASSED
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


@pytest.mark.parametrize(
    "said",
    [
        {"description": {"@value": "Odlično", "@language": "sl-SI"}},
        {"type": ["VerifiableCredential", "EndorsementCredential"] * 2},
        {"termsOfUse": []},
    ],
    ids=["tag-in-capitals", "value-twice", "empty-list"],
)
def test_an_endorsement_within_is_verified_by_the_text_it_was_signed_with(
    said: dict[str, Any],
) -> None:
    within = by_text(said)
    alone = workshop.verify(workshop.encoded(within), trust=suites.trust())
    changed = {**within, "name": "Podpora čebelarske zveze Slovenije"}

    found = [
        workshop.verify(
            suites.made(
                "eddsa-rdfc-2022",
                document=suites.document_of(
                    suites.key("Ed25519"), endorsement=[endorsement]
                ),
            ),
            trust=suites.trust(),
        ).parts[0]
        for endorsement in (within, changed)
    ]

    assert alone.check("proof.integrity").status == "pass"
    assert found[0].content == alone.content
    assert found[0].outcome is alone.outcome
    assert found[1].check("proof.integrity").reason == "signature"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_presentation_may_hold_a_badge_that_is_signed_over_its_text(
    suite: str,
) -> None:
    by = suites.key("Ed25519")
    presentation = {
        "@context": [workshop.V2],
        "type": ["VerifiablePresentation"],
        "holder": by.did,
        "verifiableCredential": [json.loads(suites.made("eddsa-jcs-2022"))],
    }
    proof = suites.proof(suite, by, presentation, proofPurpose="authentication")

    report = workshop.verify(
        workshop.encoded({**presentation, "proof": proof}), trust=suites.trust()
    )

    assert report.check("proof.integrity").status == "pass"
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


@pytest.mark.parametrize(
    "named",
    [
        ["https://w3id.org/security/data-integrity/v1"],
        ["https://www.w3.org/2018/credentials/v1"],
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        {"proofValue": "urn:x:other"},
        None,
    ],
)
def test_a_proof_within_cannot_give_words_another_meaning(named: Any) -> None:
    document = suites.document_of(suites.key("Ed25519"))
    good = {**document, "endorsement": [by_text()]}
    bad = {**document, "endorsement": [by_text(**{"@context": named})]}

    check_signable(good, documents=BUNDLED)
    with pytest.raises(Malformed) as caught:
        check_signable(bad, documents=BUNDLED)
    assert caught.value.reason.startswith("context.")


def test_contexts_repeated_by_a_proof_within_change_no_statement() -> None:
    """The complete processor, which applies them again, says the same."""
    document = suites.document_of(suites.key("Ed25519"), endorsement=[by_text()])
    bare = json.loads(json.dumps(document))
    del bare["endorsement"][0]["proof"][0]["@context"]

    ours = canonicalize(document, documents=BUNDLED).nquads
    theirs = quads_by_pyld(document, BUNDLED, DEFAULT_LIMITS)

    assert ours == rdfc10(theirs).nquads
    assert ours == canonicalize(bare, documents=BUNDLED).nquads


# Older documents


def test_a_proof_over_the_text_needs_no_context_that_defines_it() -> None:
    """Contexts of version 1.1 know no cryptosuite; JCS does not ask them."""
    by = suites.key("P-256")
    first, ob = "https://www.w3.org/2018/credentials/v1", workshop.OB
    document = suites.document_of(by, **{"@context": [first, ob]})
    document["issuanceDate"] = document.pop("validFrom")

    report = workshop.verify(
        suites.made("ecdsa-jcs-2019", "P-256", document=document),
        trust=suites.trust(),
    )
    forged = suites.made("ecdsa-jcs-2019", "P-256", document=document, hash="sha384")

    assert report.outcome is Outcome.PASSED
    again = workshop.verify(forged, trust=suites.trust())
    assert again.outcome is Outcome.FAILED


# The table


def test_every_suite_is_found_by_what_its_proofs_say() -> None:
    for suite in SUITES:
        proof = {"type": suite.type, "cryptosuite": suite.name}
        assert suite_of(proof) is suite
        assert suite_named(suite.name) is suite


@pytest.mark.parametrize(
    "proof",
    [
        {"type": "DataIntegrityProof"},
        {"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"},
        {"type": "DataIntegrityProof", "cryptosuite": "EDDSA-RDFC-2022"},
        {"type": "Ed25519Signature2018"},
        {"type": "eddsa-rdfc-2022"},
        {"type": ["DataIntegrityProof"], "cryptosuite": "eddsa-rdfc-2022"},
        {},
    ],
)
def test_what_is_not_in_the_table_is_of_no_suite(proof: dict[str, Any]) -> None:
    assert suite_of(proof) is None


def test_the_page_of_proofs_has_a_row_for_every_suite() -> None:
    page = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    rows = {
        name: (keys.split(", "), said)
        for name, keys, said in re.findall(
            r"^\| `([\w-]+)` \| ([\w, -]+) \|(.*)$", page, re.MULTILINE
        )
    }
    kinds = {"Ed25519": "Ed25519", "ES256": "P-256", "ES384": "P-384"}

    assert rows.keys() == {suite.name for suite in SUITES}
    for suite in SUITES:
        keys, said = rows[suite.name]
        assert keys == [kinds[means.algorithm] for means in suite.means]
        assert ("legacy-suite" in said) == suite.legacy
        assert ("issued" in said) == (not suite.legacy)


def test_suites_of_old_are_never_issued() -> None:
    assert {suite.name for suite in SUITES} - {suite.name for suite in ISSUED} == {
        "eddsa-2022",
        "Ed25519Signature2020",
    }


# The command line


def run(*arguments: object) -> Result:
    variables = {"LC_ALL": "C", "EDC_TRUST": "", "COLUMNS": "500"}
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


def test_the_command_line_chooses_a_suite(desk: Desk, tmp_path: Path) -> None:
    key = desk.key("P-384")

    made = run(
        *("issue", RECORD, "--as", "ob3-di", "--key", key, "--out", tmp_path / "out"),
        *("--cryptosuite", "ecdsa-jcs-2019"),
    )

    assert made.exit_code == 0, made.output
    data = Path(made.stdout.strip()).read_bytes()
    assert proofs_in(data)[0]["cryptosuite"] == "ecdsa-jcs-2019"
    assert verify(data).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("profile", "suite"),
    [
        ("ob3-di", "eddsa-2022"),
        ("ob3-di", "zgled-2025"),
        ("ob3-jwt", "eddsa-jcs-2022"),
        ("edc-jades", "eddsa-jcs-2022"),
    ],
)
@pytest.mark.parametrize("command", ["issue", "batch"])
def test_a_suite_that_cannot_be_had_is_a_usage_error(
    desk: Desk, tmp_path: Path, command: str, profile: str, suite: str
) -> None:
    made = run(
        *(command, RECORD, "--as", profile, "--key", desk.key("Ed25519")),
        *("--out", tmp_path / "out", "--cryptosuite", suite, "--level", "B"),
    )

    assert made.exit_code == 2
    assert "--cryptosuite" in made.output
    assert not (tmp_path / "out").exists()


def test_a_batch_chooses_a_suite_as_well(desk: Desk, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(json.loads(RECORD.read_text())) + "\n")
    out = tmp_path / "out"

    made = run(
        *("batch", rows, "--as", "ob3-di", "--key", desk.key("P-256"), "--out", out),
        *("--journal", tmp_path / "journal", "--cryptosuite", "ecdsa-jcs-2019"),
    )

    assert made.exit_code == 0, made.output
    (file,) = out.glob("*.jsonld")
    assert proofs_in(file.read_bytes())[0]["cryptosuite"] == "ecdsa-jcs-2019"
    assert verify(file.read_bytes()).outcome is Outcome.PASSED
