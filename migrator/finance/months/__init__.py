"""Months of the books: checked, locked with their totals, opened again by two. Read `lifecycle.py` first."""
