"""Carrying an order out: verification, pauses, and the dates that follow from them. Read `rules.py` first."""
