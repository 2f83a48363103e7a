"""What VC Data Integrity 1.0 and its two plain cryptosuites demand, clause by clause.

Each test bears the clause in its name: `vcdi` is Verifiable Credential Data Integrity
1.0, `eddsa` and `ecdsa` are the Data Integrity EdDSA and ECDSA Cryptosuites 1.0. The
proofs are made by `attacks.suites`, not by the code under test, and whatever a test
breaks is signed as it stands; beside it a twin is PASSED.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from attacks.suites import HASHES, Key, document_of, form_of, key, proof, trust
from attacks.workshop import V2, Json, answer, encoded, verify
from conftest import shared_file
from edc_issuer import jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u, multibase, unmultibase
from edc_issuer.errors import ConfigError, InputError, Malformed, RecordError
from edc_issuer.formats.base import Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.keys.did import own_identity, read_multikey
from edc_issuer.report import Outcome, Report

AT = datetime(2025, 9, 1, 10, tzinfo=UTC)
KINDS = ("Ed25519", "P-256", "P-384")
NAMED = "urn:uuid:6a1676b8-b51f-11ed-937b-d76685a20ff5"
SUITES = (
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
)
every_suite = pytest.mark.parametrize(
    ("suite", "kind"), SUITES, ids=[f"{suite}-{kind}" for suite, kind in SUITES]
)
both_forms = pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])


def report(document: Json, proofs: Any) -> Report:
    return verify(encoded({**document, "proof": proofs}), trust=trust())


def badge_with(suite: str, kind: str = "Ed25519", **options: Any) -> Report:
    """The report on a badge whose proof says this, and was signed so."""
    document = document_of(key(kind))
    return report(document, [proof(suite, key(kind), document, **options)])


def edited(suite: str, kind: str = "Ed25519", **members: Any) -> Report:
    """The report on a badge whose proof was changed afterwards; None takes out."""
    document = document_of(key(kind))
    made = {**proof(suite, key(kind), document), **members}
    return report(document, [{k: v for k, v in made.items() if v is not None}])


def member(name: str, value: Any) -> dict[str, Any]:
    """One member of a proof, whose name is only known when the test runs."""
    return {name: value}


def passes(found: Report) -> bool:
    return found.outcome is Outcome.PASSED


def signing(kind: str, **options: Any) -> Signing:
    public = key(kind).private.public_key()
    algorithm = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}[kind]
    return Signing(own_identity(public), algorithm, at=AT, options=options)


def issued(kind: str, document: Json | None = None, **options: Any) -> Json:
    """A badge as we sign it."""
    credential = document or document_of(key(kind))
    pending = DATA_INTEGRITY.prepare(credential, signing(kind, **options))
    made = DATA_INTEGRITY.attach(pending, key(kind).sign(pending.to_be_signed))
    found: Json = json.loads(made)
    return found


# VC Data Integrity 2.1, Proofs


@both_forms
def test_vcdi_2_1_the_proof_is_an_object_or_a_set_of_objects(suite: str) -> None:
    document = document_of(key("Ed25519"))
    one = proof(suite, key("Ed25519"), document)

    assert passes(report(document, one))
    assert passes(report(document, [one]))
    wrongs: list[Any] = ["z3FX", 7, None, [], {}, [one, "z3FX"], [[one]]]
    for wrong in wrongs:
        found = report(document, wrong)
        assert answer(found, "format.wellformed") == "fail proof.malformed"


@both_forms
def test_vcdi_2_1_an_id_must_be_a_url(suite: str) -> None:
    assert passes(badge_with(suite, id=NAMED))
    for wrong, reason in (("no url", "iri.invalid"), ("#one", "iri.invalid")):
        # A JSON-LD processor drops such an id, so it is signed as if it were not there.
        found = edited(suite, id=wrong)
        assert answer(found, "format.wellformed") == f"fail {reason}"


def test_vcdi_2_1_a_type_must_be_a_string() -> None:
    assert passes(badge_with("eddsa-jcs-2022"))
    wrongs: list[Any] = [["DataIntegrityProof"], 7, {}]
    for wrong in wrongs:
        found = badge_with("eddsa-jcs-2022", type=wrong)
        assert answer(found, "format.wellformed") == "fail proof.malformed"


@both_forms
def test_vcdi_2_1_a_proof_purpose_must_be_there(suite: str) -> None:
    assert passes(badge_with(suite))
    found = badge_with(suite, proofPurpose=None)
    assert answer(found, "proof.integrity") == "fail proof.purpose"


@both_forms
def test_vcdi_2_1_a_verification_method_must_be_a_url(suite: str) -> None:
    assert passes(badge_with(suite))
    for wrong, reason in (
        ("key-1", "iri.invalid"),
        ("#key-1", "iri.invalid"),
        (["did:key:z"], "proof.malformed"),
        ({"id": "did:key:z"}, "proof.malformed"),
    ):
        found = edited(suite, verificationMethod=wrong)
        assert answer(found, "format.wellformed") == f"fail {reason}"


@pytest.mark.parametrize("wrong", [None, 7, ["eddsa-jcs-2022"], ""])
def test_vcdi_2_1_a_data_integrity_proof_must_name_its_cryptosuite(wrong: Any) -> None:
    assert passes(badge_with("eddsa-jcs-2022"))
    found = badge_with("eddsa-jcs-2022", cryptosuite=wrong)
    assert answer(found, "format.wellformed") == "fail proof.malformed"


@both_forms
@pytest.mark.parametrize("name", ["created", "expires"])
def test_vcdi_2_1_times_must_be_date_time_stamps(suite: str, name: str) -> None:
    for good in ("2025-08-31T23:59:59Z", "2025-09-01T01:59:59.123456789+02:00"):
        found = badge_with(suite, **member(name, good))
        assert answer(found, "proof.integrity") == "pass"
    wrongs: list[Any] = ["2025-09-01T10:00:00", "2025-09-01", "jutri", 1756720800, []]
    for wrong in wrongs:
        found = edited(suite, **member(name, wrong))
        assert answer(found, "format.wellformed") == f"fail proof.{name}"


@both_forms
def test_vcdi_2_1_a_proof_expires(suite: str) -> None:
    assert passes(badge_with(suite, expires="2025-09-01T12:00:01Z"))
    found = badge_with(suite, expires="2025-09-01T11:59:59Z")
    assert answer(found, "credential.validity") == "fail expired"


@both_forms
def test_vcdi_2_1_a_domain_must_be_a_string_or_a_set_of_strings(suite: str) -> None:
    for good in ("zgled.example", ["zgled.example", "https://zgled.example:8443"]):
        assert passes(badge_with(suite, domain=good))
    for wrong in (7, {"id": "x"}, [7], [["zgled.example"]], ""):
        found = edited(suite, domain=wrong)
        assert answer(found, "format.wellformed") == "fail proof.malformed"


@both_forms
def test_vcdi_2_1_challenge_and_nonce_are_strings(suite: str) -> None:
    assert passes(badge_with(suite, challenge="1235abcd6789", nonce="č"))
    found = edited(suite, challenge=7)
    assert answer(found, "format.wellformed") == "fail proof.malformed"
    assert not passes(edited(suite, nonce=7))


@every_suite
def test_vcdi_2_1_a_proof_value_must_be_multibase(suite: str, kind: str) -> None:
    document = document_of(key(kind))
    value = proof(suite, key(kind), document)["proofValue"]
    raw = unmultibase(value)

    assert passes(edited(suite, kind, proofValue=value))
    for wrong in (value[1:], "u" + b64u(raw), raw.hex(), "f" + raw.hex(), "zO0Il", 7):
        found = edited(suite, kind, proofValue=wrong)
        assert answer(found, "proof.integrity") == "fail proof.value"


@both_forms
def test_vcdi_2_1_what_a_proof_builds_on_must_verify_as_well(suite: str) -> None:
    assert passes(chain(suite))
    found = chain(suite, broken=True)
    assert answer(found, "proof.integrity") == "fail chain.broken"


def chain(
    suite: str, *, broken: bool = False, named: Any = NAMED, **options: Any
) -> Report:
    """A proof over another one, which may have been broken before."""
    by = key("Ed25519")
    document = document_of(by)
    below = proof("ecdsa-jcs-2019", key("P-384", 9), document, id=NAMED, **options)
    if broken:
        below["proofValue"] = multibase(bytes(range(96)))
    above = proof(suite, by, document, over=[below], previousProof=named)
    return report(document, [below, above])


@both_forms
def test_vcdi_2_1_previous_proof_is_a_string_or_a_list_of_strings(suite: str) -> None:
    assert passes(chain(suite, named=NAMED))
    assert passes(chain(suite, named=[NAMED]))
    for wrong in (7, [7], {"id": NAMED}, [[NAMED]], []):
        document = document_of(key("Ed25519"))
        one = proof(suite, key("Ed25519"), document, id=NAMED)
        found = report(document, [one, {**one, "previousProof": wrong}])
        assert answer(found, "format.wellformed") == "fail proof.chain"


# 2.1.1 Proof Sets and 2.1.2 Proof Chains


def test_vcdi_2_1_1_the_order_of_a_set_means_nothing() -> None:
    document = document_of(key("Ed25519"))
    made = [proof(suite, key("Ed25519"), document) for suite, _ in SUITES[:2]]

    assert passes(report(document, made))
    assert passes(report(document, made[::-1]))


@both_forms
def test_vcdi_2_1_2_a_chain_covers_the_proofs_that_it_names(suite: str) -> None:
    by = key("Ed25519")
    document = document_of(by)
    below = proof("ecdsa-rdfc-2019", key("P-256", 9), document, id=NAMED)
    over = proof(suite, by, document, over=[below], previousProof=NAMED)
    beside = proof(suite, by, document, previousProof=NAMED)

    assert passes(report(document, [below, over]))
    found = report(document, [below, beside])
    assert answer(found, "proof.integrity") == "fail signature"


# 2.2 Proof Purposes


@both_forms
@pytest.mark.parametrize(
    "purpose",
    [
        "authentication",
        "keyAgreement",
        "capabilityDelegation",
        "capabilityInvocation",
    ],
)
def test_vcdi_2_2_only_an_assertion_makes_a_credential(
    suite: str, purpose: str
) -> None:
    assert passes(badge_with(suite, proofPurpose="assertionMethod"))
    found = badge_with(suite, proofPurpose=purpose)
    assert answer(found, "proof.integrity") == "fail proof.purpose"


@both_forms
def test_vcdi_2_2_who_hands_over_a_presentation_may_authenticate(suite: str) -> None:
    by = key("Ed25519")
    presentation = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": by.did,
    }

    for purpose, expected in (
        ("authentication", "pass"),
        ("assertionMethod", "pass"),
        ("keyAgreement", "fail proof.purpose"),
    ):
        made = proof(suite, by, presentation, proofPurpose=purpose)
        assert direct(presentation, made) == expected


@both_forms
def test_vcdi_2_2_a_login_never_becomes_a_credential(suite: str) -> None:
    """A document that is both is a credential, and needs an assertion."""
    by = key("Ed25519")
    document = document_of(by)
    document["type"] = [*document["type"], "VerifiablePresentation"]

    for purpose, expected in (
        ("assertionMethod", "pass"),
        ("authentication", "fail proof.purpose"),
    ):
        made = proof(suite, by, document, proofPurpose=purpose)
        assert direct(document, made) == expected


def direct(document: Json, made: Json, by: Key | None = None) -> str:
    """What the format says of the only proof, under a key that is at hand."""
    public: Any = (by or key("Ed25519")).private.public_key()
    data = encoded({**document, "proof": made})
    try:
        envelope = DATA_INTEGRITY.open(data, documents=BUNDLED)
        DATA_INTEGRITY.verify(envelope, envelope.proofs[0], public)
    except InputError as error:
        return f"fail {error.reason}"
    return "pass"


# 2.4 Contexts and Vocabularies, 4.6 Context Validation


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2"),
        ("https://w3id.org/security/multikey/v1", "multikey-v1"),
    ],
)
def test_vcdi_2_4_contexts_are_there_before_anybody_asks(url: str, name: str) -> None:
    official = shared_file(f"standards/w3c-vc/vc-data-integrity-contexts-{name}")

    assert BUNDLED.get(url) == json.loads(official.read_bytes())


@both_forms
def test_vcdi_2_4_1_unknown_contexts_are_not_taken(suite: str) -> None:
    by = key("Ed25519")
    document = document_of(by)
    made = proof(suite, by, document)
    unknown = [*document["@context"], "https://zgled.example/context.jsonld"]

    assert direct(document, made) == "pass"
    named = {**made, **({"@context": unknown} if "@context" in made else {})}
    found = direct({**document, "@context": unknown}, named)
    assert found == "fail context.not_allowed"


# 4.2 Add Proof and 4.3 Add Proof Set/Chain


@every_suite
def test_vcdi_4_2_a_new_proof_says_all_that_it_must(suite: str, kind: str) -> None:
    (made,) = issued(kind, cryptosuite=suite)["proof"]

    assert made["type"] == "DataIntegrityProof"
    assert made["cryptosuite"] == suite
    assert made["verificationMethod"] == key(kind).method
    assert made["proofPurpose"] == "assertionMethod"


@every_suite
def test_vcdi_4_2_domain_and_challenge_are_those_that_were_asked_for(
    suite: str, kind: str
) -> None:
    asked = {"domain": "zgled.example", "challenge": "ruby"}

    document = issued(kind, cryptosuite=suite, proof=asked)

    assert asked.items() <= document["proof"][0].items()
    assert passes(verify(encoded(document), trust=trust()))


@every_suite
def test_vcdi_4_3_a_proof_is_added_to_those_that_are_there(
    suite: str, kind: str
) -> None:
    document = issued("Ed25519")
    signed = signing(kind, cryptosuite=suite)

    pending = DATA_INTEGRITY.prepare_further(document, signed)
    value = key(kind).sign(pending.to_be_signed)
    made = json.loads(DATA_INTEGRITY.attach(pending, value))

    assert made["proof"][:1] == document["proof"]
    assert len(made["proof"]) == 2
    assert passes(verify(encoded(made), trust=trust()))


@pytest.mark.parametrize("named", ["urn:absent", [NAMED, "urn:absent"]])
def test_vcdi_4_3_nothing_is_made_over_a_proof_that_is_not_there(named: Any) -> None:
    document = issued("Ed25519", proof={"id": NAMED})
    good = signing("P-256", proof={"previousProof": [NAMED]})

    assert DATA_INTEGRITY.prepare_further(document, good).to_be_signed
    with pytest.raises(RecordError, match="not there"):
        DATA_INTEGRITY.prepare_further(
            document, signing("P-256", proof={"previousProof": named})
        )


def test_vcdi_4_3_proofs_over_proofs_are_what_the_standard_hashes() -> None:
    """Step 6: the document holds the matching proofs, and no others."""
    document = issued("Ed25519", proof={"id": NAMED})
    unsecured = {k: v for k, v in document.items() if k != "proof"}
    further = signing("P-256", proof={"previousProof": NAMED})
    (first,) = document["proof"]
    document["proof"].append({**first, "id": "urn:uuid:other"})

    pending = DATA_INTEGRITY.prepare_further(document, further)

    covered = form_of({**unsecured, "proof": [first]}, "rdfc", "sha256")
    assert pending.to_be_signed[32:] == hashlib.sha256(covered).digest()


# 4.4 Verify Proof and 4.5 Verify Proof Sets and Chains


@pytest.mark.parametrize("data", [b"[]", b'"x"', b"7", b"null", b"{", b""])
def test_vcdi_4_4_a_secured_document_is_a_map(data: bytes) -> None:
    with pytest.raises(Malformed):
        DATA_INTEGRITY.open(data, documents=BUNDLED)


@both_forms
@pytest.mark.parametrize("name", ["type", "verificationMethod", "proofPurpose"])
def test_vcdi_4_4_a_proof_without_one_of_three_does_not_verify(
    suite: str, name: str
) -> None:
    assert passes(badge_with(suite))
    assert edited(suite, **member(name, None)).outcome is Outcome.FAILED


@both_forms
def test_vcdi_4_4_what_is_shown_was_verified(suite: str) -> None:
    good, bad = badge_with(suite), edited(suite, created="2024-01-01T00:00:00Z")

    assert good.content is not None
    assert good.content["name"] == document_of(key("Ed25519"))["name"]
    assert bad.content is None


@both_forms
def test_vcdi_4_5_a_chain_to_nothing_does_not_verify(suite: str) -> None:
    assert passes(chain(suite))
    found = edited(suite, previousProof="urn:uuid:0")
    assert answer(found, "format.wellformed") == "fail proof.chain"


@both_forms
def test_vcdi_4_5_all_proofs_of_the_issuer_must_verify(suite: str) -> None:
    document = document_of(key("Ed25519"))
    good = proof(suite, key("Ed25519"), document)
    bad = {**good, "created": "2024-01-01T00:00:00Z"}

    assert passes(report(document, [good, good]))
    assert not passes(report(document, [good, bad]))


# The cryptosuites, 2.1 and 2.2: verification methods and proofs


@pytest.mark.parametrize(
    ("kind", "start", "length"),
    [("Ed25519", "z6Mk", 34), ("P-256", "zDn", 35), ("P-384", "z82L", 51)],
)
def test_eddsa_ecdsa_2_1_1_a_multikey_is_prefix_and_compressed_key(
    kind: str, start: str, length: int
) -> None:
    text = key(kind).did.removeprefix("did:key:")
    raw = unmultibase(text)

    assert text.startswith(start)
    assert len(raw) == length
    assert read_multikey(text) == key(kind).private.public_key()
    # "Any other encoding MUST NOT be allowed."
    for wrong in ("u" + b64u(raw), multibase(raw[:-1]), multibase(raw + b"\0")):
        with pytest.raises(InputError):
            read_multikey(wrong)
    with pytest.raises(InputError):
        read_multikey(multibase(b"\x00\x00" + raw[2:]))


@every_suite
def test_eddsa_ecdsa_2_2_1_the_type_must_be_data_integrity_proof(
    suite: str, kind: str
) -> None:
    assert passes(edited(suite, kind))
    assert not passes(edited(suite, kind, type="Ed25519Signature2018"))
    assert not passes(edited(suite, kind, type="DataIntegrity"))


@every_suite
def test_eddsa_ecdsa_2_2_1_the_cryptosuite_is_spelled_as_in_the_standard(
    suite: str, kind: str
) -> None:
    assert passes(edited(suite, kind))
    for wrong in (suite.upper(), suite + " ", suite.replace("-", "_")):
        found = edited(suite, kind, cryptosuite=wrong)
        assert answer(found, "proof.integrity") == "undecided suite.unsupported"


@every_suite
def test_eddsa_ecdsa_2_2_1_a_signature_has_the_length_of_its_curve(
    suite: str, kind: str
) -> None:
    made = proof(suite, key(kind), document_of(key(kind)))
    raw = unmultibase(made["proofValue"])

    assert len(raw) == (96 if kind == "P-384" else 64)
    for wrong in (raw[:-1], raw + b"\0", b"\0" + raw, b""):
        found = edited(suite, kind, proofValue=multibase(wrong))
        assert found.outcome is Outcome.FAILED
        assert answer(found, "proof.integrity").startswith("fail signature")


@every_suite
def test_eddsa_ecdsa_2_2_1_a_signature_is_by_the_algorithm_of_its_key(
    suite: str, kind: str
) -> None:
    document = document_of(key(kind))
    made = proof(suite, key(kind), document)

    assert direct(document, made, key(kind)) == "pass"
    for other in KINDS:
        if other != kind:
            assert direct(document, made, key(other)).startswith("fail ")


# 3.2 and 3.3: the algorithms


@every_suite
def test_eddsa_ecdsa_3_1_only_suites_of_the_standards_are_made(
    suite: str, kind: str
) -> None:
    assert issued(kind, cryptosuite=suite)
    for wrong in ("eddsa-2022", "ecdsa-2019", "", None, 7):
        if wrong is not None:
            with pytest.raises(ConfigError):
                issued(kind, cryptosuite=wrong)


@every_suite
def test_eddsa_ecdsa_3_2_3_and_3_3_3_the_document_is_brought_into_its_form(
    suite: str, kind: str
) -> None:
    """And 3.2.4, 3.3.4: the hash of the proof first, then that of the document."""
    document = issued(kind, cryptosuite=suite)
    (made,) = document.pop("proof")
    pending = DATA_INTEGRITY.prepare(document, signing(kind, cryptosuite=suite))
    form = "jcs" if "jcs" in suite else "rdfc"
    hash = HASHES.get(kind, "sha256")
    options = {k: v for k, v in made.items() if k != "proofValue"}
    options["@context"] = document["@context"]

    parts = [form_of(part, form, hash) for part in (options, document)]

    hashed = b"".join(hashlib.new(hash, part).digest() for part in parts)
    assert pending.to_be_signed == hashed
    assert len(hashed) == (96 if kind == "P-384" else 64)


@every_suite
def test_eddsa_ecdsa_3_2_5_and_3_3_5_nothing_is_made_with_a_time_that_is_none(
    suite: str, kind: str
) -> None:
    assert issued(kind, cryptosuite=suite, proof={"expires": "2030-01-01T00:00:00Z"})
    for wrong in ("2030-01-01", "2030-01-01T00:00:00", "jutri", 7):
        with pytest.raises(ConfigError, match="cannot be made"):
            issued(kind, cryptosuite=suite, proof={"expires": wrong})


@every_suite
def test_eddsa_ecdsa_3_2_6_and_3_3_6_the_signature_is_over_the_hashes(
    suite: str, kind: str
) -> None:
    document = issued(kind, cryptosuite=suite)
    (made,) = document.pop("proof")
    pending = DATA_INTEGRITY.prepare(document, signing(kind, cryptosuite=suite))
    algorithm = {"Ed25519": "Ed25519", "P-256": "ES256", "P-384": "ES384"}[kind]

    public: Any = key(kind).private.public_key()
    value = unmultibase(made["proofValue"])

    jose.verify(algorithm, public, value, pending.to_be_signed)


JCS = [(suite, kind) for suite, kind in SUITES if "jcs" in suite]


@pytest.mark.parametrize(("suite", "kind"), JCS, ids=[f"{s}-{k}" for s, k in JCS])
def test_eddsa_ecdsa_3_3_1_a_proof_over_the_text_has_the_documents_contexts(
    suite: str, kind: str
) -> None:
    document = issued(kind, cryptosuite=suite)

    assert document["proof"][0]["@context"] == document["@context"]


@pytest.mark.parametrize(
    ("contexts", "expected"),
    [
        pytest.param(slice(None), "pass", id="equal"),
        pytest.param(slice(1, None), "fail proof.context", id="not-from-the-start"),
        pytest.param(slice(None, None, -1), "fail proof.context", id="other-order"),
    ],
)
@pytest.mark.parametrize(("suite", "kind"), JCS, ids=[f"{s}-{k}" for s, k in JCS])
def test_eddsa_ecdsa_3_3_2_the_document_starts_with_the_contexts_of_the_proof(
    suite: str, kind: str, contexts: slice, expected: str
) -> None:
    document = document_of(key(kind))
    named: Sequence[str] = document["@context"][contexts]
    made = proof(suite, key(kind), document, **member("@context", named))

    assert direct(document, made, key(kind)) == expected


@pytest.mark.parametrize(("suite", "kind"), JCS, ids=[f"{s}-{k}" for s, k in JCS])
def test_eddsa_ecdsa_3_3_2_what_is_verified_has_the_contexts_of_the_proof(
    suite: str, kind: str
) -> None:
    document = document_of(key(kind))
    signed = document["@context"]
    made = proof(suite, key(kind), document)
    further = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

    found = report({**document, "@context": [*signed, further]}, [made])

    assert passes(found)
    assert found.content is not None
    assert found.content["@context"] == signed


@pytest.mark.parametrize("kind", ["P-256", "P-384"])
def test_ecdsa_3_2_the_curve_decides_the_hash(kind: str) -> None:
    wrong = {"P-256": "sha384", "P-384": "sha256"}[kind]
    document = document_of(key(kind))

    for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        good = proof(suite, key(kind), document)
        bad = proof(suite, key(kind), document, hash=wrong)
        assert direct(document, good, key(kind)) == "pass"
        assert direct(document, bad, key(kind)) == "fail signature"
