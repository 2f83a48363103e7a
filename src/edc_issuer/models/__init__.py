"""What a credential says: one model a kind, each from a record and to a verdict.

`MODELS` is the whole list; a further model is a further row. `recognise` tells
which of them a received credential follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edc_issuer.models.base import Model

    MODELS: tuple[Model, ...]

__all__ = ["MODELS", "recognise"]


def recognise(credential: Mapping[str, Any]) -> Model | None:
    """The model that a credential follows; None for one that we do not know."""
    return next((m for m in _models() if m.recognises(credential)), None)


def _models() -> tuple[Model, ...]:
    from edc_issuer.models.elm import ELM
    from edc_issuer.models.ob3 import OB3

    return ELM, OB3


def __getattr__(name: str) -> Any:
    # Each model brings its tables; whoever asks for one only should not load all.
    if name == "MODELS":
        return _models()
    raise AttributeError(name)
