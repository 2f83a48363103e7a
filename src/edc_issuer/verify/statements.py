"""Statements of mandators among what was handed over as evidence.

A revocation list or an OCSP answer is DER or PEM; a sealed file is JSON. Whether a
sealed file counts as a statement is decided by its own verdict (`mandates`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edc_issuer.errors import InputError
from edc_issuer.formats import recognise
from edc_issuer.verify.mandates import Statement
from edc_issuer.verify.run import Run

MAX_STATEMENTS = 20  # each is verified as a whole before the file is


def is_sealed(data: bytes) -> bool:
    """Whether a piece of evidence is a sealed file, and no revocation data."""
    if not data[:64].lstrip().startswith(b"{"):
        return False
    try:
        return recognise(data).id == "jades"
    except InputError:
        return False


def judged(run: Run, sealed: Sequence[bytes]) -> tuple[Statement, ...]:
    """What each says by its own verdict, under the same trust at the same time.

    One statement never rests on another: nobody passes a mandate on.
    """
    # That the file existed by then was said of the file, not of what came with it.
    bare = replace(run, existed_by=None)
    return tuple(Statement.of(bare.file(item)) for item in sealed[:MAX_STATEMENTS])
