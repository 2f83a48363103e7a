"""Keys in files: PKCS#12, PEM and JWK, opened as a `Signer`.

`open_signer` takes an address (`file:seal.p12`, `file:key.pem#did:web:...`,
`file:key.pem#https://...`) and asks for a password only where the file needs one. A
key with a certificate seals as an organisation; a bare key signs as its DID, or as
the web address whose document lists it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from edc_issuer import jose, strict_json
from edc_issuer.errors import ConfigError, Malformed, Problem, SigningError
from edc_issuer.jose import PrivateKey, PublicKey
from edc_issuer.keys.did import multikey, own_identity, thumbprint
from edc_issuer.keys.did_web import PREFIX, document_url
from edc_issuer.keys.files import read_bounded
from edc_issuer.keys.identity import DidIdentity, Identity, X509Identity

Secret = Callable[[str], str]
_LIMIT = 1024 * 1024
_NOT_BUILT = ("pkcs11", "csc")
_STRONG_RSA = 3000  # bits from which RSA-PSS has no end date (TS 119 312)
_PRIVATE_BLOCK = re.compile(
    rb"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL
)
_BESIDE = (".crt", ".cer", ".chain.pem")
_CURVES = ("secp256r1", "secp384r1")
_TYPES = "RSA, P-256, P-384 and Ed25519"
_IDENTIFIER = re.compile(r"#(?=did:|https://)")
_SUFFIXES = (".p12", ".pfx", ".pem", ".key", ".jwk", ".json")


@dataclass(frozen=True, slots=True)
class _Material:
    key: PrivateKey
    certificates: tuple[x509.Certificate, ...] = ()


class LocalSigner:
    """A key in this process's memory; `notes` are things its owner should know."""

    def __init__(
        self,
        key: PrivateKey,
        *,
        identity: Identity,
        algorithm: str,
        notes: tuple[Problem, ...],
    ) -> None:
        self._key: PrivateKey | None = key
        self.identity = identity
        self.algorithm = algorithm
        self.notes = notes

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        """One JOSE-shaped signature a message; `SigningError` once it is closed."""
        if self._key is None:
            raise SigningError("the key was closed; open the signer again")
        try:
            return [jose.sign(self.algorithm, self._key, one) for one in messages]
        except (ValueError, UnsupportedAlgorithm) as error:
            raise SigningError(f"the key could not sign: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._key = None

    def __repr__(self) -> str:
        return f"<LocalSigner {self.algorithm}>"


def open_signer(
    uri: str, *, secret: Secret | None = None, algorithm: str | None = None
) -> LocalSigner:
    """Open a key by its address; `ConfigError` says what to do where that fails.

    `secret` is called with a prompt, only if the file is encrypted. Without
    `algorithm` the key decides: ES256, ES384, PS256 (RSA from 3072 bits), RS256
    (smaller RSA), EdDSA.
    """
    path, did = _address(uri)
    material = _read(path, secret)
    public = material.key.public_key()
    _refuse_weak(public, path)
    identity = _identity(material, did=did, path=path)
    chosen = algorithm or default_algorithm(public)
    if not jose.fits(chosen, public):
        raise ConfigError(
            f"{path}: {chosen} does not fit this key; leave the algorithm out, or "
            f"name {default_algorithm(public)}"
        )
    notes = tuple(_notes(public, chosen, identity))
    return LocalSigner(material.key, identity=identity, algorithm=chosen, notes=notes)


def default_algorithm(key: PublicKey) -> str:
    """The algorithm a key signs with unless somebody asks for another."""
    if isinstance(key, rsa.RSAPublicKey):
        return "PS256" if key.key_size >= _STRONG_RSA else "RS256"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "ES384" if key.curve.name == "secp384r1" else "ES256"
    return "EdDSA"


def _notes(key: PublicKey, algorithm: str, identity: Identity) -> list[Problem]:
    notes = []
    if algorithm.startswith(("RS", "PS")) and _ends(key, algorithm):
        said = (
            f"{algorithm} with this RSA key is recommended only until the end of 2028 "
            "(ETSI TS 119 312); plan a P-256 key, or RSA of 3072 bits with PS256."
        )
        notes.append(Problem("", "key-ends", said, {"algorithm": algorithm}))
    if algorithm == "EdDSA" and isinstance(identity, X509Identity):
        said = (
            "European seal validators do not know Ed25519 yet and will not confirm "
            "such a seal; use a P-256 key for seals."
        )
        notes.append(Problem("", "key-unknown-in-europe", said))
    return notes


def _ends(key: PublicKey, algorithm: str) -> bool:
    small = isinstance(key, rsa.RSAPublicKey) and key.key_size < _STRONG_RSA
    return small or algorithm.startswith("RS")


def key_file(uri: str) -> Path:
    """The file that an address of a key names; `ConfigError` where it names none."""
    return _address(uri)[0]


def _address(uri: str) -> tuple[Path, str | None]:
    """The file and, after `#`, the DID or web address that the key is to sign as."""
    scheme, colon, rest = uri.partition(":")
    if colon and scheme.lower() in _NOT_BUILT:
        raise ConfigError(f"{scheme}: is not built yet; use a key in a file (file:...)")
    if not (colon and scheme.lower() == "file"):
        # A single letter is a Windows drive; anything longer was meant as a scheme.
        if "://" in uri.partition("#")[0] or (
            colon and scheme.isalpha() and not _looks_like_path(uri)
        ):
            raise ConfigError(f"{scheme}: is no kind of key address; use file:...")
        rest = uri
    place, *named = _IDENTIFIER.split(rest, maxsplit=1)
    if place.startswith("//"):
        parts = urlsplit(place)
        if parts.netloc not in ("", "localhost"):
            raise ConfigError(f"a key on another machine ({parts.netloc}) is not read")
        place = unquote(parts.path)
    if not place:
        raise ConfigError("no file is named; write file:seal.p12")
    return Path(place), named[0] if named else None


def _looks_like_path(uri: str) -> bool:
    drive = len(uri.partition(":")[0]) == 1
    return drive or Path(uri.partition("#")[0]).suffix.lower() in _SUFFIXES


def _read(path: Path, secret: Secret | None) -> _Material:
    data = read_bounded(path, limit=_LIMIT)
    suffix = path.suffix.lower()
    if b"-----BEGIN" in data:
        return _read_pem(data, path, secret)
    if suffix in (".jwk", ".json") or data.lstrip()[:1] == b"{":
        return _Material(_read_jwk(data, path))
    if suffix in (".p12", ".pfx") or data[:1] == b"\x30":
        return _read_pkcs12(data, path, secret)
    raise ConfigError(f"{path}: not a key file; PKCS#12, PEM and JWK are read")


def _ask(path: Path, secret: Secret | None) -> bytes:
    if secret is None:
        raise ConfigError(
            f"{path}: protected by a password, and none was given; name an "
            "environment variable that holds it (--key-secret-env NAME)"
        )
    return secret(f"Password of {path.name}: ").encode()


def _read_pkcs12(data: bytes, path: Path, secret: Secret | None) -> _Material:
    store = _open_pkcs12(data, None, path) or _open_pkcs12(data, b"", path)
    if store is None:
        store = _open_pkcs12(data, _ask(path, secret), path)
    if store is None:
        raise ConfigError(f"{path}: wrong password, or not a PKCS#12 file")
    if store.key is None:
        raise ConfigError(f"{path}: holds no private key; export it with its key")
    found = [store.cert, *store.additional_certs]
    certificates = tuple(entry.certificate for entry in found if entry)
    return _Material(_known(store.key, path), certificates)


def _open_pkcs12(
    data: bytes, password: bytes | None, path: Path
) -> pkcs12.PKCS12KeyAndCertificates | None:
    try:
        return pkcs12.load_pkcs12(data, password)
    except (ValueError, x509.InvalidVersion):
        return None
    except UnsupportedAlgorithm as error:
        raise ConfigError(
            f"{path}: encrypted in a way that is no longer supported; export it anew "
            "(AES, SHA-256)"
        ) from error


def _read_pem(data: bytes, path: Path, secret: Secret | None) -> _Material:
    key = _open_pem(data, path, secret)
    blocks = [data, *(_beside(path))]
    certificates = [c for block in blocks for c in _pem_certificates(block, path)]
    return _Material(_known(key, path), tuple(certificates))


def _open_pem(data: bytes, path: Path, secret: Secret | None) -> object:
    blocks = list(_PRIVATE_BLOCK.finditer(data))
    if len(blocks) != 1:
        raise ConfigError(f"{path}: {len(blocks)} private keys where one is expected")
    block = blocks[0].group() + b"\n"
    try:
        return load_pem_private_key(block, None)
    except TypeError:
        password = _ask(path, secret)  # this is how an encrypted key shows itself
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"{path}: not a private key that can be read") from error
    try:
        return load_pem_private_key(block, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"{path}: wrong password") from error


def _beside(path: Path) -> list[bytes]:
    """Certificates in a file of the same name: key.crt, key.cer, key.chain.pem."""
    candidates = [path.with_suffix(suffix) for suffix in _BESIDE]
    return [
        read_bounded(candidate, limit=_LIMIT)
        for candidate in candidates
        if candidate.is_file()
    ]


def _pem_certificates(data: bytes, path: Path) -> list[x509.Certificate]:
    try:
        if b"-----BEGIN CERTIFICATE-----" in data:
            return x509.load_pem_x509_certificates(data)
        der = data[:1] == b"\x30"
        return [x509.load_der_x509_certificate(data)] if der else []
    except (ValueError, x509.InvalidVersion) as error:
        raise ConfigError(f"{path}: a certificate that cannot be read") from error


def _read_jwk(data: bytes, path: Path) -> PrivateKey:
    # Imported here: only keys in this form need it, and it is slow to import.
    from jwcrypto.common import JWException
    from jwcrypto.jwk import JWK

    try:
        members = strict_json.loads_object(data)
        pem = JWK(**members).export_to_pem(private_key=True, password=None)
        key = _known(load_pem_private_key(pem, None), path)
        public = jose.public_to_jwk(key.public_key())
    except (Malformed, JWException, ValueError, TypeError, KeyError):
        # The text of the error may quote the key, so not even a traceback keeps it.
        raise ConfigError(f"{path}: not a private key in JWK form") from None
    if any(members.get(name) != value for name, value in public.items()):
        raise ConfigError(f"{path}: its public and its private half do not belong")
    return key


def _known(key: object, path: Path) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise ConfigError(f"{path}: {_TYPES} keys sign here, and this is another type")


def _refuse_weak(key: PublicKey, path: Path) -> None:
    weak = jose.weakness(key)
    if weak:
        raise ConfigError(f"{path}: {weak}; make a new key")


def _identity(material: _Material, *, did: str | None, path: Path) -> Identity:
    public = material.key.public_key()
    if did is not None:
        return _did_identity(public, did, path)
    if not material.certificates:
        return own_identity(public)
    own = [c for c in material.certificates if _spki(c.public_key()) == _spki(public)]
    if not own:
        raise ConfigError(f"{path}: no certificate in it belongs to the key")
    try:
        return X509Identity(own[0], _chain(own[0], material.certificates))
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path}: a certificate with an unreadable name") from error


def _did_identity(public: PublicKey, did: str, path: Path) -> DidIdentity:
    own = own_identity(public)
    if did in ("did:key", "did:jwk", own.did, own.verification_method):
        return own
    if did.startswith(("did:key:", "did:jwk:")):
        raise ConfigError(f"{path}: the key is another than the one in {did[:60]}")
    name, mark, _ = did.partition("#")
    _refuse_identifier(name)
    if mark:
        return DidIdentity(name, did, public)
    # Where there is no short form of the key its RFC 7638 thumbprint names it.
    fragment = multikey(public) or thumbprint(public)
    return DidIdentity(name, f"{name}#{fragment}", public)


def _refuse_identifier(name: str) -> None:
    """`ConfigError` for what no verifier could look a key up at."""
    if name.startswith("https://"):
        parts = urlsplit(name)
        if not parts.hostname or "@" in parts.netloc or parts.query:
            raise ConfigError(f"{name[:60]}: not an address that lists keys")
        return
    if len(name.split(":")) < 3 or not all(name.split(":")):
        raise ConfigError(f"{name[:60]}: not a DID; write did:web:school.example")
    if name.startswith(PREFIX):
        try:
            document_url(name)
        except Malformed as error:
            raise ConfigError(f"{name[:60]}: {error}") from error


def _spki(key: object) -> bytes | None:
    if not hasattr(key, "public_bytes"):
        return None
    written: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return written


def _chain(
    leaf: x509.Certificate, certificates: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The intermediates above the leaf in their order, without the root."""
    chain: list[x509.Certificate] = []
    current = leaf
    while len(chain) < len(certificates):
        above = [c for c in certificates if c.subject == current.issuer]
        if not above or above[0].subject == above[0].issuer or above[0] in chain:
            break
        current = above[0]
        chain.append(current)
    return tuple(chain)
