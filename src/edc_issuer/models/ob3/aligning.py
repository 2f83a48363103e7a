"""One alignment, and what everything that makes alignments has at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edc_issuer.models.ob3.organisations import Addresses
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import CredentialRecord

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """The record, the voice of the badge, and the addresses inside of it."""

    record: CredentialRecord
    voice: Voice
    addresses: Addresses
    achievement: str

    def here(self, name: str) -> str:
        return self.addresses.part(self.achievement, name)

    def url(self, url: str | None, name: str) -> str:
        return url if url is not None and is_absolute_uri(url) else self.here(name)


def took_part(record: CredentialRecord) -> bool:
    """Whether the learner took part and no more: no outcomes, no credits."""
    kinds = (record.credential_kind, record.programme.kind)
    return "participation" in (*kinds, record.award.validation_basis)


def alignment(
    name: str,
    url: str,
    framework: str,
    *,
    kind: str,
    code: str | None = None,
    description: str | None = None,
) -> Node:
    """One alignment; absent members are left out."""
    node: Node = {
        "type": ["Alignment"],
        "targetName": name,
        "targetUrl": url,
        "targetFramework": framework,
        "targetType": f"ext:{kind}",
    }
    if code:
        node["targetCode"] = code
    if description:
        node["targetDescription"] = description
    return node
