"""Carrying an order out: verification, pauses, and the dates that follow from them.

May touch the database, access, orders and notifications. Read `rules.py` first, then `views.py`.
"""
