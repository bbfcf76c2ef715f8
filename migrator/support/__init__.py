"""Tickets of both desks: what people ask, what we answer, and by when. Read `lifecycle.py`, `rules.py`, `models.py`.

May touch orders, accounts, access and notifications below it; notes and messages are different tables on purpose.
"""
