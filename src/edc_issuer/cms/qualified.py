"""What a qualified certificate says about itself (ETSI EN 319 412-5).

The statements sit in one extension, `QCStatements` (RFC 3739 section 3.2.6). They
are the authority's words; whether the authority may say so stands elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from edc_issuer.cms import der
from edc_issuer.cms.certificate import extension
from edc_issuer.cms.der import Element

QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_SSCD = "0.4.0.1862.1.4"
QC_TYPE = "0.4.0.1862.1.6"
QC_TYPE_ESIGN = "0.4.0.1862.1.6.1"
QC_TYPE_ESEAL = "0.4.0.1862.1.6.2"
QC_TYPE_WEB = "0.4.0.1862.1.6.3"
QC_LEGISLATION = "0.4.0.1862.1.7"
QC_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2"
SEMANTICS_LEGAL = "0.4.0.194121.1.2"  # EN 319 412-1 clause 5.1.4


@dataclass(frozen=True, slots=True)
class QcStatements:
    """The statements read here; others (retention, limits, PDS) are passed over.

    `types` are the object identifiers of QcType, `legislation` two-letter country
    codes (empty: the law of the European Union), `semantics` says what the
    subject's identifier means.
    """

    compliance: bool = False
    sscd: bool = False
    types: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    semantics: str | None = None


def qc_statements(certificate: x509.Certificate) -> QcStatements | None:
    """The statements of a certificate, None without the extension; `DerError`."""
    found = extension(certificate, QC_STATEMENTS)
    return None if found is None else read_qc_statements(found.value)


def read_qc_statements(data: bytes) -> QcStatements:
    """Read the extension's value; `DerError` if it cannot be read whole."""
    said: dict[str, Element | None] = {}
    for statement in der.parse(data).children(der.SEQUENCE):
        fields = statement.fields()
        name = fields.take().oid()
        rest = fields.rest()
        said[name] = rest[0] if rest else None
    types, legislation = said.get(QC_TYPE), said.get(QC_LEGISLATION)
    return QcStatements(
        compliance=QC_COMPLIANCE in said,
        sscd=QC_SSCD in said,
        types=tuple(e.oid() for e in types.children(der.SEQUENCE)) if types else (),
        legislation=(
            tuple(e.text() for e in legislation.children(der.SEQUENCE))
            if legislation
            else ()
        ),
        semantics=_semantics(said.get(QC_SYNTAX_V2)),
    )


def _semantics(information: Element | None) -> str | None:
    if information is None:
        return None
    identifier = information.fields().optional(der.OBJECT_IDENTIFIER)
    return identifier.oid() if identifier else None


def write_qc_statements(statements: QcStatements) -> bytes:
    """Write the value of the extension, for certificates of the test PKI."""
    parts: list[bytes] = []
    if statements.compliance:
        parts.append(der.sequence(der.oid(QC_COMPLIANCE)))
    if statements.sscd:
        parts.append(der.sequence(der.oid(QC_SSCD)))
    if statements.types:
        types = der.sequence(*map(der.oid, statements.types))
        parts.append(der.sequence(der.oid(QC_TYPE), types))
    if statements.legislation:
        countries = (
            der.encode(der.PRINTABLE_STRING, country.encode("ascii"))
            for country in statements.legislation
        )
        parts.append(der.sequence(der.oid(QC_LEGISLATION), der.sequence(*countries)))
    if statements.semantics:
        information = der.sequence(der.oid(statements.semantics))
        parts.append(der.sequence(der.oid(QC_SYNTAX_V2), information))
    return der.sequence(*parts)
