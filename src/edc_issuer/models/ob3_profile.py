"""Open Badges 3.0 as one table: each class, its properties, how many, of what kind.

`faults` walks a badge along the table and tells where it leaves it. The table is
that of the specification's data model (appendix B); the published JSON Schema says
the same. It never raises, whatever stands in the badge.

A line of the table reads `name! range`: `!` must be there, `*` a list of any
length, `~` a list that JSON-LD compaction may have turned into a single value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models.dates import read_span
from edc_issuer.models.tree import types_of, values
from edc_issuer.models.vcdm import is_absolute_uri

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")
_LINE = re.compile(r"(\S+?)([!*~]*) (\S+)")
_EXTENSION = re.compile(r"ext:[A-Za-z0-9|._-]+")
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)

# Values of the open enumerations (an `ext:` term may stand for any other) and of
# the one closed one, Result.status.
_VALUES: dict[str, str] = {
    "achievementType": (
        "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree "
        "Award Badge BachelorDegree Certificate CertificateOfCompletion Certification "
        "CommunityService Competency Course CoCurricular Degree Diploma "
        "DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate "
        "LearningProgram License Membership ProfessionalDoctorate "
        "QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential "
        "ResearchDoctorate SecondarySchoolDiploma"
    ),
    "resultType": (
        "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore "
        "RawScore Result RubricCriterion RubricCriterionLevel RubricScore ScaledScore "
        "Status"
    ),
    "status": "Completed Enrolled Failed InProgress OnHold Provisional Withdrew",
    "targetType": (
        "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion "
        "CFRubricCriterionLevel CTDL"
    ),
    "identifierType": (
        "name sourcedId systemId productId userName accountId emailAddress "
        "nationalIdentityNumber isbn issn lisSourcedId oneRosterSourcedId "
        "sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId ltiUserId "
        "identifier"
    ),
}
_CLOSED = frozenset({"status"})

# `when` is a time that the rules of every W3C credential look at already.
_CREDENTIAL = """
description text|image Image|awardedDate time|validUntil when
endorsement* Endorsement|endorsementJwt* jws|proof~ Proof
credentialSchema~ IdTyped|credentialStatus IdTyped|refreshService IdTyped
termsOfUse~ Typed
"""
_V2 = "validFrom! when|issuer! ProfileRef"
_V1 = "issuanceDate! when|expirationDate when|issuer! ProfileRef"
_BADGE = "id! uri|name text|credentialSubject! AchievementSubject|evidence* Evidence"
_ENDORSEMENT = "id! uri|name! text|credentialSubject! EndorsementSubject"
# Before version 2.0 of the W3C model an endorsement needed neither id nor name.
_ENDORSEMENT_1_1 = "id uri|name text|credentialSubject! EndorsementSubject"
_TABLE: dict[str, str] = {
    "Badge": f"{_CREDENTIAL}|{_V2}|{_BADGE}",
    "Badge 1.1": f"{_CREDENTIAL}|{_V1}|{_BADGE}",
    "Endorsement": f"{_CREDENTIAL}|{_V2}|{_ENDORSEMENT}",
    "Endorsement 1.1": f"{_CREDENTIAL}|{_V1}|{_ENDORSEMENT_1_1}",
    "AchievementSubject": """
        id uri|activityEndDate time|activityStartDate time|creditsEarned number
        achievement! Achievement|identifier* IdentityObject|image Image
        licenseNumber text|narrative text|result* Result|role text|source Profile
        term text""",
    "EndorsementSubject": "id! uri|endorsementComment text",
    "Achievement": """
        id! uri|alignment* Alignment|achievementType achievementType|creator Profile
        creditsAvailable number|criteria! Criteria|description! text
        endorsement* Endorsement|endorsementJwt* jws|fieldOfStudy text
        humanCode text|image Image|inLanguage language|name! text
        otherIdentifier* IdentifierEntry|related* Related
        resultDescription* ResultDescription|specialization text|tag* text
        version text""",
    "Profile": """
        id! uri|name text|url uri|phone text|description text
        endorsement* Endorsement|endorsementJwt* jws|image Image|email text
        address Address|otherIdentifier* IdentifierEntry|official text
        parentOrg Profile|familyName text|givenName text|additionalName text
        patronymicName text|honorificPrefix text|honorificSuffix text
        familyNamePrefix text|dateOfBirth day""",
    "Alignment": """
        targetCode text|targetDescription text|targetName! text
        targetFramework text|targetType targetType|targetUrl! uri""",
    "Criteria": "id uri|narrative text",
    "Result": """
        achievedLevel uri|alignment* Alignment|resultDescription uri|status status
        value text""",
    "ResultDescription": """
        id! uri|alignment* Alignment|allowedValue* text|name! text
        requiredLevel uri|requiredValue text|resultType! resultType
        rubricCriterionLevel* RubricCriterionLevel|valueMax text|valueMin text""",
    "RubricCriterionLevel": """
        id! uri|alignment* Alignment|description text|level text|name! text
        points text""",
    "Related": "id! uri|inLanguage language|version text",
    "Evidence": """
        id uri|narrative text|name text|description text|genre text
        audience text""",
    "Address": """
        addressCountry text|addressCountryCode text|addressRegion text
        addressLocality text|streetAddress text|postOfficeBoxNumber text
        postalCode text|geo GeoCoordinates""",
    "GeoCoordinates": "latitude! number|longitude! number",
    "Image": "id! uri|caption text",
    "IdentifierEntry": "identifier! text|identifierType! identifierType",
    "IdentityObject": """
        hashed! boolean|identityHash! text|identityType! identifierType
        salt text""",
    "Proof": "created time",
    "IdTyped": "id! uri",
    "Typed": "id uri",
}
# Classes whose type is one text, not a list of them; the last three are closed.
_ONE_TYPE = frozenset({"GeoCoordinates", "Image", "IdentifierEntry", "IdentityObject"})
_SEALED = frozenset({"Image", "IdentifierEntry", "IdentityObject"})
_ANY_TYPE = frozenset({"Proof", "IdTyped", "Typed"})
_NO_TYPE = frozenset({"Criteria"})
_CLASSES = frozenset({*_TABLE, "ProfileRef"})
_TEXTS = frozenset({"text", "when"})


@dataclass(frozen=True, slots=True)
class Property:
    """One row: how often a property may stand and what it holds."""

    name: str
    range: str
    required: bool
    many: bool
    compactable: bool


@cache
def profile(name: str) -> Mapping[str, Property]:
    """The properties of one class by name; `KeyError` for an unknown class."""
    lines = _TABLE[name].replace("\n", "|").split("|")
    rows = [_LINE.fullmatch(line.strip()) for line in lines if line.strip()]
    return {
        row[1]: Property(
            name=row[1],
            range=row[3],
            required="!" in row[2],
            many="*" in row[2] or "~" in row[2],
            compactable="~" in row[2],
        )
        for row in rows
        if row is not None
    }


@cache
def enumeration(name: str) -> frozenset[str]:
    """The values that the specification lists; most may be extended by `ext:`."""
    return frozenset(_VALUES[name].split())


def faults(credential: Mapping[str, Any], *, root: str) -> Iterator[Problem]:
    """Where a badge leaves the table; `root` names the class to begin with."""
    old = root.endswith(" 1.1")
    pending: list[tuple[str, Any, str]] = [("", credential, root)]
    while pending:
        path, node, kind = pending.pop()
        if kind == "ProfileRef":
            if isinstance(node, str):
                yield from _scalar(node, "uri", path)
                continue
            kind = "Profile"
        if kind == "Endorsement" and old:
            kind = "Endorsement 1.1"
        if not isinstance(node, dict | Mapping):
            yield Problem(path, "value.kind", f"must be an object ({kind})")
            continue
        # The rows that a node uses, which are few of those that it could.
        present = [row for name, row in profile(kind).items() if name in node]
        if not _is_sound(node, kind, present):
            yield from _own_faults(node, kind, path)
        for row in present:
            if row.range in _TEXTS and isinstance(node[row.name], str):
                continue  # more than half of a badge
            if row.range in _CLASSES:
                pending += [(*found, row.range) for found in _items(node, row, path)]
            elif not _fits(node[row.name], row.range):
                for place, item in _items(node, row, path):
                    yield from _scalar(item, row.range, place)


def _items(
    node: Mapping[str, Any], row: Property, path: str
) -> Iterator[tuple[str, Any]]:
    value = node.get(row.name)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield f"{path}/{row.name}/{index}", item
    elif value is not None:
        yield f"{path}/{row.name}", value


def _is_sound(node: Mapping[str, Any], kind: str, present: list[Property]) -> bool:
    """Whether `_own_faults` has nothing to tell; most nodes need no place for it.

    May say no where nothing is wrong, never yes where something is.
    """
    for row in present:
        value = node[row.name]
        if value is None or isinstance(value, list) != row.many or value == []:
            return False
    asked = _demands(kind)
    stated = node.get("type")
    if asked.types and isinstance(stated, list) == asked.one_type:
        return False
    return (
        asked.required <= node.keys()
        and (not asked.types or _names_any(stated, asked.types))
        and (asked.keys is None or node.keys() <= asked.keys)
        and (kind not in _ANY_TYPE or isinstance(stated, str))
        and (kind not in _SPECIAL or not any(_SPECIAL[kind](node, "")))
    )


def _names_any(stated: object, types: tuple[str, ...]) -> bool:
    if isinstance(stated, list):
        return types[0] in stated or types[-1] in stated
    return stated in types


@dataclass(frozen=True, slots=True)
class _Demands:
    """What is asked of every node of a class.

    `types`: one of at most two, empty where any will do; `keys`: all that may stand,
    None where any may.
    """

    required: frozenset[str]
    types: tuple[str, ...]
    one_type: bool
    keys: frozenset[str] | None


@cache
def _demands(kind: str) -> _Demands:
    rows = profile(kind)
    return _Demands(
        required=frozenset(name for name, row in rows.items() if row.required),
        types=() if kind in _ANY_TYPE | _NO_TYPE else _wanted(kind),
        one_type=kind in _ONE_TYPE,
        keys=frozenset({*rows, "type"}) if kind in _SEALED else None,
    )


def _own_faults(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    yield from _type(node, kind, path)
    known = profile(kind)
    for name, row in known.items():
        if name in node:
            yield from _cardinality(node[name], row, f"{path}/{name}")
        elif row.required:
            yield Problem(f"{path}/{name}", "property.missing", "must be there")
    if kind in _SEALED:
        for _ in node.keys() - known.keys() - {"type"}:
            yield Problem(path, "property.unknown", f"a property that {kind} has not")
    yield from _SPECIAL.get(kind, _nothing)(node, path)


def _cardinality(value: Any, row: Property, here: str) -> Iterator[Problem]:
    if value is None:
        yield Problem(here, "value.null", "leave out what has no value")
    elif isinstance(value, list) and not value:
        yield Problem(here, "value.empty", "leave out a list without members")
    elif row.many and not isinstance(value, list):
        code = "ob3.strict" if row.compactable else "value.array"
        yield Problem(here, code, "must be a list, even of one")
    elif not row.many and isinstance(value, list):
        code = "value.several" if len(value) > 1 else "ob3.strict"
        yield Problem(here, code, "must be one value, not a list")


def _type(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    stated, here = types_of(node), f"{path}/type"
    wanted = _wanted(kind)
    if kind in _NO_TYPE:
        return
    if kind in _ANY_TYPE:
        if not stated:
            yield Problem(here, "node.type", "must say its type")
        elif not isinstance(node.get("type"), str):
            yield Problem(here, "ob3.strict", "must be one text")
        return
    if not set(wanted) & set(stated):
        fatal = kind.startswith(("Badge", "Endorsement")) and "Subject" not in kind
        code = "type.missing" if fatal else "node.type"
        yield Problem(here, code, f"the type must be {' or '.join(wanted)}")
    elif isinstance(node.get("type"), list) == (kind in _ONE_TYPE):
        form = "one text" if kind in _ONE_TYPE else "a list, even of one"
        yield Problem(here, "ob3.strict", f"must be {form}")


def _wanted(kind: str) -> tuple[str, ...]:
    if kind.startswith("Badge"):
        return BADGE_TYPES
    if kind in ("Endorsement", "Endorsement 1.1"):
        return ("EndorsementCredential",)
    return (kind,)


def _criteria(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not node.get("id") and not node.get("narrative"):
        yield Problem(path, "criteria.empty", "give the criteria an id or a narrative")


def _recipient(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not node.get("id") and not values(node.get("identifier")):
        yield Problem(path, "subject.nobody", "give the recipient an id or identifier")


def _nothing(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    yield from ()


_SPECIAL: dict[str, Callable[[Mapping[str, Any], str], Iterator[Problem]]] = {
    "Criteria": _criteria,
    "AchievementSubject": _recipient,
}


def _fits(value: object, kind: str) -> bool:
    """Whether `_scalar` has nothing to tell about any value of a property."""
    if isinstance(value, list):
        return all(_holds(one, kind) for one in value)
    return _holds(value, kind)


def _holds(value: object, kind: str) -> bool:
    if kind in _VALUES:
        return isinstance(value, str) and _in_enumeration(value, kind)
    return _SCALARS[kind][0](value)


def _scalar(value: object, kind: str, path: str) -> Iterator[Problem]:
    if kind in _VALUES:
        if not _holds(value, kind):
            yield Problem(path, "value.enum", f"is no value of {kind}")
    elif value is not None and not _holds(value, kind):
        yield Problem(path, _SCALARS[kind][1], f"must be {_SCALARS[kind][2]}")


def _in_enumeration(value: str, kind: str) -> bool:
    if value in enumeration(kind):
        return True
    return kind not in _CLOSED and _EXTENSION.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and not read_span(value).form
    except ValueError:
        return False


def _is_day(value: object) -> bool:
    try:
        return _matches(_DAY)(value) and bool(read_span(str(value)))
    except ValueError:
        return False


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


_SCALARS: dict[str, tuple[Callable[[object], bool], str, str]] = {
    "text": (_is_text, "value.kind", "a text"),
    "number": (_is_number, "value.kind", "a number"),
    "boolean": (lambda value: isinstance(value, bool), "value.kind", "true or false"),
    "uri": (is_absolute_uri, "value.uri", "an absolute URI"),
    "time": (_is_time, "value.time", "a date and time with its zone"),
    "when": (_is_text, "value.kind", "a text"),
    "day": (_is_day, "value.time", "a date"),
    "language": (_matches(_LANGUAGE), "value.language", "a language tag"),
    "jws": (_matches(_JWS), "value.jws", "a compact JWS"),
}
