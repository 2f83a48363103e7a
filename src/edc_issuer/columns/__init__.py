"""A flat row ⇄ a record, by one declarative table of columns.

`record_from_row` and `row_from_record` for programs; `template` and `csv_text` for
sheets on the way out. Rows out of files are the work of `sources`.
"""

from edc_issuer.columns.headers import heading_at
from edc_issuer.columns.problems import BadCell
from edc_issuer.columns.record import record_from_row, row_from_record
from edc_issuer.columns.sheets import csv_text, escape_cell, own_columns, template
from edc_issuer.columns.table import Column, columns_of

__all__ = [
    "BadCell",
    "Column",
    "columns_of",
    "csv_text",
    "escape_cell",
    "heading_at",
    "own_columns",
    "record_from_row",
    "row_from_record",
    "template",
]
