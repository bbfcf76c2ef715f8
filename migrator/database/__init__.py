"""How rows are kept: the base of all tables, exact types, and two ways in: `reading` and `transaction`.

Knows no room and no business word; schema changes live in `revisions/`.
"""
