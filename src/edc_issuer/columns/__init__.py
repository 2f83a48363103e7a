"""A row of a spreadsheet and a record are the same thing, told by one table."""
