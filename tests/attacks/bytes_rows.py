"""Rows 1 to 6: bytes that two programs would read as two different things."""

from __future__ import annotations

import io
import random
import zipfile
from functools import partial

from attacks.case import Case, File, honest_badge, honest_jwt, honest_seal
from attacks.workshop import (
    claims,
    compact_json,
    edc,
    encoded,
    header_of,
    jwt,
    jwt_header,
    proved,
    sealed,
)
from edc_issuer.strict_json import MAX_BYTES

_TWINS = (("edc", honest_seal), ("jwt", honest_jwt), ("di", honest_badge))
_JSON_TWINS = (("edc", honest_seal), ("di", honest_badge))
_UNKNOWN = "format.recognised fail format.unrecognized"


def _fixed(data: bytes) -> File:
    return lambda: data


def _packed() -> bytes:
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("diploma.jsonld", honest_seal())
        return stream.getvalue()


def _reencoded(twin: File, encoding: str) -> File:
    return lambda: twin().decode().encode(encoding, errors="replace")


ROW_1 = tuple(
    Case(1, name, f"the file is {name}", honest_badge, _fixed(data), _UNKNOWN)
    for name, data in (
        ("empty", b""),
        ("zeros", b"\0" * 1000),
        ("random-1-MB", random.Random(1).randbytes(1_000_000)),
    )
)

ROW_2 = (
    *(
        Case(
            2,
            f"{name}-{form}",
            f"the file is written in {encoding}",
            twin,
            _reencoded(twin, encoding),
            "format.wellformed fail json.encoding",
        )
        for form, twin in _JSON_TWINS
        for name, encoding in (
            ("utf-16", "utf-16"),
            ("utf-16-le-without-mark", "utf-16-le"),
            ("latin-2", "iso8859-2"),
            ("bom", "utf-8-sig"),
        )
    ),
    Case(
        2,
        "utf-16-le-jwt",
        "the line is written in UTF-16",
        honest_jwt,
        _reencoded(honest_jwt, "utf-16-le"),
        _UNKNOWN,
    ),
    Case(
        2,
        "bom-inside-the-seal",
        "the sealed text begins with a byte order mark, sealed by the school",
        honest_seal,
        lambda: sealed(payload="\ufeff" + compact_json(edc())),
        "format.wellformed fail json.encoding",
    ),
)

_ODD_VALUES = (
    ("200000-arrays", "[" * 200_000 + "]" * 200_000, "json.depth"),
    ("5000-digits", "9" * 5_000, "json.number"),
    ("nan", "NaN", "json.number"),
    ("1e400", "1e400", "json.number"),
    ("lone-surrogate", '"\\ud83d"', "json.surrogate"),
)


def _with_value(text: str, value: str) -> str:
    return text[:-1] + f',"x":{value}}}'


def _in_badge(value: str) -> bytes:
    return _with_value(honest_badge().decode(), value).encode()


def _in_seal(value: str) -> bytes:
    return sealed(payload=_with_value(compact_json(edc()), value))


def _in_jwt(value: str) -> bytes:
    return jwt(_with_value(compact_json(claims()), value))


ROW_3 = tuple(
    Case(
        3,
        f"{name}-{form}",
        f"a member holds {name}, {by}",
        twin,
        partial(make, value),
        f"format.wellformed fail {reason}",
    )
    for name, value, reason in _ODD_VALUES
    for form, twin, make, by in (
        ("edc", honest_seal, _in_seal, "sealed by the school"),
        ("jwt", honest_jwt, _in_jwt, "signed by the school"),
        ("di", honest_badge, _in_badge, "added to the file"),
    )
)

ROW_4 = (
    *(
        Case(
            4,
            f"too-large-{form}",
            "white space follows until no reader should go on",
            twin,
            lambda twin=twin: twin().ljust(MAX_BYTES + 1),  # type: ignore[misc]
            "format.wellformed fail limits.size",
        )
        for form, twin in _TWINS
    ),
    Case(
        4,
        "zip",
        "a ZIP archive by the name of a JSON file",
        honest_seal,
        _packed,
        _UNKNOWN,
    ),
)


def _twice(text: str, name: str) -> str:
    return "{" + f'"{name}":{{"id":"urn:x:other"}},' + text[1:]


ROW_5 = (
    *(
        Case(
            5,
            f"{name}-twice-{form}",
            f"{name} stands there twice, {by}",
            twin,
            partial(make, name),
            "format.wellformed fail json.duplicate",
        )
        for name in ("credentialSubject", "issuer", "@context")
        for form, twin, make, by in (
            (
                "edc",
                honest_seal,
                lambda name: sealed(payload=_twice(compact_json(edc()), name)),
                "sealed by the school",
            ),
            (
                "jwt",
                honest_jwt,
                lambda name: jwt(_twice(compact_json(claims()), name)),
                "signed by the school",
            ),
            (
                "di",
                honest_badge,
                lambda name: _twice(honest_badge().decode(), name).encode(),
                "added to the file",
            ),
        )
    ),
    Case(
        5,
        "proof-twice",
        "a second proof member hides the first",
        honest_badge,
        lambda: encoded(proved())[:-1] + b',"proof":[]}',
        "format.wellformed fail json.duplicate",
    ),
    Case(
        5,
        "payload-twice",
        "a second payload member shows another diploma",
        honest_seal,
        lambda: honest_seal()[:-1] + b',"payload":"{}"}',
        "format.wellformed fail json.duplicate",
    ),
)


def _two_algs(header: str) -> str:
    return '{"alg":"none",' + header[1:]


ROW_6 = (
    Case(
        6,
        "alg-twice-edc",
        "the protected header names alg twice",
        honest_seal,
        lambda: sealed(_two_algs(compact_json(header_of()))),
        "format.wellformed fail json.duplicate",
    ),
    Case(
        6,
        "alg-twice-jwt",
        "the header names alg twice",
        honest_jwt,
        lambda: jwt(header=_two_algs(compact_json(jwt_header()))),
        "format.wellformed fail json.duplicate",
    ),
)

CASES = (*ROW_1, *ROW_2, *ROW_3, *ROW_4, *ROW_5, *ROW_6)
