"""What the Commission's own issuer is handed: the upload JSON of each award."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.errors import RecordError
from edc_issuer.models.elm.upload import export_upload
from edc_issuer.record import CredentialRecord
from rows import SET, class_of, save, text_of

RECORDS = SET.parent / "records"
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
RUN = CliRunner()


def record(name: str = "scouts4green_ecological", **more: object) -> CredentialRecord:
    data = json.loads((RECORDS / f"{name}.json").read_text("utf-8"))
    return CredentialRecord.from_dict(data | more)


def test_the_upload_holds_the_credential_and_where_it_goes() -> None:
    upload = export_upload(record(), at=AT)

    assert list(upload) == ["credential", "deliveryDetails"]
    assert upload["deliveryDetails"] == {"deliveryAddress": ["ana.vzorec@example.org"]}
    credential = upload["credential"]
    assert "EuropeanDigitalCredential" in credential["type"]
    assert credential["credentialSubject"]["givenName"]["sl"] == "Ana"
    assert "proof" not in credential


def test_other_addresses_take_the_place_of_the_learners() -> None:
    wanted = ["tajnistvo@sc-zgled.example", "https://europa.eu/europass/wallet/7"]

    upload = export_upload(record(), at=AT, addresses=wanted)

    assert upload["deliveryDetails"]["deliveryAddress"] == wanted


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        pytest.param([], "upload.no-address", id="none"),
        pytest.param(["a@b.si", "c@d.si", "e@f.si"], "upload.addresses", id="three"),
        pytest.param(["pošta"], "upload.address", id="no-address"),
        pytest.param(["http://wallet.example"], "upload.address", id="not-https"),
        pytest.param(["a@b.si\r\nBcc: c@d.si"], "upload.address", id="header"),
    ],
)
def test_addresses_that_their_issuer_refuses_are_refused(
    addresses: list[str], code: str
) -> None:
    with pytest.raises(RecordError) as refused:
        export_upload(record(), at=AT, addresses=addresses)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_learner_without_an_address_is_told() -> None:
    learner = {"given_name": "Žiga", "family_name": "Čuš"}

    with pytest.raises(RecordError) as refused:
        export_upload(record(learner=learner), at=AT)

    assert [problem.path for problem in refused.value.problems] == ["learner.email"]


def test_a_sheet_becomes_one_file_an_award(tmp_path: Path) -> None:
    sheet = save(tmp_path, text_of(class_of(3, email="")))
    out = tmp_path / "oddaja"

    ran = RUN.invoke(
        app, ["export-upload", str(sheet), "--out", str(out), "--lang", "sl"]
    )

    assert ran.exit_code == 1
    assert {path.name for path in out.iterdir()} == {
        "ECO-1.upload.json",
        "ECO-3.upload.json",
    }
    upload = json.loads((out / "ECO-1.upload.json").read_text("utf-8"))
    assert upload["deliveryDetails"]["deliveryAddress"] == ["ana.vzorec@example.org"]
    assert "razred.csv 3" in ran.stderr


def test_attachments_travel_inside(tmp_path: Path) -> None:
    ran = RUN.invoke(
        app,
        [
            "export-upload",
            str(RECORDS / "scouts4green_stacked.json"),
            "--out",
            str(tmp_path),
        ],
    )

    assert ran.exit_code == 0, ran.output
    [file] = tmp_path.iterdir()
    assert "JVBERi0" in file.read_text("utf-8")  # %PDF- in base64


def test_a_sheet_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    sheet = save(tmp_path, "Ime;Priimk\nAna;Vzorec\n")

    ran = RUN.invoke(app, ["export-upload", str(sheet), "--out", str(tmp_path / "o")])

    assert ran.exit_code != 0
    assert "Priimek" in str(ran.exception)
