"""Every given sample of badges and credentials in one manifest, `samples.tsv`.

A row names a file, what its makers document of it, our outcome, the answers that
decide it, and in words what is not given or why we answer otherwise. Each file is
verified by somebody who has all that is given: the status lists at the addresses that
the DCC's and 1EdTech's files name, the DCC's documents of keys, `assets` in the place
of example.org; and who knows each issuer by the name in the file, so that nothing but
the file itself stands in the way of PASSED. Of the W3C's vectors each file has a row,
also those that are a step on the way to a signature.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED, shared_file
from edc_issuer.carriers import carrier_of, unbake
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import InputError
from edc_issuer.formats import open_any
from edc_issuer.report import GOOD, REQUIRED, Check, Report, Status
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from statuses import Answering
from test_samples_ob20 import judged as ob20
from test_samples_ob20 import kept as ob20_kept
from test_samples_ob20 import web as ob20_web
from test_samples_status import kept, lists

MANIFEST = Path(__file__).parent / "samples.tsv"
FOLDERS = (
    "samples/ob30",
    "samples/ob20",
    "samples/clr20",
    "samples/dcc",
    "standards/w3c-vc",
    "standards/vc-di-eddsa",
    "standards/vc-di-ecdsa",
)
# What makers say of a file with which nothing is wrong, if with a warning.
SOUND = frozenset({"VALID", "WARNING"})
# A file that is asked for while others are verified: a document of keys, a context.
MATERIAL = "material"


@dataclass(frozen=True)
class Row:
    """One line of the manifest."""

    file: str
    documented: str
    outcome: str
    decided_by: str
    why: str


@cache
def rows() -> tuple[Row, ...]:
    with MANIFEST.open(encoding="utf-8", newline="") as lines:
        read = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Row(*row) for row in list(read)[1:])


def verify(file: str) -> Report:
    """The report of somebody who has all that is given."""
    data = shared_file(file).read_bytes()
    if file.startswith("samples/ob20/assets/"):
        verifier = Verifier(trust=ob20_kept(), fetcher=ob20_web(b""))
        return verifier.verify(data)
    if file.startswith("samples/ob20/"):
        return ob20(file.removeprefix("samples/ob20/"), ob20_kept())
    documents = _documents(file)
    trust = Trust(issuers=_known(data, documents), dids=kept().dids)
    door = Answering(lists())
    return Verifier(trust=trust, fetcher=door, documents=documents).verify(data)


def _documents(file: str) -> Documents:
    """With the W3C's context of examples where its examples are read."""
    if not file.startswith("standards/"):
        return BUNDLED
    return BUNDLED.with_directory(shared_file("standards/contexts"))


def _known(data: bytes, documents: Documents) -> tuple[TrustedIssuer, ...]:
    """The issuer of a file, known to the operator under the name in it."""
    view = _content(data, documents)
    issuer = view.get("issuer") if isinstance(view, Mapping) else None
    if not isinstance(issuer, Mapping):
        return ()
    identifier, name = issuer.get("id"), issuer.get("name")
    if not isinstance(identifier, str) or not isinstance(name, str):
        return ()
    return (TrustedIssuer(identifier, (name,)),)


def _content(data: bytes, documents: Documents) -> Any:
    try:
        inside = unbake(data).data if carrier_of(data) else data
        securing, envelope = open_any(inside, documents=documents)
        if not envelope.proofs:
            return envelope.internals
        return securing.covered(envelope, envelope.proofs[0])
    except InputError:
        return None


def decided_by(report: Report) -> str:
    """The answers that decide the outcome; of a PASSED file what it is warned of.

    The signer's own word for the time is left out: hardly a file has a better one.
    """
    open_too = {Status.FAIL, Status.UNDECIDED}
    decisive = [check for check in report.checks if _decides(check, open_too)]
    shown = decisive or [c for c in report.checks if c.status is Status.WARN]
    told = [check for check in shown if check.reason != "claimed-only"]
    return "; ".join(f"{check.id} {check.status} {check.reason}" for check in told)


def _decides(check: Check, statuses: set[Status]) -> bool:
    if check.status is Status.FAIL:
        return True
    is_asked = check.id in REQUIRED and check.reason != "blocked"
    return check.status in statuses and is_asked


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.file)
def test_a_sample_has_the_outcome_that_the_manifest_says(row: Row) -> None:
    report = verify(row.file)

    assert (report.outcome.value, decided_by(report)) == (row.outcome, row.decided_by)
    assert all(check.reason != "internal-error" for check in report.checks)


def test_no_sample_is_left_out_or_made_up() -> None:
    given = {
        str(path.relative_to(SHARED))
        for folder in FOLDERS
        for path in shared_file(folder).rglob("*")
        if path.is_file()
    }

    named = [row.file for row in rows()]

    assert sorted(named) == sorted(given)


def test_nothing_passes_of_which_its_makers_say_that_something_is_wrong() -> None:
    passed = {row.documented for row in rows() if row.outcome == "PASSED"}

    assert passed == {"VALID"}


def test_whatever_is_sound_and_not_passed_has_its_reason_in_words() -> None:
    silent = [
        row.file
        for row in rows()
        if (row.documented in SOUND) != (row.outcome == "PASSED") and not row.why
    ]

    assert silent == []


def test_a_file_whose_key_or_list_is_not_given_is_undecided_and_says_so() -> None:
    ungiven = [
        row
        for row in rows()
        if "proof.key undecided key" in row.decided_by
        or "unreachable" in row.decided_by
    ]

    assert len(ungiven) >= 3
    for row in ungiven:
        assert row.outcome == "INDETERMINATE", row
        assert "not given" in row.why, row


def test_whatever_is_called_valid_is_at_least_intact() -> None:
    for row in rows():
        if row.documented in SOUND:
            report = verify(row.file)

            is_intact = report.check("proof.integrity").status in GOOD
            assert is_intact or "not given" in row.why, row
