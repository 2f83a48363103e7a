"""A school that keeps badges of version 2.0 at its own address, and a door to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer import jose
from edc_issuer.encoding import b64u
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.report import Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.verify import Verifier

CONTEXT = "https://w3id.org/openbadges/v2"
HOME = "https://sola.example/znacke"
NAME = "Srednja strokovna šola Zgled"
LEARNER = "ana.kovacic@example.org"
SALT = "morska sol"
ASSERTION, BADGE, ISSUER = f"{HOME}/1.json", f"{HOME}/eko.json", f"{HOME}/sola.json"
KEY, REVOKED = f"{HOME}/kljuc.json", f"{HOME}/preklicane.json"
TRUST = Trust(issuers=(TrustedIssuer(ISSUER, (NAME,)),))


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    info = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, info).decode()


def node(kind: str, url: str, /, **members: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "type": kind, "id": url, **members}


def assertion(**members: Any) -> dict[str, Any]:
    """A hosted badge about somebody whose address is hashed."""
    digest = hashlib.sha256((LEARNER + SALT).encode()).hexdigest()
    recipient = {
        "type": "email",
        "hashed": True,
        "salt": SALT,
        "identity": f"sha256${digest}",
    }
    said = {
        "recipient": recipient,
        "badge": BADGE,
        "issuedOn": "2025-05-31T10:00:00Z",
        "verification": {"type": "hosted"},
    }
    return node("Assertion", ASSERTION, **(said | members))


def profile(**members: Any) -> dict[str, Any]:
    said = {
        "name": NAME,
        "url": "https://sola.example",
        "email": "znacke@sola.example",
        "publicKey": KEY,
        "revocationList": REVOKED,
    }
    return node("Issuer", ISSUER, **(said | members))


def pages(**members: Any) -> dict[str, Any]:
    """All that the school publishes, by address."""
    return {
        ASSERTION: assertion(**members),
        BADGE: node(
            "BadgeClass",
            BADGE,
            name="Еколошки изазов: čista reka",
            description="Za čiščenje reke.",
            image=f"{HOME}/eko.png",
            criteria={"narrative": "Tri dni ob reki."},
            issuer=ISSUER,
        ),
        ISSUER: profile(),
        KEY: node(
            "CryptographicKey", KEY, owner=ISSUER, publicKeyPem=pem(signing_key())
        ),
        REVOKED: node("RevocationList", REVOKED, issuer=ISSUER, revokedAssertions=[]),
    }


def text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def signed(
    content: Mapping[str, Any] | None = None,
    *,
    key: rsa.RSAPrivateKey | None = None,
    header: Mapping[str, Any] | None = None,
) -> bytes:
    """A signed badge, as a compact JWS."""
    said = content or assertion(verification={"type": "signed", "creator": KEY})
    head = b64u(text({"alg": "RS256", "typ": "JWT", **(header or {})}))
    message = f"{head}.{b64u(text(said))}".encode()
    signature = jose.sign("RS256", key or signing_key(), message)
    return message + b"." + b64u(signature).encode()


@dataclass
class Web:
    """A door behind which these pages lie; `asked` is every address it was asked."""

    pages: Mapping[str, Any]
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        page = self.pages.get(request.url)
        if page is None:
            raise FetchError(request.url, "not-found", "HTTP status 404")
        if page == "gone":
            raise FetchError(request.url, "not-found", "HTTP status 410")
        body = page if isinstance(page, bytes) else text(page)
        return Response(request.url, 200, "application/json", body)


def stored(pages_by_url: Mapping[str, Any], *, at: datetime | None = None) -> Trust:
    """The trust of an operator who stored these pages."""
    moment = at or datetime.now(UTC)
    kept = tuple(
        StoredDid(url, page, moment, hashlib.sha256(text(page)).hexdigest())
        for url, page in pages_by_url.items()
    )
    return Trust(issuers=TRUST.issuers, dids=kept)


def verify(
    data: Any, web: Mapping[str, Any] | None = None, trust: Trust = TRUST, **more: Any
) -> Report:
    """The report on a badge, with the pages of `web` to be asked (None: no door)."""
    content = data if isinstance(data, bytes) else text(data)
    if web is None:
        return Verifier(trust=trust).verify(content, **more)
    return Verifier(trust=trust, fetcher=Web(web)).verify(content, **more)
