"""Alignments read back: `targetType` tells what Open Badges has no property for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edc_issuer.models.reading import Branch

_OURS = "ext:"


@dataclass(frozen=True, slots=True)
class Said:
    """One alignment; `url` is None where it was made for this badge only."""

    kind: str
    name: str
    url: str | None
    framework: str
    code: str | None
    description: str | None


class Alignments:
    """The alignments of one achievement in their order, those of our own kinds.

    Of other makers' alignments nothing is read: to be aligned with something is not
    to have it as outcome, level or credit.
    """

    def __init__(self, achievement: Branch) -> None:
        self.base = achievement.id
        self.items = [
            found
            for node in achievement.branches("alignment")
            if (found := self._said(node)) is not None
        ]

    def of(self, *kinds: str) -> list[Said]:
        """The alignments of some kinds."""
        return [item for item in self.items if item.kind in kinds]

    def codes(self, kind: str) -> Iterator[str]:
        """Their codes, where they have one."""
        return (item.code for item in self.of(kind) if item.code)

    def code(self, kind: str, among: Iterable[str] | None = None) -> str | None:
        """The first code of a kind, if it is one of `among`."""
        known = None if among is None else {*among}
        codes = (code for code in self.codes(kind) if known is None or code in known)
        return next(codes, None)

    def _said(self, node: Branch) -> Said | None:
        kind = node.data.get("targetType")
        if not isinstance(kind, str) or not kind.startswith(_OURS):
            return None
        node.take("targetType")
        url = node.text("targetUrl")
        made = self.base is not None and (url or "").startswith(f"{self.base}#")
        return Said(
            kind=kind.removeprefix(_OURS),
            name=node.text("targetName") or "",
            url=None if made else url,
            framework=node.text("targetFramework") or "",
            code=node.text("targetCode"),
            description=node.text("targetDescription"),
        )
