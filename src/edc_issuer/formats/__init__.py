"""How credentials are secured: one row of `FORMATS` for each way, and `open_any`.

Importing this package loads nothing; each name does so when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edc_issuer.formats.base import Format
    from edc_issuer.formats.opening import open_any, recognise

    FORMATS: tuple[Format, ...]

__all__ = ["FORMATS", "open_any", "recognise"]


def __getattr__(name: str) -> Any:
    if name == "FORMATS":
        return _formats()
    if name in ("open_any", "recognise"):
        from edc_issuer.formats import opening

        return getattr(opening, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _formats() -> tuple[Format, ...]:
    from edc_issuer.formats.data_integrity import DATA_INTEGRITY
    from edc_issuer.formats.jades import JADES
    from edc_issuer.formats.jwt import JWT
    from edc_issuer.formats.plain import PLAIN

    return (JADES, JWT, DATA_INTEGRITY, PLAIN)
