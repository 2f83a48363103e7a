"""Rows 54 and 55: timestamps, and what else was added to a seal after it was made.

The honest twin has a signature timestamp, validation data and an archive timestamp.
No seal covers what was added later, so a fault there never makes the seal a forgery:
what it proves is lost, and told; the seal itself is judged as without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from attacks.case import Case, File
from attacks.workshop import (
    AT,
    MADE,
    SIGNED_AT,
    attacker,
    below,
    header_of,
    school,
    sealed,
)
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64, b64u, unb64u
from edc_issuer.formats.etsiu import timestamp_value, write_element
from edc_issuer.formats.jades import (
    JADES,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
    with_elements,
)
from edc_issuer.keys.testpki import Authority, self_signed
from edc_issuer.keys.testtsa import (
    TIME_STAMPING,
    TokenPlan,
    over,
    purpose,
    timestamp_token,
    tsa_plan,
)
from edc_issuer.trust import Anchor, Trust
from tsa import tokens

_MINUTE = timedelta(minutes=1)
_PASS = "time.signed pass"
_WARN = "time.signed warn"
_DAMAGED = f"{_WARN} timestamp-damaged"
_BROKEN = f"{_WARN} broken"


@cache
def tsa(**changes: Any) -> Authority:
    """A timestamp authority under the school's root, with its plan changed."""
    plan = replace(tsa_plan(MADE), **changes)
    return below(school().pki.root, plan, number=7_054, serial=7_054 + len(changes))


@cache
def forger() -> Authority:
    """Somebody's own timestamp authority, in the good one's name."""
    return self_signed(tsa_plan(MADE), attacker().key, serial=7_054)


@cache
def trust() -> Trust:
    """The school's trust, and the same root for timestamps."""
    anchor = Anchor(school().pki.root.certificate, False, "root.pem", test=True)
    return replace(school().trust, timestamp_anchors=(anchor,))


def token(data: bytes, *, by: Authority | None = None, **changes: Any) -> bytes:
    """A timestamp of `data`, good unless a change is named."""
    made = by or tsa()
    good = TokenPlan(
        imprint=b"",
        gen_time=SIGNED_AT + _MINUTE,
        certificates=(made.certificate, school().pki.root.certificate),
    )
    if "imprint" in changes:
        return timestamp_token(made, replace(good, **changes))
    return timestamp_token(made, over(data, replace(good, **changes)))


Stamp = Callable[[bytes], bytes]


def stamped(
    *,
    signature: Stamp = token,
    archive: Stamp | None = token,
    between: Sequence[str] | None = None,
) -> bytes:
    """The school's EDC with its timestamps, each made by a function of its own."""
    data = with_signature_timestamp(sealed(), signature)
    data = with_elements(data, 0, values() if between is None else between)
    return data if archive is None else archived(data, archive)


def with_signature_timestamp(data: bytes, signature: Stamp = token) -> bytes:
    """The same file with a signature timestamp."""
    envelope = JADES.open(data, documents=BUNDLED)
    made = signature(imprint_input_sigtst(envelope.proofs[0]))
    return with_elements(data, 0, [write_element("sigTst", timestamp_value(made))])


def archived(data: bytes, archive: Stamp = token) -> bytes:
    """The same file with an archive timestamp over all that is there."""
    envelope = JADES.open(data, documents=BUNDLED)
    (proof,) = envelope.proofs
    index = len(seal_of(proof).etsiu.elements)
    made = archive(imprint_input_arctst(envelope, proof, index))
    return with_elements(data, 0, [write_element("arcTst", timestamp_value(made))])


def values() -> list[str]:
    """The certificate of the seal's authority and the lists of both."""
    pki = school().pki
    certificates = (pki.seal_ca.certificate, pki.root.certificate)
    found = [
        {"x509Cert": {"val": b64(c.public_bytes(Encoding.DER))}} for c in certificates
    ]
    lists = [{"val": b64(crl.public_bytes(Encoding.DER))} for crl in pki.crls]
    return [write_element("xVals", found), write_element("rVals", {"crlVals": lists})]


def honest() -> bytes:
    return stamped()


def _case(
    name: str, changed: str, attack: File, expected: str, *, row: int = 54
) -> Case:
    return Case(row, name, changed, honest, attack, expected, passes=True, trust=trust)


_case_55 = partial(_case, row=55)


def _both(**changes: Any) -> File:
    """Both timestamps made with the same change."""
    made = partial(token, **changes)
    return partial(stamped, signature=made, archive=made)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _purpose(*oids: str, critical: bool = True) -> File:
    extra = purpose(*oids, critical=critical) if oids else ()
    return lambda: _both(by=tsa(extra=extra))()


def _from(other: File) -> Stamp:
    """The timestamp that stands first in another file, whatever is to be stamped."""
    envelope = JADES.open(other(), documents=BUNDLED)
    (container,) = seal_of(envelope.proofs[0]).etsiu.elements[:1]
    (made,) = tokens(container.value)
    return lambda data: made


def _another_seal() -> bytes:
    """The school sealed the same credential again, and had that seal stamped."""
    header = header_of(iat=int(SIGNED_AT.timestamp()) + 1)
    return with_signature_timestamp(sealed(header))


ROW_54 = (
    _case(
        "imprint-of-other-data",
        "the signature timestamp is of other bytes",
        partial(stamped, signature=partial(token, imprint=_digest("Други печат"))),
        _DAMAGED,
    ),
    _case(
        "of-another-seal",
        "the signature timestamp of another seal of the school",
        lambda: stamped(signature=_from(_another_seal)),
        _DAMAGED,
    ),
    _case(
        "archive-in-place-of-signature",
        "the archive timestamp stands where the signature timestamp belongs",
        lambda: stamped(signature=_archive_token_first),
        _DAMAGED,
    ),
    _case(
        "all-of-other-data",
        "both timestamps are of other bytes",
        _both(imprint=_digest("чужие байты")),
        _BROKEN,
    ),
    _case(
        "purpose-missing",
        "the authority's certificate has no extended key usage",
        _purpose(),
        _BROKEN,
    ),
    _case(
        "purpose-not-critical",
        "its extended key usage is not critical",
        _purpose(TIME_STAMPING, critical=False),
        _BROKEN,
    ),
    _case(
        "purpose-of-something-else-too",
        "it may sign programs, too",
        _purpose(TIME_STAMPING, "1.3.6.1.5.5.7.3.3"),
        _BROKEN,
    ),
    _case(
        "made-by-the-seal",
        "the school stamped its own seal with its seal certificate",
        lambda: _both(by=_school_as_authority())(),
        _BROKEN,
    ),
    _case(
        "own-authority",
        "an authority of the attacker's, with the good one's name",
        lambda: _both(by=forger())(),
        f"{_WARN} untrusted-tsa",
    ),
    _case(
        "forged-in-its-name",
        "the good authority's certificate, the attacker's key",
        lambda: _both(by=replace(tsa(), key=attacker().key))(),
        _BROKEN,
    ),
    _case(
        "signer-second-of-two",
        "a certificate with the same name and number stands before the right one",
        lambda: _both(certificates=(forger().certificate, tsa().certificate))(),
        _PASS,
    ),
    _case(
        "hash-of-another-certificate",
        "the signed hash names the attacker's certificate",
        lambda: _both(ess_of=forger().certificate)(),
        _BROKEN,
    ),
    _case("ess-v1", "ESSCertID with SHA-1, as RFC 3161 had it", _both(ess=(1,)), _PASS),
    _case("sha1", "SHA-1 imprints", _both(digest="sha1"), _BROKEN),
    _case("two-signers", "signed twice over", _both(signers=2), _BROKEN),
    _case(
        "before-the-seal",
        "stamped three days before the seal says it was made",
        _both(gen_time=SIGNED_AT - timedelta(days=3)),
        f"{_WARN} claimed-later",
    ),
    _case(
        "after-the-certificate",
        "stamped when the authority's certificate had expired",
        lambda: _both(by=tsa(not_after=SIGNED_AT))(),
        _BROKEN,
    ),
    _case(
        "in-the-future",
        "stamped three days from now",
        _both(gen_time=AT + timedelta(days=3)),
        f"{_WARN} later-than-asked",
    ),
    _case(
        "no-token",
        "bytes that are no token",
        partial(stamped, signature=lambda data: b"\x30\x00", archive=None),
        f"{_WARN} unreadable",
    ),
)


def _school_as_authority() -> Authority:
    seal = school().seal
    return Authority(seal.certificate, seal.key)


def _archive_token_first(data: bytes) -> bytes:
    """A token over what an archive timestamp of the bare seal would be over."""
    envelope = JADES.open(sealed(), documents=BUNDLED)
    return token(imprint_input_arctst(envelope, envelope.proofs[0], 0))


def _moved(change: Callable[[list[Any]], object]) -> File:
    """The honest file with its `etsiU` changed after the archive timestamp."""

    def made() -> bytes:
        document = json.loads(honest())
        change(document["signatures"][0]["header"]["etsiU"])
        return json.dumps(document, ensure_ascii=False).encode()

    return made


def _swap(elements: list[Any]) -> None:
    elements[1], elements[2] = elements[2], elements[1]


def _rewrite(elements: list[Any]) -> None:
    """The same values with a space more."""
    text = json.dumps(json.loads(unb64u(elements[1])), indent=1)
    elements[1] = b64u(text.encode())


def _clear(elements: list[Any]) -> None:
    elements[1] = json.loads(unb64u(elements[1]))


def _empty_first(elements: list[Any]) -> None:
    elements.insert(0, write_element("xVals", []))


def _unknown_last(elements: list[Any]) -> None:
    elements.append(write_element("šumnik", {"ћ": "ž"}))


def _many(elements: list[Any]) -> None:
    elements.extend([write_element("xVals", [])] * 10_000)


def _strangers() -> list[str]:
    """Validation data with a certificate that belongs to nobody in this file."""
    der = forger().certificate.public_bytes(Encoding.DER)
    one = write_element("xVals", [{"x509Cert": {"val": b64(der)}}] * 5)
    return [one, *values()]


ROW_55 = (
    _case_55("swapped", "two elements change places", _moved(_swap), _DAMAGED),
    _case_55("rewritten", "an element is written anew", _moved(_rewrite), _DAMAGED),
    _case_55("inserted", "an element is put before", _moved(_empty_first), _DAMAGED),
    _case_55(
        "cleared",
        "an element stands as an object",
        _moved(_clear),
        f"{_WARN} not-checkable",
    ),
    _case_55("appended", "an unknown element at the end", _moved(_unknown_last), _PASS),
    _case_55(
        "unknown-between",
        "an unknown element under the archive timestamp",
        lambda: stamped(between=[*values(), write_element("šumnik", {"ћ": 1})]),
        _PASS,
    ),
    _case_55(
        "strangers",
        "certificates that belong to nobody",
        lambda: stamped(between=_strangers()),
        _PASS,
    ),
    _case_55(
        "ten-thousand",
        "10,000 elements, of which none is read",
        _moved(_many),
        f"{_WARN} not-checkable",
    ),
)
CASES = (*ROW_54, *ROW_55)
