"""Trusted lists of the European Union: who makes qualified seals and timestamps.

`trust update` verifies them (`update`, `lotl`, `xades`) and keeps what matters here
(`snapshot`); `verify` reads that and asks (`services`, `qualification`). ETSI TS 119
612 (the lists) and TS 119 615 (what follows from them).
"""

from __future__ import annotations
