"""The elements of a transcript as a tree, no more than any honest one has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from edc_issuer.sources.sheet import unreadable
from edc_issuer.sources.xml_events import BadXml, parse

MAX_BYTES = 64 << 20  # a transcript with its attached PDF files
MAX_NODES = 200_000
MAX_TEXT = 20_000  # letters of one text; attachments in base64 are not kept


@dataclass(slots=True)
class Node:
    """One element: its text, and its children by name in their order."""

    name: str
    language: str | None = None
    kind: str | None = None
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        return [one for one in self.children if one.name == name]

    def one(self, name: str) -> Node | None:
        return next((one for one in self.children if one.name == name), None)

    def said(self, *path: str) -> str:
        """The text at the end of a path, in one line; "" where it leads nowhere."""
        node: Node | None = self
        for name in path:
            node = node.one(name) if node else None
        return " ".join(node.text.split()) if node else ""


def read_nodes(path: Path) -> Node:
    """The whole file as nodes; `UnreadableRows` for what no honest transcript is."""
    building = _Building()
    try:
        with path.open("rb") as file:
            parse(file, building.begin, building.end, building.text, limit=MAX_BYTES)
    except BadXml as error:
        raise unreadable(path.name, "elmo-damaged", why=str(error)) from None
    return building.root.children[0]


class _Building:
    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]
        self._count = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise BadXml(f"more than {MAX_NODES} elements")
        language = given.get("http://www.w3.org/XML/1998/namespace lang")
        node = Node(name, language or None, given.get("type"))
        self._open[-1].children.append(node)
        self._open.append(node)

    def text(self, text: str) -> None:
        node = self._open[-1]
        if len(node.text) < MAX_TEXT:
            node.text += text[:MAX_TEXT]

    def end(self, _: str) -> None:
        self._open.pop()
