"""Where records come from: spreadsheets, text files, databases, other formats."""

from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.entries import read_entries
from edc_issuer.sources.sheet import UnreadableRows

__all__ = ["Entry", "RowProblem", "UnreadableRows", "read_entries"]
