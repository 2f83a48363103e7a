"""A badge in an SVG: what goes in comes out, and no trick comes out as a badge.

Row 68 of the table of attacks stands here, each case beside the picture that PASSED.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.carriers import bake, carrier_of, unbake
from edc_issuer.carriers.base import OB2, OB3
from edc_issuer.carriers.svg import MAX_DEPTH, MAX_ELEMENTS
from edc_issuer.errors import Malformed
from edc_issuer.report import Outcome, Status
from pictures import DOCTYPE, SVG, held, svg
from world import issued, world

PROFILES = ("ob3-jwt", "ob3-di")


def badge(profile: str = "ob3-jwt") -> bytes:
    return issued(profile).data.strip()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_baked_badge_is_judged_as_the_badge_itself(profile: str) -> None:
    report = world().verify(bake(SVG, badge(profile)))

    assert report.outcome is Outcome.PASSED
    assert report.carrier == "svg"
    assert report.content == world().verify(badge(profile)).content


@pytest.mark.parametrize("profile", PROFILES)
def test_what_went_in_comes_out(profile: str) -> None:
    carried = unbake(bake(SVG, badge(profile)))

    assert (carried.kind, carried.data) == (OB3, badge(profile))


def test_the_element_is_written_as_open_badges_3_0_has_it() -> None:
    baked = bake(SVG, badge())

    assert b'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"' in baked
    first = baked.index(b"<openbadges:credential verify=")
    assert baked.index(b"<svg") < first < baked.index(b"<title>")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_other_byte_of_the_picture_stays(profile: str) -> None:
    baked = bake(SVG, badge(profile))

    named = b' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    start = baked.index(b"<openbadges:credential")
    end = baked.index(b"\n <title>")
    assert baked[:start].replace(named, b"") + baked[end:] == SVG


def test_text_that_would_end_cdata_comes_out_whole() -> None:
    tricky = b'{"type": ["VerifiableCredential"], "proof": {"a": "x]]>y]]>"}}'

    assert unbake(bake(SVG, tricky)).data == tricky


def test_ends_of_lines_are_those_of_xml() -> None:
    windows = b'{"type": ["VerifiableCredential"],\r\n "proof": {}}'

    assert unbake(bake(SVG, windows)).data == windows.replace(b"\r\n", b"\n")


def test_a_picture_that_has_a_badge_takes_another_only_if_told_to() -> None:
    old = bake(SVG, badge("ob3-di"))

    with pytest.raises(Malformed, match="already") as refused:
        bake(old, badge())
    assert refused.value.reason == "several-credentials"
    assert bake(old, badge(), replace=True) == bake(SVG, badge())


def test_a_badge_of_another_version_in_the_same_prefix_is_told_apart() -> None:
    second = b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}'
    old = bake(SVG, second)

    assert unbake(old).kind is OB2
    assert unbake(bake(old, badge(), replace=True)).data == badge()


def test_white_space_and_divided_cdata_are_one_text() -> None:
    text = badge("ob3-di").decode()
    half = len(text) // 2
    inside = (
        "<openbadges:credential>\n  "
        f"<![CDATA[{text[:half]}]]><!-- beside --><![CDATA[{text[half:]}]]>\n "
        "</openbadges:credential>"
    )

    assert world().verify(svg(inside)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(b"\xef\xbb\xbf" + SVG, id="byte-order-mark"),
        pytest.param(
            SVG.replace(b"<svg", b"<s:svg")
            .replace(b"</svg", b"</s:svg")
            .replace(b"xmlns=", b"xmlns:s="),
            id="prefixed",
        ),
        pytest.param(SVG.replace(b"<!--", DOCTYPE + b"<!--"), id="published-doctype"),
    ],
)
def test_pictures_as_drawing_programs_write_them_are_read(picture: bytes) -> None:
    assert world().verify(bake(picture, badge())).outcome is Outcome.PASSED


def test_a_picture_in_another_encoding_is_read_but_not_written() -> None:
    latin = svg(held(badge()), before=b'<?xml version="1.0" encoding="ISO-8859-2"?>')

    assert world().verify(latin).outcome is Outcome.PASSED
    with pytest.raises(Malformed, match="UTF-8"):
        bake(latin, badge(), replace=True)


ENTITIES = b'<!DOCTYPE svg [<!ENTITY a "%s">]>'
LAUGHS = b"<!DOCTYPE svg [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)

ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "no-element": (lambda: svg(""), "carrier.empty"),
    "xxe": (
        lambda: svg(
            "<openbadges:credential>&a;</openbadges:credential>",
            before=b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        ),
        "carrier.doctype",
    ),
    "doctype-from-elsewhere": (
        lambda: svg(held(badge()), before=b'<!DOCTYPE svg SYSTEM "https://x.test/a">'),
        "carrier.doctype",
    ),
    "doctype-that-calls-itself-w3c": (
        lambda: svg(
            held(badge()),
            before=DOCTYPE.removesuffix(b">") + b"[<!ENTITY a 'b'>]>",
        ),
        "carrier.doctype",
    ),
    "entity-of-an-unread-doctype": (
        lambda: svg(held(badge()) + "<text>&unread;</text>", before=DOCTYPE),
        "carrier.doctype",
    ),
    "billion-laughs": (
        lambda: svg(
            "<openbadges:credential>&a9;</openbadges:credential>", before=LAUGHS
        ),
        "carrier.doctype",
    ),
    "script": (
        lambda: svg(held(badge()) + "<script>fetch('https://x.test')</script>"),
        "carrier.script",
    ),
    "script-of-html": (
        lambda: svg(
            held(badge())
            + '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'
        ),
        "carrier.script",
    ),
    "script-in-an-attribute": (
        lambda: svg(held(badge()) + '<g onload="alert(1)"/>'),
        "carrier.script",
    ),
    "two-elements": (
        lambda: svg(held(badge()) + held(badge("ob3-di"))),
        "several-credentials",
    ),
    "one-far-below": (
        lambda: svg(held(badge()) + f"<g><g>{held(badge('ob3-di'))}</g></g>"),
        "several-credentials",
    ),
    "attribute-and-text": (
        lambda: svg(
            f'<openbadges:credential verify="{badge().decode()}">'
            f"<![CDATA[{badge('ob3-di').decode()}]]></openbadges:credential>"
        ),
        "several-credentials",
    ),
    "elements-in-the-credential": (
        lambda: svg(
            "<openbadges:credential><g/>"
            f"<![CDATA[{badge('ob3-di').decode()}]]></openbadges:credential>"
        ),
        "carrier.broken",
    ),
    "cut-short": (lambda: bake(SVG, badge())[:-8], "carrier.broken"),
    "deep": (lambda: svg("<g>" * MAX_DEPTH + "</g>" * MAX_DEPTH), "limits.size"),
    "many": (lambda: svg("<g/>" * MAX_ELEMENTS), "limits.size"),
    "no-picture-outside": (
        lambda: b"<a>" + svg(held(badge())) + b"</a>",
        "carrier.broken",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_68_an_svg_made_to_deceive_is_refused_beside_its_twin(name: str) -> None:
    make, reason = ATTACKS[name]
    twin = world().verify(svg(held(badge())))

    report = world().verify(make())

    assert twin.outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    check = report.check("format.wellformed")
    assert (check.status, check.reason) == (Status.FAIL, reason)
    assert (report.content, report.carrier) == (None, "svg")


@pytest.mark.parametrize(
    "trick",
    [
        pytest.param("<![CDATA[{badge}]]><![CDATA[{badge}]]>", id="two-in-a-row"),
        pytest.param("{{}}<![CDATA[{badge}]]>", id="text-in-front"),
        pytest.param("<![CDATA[{badge}]]]]&gt;<![CDATA[x]]>", id="false-end"),
    ],
)
def test_68_cdata_that_two_readers_would_read_differently_fails(trick: str) -> None:
    badge_text = badge("ob3-di").decode()
    inside = trick.format(badge=badge_text)
    twin = world().verify(svg(held(badge("ob3-di"))))

    report = world().verify(
        svg(f"<openbadges:credential>{inside}</openbadges:credential>")
    )

    assert twin.outcome is Outcome.PASSED
    assert report.outcome is Outcome.FAILED
    assert report.content is None


def test_68_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "skrivnost.txt"
    secret.write_bytes(badge())
    before = f"<!DOCTYPE svg [<!ENTITY a SYSTEM '{secret.as_uri()}'>]>".encode()

    report = world().verify(
        svg("<openbadges:credential>&a;</openbadges:credential>", before=before)
    )

    assert report.check("format.wellformed").reason == "carrier.doctype"


def test_a_picture_of_1edtech_comes_out_and_goes_in_again() -> None:
    picture = shared_file("samples/ob30/simple-jwt.svg").read_bytes()

    carried = unbake(picture)

    assert carried.kind is OB3
    assert unbake(bake(picture, carried.data, replace=True)) == carried


def test_an_svg_is_told_from_other_xml() -> None:
    assert carrier_of(SVG) == "svg"
    assert carrier_of(b"<elmo/>") is None
    assert carrier_of(b'{"a": "<svg>"}') is None


OB2_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">'
    "{inside}<circle/></svg>"
)


@pytest.mark.parametrize(
    ("inside", "data"),
    [
        pytest.param(
            '<openbadges:assertion verify="https://e.org/1">'
            '<![CDATA[{"id": "https://e.org/1"}]]></openbadges:assertion>',
            b'{"id": "https://e.org/1"}',
            id="hosted-whole",
        ),
        pytest.param(
            '<openbadges:assertion verify="https://e.org/1"/>',
            b"https://e.org/1",
            id="hosted-address",
        ),
        pytest.param('<openbadges:assertion verify="a.b.c"/>', b"a.b.c", id="signed"),
    ],
)
def test_badges_of_version_2_come_out_of_their_own_element(
    inside: str, data: bytes
) -> None:
    carried = unbake(OB2_SVG.replace("{inside}", inside).encode())

    assert (carried.kind, carried.data) == (OB2, data)


def test_a_signed_badge_of_version_2_beside_another_text_is_two() -> None:
    inside = (
        '<openbadges:assertion verify="a.b.c"><![CDATA[{}]]></openbadges:assertion>'
    )

    with pytest.raises(Malformed) as refused:
        unbake(OB2_SVG.replace("{inside}", inside).encode())

    assert refused.value.reason == "several-credentials"


def test_a_badge_in_an_svg_can_not_be_changed() -> None:
    picture = bake(SVG, badge())
    start = picture.index(b'verify="') + len(b'verify="')

    assert world().verify(picture).outcome is Outcome.PASSED
    for place in range(start, start + len(badge()), 97):
        letter = b"A" if picture[place : place + 1] != b"A" else b"B"
        bent = picture[:place] + letter + picture[place + 1 :]
        assert world().verify(bent).outcome is not Outcome.PASSED, place


def test_a_tag_with_endless_prefixes_is_refused() -> None:
    prefixes = " ".join(f'xmlns:p{n}="urn:p"' for n in range(MAX_ELEMENTS + 1))

    with pytest.raises(Malformed) as refused:
        unbake(f'<svg xmlns="http://www.w3.org/2000/svg" {prefixes}/>'.encode())

    assert refused.value.reason == "limits.size"
