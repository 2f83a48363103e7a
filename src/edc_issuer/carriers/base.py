"""What a picture carries, and under which name: the three kinds that are baked.

Baking is the badge world's word for putting a credential into its picture. Each kind
has its keyword in a PNG and its namespace in an SVG. Open Badges 3.0 section 5.3,
Open Badges 2.0 "Baking", Comprehensive Learner Record 2.0 section 5.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer import strict_json
from edc_issuer.encoding import unb64u
from edc_issuer.errors import Malformed
from edc_issuer.strict_json import MAX_BYTES

# The published context, and the address that the first one leads to.
OB2_CONTEXTS = (
    "https://w3id.org/openbadges/v2",
    "https://openbadgespec.org/v2/context.json",
)
WHITE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential, and how pictures name it.

    `keyword` is that of a PNG's text chunk; `namespace`, `prefix` and `element` are
    of the SVG element.
    """

    id: str
    keyword: str
    namespace: str
    prefix: str
    element: str

    @property
    def tag(self) -> str:
        """The element as expat names it: namespace, space, local name."""
        return f"{self.namespace} {self.element}"


OB3 = Kind(
    "ob3",
    "openbadgecredential",
    "https://purl.imsglobal.org/ob/v3p0",
    "openbadges",
    "credential",
)
OB2 = Kind("ob2", "openbadges", "http://openbadges.org", "openbadges", "assertion")
CLR = Kind(
    "clr",
    "clrcredential",
    "https://purl.imsglobal.org/clr/v2p0",
    "clr",
    "credential",
)
KINDS = (OB3, OB2, CLR)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a picture carries: the bytes as they stand in it, nothing verified.

    `data` is a JSON text, a compact JWS, or, in badges before 3.0, the address
    of the badge.
    """

    kind: Kind
    data: bytes

    @property
    def address(self) -> str | None:
        """The address of a badge that the picture only points at."""
        text = self.data.strip(WHITE)
        is_address = text.startswith((b"https://", b"http://")) and text.isascii()
        return text.decode() if is_address else None

    @property
    def suffix(self) -> str:
        """How a file with these bytes is named."""
        return ".json" if self.data.lstrip(WHITE).startswith(b"{") else ".jwt"


def refuse_large(picture: bytes) -> None:
    """`Malformed` for a picture larger than any file that is read."""
    if len(picture) > MAX_BYTES:
        raise Malformed(
            f"more than the {MAX_BYTES} bytes that are read", reason="limits.size"
        )


def refuse_several(count: int) -> None:
    """`Malformed` where one picture carries several credentials."""
    if count > 1:
        raise Malformed(
            f"{count} credentials in one picture", reason="several-credentials"
        )


def kind_of(data: bytes) -> Kind:
    """Which kind of picture a credential belongs in; nothing is verified.

    `Malformed` (`carrier.content`) for what no picture carries: a sealed EDC, a
    presentation, a text that nobody signed.
    """
    content, signed = _content(data)
    inner = content.get("vc")
    stated = inner if isinstance(inner, Mapping) else content
    contexts = _listed(stated.get("@context"))
    types = {one for one in _listed(stated.get("type")) if isinstance(one, str)}
    if any(context in contexts for context in OB2_CONTEXTS):
        return OB2  # a hosted one bears no signature, by its own rules
    if signed and "ClrCredential" in types:
        return CLR
    if signed and "VerifiableCredential" in types:
        return OB3
    raise Malformed(
        "not a signed badge; pictures carry Open Badges and learner records, either "
        "as JSON with its proof or as a compact JWS",
        reason="carrier.content",
    )


def _content(data: bytes) -> tuple[Mapping[str, Any], bool]:
    """The content of a JSON text or compact JWS, and whether anything signs it."""
    text = data.strip(WHITE)
    if text.startswith(b"{"):
        members = strict_json.loads_object(text)
        return members, "proof" in members
    parts = text.split(b".")
    if len(parts) != 3:
        return {}, False
    try:
        payload = unb64u(parts[1].decode("ascii"))
    except ValueError:
        return {}, False
    return strict_json.loads_object(payload), True


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
