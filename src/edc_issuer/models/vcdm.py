"""What every W3C credential must be, whatever it speaks about.

The Verifiable Credentials Data Model exists twice, 1.1 and 2.0; the first context
says which one a file follows, and the rules of the two are never mixed. Nothing
here raises, whatever the credential holds: each fault is a `Problem`.

Codes of `MALFORMED` mean that two programs may read two different credentials;
codes of `FATAL` that the file is no such credential; all others that it breaks a
rule and can still be understood. VCDM 2.0 section 4, VCDM 1.1 section 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from edc_issuer.errors import Problem
from edc_issuer.models.dates import read_span
from edc_issuer.models.issuer import is_elm
from edc_issuer.models.tree import Survey, nodes, pointer, types_of, values
from edc_issuer.models.vcdm_members import (
    V1,
    V2,
    Version,
    faults,
    is_absolute_uri,
    presentation_faults,
)

__all__ = [
    "FATAL",
    "MALFORMED",
    "V1",
    "V2",
    "Version",
    "Window",
    "contexts_of",
    "inspect",
    "inspect_presentation",
    "is_absolute_uri",
    "readings",
    "validity_window",
    "version_of",
]

MALFORMED = frozenset(
    {
        "context.duplicate",
        "context.form",
        "context.missing",
        "context.nested",
        "context.order",
        "version.mixed",
    }
)
FATAL = frozenset({"type.missing"})
_FROM = ("validFrom", "issuanceDate")
_UNTIL = ("validUntil", "expirationDate")
_ADVICE = {
    "date-only": "states a day without a time; it is read as that day anywhere",
    "zone-less": "states a time without a zone; it is read as that time anywhere",
    "leap-second": "names a leap second; it is read as the second after it",
}


def version_of(credential: Mapping[str, Any]) -> Version | None:
    """The version that the first context names; None for any other context."""
    contexts = values(credential.get("@context"))
    if not contexts or not isinstance(contexts[0], str):
        return None
    versions: dict[str, Version] = {V1: "1.1", V2: "2.0"}
    return versions.get(contexts[0])


def contexts_of(credential: Mapping[str, Any]) -> tuple[str, ...]:
    """The contexts that a credential names; what is no text is left out."""
    named = values(credential.get("@context"))
    return tuple(context for context in named if isinstance(context, str))


def inspect(
    credential: Mapping[str, Any], *, survey: Survey | None = None
) -> Iterator[Problem]:
    """Where a credential breaks the rules of its own version of the data model."""
    version = version_of(credential)
    yield from _readings(credential, version, survey or Survey.of(credential))
    yield from faults(credential, version)
    yield from _dates(credential, version)


def inspect_presentation(presentation: Mapping[str, Any]) -> Iterator[Problem]:
    """Where a presentation breaks the rules of its own version of the data model.

    What it holds is left out: each credential inside is inspected by itself.
    """
    version = version_of(presentation)
    empty = Survey.of({})  # a credential inside brings its own contexts
    yield from _readings(presentation, version, empty)
    yield from presentation_faults(presentation, version)


def readings(credential: Mapping[str, Any], *, survey: Survey) -> Iterator[Problem]:
    """What `inspect` finds about contexts and versions, and nothing else.

    These decide what every other word means.
    """
    return _readings(credential, version_of(credential), survey)


def _readings(
    credential: Mapping[str, Any], version: Version | None, survey: Survey
) -> Iterator[Problem]:
    yield from _contexts(credential, version, survey)
    yield from _mixed(credential, version)


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when a credential is valid, both ends included; None: no end.

    `problems` are ends that cannot be read, so that nothing follows from the
    window's being open there; `notes` are values read in the widest sense.
    """

    not_before: datetime | None
    not_after: datetime | None
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def limited(self) -> bool:
        """Whether any end is stated, readable or not."""
        return bool(self.not_before or self.not_after or self.problems)

    def place(self, at: datetime) -> Literal["inside", "before", "after", "unknown"]:
        """Where a moment lies; "unknown" if only an unreadable end could tell."""
        if self.not_after is not None and at > self.not_after:
            return "after"
        if self.not_before is not None and at < self.not_before:
            return "before"
        return "unknown" if self.problems else "inside"


def validity_window(
    view: Mapping[str, Any],
    *,
    also_from: Sequence[datetime] = (),
    also_until: Sequence[datetime] = (),
) -> Window:
    """The narrowest window of all that is signed.

    `validFrom` and `issuanceDate`, `validUntil` and `expirationDate` count in
    either version. The caller adds what stands outside the credential: `nbf`
    (`also_from`), `exp` and a proof's `expires` (`also_until`).
    """
    since, notes, problems = _ends(view, _FROM, latest=False)
    until, more_notes, more_problems = _ends(view, _UNTIL, latest=True)
    since += also_from
    until += also_until
    return Window(
        not_before=max(since, default=None),
        not_after=min(until, default=None),
        notes=tuple(notes + more_notes),
        problems=tuple(problems + more_problems),
    )


def _ends(
    view: Mapping[str, Any], names: tuple[str, ...], *, latest: bool
) -> tuple[list[datetime], list[Problem], list[Problem]]:
    found: list[datetime] = []
    notes: list[Problem] = []
    problems: list[Problem] = []
    for name in (name for name in names if view.get(name) is not None):
        try:
            span = read_span(view[name])
        except (ValueError, TypeError) as error:
            problems.append(_unreadable(name, error))
            continue
        found.append(span.latest if latest else span.earliest)
        if span.form:
            notes.append(Problem(f"/{name}", f"date.{span.form}", _ADVICE[span.form]))
    return found, notes, problems


def _unreadable(name: str, error: Exception) -> Problem:
    # A TypeError would repeat nothing useful: the value is no text at all.
    why = str(error) if isinstance(error, ValueError) else "not a text"
    return Problem(f"/{name}", "date.unreadable", f"cannot be read as a time: {why}")


def _contexts(
    credential: Mapping[str, Any], version: Version | None, survey: Survey
) -> Iterator[Problem]:
    contexts = values(credential.get("@context"))
    if not contexts:
        yield Problem("/@context", "context.missing", "name the contexts of the file")
        return
    if not all(isinstance(context, str) for context in contexts):
        yield Problem("/@context", "context.form", "every context must be a URL")
    known = contexts_of(credential)
    if len(set(known)) != len(known):
        yield Problem("/@context", "context.duplicate", "a context is named twice")
    if version is None:
        misplaced = {V1, V2} & set(known)
        code = "context.order" if misplaced else "version.unknown"
        yield Problem("/@context", code, f"the first context must be {V2} or {V1}")
    # Most files have none, and then nobody needs to know where things stand.
    if any("@context" in node for node in survey.objects[1:]):
        yield from _nested(credential)


def _nested(credential: Mapping[str, Any]) -> Iterator[Problem]:
    repeating = {id(p) for _, node in nodes(credential) for p in _repeating(node)}
    for path, node in nodes(credential):
        harmless = _is_embedded(node) or id(node) in repeating
        if "@context" in node and path and not harmless:
            text = "a context inside the credential changes what its words mean"
            yield Problem(pointer(path, "@context"), "context.nested", text)


def _repeating(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Its proofs that repeat its contexts, as those over the text do."""
    own = values(node.get("@context"))
    for proof in values(node.get("proof")):
        named = values(proof.get("@context")) if isinstance(proof, Mapping) else []
        if named and named == own[: len(named)]:
            yield proof


def _is_embedded(node: Mapping[str, Any]) -> bool:
    """A credential within the credential brings the contexts it was signed with."""
    own = values(node.get("@context"))
    strings = all(isinstance(context, str) for context in own)
    return strings and "VerifiableCredential" in types_of(node)


def _mixed(credential: Mapping[str, Any], version: Version | None) -> Iterator[Problem]:
    if {V1, V2} <= set(contexts_of(credential)):
        text = "names the contexts of both versions of the data model"
        yield Problem("/@context", "version.mixed", text)
    for new, old in zip(_FROM[:1] + _UNTIL[:1], _FROM[1:] + _UNTIL[1:], strict=True):
        if version == "2.0" and old in credential:
            text = f"belongs to version 1.1; version 2.0 says {new}"
            yield Problem(f"/{old}", "version.mixed", text)
        # Version 1.1 reserves the new names, and ELM uses them beside the old ones.
        replaced = new in credential and old not in credential
        if version == "1.1" and replaced and not is_elm(credential):
            text = f"belongs to version 2.0; version 1.1 says {old}"
            yield Problem(f"/{new}", "version.mixed", text)


def _dates(credential: Mapping[str, Any], version: Version | None) -> Iterator[Problem]:
    if version == "1.1" and "issuanceDate" not in credential:
        text = "version 1.1 of the data model requires issuanceDate"
        yield Problem("/issuanceDate", "date.missing", text)
    window = validity_window(credential)
    yield from window.notes
    yield from window.problems
    since, until = window.not_before, window.not_after
    if since is not None and until is not None and until < since:
        yield Problem("", "date.order", "the credential ends before it begins")
