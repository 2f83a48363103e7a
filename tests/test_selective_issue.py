"""From a record to a badge that can be shown in part, and to a copy of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner, Result

import edc_issuer
from conftest import shared_file
from edc_issuer import (
    PROFILES,
    CredentialRecord,
    IssuedFile,
    Issuer,
    IssuerSpec,
    RecordError,
    issue_all,
    open_signer,
)
from edc_issuer.cli import app
from edc_issuer.formats.selective.proof_value import BaseProofValue
from edc_issuer.keys.did import own_identity
from edc_issuer.report import Outcome, Report
from edc_issuer.status import Published, StatusBook, publish
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from statuses import Answering
from world import NAMES, record_dict

KEY = ec.derive_private_key(9, ec.SECP256R1())
IDENTITY = own_identity(KEY.public_key())
OPTIONS = {"cryptosuite": "ecdsa-sd-2023"}
AT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def with_an_end(**changes: Any) -> dict[str, Any]:
    value = record_dict()
    value["award"]["valid_until"] = "2036-01-15"
    return {**value, **changes}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "ključ.pem"
    path.write_bytes(
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    path.chmod(0o600)
    return path


def issue(key: Path, record: dict[str, Any]) -> edc_issuer.Issued:
    with open_signer(f"file:{key}", secret=lambda prompt: "") as signer:
        issuer = Issuer(profile=PROFILES["ob3-di"], signer=signer, options=OPTIONS)
        return issuer.issue(CredentialRecord.from_dict(record), at=AT)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_record_becomes_a_badge_whose_parts_can_be_shown(key: Path) -> None:
    issued = issue(key, with_an_end())
    places = edc_issuer.revealable(issued.data)
    name = "/credentialSubject/achievement/name"

    copy = edc_issuer.derive(issued.data, reveal=[name])

    value = BaseProofValue.parse(json.loads(issued.data)["proof"][0]["proofValue"])
    assert value.mandatory_pointers == ("/type", "/issuer", "/validFrom", "/validUntil")
    assert name in {place.pointer for place in places}
    assert copy.confirmed
    shown = json.loads(copy.data)["credentialSubject"]["achievement"]
    assert set(shown) <= {"id", "type", "name"}


def test_issuing_says_for_whom_the_file_is_and_what_it_lacks(key: Path) -> None:
    codes = [notice.code for notice in issue(key, with_an_end()).notices]

    assert codes == ["for-the-learner", "part-without-status"]


def test_a_copy_of_a_badge_with_end_and_status_is_passed_until_it_is_revoked(
    key: Path, tmp_path: Path
) -> None:
    address = "https://zgled.example/status"
    trust = Trust(issuers=(TrustedIssuer(IDENTITY.did, NAMES, test=True),), test=True)
    with (
        StatusBook.create(tmp_path / "book.sqlite", url=address) as book,
        open_signer(f"file:{key}", secret=lambda prompt: "") as signer,
    ):
        issuer = Issuer(
            profile=PROFILES["ob3-di"], signer=signer, options=OPTIONS, status=book
        )
        issued = issuer.issue(CredentialRecord.from_dict(with_an_end()))
        before = publish(book, signer)
        book.revoke(issued.credential["id"], "pomota", by="tajništvo")
        after = publish(book, signer)
    copy = edc_issuer.derive(issued.data, reveal=["/credentialSubject/achievement"])

    def found(lists: tuple[Published, ...]) -> Report:
        answers = {listed.url: listed.data for listed in lists}
        verifier = Verifier(trust=trust, fetcher=Answering(answers))
        return verifier.verify(copy.data)

    assert [notice.code for notice in issued.notices] == ["for-the-learner"]
    assert found(before).outcome is Outcome.PASSED
    assert found(after).outcome is Outcome.FAILED
    assert found(after).check("credential.status").reason == "revoked"


def test_each_place_of_a_real_badge_can_be_shown_alone(key: Path) -> None:
    issued = issue(key, with_an_end())
    places = [place.pointer for place in edc_issuer.revealable(issued.data)]

    assert len(places) > 20
    for pointer in places[::7]:
        assert edc_issuer.derive(issued.data, reveal=[pointer]).confirmed
    assert edc_issuer.derive(issued.data, reveal=places).confirmed


def test_a_copy_shows_whom_it_is_from_and_leaves_the_status_open(key: Path) -> None:
    issued = issue(key, with_an_end())
    trust = Trust(issuers=(TrustedIssuer(IDENTITY.did, NAMES, test=True),), test=True)
    copy = edc_issuer.derive(issued.data, reveal=["/credentialSubject"])

    found = Verifier(trust=trust).verify(copy.data)

    assert found.check("issuer.identified").status == "pass"
    assert found.check("credential.status").reason == "may-be-withheld"
    assert found.outcome is Outcome.INDETERMINATE


def test_a_record_without_an_end_is_refused_in_the_readers_language(
    key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = record_dict()
    endless["award"].pop("valid_until", None)
    file = tmp_path / "zapis.json"
    file.write_text(json.dumps(endless), encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "sl_SI.UTF-8")

    with pytest.raises(RecordError):
        issue(key, endless)
    (problem,) = problems_of(key, endless)

    assert problem.code == "selective.endless"
    from edc_issuer.messages import Messages

    assert "konec veljavnosti ali status" in Messages("sl").problem(problem)


def problems_of(key: Path, record: dict[str, Any]) -> tuple[edc_issuer.Problem, ...]:
    try:
        issue(key, record)
    except RecordError as error:
        return error.problems
    return ()


def test_from_the_record_to_the_copy_on_the_command_line(
    key: Path, tmp_path: Path
) -> None:
    file, out = tmp_path / "zapis.json", tmp_path / "izdano"
    file.write_text(json.dumps(with_an_end()), encoding="utf-8")

    made = run(
        *("issue", file, "--as", "ob3-di", "--key", f"file:{key}", "--out", out),
        *("--cryptosuite", "ecdsa-sd-2023"),
    )
    assert made.exit_code == 0, made.output
    (badge,) = out.glob("*.jsonld")
    listed = run("derive", badge, "--list")
    derived = run("derive", badge, "--reveal", "/credentialSubject/achievement/name")
    (tmp_path / "nobody").mkdir()
    verified = run("verify", derived.stdout.strip(), "--trust", tmp_path / "nobody")

    assert listed.exit_code == 0
    assert derived.exit_code == 0, derived.output
    assert verified.exit_code == 3


def test_the_sample_of_1edtech_is_intact_and_its_key_only_in_the_file() -> None:
    data = shared_file("samples/ob30/sd/derivedcredential.json").read_bytes()

    found = Verifier(trust=Trust()).verify(data)

    check = found.check("proof.integrity")
    assert (check.status, check.reason) == ("pass", "disclosed-part")
    assert found.check("issuer.identified").reason == "key-only-in-file"
    assert found.check("credential.validity").reason == "may-be-withheld"
    assert found.check("credential.status").reason == "may-be-withheld"
    assert found.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.update(validFrom="2011-01-01T00:00:00Z"), id="date"),
        pytest.param(
            lambda d: d["credentialSubject"]["achievement"].update(name="Тимски рад"),
            id="name",
        ),
        pytest.param(lambda d: d["credentialSubject"].pop("id"), id="no-learner"),
    ],
)
def test_the_sample_of_1edtech_changed_fails(change: Any) -> None:
    data = shared_file("samples/ob30/sd/derivedcredential.json").read_bytes()
    document = json.loads(data)
    change(document)
    verifier = Verifier(trust=Trust())

    found = verifier.verify(json.dumps(document).encode())

    assert verifier.verify(data).check("proof.integrity").status == "pass"
    assert found.outcome is Outcome.FAILED


def test_a_class_of_such_badges_is_issued_once_and_found_again(
    key: Path, tmp_path: Path
) -> None:
    spec = IssuerSpec("ob3-di", f"file:{key}", options=OPTIONS)
    records = [
        CredentialRecord.from_dict(with_an_end(record_id=f"dosežek-{number}"))
        for number in (1, 2)
    ]
    journal, out = tmp_path / "junij.journal", tmp_path / "out"

    first = list(issue_all(spec, records, journal=journal, out=out))
    made = {path.name: path.read_bytes() for path in out.iterdir()}
    journal.unlink()
    again = list(issue_all(spec, records, journal=journal, out=out))

    assert len(made) == 2
    assert all(isinstance(done, IssuedFile) for done in (*first, *again))
    assert made == {path.name: path.read_bytes() for path in out.iterdir()}
