"""Options that several commands share, so that they read and mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edc_issuer.cli.common import read_file

AsProfile = Annotated[
    str,
    typer.Option(
        "--as",
        help="edc-jades (sealed EDC), ob3-jwt, vc-jwt or ob3-di (signed Open Badge).",
    ),
]
KEY_HELP = (
    "file:seal.p12 for an EDC; file:key.pem or .jwk for a badge, with "
    "#did:web:school.example behind it to sign as that DID."
)
KeySecretEnv = Annotated[
    str | None,
    typer.Option(
        help="Environment variable that holds the key's password "
        "(default: you are asked)."
    ),
]
BadgeLanguage = Annotated[
    str | None, typer.Option(help="Language of a badge (default: the primary).")
]
Algorithm = Annotated[
    str | None,
    typer.Option(help="Another algorithm that fits the key, such as RS256 (RSA)."),
]
Layout = Annotated[
    str | None,
    typer.Option(help="edci-1.x writes what old EDC viewers and validators read."),
]
Cryptosuite = Annotated[
    str | None,
    typer.Option(
        help="How the proof of an ob3-di badge is made, such as eddsa-jcs-2022 "
        "(default: eddsa-rdfc-2022 or ecdsa-rdfc-2019, by the key)."
    ),
]
SealLevel = Annotated[
    str | None,
    typer.Option(
        "--level",
        help="How long the seal can be confirmed: B (while its certificate lasts), T, "
        "LT (default for an EDC) or LTA (for decades).",
    ),
]
TSA_HELP = "Address of a timestamp authority; a further one is asked if it fails."
Tsa = Annotated[list[str] | None, typer.Option("--tsa", help=TSA_HELP)]
AllowPrivate = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-private",
        help="Host of your own authority in an inner network or on this machine.",
    ),
]
IdSecret = Annotated[
    Path | None,
    typer.Option(
        help="File with a secret from which credential ids are made, so that "
        "nobody can guess a record id from one."
    ),
]
Status = Annotated[
    str | None,
    typer.Option(
        "--status",
        envvar="EDC_STATUS",
        metavar="BOOK",
        help="Status book (`edc-issuer status init` makes one): what is issued can be "
        "revoked.",
    ),
]
Suspension = Annotated[
    bool,
    typer.Option("--suspension", help="With --status: a badge can be suspended too."),
]
Lang = Annotated[
    str | None,
    typer.Option(
        help="en, sl, hr, sr-Latn, sr-Cyrl, bs or cnr (default: the system's language)."
    ),
]
Columns = Annotated[
    Path | None, typer.Option(help="JSON of your own headings and what they mean.")
]
Organisations = Annotated[
    Path | None,
    typer.Option(
        help="Table of the organisations (default: organisations.csv beside the rows)."
    ),
]
RecordFiles = Annotated[
    Path | None,
    typer.Option(help="Folder of the attachments and pictures of the record."),
]
RowFiles = Annotated[
    Path | None,
    typer.Option(
        help="Folder of attachments and pictures (default: that of the rows)."
    ),
]
AddTo = Annotated[
    Path | None,
    typer.Option(help="Folder to add to (default: what `trust show` prints)."),
]
ForTests = Annotated[bool, typer.Option("--test", help="Trust it for tests only.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")]
ResultAsJson = Annotated[bool, typer.Option("--json", help="Result as JSON.")]


def known_book(book: str) -> str:
    """A usage error for an address with a password: others could read it in a list."""
    from urllib.parse import urlsplit

    if "://" in book and urlsplit(book).password:
        raise typer.BadParameter(
            "--status: leave the password out of the address; PostgreSQL reads it "
            "from PGPASSWORD or from the file ~/.pgpass"
        )
    return book


def known_profile(profile: str) -> str:
    """A usage error unless it is a row of `PROFILES`."""
    from edc_issuer.issue import PROFILES

    if profile not in PROFILES:
        raise typer.BadParameter(f"--as {profile}: choose {', '.join(PROFILES)}")
    return profile


def seal_options(layout: str | None) -> dict[str, str]:
    """What goes to the format of a credential."""
    return {"layout": known_layout(layout)} if layout else {}


def suite_options(profile: str, cryptosuite: str | None) -> dict[str, str]:
    """The choice of a cryptosuite; a usage error where there is none to make."""
    from edc_issuer.formats.suites import ISSUED

    if cryptosuite is None:
        return {}
    names = [suite.name for suite in ISSUED]
    if profile != "ob3-di" or cryptosuite not in names:
        known = ", ".join(names)
        raise typer.BadParameter(
            f"--cryptosuite {cryptosuite}: with --as ob3-di, one of {known}"
        )
    return {"cryptosuite": cryptosuite}


def known_layout(layout: str) -> str:
    """A usage error unless seals can be written so."""
    from edc_issuer.formats.jades_headers import OLD_LAYOUT

    if layout != OLD_LAYOUT:
        raise typer.BadParameter(f"--layout {layout}: {OLD_LAYOUT}, or none")
    return layout


def id_secret_from(file: Path | None) -> bytes | None:
    """The secret behind credential ids, or None where no file was named."""
    if file is None:
        return None
    secret = read_file(file).strip()
    if not secret:
        raise typer.BadParameter(f"{file} is empty; it would hide nothing")
    return secret
