"""A believable company to look at: its people, its customers and their orders, built by calling journeys.

Opens no transactions itself; nothing else may import it but doors. Read `people.py`, then `story.py`.
"""
