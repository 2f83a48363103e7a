"""`update` keeps the last good list of each country, and lets no older one in."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from conftest import rounds, shared_file
from edc_issuer.errors import ConfigError, FetchError
from edc_issuer.fetch import CLOSED, Request, Response
from edc_issuer.trust import Trust
from edc_issuer.trust.lists.lotl import official
from edc_issuer.trust.lists.model import CA_QC, QTST, TrustedList
from edc_issuer.trust.lists.snapshot import Lists
from edc_issuer.trust.lists.update import Update, territories_of, update_lists
from list_attacks import changed_content, nested_original
from pki import AT, DAY, authority, root, seal
from test_lists_reading import real
from trusted_lists import (
    JOURNAL,
    ListPlan,
    ListWorld,
    PointerPlan,
    ServicePlan,
)

URL = "https://lists.example"
SAMPLES = "samples/trusted-lists"


@cache
def world() -> ListWorld:
    return ListWorld.create((ServicePlan((root().certificate,)),), url=URL)


class InMemory:
    """A `Fetcher` over a few files; everything else is not found."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[Request] = []

    def fetch(self, request: Request) -> Response:
        self.asked.append(request)
        name = request.url.removeprefix(f"{URL}/")
        if name not in self.files:
            raise FetchError(request.url, "not-found")
        return Response(request.url, 200, "application/xml", self.files[name])


def updated(
    directory: Path, files: Mapping[str, bytes] | None = None, **options: Any
) -> Update:
    given: dict[str, Any] = {
        "fetcher": InMemory(world().files() if files is None else files),
        "at": AT,
        "authority": world().authority,
        "test": True,
    }
    return update_lists(directory, **{**given, **options})


def said(result: Update) -> dict[str, tuple[str, str]]:
    return {one.territory: (one.status, one.reason) for one in result.outcomes}


def sequences(directory: Path) -> dict[str, int]:
    return {info.territory: info.sequence for info in Lists.load(directory).infos}


def test_lists_are_fetched_verified_and_kept(tmp_path: Path) -> None:
    fetcher = InMemory(world().files())

    result = updated(tmp_path, fetcher=fetcher)

    assert result.is_good
    assert said(result) == {"EU": ("new", ""), "SI": ("new", "")}
    assert sequences(tmp_path) == {"EU": 5, "SI": 7}
    (service,) = Lists.load(tmp_path).services("SI")
    assert service.provider == "Overitelj Žužemberk d.o.o."
    assert (service.list.url, service.list.fetched_at) == (f"{URL}/SI.xml", AT)
    assert [one.url for one in fetcher.asked] == [
        f"{URL}/lotl.xml",
        f"{URL}/lotl-pivot-2.xml",
        f"{URL}/SI.xml",
    ]
    assert all(one.signed_answer and one.body is None for one in fetcher.asked)


def test_the_same_list_again_is_unchanged(tmp_path: Path) -> None:
    files = world().files()
    updated(tmp_path, files)

    assert said(updated(tmp_path, files, at=AT + DAY)) == {
        "EU": ("unchanged", ""),
        "SI": ("unchanged", ""),
    }
    assert {info.fetched_at for info in Lists.load(tmp_path).infos} == {AT + DAY}


FAILURES: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "gone": (lambda files: files.pop("SI.xml"), "not-found"),
    "changed": (
        lambda files: files.update({"SI.xml": changed_content(files["SI.xml"])}),
        "list-signature",
    ),
    "wrapped": (
        lambda files: files.update({"SI.xml": nested_original(files["SI.xml"])}),
        "list-wrapped",
    ),
    "html": (lambda files: files.update({"SI.xml": b"<html/>"}), "list-malformed"),
    "by-another": (
        lambda files: files.update(
            {"SI.xml": world().national_plan.signed(world().commission)}
        ),
        "list-signer",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_the_last_good_list_stays(tmp_path: Path, failure: str) -> None:
    change, reason = FAILURES[failure]
    updated(tmp_path)
    before = Lists.load(tmp_path).services("SI")
    files = world().files()
    change(files)

    result = updated(tmp_path, files)

    assert said(result) == {"EU": ("new", ""), "SI": ("kept", reason)}
    assert not result.is_good
    assert Lists.load(tmp_path).services("SI") == before


@pytest.mark.parametrize("failure", FAILURES)
def test_a_first_list_that_fails_is_not_there(tmp_path: Path, failure: str) -> None:
    change, reason = FAILURES[failure]
    files = world().files()
    change(files)

    result = updated(tmp_path, files)

    assert said(result)["SI"] == ("missing", reason)
    assert sequences(tmp_path) == {"EU": 5}


def test_one_country_that_fails_costs_the_others_nothing(tmp_path: Path) -> None:
    pointers = (*world().lotl_plan.pointers, croatia())
    files = world().files()
    files["lotl.xml"] = replace(world().lotl_plan, pointers=pointers).signed(
        world().commission
    )
    files["HR.xml"] = b"<html/>"

    assert said(updated(tmp_path, files)) == {
        "EU": ("new", ""),
        "HR": ("missing", "list-malformed"),
        "SI": ("new", ""),
    }


def croatia() -> PointerPlan:
    return PointerPlan(f"{URL}/HR.xml", "HR", (world().operator.certificate,))


def test_a_second_pointer_is_tried_where_the_first_fails(tmp_path: Path) -> None:
    moved = replace(world().lotl_plan.pointers[1], url=f"{URL}/moved/SI.xml")
    files = world().files()
    pointers = (*world().lotl_plan.pointers, moved)
    files["lotl.xml"] = replace(world().lotl_plan, pointers=pointers).signed(
        world().commission
    )
    files["moved/SI.xml"] = files.pop("SI.xml")

    assert said(updated(tmp_path, files))["SI"] == ("new", "")
    assert Lists.load(tmp_path).services("SI")[0].list.url == f"{URL}/moved/SI.xml"
    files["moved/SI.xml"] = b"<html/>"
    assert said(updated(tmp_path, files))["SI"] == ("kept", "not-found")


def test_another_list_of_lists_needs_a_folder_of_its_own(tmp_path: Path) -> None:
    """Its numbers say nothing about whose list is older."""
    updated(tmp_path)
    other = replace(world().authority, url=f"{URL}/other/lotl.xml")

    with pytest.raises(ConfigError, match="another folder"):
        updated(tmp_path, authority=other)
    assert sequences(tmp_path) == {"EU": 5, "SI": 7}


@pytest.mark.parametrize("name", ["SI.xml", "lotl.xml"])
def test_an_older_list_is_refused(tmp_path: Path, name: str) -> None:
    updated(tmp_path)
    files = world().files()
    files[name] = older()[name]

    result = updated(tmp_path, files)

    territory = {"SI.xml": "SI", "lotl.xml": "EU"}[name]
    assert said(result)[territory] == ("kept", "list-older")
    assert sequences(tmp_path) == {"EU": 5, "SI": 7}
    assert updated(tmp_path / "fresh", files).is_good


def older() -> dict[str, bytes]:
    one = world()
    return {
        "SI.xml": replace(one.national_plan, sequence=6).signed(one.operator),
        "lotl.xml": replace(one.lotl_plan, sequence=4).signed(one.commission),
    }


def test_a_list_of_the_same_number_may_not_be_older(tmp_path: Path) -> None:
    updated(tmp_path)
    one = world()
    issued = one.national_plan.issued
    files = one.files()
    files["SI.xml"] = replace(one.national_plan, issued=issued - DAY).signed(
        one.operator
    )

    assert said(updated(tmp_path, files))["SI"] == ("kept", "list-older")


def test_without_the_list_of_lists_everything_stays(tmp_path: Path) -> None:
    updated(tmp_path)

    result = updated(tmp_path, {})

    assert said(result) == {
        "EU": ("kept", "not-found"),
        "SI": ("kept", "no-list-of-lists"),
    }
    assert sequences(tmp_path) == {"EU": 5, "SI": 7}


def test_an_old_list_of_lists_says_nothing_of_new_lists(tmp_path: Path) -> None:
    """Signers that were retired since still stand in it."""
    one = world()
    files = one.files()
    long_ago = replace(one.lotl_plan, issued=AT - 300 * DAY, next_update=AT - 150 * DAY)
    pivot = replace(one.pivot_plan, issued=AT - 400 * DAY)
    files["lotl.xml"] = long_ago.signed(one.commission)
    files["lotl-pivot-2.xml"] = pivot.signed(one.journal)

    result = updated(tmp_path, files)

    assert said(result)["SI"] == ("missing", "list-of-lists-stale")
    of_then = replace(one.national_plan, issued=AT - 200 * DAY)
    files["SI.xml"] = of_then.signed(one.operator)
    assert said(updated(tmp_path, files))["SI"] == ("new", "")


def test_a_pivot_elsewhere_is_not_asked(tmp_path: Path) -> None:
    """The list that names it is not verified yet: it must not send us anywhere."""
    one = world()
    addresses = ("https://169.254.169.254/lotl-pivot-2.xml", JOURNAL)
    files = one.files()
    files["lotl.xml"] = replace(one.lotl_plan, addresses=addresses).signed(
        one.commission
    )
    fetcher = InMemory(files)

    result = updated(tmp_path, fetcher=fetcher)

    assert said(result)["EU"] == ("missing", "list-pivot")
    assert [request.url for request in fetcher.asked] == [f"{URL}/lotl.xml"]


@pytest.mark.parametrize("territory", ["EU", "../../x", ""])
def test_a_pointer_elsewhere_writes_no_other_file(
    tmp_path: Path, territory: str
) -> None:
    one = world()
    odd = replace(croatia(), territory=territory)
    files = one.files()
    files["lotl.xml"] = replace(
        one.lotl_plan, pointers=(*one.lotl_plan.pointers, odd)
    ).signed(one.commission)
    files["HR.xml"] = replace(one.national_plan, territory="EU").signed(one.operator)

    assert said(updated(tmp_path, files)) == {"EU": ("new", ""), "SI": ("new", "")}
    again = updated(tmp_path, files, countries=[territory])
    assert said(again).get(territory.upper()) in (
        ("missing", "not-covered"),
        ("kept", "not-covered"),
    )
    assert sequences(tmp_path) == {"EU": 5, "SI": 7}


@pytest.mark.parametrize("country", ["RS", "ME", "BA"])
def test_countries_outside_the_lists_are_named_as_such(
    tmp_path: Path, country: str
) -> None:
    result = updated(tmp_path, countries=[country])

    assert said(result) == {"EU": ("new", ""), country: ("missing", "not-covered")}


def test_only_the_countries_asked_for_are_fetched(tmp_path: Path) -> None:
    fetcher = InMemory(world().files())

    updated(tmp_path, fetcher=fetcher, countries=["hr"])

    assert f"{URL}/SI.xml" not in {request.url for request in fetcher.asked}


def test_certificates_name_their_countries(tmp_path: Path) -> None:
    above = root()
    certificate = seal(authority(above))
    greek = certificate_of("GR")

    assert territories_of([certificate]) == ("SI",)
    assert territories_of([certificate, greek]) == ("EL", "SI")
    assert said(updated(tmp_path, for_certificates=[certificate])).keys() == {
        "EU",
        "SI",
    }
    assert said(updated(tmp_path, for_certificates=[])).keys() == {"EU"}


def certificate_of(country: str) -> x509.Certificate:
    subject = (("2.5.4.6", country), ("2.5.4.10", "Σχολείο"))
    return root(subject=subject).certificate


def test_a_folder_is_read_instead_of_the_network(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, data in world().files().items():
        (source / name.replace("SI.xml", "Slovenija.XML")).write_bytes(data)
    (source / "notes.xml").write_bytes(b"<html/>")
    (source / "readme.txt").write_bytes(b"x")

    result = updated(tmp_path / "trust", fetcher=CLOSED, source_folder=source)

    assert result.is_good
    assert sequences(tmp_path / "trust") == {"EU": 5, "SI": 7}


def test_of_two_lists_in_a_folder_the_newer_is_taken(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, data in world().files().items():
        (source / name).write_bytes(data)
    (source / "SI-6.xml").write_bytes(older()["SI.xml"])

    result = updated(tmp_path / "trust", fetcher=CLOSED, source_folder=source)

    assert sequences(tmp_path / "trust")["SI"] == 7
    assert result.is_good


def test_what_a_folder_lacks_is_told(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    files = world().files()
    (source / "lotl.xml").write_bytes(files["lotl.xml"])

    def outcome() -> Update:
        return updated(tmp_path / "trust", fetcher=CLOSED, source_folder=source)

    assert said(outcome())["EU"] == ("missing", "not-found")
    (source / "lotl-pivot-2.xml").write_bytes(files["lotl-pivot-2.xml"])
    assert said(outcome()) == {"EU": ("new", ""), "SI": ("missing", "not-found")}


def test_real_lists_are_kept_from_the_folder_of_samples(tmp_path: Path) -> None:
    result = update_lists(
        tmp_path,
        fetcher=CLOSED,
        at=AT,
        countries=["SI", "HR", "ES"],
        source_folder=shared_file(SAMPLES),
    )

    assert result.is_good
    assert sequences(tmp_path) == {"EU": 332, "ES": 146, "HR": 48, "SI": 69}
    assert {info.age(AT) for info in Lists.load(tmp_path).infos} == {"too-old"}
    kept = [one.service for one in Lists.load(tmp_path).services("SI")]
    assert kept == [
        one
        for one in real("SI.xml").services
        if {CA_QC, QTST} & {state.type for state in one.states}
    ]


@pytest.mark.parametrize(
    ("test", "marked"),
    [
        pytest.param(False, False, id="for-tests-but-not-said-so"),
        pytest.param(False, True, id="real-into-a-folder-for-tests"),
    ],
)
def test_lists_for_tests_and_real_ones_do_not_mix(
    tmp_path: Path, test: bool, marked: bool
) -> None:
    if marked:
        (tmp_path / "test").write_text("x")

    with pytest.raises(ConfigError):
        updated(
            tmp_path,
            test=test,
            authority=official() if marked else world().authority,
        )
    assert not (tmp_path / "lists").exists()
    assert updated(tmp_path).is_good


def test_a_folder_with_real_lists_takes_none_for_tests(tmp_path: Path) -> None:
    update_lists(
        tmp_path,
        fetcher=CLOSED,
        at=AT,
        countries=["HR"],
        source_folder=shared_file(SAMPLES),
    )

    with pytest.raises(ConfigError, match="real trust"):
        updated(tmp_path)


def test_a_damaged_index_is_told_with_what_to_do(tmp_path: Path) -> None:
    updated(tmp_path)
    index = tmp_path / "lists" / "index.json"
    whole = index.read_bytes()

    for damaged in (b"", whole[:100], b"{}", b"[]", b'{"format": 1, "lists": 3}'):
        index.write_bytes(damaged)
        with pytest.raises(ConfigError, match="trust update"):
            Trust.load(tmp_path)
    (file,) = index.parent.glob("SI-*.jsonl")
    (tmp_path / file.name).write_bytes(file.read_bytes())  # so that it is there
    index.write_bytes(whole.replace(b'"file":"SI-', b'"file":"../SI-'))
    with pytest.raises(ConfigError):
        Lists.load(tmp_path)
    (tmp_path / file.name).unlink()
    index.write_bytes(whole)
    assert Trust.load(tmp_path).lists


@pytest.mark.parametrize("promised", [None, AT + 3000 * DAY])
def test_a_list_is_due_after_half_a_year_whatever_it_says(
    tmp_path: Path, promised: datetime | None
) -> None:
    """TS 119 612 allows six months: who promises years would keep withdrawals away."""
    one = world()
    files = one.files()
    plan = replace(one.national_plan, next_update=promised)
    files["SI.xml"] = plan.signed(one.operator)
    updated(tmp_path, files)

    info = Lists.load(tmp_path).stored["SI"].info
    assert info.next_update == promised
    assert info.due == plan.issued + 190 * DAY
    assert info.age(info.due) == "current"
    assert info.age(info.due + DAY) == "stale"
    assert info.age(info.due + 91 * DAY) == "too-old"


def test_a_changed_country_file_is_not_believed(tmp_path: Path) -> None:
    updated(tmp_path)
    (path,) = (tmp_path / "lists").glob("SI-*.jsonl")
    data = path.read_bytes()
    lists = Lists.load(tmp_path)
    assert lists.services("SI")

    path.write_bytes(data.replace(b'"granted"', b'"GRANTED"'))
    with pytest.raises(ConfigError, match="damaged"):
        Lists.load(tmp_path).services("SI")
    path.unlink()
    with pytest.raises(ConfigError, match="damaged"):
        Trust.load(tmp_path)


def test_files_that_nothing_names_are_removed_later(tmp_path: Path) -> None:
    one = world()
    updated(tmp_path)
    files = one.files()
    files["SI.xml"] = replace(one.national_plan, sequence=8).signed(one.operator)

    (old,) = (tmp_path / "lists").glob("SI-7-*.jsonl")
    updated(tmp_path, files)
    assert old.exists()  # another process may be about to name it
    os.utime(old, (0, 0))
    updated(tmp_path, files)

    assert not old.exists()
    assert [p.name[:5] for p in (tmp_path / "lists").glob("SI-*")] == ["SI-8-"]


class Killed(BaseException):
    """What ends a process at one point, for this test."""


@pytest.mark.parametrize("call", ["replace", "fsync", "mkstemp", "chmod"])
@pytest.mark.parametrize("nth", range(4))
def test_whatever_is_interrupted_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    one = world()
    updated(tmp_path)
    files = one.files()
    files["SI.xml"] = replace(one.national_plan, sequence=8).signed(one.operator)
    left = [nth]
    places: dict[str, Any] = {
        "replace": Path,
        "chmod": Path,
        "fsync": os,
        "mkstemp": tempfile,
    }
    genuine = getattr(places[call], call)

    def dying(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return genuine(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(places[call], call, dying)
        with suppress(Killed):  # not raised where there are fewer such calls
            updated(tmp_path, files)

    lists = Lists.load(tmp_path)
    (service,) = lists.services("SI")
    assert service.list.sequence in (7, 8)
    assert sequences(tmp_path)["EU"] == 5
    assert updated(tmp_path, files).is_good
    assert sequences(tmp_path)["SI"] == 8


WRITER = textwrap.dedent(
    """
    import sys
    from dataclasses import replace
    from pathlib import Path
    sys.path[:0] = {paths}
    from test_lists_update import AT, ListPlan, keep_number
    directory = Path(sys.argv[1])
    print("ready", flush=True)
    for number in range(1, 100_000):
        keep_number(directory, number)
        print(number, flush=True)
    """
)


def keep_number(directory: Path, number: int) -> None:
    """Keep an issue of a list whose services say its number."""
    from edc_issuer.trust.lists.model import ListInfo, Service, State
    from edc_issuer.trust.lists.snapshot import keep

    state = State("CA/QC", "granted", AT - DAY)
    service = Service({"en": str(number)}, {"en": "x" * 5000}, (), (state,))
    found = TrustedList(6, number, "EUgeneric", "SI", AT, None, (), (), (service,))
    info = ListInfo("SI", number, AT, None, "https://x", AT, "0" * 64)
    keep(directory, Lists.load(directory), found, info)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("seed", range(rounds(20)))
def test_a_killed_update_leaves_the_old_or_the_new(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    code = WRITER.format(paths=[str(Path(__file__).parent)])
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for _ in range(chance.randrange(1, 40)):
        told = int(process.stdout.readline())
    for _ in range(chance.randrange(20_000)):
        pass  # somewhere inside the next one
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()

    last = int(rest[-1]) if rest else told
    (service,) = Lists.load(tmp_path).services("SI")
    assert service.provider == str(service.list.sequence)
    assert service.list.sequence in (last, last + 1)


def test_a_plan_without_services_keeps_an_empty_list(tmp_path: Path) -> None:
    one = world()
    files = one.files()
    files["SI.xml"] = ListPlan(sequence=9).signed(one.operator)

    assert updated(tmp_path, files).is_good
    assert Lists.load(tmp_path).services("SI") == ()
