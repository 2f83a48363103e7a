"""Alignments with organisations: who decided, who provides, who awards as well."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.issuer import FURTHER_BODY
from edc_issuer.models.ob3.aligning import Bench, Node, alignment
from edc_issuer.models.ob3.organisations import own_id, same
from edc_issuer.record import Accreditation


class OfBodies(Bench):
    """Organisations that a badge names beside its issuer and creator."""

    __slots__ = ()

    def accreditations(self) -> Iterator[Node]:
        found = [*self.record.issuer.accreditations]
        for body in self.record.awarding_bodies:
            found += [item for item in body.accreditations if item not in found]
        for number, item in enumerate(found, start=1):
            yield alignment(
                self.voice.text(item.title) or item.type,
                self.url(item.url, f"accreditation-{number}"),
                "Accreditation",
                kind="QualityAssurance",
                code=item.type,
                description=self._accredited(item),
            )

    def _accredited(self, item: Accreditation) -> str | None:
        by = item.body and self.voice.text(item.body.legal_name)
        on = item.date and item.date.isoformat()
        return "; ".join(text for text in (by, on) if text) or None

    def providers(self) -> Iterator[Node]:
        """Which organisations are formal providers, of those that a badge names."""
        issuer = self.record.issuer
        found = [issuer]
        for body in self.record.awarding_bodies:
            found += [body] if not any(same(body, known) for known in found) else []
        for body in found:
            if body.formal_provider is None:
                continue
            status = "formal" if body.formal_provider else "not_formal"
            yield alignment(
                self.voice.say(f"provider.{status}"),
                self.addresses.issuer if body is issuer else own_id(body),
                "Education providers",
                kind="ProviderStatus",
                code=status,
                description=self.voice.text(body.legal_name),
            )

    def bodies(self) -> Iterator[Node]:
        """Awarding bodies after the first, which is the achievement's creator."""
        for body in self.record.awarding_bodies[1:]:
            if same(body, self.record.awarding_bodies[0]):
                continue
            legal = body.legal_identifier
            own = same(body, self.record.issuer)
            yield alignment(
                self.voice.text(body.legal_name) or "",
                self.addresses.issuer if own else own_id(body),
                "Awarding bodies",
                kind=FURTHER_BODY.removeprefix("ext:"),
                code=legal.value if legal else None,
            )
