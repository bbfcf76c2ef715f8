"""How rows are kept: the base of all tables, exact types, and the two ways in, `reading` and `transaction` (session.py).

Knows no room and no business word; schema changes live in `revisions/`.
"""
