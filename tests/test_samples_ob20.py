"""Every Open Badge 2.0 among the samples, with its documented outcome and ours.

The samples are those of the public validator of 1EdTech (`samples/ob20`). Its tests put
the folder `assets` in the place of example.org, over http and https alike; here http
is not asked, so that what lies there counts only where an operator stored it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from badges2 import Web
from conftest import shared_file
from edc_issuer.models import ob2
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.verify import Verifier
from edc_issuer.verify.badge2_issuer import belongs_there, read_key

NAME = "An Example Badge Issuer"
HOME = "https://example.org/"
ISSUERS = tuple(
    TrustedIssuer(f"{HOME}{page}.json", (NAME,))
    for page in (
        "organization",
        "organization-no-public-key",
        "organization-with-revocation-list",
    )
)
# File, what the validator says of it, our outcome, and the answer that decides.
MANIFEST = (
    ("basic-assertion.json", "VALID", "PASSED", ("proof.integrity", "warn", "hosted")),
    # A hosted badge needs no key.
    (
        "basic-assertion-no-public-key.json",
        "VALID",
        "PASSED",
        ("proof.key", "pass", "hosted"),
    ),
    (
        "assertion-with-endorsements.json",
        "VALID",
        "PASSED",
        ("issuer.trusted", "pass", "named-by-you"),
    ),
    (
        "basic-assertion-expired.json",
        "INVALID",
        "FAILED",
        ("credential.validity", "fail", "expired"),
    ),
    (
        "basic-assertion-invalid-type.json",
        "INVALID",
        "FAILED",
        ("credential.content", "fail", "untyped"),
    ),
    ("simple.jwt", "VALID", "PASSED", ("proof.integrity", "pass", "")),
    (
        "simple-revoked.jwt",
        "INVALID",
        "FAILED",
        ("credential.status", "fail", "revoked"),
    ),
)


@cache
def folder() -> Path:
    return shared_file("samples/ob20")


def asset(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder() / "assets" / name).read_bytes())
    return value


def web(data: bytes) -> Web:
    """example.org over https: the assets, and the badge where it says that it lies."""
    pages: dict[str, Any] = {
        HOME + path.name: path.read_bytes()
        for path in (folder() / "assets").glob("*.json")
    }
    if data.lstrip().startswith(b"{"):
        pages[json.loads(data)["id"]] = data
    return Web(pages)


def kept() -> Trust:
    """Keys and lists at unprotected addresses, as an operator stored them today."""
    now = datetime.now(UTC)
    pages = [asset(f"key{n}.json") for n in (1, 2, 3)]
    pages += [asset("revocation-list.json"), asset("empty-revocation-list.json")]
    stored = tuple(StoredDid(page["id"], page, now, "") for page in pages)
    return Trust(issuers=ISSUERS, dids=stored)


def judged(name: str, trust: Trust) -> Report:
    data = (folder() / name).read_bytes()
    return Verifier(trust=trust, fetcher=web(data)).verify(data)


@pytest.mark.parametrize(
    ("name", "documented", "outcome", "answer"),
    MANIFEST,
    ids=[f"{row[0]}-{row[1]}" for row in MANIFEST],
)
def test_a_sample_has_its_documented_result(
    name: str, documented: str, outcome: str, answer: tuple[str, str, str]
) -> None:
    report = judged(name, kept())

    assert report.outcome.value == outcome
    check = report.check(answer[0])
    assert (check.status.value, check.reason) == answer[1:]
    assert (report.outcome is Outcome.PASSED) == (documented == "VALID")


@pytest.mark.parametrize("name", ["simple.jwt", "simple-revoked.jwt"])
def test_a_key_at_an_unprotected_address_is_not_asked_for(name: str) -> None:
    report = judged(name, Trust(issuers=ISSUERS))

    check = report.check("proof.key")
    assert (check.status.value, check.reason) == ("undecided", "not-https")
    assert report.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("row", MANIFEST, ids=[row[0] for row in MANIFEST])
def test_without_a_network_no_sample_passes_or_is_called_forged(row: Any) -> None:
    report = Verifier(trust=Trust()).verify((folder() / row[0]).read_bytes())

    known_here = row[0] == "basic-assertion-invalid-type.json"  # the file says it
    expected = Outcome.FAILED if known_here else Outcome.INDETERMINATE
    assert report.outcome is expected


def test_every_sample_is_in_the_manifest() -> None:
    files = {path.name for path in folder().iterdir() if path.is_file()}

    assert files == {row[0] for row in MANIFEST}


def test_each_endorsement_is_a_part() -> None:
    report = judged("assertion-with-endorsements.json", kept())

    assert len(report.parts) == 4
    assert all(part.format == "ob2-hosted" for part in report.parts)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_keys_of_the_samples_are_read(number: int) -> None:
    assert read_key(asset(f"key{number}.json")) is not None


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("issuer-with-allowed-origins.json", True),
        ("issuer-with-allowed-origins-valid-starts-with.json", True),
        ("issuer-with-allowed-origins-valid-multiple-starts-with.json", True),
        ("issuer-with-allowed-origins-invalid-starts-with.json", False),
        ("issuer-with-allowed-origins-invalid-multiple-starts-with.json", False),
    ],
)
def test_where_badges_lie_is_judged_as_the_samples_say(
    name: str, belongs: bool
) -> None:
    # These profiles write their context out, so that no run reads them; the rule does.
    assert belongs_there(f"{HOME}beths-robotics-badge.json", asset(name)) is belongs


@pytest.mark.parametrize(
    ("name", "kind"),
    [("robotics-badge.json", "badge"), ("badge-with-data-image.json", "badge")],
)
def test_descriptions_of_the_samples_break_no_rule(name: str, kind: str) -> None:
    view = json.loads((folder() / "basic-assertion.json").read_bytes())
    view[kind] = asset(name)

    assert list(ob2.inspect(view)) == []
