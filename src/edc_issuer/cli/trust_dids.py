"""`edc-issuer trust add` for documents of keys: from a file, or from their address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from edc_issuer.cli.common import say
from edc_issuer.errors import ConfigError, InputError
from edc_issuer.messages import Messages

if TYPE_CHECKING:
    from edc_issuer.fetch import Fetcher
    from edc_issuer.trust.methods import ResolvedKey


def fetched(address: str, door: Fetcher) -> bytes:
    """The document at a did:web or https address, as it came; `ConfigError`."""
    from edc_issuer.trust.controllers import Controllers
    from edc_issuer.trust.did import keys_at
    from edc_issuer.trust.methods import Unresolved

    if keys_at(address) is None or "#" in address:
        raise typer.BadParameter(
            f"{address}: only a did:web and an https address list keys online"
        )
    texts: list[str] = []
    controllers = Controllers(
        door, datetime.now(UTC), captured=lambda document, text: texts.append(text)
    )
    try:
        controllers.fetch(address)
    except (Unresolved, InputError) as error:
        raise ConfigError(
            f"{address}: {error}; nothing was stored. Try again later, or add the "
            "document as a file that the school gave you"
        ) from error
    return texts[0].encode()


def subject_of(data: bytes) -> str | None:
    """The address that a document of keys is about; None where it is no such thing.

    A page of badges of version 2.0 is one; many of their keys lie at http addresses.
    """
    from edc_issuer import strict_json

    try:
        subject = strict_json.loads_object(data).get("id")
    except InputError:
        return None
    begins = ("did:", "https://", *(("http://",) if _is_badge_page(data) else ()))
    is_address = isinstance(subject, str) and subject.startswith(begins)
    return subject if is_address else None


def _is_badge_page(data: bytes) -> bool:
    from edc_issuer import strict_json
    from edc_issuer.formats.ob2 import is_plain

    return is_plain(strict_json.loads_object(data))


def tell_keys(address: str, data: bytes, messages: Messages) -> None:
    """Say which keys would be believed; `ConfigError` where there are none."""
    if _is_badge_page(data):
        say(f"{messages.text('trust.badge_page')}: {address}")
        say(f"SHA-256: {hashlib.sha256(data).hexdigest()}")
        return
    keys = _keys_of(address, data)
    if not keys:
        raise ConfigError(f"{address}: lists no key for credentials that can be read")
    rows = [(messages.text("trust.keys_of"), address)]
    rows += [row for one in keys for row in _facts(one, messages)]
    width = max(len(word) for word, _ in rows) + 3
    for word, fact in rows:
        say(f"{f'{word}:':<{width}}{fact}")


def store(directory: Path, address: str, data: bytes, *, test: bool) -> Path:
    """Store the document: from then on it is the operator's word."""
    from edc_issuer.trust.additions import add_did

    now = datetime.now(UTC)
    return add_did(directory, data, stored_at=now, test=test, address=address)


def door(allow_private: Sequence[str]) -> Fetcher:
    """The network, for somebody who asked for it."""
    from edc_issuer.fetch import Http

    return Http(private_hosts=allow_private)


def _keys_of(address: str, data: bytes) -> tuple[ResolvedKey, ...]:
    from edc_issuer import strict_json
    from edc_issuer.trust.methods import KeyDocument, keys_in

    digest, now = hashlib.sha256(data).hexdigest(), datetime.now(UTC)
    content = strict_json.loads_object(data)
    return keys_in(KeyDocument(address, content, "stored", now, digest))


def _facts(key: ResolvedKey, messages: Messages) -> Iterator[tuple[str, str]]:
    from edc_issuer.keys.document import fingerprint

    yield messages.text("trust.key"), key.url
    yield "SHA-256", fingerprint(key.public_key)
    if key.revoked is not None:
        yield messages.text("trust.withdrawn"), f"{key.revoked:%Y-%m-%d}"
    if key.expires is not None:
        yield messages.text("trust.valid_until"), f"{key.expires:%Y-%m-%d}"
