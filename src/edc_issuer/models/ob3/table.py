"""Open Badges 3.0 as one table: each class, its properties, how many, of what kind.

The table is that of the specification's data model (appendix B); the published
JSON Schema says the same.

A line of the table reads `name! range`: `!` must be there, `*` a list of any
length, `~` a list that JSON-LD compaction may have turned into a single value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from edc_issuer.models.dates import read_span
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
    "associationType": (
        "exactMatchOf exemplar hasSkillLevel isChildOf isParentOf isPartOf isPeerOf "
        "isRelatedTo precedes replacedBy"
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
# Comprehensive Learner Record 2.0, which is made of the same classes.
_CLR = """
id! uri|name! text|partial flag|evidence* Evidence|credentialSubject! ClrSubject
"""
_ENDORSEMENT = "id! uri|name! text|credentialSubject! EndorsementSubject"
# Before version 2.0 of the W3C model an endorsement needed neither id nor name.
_ENDORSEMENT_1_1 = "id uri|name text|credentialSubject! EndorsementSubject"
_TABLE: dict[str, str] = {
    "Clr": f"{_CREDENTIAL}|{_V2}|{_CLR}",
    "Clr 1.1": f"{_CREDENTIAL}|{_V1}|{_CLR}",
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
    "ClrSubject": """
        id uri|identifier* IdentityObject|achievement* Achievement
        verifiableCredential!* credential|association* Association""",
    "Association": "associationType! associationType|sourceId! uri|targetId! uri",
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
ONE_TYPE = frozenset(
    {"Association", "GeoCoordinates", "Image", "IdentifierEntry", "IdentityObject"}
)
SEALED = frozenset({"Image", "IdentifierEntry", "IdentityObject"})
ANY_TYPE = frozenset({"Proof", "IdTyped", "Typed"})
NO_TYPE = frozenset({"Criteria"})
CLASSES = frozenset({*_TABLE, "ProfileRef"})


@dataclass(frozen=True, slots=True)
class Property:
    """One row: how often a property may stand and what it holds.

    `holds` tells whether one value is of the range; None where that is a class.
    """

    name: str
    range: str
    required: bool
    many: bool
    compactable: bool
    holds: Callable[[object], bool] | None


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
            holds=None if row[3] in CLASSES else _test(row[3]),
        )
        for row in rows
        if row is not None
    }


@cache
def enumeration(name: str) -> frozenset[str]:
    """The values that the specification lists; most may be extended by `ext:`."""
    return frozenset(_VALUES[name].split())


def advice(kind: str) -> tuple[str, str]:
    """The code and the words for a value that is not of a scalar range."""
    if kind in _VALUES:
        return "value.enum", f"is no value of {kind}"
    return _SCALARS[kind][1], f"must be {_SCALARS[kind][2]}"


def _test(kind: str) -> Callable[[object], bool]:
    if kind in _VALUES:
        return lambda value: isinstance(value, str) and _in_enumeration(value, kind)
    return _SCALARS[kind][0]


def _in_enumeration(value: str, kind: str) -> bool:
    if value in enumeration(kind):
        return True
    return kind not in _CLOSED and _EXTENSION.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    # The context of the learner record names a datatype by a prefix that it does not
    # define, so that a reader of the graph sees a text.
    return isinstance(value, bool) or value in ("true", "false")


def _is_credential(value: object) -> bool:
    # What it says is judged by itself; beside its proof it is not gone into here.
    return isinstance(value, dict | str)


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
    "flag": (_is_flag, "value.kind", "true or false"),
    "uri": (is_absolute_uri, "value.uri", "an absolute URI"),
    "time": (_is_time, "value.time", "a date and time with its zone"),
    "when": (_is_text, "value.kind", "a text"),
    "day": (_is_day, "value.time", "a date"),
    "language": (_matches(_LANGUAGE), "value.language", "a language tag"),
    "jws": (_matches(_JWS), "value.jws", "a compact JWS"),
    "credential": (_is_credential, "value.kind", "a credential"),
}
