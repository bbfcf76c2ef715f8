"""Requests that are the same: seen before they are sent, and joined by our people with a way back (RULES M-021).

Read `rules.py` first.
"""
