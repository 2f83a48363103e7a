"""Transcripts of EMREX (ELMO 1): each result of a learner becomes an entry.

ELMO says who learned what, with which result, and how many credits it gives; it has no
learning outcomes, and nothing of how the learning took place. So a record is complete
where `programmes.csv` beside the file describes the programme by its local identifier;
otherwise the entry says what is missing, and nothing is invented. What a record has no
field for goes to its `extensions`. Groups, attachments, the diploma supplement and the
signature stay behind: the signature proves the file, not the record made of it.
Mapping: the Commission's ELMO to ELM table.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edc_issuer.columns import fill
from edc_issuer.columns.problems import BadCell, problem
from edc_issuer.columns.tree import Tree
from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import CredentialRecord, Programme
from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.elmo_nodes import Node, read_nodes
from edc_issuer.sources.organisations import Faulty
from edc_issuer.sources.programmes import Offered, Programmes
from edc_issuer.sources.seen import Seen
from edc_issuer.sources.sheet import unreadable

_STATUS = {"passed": "pass", "failed": "fail"}
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?\Z", re.DOTALL)
_EQF = re.compile(r"[1-8]\Z")
_ALPHA_3 = {"SVN": "SI", "HRV": "HR", "SRB": "RS", "MNE": "ME", "BIH": "BA"}


def read_elmo(
    path: Path, programmes: Programmes, seen: Seen, language: str | None = None
) -> Iterator[Entry]:
    """One entry for each learning opportunity instance, counted from 1.

    `language` is that of texts which name none.
    """
    root = read_nodes(path)
    learner = root.one("learner")
    if root.name != "elmo" or learner is None:
        raise unreadable(path.name, "elmo-other")
    number = 0
    told: set[int] = set()
    for report in root.all("report"):
        for course in _courses(report):
            for instance in _instances(course):
                number += 1
                result = _Result(learner, report, course, instance, language)
                yield _entry(path.name, number, result, programmes, seen, told)


def _courses(node: Node) -> Iterator[Node]:
    """Specifications in their order, each before its parts."""
    for course in node.all("learningOpportunitySpecification"):
        yield course
        for part in course.all("hasPart"):
            yield from _courses(part)


def _instances(course: Node) -> Iterator[Node]:
    for specifies in course.all("specifies"):
        yield from specifies.all("learningOpportunityInstance")


def _entry(
    source: str,
    number: int,
    result: _Result,
    programmes: Programmes,
    seen: Seen,
    told: set[int],
) -> Entry:
    problems: list[RowProblem] = []
    record = None
    try:
        record = result.record(programmes)
        first = seen.row_of(record, source, number)
        if first is not None:
            record = None
            raise BadCell("id-twice", first=first)
    except RecordError as error:
        problems = [RowProblem(source, number, "", one) for one in error.problems]
    except Faulty as faulty:
        problems = [RowProblem(source, number, "", _problem(faulty))]
        if id(faulty) not in told:
            told.add(id(faulty))
            problems += faulty.places
    except BadCell as bad:
        problems = [RowProblem(source, number, "", _problem(bad))]
    return Entry(source, number, record, tuple(problems))


def _problem(bad: BadCell) -> Problem:
    return problem(bad.code, **bad.values)


@dataclass(frozen=True, slots=True)
class _Result:
    """One result of the learner: who gave it, in what, how it ended."""

    learner: Node
    report: Node
    course: Node
    instance: Node
    default: str | None

    def record(self, programmes: Programmes) -> CredentialRecord:
        """`RecordError`, `BadCell` or `Faulty` where there is none."""
        status = self.instance.said("status") or "other"
        if status == "in-progress":
            raise BadCell("elmo-in-progress")
        primary, languages = self._languages()
        code = self._code()
        offered: Offered | None = None
        if programmes.has(code):
            names = self._texts(self._issuer_node(), "title", primary).values()
            if not programmes.organisations.named(names):
                raise BadCell("elmo-issuer", value=code)
            offered = programmes.find(code, primary, languages)
            self._compare(offered.programme, self._programme(primary, code))
        award = {
            "record_id": self._id(),
            "credential_kind": offered.programme.kind if offered else self._kind(),
            "learner": self._learner(),
            "issuer": self._issuer(primary),
            "award": self._award(primary, _STATUS.get(status, "other")),
            "extensions": self._extensions(offered.programme if offered else None),
        }
        return CredentialRecord.from_dict(
            fill.document(
                award,
                offered.programme if offered else self._programme(primary, code),
                primary=primary,
                languages=languages,
                national_profile=offered.national_profile if offered else None,
                project_profile=offered.project_profile if offered else None,
            )
        )

    def _compare(self, own: Programme, said: Tree) -> None:
        """`RecordError` where programmes.csv says something else than the transcript.

        Points of one system cannot be held against those of another.
        """
        pairs: list[tuple[str, str, str | None]] = [
            (f"title_{language}", text, own.title.get(language))
            for language, text in said.get("title", {}).items()
        ]
        points = {one.system: one.points for one in own.credits}
        pairs += [
            ("credit_points", one["points"], points.get(one["system"]))
            for one in said.get("credits", ())
        ]
        if "level" in said and own.level is not None:
            eqf = None if own.level.eqf is None else str(own.level.eqf)
            pairs.append(("eqf_level", str(said["level"]["eqf"]), eqf))
        faults = [
            problem("elmo-differs", column=column, code=own.code, said=one, own=other)
            for column, one, other in pairs
            if other is not None and _folded(one) != _folded(other)
        ]
        if faults:
            raise RecordError(faults)

    def _languages(self) -> tuple[str, tuple[str, ...]]:
        tags = [one.language for one in self.course.all("title") if one.language]
        if self.default and (self.default in tags or not tags):
            primary = self.default
        elif tags:
            primary = tags[0]
        else:
            raise BadCell("elmo-language")
        return primary, tuple(dict.fromkeys((primary, *tags)))

    def _texts(self, node: Node, name: str, primary: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in node.all(name):
            text = " ".join(one.text.split())
            if text:
                found.setdefault(one.language or primary, text)
        return found

    def _code(self) -> str:
        by_kind = {one.kind: one.text.strip() for one in self.course.all("identifier")}
        return by_kind.get("local") or next(iter(by_kind.values()), "")

    def _id(self) -> str:
        """The same for the same result in every file, and telling nobody anything."""
        own = self.instance.said("identifier") or self._code()
        learner = sorted(one.text for one in self.learner.all("identifier"))
        who = learner or [
            self.learner.said(name) for name in ("givenNames", "familyName", "bday")
        ]
        node = self._issuer_node()
        issuer = [one.text for one in node.all("identifier") or node.all("title")]
        parts = [sorted(issuer), own or self.course.said("title"), who]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return f"elmo-{digest[:32]}"

    def _issuer_node(self) -> Node:
        return self.report.one("issuer") or Node("issuer")

    def _learner(self) -> dict[str, Any]:
        learner = self.learner
        found: dict[str, Any] = {
            "given_name": learner.said("givenNames"),
            "family_name": learner.said("familyName"),
            "date_of_birth": _day(learner.said("bday")),
            "address": self._address(),
        }
        country = country_code(learner.said("citizenship"))
        for one in learner.all("identifier"):
            if one.kind == "nationalIdentifier" and country:
                found["national_id"] = {"value": one.text.strip(), "country": country}
            elif one.kind != "nationalIdentifier":
                found.setdefault("internal_id", one.text.strip())
        return {name: value for name, value in found.items() if value}

    def _address(self) -> dict[str, str] | None:
        node = self.learner.one("currentAddress")
        country = country_code(node.said("country")) if node else ""
        if node is None or not country:
            return None
        found = {
            "country": country,
            "locality": node.said("locality"),
            "post_code": node.said("postalCode"),
            "street": node.said("streetName") or node.said("addressLine"),
        }
        return {name: value for name, value in found.items() if value}

    def _issuer(self, primary: str) -> dict[str, Any]:
        node = self._issuer_node()
        country = country_code(node.said("country"))
        found: dict[str, Any] = {
            "legal_name": self._texts(node, "title", primary),
            "address": {"country": country} if country else {},
            "homepage": node.said("url"),
        }
        for one in node.all("identifier"):
            scheme = (one.kind or "").upper()
            if country and scheme in ("PIC", "ERASMUS", "SCHAC"):
                stated = {"value": one.text.strip(), "country": country}
                found.setdefault("registration", {**stated, "scheme": scheme})
        return {name: value for name, value in found.items() if value != ""}

    def _award(self, primary: str, status: str) -> dict[str, Any]:
        issued = _day(self.report.said("issueDate"))
        ended = _day(self.instance.said("date"))
        grade = self.instance.said("resultLabel")
        result: dict[str, Any] = {"status": status}
        if grade:
            result["grade"] = {primary: grade}
        if ended:
            result["date"] = ended
        found: dict[str, Any] = {
            "certificate_number": self.instance.said("identifier") or self._id(),
            "date_awarded": ended or issued,
            "date_issued": issued,
            "valid_from": issued,
            "validation_basis": "course",
            "result": result,
        }
        start = _day(self.instance.said("start"))
        if start:
            activity = {"start": start, "end": ended}
            found["activity"] = {k: v for k, v in activity.items() if v}
        return {name: value for name, value in found.items() if value}

    def _kind(self) -> str:
        degree = self.course.said("type") == "Degree Programme"
        return "qualification" if degree else "certificate"

    def _programme(self, primary: str, code: str) -> dict[str, Any]:
        """What the transcript says of the programme; outcomes are not in it."""
        course, instance = self.course, self.instance
        hours = instance.said("engagementHours")
        found: dict[str, Any] = {
            "code": code,
            "kind": self._kind(),
            "title": self._texts(course, "title", primary),
            "description": self._texts(course, "description", primary),
            "homepage": course.said("url"),
            "isced_f": [one for one in [course.said("iscedCode")] if one],
            "credits": list(self._credits()),
            "level": self._level(primary),
            "language_of_instruction": [
                one for one in [instance.said("languageOfInstruction")] if one
            ],
        }
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", hours):
            found["workload"] = {"hours": None, "contact_hours": float(hours)}
        return {name: value for name, value in found.items() if value}

    def _credits(self) -> Iterator[dict[str, Any]]:
        for credit in self.instance.all("credit"):
            points = credit.said("value").replace(",", ".")
            if points:
                yield {"system": credit.said("scheme").upper(), "points": points}

    def _level(self, primary: str) -> dict[str, Any] | None:
        """A transcript states a level and not who referenced it: a weak basis."""
        for level in self.instance.all("level"):
            value = level.said("value")
            if level.said("type") == "EQF" and _EQF.match(value):
                return {"eqf": int(value), "basis": "where_possible"}
        return None

    def _extensions(self, own: Programme | None) -> dict[str, Any]:
        """What a record has no field for, in ELMO's own words.

        Also credit points in a system that the programme of programmes.csv has not,
        and a level where it states none.
        """
        said = {
            "citizenship": self.learner.said("citizenship"),
            "gender": self.learner.said("gender"),
            "placeOfBirth": self.learner.said("placeOfBirth"),
            "birthName": self.learner.said("birthName"),
            "type": self.course.said("type"),
            "subjectArea": self.course.said("subjectArea"),
            "gradingSchemeLocalId": self.instance.said("gradingSchemeLocalId"),
            "academicTerm": self.instance.said("academicTerm", "title"),
        }
        if own is not None:
            systems = {one.system for one in own.credits}
            said["credit"] = ", ".join(
                f"{one['points']} {one['system']}"
                for one in self._credits()
                if one["system"] not in systems
            )
            level = self._level("")
            if level and (own.level is None or own.level.eqf is None):
                said["level"] = f"EQF {level['eqf']}"
        return {"elmo": {name: value for name, value in said.items() if value}}


def _folded(text: str) -> str:
    """The same for what only differs in spelling: capitals, spaces, 2.50 and 2.5."""
    if re.fullmatch(r"[0-9]+\.[0-9]+", text):
        text = text.rstrip("0").rstrip(".")
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _day(text: str) -> str:
    """The day of an XML date or time; the text itself where it is none."""
    match = _DAY.match(text)
    return match[1] if match else text


def country_code(text: str) -> str:
    """Two letters for the three of a country of the region; other text as it is."""
    return _ALPHA_3.get(text, text)
