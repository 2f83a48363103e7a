"""JSON-LD contexts by exact URL, from files that came with the package.

Never the network: a context decides what the signed bytes mean. Further files
are pinned for one run with `Documents.with_directory`.
"""

from __future__ import annotations


class Documents:  # the canonical.py author completes this
    """Pinned documents by exact URL."""
