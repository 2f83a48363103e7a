"""Who holds the key: a `Signer`, wherever the key really is.

What opens a key is loaded when it is asked for: verifying needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edc_issuer.keys.identity import DidIdentity, Identity, Signer, X509Identity

if TYPE_CHECKING:
    from edc_issuer.keys.local import LocalSigner, open_signer

__all__ = [
    "DidIdentity",
    "Identity",
    "LocalSigner",
    "Signer",
    "X509Identity",
    "open_signer",
]


def __getattr__(name: str) -> Any:
    if name in ("LocalSigner", "open_signer"):
        from edc_issuer.keys import local

        return getattr(local, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
