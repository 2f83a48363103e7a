"""Pictures that carry a credential: putting one in, and taking it out again.

Whoever looks at a picture sees the picture; who may believe it is told by the
credential inside, which `Verifier` judges. Nothing here verifies anything, nothing
draws or runs what stands in a picture, and nothing is fetched.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from edc_issuer.carriers.base import Carried, Kind, kind_of
from edc_issuer.errors import Malformed

__all__ = [
    "Carried",
    "Kind",
    "bake",
    "carrier_of",
    "is_baked",
    "kind_of",
    "unbake",
]

PNG: Final = "png"
SVG: Final = "svg"
_HEAD = 65_536  # letters in which the first element of an SVG has to begin
_SVG = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]")
_BOM = b"\xef\xbb\xbf"
_PNG = b"\x89PNG\r\n\x1a\n"


def carrier_of(data: bytes) -> str | None:
    """`png` or `svg` by the first bytes; None for a file that is no such picture."""
    if data.startswith(_PNG):
        return PNG
    start = data[:_HEAD].removeprefix(_BOM).lstrip()
    if start.startswith(b"<") and _SVG.search(start):
        return SVG
    return None


def bake(picture: bytes, credential: bytes, *, replace: bool = False) -> bytes:
    """The picture (PNG or SVG) with the credential in it; all else of it stays.

    `credential` is a signed badge or learner record: JSON with its proof, or a compact
    JWS. `Malformed` where it is none, where the picture breaks its own rules, and
    where it carries a credential already (`several-credentials`) that is not to be
    replaced.
    """
    kind = kind_of(credential)
    data = credential.strip()
    carrier = _carrier(picture)
    if carrier == SVG:  # XML knows one end of a line; in JSON it is white space
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    module = _module(carrier)
    baked = module.embed(picture, data, kind, replace=replace)
    if module.extract(baked) != Carried(kind, data):
        raise Malformed(
            "the credential does not come out of the picture as it went in",
            reason="carrier.broken",
        )
    return baked


def unbake(picture: bytes) -> Carried:
    """What a picture (PNG or SVG) carries; nothing of it is verified.

    `Malformed` for a picture that carries nothing (`carrier.empty`), that carries
    several (`several-credentials`) or breaks its own rules (`carrier.*`).
    """
    found = _module(_carrier(picture)).extract(picture)
    if found is None:
        raise Malformed("a picture without a credential", reason="carrier.empty")
    return found


def is_baked(picture: bytes) -> bool:
    """Whether a picture carries anything; `Malformed` where it breaks its rules."""
    return _module(_carrier(picture)).extract(picture) is not None


class _Module(Protocol):
    """What `png` and `svg` both offer."""

    def embed(
        self, picture: bytes, data: bytes, kind: Kind, *, replace: bool
    ) -> bytes: ...
    def extract(self, picture: bytes) -> Carried | None: ...


def _module(carrier: str) -> _Module:
    # Here, because most files are no pictures.
    from edc_issuer.carriers import png, svg

    return png if carrier == PNG else svg


def _carrier(picture: bytes) -> str:
    carrier = carrier_of(picture)
    if carrier is None:
        raise Malformed("neither a PNG nor an SVG picture", reason="carrier.broken")
    return carrier
