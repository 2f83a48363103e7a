"""Rules on levels: which framework says so, and what follows for another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edc_issuer.record import Level, Nqf
from edc_issuer.rules.subject import Found, Subject
from edc_issuer.rules.table import data

EVALUATED = range(2, 6)  # HKO levels for which prior learning is evaluated: 2 to 5
_STATED = ("referenced", "register")
_MAIN = re.compile(r"([0-9]{1,2})(?:\.[0-9])?")


def level_findings(subject: Subject) -> Iterator[Found]:
    """LV-01 to LV-04."""
    level = subject.programme.level
    if level is None:
        return
    yield from _mapped(level)
    yield from _evaluation(subject, level)
    if level.basis == "recommended":
        yield Found("LV-03", "programme.level.basis")
    yield from _register(subject, level)


def eqf_of(nqf: Nqf) -> int | None:
    """The EQF level of a national level; None where no source at hand says it."""
    known = data()["nqf_to_eqf"].get(nqf.framework, {})
    found: int | None = known.get("levels", {}).get(nqf.level)
    return found if known.get("source") else None


def _mapped(level: Level) -> Iterator[Found]:
    if level.eqf is None or level.nqf is None:
        return
    path = "programme.level.eqf"
    nqf = f"{level.nqf.framework} {level.nqf.level}"
    expected = eqf_of(level.nqf)
    if expected is None:
        yield Found("LV-01", path, values={"nqf": nqf}, severity="unknown")
    elif expected != level.eqf:
        yield Found("LV-01", path, values={"eqf": level.eqf, "nqf": nqf})


def _evaluation(subject: Subject, level: Level) -> Iterator[Found]:
    if level.nqf is None or level.nqf.framework != "HR":
        return
    main = _MAIN.fullmatch(level.nqf.level)
    if main is not None and int(main[1]) in EVALUATED:
        return
    record = subject.record
    basis = record.award.validation_basis if record else None
    evaluated = basis == "validation_of_prior_learning"
    # Croatia's range belongs to the evaluation; elsewhere it is only worth knowing.
    yield Found(
        "LV-02",
        "programme.level.nqf.level",
        values={"level": level.nqf.level},
        severity=None if evaluated else "info",
    )


def _register(subject: Subject, level: Level) -> Iterator[Found]:
    programme = subject.programme
    slovenian = level.nqf is not None and level.nqf.framework == "SI"
    entered = programme.register is not None and programme.register.code
    stated = slovenian and level.basis in _STATED
    if programme.sector == "VET" and stated and not entered:
        yield Found("LV-04", "programme.register.code")
