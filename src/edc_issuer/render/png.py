"""Pictures as bytes: typst's pages made small, and a school's own checked.

PNG (W3C, third edition) filters each byte against the same channel of its
neighbours. So one channel of an RGBA picture, taken out of the filtered bytes, is a
filtered grey picture: no pixel has to be computed to drop the other three.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
MAX_PICTURE_BYTES = 500_000  # what the Commission's issuer takes for one picture
_RGBA = (8, 6, 0, 0, 0)  # depth, colour type, compression, filter, interlace
_GREY = (8, 0, 0, 0, 0)


def grey(png: bytes) -> bytes:
    """A page in shades of grey, less than half as large; other pictures as they are.

    Keeps the red channel, so the page should be drawn in black, grey and white.
    """
    chunks = dict(_chunks(png))
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if tuple(form) != _RGBA:
        return png
    rows, step = zlib.decompress(chunks[b"IDAT"]), 4 * width + 1
    kept = b"".join(
        rows[start : start + 1] + rows[start + 1 : start + step : 4]
        for start in range(0, len(rows), step)
    )
    # Letters repeat in no useful way; run lengths are smaller here, and faster.
    packer = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    packed = packer.compress(kept) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, *_GREY)
    body = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return PNG + b"".join(_chunk(name, data) for name, data in body)


def media_type(data: bytes) -> str | None:
    """`image/png` or `image/jpeg` if the bytes begin and end like one, else None."""
    if data.startswith(PNG) and data[12:16] == b"IHDR" and data[-8:-4] == b"IEND":
        return "image/png"
    if data.startswith(JPEG) and data.endswith(b"\xff\xd9"):
        return "image/jpeg"
    return None


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Chunks by name; the parts of the picture data joined to one."""
    position, picture = len(PNG), b""
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        name = png[position + 4 : position + 8]
        data = png[position + 8 : position + 8 + length]
        position += length + 12
        if name == b"IDAT":
            picture += data
        else:
            yield name, data
    yield b"IDAT", picture


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
