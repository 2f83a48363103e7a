"""The errors this library raises on purpose, and what each of them means.

    EdcError(code)
    ├── ConfigError   config        the operator's set-up cannot work
    ├── RecordError   record        .problems: every fault, with path, code, message
    ├── SigningError  signing       the key holder refused; .retryable
    ├── FetchError    unreachable   .url; offline | timeout | too-large | ...
    │   └── NoTimestamp   no-timestamp   .answers: what each timestamp authority said
    └── InputError    input         about bytes somebody handed us; .reason
        ├── Malformed     malformed      no honest program writes such a file
        ├── Unsupported   unsupported    known, but this version does not read it
        ├── ProofInvalid  proof-invalid  the signature does not fit
        └── TokenInvalid  token-invalid  a timestamp that proves no time

Inside `Verifier.verify` an `InputError` becomes a check with the same reason; it
never reaches the caller. Messages name fields and codes, never learner data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class EdcError(Exception):
    """Base of every error raised on purpose; `code` is stable public API."""

    code = "error"


class ConfigError(EdcError):
    """The set-up of the caller (keys, trust directory, options) cannot work."""

    code = "config"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where (a dotted path or JSON pointer), which, and what to do.

    `code` is stable; `message` is a sentence for the person who mends the record,
    in English. `values` are what another language puts into its own sentence for
    the code (`messages`, `problem.<code>`).
    """

    path: str
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RecordError(EdcError):
    """A record or credential cannot be issued; `problems` lists every fault."""

    code = "record"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SigningError(EdcError):
    """The key holder refused or answered nonsense; nothing was written."""

    code = "signing"

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class FetchError(EdcError):
    """Something outside this process did not answer, or was not asked.

    `why` is one of: offline (nobody may ask), refused (by our guard, by their
    certificate or by their answer), unreachable (no connection), timeout, too-large,
    not-found, unavailable (asked too often, or out of order). `detail` says more.
    `inner` are the hosts on this machine or in an inner network that would be asked
    if the caller named them (`Http.private_hosts`).
    """

    code = "unreachable"

    def __init__(
        self, url: str, why: str, detail: str = "", *, inner: Iterable[str] = ()
    ) -> None:
        said = f"{why} ({detail})" if detail else why
        super().__init__(f"{_harmless(url)}: {said}")
        self.url = url
        self.why = why
        self.detail = detail
        self.inner = tuple(inner)


def _harmless(url: str) -> str:
    """An address as it can be shown: it may stand in a file that a stranger wrote."""
    plain = url if url.isascii() and url.isprintable() else ascii(url)[1:-1]
    return plain if len(plain) <= 300 else f"{plain[:300]}..."


class NoTimestamp(FetchError):
    """No timestamp authority gave a timestamp; `answers` is (address, why) of each."""

    code = "no-timestamp"

    def __init__(
        self, answers: Iterable[tuple[str, str]], *, inner: Iterable[str] = ()
    ) -> None:
        self.answers = tuple(answers)
        first = self.answers[0][0] if self.answers else ""
        said = "; ".join(f"{_harmless(url)}: {why}" for url, why in self.answers)
        super().__init__(first, f"no timestamp ({said})", inner=inner)


class InputError(EdcError):
    """Bytes somebody handed us are not what they should be.

    `reason` is the dotted word of the attack table (`json.duplicate`, ...); it
    becomes the `reason` of a check.
    """

    code = "input"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason or self.code


class Malformed(InputError):
    """The bytes break the rules of their own format; nothing was decided on them."""

    code = "malformed"


class Unsupported(InputError):
    """A known construct that this version does not read; nothing follows from it."""

    code = "unsupported"


class ProofInvalid(InputError):
    """The signature does not fit the content and the key."""

    code = "proof-invalid"


class TokenInvalid(InputError):
    """A timestamp token proves no time; `reason` names the step that it failed."""

    code = "token-invalid"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail, reason=reason)
