"""What the sentences of a report are filled with, read from its answers.

Where a check gives a value is its own affair; the keys of `Check.evidence` that
people's sentences use are listed here and nowhere else. Anything absent is None and
shown as "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from edc_issuer.messages import Messages
from edc_issuer.messages.safe import neutral
from edc_issuer.report import Check, Report

# Only such a DID is ever offered inside a command: a shell must find nothing in it.
_PLAIN_DID = re.compile(
    r"did:[a-z0-9]+:[A-Za-z0-9._:-]{1,250}|https://[A-Za-z0-9._:/-]{1,250}"
)
_COUNTRY = re.compile(r"[A-Z]{3}([A-Z]{2})-")  # EN 319 412-1 clause 5.1.4
_RELATIVE_NAME = re.compile(r"(?:^|(?<!\\),)(O|CN)=((?:\\.|[^,\\])+)")
_DATES = {
    "time.signed": ("time", "claimed"),
    "proof.algorithm": ("until",),
    "credential.status": ("as_of",),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Who signed and who vouches, as far as the answers say.

    `name` and `identifier` are those of the key (certificate or list), proved or
    not; `claimed` is the issuer that the content names. `subject` is whom the
    certificate was issued to, `authority` by whom, `anchor` what vouches for it (None:
    the operator's own list). `keys_at` is where the keys are that were not asked for,
    or that did not come; `stored_keys` is the address whose stored document lacks the
    key, `stored_on` of which day that document is.
    """

    name: str | None
    identifier: str | None
    subject: str | None
    claimed: str | None
    authority: str | None
    anchor: str | None
    country: str | None
    address: str | None
    list_country: str | None = None
    responder: str | None = None
    is_test_seal: bool = False
    keys_at: str | None = None
    stored_keys: str | None = None
    stored_on: date | None = None

    @property
    def did(self) -> str | None:
        """The signer's DID or web address if it can stand in a command."""
        return _plain(self.identifier)


def facts_of(report: Report) -> Facts:
    """Gather the facts; evidence of any shape is survived."""
    found = {check.id: check.evidence for check in report.checks}
    identified = found.get("issuer.identified", {})
    certificate = found.get("seal.certificate", {})
    trusted = found.get("issuer.trusted", {})
    proved = identified.get("proved")
    proved = proved if isinstance(proved, Mapping) else {}
    stated = identified.get("stated")
    stated = stated if isinstance(stated, Mapping) else {}
    stored = found.get("proof.key", {}).get("stored")
    stored = stored if isinstance(stored, Mapping) else {}
    stored_at = moment_in(stored, "at")
    signer = report.signer
    identifier = _one(proved.get("identifier"), signer and signer.identifier)
    return Facts(
        name=_one(
            proved.get("names"),
            signer and signer.name,
        ),
        identifier=identifier,
        subject=organisation_in(_one(certificate.get("subject"))),
        claimed=_one(stated.get("names")),
        authority=organisation_in(_one(certificate.get("issuer"))),
        anchor=organisation_in(_one(trusted.get("anchor"))),
        country=_country(identifier),
        address=_one(found.get("proof.key", {}).get("address")),
        list_country=_one(certificate.get("issuer_country")),
        responder=_one(certificate.get("answers_at")),
        is_test_seal=certificate.get("for_tests") is True,
        keys_at=_one(
            found.get("proof.key", {}).get("keys_at"), identified.get("keys_at")
        ),
        stored_keys=_plain(stored.get("address")),
        stored_on=stored_at.date() if isinstance(stored_at, datetime) else None,
    )


def _plain(address: Any) -> str | None:
    """An address in which a shell finds nothing; None for any other."""
    plain = _PLAIN_DID.fullmatch(address) if isinstance(address, str) else None
    return plain[0] if plain else None


def organisation_in(name: str | None) -> str | None:
    """`CN=Root,O=Authority,C=SI` → `Root (Authority)`; any other text as it is."""
    if name is None:
        return None
    parts = dict(reversed(_RELATIVE_NAME.findall(name)))
    texts = [re.sub(r"\\(.)", r"\1", parts[k]) for k in ("CN", "O") if k in parts]
    if not texts:
        return name
    return texts[0] if len(texts) == 1 else f"{texts[0]} ({texts[1]})"


def values_for(check: Check, report: Report, messages: Messages) -> dict[str, object]:
    """A value for every placeholder that sentences about a check use."""
    unknown = messages.text("unknown")
    evidence = check.evidence
    return {
        "format": _named("format", report.format, messages),
        "model": _named("model", report.model, messages),
        "anchor": organisation_in(_one(evidence.get("anchor")))
        or messages.text("passed.own_list"),
        "source": _one(evidence.get("source")) or unknown,
        "date": _date(check, report) or unknown,
    }


def _date(check: Check, report: Report) -> datetime | str | None:
    if check.id == "credential.validity":
        return report.as_of or report.verified_at
    for key in _DATES.get(check.id, ()):
        moment = moment_in(check.evidence, key)
        if moment is not None:
            return moment
    return report.verified_at if check.id == "credential.status" else None


def host_of(address: str) -> str | None:
    """The host of an address, as people may read it; None where it has none."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return neutral(host) if host else None


def moment_in(evidence: Mapping[str, Any], key: str) -> datetime | str | None:
    """A moment in the evidence, given as such or as text; other texts as they are."""
    value = evidence.get(key)
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _named(kind: str, value: str | None, messages: Messages) -> str:
    if value is None:
        return messages.text("unknown")
    key = f"{kind}.{value}"
    return messages.text(key) if messages.has(key) else value


def _country(identifier: str | None) -> str | None:
    found = _COUNTRY.match(identifier or "")
    return found[1] if found else None


def _one(*candidates: Any) -> str | None:
    return next(_texts(candidates), None)


def _texts(candidates: Any) -> Iterator[str]:
    for candidate in candidates:
        if isinstance(candidate, str) and candidate:
            yield candidate
        elif isinstance(candidate, list | tuple):
            yield from _texts(candidate[:1])
