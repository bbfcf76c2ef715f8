"""A month of sales played through the product's own doors against the payment sandbox, with what can go wrong planted.

Read playing.py first; kinds.py lists what is planted, closing.py finds it, mends it and locks the month.
"""
