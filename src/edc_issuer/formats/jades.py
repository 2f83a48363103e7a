"""Seals of European Digital Credentials: JAdES on the credential's own text.

A seal is a JSON Web Signature by an organisation's certificate. In the layout of
the Commission's tools the file stays readable: `payload` comes first and is the
credential's JSON text itself, byte for byte what was sealed (RFC 7797). Read are
all serializations and levels of ETSI TS 119 182-1; written is B-B, which `extend`
completes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from edc_issuer import cms, jose, strict_json
from edc_issuer.documents import Documents
from edc_issuer.encoding import b64u, unb64
from edc_issuer.errors import ConfigError, Malformed, Unsupported
from edc_issuer.formats import jades_headers as headers
from edc_issuer.formats import jws
from edc_issuer.formats.base import Envelope, KeyHint, Pending, Proof, Signing
from edc_issuer.formats.etsiu import EtsiU
from edc_issuer.jose import PublicKey
from edc_issuer.keys.identity import Identity, X509Identity

if TYPE_CHECKING:
    from edc_issuer.canonical import Limits

_MARKS = frozenset({*headers.REFERENCES, "sigT", "sigD", "adoTst", "sigPId", "srCms"})


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal's parts, for whoever checks or adds timestamps."""

    signature: jws.Signature
    etsiu: EtsiU


@dataclass(frozen=True)
class Sealed:
    """An opened file; `content` is read from the payload once."""

    jws: jws.Jws

    @cached_property
    def content(self) -> dict[str, Any] | None:
        """The JSON object that is sealed, or None where it is something else."""
        payload = self.jws.content
        # Text that begins as JSON must be honest JSON: two programs would otherwise
        # read two credentials under one seal.
        if payload.lstrip(b"\xef\xbb\xbf" + jws.WHITE)[:1] != b"{":
            return None
        return strict_json.loads_object(payload)


@dataclass(frozen=True, slots=True)
class Jades:
    """The JAdES format; a row of `formats.FORMATS`."""

    id: str = "jades"
    media_type: str = "application/jose+json"
    suffix: str = ".jsonld"

    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending:
        """Make a B-B seal ready to be signed.

        The option `layout` "edci-1.x" writes `sigT` in place of `iat`. Raises
        `ConfigError` for an identity without a certificate or an algorithm that
        is not the key's own, `RecordError` for what is no JSON.
        """
        holder = _sealing(signing.identity, signing.algorithm)
        unknown = ", ".join(sorted(set(signing.options) - {"layout"}))
        if unknown:
            raise ConfigError(f"seals have no option {unknown}; there is layout")
        header = headers.write(
            holder,
            signing.algorithm,
            at=signing.at,
            layout=signing.options.get("layout"),
        )
        protected = b64u(jws.dump(header)).encode()
        return Pending(
            format=self.id,
            to_be_signed=b"%b.%b" % (protected, jws.dump(credential)),
            algorithm=signing.algorithm,
            parts={},  # the file holds what is signed and nothing else
        )

    def attach(self, pending: Pending, signature: bytes) -> bytes:
        """The file: `payload` first, because viewers recognise a seal by that."""
        protected, _, payload = pending.to_be_signed.partition(b".")
        seal = {"protected": protected.decode(), "signature": b64u(signature)}
        rows = jws.dump({"signatures": [seal]})
        return b"".join((b'{"payload":"', jws.escaped(payload), b'",', rows[1:]))

    def recognises(self, data: bytes) -> bool:
        """Whether this is a JWS in JSON, or a compact one with a seal's header."""
        try:
            if jws.is_json(data):
                members = strict_json.loads_object(data)
                return "signatures" in members or "signature" in members
            header = jws.read_compact(data).signatures[0].header
        except (Malformed, Unsupported):
            return False
        return not (_MARKS.isdisjoint(header) or _is_jwt(header))

    def open(
        self, data: bytes, *, documents: Documents, limits: Limits | None = None
    ) -> Envelope:
        """Read a sealed file with all its seals; nothing is verified.

        Raises `Malformed`, and `Unsupported` for a seal over another file.
        """
        opened = jws.read(data, understood=headers.UNDERSTOOD)
        if any("sigD" in s.header for s in opened.signatures):
            raise Unsupported("a detached seal: the sealed file is another one")
        if opened.payload is None:
            raise Malformed("there is no payload", reason="jws.members")
        if any(_is_jwt(s.header) for s in opened.signatures):
            raise Unsupported("a JWT sealed by a certificate; its claims are not read")
        sealed = Sealed(opened)
        _ = opened.content  # refuses what is not base64url
        proofs = [_proof(i, s, opened) for i, s in enumerate(opened.signatures)]
        return Envelope(
            format=self.id,
            proofs=tuple(proofs),
            carries_certificates=True,
            internals=sealed,
        )

    def covered(self, envelope: Envelope, proof: Proof) -> Any:
        """The sealed JSON object, the same for each seal; None if it is not one.

        Raises `Malformed` where the text begins as JSON and breaks its rules.
        """
        return _sealed(envelope).content

    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None:
        """Raise `ProofInvalid` unless this key made this seal over this payload."""
        seal = seal_of(proof)
        message = _sealed(envelope).jws.signing_input(seal.signature)
        jose.verify(proof.algorithm, key, seal.signature.value, message)


JADES = Jades()


def imprint_input_adotst(envelope: Envelope) -> bytes:
    """What a content timestamp (`adoTst`) hashes: the payload as it is signed."""
    return _sealed(envelope).jws.signed_payload


def imprint_input_sigtst(proof: Proof) -> bytes:
    """What a signature timestamp hashes: the *text* of the signature."""
    return seal_of(proof).signature.signature.encode()


def imprint_input_arctst(envelope: Envelope, proof: Proof, index: int) -> bytes:
    """What the archive timestamp at position `index` of `etsiU` hashes.

    Everything before it, with dots between the parts and none between elements.
    Raises `Unsupported` where elements stand clear: no canonical form is agreed.
    """
    seal = seal_of(proof)
    texts = [element.text for element in seal.etsiu.elements]
    if None in texts:
        raise Unsupported("an archive timestamp over elements that stand clear")
    signature = seal.signature
    parts = (
        _sealed(envelope).jws.signed_payload,
        signature.protected.encode(),
        signature.signature.encode(),
        "".join(text for text in texts[:index] if text).encode(),
    )
    return b".".join(parts)


def with_elements(data: bytes, index: int, elements: Sequence[str]) -> bytes:
    """The file with further elements in `etsiU` of seal number `index`.

    What is there already stays as it is stored, letter for letter. Raises
    `Unsupported` for the compact serialization, which has no place for them.
    """
    if not jws.is_json(data):
        raise Unsupported("a compact seal has no place for timestamps")
    members = strict_json.loads_object(data)
    rows = members.get("signatures")
    holder = rows[index] if isinstance(rows, list) else members
    header = holder.setdefault("header", {})
    header["etsiU"] = [*header.get("etsiU", []), *elements]
    return jws.dump(members)


def seal_of(proof: Proof) -> Seal:
    """The parts of one seal, for timestamps and validation data."""
    if not isinstance(proof.internals, Seal):
        raise TypeError("a proof of another format")
    return proof.internals


def payload_of(envelope: Envelope) -> bytes:
    """The octets of the payload of a seal: what is sealed, and never changes later."""
    return _sealed(envelope).jws.content


def _sealed(envelope: Envelope) -> Sealed:
    if not isinstance(envelope.internals, Sealed):
        raise TypeError(f"an envelope of the format {envelope.format}, not jades")
    return envelope.internals


def _sealing(identity: Identity, algorithm: str) -> X509Identity:
    if not isinstance(identity, X509Identity):
        raise ConfigError("a seal needs a certificate; this key has none")
    if not jose.fits(algorithm, identity.certificate.public_key()):
        raise ConfigError(f"{algorithm} is not for the key of this certificate")
    return identity


def _proof(index: int, signature: jws.Signature, opened: jws.Jws) -> Proof:
    header = signature.header
    headers.check_shapes(header)
    etsiu = EtsiU.read(signature.unprotected)
    when = headers.when(header)
    signer, others = headers.signer_of(header, etsiu.certificates())
    if signer is not None:
        headers.check_key(signer)
    outside = headers.baseline_notes(header, when.notes)
    hint = KeyHint(
        certificate=signer,
        chain=others,
        url=_address(header.get("kid")),
        jwk=header.get("jwk"),
    )
    notes = (*when.notes, *outside, *etsiu.notes, *_oddities(signature, opened, hint))
    return Proof(
        index=index,
        algorithm=header["alg"],
        hint=hint,
        claimed_at=when.claimed_at,
        expires=when.expires,
        level=None if outside else etsiu.level,
        notes=tuple(dict.fromkeys(notes)),
        internals=Seal(signature, etsiu),
    )


def _oddities(
    signature: jws.Signature, opened: jws.Jws, hint: KeyHint
) -> Iterator[str]:
    header = signature.header
    if opened.extra:
        yield "extra-members"
    if signature.unprotected.keys() - {"etsiU"}:
        yield "unprotected-header"
    if "x5t" in header:
        yield "sha1-certificate-reference"
    if "x5u" in header or "jku" in header:
        yield "key-address-not-followed"
    if "adoTst" in header:
        yield "content-timestamp"
    if _kid_is_another(header.get("kid"), hint):
        yield "kid-names-another-certificate"


def _is_jwt(header: Mapping[str, Any]) -> bool:
    """Whether this is a JWT by its own word, so that its claims would be law.

    Read as a seal its `exp` would be overlooked (RFC 8725 section 3.11).
    """
    typ = header.get("typ")
    return isinstance(typ, str) and typ.lower().endswith("jwt")


def _address(kid: str | None) -> str | None:
    """A `kid` that is an address; most are the certificate's issuer and number."""
    return kid if kid is not None and ":" in kid else None


def _kid_is_another(kid: str | None, hint: KeyHint) -> bool:
    """Whether `kid` is an IssuerSerial, and not the signer's."""
    if kid is None or hint.certificate is None:
        return False
    try:
        data = unb64(kid)
        cms.parse(data)
        return not cms.matches_issuer_serial(data, hint.certificate)
    except ValueError:
        return False
