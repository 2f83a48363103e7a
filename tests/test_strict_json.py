"""The one JSON reader: what every other program would read alike, and nothing else."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from edc_issuer import strict_json
from edc_issuer.errors import Malformed
from edc_issuer.strict_json import MAX_BYTES, MAX_DEPTH

REFUSED = {
    "empty": ("json.syntax", b""),
    "cut": ("json.syntax", b'{"a":'),
    "two-values": ("json.syntax", b"{} {}"),
    "single-quotes": ("json.syntax", b"{'a':1}"),
    "raw-line-break-in-a-string": ("json.syntax", b'"a\nb"'),
    "member-twice": ("json.duplicate", b'{"a":1,"a":1}'),
    "member-twice-by-escape": ("json.duplicate", b'{"a":1,"\\u0061":1}'),
    "member-twice-deep-inside": ("json.duplicate", b'[{"x":{"a":1,"b":2,"a":3}}]'),
    "not-a-number": ("json.number", b"[NaN]"),
    "infinity": ("json.number", b"[-Infinity]"),
    "too-large-a-number": ("json.number", b"[1e400]"),
    "thousands-of-digits": ("json.number", b"7" * 5000),
    "thousands-of-decimals": ("json.number", b"0." + b"7" * 5000),
    "half-a-pair": ("json.surrogate", b'"\\ud800"'),
    "half-a-pair-as-name": ("json.surrogate", b'{"\\udc00":1}'),
    "byte-order-mark": ("json.encoding", b"\xef\xbb\xbf{}"),
    "latin-2": ("json.encoding", '"Žagar"'.encode("iso8859-2")),
    "overlong": ("json.encoding", b'"\xc0\xaf"'),
    "surrogate-in-utf-8": ("json.encoding", b'"\xed\xa0\x80"'),
    "too-large": ("limits.size", b" " * (MAX_BYTES + 1)),
    "too-deep": ("json.depth", b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)),
    "too-deep-and-cut": ("json.depth", b'{"a":' * 200_000),
    "too-deep-behind-a-string": (
        "json.depth",
        b'["\\"[[{{",' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"]",
    ),
}


@pytest.mark.parametrize(("reason", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_what_programs_read_differently_is_refused(reason: str, data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        strict_json.loads(data)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[1,-2.5,1e5,true,null,"Ђурђа Žižek"]}',
        '"\\ud83d\\ude00 \\\\ud800"',
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        '["' + "[{" * 1000 + '"]',
        '["' + "\\\\" * 1000 + '","' + '\\"[' * 1000 + '"]',
        "7" * 400,
        " \t\r\n{} ",
    ],
)
def test_honest_json_is_read_as_it_stands(text: str) -> None:
    assert strict_json.loads(text.encode()) == json.loads(text)


def test_an_object_is_asked_for_by_name() -> None:
    assert strict_json.loads_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(Malformed) as caught:
        strict_json.loads_object(b"[]")
    assert caught.value.reason == "json.type"


def nested(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return "".join(chance.choices('a"\\{}[]\n', k=chance.randrange(6)))
    rows = [nested(chance, depth - 1) for _ in range(chance.randrange(4))]
    return rows if kind < 0.65 else {f'{i}"\\{{': row for i, row in enumerate(rows)}


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def test_depth_is_counted_outside_strings_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strict_json, "MAX_DEPTH", 3)
    chance = random.Random(11)

    for _ in range(3000):
        value = nested(chance, 5)
        data = json.dumps(value).encode()
        try:
            strict_json.loads(data)
            refused = False
        except Malformed:
            refused = True
        assert refused == (depth_of(value) > 3)
