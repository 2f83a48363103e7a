"""A European Digital Credential is read back into the record it was made of."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.errors import RecordError
from edc_issuer.models.base import Read
from edc_issuer.models.elm import ELM
from edc_issuer.models.reading import MAX_NODES, MAX_TOLD
from edc_issuer.record import (
    Activity,
    CredentialRecord,
    Place,
    QualityMeasure,
    refusals,
)
from reading_back import differences, unexplained, untold
from test_elm import KINDS, NAMES, build, everything, record

each_record = pytest.mark.parametrize("name", NAMES)


def received(of: CredentialRecord) -> dict[str, Any]:
    """The credential as it arrives: JSON, no shared objects."""
    value: dict[str, Any] = json.loads(json.dumps(build(of).credential))
    return value


def read(of: CredentialRecord) -> Read:
    return ELM.read(received(of))


@each_record
def test_a_fixture_comes_back_but_for_what_the_account_calls_lost(name: str) -> None:
    source = record(name)

    assert unexplained(source, build(source), read(source)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_says_everything_comes_back_likewise(kind: str) -> None:
    source = everything(kind)

    assert unexplained(source, build(source), read(source)) == set()


@each_record
def test_every_loss_of_the_way_out_is_named_on_the_way_back(name: str) -> None:
    source = record(name)

    assert untold(build(source), read(source)) == set()


@each_record
def test_nothing_of_our_own_credential_stays_unread(name: str) -> None:
    found = read(record(name))

    assert [loss.path for loss in found.losses if loss.kind == "unread"] == []
