"""Pictures made for tests, whole ones and broken ones, and badges to put into them."""

from __future__ import annotations

import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
SVG = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Značka šole Čšž -->\n'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-note="a > b">'
    "\n <title>Еколошки изазов</title><circle r='4'/>\n</svg>\n"
).encode()
DOCTYPE = (
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
)


def chunk(name: bytes, data: bytes = b"") -> bytes:
    """One chunk of a PNG, with the checksum that belongs to it."""
    checksum = zlib.crc32(name + data).to_bytes(4)
    return len(data).to_bytes(4) + name + data + checksum


def header() -> bytes:
    """One grey pixel: width, height, depth, and four zeros for the rest."""
    return chunk(b"IHDR", bytes.fromhex("00000001 00000001 08 00 00 00 00"))


def png(*chunks: bytes) -> bytes:
    """A picture of one pixel, with these chunks in front of it."""
    pixel = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return SIGNATURE + header() + b"".join(chunks) + pixel + chunk(b"IEND")


def text_chunk(data: bytes, keyword: bytes = KEYWORD, *, packed: bool = False) -> bytes:
    """An iTXt chunk; `packed` as the standard of badges does not want it."""
    text = zlib.compress(data) if packed else data
    flag = b"\x01" if packed else b"\0"
    return chunk(b"iTXt", keyword + b"\0" + flag + b"\0\0\0" + text)


def svg(inside: str, *, before: bytes = b"") -> bytes:
    """An SVG with this text as its first content."""
    return (
        before
        + b'<svg xmlns="http://www.w3.org/2000/svg" '
        + b'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        + inside.encode()
        + b"<circle/></svg>"
    )


def held(badge: bytes) -> str:
    """The element that holds a badge, as JSON in CDATA or as a JWT."""
    text = badge.decode()
    if text.startswith("{"):
        return f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
    return f'<openbadges:credential verify="{text}"/>'
