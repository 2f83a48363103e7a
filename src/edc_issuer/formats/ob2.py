"""Open Badges 2.0 as files: a JSON text that lies at an address, or a signed one.

A *hosted* badge bears no signature: it is what lies at its own address. A *signed* one
is a compact JSON Web Signature over the same JSON. Which of the two it is, the badge
says itself. IMS Open Badges 2.0, "Verification".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from edc_issuer import jose, strict_json
from edc_issuer.carriers.base import OB2_CONTEXTS
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import InputError, Unsupported
from edc_issuer.formats import jws
from edc_issuer.formats.base import KeyHint, Proof
from edc_issuer.jose import PublicKey

HOSTED_ID: Final = "ob2-hosted"
SIGNED_ID: Final = "ob2-signed"
_WORD = b"openbadges"  # stands in the address of the context, however it is escaped


def _spelled(word: bytes) -> tuple[bytes, ...]:
    """How base64url writes a word, wherever in the text it begins.

    Only the letters that nothing around the word changes.
    """
    return tuple(
        b64u(bytes(shift) + word)[shift + (shift > 0) : -2].encode()
        for shift in range(3)
    )


_SPELLED = _spelled(_WORD)
_IN_JSON = (_WORD + b"/v2", _WORD + b"\\/v2", b"openbadgespec.org")


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge as it was handed over; `jws` is None for one that nobody signed."""

    content: Mapping[str, Any]
    jws: jws.Jws | None = None

    @property
    def format_id(self) -> str:
        return SIGNED_ID if self.jws else HOSTED_ID

    @property
    def proof(self) -> Proof:
        """The one signature; of a hosted badge a proof without an algorithm."""
        algorithm = self.jws.signatures[0].header["alg"] if self.jws else ""
        return Proof(index=0, algorithm=algorithm, hint=KeyHint(url=self.creator))

    @property
    def creator(self) -> str | None:
        """The address of the key that a signed badge names."""
        stated = self.content.get("verification")
        creator = stated.get("creator") if isinstance(stated, Mapping) else None
        if isinstance(creator, Mapping):
            creator = creator.get("id")
        return creator if isinstance(creator, str) else None

    def verify(self, key: PublicKey) -> None:
        """`ProofInvalid` unless this key signed."""
        assert self.jws is not None
        signature = self.jws.signatures[0]
        message = self.jws.signing_input(signature)
        jose.verify(signature.header["alg"], key, signature.value, message)


def recognises(data: bytes) -> bool:
    """Whether this is a badge of version 2.0, signed or not; by its context."""
    # Most files end here, for a hundredth of what reading them costs.
    if jws.is_json(data):
        if not any(spelling in data for spelling in _IN_JSON):
            return False
        text = data
    else:
        parts = data.strip(jws.WHITE).split(b".")
        if len(parts) != 3 or not any(word in parts[1] for word in _SPELLED):
            return False
        try:
            text = unb64u(parts[1].decode("ascii"))
        except ValueError:
            return False
    try:
        contexts = _contexts(strict_json.loads_object(text))
    except InputError:
        return False
    return any(context in contexts for context in OB2_CONTEXTS)


def read(data: bytes) -> Badge:
    """The badge, unverified; `Malformed`, and `Unsupported` for other contexts."""
    if jws.is_json(data):
        badge = Badge(strict_json.loads_object(data))
    else:
        opened = jws.read(data, understood=frozenset())
        badge = Badge(strict_json.loads_object(opened.content), opened)
    if not is_plain(badge.content):
        raise Unsupported("an Open Badge 2.0 under contexts of its own is not read")
    return badge


def is_plain(node: Mapping[str, Any]) -> bool:
    """Whether a description is written under the published context alone.

    Extensions have contexts of their own, which add keys and change none; a context
    written out inside the file could give every word another meaning.
    """
    contexts = _contexts(node)
    named = all(isinstance(context, str) for context in contexts)
    return named and next(iter(contexts), None) in OB2_CONTEXTS


def _contexts(node: Mapping[str, Any]) -> list[Any]:
    stated = node.get("@context")
    return stated if isinstance(stated, list) else [stated]
