"""What kind of file is this? Answered from its first bytes and outermost members.

A kind that is known and not read yet is called by its name, so that nobody takes
an honest file for a forged one; all else is not a credential.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from edc_issuer import strict_json
from edc_issuer.carriers import carrier_of, unbake
from edc_issuer.documents import Documents
from edc_issuer.errors import Malformed, Unsupported
from edc_issuer.formats import jws
from edc_issuer.formats.base import Envelope, Format
from edc_issuer.formats.jades import JADES
from edc_issuer.formats.jwt import JWT
from edc_issuer.formats.plain import PLAIN

# How a sealed file begins, and how the Commission's viewer knows it. Reading it
# whole just to know its kind would double the time that verifying takes.
_SEALED = re.compile(rb'\s*\{\s*"payload"\s*:\s*"')

# First bytes, and what to tell: the file is not read, its content may be.
_CARRIERS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture inside another; what is in it is not read"),
    (b"%PDF-", "a PDF; credentials attached to it are not read yet"),
)
_PACKED = (
    (b"PK\x03\x04", "a ZIP archive; unpack it and hand over the file inside"),
    (b"\x1f\x8b", "a gzip file; unpack it and hand over the file inside"),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{", b"\xef\xbb\xbf")
_OB2 = "https://w3id.org/openbadges/v2"


def open_any(data: bytes, *, documents: Documents) -> tuple[Format, Envelope]:
    """Open a file of any format, as far as can be told without any key.

    Of a picture the credential inside is opened.
    Beside what `recognise` and the format's `open` raise, an enveloped text that
    begins as JSON and breaks its rules is `Malformed`, whoever signed it.
    """
    if carrier_of(data) is not None:
        data = unbake(data).data
    securing = recognise(data)
    envelope = securing.open(data, documents=documents)
    if securing in (JADES, JWT):
        securing.covered(envelope, envelope.proofs[0])
    return securing, envelope


def recognise(data: bytes) -> Format:
    """The format of a file, from its first bytes and outermost members.

    Raises `Malformed` for what is no known kind of file (`format.unrecognized`),
    is not honest JSON (`json.*`) or is too large (`limits.size`); `Unsupported`,
    with the kind's name, for what is known and not read.
    """
    _refuse_other_kinds(data)
    if _SEALED.match(data):
        return JADES
    if jws.is_json(data):
        return _format_of(strict_json.loads_object(data))
    for compact in (JADES, JWT):
        if compact.recognises(data):
            return compact
    raise Malformed("not a file of a kind known here", reason="format.unrecognized")


def _refuse_other_kinds(data: bytes) -> None:
    """Refuse by size and first bytes what is not text of a known kind.

    Raises `Malformed` (`limits.size`, `json.encoding`, `format.unrecognized`) or
    `Unsupported` with the kind's name.
    """
    if len(data) > strict_json.MAX_BYTES:
        raise Malformed(
            f"more than the {strict_json.MAX_BYTES} bytes that are read",
            reason="limits.size",
        )
    for begin, name in _CARRIERS:
        if data.startswith(begin):
            raise Unsupported(name)
    for begin, name in _PACKED:
        if data.startswith(begin):
            raise Malformed(name, reason="format.unrecognized")
    if data.startswith(_WIDE):
        raise Malformed(
            "JSON is UTF-8 without a byte order mark (RFC 8259, 8.1)",
            reason="json.encoding",
        )
    start = data.lstrip(jws.WHITE)
    if start.startswith(b"<"):
        raise _xml(start)


def _xml(start: bytes) -> Exception:
    head = start[:4096].lower()
    if b"<svg" in head:
        return Unsupported("an SVG picture inside another; what is in it is not read")
    if b"europass" in head or b"credential" in head:
        return Unsupported("an XML credential of Europass (ELM 2) is not read")
    return Unsupported("an XML file; credentials in XML are not read")


def _format_of(members: Mapping[str, Any]) -> Format:
    """The format of a JSON object, by its outermost members."""
    if "ciphertext" in members:
        raise Unsupported("an encrypted JWE; it is not decrypted here")
    if "signatures" in members or ("payload" in members and "signature" in members):
        return JADES
    if _is_ob2(members):
        raise Unsupported("an Open Badge 2.0 is verified here, and nothing else")
    if "@context" in members:
        return _embedded() if "proof" in members else PLAIN
    if isinstance(members.get("credential"), dict):
        raise Malformed(
            "an upload wrapper, not a credential: the credential is what stands in "
            "its member credential",
            reason="empty.dataset",
        )
    if "payload" in members or "protected" in members:
        return JADES  # whose reader says what is missing
    raise Malformed("JSON, and not a credential", reason="format.unrecognized")


def _embedded() -> Format:
    # Here, because canonicalization takes long to import and seals do without it.
    from edc_issuer.formats.data_integrity import DATA_INTEGRITY

    return DATA_INTEGRITY


def _is_ob2(members: Mapping[str, Any]) -> bool:
    context = members.get("@context")
    return context == _OB2 or (isinstance(context, list) and _OB2 in context)
