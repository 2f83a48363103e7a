"""From a verified list to `TrustedList` (ETSI TS 119 612 v2.1.1 to v2.4.1).

Versions 5 and 6 differ in how lists are signed and not in what is read here. What
says which list it is must be there; a service entry that cannot be read is left out
and counted, so that one odd entry does not cost a country its list.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from edc_issuer.errors import Malformed
from edc_issuer.trust.lists.model import (
    Assertion,
    Criteria,
    Pointer,
    Qualifiers,
    Service,
    State,
    TrustedList,
)
from edc_issuer.trust.lists.xades import TSL, XADES

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSIONS = (5, 6)
MAX_SERVICES = 20_000  # the largest list of 2023 has 600 entries with their history
MAX_CERTIFICATE = 64 * 1024
MAX_NESTING = 10  # of criteria; real ones have two levels
_MORE = "{http://uri.etsi.org/02231/v2/additionaltypes#}"
_QUALIFICATIONS = (
    "{http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#}"
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_OID = "urn:oid:"
_ETSI = "http://uri.etsi.org/TrstSvc/"
_READ = (
    f"{TSL}AdditionalServiceInformation",
    f"{_QUALIFICATIONS}Qualifications",
    # Told, but without consequence for whether a certificate is qualified.
    f"{_MORE}TakenOverBy",
    f"{TSL}ExpiredCertsRevocationInfo",
    f"{TSL}TakenOverBy",
)
_BITS = {"crlsign": "cRLSign"}


def read_list(root: _Element) -> TrustedList:
    """Read the signed root of a list; `Malformed` (`list-malformed`)."""
    scheme = _must(root, f"{TSL}SchemeInformation")
    version = _number(scheme, "TSLVersionIdentifier")
    if version not in VERSIONS:
        raise _malformed(f"version {version}; {VERSIONS} are read")
    issued = _moment(_text(_must(scheme, f"{TSL}ListIssueDateTime")))
    update = scheme.find(f"{TSL}NextUpdate/{TSL}dateTime")
    services, unread = _services(root)
    return TrustedList(
        version=version,
        sequence=_number(scheme, "TSLSequenceNumber"),
        type=_last(_text(_must(scheme, f"{TSL}TSLType")), "TrustedList/TSLType"),
        territory=_own_territory(scheme),
        issued=issued,
        next_update=_moment(_text(update)) if update is not None else None,
        addresses=tuple(
            map(_text, scheme.iterfind(f"{TSL}SchemeInformationURI/{TSL}URI"))
        ),
        pointers=tuple(_pointers(scheme)),
        services=services,
        unread=unread,
    )


def _malformed(detail: str) -> Malformed:
    return Malformed(detail, reason="list-malformed")


def _must(parent: _Element, tag: str) -> _Element:
    found = parent.find(tag)
    if found is None:
        raise _malformed(f"no {tag.partition('}')[2]}")
    return found


def _text(element: _Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _number(scheme: _Element, tag: str) -> int:
    text = _text(_must(scheme, f"{TSL}{tag}"))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _malformed(f"{tag} is no number")
    return int(text)


def _own_territory(scheme: _Element) -> str:
    found = _territory(_text(_must(scheme, f"{TSL}SchemeTerritory")))
    if not found:
        raise _malformed("SchemeTerritory is no country code")
    return found


def _territory(text: str) -> str:
    """Two capitals (clause 5.3.10), which also name a file; else empty."""
    code = text.upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _malformed("a time that cannot be read") from error
    if moment.tzinfo is None:
        raise _malformed("a time without its zone")
    if not 1990 < moment.year < 2200:  # so that days can be added to it
        raise _malformed("a time when there were no lists")
    return moment.astimezone(UTC)


def _last(uri: str, after: str) -> str:
    """What stands behind `Svctype/` and its like; URIs of others as they are."""
    return uri.removeprefix(f"{_ETSI}{after}/")


def _word(uri: str) -> str:
    return _last(uri, "TrustedList/SvcInfoExt")


def _pointers(scheme: _Element) -> Iterator[Pointer]:
    path = f"{TSL}PointersToOtherTSL/{TSL}OtherTSLPointer"
    for pointer in scheme.iterfind(path):
        info = list(
            pointer.iterfind(f"{TSL}AdditionalInformation/{TSL}OtherInformation")
        )
        identities = f"{TSL}ServiceDigitalIdentities/{TSL}ServiceDigitalIdentity"
        yield Pointer(
            url=_text(pointer.find(f"{TSL}TSLLocation")),
            territory=_territory(_among(info, f"{TSL}SchemeTerritory")),
            type=_last(_among(info, f"{TSL}TSLType"), "TrustedList/TSLType"),
            mime_type=_among(info, f"{_MORE}MimeType"),
            signers=tuple(
                certificate
                for identity in pointer.iterfind(identities)
                for certificate in _certificates(identity)
            ),
        )


def _among(infos: list[_Element], tag: str) -> str:
    return next((_text(i.find(tag)) for i in infos if i.find(tag) is not None), "")


def _certificates(identity: _Element) -> Iterator[bytes]:
    for element in identity.iterfind(f"{TSL}DigitalId/{TSL}X509Certificate"):
        try:
            der = base64.b64decode("".join(_text(element).split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _malformed("a certificate that is not base64") from error
        if len(der) > MAX_CERTIFICATE:
            raise _malformed("a certificate of more than 64 kB")
        yield der


def _services(root: _Element) -> tuple[tuple[Service, ...], int]:
    read: list[Service] = []
    unread = 0
    path = f"{TSL}TrustServiceProviderList/{TSL}TrustServiceProvider"
    for provider in root.iterfind(path):
        names = _names(provider.find(f"{TSL}TSPInformation/{TSL}TSPName"))
        for entry in provider.iterfind(f"{TSL}TSPServices/{TSL}TSPService"):
            try:
                read.append(_service(entry, names))
            except Malformed:
                unread += 1
            if len(read) + unread > MAX_SERVICES:
                raise _malformed(f"more than {MAX_SERVICES} services")
    return tuple(read), unread


def _names(element: _Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in element.iterfind(f"{TSL}Name") if element is not None else ():
        found.setdefault(name.get(_LANGUAGE, ""), " ".join(_text(name).split()))
    return found


def _service(entry: _Element, provider: dict[str, str]) -> Service:
    now = _must(entry, f"{TSL}ServiceInformation")
    past = entry.iterfind(f"{TSL}ServiceHistory/{TSL}ServiceHistoryInstance")
    certificates = dict.fromkeys(
        certificate
        for identity in now.iterfind(f"{TSL}ServiceDigitalIdentity")
        for certificate in _certificates(identity)
    )
    states = sorted(map(_state, (now, *past)), key=lambda one: one[0], reverse=True)
    return Service(
        provider=provider,
        names=_names(now.find(f"{TSL}ServiceName")),
        certificates=tuple(certificates),
        states=tuple(_in_turn([state for _, state in states])),
    )


def _in_turn(states: list[State]) -> Iterator[State]:
    """Each state until the next one began."""
    until: datetime | None = None
    for state in states:
        yield replace(state, until=until)
        until = state.since


def _state(element: _Element) -> tuple[datetime, State]:
    since = _moment(_text(_must(element, f"{TSL}StatusStartingTime")))
    kind = _last(_text(_must(element, f"{TSL}ServiceTypeIdentifier")), "Svctype")
    status = _last(
        _text(_must(element, f"{TSL}ServiceStatus")), "TrustedList/Svcstatus"
    )
    additional: set[str] = set()
    qualifiers: list[Qualifiers] = []
    understood = True
    path = f"{TSL}ServiceInformationExtensions/{TSL}Extension"
    for extension in element.iterfind(path):
        critical = extension.get("Critical", "").strip() in ("true", "1")
        for content in extension.iterchildren("*"):
            if content.tag == _READ[0]:
                additional.add(_word(_text(content.find(f"{TSL}URI"))))
            elif content.tag == _READ[1]:
                qualifiers += _qualifiers(content)
            elif critical and content.tag not in _READ:
                understood = False
    state = State(
        kind,
        status,
        since,
        additional=frozenset(additional),
        qualifiers=tuple(qualifiers),
        is_understood=understood,
    )
    return since, state


def _qualifiers(element: _Element) -> Iterator[Qualifiers]:
    for one in element.iterfind(f"{_QUALIFICATIONS}QualificationElement"):
        path = f"{_QUALIFICATIONS}Qualifiers/{_QUALIFICATIONS}Qualifier"
        names = tuple(_word(q.get("uri", "").strip()) for q in one.iterfind(path))
        criteria = _must(one, f"{_QUALIFICATIONS}CriteriaList")
        yield Qualifiers(names, _criteria(criteria))


def _criteria(element: _Element, level: int = 0) -> Criteria:
    if level > MAX_NESTING:
        raise _malformed("criteria within criteria without end")
    stated = element.get("assert", "")
    assertion = next((a for a in get_args(Assertion) if a == stated), None)
    if assertion is None:
        raise _malformed("criteria without what they assert")
    usages: list[dict[str, bool]] = []
    policies: list[tuple[str, ...]] = []
    nested: list[Criteria] = []
    others: list[_Element] = []
    unknown = 0
    for child in element.iterchildren("*"):
        name = str(child.tag).removeprefix(_QUALIFICATIONS)
        if name == "KeyUsage":
            usages.append(_usage(child))
        elif name == "PolicySet":
            policies.append(_identifiers(child))
        elif name == "CriteriaList":
            nested.append(_criteria(child, level + 1))
        elif name == "otherCriteriaList":
            others += child.iterchildren("*")
        elif name != "Description":
            unknown += 1
    purposes = [o for o in others if o.tag == f"{_MORE}ExtendedKeyUsage"]
    attributes = [o for o in others if o.tag == f"{_MORE}CertSubjectDNAttribute"]
    return Criteria(
        assertion,
        tuple(usages),
        tuple(policies),
        tuple(map(_identifiers, purposes)),
        tuple(map(_identifiers, attributes)),
        tuple(nested),
        unknown + len(others) - len(purposes) - len(attributes),
    )


def _usage(element: _Element) -> dict[str, bool]:
    bits: dict[str, bool] = {}
    for bit in element.iterfind(f"{_QUALIFICATIONS}KeyUsageBit"):
        name = bit.get("name", "")
        bits[_BITS.get(name.casefold(), name)] = _text(bit) in ("true", "1")
    return bits


def _identifiers(element: _Element) -> tuple[str, ...]:
    found = tuple(_text(i) for i in element.iter(f"{XADES}Identifier"))
    return tuple(text.removeprefix(_OID).removeprefix("URN:OID:") for text in found)
