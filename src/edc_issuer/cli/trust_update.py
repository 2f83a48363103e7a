"""`edc-issuer trust update`: the EU's trusted lists, and what they vouch for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import language_from, put, read_file
from edc_issuer.cli.common import show as tell
from edc_issuer.cli.options import Lang
from edc_issuer.cli.trust_show import STATES
from edc_issuer.errors import InputError
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from cryptography import x509

    from edc_issuer.fetch import Fetcher
    from edc_issuer.formats.base import Proof
    from edc_issuer.trust.lists.lotl import Authority
    from edc_issuer.trust.lists.model import ListInfo
    from edc_issuer.trust.lists.update import Outcome, Update


def update(
    more: Annotated[
        list[Path] | None, typer.Argument(help="Further files for --for.")
    ] = None,
    countries: Annotated[
        str | None,
        typer.Option(help="Countries, such as SI,HR (default: all of them)."),
    ] = None,
    for_files: Annotated[
        list[Path] | None,
        typer.Option("--for", help="Credential files: the countries of their seals."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of lists (XML); nothing is fetched."),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Folder to keep them in (default: what `trust show` prints)."
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="The only hosts to ask."),
    ] = None,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A host of your own inner network."),
    ] = None,
    lotl: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Another list of lists than the European Union's."
        ),
    ] = None,
    lotl_signer: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Certificate that signs the one of --lotl."),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="The one of --lotl is for tests only.")
    ] = False,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Result as JSON.")] = False,
) -> None:
    """Get the trusted lists of the EU, which say who makes qualified seals.

    Exit code: 0 if every list asked for is there and genuine, else 1; then the last
    good one stays.
    """
    from edc_issuer.trust import default_directory
    from edc_issuer.trust.lists.update import update_lists

    messages = Messages(language_from(lang))
    directory = trust or default_directory()
    if more and not for_files:
        raise typer.BadParameter("name files behind --for")
    files = [*(for_files or ()), *(more or ())]
    certificates = [one for file in files for one in _certificates(file)]
    moment = datetime.now(UTC)
    result = update_lists(
        directory,
        fetcher=_door(folder, allow, allow_private),
        at=moment,
        countries=_split(countries),
        for_certificates=certificates if files else None,
        source_folder=folder,
        authority=_authority(lotl, lotl_signer or [], test=test),
        test=test,
        tell=lambda outcome: (
            None if as_json else tell(_line(outcome, moment, messages))
        ),
    )
    if as_json:
        put(_json(result, directory))
    else:
        tell(messages.text("trust.kept_in", folder=directory))
    raise typer.Exit(0 if result.is_good else 1)


def _split(countries: str | None) -> tuple[str, ...]:
    found = tuple(filter(None, (c.strip() for c in (countries or "").split(","))))
    if countries is not None and not found:
        raise typer.BadParameter("--countries: such as SI,HR")
    for country in found:
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise typer.BadParameter(f"--countries {country}: two letters each")
    return found


def _door(
    folder: Path | None, allow: list[str] | None, allow_private: list[str] | None
) -> Fetcher:
    from edc_issuer.fetch import CLOSED, Http

    if folder is not None:
        return CLOSED
    return Http(allow_hosts=allow, private_hosts=allow_private or ())


def _authority(url: str | None, signers: list[Path], *, test: bool) -> Authority | None:
    from edc_issuer.trust.directory import read_certificate
    from edc_issuer.trust.lists.lotl import Authority, Publication

    if url is None:
        if signers or test:
            raise typer.BadParameter("--lotl-signer and --test go with --lotl")
        return None
    if not signers:
        raise typer.BadParameter("--lotl needs --lotl-signer: who may sign that list")
    certificates = tuple(read_certificate(read_file(f), str(f)) for f in signers)
    return Authority(url, (Publication("named by you", (), certificates),))


def _certificates(file: Path) -> Iterator[x509.Certificate]:
    """Every certificate that a file brings along; a usage error without any."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats import open_any

    try:
        _, envelope = open_any(read_file(file), documents=BUNDLED)
    except InputError as error:
        raise typer.BadParameter(f"{file}: {error}") from error
    found = [one for proof in envelope.proofs for one in _brought_along(proof)]
    if not found:
        raise typer.BadParameter(
            f"{file} bears no seal with a certificate; lists say nothing about it"
        )
    yield from found


def _brought_along(proof: Proof) -> Iterator[x509.Certificate]:
    from edc_issuer.cms.der import DerError
    from edc_issuer.cms.tokens import read_token
    from edc_issuer.formats.jades import Seal

    if proof.hint.certificate is not None:
        yield proof.hint.certificate
    yield from proof.hint.chain
    stamps = proof.internals.etsiu.tokens() if isinstance(proof.internals, Seal) else ()
    for stamped in stamps:
        try:
            yield from read_token(stamped.data).certificates if stamped.data else ()
        except DerError:
            continue


def _line(outcome: Outcome, at: datetime, messages: Messages) -> str:
    detail = neutral(outcome.detail)
    if outcome.reason == "not-covered":
        said = messages.text("trust.not_covered")
    elif outcome.info is None:
        said = messages.text("trust.no_list", detail=detail)
    else:
        said = _about(outcome.info, at, messages)
        if not outcome.is_good:
            said = messages.text("trust.last_kept", list=said, detail=detail)
    return f"{outcome.territory}  {said}"


def _about(info: ListInfo, at: datetime, messages: Messages) -> str:
    said = messages.text(
        "trust.list",
        number=info.sequence,
        issued=f"{info.issued:%Y-%m-%d}",
        due=f"{info.due:%Y-%m-%d}",
    )
    state = STATES[info.age(at)]
    return f"{said} {messages.text(state)}" if state else said


def _json(result: Update, directory: Path) -> dict[str, Any]:
    return {
        "directory": str(directory),
        "lists": [
            {
                "territory": outcome.territory,
                "status": outcome.status,
                "reason": outcome.reason,
                "detail": outcome.detail,
                "sequence": outcome.info.sequence if outcome.info else None,
                "issued": outcome.info.issued.isoformat() if outcome.info else None,
                "next_update": outcome.info.due.isoformat() if outcome.info else None,
                "sha256": outcome.info.sha256 if outcome.info else None,
            }
            for outcome in result.outcomes
        ],
    }
