"""Endorsements in a badge: each with a verdict of its own, and what it speaks of.

Row 66 of the attack table stands here: every attack beside the endorsement that is
PASSED, in a badge that is PASSED with either. Open Badges 3.0, EndorsementCredential.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from attacks.workshop import (
    AT,
    OB,
    SL_NAME,
    V2,
    Json,
    achievement,
    answer,
    attacker,
    badge,
    changed,
    claims,
    encoded,
    jwt,
    jwt_header,
    method_of,
    proof_options,
    proved,
    school,
    signs,
    subject,
    verify,
)
from counted import grows_with_size
from edc_issuer.documents import BUNDLED
from edc_issuer.report import Outcome, Report
from edc_issuer.verify.nested import FURTHER_WORK, LABORIOUS, MAX_PARTS
from edc_issuer.verify.run import Run

ACHIEVEMENT = achievement()["id"]
Endorse = Callable[[Json], Json]


def endorsement(about: str | None = ACHIEVEMENT, **changes: Any) -> Json:
    """What the school says in praise of something; `changes` replace its members."""
    praised = {
        "id": about,
        "type": ["EndorsementSubject"],
        "endorsementComment": "Čebelarji jo cenijo. Пчелари је цене.",
    }
    return changed(
        {
            "@context": [V2, OB],
            "id": "urn:uuid:2f0c6f1e-0f6a-4f2a-9d57-6d1f5b0f7a66",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Priporočilo čebelarske zveze",
            "issuer": {
                "id": school().badge.did,
                "type": ["Profile"],
                "name": SL_NAME,
            },
            "validFrom": "2025-06-20T00:00:00+02:00",
            "credentialSubject": changed(praised, {}),
        },
        changes,
    )


def by_attacker(document: Json) -> Json:
    """Signed with somebody else's key in the school's name."""
    options = proof_options(verificationMethod=method_of(attacker()))
    return proved(document, options, sign=signs(attacker()))


def flipped(document: Json) -> Json:
    """Signed by the school and changed afterwards."""
    return {**proved(document), "name": "Priporočilo ministrstva"}


def in_one_line(document: Json) -> str:
    return jwt(claims(document)).decode()


def on_credential(inner: Any, key: str = "endorsement") -> Json:
    return badge(**{key: [inner]})


def on_achievement(inner: Any, key: str = "endorsement") -> Json:
    return badge(credentialSubject=subject(achievement=achievement(**{key: [inner]})))


def on_issuer(inner: Any, key: str = "endorsement") -> Json:
    return badge(issuer={**badge()["issuer"], key: [inner]})


def on_creator(inner: Any, key: str = "endorsement") -> Json:
    creator = {"id": "https://zveza.example", "type": ["Profile"], key: [inner]}
    return badge(credentialSubject=subject(achievement=achievement(creator=creator)))


PLACES = (on_credential, on_achievement, on_issuer, on_creator)


def signed(document: Json) -> bytes:
    """The badge around it, as the school signs it."""
    return jwt(claims(document))


# --- row 66: endorsements that are worth nothing ------------------------------------


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("worthless", "outcome", "why"),
    [
        pytest.param(
            endorsement(),
            Outcome.INDETERMINATE,
            "proof.key undecided unsigned",
            id="unsigned",
        ),
        pytest.param(
            by_attacker(endorsement()),
            Outcome.INDETERMINATE,
            "issuer.identified undecided key-not-listed-now",
            id="by-another-key",
        ),
        pytest.param(
            flipped(endorsement()),
            Outcome.FAILED,
            "proof.integrity fail signature",
            id="changed",
        ),
        pytest.param(
            proved(endorsement("https://zgled.example/achievements/wax")),
            Outcome.INDETERMINATE,
            "credential.model undecided endorses-another",
            id="for-another-achievement",
        ),
    ],
)
def test_66_a_worthless_endorsement_is_told_and_colours_nothing(
    place: Callable[[Any], Json], worthless: Json, outcome: Outcome, why: str
) -> None:
    honest = verify(signed(place(proved(endorsement()))))
    attack = verify(signed(place(worthless)))

    assert [honest.outcome, honest.parts[0].outcome] == [Outcome.PASSED] * 2
    assert [attack.outcome, attack.parts[0].outcome] == [Outcome.PASSED, outcome]
    check_id = why.split(" ")[0]
    assert f"{check_id} {answer(attack.parts[0], check_id)}" == why


@pytest.mark.parametrize("form", [encoded, signed], ids=["embedded", "jwt"])
def test_66_a_tree_is_shown_and_each_part_under_its_own_verdict(
    form: Callable[[Json], bytes],
) -> None:
    inner = proved(endorsement(endorsement=[flipped(endorsement())]))
    around = badge(endorsement=[inner, proved(endorsement("urn:x:other"))])

    report = verify(form(proved(around) if form is encoded else around))

    assert report.outcome is Outcome.PASSED
    assert [part.outcome for part in report.parts] == [
        Outcome.PASSED,
        Outcome.INDETERMINATE,
    ]
    (deep,) = report.parts[0].parts
    assert deep.outcome is Outcome.FAILED
    assert report.content is not None
    assert report.content["endorsement"] == [{"part": 0}, {"part": 1}]
    lines = report.to_text().splitlines()
    assert "Part 1 of 2" in lines
    assert "  Part 1 of 1" in lines
    assert "Part 2 of 2" in lines
    assert "ministrstva" not in report.to_text()


@pytest.mark.parametrize("place", PLACES)
def test_an_endorsement_in_one_line_is_verified_in_every_place(
    place: Callable[..., Json],
) -> None:
    good, forged = in_one_line(endorsement()), in_one_line(endorsement())
    head, body, _ = forged.split(".")

    honest = verify(signed(place(good, "endorsementJwt")))
    attack = verify(signed(place(f"{head}.{body}.AAAA", "endorsementJwt")))

    assert [part.outcome for part in honest.parts] == [Outcome.PASSED]
    assert [part.outcome for part in attack.parts] == [Outcome.FAILED]
    assert attack.outcome is Outcome.PASSED


# --- of what it may speak -----------------------------------------------------------


@pytest.mark.parametrize(
    "about",
    [
        pytest.param(ACHIEVEMENT, id="achievement"),
        pytest.param(
            f" {ACHIEVEMENT.replace('bees', 'b%65es')} ", id="spelt-otherwise"
        ),
        pytest.param(badge()["id"], id="credential"),
        pytest.param(badge()["issuer"]["id"], id="issuer"),
        pytest.param(badge()["credentialSubject"]["id"], id="recipient"),
        pytest.param("https://zveza.example", id="creator"),
    ],
)
def test_an_endorsement_may_speak_of_whatever_the_badge_is_made_of(about: str) -> None:
    creator = {"id": "https://zveza.example", "type": ["Profile"]}
    around = badge(
        credentialSubject=subject(achievement=achievement(creator=creator)),
        endorsementJwt=[jwt(claims(endorsement(about))).decode()],
    )

    report = verify(signed(around))

    assert report.parts[0].check("credential.model").status == "pass"


@pytest.mark.parametrize(
    "mention",
    [
        {"related": [{"id": "urn:x:other", "type": ["Related", "Achievement"]}]},
        {
            "alignment": [
                {
                    "id": "urn:x:other",
                    "type": ["Alignment", "Achievement"],
                    "targetName": "Vosek",
                    "targetUrl": "urn:x:other",
                }
            ]
        },
        {"criteria": {"id": "urn:x:other", "narrative": "Oskrbuje panj."}},
    ],
    ids=["related", "alignment", "criteria"],
)
def test_to_mention_a_thing_is_not_to_award_it(mention: Json) -> None:
    praised = endorsement("urn:x:other")
    around = badge(
        credentialSubject=subject(achievement=achievement(**mention)),
        endorsement=[proved(praised)],
    )

    report = verify(signed(around))

    assert answer(report.parts[0], "credential.model") == "undecided endorses-another"
    assert report.outcome is Outcome.PASSED


def test_of_an_unproved_endorsement_nothing_is_compared() -> None:
    report = verify(signed(badge(endorsement=[flipped(endorsement("urn:x:other"))])))

    assert answer(report.parts[0], "credential.model") == "pass"
    assert report.parts[0].outcome is Outcome.FAILED


def test_a_credential_that_a_presentation_holds_is_no_endorsement() -> None:
    held = jwt(claims(endorsement("urn:x:other"))).decode()
    document = {"@context": [V2], "type": ["VerifiablePresentation"]}
    envelope = {
        "@context": V2,
        "id": f"data:application/vc+jwt,{held}",
        "type": "EnvelopedVerifiableCredential",
    }
    payload = document | {"verifiableCredential": [envelope]}

    report = verify(jwt(payload, header=jwt_header(typ="vp+jwt")))

    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


# --- how many ----------------------------------------------------------------------


def crowd(count: int) -> list[Json]:
    """So many endorsements, each another one."""
    names = (f"urn:uuid:2f0c6f1e-0f6a-4f2a-9d57-{n:012d}" for n in range(count))
    return [proved(endorsement(id=name)) for name in names]


@pytest.mark.slow
def test_a_thousand_endorsements_are_all_verified() -> None:
    forged = {**crowd(1)[0], "name": "Priporočilo ministrstva"}
    around = badge(endorsement=[*crowd(999), forged])

    for data in (encoded(proved(around)), signed(around)):
        report = verify(data)

        assert report.outcome is Outcome.PASSED
        outcomes = [part.outcome for part in report.parts]
        assert outcomes == [Outcome.PASSED] * 999 + [Outcome.FAILED]


def test_the_work_grows_with_the_number_of_endorsements() -> None:
    def work(size: int) -> Callable[[], object]:
        data = encoded(proved(badge(endorsement=crowd(size))))
        return lambda: verify(data)

    assert grows_with_size(work, 20)


def test_more_than_are_verified_are_told_and_end() -> None:
    bare = {"type": ["VerifiableCredential", "EndorsementCredential"]}
    around = badge(endorsement=[bare] * (MAX_PARTS + 5))

    report = verify(signed(around))

    assert len(report.parts) == MAX_PARTS
    assert answer(report, "format.wellformed") == "warn parts-unchecked"
    assert report.check("format.wellformed").evidence["unchecked"] == 5
    assert "was not checked" in report.to_text(language="en")
    assert report.content is not None
    assert report.content["endorsement"][MAX_PARTS:] == [{"part": "too many"}] * 5


def alike(rows: int, each: int) -> Json:
    """A signed endorsement of things that nothing tells apart: hard to canonicalize."""
    marks = [
        {
            "type": ["Alignment"],
            "targetName": "Panj",
            "targetUrl": "https://zgled.example/panj",
        }
        for _ in range(each)
    ]
    results = [{"type": ["Result"], "alignment": marks} for _ in range(rows)]
    document = badge(credentialSubject=subject(result=results))
    return proved(document)


def test_the_many_may_not_be_as_laborious_as_one() -> None:
    hard = json.dumps(alike(2, 6), ensure_ascii=False)
    few = badge(endorsementJwt=[hard])
    many = badge(endorsementJwt=["x"] * LABORIOUS + [hard] * 3)

    first, later = verify(signed(few)), verify(signed(many))

    assert FURTHER_WORK < 10_000
    assert answer(first.parts[0], "proof.integrity") == "pass"
    for part in later.parts[LABORIOUS:]:
        assert answer(part, "format.wellformed") == "fail limits.canonicalization"
    assert later.outcome is Outcome.PASSED


def all_of(report: Report) -> Iterator[Report]:
    yield report
    for part in report.parts:
        yield from all_of(part)


def test_no_endorsement_of_any_shape_stops_the_verifier() -> None:
    shapes: list[Any] = [
        {},
        [],
        7,
        "",
        {"credentialSubject": [7, {"id": 7}, {"id": []}]},
        {"@context": [V2, OB], "proof": {}},
    ]
    run = Run(school().trust, BUNDLED, at=AT, now=AT)
    for shape in shapes:
        report = run.file(signed(badge(endorsement=[shape], endorsementJwt=[shape])))

        assert report.check("proof.integrity").status == "pass"
        assert all(
            check.reason != "internal-error"
            for one in all_of(report)
            for check in one.checks
        )
