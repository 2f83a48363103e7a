"""What a qualified certificate says about itself (ETSI EN 319 412-5).

The statements sit in one extension, `QCStatements` (RFC 3739 section 3.2.6). They
are the authority's words; whether the authority may say so stands elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from edc_issuer.cms import der
from edc_issuer.cms.certificate import extension
from edc_issuer.cms.der import DerError, Element

QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_RETENTION = "0.4.0.1862.1.3"
QC_SSCD = "0.4.0.1862.1.4"
QC_PDS = "0.4.0.1862.1.5"
QC_TYPE = "0.4.0.1862.1.6"
QC_TYPE_ESIGN = "0.4.0.1862.1.6.1"
QC_TYPE_ESEAL = "0.4.0.1862.1.6.2"
QC_TYPE_WEB = "0.4.0.1862.1.6.3"
QC_LEGISLATION = "0.4.0.1862.1.7"
QC_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2"
SEMANTICS_LEGAL = "0.4.0.194121.1.2"  # EN 319 412-1 clause 5.1.4
MAX_DISCLOSURES = 30  # one a language; the Union has 24


@dataclass(frozen=True, slots=True)
class QcStatements:
    """The statements read here; others (limits of value) are passed over.

    `types` are the object identifiers of QcType, `legislation` two-letter country
    codes (empty: the law of the European Union), `semantics` says what the
    subject's identifier means. `retention_years` is how long the authority keeps
    its records after the end, `disclosures` addresses of its disclosure statement
    with their language.
    """

    compliance: bool = False
    sscd: bool = False
    types: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    semantics: str | None = None
    retention_years: int | None = None
    disclosures: tuple[tuple[str, str], ...] = ()


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
        retention_years=_retention(said.get(QC_RETENTION)),
        disclosures=_disclosures(said.get(QC_PDS)),
    )


def _retention(information: Element | None) -> int | None:
    # What only informs must not cost a certificate its other statements.
    try:
        return information.integer() if information else None
    except DerError:
        return None


def _disclosures(information: Element | None) -> tuple[tuple[str, str], ...]:
    try:
        places = information.children(der.SEQUENCE) if information else ()
        return tuple(map(_disclosure, places[:MAX_DISCLOSURES]))
    except DerError:
        return ()


def _disclosure(element: Element) -> tuple[str, str]:
    fields = element.fields()
    return fields.take().text(), fields.take().text()


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
    if statements.retention_years is not None:
        years = der.integer(statements.retention_years)
        parts.append(der.sequence(der.oid(QC_RETENTION), years))
    if statements.disclosures:
        places = (
            der.sequence(
                der.encode(der.IA5_STRING, url.encode("ascii")),
                der.encode(der.PRINTABLE_STRING, language.encode("ascii")),
            )
            for url, language in statements.disclosures
        )
        parts.append(der.sequence(der.oid(QC_PDS), der.sequence(*places)))
    if statements.semantics:
        information = der.sequence(der.oid(statements.semantics))
        parts.append(der.sequence(der.oid(QC_SYNTAX_V2), information))
    return der.sequence(*parts)
