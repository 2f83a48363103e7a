"""`edc-issuer trust`: whom this computer believes, as plain files."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import put, put_files, read_file, say
from edc_issuer.cli.common import show as tell
from edc_issuer.cli.options import AddTo, ForTests, Yes
from edc_issuer.cli.trust_mandate import add_mandate, rows_on_awards
from edc_issuer.cli.trust_update import rows_on_lists, update
from edc_issuer.errors import ConfigError, InputError

if TYPE_CHECKING:
    from edc_issuer.trust import Trust
    from edc_issuer.trust.additions import Description
    from edc_issuer.trust.directory import Kind

# A DID, or what EN 319 412-1, 5.1.4 lets stand in organizationIdentifier.
IDENTIFIER = re.compile(r"did:[a-z0-9]+:\S+|[A-Z]{3}[A-Z]{2}-\S+|[A-Z]{2}:[A-Z]{2}-\S+")

app = typer.Typer(help="Say whom you trust.", no_args_is_help=True)
app.command("add-mandate")(add_mandate)
app.command("update")(update)


@app.command("add")
def add(
    what: Annotated[
        list[str],
        typer.Argument(
            help="Certificate and CRL files (PEM or DER); or one DID, or the number "
            "of an organisation as seals write it, such as NTRSI-1234567."
        ),
    ],
    trust: AddTo = None,
    purpose: Annotated[
        str,
        typer.Option("--for", help="What certificates vouch for: seals or timestamps."),
    ] = "seals",
    name: Annotated[
        str | None,
        typer.Option(help="With a DID or number: the organisation's name."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(help="Another name it goes by, such as the one in English."),
    ] = None,
    test: ForTests = False,
    yes: Yes = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The files written, as JSON.")
    ] = False,
) -> None:
    """Trust certificates, or the organisation behind a DID or legal identifier."""
    from edc_issuer.trust import TrustedIssuer, default_directory
    from edc_issuer.trust.additions import add_issuer

    directory = trust or default_directory()
    kind = _kind(purpose)
    if name is None:
        addition = _Addition(directory, kind, test=test, ask=not yes)
        added = addition.files({item: read_file(_file(item)) for item in what})
        put_files(added, as_json=as_json)
        return
    if len(what) != 1:
        raise typer.BadParameter("--name goes with one DID or number at a time")
    refuse_nonsense(what[0])
    if not yes:
        confirm(f"Trust {what[0]} as {name!r}?")
    issuer = TrustedIssuer(what[0], (name, *(also or ())), test=test)
    put_files([add_issuer(directory, issuer)], as_json=as_json)


def _kind(purpose: str) -> Kind:
    if purpose == "seals":
        return "seals"
    if purpose == "timestamps":
        return "timestamps"
    raise typer.BadParameter(f"--for {purpose}: choose seals or timestamps")


def _file(item: str) -> Path:
    if not Path(item).exists():
        raise typer.BadParameter(
            f"{item} is no file here; for a DID or number add --name with the "
            "organisation's name as you know it"
        )
    return Path(item)


def refuse_nonsense(identifier: str) -> None:
    """`ConfigError` where no seal and no key could ever carry this identifier."""
    from edc_issuer.trust.did import Unresolved, resolve

    if IDENTIFIER.fullmatch(identifier) is None:
        raise typer.BadParameter(
            f"{identifier} is neither a DID (did:key:...) nor a number as seals "
            "write it (NTRSI-1234567)"
        )
    if identifier.startswith(("did:key:", "did:jwk:")):
        try:
            resolve(identifier)
        except (InputError, Unresolved) as error:
            raise typer.BadParameter(f"{identifier}: {error}; is it whole?") from error


@dataclass(frozen=True, slots=True)
class _Addition:
    """Where certificates and CRLs go, for what, and whether a person is asked."""

    directory: Path
    kind: Kind
    test: bool
    ask: bool

    def files(self, files: Mapping[str, bytes]) -> list[Path]:
        """Add all, or nothing where one is neither certificate nor CRL.

        Certificates come first, because a list alone makes no folder.
        """
        from edc_issuer.trust.additions import add_crl, describe

        lists = sorted(item for item, data in files.items() if _is_crl(data, item))
        told = {i: describe(files[i], source=i) for i in files if i not in lists}
        for item, description in told.items():
            # What will be refused in any case is not asked about.
            if self.ask and (self.test or not description.is_test):
                _ask(description, item)
        return [
            *(self._certificate(item, files[item]) for item in told),
            *(add_crl(self.directory, files[item], source=item) for item in lists),
        ]

    def _certificate(self, item: str, data: bytes) -> Path:
        from edc_issuer.trust.additions import add_certificate

        return add_certificate(
            self.directory, data, kind=self.kind, test=self.test, source=item
        )


def _is_crl(data: bytes, item: str) -> bool:
    from edc_issuer.trust.directory import read_crl

    try:
        read_crl(data, item)
    except ConfigError:
        return False
    return True


def _ask(told: Description, file: str) -> None:
    say(f"Subject:      {told.subject}")
    say(f"Issued by:    {told.issuer}")
    say(f"Valid until:  {told.not_after:%Y-%m-%d}")
    say(f"SHA-256:      {told.fingerprint}")
    confirm(f"Compare the fingerprint with one you got another way. Trust {file}?")


def confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to ask; add --yes in a script")
    typer.confirm(question, abort=True, err=True)


@app.command("show")
def show(
    trust: Annotated[
        Path | None,
        typer.Option(help="Folder to show (default: EDC_TRUST, else your own)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Show the trust folder and what is in it."""
    from edc_issuer.trust import Trust, default_directory

    directory = trust or default_directory()
    is_there = directory.exists()
    loaded = Trust.load(directory) if is_there else Trust()
    rows = _rows(loaded)
    if as_json:
        put({"directory": str(directory), "test": loaded.test, "entries": rows})
        return
    kind = " (TEST)" if loaded.test else ""
    tell(f"{directory}{kind}")
    for row in rows:
        tell("  " + "  ".join(filter(None, row.values())))
    if not rows:
        there = "" if is_there else "This folder is not there yet. "
        tell(f"  {there}Nobody is trusted. Add somebody: edc-issuer trust add --help")


def _rows(trust: Trust) -> list[dict[str, str]]:
    from edc_issuer.cms.certificate import subject_text

    rows = [
        {
            "kind": f"anchor for {kind}",
            "name": subject_text(anchor.certificate),
            "until": f"{anchor.certificate.not_valid_after_utc:%Y-%m-%d}",
        }
        for kind, anchors in (
            ("seals", trust.seal_anchors),
            ("timestamps", trust.timestamp_anchors),
        )
        for anchor in anchors
    ]
    rows += [
        {
            "kind": "organisation",
            "name": f"{' / '.join(issuer.names)} ({issuer.identifier})",
            "until": f"{issuer.until:%Y-%m-%d}" if issuer.until else "",
        }
        for issuer in trust.issuers
    ]
    rows += [
        {
            "kind": "revocation list",
            "name": crl.issuer.rfc4514_string(),
            "until": f"{crl.next_update_utc:%Y-%m-%d}" if crl.next_update_utc else "",
        }
        for crl in trust.crls
    ]
    return [*rows, *rows_on_awards(trust), *rows_on_lists(trust)]
