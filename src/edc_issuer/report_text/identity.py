"""Who signed for whom, what was compared, and how far the proof of it reaches.

Read from the evidence of `issuer.identified` and from nowhere else; evidence of any
shape is survived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.report import Report
from edc_issuer.report_text.facts import organisation_in

_IDENTIFIED = "issuer.identified"


def is_by_mandate(report: Report) -> bool:
    """Whether somebody else than the issuer sealed it, and that was confirmed."""
    return report.check(_IDENTIFIED).reason == "by-mandate"


def mandate_lines(report: Report, messages: Messages) -> Iterator[str]:
    """Both names, and whose word the mandate is; nothing where none is claimed."""
    mandate = _mapping(_evidence(report).get("mandate"))
    if not mandate:
        return
    sealer = _mapping(mandate.get("sealer"))
    mandator = _mapping(mandate.get("mandator"))
    confirmed_by = mandate.get("confirmed_by")
    name = next(iter(_texts(mandator.get("names"))), None)
    is_number = confirmed_by is not None and mandator.get("names_proved") is not True
    if is_number:
        # A name beside the number of a mandate would look as if it were covered.
        mandator = {"identifier": mandator.get("identifier")}
    unknown = messages.text("unknown")
    yield messages.text(
        "mandate.both",
        sealer=_named(sealer) or unknown,
        mandator=_named(mandator) or unknown,
    )
    if confirmed_by is None:
        yield messages.text(f"mandate.why.{mandate.get('why')}")
        return
    yield messages.text(f"mandate.by.{confirmed_by}")
    if is_number and name:
        yield messages.text("mandate.claimed_name", name=name)


def settling_line(report: Report, messages: Messages) -> Iterator[str]:
    """What would settle it where the numbers are of types that nobody can compare."""
    rows = [row for row in _rows(report) if row.get("what") == "identifier"]
    if report.check(_IDENTIFIED).reason != "identity.mismatch":
        return
    types = ["type" in _texts(row.get("why")) for row in rows if _is_legal(row)]
    if types and all(types):
        yield messages.text("identity.settle")


def _is_legal(row: Mapping[str, Any]) -> bool:
    return not {"kind", "address"}.intersection(_texts(row.get("why")))


def identity_lines(report: Report, messages: Messages) -> Iterator[str]:
    """Every comparison, then the ladder: for whoever asked for all details."""
    rows = _rows(report)
    if rows:
        yield ""
        yield messages.text("identity.head")
        yield from (f"  {_compared(row, messages)}" for row in rows)
    steps = [_mapping(step) for step in _list(_evidence(report).get("ladder"))]
    if steps:
        yield ""
        yield messages.text("ladder.head")
        yield from (f"  {_step(step, messages)}" for step in steps)


def _compared(row: Mapping[str, Any], messages: Messages) -> str:
    why = [messages.text(f"identity.why.{code}") for code in _texts(row.get("why"))]
    return messages.text(
        "identity.equal" if row.get("equal") is True else "identity.unequal",
        proved=str(row.get("proved")),
        stated=str(row.get("stated")),
        why=", ".join(why),
    )


def _step(step: Mapping[str, Any], messages: Messages) -> str:
    unknown = messages.text("unknown")
    by = step.get("by")
    return messages.text(
        f"ladder.{step.get('step')}.{step.get('how')}",
        value=step.get("value") or unknown,
        by=organisation_in(by if isinstance(by, str) else None) or unknown,
    )


def _rows(report: Report) -> list[Mapping[str, Any]]:
    rows = _list(_evidence(report).get("compared"))
    return [row for row in rows if isinstance(row, Mapping)]


def _evidence(report: Report) -> Mapping[str, Any]:
    return report.check(_IDENTIFIED).evidence


def _named(party: Mapping[str, Any]) -> str:
    identifier = party.get("identifier")
    return ", ".join(
        (*_texts(party.get("names"))[:1], *_texts([identifier] if identifier else []))
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: Any) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str)]
