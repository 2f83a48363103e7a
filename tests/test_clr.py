"""Comprehensive Learner Records: the envelope and what is in it, each on its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from attacks.workshop import (
    OB,
    SL_NAME,
    V2,
    achievement,
    answer,
    attacker,
    badge,
    changed,
    claims,
    encoded,
    jwt,
    proof_options,
    proved,
    school,
    signs,
    verify,
)
from conftest import shared_file
from edc_issuer.carriers import bake, unbake
from edc_issuer.cli import app
from edc_issuer.documents import BUNDLED
from edc_issuer.models.clr import LEARNER_RECORD
from edc_issuer.report import Outcome, exit_code, overall
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from pictures import png
from tool_loader import tool

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
CLR_2_0 = "https://purl.imsglobal.org/spec/clr/v2p0/context.json"


def subject(**changes: Any) -> dict[str, Any]:
    parts = [
        "https://zgled.example/achievements/bees",
        "https://zgled.example/achievements/honey",
    ]
    return changed(
        {
            "id": "urn:uuid:5b0f7a11-6d1f-4f2a-9d57-5f0c6f1e0f6a",
            "type": ["ClrSubject"],
            "verifiableCredential": [proved()],
            "achievement": [
                achievement(),
                achievement(id=parts[1], name="Točenje medu", tag=None),
            ],
            "association": [
                {
                    "type": "Association",
                    "associationType": "isParentOf",
                    "sourceId": parts[0],
                    "targetId": parts[1],
                }
            ],
        },
        changes,
    )


def record(**changes: Any) -> dict[str, Any]:
    """A learner record of the school, with a badge of the school in it."""
    return changed(
        {
            "@context": [V2, CLR, OB],
            "id": "urn:uuid:1c7f35b5-0a7a-4c54-8bd4-0cbd2d6f4f0f",
            "type": ["VerifiableCredential", "ClrCredential"],
            "name": "Листа достигнућа: čebelarjenje",
            "issuer": {
                "id": school().badge.did,
                "type": ["Profile"],
                "name": SL_NAME,
            },
            "validFrom": "2025-06-21T00:00:00+02:00",
            "partial": True,
            "credentialSubject": subject(),
        },
        changes,
    )


# The badge inside has the achievement of the record, with its list under one id.
_SOUND = ("pass", "warn one-id-two-objects")


def forged_badge() -> dict[str, Any]:
    """A badge in the school's name under somebody else's key."""
    options = proof_options(verificationMethod=f"{attacker().did}#x")
    method = f"{attacker().did}#{attacker().did.removeprefix('did:key:')}"
    options = proof_options(verificationMethod=method)
    return proved(badge(name="Doktorat"), options, sign=signs(attacker()))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: encoded(proved(record())), id="data-integrity"),
        pytest.param(lambda: jwt(claims(record())), id="jwt"),
    ],
)
def test_a_record_is_verified_by_its_own_proof(make: Callable[[], bytes]) -> None:
    report = verify(make())

    assert report.outcome is Outcome.PASSED
    assert report.model == "clr"
    assert answer(report, "credential.model") == "pass"
    assert answer(report, "credential.content") in _SOUND
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]
    assert report.parts[0].model == "ob3"


def test_the_words_name_the_kind_and_show_the_parts() -> None:
    said = verify(encoded(proved(record()))).to_text(language="en", verbose=True)

    assert "Čebelarjenje" in said
    assert "Part 1 of 1" in said


def test_a_changed_record_fails_beside_its_twin() -> None:
    honest = proved(record())
    forged = {**honest, "name": "Vse z odliko"}

    assert verify(encoded(honest)).outcome is Outcome.PASSED
    assert answer(verify(encoded(forged)), "proof.integrity") == "fail signature"


def test_a_record_says_nothing_about_who_signed_what_is_in_it() -> None:
    honest = proved(record())
    forged = proved(
        record(credentialSubject=subject(verifiableCredential=[forged_badge()]))
    )

    good, bad = verify(encoded(honest)), verify(encoded(forged))

    assert good.parts[0].outcome is Outcome.PASSED
    assert bad.parts[0].outcome is not Outcome.PASSED
    assert bad.content is not None
    inside = bad.content["credentialSubject"]["verifiableCredential"]
    assert inside == [{"part": 0}]


def test_a_record_is_passed_only_where_all_that_is_in_it_is() -> None:
    """Who reads one word or one exit code must not be told yes about a forged badge."""
    forged = proved(
        record(credentialSubject=subject(verifiableCredential=[forged_badge()]))
    )
    good, bad = verify(encoded(proved(record()))), verify(encoded(forged))

    assert (good.outcome, overall(good)) == (Outcome.PASSED, Outcome.PASSED)
    assert (bad.outcome, overall(bad)) == (Outcome.PASSED, Outcome.INDETERMINATE)
    assert exit_code([good], allow_test=True) == 0
    assert exit_code([bad], allow_test=True) == 3
    assert "NOT CONFIRMED" in bad.to_text()
    assert "Not every credential in this record" in bad.to_text()
    assert "Not every credential in this record" not in good.to_text()


def test_an_unsigned_badge_inside_is_told_as_one() -> None:
    bare = proved(record(credentialSubject=subject(verifiableCredential=[badge()])))

    report = verify(encoded(bare))

    assert answer(report.parts[0], "proof.key") == "undecided unsigned"


def test_a_badge_inside_may_be_a_jwt() -> None:
    inside = subject(verifiableCredential=[jwt().decode()])

    report = verify(jwt(claims(record(credentialSubject=inside))))

    assert [part.format for part in report.parts] == ["jwt"]
    assert report.parts[0].outcome is Outcome.PASSED


def test_an_older_context_is_told() -> None:
    old = record(**{"@context": [V2, CLR_2_0, OB], "partial": None})

    report = verify(encoded(proved(old)))

    assert answer(report, "proof.integrity") == "pass"
    assert answer(report, "credential.model") == "warn older-version"


# Rules


def codes(credential: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.path, one.code) for one in LEARNER_RECORD.inspect(credential)}


def test_an_honest_record_breaks_no_rule() -> None:
    assert codes(record()) == set()


@pytest.mark.parametrize("name", ["id", "name", "issuer", "validFrom"])
def test_what_a_record_must_have_is_missed(name: str) -> None:
    assert any(path == f"/{name}" for path, _ in codes(record(**{name: None})))


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        (
            {"verifiableCredential": None},
            "/credentialSubject/verifiableCredential",
            "property.missing",
        ),
        (
            {"verifiableCredential": [5]},
            "/credentialSubject/verifiableCredential/0",
            "value.kind",
        ),
        ({"type": ["Person"]}, "/credentialSubject/type", "node.type"),
        (
            {"achievement": [achievement(name=None)]},
            "/credentialSubject/achievement/0/name",
            "property.missing",
        ),
        (
            {"association": [{"type": "Association", "associationType": "isParentOf"}]},
            "/credentialSubject/association/0/sourceId",
            "property.missing",
        ),
        (
            {
                "association": [
                    {
                        "type": "Association",
                        "associationType": "isAuntOf",
                        "sourceId": "urn:a:1",
                        "targetId": "urn:a:2",
                    }
                ]
            },
            "/credentialSubject/association/0/associationType",
            "value.enum",
        ),
    ],
)
def test_what_breaks_a_rule_of_the_subject_is_told(
    changes: dict[str, Any], path: str, code: str
) -> None:
    assert (path, code) in codes(record(credentialSubject=subject(**changes)))


@pytest.mark.parametrize(("value", "is_told"), [(True, False), (5, True), ("x", True)])
def test_whether_a_record_is_partial_is_true_or_false(
    value: object, is_told: bool
) -> None:
    assert (("/partial", "value.kind") in codes(record(partial=value))) is is_told


def test_the_contexts_of_a_record_are_its_own() -> None:
    other = record(**{"@context": [V2, OB]})

    assert ("/@context", "context.clr") in codes(other)


def test_nothing_in_a_record_makes_the_rules_raise() -> None:
    values: tuple[Any, ...] = (None, 5, "x", [], [None], {"a": []}, [[{}]])
    for value in values:
        for name in ("credentialSubject", "issuer", "partial", "@context", "type"):
            list(LEARNER_RECORD.inspect({**record(), name: value}))


# Contexts, samples, pictures


@pytest.mark.parametrize(
    ("url", "official"),
    [(CLR, "clr-v2p0-2.0.1.json"), (CLR_2_0, "clr-v2p0.json")],
)
def test_each_term_means_what_the_official_context_says(
    url: str, official: str
) -> None:
    published = shared_file(f"standards/contexts/{official}").read_bytes()

    assert BUNDLED.get(url) == json.loads(published)


def test_the_contexts_are_those_that_the_tool_writes() -> None:
    assert tool("make_clr_contexts").main(["--check"]) == 0


SAMPLES = (
    # file, what the validator says, our outcome, and the answer that decides
    ("simple.json", "VALID", "undecided key-only-in-file", "issuer.identified"),
    ("simple.json", "VALID", "pass", "proof.integrity"),
    ("simple.json", "VALID", "pass", "credential.model"),
    # Its key stands in the fragment of a URN, which is nobody's address.
    ("simple_v1.json", "WARNING", "undecided key-not-at-hand", "proof.key"),
    ("simple_v1.json", "WARNING", "warn older-version", "credential.model"),
)


@pytest.mark.parametrize(("name", "documented", "expected", "check_id"), SAMPLES)
def test_a_sample_of_1edtech_has_its_documented_result(
    name: str, documented: str, expected: str, check_id: str
) -> None:
    data = shared_file(f"samples/clr20/{name}").read_bytes()

    report = Verifier(trust=Trust()).verify(data)

    assert documented in ("VALID", "WARNING")
    assert report.outcome is Outcome.INDETERMINATE  # nobody vouches for Example Corp
    assert report.model == "clr"
    assert answer(report, check_id) == expected


@pytest.mark.parametrize(("name", "parts"), [("simple.json", 1), ("simple_v1.json", 6)])
def test_each_credential_in_a_sample_is_a_part(name: str, parts: int) -> None:
    data = shared_file(f"samples/clr20/{name}").read_bytes()

    report = Verifier(trust=Trust()).verify(data)

    assert [part.model for part in report.parts] == ["ob3"] * parts


def test_a_record_in_a_picture_is_judged_as_the_record() -> None:
    data = encoded(proved(record()))

    picture = bake(png(), data)

    assert unbake(picture).kind.id == "clr"
    report = verify(picture)
    assert (report.outcome, report.carrier) == (Outcome.PASSED, "png")


def test_the_command_check_knows_the_rules_of_a_record(tmp_path: Path) -> None:
    file = tmp_path / "zapis.json"
    file.write_bytes(encoded(proved(record())))
    good = CliRunner().invoke(app, ["check", str(file), "--lang", "en"])
    file.write_bytes(encoded(proved(record(name=None))))
    bad = CliRunner().invoke(app, ["check", str(file), "--lang", "en"])

    assert (good.exit_code, bad.exit_code) == (0, 1), (good.output, bad.output)
    assert "/name" in bad.output
