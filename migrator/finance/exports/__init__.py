"""The lines of a month as files: the same filter gives the same bytes. Read `columns.py` first."""
