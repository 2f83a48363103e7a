"""A sealed file becomes the same file that can still be believed later.

Levels of ETSI TS 119 182-1, clause 6.3, each on the one before:
1. T: a timestamp authority confirms that the seal exists (`sigTst`);
2. LT: certificates and answers about withdrawal, collected after that, for every
   certificate below the top of the seal's and the timestamp's path (`xVals`,
   `rVals`, `tstVD`), so that nobody has to ask again;
3. LTA: a timestamp over all of it (`arcTst`), which keeps it believable when those
   who answered have gone; renewed before its own authority ends.
Only ever appended: what stands in `etsiU` is never touched. A seal whose earlier
timestamps do not fit is not built upon. What leaves the machine are digests (to the
timestamp authority) and certificate numbers (to who answers for the certificates).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms.certificate import subject_text
from edc_issuer.cms.der import DerError
from edc_issuer.cms.tokens import Token, read_token
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import ConfigError, InputError, TokenInvalid, Unsupported
from edc_issuer.fetch import Fetcher
from edc_issuer.formats import recognise
from edc_issuer.formats.base import Envelope, Proof
from edc_issuer.formats.etsiu import (
    EtsiU,
    certificate_values,
    revocation_values,
    timestamp_value,
    write_element,
)
from edc_issuer.formats.jades import (
    JADES,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
    with_elements,
)
from edc_issuer.formats.jades_headers import OLD_LAYOUT
from edc_issuer.formats.jws import is_json
from edc_issuer.formats.levels import Level, level_named
from edc_issuer.messages.safe import neutral
from edc_issuer.timestamp import Timestamper, authority_of, verify_token
from edc_issuer.trust import Anchor, Trust
from edc_issuer.trust.collect import (
    RevocationMissing,
    Unsettled,
    collect,
    fetch_issuers,
)
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import MAX_LENGTH, PathResult, issuers_of


def moment_of(at: datetime | None) -> datetime:
    """`at`, or what time it is; `ConfigError` for a time without its zone."""
    if at is not None and at.tzinfo is None:
        raise ConfigError("`at` has no zone")
    return at or datetime.now(UTC)


MAX_LOOK_UPS = 8  # issuers that are fetched for one seal; two are usual
_REMEMBERED = 32  # of each kind, the newest first; a school meets two authorities


@dataclass(slots=True)
class Memory:
    """What authorities said of authorities, so that a class asks for it once.

    An answer is taken again while it is fresh. About the seal's own certificate
    everybody is asked anew, after each timestamp.
    """

    evidence: Evidence = field(default_factory=Evidence)
    issuers: dict[x509.Certificate, tuple[x509.Certificate, ...]] = field(
        default_factory=dict
    )

    def keep(self, found: Evidence) -> Evidence:
        whole = found + self.evidence
        self.evidence = Evidence(
            whole.crls[:_REMEMBERED],
            whole.ocsp[:_REMEMBERED],
            whole.certificates[:_REMEMBERED],
        )
        return found


@dataclass(frozen=True, slots=True)
class Extender:
    """Adds levels to seals: whom it asks, and what is known already.

    `timestamper` and `fetcher` are the doors out. `trust` says where paths may end;
    without it they end at their own top. `layout` "edci-1.x" writes what validators
    of the Commission's older tools read (no `tstVD`).
    """

    timestamper: Timestamper
    fetcher: Fetcher
    trust: Trust = field(default_factory=Trust)
    layout: str | None = None
    documents: Documents = BUNDLED
    memory: Memory = field(default_factory=lambda: Memory(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.layout not in (None, OLD_LAYOUT):
            raise ConfigError(f"seals have no layout {self.layout!r}: {OLD_LAYOUT}")

    def extend(
        self, data: bytes, *, level: Level | str, at: datetime | None = None
    ) -> bytes:
        """The file with every seal at `level` at least; the clock is read here only.

        Raises `NoTimestamp` where no authority answers, `RevocationMissing` where
        nobody says whether a certificate was withdrawn, `InputError` for a file
        that cannot be extended; then nothing was made.
        """
        moment, wanted = moment_of(at), level_named(level)
        for index in range(len(self._open(data).proofs)):
            data = self._extended(data, index, wanted, moment)
        return data

    def renew(self, data: bytes, *, at: datetime | None = None) -> bytes:
        """The file with one more archive timestamp on every seal.

        Raises as `extend`, and `ConfigError` where a seal has no archive timestamp
        yet, or where the last one has ended: a new one would prove nothing of the
        time before.
        """
        moment = moment_of(at)
        for index in range(len(self._open(data).proofs)):
            work = _Work(self, data, index, moment)
            work.check_seal()
            work.check_renewable()
            data = work.with_missing_values().with_archive_timestamp().data
        return data

    def _open(self, data: bytes) -> Envelope:
        if recognise(data) is not JADES:
            raise Unsupported("not a sealed credential; only seals have levels")
        if not is_json(data):
            raise Unsupported("a compact seal has no place for timestamps")
        envelope = JADES.open(data, documents=self.documents)
        if not envelope.proofs:
            raise Unsupported("there is no seal in this file")
        return envelope

    def _extended(
        self, data: bytes, index: int, level: Level, moment: datetime
    ) -> bytes:
        work = _Work(self, data, index, moment)
        work.check_seal()
        work.check_tokens()
        present = Level(work.etsiu.level)
        if level.rank >= Level.T.rank > present.rank:
            work = work.with_signature_timestamp()
        if level.rank >= Level.LT.rank > present.rank:
            work = work.with_values()
        if level.rank >= Level.LTA.rank > present.rank:
            work = work.with_archive_timestamp().with_missing_values()
        return work.data


@dataclass(frozen=True)
class _Work:
    """One seal of a file on its way up; every step gives another."""

    extender: Extender
    data: bytes
    index: int
    at: datetime
    # What was collected so far, so that nobody is asked twice for one file.
    known: Evidence = field(default_factory=Evidence)
    looked_up: list[x509.Certificate] = field(default_factory=list)
    is_new: bool = False  # whether its signature timestamp was made just now

    @cached_property
    def envelope(self) -> Envelope:
        return JADES.open(self.data, documents=self.extender.documents)

    @cached_property
    def proof(self) -> Proof:
        return self.envelope.proofs[self.index]

    @cached_property
    def etsiu(self) -> EtsiU:
        return seal_of(self.proof).etsiu

    # Steps

    def with_signature_timestamp(self) -> _Work:
        token = self._stamp(imprint_input_sigtst(self.proof))
        return replace(
            self._with("sigTst", timestamp_value(token.encoded)), is_new=True
        )

    def with_values(self) -> _Work:
        """Certificates and answers for the seal, then for its timestamps."""
        path = self._path(self._sealer(), self.proof.hint.chain).certificates
        stamped = min(token.gen_time for _, _, token in self._tokens())
        # Withdrawn since it was stamped is no fault of a seal; one that is being made
        # needs a certificate in force, whatever the seconds say.
        proved_at = None if self.is_new else stamped
        found = self._asked(path[:2], proved_at=proved_at)
        found = found + self._remembered(path[1:])
        found = found + Evidence(certificates=path)
        if self.extender.layout == OLD_LAYOUT:
            stamps = [self._collected(path) for path in self._authorities()]
            return self._with_values(Evidence.merged((found, *stamps)))
        return self._with_values(found).with_missing_values()

    def with_missing_values(self) -> _Work:
        """What validates the timestamps and is not there yet (`tstVD`)."""
        paths = self._authorities()
        work = replace(self, known=self._stored() + self.known)
        found = Evidence.merged(work._collected(path) for path in paths)
        fresh = found.without(self._stored())
        if not fresh:
            return work
        if self.extender.layout == OLD_LAYOUT:
            return work._with_values(fresh)
        return replace(work._with("tstVD", _values(fresh)), known=work.known + fresh)

    def with_archive_timestamp(self) -> _Work:
        place = len(self.etsiu.elements)
        token = self._stamp(imprint_input_arctst(self.envelope, self.proof, place))
        return self._with("arcTst", timestamp_value(token.encoded))

    # What may be built upon

    def check_seal(self) -> None:
        """`ProofInvalid` where the seal does not fit: no time makes it any better."""
        key: Any = self._sealer().public_key()
        JADES.verify(self.envelope, self.proof, key)

    def check_tokens(self) -> None:
        """`InputError` unless every timestamp that is there fits the file."""
        notes = {"etsiU-unreadable", "etsiU-too-long", "etsiU-clear", "etsiU-mixed"}
        odd = notes.intersection(self.etsiu.notes)
        if odd:
            raise Unsupported(
                f"this seal cannot be extended ({', '.join(sorted(odd))})"
            )
        for name, index, token in self._tokens():
            data = imprint_input_sigtst(self.proof)
            if name == "arcTst":
                data = imprint_input_arctst(self.envelope, self.proof, index)
            try:
                verify_token(token, data, pool=self._pool())
            except TokenInvalid as error:
                raise InputError(
                    f"a timestamp in this file does not fit it ({error}); nothing is "
                    "built on that",
                    reason=error.reason,
                ) from error

    def check_renewable(self) -> None:
        self.check_tokens()
        archived = [token for name, _, token in self._tokens() if name == "arcTst"]
        if not archived:
            raise ConfigError(
                "this seal has no archive timestamp yet: extend it to level LTA first"
            )
        authority = authority_of(archived[-1], pool=self._pool())
        if authority.not_valid_after_utc < self.at:
            raise ConfigError(
                f"the last archive timestamp could be believed until "
                f"{authority.not_valid_after_utc:%Y-%m-%d}; a new one would prove "
                "nothing of the time before that"
            )

    # Parts

    def _with(self, name: str, value: object) -> _Work:
        element = write_element(name, value)
        return replace(self, data=with_elements(self.data, self.index, [element]))

    def _with_values(self, found: Evidence) -> _Work:
        values = _values(found)
        elements = [write_element(name, values[name]) for name in values]
        data = with_elements(self.data, self.index, elements)
        return replace(self, data=data, known=self.known + found)

    def _stamp(self, data: bytes) -> Token:
        return self.extender.timestamper.stamp(data, at=self.at, pool=self._pool())

    def _sealer(self) -> x509.Certificate:
        certificate = self.proof.hint.certificate
        if certificate is None:
            raise Unsupported("this seal does not say whose certificate made it")
        return certificate

    def _tokens(self) -> Iterable[tuple[str, int, Token]]:
        for stamped in self.etsiu.tokens():
            try:
                token = read_token(stamped.data or b"")
            except DerError as error:
                raise InputError(
                    f"a timestamp in this file is unreadable: {error}"
                ) from error
            yield stamped.name, stamped.index or 0, token

    def _authorities(self) -> list[PathResult]:
        """The path of each timestamp authority, each once."""
        found = {}
        for _, _, token in self._tokens():
            pool = (*token.certificates, *self._pool())
            authority = authority_of(token, pool=pool)
            found[authority] = self._path(authority, pool)
        return list(found.values())

    def _pool(self) -> tuple[x509.Certificate, ...]:
        trust = self.extender.trust
        anchors = (*trust.seal_anchors, *trust.timestamp_anchors)
        known = (anchor.certificate for anchor in anchors)
        return (*self.proof.hint.chain, *self.known.certificates, *known)

    def _path(
        self, certificate: x509.Certificate, pool: Sequence[x509.Certificate]
    ) -> PathResult:
        """Up to an anchor, else to its own top; what is missing is fetched."""
        trust = self.extender.trust
        ends = {a.certificate for a in (*trust.seal_anchors, *trust.timestamp_anchors)}
        chain = [certificate]
        while chain[-1] not in ends and len(chain) < MAX_LENGTH:
            above = self._issuer(chain[-1], pool)
            if above is None or above in chain:
                break
            chain.append(above)
        if len(chain) == 1 and certificate not in ends:
            missing = "the certificate above it is not at hand"
            named = neutral(subject_text(certificate))
            raise RevocationMissing([Unsettled(named, "", missing)])
        top = Anchor(chain[-1], pinned=False, source="")
        return PathResult(tuple(chain), top)

    def _issuer(
        self, certificate: x509.Certificate, pool: Sequence[x509.Certificate]
    ) -> x509.Certificate | None:
        if certificate.subject == certificate.issuer:
            return None
        near = issuers_of(certificate, pool)
        if not near:
            near = issuers_of(certificate, self._fetched(certificate))
        return near[0] if near else None

    def _fetched(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        """What stands above it by its own word; asked once, and of few in one file."""
        known = self.extender.memory.issuers
        if certificate not in known:
            if len(self.looked_up) >= MAX_LOOK_UPS:
                raise Unsupported("too many certificates above which nobody is known")
            self.looked_up.append(certificate)
            known[certificate] = fetch_issuers(certificate, self.extender.fetcher)
        return known[certificate]

    def _collected(self, path: PathResult) -> Evidence:
        """All that validates an authority: its path and what says that it holds."""
        found = self._remembered(path.certificates)
        return found + Evidence(certificates=path.certificates)

    def _remembered(self, chain: Sequence[x509.Certificate]) -> Evidence:
        memory = self.extender.memory
        return memory.keep(self._asked(chain, memory.evidence))

    def _asked(
        self,
        chain: Sequence[x509.Certificate],
        known: Evidence | None = None,
        proved_at: datetime | None = None,
    ) -> Evidence:
        """What says that none of a chain was withdrawn, its last one aside."""
        crls = Evidence(crls=self.extender.trust.crls)
        return collect(
            chain,
            self.extender.fetcher,
            at=self.at,
            proved_at=proved_at,
            known=Evidence.merged((self.known, crls, known or Evidence())),
            pool=self._pool(),
        )

    def _stored(self) -> Evidence:
        """What stands in the file already."""
        parts = []
        for stored in self.etsiu.stored():
            try:
                parts.append(Evidence.read(stored.data))
            except ConfigError:
                continue
        return Evidence.merged(parts)


def _values(found: Evidence) -> dict[str, object]:
    """`xVals` and `rVals` of what was found; the schemas allow neither to be empty."""
    certificates = (c.public_bytes(Encoding.DER) for c in found.certificates)
    crls = (c.public_bytes(Encoding.DER) for c in found.crls)
    answers = (a.public_bytes(Encoding.DER) for a in found.ocsp)
    values: dict[str, object] = {
        "xVals": certificate_values(certificates),
        "rVals": revocation_values(crls, answers),
    }
    return {name: value for name, value in values.items() if value}
