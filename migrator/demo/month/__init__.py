"""A month of sales made at once, with the provider's side of it, and what does not fit planted on purpose.

For rehearsals and tests. Read `making.py` first; `planting.py` lists what can be wrong.
"""
