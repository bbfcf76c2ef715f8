"""What finance takes elsewhere, as files: the same filter gives the same bytes. Read `columns.py` first."""
