"""Name constraints: the names an authority may vouch for (RFC 5280, 4.2.1.10).

Subjects, their other names of the kinds DNS, e-mail and directory name are judged;
a constraint of another kind on a name of that kind is reported as not judged,
because letting it through would be a guess.
"""

from __future__ import annotations

from cryptography import x509

from edc_issuer.cms import der
from edc_issuer.cms.certificate import subject_der
from edc_issuer.cms.readers import (
    DIRECTORY_NAME,
    NameConstraints,
    alternative_names,
)

_EMAIL = 0x81
_DNS = 0x82
_JUDGED = (DIRECTORY_NAME, _EMAIL, _DNS)
_EMAIL_ADDRESS = "1.2.840.113549.1.9.1"


def violates(certificate: x509.Certificate, constraints: NameConstraints) -> str | None:
    """The first name outside the constraints, in words; None if all are inside."""
    for tag, value in _names(certificate):
        permitted = [base for kind, base in constraints.permitted if kind == tag]
        excluded = [base for kind, base in constraints.excluded if kind == tag]
        if (permitted or excluded) and tag not in _JUDGED:
            return "a name of a kind whose constraints are not judged"
        if any(_within(tag, value, base) for base in excluded):
            return "a name that its authority may not use"
        if permitted and not any(_within(tag, value, base) for base in permitted):
            return "a name outside those that its authority may use"
    return None


def _names(certificate: x509.Certificate) -> list[tuple[int, bytes]]:
    subject = subject_der(certificate)
    names = [*alternative_names(certificate)]
    if der.parse(subject).content:
        names.append((DIRECTORY_NAME, subject))
    if not any(tag == _EMAIL for tag, _ in names):
        # Old certificates keep the address in the subject, and it counts as well.
        from_subject = _attributes(subject, _EMAIL_ADDRESS)
        names += [(_EMAIL, address.encode()) for address in from_subject]
    return names


def _attributes(name: bytes, oid: str) -> list[str]:
    pairs = [pair for rdn in _rdns(name) for pair in rdn]
    return [value for kind, value in pairs if kind == oid]


def _within(tag: int, value: bytes, base: bytes) -> bool:
    if tag == DIRECTORY_NAME:
        wanted = _rdns(base)
        return _rdns(value)[: len(wanted)] == wanted
    text, limit = value.decode("latin-1").lower(), base.decode("latin-1").lower()
    if tag == _DNS:
        return not limit or text == limit or text.endswith(f".{limit.lstrip('.')}")
    host = text.rpartition("@")[2]
    if "@" in limit:
        return text == limit
    return host.endswith(limit) if limit.startswith(".") else host == limit


def _rdns(name: bytes) -> list[frozenset[tuple[str, str]]]:
    """The parts of a name, compared without case and runs of spaces (section 7.1)."""
    return [
        frozenset(map(_pair, rdn.children(der.SET)))
        for rdn in der.parse(name).children(der.SEQUENCE)
    ]


def _pair(attribute: der.Element) -> tuple[str, str]:
    fields = attribute.fields()
    oid, value = fields.take().oid(), fields.take()
    try:
        text = " ".join(value.text().casefold().split())
    except der.DerError:
        text = value.encoded.hex()
    return oid, text
