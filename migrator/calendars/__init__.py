"""The working calendars as rows: closed days filled once a year and frozen, and closures that are announced.

May touch the database and `clock`. Read `filling.py` first for where closed days come from.
"""
