"""`docs/interop.md`, made from `judgements.json` by `python tests/interop/page.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "interop.md"
INTRODUCTION = """\
# Who else agrees

Made by `tests/interop/page.py` from what `tests/interop/judgements.json`,
`tests/interop/late_judgements.json`, `tests/interop/list_judgements.json` and
`tests/jades_vectors.json` hold; do not edit.

A verifier that only reads what its own issuer writes proves nothing. So our
credentials are put before programs of other people, and theirs before ours, with the
whole records of `fixtures/records`, with texts that programs like to write
differently, with numbers that are not whole, and with forgeries that everybody has to
refuse. `make interop` asks them again and fails if one of them changes its mind.

## How to run it

`make interop` needs Node 20 with npm, Java 17 with Maven, openssl, and the package
registries; a tool that is missing is a failure, but without Java or Maven DSS is left
out, saying so (never in CI, where `EDC_REQUIRE_STANDARDS=1`). Once everything is
fetched, no judge looks anything up: contexts come from the judges' own packages, keys
are their own DID (`did:key`), what else lies at an address (status lists, did:web, the
pages of older badges) is handed over from memory, revocation lists as files, and test
authorities answer on loopback. Plain `pytest` and
`make test` leave these tests alone. `EDC_RECORD_JUDGEMENTS=1 make interop` writes down
anew what the judges say, for a new version of one of them.

## Who was asked about what

- **`@digitalbazaar/vc` with the suites' own packages:** every record with
  eddsa-rdfc-2022; badges of each suite with each kind of key, and of
  Ed25519Signature2020; copies that show a part, derived on either side of the other's
  badge, the very same copy from the same choice; presentations, each beside the wrong
  challenge, reader, badge and holder. **`@digitalbazaar/vc-bitstring-status-list`:**
  every bit of a list, and signed lists.
- **`@digitalcredentials/verifier-core`:** every record; badges that were revoked or
  suspended, whose list has ended, is missing or was changed; a badge that has ended;
  did:web with and without its document; presentations; Ed25519Signature2020 of its
  packages.
- **`openvc-core`:** every record; badges of each suite with each kind of key; its
  VC-JWTs, also in an envelope; presentations, embedded and as JWT; lists as above.
- **`openbadgeslib`:** every record, embedded and as JWT; badges in PNG and SVG
  pictures, both ways; copies that show a part; endorsements; its learner records
  around badges of ours; lists as above; Open Badges 2.0, signed and hosted.
- **`joserfc` and `jwcrypto`:** our seals; VC-JWTs; credentials and presentations of
  VC-JOSE-COSE with EdDSA, ES256, ES384, PS256 and RS256, both ways.
- **DSS, the library of the Commission:** seals of each level, trusted lists, what is
  qualified, timestamps.

Each of them refuses what was forged, and so do we.

## Where we differ, and why

- **Control characters and pyld.** `openbadgeslib` and `openvc-core` canonicalize with
  pyld, which writes U+0001, U+007F, backspace and form feed as they are where RDFC-1.0
  (section 5) demands an escape. A badge with one of these in a text has another hash
  there, so each side refuses the other's signature. Digital Bazaar's packages verify
  ours and refuse theirs. In a VC-JWT the same texts pass in `openbadgeslib` and in
  both JOSE libraries: nothing is canonicalized there. Badges that `verifier-core`'s
  packages sign with Ed25519Signature2020 have the same fault: that suite still works
  with rdf-canonize 3.4 there.
- **P-384 and pyld.** RDFC-1.0 takes its hash as a parameter (section 4.8), and
  VC-DI-ECDSA asks for the one of the curve's strength (3.2.4). With a key on P-384 we
  canonicalize with SHA-384, as Digital Bazaar's packages do, and agree with them about
  all badges. pyld knows SHA-256 alone, so `openvc-core` and we agree only about
  documents in which every thing has a name.
- **The context of a JCS proof.** eddsa-jcs-2022 and ecdsa-jcs-2019 write the
  document's context into the proof (VC-DI-EDDSA, 3.3.1; VC-DI-ECDSA, 3.3.1).
  `openvc-core` hashes it and leaves it out. Its badges fail here and in Digital
  Bazaar's packages; with that context written down they pass in both. It verifies
  ours.
- **Badges shown in part.** `openvc-core` verifies the copies that we derive of our
  badges and of its own. It derives none itself: it looks for nameless things under
  numbers that pyld has changed. pyld also ends a line where N-Quads does not, at U+0085
  and U+2028 for example, so that it cannot read copies with these in a text.
- **A text like a label.** In a copy with `_:b0` in a text, Digital Bazaar's package
  replaces it as if it were the label of a nameless thing, and refuses our copy. A text
  is none (RDF 1.1 N-Quads, section 3.2).
- **A copy without a status.** It may have been withheld: `openbadgeslib` refuses the
  copy, here it is INDETERMINATE.
- **JWTs of `openvc-core`.** It reads credentials and presentations as JWTs only with
  the claims `vc` and `vp` of VCDM 1.1, which Open Badges 3.0 and VC-JOSE-COSE do not
  have: of a VC-JWT of ours it says so after the signature was found good. We read its
  tokens.
- **One proof or a list.** `openvc-core` reads one embedded proof and no list of
  proofs, so it is given ours out of the list that the Open Badges schema demands.
- **Signed lists in `openbadgeslib`.** It verifies the signature of a status list only
  if the list is a JWT. Badges of ours that are JWTs name such a list; the list of a
  badge with an embedded proof it reads only without asking who signed it.
- **`verifier-core` and presentations.** It wants a presentation signed with the
  purpose `assertionMethod`. A holder authenticates, and only such a presentation
  proves here who shows a badge; the badge inside is valid for both.
- **No verdict in `verifier-core`.** It reports facts: of a badge that was revoked or
  has ended, "valid" and the question that was not answered well. Here it is FAILED;
  where a list cannot be relied upon, INDETERMINATE.
- **Keys that are not listed, pages that are gone.** `openbadgeslib` refuses a badge of
  version 2.0 whose page is missing, or whose issuer no longer lists the key; here
  neither proves anything, and it is INDETERMINATE.
- **Old revocation lists.** DSS ignores how old a list is unless its policy says
  otherwise and passes a seal by a list that ended before; here that settles nothing,
  and the seal is INDETERMINATE.
- **`sigT`.** A seal made with the option `profile: edci-1.x`, for old viewers, states
  its time as they want it. DSS accepts it, but no longer calls it a baseline seal.
- **Services for signatures.** DSS 6.4 calls a seal qualified whose authority is listed
  for signatures alone. Here a seal needs a service that is listed for seals
  (ForeSeals), when its certificate was issued and when it sealed.
- **Responders that have ended.** An OCSP answer counts, for DSS as for us, only if it
  is known to be older than the end of its responder's certificate. Such certificates
  often last for weeks or a year: a seal of level LT is then INDETERMINATE without
  asking anew, one of level LTA is not.

## What each judge says

"Ours" is what the judge says of files that we issued; "theirs" is what our verifier
says of files that the judge issued, under test trust in its key. `forged` is the file
of the same name with that one thing changed. `jwt` names the key and the texts. Of a
presentation our word tells its proof, who shows it, and the badge inside; by itself it
is never PASSED.
"""


LATE = """\
## Seals through the years

Seals of every level that we write, in both serializations, and what becomes of them:
made in 2024 by test authorities with a clock of their own, judged at a set time by DSS
and by us. The word is the one of ETSI EN 319 102-1; our checks are often stricter, and
the verdict with them. Where our word is another, the last table says why.
"""
LISTS = """\
## Trusted lists

The European list of lists of September 2023, by its pivots from the Official Journal,
and three national lists are verified and read by DSS and by us, from files. Both find
the same lists, the same services with their whole history, and the same qualifiers
with their criteria: every fact of the lists below is equal, and a digest of them is
kept. Then each list with one thing changed.
"""
QUALIFIED = """\
## Qualified seals

Seals of one school under lists of our own, each with one thing changed in the
certificate or in the list, and the official sample under the real lists. The words are
those of ETSI TS 119 615, as DSS writes them: of the seal; of its certificate when it
was issued; and when it sealed. What our check `seal.qualified` makes of it stands in
the last table where it is another word, or a stricter check. No seal is qualified here
that is not for DSS.
"""
STAMPED = """\
## Qualified timestamps

One timestamp under the same lists, each with one thing changed about its authority.
Ours is what the check `time.signed` says where the list alone vouches for timestamps.
"""
VECTORS = """\
## Vectors of DSS and samples of the Commission

The vectors of DSS's own tests, and the sealed samples of the European Learning Model,
judged without any anchor and with the certificates in the files as anchors.
"""


def page(
    rows: Iterable[Mapping[str, Any]],
    late: Mapping[str, Any],
    lists: Mapping[str, Any],
    vectors: Mapping[str, Any],
) -> str:
    """The whole page."""
    parts = [INTRODUCTION, *(_section(row) for row in rows)]
    for words, judged, cases in (
        (LATE, late["judge"], late["cases"]),
        (VECTORS, vectors["judge"], vectors["vectors"]),
        (f"{LISTS}\n{_lists(lists['lists'])}", lists["judge"], lists["forged"]),
        (QUALIFIED, lists["judge"], lists["qualification"]),
        (STAMPED, lists["judge"], lists["timestamps"]),
    ):
        said = {name: row["dss"] for name, row in cases.items()}
        parts += [words, _section({**_ROW, "judge": judged, "said": said})]
        parts.append(_differences(cases))
    return "\n".join(parts)


_ROW = {"version": "", "direction": "its word"}


def _lists(lists: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        f"| {row['territory']} | {row['sequence']} | {row['version']} "
        f"| {row['issued'][:10]} | {row['services']} | {row['states']} |"
        for row in lists.values()
    ]
    head = "| list | number | version | issued | services | with their history |"
    return "\n".join([head, "|---|---|---|---|---|---|", *lines, ""])


def _differences(cases: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        f"| {_cell(name)} | {_cell(row['dss'])} | {_cell(_ours(row))} "
        f"| {_cell(row['why'])} |"
        for name, row in cases.items()
        if "why" in row
    ]
    head = ["### Where our word is another", "", "| of | DSS | we | why |"]
    return "\n".join([*head, "|---|---|---|---|", *lines, ""])


def _ours(row: Mapping[str, str]) -> str:
    word = row.get("ours", row["dss"])
    return f"{word}; our check: {row['check']}" if "check" in row else word


def _section(row: Mapping[str, Any]) -> str:
    by_verdict: dict[str, list[str]] = {}
    for case, verdict in row["said"].items():
        by_verdict.setdefault(verdict, []).append(case)
    lines = (f"| {_cell(v)} | {_cases(cases)} |" for v, cases in by_verdict.items())
    title = f"### {row['judge']} {row['version']}: {row['direction']}".replace(
        " :", ":"
    )
    return "\n".join([title, "", "| verdict | of |", "|---|---|", *lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _cases(cases: Iterable[str]) -> str:
    """Cases of one kind together: `text: a; b; c`."""
    kinds: dict[str, list[str]] = {}
    for case in cases:
        kind, colon, name = case.partition(": ")
        kinds.setdefault(kind if colon else "", []).append(name or kind)
    return _cell(
        "<br>".join(
            f"**{kind}** {'; '.join(names)}" if kind else "; ".join(names)
            for kind, names in kinds.items()
        )
    )


def current() -> str:
    """The page that belongs to the judgements at hand."""
    files = (
        HERE / "judgements.json",
        HERE / "late_judgements.json",
        HERE / "list_judgements.json",
        HERE.parent / "jades_vectors.json",
    )
    texts = (file.read_text(encoding="utf-8") for file in files)
    rows, late, lists, vectors = map(json.loads, texts)
    return page(rows, late, lists, vectors)


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
