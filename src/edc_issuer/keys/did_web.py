"""did:web: a DID whose document lies on a web server, and the address of that document.

Whoever can put a file on the server controls the keys, so that the DID is worth as
much as the domain. did:web Method Specification, sections "Method-specific
identifier" and "Read (Resolve)".
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from edc_issuer.errors import Malformed

PREFIX: Final = "did:web:"
MAX_DID_WEB: Final = 1_000  # letters; a host has 253, a path is short
# RFC 1035 section 2.3.1 with digits first (RFC 1123 section 2.1); one label in a row.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
# The colon before a port is the only letter that may be coded in the host.
_WITH_PORT = re.compile(r"([^%]*)%3[Aa]([1-9][0-9]{0,4})", re.ASCII)
# DID Core section 3.1, `idchar`; without what is a slash, a dot or a control in code.
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%(?!2[EeFf]|5[Cc]|[01])[0-9A-F]{2})+", re.I)
_NUMBER = re.compile(r"(0[xX][0-9A-Fa-f]*|[0-9]+)", re.ASCII)


def document_url(did: str) -> str:
    """The https address of the document of a did:web.

    `Malformed` (`did.web`) for what is no did:web: an IP address, a user name, a
    step upwards in the path, or an empty part.
    """
    if not did.startswith(PREFIX) or len(did) > MAX_DID_WEB:
        raise _malformed("it is no did:web")
    # 1. Replace ":" with "/" to obtain the domain name and optional path.
    domain, *path = did.removeprefix(PREFIX).split(":")
    # 2. If the domain contains a port, percent decode the colon.
    host, port = _host_and_port(domain)
    if any(not _SEGMENT.fullmatch(part) or part in (".", "..") for part in path):
        raise _malformed("a path that leads nowhere")
    # 3. Prepend https://. 4. Without a path append /.well-known. 5. Append /did.json.
    where = "/".join(path) if path else ".well-known"
    return f"https://{host}{port}/{where}/did.json"


def did_web(url: str) -> str:
    """The did:web of a folder of a website (`https://school.example/badges/`).

    `Malformed` for an address that no did:web stands for.
    """
    parts = urlsplit(url)
    try:
        port = f"%3A{parts.port}" if parts.port else ""
    except ValueError as error:
        raise _malformed("a port that is none") from error
    if parts.scheme != "https" or parts.query or parts.fragment or "@" in parts.netloc:
        raise _malformed("it stands for a plain https address")
    steps = [step for step in parts.path.split("/") if step]
    did = ":".join((f"{PREFIX}{parts.hostname or ''}{port}", *steps))
    document_url(did)
    return did


def _host_and_port(domain: str) -> tuple[str, str]:
    match = _WITH_PORT.fullmatch(domain)
    host, port = (match[1], f":{match[2]}") if match else (domain, "")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise _malformed("a host name that cannot be")
    # "It MUST NOT include IP addresses": 127.0.0.1, and 2130706433 or 0x7f.1, which
    # some programs read as one (WHATWG URL section 3.5: the last label is a number).
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _malformed("an IP address in place of a domain name")
    if port and int(port[1:]) > 65_535:
        raise _malformed("a port that is none")
    return host, port


def _malformed(why: str) -> Malformed:
    return Malformed(f"not the way a did:web is written: {why}", reason="did.web")
