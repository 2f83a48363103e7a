"""Services of trusted lists as JSON, for the snapshot on disk, and back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from edc_issuer.trust.lists.model import (
    Assertion,
    Criteria,
    Qualifiers,
    Service,
    State,
)


def service_json(service: Service) -> dict[str, Any]:
    """A service as JSON members."""
    return {
        "provider": dict(service.provider),
        "names": dict(service.names),
        "certificates": [base64.b64encode(c).decode() for c in service.certificates],
        "states": list(map(_state_json, service.states)),
    }


def read_service(row: Mapping[str, Any]) -> Service:
    """The service that `service_json` wrote; `KeyError`, `TypeError`, `ValueError`."""
    return Service(
        dict(row["provider"]),
        dict(row["names"]),
        tuple(base64.b64decode(text, validate=True) for text in row["certificates"]),
        tuple(map(_state, row["states"])),
    )


def _state_json(state: State) -> dict[str, Any]:
    return {
        "type": state.type,
        "status": state.status,
        "since": state.since.isoformat(),
        "until": state.until.isoformat() if state.until else None,
        "additional": sorted(state.additional),
        "qualifiers": [
            {"names": list(one.names), "criteria": _criteria_json(one.criteria)}
            for one in state.qualifiers
        ],
        "understood": state.is_understood,
    }


def _state(row: Mapping[str, Any]) -> State:
    until = row["until"]
    return State(
        str(row["type"]),
        str(row["status"]),
        datetime.fromisoformat(row["since"]),
        datetime.fromisoformat(until) if until else None,
        frozenset(row["additional"]),
        tuple(
            Qualifiers(tuple(one["names"]), _criteria(one["criteria"]))
            for one in row["qualifiers"]
        ),
        row["understood"] is True,
    )


def _criteria_json(criteria: Criteria) -> dict[str, Any]:
    return {
        "assert": criteria.assertion,
        "key_usage": [dict(bits) for bits in criteria.key_usage],
        "policies": list(map(list, criteria.policies)),
        "purposes": list(map(list, criteria.purposes)),
        "attributes": list(map(list, criteria.attributes)),
        "nested": list(map(_criteria_json, criteria.nested)),
        "unknown": criteria.unknown,
    }


def _criteria(row: Mapping[str, Any]) -> Criteria:
    assertion = next((a for a in get_args(Assertion) if a == row["assert"]), None)
    if assertion is None:
        raise ValueError("criteria without what they assert")
    return Criteria(
        assertion,
        tuple(dict(bits) for bits in row["key_usage"]),
        tuple(map(tuple, row["policies"])),
        tuple(map(tuple, row["purposes"])),
        tuple(map(tuple, row["attributes"])),
        tuple(map(_criteria, row["nested"])),
        int(row["unknown"]),
    )
