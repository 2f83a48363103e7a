"""A badge in a PNG: what goes in comes out, and no trick comes out as a badge.

Row 67 of the table of attacks stands here, each case beside the picture that PASSED.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer import strict_json
from edc_issuer.carriers import bake, carrier_of, kind_of, unbake
from edc_issuer.carriers.base import CLR, OB2, OB3
from edc_issuer.carriers.png import MAX_CHUNKS
from edc_issuer.errors import InputError, Malformed
from edc_issuer.report import Outcome, Status
from pictures import KEYWORD, SIGNATURE, chunk, header, png, text_chunk
from world import issued, world

PROFILES = ("ob3-jwt", "ob3-di")
OB2_ASSERTION = b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}'


def badge(profile: str = "ob3-jwt") -> bytes:
    return issued(profile).data


@pytest.mark.parametrize("profile", PROFILES)
def test_a_baked_badge_is_judged_as_the_badge_itself(profile: str) -> None:
    baked = bake(png(), badge(profile))

    alone, inside = world().verify(badge(profile)), world().verify(baked)

    assert alone.outcome is inside.outcome is Outcome.PASSED
    assert (alone.carrier, inside.carrier) == (None, "png")
    assert inside.content == alone.content
    assert [c.status for c in inside.checks] == [c.status for c in alone.checks]


def test_the_text_says_that_only_the_credential_inside_was_checked() -> None:
    report = world().verify(bake(png(), badge()))

    said = report.to_text(language="en")

    assert "We checked the credential inside, not the picture or page." in said


def test_the_chunk_is_written_as_open_badges_3_0_has_it() -> None:
    baked = bake(png(), badge())

    assert baked == png(text_chunk(badge().strip()))


@pytest.mark.parametrize("profile", PROFILES)
def test_what_went_in_comes_out(profile: str) -> None:
    carried = unbake(bake(png(), badge(profile)))

    assert (carried.kind, carried.data) == (OB3, badge(profile).strip())
    assert carried.suffix == {"ob3-jwt": ".jwt", "ob3-di": ".json"}[profile]


def test_a_picture_that_has_a_badge_takes_another_only_if_told_to() -> None:
    old = bake(png(), badge("ob3-di"))

    with pytest.raises(Malformed, match="already") as refused:
        bake(old, badge())
    assert refused.value.reason == "several-credentials"
    assert bake(old, badge(), replace=True) == bake(png(), badge())


def test_every_other_byte_of_the_picture_stays() -> None:
    odd = chunk(b"prVt", b"\0\xff") + chunk(
        b"tEXt", "Author\0Šola".encode("iso-8859-2")
    )

    baked = bake(png(odd), badge())

    assert baked.replace(text_chunk(badge().strip()), b"") == png(odd)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(OB2_ASSERTION, OB2, id="open-badges-2"),
        pytest.param(
            b'{"type": ["VerifiableCredential", "ClrCredential"], "proof": []}',
            CLR,
            id="learner-record",
        ),
        pytest.param(
            b'{"type": ["VerifiableCredential"], "proof": {}}', OB3, id="badge"
        ),
    ],
)
def test_each_kind_has_its_own_keyword(data: bytes, kind: object) -> None:
    baked = bake(png(), data)

    assert kind_of(data) is kind is unbake(baked).kind
    assert kind_of(data).keyword.encode() + b"\0\0\0\0\0" in baked


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"type": ["VerifiableCredential"]}', id="nobody-signed-it"),
        pytest.param(b'{"type": ["VerifiablePresentation"], "proof": {}}', id="vp"),
        pytest.param(b"https://example.org/badge.json", id="an-address"),
        pytest.param(b"e30.e30.e30", id="another-jwt"),
    ],
)
def test_what_is_no_signed_badge_is_not_baked(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        bake(png(), data)

    assert refused.value.reason == "carrier.content"


def test_a_sealed_edc_is_not_baked() -> None:
    with pytest.raises(InputError):
        bake(png(), issued("edc-jades").data)


def _bomb() -> bytes:
    packed = zlib.compress(b"{" + b" " * (strict_json.MAX_BYTES + 1))
    return png(chunk(b"iTXt", KEYWORD + b"\0\x01\0\0\0" + packed))


def _with_wrong_checksum() -> bytes:
    whole = bake(png(), badge())
    place = whole.index(badge().strip()) + len(badge().strip())
    return whole[:place] + bytes(4) + whole[place + 4 :]


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "no-chunk": (png, "carrier.empty"),
    "two-chunks": (
        lambda: png(text_chunk(badge()), text_chunk(badge())),
        "several-credentials",
    ),
    "two-generations": (
        lambda: png(text_chunk(badge()), text_chunk(OB2_ASSERTION, b"openbadges")),
        "several-credentials",
    ),
    "bad-checksum": (_with_wrong_checksum, "carrier.checksum"),
    "bomb": (_bomb, "limits.size"),
    "chunk-after-the-end": (
        lambda: png() + text_chunk(badge()),
        "carrier.broken",
    ),
    "length-of-2-31-minus-1": (
        lambda: SIGNATURE + header() + b"\x7f\xff\xff\xffiTXt" + badge(),
        "carrier.broken",
    ),
    "length-beyond-2-31": (
        lambda: SIGNATURE + header() + b"\xff\xff\xff\xffiTXt" + badge(),
        "carrier.broken",
    ),
    "cut-short": (lambda: bake(png(), badge())[:-12], "carrier.broken"),
    "cut-in-a-chunk": (lambda: bake(png(), badge())[:-3], "carrier.broken"),
    "no-header": (
        lambda: SIGNATURE + text_chunk(badge()) + chunk(b"IEND"),
        "carrier.broken",
    ),
    "two-headers": (lambda: png(header()), "carrier.broken"),
    "end-that-holds-something": (
        lambda: SIGNATURE + header() + chunk(b"IEND", badge()),
        "carrier.broken",
    ),
    "nameless-chunk": (lambda: png(chunk(b"\0\0\0\0", b"x")), "carrier.broken"),
    "unknown-packing": (
        lambda: png(chunk(b"iTXt", KEYWORD + b"\0\x02\0\0\0" + badge())),
        "carrier.broken",
    ),
    "text-that-ends-early": (
        lambda: png(chunk(b"iTXt", KEYWORD + b"\0\0\0en")),
        "carrier.broken",
    ),
    "packed-text-cut-short": (
        lambda: png(
            chunk(b"iTXt", KEYWORD + b"\0\x01\0\0\0" + zlib.compress(badge())[:-9])
        ),
        "carrier.broken",
    ),
    "old-text-in-another-alphabet": (
        lambda: png(chunk(b"tEXt", "openbadges\0{č".encode())),
        "carrier.broken",
    ),
    "too-many-chunks": (lambda: png(chunk(b"teSt") * MAX_CHUNKS), "limits.size"),
    "only-the-signature": (lambda: SIGNATURE, "carrier.broken"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_67_a_png_made_to_deceive_is_refused_beside_its_twin(name: str) -> None:
    make, reason = ATTACKS[name]
    twin = world().verify(bake(png(), badge()))

    report = world().verify(make())

    assert twin.outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    check = report.check("format.wellformed")
    assert (check.status, check.reason) == (Status.FAIL, reason)
    assert (report.content, report.carrier) == (None, "png")


def test_67_a_packed_chunk_is_read_though_badges_are_not_packed() -> None:
    report = world().verify(png(text_chunk(badge(), packed=True)))

    assert report.outcome is Outcome.PASSED


def test_67_the_keyword_of_version_2_holds_no_badge_of_version_3_that_passes() -> None:
    changed = badge().replace(b".", b".A", 1)

    honest = world().verify(png(text_chunk(badge(), b"openbadges")))
    forged = world().verify(png(text_chunk(changed, b"openbadges")))

    assert honest.outcome is Outcome.PASSED  # who signed it decides, not the keyword
    assert forged.outcome is not Outcome.PASSED


def test_a_picture_in_a_picture_is_not_gone_into() -> None:
    inner = bake(png(), badge())

    report = world().verify(png(text_chunk(inner)))

    check = report.check("format.wellformed")
    assert (check.status, check.reason) == (Status.UNDECIDED, "unsupported")


def test_a_picture_without_a_badge_says_so_in_words() -> None:
    said = world().verify(png()).to_text(language="en")

    assert "a picture without a credential" in said
    assert "We looked at the credential inside" not in said


@pytest.mark.parametrize(
    "name", ["simple-json.png", "simple-jwt_v1.png"], ids=["json", "jwt"]
)
def test_pictures_of_1edtech_come_out_and_go_in_again_unchanged(name: str) -> None:
    picture = shared_file(f"samples/ob30/{name}").read_bytes()

    carried = unbake(picture)
    again = bake(picture, carried.data, replace=True)

    assert carried.kind is OB3
    assert sorted(again) == sorted(picture)  # the same chunks in another order
    assert unbake(again) == carried


def test_a_picture_of_any_size_that_is_read_is_told_by_its_first_bytes() -> None:
    assert carrier_of(png()) == "png"
    assert carrier_of(badge()) is None
    assert carrier_of(b"") is None


def test_a_picture_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    large = png(chunk(b"teSt", bytes(strict_json.MAX_BYTES)))

    assert world().verify(large).check("format.wellformed").reason == "limits.size"


@pytest.mark.parametrize("profile", PROFILES)
def test_no_byte_of_a_baked_picture_can_be_changed(profile: str) -> None:
    picture = bake(png(), badge(profile))
    twin = world().verify(picture)

    assert twin.outcome is Outcome.PASSED
    for place in range(0, len(picture), 97):
        flipped = bytes([picture[place] ^ 1])
        bent = picture[:place] + flipped + picture[place + 1 :]
        assert world().verify(bent).outcome is not Outcome.PASSED, place


def test_many_packed_credentials_are_counted_before_any_is_unpacked() -> None:
    bomb = zlib.compress(bytes(strict_json.MAX_BYTES))
    packed = chunk(b"iTXt", KEYWORD + b"\0\x01\0\0\0" + bomb)

    with pytest.raises(Malformed) as refused:
        unbake(png(packed * 500))

    assert refused.value.reason == "several-credentials"
