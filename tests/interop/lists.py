"""Trusted lists before the Commission's library, and what we read in the same ones.

`list_judgements.json` is what it said: of the real lists (`lists`: which they are, and
a digest of every fact of their services), of forged ones (`forged`), and of seals and
timestamps by lists of our own (`qualification`, `timestamps`: `interop.qualified`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from conftest import shared_file
from edc_issuer.errors import InputError
from edc_issuer.trust.lists.lotl import (
    official,
    signers_of,
    verify_lotl,
    verify_national,
)
from edc_issuer.trust.lists.model import (
    GRANTED,
    NATIONAL,
    Criteria,
    Service,
    State,
    TrustedList,
)
from edc_issuer.trust.lists.reading import read_list
from edc_issuer.trust.lists.xades import parse_list
from interop.dss_judge import Asked, written
from interop.judges import ask_java
from list_attacks import WRAPPED, changed_content, nested_original

MANIFEST = Path(__file__).parent / "list_judgements.json"
SAMPLES = "samples/trusted-lists"
LOTL, COUNTRIES = "eu-lotl-332.xml", ("ES", "HR", "SI")
PIVOTS = ("eu-lotl-pivot-282.xml", "eu-lotl-pivot-300.xml")
_URI = "http://uri.etsi.org/TrstSvc/"
_KINDS = ("Svctype/", "TrustedList/Svcstatus/", "TrustedList/SvcInfoExt/")

Facts = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Lists by their addresses, and who signs the first of them.

    With a `journal` the list at `address` is a list of lists that is reached from
    there; without, it is one national list. `tell` asks for its services, `forged` is
    the address of a pivot that was changed.
    """

    files: Mapping[str, bytes] = field(repr=False)
    address: str
    signers: Sequence[x509.Certificate] = field(repr=False)
    journal: str | None = None
    tell: bool = False
    forged: str | None = None
    seals: Mapping[str, Asked] = field(default_factory=dict, repr=False)


def judged(worlds: Mapping[str, World]) -> Mapping[str, Any]:
    """Of each world its `lists` by address and its `seals` by name; one Java."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    asked: dict[str, Facts] = {}
    for number, (name, world) in enumerate(worlds.items()):
        (home := folder / str(number)).mkdir()
        asked[name] = _request(home, world)
    request = folder / "request.json"
    request.write_text(json.dumps({"worlds": asked}), encoding="utf-8")
    said: Mapping[str, Any] = json.loads(ask_java("Lists", request))
    return said


def _request(home: Path, world: World) -> Facts:
    files = {url: home / f"{i}.xml" for i, url in enumerate(world.files)}
    for url, path in files.items():
        path.write_bytes(world.files[url])
    signers = [home / f"{i}.pem" for i, _ in enumerate(world.signers)]
    for path, one in zip(signers, world.signers, strict=True):
        path.write_bytes(one.public_bytes(Encoding.PEM))
    seals = enumerate(world.seals.items())
    return {
        "files": {url: str(path) for url, path in files.items()},
        "signers": list(map(str, signers)),
        "lotl" if world.journal else "list": world.address,
        "journal": world.journal,
        "tell": world.tell,
        "seals": {name: written(home, f"seal-{i}", one) for i, (name, one) in seals},
    }


# The real lists


def sample(name: str) -> bytes:
    return shared_file(f"{SAMPLES}/{name}").read_bytes()


@cache
def lotl() -> TrustedList:
    """The real list of lists, by way of its pivots."""
    return verify_lotl(sample(LOTL), official().publications, pivot=_beside)


def _beside(address: str) -> bytes:
    return sample(address.rpartition("/")[2])


@cache
def real() -> World:
    """The real list of lists, its pivots and three national lists."""
    pivots = [one for one in lotl().addresses if one.endswith(PIVOTS)]
    files = {official().url: sample(LOTL)} | {one: _beside(one) for one in pivots}
    for country in COUNTRIES:
        (pointer,) = lotl().pointers_to(country, NATIONAL)
        files[pointer.url] = sample(f"{country}.xml")
    before = official().publications[-1]
    journal = before.addresses[0]
    return World(files, official().url, before.signers, journal, tell=True)


@cache
def ours() -> Mapping[str, Facts]:
    """What we read in each real list, by its address."""
    found = {official().url: facts(lotl())}
    for address in real().files:
        if address.endswith(PIVOTS):
            # That it is a pivot was verified on the way to the list itself.
            found[address] = facts(read_list(parse_list(_beside(address))))
    for country in COUNTRIES:
        pointers = lotl().pointers_to(country, NATIONAL)
        read = verify_national(sample(f"{country}.xml"), pointers)
        found[pointers[0].url] = facts(read)
    return found


def facts(read: TrustedList) -> Facts:
    """A list as both say it."""
    return {
        "version": read.version,
        "sequence": read.sequence,
        "territory": read.territory,
        "issued": _time(read.issued),
        "next_update": _time(read.next_update),
        "services": [_service(one) for one in read.services],
    }


def _service(service: Service) -> Facts:
    digests = [hashlib.sha256(one).hexdigest() for one in service.certificates]
    return {
        "certificates": sorted(digests),
        "states": [_state(one) for one in service.states],
    }


def _state(state: State) -> Facts:
    return {
        "type": state.type,
        "status": state.status,
        "since": _time(state.since),
        "until": _time(state.until),
        "additional": sorted(state.additional),
        "qualifiers": [
            {"names": list(one.names), "criteria": _criteria(one.criteria)}
            for one in state.qualifiers
        ],
    }


def _criteria(criteria: Criteria) -> list[Any]:
    """Our criteria in the judge's form, in an order of their own."""
    asked: list[list[Any]] = [
        *(
            _sorted("all", [["usage", bit, on] for bit, on in bits.items()])
            for bits in criteria.key_usage
        ),
        *(
            _sorted("all", [["policy", one] for one in policies])
            for policies in criteria.policies
        ),
        *(["purposes", *one] for one in criteria.purposes),
        *(["attributes", *one] for one in criteria.attributes),
        *map(_criteria, criteria.nested),
        *[["unknown"]] * criteria.unknown,
    ]
    return _sorted(criteria.assertion, asked)


def _sorted(kind: str, asked: Sequence[list[Any]]) -> list[Any]:
    return [kind, *sorted(asked, key=json.dumps)]


def theirs(row: Mapping[str, Any]) -> Facts:
    """A list as the judge says it, in the same form."""
    return {
        **{name: row[name] for name in ("version", "sequence", "territory")},
        **{name: _moment(row[name]) for name in ("issued", "next_update")},
        "services": [_their_service(one) for one in row.get("services", ())],
    }


def _their_service(row: Mapping[str, Any]) -> Facts:
    return {
        "certificates": sorted(set(row["certificates"])),
        "states": [_their_state(one) for one in row["states"]],
    }


def _their_state(row: Mapping[str, Any]) -> Facts:
    return {
        "type": _word(row["type"]),
        "status": _word(row["status"]),
        "since": _moment(row["since"]),
        "until": _moment(row["until"]),
        "additional": sorted(set(map(_word, row["additional"]))),
        "qualifiers": [
            {
                "names": list(map(_word, one["names"])),
                "criteria": _their_criteria(one["criteria"]),
            }
            for one in row["qualifiers"]
        ],
    }


def _their_criteria(row: Sequence[Any]) -> list[Any]:
    kind, *asked = row
    if kind == "usage":
        bit, on = asked
        return [kind, "cRLSign" if bit.casefold() == "crlsign" else bit, on]
    if kind in ("all", "atLeastOne", "none"):
        return _sorted(kind, list(map(_their_criteria, asked)))
    return list(row)


def _word(uri: str) -> str:
    for kind in _KINDS:
        if uri.startswith(_URI + kind):
            return uri.removeprefix(_URI + kind)
    return uri


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _moment(text: str | None) -> str | None:
    return _time(datetime.fromisoformat(text)) if text else None


def summary(found: Facts) -> Facts:
    """What is kept of a list: which it is, what it grants, and a digest of it all."""
    states = [state for one in found["services"] for state in one["states"]]
    granted = Counter(
        " ".join([one["states"][0]["type"], *one["states"][0]["additional"]])
        for one in found["services"]
        if one["states"][0]["status"] == GRANTED
    )
    text = json.dumps(found["services"], sort_keys=True)
    return {
        **{name: value for name, value in found.items() if name != "services"},
        "services": len(found["services"]),
        "states": len(states),
        "granted": dict(sorted(granted.items())),
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }


# Forged ones


@cache
def forged() -> Mapping[str, World]:
    """Real lists with one thing changed, each with everything else as it was.

    The Croatian list is the shortest one; each is verified anew.
    """
    return dict([*_forged_national(), *_forged_lotl()])


def _forged_national() -> Iterator[tuple[str, World]]:
    (pointer,) = lotl().pointers_to("HR", NATIONAL)
    data, url = sample("HR.xml"), pointer.url
    attacks: dict[str, Callable[[bytes], bytes]] = {"unchanged": bytes, **WRAPPED}
    for name, attack in attacks.items():
        yield f"HR: {name}", World({url: attack(data)}, url, signers_of(pointer))
    (other,) = lotl().pointers_to("SI", NATIONAL)
    yield "HR: signed by another country", World({url: data}, url, signers_of(other))


def _forged_lotl() -> Iterator[tuple[str, World]]:
    whole = real()
    files = {url: data for url, data in whole.files.items() if "lotl" in url}
    for url in files:
        for attack in (changed_content, nested_original):
            if url == whole.address or attack is changed_content:
                name = f"{url.rpartition('/')[2]}: {attack.__name__}"
                changed = {**files, url: attack(files[url])}
                yield name, replace(whole, files=changed, tell=False, forged=url)


def ours_of(world: World) -> str:
    """`read`, or the code for which we refuse the list of a world."""
    data = world.files[world.address]
    try:
        if world.journal:
            publications = official().publications
            verify_lotl(data, publications, pivot=lambda url: world.files[url])
        else:
            ders = [one.public_bytes(Encoding.DER) for one in world.signers]
            (pointer,) = lotl().pointers_to("HR", NATIONAL)
            verify_national(data, [replace(pointer, signers=tuple(ders))])
    except InputError as error:
        return f"refused: {error.reason}"
    return "read"


def word_of(world: World, said: Mapping[str, Any]) -> str:
    """The judge's word of the list of a world, after that of a forged pivot."""
    addresses = dict.fromkeys((world.forged or world.address, world.address))
    rows = [said["lists"][one] for one in addresses]
    return ", then ".join(map(_word_of, rows))


def _word_of(row: Mapping[str, Any]) -> str:
    if row["error"]:
        return f"refused: {row['error']}"
    sub = f"/{row['sub_indication']}" if row["sub_indication"] else ""
    return f"{row['indication']}{sub}"


# What is kept


def manifest() -> dict[str, Any]:
    """Everything that was written down; empty before the first time."""
    if not MANIFEST.exists():
        return {"lists": {}, "forged": {}, "qualification": {}, "timestamps": {}}
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return read


def write(version: str, **parts: Mapping[str, Any]) -> None:
    text = json.dumps(
        {"judge": f"DSS {version}", **parts}, indent=1, ensure_ascii=False
    )
    MANIFEST.write_text(text + "\n", encoding="utf-8")
