"""Pages: declared, measured before the full migration, and moved by it (RULES C-069). Read `rules.py` first."""
