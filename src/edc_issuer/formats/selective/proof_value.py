"""What stands in `proofValue`: of the issuer's base proof, and of a derived one.

Both are base64url with the letter `u` in front, three bytes that say which of the
two it is, and five CBOR items. Data Integrity ECDSA Cryptosuites 1.0 sections 3.5.2,
3.5.3 and 3.5.5 to 3.5.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import ProofInvalid
from edc_issuer.formats.selective import cbor
from edc_issuer.formats.selective.cbor import BadCbor, Reader
from edc_issuer.formats.selective.grouping import MAX_STATEMENTS
from edc_issuer.formats.selective.pointers import MAX_POINTERS
from edc_issuer.keys.did import P256

BASE, DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
SIGNATURE, PUBLIC_KEY, HMAC_KEY, LABEL = 64, 35, 32, 32  # bytes
# All statements with their signatures, labels and indexes, or all pointers.
MAX_LETTERS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BaseProofValue:
    """What the issuer gives to the holder alone; `signatures` in statement order."""

    base_signature: bytes
    public_key: bytes  # of the proof alone, as Multikey writes it
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]

    def serialize(self) -> str:
        """The text of `proofValue` (section 3.5.2)."""
        return _text(
            BASE,
            cbor.encode_bytes(self.base_signature),
            cbor.encode_bytes(self.public_key),
            cbor.encode_bytes(self.hmac_key),
            cbor.encode_array([cbor.encode_bytes(s) for s in self.signatures]),
            cbor.encode_array([cbor.encode_text(p) for p in self.mandatory_pointers]),
        )

    @classmethod
    def parse(cls, text: object) -> BaseProofValue:
        """Read it strictly; `ProofInvalid` (`proof.value`) otherwise (3.5.3)."""
        try:
            reader = _reader(text, BASE)
            value = cls(
                reader.bytes_of(SIGNATURE),
                reader.bytes_of(PUBLIC_KEY),
                reader.bytes_of(HMAC_KEY),
                _signatures(reader),
                reader.array(reader.text, most=MAX_POINTERS),
            )
            reader.end()
        except ValueError as error:
            raise _bad(error) from error
        return value


@dataclass(frozen=True, slots=True)
class DerivedProofValue:
    """What the holder shows; `labels` by the number behind `c14n`."""

    base_signature: bytes
    public_key: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory_indexes: tuple[int, ...]

    def serialize(self) -> str:
        """The text of `proofValue` (section 3.5.7)."""
        labels = {k: cbor.encode_bytes(label) for k, label in self.labels.items()}
        return _text(
            DERIVED,
            cbor.encode_bytes(self.base_signature),
            cbor.encode_bytes(self.public_key),
            cbor.encode_array([cbor.encode_bytes(s) for s in self.signatures]),
            cbor.encode_map(labels),
            cbor.encode_array([cbor.encode_uint(i) for i in self.mandatory_indexes]),
        )

    @classmethod
    def parse(cls, text: object) -> DerivedProofValue:
        """Read it strictly; `ProofInvalid` (`proof.value`) otherwise (3.5.8)."""
        try:
            reader = _reader(text, DERIVED)
            value = cls(
                reader.bytes_of(SIGNATURE),
                reader.bytes_of(PUBLIC_KEY),
                _signatures(reader),
                reader.map(lambda: reader.bytes_of(LABEL), most=MAX_STATEMENTS),
                reader.array(reader.uint, most=MAX_STATEMENTS),
            )
            reader.end()
        except ValueError as error:
            raise _bad(error) from error
        return value

    def label_map(self) -> Mapping[str, str]:
        """The labels as they stand in statements: `c14n0` to `u3Lv2...` (3.5.6)."""
        return {f"c14n{k}": "u" + b64u(label) for k, label in self.labels.items()}


def is_base(text: object) -> bool:
    """Whether a `proofValue` is that of a base proof, by its first bytes."""
    return isinstance(text, str) and text.startswith("u" + b64u(BASE))


def _text(header: bytes, *items: bytes) -> str:
    return "u" + b64u(header + cbor.encode_array(items))


def _reader(text: object, header: bytes) -> Reader:
    if not isinstance(text, str) or not text.startswith("u"):
        raise BadCbor("not multibase base64url (u...)")
    if len(text) > MAX_LETTERS:
        raise BadCbor(f"more than {MAX_LETTERS} letters")
    data = unb64u(text[1:])
    if not data.startswith(header):
        raise BadCbor(f"{data[:3].hex()} in front, {header.hex()} expected")
    reader = Reader(data[3:])
    reader.array_of(5)
    return reader


def _signatures(reader: Reader) -> tuple[bytes, ...]:
    return reader.array(lambda: reader.bytes_of(SIGNATURE), most=MAX_STATEMENTS)


def _bad(error: ValueError) -> ProofInvalid:
    return ProofInvalid(
        f"a proofValue that is no such proof: {error}", reason="proof.value"
    )


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """A P-256 key as the proof carries it: Multikey bytes (section 3.6.5, step 4)."""
    return P256 + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    """The key in a proof value; `ProofInvalid` (`proof.value`) if it is none."""
    if not data.startswith(P256):
        raise _bad(ValueError("the key of the proof is not one of P-256"))
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data[2:])
    except ValueError as error:
        raise _bad(ValueError("the key of the proof is not a point")) from error
