"""Which addresses may be asked: a file must not make us knock on inner doors.

Addresses stand in files that strangers wrote. The name is looked up once, every
address that it has is judged, and exactly those are connected to, so that a second
look-up cannot lead elsewhere (rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

MAX_URL = 8192  # letters
# Below 1024 only what serves the web (and RFC 3161 section 3.3, 318): a port decides
# which program reads the request. Authorities do use high ports.
_LOW_PORTS = frozenset([80, 318, 443])
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
# What an operator can mean by an inner network: loopback, RFC 1918, 6598, 4193. Never
# link-local addresses, where clouds hand out keys, nor groups, nor "any address".
_INNER = tuple(
    ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("100.64.0.0/10", "::1/128", "fc00::/7"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class Forbidden(Exception):
    """This address is not asked; the message says why."""


class Inner(Forbidden):
    """It lies on this machine or in an inner network, which nobody allowed."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `host` in small letters, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


def target(url: str, *, plain: bool) -> Target:
    """Take an address apart; `plain` allows http besides https. `Forbidden`."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden("an address with letters that no address has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Forbidden("an address that cannot be read") from error
    if parts.scheme not in _PORTS or (parts.scheme == "http" and not plain):
        raise Forbidden("not an https address")
    if "@" in parts.netloc or "\\" in url:
        raise Forbidden("an address with a user name in it")
    port = _PORTS[parts.scheme] if port is None else port
    if port < 1024 and port not in _LOW_PORTS:
        raise Forbidden(f"port {port}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, _host(host), port, path)


def _host(host: str) -> str:
    host = host.removesuffix(".")
    if ":" in host and "%" not in host:
        return str(_address(host))
    labels = host.split(".")
    long = len(host) > 253 or any(len(label) > 63 for label in labels)  # RFC 1035
    if not _HOST.fullmatch(host) or long or "" in labels:
        raise Forbidden("a host name that cannot be")
    # 2130706433, 0x7f.1 and 127.1 are 127.0.0.1 to some programs: a host that ends in
    # a number is an address, and is written as one (WHATWG URL section 3.5).
    if _NUMBER.fullmatch(labels[-1]):
        return str(_address(host))
    return host


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise Forbidden("a number that is not written as an address") from error


def permitted(found: Sequence[str], *, private: bool) -> tuple[str, ...]:
    """The addresses of a host, if every one of them may be connected to.

    `private` allows those of this machine and of inner networks. One forbidden
    address forbids the host: an honest name has none. Raises `Forbidden`, which is
    `Inner` where `private` would allow the address.
    """
    if not found:
        raise Forbidden("a host without an address")
    for text in found:
        address = ip_address(text.partition("%")[0])
        if _is_public(address) or (private and _is_inner(address)):
            continue
        kind = Inner if _is_inner(address) else Forbidden
        raise kind(f"an address that is not public: {address}")
    return tuple(dict.fromkeys(found))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = _embedded(address)
    if inner is not None:
        return _is_public(inner)
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_inner(address: IPv4Address | IPv6Address) -> bool:
    meant = _embedded(address) or address
    return any(meant in network for network in _INNER)


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one that leads to it."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None,))[-1]
