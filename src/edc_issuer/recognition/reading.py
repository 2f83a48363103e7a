"""From the JSON of a credential to what a receiving school wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from edc_issuer.errors import RecordError
from edc_issuer.models import recognise
from edc_issuer.models.base import BuildContext
from edc_issuer.recognition.badge import badge_facts
from edc_issuer.recognition.elm import elm_facts
from edc_issuer.recognition.facts import Recognition
from edc_issuer.recognition.look import Look
from edc_issuer.record import CredentialRecord, refusals
from edc_issuer.summary import summary


def recognition(content: Any, language: str) -> Recognition:
    """What the content of a credential says, in `language` where it has it.

    `content` is plain JSON of either model, of any shape: what cannot be read is
    simply absent, and nothing here raises. All of it is the file's own word.
    """
    said = summary(content, language)
    if not isinstance(content, Mapping):
        return Recognition(language, None, said)
    model = recognise(content)
    look = Look.into(content, language)
    if model is None:
        return Recognition(language, None, said)
    facts = elm_facts(look) if model.id == "elm" else badge_facts(look)
    return Recognition(language, model.id, said, **facts)


def recognition_of_record(record: CredentialRecord, language: str) -> Recognition:
    """The same of a record, by way of the credential that it would become.

    So the page says what a receiving school will read, losses included. Raises
    `RecordError` where no credential could be made of the record.
    """
    from edc_issuer.models.elm import ELM

    problems = [*refusals(record), *ELM.check(record)]
    if problems:
        raise RecordError(problems)
    # Files add nothing to the facts, and the folder they are in is not at hand.
    bare = replace(record, attachments=(), mandate=None, pictures=None)
    day = datetime.combine(record.award.date_issued, time(12), UTC)
    name = record.credential_id or "urn:credential:of-a-record"
    context = BuildContext(at=day, credential_id=name)
    return recognition(ELM.build(bare, context).credential, language)
