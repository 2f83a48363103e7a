"""Credentials in an address: the enveloped credentials of VCDM 2.0.

A secured credential that is one line of text stands in a JSON-LD document as an
object whose id is a `data:` URL with that text. The object itself is signed by
nobody and says nothing; what counts is inside. VCDM 2.0 sections 4.13.1 and 4.13.2.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from edc_issuer import strict_json
from edc_issuer.errors import Malformed, Unsupported
from edc_issuer.formats.base import Envelope

REASON = "enveloped"
CREDENTIAL, PRESENTATION = (
    "EnvelopedVerifiableCredential",
    "EnvelopedVerifiablePresentation",
)
_KINDS = {CREDENTIAL: "credential", PRESENTATION: "presentation"}
_SAYING = frozenset({"credentialSubject", "holder", "issuer", "verifiableCredential"})
# RFC 2397: data:[<media type>][;base64],<content>
_DATA = re.compile(r"data:([A-Za-z0-9.+/-]*)((?:;[A-Za-z0-9=.+_-]+)*),", re.ASCII)
_MEDIA = {
    "application/vc+jwt": "credential",
    "application/vc+ld+jwt": "credential",
    "application/vc-ld+jwt": "credential",
    "application/vp+jwt": "presentation",
    "application/vp+ld+jwt": "presentation",
    "application/vp-ld+jwt": "presentation",
}


def kind_of(members: Any) -> str | None:
    """ "credential" or "presentation" if this object envelops one; else None."""
    if not isinstance(members, Mapping) or "proof" in members:
        return None
    types = members.get("type")
    listed = types if isinstance(types, list) else [types]
    kinds = [
        _KINDS[name] for name in listed if isinstance(name, str) and name in _KINDS
    ]
    return kinds[0] if len(kinds) == 1 else None


def taken_out(data: bytes) -> tuple[bytes, str | None]:
    """The text inside an enveloped credential, and of what kind it must be.

    Any other file comes back as it is, with None. `Malformed` (`enveloped`) for an
    object that breaks the rules of its type, `Unsupported` for enveloping by other
    means than a JWT (SD-JWT, COSE).
    """
    # Most files name neither; parsing them twice would cost more than all the rest.
    if b"Enveloped" not in data or not data.lstrip(b" \t\r\n").startswith(b"{"):
        return data, None
    members = strict_json.loads_object(data)
    kind = kind_of(members)
    if kind is None:
        return data, None
    if "@context" not in members:
        raise Malformed("an enveloped credential without @context", reason=REASON)
    if _says_more(members):
        # Nobody signed it, and others would take it for what the credential says.
        raise Malformed("more than a credential in its envelope", reason=REASON)
    return _content(members.get("id"), kind), kind


def _says_more(members: Mapping[str, Any]) -> bool:
    """Whether the object passes for a credential or presentation of its own."""
    types = members["type"]
    is_one = not isinstance(types, list) or len(types) == 1
    return not is_one or not _SAYING.isdisjoint(members)


def _content(address: object, kind: str) -> bytes:
    found = _DATA.match(address) if isinstance(address, str) else None
    if found is None or not isinstance(address, str):
        raise Malformed(
            "the id of an enveloped credential is no data: URL", reason=REASON
        )
    media, options = found[1].lower(), found[2].lower()
    if media not in _MEDIA:
        raise Unsupported(f"a credential enveloped as {media or 'text'} is not read")
    if _MEDIA[media] != kind:
        raise Malformed(
            "the media type of an enveloped credential is not of its type",
            reason=REASON,
        )
    content = unquote_to_bytes(address[found.end() :])
    if options.endswith(";base64"):
        try:
            return base64.b64decode(content, validate=True)
        except ValueError as error:
            raise Malformed(f"no base64: {error}", reason=REASON) from error
    return content


def check_kind(envelope: Envelope, kind: str | None) -> None:
    """`Malformed` (`enveloped`) if what was inside is of another kind than it said."""
    if kind is None:
        return
    is_presentation = any("presentation" in proof.notes for proof in envelope.proofs)
    if envelope.format != "jwt" or is_presentation != (kind == "presentation"):
        raise Malformed(f"what is enveloped is no {kind}", reason=REASON)
