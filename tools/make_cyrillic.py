"""Write the Cyrillic Serbian sentences from the Latin ones, letter by letter.

    python tools/make_cyrillic.py

`messages/sr-Latn.json` is written by hand, `messages/sr-Cyrl.json` by this tool; a
test compares. What a reader has to type or to look up stays as it is: placeholders,
commands, options, file names, addresses, codes, Roman numerals and technical names.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

MESSAGES = Path(__file__).parent.parent / "src/edc_issuer/messages"
LATIN, CYRILLIC = MESSAGES / "sr-Latn.json", MESSAGES / "sr-Cyrl.json"

_SINGLE = zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True)
_LETTERS = {**dict(_SINGLE), "lj": "љ", "nj": "њ", "dž": "џ"}
# Two letters that meet where two parts of a word do: not љ, њ or џ.
_APART = re.compile(r"nad(?=ž(?:iv|nj))|in(?=jekci)|kon(?=j(?:ug|unk))", re.IGNORECASE)
# Names that are written in Latin letters in Serbian texts too.
_NAMES = (
    "CSVET|EQAVET|DEQAR|QF-EHEA|ESG|FDM|PDF|PNG|SVG|JSON-LD|JSONL|JSON|XML|XLSX|CSV|"
    "ELMO|EMREX|ELM|ESCO|NUTS|ATU|ISCED-F|ISCED|JAdES|JWT|JWE|DID|IRI|URI|URL|CRL|OCSP|"
    "TLS|Ctrl-C|UTC|UTF|Unicode|ISO|ETF|EDC|EDCI|Europass|Excel|Python|SQLite|PostgreSQL|"
    "HKO|SOK|eIDAS|Open Badges|Open Badge|Data Integrity|Scouts4Green|TEST|EQF|SHA|RSA|"
    "B-B|B-T|B-LT|B-LTA|OK|cp1250|Bloom"
)
_COMMANDS = (
    "add-mandate|add|anchors|bake|batch|check|compare|convert|demo|derive|"
    "did-document|explain|"
    "export-programme|export-upload|extend|init|inspect|issue|key|matrix|new|"
    "reinstate|renew|revoke|rows|suspend|"
    "publish|schema|serve|show|stack|status|summary|supersede|template|trust|twins|"
    "unbake|update|verify"
)
_ENDINGS = (
    "pem|crl|crt|json|jsonl|jsonld|csv|xlsx|p12|jwk|jwt|pdf|png|svg|xml|toml|txt|vc"
)
_STAYS = re.compile(
    r"\{\w+\}"  # placeholders
    r"|(?<=\} )h\b"  # the unit
    r"|`[^`]*`"  # what stands in code quotes
    r"|[a-z][a-z0-9+.-]*:(?=[^\s])[^\s,;)“”]*[^\s.,;:)“”]"  # web addresses, URNs, DIDs
    r"|[\w.+-]+@[\w-]+\.[\w.-]*\w|www\.[\w.-]+\w"  # mail and web addresses
    rf"|edc-issuer(?:\ (?:{_COMMANDS})\b)*"
    r"|(?<![\w-])--?[a-z][a-z-]*"  # options
    rf"|\b[\w-]+\.(?:{_ENDINGS})\b"  # file names
    r"|\bPT[…\d][…\dHMS]*"  # durations
    r"|\b(?=\w*[0-9])(?=\w*[A-Za-z])(?![0-9]D\b)\w+(?:[-_/][A-Za-z0-9-]+)*"  # X509
    r"|\b[A-Z]+(?=[-/.][A-Z]*[0-9])[-/.][A-Z0-9-]+"  # NTRSI-1234567, UTF-8, X.509
    rf"|\b(?:{_NAMES})\b"
    r"|\b(?=\w*[qwxyQWXY])\w+"  # letters that Serbian lacks
    r"|(?<=Prilog )[IVX]+\b|(?<=Priloga )[IVX]+\b|(?<=Prilogu )[IVX]+\b"
    r"|\b[IVX]{2,}\b"  # Roman numerals; a single I is the word "and"
)


def cyrillic(text: str) -> str:
    """Serbian in Cyrillic letters; what stays in Latin ones is listed above."""
    pieces, end = [], 0
    for kept in _STAYS.finditer(text):
        pieces += [_letters(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join((*pieces, _letters(text[end:])))


def _letters(text: str) -> str:
    # A zero-width mark keeps apart what only happens to meet.
    apart = _APART.sub(lambda found: f"{found[0]}\u200b", text)
    pairs = r"(?i:lj|nj|dž)|[A-Za-zČčĆćĐđŠšŽž]"
    return re.sub(pairs, lambda found: _letter(found[0]), apart).replace("\u200b", "")


def _letter(latin: str) -> str:
    letter = _LETTERS[latin.lower()]
    return letter.upper() if latin[0].isupper() else letter


def written() -> str:
    """The whole Cyrillic file."""
    sentences = json.loads(LATIN.read_text("utf-8"))
    turned = {key: cyrillic(text) for key, text in sentences.items()}
    return json.dumps(turned, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    CYRILLIC.write_text(written(), "utf-8")
