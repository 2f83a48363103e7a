"""From the operator's file to open keys: everything that can fail does so at once.

A server that finds out at the first request that its key's password is wrong has
been announced as working.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError
from edc_issuer.fetch import CLOSED, Fetcher, Http
from edc_issuer.issue import PROFILES
from edc_issuer.keys import DidIdentity, open_signer
from edc_issuer.status import StatusBook
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from edc_issuer.web.config import Desk, ServerConfig
from edc_issuer.web.service import OpenDesk, Service

_FILE = "file:"


@contextmanager
def opened(config: ServerConfig) -> Iterator[tuple[Service, tuple[OpenDesk, ...]]]:
    """The service and its desks, whose keys are open inside the block.

    `ConfigError` for a key that cannot be opened or does not fit its profile.
    """
    with ExitStack() as stack:
        desks = tuple(_opened(desk, config, stack) for desk in config.desks)
        yield service_of(config), desks


def service_of(config: ServerConfig) -> Service:
    """What verifies; nobody is trusted unless the file names a folder."""
    trust = (
        Trust.load(config.at(config.verify.trust)) if config.verify.trust else Trust()
    )
    documents = BUNDLED
    if config.contexts:
        documents = BUNDLED.with_directory(config.at(config.contexts))

    def verifier() -> Verifier:
        # A door of its own for each request: it writes down what was asked.
        return Verifier(trust=trust, fetcher=_door(config), documents=documents)

    return Service(
        verifier,
        proof_only=config.proof_only,
        allow_test=config.verify.allow_test,
        documents=documents,
    )


def _door(config: ServerConfig) -> Fetcher:
    asked = config.verify
    if not asked.online:
        return CLOSED
    return Http(allow_hosts=asked.allow or None, private_hosts=asked.allow_private)


def _opened(desk: Desk, config: ServerConfig, stack: ExitStack) -> OpenDesk:
    signer = stack.enter_context(
        open_signer(
            _key(desk, config),
            secret=_secret(desk),
            algorithm=desk.algorithm or None,
        )
    )
    if not isinstance(signer.identity, DidIdentity):
        raise ConfigError(
            f"issuers.{desk.name}: a server signs with the key of a DID, not with a "
            "seal certificate"
        )
    options: dict[str, Any] = {}
    if desk.cryptosuite:
        options["cryptosuite"] = desk.cryptosuite
    if desk.unsafe_endless:
        options["unsafe_endless"] = True
    book = StatusBook.open(_place(desk.status, config)) if desk.status else None
    return OpenDesk(
        name=desk.name,
        path=desk.path,
        signer=signer,
        format=PROFILES[desk.profile].format,
        options=options,
        mandatory=desk.mandatory,
        book=book,
    )


def _key(desk: Desk, config: ServerConfig) -> str:
    """The key's address; a relative file lies beside the settings."""
    if not desk.key.startswith(_FILE):
        return desk.key
    place, hash_, did = desk.key.removeprefix(_FILE).partition("#")
    return f"{_FILE}{config.at(place)}{hash_}{did}"


def _place(address: str, config: ServerConfig) -> str:
    return address if "://" in address else str(config.at(address))


def _secret(desk: Desk) -> Callable[[str], str]:
    def reveal(prompt: str) -> str:
        if not desk.key_secret_env:
            raise ConfigError(
                f"issuers.{desk.name}: the key asks for a password; name the "
                "environment variable that holds it (key_secret_env)"
            )
        try:
            return os.environ[desk.key_secret_env]
        except KeyError:
            raise ConfigError(
                f"the environment variable {desk.key_secret_env} is not set"
            ) from None

    return reveal
