"""From a status book to what others see: entries in credentials, and signed lists.

One list is published under as many addresses as there are ways to secure it, since a
list should be secured as the credentials are that name it (Bitstring Status List v1.0
section 3.6): `revocation-1.json` with an embedded proof, `revocation-1.jwt` as text,
`revocation-1.sealed.json` under the seal of an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import ConfigError
from edc_issuer.formats.base import Format
from edc_issuer.keys import DidIdentity, Signer
from edc_issuer.keys.checks import names_organisation
from edc_issuer.models.vcdm_members import V2
from edc_issuer.secure import secured
from edc_issuer.status.book import StatusBook
from edc_issuer.status.entries import BITSTRING, NAMESPACE
from edc_issuer.status.standing import REVOCATION, ForEver, Listed, Place

# By format id: what an address ends with.
SUFFIXES: Mapping[str, str] = {
    "data-integrity": ".json",
    "jwt": ".jwt",
    "jades": ".sealed.json",
}
VALIDITY = timedelta(days=31)  # a list that nobody renews ends all its credentials
TTL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Published:
    """A signed list: to be found at `url`, under `name` in the folder it is put in."""

    url: str
    name: str
    media_type: str
    data: bytes = field(repr=False)


def credential_status(
    book: StatusBook,
    credential: str,
    *,
    securing: str,
    purposes: Sequence[str] = (REVOCATION,),
    is_edc: bool = False,
) -> dict[str, Any] | list[dict[str, Any]]:
    """What stands in `credentialStatus`; positions are reserved where there are none.

    `credential` is its id, `securing` the id of its format. One entry is an object,
    as Open Badges have it; several are a list. An EDC holds one (decision 19). Raises
    `ForEver` for a credential that was revoked: it would be born withdrawn.
    """
    if is_edc and tuple(purposes) != (REVOCATION,):
        raise ConfigError("an EDC has room for revocation only; badges are suspended")
    places = book.reserve(credential, purposes=purposes)
    if any(place.is_set and place.purpose == REVOCATION for place in places):
        raise ForEver(f"{credential!a} was revoked, and that is for ever")
    write = _edc_entry if is_edc else _entry
    found = [write(place, book.url, securing) for place in places]
    return found[0] if len(found) == 1 else found


def _edc_entry(place: Place, url: str, securing: str) -> dict[str, Any]:
    """Its words are addresses, for ELM has none for them (decision 19).

    The type `CredentialStatus` is what the shapes of ELM ask for.
    """
    plain = _entry(place, url, securing)
    members = {NAMESPACE + name: plain[name] for name in _NAMED}
    members[f"{NAMESPACE}statusListCredential"] = {"id": plain["statusListCredential"]}
    kinds = ["CredentialStatus", NAMESPACE + BITSTRING]
    return {"id": plain["id"], "type": kinds, **members}


_NAMED = ("statusPurpose", "statusListIndex")


def _entry(place: Place, url: str, securing: str) -> dict[str, Any]:
    address = f"{url}/{place.list_name}{SUFFIXES[securing]}"
    return {
        "id": f"{address}#{place.position}",
        "type": BITSTRING,
        "statusPurpose": place.purpose,
        "statusListIndex": str(place.position),
        "statusListCredential": address,
    }


def publish(
    book: StatusBook,
    signer: Signer,
    *,
    name: str | None = None,
    at: datetime | None = None,
    validity: timedelta = VALIDITY,
    ttl: timedelta = TTL,
    only: str | None = None,
    documents: Documents = BUNDLED,
) -> tuple[Published, ...]:
    """Every list of the book, signed, in each form that this key can make.

    With `only` just the one file of that name, and nothing is signed where there is
    no such list.

    A badge key makes the embedded proof and the JWT, a seal the sealed list; each is
    verified before it is returned. `name` is what the issuer calls itself. The lists
    are valid from `at` for `validity`, and ask to be fetched anew after `ttl`. Raises
    `ConfigError` and `SigningError`.
    """
    if validity < ttl or ttl <= timedelta():
        raise ConfigError("a list is valid for longer than it is kept, and for a while")
    moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    until = moment + validity
    issuer = _issuer(signer, name, book.url)
    return tuple(
        _published(
            _credential(listed, book.url, securing, issuer, moment, until, ttl),
            signer,
            securing,
            moment,
            documents,
        )
        for listed in book.lists()
        for securing in _forms(signer)
        if only in (None, listed.name + SUFFIXES[securing.id])
    )


def _forms(signer: Signer) -> Iterator[Format]:
    # Here, because canonicalization takes long to import and seals do without it.
    if not isinstance(signer.identity, DidIdentity):
        from edc_issuer.formats.jades import JADES

        yield JADES
        return
    from edc_issuer.formats.data_integrity import DATA_INTEGRITY
    from edc_issuer.formats.jwt import VC_JOSE_JWT

    yield DATA_INTEGRITY
    yield VC_JOSE_JWT


def _issuer(signer: Signer, name: str | None, url: str) -> str | dict[str, str]:
    identity = signer.identity
    if isinstance(identity, DidIdentity):
        return {"id": identity.did, "name": name} if name else identity.did
    named = names_organisation(identity.certificate)
    return {"id": url, "name": name or named.name or url}


def _credential(
    listed: Listed,
    url: str,
    securing: Format,
    issuer: str | dict[str, str],
    since: datetime,
    until: datetime,
    ttl: timedelta,
) -> dict[str, Any]:
    """A `BitstringStatusListCredential`, unsigned (section 2.2)."""
    address = f"{url}/{listed.name}{SUFFIXES[securing.id]}"
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _text(since),
        "validUntil": _text(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": listed.purpose,
            "encodedList": listed.bits.encode(),
            "ttl": int(ttl.total_seconds() * 1000),
        },
    }


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _published(
    credential: dict[str, Any],
    signer: Signer,
    securing: Format,
    at: datetime,
    documents: Documents,
) -> Published:
    data = secured(credential, signer, securing, at=at, documents=documents)
    url = str(credential["id"])
    return Published(url, url.rpartition("/")[2], securing.media_type, data)
