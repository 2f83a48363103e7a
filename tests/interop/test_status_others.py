"""Status lists, both ways: every bit with three libraries, signed lists with two.

(Signed lists with Digital Bazaar's package are in `test_node_status`.)
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpSigner, OB3LdpVerifier, OB3Signer, OB3Verifier
from openbadgeslib.ob3 import status as reading
from openbadgeslib.ob3 import status_list as writing
from openbadgeslib.ob3.credential import OpenBadgeCredential
from openvc.status import (
    decode_bitstring,
    encode_bitstring,
    get_status_bit,
    new_bitstring,
    set_status_bit,
)

from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import Signer, open_signer
from edc_issuer.report import Report
from edc_issuer.status import StatusBook, publish
from edc_issuer.status.bits import MIN_ENTRIES, StatusList
from edc_issuer.verify import Verifier
from interop import openvc_judge
from interop.cases import KEYS, key_file, unsigned
from interop.judges import HERE, Judgement, hold, run, tool
from interop.python_judges import OPENBADGESLIB, Maker
from interop.suites import PLAIN
from interop.trusting import trust_in, verdict
from statuses import Answering
from world import record

pytestmark = pytest.mark.interop
OPENVC = openvc_judge.JUDGE
URL = "https://zgled.example/status"
PURPOSES = ("revocation", "suspension")
Pages = Mapping[str, bytes]


# --- every bit ---

SEED = random.randrange(2**32)
SET = frozenset(random.Random(SEED).sample(range(MIN_ENTRIES), 700)) | {0, 7, 8}


def ours() -> str:
    """A list of ours in which these positions are set."""
    bits = bytearray(MIN_ENTRIES // 8)
    for position in SET:
        bits[position // 8] |= 0x80 >> position % 8
    return StatusList(bytes(bits)).encode()


@cache
def javascript() -> Any:
    """What Digital Bazaar's package reads of ours, and its own of the same."""
    given = {"encoded": ours(), "length": MIN_ENTRIES, "set": sorted(SET)}
    answer = run(
        [tool("node"), "bits.mjs"], given=json.dumps(given).encode(), at=HERE / "node"
    )
    return json.loads(answer)


def _openvc_reads() -> frozenset[int]:
    bits = decode_bitstring(ours())
    return frozenset(i for i in range(len(bits) * 8) if get_status_bit(bits, i))


def _openvc_writes() -> str:
    bits = new_bitstring(MIN_ENTRIES)
    for position in SET:
        set_status_bit(bits, position, 1)
    return str(encode_bitstring(bytes(bits)))


def _openbadgeslib_reads() -> frozenset[int]:
    found: frozenset[int] = reading.set_indices(reading.decode_encoded_list(ours()))
    return found


READERS: Mapping[str, Callable[[], frozenset[int]]] = {
    "@digitalbazaar/vc-bitstring-status-list": lambda: frozenset(javascript()["read"]),
    OPENVC: _openvc_reads,
    OPENBADGESLIB: _openbadgeslib_reads,
}
WRITERS: Mapping[str, Callable[[], str]] = {
    "@digitalbazaar/vc-bitstring-status-list": lambda: javascript()["encoded"],
    OPENVC: _openvc_writes,
    OPENBADGESLIB: lambda: str(writing.encode_bitstring(SET, MIN_ENTRIES)),
}


@pytest.mark.parametrize("judge", READERS)
def test_it_reads_every_bit_of_a_list_of_ours(judge: str) -> None:
    assert READERS[judge]() == SET, SEED


@pytest.mark.parametrize("judge", WRITERS)
def test_we_read_every_bit_of_a_list_of_theirs(judge: str) -> None:
    found = StatusList.decode(WRITERS[judge]())

    assert found.entries() == MIN_ENTRIES
    assert {i for i in range(MIN_ENTRIES) if found.is_set(i)} == SET, SEED


# --- signed lists ---


@dataclass(frozen=True)
class Case:
    """A badge and the lists at their addresses."""

    badge: bytes
    lists: Pages
    issuer: str


@contextmanager
def _signing() -> Iterator[Signer]:
    with open_signer(key_file(KEYS["EdDSA"]())) as signer:
        yield signer


def _lists(book: StatusBook, signer: Signer, **options: Any) -> Pages:
    return {one.url: one.data for one in publish(book, signer, **options)}


def _withdrawn(profile: str, purpose: str) -> dict[str, Case]:
    """A badge of ours before and after."""
    folder = Path(tempfile.mkdtemp(prefix="edc-lists-"))
    suspension = purpose == "suspension"
    with (
        StatusBook.create(folder / "knjiga.sqlite", url=URL) as book,
        _signing() as signer,
    ):
        issuer = Issuer(
            profile=PROFILES[profile], signer=signer, status=book, suspension=suspension
        )
        made = issuer.issue(record())
        name = made.credential["id"]
        did = str(signer.identity.did)  # type: ignore[union-attr]
        clear = _lists(book, signer)
        old = _lists(book, signer, at=datetime.now(UTC) - timedelta(days=60))
        withdraw = book.suspend if suspension else book.revoke
        withdraw(name, "po pomoti", by="ana")
        after = _lists(book, signer)
    return {
        "clear": Case(made.data, clear, did),
        "set": Case(made.data, after, did),
        "ended list": Case(made.data, old, did),
        "no list": Case(made.data, {}, did),
        "spoilt list": Case(made.data, _spoilt(after, clear), did),
    }


def _spoilt(after: Pages, before: Pages) -> Pages:
    """The lists of after the withdrawal with the content of before."""
    return {url: _mixed(page, before[url]) for url, page in after.items()}


def _mixed(page: bytes, old: bytes) -> bytes:
    if page.startswith(b"{"):
        changed = json.loads(page)
        changed["credentialSubject"] = json.loads(old)["credentialSubject"]
        return json.dumps(changed).encode()
    head, _, signature = page.split(b".")
    return b".".join((head, old.split(b".")[1], signature))


@cache
def our_lists() -> Mapping[str, Case]:
    """Badges of ours with an embedded proof and as JWT, by purpose and case."""
    return {
        f"{profile}, {purpose}: {name}": case
        for profile in ("ob3-di", "ob3-jwt")
        for purpose in PURPOSES
        for name, case in _withdrawn(profile, purpose).items()
    }


def report(case: Case) -> Report:
    """Ours, with the lists to be fetched."""
    verifier = Verifier(
        trust=trust_in([case.issuer]), fetcher=Answering(dict(case.lists))
    )
    return verifier.verify(case.badge)


def _download(lists: Pages) -> Callable[[str], bytes]:
    return lambda url: lists[url]


def _openbadgeslib(case: Case, **options: Any) -> str:
    """It asks for the list, and who signed it."""
    text = case.badge.decode()
    kind = OB3LdpVerifier if text.startswith("{") else OB3Verifier
    try:
        kind.for_issuer_did(case.issuer).verify(
            text, check_status=True, download=_download(case.lists), **options
        )
    except LibOpenBadgesException as error:
        return f"refused: {error}"
    return "valid"


# when and where: when a list ended, which list it is, and the position in it
_CHANGING = re.compile(
    r" at [\d-]+T[\d:]+\+00:00| \(validUntil \S+\)| at index \d+|:? '?https:\S+"
)


def _constant(words: str) -> str:
    return _CHANGING.sub("", words)


def _openvc(case: Case) -> str:
    return openvc_judge.verify_with_list(json.loads(case.badge), case.lists)


@cache
def said(judge: str) -> Mapping[str, str]:
    """What a judge says of ours."""
    if judge == OPENVC:  # it reads no JWT of Open Badges (`test_python`)
        given = {name: c for name, c in our_lists().items() if "jwt" not in name}
        return {name: _constant(_openvc(case)) for name, case in given.items()}
    return {name: _constant(_openbadgeslib(case)) for name, case in our_lists().items()}


NAMES = [
    f"{profile}, {purpose}: {name}"
    for profile in ("ob3-di", "ob3-jwt")
    for purpose in PURPOSES
    for name in ("clear", "set", "ended list", "no list", "spoilt list")
]
# openbadgeslib verifies the signature of a list only if it is a JWT.
JUDGED = [(OPENVC, name) for name in NAMES if name.startswith("ob3-di")] + [
    (OPENBADGESLIB, name) for name in NAMES if name.startswith("ob3-jwt")
]


@pytest.mark.parametrize(("judge", "case"), JUDGED)
def test_it_finds_in_lists_of_ours_what_we_find(judge: str, case: str) -> None:
    honest = case.endswith("clear")

    assert (said(judge)[case] == "valid") == honest
    assert (verdict(report(our_lists()[case])) == "PASSED") == honest


@pytest.mark.parametrize("purpose", PURPOSES)
def test_openbadgeslib_verifies_no_list_with_an_embedded_proof(purpose: str) -> None:
    """It reads one all the same, where it is told not to ask who signed it."""
    clear, withdrawn = (
        our_lists()[f"ob3-di, {purpose}: {name}"] for name in ("clear", "set")
    )

    assert "is not a signed JWT-VC" in said(OPENBADGESLIB)[f"ob3-di, {purpose}: clear"]
    for case, expected in ((clear, "valid"), (withdrawn, f"'{purpose}' is set")):
        assert expected in _openbadgeslib(case, verify_status_list=False)


# --- theirs ---

CLEAR, INDEX = 7, 94_567


def _openvc_list(purpose: str, secured: str, *, on: bool, spoilt: bool = False) -> Case:
    """A badge and a list of a school that works with openvc-core."""
    school = openvc_judge.Maker("Ed25519", KEYS["EdDSA"]())
    status = openvc_judge.entry(URL, INDEX if on else CLEAR, purpose)
    badge = school.named({**unsigned()[PLAIN], "credentialStatus": status})
    listed = school.status_list(URL, [INDEX], purpose)
    empty = school.status_list(URL, [], purpose)
    if secured == "jwt":
        held, data = school.enveloped(badge), school.enveloped(listed)
        old = school.enveloped(empty)
    else:
        held, data, old = (
            json.dumps(school.signed("eddsa-rdfc-2022", document)).encode()
            for document in (badge, listed, empty)
        )
    return Case(held, {URL: _mixed(data, old) if spoilt else data}, school.did)


def _openbadgeslib_list(
    purpose: str, secured: str, *, on: bool, spoilt: bool = False
) -> Case:
    """A badge and a list of a school that works with openbadgeslib."""
    school = Maker(KEYS["EdDSA"]())
    model = OpenBadgeCredential.from_vc_document(school.named(unsigned()[PLAIN]))
    model.credential_status = [
        writing.status_entry(URL, purpose, INDEX if on else CLEAR)
    ]
    until = datetime.now(UTC) + timedelta(days=1)
    listed, empty = (
        writing.build_status_list_credential(
            school.did, URL, purpose, positions, valid_until=until
        )
        for positions in ({INDEX}, set())
    )
    data, old = (
        writing.sign_status_list_credential(one, school.pem, "EdDSA").encode()
        for one in (listed, empty)
    )
    if secured == "jwt":
        held = OB3Signer(school.pem, "EdDSA").sign(model)
    else:
        held = OB3LdpSigner(school.pem).sign_to_json(model)
    return Case(
        str(held).encode(), {URL: _mixed(data, old) if spoilt else data}, school.did
    )


MAKERS = {OPENVC: _openvc_list, OPENBADGESLIB: _openbadgeslib_list}
MADE = [
    (judge, secured, purpose)
    for judge in MAKERS
    for secured in ("embedded", "jwt")
    for purpose in PURPOSES
]


@cache
def theirs(judge: str) -> Mapping[str, Case]:
    """Badges and lists of a judge by case."""
    hows: Mapping[str, dict[str, bool]] = {
        "clear": {"on": False},
        "set": {"on": True},
        "spoilt list": {"on": True, "spoilt": True},
    }
    return {
        f"{secured}, {purpose}: {name}": MAKERS[judge](purpose, secured, **how)
        for whose, secured, purpose in MADE
        if whose == judge
        for name, how in hows.items()
    }


@pytest.mark.parametrize(("judge", "secured", "purpose"), MADE)
def test_we_find_in_lists_of_theirs_what_they_say(
    judge: str, secured: str, purpose: str
) -> None:
    reason = "revoked" if purpose == "revocation" else "suspended"
    found = {
        name: verdict(report(theirs(judge)[f"{secured}, {purpose}: {name}"]))
        for name in ("clear", "set", "spoilt list")
    }

    assert found == {
        "clear": "PASSED",
        "set": f"FAILED; credential.status {reason}",
        "spoilt list": "INDETERMINATE; credential.status status-list-unreadable",
    }


LISTS = (OPENVC, OPENBADGESLIB)


@pytest.mark.parametrize("judge", LISTS)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(Judgement(f"{judge}, status lists", version(judge), "ours", said(judge)))


@pytest.mark.parametrize("judge", LISTS)
def test_we_say_what_we_said_before(judge: str) -> None:
    words = {name: verdict(report(case)) for name, case in theirs(judge).items()}
    hold(Judgement(f"{judge}, status lists", version(judge), "theirs", words))
