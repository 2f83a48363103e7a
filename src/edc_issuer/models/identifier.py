"""Identifiers of organisations, read so that two spellings of one compare as equal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase

# ISO 3166-1 alpha-3 to alpha-2 where a school's identifiers may come from; any
# other country stays as it is written and then equals no certificate's country.
ALPHA2 = dict(
    re.findall(
        r"(\w{3}):(\w{2})",
        "ALB:AL AND:AD AUT:AT BEL:BE BGR:BG BIH:BA CHE:CH CYP:CY CZE:CZ DEU:DE "
        "DNK:DK ESP:ES EST:EE FIN:FI FRA:FR GBR:GB GEO:GE GRC:GR HRV:HR HUN:HU "
        "IRL:IE ISL:IS ITA:IT LIE:LI LTU:LT LUX:LU LVA:LV MDA:MD MKD:MK MLT:MT "
        "MNE:ME NLD:NL NOR:NO POL:PL PRT:PT ROU:RO SRB:RS SVK:SK SVN:SI SWE:SE "
        "TUR:TR UKR:UA XKX:XK 1A0:XK ",
    )
)
# Only ASCII: `upper` makes an I of a dotless ı, which then looks like another.
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
# ETSI EN 319 412-1 section 5.1.4: three letters and a country, or a national
# scheme of two letters and a colon.
_SEMANTIC = re.compile(r"([A-Z]{3}|[A-Z]{2}:)([A-Z]{2})-(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StatedIdentifier:
    """An identifier as type, country and number, so that two spellings compare.

    `type`: of EN 319 412-1 (`NTR`, `VAT`, `PSD`, `LEI`, `SI:`), `TIN` for a tax
    number, `did`, `uri`, or "" where the text follows no scheme. `country` is two
    letters, or None for what belongs to none. `source` is the property that it was
    read from; the same number under two properties is one identifier.
    """

    type: str
    country: str | None
    value: str
    source: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> StatedIdentifier:
        """Read `NTRSI-1234567`, `did:key:z6Mk...` or any other identifier."""
        text = text.strip()
        match = _SEMANTIC.fullmatch(text)
        if match:
            return cls(match[1], country_of(match[2]), number_of(match[3]))
        scheme, colon, _ = text.partition(":")
        if scheme == "did":
            return cls("did", None, text)
        return cls("uri" if colon else "", None, text)

    def of(self, source: str) -> StatedIdentifier:
        """The same, with the property that it was read from."""
        return StatedIdentifier(self.type, self.country, self.value, source)

    def __str__(self) -> str:
        prefix = f"{self.type}{self.country or ''}"
        known = self.type not in ("did", "uri", "")
        return f"{prefix}-{self.value}" if known else self.value


def country_of(code: str) -> str:
    """A country code with two letters, where it is one that we know."""
    code = ALPHA2.get(code, code)
    return "GR" if code == "EL" else code  # the VAT prefix of Greece


def number_of(text: str) -> str:
    """A number without spaces, its letters of ASCII in capitals."""
    return "".join(text.split()).translate(_CAPITALS)
