"""Windows after a full run: review, included changes, insurance, access details. Read `rules.py` first."""
