"""`edc-issuer serve`: the library behind an HTTP address."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import language_from, say
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError
from edc_issuer.messages import Messages

if TYPE_CHECKING:
    from edc_issuer.web import ServerConfig

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: any.")] = 8080,
    config: Annotated[
        Path | None,
        typer.Option(help="TOML file of issuers and settings (see docs/server.md)."),
    ] = None,
    trust: Annotated[
        Path | None, typer.Option(help="Folder that says whom the server trusts.")
    ] = None,
    allow_test: Annotated[
        bool,
        typer.Option(
            "--allow-test", help="Answer 200 also where only test keys vouch for it."
        ),
    ] = False,
    host: Annotated[
        str, typer.Option(help="Address to listen at; only this machine by default.")
    ] = LOOPBACK[0],
    proof_only: Annotated[
        bool,
        typer.Option(
            "--proof-only",
            help="Answer 200 for every intact credential, whoever signed it. For "
            "conformance tests.",
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Issue and verify over HTTP, as the VC-API of the W3C CCG has it."""
    from edc_issuer.web import ServerConfig

    messages = Messages(language_from(lang))
    settings = ServerConfig.load(config) if config else ServerConfig()
    if trust is not None:
        named = replace(settings.verify, trust=str(trust.absolute()))
        settings = replace(settings, verify=named)
    if allow_test:
        named = replace(settings.verify, allow_test=True)
        settings = replace(settings, verify=named)
    if proof_only:
        settings = replace(settings, proof_only=True)
    if settings.proof_only:
        say(messages.text("serve.proof_only"))
    if not settings.verify.trust:
        say(messages.text("serve.no_trust"))
    _run(settings, host, port, messages)


def _run(settings: ServerConfig, host: str, port: int, messages: Messages) -> None:
    try:
        import uvicorn
        from starlette.applications import Starlette  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            "the server needs two more packages: pip install 'edc-issuer[web]'"
        ) from error
    from edc_issuer.web.app import LOOPBACK as LOCAL_NAMES
    from edc_issuer.web.app import Door, create_app
    from edc_issuer.web.desks import opened

    is_local = host in LOOPBACK
    if not is_local:
        say(messages.text("serve.not_local", host=host))
        if settings.desks and settings.token() is None:
            raise ConfigError(
                "without a token everyone who reaches this server could sign in your "
                "name: set token_env in the settings, or listen at 127.0.0.1"
            )
    door = Door(
        max_body=settings.max_body,
        token=settings.token(),
        hosts=LOCAL_NAMES if is_local else None,
    )
    with opened(settings) as (service, desks), closing(_bound(host, port)) as bound:
        for desk in desks:
            say(messages.text("serve.issuer", name=desk.name, did=desk.did))
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(service, desks, door),
                host=host,
                port=port,
                access_log=False,  # who asked about which credential is nobody's affair
                log_level="warning",
                server_header=False,
                timeout_keep_alive=10,
                h11_max_incomplete_event_size=16 * 1024,
            )
        )
        say(messages.text("serve.listening", address=_address(host, bound)))
        server.run(sockets=[bound])


def _bound(host: str, port: int) -> socket.socket:
    """A socket at that port, before anybody is told that the server listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigError(
            f"the server cannot listen at {host}, port {port}: {error.strerror}; "
            "name another with --port, or --port 0 for any that is free"
        ) from error


def _address(host: str, bound: socket.socket) -> str:
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{bound.getsockname()[1]}"
