"""Timestamps: somebody else's word that these bytes existed at that moment.

`verify_token` checks everything that a token can prove by itself; whether its
authority is trusted, and was when it signed, is judged elsewhere (`trust`,
`verify`). `Timestamper` asks an authority, and believes no answer that does not
verify. RFC 3161, RFC 5816, ETSI EN 319 422.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import DIGESTS
from edc_issuer.cms.certificate import extension
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import EXTENDED_KEY_USAGE
from edc_issuer.cms.tokens import (
    CONTENT_TYPE,
    MAX_TOKEN,
    MESSAGE_DIGEST,
    TST_INFO,
    EssCertificate,
    SignerInfo,
    Token,
    ess_certificates,
    read_token,
)
from edc_issuer.cms.tsp import RequestRejected, read_response, write_request
from edc_issuer.errors import ConfigError, FetchError, NoTimestamp, TokenInvalid
from edc_issuer.fetch import Credentials, Fetcher, Request
from edc_issuer.jose import weakness
from edc_issuer.messages import neutral

TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
# Broken before the first digital credential existed: whoever can make two documents
# with one such hash has a timestamp for both (TS 119 312: SHA-1 ended in 2012).
_BROKEN = frozenset(["sha1"])
_PASSING = frozenset(["unreachable", "timeout", "unavailable"])  # may be over soon
_TOLERANCE = timedelta(minutes=5)  # how far clocks of honest machines differ


def verify_token(
    token: Token, data: bytes, *, pool: Iterable[x509.Certificate] = ()
) -> x509.Certificate:
    """The certificate of the authority, if the token proves a time for `data`.

    `pool` are further certificates to look for the authority's in: a token may leave
    it out. Not decided here: trust in the certificate, its revocation, the end dates
    of algorithms (`Token.digests`), and whether the time fits anything else.

    Raises `TokenInvalid`; its reason names the step, in this order:

    1. `tst.signers`: exactly one SignerInfo (RFC 3161 section 2.4.2)
    2. `tst.attributes`: content type, message digest and ESS certificate are signed,
       each once (section 2.4.2; RFC 5652 section 11)
    3. `tst.certificate-missing`: the signer identifier points to a certificate
    4. `tst.certificate-hash`: and the signed hash names that one (RFC 5035)
    5. `tst.purpose`: made for timestamps alone, critically (RFC 3161 section 2.3)
    6. `tst.digest`: every hash is known and not broken
    7. `tst.content-type`, 8. `tst.message-digest`: the attributes fit the content
    9. `tst.algorithm`, 10. `tst.signature`: it is the authority's signature, with a
       key that fits the algorithm and that nobody can compute
    11. `tst.imprint`: it is of `data`
    12. `tst.validity`: at a time when the certificate was valid
    13. `tst.extension`: nothing critical in it is unknown
    """
    # 1, 2
    signer = _only_signer(token)
    content_type, message_digest, named = _attributes(signer)
    # 3, 4, 5
    certificate = _certificate(signer, named, (*token.certificates, *pool))
    _check_purpose(certificate)
    # 6
    _check_digests(token)
    # 7, 8
    if content_type != TST_INFO:
        raise TokenInvalid("tst.content-type", "signed as something else")
    if message_digest != _digest(signer.digest, token.info):
        raise TokenInvalid("tst.message-digest", "the content is not what was signed")
    # 9, 10
    _check_signature(signer, certificate)
    # 11
    if token.imprint != _digest(token.digest, data):
        raise TokenInvalid("tst.imprint", "a timestamp of other bytes")
    # 12
    if not _is_valid(certificate, token.gen_time):
        raise TokenInvalid("tst.validity", "made outside the certificate's validity")
    # 13
    if any(extension.critical for extension in token.extensions):
        raise TokenInvalid("tst.extension", "a critical extension that is not known")
    return certificate


def authority_of(
    token: Token, *, pool: Iterable[x509.Certificate] = ()
) -> x509.Certificate:
    """The certificate that the token names as its authority's, by steps 1 to 4.

    For whoever verified the token before, or asks whose it claims to be: nothing is
    proved by it. Raises `TokenInvalid`.
    """
    signer = _only_signer(token)
    _, _, named = _attributes(signer)
    return _certificate(signer, named, (*token.certificates, *pool))


def _only_signer(token: Token) -> SignerInfo:
    if len(token.signers) != 1:
        detail = f"{len(token.signers)} signers where one is demanded"
        raise TokenInvalid("tst.signers", detail)
    return token.signers[0]


def _attributes(signer: SignerInfo) -> tuple[str, bytes, tuple[EssCertificate, ...]]:
    try:
        names = [name for name, _ in signer.attributes]
        if len(set(names)) != len(names):
            raise DerError("a signed attribute that comes twice")
        content_type = signer.attribute(CONTENT_TYPE)
        message_digest = signer.attribute(MESSAGE_DIGEST)
        named = ess_certificates(signer)
        if content_type is None or message_digest is None or not named:
            raise DerError("a signed attribute that is missing")
        return content_type.oid(), message_digest.octets(), named
    except DerError as error:
        raise TokenInvalid("tst.attributes", str(error)) from error


def _certificate(
    signer: SignerInfo,
    named: tuple[EssCertificate, ...],
    pool: Iterable[x509.Certificate],
) -> x509.Certificate:
    meant = [candidate for candidate in pool if _is_of(signer, candidate)]
    if not meant:
        detail = "the certificate of the authority is not at hand"
        raise TokenInvalid("tst.certificate-missing", detail)
    # Anybody can put a certificate with the same issuer and serial before the right
    # one; the hash that is signed decides among them.
    for candidate in meant:
        if all(entry.names(candidate) for entry in named):
            return candidate
    detail = "the signed hash names another certificate"
    raise TokenInvalid("tst.certificate-hash", detail)


def _is_of(signer: SignerInfo, certificate: x509.Certificate) -> bool:
    try:
        return signer.is_of(certificate)
    except ValueError:
        return False  # one that cannot be read is not the one that is looked for


def _check_purpose(certificate: x509.Certificate) -> None:
    try:
        found = extension(certificate, EXTENDED_KEY_USAGE)
        value = der.parse(found.value).children(der.SEQUENCE) if found else ()
        purposes = [purpose.oid() for purpose in value]
    except ValueError as error:
        raise TokenInvalid("tst.purpose", f"its purpose: {error}") from error
    if found is None or not found.critical or purposes != [TIME_STAMPING]:
        detail = "the certificate is not one for timestamps alone, critically"
        raise TokenInvalid("tst.purpose", detail)


def _check_digests(token: Token) -> None:
    for digest in sorted(token.digests):
        if digest not in DIGESTS:
            raise TokenInvalid("tst.digest", f"the hash {digest} is not known here")
        if digest in _BROKEN:
            raise TokenInvalid("tst.digest", f"the hash {digest} is broken")


def _check_signature(signer: SignerInfo, certificate: x509.Certificate) -> None:
    try:
        key = certificate.public_key()
        signer.algorithm.verify(key, signer.signature, signer.signed)
        poor = weakness(key) if isinstance(key, rsa.RSAPublicKey) else None
    except InvalidSignature as error:
        detail = "not signed by the authority's key"
        raise TokenInvalid("tst.signature", detail) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TokenInvalid("tst.algorithm", str(error)) from error
    if poor:
        raise TokenInvalid("tst.algorithm", poor)


def _is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    try:
        begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except ValueError:
        return False  # a year that no calendar has
    return begin <= at <= end


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name.replace("-", "_"), data).digest()


@dataclass(frozen=True, slots=True)
class Timestamper:
    """Asks the timestamp authorities at `urls`, in their order, for timestamps.

    `digest` is the hash of the imprint, `attempts` how often each authority is asked
    while it does not answer, `policy` the timestamp policy to ask for. A token is
    handed out only after it was verified; whether the authority is trusted is not
    asked here. `tolerance` is how far the authority's clock and the caller's may
    differ, `credentials` are those of an address, `pause` waits between attempts (in
    seconds).
    """

    urls: Sequence[str]
    fetcher: Fetcher
    digest: str = "sha256"
    attempts: int = 2
    policy: str | None = None
    tolerance: timedelta = _TOLERANCE
    credentials: Mapping[str, Credentials] = field(default_factory=dict, repr=False)
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if isinstance(self.urls, str):
            raise ConfigError("timestamp authorities are a list of addresses")
        if not self.urls:
            raise ConfigError("no timestamp authority is named")
        if self.digest not in DIGESTS or self.digest in _BROKEN:
            raise ConfigError(f"no timestamps with the hash {self.digest}")
        if self.attempts < 1:
            raise ConfigError("a timestamp authority must be asked at least once")

    def stamp(
        self, data: bytes, *, at: datetime, pool: Iterable[x509.Certificate] = ()
    ) -> Token:
        """A verified timestamp of `data`; `at` is now, and the token must agree.

        `pool` helps where an authority leaves its certificate out. Raises
        `NoTimestamp`, which names what each authority answered.
        """
        known = tuple(pool)
        answers: list[tuple[str, str]] = []
        inner: list[str] = []
        for url in self.urls:
            try:
                return self._ask(url, data, at=at, pool=known)
            except _Unusable as error:
                answers.append((url, neutral(str(error))))
                inner += error.inner
        raise NoTimestamp(answers, inner=inner)

    def _ask(
        self, url: str, data: bytes, *, at: datetime, pool: Sequence[x509.Certificate]
    ) -> Token:
        for attempt in range(1, self.attempts + 1):
            nonce = secrets.randbits(63) | 1 << 63
            try:
                body = self._post(url, data, nonce)
                break
            except _Silent:
                if attempt == self.attempts:
                    raise
                self.pause(0.5 * attempt)
        try:
            token = read_token(read_response(body))
            verify_token(token, data, pool=pool)
        except RequestRejected as error:
            raise _Unusable(f"refused: {error}") from error
        except DerError as error:
            raise _Unusable(f"not a timestamp: {error}") from error
        except TokenInvalid as error:
            raise _Unusable(f"a timestamp that does not verify: {error}") from error
        self._check(token, nonce, at)
        return token

    def _post(self, url: str, data: bytes, nonce: int) -> bytes:
        imprint = _digest(self.digest, data)
        request = Request(
            url,
            method="POST",
            accept="application/timestamp-reply",
            content_type="application/timestamp-query",
            body=write_request(imprint, self.digest, nonce, policy=self.policy),
            limit=MAX_TOKEN,
            signed_answer=True,
            credentials=self.credentials.get(url),
        )
        try:
            response = self.fetcher.fetch(request)
        except FetchError as error:
            said = f"{error.why} ({error.detail})" if error.detail else error.why
            kind = _Silent if error.why in _PASSING else _Unusable
            raise kind(said, inner=error.inner) from error
        return response.body

    def _check(self, token: Token, nonce: int, at: datetime) -> None:
        """What only the one who asked can tell."""
        if token.nonce != nonce:
            raise _Unusable("an answer to another question (nonce)")
        if token.digest != self.digest:
            raise _Unusable(f"a timestamp with {token.digest}, not {self.digest}")
        if self.policy is not None and token.policy != self.policy:
            raise _Unusable(f"a timestamp under the policy {token.policy}")
        if token.accuracy is not None and token.accuracy > self.tolerance:
            raise _Unusable(f"a time that is only accurate to {token.accuracy}")
        if abs(token.gen_time - at) > self.tolerance:
            raise _Unusable(
                f"it says {token.gen_time:%Y-%m-%d %H:%M:%S} UTC,"
                f" this machine says {at:%Y-%m-%d %H:%M:%S}"
            )


class _Unusable(Exception):
    """This authority gave no timestamp that can be used; `inner` as of `FetchError`."""

    def __init__(self, said: str, *, inner: Sequence[str] = ()) -> None:
        super().__init__(said)
        self.inner = tuple(inner)


class _Silent(_Unusable):
    """It did not answer, and may if it is asked again."""
