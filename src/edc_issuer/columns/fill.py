"""What a row leaves unsaid: defaults of the columns, and members that go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edc_issuer.columns.tree import Tree, listed


def programme(tree: Tree, outcomes: Sequence[Any], units: Sequence[Any]) -> Tree:
    """The programme of a record from the cells of its row, its outcomes and units."""
    found: Tree = dict(tree)
    found.setdefault("version", "1")
    _measures(found)
    _workload(found)
    _outcomes(found, outcomes)
    if units:
        found["units"] = list(units)
    _assessment(found)
    _hko(found)
    _stacking(found)
    _level(found)
    if "credits[0]" in found:
        found["credits[0]"][0].setdefault("indicative", False)
    done: Tree = listed(found)
    return done


def _measures(found: Tree) -> None:
    """Internal and external measures as one list; what is said once is external.

    A body that decides about quality is somebody else than the provider.
    """
    quality = found.get("quality_assurance")
    if quality is None:
        return
    said = quality.pop("types", {}).get(0, {})
    groups = [
        (scope, quality.pop(f"types[scope={scope}]", {}))
        for scope in ("internal", "external")
    ]
    types = []
    for scope, entries in groups:
        for number in sorted(entries):
            measure = {"scope": scope, "kind": "other", **entries[number]}
            if scope == "external" or not groups[1][1]:
                measure |= said
            types.append(measure)
    quality["types"] = types


def _workload(found: Tree) -> None:
    workload = found.get("workload", {})
    workload.setdefault("hours", None)
    workload.setdefault("basis", "notional")
    found["workload"] = workload


def _outcomes(found: Tree, outcomes: Sequence[Any]) -> None:
    given = found.pop("outcomes", None)
    if given is None:
        found["outcomes"] = list(outcomes)
        return
    spread = listed(given)
    source = spread[0].get("outcome_source") if spread else None
    found["outcomes"] = [
        {**one, "outcome_source": source} if source else one for one in spread
    ]


def _assessment(found: Tree) -> None:
    assessment = found.get("assessment")
    if assessment is not None and "pass_points" in assessment:
        assessment.setdefault("pass_rule", "points")


def _hko(found: Tree) -> None:
    hko = found.get("hko")
    if hko is None:
        return
    level = found.get("level", {}).get("nqf", {})
    if "level" not in hko and level.get("framework") == "HR" and "level" in level:
        hko["level"] = level["level"]
    credit = found.get("credits[0]", {}).get(0, {})
    if "volume" in hko or "points" in credit:
        given = {key: credit[key] for key in ("system", "points") if key in credit}
        hko["volume"] = {**given, **hko.get("volume", {})}
    if "entry_requirements" in found:
        hko.setdefault("access_conditions", found["entry_requirements"])


def _stacking(found: Tree) -> None:
    stacking = found.get("stacking")
    if stacking is not None:
        stacking.setdefault("role", "none")
        stacking.setdefault("options", [])


def _level(found: Tree) -> None:
    level = found.get("level")
    if level is None:
        return
    if "eqf" in level or "nqf" in level:
        level.setdefault("basis", "recommended")
    elif set(level) == {"basis"}:
        del found["level"]


def document(
    award: Tree,
    programme: object,
    *,
    primary: str,
    languages: Sequence[str],
    **profiles: str | None,
) -> Tree:
    """All members of a record; `profiles` of the programme, where the row has none."""
    found: Tree = {
        "record_version": "1",
        "primary_language": primary,
        "languages": list(languages),
    }
    found |= {name: value for name, value in profiles.items() if value is not None}
    found |= award | {"programme": programme}
    if "issuer" in found:
        found.setdefault("awarding_bodies", [found["issuer"]])
    return found


def organisation(tree: Tree) -> Tree:
    """An organisation from its row; its numbers are those of its own country."""
    found: Tree = listed(tree)
    country = found.get("address", {}).get("country")
    identifier = found.get("legal_identifier")
    stated = (identifier or {}).get("country") or country
    for name in ("legal_identifier", "registration", "tax_identifier"):
        if name in found:
            found[name].setdefault("country", stated)
    if identifier is not None and "value" not in identifier:
        del found["legal_identifier"]
    found.setdefault("address", {})
    return found


def award(tree: Tree, *, issuer_country: str | None) -> Tree:
    """The members of a record that a row of awards fills, with their defaults."""
    found = dict(tree)
    given = found.setdefault("award", {})
    given.setdefault("validation_basis", "course")
    if "date_issued" in given:
        given.setdefault("valid_from", given["date_issued"])
    _place(given, issuer_country)
    _result(given)
    if "activity" in given:
        _location(given["activity"])
    _home(found.get("learner", {}))
    _files(found.get("attachments", {}))
    done: Tree = listed(found)
    return done


def _place(given: Tree, country: str | None) -> None:
    place = given.get("place")
    if place is not None and country:
        place.setdefault("country", country)


def _location(activity: Tree) -> None:
    location = activity.get("location")
    if location is not None and "country" not in location:
        host = activity.get("host_organisation")
        if host is not None:
            location["country"] = host.address.country


def _result(given: Tree) -> None:
    """Points of parts are two columns; the day is that of the award by default."""
    result = given.get("result")
    if result is None:
        return
    parts = result.pop("part_results", None)
    if parts:
        result["part_results"] = _parts(parts)
    if "date_awarded" in given:
        result.setdefault("date", given["date_awarded"])


def _parts(entries: Tree) -> list[Tree]:
    """One result a part: points reached and needed name their part themselves."""
    rows: dict[str, Tree] = {}
    for number in sorted(entries):
        for member, (code, points) in entries[number].items():
            rows.setdefault(code, {"programme_code": code})[member] = points
    return list(rows.values())


def _home(learner: Tree) -> None:
    """The country of the learner is also that of the address, where there is one."""
    if "address" in learner and "country" in learner:
        learner["address"].setdefault("country", learner["country"])


# What schools attach; the ending says it, since no column does.
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "xml": "application/xml",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


def _files(attachments: Tree) -> None:
    for attachment in attachments.values():
        ending = str(attachment.get("path", "")).rpartition(".")[2].lower()
        media_type = _MEDIA_TYPES.get(ending, "application/octet-stream")
        attachment.setdefault("media_type", media_type)
