"""Hostile files, each beside the honest one it was made from. See README.md."""

from __future__ import annotations

from attacks import (
    bytes_rows,
    context_rows,
    credential_rows,
    did_rows,
    graph_rows,
    header_rows,
    identity_rows,
    proof_rows,
    revocation_rows,
    signature_rows,
    signer_rows,
    suite_rows,
    timestamp_rows,
)
from attacks.case import Case

CASES: tuple[Case, ...] = (
    *bytes_rows.CASES,
    *header_rows.CASES,
    *signer_rows.CASES,
    *signature_rows.CASES,
    *context_rows.CASES,
    *credential_rows.CASES,
    *did_rows.CASES,
    *graph_rows.CASES,
    *proof_rows.CASES,
    *suite_rows.CASES,
    *timestamp_rows.CASES,
    *identity_rows.CASES,
    *revocation_rows.CASES,
)
# The others stand in tests of their own; README.md says where.
ROWS = (*range(1, 27), *range(33, 52), 53, 54, 55, 63, 64, 65, 72)
