"""Where records come from: spreadsheets, text files, databases, other formats."""

from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.entries import from_cursor, read_entries
from edc_issuer.sources.matrix import read_matrix
from edc_issuer.sources.recipients import read_recipients
from edc_issuer.sources.sheet import UnreadableRows
from edc_issuer.sources.spool import spooled_cursor, spooled_stream

__all__ = [
    "Entry",
    "RowProblem",
    "UnreadableRows",
    "from_cursor",
    "read_entries",
    "read_matrix",
    "read_recipients",
    "spooled_cursor",
    "spooled_stream",
]
