"""The access details that customers give us: items, sealed secrets, and who looked at them.

May touch the database, orders and history; only `vault.py` knows the cipher. Read `rules.py` first, then `fields.py`.
"""
