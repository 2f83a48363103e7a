"""Where records come from: spreadsheets, text files, databases, other formats."""

from edc_issuer.sources.base import Entry, RowProblem

__all__ = ["Entry", "RowProblem"]
