"""Every record → credential → record: equal but for what the losses name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import rounds
from edc_issuer.models import MODELS
from edc_issuer.models.base import BuildContext, Built, Media, Model, Read
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord
from generated_records import ALPHABETS, generated
from reading_back import unexplained, untold

AT = datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC)
PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
ID = "urn:uuid:9f8d0a36-2b1c-5c1e-9a70-0c2a6c1c7f11"
seeds = st.integers(0, 2**32 - 1)


def there_and_back(
    model: Model, of: CredentialRecord, **options: Any
) -> tuple[Built, Read]:
    context = BuildContext(
        at=AT,
        credential_id=of.credential_id or ID,
        pictures=dict.fromkeys(of.languages, (PAGE,)) if model is ELM else {},
        issuer_id=DID if model is OB3 else None,
        **options,
    )
    built = model.build(of, context)
    return built, model.read(json.loads(json.dumps(built.credential)))


@pytest.mark.long
@settings(max_examples=rounds(100))
@given(seeds)
def test_every_record_comes_back_from_an_edc(seed: int) -> None:
    source = generated(seed)

    built, read = there_and_back(ELM, source)

    assert unexplained(source, built, read) == set()


@pytest.mark.long
@settings(max_examples=rounds(100))
@given(seeds)
def test_every_record_comes_back_from_a_badge(seed: int) -> None:
    source = generated(seed)

    built, read = there_and_back(OB3, source)

    assert unexplained(source, built, read) == set()


@pytest.mark.long
@settings(max_examples=rounds(100))
@given(seeds)
def test_every_loss_of_the_way_out_is_named_on_the_way_back(seed: int) -> None:
    source = generated(seed)

    for model in MODELS:
        assert untold(*there_and_back(model, source)) == set()


@pytest.mark.long
@settings(max_examples=rounds(100))
@given(seeds)
def test_nothing_of_our_own_credentials_stays_unread(seed: int) -> None:
    source = generated(seed)

    for model in MODELS:
        _, read = there_and_back(model, source)
        assert [loss for loss in read.losses if loss.kind == "unread"] == []


@pytest.mark.long
@settings(max_examples=rounds(40))
@given(seeds)
def test_what_was_read_comes_back_likewise(seed: int) -> None:
    """The second time nothing is lost that the second account does not name."""
    for model in MODELS:
        _, once = there_and_back(model, generated(seed))
        source = replace(once.record, credential_id=None)

        built, twice = there_and_back(model, source)

        assert unexplained(source, built, twice) == set()


@pytest.mark.long
@settings(max_examples=rounds(30))
@given(seeds)
def test_what_is_made_up_passes_what_both_models_check(seed: int) -> None:
    source = generated(seed)

    assert [problem for model in MODELS for problem in model.check(source)] == []


def test_what_is_made_up_is_in_every_language_and_fills_every_field() -> None:
    made = [generated(seed) for seed in range(60)]

    assert {tag for record in made for tag in record.languages} == {*ALPHABETS}
    absent = {"attachments", "pictures", "extensions", "mandate"}
    for name in set(CredentialRecord.__dataclass_fields__) - absent:
        if not name.startswith("__"):
            assert any(getattr(record, name) for record in made), name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_difference_would_be_found(model: Model) -> None:
    source = generated(1)
    built, read = there_and_back(model, source)
    other = generated(2)

    found = unexplained(other, built, read)

    assert any(path.startswith("programme.") for path in found)
    assert "learner.given_name" in found
