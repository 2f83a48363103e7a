"""What a command says where it stops: why, what was written, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edc_issuer.errors import EdcError, NoTimestamp, Problem, RecordError
from edc_issuer.messages import Messages, neutral

AGAIN = "cli.ask_later"  # what to do where nobody answered, when something is issued


def why_stopped(error: EdcError, messages: Messages, *, again: str = AGAIN) -> str:
    """Lines in the language of `messages`; `again` says how to go on later."""
    from edc_issuer.issue import NoAuthority

    if isinstance(error, RecordError):
        lines = [f"  {_line(problem, messages)}" for problem in error.problems]
        return "\n".join([messages.text("cli.not_issued"), *lines])
    if isinstance(error, NoAuthority):
        return without_authority(messages, "cli.name_authority_or_b")
    asked = list(_asked(error))
    if asked:
        timestamps = isinstance(error, NoTimestamp)
        key = "cli.no_timestamp" if timestamps else "cli.no_revocation"
        lines = [f"  {neutral(line)}" for line in asked]
        after = next_step(getattr(error, "inner", ()), messages, again=again)
        return "\n".join([messages.text(key), *lines, after])
    # Its lines are of our making; what a stranger chose in them is made harmless.
    return "\n".join(map(neutral, str(error).splitlines()))


def without_authority(messages: Messages, key: str) -> str:
    """Why nothing starts, and what to name; `key` is the sentence of the latter."""
    from edc_issuer.issue import SEAL_ALONE

    return f"{messages.problem(SEAL_ALONE)} {messages.text(key)}"


def next_step(inner: Iterable[str], messages: Messages, *, again: str) -> str:
    """To allow hosts of one's own network where only that is missing; else `again`."""
    hosts = list(dict.fromkeys(inner))
    if not hosts:
        return messages.text(again)
    options = " ".join(f"--allow-private {host}" for host in hosts)
    return messages.text("cli.allow_inner", hosts=", ".join(hosts), options=options)


def _asked(error: EdcError) -> Iterator[str]:
    """Who was asked in vain, and what each of them said."""
    from edc_issuer.trust.collect import RevocationMissing

    if isinstance(error, NoTimestamp):
        yield from (f"{url}: {why}" for url, why in error.answers)
    elif isinstance(error, RevocationMissing):
        yield from map(str, error.problems)


def _line(problem: Problem, messages: Messages) -> str:
    said = messages.problem(problem)
    return f"{problem.path}: {said}" if problem.path else said
