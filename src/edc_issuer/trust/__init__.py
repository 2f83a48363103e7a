"""Who is believed: anchors, revocation, DIDs and organisations named by an operator.

Everything here is loaded before verification; nothing is fetched during it.
"""

from __future__ import annotations

from edc_issuer.trust.accreditation import Accreditations
from edc_issuer.trust.anchors import Anchor, Mandate, StoredDid, TrustedIssuer
from edc_issuer.trust.directory import Trust, default_directory

__all__ = [
    "Accreditations",
    "Anchor",
    "Mandate",
    "StoredDid",
    "Trust",
    "TrustedIssuer",
    "default_directory",
]
