"""What can be done to a sealed file: another serialization, and all kinds of damage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from edc_issuer.encoding import b64, b64u, unb64, unb64u
from edc_issuer.formats.etsiu import (
    write_element,
)


def flat(data: bytes) -> bytes:
    """The flattened serialization of a file with one seal (RFC 7515, 7.2.2)."""
    whole = json.loads(data)
    (seal,) = whole.pop("signatures")
    return _written({**whole, **seal})


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def seal_in(data: bytes) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(data)
    (seal,) = whole["signatures"]
    found: dict[str, Any] = seal
    return found


def etsiu_of(data: bytes) -> list[dict[str, Any]]:
    """What stands in `etsiU`, in either serialization."""
    whole = json.loads(data)
    seal = whole["signatures"][0] if "signatures" in whole else whole
    return [json.loads(unb64u(one)) for one in seal.get("header", {}).get("etsiU", [])]


def with_etsiu(data: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    """The file with another `etsiU`."""
    whole = json.loads(data)
    (seal,) = whole["signatures"]
    seal["header"]["etsiU"] = change(seal["header"]["etsiU"])
    return _written(whole)


def name_of(element: str) -> str:
    (name,) = json.loads(unb64u(element))
    return str(name)


def with_element(
    data: bytes, name: str, change: Callable[[Any], Any], *, last: bool = False
) -> bytes:
    """The file with the value of the first (or last) element of a name changed."""

    def changed(elements: list[str]) -> list[str]:
        places = [i for i, one in enumerate(elements) if name_of(one) == name]
        place = places[-1 if last else 0]
        value = json.loads(unb64u(elements[place]))[name]
        elements[place] = write_element(name, change(value))
        return elements

    return with_etsiu(data, changed)


def without(data: bytes, *names: str) -> bytes:
    """The file without the elements of these names."""
    return with_etsiu(data, lambda all_: [e for e in all_ if name_of(e) not in names])


def _other_payload(data: bytes) -> bytes:
    whole = json.loads(data)
    changed = whole["payload"].replace("Vzorec", "Vzorek")
    assert changed != whole["payload"]
    return _written({**whole, "payload": changed})


def bent(container: Any) -> Any:
    """A token with one bit of its signature turned."""
    token = bytearray(unb64(container["tstTokens"][0]["val"]))
    token[-3] ^= 1
    return {"tstTokens": [{"val": b64(bytes(token))}]}


def _element_of(data: bytes, name: str, *, last: bool = False) -> Any:
    found = [
        json.loads(unb64u(one))[name]
        for one in seal_in(data)["header"]["etsiU"]
        if name_of(one) == name
    ]
    return found[-1 if last else 0]


def _swapped(elements: list[str]) -> list[str]:
    """xVals and rVals in the other order."""
    return [elements[0], elements[2], elements[1], *elements[3:]]


TAMPERED: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "payload": lambda data, other: _other_payload(data),
    "sigTst: a bit of its signature": lambda data, other: with_element(
        data, "sigTst", bent
    ),
    "sigTst: that of another seal": lambda data, other: with_element(
        data, "sigTst", lambda value: _element_of(other, "sigTst")
    ),
    "arcTst: a bit of its signature": lambda data, other: with_element(
        data, "arcTst", bent
    ),
    "arcTst: that of another seal": lambda data, other: with_element(
        data, "arcTst", lambda value: _element_of(other, "arcTst")
    ),
    "xVals: a certificate less": lambda data, other: with_element(
        data, "xVals", lambda value: value[:-1]
    ),
    "xVals: the same, written with spaces": lambda data, other: with_etsiu(
        data,
        lambda all_: [
            b64u(json.dumps(json.loads(unb64u(one)), indent=1).encode())
            if name_of(one) == "xVals"
            else one
            for one in all_
        ],
    ),
    "xVals and rVals swapped": lambda data, other: with_etsiu(data, _swapped),
    "tstVD: taken out": lambda data, other: without(data, "tstVD"),
}
