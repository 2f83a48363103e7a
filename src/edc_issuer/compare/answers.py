"""The five answers to whether two files say the same of one fact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """What two files say of one fact.

    `UNSAYABLE`: one of them has no place for it, or says it in a form or language
    that cannot be compared.
    """

    SAME = "same"
    DIFFERS = "differs"
    ONLY_A = "only-in-a"
    ONLY_B = "only-in-b"
    UNSAYABLE = "cannot-be-compared"


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact: its id, the answer, and what each file says (None: nothing)."""

    fact: str
    answer: Answer
    a: str | None
    b: str | None
    why: str = ""  # of an answer that is not plain: a word of the messages

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values."""
        return {
            "fact": self.fact,
            "answer": self.answer.value,
            "a": self.a,
            "b": self.b,
            "why": self.why or None,
        }
