"""The stop for abusive language (RULES C-032): proposed with quoted words, confirmed by a second person, reversible.

It blocks new tickets and messages and nothing else. Read `rules.py` first.
"""
