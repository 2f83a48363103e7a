"""`issuer.accredited`: may the issuer award this, by data that the reader keeps?

The Commission's rules of coverage (edc knowledge: QDR), turned round where they are
lax: what neither the file nor the accreditation says is not known, so that the
question stays open. A claim inside the file alone is never believed. For every
award in the file one accreditation must say, about this organisation:
1. its identifier and its name are those of the proved issuer;
2. the decision was positive and is in force;
3. the day of the award lies between its dates;
4. level, field, jurisdiction, kind of credential and, for a programme, the
   qualification are covered.
The answer is never fail: nobody's list is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from edc_issuer import vocab
from edc_issuer.models.dates import calendar_date
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.models.tree import id_of, texts, values
from edc_issuer.report import Status
from edc_issuer.trust.accreditation import (
    Accreditation,
    Accreditations,
    Limit,
    Party,
    jurisdiction,
    last_part,
)
from edc_issuer.trust.issuers import same_identifier, same_name
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.proved import Proved
from edc_issuer.verify.vouching import other_bodies

MAX_AWARDS = 200  # claims and parts of one credential; honest ones have a handful
_CHECK = "issuer.accredited"
_ISCED_F = "/isced-f/"


@dataclass(frozen=True, slots=True)
class Award:
    """What the file says about one award, as far as an accreditation can cover it."""

    day: date | None
    eqf: tuple[str, ...]
    nqf: tuple[str, ...]
    fields: tuple[str, ...]
    places: tuple[str, ...]
    qualifications: tuple[str, ...]
    kinds: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "eqf": list(self.eqf),
            "nqf": list(self.nqf),
            "fields": list(self.fields),
            "places": list(self.places),
        }


def judge_accredited(
    answers: Answers,
    view: Mapping[str, Any],
    proved: Proved,
    awarding_bodies: Sequence[StatedIssuer],
    *,
    accreditations: Accreditations,
    mandator: StatedIssuer | None = None,
) -> None:
    """Answer `issuer.accredited` from the accreditations at hand.

    `mandator` is for whom the signer may seal: then its accreditation is asked for.
    """
    if not accreditations:
        if _claims(view):
            answers.leaves_open(_CHECK, "stated")
        else:
            answers.skips(_CHECK, "not-asked")
        return
    if not answers.is_good("issuer.identified"):
        answers.leaves_open(_CHECK, "blocked")
        return
    if other_bodies(awarding_bodies, proved, mandator):
        # Whoever signs for another may be lying about it; its right settles nothing.
        answers.leaves_open(_CHECK, "speaks-for-others")
        return
    found = tuple(islice(awards(view), MAX_AWARDS + 1))
    _judge(answers, found, _whose(proved, mandator), accreditations)


def _claims(view: Mapping[str, Any]) -> bool:
    """Whether the file says anything about accreditation itself."""
    nodes = [*_objects(view.get("evidence")), *_objects(view.get("issuer"))]
    for subject in _objects(view.get("credentialSubject")):
        for claim in _objects(subject.get("hasClaim")):
            nodes += _objects(claim.get("specifiedBy"))
            for process in _objects(claim.get("awardedBy")):
                nodes += _objects(process.get("awardingBody"))
    return any("accreditation" in node for node in nodes)


def _whose(proved: Proved, mandator: StatedIssuer | None) -> Party:
    if mandator is not None:
        return Party(tuple(map(str, mandator.identifiers)), mandator.names)
    return Party((proved.identifier,) if proved.identifier else (), proved.names)


def _judge(
    answers: Answers,
    found: Sequence[Award],
    party: Party,
    accreditations: Accreditations,
) -> None:
    own = [a for a in accreditations.entries if _is_about(a, party, by_name=False)]
    named = [a for a in own if _is_about(a, party, by_name=True)]
    if not named:
        reason = "accreditation.other-name" if own else "accreditation.none"
        answers.leaves_open(_CHECK, reason, considered=_considered(own))
        return
    if not found or len(found) > MAX_AWARDS:
        answers.leaves_open(_CHECK, "accreditation.incomplete", missing=["award"])
        return
    best = [min(((_misses(a, award), a) for a in named), key=_order) for award in found]
    for award, (misses, accreditation) in zip(found, best, strict=True):
        if misses:
            answers.leaves_open(
                _CHECK,
                misses[0].partition(":")[0],
                award=award.to_dict(),
                missing=[m.partition(":")[2] for m in misses if ":" in m],
                considered=_considered([accreditation]),
            )
            return
    _covered(answers, [accreditation for _, accreditation in best])


def _order(option: tuple[tuple[str, ...], Accreditation]) -> tuple[int, bool]:
    misses, accreditation = option
    return len(misses), accreditation.decision != "positive"


def _covered(answers: Answers, used: Sequence[Accreditation]) -> None:
    once = list({id(one): one for one in used}.values())
    conditional = any(one.decision == "conditional" for one in once)
    answers.give(
        _CHECK,
        Status.WARN if conditional else Status.PASS,
        "accreditation.conditional" if conditional else "accredited",
        source=once[0].agent.names[0],
        considered=_considered(once),
    )


def _is_about(accreditation: Accreditation, party: Party, *, by_name: bool) -> bool:
    return any(
        _one_of(one.identifiers, party.identifiers, same_identifier)
        and (not by_name or _one_of(one.names, party.names, same_name))
        for one in accreditation.organisations
    )


def _one_of(one: Iterable[str], other: Sequence[str], same: Any) -> bool:
    return any(same(b, a) for a in one for b in other)


def _considered(found: Sequence[Accreditation]) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "kind": one.kind,
            "agent": one.agent.names[0],
            "decision": one.decision,
            "from": one.issued.isoformat() if one.issued else None,
            "until": one.expires.isoformat() if one.expires else None,
        }
        for one in found[:10]
    ]


def _misses(accreditation: Accreditation, award: Award) -> tuple[str, ...]:
    """Why this accreditation does not cover this award, as reason codes.

    What is not said by one of the two is `accreditation.incomplete:<what>`.
    """
    return tuple(
        miss
        for miss in (
            _decision(accreditation),
            _time(accreditation, award.day),
            _level(accreditation, award),
            _limited(accreditation.fields, award.fields, "field", _is_within),
            _limited(accreditation.jurisdictions, award.places, "place", _is_in),
            _limited(accreditation.credential_types, award.kinds, "kind", _is_same),
            _programme(accreditation, award),
        )
        if miss
    )


def _decision(accreditation: Accreditation) -> str:
    if accreditation.decision == "negative" or not accreditation.is_in_force:
        return "accreditation.refused"
    said = accreditation.decision is not None and accreditation.kind is not None
    return "" if said else "accreditation.incomplete:decision"


def _time(accreditation: Accreditation, day: date | None) -> str:
    since, until = accreditation.issued, accreditation.expires
    if day is None:
        return "accreditation.incomplete:day"
    if since is not None and day < since:
        return "accreditation.not-yet"
    if until is not None and day > until:
        return "accreditation.expired"
    known = since is not None and (until is not None or accreditation.no_end)
    return "" if known else "accreditation.incomplete:dates"


def _level(accreditation: Accreditation, award: Award) -> str:
    """By the European level, or by the national one where the decision names such."""
    european = _limited(accreditation.eqf, award.eqf, "level", _is_same)
    if not european:
        return ""
    if not accreditation.nqf.said:
        return european
    return _limited(accreditation.nqf, award.nqf, "level", _is_same)


def _programme(accreditation: Accreditation, award: Award) -> str:
    """A decision on a programme covers that one; one on a provider may name some."""
    limit = accreditation.qualifications
    if not limit.said and not (accreditation.kind or "").startswith("programme"):
        return ""
    return _limited(limit, award.qualifications, "programme", _is_any)


def _limited(limit: Limit, stated: Sequence[str], what: str, covers: Any) -> str:
    if limit.open:
        return ""
    if not limit.values or not stated:
        return f"accreditation.incomplete:{what}"
    is_covered = covers(limit.values, stated)
    return "" if is_covered else f"accreditation.other-{what}"


def _is_same(allowed: Sequence[str], stated: Sequence[str]) -> bool:
    return set(stated) <= set(allowed)


def _is_any(allowed: Sequence[str], stated: Sequence[str]) -> bool:
    # An id and a number of one qualification: any of them is that qualification.
    return bool(set(stated) & set(allowed))


def _is_within(allowed: Sequence[str], stated: Sequence[str]) -> bool:
    """ISCED-F: a field of two digits holds those of three and four below it."""
    return all(any(code.startswith(a) for a in allowed) for code in stated)


def _is_in(allowed: Sequence[str], stated: Sequence[str]) -> bool:
    """A country holds its administrative units (`SVN` and `SVN_...`)."""
    return all(any(_holds(a, code) for a in allowed) for code in stated)


def _holds(whole: str, part: str) -> bool:
    return part == whole or part.startswith(f"{whole}_")


# --- what the file says -------------------------------------------------------------


def awards(view: Mapping[str, Any]) -> Iterator[Award]:
    """Every award of an EDC with the parts in it, or the achievement of a badge."""
    kinds = tuple(map(last_part, _concepts(view.get("credentialProfiles"))))
    for subject in _objects(view.get("credentialSubject")):
        for claim in _objects(subject.get("hasClaim")):
            yield from _with_parts(claim, view, _nothing(view, kinds))
        for achievement in _objects(subject.get("achievement")):
            yield _badge(achievement, view)


def _nothing(view: Mapping[str, Any], kinds: tuple[str, ...]) -> Award:
    places = tuple(_places({}, view))
    return Award(_day(view.get("issuanceDate")), (), (), (), places, (), kinds)


def _with_parts(
    claim: Mapping[str, Any], view: Mapping[str, Any], whole: Award
) -> Iterator[Award]:
    """A claim and its parts; what a part does not say is as in the whole.

    Otherwise a doctorate could hide as a part of a course that is covered.
    """
    pending = [(claim, whole)]
    while pending:
        part, above = pending.pop()
        award = _award(part, view, above)
        yield award
        pending += [(below, award) for below in _objects(part.get("hasPart"))]
        specs = [*_objects(part.get("specifiedBy"))]
        inner = [s for spec in specs for s in _objects(spec.get("hasPart"))]
        pending += [({"specifiedBy": spec}, award) for spec in inner]


def _award(part: Mapping[str, Any], view: Mapping[str, Any], above: Award) -> Award:
    process = next(_objects(part.get("awardedBy")), {})
    spec = next(_objects(part.get("specifiedBy")), {})
    stated = process.get("awardingDate")
    return Award(
        day=_day(stated) if stated is not None else above.day,
        eqf=tuple(_codes(spec.get("eqfLevel"))) or above.eqf,
        nqf=tuple(_codes(spec.get("nqfLevel"))) or above.nqf,
        fields=tuple(_fields(spec)) or above.fields,
        places=tuple(_places(process, view)) if process else above.places,
        qualifications=(*above.qualifications, *_numbers(spec)),
        kinds=above.kinds,
    )


def _badge(achievement: Mapping[str, Any], view: Mapping[str, Any]) -> Award:
    """A badge has no words for level, field or place that a rule could rely on."""
    number = achievement.get("id")
    numbers = (number,) if isinstance(number, str) else ()
    day = _day(view.get("awardedDate") or view.get("validFrom"))
    return Award(day, (), (), (), (), numbers, ())


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in values(value) if isinstance(item, Mapping))


def _concepts(value: Any) -> Iterator[str]:
    for item in values(value):
        address = id_of(item) if isinstance(item, Mapping) else item
        if isinstance(address, str):
            yield address


def _codes(value: Any) -> Iterator[str]:
    """Codes of known concepts; an unknown one stays as it is and fits no limit."""
    for address in _concepts(value):
        known = vocab.by_uri(address)
        yield known.code if known else address


def _fields(spec: Mapping[str, Any]) -> Iterator[str]:
    for name in ("thematicArea", "ISCEDFCode"):
        for address in _concepts(spec.get(name)):
            if _ISCED_F in address:
                yield last_part(address)


def _places(process: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    """Where it was awarded: the place of the award, else the body's or issuer's."""
    for holder in (process, *_objects(process.get("awardingBody")), view.get("issuer")):
        found = tuple(_countries(holder)) if isinstance(holder, Mapping) else ()
        if found:
            yield from found
            return


def _countries(holder: Mapping[str, Any]) -> Iterator[str]:
    for place in _objects(holder.get("location")):
        codes = [*_concepts(place.get("spatialCode"))]
        for address in _objects(place.get("address")):
            codes += _concepts(address.get("countryCode"))
        for code in codes:
            try:
                yield jurisdiction(code)
            except KeyError:
                yield code  # a country that nobody knows is covered by no limit


def _numbers(spec: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(spec.get("id"), str):
        yield spec["id"]
    for item in _objects(spec.get("identifier")):
        yield from texts(item.get("notation"))


def _day(value: Any) -> date | None:
    try:
        return calendar_date(value).day if isinstance(value, str) else None
    except ValueError:
        return None
