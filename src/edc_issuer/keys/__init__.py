"""Who holds the key: a `Signer`, wherever the key really is."""

from __future__ import annotations

from edc_issuer.keys.identity import DidIdentity, Identity, Signer, X509Identity
from edc_issuer.keys.local import LocalSigner, open_signer

__all__ = [
    "DidIdentity",
    "Identity",
    "LocalSigner",
    "Signer",
    "X509Identity",
    "open_signer",
]
