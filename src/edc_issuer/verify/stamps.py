"""The timestamps of a seal, and since when each thing in it is known to have existed.

Newest first, because a timestamp whose authority has expired counts only if a later
one shows that it existed before (EN 319 102-1 clause 5.6). For each token:
1. it is of these bytes and signed by a timestamp authority (`timestamp.verify_token`);
2. the authority's path leads to a timestamp anchor and holds at the time asked for,
   with nothing withdrawn: valid now;
3. else: it held when the token is known to have existed, and the control time that
   slides down the path (5.6.2.2) is not before that: valid by a later timestamp;
4. then everything that the token covers existed at its time.
Whatever is wrong with a token is told; it never breaks the seal, since no seal
covers what was added to it later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from cryptography import x509
from cryptography.x509 import ocsp

from edc_issuer.cms.certificate import load
from edc_issuer.cms.der import DerError
from edc_issuer.cms.tokens import Token, read_token
from edc_issuer.errors import InputError, TokenInvalid
from edc_issuer.formats.base import Envelope, Proof
from edc_issuer.formats.etsiu import EtsiU, Stamped, tokens_in
from edc_issuer.formats.jades import (
    imprint_input_adotst,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
)
from edc_issuer.formats.jades_headers import certificates
from edc_issuer.timestamp import verify_token
from edc_issuer.trust import Anchor, Trust
from edc_issuer.trust.algorithms import digest_end, end_of
from edc_issuer.trust.anchors import list_age
from edc_issuer.trust.dossier import Dossier
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult, build_path
from edc_issuer.trust.revocation import path_revocations, worst
from edc_issuer.verify.existence import (
    Existence,
    control_time,
    ends_of,
    holds_at,
    start_of,
)

SKEW = timedelta(minutes=5)
COARSE = timedelta(minutes=1)  # a finer accuracy is no matter for certificates
MAX_INSIDE = 64  # certificates, lists and answers each, of all tokens of a seal
MAX_CONTENT_STAMPS = 8  # one is usual


@dataclass(frozen=True, slots=True)
class Stamp:
    """One timestamp as it was judged.

    `reason` is empty where it proves its time; else why it does not: `unreadable`,
    `not-checkable`, `broken` (with `detail`), `later-than-asked`, `untrusted-tsa`,
    `tsa-expired`, `tsa-unchecked`, `tsa-withdrawn`, `algorithm-ended`. `until` is the
    day from which it no longer proves anything unless it is renewed before.
    """

    name: str
    index: int | None
    time: datetime | None = None
    authority: x509.Certificate | None = None
    anchor: str | None = None
    reason: str = ""
    detail: str = ""
    until: datetime | None = None
    token: Token | None = field(default=None, repr=False)
    is_test: bool = False

    @property
    def proves(self) -> bool:
        return not self.reason

    @property
    def is_damaged(self) -> bool:
        """Whether it does not fit the file, so that something of it was changed."""
        return self.reason in ("unreadable", "broken")


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the timestamps of one seal prove together.

    `proved_at` is the earliest proved time at which the seal existed, None where
    nothing proves one; `said_by_user` where only the user's word does. `dossier` is
    what may settle withdrawals.
    """

    existence: Existence
    stamps: tuple[Stamp, ...] = ()
    proved_at: datetime | None = None
    said_by_user: bool = False
    dossier: Dossier = field(default_factory=lambda: Dossier.of(Evidence()))

    @property
    def pool(self) -> tuple[x509.Certificate, ...]:
        """Certificates of which nothing is believed, for building paths."""
        return self.dossier.pool

    @property
    def best(self) -> Stamp | None:
        """The timestamp that proves the earliest time of the seal."""
        found = [s for s in self.stamps if s.proves and s.name != "adoTst"]
        return next((s for s in found if s.time == self.proved_at), None)

    def holds_now(self, at: datetime) -> bool:
        """Whether `best` proves its time without any later timestamp."""
        best = self.best
        return best is not None and (best.until is None or at < best.until)

    @property
    def is_test(self) -> bool:
        """Whether the time rests on an authority that is trusted for tests only."""
        return any(stamp.is_test for stamp in self.stamps if stamp.proves)

    @property
    def newest(self) -> Stamp | None:
        """The timestamp that keeps all others believable: the last that proves."""
        good = [s for s in self.stamps if s.proves and s.index is not None]
        return good[-1] if good else None


def timeline_of(
    envelope: Envelope,
    proof: Proof,
    trust: Trust,
    *,
    at: datetime,
    handed: Evidence | None = None,
    existed_by: datetime | None = None,
) -> Timeline:
    """Judge every timestamp of one seal at `at`; nothing in the file is believed.

    `handed` is evidence besides the file's own and the operator's, `existed_by` the
    user's word that the file existed then.
    """
    etsiu = seal_of(proof).etsiu
    opened = [_opened(stamped) for stamped in _stamped(proof, etsiu)]
    inside = _bounded(_inside(one.token) for one in opened if one.token)
    own = Evidence(crls=trust.crls)
    evidence = Evidence.merged((own, handed or Evidence(), _within(etsiu), inside))
    # A file may leave out the authority whose list says what was withdrawn.
    anchors = (*trust.timestamp_anchors, *trust.seal_anchors)
    known = [anchor.certificate for anchor in anchors]
    pool = tuple(dict.fromkeys((*proof.hint.chain, *evidence.certificates, *known)))
    dossier = Dossier.of(evidence, pool)
    court = _Court(trust, at, dossier, Existence(at))
    judged: dict[int, Stamp] = {}
    for place, one in sorted(enumerate(opened), key=_newest_first):
        judged[place] = stamp = court.judge(one, envelope, proof)
        if stamp.proves and stamp.time is not None:
            _prove(court.existence, stamp, stamp.time, etsiu, proof, opened)
    stamps = tuple(judged[place] for place in range(len(opened)))
    proved = [s.time for s in stamps if s.proves and s.time and s.name != "adoTst"]
    words = list(_possible(existed_by, proof))
    return Timeline(
        stamps=stamps,
        proved_at=min([*proved, *words], default=None),
        said_by_user=bool(words) and all(words[0] < time for time in proved),
        existence=court.existence,
        dossier=dossier,
    )


def _possible(existed_by: datetime | None, proof: Proof) -> Iterator[datetime]:
    """The user's word, unless no such file can have existed then: a slip of the pen."""
    certificate = proof.hint.certificate
    if existed_by is None or certificate is None:
        return
    if certificate.not_valid_before_utc <= existed_by:
        yield existed_by


@dataclass(frozen=True, slots=True)
class _Opened:
    stamped: Stamped
    token: Token | None


def _stamped(proof: Proof, etsiu: EtsiU) -> Iterator[Stamped]:
    container = seal_of(proof).signature.header.get("adoTst")
    if container is not None:
        yield from islice(tokens_in(container, "adoTst", None), MAX_CONTENT_STAMPS)
    yield from etsiu.tokens()


def _opened(stamped: Stamped) -> _Opened:
    if stamped.data is None:
        return _Opened(stamped, None)
    try:
        return _Opened(stamped, read_token(stamped.data))
    except DerError:
        return _Opened(stamped, None)


def _newest_first(row: tuple[int, _Opened]) -> tuple[int, int]:
    """Archive timestamps from the last to the first, then the others."""
    stamped = row[1].stamped
    rank = {"arcTst": 0, "sigTst": 1, "adoTst": 2}[stamped.name]
    return rank, -(stamped.index or 0)


def _imprint_input(envelope: Envelope, proof: Proof, stamped: Stamped) -> bytes:
    if stamped.name == "adoTst":
        return imprint_input_adotst(envelope)
    if stamped.name == "sigTst" or stamped.index is None:
        return imprint_input_sigtst(proof)
    return imprint_input_arctst(envelope, proof, stamped.index)


@dataclass(frozen=True, slots=True)
class _Court:
    """What timestamps are judged by; `existence` grows with each that holds."""

    trust: Trust
    at: datetime
    dossier: Dossier
    existence: Existence

    @property
    def pool(self) -> tuple[x509.Certificate, ...]:
        return self.dossier.pool

    def judge(self, opened: _Opened, envelope: Envelope, proof: Proof) -> Stamp:
        stamped, token = opened.stamped, opened.token
        blank = Stamp(stamped.name, stamped.index, token=token)
        if token is None:
            return replace(blank, reason="unreadable")
        blank = replace(blank, time=latest(token))
        try:
            data = _imprint_input(envelope, proof, stamped)
            authority = verify_token(token, data, pool=self.pool)
        except TokenInvalid as error:
            is_unknown = error.reason == "tst.certificate-missing"
            reason = "untrusted-tsa" if is_unknown else "broken"
            return replace(blank, reason=reason, detail=f"{error.reason}: {error}")
        except InputError as error:  # its elements stand clear
            return replace(blank, reason="not-checkable", detail=str(error))
        stamp = replace(blank, authority=authority)
        if token.gen_time > self.at + SKEW:
            return replace(stamp, reason="later-than-asked")
        return self._trusted(stamp, token, authority)

    def _trusted(
        self, stamp: Stamp, token: Token, authority: x509.Certificate
    ) -> Stamp:
        """Whether the authority is believed for a token that verifies."""
        path = build_path(
            authority,
            pool=self.pool,
            anchors=self._anchors(token, authority),
            at=token.gen_time,
        )
        if path.anchor is None or not path.is_good:
            return replace(stamp, reason="untrusted-tsa", detail=path.detail)
        stamp = replace(
            stamp,
            anchor=path.anchor.source,
            until=min([*ends_of(path), *_token_ends(token, authority)]),
            is_test=path.anchor.test,
        )
        return replace(stamp, reason=self._doubt(path, token, authority))

    def _anchors(self, token: Token, authority: x509.Certificate) -> list[Anchor]:
        """The operator's, and the QTST services that were granted at genTime."""
        found = self.trust.timestamp_anchors_for(
            (authority, *token.certificates, *self.pool), gen_time=token.gen_time
        )
        return [anchor for anchor in found if list_age(anchor, self.at) != "too-old"]

    def _doubt(
        self, path: PathResult, token: Token, authority: x509.Certificate
    ) -> str:
        """Why the token proves nothing (any more); empty where it does."""
        # As DSS does, no question about responders that have ended since: nothing can
        # prove the answers about the newest timestamp older, and such certificates
        # often last a few weeks.
        decisive = worst(
            path_revocations(
                path,
                self.dossier,
                at=self.at,
                proved_at=token.gen_time,
            )
        )
        if decisive.status != "good":
            return "tsa-withdrawn" if decisive.revoked_at else "tsa-unchecked"
        seen = self.existence.of(token.encoded)
        if not holds_at(path, seen):
            return "tsa-expired"
        if any(seen >= end for end in _token_ends(token, authority)):
            return "algorithm-ended"
        control = control_time(path, self.dossier, self.existence)
        return "" if control is not None and seen <= control else "tsa-withdrawn"


def latest(token: Token) -> datetime:
    """When the bytes existed at the latest: a coarse clock may have been late."""
    accuracy = token.accuracy or timedelta()
    try:
        return token.gen_time + (accuracy if accuracy > COARSE else timedelta())
    except OverflowError:
        return token.gen_time  # the last year that is counted; later than any `at`


def _token_ends(token: Token, authority: x509.Certificate) -> list[datetime]:
    """The first moments at which a hash or the signature is no longer enough."""
    key: Any = authority.public_key()
    ends = [digest_end(name) for name in token.digests]
    ends += [end_of(signer.algorithm.name, key) for signer in token.signers]
    return [start_of(end) for end in ends if end is not None]


def _prove(
    existence: Existence,
    stamp: Stamp,
    at: datetime,
    etsiu: EtsiU,
    proof: Proof,
    opened: Sequence[_Opened],
) -> None:
    """What a timestamp covers existed at its time."""
    if stamp.name == "adoTst" or stamp.index is None:
        return  # the payload alone, of which nothing else is asked
    # The seal names its certificate, so that both are as old as the signature.
    for certificate in filter(None, (proof.hint.certificate, *_sealed_chain(proof))):
        existence.prove_certificate(certificate, at)
    if stamp.name != "arcTst":
        return
    for stored in etsiu.stored():
        if stored.index < stamp.index:
            existence.prove(stored.data, at)
    for one in opened:
        if one.stamped.data is not None and (one.stamped.index or 0) < stamp.index:
            existence.prove(one.stamped.data, at)
            for certificate in one.token.certificates if one.token else ():
                existence.prove_certificate(certificate, at)


def _sealed_chain(proof: Proof) -> tuple[x509.Certificate, ...]:
    """The certificates that stand in the protected header."""
    return certificates(seal_of(proof).signature.header)


def _within(etsiu: EtsiU) -> Evidence:
    """What the file brings along; each counts by its own signature and age."""
    return _read((stored.kind, stored.data) for stored in etsiu.stored())


def _inside(token: Token) -> Evidence:
    """What an authority put into its token."""
    crls = (("crl", data) for data in token.crls)
    answers = (("ocsp", data) for data in token.ocsps)
    found = _read((*crls, *answers))
    return found + Evidence(certificates=token.certificates)


def _bounded(found: Iterable[Evidence]) -> Evidence:
    """What all tokens bring together; real ones bring three certificates each."""
    whole = Evidence.merged(found)
    return Evidence(
        whole.crls[:MAX_INSIDE],
        whole.ocsp[:MAX_INSIDE],
        whole.certificates[:MAX_INSIDE],
    )


def _read(items: Iterable[tuple[str, bytes]]) -> Evidence:
    found: dict[str, list[Any]] = {"certificate": [], "crl": [], "ocsp": []}
    readers: Mapping[str, Any] = {
        "certificate": load,
        "crl": x509.load_der_x509_crl,
        "ocsp": ocsp.load_der_ocsp_response,
    }
    for kind, data in items:
        try:
            found[kind].append(readers[kind](data))
        except (ValueError, x509.InvalidVersion):
            continue
    return Evidence(
        tuple(found["crl"]), tuple(found["ocsp"]), tuple(found["certificate"])
    )
