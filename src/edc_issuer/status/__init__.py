"""Whether a credential still stands: status lists, read and published.

An issuer gives each credential a position in a long list of bits and publishes the
whole list, so that nobody who looks one up says whose. `bits` packs and unpacks a
list, `entries` reads what a credential says of its positions, `lists` what a list
says of itself; `book` hands positions out and keeps what was revoked.

Importing this package loads nothing; each name does so when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edc_issuer.status.bits import BadStatusList, StatusList
    from edc_issuer.status.book import StatusBook
    from edc_issuer.status.publishing import Published, credential_status, publish

_HOMES = {
    "BadStatusList": "bits",
    "Published": "publishing",
    "StatusBook": "book",
    "StatusList": "bits",
    "credential_status": "publishing",
    "publish": "publishing",
}
__all__ = [
    "BadStatusList",
    "Published",
    "StatusBook",
    "StatusList",
    "credential_status",
    "publish",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
