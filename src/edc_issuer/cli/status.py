"""`edc-issuer status` and `supersede`: the book of what was revoked, and its lists."""

from __future__ import annotations

import getpass
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import (
    language_from,
    put,
    put_files,
    read_file,
    say,
    secret_from,
    show,
)
from edc_issuer.cli.options import Algorithm, KeySecretEnv, Lang, known_book
from edc_issuer.errors import ConfigError, InputError
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.status import StatusBook
    from edc_issuer.status.standing import Standing

app = typer.Typer(
    help="Revoke and suspend credentials, and publish the lists that say so.",
    no_args_is_help=True,
)
Book = Annotated[
    str,
    typer.Option(
        "--status",
        envvar="EDC_STATUS",
        metavar="BOOK",
        help="The status book: a file, or a postgresql:// address without password.",
    ),
]
Credential = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the credential, or its file.")
]
Reason = Annotated[
    str, typer.Option(help="Why; it stays in the book and is not published.")
]
By = Annotated[
    str | None, typer.Option(help="Who decided (default: the user of this computer).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Result as JSON.")]


@app.command("init")
def init(
    book: Book,
    url: Annotated[
        str,
        typer.Option(
            help="Where the lists will be published, such as "
            "https://www.example.org/status; it stands in every credential and "
            "cannot be changed."
        ),
    ],
    lang: Lang = None,
) -> None:
    """Make an empty status book."""
    from edc_issuer.status import StatusBook

    with StatusBook.create(known_book(book), url=url) as made:
        text = Messages(language_from(lang)).text("cli.status.made", url=made.url)
    show(book)
    say(text)


@app.command("revoke")
def revoke(
    credential: Credential,
    book: Book,
    reason: Reason,
    by: By = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw a credential for ever."""
    with _opened(book) as kept:
        name = _id(credential)
        changed = kept.revoke(name, reason, by=_who(by))
        _told("cli.status.revoked", name, kept, changed, lang=lang, as_json=as_json)


@app.command("suspend")
def suspend(
    credential: Credential,
    book: Book,
    reason: Reason,
    by: By = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw a badge until it is reinstated (if issued with --suspension)."""
    with _opened(book) as kept:
        name = _id(credential)
        changed = kept.suspend(name, reason, by=_who(by))
        _told("cli.status.suspended", name, kept, changed, lang=lang, as_json=as_json)


@app.command("reinstate")
def reinstate(
    credential: Credential,
    book: Book,
    reason: Reason,
    by: By = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """End a suspension. A revocation is for ever."""
    with _opened(book) as kept:
        name = _id(credential)
        changed = kept.reinstate(name, reason, by=_who(by))
        _told("cli.status.reinstated", name, kept, changed, lang=lang, as_json=as_json)


def supersede(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="Id or file of what is replaced.")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="Id or file of the corrected one.")
    ],
    book: Book,
    reason: Reason,
    by: By = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a credential because a corrected one, issued already, replaces it."""
    with _opened(book) as kept:
        name, other = _id(old), _id(new)
        changed = kept.supersede(name, other, reason, by=_who(by))
        _told(
            "cli.status.superseded",
            name,
            kept,
            changed,
            other,
            lang=lang,
            as_json=as_json,
        )


@app.command("show")
def show_status(
    credential: Credential, book: Book, lang: Lang = None, as_json: AsJson = False
) -> None:
    """What the book says of a credential, and who decided what and why."""
    messages = Messages(language_from(lang))
    with _opened(book) as kept:
        standing = kept.standing(_id(credential))
    if as_json:
        put(_as_json(standing))
        return
    show(_standing_line(standing, messages))
    for place in standing.places:
        show(f"  {place.list_name} #{place.position}")
    for line in standing.log:
        when = f"{line.at:%Y-%m-%d %H:%M} UTC"
        other = f" -> {line.other}" if line.other else ""
        show(neutral(f"  {when}  {line.by}  {line.action}{other}  {line.reason}"))


@app.command("publish")
def publish(
    book: Book,
    key: Annotated[
        str,
        typer.Option(
            help="file:key.pem of your badges (lists for badges) or file:seal.p12 "
            "(lists for EDCs)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder that your web server shows.")],
    name: Annotated[
        str | None, typer.Option(help="What the school is called, beside its key.")
    ] = None,
    valid_days: Annotated[
        int, typer.Option(min=1, max=366, help="How long the lists hold.")
    ] = 31,
    ttl_hours: Annotated[
        int, typer.Option(min=1, max=744, help="How long readers may keep them.")
    ] = 24,
    key_secret_env: KeySecretEnv = None,
    algorithm: Algorithm = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Sign every list of the book, and write them into a folder."""
    from edc_issuer.batch.lock import held
    from edc_issuer.keys import open_signer
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.status import publishing

    messages = Messages(language_from(lang))
    now = datetime.now(UTC)
    validity = timedelta(days=valid_days)
    with (
        _opened(book) as kept,
        open_signer(
            key, secret=secret_from(key_secret_env), algorithm=algorithm
        ) as signer,
        # So that nobody writes an older list over what is being written here.
        held(out),
    ):
        lists = publishing.publish(
            kept,
            signer,
            name=name,
            at=now,
            validity=validity,
            ttl=timedelta(hours=ttl_hours),
        )
        for one in lists:
            write_atomically(out / one.name, one.data)
        url = kept.url
        left = _of_another_key(out, {one.name for one in lists})
    put_files([out / one.name for one in lists], as_json=as_json)
    day = messages.day((now + validity).date())
    say(messages.text("cli.status.published", url=url, day=day))
    if left:
        say(messages.text("cli.status.not_renewed", files=", ".join(left)))


def _of_another_key(out: Path, written: set[str]) -> list[str]:
    """The lists of the folder that this key does not sign; they are as before."""
    from edc_issuer.status.publishing import SUFFIXES

    lists = {name.partition(".")[0] for name in written}
    names = {f"{name}{suffix}" for name in lists for suffix in SUFFIXES.values()}
    return sorted(name for name in names - written if (out / name).exists())


def _opened(book: str) -> StatusBook:
    from edc_issuer.status import StatusBook

    return StatusBook.open(known_book(book))


def _id(given: str) -> str:
    """The id itself, or that of the credential in a file of this name."""
    path = Path(given)
    is_file = False
    with suppress(OSError, ValueError):
        is_file = path.is_file()
    if is_file:
        return _id_in(path)
    if ":" not in given:  # every id is a URI
        raise ConfigError(
            f"{given!a}: there is no such file, and no id either (an id begins as "
            "urn:uuid: or https: do)"
        )
    return given


def _id_in(path: Path) -> str:
    from edc_issuer.documents import BUNDLED
    from edc_issuer.formats import open_any
    from edc_issuer.models.tree import id_of

    try:
        securing, envelope = open_any(read_file(path), documents=BUNDLED)
        content = securing.covered(envelope, envelope.proofs[0])
    except (InputError, IndexError) as error:
        raise ConfigError(f"{path}: no signed credential: {error}") from error
    found = id_of(content) if isinstance(content, dict) else None
    if found is None:
        raise ConfigError(f"{path}: the credential has no id")
    return found


def _who(by: str | None) -> str:
    if by:
        return by
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "?"


def _told(
    key: str,
    name: str,
    book: StatusBook,
    changed: bool,
    other: str | None = None,
    *,
    lang: str | None,
    as_json: bool,
) -> None:
    messages = Messages(language_from(lang))
    if as_json:
        put(_as_json(book.standing(name)) | {"changed": changed})
        return
    if not changed:
        key = "cli.status.noted" if other else "cli.status.unchanged"
    show(messages.text(key, id=name, other=other or ""))
    if changed:
        say(messages.text("cli.status.publish_next"))


def _standing_line(standing: Standing, messages: Messages) -> str:
    name = standing.credential
    if standing.successor:
        return messages.text("cli.status.superseded", id=name, other=standing.successor)
    key = "cli.status.stands"
    if standing.is_revoked:
        key = "cli.status.revoked"
    elif standing.is_suspended:
        key = "cli.status.suspended"
    return messages.text(key, id=name)


def _as_json(standing: Standing) -> dict[str, Any]:
    return {
        "id": standing.credential,
        "revoked": standing.is_revoked,
        "suspended": standing.is_suspended,
        "successor": standing.successor,
        "places": [
            {"list": place.list_name, "position": place.position, "set": place.is_set}
            for place in standing.places
        ],
        "log": [
            {
                "at": line.at.isoformat(),
                "by": line.by,
                "action": line.action,
                "reason": line.reason,
                "other": line.other,
            }
            for line in standing.log
        ],
    }
