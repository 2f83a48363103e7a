"""How long a seal can be confirmed: the baseline levels of ETSI.

What each of them adds is told in `extend`. ETSI TS 119 182-1, clause 6.
"""

from __future__ import annotations

from enum import StrEnum

from edc_issuer.errors import ConfigError


class Level(StrEnum):
    """The ETSI baseline level of a seal (TS 119 182-1, clause 6)."""

    B = "B"
    T = "T"
    LT = "LT"
    LTA = "LTA"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


def level_named(level: Level | str) -> Level:
    """The level of this name; `ConfigError` for any other."""
    try:
        return Level(level)
    except ValueError as error:
        known = ", ".join(Level)
        raise ConfigError(f"there is no level {level!r}; choose {known}") from error
