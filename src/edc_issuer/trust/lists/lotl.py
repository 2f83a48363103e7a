"""The EU list of trusted lists, from the Official Journal's certificates to pointers.

The Commission publishes in the Official Journal which certificates may sign the list.
When that set changes, the list itself says so: a *pivot* is an old issue of it that
names the next set, and the newest issue names all pivots since the Journal, the
newest first, and then the Journal. So the way is walked from its end:
 1. the addresses before the first Journal that is known here are the pivots
 2. the oldest pivot is signed by a certificate of the Journal
 3. each further one, and last the list itself, by one that the one before points to
 4. sequence numbers rise on the way, and the Journal was not replaced by then
ETSI TS 119 615 clause 4.1; TS 119 612 annex D.5.

Only `trust update` uses this; nothing here is read while a credential is verified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import takewhile

from cryptography import x509

from edc_issuer.errors import ProofInvalid
from edc_issuer.trust.lists.model import (
    LIST_OF_LISTS,
    NATIONAL,
    Pointer,
    TrustedList,
)
from edc_issuer.trust.lists.reading import read_list
from edc_issuer.trust.lists.xades import parse_list, verify_list

OFFICIAL_URL = "https://ec.europa.eu/tools/lotl/eu-lotl.xml"
MAX_PIVOTS = 30  # the Journal of 2019 had some ten in seven years


@dataclass(frozen=True, slots=True)
class Publication:
    """Certificates that somebody published as signers of a list of lists.

    `addresses` is how lists name it; without any, the list is signed by one of
    `signers` itself, without pivots. From `until` on another publication holds: a
    list issued later must come from that one, so that the key of a card that was
    retired with its publication signs nothing new.
    """

    reference: str
    addresses: tuple[str, ...]
    signers: tuple[x509.Certificate, ...] = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """A list of lists: where it is, and whose word it is."""

    url: str
    publications: tuple[Publication, ...]


@cache
def official() -> Authority:
    """The list of the European Commission, by the Official Journal."""
    eur_lex = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri="
    newest = Publication(
        "OJ C/2026/1944",
        (f"{eur_lex}OJ:C_202601944",),
        _journal("oj-c-2026-1944.pem"),
    )
    # What it signed is history: lists of 2019 to 2026 are read from files.
    before = Publication(
        "OJ C 276, 16.8.2019",
        (f"{eur_lex}uriserv:OJ.C_.2019.276.01.0001.01.ENG",),
        _journal("oj-c-2019-276.pem"),
        until=datetime(2026, 4, 14, tzinfo=UTC),
    )
    return Authority(OFFICIAL_URL, (newest, before))


def _journal(name: str) -> tuple[x509.Certificate, ...]:
    file = resources.files("edc_issuer.trust.lists").joinpath("journal", name)
    return tuple(x509.load_pem_x509_certificates(file.read_bytes()))


def verify_lotl(
    data: bytes,
    publications: Sequence[Publication],
    *,
    pivot: Callable[[str], bytes],
) -> TrustedList:
    """The list of lists, if the way from a publication leads to it.

    `pivot` hands over what lies at a pivot's address. `ProofInvalid` with reason
    `list-publication` where no publication here is named, `list-pivot` where the way
    ends; else as `verify_list`.
    """
    # Nothing is believed of what is peeked at: it says which way to try.
    claimed = read_list(parse_list(data))
    publication = _publication(claimed, publications)
    signers: Sequence[x509.Certificate] = publication.signers
    sequence, found = 0, None
    for address in reversed(_pivots(claimed, publication)):
        step = pivot(address)
        passed = _list_of_lists(step, signers)
        signers, sequence = _next(passed, sequence)
        # On the day of its issue a pivot is the list itself, and names itself.
        found = passed if step == data else None
    found = found or _list_of_lists(data, signers)
    if found.sequence < sequence:
        raise _lost("the list is older than a pivot it names")
    if publication.until is not None and found.issued >= publication.until:
        raise ProofInvalid(
            f"issued after {publication.reference} was replaced",
            reason="list-publication",
        )
    return found


def _publication(
    claimed: TrustedList, publications: Sequence[Publication]
) -> Publication:
    for address in claimed.addresses:
        for publication in publications:
            if address in publication.addresses:
                return publication
    for publication in publications:
        if not publication.addresses:
            return publication
    raise ProofInvalid(
        "the list of lists names no publication of its signers that is known here; "
        "a newer version of this program may know it",
        reason="list-publication",
    )


def _pivots(claimed: TrustedList, publication: Publication) -> tuple[str, ...]:
    if not publication.addresses:
        return ()
    ends = set(publication.addresses)
    pivots = tuple(takewhile(lambda address: address not in ends, claimed.addresses))
    if len(pivots) > MAX_PIVOTS:
        raise _lost(f"more than {MAX_PIVOTS} pivots")
    return pivots


def _list_of_lists(data: bytes, signers: Sequence[x509.Certificate]) -> TrustedList:
    found = read_list(verify_list(data, signers).root)
    if found.type != LIST_OF_LISTS:
        raise _lost("a list of another kind where the list of lists should be")
    return found


def _next(
    passed: TrustedList, sequence: int
) -> tuple[tuple[x509.Certificate, ...], int]:
    """Whom a pivot names for what comes after it."""
    if passed.sequence <= sequence:
        raise _lost("pivots that are not in their order")
    pointers = passed.pointers_to(passed.territory, LIST_OF_LISTS)
    signers = tuple(c for pointer in pointers for c in signers_of(pointer))
    if not signers:
        raise _lost("a pivot that names nobody")
    return signers, passed.sequence


def _lost(detail: str) -> ProofInvalid:
    return ProofInvalid(detail, reason="list-pivot")


def signers_of(pointer: Pointer) -> tuple[x509.Certificate, ...]:
    """The certificates of a pointer; those that cannot be read sign nothing."""
    read: list[x509.Certificate] = []
    for der in pointer.signers:
        try:
            read.append(x509.load_der_x509_certificate(der))
        except ValueError:
            continue
    return tuple(read)


def verify_national(data: bytes, pointers: Sequence[Pointer]) -> TrustedList:
    """The list of one territory, signed by somebody whom the list of lists names."""
    signers = [c for pointer in pointers for c in signers_of(pointer)]
    found = read_list(verify_list(data, signers).root)
    territories = {pointer.territory for pointer in pointers}
    if found.type != NATIONAL or found.territory not in territories:
        raise ProofInvalid("the list of another territory", reason="list-other")
    return found
