"""Reading a credential back is safe whatever stands in it, and bounded."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import rounds, shared_file
from edc_issuer import vocab
from edc_issuer.convert import content_of, incomplete, to_record
from edc_issuer.errors import EdcError, RecordError
from edc_issuer.models import recognise
from edc_issuer.models.base import Read
from edc_issuer.models.reading import MAX_DEPTH, MAX_NODES, MAX_TOLD, MAX_VALUES
from edc_issuer.record import CredentialRecord
from test_elm import build as build_elm
from test_elm import record
from test_ob3 import build as build_ob3

NAME = "scouts4green_stacked"
NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1e300,
        "",
        "x",
        "9" * 400,
        "P99999999999Y",
        "9999-12-31T23:00:00Z",
        "0001-01-01T00:00:00+14:00",
        [],
        {},
        [[]],
        ["a", {"b": ["c"]}],
        {"id": 3, "type": {"x": 1}},
        {"@value": {"@value": 1}},
        {"sl": None, "Ž": "x", "en": ["y", 3]},
        {"notation": ["1", 2], "schemeName": {}},
        "\u202e\x1b[31m",
    ]
)


def received(model: str) -> dict[str, Any]:
    build = build_elm if model == "elm" else build_ob3
    value: dict[str, Any] = json.loads(json.dumps(build(record(NAME)).credential))
    return value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place below the top of JSON."""
    steps: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        steps = [*(value.items() if isinstance(value, dict) else enumerate(value))]
    found = []
    for step, held in steps:
        found += [(*path, step), *places(held, (*path, step))]
    return found


def put(value: Any, path: tuple[Any, ...], held: object) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = held


def attempted(credential: dict[str, Any]) -> Read | RecordError:
    """The record, or why there is none; whatever else is raised fails a test."""
    try:
        return to_record(credential)
    except RecordError as error:
        return error


WHOLE = {model: received(model) for model in ("elm", "ob3")}
PLACES = {model: places(whole) for model, whole in WHOLE.items()}


@pytest.mark.parametrize("model", ["elm", "ob3"])
@pytest.mark.long
@settings(max_examples=rounds(150))
@given(data=st.data())
def test_nonsense_anywhere_gives_a_record_or_its_reasons(
    model: str, data: st.DataObject
) -> None:
    credential = copy.deepcopy(WHOLE[model])
    path = data.draw(st.sampled_from(PLACES[model]))
    put(credential, path, data.draw(NONSENSE))

    read = attempted(credential)

    if isinstance(read, Read):
        assert isinstance(json.dumps(read.record.to_dict()), str)
        assert isinstance(incomplete(read.record), tuple)
    else:
        assert read.problems


def members(whole: dict[str, Any]) -> list[tuple[str, ...]]:
    return [path for path in places(whole) if isinstance(path[-1], str)]


@pytest.mark.slow
@pytest.mark.parametrize("model", ["elm", "ob3"])
def test_any_one_member_may_be_missing(model: str) -> None:
    for path in members(WHOLE[model])[::17]:
        credential = copy.deepcopy(WHOLE[model])
        held: Any = credential
        for step in path[:-1]:
            held = held[step]
        del held[path[-1]]

        read = attempted(credential)

        assert isinstance(read, Read) or read.problems


def test_a_credential_of_too_many_objects_is_refused() -> None:
    credential = received("ob3")
    credential["evidence"] = [{"type": ["Evidence"]}] * (MAX_NODES + 1)

    with pytest.raises(RecordError) as refused:
        to_record(credential)

    assert [problem.code for problem in refused.value.problems] == ["limits.size"]


def test_a_credential_nested_too_deep_is_refused() -> None:
    credential = received("elm")
    held: dict[str, Any] = credential["credentialSubject"]
    for _ in range(MAX_DEPTH + 1):
        held["hasPart"] = {"title": {"sl": "č"}}
        held = held["hasPart"]

    with pytest.raises(RecordError):
        to_record(credential)


def test_accreditors_of_accreditors_come_to_an_end() -> None:
    credential = received("elm")
    org: dict[str, Any] = {"id": "https://a.example", "legalName": {"sl": "A"}}
    org["accreditation"] = {
        "title": {"sl": "B"},
        "dcType": vocab.concept("accreditation_type", "programme_license").uri,
        "accreditingAgent": {"id": org["id"]},
    }
    credential["issuer"] = org

    issuer = to_record(credential).record.issuer

    assert issuer.legal_name == {"sl": "A"}
    assert issuer.accreditations[0].body is not None


@pytest.mark.parametrize("where", ["issuer", "units"])
def test_references_that_multiply_are_refused_before_they_cost(where: str) -> None:
    credential = received("elm")
    many = ["urn:a"] * 1_500
    if where == "issuer":
        agent = {"id": "urn:o", "legalName": {"sl": "O"}, "accreditation": many}
        agent |= {"type": "Organisation"}
        kind = vocab.concept("accreditation_type", "programme_license").uri
        credential["issuer"] = agent
        credential["extra"] = {
            "id": "urn:a",
            "dcType": kind,
            "title": {"sl": "A"},
            "accreditingAgent": "urn:o",
        }
    else:
        spec = credential["credentialSubject"]["hasClaim"]["influencedBy"]
        spec["specifiedBy"]["hasPart"] = many
        credential["extra"] = {"id": "urn:a", "title": {"sl": "A"}, "hasPart": many}

    with pytest.raises(RecordError) as refused:
        to_record(credential)

    assert [problem.code for problem in refused.value.problems] == ["limits.size"]


def test_what_stays_unread_is_named_a_bounded_number_of_times() -> None:
    credential = received("elm")
    credential["credentialSubject"] |= {f"extra{n}": "x" for n in range(5_000)}

    unread = [x for x in to_record(credential).losses if x.kind == "unread"]

    assert len(unread) == MAX_TOLD + 1
    assert unread[0].path == "/credentialSubject/extra0"


def test_of_a_thousand_times_too_many_values_the_first_are_read_and_it_is_told() -> (
    None
):
    credential = received("ob3")
    piece = {"type": ["Evidence"], "name": "Ž", "genre": "test"}
    credential["evidence"] = [piece] * (MAX_VALUES + 1)

    found = to_record(credential)

    assert len(found.record.evidence) == MAX_VALUES
    assert [x.path for x in found.losses if "only the first" in x.why] == [""]


@pytest.mark.parametrize(
    "changes",
    [{"type": []}, {"type": ["VerifiableCredential"]}, {"type": 3}],
    ids=str,
)
def test_what_is_of_no_known_model_is_refused_with_its_code(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(RecordError) as refused:
        to_record(received("elm") | changes)

    assert [problem.code for problem in refused.value.problems] == ["model.unknown"]


@pytest.mark.parametrize(
    ("model", "without", "path"),
    [
        ("elm", "issuer", "issuer"),
        ("elm", "credentialSubject", "award"),
        ("ob3", "issuer", "issuer"),
        ("ob3", "credentialSubject", "programme"),
    ],
)
def test_what_tells_no_award_is_refused_by_the_path_that_is_missing(
    model: str, without: str, path: str
) -> None:
    credential = received(model)
    del credential[without]

    with pytest.raises(RecordError) as refused:
        to_record(credential)

    assert [problem.path for problem in refused.value.problems] == [path]


SAMPLES = ("samples/edc", "samples/ob30", "samples/dcc/verifiableCredentials")


@pytest.mark.parametrize("folder", SAMPLES)
def test_files_of_other_makers_are_read_or_refused_with_a_reason(folder: str) -> None:
    read = 0
    for path in sorted(shared_file(folder).rglob("*")):
        if not path.is_file() or "err" in path.name:
            continue
        try:
            content = content_of(path.read_bytes())
            found = to_record(content).record
        except EdcError:
            continue  # with a reason, and nothing else
        model = recognise(content)
        assert found.programme.title
        assert found.issuer.legal_name
        assert model is not None
        read += 1

    assert read >= 4


def test_the_commissions_own_sample_keeps_what_it_says() -> None:
    path = shared_file("samples/edc/Sample-MC-Annex1-unsigned.jsonld")

    found: CredentialRecord = to_record(json.loads(path.read_text("utf-8"))).record

    assert found.programme.title == {"en": "Digital micro-credential creation"}
    assert len(found.programme.outcomes) == 2
    assert found.programme.workload is not None
