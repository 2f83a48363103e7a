"""Rows 44 to 48 once more: proofs of the other suites, and proofs over proofs."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from attacks.case import Case
from attacks.suites import Key, document_of, key, made, proof, trust
from attacks.workshop import OB, V2, Json, encoded
from edc_issuer.encoding import multibase, unmultibase

_EXT = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_MALFORMED = "format.wellformed fail"
_FORGED = "proof.integrity fail signature"
_NOT_FOR_KEY = "proof.algorithm fail alg.not_allowed"
_CURVES = ("P-256", "P-384")
_JCS = (("eddsa-jcs-2022", "Ed25519"), *(("ecdsa-jcs-2019", c) for c in _CURVES))


def _edited(data: Callable[[], bytes], change: Callable[[Json], None]) -> bytes:
    document = json.loads(data())
    change(document)
    return encoded(document)


def _set(path: str, value: Any) -> Callable[[Json], None]:
    """A change of one member; None takes it out."""

    def change(document: Json) -> None:
        *parents, last = path.split(".")
        place: Any = document
        for name in parents:
            place = place[int(name) if name.isdigit() else name]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return change


def _case(
    row: int,
    name: str,
    changed: str,
    attack: Callable[[], bytes],
    expected: str,
    *,
    twin: Callable[[], bytes],
    passes: bool = False,
) -> Case:
    return Case(row, name, changed, twin, attack, expected, passes, trust)


# --- row 44: what a proof says of itself ---

_TEXT = partial(made, "eddsa-jcs-2022")


def _without_contexts() -> bytes:
    by = key("Ed25519")
    document = document_of(by)
    absent: dict[str, Any] = {"@context": None}
    return encoded(
        {**document, "proof": [proof("eddsa-jcs-2022", by, document, **absent)]}
    )


def _signed_text(**changes: Any) -> bytes:
    """A badge with anything in it, really signed over its text."""
    document = {**document_of(key("Ed25519")), **changes}
    return made("eddsa-jcs-2022", document=document)


_TEXT_44 = tuple(
    _case(44, f"text-{name}", changed, attack, expected, twin=_TEXT, passes=passes)
    for name, changed, attack, expected, passes in (
        (
            "without-contexts",
            "the proof over the text names no contexts, which is allowed",
            _without_contexts,
            "proof.integrity pass",
            True,
        ),
        (
            "context-added",
            "a context is added behind those that are signed; nothing is read by it",
            partial(_edited, _TEXT, _set("@context", [V2, OB, _EXT])),
            "proof.integrity pass",
            True,
        ),
        (
            "context-and-key-added",
            "a context is added, and a word that only it defines",
            partial(
                _edited,
                _TEXT,
                lambda d: d.update({"@context": [V2, OB, _EXT], "1EdTech": "x"}),
            ),
            f"{_MALFORMED} key.undefined",
            False,
        ),
        (
            "context-taken-out",
            "the document names fewer contexts than the proof",
            partial(_edited, _TEXT, _set("@context", [V2])),
            f"{_MALFORMED} type.undefined",
            False,
        ),
        (
            "contexts-of-another",
            "the proof names contexts that the document has not",
            partial(_edited, _TEXT, _set("proof.0.@context", [V2, _EXT])),
            "proof.integrity fail proof.context",
            False,
        ),
        (
            "contexts-in-another-order",
            "the proof names the contexts in another order",
            partial(_edited, _TEXT, _set("proof.0.@context", [OB, V2])),
            "proof.integrity fail proof.context",
            False,
        ),
        (
            "undefined-key-signed",
            "the school signed a text with a key that no context defines",
            partial(_signed_text, gradeText="odlično"),
            f"{_MALFORMED} key.undefined",
            False,
        ),
        (
            "keyword-signed",
            "the school signed a text with a keyword of JSON-LD",
            partial(_signed_text, **{"@included": []}),
            f"{_MALFORMED} not-compact",
            False,
        ),
        (
            "null-signed",
            "the school signed a text with a null in it",
            partial(_signed_text, description=None),
            f"{_MALFORMED} null",
            False,
        ),
        (
            "inline-context-signed",
            "the school signed a text with a context of its own",
            partial(_signed_text, **{"@context": [V2, OB, {"name": "urn:x:y"}]}),
            f"{_MALFORMED} context.inline",
            False,
        ),
        (
            "unknown-option",
            "the school signed a proof with a member that nobody defined",
            partial(made, "eddsa-jcs-2022", gradeText="odlično"),
            f"{_MALFORMED} key.undefined",
            False,
        ),
        (
            "array-order",
            "the order of an array is changed, which the text does not allow",
            partial(
                _edited,
                _TEXT,
                lambda d: d["credentialSubject"]["achievement"]["tag"].reverse(),
            ),
            _FORGED,
            False,
        ),
        (
            "number-spelled-otherwise",
            "5 is written as 5.0, which is the same text to JCS",
            partial(
                _edited,
                _TEXT,
                _set("credentialSubject.achievement.creditsAvailable", 5.0),
            ),
            "proof.integrity pass",
            True,
        ),
        (
            "purpose-authentication",
            "the school proved who it is, not what the badge says",
            partial(made, "eddsa-jcs-2022", proofPurpose="authentication"),
            "proof.integrity fail proof.purpose",
            False,
        ),
    )
)


def _legacy(kind: str) -> bytes:
    """A real proof of a suite of old."""
    by = key("Ed25519")
    if kind == "eddsa-2022":
        return made(kind)
    document = document_of(by)
    document["@context"] = [*document["@context"], _2020]
    members: dict[str, Any] = {"type": kind, "cryptosuite": None}
    return encoded(
        {**document, "proof": [proof(kind, by, document, form="rdfc", **members)]}
    )


_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"

_LEGACY_44 = tuple(
    _case(
        44,
        f"real-{kind}",
        "a proof of a suite of old that holds: it counts, and is called old",
        partial(_legacy, kind),
        "proof.algorithm warn legacy-suite",
        twin=partial(made, "eddsa-rdfc-2022"),
        passes=True,
    )
    for kind in ("eddsa-2022", "Ed25519Signature2020")
)

_LEGACY_FORGED_44 = tuple(
    _case(
        44,
        f"changed-{kind}",
        "a badge with a proof of a suite of old is changed",
        partial(_edited, partial(_legacy, kind), _set("name", "Magister")),
        _FORGED,
        twin=partial(_legacy, kind),
    )
    for kind in ("eddsa-2022", "Ed25519Signature2020")
)

# --- row 45: proofs over proofs ---

_FIRST, _SECOND = "urn:uuid:6f0d1f0e-1111-4f2a-9d57-6d1f5b0f7a11", "urn:uuid:2"


def _notary() -> Key:
    """Somebody else who signed the badge before the school did."""
    return key("P-256", 9_009)


def _chain(
    *,
    first: Callable[[Json], Json] = lambda one: one,
    suite: str = "eddsa-rdfc-2022",
    named: Any = _FIRST,
    **options: Any,
) -> Json:
    """The school's proof over a notary's; `first` spoils this before it is signed."""
    by = key("Ed25519")
    document = document_of(by)
    below = first(proof("ecdsa-rdfc-2019", _notary(), document, id=_FIRST, **options))
    above = proof(suite, by, document, over=[below], previousProof=named)
    return {**document, "proof": [below, above]}


def _chained(**how: Any) -> bytes:
    return encoded(_chain(**how))


def _other_signature(one: Json) -> Json:
    return {**one, "proofValue": multibase(bytes(range(64)))}


def _edited_chain(change: Callable[[Json], None], **how: Any) -> bytes:
    return _edited(partial(_chained, **how), change)


def _replaced_below() -> bytes:
    """The notary's proof gives way to another one of his that is just as good."""
    chain = _chain()
    document = {k: v for k, v in chain.items() if k != "proof"}
    chain["proof"][0] = proof(
        "ecdsa-rdfc-2019",
        _notary(),
        document,
        id=_FIRST,
        created="2025-08-01T00:00:00Z",
    )
    return encoded(chain)


def _twice(document: Json) -> None:
    document["proof"].insert(1, copy.deepcopy(document["proof"][0]))


def _circle(document: Json) -> None:
    below, above = document["proof"]
    above["id"], below["previousProof"] = _SECOND, _SECOND


_CHAIN_45 = tuple(
    _case(45, f"chain-{name}", changed, attack, expected, twin=_chained, passes=passes)
    for name, changed, attack, expected, passes in (
        (
            "over-text",
            "the school's proof over the notary's is one over the text",
            partial(_chained, suite="eddsa-jcs-2022"),
            "proof.integrity pass",
            True,
        ),
        (
            "over-a-broken-one",
            "the school signed over a proof that was broken already",
            partial(_chained, first=_other_signature),
            "proof.integrity fail chain.broken",
            False,
        ),
        (
            "over-a-key-not-at-hand",
            "the key of the proof below is not at hand",
            partial(_chained, verificationMethod="did:web:notar.example#k"),
            "proof.integrity undecided chain.open",
            False,
        ),
        (
            "over-an-unknown-suite",
            "the proof below is of a suite that nobody knows",
            partial(_chained, first=lambda one: {**one, "cryptosuite": "zgled-2025"}),
            "proof.integrity undecided suite.unsupported",
            False,
        ),
        (
            "below-for-another-purpose",
            "the notary only proved who he is",
            partial(_chained, proofPurpose="authentication"),
            "proof.integrity fail chain.broken",
            False,
        ),
        (
            "below-changed",
            "the signature below is changed afterwards",
            partial(
                _edited_chain,
                lambda d: d["proof"][0].update(_other_signature(d["proof"][0])),
            ),
            _FORGED,
            False,
        ),
        (
            "below-replaced",
            "another proof of the notary takes the place of the one signed over",
            _replaced_below,
            _FORGED,
            False,
        ),
        (
            "below-taken-out",
            "the proof below is taken out",
            partial(_edited_chain, lambda d: d["proof"].pop(0)),
            f"{_MALFORMED} proof.chain",
            False,
        ),
        (
            "unnamed",
            "the name of the proof below is taken out of the one above",
            partial(_edited_chain, _set("proof.1.previousProof", None)),
            _FORGED,
            False,
        ),
        (
            "below-twice",
            "two proofs answer to the name",
            partial(_edited_chain, _twice),
            f"{_MALFORMED} proof.chain",
            False,
        ),
        (
            "in-a-circle",
            "each of the proofs says that the other was there first",
            partial(_edited_chain, _circle),
            f"{_MALFORMED} proof.chain",
            False,
        ),
        (
            "over-nothing",
            "the proof builds on an empty list of others",
            partial(_edited_chain, _set("proof.1.previousProof", [])),
            f"{_MALFORMED} proof.chain",
            False,
        ),
    )
)

_SET_45 = (
    _case(
        45,
        "two-suites",
        "the school signed the badge twice, by its meaning and by its text",
        lambda: encoded(_two_suites()),
        "proof.integrity pass",
        twin=_TEXT,
        passes=True,
    ),
    _case(
        45,
        "two-suites-one-broken",
        "the order of an array is changed: the proof over the meaning still holds",
        partial(
            _edited,
            lambda: encoded(_two_suites()),
            lambda d: d["credentialSubject"]["achievement"]["tag"].reverse(),
        ),
        _FORGED,
        twin=lambda: encoded(_two_suites()),
    ),
)


def _two_suites() -> Json:
    by = key("Ed25519")
    document = document_of(by)
    suites = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    return {**document, "proof": [proof(suite, by, document) for suite in suites]}


# --- row 46: times ---

ROW_46 = (
    _case(
        46,
        "below-expired",
        "the proof that the school's stands on has expired",
        partial(_chained, expires="2025-08-31T00:00:00Z"),
        "credential.validity fail expired",
        twin=_chained,
    ),
    *(
        _case(
            46,
            f"expired-{suite}-{kind}",
            "the proof has expired",
            partial(made, suite, kind, expires="2025-08-31T00:00:00Z"),
            "credential.validity fail expired",
            twin=partial(made, suite, kind),
        )
        for suite, kind in _JCS
    ),
)

# --- row 48: one suite under another's name ---


def _value(data: Callable[[], bytes]) -> bytes:
    return unmultibase(json.loads(data())["proof"][0]["proofValue"])


def _revalued(data: Callable[[], bytes], value: Callable[[bytes], bytes]) -> bytes:
    text = multibase(value(_value(data)))
    return _edited(data, _set("proof.0.proofValue", text))


def _der(raw: bytes) -> bytes:
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def _padded(raw: bytes) -> bytes:
    """A P-256 signature made as long as one of P-384; the numbers are the same."""
    return bytes(16) + raw[:32] + bytes(16) + raw[32:]


_ECDSA = ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")
_OTHER_DIGESTS: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    (
        "P-384",
        "hashed-by-sha256",
        "a key of P-384 signs hashes of SHA-256",
        {"hash": "sha256"},
    ),
    (
        "P-384",
        "signed-by-sha256",
        "a key of P-384 signs by SHA-256",
        {"digest": "sha256"},
    ),
    (
        "P-256",
        "hashed-by-sha384",
        "a key of P-256 signs hashes of SHA-384",
        {"hash": "sha384"},
    ),
)
_NAMES_48 = (
    ("eddsa-rdfc-2022", "Ed25519", "eddsa-jcs-2022"),
    ("eddsa-jcs-2022", "Ed25519", "eddsa-rdfc-2022"),
    ("eddsa-jcs-2022", "Ed25519", "eddsa-2022"),
    *(("ecdsa-rdfc-2019", curve, "ecdsa-jcs-2019") for curve in _CURVES),
    *(("ecdsa-jcs-2019", curve, "ecdsa-rdfc-2019") for curve in _CURVES),
)

ROW_48 = (
    *(
        _case(
            48,
            f"{kind}-{suite}-called-{name}",
            "the school's own proof is called one of another suite",
            partial(
                _edited, partial(made, suite, kind), _set("proof.0.cryptosuite", name)
            ),
            _FORGED,
            twin=partial(made, suite, kind),
        )
        for suite, kind, name in _NAMES_48
    ),
    *(
        _case(
            48,
            f"{kind}-{suite}-signed-as-{form}",
            "the school signed one form and called it the other",
            partial(made, suite, kind, form=form),
            _FORGED,
            twin=partial(made, suite, kind),
        )
        for suite, kind, form in (
            ("eddsa-rdfc-2022", "Ed25519", "jcs"),
            ("eddsa-jcs-2022", "Ed25519", "rdfc"),
            *(("ecdsa-rdfc-2019", curve, "jcs") for curve in _CURVES),
            *(("ecdsa-jcs-2019", curve, "rdfc") for curve in _CURVES),
        )
    ),
    *(
        _case(
            48,
            f"{suite}-{curve}-{what}",
            told,
            partial(made, suite, curve, **how),
            _FORGED,
            twin=partial(made, suite, curve),
        )
        for curve, what, told, how in _OTHER_DIGESTS
        for suite in _ECDSA
    ),
    *(
        _case(
            48,
            f"{kind}-called-{name}",
            "a key of another kind than the suite has",
            partial(
                _edited, partial(made, suite, kind), _set("proof.0.cryptosuite", name)
            ),
            _NOT_FOR_KEY,
            twin=partial(made, suite, kind),
        )
        for suite, kind, name in (
            ("ecdsa-rdfc-2019", "P-256", "eddsa-rdfc-2022"),
            ("ecdsa-jcs-2019", "P-384", "eddsa-jcs-2022"),
            ("ecdsa-rdfc-2019", "P-384", "eddsa-2022"),
            ("eddsa-rdfc-2022", "Ed25519", "ecdsa-rdfc-2019"),
            ("eddsa-jcs-2022", "Ed25519", "ecdsa-jcs-2019"),
        )
    ),
    *(
        _case(
            48,
            f"{kind}-{name}",
            changed,
            partial(_revalued, partial(made, "ecdsa-rdfc-2019", kind), value),
            "proof.integrity fail signature.length",
            twin=partial(made, "ecdsa-rdfc-2019", kind),
        )
        for kind, name, changed, value in (
            ("P-256", "der", "the signature is in DER", _der),
            ("P-384", "der", "the signature is in DER", _der),
            ("P-256", "padded", "the numbers are as long as those of P-384", _padded),
            ("P-384", "cut", "the signature lacks its last byte", lambda v: v[:-1]),
        )
    ),
)

CASES = (
    *_TEXT_44,
    *_LEGACY_44,
    *_LEGACY_FORGED_44,
    *_CHAIN_45,
    *_SET_45,
    *ROW_46,
    *ROW_48,
)
