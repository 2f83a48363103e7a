"""A credential in an SVG picture: one element of its own, first in the picture.

The picture is read as XML without what makes XML dangerous: no entities, nothing from
elsewhere, no program inside. Nothing is drawn. To put a credential in, text is inserted
and every other byte stays. Open Badges 3.0 section 5.3.2; Open Badges 2.0 "Baking".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from edc_issuer.carriers.base import (
    KINDS,
    OB2,
    WHITE,
    Carried,
    Kind,
    refuse_large,
    refuse_several,
)
from edc_issuer.errors import Malformed

MAX_DEPTH = 256  # pictures that people draw nest some twenty groups
MAX_ELEMENTS = 200_000  # a detailed picture has a few thousand
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_SCRIPTS = frozenset({f"{_SVG} script", f"{_XHTML} script"})
_TAGS = {kind.tag: kind for kind in KINDS}
_PUBLIC = re.compile(r"-//W3C//DTD SVG [\w. ]+//EN", re.ASCII)
_TAG = re.compile(rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_UTF8 = frozenset({None, "utf-8", "us-ascii", "ascii"})


def embed(picture: bytes, data: bytes, kind: Kind, *, replace: bool = False) -> bytes:
    """The picture with the credential as its first element; all else stays.

    `Malformed` as for `extract`, for a picture in another encoding than UTF-8, and
    for one that carries a credential already unless it is to be replaced.
    """
    seen = _read(picture)
    if seen.encoding not in _UTF8:
        raise _broken("a credential is put into pictures in UTF-8 only")
    if seen.holders and not replace:
        raise Malformed(
            "the picture carries a credential already", reason="several-credentials"
        )
    kept, place = [], seen.root_end
    for holder in seen.holders:
        kept.append(picture[place : holder.start])
        place = holder.end
    kept.append(picture[place:])
    start = picture[: seen.root_end]
    declared = seen.prefixes.get(kind.prefix)
    if declared is None:
        start = _declaring(start, kind)
    local = declared is not None and declared != kind.namespace
    return b"".join([_opened(start), _element(kind, data, declaring=local), *kept])


def extract(picture: bytes) -> Carried | None:
    """What the picture carries; None where it carries nothing.

    `Malformed` for what is no SVG or not well-formed XML (`carrier.broken`), declares
    entities (`carrier.doctype`), holds a program (`carrier.script`), or carries
    several credentials.
    """
    found = [one for holder in _read(picture).holders for one in holder.carried]
    refuse_several(len(found))
    return found[0] if found else None


@dataclass(slots=True)
class _Holder:
    """An element of a credential, as far as it was read; where it stands in bytes."""

    kind: Kind
    start: int
    verify: str | None
    text: list[str] = field(default_factory=list)
    end: int = 0

    @property
    def carried(self) -> list[Carried]:
        """Nothing, one, or two that contradict each other."""
        body = "".join(self.text).encode("utf-8").strip(WHITE)
        verify = (self.verify or "").strip().encode("utf-8")
        found = [Carried(self.kind, one) for one in (verify, body) if one]
        # A hosted badge of version 2.0 stands there whole, beside its own address.
        if len(found) == 2 and self.kind is OB2 and found[0].address:
            return found[1:]
        return found


class _Reader:
    """What one reading of a picture finds; `finish` leaves it whole."""

    def __init__(self, picture: bytes) -> None:
        self.picture = picture
        self.holders: list[_Holder] = []
        self.prefixes: dict[str, str] = {}
        self.encoding: str | None = None
        self.root_end = 0
        self.depth = self.elements = self.declared = 0
        self.open: _Holder | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._entity
        self.parser.SkippedEntityHandler = self._entity
        self.parser.StartNamespaceDeclHandler = self._prefix
        self.parser.StartElementHandler = self._begins
        self.parser.EndElementHandler = self._ends
        self.parser.buffer_text = True

    def read(self) -> None:
        try:
            self.parser.Parse(self.picture, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _broken("it is not well-formed XML") from error

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding.lower() if encoding else None

    def _document_type(
        self, name: str, system: str | None, public: str | None, internal: int
    ) -> None:
        # Drawing programs name the document type of SVG; it is never fetched. One that
        # declares anything itself declares entities.
        if internal or not _PUBLIC.fullmatch(public or ""):
            raise Malformed(
                "an SVG with a document type of its own", reason="carrier.doctype"
            )

    def _entity(self, *_: object) -> None:
        raise Malformed("an SVG with entities", reason="carrier.doctype")

    def _prefix(self, prefix: str | None, uri: str | None) -> None:
        self.declared += 1
        if self.declared > MAX_ELEMENTS:
            raise Malformed("an SVG too large to be a picture", reason="limits.size")
        if self.elements == 0:
            self.prefixes[prefix or ""] = uri or ""

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise Malformed("an SVG too large to be a picture", reason="limits.size")
        if self.elements == 1:
            self._root(name)
        if self.open is not None:
            raise _broken("the credential in it has elements of its own")
        if name in _SCRIPTS or any(key.lower().startswith("on") for key in attributes):
            raise Malformed("an SVG with a program inside", reason="carrier.script")
        kind = _TAGS.get(name)
        if kind is not None:
            self.open = _Holder(kind, self._here(), attributes.get("verify"))
            # Only here, for other text there may be a million pieces of.
            self.parser.CharacterDataHandler = self._text

    def _root(self, name: str) -> None:
        if name != f"{_SVG} svg":
            raise _broken("its outermost element is no picture")
        self.root_end = self._tag_end(self._here())

    def _ends(self, name: str) -> None:
        self.depth -= 1
        if self.open is not None and _TAGS.get(name) is self.open.kind:
            here = self._here()
            # The end of an element without content is told at its only tag.
            is_tag = self.picture[here : here + 2] == b"</"
            self.open.end = (
                self.picture.index(b">", here) + 1
                if is_tag
                else self._tag_end(self.open.start)
            )
            self.holders.append(self.open)
            self.open = None
            self.parser.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        if self.open is not None:
            self.open.text.append(text)

    def _here(self) -> int:
        return self.parser.CurrentByteIndex

    def _tag_end(self, start: int) -> int:
        """Where a tag ends that begins at `start`; signs in quotes do not end it."""
        tag = _TAG.match(self.picture, start)
        if tag is None:
            raise _broken("a tag without an end")
        return tag.end()


def _read(picture: bytes) -> _Reader:
    refuse_large(picture)
    reader = _Reader(picture)
    reader.read()
    return reader


def _declaring(start: bytes, kind: Kind) -> bytes:
    """The first tag with the prefix of the credential declared in it."""
    closing = b"/>" if start.endswith(b"/>") else b">"
    said = f' xmlns:{kind.prefix}="{kind.namespace}"'.encode()
    return start.removesuffix(closing).rstrip() + said + closing


def _opened(start: bytes) -> bytes:
    if start.endswith(b"/>"):
        raise _broken("it is empty")
    return start


def _element(kind: Kind, data: bytes, *, declaring: bool) -> bytes:
    """The element: a JWS as its attribute `verify`, JSON as its text in CDATA."""
    name = f"{kind.prefix}:{kind.element}".encode()
    own = f' xmlns:{kind.prefix}="{kind.namespace}"'.encode() if declaring else b""
    if not data.startswith(b"{"):
        return b'<%b%b verify="%b"/>' % (name, own, data)
    # The one sequence that ends CDATA is divided between two of them.
    text = data.replace(b"]]>", b"]]]]><![CDATA[>")
    return b"<%b%b><![CDATA[%b]]></%b>" % (name, own, text, name)


def _broken(what: str) -> Malformed:
    return Malformed(f"not a picture that can be read: {what}", reason="carrier.broken")
