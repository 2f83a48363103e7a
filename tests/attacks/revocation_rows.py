"""Row 53: withdrawn certificates, and answers that are not what they look like.

The file brings the answer about its seal along; the operator has the root's list and
none of the seal's authority. Whatever the answer does not settle stays open, so that
an attacker who spoils it gains nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from attacks.case import Case, File
from attacks.timestamp_rows import trust, with_signature_timestamp
from attacks.workshop import (
    AT,
    MADE,
    SIGNED_AT,
    attacker,
    below,
    school,
    sealed,
)
from edc_issuer.cms import der
from edc_issuer.cms.ocsp import INVALIDITY_DATE
from edc_issuer.encoding import b64
from edc_issuer.formats.etsiu import write_element
from edc_issuer.formats.jades import with_elements
from edc_issuer.keys.testocsp import AnswerPlan, ocsp_answer, responder_plan
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    Withdrawn,
    seal_ca_plan,
    self_signed,
)
from edc_issuer.trust import Trust

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_OPEN = "seal.revocation undecided"
_NO_DATA = f"{_OPEN} no-data"
_STALE = f"{_OPEN} stale"
_OLD = datetime(2010, 1, 1, tzinfo=UTC)


@cache
def responder(**changes: Any) -> Authority:
    """A responder of the seal's authority, with its plan changed."""
    plan = replace(responder_plan(MADE), **changes)
    return below(school().pki.seal_ca, plan, number=7_053, serial=7_053 + len(changes))


@cache
def impostor() -> Authority:
    """Somebody's own authority with the name of the school's."""
    return self_signed(seal_ca_plan(MADE), attacker().key, serial=7_153)


def _impostors_responder() -> Authority:
    plan, key = responder_plan(MADE), attacker().key
    certificate = impostor().issue(plan, key.public_key(), serial=7_154)
    return Authority(certificate, key)


def answer(by: Authority | None = None, **changes: Any) -> bytes:
    """The good answer about the school's seal, of an hour after it, changed."""
    pki = school().pki
    made = SIGNED_AT + HOUR / 2
    plan = AnswerPlan(
        school().seal.certificate, pki.seal_ca.certificate, made, AT + DAY
    )
    return ocsp_answer(by or responder(), replace(plan, **changes))


def listed(*withdrawn: Withdrawn, **changes: Any) -> bytes:
    """The list of the seal's authority, with the seal on it or not, changed."""
    given = {"this_update": SIGNED_AT + HOUR / 2, "next_update": AT + DAY, **changes}
    plan = CrlPlan(withdrawn=withdrawn, **given)
    return school().pki.seal_ca.crl(plan).public_bytes(Encoding.DER)


def file(*, ocsp: tuple[bytes, ...] = (), crls: tuple[bytes, ...] = ()) -> bytes:
    """The school's EDC, stamped, with these answers beside it."""
    certificate = school().pki.seal_ca.certificate
    x_vals = [{"x509Cert": {"val": b64(certificate.public_bytes(Encoding.DER))}}]
    r_vals = {
        name: [{"val": b64(one)} for one in values]
        for name, values in (("crlVals", crls), ("ocspVals", ocsp))
        if values
    }
    elements = [write_element("xVals", x_vals), write_element("rVals", r_vals)]
    return with_elements(with_signature_timestamp(sealed()), 0, elements)


@cache
def roots_trust() -> Trust:
    """Trust in the root and its own list; of the seal's authority it knows nothing."""
    root, _ = school().pki.crls
    return replace(trust(), crls=(root,))


def no_lists() -> Trust:
    """Trust in the root by an operator who has no list at all."""
    return replace(trust(), crls=())


def honest() -> bytes:
    return file(ocsp=(answer(),))


def honest_list() -> bytes:
    return file(crls=(listed(),))


def _case(
    name: str,
    changed: str,
    attack: File,
    expected: str,
    *,
    twin: File = honest,
    passes: bool = False,
) -> Case:
    made = (53, name, changed, twin, attack, expected)
    return Case(*made, passes=passes, trust=roots_trust)


_list_case = partial(_case, twin=honest_list)


def _of(by: Callable[[], Authority] | None = None, **changes: Any) -> File:
    """The file with the answer of another responder, or with a changed one."""
    return lambda: file(ocsp=(answer(by() if by else None, **changes),))


def _on_list(since: datetime | None = None, *, at: datetime) -> File:
    def made() -> bytes:
        serial = school().seal.certificate.serial_number
        return file(crls=(listed(Withdrawn(serial, at, invalid_since=since)),))

    return made


def _invalid_since(moment: datetime) -> tuple[tuple[str, bool, bytes], ...]:
    text = f"{moment:%Y%m%d%H%M%S}Z".encode()
    return ((INVALIDITY_DATE, False, der.encode(der.GENERALIZED_TIME, text)),)


def _impostors_list() -> bytes:
    made = impostor().crl(CrlPlan(SIGNED_AT, AT + DAY))
    return made.public_bytes(Encoding.DER)


def _root_list(*withdrawn: Withdrawn) -> bytes:
    plan = CrlPlan(SIGNED_AT + HOUR / 2, AT + DAY, withdrawn=withdrawn)
    return school().pki.root.crl(plan).public_bytes(Encoding.DER)


def _authority_withdrawn() -> bytes:
    serial = school().pki.seal_ca.certificate.serial_number
    return file(crls=(listed(), _root_list(Withdrawn(serial, SIGNED_AT - DAY))))


_REVOKED: dict[str, Any] = {"status": "revoked", "revoked_at": SIGNED_AT - HOUR}
_LATER: dict[str, Any] = {"status": "revoked", "revoked_at": SIGNED_AT + HOUR / 2}
_PLAIN: dict[str, Any] = {"extra": ()}
_ONLY_AUTHORITIES = (("2.5.29.28", True, b"\x30\x03\x82\x01\xff"),)


ANSWERS = (
    _case(
        "revoked-before",
        "withdrawn an hour before it made the seal",
        _of(**_REVOKED),
        "seal.revocation fail revoked",
    ),
    _case(
        "revoked-after",
        "withdrawn half an hour after: good for what it had sealed by then",
        _of(**_LATER),
        "seal.revocation pass",
        passes=True,
    ),
    _case(
        "revoked-after-broken-before",
        "withdrawn after, but its key is said to have been broken before",
        _of(**_LATER, single=_invalid_since(SIGNED_AT - DAY)),
        f"{_OPEN} compromised-before",
    ),
    _case(
        "good-and-revoked",
        "a good answer stands beside the bad one",
        lambda: file(ocsp=(answer(), answer(**_REVOKED))),
        "seal.revocation fail revoked",
    ),
    _case(
        "no-answer",
        "the answer was taken out",
        file,
        _NO_DATA,
    ),
    _case(
        "other-serial",
        "the answer is about another number",
        _of(serial=4_711),
        _NO_DATA,
    ),
    _case(
        "other-issuer",
        "the answer is about the same number of another authority",
        lambda: file(ocsp=(answer(issuer=impostor().certificate),)),
        _NO_DATA,
    ),
    _case(
        "unauthorized-responder",
        "the responder's certificate is not for answers",
        _of(lambda: responder(extended_key_usage=())),
        _NO_DATA,
    ),
    _case(
        "answered-by-the-seal",
        "the school's seal answers about itself",
        _of(lambda: Authority(school().seal.certificate, school().seal.key)),
        _NO_DATA,
    ),
    _case(
        "responder-of-an-impostor",
        "a responder of an authority with the same name and another key",
        _of(_impostors_responder),
        _NO_DATA,
    ),
    _case(
        "forged-in-its-name",
        "the responder's certificate, the attacker's key",
        _of(lambda: replace(responder(), key=attacker().key)),
        _NO_DATA,
    ),
    _case(
        "responder-expired",
        "the responder's certificate had expired when it answered",
        _of(lambda: responder(not_after=SIGNED_AT)),
        _NO_DATA,
    ),
    _case(
        "responder-unconfirmed",
        "the responder could be withdrawn itself, and nothing says that it was not",
        _of(lambda: responder(**_PLAIN)),
        _NO_DATA,
    ),
    _case(
        "changed",
        "what is signed was changed",
        _of(signature_of=lambda signed: signed[:-1] + b"\0"),
        _NO_DATA,
    ),
    _case("sha1", "signed with SHA-1", _of(signed_with="sha1"), _NO_DATA),
    _case("failed", "tryLater in place of an answer", _of(response_status=3), _NO_DATA),
    _case(
        "unknown",
        "the responder does not know the certificate",
        _of(status="unknown"),
        f"{_OPEN} unknown-to-responder",
    ),
    _case(
        "of-2010",
        "an answer of 2010 that names no end",
        _of(
            lambda: responder(not_before=_OLD - DAY),
            this_update=_OLD,
            next_update=None,
        ),
        _STALE,
    ),
    _case(
        "stale",
        "an answer that held for an hour, two days before the seal",
        _of(this_update=SIGNED_AT - 2 * DAY, next_update=SIGNED_AT - 2 * DAY + HOUR),
        _STALE,
    ),
    _case(
        "seconds-older",
        "an answer three seconds older than the seal, good for a week: fresh",
        _of(
            this_update=SIGNED_AT - timedelta(seconds=3),
            next_update=SIGNED_AT + 7 * DAY,
        ),
        "seal.revocation pass",
        passes=True,
    ),
    _case(
        "critical",
        "a critical extension that nobody knows",
        _of(single=(("1.2.3.4", True, b"\x05\x00"),)),
        f"{_OPEN} other-scope",
    ),
)

LISTS = (
    _list_case(
        "listed-before",
        "on the list since an hour before the seal",
        _on_list(at=SIGNED_AT - HOUR),
        "seal.revocation fail revoked",
    ),
    _list_case(
        "listed-after",
        "on the list since half an hour after the seal",
        _on_list(at=SIGNED_AT + HOUR / 2),
        "seal.revocation pass",
        passes=True,
    ),
    _list_case(
        "listed-after-broken-before",
        "on the list since then, but its key was broken before",
        _on_list(SIGNED_AT - DAY, at=SIGNED_AT + HOUR / 2),
        f"{_OPEN} compromised-before",
    ),
    _list_case(
        "list-expired",
        "a list that ended before the seal",
        lambda: file(
            crls=(
                listed(
                    this_update=SIGNED_AT - 3 * DAY, next_update=SIGNED_AT - 2 * DAY
                ),
            )
        ),
        _STALE,
    ),
    _list_case(
        "list-of-authorities",
        "a list of authorities only",
        lambda: file(crls=(listed(extra=_ONLY_AUTHORITIES),)),
        f"{_OPEN} other-scope",
    ),
    _list_case(
        "list-of-an-impostor",
        "a list of an authority with the same name and another key",
        lambda: file(crls=(_impostors_list(),)),
        _NO_DATA,
    ),
)

AUTHORITIES = (
    Case(
        53,
        "authority-withdrawn",
        "the root's list in the file says that the seal's authority was withdrawn",
        lambda: file(crls=(listed(), _root_list())),
        _authority_withdrawn,
        "seal.revocation fail revoked",
        trust=no_lists,
    ),
    Case(
        53,
        "authority-unsaid",
        "the root's list is left out",
        lambda: file(crls=(listed(), _root_list())),
        lambda: file(crls=(listed(),)),
        _NO_DATA,
        trust=no_lists,
    ),
)

CASES = (*ANSWERS, *LISTS, *AUTHORITIES)
