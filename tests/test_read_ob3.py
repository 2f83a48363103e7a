"""An Open Badge is read back into the record it was made of, in its one language."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from edc_issuer.errors import RecordError
from edc_issuer.models.base import Read
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord, Level, LegalIdentifier, Organisation
from reading_back import differences, unexplained, untold
from test_elm import KINDS, everything
from test_ob3 import DID, RECORDS, build, record

each_record = pytest.mark.parametrize("name", RECORDS)
SOURCES = [*RECORDS, *KINDS]


def source_of(name: str) -> CredentialRecord:
    return everything(name) if name in KINDS else record(name)


def received(of: CredentialRecord, **context: Any) -> dict[str, Any]:
    """The badge as it arrives: JSON, no shared objects."""
    value: dict[str, Any] = json.loads(json.dumps(build(of, **context).credential))
    return value


def read(of: CredentialRecord, **context: Any) -> Read:
    return OB3.read(received(of, **context))


@pytest.mark.parametrize("name", SOURCES)
def test_a_record_comes_back_but_for_what_the_account_calls_lost(name: str) -> None:
    source = source_of(name)

    found = unexplained(
        source, build(source, issuer_id=DID), read(source, issuer_id=DID)
    )

    assert found == set()


@each_record
def test_it_comes_back_without_a_did_and_in_another_language(name: str) -> None:
    source = record(name)
    language = source.languages[-1]

    built = build(source, language=language)

    assert unexplained(source, built, read(source, language=language)) == set()


@pytest.mark.parametrize("name", SOURCES)
def test_every_loss_of_the_way_out_is_named_on_the_way_back(name: str) -> None:
    source = source_of(name)

    assert untold(build(source, issuer_id=DID), read(source, issuer_id=DID)) == set()


@each_record
def test_nothing_of_our_own_badge_stays_unread(name: str) -> None:
    found = read(record(name), issuer_id=DID)

    assert [loss.path for loss in found.losses if loss.kind == "unread"] == []
