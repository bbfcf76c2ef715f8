"""Migrator runs a website-migration business: packages sold with promises, and dates that explain themselves.

Read `app.py` first for the wiring; the README holds the map of the house.
"""
