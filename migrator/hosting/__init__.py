"""Hosting: instances with their plans, restores, the free migration, and maintenance windows (RULES M-001 to M-046).

May touch orders, accounts and the history; tickets are opened by journeys. Read `restore_rules.py` first.
"""
