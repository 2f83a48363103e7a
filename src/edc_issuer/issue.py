"""From one record to one file that verifies: the road of issuing.

`Issuer.issue` takes these steps, in this order, and writes nothing of its own:
1. the key may be used, and is the issuer's (or the record carries a mandate);
2. the record was passed, and the model can express it;
3. pictures and attachments are made or read, below the folder the caller named;
4. the model builds the credential, and its own rules are checked on the result
   (2 to 4 are `draft`);
5. the format prepares it, the signer signs, the format attaches the signature;
6. seals get their timestamps and revocation answers (`extend`), level LT by default;
7. the finished bytes are opened and verified again, as a stranger would.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.draft import draft
from edc_issuer.errors import ConfigError, Problem, RecordError
from edc_issuer.extend import Extender, Memory, moment_of
from edc_issuer.fetch import CLOSED, Fetcher
from edc_issuer.formats.base import Format
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.jades import JADES
from edc_issuer.formats.jwt import JWT, VC_JOSE_JWT
from edc_issuer.formats.levels import Level, level_named
from edc_issuer.formats.suites import may_withhold
from edc_issuer.keys import DidIdentity, Identity, Signer, X509Identity
from edc_issuer.keys.checks import names_organisation, usable_for_seal
from edc_issuer.models.base import CredentialStatus, MappingReport, Model, Twin
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord, Organisation
from edc_issuer.secure import secured, verify_own
from edc_issuer.status.publishing import credential_status
from edc_issuer.status.standing import PURPOSES, ForEver
from edc_issuer.timestamp import Timestamper
from edc_issuer.trust.issuers import same_identifier, same_name

if TYPE_CHECKING:
    from edc_issuer.status import StatusBook

NO_LATER_PROOF = (
    "Without a timestamp and revocation answers nobody can confirm this seal later."
)
NAME_AUTHORITY = (
    "Name a timestamp authority (`--tsa URL`) or write it anyway with `--level B`."
)
SEAL_ALONE = Problem("", "seal-alone", NO_LATER_PROOF)
STATUS_IN_EDC = Problem(
    "",
    "status-in-edc",
    "The Commission's viewer may not open a diploma that names a status list; this "
    "program reads it.",
)
TWO_STATUSES = Problem(
    "",
    "two-statuses",
    "Open Badges have room for one status entry, and this one has two; some programs "
    "may find fault with that.",
)
REVOKED_BEFORE = Problem(
    "award.revision",
    "revoked-before",
    "this credential was revoked, and that is for ever; raise `award.revision` to "
    "issue a corrected one",
)
_NAMESPACE = uuid.UUID("7c3b3f0e-6a2d-5d0b-9a52-0b3f1c8e4d61")  # ours, drawn once


class NoAuthority(ConfigError):
    """A level above B was asked for, and nobody to ask for timestamps was named."""

    code = "no-authority"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is said and how it is proved: one row of `PROFILES`."""

    id: str
    model: Model
    format: Format
    identity: type[X509Identity] | type[DidIdentity]
    id_prefix: str


PROFILES: Mapping[str, Profile] = {
    row.id: row
    for row in (
        Profile("edc-jades", ELM, JADES, X509Identity, "urn:credential:"),
        Profile("ob3-jwt", OB3, JWT, DidIdentity, "urn:uuid:"),
        Profile("vc-jwt", OB3, VC_JOSE_JWT, DidIdentity, "urn:uuid:"),
        Profile("ob3-di", OB3, DATA_INTEGRITY, DidIdentity, "urn:uuid:"),
    )
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed credential that has been verified, and the account of its making.

    `data` are the bytes of the file, `notices` what the issuer should read (faults of
    nothing; `messages` has their sentences), `mapping` what the model could not
    express.
    """

    data: bytes = field(repr=False)
    media_type: str
    filename: str
    credential: Mapping[str, Any] = field(repr=False)
    mapping: MappingReport = field(repr=False)
    notices: tuple[Problem, ...] = ()

    @property
    def sha256(self) -> str:
        """Digest of `data` in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Issuer:
    """Issues credentials of one profile with one signer.

    `files` is the folder below which a record's pictures, attachments and mandate
    documents are read; `id_secret` hides record ids inside credential ids.
    `options` go to the format (`{"layout": "edci-1.x"}` for old EDC viewers).

    `level` is of seals alone, LT unless told otherwise: above B the `timestamper`
    confirms when, and the `fetcher` asks who answers for the certificates (without
    one, the timestamper's does).
    `ConfigError` where nobody is named to ask.

    `status` is the book in which each credential gets its position, so that it can be
    revoked; with `suspension` a badge can be suspended as well.
    """

    profile: Profile
    signer: Signer
    level: Level | None = None
    timestamper: Timestamper | None = None
    fetcher: Fetcher = CLOSED
    id_secret: bytes | None = None
    files: Path | None = None
    language: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    documents: Documents = BUNDLED
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)
    status: StatusBook | None = None
    suspension: bool = False

    def __post_init__(self) -> None:
        check_level(
            self.profile, self.level, has_authority=self.timestamper is not None
        )
        check_status(self.profile, self.status, suspension=self.suspension)
        identity = self.signer.identity
        if not isinstance(identity, self.profile.identity):
            raise ConfigError(_wrong_identity(self.profile))

    def issue(
        self,
        record: CredentialRecord,
        *,
        at: datetime | None = None,
        twin: Twin | None = None,
    ) -> Issued:
        """Make, sign and verify one credential; the clock is read here only.

        `twin` is the other credential of the award (`twins.issue_twins`). Raises
        `RecordError` with every fault of the record, `ConfigError` where the key
        cannot be used for it, `SigningError` where the key holder refuses.
        """
        moment = moment_of(at)
        identity = self.signer.identity
        check_key(identity, record, moment)
        built = draft(
            record,
            self.profile.model,
            at=moment,
            credential_id=self.credential_id(record),
            issuer_id=identity.did if isinstance(identity, DidIdentity) else None,
            files=self.files,
            language=self.language,
            twin=twin,
            status=self.status_of(record),
        )
        data = self._secured(built.credential, moment)
        return Issued(
            data=data,
            media_type=self.profile.format.media_type,
            filename=self._filename(record),
            credential=built.credential,
            mapping=built.mapping,
            notices=(
                *_notices(record, self.profile, self.level, moment),
                *self._status_notices(),
                *self._part_notices(built.credential),
            ),
        )

    def status_of(self, record: CredentialRecord) -> CredentialStatus:
        """What `credentialStatus` will be: the positions, reserved from now on.

        None without a book; `RecordError` for a credential that was revoked before.
        """
        if self.status is None:
            return None
        try:
            return credential_status(
                self.status,
                self.credential_id(record),
                securing=self.profile.format.id,
                purposes=PURPOSES if self.suspension else PURPOSES[:1],
                is_edc=self.profile.model is ELM,
            )
        except ForEver as error:
            raise RecordError([REVOKED_BEFORE]) from error

    def _status_notices(self) -> Iterator[Problem]:
        if self.status is not None and self.profile.model is ELM:
            yield STATUS_IN_EDC
        if self.suspension:
            yield TWO_STATUSES

    def _part_notices(self, credential: Mapping[str, Any]) -> Iterator[Problem]:
        if may_withhold(str(self.options.get("cryptosuite"))):
            from edc_issuer.formats.selective.method import notices

            yield from notices(credential)

    def credential_id(self, record: CredentialRecord) -> str:
        """The id of this award: `credential_id` with what this issuer holds."""
        return credential_id(
            record, self.profile, id_secret=self.id_secret, language=self.language
        )

    def _secured(self, credential: Mapping[str, Any], at: datetime) -> bytes:
        securing = self.profile.format
        data = secured(
            credential,
            self.signer,
            securing,
            at=at,
            options=self.options,
            documents=self.documents,
        )
        level = level_of(self.profile, self.level)
        if level is Level.B or self.timestamper is None:
            return data
        extender = Extender(
            self.timestamper,
            self.timestamper.fetcher if self.fetcher is CLOSED else self.fetcher,
            layout=self.options.get("layout"),
            documents=self.documents,
            memory=self.memory,
        )
        data = extender.extend(data, level=level, at=at)
        verify_own(securing, data, self.signer.identity, self.documents)
        return data

    def _filename(self, record: CredentialRecord) -> str:
        hidden = self.id_secret is not None
        stem = self.credential_id(record) if hidden else record.record_id
        safe = re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "credential"
        return f"{safe}.{self.profile.id}{self.profile.format.suffix}"


def credential_id(
    record: CredentialRecord,
    profile: Profile,
    *,
    id_secret: bytes | None = None,
    language: str | None = None,
) -> str:
    """The id of this award in this model: issuing twice gives it again.

    A UUID of the issuer, the record id, the model, the language where the model
    speaks one, and the revision. With `id_secret` it is an HMAC, since record ids
    can be personal numbers that somebody could try out.
    """
    if record.credential_id and profile.model is ELM:
        return record.credential_id
    spoken = language or record.primary_language
    name = json.dumps(
        [
            _issuer_key(record.issuer),
            record.record_id,
            profile.model.id,
            "" if profile.model is ELM else spoken,
            record.award.revision or 1,
        ],
        ensure_ascii=False,
    )
    if id_secret is None:
        return f"{profile.id_prefix}{uuid.uuid5(_NAMESPACE, name)}"
    digest = hmac.digest(id_secret, name.encode(), "sha256")
    return f"{profile.id_prefix}{_uuid8(digest[:16])}"


def level_of(profile: Profile, level: Level | None) -> Level:
    """The level of what is issued: LT for seals unless told otherwise, else B."""
    if profile.format is not JADES:
        return Level.B
    return Level.LT if level is None else level_named(level)


def check_level(profile: Profile, level: Level | None, *, has_authority: bool) -> None:
    """`ConfigError` where this level cannot be reached, `NoAuthority` among them."""
    if level is not None and level != Level.B and profile.format is not JADES:
        raise ConfigError(f"{profile.id} has no levels; they are of sealed credentials")
    if level_of(profile, level) is not Level.B and not has_authority:
        raise NoAuthority(f"{NO_LATER_PROOF} {NAME_AUTHORITY}")


def check_status(profile: Profile, status: object | None, *, suspension: bool) -> None:
    """`ConfigError` where credentials of this profile cannot be suspended."""
    if suspension and status is None:
        raise ConfigError("suspension needs a status book (`--status BOOK`)")
    if suspension and profile.model is ELM:
        raise ConfigError("an EDC can be revoked, and only badges can be suspended")


def _notices(
    record: CredentialRecord, profile: Profile, level: Level | None, at: datetime
) -> Iterator[Problem]:
    if profile.format is JADES and level_of(profile, level) is Level.B:
        yield SEAL_ALONE
    awarded = record.award.date_awarded
    if awarded > (at + timedelta(hours=14)).date():  # nowhere on Earth has it come
        said = f"The day of the award, {awarded.isoformat()}, has not come yet."
        yield Problem("", "award-to-come", said, {"day": awarded})


def _uuid8(data: bytes) -> uuid.UUID:
    """RFC 9562 section 5.8: sixteen bytes of our own, marked as such."""
    number = int.from_bytes(data) & ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=number | 0x8 << 76 | 0x2 << 62)


def _wrong_identity(profile: Profile) -> str:
    if profile.identity is X509Identity:
        return (
            f"{profile.id} is sealed with an X.509 seal certificate; this key has "
            "none. Use the .p12 file of your seal."
        )
    return (
        f"{profile.id} is signed with a key of its own (Ed25519, P-256, P-384 or "
        "RSA in a PEM or JWK file), not with a seal certificate. `edc-issuer key new` "
        "makes one."
    )


def check_key(identity: Identity, record: CredentialRecord, at: datetime) -> None:
    """`ConfigError` where this key may not issue for the record's issuer at `at`."""
    if isinstance(identity, DidIdentity):
        return
    problems = list(usable_for_seal(identity, at))
    if problems:
        raise ConfigError("; ".join(str(problem) for problem in problems))
    named = names_organisation(identity.certificate)
    if record.mandate is None and not _is_organisation(named, record.issuer):
        raise ConfigError(
            f"the seal certificate names {named.name} ({named.identifier}), the "
            f"record's issuer is another organisation. Seal with the issuer's own "
            f"certificate, or give the record a mandate."
        )


def _is_organisation(named: Any, issuer: Organisation) -> bool:
    identifiers = [
        stated.value
        for stated in (issuer.legal_identifier, issuer.registration)
        if stated is not None
    ]
    names = [*issuer.legal_name.values(), *(issuer.alt_name or {}).values()]
    return any(same_identifier(named.identifier or "", i) for i in identifiers) and any(
        same_name(named.name or "", name) for name in names
    )


def _issuer_key(issuer: Organisation) -> str:
    if issuer.legal_identifier is not None:
        return issuer.legal_identifier.value
    return issuer.id or next(iter(issuer.legal_name.values()))
