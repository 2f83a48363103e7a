"""`edc-issuer demo`: the whole road on synthetic records, without a network."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import language_from, show
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError

if TYPE_CHECKING:
    from edc_issuer.issue import Issued
    from edc_issuer.keys import Signer
    from edc_issuer.record import CredentialRecord

MARKER = ".edc-demo"
PASSWORD = "demo"  # the keys are test keys, drawn anew at each run
RECORDS = ("ecological", "economic", "social", "stacked")


def demo(
    out: Annotated[
        Path, typer.Option(help="Folder for it; an earlier demo there is replaced.")
    ] = (Path("demo")),
    lang: Lang = None,
) -> None:
    """Make test keys, issue, verify with and without trust, tamper, verify again."""
    language = language_from(lang)
    records = _records()
    keys, trust, credentials = _fresh_folders(out)
    _title("1. Fresh test keys, and a folder that says whom we trust")
    _make_keys(records, keys, trust)
    _title("2. Four records, each as a sealed EDC and as two badges")
    issued = _issue_all(records, keys, credentials)
    first = next(iter(issued))
    _title("3. An employer who does not know the school yet")
    _verify(first, None, language)
    _title("4. The same file, where the (test) authority is trusted")
    _verify(first, trust, language)
    for path in list(issued)[1:]:
        _verify_line(path, trust, language)
    _title("5. One letter of the result changed")
    _verify(_tampered(first), trust, language)
    _title("Go on by hand")
    _hints(first, out)


def _fresh_folders(out: Path) -> list[Path]:
    """The three folders, empty. Only what a demo made is ever removed."""
    folders = [out / name for name in ("keys", "trust", "credentials")]
    if out.exists() and not (out / MARKER).is_file() and any(map(_holds, folders)):
        raise ConfigError(
            f"{out} holds keys, trust or credentials that no demo made; name another "
            "folder with --out"
        )
    for folder in folders:
        if folder.is_dir():
            shutil.rmtree(folder)
    try:
        for folder in folders:
            folder.mkdir(parents=True)
        (out / MARKER).write_text("Made by edc-issuer demo, which replaces it.\n")
    except OSError as error:
        raise ConfigError(f"{out}: {error.strerror}; name another --out") from error
    return folders


def _holds(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _title(text: str) -> None:
    show(f"\n== {text}\n")


def _record_folder() -> Path:
    """In a wheel the records lie beside the code; in a checkout they are fixtures."""
    import edc_issuer

    package = Path(edc_issuer.__file__).parent
    inside = package / "demo"
    return inside if inside.is_dir() else package.parent.parent / "fixtures" / "records"


def _records() -> list[CredentialRecord]:
    from edc_issuer.record import CredentialRecord

    folder = _record_folder()
    names = [f"scouts4green_{name}.json" for name in RECORDS]
    return [CredentialRecord.from_json((folder / name).read_bytes()) for name in names]


def _make_keys(records: list[CredentialRecord], keys: Path, trust: Path) -> None:
    from edc_issuer.keys.badge import new_badge_key
    from edc_issuer.keys.testpki import TestOrganisation, TestPki
    from edc_issuer.trust import TrustedIssuer
    from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer

    issuer = records[0].issuer
    legal = issuer.legal_identifier
    assert legal is not None
    name = issuer.legal_name["sl"]
    organisation = TestOrganisation(name, legal.value, legal.country)
    pki = TestPki.create([organisation], at=datetime.now(UTC))
    for path in pki.write(keys, password=PASSWORD):
        show(str(path))
    badge_key = new_badge_key()
    show(str(badge_key.write(keys / "badge.pem")))
    add_certificate(trust, (keys / "root.pem").read_bytes(), test=True)
    for crl in sorted(keys.glob("*.crl")):
        add_crl(trust, crl.read_bytes())
    names = tuple(issuer.legal_name.values())
    for identifier in (badge_key.did, legal.value):
        add_issuer(trust, TrustedIssuer(identifier, names, test=True))


def _issue_all(
    records: list[CredentialRecord], keys: Path, out: Path
) -> dict[Path, Issued]:
    from edc_issuer.issue import PROFILES, Issuer
    from edc_issuer.keys import open_signer

    made: dict[Path, Issued] = {}
    seal = f"file:{keys / 'seal.p12'}"
    badge = f"file:{keys / 'badge.pem'}"

    def issue(profile: str, signer: Signer) -> None:
        issuer = Issuer(
            profile=PROFILES[profile], signer=signer, files=_record_folder()
        )
        for record in records:
            result = issuer.issue(record)
            path = out / result.filename
            path.write_bytes(result.data)
            made[path] = result
            show(f"{path}  {len(result.data)} bytes")

    with open_signer(seal, secret=lambda prompt: PASSWORD) as signer:
        issue("edc-jades", signer)
    with open_signer(badge) as signer:
        issue("ob3-jwt", signer)
        issue("ob3-di", signer)
    return made


def _verify(path: Path, trust: Path | None, language: str) -> None:
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

    believed = Trust.load(trust) if trust else Trust()
    report = Verifier(trust=believed).verify(path.read_bytes())
    show(report.to_text(language=language, name=path.name))


def _verify_line(path: Path, trust: Path, language: str) -> None:
    from edc_issuer.report_text import to_line
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

    report = Verifier(trust=Trust.load(trust)).verify(path.read_bytes())
    show(to_line(report, language=language, name=path.name))


def _tampered(path: Path) -> Path:
    """The same file with 92 points turned into 98."""
    text = path.read_text(encoding="utf-8")
    forged = path.with_name(f"tampered-{path.name}")
    forged.write_text(text.replace("92 ", "98 "), encoding="utf-8")
    return forged


def _hints(first: Path, out: Path) -> None:
    """Commands that work as they stand, typed where the demo was run."""
    program = _program()
    record = _record_folder() / f"scouts4green_{RECORDS[0]}.json"
    trust, key = out / "trust", out / "keys" / "seal.p12"
    for line in (
        f"{program} verify {first}",
        f"{program} verify {first} --trust {trust} --allow-test",
        f"{program} verify {out / 'credentials'} --trust {trust}",
        f"export SEAL_PASSWORD={PASSWORD}",
        f"{program} issue {_near(record)} --as edc-jades \\\n"
        f"      --key file:{key} --key-secret-env SEAL_PASSWORD \\\n"
        f"      --out {out / 'issued'}",
    ):
        show(f"  {line}")


def _program() -> str:
    """The command as it was typed, since a virtual environment may not be on PATH."""
    typed = Path(sys.argv[0])
    return sys.argv[0] if typed.name.startswith("edc-issuer") else "edc-issuer"


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
