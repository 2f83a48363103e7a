"""Servers on loopback that answer as told, byte by byte if need be."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from pki import AT, new_key

HOST = "šola-zgled.example".encode("idna").decode()
Script = Callable[[socket.socket], None]


@dataclass
class Server:
    """A server that was started: its port, and the requests that reached it."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", *, scheme: str = "http", host: str = HOST) -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def answer(
    body: bytes = b"", *, status: str = "200 OK", headers: tuple[str, ...] = ()
) -> bytes:
    """An HTTP answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def moved(location: str, *, status: str = "302 Found") -> bytes:
    return answer(status=status, headers=(f"Location: {location}",))


@contextmanager
def serving(
    *answers: bytes | Script,
    tls: ssl.SSLContext | None = None,
    address: str = "127.0.0.1",
) -> Iterator[Server]:
    """A server that gives the answers in their order, then the last one again.

    A function instead of an answer talks to the connection itself.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.create_server((address, 0), family=family)
    server = Server(listening.getsockname()[1])
    left = list(answers)
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            if done.is_set():
                connection.close()
                return
            try:
                with _secured(connection, tls) as talking:
                    talking.settimeout(5)
                    server.requests.append(_request(talking))
                    said = left.pop(0) if len(left) > 1 else left[0]
                    talking.sendall(said) if isinstance(said, bytes) else said(talking)
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        done.set()
        with socket.socket(family) as knock:
            knock.connect((address, server.port))
        thread.join(10)
        listening.close()


def _secured(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return connection if tls is None else tls.wrap_socket(connection, server_side=True)


def _request(talking: socket.socket) -> bytes:
    """The head and the body of a request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += (part := talking.recv(65536))
        if not part:
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += talking.recv(65536)
    return head + b"\r\n\r\n" + body


def dripping(start: bytes, drop: bytes = b"x") -> Script:
    """Says `start`, and then a drop now and again, for longer than anybody listens."""

    def script(talking: socket.socket) -> None:
        talking.sendall(start)
        quiet = threading.Event()
        for _ in range(250):
            quiet.wait(0.02)
            talking.sendall(drop)

    return script


def silent(talking: socket.socket) -> None:
    """Says nothing until the other side goes away."""
    talking.recv(1)


@dataclass(frozen=True)
class Web:
    """A certificate authority of a web of our own, in a folder."""

    folder: Path
    server: ssl.SSLContext
    client: ssl.SSLContext


def web(folder: Path, *, host: str = HOST) -> Web:
    """A server's certificate for `host`, and a client that trusts its authority."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Splet, preskus")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=9))
        .not_valid_after(AT + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    pem = certificate.public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    client = ssl.create_default_context(cadata=pem.decode())
    return Web(folder, server, client)
