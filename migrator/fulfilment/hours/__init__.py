"""Support hours: entries in tenths of an hour, and the timer of each person (RULES C-068). Read `rules.py` first."""
