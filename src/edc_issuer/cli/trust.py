"""`edc-issuer trust`: whom this computer believes, as plain files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import language_from, put_files, read_file, say
from edc_issuer.cli.options import AddTo, AllowPrivate, ForTests, Lang, Yes
from edc_issuer.cli.trust_asking import confirm, refuse_nonsense
from edc_issuer.cli.trust_dids import (
    door,
    fetched,
    store,
    subject_of,
    tell_keys,
)
from edc_issuer.cli.trust_mandate import add_mandate
from edc_issuer.cli.trust_show import show
from edc_issuer.cli.trust_update import update
from edc_issuer.errors import ConfigError
from edc_issuer.messages import Messages

if TYPE_CHECKING:
    from edc_issuer.trust.additions import Description
    from edc_issuer.trust.directory import Kind


app = typer.Typer(help="Say whom you trust.", no_args_is_help=True)
app.command("add-mandate")(add_mandate)
app.command("update")(update)
app.command("show")(show)


@app.command("add")
def add(
    what: Annotated[
        list[str],
        typer.Argument(
            help="Files: certificates and CRLs (PEM or DER), documents of keys "
            "(did.json); or one DID or https address, or the number of an "
            "organisation as seals write it, such as NTRSI-1234567."
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
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Fetch the keys of a did:web or https address, and store them.",
        ),
    ] = False,
    allow_private: AllowPrivate = None,
    test: ForTests = False,
    yes: Yes = False,
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The files written, as JSON.")
    ] = False,
) -> None:
    """Trust certificates, keys, or the organisation behind a DID or a number."""
    from edc_issuer.trust import TrustedIssuer, default_directory
    from edc_issuer.trust.additions import add_issuer

    messages = Messages(language_from(lang))
    directory = trust or default_directory()
    addition = _Addition(
        directory, _kind(purpose), test=test, ask=not yes, messages=messages
    )
    if online and len(what) != 1:
        raise typer.BadParameter("--online goes with one address at a time")
    keys = fetched(what[0], door(allow_private or ())) if online else None
    if name is None and keys is not None:
        put_files(addition.documents({what[0]: (what[0], keys)}), as_json=as_json)
        return
    if name is None:
        added = addition.files({item: read_file(_file(item)) for item in what})
        put_files(added, as_json=as_json)
        return
    if len(what) != 1:
        raise typer.BadParameter("--name goes with one DID or number at a time")
    refuse_nonsense(what[0])
    stored = addition.documents({what[0]: (what[0], keys)}) if keys else []
    if not yes:
        confirm(messages.text("trust.ask_issuer", identifier=what[0], name=name))
    issuer = TrustedIssuer(what[0], (name, *(also or ())), test=test)
    put_files([*stored, add_issuer(directory, issuer)], as_json=as_json)


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


@dataclass(frozen=True, slots=True)
class _Addition:
    """Where certificates and CRLs go, for what, and whether a person is asked."""

    directory: Path
    kind: Kind
    test: bool
    ask: bool
    messages: Messages

    def files(self, files: Mapping[str, bytes]) -> list[Path]:
        """Add all, or nothing where one is neither certificate nor CRL.

        Certificates come first, because a list alone makes no folder.
        """
        from edc_issuer.trust.additions import add_crl, describe

        subjects = {item: subject_of(data) for item, data in files.items()}
        keys = {i: (s, files[i]) for i, s in subjects.items() if s is not None}
        others = {item: data for item, data in files.items() if item not in keys}
        lists = sorted(item for item, data in others.items() if _is_crl(data, item))
        told = {i: describe(others[i], source=i) for i in others if i not in lists}
        for item, description in told.items():
            # What will be refused in any case is not asked about.
            if self.ask and (self.test or not description.is_test):
                _ask(description, item, self.messages)
        return [
            *(self._certificate(item, files[item]) for item in told),
            *self.documents(keys),
            *(add_crl(self.directory, files[item], source=item) for item in lists),
        ]

    def documents(self, found: Mapping[str, tuple[str, bytes]]) -> list[Path]:
        """Store documents of keys, each with the address that it is about."""
        for address, data in found.values():
            tell_keys(address, data, self.messages)
            if self.ask:
                confirm(self.messages.text("trust.ask_keys", address=address))
        return [
            store(self.directory, address, data, test=self.test)
            for address, data in found.values()
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


def _ask(told: Description, file: str, messages: Messages) -> None:
    facts = {
        messages.text("trust.subject"): told.subject,
        messages.text("trust.issued_by"): told.issuer,
        messages.text("trust.valid_until"): f"{told.not_after:%Y-%m-%d}",
        "SHA-256": told.fingerprint,
    }
    width = max(map(len, facts)) + 3
    for word, fact in facts.items():
        say(f"{f'{word}:':<{width}}{fact}")
    confirm(messages.text("trust.ask_certificate", file=file))
