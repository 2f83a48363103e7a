"""`edc-issuer trust`: whom this computer believes, as plain files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import put, read_file, say

if TYPE_CHECKING:
    from edc_issuer.trust import Trust
    from edc_issuer.trust.directory import Kind

app = typer.Typer(help="Say whom you trust.", no_args_is_help=True)


@app.command("add")
def add(
    what: Annotated[
        list[str],
        typer.Argument(help="Certificate files, CRL files, or one DID or identifier."),
    ],
    trust: Annotated[Path | None, typer.Option(help="The trust folder.")] = None,
    purpose: Annotated[
        str, typer.Option("--for", help="seals or timestamps (certificates).")
    ] = "seals",
    name: Annotated[
        str | None, typer.Option(help="Name of the organisation (identifiers).")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(help="Another name it goes by.")
    ] = None,
    test: Annotated[bool, typer.Option(help="Trust it for tests only.")] = False,
    yes: Annotated[bool, typer.Option(help="Do not ask.")] = False,
) -> None:
    """Trust certificates, or the organisation behind a DID or legal identifier."""
    from edc_issuer.trust import TrustedIssuer, default_directory
    from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer

    directory = trust or default_directory()
    if purpose not in ("seals", "timestamps"):
        raise typer.BadParameter("--for is seals or timestamps")
    if all(Path(item).exists() for item in what):
        for item in what:
            data = read_file(Path(item))
            if item.endswith(".crl"):
                print(add_crl(directory, data, source=item))
                continue
            if not yes:
                _ask(data, item)
            kind: Kind = "timestamps" if purpose == "timestamps" else "seals"
            print(add_certificate(directory, data, kind=kind, test=test, source=item))
        return
    if len(what) != 1 or name is None:
        raise typer.BadParameter(
            f"{what[0]} is no file here; for a DID or identifier add --name "
            "with the organisation's name as you know it"
        )
    if not yes:
        _confirm(f"Trust {what[0]} as {name!r}?")
    issuer = TrustedIssuer(what[0], (name, *(also or ())), test=test)
    print(add_issuer(directory, issuer))


def _ask(data: bytes, file: str) -> None:
    from edc_issuer.trust.additions import describe

    told = describe(data, source=file)
    say(f"Subject:      {told.subject}")
    say(f"Issued by:    {told.issuer}")
    say(f"Valid until:  {told.not_after:%Y-%m-%d}")
    say(f"SHA-256:      {told.fingerprint}")
    _confirm(f"Compare the fingerprint with one you got another way. Trust {file}?")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to ask; add --yes in a script")
    typer.confirm(question, abort=True, err=True)


@app.command("show")
def show(
    trust: Annotated[Path | None, typer.Option(help="The trust folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show the trust folder and what is in it."""
    from edc_issuer.trust import Trust, default_directory

    directory = trust or default_directory()
    loaded = Trust.load(directory) if directory.is_dir() else Trust()
    rows = _rows(loaded)
    if as_json:
        put({"directory": str(directory), "test": loaded.test, "entries": rows})
        return
    kind = " (TEST)" if loaded.test else ""
    print(f"{directory}{kind}")
    for row in rows:
        print("  " + "  ".join(str(value) for value in row.values()))
    if not rows:
        print("  Nobody is trusted yet. Add somebody: edc-issuer trust add --help")


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
    return rows
