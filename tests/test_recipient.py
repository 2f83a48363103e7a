"""Is a credential about the person whom the reader expects? Row 74 of the table.

A badge hides its recipient behind a digest; whoever knows the address can compare. No
answer here makes a forged file genuine: all files are those of the school.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from attacks.workshop import (
    AT,
    answer,
    badge,
    claims,
    edc,
    jwt,
    school,
    sealed,
    subject,
)
from edc_issuer.cli import app
from edc_issuer.documents import BUNDLED
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.verify.holder import Asked
from edc_issuer.verify.recipient import MAX_COMPARED, compare
from edc_issuer.verify.run import Run
from world import issued, world

ANA = "ana.čeh@sola.example"


def hashed(identity: str, algorithm: str = "sha256", salt: str = "") -> str:
    data = (identity + salt).encode()
    return f"{algorithm}${hashlib.new(algorithm, data).hexdigest()}"


def named(value: str, **more: Any) -> dict[str, Any]:
    """An IdentityObject of Open Badges 3.0."""
    made = {
        "type": "IdentityObject",
        "hashed": "$" in value,
        "identityHash": value,
        "identityType": "emailAddress",
    } | more
    return {k: v for k, v in made.items() if v is not None}


def about(*identifiers: Any, **more: Any) -> dict[str, Any]:
    return {"credentialSubject": {"identifier": list(identifiers), **more}}


def reason(view: dict[str, Any], expected: str = ANA) -> str:
    found = compare(view, expected)
    return f"{found.status} {found.reason}"


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        pytest.param(named(hashed(ANA)), "pass recipient-matches", id="sha256"),
        pytest.param(
            named(hashed(ANA, salt="sol"), salt="sol"),
            "pass recipient-matches",
            id="sha256-salted",
        ),
        pytest.param(
            named(hashed(ANA).upper().replace("SHA256", "sha256")),
            "pass recipient-matches",
            id="digest-in-capitals",
        ),
        pytest.param(named(hashed(ANA, "md5")), "warn recipient-md5", id="md5"),
        pytest.param(named(ANA), "pass recipient-matches", id="plain"),
        pytest.param(
            named(ANA, hashed=None), "pass recipient-matches", id="plain-unmarked"
        ),
        pytest.param(
            named(hashed(ANA, salt="sol")), "fail other-recipient", id="salt-missing"
        ),
        pytest.param(
            named(hashed(ANA), salt="sol"), "fail other-recipient", id="salt-added"
        ),
        pytest.param(
            named(hashed("eva@sola.example")), "fail other-recipient", id="another"
        ),
        pytest.param(
            named("eva@sola.example"), "fail other-recipient", id="another-plain"
        ),
        pytest.param(
            named("eva@sola.example", identityType="sisId"),
            "undecided recipient-unknown",
            id="another-kind",
        ),
        pytest.param(
            named(hashed(ANA), salt=7), "pass recipient-matches", id="salt-is-a-number"
        ),
        pytest.param(
            named("sha256$"), "fail other-recipient", id="a-digest-of-nothing"
        ),
        pytest.param(named("sha1$00"), "fail other-recipient", id="sha1"),
        pytest.param("ana", "undecided recipient-unknown", id="a-word"),
        pytest.param({}, "undecided recipient-unknown", id="nothing"),
    ],
)
def test_row_74_each_way_to_name_a_recipient_is_answered(
    identifier: Any, expected: str
) -> None:
    assert reason(about(identifier)) == expected


def test_row_74_the_case_of_letters_is_told() -> None:
    """The address was hashed in small letters, or the reader wrote capitals."""
    assert reason(about(named(hashed(ANA))), "Ana.Čeh@Sola.example") == (
        "warn recipient-case"
    )
    assert reason(about(named("Ana.Čeh@sola.example"))) == "warn recipient-case"
    assert reason(about(named(hashed("Ana.Čeh@sola.example")))) == (
        "fail other-recipient"
    )


def test_one_of_several_names_is_enough_and_the_better_one_counts() -> None:
    both = about(named(hashed(ANA, "md5")), named(hashed(ANA)))

    assert reason(about(named("eva@x.si"), named(hashed(ANA)))).startswith("pass")
    assert reason(both) == "pass recipient-matches"


def test_a_badge_of_version_2_0_names_its_recipient_elsewhere() -> None:
    recipient = {
        "type": "email",
        "hashed": True,
        "salt": "sol",
        "identity": hashed(ANA, salt="sol"),
    }

    assert reason({"recipient": recipient}) == "pass recipient-matches"
    assert reason({"recipient": recipient}, "eva@x.si") == "fail other-recipient"


def test_an_edc_names_numbers_and_addresses() -> None:
    person = {
        "id": "urn:epass:person:1",
        "nationalID": {"type": "LegalIdentifier", "notation": "0101006500006"},
        "contactPoint": [{"emailAddress": [{"id": f"mailto:{ANA}"}]}],
    }
    view = {"credentialSubject": person}

    assert reason(view) == "pass recipient-matches"
    assert reason(view, "0101006500006") == "pass recipient-matches"
    assert reason(view, "0101006500007") == "fail other-recipient"
    assert reason(view, "urn:epass:person:1") == "pass recipient-matches"
    assert reason(view, "urn:epass:person:2") == "fail other-recipient"


def test_only_so_many_names_are_compared() -> None:
    many = about(*[named("eva@x.si")] * MAX_COMPARED, named(ANA))

    assert reason(many) == "fail other-recipient"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "identifier", "identityHash", "salt", "x"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_nothing_that_stands_there_makes_the_reader_stumble(value: Any) -> None:
    for view in ({"credentialSubject": value}, {"recipient": value}):
        assert compare(view, ANA).status in Status


# --- in a report ---


def verify(data: bytes, recipient: str | None) -> Report:
    asked = Asked(recipient=recipient)
    return Run(school().trust, BUNDLED, at=AT, now=AT, asked=asked).file(data)


def of_ana() -> bytes:
    person = subject(identifier=[named(hashed(ANA, salt="sol"), salt="sol")])
    return jwt(claims(badge(credentialSubject=person)))


def test_the_report_says_whether_it_is_the_one_expected() -> None:
    right, wrong = verify(of_ana(), ANA), verify(of_ana(), "eva@sola.example")
    unasked = verify(of_ana(), None)

    assert answer(right, "credential.holder") == "pass recipient-matches"
    assert right.outcome is unasked.outcome is Outcome.PASSED
    assert answer(wrong, "credential.holder") == "fail other-recipient"
    assert wrong.outcome is Outcome.FAILED
    assert answer(unasked, "credential.holder") == "skipped not-asked"


def test_the_report_does_not_repeat_the_address() -> None:
    report = verify(of_ana(), ANA)

    assert ANA not in report.to_json()
    assert report.check("credential.holder").evidence == {
        "named_by": ["email (sha256)", "id"]
    }


def test_a_seal_is_compared_as_well() -> None:
    person = edc()["credentialSubject"] | {
        "contactPoint": [
            {
                "id": "urn:epass:contactPoint:1",
                "type": "ContactPoint",
                "emailAddress": [{"id": f"mailto:{ANA}", "type": "Mailbox"}],
            }
        ]
    }
    data = sealed(credential=edc(credentialSubject=person))

    assert answer(verify(data, ANA), "credential.holder") == "pass recipient-matches"
    assert answer(verify(data, "eva@x.si"), "credential.holder") == (
        "fail other-recipient"
    )


def test_the_command_compares(tmp_path: Path) -> None:
    file = tmp_path / "značka.jsonld"
    file.write_bytes(issued("ob3-di").data)
    trust = ["--trust", str(world().trust_folder), "--allow-test", "-v"]

    for recipient, code, said in (
        ("ana.vzorec@example.org", 0, "names the recipient whom you expect"),
        ("eva.vzorec@example.org", 1, "names another recipient"),
        ("eva.vzorec@example.org", 1, "Look again at what you named"),
    ):
        shown = CliRunner().invoke(
            app, ["verify", str(file), *trust, "--recipient", recipient]
        )
        assert shown.exit_code == code, shown.output
        assert said in shown.output
