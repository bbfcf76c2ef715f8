"""Mail that comes in: kept as it is, read once, and brought to the ticket that it belongs to, or to none.

`reading` and `rules` are pure; `imap` alone speaks to a mailbox. Read `rules.py` first.
"""
