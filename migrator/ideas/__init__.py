"""What customers would like us to do: a public list with votes, without a clock or a guarantee (RULES C-007).

May touch the database, accounts and the history. Read `models.py` first.
"""
