"""Strict DER, and what seals need from it that `cryptography` does not read.

The `kid` of a JAdES seal, the statements of a qualified certificate, and the
extensions of a certificate one at a time, so that one odd extension of a real
certification authority does not make the whole certificate unreadable.
"""

from __future__ import annotations

from edc_issuer.cms.certificate import (
    Extension,
    crl_extensions,
    extension,
    extensions,
    issuer_serial,
    issuer_text,
    matches_issuer_serial,
    name_values,
    subject_der,
    subject_text,
)
from edc_issuer.cms.der import DerError, Element, Fields, parse
from edc_issuer.cms.qualified import (
    QcStatements,
    qc_statements,
    read_qc_statements,
    write_qc_statements,
)

__all__ = [
    "DerError",
    "Element",
    "Extension",
    "Fields",
    "QcStatements",
    "crl_extensions",
    "extension",
    "extensions",
    "issuer_serial",
    "issuer_text",
    "matches_issuer_serial",
    "name_values",
    "parse",
    "qc_statements",
    "read_qc_statements",
    "subject_der",
    "subject_text",
    "write_qc_statements",
]
