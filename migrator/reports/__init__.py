"""What the desks do, counted: demand, answers, kept promises, pauses and checks, for any time of up to 92 days (C-003).

Only reads: aggregates of the tables below, each along an index, a fixed number for a report. Read `queries.py` first.
"""
