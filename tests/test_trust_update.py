"""`edc-issuer trust update`, over a server on loopback and from a folder.

One test walks the whole way of somebody who has just installed the program: from the
first screen to a seal that is confirmed.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner, Result

from conftest import shared_file
from edc_issuer.cli import app
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    Seal,
    TestPki,
    root_plan,
    seal_ca_plan,
    seal_plan,
    self_signed,
)
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.trust import TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer
from edc_issuer.trust.lists.snapshot import Lists
from list_attacks import nested_original
from pki import DAY, new_key
from trusted_lists import Entry, ListWorld, ServicePlan
from world import PASSWORD, SCHOOL, issued, record

SAMPLES = "samples/trusted-lists"
SEALED = "samples/edc/Sample-MC-Annex1-signed.jsonld"


def run(*arguments: object, home: Path | None = None) -> Result:
    variables = {"LC_ALL": "C", "EDC_TRUST": "", "COLUMNS": "500"}
    if home is not None:
        variables["XDG_DATA_HOME"] = str(home)
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


@dataclass
class Site:
    """A web server on loopback with a few files, and what it was asked for."""

    url: str
    files: dict[str, bytes]
    asked: list[str]


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site("", {}, [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.files.get(self.path.lstrip("/"))
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Country:
    """A school whose authority is on a list that a site serves."""

    site: Site
    lists: ListWorld
    diploma: Path
    signer: Path

    @property
    def options(self) -> tuple[str, ...]:
        """What makes `trust update` use this list of lists."""
        return (
            *("--lotl", f"{self.site.url}/lotl.xml", "--lotl-signer", str(self.signer)),
            *("--allow-private", "127.0.0.1"),
        )

    def publish(self, **changes: object) -> None:
        """Put the lists and the authority's list of withdrawn certificates online."""
        plan = replace(self.lists.lotl_plan, addresses=())
        national = replace(self.lists.national_plan, **changes)  # type: ignore[arg-type]
        self.site.files |= {
            "lotl.xml": plan.signed(self.lists.commission),
            "SI.xml": national.signed(self.lists.operator),
        }


@pytest.fixture
def country(site: Site, tmp_path: Path) -> Country:
    now = datetime.now(UTC).replace(microsecond=0)
    real: dict[str, Any] = {"policies": ()}  # nothing of it is marked as a test
    above = replace(root_plan(now - 100 * DAY, name="Prava korenska"), **real)
    root = self_signed(above, new_key(), serial=1)
    ca_key, seal_key = new_key(), new_key()
    ca_plan = replace(seal_ca_plan(now - 90 * DAY, name="Pravi pečati"), **real)
    ca = Authority(root.issue(ca_plan, ca_key.public_key(), serial=2), ca_key)
    crl_address = f"{site.url}/ca.crl"
    plan = replace(seal_plan(SCHOOL, now - 80 * DAY), crl_address=crl_address, **real)
    certificate = ca.issue(plan, seal_key.public_key(), serial=3)
    crl = ca.crl(CrlPlan(now - DAY, now + 30 * DAY))
    site.files["ca.crl"] = crl.public_bytes(Encoding.DER)
    service = ServicePlan((ca.certificate,), Entry(since=now - 300 * DAY))
    lists = ListWorld.create([service], url=site.url, at=now, **real)
    seal = Seal(SCHOOL, certificate, seal_key)
    TestPki(root, ca, (seal,), (crl, crl)).write(tmp_path / "keys", password=PASSWORD)
    diploma = tmp_path / "diploma.jsonld"
    key = f"file:{tmp_path / 'keys' / 'seal.p12'}"
    with open_signer(key, secret=lambda prompt: PASSWORD) as signer:
        issuer = Issuer(profile=PROFILES["edc-jades"], signer=signer, level=Level.B)
        diploma.write_bytes(issuer.issue(record()).data)
    signer_file = tmp_path / "commission.pem"
    signer_file.write_bytes(lists.commission.certificate.public_bytes(Encoding.PEM))
    made = Country(site, lists, diploma, signer_file)
    made.publish()
    return made


def test_a_fresh_installation_comes_to_confirm_a_seal(
    country: Country, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    diploma = country.diploma

    first = run("verify", diploma, home=home)
    assert first.exit_code == 3
    assert "NOT CONFIRMED" in first.stdout
    assert f"edc-issuer trust update --for {diploma.name}" in first.stdout
    assert "fetches the EU list and the list of Slovenia" in first.stdout
    assert "nothing of this file is sent" in first.stdout

    updated = run("trust", "update", "--for", diploma, *country.options, home=home)
    assert updated.exit_code == 0, updated.output
    assert "EU  no. 5 of" in updated.stdout
    assert "SI  no. 7 of" in updated.stdout
    assert f"Kept in {home / 'edc-issuer' / 'trust'}" in updated.stdout

    shown = run("trust", "show", home=home)
    assert "e-seal authority by list  SI: Overitelj Žužemberk d.o.o." in shown.stdout

    second = run("verify", diploma, home=home)
    assert second.exit_code == 3
    assert "edc-issuer verify --online" in second.stdout

    online = ("--online", "--allow-private", "127.0.0.1")
    third = run("verify", diploma, *online, home=home)
    assert third.exit_code == 0, third.output
    assert third.stdout.startswith("PASSED")
    assert "That it may award this was not confirmed." in third.stdout
    assert country.site.asked == ["/lotl.xml", "/SI.xml", "/ca.crl"]


def test_nothing_of_the_file_is_sent(country: Country, tmp_path: Path) -> None:
    run("trust", "update", "--for", country.diploma, *country.options, home=tmp_path)

    assert country.site.asked == ["/lotl.xml", "/SI.xml"]


def test_a_withdrawn_authority_confirms_nothing_after_the_next_update(
    country: Country, tmp_path: Path
) -> None:
    update = ("trust", "update", *country.options)
    verify = ("verify", country.diploma, "--online")
    private = ("--allow-private", "127.0.0.1")
    assert run(*update, home=tmp_path).exit_code == 0
    assert run(*verify, *private, home=tmp_path).exit_code == 0

    old = country.lists.national_plan
    gone = replace(old.services[0], now=Entry(status="withdrawn", since=old.issued))
    then = Entry(since=old.services[0].now.since)
    country.publish(sequence=8, services=(replace(gone, past=(then,)),))
    assert run(*update, home=tmp_path).exit_code == 0
    after = run(*verify, *private, home=tmp_path)

    assert after.exit_code == 3
    assert "NOT CONFIRMED" in after.stdout


def test_a_forged_list_is_told_and_the_last_good_one_kept(
    country: Country, tmp_path: Path
) -> None:
    update = ("trust", "update", *country.options, "--trust", tmp_path / "trust")
    assert run(*update).exit_code == 0
    country.site.files["SI.xml"] = nested_original(country.site.files["SI.xml"])

    told = run(*update)
    as_json = run(*update, "--json")

    assert told.exit_code == 1
    assert "kept, because the new one failed" in told.stdout
    row = json.loads(as_json.stdout)["lists"][1]
    assert (row["status"], row["reason"], row["sequence"]) == (
        "kept",
        "list-wrapped",
        7,
    )
    assert Lists.load(tmp_path / "trust").services("SI")


def test_only_hosts_that_are_allowed_are_asked(
    country: Country, tmp_path: Path
) -> None:
    refused = run(
        *("trust", "update", *country.options, "--trust", tmp_path / "trust"),
        *("--allow", "ec.europa.eu"),
    )

    assert refused.exit_code == 1
    assert "not among the hosts" in refused.stdout
    assert country.site.asked == []


def test_without_saying_so_no_inner_address_is_asked(
    country: Country, tmp_path: Path
) -> None:
    options = country.options[:-2]
    refused = run("trust", "update", *options, "--trust", tmp_path / "trust")

    assert refused.exit_code == 1
    assert country.site.asked == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(("--countries", "Slovenija"), "two letters", id="name"),
        pytest.param(("--countries", ""), "such as", id="nothing"),
        pytest.param(("--lotl", "https://x.example/l.xml"), "--lotl-signer", id="lotl"),
        pytest.param(("--test",), "--lotl", id="test-of-the-real-one"),
        pytest.param(("a.jsonld",), "--for", id="file-without-for"),
        pytest.param(("--for", "nowhere.jsonld"), "nowhere", id="no-such-file"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    told = run("trust", "update", *arguments, "--trust", tmp_path / "trust")

    assert told.exit_code == 2
    assert complaint in told.output
    assert not (tmp_path / "trust").exists()


def test_a_badge_has_no_certificate_that_a_list_could_know(tmp_path: Path) -> None:
    badge = tmp_path / "badge.json"
    badge.write_bytes(issued("ob3-di").data)

    told = run("trust", "update", "--for", badge, "--trust", tmp_path / "trust")

    assert told.exit_code == 2
    assert "no seal with a certificate" in told.output


def test_real_lists_from_a_folder_and_whom_they_list(tmp_path: Path) -> None:
    """Slovenian and Croatian e-seal authorities, and that the lists are of 2023."""
    source = shared_file(SAMPLES)
    told = run(
        *("trust", "update", "--countries", "SI,HR,RS", "--from", source),
        *("--trust", tmp_path),
    )
    shown = run("trust", "show", "--trust", tmp_path)

    assert told.exit_code == 1
    assert "RS  not on the EU lists" in told.stdout
    assert "edc-issuer trust add FILE.pem" in told.stdout
    seals = [line for line in shown.stdout.splitlines() if "e-seal authority" in line]
    for name in (
        "SI: Republika Slovenija: SIGOV-CA",
        "SI: HALCOM D.D.: Halcom CA PO e-seal 2",
        "SI: POŠTA SLOVENIJE d.o.o.: POSTArCA G2",
        "HR: Financijska agencija: Fina RDC 2020 Digital Certificate Registry - QC",
        "HR: AKD d.o.o.: CERTILIA",
    ):
        assert any(line.endswith(name) for line in seals), name
    assert "timestamps by list  HR: AKD d.o.o.: AKD QTSA 2023 1" in shown.stdout
    assert "trusted list  SI no. 69 (overdue for more than 90 days" in shown.stdout
    assert "2023-12-28" in shown.stdout


def test_a_sealed_sample_leads_to_the_spanish_list(tmp_path: Path) -> None:
    told = run(
        *("trust", "update", "--for", shared_file(SEALED)),
        *("--from", shared_file(SAMPLES), "--trust", tmp_path, "--json"),
    )

    rows = {row["territory"]: row for row in json.loads(told.stdout)["lists"]}
    assert {key: row["status"] for key, row in rows.items()} == {
        "EU": "new",
        "ES": "new",
        "LU": "missing",  # of its timestamp, whose list is not in the folder
    }
    assert (rows["ES"]["sequence"], rows["LU"]["reason"]) == (146, "not-found")


# In the language of the reader, and what is old is marked


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_screens_of_trust_speak_each_language(
    language: str, country: Country, tmp_path: Path
) -> None:
    folder = ("--trust", tmp_path / "trust", "--lang", language)

    updated = run("trust", "update", *country.options, *folder)
    shown = run("trust", "show", *folder)
    empty = run("trust", "show", "--trust", tmp_path / "none", "--lang", language)

    assert updated.exit_code == 0, updated.output
    messages = Messages(language)
    assert updated.stdout.splitlines()[-1] == messages.text(
        "trust.kept_in", folder=tmp_path / "trust"
    )
    kind = messages.text("trust.kind.listed_seals")
    assert f"{kind}  SI: Overitelj Žužemberk d.o.o." in shown.stdout
    assert messages.text("trust.nobody") in empty.stdout
    screens = f"{updated.stdout}{shown.stdout}{empty.stdout}"
    assert not re.search(r"\b(next|due|list|Kept|Nobody)\b|\[en\]", screens)


def test_a_mandate_is_asked_for_in_the_language_of_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for place in ("trust", "trust_asking"):
        monkeypatch.setattr(f"edc_issuer.cli.{place}.confirm", asked.append)
    words = ("--sealer", "NTRSI-1234567", "--for", "NTRHR-7654321")

    run("trust", "add-mandate", *words, "--trust", tmp_path, "--lang", "sl")
    run("trust", "add", "NTRSI-1234567", "--name", "Šola", "--trust", tmp_path)

    assert asked == [
        "Ali vam je NTRHR-7654321 sam sporočil, da zanj žigosa NTRSI-1234567?",
        "Trust NTRSI-1234567 as 'Šola'?",
    ]


def test_a_certificate_is_shown_in_the_language_of_the_reader(
    country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edc_issuer.cli.trust.confirm", lambda question: None)

    told = run(
        *("trust", "add", country.signer, "--trust", tmp_path, "--test"),
        *("--lang", "sl"),
    )

    assert [line.split(":")[0] for line in told.stderr.splitlines()[:4]] == [
        *("Imetnik", "Izdal", "Velja do", "SHA-256"),
    ]


def a_folder(tmp_path: Path, at: datetime) -> Path:
    """A root, its list of withdrawn certificates and an organisation, as of `at`."""
    authority = self_signed(root_plan(at), new_key(), serial=7)
    directory = tmp_path / f"{at:%Y}"
    encoded = authority.certificate.public_bytes(Encoding.PEM)
    add_certificate(directory, encoded, test=True)
    crl = authority.crl(CrlPlan(at, at + 30 * DAY))
    add_crl(directory, crl.public_bytes(Encoding.DER))
    until = at + 365 * DAY
    add_issuer(directory, TrustedIssuer("NTRSI-1", ("Šola",), until=until, test=True))
    return directory


def test_every_date_says_what_it_is_and_what_is_over_is_marked(
    tmp_path: Path,
) -> None:
    fresh = run("trust", "show", "--trust", a_folder(tmp_path, datetime.now(UTC)))
    old = a_folder(tmp_path, datetime(2012, 1, 31, tzinfo=UTC))
    stale = run("trust", "show", "--trust", old)
    as_json = json.loads(run("trust", "show", "--trust", old, "--json").stdout)

    assert "(" not in fresh.stdout.replace("(TEST)", "").replace("(NTRSI-1)", "")
    lines = {
        line.strip().partition("  ")[0]: line for line in stale.stdout.splitlines()
    }
    assert lines["anchor for seals"].endswith("  until 2022-01-28 (ended)")
    assert lines["organisation"].endswith("  until 2013-01-29 (ended)")
    assert lines["revocation list"].endswith(" (overdue)  next update due 2012-03-01")
    assert [row["state"] for row in as_json["entries"]] == [
        *("ended", "ended", "overdue"),
    ]
    assert all(len(row["until"]) == 10 for row in as_json["entries"])


def test_a_list_says_what_its_day_is_and_marks_what_it_vouches_for(
    tmp_path: Path,
) -> None:
    source = shared_file(SAMPLES)
    run(
        *("trust", "update", "--countries", "SI", "--from", source),
        *("--trust", tmp_path),
    )

    shown = run("trust", "show", "--trust", tmp_path).stdout.splitlines()
    rows = json.loads(run("trust", "show", "--trust", tmp_path, "--json").stdout)

    (own,) = [line for line in shown if "SI no. 69" in line]
    assert own.endswith("  next update due 2023-12-28")
    # What a list vouches for stands under it, and is as old as that.
    services = [line for line in shown if "by list" in line]
    assert services
    assert all(line.startswith("    ") for line in services)
    assert {row["state"] for row in rows["entries"]} == {"too-old"}
