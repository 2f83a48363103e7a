"""What is put before the judges: every record of the fixtures, and nasty texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey, PublicKey
from edc_issuer.keys import open_signer
from edc_issuer.record import CredentialRecord
from world import RECORDS, record, record_dict, world

POSITIVE = tuple(
    sorted(
        path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
    )
)
TEXTS: Mapping[str, str] = {
    "Slovenian letters": "Čebelarjenje: žaga, šola, ćup, đak; Žiga Ščančar",
    "a tab": "before\tafter",
    "U+0001": "before\x01after",
    "U+007F": "before\x7fafter",
    "backspace and form feed": "before\b\fafter",
    "line ends": "first\nsecond\r\nthird\u2028fourth\u0085fifth",
    "quotes and backslashes": '"C:\\new\\table" \'and\' \\u0041 \\\\ \\"',
    "decimals": "0.5 and 2.675 and 1e-7 and 1.0E21",
    "Cyrillic": "Пчеларство: Ђорђе, Љиљана, Његош, Џеп",
    "emoji": "🐝 👩‍🏫 🇸🇮 𝒜",
    "two ways to write č": "č and c\u030c are not made one",
    "right to left": "\u202eevil\u202c שלום",
    "markup": "<script>alert('ž')</script> &amp; {{name}} _:b0 <urn:x> .",
}
HIDDEN = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")
NUMBERS = ("0.5", "2.675", "3.0", "0.1", "60", "1234567.125")


def with_text(text: str) -> CredentialRecord:
    """A record whose title, description, outcomes and learner carry the text.

    A name with a sign that nobody sees is refused before it is signed.
    """
    value = record_dict()
    programme = value["programme"]
    for holder in (programme, programme["outcomes"][0]):
        holder["title"]["sl"] = f"Naslov {text} konec"
    programme["description"]["sl"] = f"Opis {text} konec"
    if not HIDDEN.search(text):
        value["learner"]["family_name"] = f"Vzorec {text} konec"
    return CredentialRecord.from_dict(value)


def with_number(points: str) -> CredentialRecord:
    """A record that awards so many credit points: a JSON number in the badge."""
    value = record_dict()
    value["programme"]["credits"] = [
        {"system": "ECTS", "points": points, "indicative": False}
    ]
    return CredentialRecord.from_dict(value)


@cache
def records() -> Mapping[str, CredentialRecord]:
    """Every record that the judges see, by the name of its case."""
    return {
        **{name: record(name) for name in POSITIVE},
        **{f"text: {name}": with_text(text) for name, text in TEXTS.items()},
        **{f"number: {points}": with_number(points) for points in NUMBERS},
    }


@cache
def badges() -> Mapping[str, dict[str, Any]]:
    """Each of them as a badge that we signed with eddsa-rdfc-2022."""
    return {
        case: json.loads(world().issue("ob3-di", source, files=RECORDS).data)
        for case, source in records().items()
    }


KEYS: Mapping[str, Callable[[], PrivateKey]] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
}


TOKENS = tuple(
    f"jwt: {algorithm}, {name}" for algorithm in KEYS for name in ("plain", "all texts")
)


@cache
def tokens() -> Mapping[str, tuple[bytes, PublicKey]]:
    """VC-JWTs of ours with each kind of key, two of nasty texts, and their keys."""
    plain, nasty = record(), with_text("".join(TEXTS.values()))
    return {
        f"jwt: {algorithm}, {name}": _token(algorithm, generate(), source)
        for algorithm, generate in KEYS.items()
        for name, source in (("plain", plain), ("all texts", nasty))
    }


def key_file(key: PrivateKey) -> str:
    """The address of a key in a file of its own."""
    path = Path(mkdtemp(prefix="edc-interop-")) / "badge.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return f"file:{path}"


def _token(
    algorithm: str, key: PrivateKey, source: CredentialRecord
) -> tuple[bytes, PublicKey]:
    with open_signer(key_file(key), algorithm=algorithm) as signer:
        data = Issuer(profile=PROFILES["ob3-jwt"], signer=signer).issue(source).data
    return data, key.public_key()


def unsigned() -> dict[str, dict[str, Any]]:
    """The same badges without their proofs, for others to sign."""
    return {
        case: {name: value for name, value in badge.items() if name != "proof"}
        for case, badge in badges().items()
    }


FORGERIES = (
    "forged: name",
    "forged: result",
    "forged: validFrom",
    "forged: proofValue",
    "forged: proof created",
)


def forged(badge: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """One badge with one thing changed, by what was changed: all of `FORGERIES`."""
    subject = badge["credentialSubject"]
    proof = badge["proof"][0] if isinstance(badge["proof"], list) else badge["proof"]
    value = proof["proofValue"]
    other = value[:-1] + ("2" if value[-1] != "2" else "3")
    graded = {**subject, "result": [{"type": ["Result"], "value": "100"}]}
    changed = (
        {**badge, "name": badge["name"] + "."},
        {**badge, "credentialSubject": graded},
        {**badge, "validFrom": "2020-01-01T00:00:00Z"},
        {**badge, "proof": [{**proof, "proofValue": other}]},
        {**badge, "proof": [{**proof, "created": "2026-01-01T00:00:00Z"}]},
    )
    return dict(zip(FORGERIES, changed, strict=True))
