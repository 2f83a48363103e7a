"""Algorithms as CMS names them: digests and signatures by object identifier.

`rsaEncryption` names no hash: it is the one of `digestAlgorithm`. RFC 5754 (SHA-2,
RSA, ECDSA), RFC 4055 (RSASSA-PSS), RFC 8419 (Ed25519).
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from edc_issuer.cms import der
from edc_issuer.cms.der import DerError, Element

RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSASSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
ED25519 = "1.3.101.112"

# By the names of `hashlib`, with the hyphen of the dated table for SHA-3.
DIGESTS: dict[str, tuple[str, type[hashes.HashAlgorithm]]] = {
    "sha1": ("1.3.14.3.2.26", hashes.SHA1),
    "sha224": ("2.16.840.1.101.3.4.2.4", hashes.SHA224),
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256),
    "sha384": ("2.16.840.1.101.3.4.2.2", hashes.SHA384),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512),
    "sha3-256": ("2.16.840.1.101.3.4.2.8", hashes.SHA3_256),
    "sha3-384": ("2.16.840.1.101.3.4.2.9", hashes.SHA3_384),
    "sha3-512": ("2.16.840.1.101.3.4.2.10", hashes.SHA3_512),
}
_DIGEST_NAMES = {oid: name for name, (oid, _) in DIGESTS.items()}
_SIGNATURES = {
    "1.2.840.113549.1.1.5": ("RS", "sha1"),
    "1.2.840.113549.1.1.14": ("RS", "sha224"),
    "1.2.840.113549.1.1.11": ("RS", "sha256"),
    "1.2.840.113549.1.1.12": ("RS", "sha384"),
    "1.2.840.113549.1.1.13": ("RS", "sha512"),
    "2.16.840.1.101.3.4.3.14": ("RS", "sha3-256"),
    "2.16.840.1.101.3.4.3.15": ("RS", "sha3-384"),
    "2.16.840.1.101.3.4.3.16": ("RS", "sha3-512"),
    "1.2.840.10045.4.1": ("ES", "sha1"),
    "1.2.840.10045.4.3.1": ("ES", "sha224"),
    "1.2.840.10045.4.3.2": ("ES", "sha256"),
    "1.2.840.10045.4.3.3": ("ES", "sha384"),
    "1.2.840.10045.4.3.4": ("ES", "sha512"),
    "2.16.840.1.101.3.4.3.10": ("ES", "sha3-256"),
    "2.16.840.1.101.3.4.3.11": ("ES", "sha3-384"),
    "2.16.840.1.101.3.4.3.12": ("ES", "sha3-512"),
}
SIGNATURE_OIDS = {pair: oid for oid, pair in _SIGNATURES.items()}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """`family` is "RS", "PS", "ES" or "EdDSA" as in `jose`; None is one unknown here.

    `digest` is the hash of the signature, `mgf` and `salt` (octets) are of PSS only.
    """

    oid: str
    family: str | None
    digest: str
    mgf: str | None = None
    salt: int = 0

    @property
    def name(self) -> str:
        """As `trust.algorithms` asks for it: "RS256", "PS384", "Ed25519"."""
        if self.family == "EdDSA":
            return "Ed25519"
        return f"{self.family}{self.digest[-3:]}" if self.family else self.oid

    @property
    def digests(self) -> frozenset[str]:
        """Every hash that the signature rests on and that may grow weak."""
        used = {self.digest} if self.family != "EdDSA" else {"sha512"}
        return frozenset(used | ({self.mgf} if self.mgf else set()))

    def verify(self, key: object, signature: bytes, message: bytes) -> None:
        """`InvalidSignature` unless it fits; `ValueError` where it cannot be tried."""
        if self.family == "EdDSA" and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        elif self.family == "ES" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(_hash(self.digest)))
        elif self.family == "RS" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), _hash(self.digest))
        elif self.family == "PS" and isinstance(key, rsa.RSAPublicKey):
            scheme = padding.PSS(padding.MGF1(_hash(self.mgf or "")), self.salt)
            key.verify(signature, message, scheme, _hash(self.digest))
        else:
            raise ValueError(f"{self.name} does not fit the key of the certificate")


def _hash(name: str) -> hashes.HashAlgorithm:
    if name not in DIGESTS:
        raise ValueError(f"the digest {name} is not known here")
    return DIGESTS[name][1]()


def read_digest(element: Element) -> str:
    """The hash of an AlgorithmIdentifier; an unknown one by its object identifier."""
    fields = element.fields()
    oid = fields.take().oid()
    fields.optional(der.NULL)  # RFC 5754 section 2: absent, and NULL is read too
    fields.end()
    return _DIGEST_NAMES.get(oid, oid)


def write_digest(name: str) -> bytes:
    """The AlgorithmIdentifier of a hash; `DerError` for one that is unknown."""
    if name not in DIGESTS:
        raise DerError(f"the digest {name} is not known here")
    return der.sequence(der.oid(DIGESTS[name][0]), der.encode(der.NULL))


def read_signature_algorithm(element: Element, digest: str) -> SignatureAlgorithm:
    """Read an AlgorithmIdentifier; `digest` serves where it names none itself."""
    fields = element.fields()
    oid = fields.take().oid()
    parameters = fields.rest()
    if oid == RSASSA_PSS:
        return _pss(parameters[0] if parameters else None)
    if oid == RSA_ENCRYPTION:
        return SignatureAlgorithm(oid, "RS", digest)
    if oid == ED25519:
        return SignatureAlgorithm(oid, "EdDSA", digest)
    family, own = _SIGNATURES.get(oid, (None, digest))
    return SignatureAlgorithm(oid, family, own)


def _pss(parameters: Element | None) -> SignatureAlgorithm:
    """RSASSA-PSS-params, RFC 4055 section 3.1, with the defaults of that clause."""
    if parameters is None:
        raise DerError("RSASSA-PSS without parameters")
    fields = parameters.fields()
    named, mask = fields.optional(0xA0), fields.optional(0xA1)
    salt, trailer = fields.optional(0xA2), fields.optional(0xA3)
    fields.end()
    length = salt.only().integer() if salt else 20
    if not 0 <= length <= 512 or (trailer and trailer.only().integer() != 1):
        raise DerError("RSASSA-PSS with a salt or trailer that nobody uses")
    digest = read_digest(named.only()) if named else "sha1"
    mgf = _mask_digest(mask.only()) if mask else "sha1"
    return SignatureAlgorithm(RSASSA_PSS, "PS", digest, mgf, length)


def _mask_digest(element: Element) -> str:
    fields = element.fields()
    if fields.take().oid() != MGF1:
        raise DerError("RSASSA-PSS with a mask generation that is not MGF1")
    return read_digest(fields.take())
