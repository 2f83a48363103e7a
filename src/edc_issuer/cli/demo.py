"""`edc-issuer demo`: the whole road on synthetic records, without a network.

The test authorities were founded three years ago, by their own clock, so that one
seal can be shown whose certificate has ended since.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import language_from, show
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError

if TYPE_CHECKING:
    from edc_issuer.formats.levels import Level
    from edc_issuer.issue import Issued, Issuer
    from edc_issuer.keys import Signer
    from edc_issuer.keys.testdesk import TestDesk
    from edc_issuer.keys.testpki import Seal
    from edc_issuer.record import CredentialRecord

MARKER = ".edc-demo"
PASSWORD = "demo"  # the keys are test keys, drawn anew at each run
RECORDS = ("ecological", "economic", "social", "stacked")
AGO = timedelta(days=3 * 365)  # a seal certificate lasts two years, its CA five


def demo(
    out: Annotated[
        Path, typer.Option(help="Folder for it; an earlier demo there is replaced.")
    ] = (Path("demo")),
    lang: Lang = None,
) -> None:
    """Make test keys, issue, verify with and without trust, tamper, let years go by."""
    language = language_from(lang)
    records = _records()
    keys, trust, credentials = _fresh_folders(out)
    _title("1. Fresh test keys, and a folder that says whom we trust")
    school = _School.founded(records[0], datetime.now(UTC) - AGO)
    former = school.sealed_before(records[0], keys / "old", credentials / "old")
    school.come_to_today()
    _write_keys(school, keys, trust)
    _title("2. Four records, each as a timestamped seal (level LTA) and as two badges")
    issued = _issue_all(records, school, keys, credentials)
    first = next(iter(issued))
    _title("3. An employer who does not know the school yet")
    _verify(first, None, language)
    _title("4. The same file, where the (test) authority is trusted")
    _verify(first, trust, language)
    for path in list(issued)[1:]:
        _verify_line(path, trust, language)
    _title("5. One letter of the result changed")
    _verify(_tampered(first), trust, language)
    _title("6. Sealed three years ago; the certificate of the seal has ended since")
    for path in former:
        _verify_line(path, trust, language)
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


@dataclass
class _Clock:
    """What time it is for the authorities; a demo can turn it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class _School:
    """The issuer of the records, and the authorities that answer for its seals."""

    clock: _Clock
    desk: TestDesk
    names: tuple[str, ...]

    @classmethod
    def founded(cls, record: CredentialRecord, at: datetime) -> _School:
        from edc_issuer.keys.testdesk import TestDesk
        from edc_issuer.keys.testpki import TestOrganisation

        legal, names = record.issuer.legal_identifier, record.issuer.legal_name
        assert legal is not None
        organisation = TestOrganisation(names["sl"], legal.value, legal.country)
        clock = _Clock(at)
        desk = TestDesk.create([organisation], clock=clock)
        return cls(clock, desk, tuple(names.values()))

    def come_to_today(self) -> None:
        """The old seal is replaced by one that can be used now."""
        self.clock.now = datetime.now(UTC)
        self.desk.lasts = timedelta(days=365)  # what is made by hand can be verified
        self.desk.new_seal(self.desk.seals[0].organisation)

    @property
    def seal(self) -> Seal:
        return self.desk.seals[-1]

    def issuer(self, profile: str, signer: Signer, level: Level | None) -> Issuer:
        from edc_issuer.issue import PROFILES, Issuer
        from edc_issuer.keys.testdesk import TSA
        from edc_issuer.timestamp import Timestamper

        return Issuer(
            profile=PROFILES[profile],
            signer=signer,
            level=level,
            timestamper=Timestamper([TSA], self.desk),
            fetcher=self.desk,
            files=_record_folder(),
        )

    def sealed_before(
        self, record: CredentialRecord, keys: Path, folder: Path
    ) -> list[Path]:
        """The same award as of three years ago, at the lowest and the highest level."""
        from edc_issuer.formats.levels import Level
        from edc_issuer.keys import open_signer
        from edc_issuer.keys.files import PRIVATE, write_atomically

        key, paths = keys / "seal.p12", []
        data = self.desk.pkcs12(self.seal, password=PASSWORD)
        write_atomically(key, data, mode=PRIVATE)
        folder.mkdir()
        past = _moved_back(record)
        with open_signer(f"file:{key}", secret=lambda prompt: PASSWORD) as signer:
            for level in (Level.B, Level.LTA):
                issuer = self.issuer("edc-jades", signer, level)
                path = folder / f"level-{level}.jsonld"
                path.write_bytes(issuer.issue(past, at=self.clock.now).data)
                paths.append(path)
        return paths


def _moved_back(record: CredentialRecord) -> CredentialRecord:
    """The record with every day of it three years earlier."""
    from edc_issuer.record import CredentialRecord

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: moved(member) for name, member in value.items()}
        if isinstance(value, list):
            return [moved(member) for member in value]
        try:
            return (date.fromisoformat(value) - AGO).isoformat()
        except (TypeError, ValueError):
            return value

    members = record.to_dict()
    members |= {"award": moved(members["award"]), "credential_id": None}
    members["record_id"] = f"{record.record_id}-OLD"
    return CredentialRecord.from_dict(
        {name: value for name, value in members.items() if value is not None}
    )


def _write_keys(school: _School, keys: Path, trust: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from edc_issuer.keys.badge import new_badge_key
    from edc_issuer.keys.testpki import TestPki
    from edc_issuer.trust import TrustedIssuer
    from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer

    desk = school.desk
    lists = [desk.crl(authority) for authority in (desk.root, desk.seal_ca)]
    crls = tuple(map(x509.load_der_x509_crl, lists))
    pki = TestPki(desk.root, desk.seal_ca, (school.seal,), crls)
    for path in pki.write(keys, password=PASSWORD):
        show(str(path))
    badge_key = new_badge_key()
    show(str(badge_key.write(keys / "badge.pem")))
    root = desk.root.certificate.public_bytes(Encoding.PEM)
    add_certificate(trust, root, test=True)
    add_certificate(trust, root, kind="timestamps", test=True)
    for crl in lists:
        add_crl(trust, crl)
    identifier = school.seal.organisation.identifier
    for one in (badge_key.did, identifier):
        add_issuer(trust, TrustedIssuer(one, school.names, test=True))


def _issue_all(
    records: list[CredentialRecord], school: _School, keys: Path, out: Path
) -> dict[Path, Issued]:
    from edc_issuer.formats.levels import Level
    from edc_issuer.keys import open_signer

    made: dict[Path, Issued] = {}

    def issue(profile: str, signer: Signer, level: Level | None = None) -> None:
        issuer = school.issuer(profile, signer, level)
        for record in records:
            school.clock.now = datetime.now(UTC)
            result = issuer.issue(record)
            path = out / result.filename
            path.write_bytes(result.data)
            made[path] = result
            show(f"{path}  {len(result.data)} bytes")

    with open_signer(
        f"file:{keys / 'seal.p12'}", secret=lambda prompt: PASSWORD
    ) as signer:
        issue("edc-jades", signer, Level.LTA)
    with open_signer(f"file:{keys / 'badge.pem'}") as signer:
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
        f"      --level B --out {out / 'issued'}",
    ):
        show(f"  {line}")


def _program() -> str:
    """The command as it was typed, since a virtual environment may not be on PATH."""
    typed = Path(sys.argv[0])
    return sys.argv[0] if typed.name.startswith("edc-issuer") else "edc-issuer"


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
